import Testing

@testable import ConsiliumCore

/// Registers: each is written by the party that owns the fact.
@Suite struct RegisterTests {
    typealias Stage = GovernanceStage

    private static let fund = Partner(id: "fund", kind: .investor, days: ValidDays(CivilDay(2026, 1, 1)))

    private static func contract(
        _ shares: [Share] = [Share(Scenery.county.description, 700_000), Share("fund", 300_000)],
        id: String = "C-1",
        document: String? = Stage.digest,
        from: CivilDay = CivilDay(2026, 1, 1)
    ) -> Contract {
        Contract(
            id: id,
            shares: shares,
            days: ValidDays(from, through: CivilDay(2026, 12, 31)),
            document: document
        )
    }

    // MARK: Partners and contracts

    @Test("A partner is recorded once by the network's administrator, and amended by recording it again")
    func partners() throws {
        var stage = Stage()
        #expect(try stage.act(.recordPartner(Self.fund), by: Stage.administrator) == [.partnerRecorded(Self.fund)])
        #expect(try stage.act(.recordPartner(Self.fund), by: Stage.administrator).isEmpty)
        var gone = Self.fund
        gone.days.through = CivilDay(2026, 6, 30)
        try stage.act(.recordPartner(gone), by: Stage.administrator)
        #expect(stage.governance.partners["fund"] == gone)
        #expect(stage.governance.version == 2)
    }

    @Test(
        "A partner is refused from anybody else, under a site's code, without a code, and when it ends before it begins"
    )
    func partnerRefusals() {
        let stage = Stage()
        for actor in [Stage.auditor, Stage.ofCounty, Stage.expert, .hub] {
            stage.refuse(.notPermitted, .recordPartner(Self.fund), by: actor)
        }
        // No wider than the party of a settlement's line.
        for id in ["", "a b", "a.b", "a_b", "基金", String(repeating: "a", count: 33)] {
            var partner = Self.fund
            partner.id = id
            stage.refuse(.invalidValue, at: "id", .recordPartner(partner), by: Stage.administrator)
        }
        var partner = Self.fund
        partner.id = Scenery.county.description
        stage.refuse(.entryExists, at: "id", .recordPartner(partner), by: Stage.administrator)
        partner = Self.fund
        partner.days.through = CivilDay(2025, 12, 31)
        stage.refuse(.invalidValue, at: "days", .recordPartner(partner), by: Stage.administrator)
    }

    @Test("A contract is recorded by the network's administrator or by a party's, and amended by who was party before")
    func contracts() throws {
        var stage = Stage()
        try stage.act(.recordPartner(Self.fund), by: Stage.administrator)
        let draft = Self.contract(document: nil)
        #expect(try stage.act(.recordContract(draft), by: Stage.ofCounty) == [.contractRecorded(draft)])
        #expect(try stage.act(.recordContract(draft), by: Stage.administrator).isEmpty)
        #expect(stage.governance.contracts["C-1"]?.isComplete == false)
        try stage.act(.recordContract(Self.contract(from: CivilDay(2026, 3, 2))), by: Stage.administrator)
        #expect(stage.governance.contracts["C-1"]?.isComplete == true)
        // Nobody writes himself into a contract of others.
        let taken = Self.contract([Share(Scenery.town.description, 900_000), Share("fund", 100_000)])
        stage.refuse(.notPermitted, .recordContract(taken), by: Stage.ofTown)
        stage.refuse(.notPermitted, .recordContract(taken), by: Stage.ofCounty)
    }

    @Test("What a contract was in the past stands: amended it holds from today, and its end may be moved from today on")
    func contractsInThePast() throws {
        var stage = Stage()
        try stage.act(.recordPartner(Self.fund), by: Stage.administrator)
        try stage.act(.recordContract(Self.contract(document: nil)), by: Stage.ofCounty)
        let yesterday = CivilDay(2026, 3, 1)
        for from in [CivilDay(2025, 12, 1), CivilDay(2026, 1, 1), yesterday] {
            let amended = Self.contract(from: from)
            stage.refuse(.invalidValue, at: "days", .recordContract(amended), by: Stage.administrator)
        }
        #expect(stage.proportion("IDR2", "2026-02")?.count == 0)
        try stage.act(.recordContract(Self.contract(id: "C-2")), by: Stage.administrator)
        var ended = Self.contract(id: "C-2")
        ended.days.through = yesterday
        stage.refuse(.invalidValue, at: "days", .recordContract(ended), by: Stage.administrator)
        ended.days.through = CivilDay(2026, 3, 2)
        try stage.act(.recordContract(ended), by: Stage.administrator)
        stage.pass(days: 1)
        ended.days.through = CivilDay(2026, 12, 31)
        stage.refuse(.invalidValue, at: "days", .recordContract(ended), by: Stage.administrator)
    }

