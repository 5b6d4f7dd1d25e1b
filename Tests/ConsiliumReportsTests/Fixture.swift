@testable import ConsiliumCore

/// Reports of a province that does not exist: figures are drawn from a fixed seed, so that every run prints the same.
enum Fixture {
    typealias Report = GovernanceReport

    static let hash = String(repeating: "9f3c5a7e", count: 8)

    /// Everything that a report can hold, with every standing and every verdict.
    static func full() -> Report {
        var random = SplitMix64(seed: 7)
        var lines = Measure.standard.map { measure in line(measure, &random) }
        vary(&lines)
        return Report(
            network: "Yunling province 云岭省",
            period: Report.Period(label: "2026-Q3", from: "2026-07-01", to: "2026-10-01"),
            modelVersion: "1",
            isRetrospective: true,
            isGenerated: true,
            snapshot: Report.Snapshot(records: 1_234_567, hash: hash),
            isSuppressed: true,
            notices: [BilingualText("figures of a test", "测试用数据")],
            measures: lines,
            performance: performance,
            profile: profile,
            triangle: triangle,
            sensitivity: sensitivity,
            tables: tables(&random),
            funnels: [funnel("AC1", centre: 0.93, &random), funnel("SF1", centre: 0.62, &random)],
            trends: trends(&random),
            flows: flows
        )
    }

    /// A network without an event: nothing can be assessed.
    static func empty() -> Report {
        var report = full()
        report.isGenerated = false
        report.isRetrospective = false
        report.isSuppressed = false
        report.snapshot.records = 0
        report.measures = Measure.standard.map { measure in
            var random = SplitMix64(seed: 1)
            var line = line(measure, &random)
            withhold(&line, .notAssessable)
            line.missing = measure.needs.map(\.name)
            return line
        }
        let missing = Report.Score(value: nil, missing: ["OC1", "OF2"])
        report.performance = Report.PerformancePage(
            dimensions: GovernanceDimension.allCases.map { Report.DimensionScore(dimension: $0, score: missing) },
            efficiency: missing,
            fairness: missing,
            overall: missing
        )
        report.profile = nil
        report.sensitivity = nil
        report.tables = []
        report.funnels = []
        report.trends = []
        report.flows = []
        report.triangle = Report.TrianglePage(
            index: nil,
            low: nil,
            high: nil,
            band: nil,
            seed: 42,
            replicates: 2_000,
            episodes: 0,
            originSites: 0,
            shares: [],
            sharesByTier: [],
            isMonotone: true,
            shape: nil,
            components: [],
            markingRate: Report.Companion(name: marking, unit: "%"),
            obstacles: [BilingualText("0 episodes; at least 100 are needed", "0 个病例；至少需要 100 个")],
            notices: TriangleIndex.notices
        )
        return report
    }

    static func line(_ measure: Measure, _ random: inout SplitMix64) -> Report.MeasureLine {
        let total = 400 + random.index(below: 4_000)
        let share = 0.55 + Double(random.index(below: 4_400)) / 10_000
        let numerator = Int(Double(total) * (measure.direction == .decrease ? 1 - share : share))
        let isShare = measure.form == .proportion
        let proportion = Proportion(numerator, of: total)
        let wilson = proportion?.wilson()?.scaled(by: 100)
        let plain = measure.unit == .percent ? share * 100 : measure.target ?? 0.4
        let hasInterval = measure.interval != .census
        let low = isShare ? wilson?.low : plain * 0.9
        let high = isShare ? wilson?.high : plain * 1.1 + 0.1
        let value = isShare ? proportion?.value.map { $0 * 100 } : plain
        return Report.MeasureLine(
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
            minimum: measure.minimum,
            intervalMethod: measure.interval,
            standing: .valid,
            numerator: isShare ? numerator : nil,
            denominator: isShare ? total : nil,
            counted: total,
            undecided: measure.id == "AC2" ? 17 : nil,
            value: value,
            low: hasInterval ? low : nil,
            high: hasInterval ? high : nil,
            verdict: verdict(measure, low, high),
            leastTotal: nil,
            failures: measure.kind == .control ? total - numerator : nil,
            score: measure.scoredIn == nil ? nil : value.flatMap { measure.goalposts?.score($0) },
            isDeclared: measure.isDeclared,
            missing: [],
            sourceCheck: nil,
            companions: []
        )
    }

    private static func verdict(_ measure: Measure, _ low: Double?, _ high: Double?) -> Report.Verdict? {
        guard let target = measure.target, let low, let high else { return nil }
        if measure.kind == .control { return .failures }
        let isUp = measure.direction == .increase
        if isUp ? low > target : high < target { return .met }
        if isUp ? high < target : low > target { return .notMet }
        return .notShown
    }

