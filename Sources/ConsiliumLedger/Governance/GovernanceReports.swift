package import ConsiliumCore

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
    private let registers: FoldedRegisters

    /// - Parameters:
    ///   - others: more connections to the same file, which nobody writes to then; with them every event is counted by
    ///     several threads.
    ///   - registers: of the same ledger.
    package init(store: Store, others: [Store] = [], registers: FoldedRegisters = FoldedRegisters()) {
        self.store = store
        self.others = others
        self.registers = registers
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
        var anew: MeasureSnapshot?
        if basis == .events {
            try registers.read(store) { try require($1, period, scope, now) }
            // Who counts anew trusts nobody: what was changed in the file must not become a figure.
            anew = try MeasureRecomputation.snapshot(Self.days(period), of: others.isEmpty ? [store] : others)
        }
        return try GovernanceReport(try source(period, scope: scope, anew, now: now))
    }

    private static func days(_ period: GovernancePeriod) -> MeasurePeriod {
        MeasurePeriod(period.days, trend: GovernanceReport.trend(of: period))
    }

    private func require(
        _ history: GovernanceHistory,
        _ period: GovernancePeriod,
        _ scope: ReportSource.Scope,
        _ now: Instant
    ) throws(Refusal) {
        try history.require(period, now: now)
        if scope == .published { try history.requirePublishable(period, now: now) }
    }

    private func source(
        _ period: GovernancePeriod,
        scope: ReportSource.Scope,
        _ anew: MeasureSnapshot?,
        now: Instant
    ) throws -> ReportSource {
        try registers.read(store) { connection, history in
            try require(history, period, scope, now)
            let snapshot = try anew ?? MeasureCountsReader(connection).snapshot(Self.days(period))
            let governance = history.governance
            let bounds = governance.bounds(of: period)
            let startOfToday = governance.day(now).start(offsetMinutes: governance.offsetMinutes)
            let active = history.activity.active(before: min(bounds.upperBound, startOfToday))
            let windowStart = governance.bounds(of: period.twelveMonths).lowerBound
            let (model, isRetrospective) = governance.model(forPeriodFrom: bounds.lowerBound)
            let seed = Self.seed(period)
            let today = governance.day(now)
            var registered: [String: Observation] = [:]
            var checks: [String: GovernanceReport.SourceCheck] = [:]
            for measure in model.measures {
                registered[measure.id] = governance.observation(
                    of: measure,
                    period: measure.period == .twelveMonths ? period.twelveMonths : period,
                    tally: snapshot.tally,
                    active: active,
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
                isWindowRetrospective: governance.model(forPeriodFrom: windowStart).isRetrospective,
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

    /// Every resampling of a period begins with the same number, which is printed beside what it gave.
    static func seed(_ period: GovernancePeriod) -> UInt64 {
        UInt64(digest: sha256(Array("consilium governance \(period.label)".utf8)))
    }
}
