/// One transaction's view of the store. Valid only inside the closure that receives it.
package protocol SQLConnection: AnyObject {
    /// Runs a statement to its end.
    ///
    /// Returns how many rows an INSERT, UPDATE or DELETE changed; meaningless for any other statement.
    @discardableResult
    func execute(_ sql: SQL, _ values: [SQLValue]) throws(StoreError) -> Int

    /// Hands each row to `each`, in the order of the statement. `INSERT … RETURNING` is a query.
    func query(_ sql: SQL, _ values: [SQLValue], each: (Row) throws -> Void) throws

    /// Rows inserted, updated or deleted on this connection since it was opened; only differences say something.
    var changes: Int64 { get }

    /// Undoes what `body` wrote when it throws, and rethrows; nests.
    ///
    /// When SQLite gave up the whole transaction (disk full, I/O error) nothing is left to save: every later
    /// statement of this write then throws `rolledBack`, and so does the write itself.
    @discardableResult
    func savepoint<Value>(_ body: () throws -> Value) throws -> Value
}

extension SQLConnection {
    @discardableResult
    package func execute(_ sql: SQL) throws(StoreError) -> Int { try execute(sql, []) }

    package func query(_ sql: SQL, each: (Row) throws -> Void) throws { try query(sql, [], each: each) }

    /// The first row, or nil. The statement runs to its end, so say `LIMIT 1` where more rows could match.
    package func first<Value>(
        _ sql: SQL,
        _ values: [SQLValue] = [],
        _ map: (Row) throws -> Value
    ) throws -> Value? {
        var found: Value?
        try query(sql, values) { row in
            if found == nil { found = try map(row) }
        }
        return found
    }

    package func all<Value>(
        _ sql: SQL,
        _ values: [SQLValue] = [],
        _ map: (Row) throws -> Value
    ) throws -> [Value] {
        var found: [Value] = []
        try query(sql, values) { row in found.append(try map(row)) }
        return found
    }
}
