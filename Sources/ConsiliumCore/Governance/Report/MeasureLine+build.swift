extension GovernanceReport.MeasureLine {
    /// One measure as it may be shown: where `isSuppressed`, a count of 1 to 10 hides the line's numbers.
    init(_ result: MeasureResult, _ source: ReportSource, isSuppressed: Bool) {
        let measure = result.measure
        let proportion = result.observation?.proportion
        let isHidden = isSuppressed && (result.observation.map { Self.mustHide($0) } ?? false)
        let counts = MeasureFigure(rawValue: measure.id).map { source.tally.sum($0, in: source.period.days) }
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
            counted: isHidden ? nil : result.observation?.counted,
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
            sourceCheck: source.sourceChecks[measure.id],
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
        companions = MeasureCompanions.of(measure.id, source, isSuppressed: isSuppressed)
    }

    /// nil also where those still open, or those decided against, are a count that is hidden.
    private static func undecided(_ count: Int?, of proportion: Proportion, isSuppressed: Bool) -> Int? {
        guard let count else { return nil }
        let rest = proportion.total - proportion.count - count
        let isHidden = [count, rest].contains { SuppressedTable.hidden.contains($0) }
        return isSuppressed && isHidden ? nil : count
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

/// What stands beside a measure, so that its share cannot be read alone (DOMAIN.md section 3, "Silence and pauses").
enum MeasureCompanions {
    static func of(
        _ measure: String,
        _ source: ReportSource,
        isSuppressed: Bool
    ) -> [GovernanceReport.Companion] {
        switch measure {
        case "AC1":
            quantiles(
                .emergencies,
                BilingualText("wait for acceptance", "等待接受时间"),
                "min",
                source,
                isSuppressed
            )
                + quantiles(
                    .firstAction,
                    BilingualText("acceptance to first clinical action", "接受至首次临床处置"),
                    "min",
                    source,
                    isSuppressed
                )
        case "AC2":
            quantiles(.routine, BilingualText("submission to report", "提交至出具意见"), "h", source, isSuppressed)
                + quantiles(
                    .routineNet,
                    BilingualText("the same without pauses", "同上，扣除暂停"),
                    "h",
                    source,
                    isSuppressed
                )
                + share(.routineUnpaused, BilingualText("in time without any pause", "未暂停且按时"), source, isSuppressed)
                + share(.paused, BilingualText("share of the time paused", "暂停时间占比"), source, isSuppressed)
                + share(
                    .informationAsked,
                    BilingualText("requests asked for information", "被要求补充的申请占比"),
                    source,
                    isSuppressed
                )
        case "AC3":
            share(.silent, BilingualText("of the declines, expired offers", "谢绝中逾期未答占比"), source, isSuppressed)
        case "SF4", "MC1":
            quantiles(.wait, BilingualText("wait for acceptance", "等待接受时间"), "min", source, isSuppressed)
        case "IE1":
            source.exchanges.map { format, sum in
                .init(
                    name: BilingualText(format.rawValue, format.rawValue),
                    Proportion(sum.acceptedAtFirst, of: sum.received),
                    isSuppressed: isSuppressed
                )
            }
        case "SF5":
            [
                .init(
                    name: BilingualText("cover known", "医疗救助状态已知"),
                    Proportion(
                        source.tally.sum(.coverKnown, in: source.period.days).denominator,
                        of: source.tally.sum(.assisted, in: source.period.days).denominator
                    ),
                    isSuppressed: isSuppressed
                )
            ]
        default: []
        }
    }

    private static func quantiles(
        _ figure: MeasureFigure,
        _ name: BilingualText,
        _ unit: String,
        _ source: ReportSource,
        _ isSuppressed: Bool
    ) -> [GovernanceReport.Companion] {
        [(0.5, BilingualText("median", "中位数")), (0.9, BilingualText("p90", "第90百分位"))]
            .map { quantile, which in
                let estimate = source.tally.quantile(quantile, of: figure, period: source.period.days)
                let isShown = estimate.map { !isSuppressed || !SuppressedTable.hidden.contains($0.count) } ?? false
                return GovernanceReport.Companion(
                    name: BilingualText("\(name.en), \(which.en)", "\(name.zh)，\(which.zh)"),
                    unit: unit,
                    value: isShown ? estimate?.value : nil,
                    low: isShown ? estimate?.interval?.low : nil,
                    // Where those without a value reach into the interval it is open above.
                    high: isShown ? estimate?.interval.flatMap { $0.high.isFinite ? $0.high : nil } : nil
                )
            }
    }

    private static func share(
        _ figure: MeasureFigure,
        _ name: BilingualText,
        _ source: ReportSource,
        _ isSuppressed: Bool
    ) -> [GovernanceReport.Companion] {
        let counts = source.tally.sum(figure, in: source.period.days)
        return [.init(name: name, Proportion(counts.numerator, of: counts.denominator), isSuppressed: isSuppressed)]
    }
}

extension GovernanceReport.Companion {
    /// In percent; nothing of nothing has no value.
    init(name: BilingualText, _ proportion: Proportion?, isSuppressed: Bool) {
        let isHidden =
            isSuppressed && (proportion.map { GovernanceReport.MeasureLine.mustHide(.proportion($0)) } ?? false)
        let shown = isHidden ? nil : proportion
        let interval = shown?.wilson()?.scaled(by: 100)
        self.init(
            name: name,
            unit: "%",
            value: shown?.value.map { $0 * 100 },
            low: interval?.low,
            high: interval?.high
        )
    }
}
