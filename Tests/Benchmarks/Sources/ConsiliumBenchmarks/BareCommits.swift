import Foundation

/// What SQLite alone does with the rows that a hub wrote: schema and rows come from the hub's own database and go into
/// a fresh file, in groups, each group one commit with a sync of the WAL. One thread, no Swift types, no decisions.
struct BareCommits {
    /// Which column of a table names the case.
    private static let keys = [
        ("case_keys", "case_id"), ("request_keys", "case_id"), ("events", "stream"), ("payloads", "stream"),
        ("message_keys", "case_id"), ("cases", "id"), ("offers", "case_id"), ("timers", "case_id"),
        ("deliveries", "case_id"), ("blobs", "case_id"), ("blind_index", "case_id"),
    ]

    /// As the hub sets them for its writer; the WAL is moved by the writer itself, because there is no second thread.
    private static let settings = """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;
        PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;
        PRAGMA wal_autocheckpoint = 16000
        """

    private let path: String
    private let schema: [String]
    private let inserts: [String]
    /// For each submission its rows, each with the position of its table's INSERT.
    private let submissions: [[(table: Int, values: [Database.Value])]]

    /// Reads the newest submissions of a hub's database; the hub may go on.
    init(from hub: String, count: Int, scratch: String) throws {
        path = scratch
        let source = try Database(hub, isReadOnly: true)
        schema = try source.rows("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
            .compactMap {
                guard case .text(let text) = $0[0] else { return nil }
                return String(decoding: text, as: UTF8.self)
            }
        let cases = try source.rows("SELECT id FROM cases ORDER BY id DESC LIMIT \(count)")
        guard let oldest = cases.last?[0] else { throw BenchmarkError("the hub's database holds no case") }
        var positions: [[UInt8]: Int] = [:]
        for (index, row) in cases.reversed().enumerated() {
            if case .blob(let id) = row[0] { positions[id] = index }
        }
        var submissions = [[(table: Int, values: [Database.Value])]](repeating: [], count: cases.count)
        var inserts: [String] = []
        for (table, key) in Self.keys {
            let columns = try source.rows("SELECT name FROM pragma_table_info('\(table)')")
            let keyColumn = columns.firstIndex {
                if case .text(let name) = $0[0] { return name == Array(key.utf8) }
                return false
            }
            guard let keyColumn else { throw BenchmarkError("table \(table) has no column \(key)") }
            let places = columns.map { _ in "?" }.joined(separator: ",")
            for row in try source.rows("SELECT * FROM \(table) WHERE \(key) >= ?", [oldest]) {
                guard case .blob(let id) = row[keyColumn], let position = positions[id] else { continue }
                submissions[position].append((inserts.count, row))
            }
            inserts.append("INSERT INTO \(table) VALUES (\(places))")
        }
        self.inserts = inserts
        self.submissions = submissions
    }

    var count: Int { submissions.count }
    /// Rows of one submission, with the two counters that each group or submission updates left out.
    var rowsEach: Double { Double(submissions.map(\.count).reduce(0, +)) / Double(max(1, count)) }
    /// Bytes of text and blobs of one submission.
    var bytesEach: Double {
        var total = 0
        for row in submissions.joined() {
            for value in row.values {
                switch value {
                case .text(let bytes), .blob(let bytes): total += bytes.count
                case .integer: total += 8
                case .null: break
                }
            }
        }
        return Double(total) / Double(max(1, count))
    }

    /// Submissions a second with `group` of them in each commit, and CPU microseconds for each.
    func run(group: Int, limit: Int) throws -> (perSecond: Double, microseconds: Double) {
        let files = [path, path + "-wal", path + "-shm"]
        for file in files { try? FileManager.default.removeItem(atPath: file) }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        let target = try Database(path)
        try target.execute(Self.settings)
        for statement in schema { try target.execute(statement) }
        try target.execute("INSERT INTO hub_lease VALUES ('hub', 1, 0); INSERT INTO loads VALUES ('S', '0304', 0, 0)")
        let statements = try inserts.map { try target.prepare($0) }
        let begin = try target.prepare("BEGIN IMMEDIATE")
        let commit = try target.prepare("COMMIT")
        let lease = try target.prepare("UPDATE hub_lease SET served_at = ? WHERE name = 'hub' AND epoch = 1")
        let load = try target.prepare("UPDATE loads SET offered = offered + 1 WHERE site = 'S' AND department = '0304'")

        let chosen = submissions.prefix(limit)
        let cpu = try ProcessFigures.cpuSeconds(of: ProcessInfo.processInfo.processIdentifier)
        let start = DispatchTime.now().uptimeNanoseconds
        var index = chosen.startIndex
        while index < chosen.endIndex {
            try begin.run()
            try lease.bind([.integer(Int64(index))])
            try lease.run()
            for submission in chosen[index..<min(index + group, chosen.endIndex)] {
                for row in submission {
                    try statements[row.table].bind(row.values)
                    try statements[row.table].run()
                }
                try load.run()
            }
            try commit.run()
            index += group
        }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        let spent = try ProcessFigures.cpuSeconds(of: ProcessInfo.processInfo.processIdentifier) - cpu
        return (Double(chosen.count) / seconds, spent * 1e6 / Double(chosen.count))
    }
}
