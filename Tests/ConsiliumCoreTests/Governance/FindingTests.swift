import Testing

@testable import ConsiliumCore

/// Obligations, findings, incidents, sites on their way in, and what the hub counts.
@Suite struct FindingTests {
    typealias Stage = GovernanceStage

    private static let logs = Obligation(
        id: "logs",
        source: "网络安全法",
        article: "21",
        owner: Scenery.county,
        days: ValidDays(CivilDay(2017, 6, 1))
    )
    private static let impact = Obligation(
        id: "impact",
        source: "个人信息保护法",
        article: "55",
        owner: nil,
        days: ValidDays(CivilDay(2021, 11, 1))
    )

    private static func evidence(
        _ id: String,
        _ days: ValidDays = ValidDays(CivilDay(2026, 1, 1), through: CivilDay(2026, 3, 31)),
        document: String = Stage.digest
    ) -> ObligationEvidence {
        ObligationEvidence(obligation: id, document: document, days: days)
    }

    @Test("Who has an obligation shows the evidence; it is met while the evidence holds (IE2)")
    func obligations() throws {
        var stage = Stage()
        try stage.act(.recordObligation(Self.logs), by: Stage.administrator)
        try stage.act(.recordObligation(Self.impact), by: Stage.administrator)
        #expect(try stage.act(.recordObligation(Self.impact), by: Stage.administrator).isEmpty)
        #expect(stage.proportion("IE2", "2026-03") == Proportion(0, of: 2))
        try stage.act(.recordEvidence(Self.evidence("logs")), by: Stage.ofCounty)
        #expect(try stage.act(.recordEvidence(Self.evidence("logs")), by: Stage.ofCounty).isEmpty)
        #expect(stage.proportion("IE2", "2026-03") == Proportion(1, of: 2))
        #expect(stage.proportion("IE2", "2026-04") == Proportion(0, of: 2))
        try stage.act(.recordEvidence(Self.evidence("impact")), by: Stage.administrator)
        #expect(stage.proportion("IE2", "2026-Q1") == Proportion(2, of: 2))
        // Before the later of the two applied.
        #expect(stage.proportion("IE2", "2020") == Proportion(0, of: 1))
        #expect(stage.observation("IE2", "2016") == nil)
        #expect(stage.governance.recorded == [.obligation])
    }

    @Test("Evidence is refused for an unknown obligation, from who does not have it, of the future, without a digest")
    func evidenceRefusals() throws {
        var stage = Stage()
        stage.refuse(.entryUnknown, at: "obligation", .recordEvidence(Self.evidence("logs")), by: Stage.ofCounty)
        for actor in [Stage.auditor, Stage.ofCounty, Stage.expert, .hub] {
            stage.refuse(.notPermitted, .recordObligation(Self.logs), by: actor)
        }
        try stage.act(.recordObligation(Self.logs), by: Stage.administrator)
        try stage.act(.recordObligation(Self.impact), by: Stage.administrator)
        for actor in [Stage.administrator, Stage.ofTown, Stage.auditor, .hub] {
            stage.refuse(.notPermitted, .recordEvidence(Self.evidence("logs")), by: actor)
        }
        stage.refuse(.notPermitted, .recordEvidence(Self.evidence("impact")), by: Stage.ofCounty)
        let future = Self.evidence("logs", ValidDays(CivilDay(2026, 3, 3)))
        stage.refuse(.invalidValue, at: "days", .recordEvidence(future), by: Stage.ofCounty)
        let bare = Self.evidence("logs", document: "none")
        stage.refuse(.invalidValue, at: "document", .recordEvidence(bare), by: Stage.ofCounty)
        var nobody = Self.logs
        nobody.owner = SiteID("999")!
        stage.refuse(.siteUnknown, at: "site", .recordObligation(nobody), by: Stage.administrator)
    }

