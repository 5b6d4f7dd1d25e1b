/// The measures that set cases against the regions they come from.
///
/// A region that the table does not have lies in neither fifth, is not remote and is on no list.
struct RegionView {
    let table: RegionTable
    let tally: MeasureTally
    let days: Range<CivilDay>

    private func strata(of figure: MeasureFigure) -> [(stratum: MeasureStratum, counts: MeasureTally.Counts)] {
        tally.sums(of: figure, in: days)
    }

    /// SF2: requests per population in the poorest fifth of regions by that in the richest; the regions without a request
    /// are among them. nil with fewer than five regions, and where there is nothing to divide by.
    var reachOfThePoorest: Observation? {
        let ranked = table.byIncome
        let fifth = ranked.count / 5
        guard fifth > 0 else { return nil }
        var requests: [String: Int] = [:]
        for (stratum, counts) in strata(of: .requests) {
            requests[stratum.region, default: 0] += counts.denominator
        }
        func sums(_ regions: some Sequence<RegionTable.Region>) -> (events: Int, population: Int) {
            regions.reduce((0, 0)) { ($0.0 + (requests[$1.code] ?? 0), $0.1 + $1.population) }
        }
        let poorest = sums(ranked.prefix(fifth))
        let richest = sums(ranked.suffix(fifth))
        guard poorest.events >= 0, richest.events > 0 else { return nil }
        return .rateRatio(
            events: poorest.events,
            population: poorest.population,
            baseEvents: richest.events,
            basePopulation: richest.population
        )
    }

    /// SF4: in hours. Who has not been accepted waits longer than anybody who has been.
    func waitOfTheRemote(_ bootstrap: Bootstrap) -> Observation? {
        let remote = Set(table.regions.filter(\.isRemote).map(\.code))
        var sites: [SiteID: Waits] = [:]
        for (stratum, counts) in strata(of: .wait) {
            sites[stratum.site, default: Waits()].add(counts, isRemote: remote.contains(stratum.region))
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
        let listed = Set(table.regions.filter(\.isListed).map(\.code))
        var group = 0
        var population = 0
        for region in table.regions {
            population += region.population
            guard let share = region.isListed ? region.population : region.assisted else { return nil }
            group += share
        }
        var cases = MeasureTally.Counts()
        for (stratum, counts) in strata(of: .assisted) {
            cases.numerator += listed.contains(stratum.region) ? counts.denominator : counts.numerator
            cases.denominator += counts.denominator
        }
        guard group > 0, cases.denominator > 0, let share = Proportion(cases.numerator, of: cases.denominator),
            let base = Proportion(group, of: population)
        else { return nil }
        return .shareRatio(cases: share, population: base)
    }
}

/// What one case counts in a measure that sets cases against the regions they come from, so that a list of cases adds up
/// to the figure of the report.
package struct RegionShares: Sendable {
    private let listed: Set<String>
    private let remote: Set<String>
    private let poorest: Set<String>
    private let richest: Set<String>

    package init(_ table: RegionTable) {
        let ranked = table.byIncome
        listed = Set(table.regions.filter(\.isListed).map(\.code))
        remote = Set(table.regions.filter(\.isRemote).map(\.code))
        poorest = Set(ranked.prefix(ranked.count / 5).map(\.code))
        richest = Set(ranked.suffix(ranked.count / 5).map(\.code))
    }

    /// SF5: a case from a listed region counts whoever pays. SF2: the poorest fifth above, the richest fifth below, the rest
    /// not at all. SF4: the remote, of all. nil: the case does not count.
    package func counts(_ cell: MeasureCell) -> MeasureTally.Counts? {
        let region = cell.key.stratum.region
        let count = cell.counts.denominator
        switch cell.key.figure {
        case .assisted: return .init(listed.contains(region) ? count : cell.counts.numerator, of: count)
        case .requests:
            let isPoorest = poorest.contains(region)
            return isPoorest || richest.contains(region) ? .init(isPoorest ? count : 0, of: isPoorest ? 0 : count) : nil
        case .wait: return .init(remote.contains(region) ? count : 0, of: count)
        default: return cell.counts
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
