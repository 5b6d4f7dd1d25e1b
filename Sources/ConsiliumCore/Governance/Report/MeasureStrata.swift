/// The proportions of a report by site, tier, region, department, priority and month, and the load on each site's busiest
/// experts.
struct MeasureStrata {
    private(set) var tables: [GovernanceReport.StratumTable] = []
    private(set) var funnels: [GovernanceReport.FunnelPlot] = []
    private(set) var trends: [GovernanceReport.Trend] = []
    private(set) var flows: [GovernanceReport.TierFlow] = []
    /// Whether the number of episodes that some tier resolved may not be shown.
    private(set) var areTiersHidden = false

    /// What is counted for one measure.
    private struct Sums {
        /// By the codes of each stratifier; all but tiers are shown to an auditor only.
        var strata: [MeasureStratifier: [String: StratumCell]] = [:]
        /// In the order of the report's months; nil where nothing was counted.
        var months: [StratumCell?]
        /// Which sites counted something in a tier.
        var sitesOfTiers: [String: Set<SiteID>] = [:]
    }

    init(_ source: ReportSource) {
        let measures = source.model.measures.filter { measure in
            measure.form == .proportion && source.recorded.isSuperset(of: measure.needs)
        }
        // A capacity lasts until it is changed, so its cells cannot be added up. Measures may share a figure.
        let figures = Set(measures.compactMap(\.counts)).filter { $0.isShare && $0 != .slotMinutes }
        let isSuppressed = source.scope == .published
        let days = GovernanceReport.trend(of: source.period)
        let months = days.months
        var sums: [MeasureFigure: Sums] = [:]
        let strata = source.tally.strata
        for figure in figures {
            var sum = Sums(months: Array(repeating: nil, count: months.count))
            // By the place of the stratum, to be gathered by stratifier when all days are counted.
            var counted = [StratumCell](repeating: StratumCell(), count: strata.count)
            for cell in source.tally.counted(figure, in: source.period.days) { counted[cell.stratum].add(cell) }
            for month in months.indices {
                let total = source.totals.sum(figure, in: days.days(ofMonths: month..<month + 1))
                sum.months[month] = total.map {
                    StratumCell(numerator: $0.numerator, denominator: $0.denominator)
                }
            }
            for (stratum, cell) in zip(strata, counted) where !cell.isZero {
                if isSuppressed {
                    sum.sitesOfTiers[stratum.tier.rawValue, default: []].insert(stratum.site)
                }
                for stratifier in MeasureStratifier.allCases {
                    guard let code = stratifier.code(stratum) else { continue }
                    sum.strata[stratifier, default: [:]][code, default: StratumCell()].add(cell)
                }
            }
            sums[figure] = sum
        }
        let quarters = stride(from: 0, to: months.count, by: 3).map { $0..<min($0 + 3, months.count) }
        let published =
            isSuppressed
            ? quarters.map { PublishedCounts(source.totals, days.days(ofMonths: $0)).hiddenFigures } : []
        /// Of one row or month, by what of all requests is left beside some of them.
        func isClose(_ figure: MeasureFigure, _ cell: (Sums) -> StratumCell?) -> Bool {
            func count(_ figure: MeasureFigure) -> Int { sums[figure].flatMap { cell($0)?.denominator } ?? 0 }
            let requests = PublishedCounts.Requests(
                all: count(.choice),
                emergencies: count(.emergencies),
                routine: count(.routine)
            )
            return figure == .emergencies && requests.hidesEmergencies || figure == .routine && requests.hidesRoutine
        }
        for measure in measures {
            guard let figure = measure.counts, let sum = sums[figure], sum.months.contains(where: { $0 != nil })
            else { continue }
            if isSuppressed {
                let tiers = sum.strata[.tier, default: [:]].keys
                let close = Set(tiers.filter { code in isClose(figure) { $0.strata[.tier]?[code] } })
                if published.last?.contains(figure) != true { publish(measure, sum, close, source) }
                addTrend(
                    measure,
                    Array(zip(months, sum.months)),
                    hiding: Set(months.indices.filter { month in isClose(figure) { $0.months[month] } }),
                    whole: published.map { $0.contains(figure) }
                )
            } else {
                for stratifier in MeasureStratifier.allCases where stratifier != .site || measure.hasSiteTable {
                    guard let cells = sum.strata[stratifier] else { continue }
                    let rows = cells.sorted { stratifier.precedes($0.key, $1.key) }
                    addTable(measure, stratifier, rows.map { ($0.key, $0.value) }, source)
                }
                if measure.hasSiteTable { addFunnel(measure, sum.strata[.site, default: [:]]) }
                addTrend(measure, Array(zip(months, sum.months)))
            }
        }
        for measure in source.model.measures where measure.form == .topDecileShare && measure.hasSiteTable {
            if !isSuppressed, source.recorded.isSuperset(of: measure.needs) { addBusiest(measure, source) }
        }
        if !isSuppressed { addBeside(source) }
        addFlows(source, isSuppressed: isSuppressed)
    }