    @Test("A complete contract that holds keeps its terms, from today on too; only an end that has not come is moved")
    func contractTerms() throws {
        var stage = Stage()
        try stage.act(.recordPartner(Self.fund), by: Stage.administrator)
        try stage.act(.recordContract(Self.contract()), by: Stage.administrator)
        let past = stage.proportion("IDR2", "2026-02")
        #expect(past == Proportion(2, of: 7))
        let half = [Share(Scenery.county.description, 500_000), Share("fund", 500_000)]
        for from in [CivilDay(2026, 3, 2), CivilDay(2026, 6, 1)] {
            var undone = Self.contract(from: from)
            undone.document = nil
            for other in [Self.contract(from: from), Self.contract(half, from: from), undone] {
                stage.refuse(.invalidValue, at: "days", .recordContract(other), by: Stage.administrator)
            }
        }
        stage.refuse(.invalidValue, at: "days", .recordContract(Self.contract(half)), by: Stage.administrator)
        #expect(stage.proportion("IDR2", "2026-02") == past)
        var ended = Self.contract()
        ended.days.through = CivilDay(2026, 3, 31)
        try stage.act(.recordContract(ended), by: Stage.administrator)
        #expect(stage.governance.contracts["C-1"] == ended)
        #expect(stage.proportion("IDR2", "2026-02") == past)
        #expect(stage.proportion("IDR2", "2026-04") == Proportion(0, of: 7))
        // One that does not hold yet may still be changed.
        try stage.act(.recordContract(Self.contract(id: "C-2", from: CivilDay(2026, 6, 1))), by: Stage.administrator)
        let sooner = Self.contract(half, id: "C-2", from: CivilDay(2026, 5, 1))
        try stage.act(.recordContract(sooner), by: Stage.administrator)
        #expect(stage.governance.contracts["C-2"] == sooner)
    }

    @Test("Who is a partner already stays one: neither the first day nor the kind is moved, before it both may be")
    func partnersInThePast() throws {
        var stage = Stage()
        try stage.act(.recordPartner(Self.fund), by: Stage.administrator)
        for from in [CivilDay(2026, 4, 1), CivilDay(2026, 3, 2), CivilDay(2025, 12, 1)] {
            var moved = Self.fund
            moved.days.from = from
            stage.refuse(.invalidValue, at: "days", .recordPartner(moved), by: Stage.administrator)
        }
        var other = Self.fund
        other.kind = .operator
        stage.refuse(.invalidValue, at: "days", .recordPartner(other), by: Stage.administrator)
        var gone = Self.fund
        gone.days.through = CivilDay(2026, 3, 1)
        stage.refuse(.invalidValue, at: "days", .recordPartner(gone), by: Stage.administrator)
        #expect(stage.governance.partners["fund"] == Self.fund)
        var coming = Partner(id: "coming", kind: .investor, days: ValidDays(CivilDay(2026, 5, 1)))
        try stage.act(.recordPartner(coming), by: Stage.administrator)
        coming.kind = .operator
        coming.days.from = CivilDay(2026, 4, 1)
        try stage.act(.recordPartner(coming), by: Stage.administrator)
        #expect(stage.governance.partners["coming"] == coming)
    }

    @Test("A contract whose shares do not add up is refused with their sum, one short and one over")
    func contractSum() throws {
        var stage = Stage()
        try stage.act(.recordPartner(Self.fund), by: Stage.administrator)
        for (first, sum) in [(699_999, 999_999), (700_001, 1_000_001), (0, 300_000)] {
            let contract = Self.contract([Share(Scenery.county.description, first), Share("fund", 300_000)])
            do {
                _ = try stage.decide(.recordContract(contract), by: Stage.administrator)
                Issue.record("taken")
            } catch {
                #expect(error == Refusal(.sharesDoNotAddUp, at: "shares"))
                #expect(error.detail == "\(sum) of 1000000")
                #expect(error.sentence(.en).contains("\(sum) of 1000000"))
                #expect(error.sentence(.zh).contains("份额"))
            }
        }
    }

