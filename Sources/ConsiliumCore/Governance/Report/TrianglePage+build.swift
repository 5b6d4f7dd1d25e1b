extension GovernanceReport.TrianglePage {
    /// - Parameters:
    ///   - index: of the period; nil where the counts are no whole history.
    ///   - published: outside audited scope, what is hidden beside other counts.
    ///   - areTiersHidden: how many episodes some tier resolved may not be shown.
    init(
        _ source: ReportSource,
        _ index: TriangleIndex?,
        _ bootstrap: Bootstrap,
        _ published: PublishedCounts?,
        areTiersHidden: Bool
    ) {
        let isSuppressed = published != nil
        let second = index?.secondRating
        let counts = index?.counts ?? TriangleCounts()
        func isHidden(_ proportion: Proportion?) -> Bool {
            isSuppressed && (proportion.map { GovernanceReport.MeasureLine.mustHide(.proportion($0)) } ?? false)
        }
        let components: [(TriangleIndex.Component, BilingualText)] = [
            (.localResolution, BilingualText("local resolution", "就地解决")),
            (.siphon, BilingualText("siphon", "虹吸")),
            (.downReferral, BilingualText("down-referral", "下转")),
            (.undertreatment, BilingualText("under-treatment", "治疗不足")),
        ]
        let hidden = Set(
            components.map(\.0)
                .filter { isHidden(index?.proportion($0)) || published?.hiddenComponents.contains($0) ?? false }
        )
        var obstacles =
            (index?.obstacles ?? []).map { $0.text(hidden: hidden, isSuppressed) }
            + (index?.bandObstacles ?? []).map { $0.text(isSuppressed) }
        let missing = FactType.ofTriangle.filter { !source.recorded.contains($0) }
        if !missing.isEmpty {
            obstacles.insert(
                BilingualText(
                    "not assessable: no such events yet (\(missing.map(\.name.en).joined(separator: ", ")))",
                    "不可评估：尚无此类事件（\(missing.map(\.name.zh).joined(separator: "、"))）"
                ),
                at: 0
            )
        }
        let isShown = hidden.isEmpty && !areTiersHidden && missing.isEmpty
        self.init(
            index: isShown ? index?.value : nil,
            low: isShown ? index?.interval?.low : nil,
            high: isShown ? index?.interval?.high : nil,
            band: isShown ? index?.band?.rawValue : nil,
            seed: bootstrap.seed,
            replicates: bootstrap.replicates,
            episodes: isSuppressed && SuppressedTable.hidden.contains(counts.episodes) ? nil : counts.episodes,
            originSites: isSuppressed && SuppressedTable.hidden.contains(index?.originSites ?? 0)
                ? nil : index?.originSites ?? 0,
            shares: areTiersHidden ? [] : index?.shares ?? [],
            sharesByTier: areTiersHidden ? [] : index?.sharesByTier ?? [],
            isMonotone: areTiersHidden || counts.episodes == 0 ? nil : index?.isMonotone,
            shape: areTiersHidden ? nil : index?.factors?.shape,
            components: components.map { component, name in
                let proportion = index?.proportion(component)
                let isHidden = hidden.contains(component)
                let interval = isHidden ? nil : proportion?.wilson()
                let again: Proportion? =
                    switch component {
                    case .siphon: second?.siphon.second
                    case .undertreatment: second?.undertreatment.second
                    default: nil
                    }
                return GovernanceReport.TriangleComponent(
                    id: component.rawValue,
                    name: name,
                    numerator: isHidden ? nil : proportion?.count,
                    denominator: isHidden ? nil : proportion?.total,
                    value: isHidden ? nil : proportion?.value,
                    low: interval?.low,
                    high: interval?.high,
                    second: again.flatMap {
                        GovernanceReport.MeasureLine.mustHide(.proportion($0)) && isSuppressed ? nil : $0.value
                    }
                )
            },
            markingRate: .init(
                name: BilingualText("marked eligible for a lower tier", "标记可下转"),
                isSuppressed && PublishedCounts.areClose(counts.markedEligible, counts.receivedBelow)
                    ? nil : index?.markingRate,
                isSuppressed: isSuppressed
            ),
            obstacles: obstacles,
            notices: TriangleIndex.notices
        )
    }
}

extension FactType {
    /// Without which there is no triangle index.
    static let ofTriangle: [FactType] = [.closure, .requesterOutcome, .appropriateTier, .referral, .discharge]
}

extension TriangleIndex.Obstacle {
    /// Without the count of a component that is hidden.
    fileprivate func text(hidden: Set<TriangleIndex.Component>, _ isSuppressed: Bool) -> BilingualText {
        switch self {
        case .episodes(let count):
            BilingualText(
                "withheld: fewer than \(TriangleIndex.leastEpisodes) episodes",
                "不予公布：病例不足\(TriangleIndex.leastEpisodes)例"
            )
            .counted(count, isSuppressed)
        case .denominator(let component, let count):
            BilingualText(
                "withheld: fewer than \(TriangleIndex.leastDenominator) behind \(component.rawValue)",
                "不予公布：\(component.rawValue)的分母不足\(TriangleIndex.leastDenominator)"
            )
            .counted(hidden.contains(component) ? nil : count, isSuppressed)
        case .appropriateTierIncomplete:
            BilingualText(
                "withheld: the appropriate tier is recorded for fewer than 90 %",
                "不予公布：适宜层级记录不足90%"
            )
        case .originSites(let count):
            BilingualText(
                "withheld: fewer than \(TriangleIndex.leastSites) sites of origin",
                "不予公布：来源机构不足\(TriangleIndex.leastSites)家"
            )
            .counted(count, isSuppressed)
        case .ratingsDiffer(let component):
            BilingualText(
                "withheld: the blind second rating gives another \(component.rawValue)",
                "不予公布：盲法复评所得\(component.rawValue)与首评不符"
            )
        }
    }
}

extension TriangleIndex.BandObstacle {
    fileprivate func text(_ isSuppressed: Bool) -> BilingualText {
        switch self {
        case .undertreatment:
            BilingualText(
                "no band: under-treatment may exceed 5 %",
                "不予分级：治疗不足可能超过5%"
            )
        case .secondRatings(let count):
            BilingualText(
                "no band: fewer than \(SecondRating.least) episodes were rated a second time",
                "不予分级：盲法复评不足\(SecondRating.least)例"
            )
            .counted(count, isSuppressed)
        }
    }
}

extension BilingualText {
    /// Adds how many there are, unless the number is one that is hidden outside audited scope.
    fileprivate func counted(_ count: Int?, _ isSuppressed: Bool) -> BilingualText {
        guard let count, !(isSuppressed && SuppressedTable.hidden.contains(count)) else { return self }
        return BilingualText("\(en) (\(count))", "\(zh)（\(count)）")
    }
}
