import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Rebuilding and verifying")
struct RebuildTests {
    @Test("After any history a rebuild gives the same bytes, also after erasures", arguments: 1...12)
    func equal(seed: UInt64) throws {
        let stage = try EngineStage(seed: seed, capacities: [EngineStage.county: 1, EngineStage.city: 2])
        var history = EngineHistory(stage: stage, seed: seed)
        for round in 0..<80 {
            history.step()
            if round % 10 == 9 { history.deliver() }
        }
        #expect(try stage.rebuildsEqually())
        for id in history.cases.prefix(5) { try stage.one(.erase(id, by: "test")) }
        #expect(try stage.rebuildsEqually())
        #expect(try stage.memoryFitsStore())
        #expect(try Rebuild.verify(stage.store) == stage.flow.recordCount())
    }

    @Test("One message id in two cases is remembered for both, whichever was first")
    func sharedMessage() throws {
        let stage = try EngineStage()
        // Prepared first, committed second: its identifier is the lower one.
        let early = try stage.submission(EngineStage.application("HZ-1"), message: "M")
        stage.advance(.seconds(1))
        let late = try stage.submission(EngineStage.application("HZ-2"), message: "M")
        #expect(try stage.one(late).outcome == .accepted)
        #expect(try stage.one(early).outcome == .accepted)
        #expect(try stage.rebuildsEqually())
        #expect(try stage.one(early).outcome == .alreadyReceived)
        #expect(try stage.one(late).outcome == .alreadyReceived)
    }

    @Test("A rebuild resends nothing: bytes and attempts of deliveries stay")
    func deliveriesStay() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let row = try #require(try stage.flow.deliveries(of: EngineStage.county, limit: 5).first)
        #expect(row.caseID == id)
        try stage.one(.fixDelivery(row.id, controlID: "C1", bytes: [1, 2, 3]))
        try stage.one(.deliveryOutcome(row.id, .acknowledged, by: EngineStage.node(EngineStage.county)))
        #expect(try stage.rebuildsEqually())
        #expect(try stage.flow.deliveries(of: EngineStage.county, limit: 5).isEmpty)
        #expect(try stage.flow.fixedDelivery(row.id)?.bytes == [1, 2, 3])
    }

    private func tamperedStage() throws -> (EngineStage, CaseID) {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        try stage.one(
            .accesses([
                AccessEntry(
                    caseID: id,
                    principal: EngineStage.doctor(EngineStage.town),
                    site: EngineStage.town,
                    content: .application,
                    firstAt: stage.now,
                    count: 1
                )
            ])
        )
        let row = try #require(try stage.flow.deliveries(of: EngineStage.county, limit: 5).first)
        try stage.one(.deliveryOutcome(row.id, .acknowledged, by: nil))
        #expect(try Rebuild.verify(stage.store) == stage.flow.recordCount())
        return (stage, id)
    }

    private func tamper(_ statement: String, _ values: (CaseID) throws -> [SQLValue]) throws {
        let (stage, id) = try tamperedStage()
        let changed = try stage.store.write { try $0.execute(SQL(statement), try values(id)) }
        #expect(changed > 0)
        #expect(throws: RecordError.self) { try Rebuild.verify(stage.store) }
    }

    @Test("Each edited record shows", arguments: 1...3)
    func edited(sequence: Int) throws {
        let (stage, id) = try tamperedStage()
        let record = try stage.store.read {
            try $0.first(
                "SELECT record FROM events WHERE kind = 1 AND stream = $1 AND sequence = $2",
                [.identifier(id), .int(sequence)]
            ) { $0.blob(0) }
        }
        var bytes = try #require(record)
        bytes[bytes.count / 2] ^= 1
        try stage.store.write {
            try $0.execute(
                "UPDATE events SET record = $1 WHERE kind = 1 AND stream = $2 AND sequence = $3",
                [.blob(bytes), .identifier(id), .int(sequence)]
            )
        }
        #expect(throws: RecordError.self) { try Rebuild.verify(stage.store) }
    }

    @Test("A changed hash shows")
    func changedHash() throws {
        try tamper("UPDATE events SET hash = $1 WHERE kind = 1 AND stream = $2 AND sequence = 2") { id in
            [.blob([UInt8](repeating: 7, count: 32)), .identifier(id)]
        }
    }

    @Test("A deleted record shows: the first, one in between, and the last", arguments: 1...3)
    func deleted(sequence: Int) throws {
        try tamper("DELETE FROM events WHERE kind = 1 AND stream = $1 AND sequence = $2") { id in
            [.identifier(id), .int(sequence)]
        }
    }

    @Test("A deleted stream shows: of a case, of its deliveries, of its disclosures", arguments: 1...3)
    func deletedStream(kind: Int) throws {
        try tamper("DELETE FROM events WHERE kind = $1") { _ in [.int(kind)] }
    }

    @Test("Two records that changed places show")
    func swapped() throws {
        let (stage, id) = try tamperedStage()
        let events = try stage.store.read { connection in
            try connection.all(
                "SELECT record, hash FROM events WHERE kind = 1 AND stream = $1 ORDER BY sequence",
                [.identifier(id)]
            ) { ($0.blob(0), $0.blob(1)) }
        }
        try stage.store.write { connection in
            for (sequence, source) in [(1, 1), (2, 0)] {
                try connection.execute(
                    "UPDATE events SET record = $1, hash = $2 WHERE kind = 1 AND stream = $3 AND sequence = $4",
                    [.blob(events[source].0), .blob(events[source].1), .identifier(id), .int(sequence)]
                )
            }
        }
        #expect(throws: RecordError.self) { try Rebuild.verify(stage.store) }
    }

    @Test("A verification that is no longer wanted ends at the next page")
    func unwanted() throws {
        let stage = try EngineStage()
        for number in 1...8 { _ = try stage.submit("HZ-\(number)") }
        var pages = 0
        let count = try Rebuild.verify(stage.store) {
            pages += 1
            return true
        }
        #expect(try count == stage.flow.recordCount())
        #expect(pages > StreamKind.allCases.count)
        for wanted in 0..<pages {
            var asked = 0
            #expect(throws: CancellationError.self) {
                try Rebuild.verify(stage.store) {
                    asked += 1
                    return asked <= wanted
                }
            }
            #expect(asked == wanted + 1)
        }
    }

    @Test("Between two pages of a verification the ledger is written and its WAL emptied, and the records still hold")
    func unpinned() throws {
        let stage = try EngineStage()
        _ = try stage.submit("HZ-1")
        var pages = 0
        let count = try Rebuild.verify(stage.store) {
            pages += 1
            #expect(throws: Never.self) {
                _ = try stage.submit("HZ-1\(pages)")
                try stage.store.checkpoint(.restart)
            }
            return pages < 100
        }
        let records = try stage.flow.recordCount()
        #expect(count > 0 && count <= records)
    }

    @Test("A record moved to another stream shows")
    func moved() throws {
        try tamper("UPDATE events SET stream = $1 WHERE kind = 1 AND stream = $2") { id in
            [.identifier(CaseID(high: id.high, low: id.low ^ 1)), .identifier(id)]
        }
    }
}
