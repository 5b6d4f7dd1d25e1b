/// The measures that rest on registers, as observations.
extension Governance {
    /// What the registers, and where it needs them the counts of cases, say of `measure`; nil when nothing was observed and
    /// when the measure does not rest on a register.
    ///
    /// - Parameters:
    ///   - tally: counts of the same history.
    ///   - active: sites of the directory that were active at the end of the period.
    ///   - end: the day that is not over yet, of a period that goes on; nil when it has ended.
    ///   - bootstrap: resamples requesting sites where the measure asks for it; without replicates there is no interval.
    package func observation(
        of measure: Measure,
        period: GovernancePeriod,
        tally: MeasureTally,
        active: Set<SiteID>,
        until end: CivilDay? = nil,
        bootstrap: Bootstrap = Bootstrap(seed: 0, replicates: 0)
    ) -> Observation? {
        var days = period.days
        if let end { days = days.clamped(to: min(end, days.lowerBound)..<max(end, days.lowerBound)) }
        guard let last = days.last else { return nil }
        switch (measure.source, measure.form) {
        case ("OC1", .proportion): return proportion(decidedInTime(days))
        case ("OC2", .proportion): return proportion(initiatedBySites(days))
        case ("IDR1", .proportion): return proportion(decidedBySites(days))
        case ("IDR2", .proportion): return proportion(partnersUnderContract(active, on: last))
        case ("IDR3", .median): return timeToConformance(days)
        case ("GR2", .proportion): return proportion(findingsClosed(days))
        case ("GR4", .proportion): return proportion(daysVerified(days))
        case ("IE1", .proportion): return proportion(acceptedAtFirst(days))
        case ("IE2", .proportion): return proportion(obligationsMet(on: last))
        case ("SF2", .rateRatio), ("SF4", .medianDifference), ("SF5", .shareRatio):
            guard let table = regions(in: period) else { return nil }
            let view = RegionView(table: table, tally: tally, days: days)
            switch measure.form {
            case .rateRatio: return view.reachOfThePoorest
            case .medianDifference: return view.waitOfTheRemote(bootstrap)
            default: return view.reachOfTheAssisted
            }
        default: return nil
        }
    }

    /// By site and format, in the order of their codes: IE1 "by adapter".
    package func exchanges(in period: GovernancePeriod) -> [Exchange] {
        var sums: [ExchangeKey: ExchangeSum] = [:]
        for number in period.days.lowerBound.number..<period.days.upperBound.number {
            for (key, sum) in exchanges[CivilDay(number: number)] ?? [:] {
                sums[key, default: ExchangeSum()].add(sum)
            }
        }
        return sums.map { Exchange(site: $0.key.site, format: $0.key.format, sum: $0.value) }
            .sorted { ($0.site, $0.format.rawValue) < ($1.site, $1.format.rawValue) }
    }

    /// The table that the measures of `period` rest on.
    package func regions(in period: GovernancePeriod) -> RegionTable? {
        regions(for: CivilTime.civil(fromDays: period.days.lowerBound.number).0)
    }

    private typealias Counts = (count: Int, total: Int)

    private func proportion(_ counts: Counts) -> Observation? {
        counts.total == 0 ? nil : Proportion(counts.count, of: counts.total).map { .proportion($0) }
    }

    /// Within so many days of the proposal.
    package static let decisionLimit = 30

    /// OC1: a proposal belongs to the period in which it was made. One that was withdrawn was decided by nobody.
    private func decidedInTime(_ days: Range<CivilDay>) -> Counts {
        let items = declarations.flatMap(\.proposals).filter { days.contains($0.proposedOn) }
        return (items.filter(Self.isDecidedInTime).count, items.count)
    }

    package static func isDecidedInTime(_ item: SiteReturn.RuleProposal) -> Bool {
        item.decision != .withdrawn && item.decidedOn.map { $0 - item.proposedOn <= decisionLimit } ?? false
    }

    /// OC2: an adopted change belongs to the period in which it was decided.
    private func initiatedBySites(_ days: Range<CivilDay>) -> Counts {
        let adopted = declarations.flatMap(\.proposals)
            .filter { $0.decision == .adopted && ($0.decidedOn.map(days.contains) ?? false) }
        return (adopted.filter { $0.initiator == .site }.count, adopted.count)
    }

    /// IDR1
    private func decidedBySites(_ days: Range<CivilDay>) -> Counts {
        let items = declarations.flatMap(\.investments).filter { days.contains($0.decidedOn) }
        return (items.filter { $0.decider == .site }.count, items.count)
    }

    /// IDR2: the active sites of the directory, and the partners that are no sites.
    private func partnersUnderContract(_ sites: Set<SiteID>, on day: CivilDay) -> Counts {
        var active = Set(sites.map(\.description))
        active.formUnion(partners.values.filter { $0.days.contains(day) }.map(\.id))
        let inForce = contracts.values.filter { $0.isComplete && $0.days.contains(day) }
        return (active.intersection(inForce.flatMap(\.parties)).count, active.count)
    }

    /// IDR3: of the sites that passed in the period.
    private func timeToConformance(_ days: Range<CivilDay>) -> Observation? {
        let times = onboardings.values.filter { $0.passedOn.map(days.contains) ?? false }
            .compactMap { $0.days.map(Double.init) }.sorted()
        return QuantileEstimate(0.5, ofSorted: times).map { .quantile($0) }
    }

    /// GR2: a finding belongs to the period in which it was due.
    private func findingsClosed(_ days: Range<CivilDay>) -> Counts {
        let due = findings.values.filter { days.contains($0.finding.due) }
        return (due.filter(\.isClosedInTime).count, due.count)
    }

    /// GR4
    private func daysVerified(_ days: Range<CivilDay>) -> Counts {
        verifiedDays.isEmpty ? (0, 0) : (verifiedDays.keys.filter(days.contains).count, days.count)
    }

    /// IE1
    private func acceptedAtFirst(_ days: Range<CivilDay>) -> Counts {
        var sum = ExchangeSum()
        for number in days.lowerBound.number..<days.upperBound.number {
            for part in (exchanges[CivilDay(number: number)] ?? [:]).values { sum.add(part) }
        }
        return (sum.acceptedAtFirst, sum.received)
    }

    /// IE2: on that day, of what applied on it.
    private func obligationsMet(on day: CivilDay) -> Counts {
        let applicable = obligations.values.filter { $0.days.contains(day) }
        let met = applicable.filter { evidence[$0.id]?.contains { $0.days.contains(day) } ?? false }
        return (met.count, applicable.count)
    }
}
