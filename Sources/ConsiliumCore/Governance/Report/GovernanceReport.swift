/// A scorecard with everything that stands behind it, as plain data: what a hub answers, what a client prints, and what an
/// auditor recomputes from a copy of the ledger to identical bytes. It carries no time of its own making.
///
/// A number that may not be shown is absent here already: whoever prints this can show no more than is in it.
package struct GovernanceReport: Hashable, Sendable, Codable {
    package var network: String
    package var period: Period
    package var modelVersion: String
    /// The model was adopted after the period had begun.
    package var isRetrospective: Bool
    /// The history came from a generator; every print says so.
    package var isGenerated: Bool
    package var snapshot: Snapshot
    /// Cells of 1 to 10 are hidden, with those that would give them away.
    package var isSuppressed: Bool
    /// Stand under every print.
    package var notices: [BilingualText]
    /// Every measure of the model, in its order.
    package var measures: [MeasureLine]
    package var performance: PerformancePage
    /// nil without any assessment of the period.
    package var profile: ProfilePage?
    package var triangle: TrianglePage
    package var sensitivity: SensitivityPage?
    package var tables: [StratumTable]
    package var funnels: [FunnelPlot]
    package var trends: [Trend]
    /// Finally resolved episodes by tier of origin and tier of resolution.
    package var flows: [TierFlow]

    package struct Period: Hashable, Sendable, Codable {
        package var label: String
        /// `YYYY-MM-DD`.
        package var from: String
        /// `YYYY-MM-DD`, the first day after.
        package var to: String
    }

    /// What the figures were computed over.
    package struct Snapshot: Hashable, Sendable, Codable {
        /// nil outside audited scope: their growth tells how many events came between two looks.
        package var records: Int?
        /// Of the exact counts behind the figures and of the register: SHA-256, hexadecimal.
        package var hash: String

        package init(records: Int?, hash: String) {
            self.records = records
            self.hash = hash
        }
    }

    package struct MeasureLine: Hashable, Sendable, Codable {
        package var id: String
        package var version: Int
        package var title: BilingualText
        package var kind: Measure.Kind
        package var form: Measure.Form
        package var dimensions: [GovernanceDimension]
        package var indicator: Indicator?
        package var scoredIn: GovernanceDimension?
        package var numeratorText: BilingualText
        package var denominatorText: BilingualText
        package var exclusions: [BilingualText]
        package var unit: Measure.Unit
        package var direction: Measure.Direction?
        package var target: Double?
        package var floor: Double?
        /// Months that it is counted over where these are not the report's: `2025-10..2026-09`.
        package var window: String?
        package var minimum: Int
        package var intervalMethod: Measure.IntervalMethod
        package var standing: Standing
        /// Of proportions; nil where suppressed.
        package var numerator: Int?
        package var denominator: Int?
        /// The number that the minimum is compared with; nil where suppressed.
        package var counted: Int?
        /// Of the denominator, those still open; nil where nothing can be, and where so few may not be shown.
        package var undecided: Int?
        /// In the unit.
        package var value: Double?
        package var low: Double?
        package var high: Double?
        package var verdict: Verdict?
        /// How many observations could show whether the target is met, where the verdict is "not shown".
        package var leastTotal: Int?
        package var failures: Int?
        /// 0...1.
        package var score: Double?
        /// Rests on a site's yearly return.
        package var isDeclared: Bool
        /// What is missing, where it is not assessable.
        package var missing: [BilingualText]
        /// How a sample of its source was checked; nil: not source-verified.
        package var sourceCheck: SourceCheck?
        /// What must stand beside it, in order.
        package var companions: [Companion]
    }

    package enum Standing: String, CaseIterable, Hashable, Sendable, Codable {
        case valid
        case tooFew = "too-few"
        case notAssessable = "not-assessable"
        case nothingObserved = "nothing-observed"
        case suppressed
    }

    package enum Verdict: String, CaseIterable, Hashable, Sendable, Codable {
        case met
        case notMet = "not-met"
        case notShown = "not-shown"
        case failures
    }

    /// Confirmed against source, discrepant or missing; the rate counts both of the latter. Without numbers where these
    /// may not be shown.
    package struct SourceCheck: Hashable, Sendable, Codable {
        /// How many cases the samples drew; which of them are checked first is the auditor's choice.
        package var drawn: Int?
        package var checked: Int?
        /// Of those drawn, the ones still to be checked for the measure.
        package var open: Int?
        package var discrepant: Int?
        package var missing: Int?
        /// In percent, Wilson's interval.
        package var rate: Double?
        package var low: Double?
        package var high: Double?

        /// - Parameters:
        ///   - rate: of those checked, not confirmed, in percent.
        package init(
            drawn: Int,
            checked: Int,
            discrepant: Int,
            missing: Int,
            rate: Double,
            low: Double,
            high: Double
        ) {
            self.drawn = drawn
            self.checked = checked
            self.open = drawn - checked
            self.discrepant = discrepant
            self.missing = missing
            self.rate = rate
            self.low = low
            self.high = high
        }

        /// Whose numbers may not be shown.
        package init() {}
    }

    package struct Companion: Hashable, Sendable, Codable {
        package var name: BilingualText
        /// `%`, `1`, `d`, `h` or `min`.
        package var unit: String
        /// How many observations are behind it, where the measure's own counts do not say so.
        package var counted: Int?
        package var value: Double?
        package var low: Double?
        package var high: Double?
    }

    package struct PerformancePage: Hashable, Sendable, Codable {
        package var dimensions: [DimensionScore]
        package var efficiency: Score
        package var fairness: Score
        package var overall: Score
    }

    package struct DimensionScore: Hashable, Sendable, Codable {
        package var dimension: GovernanceDimension
        package var score: Score
    }

    /// 0...1, or the measures that are missing.
    package struct Score: Hashable, Sendable, Codable {
        package var value: Double?
        package var missing: [String]
    }

    package struct ProfilePage: Hashable, Sendable, Codable {
        /// `audited` or `self-declared`; the latter is compared with nothing.
        package var standing: String
        package var assessment: String
        /// Of the questionnaire that the ratings answer.
        package var questionnaireVersion: String
        /// The eight indicators in the study's order.
        package var indicators: [IndicatorRating]
        package var readings: [Reading]
        package var distances: [ModeDistance]
        /// One mode, or several that cannot be told apart.
        package var nearest: [String]
        package var agreement: Agreement?
        package var dissents: [Dissent]
    }

    package struct IndicatorRating: Hashable, Sendable, Codable {
        package var indicator: Indicator
        /// 0-4.
        package var point: Double
        package var low: Double
        package var high: Double
        /// What it rests on, in the order of the sheets.
        package var ratings: [ItemRating]
        /// How the four modes are coded, and by which words; empty where nothing is compared.
        package var codings: [ModeCoding]
    }

    /// One item on one sheet.
    package struct ItemRating: Hashable, Sendable, Codable {
        /// From 1, in the order of the first ratings; who that is stands in the ledger. nil: the network's own word.
        package var auditor: Int?
        /// By the further auditor, of an item on which the others were two points apart.
        package var arbitrates: Bool
        /// 0-4.
        package var value: Int
        /// Of owner functions: the residual claim, and the power to appoint and decide.
        package var halves: OwnerHalves?
        package var confidence: Assessment.Confidence
        /// Outside audited scope without events, among which are those of cases.
        package var evidence: [Assessment.Evidence]
    }

    /// One indicator of one reference mode.
    package struct ModeCoding: Hashable, Sendable, Codable {
        package var mode: String
        package var name: BilingualText
        package var point: Int
        package var low: Int
        package var high: Int
        /// The words of the study that justify it, as printed there.
        package var phrase: String
    }

    package struct Reading: Hashable, Sendable, Codable {
        package var mapping: String
        package var means: [DimensionMean]
        package var coherenceGap: Double?
    }

    package struct DimensionMean: Hashable, Sendable, Codable {
        package var dimension: GovernanceDimension
        /// 0-4.
        package var mean: Double?
        /// By how much it is more than under the default mapping; nil in the reading of that one.
        package var difference: Double?
        /// The four reference modes' means under the same mapping, by mode; empty for a position that is compared with none.
        package var modes: [String: Double]
    }

    package struct ModeDistance: Hashable, Sendable, Codable {
        package var mode: String
        package var name: BilingualText
        package var point: Double
        package var low: Double
        package var high: Double
    }

    package struct Agreement: Hashable, Sendable, Codable {
        package var items: Int
        package var exact: Int
        package var withinOne: Int
        /// Cohen's, unweighted, of the first two auditors of each assessment. Over at least 50 pooled items only, as is
        /// alpha; each with its bootstrap interval over assessments.
        package var kappa: Double?
        package var kappaLow: Double?
        package var kappaHigh: Double?
        /// The same with quadratic weights: a disagreement by two points counts four times one by one.
        package var weightedKappa: Double?
        package var weightedKappaLow: Double?
        package var weightedKappaHigh: Double?
        /// Krippendorff's, ordinal, of all auditors.
        package var alpha: Double?
        package var alphaLow: Double?
        package var alphaHigh: Double?
    }

    package struct Dissent: Hashable, Sendable, Codable {
        package var indicator: Indicator
        package var value: Int
        package var consensus: Double
    }

    package struct TrianglePage: Hashable, Sendable, Codable {
        package var index: Double?
        package var low: Double?
        package var high: Double?
        package var band: String?
        package var seed: UInt64
        package var replicates: Int
        package var episodes: Int?
        /// nil where so few may not be shown.
        package var originSites: Int?
        /// Finally resolved, four classes, lowest tier first; empty without an episode.
        package var shares: [Double]
        /// The same by the five tiers.
        package var sharesByTier: [Double]
        /// Whether no tier resolves more than the one below it; nil without an episode, and where the shares are hidden.
        package var isMonotone: Bool?
        package var shape: Double?
        /// L, S, D and U.
        package var components: [TriangleComponent]
        package var markingRate: Companion
        /// Why the index or its band is withheld.
        package var obstacles: [BilingualText]
        package var notices: [BilingualText]
    }

    package struct TriangleComponent: Hashable, Sendable, Codable {
        package var id: String
        package var name: BilingualText
        package var numerator: Int?
        package var denominator: Int?
        /// 0...1, Wilson's interval.
        package var value: Double?
        package var low: Double?
        package var high: Double?
        /// The same by the blind second rating of a sample.
        package var second: Double?
    }

    package struct SensitivityPage: Hashable, Sendable, Codable {
        package var seed: UInt64
        package var replicates: Int
        package var spreads: [SensitivitySpread]
        /// The modes that are the nearest when one indicator is left out, in the study's order; empty without an audited
        /// position.
        package var nearestWithout: [NearestWithout]
        /// Of scored measures, pairs with a value of both in at least ten months of the trends.
        package var correlations: [MeasureCorrelation]
        package var notices: [BilingualText]
    }

    package struct NearestWithout: Hashable, Sendable, Codable {
        package var indicator: Indicator
        package var modes: [String]
        package var names: [BilingualText]
    }

    /// Spearman's rank correlation of two measures over months.
    package struct MeasureCorrelation: Hashable, Sendable, Codable {
        package var first: String
        package var second: String
        package var months: Int
        package var value: Double
    }

    /// As published, and where nine tenths of the replicates lie.
    package struct SensitivitySpread: Hashable, Sendable, Codable {
        /// What is varied: `weights` (with either mean), `aggregation`, `leave-one-out`, `mapping` or `coding`.
        package var analysis: String
        package var name: BilingualText
        package var published: Double?
        package var low: Double?
        package var high: Double?
    }

    package struct StratumTable: Hashable, Sendable, Codable {
        package var measure: String
        /// What stands beside the measure and is counted here, e.g. `AC2-paused`, in percent; nil: the measure itself.
        package var figure: String?
        package var figureName: BilingualText?
        /// Outside audited scope tiers alone.
        package var by: MeasureStratifier
        package var rows: [StratumRow]
    }

    package struct StratumRow: Hashable, Sendable, Codable {
        package var code: String
        package var name: BilingualText
        package var numerator: Int?
        package var denominator: Int?
        package var value: Double?
        package var low: Double?
        package var high: Double?
        package var isSuppressed: Bool
    }

    package struct FunnelPlot: Hashable, Sendable, Codable {
        package var measure: String
        /// 0...1.
        package var centre: Double
        package var points: [FunnelPoint]
        package var limits: [FunnelLimit]
    }

    package struct FunnelPoint: Hashable, Sendable, Codable {
        package var site: String
        package var total: Int
        package var value: Double
        package var isOutside95: Bool
        package var isOutside998: Bool
    }

    /// At so many observations, in 0...1.
    package struct FunnelLimit: Hashable, Sendable, Codable {
        package var total: Int
        package var low95: Double
        package var high95: Double
        package var low998: Double
        package var high998: Double
    }

    package struct Trend: Hashable, Sendable, Codable {
        package var measure: String
        package var points: [TrendPoint]
    }

    package struct TrendPoint: Hashable, Sendable, Codable {
        /// `2026-09`.
        package var period: String
        package var numerator: Int?
        package var denominator: Int?
        package var value: Double?
        package var low: Double?
        package var high: Double?
    }

    package struct TierFlow: Hashable, Sendable, Codable {
        package var origin: Tier
        package var final: Tier
        /// nil where suppressed.
        package var episodes: Int?
    }
}
