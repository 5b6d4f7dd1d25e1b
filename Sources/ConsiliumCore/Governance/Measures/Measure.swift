/// The definition of one operational measure: a row of DOMAIN.md section 3, or one that a network adds by the same form.
///
/// A measure is this project's own; none is a Preker-Harding score.
package struct Measure: Hashable, Sendable, Codable {
    package enum Kind: String, CaseIterable, Sendable, Codable {
        /// Where the network stands; no target, compared to the reference modes.
        case autonomy = "A"
        /// How well it does; scored when it has a dimension.
        case performance = "F"
        /// Holds by construction where this software's gates stand: failures of N with the exceptions, never scored.
        case control = "C"
        /// Quality of the exchange: a page of its own, never scored.
        case exchange = "X"
    }

    package enum Form: String, CaseIterable, Sendable, Codable {
        case proportion
        /// A sum divided by a sum, e.g. money kept by money in all.
        case ratioOfSums = "ratio-of-sums"
        /// Events per population in one group by the same in another.
        case rateRatio = "rate-ratio"
        /// A group's share of the cases by its share of the population, which is known exactly.
        case shareRatio = "share-ratio"
        case median
        case medianDifference = "median-difference"
        /// The share of the largest tenth.
        case topDecileShare = "top-decile-share"
        /// Herfindahl-Hirschman, per department, averaged by volume.
        case concentration
    }

    package enum Unit: String, CaseIterable, Sendable, Codable {
        case percent = "%"
        /// A plain number.
        case one = "1"
        case days = "d"
        case hours = "h"
    }

    package enum Direction: String, CaseIterable, Sendable, Codable {
        case increase
        case decrease
    }

    package enum IntervalMethod: String, CaseIterable, Sendable, Codable {
        case wilson
        case orderStatistic = "order-statistic"
        case logNormal = "log-normal"
        /// Over sites, 2,000 replicates, stored seed.
        case bootstrap
        /// Everything is counted and no process stands behind it: no interval.
        case census
    }

    /// What the smallest allowed number is a number of.
    package enum Counted: String, CaseIterable, Sendable, Codable {
        /// The denominator, or the observations.
        case denominator
        case experts
        /// In each of the two groups that are compared.
        case eventsInEachGroup = "events-in-each-group"
    }

    package enum Period: String, CaseIterable, Sendable, Codable {
        case monthOrQuarter = "month-or-quarter"
        case twelveMonths = "twelve-months"
    }

    /// Where scoring begins and where it is complete, in the measure's unit.
    package struct Goalposts: Hashable, Sendable, Codable {
        package var floor: Double
        package var target: Double

        package init(_ floor: Double, _ target: Double) {
            self.floor = floor
            self.target = target
        }

        /// 0 at the floor or worse, 1 at the target or better, straight between.
        package func score(_ value: Double) -> Double { min(1, max(0, (value - floor) / (target - floor))) }
    }

    package var id: String
    package var version: Int
    package var title: BilingualText
    package var kind: Kind
    /// As the table prints them; a scored measure counts in `scoredIn` alone.
    package var dimensions: [GovernanceDimension]
    /// nil where the measure belongs to a dimension and no single indicator.
    package var indicator: Indicator?
    package var scoredIn: GovernanceDimension?
    package var form: Form
    package var numerator: BilingualText
    package var denominator: BilingualText
    package var exclusions: [BilingualText]
    package var unit: Unit
    package var direction: Direction?
    package var target: Double?
    package var goalposts: Goalposts?
    package var minimum: Int
    package var counted: Counted
    package var interval: IntervalMethod
    package var period: Period
    package var needs: [FactType]
    /// Printed per site too, never combined into a site's score.
    package var hasSiteTable: Bool
    /// What is counted, of `sources(of:)`; nil: what the identifier names. A network's own measure, with an identifier,
    /// target and goalposts of its own, names it.
    package var figure: String? = nil

    /// The name of what is counted.
    package var source: String { figure ?? id }

    /// What is counted of cases and of the network's events; nil where the figure rests on registers.
    package var counts: MeasureFigure? { MeasureFigure(rawValue: source) }

    /// What a measure of that form can be computed from.
    package static func sources(of form: Form) -> [String] {
        switch form {
        case .proportion:
            MeasureFigure.allCases.filter(\.isShare).map(\.rawValue)
                + ["OC1", "OC2", "IDR1", "IDR2", "GR2", "GR4", "IE1", "IE2"]
        case .ratioOfSums: ["OF3"]
        case .rateRatio: ["SF2"]
        case .shareRatio: ["SF5"]
        case .median: ["IDR3"]
        case .medianDifference: ["SF4"]
        case .topDecileShare: ["PMR3"]
        case .concentration: ["MC2"]
        }
    }

    /// Whether a figure rests on a site's yearly return.
    package var isDeclared: Bool { needs.contains { $0.origin == .siteReturn } }
}
