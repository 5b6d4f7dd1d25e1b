import ConsiliumCore

/// A report as one table for other programs: a row is one figure with the counts, definition, period and snapshot that it
/// must be printed with. Codes and full precision, no translations but of titles.
struct TidyRecords {
    /// The columns, in order; each record has all of them.
    enum Column: String, CaseIterable {
        case network, period, from, to, model, snapshot, records, generated, retrospective, suppressed
        /// `score`, `measure`, `companion`, `stratum`, `trend`, `funnel`, `profile`, `rating`, `coding`, `agreement`,
        /// `reading`, `distance`, `triangle`, `tier`, `flow`, `sensitivity`, `nearest-without` or `correlation`.
        case section
        case id, version, kind, dimension, by, code, name, numerator, denominator, counted, undecided
        case value, low, high, unit, target, floor, minimum, direction, interval
        case standing, verdict
        case leastTotal = "least_total"
        case failures, score, declared, missing
        case sourceDrawn = "source_drawn"
        case sourceChecked = "source_checked"
        case sourceOpen = "source_open"
        case sourceDiscrepant = "source_discrepant"
        case sourceMissing = "source_missing"
        case sourceRate = "source_rate"
        case sourceLow = "source_low"
        case sourceHigh = "source_high"
        case note
        /// Of a score: its measures that counted fewer than they must; the others that it lacks are `missing`.
        case tooFew = "too_few"
    }

    typealias Record = [Column: String]

    let report: GovernanceReport
    let language: Language
    private(set) var records: [Record] = []

    static func csv(_ report: GovernanceReport, part: ReportPart, _ language: Language) throws(ReportError) -> String {
        var table = TidyRecords(report: report, language: language)
        switch part {
        case .scorecard:
            table.addScores()
            for line in report.measures { table.addMeasure(line) }
            table.addProfile()
            table.addTriangle()
            table.addSensitivity()
        case .measure(let id):
            guard let line = report.measures.first(where: { $0.id == id }) else { throw .unknownMeasure(id) }
            table.addMeasure(line)
        case .profile: table.addProfile()
        case .triangle: table.addTriangle()
        case .sensitivity: table.addSensitivity()
        }
        let heading = CSV.line(Column.allCases.map(\.rawValue))
        return heading
            + table.records.map { record in CSV.line(Column.allCases.map { record[$0] ?? "" }) }.joined()
    }

    private init(report: GovernanceReport, language: Language) {
        self.report = report
        self.language = language
    }

    private mutating func add(_ section: String, _ fields: [Column: String?]) {
        var record: Record = [
            .network: report.network, .period: report.period.label, .from: report.period.from, .to: report.period.to,
            .model: report.modelVersion, .snapshot: report.snapshot.hash,
            .generated: String(report.isGenerated), .retrospective: String(report.isRetrospective),
            .suppressed: String(report.isSuppressed), .section: section,
        ]
        record[.records] = count(report.snapshot.records)
        for (column, text) in fields { record[column] = text }
        records.append(record)
    }

    private func number(_ value: Double?) -> String? { value.map { "\($0)" } }
    private func count(_ value: Int?) -> String? { value.map { "\($0)" } }
    private func name(_ text: BilingualText) -> String { text.text(language) }
    private func list(_ texts: [String]) -> String { texts.joined(separator: ";") }

    private mutating func addScores() {
        let page = report.performance
        let scores = [("overall", page.overall), ("efficiency", page.efficiency), ("fairness", page.fairness)]
        let dimensions = page.dimensions.map { ($0.dimension.rawValue, $0.score) }
        for (id, score) in scores + dimensions {
            let (missing, tooFew) = score.lacking(among: report.measures)
            add(
                "score",
                [
                    .id: id, .score: number(score.value), .missing: list(missing), .tooFew: list(tooFew),
                    .standing: score.value == nil ? GovernanceReport.Standing.notAssessable.rawValue : "valid",
                ]
            )
        }
    }

