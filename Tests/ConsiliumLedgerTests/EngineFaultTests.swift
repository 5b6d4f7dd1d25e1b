import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("The engine under faults")
struct EngineFaultTests {
    @Test("A full disk fails the whole group, nothing is acknowledged, and later messages work")
    func full() throws {
        var options = Store.Options()
        options.pageLimit = 260
        options.cacheKiB = 64
        let stage = try EngineStage(storeOptions: options)
        let large = stage.entropy.bytes(60_000)
        var acknowledged: [CaseID] = []
        var failures = 0
        for index in 0..<40 {
            let inputs = [
                try stage.submission(EngineStage.application("HZ-\(index)"), source: large),
                try stage.submission(EngineStage.application("small-\(index)")),
            ]
            for result in stage.step(inputs).results {
                switch result {
                case .success(let receipt): acknowledged.append(try #require(receipt.caseID))
                case .failure(.store(let error)):
                    #expect(error.code == .full)
                    failures += 1
                case .failure(let other): Issue.record("\(other)")
                }
            }
        }
        #expect(failures > 0 && !acknowledged.isEmpty)
        for id in acknowledged { #expect(try stage.cases.facts(id) != nil) }
        #expect(try stage.flow.cases(of: EngineStage.town, limit: 1_000).count == acknowledged.count)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.store.integrityCheck().isEmpty)
        // Room again: erasing what came first makes some.
        for id in acknowledged.prefix(4) { try stage.one(.erase(id, by: "test")) }
        let later = try stage.one(try stage.submission(EngineStage.application("later")))
        #expect(later.outcome == .accepted)
        #expect(try stage.rebuildsEqually())
    }

    @Test("A group that failed while nobody could read is not kept in memory")
    func unreadable() throws {
        let stage = try EngineStage()
        try stage.store.write {
            _ = try $0.execute(
                "CREATE TRIGGER no BEFORE UPDATE ON measure_state BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        }
        let input = try stage.submission(EngineStage.application("HZ-1"))
        // The writer goes on with the file that it has open; a reader would have to open one.
        try FileManager.default.moveItem(atPath: stage.folder("ledger.db"), toPath: stage.folder("away"))
        let outcome = stage.step([input])
        try FileManager.default.moveItem(atPath: stage.folder("away"), toPath: stage.folder("ledger.db"))
        #expect(throws: (any Error).self) { try outcome.results[0].get() }
        try stage.store.write { _ = try $0.execute("DROP TRIGGER no") }
        try stage.submit("HZ-2")
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
        #expect(try stage.one(input).outcome == .accepted)
        #expect(try stage.rebuildsEqually())
    }

    @Test("Cases whose offers were undone with their group are offered by a later one")
    func dispatchedAgain() throws {
        var options = Ledger.Options()
        options.dispatchPerStep = 2
        let sites = [EngineStage.county, EngineStage.city, EngineStage.capital, EngineStage.second]
        let stage = try EngineStage(
            capacities: Dictionary(uniqueKeysWithValues: sites.map { ($0, 0) }),
            options: options
        )
        let ids = try (1...3).map { try stage.submit("HZ-\($0)") }
        #expect(try ids.allSatisfy { try stage.facts($0).phase == .queued })
        try stage.change(
            .setCapacity(EngineStage.county, EngineStage.cardiology, 5),
            by: EngineStage.administrator(EngineStage.county)
        )
        func offered() throws -> Int { try ids.count { try stage.facts($0).phase == .offered } }
        #expect(try offered() == 2)
        try stage.store.write {
            _ = try $0.execute(
                "CREATE TRIGGER no BEFORE UPDATE ON measure_state BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        }
        #expect(stage.step().hasMore)
        #expect(try offered() == 2)
        try stage.store.write { _ = try $0.execute("DROP TRIGGER no") }
        while stage.step().hasMore {}
        #expect(try offered() == 3)
        #expect(try stage.rebuildsEqually())
    }

    @Test("A large attachment whose commit failed can be sent again")
    func largeAttachmentAgain() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let changed = EngineStage.application("HZ-1") {
            $0.attachments = [
                Attachment(
                    title: "CT",
                    contentType: "application/dicom",
                    bytes: (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
                )
            ]
        }
        let input = try stage.submission(changed, message: "large")
        try stage.store.write {
            try $0.execute(
                "CREATE TRIGGER no BEFORE INSERT ON blobs BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        }
        #expect(throws: (any Error).self) { try stage.one(input) }
        try stage.store.write { try $0.execute("DROP TRIGGER no") }
        #expect(try stage.one(input).outcome == .amended(["attachments"]))
        let view = try stage.cases.view(
            id,
            as: stage.actor(EngineStage.node(EngineStage.town)),
            in: stage.ledger.network
        )
        let document = try #require(view.record.documents.first)
        #expect(try stage.cases.blob(id, part: document.id) == changed.attachments[0].bytes)
    }

    @Test("A record of an unknown type or version stops a hub from opening, with a clear error and no damage")
    func unknownRecords() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let epoch = stage.ledger.epoch
        for (type, version) in [("teleported", 1), ("submitted", 2)] {
            try stage.store.write {
                try $0.execute(Statements.insertRecordType, [.int(1), .text(type), .int(version)])
            }
            let error = #expect(throws: RecordError.self) { try stage.restart() }
            #expect("\(String(describing: error))".contains(type))
            try stage.store.write {
                try $0.execute(
                    "DELETE FROM record_types WHERE type = $1 AND version = $2",
                    [.text(type), .int(version)]
                )
            }
        }
        try stage.restart()
        #expect(stage.ledger.epoch == epoch + 1)
        #expect(try stage.facts(id).phase == .offered)
    }

    @Test("The network's stream is read at start: an unknown event in it is refused")
    func unknownNetworkEvent() throws {
        let stage = try EngineStage()
        let header = RecordHeader(
            stream: .network,
            sequence: stage.ledger.networkSequence + 1,
            type: "merged",
            time: stage.now,
            actor: nil,
            site: nil,
            salt: [UInt8](repeating: 1, count: 16),
            payload: nil
        )
        let record = header.encode { _ in }
        try stage.store.write {
            try $0.execute(
                Statements.insertEvent,
                [
                    .int(0), .identifier(StreamID.network.id), .int(header.sequence), .blob(record),
                    .blob(leafHash(record)),
                ]
            )
        }
        #expect(throws: RecordError.self) { try stage.restart() }
    }

    @Test("A case whose stream cannot be read stops no timer of another case")
    func unreadableCase() throws {
        let stage = try EngineStage()
        let broken = try stage.submit("HZ-1", priority: .asap)
        let sound = try stage.submit("HZ-2", priority: .asap)
        try stage.store.write {
            try $0.execute(
                "UPDATE events SET record = $1 WHERE kind = 1 AND stream = $2 AND sequence = 2",
                [.blob(Array("{}".utf8)), .identifier(broken)]
            )
        }
        stage.ledger.recent.removeAll()
        stage.advance(.minutes(16))
        let outcome = stage.step()
        #expect(Set(outcome.effects.failures.keys) == [broken])
        #expect(try stage.invited(sound) == EngineStage.city)
        #expect(try #require(outcome.nextDeadline) > stage.now)
    }

    @Test("After any step, what is in memory is what a freshly opened ledger holds", arguments: 1...6)
    func memory(seed: UInt64) throws {
        let stage = try EngineStage(seed: seed, capacities: [EngineStage.county: 1, EngineStage.city: 1])
        var history = EngineHistory(stage: stage, seed: seed)
        for _ in 0..<60 {
            history.step()
            #expect(try stage.memoryFitsStore())
        }
        let before = stage.ledger.network.version
        try stage.restart()
        #expect(stage.ledger.network.version == before)
        #expect(try stage.memoryFitsStore())
    }
}
