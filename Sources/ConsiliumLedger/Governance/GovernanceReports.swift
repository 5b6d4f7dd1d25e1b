package import ConsiliumCore
import Crypto

/// Makes governance reports of a ledger, of a hub's own or of a copy: reads facts alone, needs no key.
package struct GovernanceReports: Sendable {
    /// What figures are computed from; both give the same bytes.
    package enum Basis: String, Sendable {
        /// The counts that the ledger keeps as events arrive.
        case counters
        /// Every event, one after the other, each checked against its hash before.
        case events
    }

    private let store: Store
    private let others: [Store]

    /// - Parameters:
    ///   - others: more connections to the same file, which nobody writes to then; with them every event is counted by
    ///     several threads.
    package init(store: Store, others: [Store] = []) {
        self.store = store
        self.others = others
    }

    /// - Parameters:
    ///   - now: what tells a period that has not begun.
    /// - Throws: `Refusal` for a period that has not begun, or that ended before the first event; outside audited scope
    ///   for anything but a quarter that ended 31 days ago. `RecordError` when events are counted and one of them was
    ///   changed or is missing.
    package func report(
        _ period: GovernancePeriod,
        scope: ReportSource.Scope,
        basis: Basis = .counters,
        now: Instant
    ) throws -> GovernanceReport {
        // Who counts anew trusts nobody: what was changed in the file must not become a figure.
        if basis == .events { _ = try Rebuild.verify(store) }
        return try GovernanceReport(try source(period, scope: scope, basis: basis, now: now))
    }

    private func source(
        _ period: GovernancePeriod,
        scope: ReportSource.Scope,
        basis: Basis,
        now: Instant
    ) throws -> ReportSource {
        try store.read { connection in
            let history = try GovernanceHistory(connection, until: period)
            try history.require(period, now: now)
            if scope == .published { try history.requirePublishable(period, now: now) }
            let days = MeasurePeriod(period.days, trend: GovernanceReport.trend(of: period))
            let snapshot: MeasureSnapshot =
                switch basis {
                case .counters: try MeasureCountsReader(connection).snapshot(days)
                case .events: try recomputed(days, connection)
                }
            let governance = history.governance
            let start = governance.bounds(of: period).lowerBound
            let (model, isRetrospective) = governance.model(forPeriodFrom: start)
            let seed = Self.seed(period)
            let today = governance.day(now)
            var registered: [String: Observation] = [:]
            var checks: [String: GovernanceReport.SourceCheck] = [:]
            for measure in model.measures {
                registered[measure.id] = governance.observation(
                    of: measure,
                    period: measure.period == .twelveMonths ? period.twelveMonths : period,
                    tally: snapshot.tally,
                    network: history.networkThen,
                    until: today,
                    bootstrap: Bootstrap(seed: seed)
                )
                checks[measure.id] = governance.sourceCheck(measure: measure.id, period: period)
            }
            let names = history.network.sites.values.map {
                ($0.id.description, BilingualText($0.englishName.isEmpty ? $0.name : $0.englishName, $0.name))
            }
            let recorded = MeasureFold.recorded(snapshot.totals.firstDays, for: period.days).union(governance.recorded)
            return ReportSource(
                network: history.network.name,
                siteNames: Dictionary(uniqueKeysWithValues: names),
                period: period,
                today: today < period.days.upperBound ? today : nil,
                model: model,
                isRetrospective: isRetrospective,
                isGenerated: history.isGenerated,
                tally: snapshot.tally,
                totals: snapshot.totals,
                registered: registered,
                exchanges: governance.exchanges(in: period),
                recorded: recorded,
                assessment: governance.assessment(for: period),
                pooledAgreement: PooledAgreement(
                    governance.assessments.values.sorted { $0.id < $1.id },
                    Bootstrap(seed: seed)
                ),
                sourceChecks: checks,
                snapshot: .init(
                    records: scope == .audited ? snapshot.records : nil,
                    hash: history.digest(snapshot, recorded, period, now)
                ),
                scope: scope,
                seed: seed
            )
        }
    }

    private func recomputed(_ days: MeasurePeriod, _ connection: any SQLConnection) throws -> MeasureSnapshot {
        let alone = MeasureRecomputation(connection)
        guard !others.isEmpty else { return try alone.snapshot(days) }
        return try MeasureRecomputation.snapshot(days, of: others) ?? alone.snapshot(days)
    }

    /// Every resampling of a period begins with the same number, which is printed beside what it gave.
    static func seed(_ period: GovernancePeriod) -> UInt64 {
        UInt64(digest: sha256(Array("consilium governance \(period.label)".utf8)))
    }
}

/// The network and its governance as a ledger has them.
struct GovernanceHistory {
    let network: Network
    /// As it stood at the end of the period that was named; empty without one.
    let networkThen: Network
    let governance: Governance
    /// nil in a ledger without a record.
    let begunAt: Instant?
    /// Over every record of both streams.
    private let records: String

    init(_ connection: any SQLConnection, until period: GovernancePeriod? = nil) throws {
        var records = SHA256()
        let governance = try GovernanceReader(connection).fold(record: { records.update(data: leafHash($0)) })
        self.governance = governance
        let end = period.map { governance.bounds(of: $0).upperBound }
        var then = Network(name: "")
        network =
            try NetworkReader(connection)
            .fold(
                each: { header, event in
                    if let end, header.time < end { then.evolve(event, sequence: header.sequence, at: header.time) }
                },
                record: { records.update(data: leafHash($0)) }
            )
            .0
        networkThen = then
        self.records = hexadecimal(records.finalize())
        begunAt = try connection.first(
            Statements.recordsOfKind,
            [.int(StreamKind.network.number), .identifier(StreamID.network.id), .int(0), .int(1)]
        ) { try RecordHeader.decode($0.blob(2)).0.time }
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
        return hexadecimal(sha256(Array("\(counts.digest) \(records) \(facts) \(until)".utf8)))
    }
}