    private mutating func addMeasure(_ line: GovernanceReport.MeasureLine) {
        add(
            "measure",
            [
                .id: line.id, .version: count(line.version), .kind: line.kind.rawValue,
                .dimension: line.scoredIn?.rawValue, .name: name(line.title), .numerator: count(line.numerator),
                .denominator: count(line.denominator), .counted: count(line.counted),
                .undecided: count(line.undecided), .value: number(line.value), .low: number(line.low),
                .high: number(line.high), .unit: line.unit.rawValue, .target: number(line.target),
                .floor: number(line.floor), .minimum: count(line.minimum), .direction: line.direction?.rawValue,
                .interval: line.intervalMethod.rawValue, .standing: line.standing.rawValue,
                .verdict: line.verdict?.rawValue, .leastTotal: count(line.leastTotal), .failures: count(line.failures),
                .score: number(line.score), .declared: String(line.isDeclared), .missing: list(line.missing.map(name)),
                .sourceDrawn: count(line.sourceCheck?.drawn), .sourceChecked: count(line.sourceCheck?.checked),
                .sourceOpen: count(line.sourceCheck?.open),
                .sourceDiscrepant: count(line.sourceCheck?.discrepant),
                .sourceMissing: count(line.sourceCheck?.missing), .sourceRate: number(line.sourceCheck?.rate),
                .sourceLow: number(line.sourceCheck?.low), .sourceHigh: number(line.sourceCheck?.high),
                .note: line.sourceCheck == nil ? Words.notVerified.en : nil,
            ]
        )
        for companion in line.companions { add(companion, of: line.id, line) }
        for table in report.tables where table.measure == line.id {
            for row in table.rows {
                add(
                    "stratum",
                    [
                        .id: line.id, .version: count(line.version), .by: table.by.rawValue, .code: row.code,
                        .name: name(row.name), .numerator: count(row.numerator), .denominator: count(row.denominator),
                        .value: number(row.value), .low: number(row.low), .high: number(row.high),
                        .unit: table.figure == nil ? line.unit.rawValue : "%",
                        .interval: line.intervalMethod.rawValue, .note: table.figure,
                        .standing: row.isSuppressed ? GovernanceReport.Standing.suppressed.rawValue : nil,
                    ]
                )
            }
        }
        for trend in report.trends where trend.measure == line.id {
            for point in trend.points {
                add(
                    "trend",
                    [
                        .id: line.id, .version: count(line.version), .code: point.period,
                        .numerator: count(point.numerator), .denominator: count(point.denominator),
                        .value: number(point.value), .low: number(point.low), .high: number(point.high),
                        .unit: line.unit.rawValue, .interval: line.intervalMethod.rawValue,
                    ]
                )
            }
        }
        for plot in report.funnels where plot.measure == line.id { addFunnel(plot, line) }
    }

    private mutating func add(
        _ companion: GovernanceReport.Companion,
        of id: String,
        _ line: GovernanceReport.MeasureLine?
    ) {
        add(
            "companion",
            [
                .id: id, .version: count(line?.version), .name: name(companion.name),
                .counted: count(companion.counted), .value: number(companion.value), .low: number(companion.low),
                .high: number(companion.high), .unit: companion.unit,
            ]
        )
    }

    private mutating func addFunnel(_ plot: GovernanceReport.FunnelPlot, _ line: GovernanceReport.MeasureLine) {
        add("funnel", [.id: line.id, .version: count(line.version), .by: "centre", .value: number(plot.centre)])
        for point in plot.points {
            let place = point.isOutside998 ? "outside 99.8 %" : point.isOutside95 ? "outside 95 %" : "inside"
            add(
                "funnel",
                [
                    .id: line.id, .version: count(line.version), .by: "site", .code: point.site,
                    .denominator: count(point.total), .value: number(point.value), .unit: "1", .note: place,
                ]
            )
        }
        for limit in plot.limits {
            for (name, low, high) in [
                ("95 %", limit.low95, limit.high95), ("99.8 %", limit.low998, limit.high998),
            ] {
                add(
                    "funnel",
                    [
                        .id: line.id, .version: count(line.version), .by: "limit", .code: name,
                        .denominator: count(limit.total), .low: number(low), .high: number(high), .unit: "1",
                    ]
                )
            }
        }
    }

    private mutating func addProfile() {
        guard let page = report.profile else { return }
        for rating in page.indicators {
            add(
                "profile",
                [
                    .id: rating.indicator.rawValue, .name: name(rating.indicator.name), .value: number(rating.point),
                    .low: number(rating.low), .high: number(rating.high), .standing: page.standing,
                    .note: page.assessment,
                ]
            )
            addRatings(rating, page)
        }
        addAgreement(page)
        for reading in page.readings {
            for mean in reading.means {
                let dimension = mean.dimension.rawValue
                add("reading", [.id: dimension, .by: reading.mapping, .code: "network", .value: number(mean.mean)])
                if let difference = mean.difference {
                    add(
                        "reading",
                        [.id: dimension, .by: reading.mapping, .code: "difference", .value: number(difference)]
                    )
                }
                for (mode, value) in mean.modes.sorted(by: { $0.key < $1.key }) {
                    add("reading", [.id: dimension, .by: reading.mapping, .code: mode, .value: number(value)])
                }
            }
            add("reading", [.id: "coherence-gap", .by: reading.mapping, .value: number(reading.coherenceGap)])
        }
        for distance in page.distances {
            add(
                "distance",
                [
                    .code: distance.mode, .name: name(distance.name), .value: number(distance.point),
                    .low: number(distance.low), .high: number(distance.high),
                    .note: page.nearest.contains(distance.mode) ? "nearest" : nil,
                ]
            )
        }
    }

