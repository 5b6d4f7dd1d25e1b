import ConsiliumCore
import GRDB
import GRDBSQLite

/// A connection inside one transaction of `Store`.
///
/// GRDB opens, pools and closes connections and keeps the prepared statements; binding and stepping go straight to
/// the C API, because a submission is a dozen statements and each must cost little.
final class SQLiteConnection: SQLConnection {
    private let database: Database
    private let handle: OpaquePointer
    private var depth = 0
    /// Set while BEGIN has succeeded and neither COMMIT nor ROLLBACK was asked for.
    private var isInTransaction = false
    /// Why SQLite has undone the transaction by itself; nil while it stands.
    private(set) var undoneBy: StoreError?

    init(_ database: Database) throws(StoreError) {
        guard let handle = database.sqliteConnection else { throw StoreError(.cannotOpen, "the store is closed") }
        self.database = database
        self.handle = handle
    }

    @discardableResult
    func execute(_ sql: SQL, _ values: [SQLValue]) throws(StoreError) -> Int {
        let statement = try prepare(sql)
        defer { release(statement) }
        try bind(values, to: statement.pointer, sql)
        while try step(statement.pointer) {}
        return Int(sqlite3_changes64(handle))
    }

    func query(_ sql: SQL, _ values: [SQLValue], each: (Row) throws -> Void) throws {
        let statement = try prepare(sql)
        defer { release(statement) }
        try bind(values, to: statement.pointer, sql)
        let row = Row(statement: statement.pointer)
        while try step(statement.pointer) { try each(row) }
    }

    var changes: Int64 { sqlite3_total_changes64(handle) }

    @discardableResult
    func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        let level = depth
        depth += 1
        defer { depth = level }
        try execute(Transactions.open(level), [])
        do {
            let value = try body()
            try execute(Transactions.release(level), [])
            return value
        } catch {
            if undoneBy == nil {
                try execute(Transactions.undo(level), [])
                try execute(Transactions.release(level), [])
            }
            throw error
        }
    }

    func begin(_ statement: SQL) throws(StoreError) {
        try execute(statement, [])
        isInTransaction = true
    }

    /// Commits; whatever goes wrong, the connection is outside any transaction afterwards.
    ///
    /// Throws the error that made SQLite undo the transaction even when `body` has swallowed it.
    func commit() throws(StoreError) {
        if let undoneBy { throw undoneBy }
        do {
            try execute(Transactions.commit, [])
        } catch {
            rollback()
            throw error
        }
    }

    func rollback() {
        isInTransaction = false
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// A statement and whether it must be finalised after use, because the cached one is running further out.
    private struct Prepared {
        var pointer: OpaquePointer
        var isOwned: Bool
    }

    private func prepare(_ sql: SQL) throws(StoreError) -> Prepared {
        if let undoneBy {
            throw StoreError(.rolledBack, "the transaction was undone by an earlier error: \(undoneBy.message)")
        }
        let cached: Statement
        do { cached = try database.cachedStatement(sql: sql.sqlite) } catch { throw StoreError(error) }
        guard sqlite3_stmt_busy(cached.sqliteStatement) != 0 else {
            return Prepared(pointer: cached.sqliteStatement, isOwned: false)
        }
        var pointer: OpaquePointer?
        let result = sqlite3_prepare_v3(handle, sql.sqlite, -1, 0, &pointer, nil)
        guard result == SQLITE_OK, let pointer else { throw failure(result) }
        return Prepared(pointer: pointer, isOwned: true)
    }

    private func release(_ statement: Prepared) {
        if statement.isOwned {
            sqlite3_finalize(statement.pointer)
        } else {
            sqlite3_reset(statement.pointer)
            // A bound key or source must not linger in the statement.
            sqlite3_clear_bindings(statement.pointer)
        }
    }

    private func bind(_ values: [SQLValue], to statement: OpaquePointer, _ sql: SQL) throws(StoreError) {
        guard Int(sqlite3_bind_parameter_count(statement)) == values.count else {
            throw StoreError(.other(Int(SQLITE_RANGE)), "\(values.count) values given for: \(sql.text)")
        }
        var position: Int32 = 0
        for value in values {
            position += 1
            let result =
                switch value {
                case .integer(let number): sqlite3_bind_int64(statement, position, number)
                case .text(let text): bind(text, to: statement, position)
                case .blob(let bytes): bind(bytes, to: statement, position)
                case .identifier(let id): bind(id, to: statement, position)
                case .null: sqlite3_bind_null(statement, position)
                }
            guard result == SQLITE_OK else { throw failure(result) }
        }
    }

    private func bind(_ text: String, to statement: OpaquePointer, _ position: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                guard let start = characters.baseAddress else {
                    return sqlite3_bind_text(statement, position, "", 0, copied)
                }
                return sqlite3_bind_text(statement, position, start, Int32(characters.count), copied)
            }
        }
    }

    private func bind(_ bytes: [UInt8], to statement: OpaquePointer, _ position: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress, !buffer.isEmpty else {
                return sqlite3_bind_zeroblob(statement, position, 0)
            }
            return sqlite3_bind_blob64(statement, position, start, UInt64(buffer.count), copied)
        }
    }

    private func bind(_ id: TimeOrderedID, to statement: OpaquePointer, _ position: Int32) -> Int32 {
        withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { buffer in
            sqlite3_bind_blob64(statement, position, buffer.baseAddress, 16, copied)
        }
    }

    /// SQLite copies the bytes before the call returns.
    private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// True at a row, false at the end.
    private func step(_ statement: OpaquePointer) throws(StoreError) -> Bool {
        let result = sqlite3_step(statement)
        switch result {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure(result)
        }
    }

    private func failure(_ result: Int32) -> StoreError {
        let message = sqlite3_errmsg(handle).map { String(cString: $0) } ?? "no message"
        let extended = sqlite3_extended_errcode(handle)
        let error = StoreError(result: extended & 0xFF == result & 0xFF ? extended : result, message: message)
        if isInTransaction, sqlite3_get_autocommit(handle) != 0 { undoneBy = error }
        return error
    }
}

/// The statements of transactions, prepared once a connection. Not portable text; they stay in this folder.
enum Transactions {
    static let begin: SQL = "BEGIN IMMEDIATE"
    static let beginRead: SQL = "BEGIN DEFERRED"
    static let commit: SQL = "COMMIT"

    private static let opens: [SQL] = (0..<8).map { SQL("SAVEPOINT s\($0)") }
    private static let releases: [SQL] = (0..<8).map { SQL("RELEASE s\($0)") }
    private static let undos: [SQL] = (0..<8).map { SQL("ROLLBACK TO s\($0)") }

    static func open(_ level: Int) -> SQL { level < 8 ? opens[level] : SQL("SAVEPOINT s\(level)") }
    static func release(_ level: Int) -> SQL { level < 8 ? releases[level] : SQL("RELEASE s\(level)") }
    static func undo(_ level: Int) -> SQL { level < 8 ? undos[level] : SQL("ROLLBACK TO s\(level)") }
}
