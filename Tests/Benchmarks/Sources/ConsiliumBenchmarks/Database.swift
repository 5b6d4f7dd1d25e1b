import CSQLite

/// The C API of SQLite, with no layer in between.
final class Database {
    enum Value {
        case null
        case integer(Int64)
        case text([UInt8])
        case blob([UInt8])
    }

    private let handle: OpaquePointer

    init(_ path: String, isReadOnly: Bool = false) throws {
        var handle: OpaquePointer?
        let flags = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let result = sqlite3_open_v2(path, &handle, flags, nil)
        guard result == SQLITE_OK, let handle else {
            throw BenchmarkError("\(path): \(String(cString: sqlite3_errstr(result)))")
        }
        self.handle = handle
        sqlite3_busy_timeout(handle, 10_000)
    }

    deinit { sqlite3_close_v2(handle) }

    static var version: String { String(cString: sqlite3_libversion()) }

    func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw problem(sql) }
    }

    func prepare(_ sql: String) throws -> Statement {
        var pointer: OpaquePointer?
        guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil) == SQLITE_OK,
            let pointer
        else { throw problem(sql) }
        return Statement(pointer: pointer, database: self)
    }

    func rows(_ sql: String, _ values: [Value] = []) throws -> [[Value]] {
        let statement = try prepare(sql)
        try statement.bind(values)
        var rows: [[Value]] = []
        while try statement.step() { rows.append(statement.row()) }
        return rows
    }

    fileprivate func problem(_ sql: String) -> BenchmarkError {
        BenchmarkError("\(String(cString: sqlite3_errmsg(handle))): \(sql)")
    }

    /// A prepared statement; finalised with its last reference.
    final class Statement {
        private let pointer: OpaquePointer
        private let database: Database

        fileprivate init(pointer: OpaquePointer, database: Database) {
            self.pointer = pointer
            self.database = database
        }

        deinit { sqlite3_finalize(pointer) }

        /// SQLite copies the bytes, as it does in the hub.
        func bind(_ values: [Value]) throws {
            for (index, value) in values.enumerated() {
                let position = Int32(index + 1)
                switch value {
                case .null: sqlite3_bind_null(pointer, position)
                case .integer(let number): sqlite3_bind_int64(pointer, position, number)
                case .text(let bytes):
                    bytes.withUnsafeBytes { buffer in
                        let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
                        sqlite3_bind_text(pointer, position, start, Int32(buffer.count), copied)
                    }
                case .blob(let bytes):
                    _ = bytes.withUnsafeBytes { buffer in
                        sqlite3_bind_blob64(pointer, position, buffer.baseAddress, UInt64(buffer.count), copied)
                    }
                }
            }
        }

        func run() throws {
            while try step() {}
            sqlite3_reset(pointer)
        }

        func step() throws -> Bool {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: return true
            case SQLITE_DONE: return false
            default: throw database.problem(String(cString: sqlite3_sql(pointer)))
            }
        }

        func row() -> [Value] {
            (0..<sqlite3_column_count(pointer))
                .map { column in
                    switch sqlite3_column_type(pointer, column) {
                    case SQLITE_INTEGER: .integer(sqlite3_column_int64(pointer, column))
                    case SQLITE_NULL: .null
                    case SQLITE_TEXT: .text(bytes(column, sqlite3_column_text(pointer, column)))
                    default: .blob(bytes(column, sqlite3_column_blob(pointer, column)))
                    }
                }
        }

        private func bytes(_ column: Int32, _ start: UnsafeRawPointer?) -> [UInt8] {
            Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
        }

        /// The value of SQLITE_TRANSIENT.
        private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
    }
}
