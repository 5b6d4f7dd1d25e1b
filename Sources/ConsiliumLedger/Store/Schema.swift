/// Brings a store's tables to the version that this program knows.
enum Schema {
    private static let make: SQL = """
        CREATE TABLE IF NOT EXISTS schema_version (
            only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
            version BIGINT NOT NULL
        )
        """
    private static let begin: SQL =
        "INSERT INTO schema_version (only_row, version) VALUES (1, 0) ON CONFLICT (only_row) DO NOTHING"
    private static let version: SQL = "SELECT version FROM schema_version WHERE only_row = 1"
    private static let advance: SQL =
        "UPDATE schema_version SET version = $1 WHERE only_row = 1 AND version = $2"

    /// For the check that the text is portable.
    static let tables = [make]
    static let statements = [begin, version, advance]

    static func run(_ migrations: [[SQL]], on store: Store) throws {
        var current = try store.write { connection in
            try connection.execute(make)
            try connection.execute(begin)
            return try connection.first(version) { $0.int(0) } ?? 0
        }
        guard current <= migrations.count else {
            throw StoreError(
                .newerSchema,
                "the database has schema version \(current), this program knows up to \(migrations.count): use a newer one"
            )
        }
        while current < migrations.count {
            try store.write { connection in
                for statement in migrations[current] { try connection.execute(statement) }
                guard try connection.execute(advance, [.int(current + 1), .int(current)]) == 1 else {
                    throw StoreError(.busy, "another process is migrating this database")
                }
            }
            current += 1
        }
    }
}

extension Store {
    /// Applies the migrations that this file has not seen, each in one transaction.
    ///
    /// A file from a newer program is refused with `newerSchema` and not touched.
    package func migrate(_ migrations: [[SQL]]) throws(StoreError) {
        do { try Schema.run(migrations, on: self) } catch { throw StoreError(error) }
    }

    /// How many migrations the file has seen.
    package func schemaVersion() throws(StoreError) -> Int {
        do {
            return try read { connection in
                try connection.first("SELECT version FROM schema_version WHERE only_row = 1") { $0.int(0) } ?? 0
            }
        } catch {
            throw StoreError(error)
        }
    }
}
