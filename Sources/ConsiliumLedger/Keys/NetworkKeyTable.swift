/// The wrapped network key in the database; operational state.
package enum NetworkKeyTable {
    /// Goes into the ledger's first migration.
    package static let schema: [SQL] = [
        """
        CREATE TABLE network_keys (
            only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
            master_version BIGINT NOT NULL,
            master_check BYTEA NOT NULL,
            wrapped BYTEA NOT NULL
        )
        """
    ]
    private static let upsert: SQL = """
        INSERT INTO network_keys (only_row, master_version, master_check, wrapped) VALUES (1, $1, $2, $3)
        ON CONFLICT (only_row) DO UPDATE SET
            master_version = excluded.master_version,
            master_check = excluded.master_check,
            wrapped = excluded.wrapped
        """
    private static let select: SQL =
        "SELECT master_version, master_check, wrapped FROM network_keys WHERE only_row = 1"

    /// For the check that the text is portable.
    package static let statements = [upsert, select]

    package static func store(
        _ wrapped: WrappedKey,
        masters: MasterKeys,
        in connection: any SQLConnection
    ) throws {
        let check = try masters.key(version: wrapped.masterVersion).checkValue
        try connection.execute(upsert, [.int(wrapped.masterVersion), .blob(check), .blob(wrapped.bytes)])
    }

    /// The network's keys; nil before the first `store`. A master key of another network is `wrongKey`.
    package static func open(
        network name: String,
        masters: MasterKeys,
        in connection: any SQLConnection
    ) throws -> KeyRing? {
        let row = try connection.first(select) { row in
            (WrappedKey(masterVersion: row.int(0), bytes: row.blob(2)), row.blob(1))
        }
        guard let (wrapped, check) = row else { return nil }
        let master = try masters.key(version: wrapped.masterVersion)
        guard master.checkValue == check else {
            throw KeyError(
                .wrongKey,
                "the master key, version \(master.version), is not the one that this ledger was made with"
            )
        }
        return try KeyRing(wrapped, network: name, masters: masters)
    }
}
