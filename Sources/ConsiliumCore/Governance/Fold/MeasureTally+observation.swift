extension MeasureTally {
    /// What was counted for `measure` among the cases that entered its denominator on the days of `period` (the last
    /// excluded), to be made a `MeasureResult`. A network's own measure names its figure (`Measure.figure`).
    ///
    /// nil when nothing was counted (n = 0 is no value, never 0 %), when the measure needs facts that this history does not
    /// hold yet or is not counted here, and when the counts are those of a part of a history, which can be no proportion.
    /// A capacity lasts until it is changed, so only a period that has ended has its slot-hours.
    ///
    /// `recorded` is which facts the whole history holds for the period (`MeasureFold.recorded`), of which this tally may be
    /// some days. `bootstrap` resamples performing sites where the measure asks for it; without
    /// replicates there is no interval.
    package func observation(
        of measure: Measure,
        period: Range<CivilDay>,
        stratum: StratumSelection = .all,
        recorded: Set<FactType>,
        bootstrap: Bootstrap = Bootstrap(seed: 0, replicates: 0)
    ) -> Observation? {
        guard let figure = measure.counts, recorded.isSuperset(of: measure.needs) else { return nil }
        switch (measure.form, figure) {
        case (.proportion, .slotMinutes): return slotHours(in: period, stratum).map { .proportion($0) }
        case (.proportion, _) where figure.isShare:
            let counts = sum(figure, in: period, stratum)
            guard counts.denominator > 0, let proportion = Proportion(counts.numerator, of: counts.denominator)
            else { return nil }
            return .proportion(proportion)
        case (.topDecileShare, .experts): return topDecile(in: period, stratum, bootstrap)
        case (.concentration, .acceptances): return concentration(in: period, stratum, bootstrap)
        case (.ratioOfSums, .kept): return kept(in: period, stratum, bootstrap)
        default: return nil
        }
    }

    /// A quantile of what a figure's histogram holds, in its unit, among all of its denominator. nil without a case, and
    /// where it falls among those without a value; see `QuantileEstimate.init(_:ofCounted:among:)`.
    package func quantile(
        _ quantile: Double,
        of figure: MeasureFigure,
        period: Range<CivilDay>,
        stratum: StratumSelection = .all
    ) -> QuantileEstimate? {
        let counts = sum(figure, in: period, stratum)
        return QuantileEstimate(quantile, ofCounted: counts.histogram, among: counts.denominator)
    }

    /// Slot-hours in the period, rounded down: the slots that stood when it began and each change in it, to its end.
    private func slotHours(in period: Range<CivilDay>, _ selection: StratumSelection) -> Proportion? {
        var minutes = sum(.slotMinutes, in: period, selection)
        for (key, counts) in cells(of: .slots) where key.day < period.upperBound && selection.contains(key.stratum) {
            let wholeDays = period.upperBound.number - max(period.lowerBound.number, key.day.number + 1)
            minutes.add(counts, times: wholeDays * 1_440)
        }
        return minutes.denominator >= 60 ? Proportion(minutes.numerator / 60, of: minutes.denominator / 60) : nil
    }

    /// In percent; counted are the experts.
    private func topDecile(
        in period: Range<CivilDay>,
        _ selection: StratumSelection,
        _ bootstrap: Bootstrap
    ) -> Observation? {
        guard let sites = experts(in: period, selection) else { return nil }
        let sizes = Set(sites.values.joined()).sorted(by: >)
        let clusters = sites.sorted { $0.key < $1.key }.map { Concentration.RankedParts($0.value, among: sizes) }
        let estimate = bootstrap.estimate(clusters) { sample in
            Concentration.topDecileShare(sample, sizes: sizes)?.value.map { $0 * 100 }
        }
        return estimate.value == nil
            ? nil : .resampled(estimate, counted: sites.values.reduce(0) { $0 + $1.count })
    }

    /// How many consults each expert signed: who practises at several sites is one expert, at the site where most were
    /// signed. nil where the counts are those of a part of a history.
    func experts(in period: Range<CivilDay>, _ selection: StratumSelection = .all) -> [SiteID: [Int]]? {
        var sites: [SiteID: Counts] = [:]
        for (stratum, counts) in sums(of: .experts, in: period, selection) {
            sites[stratum.site, default: Counts()].add(counts)
        }
        var homes: [String: (site: SiteID, most: Int, all: Int)] = [:]
        for (site, counts) in sites.sorted(by: { $0.key < $1.key }) {
            for (licence, count) in counts.shares {
                guard count > 0 else { return nil }
                let known = homes[licence] ?? (site, 0, 0)
                homes[licence] = (count > known.most ? site : known.site, max(count, known.most), known.all + count)
            }
        }
        return homes.values.reduce(into: [:]) { $0[$1.site, default: []].append($1.all) }
    }

    /// In percent of the amounts; counted are the settlements.
    private func kept(
        in period: Range<CivilDay>,
        _ selection: StratumSelection,
        _ bootstrap: Bootstrap
    ) -> Observation? {
        var sites: [SiteID: Counts] = [:]
        for (stratum, counts) in sums(of: .kept, in: period, selection) {
            sites[stratum.site, default: Counts()].add(counts)
        }
        guard sites.values.allSatisfy({ Proportion($0.numerator, of: $0.denominator) != nil }) else { return nil }
        let clusters = sites.sorted { $0.key < $1.key }.map(\.value)
        let estimate = bootstrap.estimate(clusters) { sample in
            let gross = sample.reduce(0) { $0 + $1.denominator }
            return gross > 0 ? 100 * Double(sample.reduce(0) { $0 + $1.numerator }) / Double(gross) : nil
        }
        let counted = sum(.settlements, in: period, selection).denominator
        return estimate.value == nil ? nil : .resampled(estimate, counted: counted)
    }

    /// How many requests each performing site accepted in each department.
    func acceptances(
        in period: Range<CivilDay>,
        _ selection: StratumSelection = .all
    ) -> [SiteID: [DepartmentCode?: Int]] {
        var sites: [SiteID: [DepartmentCode?: Int]] = [:]
        for (stratum, counts) in sums(of: .acceptances, in: period, selection) {
            sites[stratum.site, default: [:]][stratum.department, default: 0] += counts.denominator
        }
        return sites
    }

    /// The Herfindahl-Hirschman index of the performing sites in each department, averaged by volume; counted are the
    /// acceptances.
    private func concentration(
        in period: Range<CivilDay>,
        _ selection: StratumSelection,
        _ bootstrap: Bootstrap
    ) -> Observation? {
        let sites = acceptances(in: period, selection)
        guard sites.values.allSatisfy({ $0.values.allSatisfy { $0 >= 0 } }) else { return nil }
        let departments = Set(sites.values.flatMap(\.keys)).sorted { ($0?.description ?? "") < ($1?.description ?? "") }
        let places = Dictionary(uniqueKeysWithValues: departments.enumerated().map { ($1, $0) })
        // Departments by their place: thousands of resamples are summed without a search.
        let clusters = sites.sorted { $0.key < $1.key }
            .map { site in
                site.value.compactMap { code, value in places[code].map { (place: $0, value: value) } }
                    .sorted { $0.place < $1.place }
            }
        let estimate = bootstrap.estimate(clusters) { sample in
            var parts = [Concentration.Parts](repeating: Concentration.Parts(), count: departments.count)
            for site in sample { for part in site { parts[part.place].add(part.value) } }
            let total = parts.reduce(0) { $0 + $1.total }
            guard total > 0 else { return nil }
            return parts.reduce(0.0) { $0 + ($1.herfindahlHirschman ?? 0) * Double($1.total) / Double(total) }
        }
        let counted = clusters.reduce(0) { $0 + $1.reduce(0) { $0 + $1.value } }
        return estimate.value == nil ? nil : .resampled(estimate, counted: counted)
    }
}
