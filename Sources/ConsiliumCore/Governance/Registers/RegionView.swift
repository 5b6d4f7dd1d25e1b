/// The measures that set cases against the regions they come from.
///
/// A region that the table does not have lies in neither fifth, is not remote and is on no list.
struct RegionView {
    let table: RegionTable
    let tally: MeasureTally
    let days: Range<CivilDay>

    private var shares: RegionShares { RegionShares(table) }

    private func strata(of figure: MeasureFigure) -> [(stratum: MeasureStratum, counts: MeasureTally.Counts)] {
        tally.sums(of: figure, in: days)
    }

    /// SF2: requests per population in the poorest fifth of regions by that in the richest; the regions without a request
    /// are among them. nil with fewer than five regions, and where there is nothing to divide by.
    var reachOfThePoorest: Observation? {
        let shares = shares
        var events = MeasureTally.Counts()
        for (stratum, counts) in strata(of: .requests) {
            if let share = shares.counts(counts, of: .requests, in: stratum.region) { events.add(share) }
        }
        guard shares.populations.poorest > 0, events.numerator >= 0, events.denominator > 0 else { return nil }
        return .rateRatio(
            events: events.numerator,
            population: shares.populations.poorest,
            baseEvents: events.denominator,
            basePopulation: shares.populations.richest
        )
    }

    /// SF4: in hours. Who has not been accepted waits longer than anybody who has been.
    func waitOfTheRemote(_ bootstrap: Bootstrap) -> Observation? {
        let shares = shares
        var sites: [SiteID: Waits] = [:]
        for (stratum, counts) in strata(of: .wait) {
            sites[stratum.site, default: Waits()].add(counts, isRemote: shares.isRemote(stratum.region))
        }
        guard sites.values.allSatisfy(\.isPossible) else { return nil }
        let minutes = Set(sites.values.flatMap { $0.minutes }).sorted()
        let clusters = sites.sorted { $0.key < $1.key }.map { $0.value.ranked(among: minutes) }
        let estimate = bootstrap.estimate(clusters) { RankedWaits.difference($0, minutes: minutes) }
        guard estimate.value != nil else { return nil }
        let counted = min(
            clusters.reduce(0) { $0 + $1.remote.total },
            clusters.reduce(0) { $0 + $1.others.total }
        )
        return .resampled(estimate, counted: counted)
    }

    /// SF5: closed consults of patients with medical-assistance cover or from a listed region, by that group's share of the
    /// population. nil unless the table says of every region that is not listed how many have cover there.
    var reachOfTheAssisted: Observation? {
        let shares = shares
        var group = 0
        var population = 0
        for region in table.regions {
            population += region.population
            guard let share = region.isListed ? region.population : region.assisted else { return nil }
            group += share
        }
        var cases = MeasureTally.Counts()
        for (stratum, counts) in strata(of: .assisted) {
            if let share = shares.counts(counts, of: .assisted, in: stratum.region) { cases.add(share) }
        }
        guard group > 0, cases.denominator > 0, let share = Proportion(cases.numerator, of: cases.denominator),
            let base = Proportion(group, of: population)
        else { return nil }
        return .shareRatio(cases: share, population: base)
    }
}

/// What cases of a region count in a measure that sets them against the regions they come from: for the report's figure,
/// and for the list of cases behind it.
package struct RegionShares: Sendable {
    private let listed: Set<String>
    private let remote: Set<String>
    private let poorest: Set<String>
    private let richest: Set<String>
    /// Of the two fifths; none with fewer than five regions.
    let populations: (poorest: Int, richest: Int)

    package init(_ table: RegionTable) {
        let ranked = table.byIncome
        let fifths = (ranked.prefix(ranked.count / 5), ranked.suffix(ranked.count / 5))
        listed = Set(table.regions.filter(\.isListed).map(\.code))
        remote = Set(table.regions.filter(\.isRemote).map(\.code))
        poorest = Set(fifths.0.map(\.code))
        richest = Set(fifths.1.map(\.code))
        populations = (fifths.0.reduce(0) { $0 + $1.population }, fifths.1.reduce(0) { $0 + $1.population })
    }

    func isRemote(_ region: String) -> Bool { remote.contains(region) }

    /// SF5: a case from a listed region counts whoever pays. SF2: the poorest fifth above, the richest fifth below, the rest
    /// not at all. SF4: the remote, of all. nil: the cases do not count.
    package func counts(
        _ counts: MeasureTally.Counts,
        of figure: MeasureFigure,
        in region: String
    ) -> MeasureTally.Counts? {
        let count = counts.denominator
        switch figure {
        case .assisted: return .init(listed.contains(region) ? count : counts.numerator, of: count)
        case .requests:
            let isPoorest = poorest.contains(region)
            return isPoorest || richest.contains(region) ? .init(isPoorest ? count : 0, of: isPoorest ? 0 : count) : nil
        case .wait: return .init(isRemote(region) ? count : 0, of: count)
        default: return counts
        }
    }
}

/// One site's waits, in whole minutes. A site lies in one region, but the directory may have moved it.
private struct Waits {
    var remote = MeasureTally.Counts()
    var others = MeasureTally.Counts()

    mutating func add(_ counts: MeasureTally.Counts, isRemote: Bool) {
        if isRemote { remote.add(counts) } else { others.add(counts) }
    }

    var minutes: [Int] { Array(remote.histogram.keys) + Array(others.histogram.keys) }

    /// Counts of a part of a history can be negative; no median is made of these.
    var isPossible: Bool {
        [remote, others]
            .allSatisfy { counts in
                counts.histogram.values.allSatisfy { $0 > 0 }
                    && counts.histogram.values.reduce(0, +) <= counts.denominator
            }
    }

    func ranked(among minutes: [Int]) -> RankedWaits {
        let ranks = Dictionary(uniqueKeysWithValues: minutes.enumerated().map { ($1, $0) })
        func ranked(_ counts: MeasureTally.Counts) -> RankedWaits.Group {
            RankedWaits.Group(
                bins: counts.histogram.compactMap { value, count in ranks[value].map { ($0, count) } },
                total: counts.denominator
            )
        }
        return RankedWaits(remote: ranked(remote), others: ranked(others))
    }
}

/// The same by rank among all waits observed, so that thousands of resamples are summed without a search.
private struct RankedWaits {
    struct Group {
        /// Ranks and how often each was observed.
        var bins: [(rank: Int, count: Int)]
        /// With those that have no wait yet.
        var total: Int
    }

    var remote: Group
    var others: Group

    /// Hours, remote less others; nil where one of them has no median.
    static func difference(_ clusters: [RankedWaits], minutes: [Int]) -> Double? {
        guard let far = median(clusters.map(\.remote), minutes), let near = median(clusters.map(\.others), minutes)
        else { return nil }
        return (far - near) / 60
    }

    private static func median(_ groups: [Group], _ minutes: [Int]) -> Double? {
        let total = groups.reduce(0) { $0 + $1.total }
        guard total > 0 else { return nil }
        var counts = [Int](repeating: 0, count: minutes.count)
        for group in groups { for (rank, count) in group.bins { counts[rank] += count } }
        /// The value at a place, 0 being the smallest.
        func value(_ place: Int) -> Double? {
            var passed = 0
            for (rank, count) in counts.enumerated() {
                passed += count
                if place < passed { return Double(minutes[rank]) }
            }
            return nil
        }
        guard let low = value((total - 1) / 2), let high = value(total / 2) else { return nil }
        return (low + high) / 2
    }
}
