/// Shares that stand beside a measure for the network, and in a table of their own for each site.
enum BesideFigure: CaseIterable {
    case paused
    case informationAsked
    case markedEligible

    var figure: MeasureFigure {
        switch self {
        case .paused: .paused
        case .informationAsked: .informationAsked
        case .markedEligible: .markedEligible
        }
    }

    var measure: String { self == .markedEligible ? "SF3" : "AC2" }

    var name: BilingualText {
        switch self {
        case .paused: BilingualText("share of the time paused", "暂停时间占比")
        case .informationAsked: BilingualText("requests asked for information", "被要求补充的申请占比")
        case .markedEligible: BilingualText("marked eligible for a lower tier", "标记可下转")
        }
    }
}

/// What stands beside a measure, so that its share cannot be read alone (DOMAIN.md section 3, "Silence and pauses").
///
/// Outside audited scope a share over the measure's own denominator is hidden where its cases and those of the measure, or
/// of another such share, differ by 1 to 10: where one holds the other, that is a count.
struct MeasureCompanions {
    private let source: ReportSource
    private let isSuppressed: Bool
    /// Numerators that are shown, by their denominators.
    private let beside: Proportion?

    init(_ source: ReportSource, beside: Proportion?, isSuppressed: Bool) {
        self.source = source
        self.beside = beside
        self.isSuppressed = isSuppressed
    }

    func of(_ measure: String) -> [GovernanceReport.Companion] {
        switch measure {
        case "AC1":
            quantiles(.emergencies, BilingualText("wait for acceptance", "等待接受时间"), "min")
                + quantiles(
                    .firstAction,
                    BilingualText("acceptance to first clinical action", "接受至首次临床处置"),
                    "min"
                )
        case "AC2":
            quantiles(.routine, BilingualText("submission to report", "提交至出具意见"), "h")
                + quantiles(.routineNet, BilingualText("the same without pauses", "同上，扣除暂停"), "h")
                + shares([
                    (counts(.routineUnpaused), BilingualText("in time without any pause", "未暂停且按时")),
                    (counts(.paused), BesideFigure.paused.name),
                    (counts(.informationAsked), BesideFigure.informationAsked.name),
                ])
        case "SF1": rating
        case "SF3": shares([(counts(.markedEligible), BesideFigure.markedEligible.name)])
        case "AC3": shares([(counts(.silent), BilingualText("of the declines, expired offers", "谢绝中逾期未答占比"))])
        case "SF4", "MC1": quantiles(.wait, BilingualText("wait for acceptance", "等待接受时间"), "min")
        case "SF5":
            shares([
                (
                    Proportion(
                        source.tally.sum(.coverKnown, in: source.period.days).denominator,
                        of: source.tally.sum(.assisted, in: source.period.days).denominator
                    ), BilingualText("cover known", "医疗救助状态已知")
                )
            ])
        case "IE1": formats
        default: []
        }
    }

    /// The formats' messages add up to the measure's.
    private var formats: [GovernanceReport.Companion] {
        var sums: [(format: ExchangeProfile.Format, sum: Governance.ExchangeSum)] = []
        for exchange in source.exchanges {
            if let place = sums.firstIndex(where: { $0.format == exchange.format }) {
                sums[place].sum.add(exchange.sum)
            } else {
                sums.append((exchange.format, exchange.sum))
            }
        }
        sums.sort { $0.format.rawValue < $1.format.rawValue }
        let hidden =
            isSuppressed
            ? SuppressedTable(sums.map { [$0.sum.acceptedAtFirst, $0.sum.received - $0.sum.acceptedAtFirst] })?
                .hiddenRows ?? [] : []
        return sums.enumerated()
            .map { place, entry in
                let proportion = Proportion(entry.sum.acceptedAtFirst, of: entry.sum.received)
                return GovernanceReport.Companion(
                    name: BilingualText(entry.format.rawValue, entry.format.rawValue),
                    hidden.contains(place) ? nil : proportion,
                    isSuppressed: isSuppressed
                )
            }
    }

    /// The requester's rating of a closed consult, of those who gave one, and how many did: silence is no rating.
    private var rating: [GovernanceReport.Companion] {
        let counts = source.tally.sum(.rating, in: source.period.days)
        guard counts.denominator > 0, counts.histogram.values.allSatisfy({ $0 > 0 }) else { return [] }
        let count = counts.histogram.values.reduce(0, +)
        let isHidden =
            isSuppressed
            && [count, counts.denominator - count].contains { SuppressedTable.hidden.contains($0) }
        let name = BilingualText("requester's rating (1 to 5)", "申请方评分（1至5）")
        let quantiles = [(0.5, BilingualText("median", "中位数")), (0.1, BilingualText("p10", "第10百分位"))]
            .map { quantile, which in
                let shown =
                    isHidden ? nil : QuantileEstimate(quantile, ofCounted: counts.histogram, among: count)
                return GovernanceReport.Companion(
                    name: BilingualText("\(name.en), \(which.en)", "\(name.zh)，\(which.zh)"),
                    unit: "1",
                    counted: isHidden ? nil : count,
                    value: shown?.value,
                    low: shown?.interval?.low,
                    high: shown?.interval?.high
                )
            }
        return quantiles
            + shares([
                (
                    Proportion(count, of: counts.denominator),
                    BilingualText("consults that the requester rated", "申请方已评分的会诊占比")
                )
            ])
    }

    private func quantiles(
        _ figure: MeasureFigure,
        _ name: BilingualText,
        _ unit: String
    ) -> [GovernanceReport.Companion] {
        [(0.5, BilingualText("median", "中位数")), (0.9, BilingualText("p90", "第90百分位"))]
            .map { self.quantile($0, figure, BilingualText("\(name.en), \($1.en)", "\(name.zh)，\($1.zh)"), unit) }
    }

    private func quantile(
        _ quantile: Double,
        _ figure: MeasureFigure,
        _ name: BilingualText,
        _ unit: String
    ) -> GovernanceReport.Companion {
        let estimate = source.tally.quantile(quantile, of: figure, period: source.period.days)
        let isShown = estimate.map { !isSuppressed || !SuppressedTable.hidden.contains($0.count) } ?? false
        return GovernanceReport.Companion(
            name: name,
            unit: unit,
            value: isShown ? estimate?.value : nil,
            low: isShown ? estimate?.interval?.low : nil,
            // Where those without a value reach into the interval it is open above.
            high: isShown ? estimate?.interval.flatMap { $0.high.isFinite ? $0.high : nil } : nil
        )
    }

    private func counts(_ figure: MeasureFigure) -> Proportion? {
        let counts = source.tally.sum(figure, in: source.period.days)
        return Proportion(counts.numerator, of: counts.denominator)
    }

    private func shares(_ shares: [(Proportion?, BilingualText)]) -> [GovernanceReport.Companion] {
        var kept = [beside].compactMap { $0 }
        return shares.map { proportion, name in
            let isClose =
                proportion.map { one in
                    kept.contains { $0.total == one.total && PublishedCounts.areClose($0.count, one.count) }
                } ?? false
            if let proportion, !isClose { kept.append(proportion) }
            return GovernanceReport.Companion(
                name: name,
                isClose && isSuppressed ? nil : proportion,
                isSuppressed: isSuppressed
            )
        }
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
