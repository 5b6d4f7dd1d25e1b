import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Writing a history")
struct HistoryWriterTests {
    private static let generation = Generation(seed: 1, version: 1)

    @Test("Timers fire when they are due, not when the caller looks again")
    func timers() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let lease = try #require(try stage.ledger.append { try $0.state(of: id)?.offers.first?.leaseDue })
        try stage.ledger.append { try $0.pass(to: lease + .days(2)) }
        let history = try stage.store.read { try CaseFolder($0).history(id) }
        let lapsed = try #require(history.first { $0.event.type == "lapsed" })
        #expect(lapsed.header.time == lease)
        #expect(try stage.rebuildsEqually())
        #expect(try stage.memoryFitsStore())
    }

    @Test("A history says which cases changed, and how many records it wrote")
    func changes() throws {
        let stage = try EngineStage()
        let before = stage.ledger.recordsWritten
        let submission = try stage.submission(EngineStage.application("HZ-1"), message: "M")
        let receipt = try stage.ledger.append { writer in
            let receipt = try writer.carryOut(submission)
            let changes = writer.takeChanges()
            #expect(changes.cases.contains(try #require(receipt.caseID)))
            #expect(writer.takeChanges().cases.isEmpty)
            return receipt
        }
        #expect(stage.ledger.recordsWritten - before == receipt.version)
    }

    @Test("What fails in the middle leaves nothing, and the ledger goes on")
    func undone() throws {
        let stage = try EngineStage()
        let before = try stage.flow.recordCount()
        let submission = try stage.submission(EngineStage.application("HZ-1"), message: "M")
        #expect(throws: RecordError.self) {
            try stage.ledger.append { writer in
                try writer.carryOut(submission)
                throw RecordError("no more")
            }
        }
        #expect(try stage.flow.recordCount() == before)
        #expect(try stage.memoryFitsStore())
        try stage.submit("HZ-2")
        #expect(try stage.rebuildsEqually())
    }

    @Test("A refused command changes nothing, and the history goes on without it")
    func refused() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let stranger = PreparedAct(
            principal: EngineStage.doctor(EngineStage.second),
            reference: .id(id),
            act: .start
        )
        try stage.ledger.append { writer in
            #expect(throws: Refusal(.notFound)) { try writer.carryOut(.act(stranger)) }
            try writer.pass(to: writer.now + .minutes(1))
        }
        #expect(try stage.rebuildsEqually())
    }

    @Test("An event without a command needs a case that has begun, and a time that is not over")
    func impossible() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        stage.advance(.hours(1))
        stage.step()
        try stage.ledger.append { writer in
            let actor = try writer.network.actor(EngineStage.doctor(EngineStage.town))
            let place = try #require(writer.network.sites[EngineStage.county]?.place)
            #expect(throws: RecordError.self) {
                try writer.append([.transferred(place)], to: CaseID(high: 1, low: 1), by: actor)
            }
            try writer.append([.transferred(place)], to: id, by: actor, at: writer.now + .days(1))
            // The record of tomorrow stands; nothing can come before it now.
            #expect(throws: RecordError.self) { try writer.append([.receivedBelow(place)], to: id, by: actor) }
        }
        #expect(try stage.rebuildsEqually())
    }

    @Test("A ledger is marked as generated once, and the mark stays through a restart")
    func marked() throws {
        let stage = try EngineStage()
        try stage.ledger.append { writer in
            try writer.mark(Self.generation)
            #expect(throws: RecordError.self) { try writer.mark(Self.generation) }
        }
        #expect(stage.ledger.network.generation == Self.generation)
        try stage.restart()
        #expect(stage.ledger.network.generation == Self.generation)
        #expect(try Rebuild.verify(stage.store) == stage.flow.recordCount())
    }
}
