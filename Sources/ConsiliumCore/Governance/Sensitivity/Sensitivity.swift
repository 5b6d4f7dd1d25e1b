/// How far results depend on choices that could have been made otherwise (OECD and JRC 2008, Handbook on Constructing
/// Composite Indicators, step 7; doi 10.1787/9789264043466-en).
///
/// Every draw comes from `seed` in a fixed order, so that a rerun gives the same bytes.
package struct Sensitivity: Hashable, Sendable {
    /// Ranks, and normalisations that compare, are omitted below so many networks or periods.
    package static let leastUnits = 10

    package var seed: UInt64
    package var replicates: Int
    /// Weights are drawn evenly from 1 less this to 1 and this.
    package var weightSpread: Double

    package init(seed: UInt64, replicates: Int = 1_000, weightSpread: Double = 0.25) {
        self.seed = seed
        self.replicates = replicates
        self.weightSpread = weightSpread
    }

    /// A result as published, and where nine tenths of the replicates lie.
    package struct Spread: Hashable, Sendable {
        package var published: Double
        /// The 5 % and 95 % quantiles, type 7.
        package var low: Double
        package var high: Double

        /// nil without a replicate.
        init?(published: Double, _ values: [Double]) {
            guard !values.isEmpty else { return nil }
            let sorted = values.sorted()
            self.published = published
            low = Bootstrap.quantile(0.05, ofSorted: sorted)
            high = Bootstrap.quantile(0.95, ofSorted: sorted)
        }
    }

    /// Ranks from 1, the highest value first, equal values sharing the smaller; nil below ten.
    package static func ranks(_ values: [Double]) -> [Int]? {
        guard values.count >= leastUnits else { return nil }
        return values.map { value in 1 + values.count { $0 > value } }
    }
}

/// How a measure's values become 0...1.
package enum Normalisation: String, CaseIterable, Sendable {
    /// Between the goalposts: as published, and the only one for fewer than ten networks or periods.
    case goalposts
    /// Half, and a sixth of the standard score among the units, so that three deviations reach an end.
    case standardScore = "z"
    /// The rank among the units, equal ones sharing the mean.
    case rank

    /// `values` of one measure by unit, nil where there is none; the result in the same order.
    package func scores(_ values: [Double?], of measure: Measure) -> [Double?] {
        let known = values.compactMap { $0 }
        let isUp = measure.direction != .decrease
        switch self {
        case .goalposts: return values.map { value in value.flatMap { measure.goalposts?.score($0) } }
        case .standardScore:
            let mean = known.reduce(0, +) / Double(max(known.count, 1))
            let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = (squares / Double(max(known.count - 1, 1))).squareRoot()
            return values.map { value in
                guard let value else { return nil }
                guard deviation > 0 else { return 0.5 }
                return min(1, max(0, 0.5 + (isUp ? value - mean : mean - value) / deviation / 6))
            }
        case .rank:
            return values.map { value in
                guard let value else { return nil }
                guard known.count > 1 else { return 0.5 }
                let worse = known.count { isUp ? $0 < value : $0 > value }
                let equal = known.count { $0 == value } - 1
                return (Double(worse) + Double(equal) / 2) / Double(known.count - 1)
            }
        }
    }
}