    static func withhold(_ line: inout Report.MeasureLine, _ standing: Report.Standing) {
        line.standing = standing
        (line.value, line.low, line.high, line.score) = (nil, nil, nil, nil)
        (line.verdict, line.leastTotal, line.failures, line.undecided) = (nil, nil, nil, nil)
        if standing == .notAssessable || standing == .suppressed {
            (line.numerator, line.denominator, line.counted) = (nil, nil, nil)
        }
        if standing == .nothingObserved { (line.numerator, line.denominator, line.counted) = (0, 0, 0) }
    }

    /// One measure of each standing, a source check, and what stands beside AC1.
    private static func vary(_ lines: inout [Report.MeasureLine]) {
        for index in lines.indices {
            switch lines[index].id {
            case "OC1":
                withhold(&lines[index], .tooFew)
                (lines[index].numerator, lines[index].denominator, lines[index].counted) = (9, 12, 12)
                (lines[index].verdict, lines[index].leastTotal) = (.notShown, 73)
            case "OC2", "SF3":
                withhold(&lines[index], .notAssessable)
                lines[index].missing = [FactType.ruleProposal.name, FactType.discharge.name]
            case "FMR3": withhold(&lines[index], .nothingObserved)
            case "IDR1": withhold(&lines[index], .suppressed)
            case "AC1":
                (lines[index].numerator, lines[index].denominator, lines[index].counted) = (411, 430, 430)
                (lines[index].value, lines[index].low, lines[index].high) = (95.58, 93.20, 97.15)
                (lines[index].verdict, lines[index].leastTotal) = (.notShown, 73)
                lines[index].sourceCheck = Report.SourceCheck(
                    drawn: 75,
                    checked: 60,
                    discrepant: 2,
                    missing: 1,
                    rate: 5,
                    low: 1.71,
                    high: 13.70
                )
                lines[index].companions = [
                    Report.Companion(
                        name: BilingualText("median wait", "等待时间中位数"),
                        unit: "min",
                        value: 4.2,
                        low: 3.9,
                        high: 4.6
                    ), Report.Companion(name: BilingualText("p90", "第90百分位"), unit: "min", value: 8.8),
                ]
            default: break
            }
        }
    }

    private static let performance = Report.PerformancePage(
        dimensions: [
            Report.DimensionScore(dimension: .decisionRights, score: Report.Score(value: 0.61, missing: [])),
            Report.DimensionScore(dimension: .marketCompetition, score: Report.Score(value: 0.74, missing: [])),
            Report.DimensionScore(dimension: .residualClaims, score: Report.Score(value: nil, missing: ["FMR3"])),
            Report.DimensionScore(dimension: .accountability, score: Report.Score(value: 0.83, missing: [])),
            Report.DimensionScore(dimension: .socialFunctions, score: Report.Score(value: 0.58, missing: [])),
        ],
        efficiency: Report.Score(value: nil, missing: ["FMR3"]),
        fairness: Report.Score(value: 0.705, missing: []),
        overall: Report.Score(value: nil, missing: ["FMR3"])
    )

    private static var profile: Report.ProfilePage? {
        guard let points = AutonomyPosition(points: [1, 2, 3, 0, 3, 2.5, 2, 2]) else { return nil }
        let position = AutonomyPosition(
            points.ratings.mapValues { .init($0.point, low: max(0, $0.point - 0.5), high: min(4, $0.point + 1)) }
        )
        let model = GovernanceModel.standard
        let computed = AutonomyProfile(position, in: model)
        return Report.ProfilePage(
            standing: "audited",
            assessment: "2026-A1",
            questionnaireVersion: "7",
            indicators: Indicator.allCases.compactMap { indicator in
                position.ratings[indicator]
                    .map {
                        Report.IndicatorRating(
                            indicator: indicator,
                            point: $0.point,
                            low: $0.low,
                            high: $0.high,
                            ratings: ratings(of: indicator),
                            codings: codings(of: indicator)
                        )
                    }
            },
            readings: zip(model.mappings, computed.readings)
                .map { mapping, reading in
                    Report.Reading(
                        mapping: mapping.id,
                        means: GovernanceDimension.allCases.map { dimension in
                            let modes = model.modes.compactMap { mode in
                                AutonomyPosition(mode).mean(dimension, under: mapping).map { (mode.id, $0) }
                            }
                            return Report.DimensionMean(
                                dimension: dimension,
                                mean: reading.means[dimension],
                                difference: reading.differences[dimension],
                                modes: Dictionary(uniqueKeysWithValues: modes)
                            )
                        },
                        coherenceGap: reading.coherenceGap
                    )
                },
            distances: zip(model.modes, computed.distances)
                .map { mode, distance in
                    Report.ModeDistance(
                        mode: mode.id,
                        name: mode.name,
                        point: distance.range.point,
                        low: distance.range.low,
                        high: distance.range.high
                    )
                },
            nearest: computed.nearest,
            agreement: Report.Agreement(
                items: 8,
                exact: 5,
                withinOne: 8,
                kappa: 0.62,
                weightedKappa: 0.84,
                weightedKappaLow: 0.71,
                weightedKappaHigh: 0.92,
                alpha: 0.8
            ),
            dissents: [Report.Dissent(indicator: .socialFunctions, value: 3, consensus: 2.5)]
        )
    }

