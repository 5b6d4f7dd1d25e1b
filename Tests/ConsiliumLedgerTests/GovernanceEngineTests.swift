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
    private static func counts(_ stage: EngineStage) throws -> MeasureSnapshot {
        try stage.store.read { try MeasureCountsReader($0).snapshot(MeasurePeriod(year)) }
    }

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
        let price = Act.price(
            gross: 300,
            lines: [.init(EngineStage.county, 200), .init(EngineStage.town, 100)]
        )
        let sum = { (figure: MeasureFigure) in
            try Self.counts(stage).tally.sum(figure, in: Self.year)
        }
        #expect(stage.refusal(stage.act(price, on: id, by: owner))?.code == .notPermitted)
        let days = { try Self.counts(stage).totals.firstDays }
        #expect(try days()[.outcomes] == nil && days()[.ownTariff] == nil)
        try stage.one(stage.act(.recordOutcome(Outcome(.improved, rating: 4), note: "来电随访"), on: id, by: owner))
        try stage.one(stage.act(price, on: id, by: performer, message: "P"))
        #expect(
            try stage.one(stage.act(price, on: id, by: performer, message: "P")).outcome == .alreadyReceived
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

    @Test("Whose tariff a price is says the register, and the rules in force stand on the events")
    func priced() throws {
        let stage = try Self.stage()
        let today = CivilDay(stage.now, offsetMinutes: 480)
        let pack = RulePack(
            id: "norms",
            version: "2018-50",
            source: "国卫医发〔2018〕50号",
            article: "8",
            check: .settlement,
            days: ValidDays(today)
        )
        try stage.one(.governance(.recordRulePack(pack), by: EngineStage.administrator(EngineStage.capital)))
        let tariff = Tariff(
            site: EngineStage.county,
            service: .consultation,
            department: nil,
            fee: 300,
            shares: [Share(EngineStage.county.description, 1_000_000)],
            from: today
        )
        try stage.one(.governance(.recordTariff(tariff), by: EngineStage.administrator(EngineStage.county)))
        let performer = EngineStage.doctor(EngineStage.county)
        var priced: [Pricing] = []
        for (number, gross) in [300, 299].enumerated() {
            let id = try Self.closed(stage, "HZ-\(number)")
            let price = Act.price(gross: gross, lines: [.init(EngineStage.county, gross)])
            try stage.one(stage.act(price, on: id, by: performer))
            guard case .priced(let pricing) = try stage.history(id).last?.event else { continue }
            priced.append(pricing)
        }
        #expect(priced.map(\.tariffSetBy) == [.site, .nobody])
        #expect(priced.allSatisfy { $0.rulePacks.map(\.description) == ["norms/2018-50"] })
        let own = try Self.counts(stage).tally.sum(.ownTariff, in: Self.year)
        #expect(own == .init(1, of: 2))
    }

    @Test("The first message that is taken whole from an approved site is its conformance pass, once")
    func conformance() throws {
        let stage = try Self.stage()
        let chief = EngineStage.administrator(EngineStage.capital)
        var onboarding: Onboarding? { stage.ledger.governance.onboardings[EngineStage.town] }
        // Before its approval a message shows nothing.
        try stage.submit("HZ-0")
        #expect(onboarding == nil)
        try stage.one(.governance(.approveSite(EngineStage.town), by: chief))
        stage.advance(.days(3))
        let version = stage.ledger.governance.version
        // Held for a code that no table knows, and refused: neither is taken whole.
        let unmapped = EngineStage.application("HZ-1") { $0[.wantedDepartment] = nil }
        guard case .submit(var held) = try stage.submission(unmapped) else { return }
        held.facts.departmentUnmapped = true
        #expect(try stage.one(.submit(held)).outcome == .held)
        let nameless = EngineStage.application("HZ-2") { $0[.requesterDoctor] = nil }
        #expect(stage.refusal(try stage.submission(nameless)) != nil)
        #expect(onboarding?.passedOn == nil && stage.ledger.governance.version == version)
        stage.advance(.days(4))
        let first = try stage.step([
            stage.submission(EngineStage.application("HZ-3")), stage.submission(EngineStage.application("HZ-4")),
        ])
        #expect(try first.results.allSatisfy { try $0.get().outcome == .accepted })
        #expect(first.governance?.onboardings[EngineStage.town]?.days == 7)
        #expect(onboarding?.formats == [.hl7v2])
        stage.advance(.days(1))
        try stage.submit("HZ-5")
        #expect(stage.ledger.governance.version == version + 1)
        // Kept, and told by the events alone.
        try stage.restart()
        #expect(onboarding?.days == 7)
        #expect(try stage.rebuildsEqually())
        try MeasureCountsTests.expectExact(stage.store)
    }

    @Test("An answer by message passes conformance as well; a verb of the client is no message")
    func conformanceOfAnswers() throws {
        let stage = try Self.stage()
        let chief = EngineStage.administrator(EngineStage.capital)
        try stage.one(.governance(.approveSite(EngineStage.county), by: chief))
        let id = try stage.submit("HZ-1")
        let expert = EngineStage.doctor(EngineStage.county)
        func accept(_ door: Door) -> Input {
            .act(
                PreparedAct(
                    principal: expert,
                    reference: .id(id),
                    act: door == .network ? .note("?") : .accept(appointment: nil),
                    door: door
                )
            )
        }
        try stage.one(accept(.network))
        #expect(stage.ledger.governance.onboardings[EngineStage.county]?.passedOn == nil)
        try stage.one(accept(.fhir))
        #expect(stage.ledger.governance.onboardings[EngineStage.county]?.formats == [.fhir])
    }

    /// A month with two closed cases, of which the secret drew one; `stage.now` is after the end.
    private static func rated(_ change: (inout Application) -> Void = { _ in }) throws -> (
        stage: EngineStage, drawn: CaseID, other: CaseID, reveal: GovernanceCommand
    ) {
        let stage = try Self.stage()
        let secret = [UInt8](repeating: 7, count: 32)
        let digest = hexadecimal(sha256(secret))
        let seal = Sample.Seal(period: "2026-04", purpose: .secondRating, size: 1, commitment: digest)
        try stage.one(.governance(.sealSample(seal), by: Self.auditor))
        stage.advance(.days(40))
        for number in ["HZ-1", "HZ-2"] {
            let application = EngineStage.application(number, change: change)
            let id = try #require(try stage.one(try stage.submission(application)).caseID)
            let expert = EngineStage.doctor(EngineStage.county)
            try stage.one(stage.act(.accept(appointment: nil), on: id, by: expert))
            try stage.one(stage.act(EngineStage.report(), on: id, by: expert))
            let owner = EngineStage.doctor(EngineStage.town)
            try stage.one(stage.act(.close(.adopted, reason: nil, rating: 5, note: nil), on: id, by: owner))
        }
        stage.advance(.days(40))
        let period = try #require(GovernancePeriod("2026-04"))
        let population = try GovernanceDrills(store: stage.store).population(period)
        let reveal = try #require(seal.reveal(hexadecimal(secret), of: population.map(\.reference)))
        let drawn = try #require(population.first { $0.reference.description == reveal.references[0] }?.id)
        let other = try #require(population.first { $0.id != drawn }?.id)
        return (stage, drawn, other, .revealSample(reveal, digest: digest, drawn: [Sample.Drawn(drawn)]))
    }

    @Test(
        "A drawn case is rated again by the site that the secret chose, within thirty days, and no other learns of it"
    )
    func ratedAgain() throws {
        let (stage, drawn, other, reveal) = try Self.rated()
        let rate = { (id: CaseID, site: SiteID) in
            stage.refusal(stage.act(.rateTierAgain(.county), on: id, by: EngineStage.doctor(site)))
        }
        #expect(rate(drawn, EngineStage.second)?.code == .notFound)
        let outcome = stage.step([.governance(reveal, by: Self.auditor)])
        _ = try outcome.results[0].get()
        let site = try #require(stage.ledger.governance.secondRatings[drawn]?.site)
        #expect(outcome.effects.sites.contains(site) && stage.ledger.governance.secondRatings[other] == nil)
        let uninvolved = [EngineStage.city, EngineStage.capital, EngineStage.second]
        #expect(uninvolved.contains(site))
        for stranger in uninvolved where stranger != site { #expect(rate(drawn, stranger)?.code == .notFound) }
        #expect(rate(other, site)?.code == .notFound)
        #expect(rate(drawn, EngineStage.county)?.code == .notPermitted)
        #expect(rate(drawn, EngineStage.town)?.code == .notPermitted)
        try stage.restart()
        stage.advance(.days(30) - .milliseconds(1))
        #expect(rate(drawn, site) == nil)
        #expect(rate(drawn, site)?.code == .alreadyRated)
        #expect(try stage.rebuildsEqually())
        try MeasureCountsTests.expectExact(stage.store)
    }

    @Test("After thirty days the case is no longer there for the site that did not rate it")
    func ratingLapses() throws {
        let (stage, drawn, _, reveal) = try Self.rated()
        try stage.one(.governance(reveal, by: Self.auditor))
        let site = try #require(stage.ledger.governance.secondRatings[drawn]?.site)
        stage.advance(.days(30))
        let act = stage.act(.rateTierAgain(.county), on: drawn, by: EngineStage.doctor(site))
        #expect(stage.refusal(act)?.code == .notFound)
    }

    @Test("A reveal names the case of each reference; another case, or none, is refused")
    func revealedCases() throws {
        let (stage, _, other, reveal) = try Self.rated()
        guard case .revealSample(let drawn, let digest, _) = reveal else { return }
        let none = GovernanceCommand.revealSample(drawn, digest: digest)
        #expect(stage.refusal(.governance(none, by: Self.auditor))?.code == .invalidValue)
        let wrong = GovernanceCommand.revealSample(drawn, digest: digest, drawn: [Sample.Drawn(other)])
        #expect(stage.refusal(.governance(wrong, by: Self.auditor))?.code == .notFound)
        let stranger = EngineStage.doctor(EngineStage.county)
        #expect(stage.refusal(.governance(wrong, by: stranger))?.code == .notPermitted)
    }

    @Test("Whom the consent does not name is not asked, and a case that was erased has no rater")
    func ratingScope() throws {
        let (stage, drawn, _, reveal) = try Self.rated {
            $0[.consentScope] = "\(EngineStage.county), \(EngineStage.second)"
        }
        try stage.one(.governance(reveal, by: Self.auditor))
        #expect(stage.ledger.governance.secondRatings[drawn]?.site == EngineStage.second)
        let (later, erased, _, again) = try Self.rated()
        try later.one(.erase(erased, by: "test"))
        try later.one(.governance(again, by: Self.auditor))
        #expect(later.ledger.governance.secondRatings.isEmpty)
    }

    @Test("Who rates sees clinical content, and nothing of patient, requester, performer, first rating and outcome")
    func ratingView() throws {
        let (stage, drawn, other, reveal) = try Self.rated { $0[.diagnosisName] = "冠心病" }
        try stage.one(.governance(reveal, by: Self.auditor))
        let site = try #require(stage.ledger.governance.secondRatings[drawn]?.site)
        let reader = CaseReader(store: stage.store, intake: stage.intake)
        let network = stage.ledger.network
        let rater = try stage.actor(EngineStage.doctor(site))
        func view(_ id: CaseID, _ actor: Actor) throws -> CaseReader.RatingView? {
            let isRater = actor.site.map { stage.ledger.governance.isRater($0, of: id, at: stage.now) } ?? false
            return try reader.ratingView(id, as: actor, isRater: isRater, in: network)
        }
        let seen = try #require(try view(drawn, rater))
        #expect(seen.elements.contains { $0.element == .diagnosisName && $0.text == "冠心病" })
        #expect(seen.elements.contains { $0.element == .summary })
        let shown = "\(seen)"
        for secret in [
            "李昞", "421125195811030019", "张三", "HZ-", "王五", "考虑稳定型心绞痛", "GD-17", EngineStage.town.description,
            EngineStage.county.description,
        ] { #expect(!shown.contains(secret), "\(secret)") }
        #expect(try view(other, rater) == nil)
        #expect(try view(drawn, stage.actor(EngineStage.administrator(site))) == nil)
        #expect(throws: Refusal(.notFound)) { try reader.view(drawn, as: rater, in: network) }
        try stage.one(stage.act(.rateTierAgain(.county), on: drawn, by: EngineStage.doctor(site)))
        #expect(try view(drawn, rater) == nil)
    }
}
