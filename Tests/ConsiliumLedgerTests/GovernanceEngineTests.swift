import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Governance in the ledger")
struct GovernanceEngineTests {
    private static let auditor = Principal(site: EngineStage.capital, kind: .operator, name: "auditor")
    private static let year = CivilDay(2026, 1, 1)..<CivilDay(2027, 1, 1)

    private static func stage() throws -> EngineStage {
        let stage = try EngineStage()
        let chief = EngineStage.administrator(EngineStage.capital)
        try stage.change(.invite(auditor, roles: [.auditor], token: "auditor", lifetime: .hours(24)), by: chief)
        let certificate = Network.Certificate(fingerprint: "auditor", notAfter: stage.now + .days(3_650))
        try stage.change(.enrol(token: "auditor", certificate), by: nil)
        return stage
    }

    private static let finding = AuditFinding(
        owner: EngineStage.county,
        severity: .major,
        indicator: .governmentRegulations,
        due: CivilDay(2026, 4, 1)
    )

    /// A case with its report, closed by its requester.
    private static func closed(_ stage: EngineStage, _ number: String = "HZ-1") throws -> CaseID {
        let id = try stage.submit(number)
        let expert = EngineStage.doctor(EngineStage.county)
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: expert))
        try stage.one(stage.act(EngineStage.report(), on: id, by: expert))
        let owner = EngineStage.doctor(EngineStage.town)
        try stage.one(stage.act(.close(.adopted, reason: nil, rating: 5, note: nil), on: id, by: owner))
        return id
    }

    @Test("What is recorded stands in one stream, is told to the shell, and is there after a restart and a rebuild")
    func recorded() throws {
        let stage = try Self.stage()
        let outcome = stage.step([.governance(.openFinding(Self.finding), by: Self.auditor)])
        #expect(try outcome.results[0].get().version == 1)
        #expect(outcome.governance?.findings.count == 1 && outcome.effects.governance)
        let id = try #require(outcome.governance?.findings.keys.first)
        let owner = EngineStage.administrator(EngineStage.county)
        let document = String(repeating: "a", count: 64)
        try stage.one(.governance(.closeFinding(id, document: document), by: owner))
        try stage.one(.governance(.confirmFinding(id), by: Self.auditor))
        #expect(stage.ledger.governance.version == 3)
        for position in 0...3 {
            let read = try stage.store.read { try GovernanceReader($0).fold(to: position) }
            #expect(read.version == position)
            let states: [FindingRecord.State?] = [nil, .open, .closed, .confirmed]
            #expect(read.findings[id]?.state == states[position])
        }
        try stage.restart()
        #expect(stage.ledger.governance.findings[id]?.state == .confirmed)
        #expect(try stage.rebuildsEqually())
        #expect(try Rebuild.verify(stage.store) == stage.flow.recordCount())
        try MeasureCountsTests.expectExact(stage.store)
    }

    @Test("What is refused writes nothing and fails none of its neighbours")
    func refused() throws {
        let stage = try Self.stage()
        let records = try stage.flow.recordCount()
        let outcome = stage.step([
            .governance(.openFinding(Self.finding), by: EngineStage.doctor(EngineStage.county)),
            .governance(.openFinding(Self.finding), by: Self.auditor),
            .governance(.openFinding(Self.finding), by: Principal(site: EngineStage.town, kind: .operator, name: "x")),
            .governance(.openFinding(Self.finding), by: nil),
        ])
        #expect(EngineStage.refusal(outcome.results[0])?.code == .notPermitted)
        #expect(try outcome.results[1].get().version == 1)
        #expect(EngineStage.refusal(outcome.results[2]) != nil)
        #expect(EngineStage.refusal(outcome.results[3])?.code == .notPermitted)
        #expect(try stage.flow.recordCount() == records + 1)
    }

    @Test("Both sites of a case are told when its glass is broken, whoever was named")
    func brokenGlass() throws {
        let stage = try Self.stage()
        let id = try Self.closed(stage)
        let opening = BreakGlass.Opening(caseID: id, sites: [EngineStage.second], reason: .sampleCheck)
        let outcome = stage.step([.governance(.breakGlass(opening), by: Self.auditor)])
        _ = try outcome.results[0].get()
        let told: Set = [EngineStage.town, EngineStage.county]
        #expect(outcome.effects.sites == told)
        #expect(Set(stage.ledger.governance.brokenGlasses.values.flatMap(\.opening.sites)) == told)
        #expect(stage.ledger.governance.isGlassBroken(id, for: Self.auditor, at: stage.now + .hours(3)))
        let unknown = BreakGlass.Opening(caseID: CaseID(high: 1, low: 1), sites: [], reason: .incident)
        #expect(stage.refusal(.governance(.breakGlass(unknown), by: Self.auditor))?.code == .notFound)
        try stage.one(.erase(id, by: "test"))
        stage.advance(.hours(5))
        #expect(stage.refusal(.governance(.breakGlass(opening), by: Self.auditor))?.code == .erased)
    }

    @Test("An auditor sees no patient, and through a broken glass what the sites see, for four hours and by name")
    func throughTheGlass() throws {
        let stage = try Self.stage()
        let id = try Self.closed(stage)
        let reader = CaseReader(store: stage.store, intake: stage.intake)
        let network = stage.ledger.network
        let auditor = try stage.actor(Self.auditor)
        #expect(throws: Refusal(.notFound)) { try reader.view(id, as: auditor, in: network) }
        let opening = BreakGlass.Opening(caseID: id, sites: [EngineStage.town], reason: .sampleCheck)
        try stage.one(.governance(.breakGlass(opening), by: Self.auditor))
        let governance = stage.ledger.governance
        #expect(governance.isGlassBroken(id, for: Self.auditor, at: stage.now))
        #expect(!governance.isGlassBroken(id, for: EngineStage.doctor(EngineStage.city), at: stage.now))
        #expect(!governance.isGlassBroken(id, for: Self.auditor, at: stage.now + .hours(4)))
        let view = try reader.view(id, as: auditor, in: network, isGlassBroken: true)
        #expect(view.discloses && view.relation == .brokenGlass)
        #expect(view.record.application?[.patientName] != nil)
        #expect(view.record.report != nil)
        // Who may look may not act.
        #expect(stage.refusal(stage.act(.note("?"), on: id, by: Self.auditor)) != nil)
    }

    @Test("Evidence is an event by its position or an entry of a register; what does not exist is named")
    func evidence() throws {
        let stage = try Self.stage()
        let id = try Self.closed(stage)
        let period = Assessment.Period(from: stage.now - .days(60), to: stage.now - .days(1))
        try stage.one(.governance(.openAssessment(period), by: Self.auditor))
        try stage.one(.governance(.openFinding(Self.finding), by: Self.auditor))
        let assessment = try #require(stage.ledger.governance.assessments.keys.first)
        let entry = try #require(stage.ledger.governance.findings.keys.first)
        let pseudonym = stage.intake.pseudonym(of: id)
        func rate(_ evidence: [Assessment.Evidence]) -> Refusal? {
            let command: AssessmentCommand
            let rating = Assessment.Rating(.governmentRegulations, 2, .high, evidence: evidence)
            let isRated = stage.ledger.governance.assessments[assessment]?.sheets.isEmpty == false
            command = isRated ? .correct(rating) : .rate(rating)
            return stage.refusal(.governance(.assess(assessment, command), by: Self.auditor))
        }
        for reference in [
            "network/0", "network/9999", "network/01", "governance/9", "\(pseudonym)/99", "\(id)/1", "\(pseudonym)", "",
            "access/1", "network/1/1",
        ] { #expect(rate([Assessment.Evidence(.event, reference)]) != nil, "\(reference)") }
        let unknown: [Assessment.Evidence] = [
            Assessment.Evidence(.register, "none"), Assessment.Evidence(.document, String(repeating: "0", count: 64)),
            Assessment.Evidence(.register, "\(id)"),
        ]
        for evidence in unknown { #expect(rate([evidence])?.code == .evidenceUnknown) }
        let known = ["network/1", "governance/1", "\(pseudonym)/1"].map { Assessment.Evidence(.event, $0) }
        #expect(rate(known + [Assessment.Evidence(.register, "\(entry)")]) == nil)
    }

    @Test("A pseudonym leads back to its case, and only under the network's key")
    func pseudonyms() throws {
        let stage = try Self.stage()
        let other = try EngineStage(seed: 9)
        for low in 0..<200 as Range<UInt64> {
            let id = CaseID(high: 0x0195_5555_0000_0001, low: low)
            let pseudonym = stage.intake.pseudonym(of: id)
            #expect(stage.intake.caseID(of: pseudonym) == id)
            #expect(pseudonym != id.description && pseudonym.utf8.count == 26)
            #expect(other.intake.pseudonym(of: id) != pseudonym && other.intake.caseID(of: pseudonym) != id)
        }
        for wrong in ["", "x", String(repeating: "Z", count: 27), "network"] {
            #expect(stage.intake.caseID(of: wrong) == nil)
        }
    }

    // MARK: Acts that follow a case

    @Test("Outcome, price, settlement and dispute are acts, counted as they come")
    func aftercare() throws {
        let stage = try Self.stage()
        let id = try Self.closed(stage)
        let owner = EngineStage.doctor(EngineStage.town)
        let performer = EngineStage.doctor(EngineStage.county)
        stage.advance(.days(15))
        let pricing = Pricing(
            tariffSetBy: .site,
            gross: 300,
            lines: [.init(EngineStage.county, 200), .init(EngineStage.town, 100)]
        )
        let sum = { (figure: MeasureFigure) in
            try stage.store.read { try MeasureCountsReader($0).snapshot(MeasurePeriod(Self.year)).tally.sum(figure, in: Self.year) }
        }
        #expect(stage.refusal(stage.act(.price(pricing), on: id, by: owner))?.code == .notPermitted)
        let days = { try stage.store.read { try MeasureCountsReader($0).snapshot(MeasurePeriod(Self.year)).firstDays } }
        #expect(try days()[.outcomes] == nil && days()[.ownTariff] == nil)
        try stage.one(stage.act(.recordOutcome(Outcome(.improved, rating: 4), note: "来电随访"), on: id, by: owner))
        try stage.one(stage.act(.price(pricing), on: id, by: performer, message: "P"))
        #expect(
            try stage.one(stage.act(.price(pricing), on: id, by: performer, message: "P")).outcome == .alreadyReceived
        )
        try stage.one(stage.act(.settle, on: id, by: performer))
        #expect(try sum(.kept) == .init(200, of: 300))
        try stage.one(stage.act(.dispute(lines: [2], note: "比例不对"), on: id, by: owner))
        #expect(try sum(.kept) == .init())
        #expect(try sum(.disputedLines) == .init(1, of: 2))
        #expect(try sum(.outcomes).denominator == 1 && sum(.rating).histogram == [4: 1])
        #expect(try days()[.outcomes] == CivilDay(2026, 3, 17) && days()[.ownTariff] == CivilDay(2026, 3, 17))
        try MeasureCountsTests.expectExact(stage.store)
        // Nothing of a case that was entered in error stays, nor the day it marked.
        #expect(try stage.rebuildsEqually() && stage.memoryFitsStore())
        stage.ledger.recent.removeAll()
        try stage.one(stage.act(.settle, on: id, by: performer))
        try MeasureCountsTests.expectExact(stage.store)
    }

    @Test("Only a drawn case is rated again, by a site that had nothing to do with it, and no other site learns of it")
    func ratedAgain() throws {
        let stage = try Self.stage()
        let secret = [UInt8](repeating: 7, count: 32)
        let digest = hexadecimal(sha256(secret))
        let seal = Sample.Seal(period: "2026-04", purpose: .secondRating, size: 1, commitment: digest)
        try stage.one(.governance(.sealSample(seal), by: Self.auditor))
        stage.advance(.days(40))
        let drawn = try Self.closed(stage, "HZ-1")
        let other = try Self.closed(stage, "HZ-2")
        stage.advance(.days(40))
        let rate = { (id: CaseID, site: SiteID) in
            stage.refusal(stage.act(.rateTierAgain(.county), on: id, by: EngineStage.doctor(site)))
        }
        #expect(rate(drawn, EngineStage.second)?.code == .notFound)
        let period = try #require(GovernancePeriod("2026-04"))
        let population = try GovernanceDrills(store: stage.store).population(period)
        let reference = try #require(population.first { $0.id == drawn }?.reference)
        let reveal = Sample.Reveal(
            period: "2026-04",
            purpose: .secondRating,
            secret: hexadecimal(secret),
            references: [reference.description]
        )
        try stage.one(.governance(.revealSample(reveal, digest: digest), by: Self.auditor))
        #expect(rate(other, EngineStage.second)?.code == .notFound)
        #expect(rate(drawn, EngineStage.county)?.code == .notPermitted)
        #expect(rate(drawn, EngineStage.second) == nil)
        #expect(rate(drawn, EngineStage.city)?.code == .alreadyRated)
        try MeasureCountsTests.expectExact(stage.store)
    }
}
