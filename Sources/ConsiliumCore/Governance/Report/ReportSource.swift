/// What a governance report is made of. Whoever reads a ledger fills it; the report is a pure function of it.
package struct ReportSource: Sendable {
    package var network: String
    /// By code.
    package var siteNames: [String: BilingualText]
    package var period: GovernancePeriod
    /// The day that is not over yet; nil for a period that has ended.
    package var today: CivilDay?
    package var model: GovernanceModel
    package var isRetrospective: Bool
    /// Of the measures over twelve months, whose window begins earlier.
    package var isWindowRetrospective: Bool
    package var isGenerated: Bool
    /// Covers the days of the period, and every change of capacity before.
    package var tally: MeasureTally
    /// Covers `GovernanceReport.trend(of:)`.
    package var totals: DayTotals
    /// Of the measures that rest on registers and returns, by identifier.
    package var registered: [String: Observation]
    /// Messages of the period by site and format, which stand beside IE1.
    package var exchanges: [Governance.Exchange]
    /// Of which fact types there is any record.
    package var recorded: Set<FactType>
    package var assessment: Assessment?
    package var pooledAgreement: PooledAgreement?
    package var sourceChecks: [String: GovernanceReport.SourceCheck]
    package var snapshot: GovernanceReport.Snapshot
    package var scope: Scope
    /// Every resampling begins with it, so that a rerun gives the same bytes.
    package var seed: UInt64

    /// Who reads the report.
    package enum Scope: String, Sendable, Codable {
        /// An auditor at work: exact counts.
        case audited
        /// Everybody else: cells of 1 to 10 are hidden, with those that would give them away.
        case published
    }

    package init(
        network: String,
        siteNames: [String: BilingualText] = [:],
        period: GovernancePeriod,
        today: CivilDay? = nil,
        model: GovernanceModel,
        isRetrospective: Bool,
        isWindowRetrospective: Bool = false,
        isGenerated: Bool,
        tally: MeasureTally,
        totals: DayTotals,
        registered: [String: Observation] = [:],
        exchanges: [Governance.Exchange] = [],
        recorded: Set<FactType>,
        assessment: Assessment? = nil,
        pooledAgreement: PooledAgreement? = nil,
        sourceChecks: [String: GovernanceReport.SourceCheck] = [:],
        snapshot: GovernanceReport.Snapshot,
        scope: Scope,
        seed: UInt64
    ) {
        self.network = network
        self.siteNames = siteNames
        self.period = period
        self.today = today
        self.model = model
        self.isRetrospective = isRetrospective
        self.isWindowRetrospective = isWindowRetrospective
        self.isGenerated = isGenerated
        self.tally = tally
        self.totals = totals
        self.registered = registered
        self.exchanges = exchanges
        self.recorded = recorded
        self.assessment = assessment
        self.pooledAgreement = pooledAgreement
        self.sourceChecks = sourceChecks
        self.snapshot = snapshot
        self.scope = scope
        self.seed = seed
    }

    /// The days of the period that are over.
    var endedDays: Range<CivilDay> {
        guard let today else { return period.days }
        return period.days.clamped(to: period.days.lowerBound..<max(period.days.lowerBound, today))
    }
}
