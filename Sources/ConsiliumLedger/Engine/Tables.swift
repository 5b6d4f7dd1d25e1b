/// The tables, in three kinds (ARCHITECTURE.md): events; projections, dropped and rebuilt byte for byte; operational
/// state, never rebuilt.
package enum Tables {
    /// Appended to, never changed.
    package static let events: [SQL] = [
        """
        CREATE TABLE events (
            kind BIGINT NOT NULL,
            stream BYTEA NOT NULL,
            sequence BIGINT NOT NULL,
            record BYTEA NOT NULL,
            hash BYTEA NOT NULL
        )
        """,
        "CREATE UNIQUE INDEX events_by_stream ON events (kind, stream, sequence)",
    ]

    /// Each row folds one stream, or is a sum over streams.
    package static let projections: [SQL] = [
        """
        CREATE TABLE cases (
            id BYTEA PRIMARY KEY,
            owner TEXT NOT NULL,
            phase TEXT NOT NULL,
            priority BIGINT NOT NULL,
            department TEXT,
            submitted_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            deadline BIGINT NOT NULL,
            version BIGINT NOT NULL,
            performer TEXT
        ) /*sqlite WITHOUT ROWID*/
        """,
        "CREATE INDEX cases_by_owner ON cases (owner, id)",
        "CREATE INDEX cases_by_phase ON cases (phase, deadline, id)",
        """
        CREATE TABLE offers (
            case_id BYTEA NOT NULL,
            number BIGINT NOT NULL,
            site TEXT NOT NULL,
            state TEXT NOT NULL,
            department TEXT NOT NULL,
            offered_at BIGINT NOT NULL,
            lease_due BIGINT NOT NULL,
            ended_at BIGINT,
            version BIGINT NOT NULL,
            PRIMARY KEY (case_id, number)
        ) /*sqlite WITHOUT ROWID*/
        """,
        "CREATE INDEX offers_by_site ON offers (site, state, case_id)",
        "CREATE UNIQUE INDEX one_accepted_offer ON offers (case_id) WHERE state = 'accepted'",
        """
        CREATE TABLE timers (
            case_id BYTEA PRIMARY KEY,
            due BIGINT NOT NULL,
            kind TEXT NOT NULL,
            ordinal BIGINT NOT NULL,
            armed_by BIGINT NOT NULL
        ) /*sqlite WITHOUT ROWID*/
        """,
        "CREATE INDEX timers_by_due ON timers (due, case_id)",
        """
        CREATE TABLE loads (
            site TEXT NOT NULL,
            department TEXT NOT NULL,
            reserved BIGINT NOT NULL CHECK (reserved >= 0),
            offered BIGINT NOT NULL CHECK (offered >= 0),
            PRIMARY KEY (site, department)
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE TABLE request_keys (
            request_key BYTEA PRIMARY KEY,
            case_id BYTEA NOT NULL
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE TABLE message_keys (
            case_id BYTEA NOT NULL,
            message_key BYTEA NOT NULL,
            content BYTEA NOT NULL,
            sequence BIGINT NOT NULL,
            outcome TEXT NOT NULL,
            recorded_at BIGINT NOT NULL,
            PRIMARY KEY (case_id, message_key, content)
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE TABLE deliveries (
            id BYTEA PRIMARY KEY,
            case_id BYTEA NOT NULL,
            sequence BIGINT NOT NULL,
            site TEXT NOT NULL,
            kind TEXT NOT NULL,
            created_at BIGINT NOT NULL
        ) /*sqlite WITHOUT ROWID*/
        """,
        "CREATE INDEX deliveries_by_site ON deliveries (site, created_at, case_id, sequence, id)",
        """
        CREATE TABLE delivery_outcomes (
            id BYTEA PRIMARY KEY,
            state TEXT NOT NULL,
            reason TEXT,
            version BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE TABLE record_types (
            kind BIGINT NOT NULL,
            type TEXT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (kind, type, version)
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE TABLE accesses (
            case_id BYTEA NOT NULL,
            sequence BIGINT NOT NULL,
            principal TEXT NOT NULL,
            site TEXT NOT NULL,
            what TEXT NOT NULL,
            first_at BIGINT NOT NULL,
            count BIGINT NOT NULL,
            PRIMARY KEY (case_id, sequence)
        ) /*sqlite WITHOUT ROWID*/
        """,
    ]

    /// Sealed content, attempts, leases, caches.
    package static let operational: [SQL] = [
        """
        CREATE TABLE payloads (
            stream BYTEA NOT NULL,
            sequence BIGINT NOT NULL,
            sealed BYTEA NOT NULL
        )
        """,
        "CREATE UNIQUE INDEX payloads_by_stream ON payloads (stream, sequence)",
        """
        CREATE TABLE blobs (
            case_id BYTEA NOT NULL,
            part TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            sealed BYTEA
        )
        """,
        "CREATE UNIQUE INDEX blobs_by_case ON blobs (case_id, part)",
        """
        CREATE TABLE case_keys (
            case_id BYTEA PRIMARY KEY,
            master_version BIGINT NOT NULL,
            wrapped BYTEA NOT NULL
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE TABLE blind_index (
            site TEXT NOT NULL,
            digest BYTEA NOT NULL,
            case_id BYTEA NOT NULL,
            PRIMARY KEY (site, digest, case_id)
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE TABLE delivery_attempts (
            id BYTEA PRIMARY KEY,
            control_id TEXT NOT NULL,
            sealed BYTEA NOT NULL,
            attempts BIGINT NOT NULL,
            next_at BIGINT NOT NULL,
            problem TEXT
        ) /*sqlite WITHOUT ROWID*/
        """,
        """
        CREATE INDEX attempts_by_control ON delivery_attempts (control_id)
        """,
        """
        CREATE TABLE quarantine (
            id BYTEA PRIMARY KEY,
            site TEXT NOT NULL,
            principal TEXT NOT NULL,
            received_at BIGINT NOT NULL,
            door TEXT NOT NULL,
            code TEXT NOT NULL,
            location TEXT NOT NULL,
            size BIGINT NOT NULL,
            sealed BYTEA NOT NULL
        ) /*sqlite WITHOUT ROWID*/
        """,
        "CREATE INDEX quarantine_by_site ON quarantine (site, id)",
        """
        CREATE TABLE hub_lease (
            name TEXT PRIMARY KEY,
            epoch BIGINT NOT NULL,
            served_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE erasures (
            case_id BYTEA PRIMARY KEY,
            erased_at BIGINT NOT NULL,
            principal TEXT NOT NULL
        ) /*sqlite WITHOUT ROWID*/
        """,
    ]

    /// Every version of the schema; migrations change tables, never records.
    package static let migrations: [[SQL]] = [
        events + projections + operational + NetworkKeyTable.schema,
        measures,
        lastingMeasures,
    ]

    /// Counts behind the operational measures: a row is a sum over the streams of a day and a stratum. A department or
    /// priority that a stratum has none of is empty. `measure_days` sums a day over all strata, numbers alone, for trends.
    private static let measures: [SQL] = [
        """
        CREATE TABLE measure_counts (
            day BIGINT NOT NULL,
            site TEXT NOT NULL,
            tier TEXT NOT NULL,
            region TEXT NOT NULL,
            department TEXT NOT NULL,
            priority TEXT NOT NULL,
            counts BYTEA NOT NULL,
            PRIMARY KEY (day, site, tier, region, department, priority)
        ) /*sqlite WITHOUT ROWID*/
        """,
        "CREATE INDEX lasting_measure_counts ON measure_counts (day) WHERE priority = ''",
        """
        CREATE TABLE measure_days (
            day BIGINT PRIMARY KEY,
            counts BYTEA NOT NULL
        )
        """,
        """
        CREATE TABLE measure_state (
            only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
            definition TEXT NOT NULL,
            records BIGINT NOT NULL
        )
        """,
    ]

    /// Holds all that is asked of a row that lasts: by an index of the day alone SQLite read every row before a period.
    private static let lastingMeasures: [SQL] = [
        "DROP INDEX lasting_measure_counts",
        """
        CREATE INDEX lasting_measure_counts ON measure_counts (day, site, tier, region, department, priority, counts)
        WHERE priority = ''
        """,
    ]

    /// Projection tables with a total order, for rebuilding and comparing.
    package static let projectionTables: [(name: String, order: String)] = [
        ("cases", "id"), ("offers", "case_id, number"), ("timers", "case_id"), ("loads", "site, department"),
        ("request_keys", "request_key"), ("message_keys", "case_id, message_key, content"), ("deliveries", "id"),
        ("delivery_outcomes", "id"), ("accesses", "case_id, sequence"), ("record_types", "kind, type, version"),
        ("measure_counts", "day, site, tier, region, department, priority"), ("measure_days", "day"),
        ("measure_state", "only_row"),
    ]
}
