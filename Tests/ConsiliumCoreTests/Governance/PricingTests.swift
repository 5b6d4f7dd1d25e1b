import Testing

@testable import ConsiliumCore

/// What the registers say of a price, and which rules stand on an event.
@Suite struct PricingTests {
    private typealias Registers = GovernanceStage

    private static func tariff(
        _ fee: Int,
        _ setBy: Pricing.TariffSetter = .site,
        site: SiteID = Scenery.county,
        department: DepartmentCode? = nil,
        from: CivilDay = CivilDay(2026, 1, 1)
    ) -> Tariff {
        Tariff(
            site: site,
            service: .consultation,
            department: department,
            fee: fee,
            shares: [Share(site.description, 1_000_000)],
            from: from,
            setBy: setBy
        )
    }

    private static func contract(_ id: String, _ parties: [String], document: String? = Registers.digest) -> Contract {
        var shares = parties.map { Share($0, 1_000_000 / parties.count) }
        shares[0].millionths += 1_000_000 - shares.reduce(0) { $0 + $1.millionths }
        return Contract(id: id, shares: shares, days: ValidDays(CivilDay(2026, 1, 1)), document: document)
    }

    /// A reported case of the county's cardiology, with `registers`.
    private static func stage(_ registers: (inout Registers) throws -> Void = { _ in }) throws -> Stage {
        var stage = try Stage.at(.reported)
        #expect(stage.performer == Scenery.county)
        var kept = Registers()
        try registers(&kept)
        stage.governance = kept.governance
        return stage
    }

    private static func price(_ gross: Int, in stage: Stage, to parties: [SiteID] = [Scenery.county]) throws -> Pricing?
    {
        var stage = stage
        let part = gross / parties.count
        var lines = gross == 0 ? [] : parties.map { Pricing.Line($0, part) }
        if gross > 0 { lines[0].amount += gross - part * parties.count }
        let events = try stage.act(.price(gross: gross, lines: lines), by: Scenery.expert(Scenery.county))
        guard case .priced(let pricing) = events.first else { return nil }
        return pricing
    }

