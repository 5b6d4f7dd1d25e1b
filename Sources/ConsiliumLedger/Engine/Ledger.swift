package import ConsiliumCore

/// The only writer. One thread owns it and calls `step`; everything it depends on comes in as an argument.
///
/// `step(now, inputs)` forms one commit group: every input is decided on its own, due timers become ordinary commands,
/// queued cases are offered where capacity came free, and all of it is durable before the outcome is returned.
package final class Ledger {
    package struct Options: Sendable {
        /// Downtime below this is not given back to live leases.
        package var shortestOutage = Span.seconds(2)
        /// While an offer is live, the hub writes at least that often that it serves: what an outage is measured from.
        package var heartbeat = Span.seconds(10)
        package var quarantinePerSite = 500
        package var quarantineDays: Int64 = 30
        package var timersPerStep = 256
        package var dispatchPerStep = 256
        package var longestQueue = 100_000
        /// Case states that are kept in memory; when there are more, all are forgotten and folded anew when needed.
        package var recentCases = 4_096

        package init() {}
    }

    package let store: Store
    package let intake: Intake
    let options: Options
    var entropy: any Entropy
    package private(set) var network: Network
    package private(set) var governance = Governance()
    var networkSequence = 0
    var loads: Loads
    private(set) var epoch: Int64 = 0
    var lastTime: Instant
    package internal(set) var nextDeadline: Instant?
    var effects = Effects()
    /// Recently written cases, so that a conversation does not fold its stream anew each time.
    var recent: RecentCases<CountedCase>
    var journal = Journal()
    var measures = MeasureCounter()
    private(set) var capacities = NetworkTrace()
    /// What a history in the making changed and nobody has asked for yet; nil on a hub.
    var historyChanges: HistoryChanges?
    /// Since it was opened, undone ones included.
    var recordsWritten = 0
    /// Types and versions of records that the ledger holds already.
    var recordTypes = RecordTypes()
    /// Memory could not be folded anew after a failure; nothing is decided before it has been.
    private(set) var isStale = false
    /// The last dispatch stopped at its share; the next step goes on.
    private var isDispatchOpen = false

    /// What the shell has to do after a step.
    package struct Effects: Sendable {
        /// Sites whose inbox or queue changed.
        package var sites: Set<SiteID> = []
        /// Sites with a new delivery.
        package var deliveries: Set<SiteID> = []
        /// The directory, members or channels changed.
        package var network = false
        /// Registers, samples or assessments changed.
        package var governance = false
        /// Somebody lost the right to be connected.
        package var revoked = false
        var capacityChanged = false
        /// Cases that a timer or a dispatch could not read or write, with the reason; the hub goes on without them.
        package var failures: [CaseID: String] = [:]
    }

    package struct StepOutcome: Sendable {
        /// One for each input, in order.
        package var results: [Result<Receipt, InputFailure>]
        package var effects: Effects
        package var nextDeadline: Instant?
        /// Timers were due beyond this step's share, or more cases wait for free capacity.
        package var hasMore: Bool
        package var network: Network?
        package var governance: Governance?
        /// Another hub holds the lease: this one must stop.
        package var isFenced: Bool
    }

    /// Opens the ledger for writing: takes the hub's lease, folds the network, gives live leases back the time in which
    /// no hub served.
    package init(
        store: Store,
        intake: Intake,
        entropy: some Entropy,
        now: Instant,
        options: Options = Options()
    ) throws {
        self.store = store
        self.intake = intake
        self.options = options
        self.entropy = entropy
        lastTime = now
        network = Network(name: "")
        loads = Loads()
        recent = RecentCases(capacity: options.recentCases)
        // One transaction: a hub that dies here has neither served nor given anything back.
        nextDeadline = try store.write { connection in
            let served = try connection.first(Statements.lease) { $0.time(1) }
            lastTime = max(now, served ?? now)
            try connection.execute(Statements.takeLease, [.time(lastTime)])
            epoch = try connection.first(Statements.lease) { $0.integer(0) } ?? 1
            try fold(connection)
            if try MeasureTable(connection: connection).state()?.definition != MeasureTally.definition {
                try MeasureRecount.run(connection)
            }
            if let served, now - served > options.shortestOutage {
                try extendLeases(by: now - served, at: lastTime, connection)
            }
            try measures.flush(connection)
            return try deadline(connection)
        }
    }

    /// Folds everything that is held in memory anew from the store.
    ///
    /// - Throws: `RecordError` when the ledger holds records of a type or version that this program does not know.
    func fold(_ connection: any SQLConnection) throws {
        isStale = true
        recent.removeAll()
        measures.removeAll()
        capacities = NetworkTrace()
        recordTypes = try RecordTypes(connection)
        (network, networkSequence) = try NetworkReader(connection)
            .fold { header, event in
                _ = capacities.take(header, event, offsetMinutes: MeasureCounter.offsetMinutes)
            }
        governance = try GovernanceReader(connection).fold()
        loads = try Loads(connection)
        isStale = false
    }

    /// When the hub has to step next, if nobody asks for anything before.
    func deadline(_ connection: any SQLConnection) throws -> Instant? {
        let timer = try connection.first(Statements.nextTimer) { $0.optionalTime(0) } ?? nil
        // A case that could not be read is tried again, but not without pause.
        let due = timer.map { effects.failures.isEmpty ? $0 : max($0, lastTime + .seconds(1)) }
        guard loads.hasLiveOffers else { return due }
        let heartbeat = lastTime + options.heartbeat
        return due.map { min($0, heartbeat) } ?? heartbeat
    }

    /// Decides and commits `inputs` together, then whatever is due.
    ///
    /// An error means that nothing of the group is durable; the ledger has folded its memory anew and can go on.
    package func step(now: Instant, inputs: [Input]) -> StepOutcome {
        let time = max(now, lastTime)
        lastTime = time
        effects = Effects()
        var results: [Result<Receipt, InputFailure>] = []
        var hasMore = false
        var isFenced = false
        let wasDispatchOpen = isDispatchOpen
        /// `isGuarded`: each input under a savepoint, at the price of copying every page that it touches.
        func commit(isGuarded: Bool) throws {
            nextDeadline = try store.write { connection in
                results = []
                guard try connection.execute(Statements.holdLease, [.integer(epoch), .time(time)]) == 1 else {
                    throw LedgerError.leaseLost
                }
                let transaction = Transaction(ledger: self, connection: connection, now: time)
                for input in inputs { results.append(try transaction.carryOut(input, isGuarded: isGuarded)) }
                hasMore = try transaction.fireTimers()
                if effects.capacityChanged || effects.network || isDispatchOpen {
                    isDispatchOpen = try transaction.dispatch()
                }
                try measures.flush(connection)
                return try deadline(connection)
            }
        }
        do {
            if isStale { try store.read(fold) }
            do {
                try commit(isGuarded: false)
            } catch LedgerError.halfWritten {
                // Nothing of the group stands. Once more, so that only the input that failed is undone.
                isDispatchOpen = wasDispatchOpen
                try foldAnew()
                try commit(isGuarded: true)
            }
        } catch {
            isFenced = error as? LedgerError == .leaseLost
            results = inputs.map { _ in .failure(Self.failure(error)) }
            hasMore = false
            isDispatchOpen = wasDispatchOpen
            // Memory must say what the store says; if even reading fails, the next step begins with it.
            try? foldAnew()
        }
        return StepOutcome(
            results: results,
            effects: effects,
            nextDeadline: nextDeadline,
            hasMore: hasMore || isDispatchOpen,
            network: effects.network ? network : nil,
            governance: effects.governance ? governance : nil,
            isFenced: isFenced
        )
    }

    /// After a group of which nothing stands.
    func foldAnew() throws {
        effects = Effects()
        // A store that lets nobody read does not come to `fold`.
        isStale = true
        try store.read(fold)
    }

    static func failure(_ error: any Error) -> InputFailure {
        switch error {
        case let error as StoreError: .store(error)
        case let refusal as Refusal: .refused(refusal)
        default: .internalError("\(error)")
        }
    }

    func apply(_ change: LoadChange) {
        loads.apply(change)
        journal.loads.append(change)
    }

    func remember(_ counted: CountedCase, as id: CaseID) {
        recent[id] = counted
        journal.cases.append(id)
        historyChanges?.cases.append(id)
    }

    func count(_ cells: [MeasureCell], times factor: Int) {
        measures.add(cells, times: factor)
        journal.counts.append((cells, factor))
    }

    func noteRecord() {
        measures.noteRecords(1)
        journal.records += 1
        recordsWritten += 1
    }

    /// Memory follows a savepoint that was undone.
    func undoJournal() {
        for change in journal.loads.reversed() {
            var back = change
            back.reserved = -change.reserved
            back.offered = -change.offered
            loads.apply(back)
        }
        for id in journal.cases { recent[id] = nil }
        for entry in journal.types { recordTypes.forget(entry) }
        for (cells, factor) in journal.counts.reversed() { measures.add(cells, times: -factor) }
        measures.noteRecords(-journal.records)
        journal = Journal()
    }

    func evolveNetwork(_ event: NetworkEvent, _ header: RecordHeader) {
        network.evolve(event, sequence: header.sequence, at: header.time)
        networkSequence = header.sequence
        count(capacities.take(header, event, offsetMinutes: MeasureCounter.offsetMinutes), times: 1)
    }

    func evolveGovernance(_ event: GovernanceEvent, _ header: RecordHeader) {
        governance.evolve(event, sequence: header.sequence, at: header.time, by: header.actor)
        effects.governance = true
    }

    /// A hub that was down lets no lease lapse that had time left.
    func extendLeases(by outage: Span, at now: Instant, _ connection: any SQLConnection) throws {
        let transaction = Transaction(ledger: self, connection: connection, now: now)
        var after = CaseID(high: 0, low: 0)
        while true {
            let ids = try connection.all(Statements.casesWithLiveOffers, [.identifier(after), .int(500)]) {
                try $0.identifier(0)
            }
            for id in ids { try transaction.run(.extendLeases(outage), on: id) }
            guard let last = ids.last else { return }
            after = last
        }
    }
}

