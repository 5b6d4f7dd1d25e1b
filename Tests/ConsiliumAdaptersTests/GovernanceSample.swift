import ConsiliumAdapters

@testable import ConsiliumCore

/// Figures and an assessment as a hub could have them: for the resources that stand in Protocols/FHIR.
enum GovernanceSample {
    static let base = "https://hub.example:8443/fhir"
    static let adoption = Adoption(
        modelVersion: "1",
        by: auditor("first"),
        at: Instant(iso8601: "2026-06-15T08:00:00.000Z")!
    )

    static func auditor(_ name: String) -> Principal { Principal("PROVINCE-01/op/\(name)")! }

    // MARK: Report

    /// A line of the standard model with nothing counted yet.
    static func line(
        _ id: String,
        _ standing: GovernanceReport.Standing,
        _ change: (inout GovernanceReport.MeasureLine) -> Void = { _ in }
    ) -> GovernanceReport.MeasureLine {
        let measure = GovernanceModel.standard.measure(id)!
        var line = GovernanceReport.MeasureLine(
            id: id,
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
            standing: standing,
            isDeclared: measure.isDeclared,
            missing: [],
            companions: []
        )
        change(&line)
        return line
    }

    static func row(
        _ code: String,
        _ name: BilingualText,
        _ proportion: Proportion?,
        minimum: Int = 30
    ) -> GovernanceReport.StratumRow {
        let isValid = (proportion?.total ?? 0) >= minimum
        let interval = isValid ? proportion?.wilson() : nil
        return GovernanceReport.StratumRow(
            code: code,
            name: name,
            numerator: proportion?.count,
            denominator: proportion?.total,
            value: isValid ? proportion?.value.map { $0 * 100 } : nil,
            low: interval.map { $0.low * 100 },
            high: interval.map { $0.high * 100 },
            isSuppressed: proportion == nil
        )
    }

    static func report(
        isSuppressed: Bool = false,
        lines: [GovernanceReport.MeasureLine] = [emergencies, tooFew, notAssessable, control, wait],
        tables: [GovernanceReport.StratumTable] = tables
    ) -> GovernanceReport {
        GovernanceReport(
            network: "example",
            period: GovernanceReport.Period(label: "2026-Q3", from: "2026-07-01", to: "2026-10-01"),
            modelVersion: "1",
            isRetrospective: false,
            isGenerated: true,
            snapshot: GovernanceReport.Snapshot(
                records: 48_213,
                hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
            ),
            isSuppressed: isSuppressed,
            notices: [BilingualText("GENERATED HISTORY: no patient stands behind it.", "模拟生成的历史：不对应任何真实患者。")],
            measures: lines,
            performance: performance,
            profile: profile,
            triangle: GovernanceReport.TrianglePage(
                seed: 1,
                replicates: 2_000,
                originSites: 0,
                shares: [],
                sharesByTier: [],
                isMonotone: false,
                components: [],
                markingRate: GovernanceReport.Companion(name: BilingualText("marking rate", "标记率"), unit: "%"),
                obstacles: [],
                notices: []
            ),
            tables: tables,
            funnels: [],
            trends: [],
            flows: []
        )
    }

    /// 81 of 263 and its interval are a vector of DOMAIN.md section 3.
    static let emergencies = line("AC1", .valid) { line in
        let proportion = Proportion(81, of: 263)!
        let interval = proportion.wilson()!
        line.numerator = 81
        line.denominator = 263
        line.counted = 263
        line.undecided = 2
        line.value = proportion.value! * 100
        line.low = interval.low * 100
        line.high = interval.high * 100
        line.verdict = .notMet
        line.score = 0
        line.sourceCheck = GovernanceReport.SourceCheck(
            drawn: 75,
            checked: 60,
            discrepant: 1,
            missing: 0,
            rate: 1.5,
            low: 0.25,
            high: 8.75
        )
        line.companions = [
            GovernanceReport.Companion(
                name: BilingualText("wait for acceptance, median", "等待接受时间，中位数"),
                unit: "min",
                value: 14,
                low: 12,
                high: 17
            )
        ]
    }
    static let tooFew = line("MC3", .tooFew) { line in
        line.numerator = 9
        line.denominator = 12
        line.counted = 12
        line.verdict = .notShown
        line.leastTotal = 35
    }
    static let notAssessable = line("SF1", .notAssessable) { $0.missing = [FactType.requesterOutcome.name] }
    static let control = line("GR1", .valid) { line in
        line.numerator = 410
        line.denominator = 412
        line.counted = 412
        line.value = 99.5
        line.verdict = .failures
        line.failures = 2
    }
    static let wait = line("SF4", .valid) { line in
        line.counted = 380
        line.value = 2.5
        line.low = -0.5
        line.high = 6
        line.verdict = .notShown
        line.score = 0.9
    }
    static let suppressed = line("AC1", .suppressed)