    @Test("A price is by the tariff whose fee of that day the gross is, and by nobody's where no tariff asks it")
    func whoseTariff() throws {
        let stage = try Self.stage { registers in
            try registers.act(.recordTariff(Self.tariff(20_000)), by: Registers.ofCounty)
            try registers.act(.recordTariff(Self.tariff(18_000, .admin)), by: Registers.administrator)
            let later = Self.tariff(90_000, from: CivilDay(2026, 12, 1))
            try registers.act(.recordTariff(later), by: Registers.ofCounty)
            let other = Self.tariff(7, site: Scenery.town)
            try registers.act(.recordTariff(other), by: Registers.ofTown)
        }
        #expect(try Self.price(20_000, in: stage)?.tariffSetBy == .site)
        #expect(try Self.price(18_000, in: stage)?.tariffSetBy == .admin)
        // A fee that is not in force yet, another site's, and one that nobody asks.
        for gross in [90_000, 7, 19_999, 0] { #expect(try Self.price(gross, in: stage)?.tariffSetBy == .nobody) }
        let empty = try Self.stage()
        #expect(try Self.price(20_000, in: empty)?.tariffSetBy == .nobody)
    }

    @Test("A department's tariff comes before the general one, and a later one holds from its day")
    func departments() throws {
        var stage = try Self.stage { registers in
            try registers.act(.recordTariff(Self.tariff(20_000)), by: Registers.ofCounty)
            let heart = Self.tariff(50_000, department: Scenery.cardiology)
            try registers.act(.recordTariff(heart), by: Registers.ofCounty)
            let later = Self.tariff(60_000, department: Scenery.cardiology, from: CivilDay(2026, 3, 9))
            try registers.act(.recordTariff(later), by: Registers.ofCounty)
        }
        #expect(try Self.price(50_000, in: stage)?.tariffSetBy == .site)
        #expect(try Self.price(20_000, in: stage)?.tariffSetBy == .nobody)
        stage.wait(.days(7))
        #expect(try Self.price(60_000, in: stage)?.tariffSetBy == .site)
        #expect(try Self.price(50_000, in: stage)?.tariffSetBy == .nobody)
    }

    @Test("What is priced at nobody's tariff is no share of own tariffs, however it was asked for")
    func counted() throws {
        let own = try Folded.play { stage in
            stage = try Self.stage { try $0.act(.recordTariff(Self.tariff(20_000)), by: Registers.ofCounty) }
            try stage.act(
                .price(gross: 20_000, lines: [.init(Scenery.county, 20_000)]),
                by: Scenery.expert(Scenery.county)
            )
        }
        let free = try Folded.play { stage in
            stage = try Self.stage()
            try stage.act(
                .price(gross: 20_000, lines: [.init(Scenery.county, 20_000)]),
                by: Scenery.expert(Scenery.county)
            )
        }
        #expect(try Folded.fold(own).counted(.ownTariff) == [1, 1, 0])
        #expect(try Folded.fold(free).counted(.ownTariff) == [0, 1, 0])
    }

    @Test("A line goes to a site of the network or to a partner in its days, and to nobody else")
    func parties() throws {
        let fund = Partner(id: "fund-1", kind: .investor, days: ValidDays(CivilDay(2026, 1, 1)))
        var gone = fund
        gone.id = "gone"
        gone.days.through = CivilDay(2026, 2, 1)
        let stage = try Self.stage { registers in
            try registers.act(.recordPartner(fund), by: Registers.administrator)
            try registers.act(.recordPartner(gone), by: Registers.administrator)
        }
        let partner = try #require(SiteID(fund.id))
        #expect(try Self.price(300, in: stage, to: [Scenery.county, partner, Scenery.town])?.lines.count == 3)
        for code in ["gone", "unknown"] {
            let stranger = try #require(SiteID(code))
            #expect(throws: Refusal(.entryUnknown, at: "lines[2].party")) {
                try Self.price(300, in: stage, to: [Scenery.county, stranger])
            }
        }
        #expect(throws: Refusal(.invalidValue, at: "lines")) {
            var stage = stage
            try stage.act(
                .price(gross: 300, lines: [.init(Scenery.county, 299)]),
                by: Scenery.expert(Scenery.county)
            )
        }
    }

    @Test("Where a complete contract of the performing site is in force, lines go to its parties and the requester's")
    func contracts() throws {
        let county = Scenery.county.description
        func stage(_ contracts: [Contract]) throws -> Stage {
            try Self.stage { registers in
                for contract in contracts { try registers.act(.recordContract(contract), by: Registers.administrator) }
            }
        }
        let own = Self.contract("C-1", [county, Scenery.capital.description])
        let requesters = Self.contract("C-2", [Scenery.town.description, Scenery.city.description])
        var ended = Self.contract("C-3", [county, Scenery.city.description])
        ended.days.through = CivilDay(2026, 2, 28)
        let draft = Self.contract("C-4", [county, Scenery.province.description], document: nil)
        let bound = try stage([own, ended, draft])
        #expect(try Self.price(200, in: bound, to: [Scenery.county, Scenery.capital]) != nil)
        for party in [Scenery.town, Scenery.city, Scenery.province] {
            #expect(throws: Refusal(.notPermitted, at: "lines[2].party")) {
                try Self.price(200, in: bound, to: [Scenery.county, party])
            }
        }
        let both = try stage([own, requesters])
        #expect(try Self.price(300, in: both, to: [Scenery.county, Scenery.town, Scenery.city]) != nil)
        // Without a contract of its own a site shares with whom it will.
        for contracts in [[], [requesters], [ended], [draft]] {
            #expect(try Self.price(200, in: stage(contracts), to: [Scenery.county, Scenery.province]) != nil)
        }
    }

    // MARK: Rules

    @Test("Events carry the rules in force that drive their gates, by text, and none outside their days")
    func rulePacks() throws {
        var registers = Registers()
        for check in RulePack.Check.allCases {
            for (version, days) in [
                ("1", ValidDays(CivilDay(2018, 7, 17), through: CivilDay(2026, 2, 28))),
                ("2026.1", ValidDays(CivilDay(2026, 3, 1), through: CivilDay(2026, 3, 31))),
            ] {
                let pack = RulePack(
                    id: "R-\(check.rawValue)",
                    version: version,
                    source: "国卫医发〔2018〕50号",
                    article: "8",
                    check: check,
                    days: days
                )
                try registers.act(.recordRulePack(pack), by: Registers.administrator)
            }
        }
        func stamps(_ day: Int64) throws -> [String: [String]] {
            var stage = Stage()
            stage.governance = registers.governance
            stage.wait(.days(day))
            try stage.submit()
            try stage.act(.decline(.other), by: Scenery.expert(stage.invited))
            let performer = Scenery.expert(stage.invited)
            try stage.act(.accept, by: performer)
            try stage.act(.report(Scenery.report()), by: performer)
            try stage.act(.price(gross: 0, lines: []), by: performer)
            var stamps: [String: [String]] = [:]
            for (event, _) in stage.history {
                let packs: [RulePack.Reference]
                switch event {
                case .submitted(let facts): packs = facts.rulePacks
                case .declined(_, _, let rulePacks): packs = rulePacks
                case .reported(let facts): packs = facts.rulePacks
                case .priced(let pricing): packs = pricing.rulePacks
                default: continue
                }
                stamps[event.type] = packs.map(\.description)
                let text = event.auditCodes["rulePacks"]
                #expect(text == (packs.isEmpty ? nil : packs.map(\.description).joined(separator: ",")))
            }
            return stamps
        }
        #expect(
            try stamps(0) == [
                "submitted": [
                    "R-consent-before-disclosure/2026.1", "R-mandatory-elements/2026.1", "R-time-limit/2026.1",
                ],
                "declined": ["R-decline-reason/2026.1"],
                "reported": [
                    "R-credential-at-signature/2026.1", "R-mandatory-elements/2026.1", "R-signed-report/2026.1",
                ],
                "priced": ["R-settlement/2026.1"],
            ]
        )
        // From April on no version is in force.
        #expect(try stamps(30).values.allSatisfy(\.isEmpty))
    }

    @Test("A rule on an event is an identifier and a version; anything else is no record")
    func references() throws {
        for text in ["", "a", "a/", "/1", "a/1/2", "a b/1", "规则/1"] {
            let facts = #"{"gross":0,"lines":[],"rulePacks":["\#(text)"],"tariffSetBy":"none"}"#
            #expect(throws: RecordError.self, "\(text)") {
                try Event(type: "priced", facts: CanonicalObject(Array(facts.utf8)))
            }
        }
    }
}
