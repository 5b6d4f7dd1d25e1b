import GRDB
import GRDBSQLite
import Synchronization

/// What the writer has committed since the store was opened.
package struct StoreCounters: Sendable, Equatable {
    /// Transactions that wrote to the WAL. With `synchronous = FULL` each is one sync of the WAL (plus one whenever the
    /// WAL starts over), so submissions divided by this is submissions per sync.
    package var commits: Int
    /// Pages in the WAL after the last commit; it starts over from 0 after a finished checkpoint.
    package var walPages: Int
}

/// Counts commits where SQLite reports them: in the WAL hook, called after each commit of the writer.
final class CommitTally: Sendable {
    private let commits = Atomic<Int>(0)
    private let pages = Atomic<Int>(0)

    var counters: StoreCounters {
        StoreCounters(commits: commits.load(ordering: .relaxed), walPages: pages.load(ordering: .relaxed))
    }

    /// The caller keeps this object alive as long as the connection.
    func listen(to database: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                let tally = Unmanaged<CommitTally>.fromOpaque(context).takeUnretainedValue()
                tally.commits.wrappingAdd(1, ordering: .relaxed)
                tally.pages.store(Int(pages), ordering: .relaxed)
                return SQLITE_OK
            },
            context
        )
    }
}
