/// Where a network or a reference mode stands on the eight indicators, 0-4 each, with the range that another reader of
/// the same evidence might have given. Not a merit: higher is not better.
package struct AutonomyPosition: Hashable, Sendable {
    package struct Rating: Hashable, Sendable {
        package var point: Double
        package var low: Double
        package var high: Double

        package init(_ point: Double, low: Double? = nil, high: Double? = nil) {
            self.point = point
            self.low = low ?? point
            self.high = high ?? point
        }
    }

    /// An indicator without a rating is absent: nothing is imputed.
    package var ratings: [Indicator: Rating]

    package init(_ ratings: [Indicator: Rating]) { self.ratings = ratings }

    /// Point ratings in the study's order, OC to IE; nil unless there are eight on the scale.
    package init?(points: [Double]) {
        guard points.count == Indicator.allCases.count,
            points.allSatisfy({
                (Double(Questionnaire.scale.lowerBound)...Double(Questionnaire.scale.upperBound)).contains($0)
            })
        else { return nil }
        ratings = Dictionary(uniqueKeysWithValues: zip(Indicator.allCases, points.map { Rating($0) }))
    }

    package init(_ mode: ReferenceMode) {
        ratings = mode.codings.mapValues { Rating(Double($0.point), low: Double($0.low), high: Double($0.high)) }
    }

    /// The mean of a dimension's indicators; nil when one of them has no rating.
    package func mean(_ dimension: GovernanceDimension, under mapping: IndicatorMapping) -> Double? {
        let indicators = mapping.indicators[dimension] ?? []
        let points = indicators.compactMap { ratings[$0]?.point }
        guard !points.isEmpty, points.count == indicators.count else { return nil }
        return points.reduce(0, +) / Double(points.count)
    }

    /// All five means; nil when one has no value.
    package func means(under mapping: IndicatorMapping) -> [GovernanceDimension: Double]? {
        let pairs = GovernanceDimension.allCases.compactMap { dimension in
            mean(dimension, under: mapping).map { (dimension, $0) }
        }
        guard pairs.count == GovernanceDimension.allCases.count else { return nil }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The largest of the five means less the smallest: rows that do not fit together, such as a large residual claim
    /// with weak accountability, are the classic failure (Preker and Harding 2003).
    package func coherenceGap(under mapping: IndicatorMapping) -> Double? {
        guard let means = means(under: mapping)?.values, let most = means.max(), let least = means.min() else {
            return nil
        }
        return most - least
    }

    /// The city-block distance over the eight indicators, with the least and the most that it can be within both ranges;
    /// nil when either lacks a rating. The sensitivity analysis leaves one indicator out.
    package func distance(to other: AutonomyPosition, without leftOut: Indicator? = nil) -> ModeDistance.Range? {
        var range = ModeDistance.Range(point: 0, low: 0, high: 0)
        for indicator in Indicator.allCases where indicator != leftOut {
            guard let own = ratings[indicator], let its = other.ratings[indicator] else { return nil }
            range.point += abs(own.point - its.point)
            range.low += max(0, own.low - its.high, its.low - own.high)
            range.high += max(own.high - its.low, its.high - own.low)
        }
        return range
    }
}