    /// A case that counts so much in a measure, by the first digit of its reference.
    static func subject(_ digit: Int, _ numerator: Int, of denominator: Int) -> GovernanceDrill.Case {
        let stratum = MeasureStratum(
            site: SiteID("PROVINCE-01")!,
            tier: .county,
            region: "360101",
            department: nil,
            priority: .stat
        )
        return GovernanceDrill.Case(
            AuditReference("\(digit)dd7f5c5b2a5e31c8f04")!,
            (MeasureTally.Key(.emergencies, stratum, CivilDay(2026, 8, 3)), .init(numerator, of: denominator))
        )
    }

    /// The last counts neither above nor below.
    static let subjects = [subject(1, 0, of: 1), subject(2, 1, of: 1), subject(3, 0, of: 0)]

    static let tables = [
        GovernanceReport.StratumTable(
            measure: "AC1",
            by: .tier,
            rows: [
                row("primary", BilingualText("primary", "基层"), Proportion(61, of: 201)),
                row("county", BilingualText("county", "县级"), Proportion(20, of: 62)),
            ]
        ),
        GovernanceReport.StratumTable(
            measure: "AC1",
            by: .priority,
            rows: [
                row("stat", BilingualText("stat", "急会诊"), Proportion(81, of: 255)),
                row("urgent", BilingualText("urgent", "较急"), Proportion(0, of: 8)),
            ]
        ),
    ]
    static let suppressedTables = [
        GovernanceReport.StratumTable(
            measure: "AC1",
            by: .region,
            rows: [
                row("420921", BilingualText("420921", "420921"), Proportion(21, of: 61)),
                row("420922", BilingualText("420922", "420922"), nil),
            ]
        )
    ]

    private static let performance = GovernanceReport.PerformancePage(
        dimensions: [
            GovernanceReport.DimensionScore(
                dimension: .accountability,
                score: GovernanceReport.Score(value: 0.375, missing: [])
            )
        ],
        efficiency: GovernanceReport.Score(value: 0.5, missing: []),
        fairness: GovernanceReport.Score(missing: ["SF1", "SF3"]),
        overall: GovernanceReport.Score(missing: ["SF1", "SF3"])
    )
    private static let profile = GovernanceReport.ProfilePage(
        standing: "audited",
        assessment: "01K9Z3V5M0ABCDEFGHJKMNPQRS",
        questionnaireVersion: "1",
        indicators: [],
        readings: GovernanceModel.standard.mappings.map { GovernanceReport.Reading(mapping: $0.id, means: []) },
        distances: [],
        nearest: [],
        dissents: []
    )

    // MARK: Assessment

    static let ratings: [Indicator: Assessment.Rating] = Dictionary(
        uniqueKeysWithValues: zip(Indicator.allCases, [2, 2, 3, 0, 3, 2, 2, 2])
            .map { indicator, value in
                let evidence: [Assessment.Evidence] =
                    indicator == .governmentRegulations
                    ? [.init(.register, "rule-pack:GZ-2026-1"), .init(.document, "sha-256:9f86d081884c7d65")]
                    : [.init(.event, "\(4_100 + value)")]
                let rating = Assessment.Rating(
                    indicator,
                    value,
                    halves: indicator == .ownerFunctions ? OwnerHalves(residualClaim: 2, decisionPower: 0) : nil,
                    value == 0 ? .low : .high,
                    evidence: evidence
                )
                return (indicator, rating)
            }
    )

    static let sheet = Assessment.Sheet(
        auditor: auditor("first"),
        arbitrates: false,
        ratings: ratings,
        signedAt: Instant(iso8601: "2026-10-12T09:30:00.000Z")
    )

    static let assessment = Assessment(
        id: TimeOrderedID("01K9Z3V5M0ABCDEFGHJKMNPQRS")!,
        version: 11,
        period: Assessment.Period(
            from: Instant(iso8601: "2026-07-01T00:00+08:00")!,
            to: Instant(iso8601: "2026-10-01T00:00+08:00")!
        ),
        questionnaireVersion: "1",
        modelVersion: "1",
        state: .rating,
        openedAt: Instant(iso8601: "2026-10-08T01:00:00.000Z")!,
        sheets: [sheet],
        disputed: []
    )

    static func response(_ sheet: Assessment.Sheet = sheet) -> [UInt8] {
        FHIRAdapter.questionnaireResponse(sheet, of: assessment, number: 1, network: "example", base: base)
    }
}