    private static func ratings(of indicator: Indicator) -> [Report.ItemRating] {
        let evidence = [
            Assessment.Evidence(.register, "rule-pack:GZ-2026-1"), .init(.document, "sha-256:9f86d081884c7d65"),
        ]
        let sheets = indicator == .socialFunctions ? 3 : 2
        return (1...sheets)
            .map { auditor in
                Report.ItemRating(
                    auditor: auditor,
                    arbitrates: auditor == 3,
                    value: auditor,
                    halves: indicator == .ownerFunctions
                        ? OwnerHalves(residualClaim: 1, decisionPower: auditor - 1) : nil,
                    confidence: auditor == 1 ? .low : .high,
                    evidence: auditor == 1 ? evidence : [.init(.event, "governance/\(auditor)")]
                )
            }
    }

    private static func codings(of indicator: Indicator) -> [Report.ModeCoding] {
        GovernanceModel.standard.modes.compactMap { mode in
            mode.codings[indicator]
                .map { coding in
                    Report.ModeCoding(
                        mode: mode.id,
                        name: mode.name,
                        point: coding.point,
                        low: coding.low,
                        high: coding.high,
                        phrase: coding.phrase
                    )
                }
        }
    }

    private static let marking = BilingualText("marked eligible of those discharged", "出院患者中标记可下转者")

    private static var triangle: Report.TrianglePage {
        func component(_ id: String, _ name: BilingualText, _ count: Int, _ total: Int, _ second: Double? = nil)
            -> Report.TriangleComponent
        {
            let proportion = Proportion(count, of: total)
            let interval = proportion?.wilson()
            return Report.TriangleComponent(
                id: id,
                name: name,
                numerator: count,
                denominator: total,
                value: proportion?.value,
                low: interval?.low,
                high: interval?.high,
                second: second
            )
        }
        return Report.TrianglePage(
            index: 69.54,
            low: 64.1,
            high: 73.8,
            band: nil,
            seed: 42,
            replicates: 2_000,
            episodes: 4_120,
            originSites: 36,
            shares: [0.62, 0.22, 0.11, 0.05],
            sharesByTier: [0.62, 0.22, 0.11, 0.04, 0.01],
            isMonotone: true,
            shape: 0.6067,
            components: [
                component("L", BilingualText("local resolution", "就地解决率"), 2_340, 3_000),
                component("S", BilingualText("siphon", "虹吸率"), 306, 3_400, 0.11),
                component("D", BilingualText("down-referral", "下转率"), 164, 400),
                component("U", BilingualText("under-treatment", "治疗不足率"), 215, 3_950, 0.062),
            ],
            markingRate: Report.Companion(name: marking, unit: "%", value: 62.5, low: 57.7, high: 67.1),
            obstacles: [
                BilingualText(
                    "band withheld: the upper end of under-treatment's interval exceeds 5 %",
                    "分段不予公布：治疗不足率区间上限超过 5 %"
                )
            ],
            notices: TriangleIndex.notices
        )
    }

    private static let sensitivity = Report.SensitivityPage(
        seed: 99,
        replicates: 1_000,
        spreads: [
            spread("weights", BilingualText("fairness", "公平"), 0.705, 0.68, 0.73),
            spread("aggregation", BilingualText("fairness, arithmetic mean", "公平，算术平均"), 0.705, 0.70, 0.72),
            spread("leave-one-out", BilingualText("fairness without SF1", "公平，剔除 SF1"), 0.705, 0.66, 0.66),
            spread("mapping", BilingualText("social functions, R2 less R1", "社会职能，R2 减 R1"), -1, -1.5, -0.5),
            spread("coding", BilingualText("distance to CJFH", "与中日友好的距离"), nil, nil, nil),
        ],
        nearestWithout: [
            Report.NearestWithout(
                indicator: .ownerFunctions,
                modes: ["bch", "cjfh"],
                names: [ReferenceMode.bch.name, ReferenceMode.cjfh.name]
            )
        ],
        correlations: [Report.MeasureCorrelation(first: "AC1", second: "SF1", months: 11, value: -0.25)],
        notices: [BilingualText("ranks need ten networks or periods", "排名需要十个网络或时期")]
    )