    @Test("A contract is refused with an unknown party, with one alone, with one twice, and with a digest that is none")
    func contractRefusals() throws {
        var stage = Stage()
        try stage.act(.recordPartner(Self.fund), by: Stage.administrator)
        let county = Scenery.county.description
        func refuse(_ code: Refusal.Code, _ place: String, _ contract: Contract) {
            stage.refuse(code, at: place, .recordContract(contract), by: Stage.administrator)
        }
        refuse(.entryUnknown, "shares[1].party", Self.contract([Share(county, 500_000), Share("bank", 500_000)]))
        refuse(.invalidValue, "shares", Self.contract([Share(county, 1_000_000)]))
        refuse(.invalidValue, "shares", Self.contract([Share(county, 500_000), Share(county, 500_000)]))
        refuse(.invalidValue, "shares", Self.contract([Share(county, 1_000_001), Share("fund", -1)]))
        refuse(.invalidValue, "id", Self.contract(id: "C 1"))
        for document in ["", "xyz", String(repeating: "A", count: 64), Stage.digest + "00"] {
            refuse(.invalidValue, "document", Self.contract(document: document))
        }
        var late = Self.contract()
        late.days = ValidDays(CivilDay(2026, 2, 2), through: CivilDay(2026, 2, 1))
        refuse(.invalidValue, "days", late)
        for actor in [Stage.auditor, Stage.ofTown, Stage.expert, .hub] {
            stage.refuse(.notPermitted, .recordContract(Self.contract()), by: actor)
        }
    }

    // MARK: Tariffs

    private static func tariff(
        _ fee: Int = 20_000,
        from: CivilDay = CivilDay(2026, 1, 1),
        department: DepartmentCode? = nil,
        shares: [Share] = [Share(Scenery.county.description, 1_000_000)]
    ) -> Tariff {
        Tariff(
            site: Scenery.county,
            service: .consultation,
            department: department,
            fee: fee,
            shares: shares,
            from: from
        )
    }

    @Test("A site sets its tariff; the later one holds from its day, and a department's comes before the general one")
    func tariffs() throws {
        var stage = Stage()
        try stage.act(.recordTariff(Self.tariff()), by: Stage.ofCounty)
        #expect(try stage.act(.recordTariff(Self.tariff()), by: Stage.ofCounty).isEmpty)
        let later = Self.tariff(30_000, from: CivilDay(2026, 4, 1))
        try stage.act(.recordTariff(later), by: Stage.ofCounty)
        let heart = Self.tariff(50_000, department: Scenery.cardiology)
        try stage.act(.recordTariff(heart), by: Stage.ofCounty)
        func fee(_ day: CivilDay, _ department: DepartmentCode?) -> Int? {
            stage.governance.tariff(Scenery.county, .consultation, department, setBy: .site, on: day)?.fee
        }
        #expect(fee(CivilDay(2025, 12, 31), nil) == nil)
        #expect(fee(CivilDay(2026, 3, 31), Scenery.medicine) == 20_000)
        #expect(fee(CivilDay(2026, 4, 1), nil) == 30_000)
        #expect(fee(CivilDay(2026, 4, 1), Scenery.cardiology) == 50_000)
    }

    @Test("The network sets a tariff for a site under its own name, and neither touches the other's")
    func networkTariffs() throws {
        var stage = Stage()
        var tariff = Self.tariff(18_000)
        tariff.setBy = .admin
        for actor in [Stage.ofCounty, Stage.ofTown, Stage.auditor, .hub] {
            stage.refuse(.notPermitted, .recordTariff(tariff), by: actor)
        }
        try stage.act(.recordTariff(tariff), by: Stage.administrator)
        try stage.act(.recordTariff(Self.tariff(20_000)), by: Stage.ofCounty)
        func fee(_ setter: Pricing.TariffSetter) -> Int? {
            stage.governance.tariff(Scenery.county, .consultation, nil, setBy: setter, on: CivilDay(2026, 3, 2))?.fee
        }
        #expect(fee(.admin) == 18_000 && fee(.site) == 20_000 && fee(.nobody) == nil)
        tariff.setBy = .nobody
        stage.refuse(.invalidValue, at: "setBy", .recordTariff(tariff), by: Stage.administrator)
    }

