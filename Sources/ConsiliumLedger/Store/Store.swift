import ConsiliumCore
import GRDB
import GRDBSQLite

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The ledger's database: one writer, several readers, one connection for checkpoints, on SQLite in WAL mode.
///
/// Every call is synchronous. A write runs to its durable commit on the caller's thread; callers queue. `write` and
/// `read` must not be called from inside one another's closures.
package final class Store: Sendable {
    package struct Options: Sendable {
        package var readers = 4
        /// The writer's page cache: at 64 MiB a submission costs about a fifth less than at SQLite's 2 MiB.
        package var cacheKiB = 16_384
        package var busyMilliseconds = 5_000
        /// Largest size of the file in pages of 4 KiB; a test's way to a full disk.
        package var pageLimit: Int?

        package init() {}
    }

    package let path: String
    private let reader: any DatabaseReader
    /// nil: opened for reading only.
    private let pool: DatabasePool?
    private let checkpointer: DatabaseQueue?
    private let tally: CommitTally

    /// Opens or makes the file (0600), and reads back every setting on which durability or erasure rests.
    package init(path: String, options: Options = Options()) throws(StoreError) {
        self.path = path
        tally = CommitTally()
        do {
            _ = try OpenFile.open(path, O_RDWR | O_CREAT)
        } catch {
            throw StoreError(.cannotOpen, error.description)
        }
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration(options))
            reader = pool
            self.pool = pool
            checkpointer = try DatabaseQueue(path: path, configuration: Self.configuration(options))
            let tally = self.tally
            try pool.writeWithoutTransaction { database in
                try Self.prepareWriter(database, options, tally)
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Opens a file that somebody else wrote, a copy of a ledger above all, and never writes to it.
    ///
    /// A backup, or the file of a hub that was stopped, stands alone: it is read as it is, without a lock and without a
    /// file beside it, even from a medium that cannot be written. Where a write-ahead log (`-wal`) lies beside, the file
    /// was copied from a running hub, or is its own: its commits are read with it, and SQLite makes an index of it (`-shm`)
    /// if there is none; file and log stay untouched. File and log must be of one moment; a copy of the file alone lacks
    /// the last commits and may be torn, which `integrityCheck` and `Rebuild.verify` find. `consiliumd backup` makes a
    /// copy that is whole.
    package init(reading path: String, options: Options = Options()) throws(StoreError) {
        self.path = path
        tally = CommitTally()
        pool = nil
        checkpointer = nil
        var configuration = Self.configuration(options)
        configuration.readonly = true
        do {
            let location = access(path + "-wal", F_OK) == 0 ? path : Self.immutable(path)
            let queue = try DatabaseQueue(path: location, configuration: configuration)
            reader = queue
            // The first look at the file: nothing but a database is let through.
            try queue.unsafeRead { database in
                _ = try DatabaseValue.fetchOne(database, sql: "PRAGMA schema_version")
                let strange = try Int.fetchOne(
                    database,
                    sql: """
                        SELECT COUNT(*) FROM sqlite_schema
                        WHERE type IN ('view', 'trigger') OR UPPER(sql) LIKE 'CREATE VIRTUAL%'
                        """
                )
                // A table that is none runs what its maker wrote.
                guard strange == 0 else {
                    throw StoreError(.corrupt, "the file holds a view, a trigger or a virtual table: no ledger has any")
                }
            }
        } catch {
            throw error as? StoreError ?? StoreError(error)
        }
    }

    /// SQLite's name for a file that nobody changes while it is open (https://www.sqlite.org/uri.html).
    private static func immutable(_ path: String) -> String {
        var name = "file:"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default: name += "%" + hexadecimal([byte])
            }
        }
        return name + "?immutable=1"
    }

    /// Runs `body` in one IMMEDIATE transaction and commits it with a sync of the WAL.
    ///
    /// When this returns, the commit is durable; when it throws, nothing of it is visible and the connection can be
    /// used again. `body`'s own errors are rethrown as they are.
    @discardableResult
    package func write<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        guard let pool else { throw StoreError(.readOnly, "the store was opened for reading only") }
        return try pool.writeWithoutTransaction { try Self.transaction($0, Transactions.begin, body) }
    }

    /// Runs `body` on one snapshot, taken at its first statement; any number of threads at once.
    package func read<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try reader.unsafeRead { try Self.transaction($0, Transactions.beginRead, body) }
    }

    private static func transaction<Value>(
        _ database: Database,
        _ begin: SQL,
        _ body: (any SQLConnection) throws -> Value
    ) throws -> Value {
        let connection = try SQLiteConnection(database)
        try connection.begin(begin)
        let value: Value
        do {
            value = try body(connection)
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
        return value
    }

    /// Commits since opening, and what a checkpoint would find.
    package var counters: StoreCounters { tally.counters }

    /// Moves committed pages from the WAL to the file, on a connection of its own, away from the commit path.
    ///
    /// `passive` never makes a writer wait, but under steady load the WAL then never starts over: call `restart` when
    /// `counters.walPages` has grown past a limit. `truncate` also empties the WAL file; an erasure needs it, so that
    /// no old page stays behind.
    @discardableResult
    package func checkpoint(_ mode: CheckpointMode = .passive) throws(StoreError) -> Checkpoint {
        guard let checkpointer else { throw StoreError(.readOnly, "the store was opened for reading only") }
        do {
            return try checkpointer.inDatabase { database in
                var frames: Int32 = 0
                var moved: Int32 = 0
                let result = sqlite3_wal_checkpoint_v2(database.sqliteConnection, nil, mode.flag, &frames, &moved)
                guard result == SQLITE_OK else {
                    let message = sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) } ?? ""
                    throw StoreError(result: result, message: message)
                }
                return Checkpoint(walPages: Int(frames), movedPages: Int(moved))
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// What SQLite's own check finds wrong; empty when the file is sound.
    package func integrityCheck() throws(StoreError) -> [String] {
        do {
            let lines = try read { connection in try connection.all("PRAGMA integrity_check") { $0.text(0) } }
            return lines == ["ok"] ? [] : lines
        } catch {
            throw StoreError(error)
        }
    }

    /// Writes one consistent snapshot to a new file, synced; readers and writers go on meanwhile.
    ///
    /// The copy is a single step inside a read transaction, so that no commit can restart it; the WAL cannot start
    /// over until it ends.
    package func backup(to destination: String) throws(StoreError) {
        do {
            try DurableFile.create(destination, contents: [])
            let copy = try DatabaseQueue(path: destination)
            try reader.unsafeRead { source in
                try copy.inDatabase { target in try Self.copy(from: source, to: target) }
            }
            try copy.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            try DurableFile.sync(destination)
        } catch let error as FileError {
            throw StoreError(error.isFull ? .full : .io, error.description)
        } catch {
            throw StoreError(error)
        }
    }

    /// Moves the WAL into the file and closes all connections. Calls after it throw.
    package func close() throws(StoreError) {
        do {
            try checkpointer?.close()
            try reader.close()
        } catch {
            throw StoreError(error)
        }
    }
}

extension Store {
    private static func configuration(_ options: Options) -> Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = options.readers
        configuration.persistentReadOnlyConnections = true
        configuration.busyMode = .timeout(Double(options.busyMilliseconds) / 1_000)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA mmap_size = 0;
                    PRAGMA secure_delete = ON;
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA cache_size = -4096;
                    """
            )
        }
        return configuration
    }

    /// GRDB sets `synchronous = NORMAL` after `prepareDatabase`, so FULL is set here, once the pool is open.
    private static func prepareWriter(_ database: Database, _ options: Options, _ tally: CommitTally) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA cache_size = -\(options.cacheKiB)")
        if let limit = options.pageLimit { try database.execute(sql: "PRAGMA max_page_count = \(limit)") }
        for (setting, expected) in [
            ("synchronous", "2"), ("journal_mode", "wal"), ("secure_delete", "1"), ("foreign_keys", "1"),
            ("trusted_schema", "0"), ("wal_autocheckpoint", "0"),
        ] {
            let value = try DatabaseValue.fetchOne(database, sql: "PRAGMA \(setting)")
            let found = value.flatMap { Int.fromDatabaseValue($0).map(String.init) ?? String.fromDatabaseValue($0) }
            guard found == expected else {
                throw StoreError(.durability, "\(setting) is \(found ?? "unknown"), must be \(expected)")
            }
        }
        // Transactions bypass GRDB's statements, so its observers must not listen to them either.
        sqlite3_commit_hook(database.sqliteConnection, nil, nil)
        sqlite3_rollback_hook(database.sqliteConnection, nil, nil)
        tally.listen(to: database)
    }

    private static func copy(from source: Database, to target: Database) throws {
        guard let job = sqlite3_backup_init(target.sqliteConnection, "main", source.sqliteConnection, "main") else {
            let message = sqlite3_errmsg(target.sqliteConnection).map { String(cString: $0) } ?? ""
            throw StoreError(result: sqlite3_extended_errcode(target.sqliteConnection), message: message)
        }
        let step = sqlite3_backup_step(job, -1)
        let finish = sqlite3_backup_finish(job)
        guard step == SQLITE_DONE, finish == SQLITE_OK else {
            let result = finish == SQLITE_OK ? step : finish
            throw StoreError(
                result: result,
                message: "copying the database: \(String(cString: sqlite3_errstr(result)))"
            )
        }
    }
}

/// How far a checkpoint goes (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html).
package enum CheckpointMode: Sendable {
    case passive
    case restart
    case truncate

    var flag: Int32 {
        switch self {
        case .passive: SQLITE_CHECKPOINT_PASSIVE
        case .restart: SQLITE_CHECKPOINT_RESTART
        case .truncate: SQLITE_CHECKPOINT_TRUNCATE
        }
    }
}

/// Pages in the WAL when the checkpoint ended, and how many of them have reached the file.
package struct Checkpoint: Sendable, Equatable {
    package var walPages: Int
    package var movedPages: Int
}