    /// PMR3 by site: counts of those signed by the busiest tenth of a site's experts; a value where these are enough.
    private mutating func addBusiest(_ measure: Measure, _ source: ReportSource) {
        guard measure.counts == .experts else { return }
        var sites: [SiteID: MeasureTally.Counts] = [:]
        for (stratum, counts) in source.tally.sums(of: .experts, in: source.period.days) {
            sites[stratum.site, default: MeasureTally.Counts()].add(counts)
        }
        let rows = sites.sorted { $0.key < $1.key }
            .compactMap { site, counts -> GovernanceReport.StratumRow? in
                let experts = Array(counts.shares.values)
                guard let share = Concentration.topDecileShare(experts) else { return nil }
                return GovernanceReport.StratumRow(
                    code: site.description,
                    name: MeasureStratifier.site.name(site.description, source),
                    numerator: share.count,
                    denominator: share.total,
                    value: experts.count >= measure.minimum ? share.value.map { $0 * 100 } : nil,
                    low: nil,
                    high: nil,
                    isSuppressed: false
                )
            }
        guard !rows.isEmpty else { return }
        tables.append(GovernanceReport.StratumTable(measure: measure.id, by: .site, rows: rows))
    }

    /// What stands beside AC2, SF3 and IE1 by site.
    private mutating func addBeside(_ source: ReportSource) {
        func minimum(_ id: String) -> Int? {
            source.model.measures.first { $0.id == id && source.recorded.isSuperset(of: $0.needs) }?.minimum
        }
        for beside in BesideFigure.allCases {
            guard let minimum = minimum(beside.measure) else { continue }
            var sites: [String: StratumCell] = [:]
            for (stratum, counts) in source.tally.sums(of: beside.figure, in: source.period.days) {
                sites[stratum.site.description, default: StratumCell()].add(counts)
            }
            addBeside(beside.measure, beside.figure.rawValue, beside.name, sites, minimum: minimum, source)
        }
        guard let minimum = minimum("IE1") else { return }
        var sites: [String: StratumCell] = [:]
        for exchange in source.exchanges {
            let counts = MeasureTally.Counts(exchange.sum.acceptedAtFirst, of: exchange.sum.received)
            sites[exchange.site.description, default: StratumCell()].add(counts)
        }
        let name = BilingualText("messages accepted at the first pass", "消息一次通过")
        addBeside("IE1", "IE1-messages", name, sites, minimum: minimum, source)
    }

    private mutating func addBeside(
        _ measure: String,
        _ figure: String,
        _ name: BilingualText,
        _ sites: [String: StratumCell],
        minimum: Int,
        _ source: ReportSource
    ) {
        let rows = sites.filter { !$0.value.isZero }.sorted { MeasureStratifier.site.precedes($0.key, $1.key) }
            .map { code, cell in
                GovernanceReport.StratumRow(
                    code: code,
                    name: MeasureStratifier.site.name(code, source),
                    cell,
                    minimum: minimum
                )
            }
        guard !rows.isEmpty else { return }
        tables.append(
            GovernanceReport.StratumTable(
                measure: measure,
                figure: figure,
                figureName: name,
                by: .site,
                rows: rows
            )
        )
    }

    private mutating func addTable(
        _ measure: Measure,
        _ stratifier: MeasureStratifier,
        _ strata: [(code: String, cell: StratumCell?)],
        _ source: ReportSource
    ) {
        let rows = strata.map { code, cell in
            GovernanceReport.StratumRow(
                code: code,
                name: stratifier.name(code, source),
                cell,
                minimum: measure.minimum
            )
        }
        tables.append(GovernanceReport.StratumTable(measure: measure.id, by: stratifier, rows: rows))
    }