    @Test("A tariff is refused from anybody but the site, the network's administrator too, and for a day that stands")
    func tariffRefusals() throws {
        var stage = Stage()
        for actor in [Stage.administrator, Stage.ofTown, Stage.auditor, Stage.expert, .hub] {
            stage.refuse(.notPermitted, .recordTariff(Self.tariff()), by: actor)
        }
        stage.refuse(.invalidValue, at: "fee", .recordTariff(Self.tariff(-1)), by: Stage.ofCounty)
        stage.refuse(
            .sharesDoNotAddUp,
            at: "shares",
            .recordTariff(Self.tariff(shares: [Share(Scenery.county.description, 999_999)])),
            by: Stage.ofCounty
        )
        stage.refuse(.sharesDoNotAddUp, at: "shares", .recordTariff(Self.tariff(shares: [])), by: Stage.ofCounty)
        stage.refuse(
            .entryUnknown,
            at: "shares[0].party",
            .recordTariff(Self.tariff(shares: [Share("bank", 1_000_000)])),
            by: Stage.ofCounty
        )
        try stage.act(.recordTariff(Self.tariff()), by: Stage.ofCounty)
        stage.refuse(.entryExists, at: "from", .recordTariff(Self.tariff(1)), by: Stage.ofCounty)
        var foreign = Self.tariff()
        foreign.site = SiteID("999")!
        stage.refuse(.siteUnknown, at: "site", .recordTariff(foreign), by: Stage.ofCounty)
    }

    @Test("A tariff that has not come makes room for an earlier one; one that holds does not")
    func earlierTariff() throws {
        var stage = Stage()
        func fee(_ day: CivilDay) -> Int? {
            stage.governance.tariff(Scenery.county, .consultation, nil, setBy: .site, on: day)?.fee
        }
        try stage.act(.recordTariff(Self.tariff(10_000)), by: Stage.ofCounty)
        try stage.act(.recordTariff(Self.tariff(30_000, from: CivilDay(2062, 4, 1))), by: Stage.ofCounty)
        #expect(fee(CivilDay(2062, 4, 1)) == 30_000)
        let april = CivilDay(2026, 4, 1)
        try stage.act(.recordTariff(Self.tariff(20_000, from: april)), by: Stage.ofCounty)
        #expect(fee(CivilDay(2026, 3, 31)) == 10_000)
        #expect(fee(april) == 20_000 && fee(CivilDay(2062, 4, 1)) == 20_000)
        stage.now = Scenery.time("2026-04-01T00:00:00+08:00")
        for from in [april, CivilDay(2026, 3, 15)] {
            stage.refuse(.entryExists, at: "from", .recordTariff(Self.tariff(1, from: from)), by: Stage.ofCounty)
        }
        try stage.act(.recordTariff(Self.tariff(25_000, from: CivilDay(2026, 4, 2))), by: Stage.ofCounty)
        #expect(fee(april) == 20_000 && fee(CivilDay(2026, 4, 2)) == 25_000)
    }

    // MARK: Rule packs

    private static func pack(_ version: String, _ days: ValidDays, source: String = "国卫医发〔2018〕50号") -> RulePack {
        RulePack(
            id: "consent",
            version: version,
            source: source,
            article: "8",
            check: .consentBeforeDisclosure,
            days: days
        )
    }

    @Test("Versions of a rule pack follow each other, and the one in force on a day is found")
    func rulePacks() throws {
        var stage = Stage()
        let second = Self.pack("2", ValidDays(CivilDay(2026, 1, 1)))
        let first = Self.pack("1", ValidDays(CivilDay(2018, 7, 17), through: CivilDay(2025, 12, 31)))
        try stage.act(.recordRulePack(second), by: Stage.administrator)
        try stage.act(.recordRulePack(first), by: Stage.administrator)
        #expect(try stage.act(.recordRulePack(first), by: Stage.administrator).isEmpty)
        func versions(_ check: RulePack.Check, _ day: CivilDay) -> [String] {
            stage.governance.rulePacks(driving: [check], at: day.start(offsetMinutes: 480)).map(\.description)
        }
        #expect(versions(.consentBeforeDisclosure, CivilDay(2025, 12, 31)) == ["consent/1"])
        #expect(versions(.consentBeforeDisclosure, CivilDay(2026, 1, 1)) == ["consent/2"])
        #expect(versions(.consentBeforeDisclosure, CivilDay(2018, 7, 16)).isEmpty)
        #expect(versions(.retention, CivilDay(2026, 1, 1)).isEmpty)
    }