    @Test("An obligation is not ended, moved or handed on in the past by recording it again")
    func obligationsInThePast() throws {
        var stage = Stage()
        try stage.act(.recordObligation(Self.logs), by: Stage.administrator)
        func refuse(_ place: String, _ change: (inout Obligation) -> Void) {
            var amended = Self.logs
            change(&amended)
            stage.refuse(.invalidValue, at: place, .recordObligation(amended), by: Stage.administrator)
        }
        refuse("days") { $0.days.through = CivilDay(2026, 3, 1) }
        refuse("days") { $0.days.from = CivilDay(2026, 3, 3) }
        refuse("days") { $0.days.from = CivilDay(2017, 6, 2) }
        refuse("owner") { $0.owner = nil }
        var past = Self.impact
        past.days.through = CivilDay(2026, 3, 1)
        stage.refuse(.invalidValue, at: "days", .recordObligation(past), by: Stage.administrator)
        var ended = Self.logs
        ended.days.through = CivilDay(2026, 3, 2)
        try stage.act(.recordObligation(ended), by: Stage.administrator)
        stage.pass(days: 30)
        // What has ended stays so, whatever else of it is put right.
        ended.article = "21(3)"
        try stage.act(.recordObligation(ended), by: Stage.administrator)
        #expect(stage.governance.obligations["logs"]?.article == "21(3)")
        #expect(stage.proportion("IE2", "2026-02") == Proportion(0, of: 1))
    }

    @Test("Evidence reaches back a quarter, 92 days, and no further")
    func evidenceOfThePast() throws {
        var stage = Stage()
        try stage.act(.recordObligation(Self.logs), by: Stage.administrator)
        let today = CivilDay(2026, 3, 2)
        func evidence(_ days: Int) -> ObligationEvidence {
            Self.evidence("logs", ValidDays(CivilDay(number: today.number - days)))
        }
        stage.refuse(.invalidValue, at: "days", .recordEvidence(evidence(93)), by: Stage.ofCounty)
        try stage.act(.recordEvidence(evidence(92)), by: Stage.ofCounty)
    }

    private static func finding(due: CivilDay = CivilDay(2026, 3, 10), owner: SiteID = Scenery.county) -> AuditFinding {
        AuditFinding(owner: owner, severity: .major, indicator: .governmentRegulations, due: due)
    }

    @Test("A finding is opened by an auditor, closed by its owner and confirmed; closed in time counts (GR2)")
    func findings() throws {
        var stage = Stage()
        let id = stage.nextID
        #expect(try stage.act(.openFinding(Self.finding()), by: Stage.auditor) == [.findingOpened(id, Self.finding())])
        try stage.act(.openFinding(Self.finding(due: CivilDay(2026, 4, 1))), by: Stage.auditor)
        #expect(stage.proportion("GR2", "2026-03") == Proportion(0, of: 1))
        #expect(stage.observation("GR2", "2026-02") == nil)
        // On its last day it is in time.
        stage.pass(days: 8)
        try stage.act(.closeFinding(id, document: Stage.digest), by: Stage.ofCounty)
        #expect(stage.governance.findings[id]?.closedOn == CivilDay(2026, 3, 10))
        // The owner's word alone closes nothing, nor that of an auditor from its own house.
        #expect(stage.proportion("GR2", "2026-03") == Proportion(0, of: 1))
        let colleague = Scenery.person(Scenery.county, .auditor, name: "colleague")
        stage.refuse(.notPermitted, .confirmFinding(id), by: colleague)
        stage.pass(days: 3)
        try stage.act(.confirmFinding(id), by: Stage.secondAuditor)
        #expect(stage.governance.findings[id]?.state == .confirmed)
        #expect(stage.proportion("GR2", "2026-03") == Proportion(1, of: 1))
        #expect(stage.proportion("GR2", "2026") == Proportion(1, of: 2))
        #expect(stage.proportion("GR2", "2026", until: CivilDay(2026, 3, 20)) == Proportion(1, of: 1))
    }

    @Test("A finding that an auditor reopens was not closed, and closed again after its day it is late")
    func reopened() throws {
        var stage = Stage()
        let id = stage.nextID
        try stage.act(.openFinding(Self.finding()), by: Stage.auditor)
        try stage.act(.closeFinding(id, document: Stage.digest), by: Stage.ofCounty)
        try stage.act(.reopenFinding(id), by: Stage.auditor)
        #expect(stage.governance.findings[id]?.document == Stage.digest)
        #expect(stage.governance.findings[id]?.closedOn == nil)
        #expect(stage.proportion("GR2", "2026-03") == Proportion(0, of: 1))
        stage.pass(days: 9)
        try stage.act(.closeFinding(id, document: Stage.digest), by: Stage.ofCounty)
        try stage.act(.confirmFinding(id), by: Stage.auditor)
        #expect(stage.proportion("GR2", "2026-03") == Proportion(0, of: 1))
    }

