import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Submissions")
struct EngineSubmissionTests {
    @Test("A submission becomes events, rows, a sealed payload and an answer with its leaf hash")
    func accepted() throws {
        let stage = try EngineStage()
        let receipt = try stage.one(try stage.submission(EngineStage.application("HZ-1")))
        let id = try #require(receipt.caseID)
        #expect(receipt.outcome == .accepted)
        #expect(receipt.phase == .offered)
        #expect(receipt.recordHash.count == 32)
        let history = try stage.history(id)
        #expect(history.map(\.event.type) == ["submitted", "queued", "offered"])
        #expect(history.map(\.header.sequence) == [1, 2, 3])
        #expect(history[0].header.payload != nil)
        #expect(history.allSatisfy { $0.header.time == stage.now && $0.header.salt.count == 16 })
        let row = try #require(try stage.flow.cases(of: EngineStage.town, limit: 10).first)
        #expect(row.id == id && row.phase == .offered && row.version == 3 && row.department == EngineStage.cardiology)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
    }

    @Test("Two hundred copies become one case and every answer names it", arguments: [true, false])
    func copies(together: Bool) throws {
        let stage = try EngineStage()
        let application = EngineStage.application("HZ-1")
        let inputs = try (0..<200)
            .map { index in
                try stage.submission(application, message: "M1", door: [.mllp, .exchange, .fhir][index % 3])
            }
        let results = together ? stage.step(inputs).results : inputs.map { stage.step([$0]).results[0] }
        let receipts = try results.map { try $0.get() }
        #expect(Set(receipts.compactMap(\.caseID)).count == 1)
        #expect(receipts[0].outcome == .accepted)
        #expect(receipts.dropFirst().allSatisfy { $0.outcome == .alreadyReceived })
        #expect(try stage.history(try #require(receipts[0].caseID)).count == 3)
        #expect(try stage.rebuildsEqually())
    }

