package import ConsiliumCore
import GRDBSQLite

/// A row under the cursor: typed access by column position, from 0. Valid only inside the closure that receives it.
package struct Row {
    private let statement: OpaquePointer

    init(statement: OpaquePointer) { self.statement = statement }

    package func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }
    /// 0 when NULL.
    package func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }
    /// 0 when NULL.
    package func int(_ column: Int) -> Int { Int(integer(column)) }
    /// From whole milliseconds since 1970.
    package func time(_ column: Int) -> Instant { Instant(milliseconds: integer(column)) }

    /// Empty when NULL.
    package func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(statement, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Empty when NULL.
    package func blob(_ column: Int) -> [UInt8] { withBlob(column) { Array($0) } }

    /// Reads bytes in place; the buffer must not outlive `body`.
    package func withBlob<Value>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Value
    ) rethrows -> Value {
        let start = sqlite3_column_blob(statement, Int32(column))
        return try body(
            UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, Int32(column))))
        )
    }

    /// Throws `corrupt` when the column does not hold 16 bytes.
    package func identifier(_ column: Int) throws(StoreError) -> TimeOrderedID {
        let value: TimeOrderedID? = withBlob(column) { bytes in
            guard bytes.count == 16 else { return nil }
            return TimeOrderedID(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        guard let value else { throw StoreError(.corrupt, "column \(column) holds no identifier") }
        return value
    }

    package func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    package func optionalTime(_ column: Int) -> Instant? { isNull(column) ? nil : time(column) }
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    package func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }

    /// Appends every column with its type and length, so that equal bytes mean equal rows.
    package func appendValues(to bytes: inout [UInt8]) {
        for column in 0..<Int(sqlite3_column_count(statement)) {
            let type = sqlite3_column_type(statement, Int32(column))
            bytes.append(UInt8(truncatingIfNeeded: type))
            if type == SQLITE_INTEGER {
                withUnsafeBytes(of: integer(column).bigEndian) { bytes.append(contentsOf: $0) }
            } else {
                withBlob(column) { value in
                    withUnsafeBytes(of: Int64(value.count).bigEndian) { bytes.append(contentsOf: $0) }
                    bytes.append(contentsOf: value)
                }
            }
        }
    }
}