    @Test("A finding is refused from the wrong hand, out of its order, of an unknown site and with a day that is past")
    func findingRefusals() throws {
        var stage = Stage()
        for actor in Stage.noAuditors { stage.refuse(.notPermitted, .openFinding(Self.finding()), by: actor) }
        let past = Self.finding(due: CivilDay(2026, 3, 1))
        stage.refuse(.invalidValue, at: "due", .openFinding(past), by: Stage.auditor)
        let foreign = Self.finding(owner: SiteID("999")!)
        stage.refuse(.siteUnknown, at: "site", .openFinding(foreign), by: Stage.auditor)
        let id = stage.nextID
        stage.refuse(.entryUnknown, at: "finding", .confirmFinding(id), by: Stage.auditor)
        try stage.act(.openFinding(Self.finding()), by: Stage.auditor)
        stage.refuse(.entryClosed, at: "finding", .confirmFinding(id), by: Stage.auditor)
        stage.refuse(.entryClosed, at: "finding", .reopenFinding(id), by: Stage.auditor)
        for actor in [Stage.auditor, Stage.administrator, Stage.ofTown, Stage.expert] {
            stage.refuse(.notPermitted, .closeFinding(id, document: Stage.digest), by: actor)
        }
        stage.refuse(.invalidValue, at: "document", .closeFinding(id, document: "done"), by: Stage.ofCounty)
        try stage.act(.closeFinding(id, document: Stage.digest), by: Stage.ofCounty)
        stage.refuse(.entryClosed, at: "finding", .closeFinding(id, document: Stage.digest), by: Stage.ofCounty)
        stage.refuse(.notPermitted, .confirmFinding(id), by: Stage.ofCounty)
        stage.refuse(.notPermitted, .reopenFinding(id), by: Stage.ofCounty)
        try stage.act(.confirmFinding(id), by: Stage.auditor)
        stage.refuse(.entryClosed, at: "finding", .reopenFinding(id), by: Stage.auditor)
    }

    @Test("An incident is recorded and resolved by whose it is, once, and never of the future")
    func incidents() throws {
        var stage = Stage()
        let own = Incident(site: Scenery.county, category: .outage, severity: .high, day: CivilDay(2026, 3, 2))
        let network = Incident(site: nil, category: .security, severity: .low, day: CivilDay(2026, 3, 1))
        let id = stage.nextID
        try stage.act(.recordIncident(own), by: Stage.ofCounty)
        try stage.act(.recordIncident(network), by: Stage.administrator)
        stage.refuse(.notPermitted, .recordIncident(own), by: Stage.administrator)
        stage.refuse(.notPermitted, .recordIncident(network), by: Stage.ofCounty)
        stage.refuse(.notPermitted, .resolveIncident(id), by: Stage.administrator)
        try stage.act(.resolveIncident(id), by: Stage.ofCounty)
        #expect(stage.governance.incidents[id]?.resolvedAt == stage.now)
        stage.refuse(.entryClosed, at: "incident", .resolveIncident(id), by: Stage.ofCounty)
        stage.refuse(.entryUnknown, at: "incident", .resolveIncident(stage.nextID), by: Stage.ofCounty)
        var future = own
        future.day = CivilDay(2026, 3, 3)
        stage.refuse(.invalidValue, at: "day", .recordIncident(future), by: Stage.ofCounty)
    }

    @Test("A site is approved once and passes by format; the first pass ends the wait (IDR3)")
    func onboarding() throws {
        var stage = Stage()
        stage.refuse(.entryUnknown, at: "site", .passConformance(Scenery.county, .fhir), by: .hub)
        for actor in [Stage.auditor, Stage.ofCounty, .hub] {
            stage.refuse(.notPermitted, .approveSite(Scenery.county), by: actor)
        }
        stage.refuse(.siteUnknown, at: "site", .approveSite(SiteID("999")!), by: Stage.administrator)
        for site in [Scenery.county, Scenery.town, Scenery.city] {
            try stage.act(.approveSite(site), by: Stage.administrator)
        }
        stage.refuse(.entryExists, at: "site", .approveSite(Scenery.county), by: Stage.administrator)
        stage.refuse(.notPermitted, .passConformance(Scenery.county, .fhir), by: Stage.ofCounty)
        #expect(stage.observation("IDR3", "2026") == nil)
        stage.pass(days: 10)
        try stage.act(.passConformance(Scenery.county, .fhir), by: .hub)
        stage.pass(days: 20)
        #expect(try stage.act(.passConformance(Scenery.county, .fhir), by: .hub).isEmpty)
        try stage.act(.passConformance(Scenery.county, .hl7v2), by: .hub)
        try stage.act(.passConformance(Scenery.town, .client), by: Stage.administrator)
        #expect(stage.governance.onboardings[Scenery.county]?.days == 10)
        #expect(stage.governance.onboardings[Scenery.county]?.formats == [.fhir, .hl7v2])
        let observation = try #require(stage.observation("IDR3", "2026"))
        #expect(observation.value == 20 && observation.counted == 2)
        #expect(stage.observation("IDR3", "2026-03")?.value == 10)
    }

