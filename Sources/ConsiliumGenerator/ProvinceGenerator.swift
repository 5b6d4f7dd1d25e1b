package import ConsiliumCore
import ConsiliumLedger

/// Writes the history of an invented province into a ledger of its own: the same bytes for the same configuration.
///
/// Patients, doctors, hospitals and regions are invented, and the ledger says itself that it is generated
/// (`Network.generation`). Its keys come from the seed, so that nothing in it is secret.
package struct ProvinceGenerator: Sendable {
    /// Of the histories that this program makes: raised whenever the same seed gives another one.
    package static let version = 2

    package enum Amount: Sendable, Equatable {
        /// Requests a member site and month, middling ones.
        case perSiteAndMonth(Int)
        /// About that many records in all, for benchmarks; within a tenth from 100,000 on.
        case records(Int)
    }

    package struct Configuration: Sendable, Equatable {
        /// 5 to 5,000.
        package var sites: Int
        /// 1 to 120 whole months.
        package var months: Int
        package var seed: UInt64
        package var firstYear: Int
        /// 1 to 12.
        package var firstMonth: Int
        package var amount: Amount
        /// Marks every case in name, numbers and free text (`Canary`).
        package var hasCanary: Bool
        package var gaming: Generation.Gaming

        package init(
            sites: Int,
            months: Int,
            seed: UInt64,
            firstYear: Int = 2025,
            firstMonth: Int = 1,
            amount: Amount = .perSiteAndMonth(30),
            hasCanary: Bool = false,
            gaming: Generation.Gaming = .none
        ) {
            self.sites = sites
            self.months = months
            self.seed = seed
            self.firstYear = firstYear
            self.firstMonth = firstMonth
            self.amount = amount
            self.hasCanary = hasCanary
            self.gaming = gaming
        }
    }

    package struct Summary: Sendable, Equatable {
        package var cases: Int
        package var records: Int
        package var start: Instant
        package var end: Instant
    }

    package let configuration: Configuration
    private let setting: Setting

    /// - Throws: `GeneratorError` naming the value that no province can have.
    package init(_ configuration: Configuration) throws(GeneratorError) {
        self.configuration = configuration
        setting = try Setting(configuration)
    }

    /// Writes the history to `folder`/ledger.db, laid out as the data folder of a hub.
    ///
    /// - Parameters:
    ///   - folder: is made; must not hold a ledger yet.
    ///   - keys: where the master key goes, as in a hub's home; nil: nowhere, and what is sealed stays sealed.
    ///   - progress: called after each commit with the records so far and the virtual time.
    /// - Throws: `GeneratorError` when the folder holds a ledger; `StoreError`, `KeyError` or `RecordError` when writing
    ///   fails.
    package func write(
        to folder: String,
        keys: String? = nil,
        progress: (Int, Instant) -> Void = { _, _ in }
    ) throws -> Summary {
        let database = "\(folder)/ledger.db"
        try DurableFile.makeFolder("\(folder)/blobs")
        guard try !DurableFile.names(in: folder).contains("ledger.db") else {
            throw GeneratorError("\(folder) holds a ledger already; nothing was changed")
        }
        var entropy = SeededEntropy(seed: Chance.seed(configuration.seed, "keys"))
        let master = MasterKey(version: 1, entropy: &entropy)
        if let keys { try MasterKeyFile.create(master, in: keys) }
        let masters = try MasterKeys([master])
        let (ring, wrapped) = try KeyRing.create(network: Life.networkName, masters: masters, entropy: &entropy)
        var options = Store.Options()
        options.readers = 1
        options.cacheKiB = 131_072
        let store = try Store(path: database, options: options)
        try store.migrate(Tables.migrations)
        try store.write { try NetworkKeyTable.store(wrapped, masters: masters, in: $0) }
        let intake = Intake(keys: ring, masters: masters, blobs: BlobStore(directory: "\(folder)/blobs"))
        var ledgerOptions = Ledger.Options()
        ledgerOptions.recentCases = 100_000
        let ledger = try Ledger(
            store: store,
            intake: intake,
            entropy: SeededEntropy(seed: Chance.seed(configuration.seed, "ledger")),
            now: setting.founded,
            options: ledgerOptions
        )
        let life = try live(in: ledger, intake: intake, store: store, progress)
        try store.close()
        return Summary(cases: life.numbers, records: life.records, start: setting.start, end: setting.end)
    }

    /// Records a commit.
    private static let commit = 40_000

    private func live(
        in ledger: Ledger,
        intake: Intake,
        store: Store,
        _ progress: (Int, Instant) -> Void
    ) throws -> Life {
        let life = try ledger.append { writer in
            let life = Life(setting, intake: intake, writer: writer)
            try life.begin()
            return life
        }
        var hasMore = true
        while hasMore {
            let now = try ledger.append { writer in
                life.go(on: writer)
                hasMore = try life.live(records: Self.commit)
                return writer.now
            }
            // Nobody else writes: the log starts over each time and stays small.
            try store.checkpoint(.restart)
            progress(life.records, now)
        }
        try ledger.append { writer in
            life.go(on: writer)
            try life.audit()
        }
        try store.checkpoint(.truncate)
        return life
    }
}

/// A province that cannot be, or a folder that is taken.
package struct GeneratorError: Error, Equatable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
