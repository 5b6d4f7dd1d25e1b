/// Every statement of the ledger: one text with `$n`, for SQLite and PostgreSQL alike. A test lets PostgreSQL prepare
/// each of them.
package enum Statements {
    static let insertEvent: SQL =
        "INSERT INTO events (kind, stream, sequence, record, hash) VALUES ($1, $2, $3, $4, $5)"
    static let eventsOfStream: SQL =
        "SELECT sequence, record FROM events WHERE kind = $1 AND stream = $2 AND sequence > 0 ORDER BY sequence"
    /// Of one stream, those after $3.
    static let recordsAfter: SQL =
        """
        SELECT stream, sequence, record, hash FROM events
        WHERE kind = $1 AND stream = $2 AND sequence > $3 ORDER BY sequence
        """
    static let streamsOfKind: SQL =
        "SELECT DISTINCT stream FROM events WHERE kind = $1 AND stream > $2 ORDER BY stream LIMIT $3"
    static let lastSequence: SQL =
        "SELECT MAX(sequence) FROM events WHERE kind = $1 AND stream = $2"
    static let recordsOfKind: SQL =
        """
        SELECT stream, sequence, record, hash FROM events
        WHERE kind = $1 AND (stream > $2 OR (stream = $2 AND sequence > $3))
        ORDER BY stream, sequence LIMIT $4
        """
    static let firstStream: SQL = "SELECT stream FROM events WHERE kind = $1 ORDER BY stream LIMIT 1"
    static let lastStream: SQL = "SELECT stream FROM events WHERE kind = $1 ORDER BY stream DESC LIMIT 1"
    /// Streams that end before what the projections say of them.
    static let cutCases: SQL =
        """
        SELECT p.id FROM cases p WHERE p.version <> COALESCE(
            (SELECT MAX(e.sequence) FROM events e WHERE e.kind = 1 AND e.stream = p.id), 0) LIMIT 1
        """
    static let cutDeliveries: SQL =
        """
        SELECT p.id FROM delivery_outcomes p WHERE p.version <> COALESCE(
            (SELECT MAX(e.sequence) FROM events e WHERE e.kind = 2 AND e.stream = p.id), 0) LIMIT 1
        """
    static let cutAccesses: SQL =
        """
        SELECT p.case_id FROM accesses p WHERE NOT EXISTS
            (SELECT 1 FROM events e WHERE e.kind = 3 AND e.stream = p.case_id AND e.sequence = p.sequence) LIMIT 1
        """
    static let eventIsKnown: SQL = "SELECT 1 FROM events WHERE kind = $1 AND stream = $2 AND sequence = $3"
    /// The leaf hash of a stream's first record, which is what a case's reference is made of.
    static let firstHash: SQL = "SELECT hash FROM events WHERE kind = $1 AND stream = $2 AND sequence = 1"
    /// The same of every case that was submitted from $2 to before $3.
    static let firstHashesOfDays: SQL =
        """
        SELECT c.id, e.hash FROM cases c JOIN events e ON e.kind = $1 AND e.stream = c.id AND e.sequence = 1
        WHERE c.submitted_at >= $2 AND c.submitted_at < $3
        """
    static let firstHashesOfOwner: SQL =
        """
        SELECT c.id, e.hash FROM cases c JOIN events e ON e.kind = $1 AND e.stream = c.id AND e.sequence = 1
        WHERE c.owner = $2 AND c.submitted_at < $3
        """
    /// Cases that something happened to from $1 on and that were submitted before $2.
    static let casesOfDays: SQL =
        """
        SELECT id FROM cases WHERE updated_at >= $1 AND submitted_at < $2 AND id > $3 ORDER BY id LIMIT $4
        """
    /// Cases that something happened to, or that were shown to somebody, from $1 on and that were submitted before $2.
    static let disclosedCasesOfDays: SQL =
        """
        SELECT id FROM cases WHERE submitted_at < $2 AND id > $3 AND (
            updated_at >= $1
            OR EXISTS (SELECT 1 FROM accesses WHERE accesses.case_id = cases.id AND accesses.first_at >= $1)
        ) ORDER BY id LIMIT $4
        """
    static let countEvents: SQL = "SELECT COUNT(*) FROM events"

    static let insertPayload: SQL = "INSERT INTO payloads (stream, sequence, sealed) VALUES ($1, $2, $3)"
    static let payloadsOfStream: SQL =
        "SELECT sequence, sealed FROM payloads WHERE stream = $1 ORDER BY sequence"
    static let insertBlob: SQL =
        "INSERT INTO blobs (case_id, part, sequence, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
    static let blob: SQL = "SELECT sealed FROM blobs WHERE case_id = $1 AND part = $2"
    package static let blobIsKnown: SQL = "SELECT 1 FROM blobs WHERE case_id = $1 AND part = $2"
    static let blobsOfCase: SQL = "SELECT part, sequence FROM blobs WHERE case_id = $1 ORDER BY sequence, part"
    static let insertCaseKey: SQL =
        "INSERT INTO case_keys (case_id, master_version, wrapped) VALUES ($1, $2, $3)"
    static let caseKey: SQL = "SELECT master_version, wrapped FROM case_keys WHERE case_id = $1"

    static let insertRequestKey: SQL = "INSERT INTO request_keys (request_key, case_id) VALUES ($1, $2)"
    static let caseOfRequest: SQL = "SELECT case_id FROM request_keys WHERE request_key = $1"
    static let insertMessageKey: SQL =
        """
        INSERT INTO message_keys (case_id, message_key, content, sequence, outcome, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """
    static let messageKey: SQL =
        """
        SELECT content, sequence FROM message_keys WHERE case_id = $1 AND message_key = $2
        ORDER BY CASE WHEN content = $3 THEN 0 ELSE 1 END, recorded_at LIMIT 1
        """
    static let knownMessage: SQL =
        "SELECT 1 FROM message_keys WHERE case_id = $1 AND message_key = $2 AND content = $3"
    static let recordTypes: SQL = "SELECT kind, type, version FROM record_types"
    static let insertRecordType: SQL =
        "INSERT INTO record_types (kind, type, version) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"

    static let putCase: SQL =
        """
        INSERT INTO cases
            (id, owner, phase, priority, department, submitted_at, updated_at, deadline, version, performer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, priority = excluded.priority,
            department = excluded.department, updated_at = excluded.updated_at, deadline = excluded.deadline,
            version = excluded.version, performer = excluded.performer
        """
    static let queued: SQL =
        """
        SELECT id, department FROM cases WHERE phase = 'queued'
        ORDER BY CASE WHEN priority = 0 THEN 0 ELSE 1 END, deadline, submitted_at, id LIMIT $1
        """
    static let putOffer: SQL =
        """
        INSERT INTO offers
            (case_id, number, site, state, department, offered_at, lease_due, ended_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (case_id, number) DO UPDATE SET state = excluded.state, lease_due = excluded.lease_due,
            ended_at = excluded.ended_at, version = excluded.version
        """
    static let casesWithLiveOffers: SQL =
        "SELECT DISTINCT case_id FROM offers WHERE state = 'live' AND case_id > $1 ORDER BY case_id LIMIT $2"
    static let putTimer: SQL =
        """
        INSERT INTO timers (case_id, due, kind, ordinal, armed_by) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (case_id) DO UPDATE SET due = excluded.due, kind = excluded.kind, ordinal = excluded.ordinal,
            armed_by = excluded.armed_by
        """
    static let deleteTimer: SQL = "DELETE FROM timers WHERE case_id = $1"
    static let dueTimers: SQL = "SELECT case_id FROM timers WHERE due <= $1 ORDER BY due, case_id LIMIT $2"
    static let nextTimer: SQL = "SELECT MIN(due) FROM timers"
    static let changeLoad: SQL =
        """
        INSERT INTO loads (site, department, reserved, offered) VALUES ($1, $2, $3, $4)
        ON CONFLICT (site, department) DO UPDATE SET reserved = loads.reserved + excluded.reserved,
            offered = loads.offered + excluded.offered
        """
    static let touchLoad: SQL =
        "INSERT INTO loads (site, department, reserved, offered) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING"
    static let releaseLoad: SQL =
        "UPDATE loads SET reserved = reserved - $3, offered = offered - $4 WHERE site = $1 AND department = $2"
    static let reserve: SQL =
        """
        UPDATE loads SET reserved = reserved + 1 WHERE site = $1 AND department = $2 AND reserved < $3
        """
    static let loads: SQL = "SELECT site, department, reserved, offered FROM loads"

    static let insertDelivery: SQL =
        """
        INSERT INTO deliveries (id, case_id, sequence, site, kind, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        """
    static let putDeliveryOutcome: SQL =
        """
        INSERT INTO delivery_outcomes (id, state, reason, version, recorded_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
            version = excluded.version, recorded_at = excluded.recorded_at
        """
    static let delivery: SQL =
        """
        SELECT d.id, d.case_id, d.sequence, d.site, d.kind, d.created_at, o.state, o.reason, o.version,
            a.attempts, a.next_at, a.problem, a.control_id
        FROM deliveries d LEFT JOIN delivery_outcomes o ON o.id = d.id LEFT JOIN delivery_attempts a ON a.id = d.id
        WHERE d.id = $1
        """
    static let deliveriesOfSite: SQL =
        """
        SELECT d.id, d.case_id, d.sequence, d.site, d.kind, d.created_at, o.state, o.reason, o.version,
            a.attempts, a.next_at, a.problem, a.control_id
        FROM deliveries d LEFT JOIN delivery_outcomes o ON o.id = d.id LEFT JOIN delivery_attempts a ON a.id = d.id
        WHERE d.site = $1 AND (o.state IS NULL OR o.state = 'redriven')
        ORDER BY d.created_at, d.case_id, d.sequence, d.id LIMIT $2
        """
    static let deliveriesWithOutcome: SQL =
        """
        SELECT d.id, d.case_id, d.sequence, d.site, d.kind, d.created_at, o.state, o.reason, o.version,
            a.attempts, a.next_at, a.problem, a.control_id
        FROM deliveries d JOIN delivery_outcomes o ON o.id = d.id LEFT JOIN delivery_attempts a ON a.id = d.id
        WHERE o.state = $1 ORDER BY o.recorded_at DESC, d.id LIMIT $2
        """
    static let pendingDeliveries: SQL =
        """
        SELECT d.id, d.case_id, d.sequence, d.site, d.kind, d.created_at, o.state, o.reason, o.version,
            a.attempts, a.next_at, a.problem, a.control_id
        FROM deliveries d LEFT JOIN delivery_outcomes o ON o.id = d.id LEFT JOIN delivery_attempts a ON a.id = d.id
        WHERE o.state IS NULL OR o.state = 'redriven' ORDER BY d.created_at, d.case_id, d.sequence, d.id LIMIT $1
        """
    static let insertAttempt: SQL =
        """
        INSERT INTO delivery_attempts (id, control_id, sealed, attempts, next_at, problem)
        VALUES ($1, $2, $3, 0, 0, NULL) ON CONFLICT DO NOTHING
        """
    static let caseOfControlID: SQL =
        """
        SELECT d.case_id FROM delivery_attempts a JOIN deliveries d ON d.id = a.id
        WHERE a.control_id = $1 AND d.site = $2
        """
    static let attempt: SQL = "SELECT control_id, sealed FROM delivery_attempts WHERE id = $1"
    static let countAttempt: SQL =
        "UPDATE delivery_attempts SET attempts = attempts + 1, next_at = $2, problem = $3 WHERE id = $1"
    static let resetAttempts: SQL =
        "UPDATE delivery_attempts SET attempts = 0, next_at = 0, problem = NULL WHERE id = $1"

    static let insertAccess: SQL =
        """
        INSERT INTO accesses (case_id, sequence, principal, site, what, first_at, count)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    static let accessesOfCase: SQL =
        """
        SELECT principal, site, what, first_at, count FROM accesses WHERE case_id = $1 ORDER BY sequence
        """

    static let insertBlindIndex: SQL =
        "INSERT INTO blind_index (site, digest, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    static let casesOfIdentifier: SQL =
        "SELECT case_id FROM blind_index WHERE site = $1 AND digest = $2 ORDER BY case_id DESC LIMIT 200"
    static let insertQuarantine: SQL =
        """
        INSERT INTO quarantine (id, site, principal, received_at, door, code, location, size, sealed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """
    static let trimQuarantine: SQL =
        """
        DELETE FROM quarantine WHERE site = $1 AND id NOT IN
            (SELECT id FROM quarantine WHERE site = $1 ORDER BY id DESC LIMIT $2)
        """
    static let expireQuarantine: SQL = "DELETE FROM quarantine WHERE received_at < $1"
    static let quarantineOfSite: SQL =
        """
        SELECT id, site, principal, received_at, door, code, location, size FROM quarantine
        WHERE site = $1 ORDER BY id DESC LIMIT 500
        """
    static let quarantine: SQL =
        """
        SELECT id, site, principal, received_at, door, code, location, size FROM quarantine
        ORDER BY id DESC LIMIT 500
        """
    static let quarantineEntry: SQL = "SELECT site, sealed, received_at FROM quarantine WHERE id = $1"

    static let lease: SQL = "SELECT epoch, served_at FROM hub_lease WHERE name = 'hub'"
    static let takeLease: SQL =
        """
        INSERT INTO hub_lease (name, epoch, served_at) VALUES ('hub', 1, $1)
        ON CONFLICT (name) DO UPDATE SET epoch = hub_lease.epoch + 1, served_at = excluded.served_at
        """
    static let holdLease: SQL = "UPDATE hub_lease SET served_at = $2 WHERE name = 'hub' AND epoch = $1"

    package static let insertErasure: SQL =
        "INSERT INTO erasures (case_id, erased_at, principal) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    static let erasure: SQL = "SELECT erased_at FROM erasures WHERE case_id = $1"
    package static let erasures: SQL = "SELECT case_id FROM erasures ORDER BY case_id"
    static let erasePayloads: SQL = "DELETE FROM payloads WHERE stream = $1"
    static let eraseBlobs: SQL = "DELETE FROM blobs WHERE case_id = $1"
    static let eraseKey: SQL = "DELETE FROM case_keys WHERE case_id = $1"
    static let eraseBlindIndex: SQL = "DELETE FROM blind_index WHERE case_id = $1"
    static let eraseAttempts: SQL =
        "DELETE FROM delivery_attempts WHERE id IN (SELECT id FROM deliveries WHERE case_id = $1)"

    static let openCases: SQL =
        """
        SELECT id, owner, phase, priority, department, submitted_at, updated_at, deadline, version, performer
        FROM cases WHERE phase NOT IN ('closed', 'cancelled', 'entered-in-error')
        ORDER BY deadline, id LIMIT $1
        """
    static let casesOfOwner: SQL =
        """
        SELECT id, owner, phase, priority, department, submitted_at, updated_at, deadline, version, performer
        FROM cases WHERE owner = $1 AND id < $2 ORDER BY id DESC LIMIT $3
        """
    static let casesOfPerformer: SQL =
        """
        SELECT c.id, c.owner, c.phase, c.priority, c.department, c.submitted_at, c.updated_at, c.deadline, c.version,
            c.performer
        FROM offers o JOIN cases c ON c.id = o.case_id
        WHERE o.site = $1 AND o.state IN ('live', 'accepted') AND o.case_id < $2
        ORDER BY o.case_id DESC LIMIT $3
        """
    static let casesInPhase: SQL =
        """
        SELECT id, owner, phase, priority, department, submitted_at, updated_at, deadline, version, performer
        FROM cases WHERE phase = $1 ORDER BY deadline, id LIMIT $2
        """
    static let offersOfCase: SQL =
        "SELECT number, site, state, lease_due, version FROM offers WHERE case_id = $1 ORDER BY number"

    static let measureCounts: SQL =
        """
        SELECT counts FROM measure_counts
        WHERE day = $1 AND site = $2 AND tier = $3 AND region = $4 AND department = $5 AND priority = $6
        """
    static let putMeasureCounts: SQL =
        """
        INSERT INTO measure_counts (day, site, tier, region, department, priority, counts)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (day, site, tier, region, department, priority) DO UPDATE SET counts = excluded.counts
        """
    static let deleteMeasureCounts: SQL =
        """
        DELETE FROM measure_counts
        WHERE day = $1 AND site = $2 AND tier = $3 AND region = $4 AND department = $5 AND priority = $6
        """
    static let deleteAllMeasureCounts: SQL = "DELETE FROM measure_counts"
    static let measureCountsOfDays: SQL =
        """
        SELECT day, site, tier, region, department, priority, counts FROM measure_counts
        WHERE day >= $1 AND day < $2 ORDER BY day, site, tier, region, department, priority
        """
    static let lastingMeasureCounts: SQL =
        """
        SELECT day, site, tier, region, department, priority, counts FROM measure_counts
        WHERE priority = '' AND day < $1
        """
    static let measureDay: SQL = "SELECT counts FROM measure_days WHERE day = $1"
    static let measureDays: SQL = "SELECT day, counts FROM measure_days ORDER BY day"
    static let putMeasureDay: SQL =
        """
        INSERT INTO measure_days (day, counts) VALUES ($1, $2)
        ON CONFLICT (day) DO UPDATE SET counts = excluded.counts
        """
    static let deleteMeasureDay: SQL = "DELETE FROM measure_days WHERE day = $1"
    static let deleteAllMeasureDays: SQL = "DELETE FROM measure_days"
    static let measureState: SQL = "SELECT definition, records FROM measure_state"
    static let putMeasureState: SQL =
        """
        INSERT INTO measure_state (only_row, definition, records) VALUES (1, $1, $2)
        ON CONFLICT (only_row) DO UPDATE SET definition = excluded.definition, records = excluded.records
        """
    static let countMeasuredRecords: SQL = "UPDATE measure_state SET records = records + $1"
    static let firstDisclosures: SQL =
        "SELECT site, MIN(first_at) FROM accesses WHERE case_id = $1 GROUP BY site"
    /// Whose case it is, and when another site was first shown something of it.
    static let disclosedAt: SQL =
        """
        SELECT c.owner, MIN(a.first_at) FROM cases c
        LEFT JOIN accesses a ON a.case_id = c.id AND a.site <> c.owner
        WHERE c.id = $1 GROUP BY c.owner
        """

    package static let servedAt: SQL = "SELECT served_at FROM hub_lease WHERE name = 'hub'"
    package static let deadDeliveries: SQL = "SELECT COUNT(*) FROM delivery_outcomes WHERE state = 'dead'"

    /// For the test that prepares them.
    package static let all: [SQL] = [
        insertEvent, eventsOfStream, recordsAfter, streamsOfKind, lastSequence, recordsOfKind, firstStream, lastStream,
        eventIsKnown,
        countEvents, firstHash, firstHashesOfDays, firstHashesOfOwner, casesOfDays,
        disclosedCasesOfDays,
        cutCases, cutDeliveries, cutAccesses,
        insertPayload, payloadsOfStream, insertBlob, blob, blobIsKnown, blobsOfCase, insertCaseKey, caseKey,
        insertRequestKey, caseOfRequest, insertMessageKey, messageKey, knownMessage, recordTypes, insertRecordType,
        putCase, queued, putOffer, casesWithLiveOffers,
        putTimer, deleteTimer, dueTimers, nextTimer, changeLoad, touchLoad, releaseLoad, reserve, loads,
        insertDelivery, putDeliveryOutcome, delivery, deliveriesOfSite, deliveriesWithOutcome, pendingDeliveries,
        insertAttempt, caseOfControlID, attempt, countAttempt, resetAttempts, insertAccess, accessesOfCase,
        insertBlindIndex,
        casesOfIdentifier, insertQuarantine, trimQuarantine, expireQuarantine, quarantineOfSite, quarantine,
        quarantineEntry, lease, takeLease, holdLease, insertErasure, erasure, erasures,
        erasePayloads, eraseBlobs, eraseKey, eraseBlindIndex, eraseAttempts, openCases, casesOfOwner,
        casesOfPerformer, casesInPhase, offersOfCase,
        measureCounts, putMeasureCounts, deleteMeasureCounts, deleteAllMeasureCounts, measureCountsOfDays,
        lastingMeasureCounts, measureDay, measureDays, putMeasureDay, deleteMeasureDay, deleteAllMeasureDays,
        measureState, putMeasureState, countMeasuredRecords, firstDisclosures, disclosedAt,
        servedAt, deadDeliveries,
    ]
}