    @Test("A version whose dates overlap another's by a single day is refused, and named")
    func rulePackOverlaps() throws {
        var stage = Stage()
        let first = Self.pack("1", ValidDays(CivilDay(2020, 1, 1), through: CivilDay(2020, 12, 31)))
        try stage.act(.recordRulePack(first), by: Stage.administrator)
        let overlapping = [
            ValidDays(CivilDay(2020, 12, 31)), ValidDays(CivilDay(2019, 1, 1)),
            ValidDays(CivilDay(2019, 1, 1), through: CivilDay(2020, 1, 1)),
            ValidDays(CivilDay(2020, 5, 1), through: CivilDay(2020, 5, 1)),
        ]
        for days in overlapping {
            do {
                _ = try stage.decide(.recordRulePack(Self.pack("2", days)), by: Stage.administrator)
                Issue.record("taken")
            } catch {
                #expect(error == Refusal(.rulePackOverlaps, at: "consent"))
                #expect(error.detail == "version 1: 2020-01-01/2020-12-31")
            }
        }
        try stage.act(
            .recordRulePack(Self.pack("0", ValidDays(CivilDay(2019, 1, 1), through: CivilDay(2019, 12, 31)))),
            by: Stage.administrator
        )
        try stage.act(.recordRulePack(Self.pack("2", ValidDays(CivilDay(2021, 1, 1)))), by: Stage.administrator)
        stage.refuse(
            .rulePackOverlaps,
            at: "consent",
            .recordRulePack(Self.pack("3", ValidDays(CivilDay(2050, 1, 1)))),
            by: Stage.administrator
        )
    }

    @Test("A version without an end is given one that has not come, and another follows; one that has passed stands")
    func rulePackEnds() throws {
        var stage = Stage()
        let from = CivilDay(2020, 1, 1)
        try stage.act(.recordRulePack(Self.pack("1", ValidDays(from))), by: Stage.administrator)
        let yesterday = CivilDay(2026, 3, 1)
        let late = Self.pack("1", ValidDays(from, through: yesterday))
        stage.refuse(.entryExists, at: "version", .recordRulePack(late), by: Stage.administrator)
        let ended = Self.pack("1", ValidDays(from, through: CivilDay(2026, 3, 2)))
        let other = Self.pack("1", ended.days, source: "another text")
        stage.refuse(.entryExists, at: "version", .recordRulePack(other), by: Stage.administrator)
        try stage.act(.recordRulePack(ended), by: Stage.administrator)
        let second = Self.pack("2", ValidDays(CivilDay(2026, 3, 3)))
        try stage.act(.recordRulePack(second), by: Stage.administrator)
        #expect(stage.governance.rulePacks["consent"] == [ended, second])
        let overlapping = Self.pack("1", ValidDays(from, through: CivilDay(2026, 3, 3)))
        stage.refuse(.rulePackOverlaps, at: "consent", .recordRulePack(overlapping), by: Stage.administrator)
        stage.pass(days: 1)
        let longer = Self.pack("1", ValidDays(from, through: CivilDay(2026, 12, 31)))
        stage.refuse(.entryExists, at: "version", .recordRulePack(longer), by: Stage.administrator)
        #expect(stage.governance.rulePacks["consent"] == [ended, second])
    }

    @Test("A rule pack is refused without its source, with a version that stands, and from anybody else")
    func rulePackRefusals() throws {
        var stage = Stage()
        let days = ValidDays(CivilDay(2020, 1, 1), through: CivilDay(2020, 12, 31))
        for actor in [Stage.auditor, Stage.ofCounty, Stage.expert, .hub] {
            stage.refuse(.notPermitted, .recordRulePack(Self.pack("1", days)), by: actor)
        }
        for source in ["", "  ", "a\nb", String(repeating: "长", count: 121)] {
            let pack = Self.pack("1", days, source: source)
            stage.refuse(.invalidValue, at: "source", .recordRulePack(pack), by: Stage.administrator)
        }
        try stage.act(.recordRulePack(Self.pack("1", days)), by: Stage.administrator)
        stage.refuse(
            .entryExists,
            at: "version",
            .recordRulePack(Self.pack("1", ValidDays(CivilDay(2022, 1, 1)))),
            by: Stage.administrator
        )
        stage.refuse(
            .invalidValue,
            at: "days",
            .recordRulePack(Self.pack("4", ValidDays(CivilDay(2022, 1, 1), through: CivilDay(2021, 1, 1)))),
            by: Stage.administrator
        )
    }
}