    /// Tiers alone: rows by region, department and priority are other sums of the same cases, and each table that is
    /// protected by itself gives away what another hides where a row of one is made of the cases of a row of the other.
    private mutating func publish(_ measure: Measure, _ sum: Sums, _ close: Set<String>, _ source: ReportSource) {
        guard let cells = sum.strata[.tier] else { return }
        let tiers = cells.sorted { MeasureStratifier.tier.precedes($0.key, $1.key) }
        let sites = tiers.map { sum.sitesOfTiers[$0.key] ?? [] }
        var hidden = Set(
            tiers.indices.filter { close.contains(tiers[$0].key) || sites[$0].count < PublishedCounts.leastSites }
        )
        // What the hidden rows add up to can be computed, so that sum is a row as well: of enough cases and sites.
        while true {
            hidden.formUnion(Self.hiddenRows(tiers.map(\.value), hiding: hidden))
            let together = hidden.reduce(into: Set<SiteID>()) { $0.formUnion(sites[$1]) }
            guard !hidden.isEmpty, hidden.count == 1 || together.count < PublishedCounts.leastSites,
                let next = tiers.indices.filter({ !hidden.contains($0) })
                    .min(by: { (tiers[$0].value.denominator, $0) < (tiers[$1].value.denominator, $1) })
            else { break }
            hidden.insert(next)
        }
        let rows = tiers.enumerated().map { ($1.key, hidden.contains($0) ? nil : $1.value) }
        addTable(measure, .tier, rows, source)
    }

    /// Rows of numerator and rest, all hidden together or none.
    private static func hiddenRows(_ cells: [StratumCell], hiding: Set<Int>) -> Set<Int> {
        SuppressedTable(cells.map { [$0.numerator, $0.denominator - $0.numerator] }, hiding: hiding)?.hiddenRows
            ?? Set(cells.indices)
    }

    private mutating func addFunnel(_ measure: Measure, _ sites: [String: StratumCell]) {
        let points = sites.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .compactMap { site, cell in Proportion(cell.numerator, of: cell.denominator).map { (site, $0) } }
            .filter { $0.1.total > 0 }
        guard points.count >= 2, let funnel = Funnel(points.map(\.1)), let most = points.map(\.1.total).max() else {
            return
        }
        func isOutside(_ proportion: Proportion, _ confidence: Confidence) -> Bool {
            guard let value = proportion.value, let limits = funnel.limits(total: proportion.total, confidence) else {
                return false
            }
            return !limits.contains(value)
        }
        let steps = 24
        let totals = Set((1...steps).map { max(1, most * $0 / steps) } + [1, max(1, most / 100), max(1, most / 50)])
        funnels.append(
            GovernanceReport.FunnelPlot(
                measure: measure.id,
                centre: funnel.centre,
                points: points.map { site, proportion in
                    GovernanceReport.FunnelPoint(
                        site: site,
                        total: proportion.total,
                        value: proportion.value ?? 0,
                        isOutside95: isOutside(proportion, .ninetyFive),
                        isOutside998: isOutside(proportion, .ninetyNinePointEight)
                    )
                },
                limits: totals.sorted()
                    .compactMap { total in
                        guard let inner = funnel.limits(total: total, .ninetyFive),
                            let outer = funnel.limits(total: total, .ninetyNinePointEight)
                        else { return nil }
                        return GovernanceReport.FunnelLimit(
                            total: total,
                            low95: inner.low,
                            high95: inner.high,
                            low998: outer.low,
                            high998: outer.high
                        )
                    }
            )
        )
    }

