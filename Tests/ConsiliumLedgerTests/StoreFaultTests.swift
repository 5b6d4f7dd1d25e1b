import Foundation
import GRDB
import Testing

@testable import ConsiliumLedger

@Suite("Store under faults")
struct StoreFaultTests {
    static let insert: ConsiliumLedger.SQL = "INSERT INTO item (id, body) VALUES ($1, $2)"

    private func small(_ folder: TemporaryFolder, pages: Int) throws -> Store {
        var options = Store.Options()
        options.pageLimit = pages
        options.cacheKiB = 64
        let store = try Store(path: folder("ledger.db"), options: options)
        try store.migrate([["CREATE TABLE item (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)"]])
        return store
    }

    private func count(_ store: Store) throws -> Int {
        try store.read { try $0.first("SELECT count(*) FROM item") { $0.int(0) } ?? -1 }
    }

    @Test("A full disk is said as such, nothing of the transaction stays, and smaller writes go on")
    func full() throws {
        let folder = try TemporaryFolder()
        let store = try small(folder, pages: 24)
        try store.write { _ = try $0.execute(Self.insert, [.int(1), .blob([1])]) }
        #expect(throws: StoreError(.full, "")) {
            try store.write { connection in
                try connection.execute(Self.insert, [.int(2), .blob([])])
                try connection.execute(Self.insert, [.int(3), .blob(.init(repeating: 7, count: 200_000))])
            }
        }
        #expect(try count(store) == 1)
        try store.write { _ = try $0.execute(Self.insert, [.int(4), .blob([1])]) }
        #expect(try count(store) == 2)
        #expect(try store.integrityCheck().isEmpty)
    }

    @Test("A command that fills the disk inside a savepoint never turns its neighbours into single commits")
    func fullInSavepoint() throws {
        let folder = try TemporaryFolder()
        let store = try small(folder, pages: 24)
        let before = store.counters.commits
        var swallowed: (any Error)?
        let outcome = Result {
            try store.write { connection in
                try connection.savepoint { try connection.execute(Self.insert, [.int(1), .blob([])]) }
                do {
                    try connection.savepoint {
                        try connection.execute(Self.insert, [.int(2), .blob(.init(repeating: 7, count: 200_000))])
                    }
                } catch { swallowed = error }
                try connection.savepoint { try connection.execute(Self.insert, [.int(3), .blob([])]) }
            }
        }
        #expect(swallowed as? StoreError == StoreError(.full, ""))
        switch outcome {
        case .success:
            #expect(try count(store) == 2)
            #expect(store.counters.commits == before + 1)
        case .failure:
            #expect(try count(store) == 0)
            #expect(store.counters.commits == before)
        }
    }

    @Test("When SQLite undoes everything, the rest of the body and the write itself fail")
    func undoneByItself() throws {
        let folder = try TemporaryFolder()
        let store = try small(folder, pages: 1_000)
        try store.write { connection in
            try connection.execute(
                """
                CREATE TRIGGER giveUp BEFORE INSERT ON item WHEN new.id = 2
                BEGIN SELECT RAISE(ROLLBACK, 'given up'); END
                """
            )
        }
        var later: (any Error)?
        #expect(throws: StoreError(.constraint("given up"), "")) {
            try store.write { connection in
                try connection.execute(Self.insert, [.int(1), .blob([])])
                try? connection.savepoint { _ = try connection.execute(Self.insert, [.int(2), .blob([])]) }
                do { try connection.execute(Self.insert, [.int(3), .blob([])]) } catch { later = error }
            }
        }
        #expect(later as? StoreError == StoreError(.rolledBack, ""))
        #expect(try count(store) == 0)
        try store.write { _ = try $0.execute(Self.insert, [.int(1), .blob([])]) }
        #expect(try count(store) == 1)
    }

    @Test("A file that is no database is refused and left as it is")
    func notADatabase() throws {
        let folder = try TemporaryFolder()
        let text = Array(String(repeating: "A report, not a database. ", count: 100).utf8)
        try DurableFile.create(folder("ledger.db"), contents: text)
        #expect(throws: StoreError(.notADatabase, "")) { try Store(path: folder("ledger.db")) }
        #expect(try DurableFile.read(folder("ledger.db")) == text)
    }

    @Test("A damaged page is found, by reading or by the check")
    func corrupt() throws {
        let folder = try TemporaryFolder()
        let store = try small(folder, pages: 10_000)
        try store.write { connection in
            for id in 0..<500 {
                try connection.execute(Self.insert, [.int(id), .blob(.init(repeating: 9, count: 500))])
            }
        }
        try store.close()
        var bytes = try DurableFile.read(folder("ledger.db"))
        for index in (4_096 * 5)..<(4_096 * 9) { bytes[index] = 0xA5 }
        try DurableFile.replace(folder("ledger.db"), contents: bytes)
        let damaged = try Store(path: folder("ledger.db"))
        let found = Result { try damaged.integrityCheck() }
        switch found {
        case .success(let lines): #expect(!lines.isEmpty)
        case .failure(let error): #expect(error as? StoreError == StoreError(.corrupt, ""))
        }
    }

    @Test("A file of a newer program is refused and not changed")
    func newerSchema() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder("ledger.db"))
        try store.migrate([["CREATE TABLE a (x BIGINT)"], ["CREATE TABLE b (x BIGINT)"]])
        #expect(try store.schemaVersion() == 2)
        #expect(throws: StoreError(.newerSchema, "")) { try store.migrate([["CREATE TABLE a (x BIGINT)"]]) }
        #expect(try store.schemaVersion() == 2)
    }

    @Test("A migration that fails leaves its predecessors applied and nothing of itself")
    func failedMigration() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder("ledger.db"))
        #expect(throws: StoreError.self) {
            try store.migrate([
                ["CREATE TABLE a (x BIGINT)"], ["CREATE TABLE b (x BIGINT)", "CREATE TABLE a (x BIGINT)"],
            ])
        }
        #expect(try store.schemaVersion() == 1)
        try store.migrate([["CREATE TABLE a (x BIGINT)"], ["CREATE TABLE b (x BIGINT)"]])
        #expect(try store.schemaVersion() == 2)
    }

    @Test("Migrating twice changes nothing")
    func migrateTwice() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder("ledger.db"))
        for _ in 0..<2 { try store.migrate([["CREATE TABLE a (x BIGINT)"]]) }
        #expect(try store.schemaVersion() == 1)
    }

    @Test("A folder that is missing is an error with its path")
    func missingFolder() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreError(.cannotOpen, "")) { try Store(path: folder("absent/ledger.db")) }
    }

    @Test("After close every call throws")
    func closed() throws {
        let folder = try TemporaryFolder()
        let store = try small(folder, pages: 1_000)
        try store.close()
        #expect(throws: StoreError.self) { try store.write { _ = try $0.execute("SELECT 1") } }
        #expect(throws: (any Error).self) { try store.read { _ = try $0.first("SELECT 1") { $0.int(0) } } }
    }
}