    /// Each sheet's rating with its confidence and evidence, then how the modes are coded, by which words.
    private mutating func addRatings(
        _ indicator: GovernanceReport.IndicatorRating,
        _ page: GovernanceReport.ProfilePage
    ) {
        let id = indicator.indicator.rawValue
        for rating in indicator.ratings {
            let halves =
                rating.halves.map { ["residual-claim \($0.residualClaim)", "decision-power \($0.decisionPower)"] } ?? []
            let links = rating.evidence.map { "\($0.kind.rawValue) \($0.reference)" }
            add(
                "rating",
                [
                    .id: id, .version: page.questionnaireVersion, .by: rating.arbitrates ? "arbitrating" : nil,
                    .code: rating.auditor.map { "auditor-\($0)" } ?? "self-declared", .value: count(rating.value),
                    .kind: rating.confidence.rawValue, .standing: page.standing, .note: list(halves + links),
                ]
            )
        }
        for coding in indicator.codings {
            add(
                "coding",
                [
                    .id: id, .code: coding.mode, .name: name(coding.name), .value: count(coding.point),
                    .low: count(coding.low), .high: count(coding.high), .note: coding.phrase,
                ]
            )
        }
    }

    private mutating func addAgreement(_ page: GovernanceReport.ProfilePage) {
        guard let agreement = page.agreement else { return }
        for (id, part) in [("exact", agreement.exact), ("within-one", agreement.withinOne)] {
            add("agreement", [.id: id, .numerator: count(part), .denominator: count(agreement.items)])
        }
        let coefficients = [
            ("kappa", agreement.kappa, agreement.kappaLow, agreement.kappaHigh),
            (
                "weighted-kappa", agreement.weightedKappa, agreement.weightedKappaLow, agreement.weightedKappaHigh
            ), ("alpha", agreement.alpha, agreement.alphaLow, agreement.alphaHigh),
        ]
        for (id, value, low, high) in coefficients where value != nil {
            add("agreement", [.id: id, .value: number(value), .low: number(low), .high: number(high), .unit: "1"])
        }
    }

    private mutating func addTriangle() {
        let page = report.triangle
        add(
            "triangle",
            [
                .id: "TI", .denominator: count(page.episodes), .value: number(page.index), .low: number(page.low),
                .high: number(page.high), .verdict: page.band, .missing: list(page.obstacles.map(name)),
                .note: (page.originSites.map { "\($0) origin sites; " } ?? "")
                    + "\(page.replicates) replicates, seed \(page.seed)",
            ]
        )
        for component in page.components {
            add(
                "triangle",
                [
                    .id: component.id, .name: name(component.name), .numerator: count(component.numerator),
                    .denominator: count(component.denominator), .value: number(component.value),
                    .low: number(component.low), .high: number(component.high), .unit: "1",
                    .note: number(component.second).map { "second rating \($0)" },
                ]
            )
        }
        add(page.markingRate, of: "TI", nil)
        for (tier, share) in zip(Tier.allCases, page.sharesByTier) {
            let episodes = count(page.episodes)
            add("tier", [.id: "TI", .code: tier.rawValue, .denominator: episodes, .value: number(share), .unit: "1"])
        }
        for flow in report.flows {
            let standing = flow.episodes == nil ? GovernanceReport.Standing.suppressed.rawValue : nil
            add(
                "flow",
                [
                    .by: flow.origin.rawValue, .code: flow.final.rawValue, .numerator: count(flow.episodes),
                    .standing: standing,
                ]
            )
        }
    }

    private mutating func addSensitivity() {
        guard let page = report.sensitivity else { return }
        for spread in page.spreads {
            add(
                "sensitivity",
                [
                    .by: spread.analysis, .name: name(spread.name), .value: number(spread.published),
                    .low: number(spread.low), .high: number(spread.high),
                    .note: "\(page.replicates) replicates, seed \(page.seed)",
                ]
            )
        }
        for entry in page.nearestWithout {
            let names = list(entry.names.map(name))
            add("nearest-without", [.id: entry.indicator.rawValue, .code: list(entry.modes), .name: names])
        }
        for pair in page.correlations {
            add(
                "correlation",
                [.id: pair.first, .code: pair.second, .counted: count(pair.months), .value: number(pair.value)]
            )
        }
    }
}