    @Test("A copy under another message id joins its case, once")
    func joined() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let copy = try stage.submission(EngineStage.application("HZ-1"), message: "other", door: .fhir)
        for _ in 0..<3 {
            let receipt = try stage.one(copy)
            #expect(receipt.caseID == id && receipt.outcome == .alreadyReceived)
        }
        #expect(try stage.history(id).map(\.event.type) == ["submitted", "queued", "offered", "joined"])
    }

    @Test("The same request written at another time is the same request")
    func transport() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let again = EngineStage.application("HZ-1") { $0[.authoredOn] = "2026-03-02T10:00:00+08:00" }
        let receipt = try stage.one(try stage.submission(again))
        #expect(receipt.caseID == id && receipt.outcome == .alreadyReceived)
    }

    @Test("Changed content before acceptance is an amendment that lists what changed, and once only")
    func amended() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let changed = EngineStage.application("HZ-1") {
            $0[.summary] = "胸痛四天"
            $0[.allergies] = "青霉素"
        }
        let message = try stage.submission(changed, message: "M-amend")
        #expect(try stage.one(message).outcome == .amended(["request.allergies", "request.summary"]))
        #expect(try stage.one(message).outcome == .alreadyReceived)
        let view = try stage.cases.view(
            id,
            as: stage.actor(EngineStage.node(EngineStage.town)),
            in: stage.ledger.network
        )
        #expect(view.record.application?[.summary] == "胸痛四天")
        #expect(view.record.application?[.patientName] == "李昞")
    }

    @Test("A late retry of the first message does not take an amendment back")
    func lateRetry() throws {
        let stage = try EngineStage()
        let first = try stage.submission(EngineStage.application("HZ-1"), message: "A")
        let id = try #require(try stage.one(first).caseID)
        _ = try stage.one(try stage.submission(EngineStage.application("HZ-1") { $0[.summary] = "改" }, message: "B"))
        let version = try stage.facts(id).version
        #expect(try stage.one(first).outcome == .alreadyReceived)
        #expect(try stage.facts(id).version == version)
    }

    @Test("An element that a copy does not carry is not a change")
    func absent() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let receipt = try stage.one(
            try stage.submission(EngineStage.application("HZ-1") { $0[.reason] = nil }, message: "short")
        )
        #expect(receipt.caseID == id && receipt.outcome == .alreadyReceived)
    }

    @Test("After acceptance a new summary reaches the performer as one note, and a new patient is refused")
    func afterAcceptance() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let performer = try stage.invited(id)
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: EngineStage.doctor(performer)))
        let note = try stage.submission(EngineStage.application("HZ-1") { $0[.summary] = "更重" }, message: "N")
        #expect(try stage.one(note).outcome == .noted)
        #expect(try stage.one(note).outcome == .alreadyReceived)
        #expect(try stage.history(id).count { $0.event.type == "noted" } == 1)
        let view = try stage.cases.view(id, as: stage.actor(EngineStage.doctor(performer)), in: stage.ledger.network)
        #expect(view.record.notes.map(\.text) == ["request.summary: 更重"])
        let other = try stage.submission(EngineStage.application("HZ-1") { $0[.patientName] = "别人" })
        #expect(stage.refusal(other) == Refusal(.amendmentTooLate, at: "patient.name"))
    }

    @Test("Request numbers differ by site, and white space or case in them does not matter")
    func requestNumbers() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let other = try stage.one(
            try stage.submission(EngineStage.application("HZ-1"), from: EngineStage.node(EngineStage.county))
        )
        #expect(other.caseID != id && other.outcome == .accepted)
        let spaced = try stage.one(try stage.submission(EngineStage.application(" hz-1 ")))
        #expect(spaced.caseID == id)
    }

    @Test("A sender that counts its messages from one every day loses nothing")
    func restartedNumbers() throws {
        let stage = try EngineStage()
        var ids: Set<CaseID> = []
        for day in 0..<3 {
            for number in 0..<3 {
                // The adapters put the day of MSH-7 before MSH-10; without it, the request number alone decides.
                let input = try stage.submission(EngineStage.application("HZ-\(day)-\(number)"), message: "\(number)")
                ids.insert(try #require(try stage.one(input).caseID))
            }
            stage.advance(.days(1))
        }
        #expect(ids.count == 9)
        #expect(try stage.rebuildsEqually())
    }

    @Test("One engine submits for the sites that granted it, and is refused for a third")
    func actsFor() throws {
        let stage = try EngineStage()
        let engine = EngineStage.node(EngineStage.county)
        try stage.change(.grantActsFor(engine, EngineStage.town), by: EngineStage.administrator(EngineStage.town))
        let granted = try stage.one(
            try stage.submission(EngineStage.application("HZ-1"), from: engine, for: EngineStage.town)
        )
        let facts = try stage.facts(try #require(granted.caseID))
        #expect(facts.requester.site == EngineStage.town && facts.via == EngineStage.county)
        let denied = try stage.submission(EngineStage.application("HZ-2"), from: engine, for: EngineStage.city)
        #expect(stage.refusal(denied) == Refusal(.actsForDenied, at: "site"))
        try stage.change(.removeActsFor(engine, EngineStage.town), by: EngineStage.administrator(EngineStage.town))
        let late = try stage.submission(EngineStage.application("HZ-3"), from: engine, for: EngineStage.town)
        #expect(stage.refusal(late) == Refusal(.actsForDenied, at: "site"))
    }

    @Test("Strangers, the revoked and the suspended are refused; a node without the role too")
    func principals() throws {
        let stage = try EngineStage()
        let stranger = Principal(site: EngineStage.town, kind: .node, name: "stranger")
        #expect(
            stage.refusal(try stage.submission(EngineStage.application("HZ-1"), from: stranger))?.code
                == .principalUnknown
        )
        try stage.change(
            .removeGrant(EngineStage.node(EngineStage.town), .requester),
            by: EngineStage.administrator(EngineStage.town)
        )
        #expect(stage.refusal(try stage.submission(EngineStage.application("HZ-1")))?.code == .notPermitted)
        let outcome = stage.step([
            .network(
                .revoke(EngineStage.node(EngineStage.town)),
                by: EngineStage.administrator(EngineStage.town),
                payload: nil
            )
        ])
        #expect(outcome.effects.revoked && outcome.network != nil)
        #expect(stage.refusal(try stage.submission(EngineStage.application("HZ-1")))?.code == .principalRevoked)
        try stage.change(
            .setStatus(EngineStage.county, .suspended),
            by: EngineStage.administrator(EngineStage.capital)
        )
        let suspended = try stage.submission(
            EngineStage.application("HZ-1"),
            from: EngineStage.node(EngineStage.county)
        )
        #expect(stage.refusal(suspended)?.code == .siteSuspended)
    }

    @Test("A case without consent waits, is offered to nobody, and goes on when consent is recorded")
    func consentLater() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", consent: false)
        #expect(try stage.facts(id).phase == .infoNeeded)
        #expect(try stage.flow.offers(of: id).isEmpty)
        var consent = Elements<Element>()
        consent[.consentBasis] = "written"
        consent[.consentReference] = "GD-18"
        let receipt = try stage.one(
            stage.act(.recordConsent(consent), on: id, by: EngineStage.doctor(EngineStage.town))
        )
        #expect(receipt.phase == .offered)
        #expect(try stage.rebuildsEqually())
    }

    @Test("A department that no table knows is held, durable and said so")
    func held() throws {
        let stage = try EngineStage()
        let application = EngineStage.application("HZ-1") { $0[.wantedDepartment] = nil }
        var submission = Submission(intent: .application(application), format: .hl7v2)
        submission.departmentUnmapped = true
        let receipt = try stage.one(
            .submit(
                try stage.intake.prepare(
                    application,
                    of: submission,
                    source: [1, 2, 3],
                    sourceType: "x-application/hl7-v2+er7",
                    from: EngineStage.node(EngineStage.town),
                    for: try #require(stage.ledger.network.sites[EngineStage.town]),
                    through: .mllp,
                    at: stage.now,
                    entropy: &stage.entropy
                )
            )
        )
        #expect(receipt.outcome == .held && receipt.phase == .infoNeeded)
    }
}
