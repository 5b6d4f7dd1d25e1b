import ConsiliumCore
import Dispatch
import Foundation
import GRDB
import Synchronization
import Testing

@testable import ConsiliumLedger

@Suite("Store")
struct StoreTests {
    static let schema: [[ConsiliumLedger.SQL]] = [
        ["CREATE TABLE item (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)"],
        ["CREATE TABLE part (item BIGINT NOT NULL REFERENCES item (id), name TEXT NOT NULL CHECK (name <> ''))"],
    ]
    static let insert: ConsiliumLedger.SQL = "INSERT INTO item (id, body) VALUES ($1, $2)"
    static let count: ConsiliumLedger.SQL = "SELECT count(*) FROM item"

    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder("ledger.db"))
        try store.migrate(Self.schema)
    }

    func rows() throws -> Int { try store.read { try $0.first(Self.count) { $0.int(0) } ?? -1 } }

    @Test("A commit syncs the WAL fully, and the setting is read back")
    func synchronous() throws {
        let value = try store.write { try $0.first("PRAGMA synchronous") { $0.int(0) } }
        #expect(value == 2)
    }

    @Test("The file and its companions are readable by their owner alone")
    func permissions() throws {
        for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
            let mode = try FileManager.default.attributesOfItem(atPath: folder(name))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test("A body that throws leaves nothing, and its error comes out as it is")
    func undone() throws {
        struct Refused: Error {}
        #expect(throws: Refused.self) {
            try store.write { connection in
                try connection.execute(Self.insert, [.int(1), .blob([1])])
                throw Refused()
            }
        }
        #expect(try rows() == 0)
        try store.write { try $0.execute(Self.insert, [.int(1), .blob([1])]) }
        #expect(try rows() == 1)
    }

    @Test("One refused command in a group does not touch its neighbours")
    func savepoints() throws {
        try store.write { connection in
            for id in [1, 2, 2, 3] {
                try? connection.savepoint {
                    try connection.execute("INSERT INTO item VALUES ($1, $2)", [.int(id + 100), .blob([])])
                    try connection.execute(Self.insert, [.int(id), .blob([])])
                }
            }
        }
        let ids = try store.read { try $0.all("SELECT id FROM item ORDER BY id") { $0.int(0) } }
        #expect(ids == [1, 2, 3, 101, 102, 103])
    }

    @Test("Savepoints nest: an inner failure leaves the outer part")
    func nested() throws {
        struct Inner: Error {}
        try store.write { connection in
            try connection.savepoint {
                try connection.execute(Self.insert, [.int(1), .blob([])])
                try? connection.savepoint {
                    try connection.execute(Self.insert, [.int(2), .blob([])])
                    throw Inner()
                }
                try connection.execute(Self.insert, [.int(3), .blob([])])
            }
        }
        #expect(try store.read { try $0.all("SELECT id FROM item ORDER BY id") { $0.int(0) } } == [1, 3])
    }

    @Test("A constraint's error names what it guards")
    func constraints() throws {
        func failure(_ sql: ConsiliumLedger.SQL) -> StoreError? {
            do {
                try store.write { _ = try $0.execute(sql) }
                return nil
            } catch { return error as? StoreError }
        }
        #expect(failure("INSERT INTO item VALUES (1, NULL)")?.code == .constraint("item.body"))
        #expect(failure("INSERT INTO part VALUES (9, 'x')")?.code == .constraint("FOREIGN KEY constraint failed"))
        #expect(failure("INSERT INTO part VALUES (NULL, 'x')")?.code == .constraint("part.item"))
        if case .constraint = failure("INSERT INTO part VALUES (1, '')")?.code {} else { Issue.record("no check") }
    }

    @Test("RETURNING tells a new row from one that was there")
    func returning() throws {
        let sql: ConsiliumLedger.SQL =
            "INSERT INTO item (id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id"
        let answers = try store.write { connection in
            try (0..<2).map { _ in try connection.first(sql, [.int(7), .blob([])]) { $0.int(0) } }
        }
        #expect(answers == [7, nil])
        #expect(try rows() == 1)
    }

    @Test("execute counts the rows it changed")
    func changes() throws {
        let changed = try store.write { connection in
            [
                try connection.execute(Self.insert, [.int(1), .blob([])]),
                try connection.execute("INSERT INTO item VALUES (1, x'') ON CONFLICT DO NOTHING"),
                try connection.execute("UPDATE item SET body = $1 WHERE id > $2", [.blob([1]), .int(0)]),
                try connection.execute("DELETE FROM item WHERE id = $1", [.int(5)]),
            ]
        }
        #expect(changed == [1, 0, 1, 0])
    }

    @Test("The same statement may run inside its own rows")
    func reentrant() throws {
        try store.write { for id in 1...3 { try $0.execute(Self.insert, [.int(id), .blob([])]) } }
        var pairs = 0
        try store.read { connection in
            let sql: ConsiliumLedger.SQL = "SELECT id FROM item"
            try connection.query(sql) { _ in try connection.query(sql) { _ in pairs += 1 } }
        }
        #expect(pairs == 9)
    }

    @Test("A write inside a read is refused")
    func readOnly() throws {
        #expect(throws: StoreError(.readOnly, "")) {
            try store.read { try $0.execute(Self.insert, [.int(1), .blob([])]) }
        }
    }

    @Test("Readers on other threads see whole transactions and one snapshot each")
    func concurrentReaders() throws {
        let store = self.store
        let broken = Broken()
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            do {
                for round in 0..<100 {
                    if worker == 0 {
                        try store.write { connection in
                            for part in 0..<4 {
                                try connection.execute(Self.insert, [.int(round * 4 + part), .blob([1])])
                            }
                        }
                    } else {
                        try store.read { connection in
                            let first = try connection.first(Self.count) { $0.int(0) } ?? -1
                            let second = try connection.first(Self.count) { $0.int(0) } ?? -1
                            if first % 4 != 0 || first != second { broken.note() }
                        }
                    }
                }
            } catch { broken.note() }
        }
        #expect(broken.count == 0)
        #expect(try rows() == 400)
    }

    @Test("Each writing transaction counts as one commit and one that only looks does not")
    func counters() throws {
        let before = store.counters.commits
        for id in 1...3 { try store.write { _ = try $0.execute(Self.insert, [.int(id), .blob([])]) } }
        try store.write { _ = try $0.first(Self.count) { $0.int(0) } }
        #expect(store.counters.commits == before + 3)
        #expect(store.counters.walPages > 0)
    }

    @Test("A checkpoint moves what was committed, and truncate leaves no byte in the WAL")
    func checkpoint() throws {
        let secret = Array("not to be found after erasure".utf8)
        try store.write { _ = try $0.execute(Self.insert, [.int(1), .blob(secret)]) }
        let moved = try store.checkpoint()
        #expect(moved.walPages == moved.movedPages && moved.movedPages > 0)
        #expect(contains(try DurableFile.read(folder("ledger.db")), secret))
        try store.write { _ = try $0.execute("DELETE FROM item WHERE id = 1") }
        _ = try store.checkpoint(.truncate)
        #expect(try DurableFile.read(folder("ledger.db-wal")).isEmpty)
        for (name, bytes) in bytesBelow(folder.path) { #expect(!contains(bytes, secret), "\(name)") }
    }

    @Test("A copy taken while writers go on holds whole transactions and is sound")
    func backup() throws {
        let store = self.store
        for id in 0..<200 {
            try store.write { _ = try $0.execute(Self.insert, [.int(id), .blob(.init(repeating: 1, count: 900))]) }
        }
        let broken = Broken()
        let copy = folder("copy.db")
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            do {
                if worker == 0 {
                    for id in 100..<200 {
                        try store.write { connection in
                            try connection.execute(Self.insert, [.int(id * 10 + 100_000), .blob([])])
                            try connection.execute(Self.insert, [.int(id * 10 + 100_001), .blob([])])
                        }
                    }
                } else {
                    try store.backup(to: copy)
                }
            } catch { broken.note() }
        }
        #expect(broken.count == 0)
        let restored = try Store(path: copy)
        #expect(try restored.integrityCheck().isEmpty)
        let found = try restored.read { try $0.first(Self.count) { $0.int(0) } ?? -1 }
        #expect(found >= 200 && found % 2 == 0)
        #expect(throws: StoreError.self) { try store.backup(to: copy) }
    }
}

/// Counts what went wrong on other threads.
final class Broken: Sendable {
    private let noted = Atomic<Int>(0)
    func note() { noted.wrappingAdd(1, ordering: .relaxed) }
    var count: Int { noted.load(ordering: .relaxed) }
}
