extension GovernanceReport.MeasureLine {
    /// One measure as it may be shown: where `published`, a count of 1 to 10 hides the line's numbers, and so does one that
    /// would be what is left beside another line.
    init(_ result: MeasureResult, _ source: ReportSource, _ published: PublishedCounts?) {
        let measure = result.measure
        let isSuppressed = published != nil
        let proportion = result.observation?.proportion
        let isHidden =
            published.map { published in
                measure.counts.map(published.hiddenFigures.contains) ?? false
                    || result.observation.map { Self.mustHide($0) || published.hidesRegions($0) } ?? false
                    || result.observation != nil && Self.givesAway(measure, source)
            } ?? false
        let counts = measure.counts.map { source.tally.sum($0, in: source.period.days) }
        self.init(
            id: measure.id,
            version: measure.version,
            title: measure.title,
            kind: measure.kind,
            form: measure.form,
            dimensions: measure.dimensions,
            indicator: measure.indicator,
            scoredIn: measure.scoredIn,
            numeratorText: measure.numerator,
            denominatorText: measure.denominator,
            exclusions: measure.exclusions,
            unit: measure.unit,
            direction: measure.direction,
            target: measure.target,
            floor: measure.goalposts?.floor,
            window: measure.period == .twelveMonths && source.period.twelveMonths.days != source.period.days
                ? source.period.twelveMonths.label : nil,
            minimum: measure.minimum,
            intervalMethod: measure.interval,
            standing: isHidden ? .suppressed : .init(result.standing),
            numerator: isHidden ? nil : proportion?.count,
            denominator: isHidden ? nil : proportion?.total,
            // Remote counties are some of the regions that others count: what is left beside them is hidden.
            counted: isHidden || isSuppressed && measure.form == .medianDifference
                ? nil : result.observation?.counted,
            undecided: isHidden
                ? nil : proportion.flatMap { Self.undecided(counts?.undecided, of: $0, isSuppressed: isSuppressed) },
            value: isHidden ? nil : result.value,
            low: isHidden ? nil : result.interval?.low,
            high: isHidden ? nil : result.interval?.high,
            verdict: nil,
            leastTotal: nil,
            failures: nil,
            score: isHidden ? nil : result.score,
            isDeclared: measure.isDeclared,
            missing: [],
            sourceCheck: source.sourceChecks[measure.id]?.shown(isSuppressed: isSuppressed),
            companions: []
        )
        if case .notAssessable(let missing) = result.standing { self.missing = missing.map(\.name) }
        guard !isHidden else { return }
        switch result.verdict {
        case .met: verdict = .met
        case .notMet: verdict = .notMet
        case .notShown(let least):
            verdict = .notShown
            leastTotal = least
        case .failures(let count, _):
            verdict = .failures
            failures = count
        case nil: break
        }
        companions = MeasureCompanions(source, beside: proportion, isSuppressed: isSuppressed).of(measure.source)
    }

    /// nil also where those still open, or those decided against, are a count that is hidden.
    private static func undecided(_ count: Int?, of proportion: Proportion, isSuppressed: Bool) -> Int? {
        guard let count else { return nil }
        let rest = proportion.total - proportion.count - count
        let isHidden = [count, rest].contains { SuppressedTable.hidden.contains($0) }
        return isSuppressed && isHidden ? nil : count
    }

    /// Whether the value itself tells of so few: a concentration is solved for its parts where few sites have any, and a
    /// share of the busiest experts for their cases.
    private static func givesAway(_ measure: Measure, _ source: ReportSource) -> Bool {
        let days = source.period.days
        switch measure.form {
        case .concentration:
            let sites = source.tally.acceptances(in: days).values.map { $0.values.reduce(0, +) }
            return sites.count < PublishedCounts.leastSites || sites.contains { SuppressedTable.hidden.contains($0) }
        case .topDecileShare:
            guard let experts = source.tally.experts(in: days)?.values.flatMap({ $0 }),
                let share = Concentration.topDecileShare(experts)
            else { return false }
            return mustHide(.proportion(share))
        default: return false
        }
    }

    /// A count of 1 to 10, or one that the rest of the denominator gives away.
    static func mustHide(_ observation: Observation) -> Bool {
        let counts: [Int]
        switch observation {
        case .proportion(let proportion):
            counts = [proportion.count, proportion.total - proportion.count, proportion.total]
        case .shareRatio(let cases, _): counts = [cases.count, cases.total - cases.count, cases.total]
        case .rateRatio(let events, _, let baseEvents, _): counts = [events, baseEvents]
        case .quantile(let estimate): counts = [estimate.count]
        case .resampled(_, let counted): counts = [counted]
        }
        return counts.contains { SuppressedTable.hidden.contains($0) }
    }
}

extension GovernanceReport.Standing {
    init(_ standing: MeasureResult.Standing) {
        switch standing {
        case .valid: self = .valid
        case .tooFew: self = .tooFew
        case .notAssessable: self = .notAssessable
        case .nothingObserved: self = .nothingObserved
        }
    }
}

extension Observation {
    /// The counts, where it is made of one proportion of cases.
    var proportion: Proportion? {
        switch self {
        case .proportion(let proportion), .shareRatio(let proportion, _): proportion
        default: nil
        }
    }
}

extension GovernanceReport.SourceCheck {
    /// Without its numbers where one of them, or of those confirmed or wrong altogether, is a count that is hidden.
    fileprivate func shown(isSuppressed: Bool) -> Self {
        let (checked, discrepant, missing) = (checked ?? 0, discrepant ?? 0, missing ?? 0)
        let wrong = discrepant + missing
        let isHidden = [drawn ?? 0, open ?? 0, checked, discrepant, missing, wrong, checked - wrong]
            .contains { SuppressedTable.hidden.contains($0) }
        return isSuppressed && isHidden ? Self() : self
    }
}
