/// The triangle of care, counted: what `TriangleIndex` is made of.
extension MeasureTally {
    /// The counts of each origin site, in the order of their codes: episodes closed on the days of `period`, discharges of
    /// those days, in the strata of `selection`.
    package func triangle(period: Range<CivilDay>, stratum selection: StratumSelection = .all) -> [TriangleCounts] {
        var sites: [SiteID: TriangleCounts] = [:]
        func collect(_ figure: MeasureFigure, _ take: (inout TriangleCounts, Counts) -> Void) {
            for (stratum, counts) in sums(of: figure, in: period, selection) {
                take(&sites[stratum.site, default: TriangleCounts()], counts)
            }
        }
        collect(.episodes) { site, counts in
            for tier in Tier.allCases { site.resolved[tier.rank] += counts.shares[tier.rawValue] ?? 0 }
        }
        collect(.tierRated) { $0.appropriateTierKnown += $1.numerator }
        collect(.resolvedLocally) { site, counts in
            site.closedFromBelow += counts.denominator
            site.resolvedLocally += counts.numerator
        }
        collect(.siphoned) { site, counts in
            site.siphonable += counts.denominator
            site.siphoned += counts.numerator
        }
        collect(.undertreated) { $0.undertreated += $1.numerator }
        collect(.originReceivedBelow) { site, counts in
            site.dischargedAlive += counts.denominator
            site.receivedBelow += counts.numerator
        }
        collect(.originMarkedEligible) { $0.markedEligible += $1.numerator }
        return sites.sorted { $0.key < $1.key }.map(\.value)
    }

    /// S and U of the episodes that were rated twice, by either rating; nil when none was, or when counts are those of a
    /// part of a history.
    package func secondRating(period: Range<CivilDay>, stratum selection: StratumSelection = .all) -> SecondRating? {
        func proportion(_ figure: MeasureFigure) -> Proportion? {
            let counts = sum(figure, in: period, selection)
            return Proportion(counts.numerator, of: counts.denominator)
        }
        guard let siphon = proportion(.siphonedFirst), let siphonAgain = proportion(.siphonedAgain),
            let under = proportion(.undertreatedFirst), let underAgain = proportion(.undertreatedAgain),
            underAgain.total > 0
        else { return nil }
        return SecondRating(
            sampled: underAgain.total,
            siphon: SecondRating.Comparison(first: siphon, second: siphonAgain),
            undertreatment: SecondRating.Comparison(first: under, second: underAgain)
        )
    }

    /// Closed episodes by the tier they came from and the tier that finally treated them; pairs without any are left out.
    package func flow(
        period: Range<CivilDay>,
        stratum selection: StratumSelection = .all
    ) -> [Tier: [Tier: Int]] {
        var flow: [Tier: [Tier: Int]] = [:]
        for (stratum, counts) in sums(of: .episodes, in: period, selection) {
            for (code, count) in counts.shares {
                guard let final = Tier(rawValue: code) else { continue }
                flow[stratum.tier, default: [:]][final, default: 0] += count
            }
        }
        return flow.mapValues { $0.filter { $0.value != 0 } }.filter { !$0.value.isEmpty }
    }
}