    @Test("Each day on which the chain was verified counts once (GR4), up to today in a period that goes on")
    func chain() throws {
        var stage = Stage()
        #expect(stage.observation("GR4", "2026-03") == nil)
        #expect(
            try stage.act(.verifyChain(records: 10), by: .hub) == [.chainVerified(CivilDay(2026, 3, 2), records: 10)]
        )
        #expect(try stage.act(.verifyChain(records: 11), by: .hub).isEmpty)
        stage.pass(days: 1)
        // Whoever else could say so would keep the hub from looking that day.
        stage.refuse(.notPermitted, .verifyChain(records: 12), by: Stage.auditor)
        try stage.act(.verifyChain(records: 12), by: .hub)
        #expect(stage.proportion("GR4", "2026-03") == Proportion(2, of: 31))
        #expect(stage.proportion("GR4", "2026-03", until: CivilDay(2026, 3, 4)) == Proportion(2, of: 3))
        #expect(stage.observation("GR4", "2026-03", until: CivilDay(2026, 3, 1)) == nil)
        #expect(stage.observation("GR4", "2026-03", until: CivilDay(2025, 3, 1)) == nil)
        stage.pass(days: 1)
        for actor in [Stage.administrator, Stage.ofCounty, Stage.expert, Stage.auditor] {
            stage.refuse(.notPermitted, .verifyChain(records: 1), by: actor)
        }
        stage.refuse(.invalidValue, at: "records", .verifyChain(records: -1), by: .hub)
    }

    @Test("The hub counts messages in parts, and the parts of a day add up (IE1)")
    func exchanges() throws {
        var stage = Stage()
        let day = CivilDay(2026, 3, 2)
        func count(_ format: ExchangeProfile.Format, _ accepted: Int, _ received: Int) -> ExchangeCount {
            ExchangeCount(site: Scenery.county, format: format, received: received, acceptedAtFirst: accepted)
        }
        try stage.act(.countExchanges(day, [count(.fhir, 9, 10), count(.hl7v2, 50, 60)]), by: .hub)
        try stage.act(.countExchanges(day, [count(.fhir, 1, 1), count(.hl7v2, 0, 0)]), by: .hub)
        #expect(try stage.act(.countExchanges(day, [count(.client, 0, 0)]), by: .hub).isEmpty)
        #expect(stage.proportion("IE1", "2026-03") == Proportion(60, of: 71))
        let parts = stage.governance.exchanges(in: try #require(GovernancePeriod("2026-Q1")))
        #expect(parts.map(\.format) == [.fhir, .hl7v2])
        #expect(parts.map(\.sum.received) == [11, 60])
        stage.refuse(.notPermitted, .countExchanges(day, [count(.fhir, 1, 1)]), by: Stage.administrator)
        let twice = [count(.fhir, 1, 1), count(.fhir, 1, 1)]
        stage.refuse(.invalidValue, at: "\(Scenery.county).fhir", .countExchanges(day, twice), by: .hub)
        stage.refuse(.invalidValue, at: "\(Scenery.county).fhir", .countExchanges(day, [count(.fhir, 2, 1)]), by: .hub)
        stage.refuse(.invalidValue, at: "day", .countExchanges(CivilDay(2026, 3, 3), []), by: .hub)
        var foreign = count(.fhir, 1, 1)
        foreign.site = SiteID("999")!
        stage.refuse(.siteUnknown, at: "site", .countExchanges(day, [foreign]), by: .hub)
    }
}
