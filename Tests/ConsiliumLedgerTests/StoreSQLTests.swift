import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("SQL text")
struct StoreSQLTests {
    @Test("Dollar parameters become SQLite's numbered ones, in whatever order they stand")
    func parameters() {
        #expect(SQL("SELECT $2, $1, $10 WHERE a=$1").sqlite == "SELECT ?2, ?1, ?10 WHERE a=?1")
    }

    @Test(
        "Quoted text and comments stay as they are",
        arguments: [
            "SELECT '$1', '''$1'",
            "SELECT \"$1\" FROM t",
            "SELECT 1 -- costs $1\n",
            "SELECT 1 /* $1 */",
            "SELECT a$b, $ FROM t",
            "SELECT '$1",
            "SELECT /* $1",
        ]
    )
    func untouched(_ text: String) {
        #expect(SQL(text).sqlite == text)
    }

    @Test("A comment for SQLite alone becomes its text")
    func sqliteOnly() {
        #expect(
            SQL("CREATE TABLE t (id BYTEA PRIMARY KEY) /*sqlite WITHOUT ROWID*/").sqlite
                == "CREATE TABLE t (id BYTEA PRIMARY KEY) WITHOUT ROWID"
        )
    }

    @Test("Values bind by number and not by first appearance")
    func order() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder("t.db"))
        let pair = try store.read { connection in
            try connection.first("SELECT $2, $1", [.text("first"), .text("second")]) { ($0.text(0), $0.text(1)) }
        }
        #expect(pair?.0 == "second")
        #expect(pair?.1 == "first")
    }

    @Test("Every kind of value comes back as it went in, the empty ones too")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder("t.db"))
        let id = TimeOrderedID(high: 0x0102_0304_0506_0708, low: .max)
        try store.write { connection in
            try connection.execute("CREATE TABLE t (a BIGINT, b TEXT, c BYTEA, d BYTEA, e TEXT, f BYTEA, g BIGINT)")
            try connection.execute(
                "INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7)",
                [.integer(.min), .text("会诊\0x"), .blob([0, 255]), .identifier(id), .text(""), .blob([]), .null]
            )
        }
        try store.read { connection in
            try connection.query("SELECT a, b, c, d, e, f, g, typeof(c), typeof(f), typeof(e) FROM t") { row in
                #expect(row.integer(0) == .min)
                #expect(row.text(1) == "会诊\0x")
                #expect(row.blob(2) == [0, 255])
                let found = try row.identifier(3)
                #expect(found == id)
                #expect(row.blob(3) == id.bytes)
                #expect(row.optionalText(4) == "")
                #expect(row.optionalBlob(5) == [])
                #expect(row.isNull(6))
                #expect(row.optionalInteger(6) == nil)
                #expect(row.text(7) == "blob")
                #expect(row.text(8) == "blob")
                #expect(row.text(9) == "text")
                #expect(throws: StoreError(.corrupt, "")) { try row.identifier(2) }
            }
        }
    }

    @Test("A wrong number of values is refused before anything runs")
    func wrongCount() throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder("t.db"))
        #expect(throws: StoreError.self) {
            try store.read { try $0.query("SELECT $1, $2", [.int(1)]) { _ in } }
        }
    }
}
