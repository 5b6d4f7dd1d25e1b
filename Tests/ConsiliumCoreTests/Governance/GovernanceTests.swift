import Testing

@testable import ConsiliumCore

/// Adopted definitions, assessments in the stream, and the measures that need regions.
@Suite struct GovernanceTests {
    typealias Stage = GovernanceStage

    private static let own: Measure = {
        var measure = Measure.standard.first { $0.id == "AC1" }!
        measure.id = "AC90"
        measure.figure = "AC1"
        (measure.goalposts, measure.scoredIn) = (nil, nil)
        return measure
    }()

    // MARK: Adoption

    @Test("Without an adoption the program's model stands, retrospective; an adopted one holds for periods after it")
    func adoption() throws {
        var stage = Stage()
        let before = stage.governance.model(forPeriodFrom: stage.now)
        #expect(before.model == .standard && before.isRetrospective)
        try stage.act(.adopt(version: "1", adding: []), by: Stage.auditor)
        #expect(stage.governance.model(forPeriodFrom: stage.now).isRetrospective)
        #expect(!stage.governance.model(forPeriodFrom: stage.now + .milliseconds(1)).isRetrospective)
        stage.pass(days: 30)
        #expect(
            try stage.act(.adopt(version: "2", adding: [Self.own]), by: Stage.secondAuditor)
                == [.modelAdopted(version: "2", base: "1", adding: [Self.own])]
        )
        let old = stage.governance.model(forPeriodFrom: stage.now)
        #expect(old.model.version == "1" && old.model.measure("AC90") == nil && !old.isRetrospective)
        let new = stage.governance.model(forPeriodFrom: stage.now + .days(1))
        #expect(new.model.version == "2" && new.model.measure("AC90") == Self.own && !new.isRetrospective)
        #expect(new.model.measures.count == Measure.standard.count + 1)
        // What came before any adoption is shown by the last one.
        let retrospective = stage.governance.model(forPeriodFrom: Scenery.monday)
        #expect(retrospective.model.version == "2" && retrospective.isRetrospective)
    }

    @Test("Operators edit no measures, no version comes twice, and a defective measure is refused by field")
    func adoptionRefusals() throws {
        var stage = Stage()
        for actor in Stage.noAuditors {
            stage.refuse(.notPermitted, .adopt(version: "1", adding: []), by: actor)
            stage.refuse(.notPermitted, .adopt(version: "2", adding: [Self.own]), by: actor)
        }
        stage.refuse(.invalidValue, at: "modelVersion", .adopt(version: "", adding: [Self.own]), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "modelVersion", .adopt(version: "v 2", adding: [Self.own]), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "modelVersion", .adopt(version: "2", adding: []), by: Stage.auditor)
        let standard = try #require(GovernanceModel.standard.measure("AC1"))
        stage.refuse(.measureInvalid, at: "AC1.id", .adopt(version: "2", adding: [standard]), by: Stage.auditor)
        stage.refuse(.measureInvalid, at: "version", .adopt(version: "1", adding: [Self.own]), by: Stage.auditor)
        var broken = Self.own
        broken.needs = []
        broken.minimum = 0
        stage.refuse(
            .measureInvalid,
            at: "AC90.minimum, AC90.needs",
            .adopt(version: "2", adding: [broken]),
            by: Stage.auditor
        )
        broken = Self.own
        (broken.goalposts, broken.scoredIn) = (standard.goalposts, standard.scoredIn)
        stage.refuse(.measureInvalid, at: "AC90.scoredIn", .adopt(version: "2", adding: [broken]), by: Stage.auditor)
        broken = Self.own
        broken.target = 1.0 / 3
        stage.refuse(.measureInvalid, at: "AC90", .adopt(version: "2", adding: [broken]), by: Stage.auditor)
        broken = Self.own
        broken.title = BilingualText(String(repeating: "a", count: 201), "长")
        stage.refuse(
            .measureInvalid,
            at: "title, numerator, denominator, exclusions",
            .adopt(version: "2", adding: [broken]),
            by: Stage.auditor
        )
        try stage.act(.adopt(version: "2", adding: [Self.own]), by: Stage.auditor)
        stage.refuse(.wrongState, at: "modelVersion", .adopt(version: "2", adding: [Self.own]), by: Stage.auditor)
        stage.refuse(.measureInvalid, at: "AC90.id", .adopt(version: "3", adding: [Self.own]), by: Stage.auditor)
    }

    @Test("A measure with the identifier of a standing one, as a foreign copy may hold it, replaces nothing")
    func adoptedTwice() throws {
        var governance = Governance(offsetMinutes: 480)
        var altered = try #require(GovernanceModel.standard.measure("AC1"))
        altered.minimum = 1_000
        let event = GovernanceEvent.modelAdopted(version: "2", base: "1", adding: [altered, Self.own, Self.own])
        governance.evolve(event, sequence: 1, at: Samples.moment, by: Samples.auditorID)
        let model = try #require(governance.models["2"])
        #expect(model.measure("AC1") == GovernanceModel.standard.measure("AC1"))
        #expect(model.measures.count == Measure.standard.count + 1)
        #expect(Set(model.measures.map(\.id)).count == model.measures.count)
    }

    // MARK: Assessments

    private static let february = Assessment.Period(
        from: Scenery.time("2026-02-01T00:00:00+08:00"),
        to: Scenery.time("2026-03-01T00:00:00+08:00")
    )

    private static func rating(_ indicator: Indicator, _ value: Int, _ reference: String = "consultation/7")
        -> Assessment.Rating
    {
        let isOwner = indicator == .ownerFunctions
        return Assessment.Rating(
            indicator,
            value,
            halves: isOwner ? OwnerHalves(residualClaim: value / 2, decisionPower: value - value / 2) : nil,
            .high,
            evidence: [.init(.event, reference)]
        )
    }

    private static func sign(_ stage: inout Stage, _ id: TimeOrderedID, _ values: [Int], by actor: Actor) throws {
        for (indicator, value) in zip(Indicator.allCases, values) {
            try stage.act(.assess(id, .rate(rating(indicator, value))), by: actor)
        }
        try stage.act(.assess(id, .sign), by: actor)
    }

    @Test("Two auditors assess through the stream, and the period's report finds the locked assessment")
    func assessment() throws {
        var stage = Stage()
        let id = stage.nextID
        try stage.act(.openAssessment(Self.february), by: Stage.auditor)
        let period = try #require(GovernancePeriod("2026-02"))
        #expect(stage.governance.assessment(for: period)?.standing == Assessment.Standing.none)
        try Self.sign(&stage, id, [3, 2, 2, 1, 1, 3, 3, 3], by: Stage.auditor)
        try Self.sign(&stage, id, [3, 2, 2, 1, 1, 3, 2, 3], by: Stage.secondAuditor)
        let assessment = try #require(stage.governance.assessment(for: period))
        #expect(assessment.id == id && assessment.state == .locked && assessment.version == 20)
        #expect(assessment.position?.ratings[.governmentRegulations]?.point == 2.5)
        #expect(stage.governance.assessment(for: try #require(GovernancePeriod("2026-Q1")))?.id == id)
        #expect(stage.governance.assessment(for: try #require(GovernancePeriod("2026-03"))) == nil)
        stage.refuse(.wrongState, .assess(id, .sign), by: Stage.auditor)
    }

    @Test("An item two points apart goes to a third auditor, through the stream too")
    func arbitration() throws {
        var stage = Stage()
        let id = stage.nextID
        try stage.act(.openAssessment(Self.february), by: Stage.auditor)
        try Self.sign(&stage, id, [3, 2, 2, 1, 1, 3, 3, 3], by: Stage.auditor)
        try Self.sign(&stage, id, [1, 2, 2, 1, 1, 3, 3, 3], by: Stage.secondAuditor)
        #expect(stage.governance.assessments[id]?.disputed == [.organizationalChanges])
        let third = Scenery.person(Scenery.city, .auditor, name: "third")
        #expect(stage.governance.assessments[id]?.sheets(visibleTo: third.principal).isEmpty == true)
        try stage.act(.assess(id, .rate(Self.rating(.organizationalChanges, 2))), by: third)
        try stage.act(.assess(id, .sign), by: third)
        #expect(stage.governance.assessments[id]?.position?.ratings[.organizationalChanges]?.point == 2)
    }

    @Test("Overlap, a second rating, missing evidence, an unknown assessment and the wrong hand are refused")
    func assessmentRefusals() throws {
        var stage = Stage()
        for actor in Stage.noAuditors { stage.refuse(.notPermitted, .openAssessment(Self.february), by: actor) }
        let id = stage.nextID
        stage.refuse(.entryUnknown, at: "assessment", .assess(id, .sign), by: Stage.auditor)
        let empty = Assessment.Period(from: Self.february.from, to: Self.february.from)
        stage.refuse(.invalidValue, at: "period", .openAssessment(empty), by: Stage.auditor)
        try stage.act(.openAssessment(Self.february), by: Stage.auditor)
        let overlapping = Assessment.Period(from: Self.february.from - .days(10), to: Self.february.from + .days(1))
        stage.refuse(.assessmentOverlaps, at: "period", .openAssessment(overlapping), by: Stage.secondAuditor)
        try stage.act(.assess(id, .rate(Self.rating(.organizationalChanges, 2))), by: Stage.auditor)
        stage.refuse(
            .alreadyRated,
            at: "OC",
            .assess(id, .rate(Self.rating(.organizationalChanges, 3))),
            by: Stage.auditor
        )
        stage.refuse(
            .evidenceUnknown,
            at: "PMR",
            .assess(id, .rate(Self.rating(.personnelManagementRights, 3, "consultation/8"))),
            by: Stage.auditor
        )
        stage.refuse(.notPermitted, .assess(id, .abandon), by: Stage.administrator)
        try stage.act(.assess(id, .abandon), by: Stage.secondAuditor)
        try stage.act(.openAssessment(overlapping), by: Stage.secondAuditor)
        let january = try #require(GovernancePeriod("2026-01"))
        #expect(stage.governance.assessment(for: january)?.period == overlapping)
    }

    // MARK: The registers as a whole

    @Test("Everything said twice says the same: folding the events again gives the same answers")
    func refold() throws {
        var first = Governance(offsetMinutes: 480)
        var second = Governance(offsetMinutes: 480)
        for (index, event) in Samples.governanceEvents.enumerated() {
            first.evolve(event, sequence: index + 1, at: Samples.moment, by: Samples.auditorID)
            second.evolve(event, sequence: index + 1, at: Samples.moment, by: Samples.auditorID)
        }
        #expect(first.version == Samples.governanceEvents.count)
        #expect(first.recorded == second.recorded)
        #expect(
            first.recorded == [
                .contract, .tariff, .obligation, .auditFinding, .regionYear, .conformancePass, .ruleProposal,
                .investmentItem, .chainVerification, .messageReceipt,
            ]
        )
        #expect(Governance(offsetMinutes: 480).recorded.isEmpty)
    }

    @Test("Every measure that rests on registers alone has no observation while these are empty")
    func empty() {
        let stage = Stage()
        for measure in Measure.standard where measure.id != "IDR2" {
            #expect(stage.observation(measure.id, "2026-03") == nil, "\(measure.id)")
        }
    }

    @Test("Active sites and partners are counted, and those with a complete contract in force among them (IDR2)")
    func partners() throws {
        var stage = Stage()
        let fund = Partner(
            id: "fund",
            kind: .operator,
            days: ValidDays(CivilDay(2026, 2, 1), through: CivilDay(2026, 3, 15))
        )
        try stage.act(.recordPartner(fund), by: Stage.administrator)
        var contract = Contract(
            id: "C-1",
            shares: [Share(Scenery.county.description, 600_000), Share("fund", 400_000)],
            days: ValidDays(CivilDay(2026, 1, 1), through: CivilDay(2026, 4, 30))
        )
        try stage.act(.recordContract(contract), by: Stage.administrator)
        #expect(stage.proportion("IDR2", "2026-02") == Proportion(0, of: 7))
        contract.document = Stage.digest
        contract.days.from = CivilDay(2026, 3, 2)
        try stage.act(.recordContract(contract), by: Stage.administrator)
        // Signed late, it counts from then on.
        #expect(stage.proportion("IDR2", "2026-02") == Proportion(0, of: 7))
        #expect(stage.proportion("IDR2", "2026-03") == Proportion(1, of: 6))
        contract.id = "C-2"
        contract.days.from = CivilDay(2026, 1, 1)
        try stage.act(.recordContract(contract), by: Stage.administrator)
        #expect(stage.proportion("IDR2", "2026-02") == Proportion(2, of: 7))
        #expect(stage.proportion("IDR2", "2026-03") == Proportion(1, of: 6))
        #expect(stage.proportion("IDR2", "2026-05") == Proportion(0, of: 6))
        stage.network.evolve(.siteStatus(Scenery.town, .suspended), sequence: 99, at: stage.now)
        #expect(stage.proportion("IDR2", "2026-03") == Proportion(1, of: 5))
    }
}