    /// The months of a quarter add up to a figure that its own report prints, so they are protected together, and in every
    /// report alike.
    ///
    /// - Parameters:
    ///   - hiding: places of months that are hidden; nil where nothing is.
    ///   - whole: of each quarter, whether its own report hides the measure.
    private mutating func addTrend(
        _ measure: Measure,
        _ months: [(name: String, cell: StratumCell?)],
        hiding: Set<Int>? = nil,
        whole: [Bool] = []
    ) {
        var shown = months.map(\.cell)
        if let hiding {
            for (quarter, first) in stride(from: 0, to: months.count, by: 3).enumerated() {
                let counted = (first..<min(first + 3, months.count)).filter { months[$0].cell != nil }
                let places = counted.indices.filter { hiding.contains(counted[$0]) }
                var hidden = Self.hiddenRows(counted.compactMap { months[$0].cell }, hiding: Set(places))
                if whole[quarter] { hidden = Set(counted.indices) }
                for place in hidden { shown[counted[place]] = nil }
            }
        }
        let points = zip(months, shown)
            .map { GovernanceReport.TrendPoint(period: $0.name, $1, minimum: measure.minimum) }
        trends.append(GovernanceReport.Trend(measure: measure.id, points: points))
    }

    /// Whether the episodes of a tier come from so few sites that one could take its own away.
    private static func areFewSites(_ source: ReportSource) -> Bool {
        var sites: [Tier: Set<SiteID>] = [:]
        for (stratum, _) in source.tally.sums(of: .episodes, in: source.period.days) {
            sites[stratum.tier, default: []].insert(stratum.site)
        }
        return sites.values.contains { $0.count < PublishedCounts.leastSites }
    }

    private mutating func addFlows(_ source: ReportSource, isSuppressed: Bool) {
        let flow = source.tally.flow(period: source.period.days)
        let matrix = Tier.allCases.map { origin in Tier.allCases.map { flow[origin]?[$0] ?? 0 } }
        guard matrix.joined().contains(where: { $0 > 0 }) else { return }
        let table = isSuppressed ? SuppressedTable(matrix) : nil
        areTiersHidden = table.map { ($0.columnTotals + [$0.total]).contains(.suppressed) } ?? false
        // SF1 prints what came from a primary and from a county site: a total that hides others is no secret there.
        let isOpen =
            table.map { table in
                zip(table.rowTotals, matrix)
                    .contains { $0 == .suppressed && !SuppressedTable.hidden.contains($1.reduce(0, +)) }
                    || Self.areFewSites(source)
            } ?? false
        let shown =
            isOpen
            ? matrix.map { $0.map { _ in .suppressed } } : table?.cells ?? matrix.map { $0.map { .count($0) } }
        flows = Tier.allCases.flatMap { origin in
            Tier.allCases.map { final in
                GovernanceReport.TierFlow(
                    origin: origin,
                    final: final,
                    episodes: shown[origin.rank][final.rank].count
                )
            }
        }
    }
}

/// Counts of one row.
struct StratumCell {
    var numerator = 0
    var denominator = 0

    var isZero: Bool { numerator == 0 && denominator == 0 }

    mutating func add(_ cell: MeasureTally.Cell) {
        numerator += cell.numerator
        denominator += cell.denominator
    }

    mutating func add(_ counts: MeasureTally.Counts) {
        numerator += counts.numerator
        denominator += counts.denominator
    }

    mutating func add(_ other: StratumCell) {
        numerator += other.numerator
        denominator += other.denominator
    }

    /// In percent; none below the measure's minimum, whose counts alone are shown.
    func figures(minimum: Int) -> (value: Double, interval: ConfidenceInterval)? {
        guard denominator >= minimum, let proportion = Proportion(numerator, of: denominator),
            let value = proportion.value, let interval = proportion.wilson()
        else { return nil }
        return (value * 100, interval.scaled(by: 100))
    }
}

extension GovernanceReport.StratumRow {
    /// A row whose counts may not be shown has none.
    fileprivate init(code: String, name: BilingualText, _ cell: StratumCell?, minimum: Int) {
        let figures = cell?.figures(minimum: minimum)
        self.init(
            code: code,
            name: name,
            numerator: cell?.numerator,
            denominator: cell?.denominator,
            value: figures?.value,
            low: figures?.interval.low,
            high: figures?.interval.high,
            isSuppressed: cell == nil
        )
    }
}

extension GovernanceReport.TrendPoint {
    /// A month without a count, or whose counts may not be shown, has none.
    fileprivate init(period: String, _ cell: StratumCell?, minimum: Int) {
        let figures = cell?.figures(minimum: minimum)
        self.init(
            period: period,
            numerator: cell?.numerator,
            denominator: cell?.denominator,
            value: figures?.value,
            low: figures?.interval.low,
            high: figures?.interval.high
        )
    }
}