/// The process cannot go on writing.
package enum LedgerError: Error, Equatable {
    /// Another hub took over this ledger.
    case leaseLost
    /// An input failed after it had written, without a savepoint to return to.
    case halfWritten
}

/// Loads in memory, as the table has them.
struct Loads: LoadTable {
    struct Key: Hashable {
        var site: SiteID
        var department: DepartmentCode
    }

    private(set) var figures: [Key: Load] = [:]
    private var offered = 0

    var hasLiveOffers: Bool { offered > 0 }

    init() {}

    init(_ connection: any SQLConnection) throws {
        try connection.query(Statements.loads) { row in
            guard let site = SiteID(row.text(0)), let department = DepartmentCode(row.text(1)) else {
                throw StoreError(.corrupt, "loads hold an unknown site or department")
            }
            figures[Key(site: site, department: department)] = Load(reserved: row.int(2), offered: row.int(3))
            offered += row.int(3)
        }
    }

    func load(of site: SiteID, department: DepartmentCode) -> Load {
        figures[Key(site: site, department: department)] ?? Load()
    }

    mutating func apply(_ change: LoadChange) {
        let key = Key(site: change.site, department: change.department)
        figures[key, default: Load()].reserved += change.reserved
        figures[key, default: Load()].offered += change.offered
        offered += change.offered
    }
}

/// What the input in hand changed in memory.
struct Journal {
    var loads: [LoadChange] = []
    var cases: [CaseID] = []
    var types: [RecordTypes.Entry] = []
    var counts: [(cells: [MeasureCell], factor: Int)] = []
    var records = 0
}

/// A bounded memory of case states; forgets everything when full.
struct RecentCases<State> {
    let capacity: Int
    private var states: [CaseID: State] = [:]

    var all: [CaseID: State] { states }

    init(capacity: Int) { self.capacity = capacity }

    subscript(id: CaseID) -> State? {
        get { states[id] }
        set {
            if states.count >= capacity { states.removeAll(keepingCapacity: true) }
            states[id] = newValue
        }
    }

    mutating func removeAll() { states.removeAll(keepingCapacity: true) }
}
