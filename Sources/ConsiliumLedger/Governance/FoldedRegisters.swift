import ConsiliumCore
import Synchronization

/// The registers and the directory as they were last folded. A later question folds what has come since, so that it costs
/// no more in an old ledger than in a young one.
package final class FoldedRegisters: Sendable {
    private let last = Mutex(GovernanceHistory())

    package init() {}

    /// Reads with the history as the transaction has it.
    func read<Answer>(
        _ store: Store,
        _ body: (any SQLConnection, GovernanceHistory) throws -> Answer
    ) throws -> Answer {
        // Taken before the transaction begins, so that it never knows of more than the transaction.
        let known = last.withLock { $0 }
        return try store.read { connection in
            var history = known
            try history.fold(connection)
            last.withLock { if $0.isBehind(history) { $0 = history } }
            return try body(connection, history)
        }
    }
}

/// The network and its governance as a ledger has them.
struct GovernanceHistory: Sendable {
    private(set) var network = Network(name: "")
    private(set) var governance = Governance(offsetMinutes: MeasureCounter.offsetMinutes)
    private(set) var activity = SiteActivity()
    /// nil in a ledger without a record.
    private(set) var begunAt: Instant?
    /// Each over every record of its stream, in their order.
    private var networkChain: [UInt8] = []
    private var governanceChain: [UInt8] = []

    /// Folds the records that have come since the last time, each checked.
    ///
    /// - Throws: `RecordError` for one that this program does not know, or that does not hold.
    mutating func fold(_ connection: any SQLConnection) throws {
        var check = RecordCheck(.network, at: StreamID.network.id, network.version)
        try connection.query(Statements.recordsAfter, Self.after(.network, network.version)) { row in
            let record = try check.take(row)
            let (header, facts) = try RecordHeader.decode(record)
            let event = try NetworkEvent(type: header.type, facts: facts)
            network.evolve(event, sequence: header.sequence, at: header.time)
            activity.take(event, at: header.time)
            if begunAt == nil { begunAt = header.time }
            networkChain = sha256(networkChain + leafHash(record))
        }
        check = RecordCheck(.governance, at: StreamID.governance.id, governance.version)
        try connection.query(Statements.recordsAfter, Self.after(.governance, governance.version)) { row in
            let record = try check.take(row)
            let (header, facts) = try RecordHeader.decode(record)
            let event = try GovernanceEvent(type: header.type, facts: facts)
            governance.evolve(event, sequence: header.sequence, at: header.time, by: header.actor)
            governanceChain = sha256(governanceChain + leafHash(record))
        }
    }

    private static func after(_ stream: StreamID, _ version: Int) -> [SQLValue] {
        [.int(stream.kind.number), .identifier(stream.id), .int(version)]
    }

    func isBehind(_ other: GovernanceHistory) -> Bool {
        network.version <= other.network.version && governance.version <= other.governance.version
    }

    var isGenerated: Bool { network.generation != nil }

    /// Refuses a period that has not begun, and one that was over when the ledger began.
    func require(_ period: GovernancePeriod, now: Instant) throws(Refusal) {
        guard period.days.lowerBound <= governance.day(now) else {
            throw Refusal(.periodInFuture, at: "period", "\(period.days.lowerBound)")
        }
        guard let begunAt, governance.day(begunAt) < period.days.upperBound else {
            throw Refusal(.periodEmpty, at: "period", begunAt.map { "\(governance.day($0))" })
        }
    }

    /// Days after its end on which a quarter is not published yet: what follows a case is looked at for 30 days.
    static let settling = 31

    /// Outside audited scope quarters alone, and only when what follows their cases has been looked at: from a month and
    /// its quarter, or from two looks at a quarter that still changes, a hidden count could be computed.
    func requirePublishable(_ period: GovernancePeriod, now: Instant) throws(Refusal) {
        guard period.isQuarter else {
            throw Refusal(.notPermitted, at: "period", "a quarter, such as 2026-Q3, outside audited scope")
        }
        let first = CivilDay(number: period.days.upperBound.number + Self.settling)
        guard governance.day(now) >= first else {
            throw Refusal(.periodNotEnded, at: "period", "\(period.label), published from \(first)")
        }
    }

    /// Over all that a figure rests on: the exact counts, which facts there are, every record of the registers and of the
    /// directory, and of a period that goes on the day.
    func digest(
        _ counts: MeasureSnapshot,
        _ recorded: Set<FactType>,
        _ period: GovernancePeriod,
        _ now: Instant
    ) -> String {
        let facts = recorded.map(\.rawValue).sorted().joined(separator: ",")
        let until = min(governance.day(now), period.days.upperBound)
        let records = [networkChain, governanceChain].map(hexadecimal).joined(separator: " ")
        return hexadecimal(sha256(Array("\(counts.digest) \(records) \(facts) \(until)".utf8)))
    }
}