    private static func spread(
        _ analysis: String,
        _ name: BilingualText,
        _ at: Double?,
        _ low: Double?,
        _ high: Double?
    )
        -> Report.SensitivitySpread
    { Report.SensitivitySpread(analysis: analysis, name: name, published: at, low: low, high: high) }

    private static func tables(_ random: inout SplitMix64) -> [Report.StratumTable] {
        let sites = (1...12).map { ("H\($0)", BilingualText("Hospital \($0)", "第\($0)医院")) }
        let tiers = Tier.allCases.map { ($0.rawValue, BilingualText($0.rawValue, "层级")) }
        let cuts: [(String, MeasureStratifier, [(String, BilingualText)])] = [
            ("AC1", .site, sites), ("AC1", .tier, tiers), ("SF1", .site, sites),
        ]
        return
            cuts
            .map { measure, by, strata in
                let rows = strata.enumerated()
                    .map { index, stratum in
                        if index == 2 {
                            return Report.StratumRow(code: stratum.0, name: stratum.1, isSuppressed: true)
                        }
                        let total = index == 1 ? 0 : 30 + random.index(below: 300)
                        let count = total * (80 + random.index(below: 20)) / 100
                        let proportion = Proportion(count, of: total)
                        let wilson = proportion?.wilson()?.scaled(by: 100)
                        return Report.StratumRow(
                            code: stratum.0,
                            name: stratum.1,
                            numerator: count,
                            denominator: total,
                            value: proportion?.value.map { $0 * 100 },
                            low: wilson?.low,
                            high: wilson?.high,
                            isSuppressed: false
                        )
                    }
                return Report.StratumTable(measure: measure, by: by, rows: rows)
            }
    }

    private static func funnel(_ id: String, centre: Double, _ random: inout SplitMix64) -> Report.FunnelPlot {
        let points = (1...18)
            .map { number in
                let total = 20 + random.index(below: 380)
                let value = number == 4 ? centre - 0.3 : number == 9 ? centre - 0.07 : centre - 0.02
                return Report.FunnelPoint(
                    site: "H\(number)",
                    total: total,
                    value: value,
                    isOutside95: number == 4 || number == 9,
                    isOutside998: number == 4
                )
            }
        let limits = stride(from: 20, through: 400, by: 10)
            .map { total in
                let deviation = (centre * (1 - centre) / Double(total)).squareRoot()
                return Report.FunnelLimit(
                    total: total,
                    low95: max(0, centre - 1.96 * deviation),
                    high95: min(1, centre + 1.96 * deviation),
                    low998: max(0, centre - 3.09 * deviation),
                    high998: min(1, centre + 3.09 * deviation)
                )
            }
        return Report.FunnelPlot(measure: id, centre: centre, points: points, limits: limits)
    }

    private static func trends(_ random: inout SplitMix64) -> [Report.Trend] {
        ["AC1", "SF1", "MC3", "OF2"]
            .map { id in
                let points = (1...12)
                    .map { month in
                        let label = "2026-\(month < 10 ? "0" : "")\(month)"
                        guard month != 5 else { return Report.TrendPoint(period: label) }
                        let total = 60 + random.index(below: 200)
                        let proportion = Proportion(total * (70 + random.index(below: 25)) / 100, of: total)
                        let wilson = proportion?.wilson()?.scaled(by: 100)
                        return Report.TrendPoint(
                            period: label,
                            numerator: proportion?.count,
                            denominator: total,
                            value: proportion?.value.map { $0 * 100 },
                            low: wilson?.low,
                            high: wilson?.high
                        )
                    }
                return Report.Trend(measure: id, points: points)
            }
    }

    private static var flows: [Report.TierFlow] {
        let counts: [[Int?]] = [
            [1_810, 420, 190, 44, 12], [88, 480, 120, 31, nil], [14, 35, 310, 60, 11], [nil, 12, 25, 140, 18],
            [0, nil, 15, 20, 60],
        ]
        return zip(Tier.allCases, counts)
            .flatMap { origin, row in
                zip(Tier.allCases, row).map { Report.TierFlow(origin: origin, final: $0, episodes: $1) }
            }
    }
}
