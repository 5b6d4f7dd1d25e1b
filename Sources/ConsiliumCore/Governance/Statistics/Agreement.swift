/// How far raters agree beyond chance, over ordinal categories `0..<categories`.
///
/// None of these has a value without a unit that two raters rated, nor where every rating is the same: then there is
/// no disagreement that chance could have made.
package enum Agreement {
    package enum Weights: String, Sendable {
        /// Any difference counts the same.
        case unweighted
        /// A difference counts by its square.
        case quadratic
    }

    package enum Level: String, Sendable {
        case nominal
        case ordinal
    }

    /// The share of pairs that differ by at most `distance`: 0 is exact agreement, 1 agreement within one point.
    package static func within(_ distance: Int, _ pairs: [(Int, Int)]) -> Proportion? {
        Proportion(pairs.count { abs($0.0 - $0.1) <= distance }, of: pairs.count)
    }

    /// Cohen's kappa (Cohen 1960, doi 10.1177/001316446002000104; weighted 1968, doi 10.1037/h0026256) of two raters.
    ///
    /// nil also when a rating lies outside the categories.
    package static func cohenKappa(_ pairs: [(Int, Int)], categories: Int, _ weights: Weights) -> Double? {
        guard !pairs.isEmpty, pairs.allSatisfy({ (0..<categories).contains($0.0) && (0..<categories).contains($0.1) })
        else { return nil }
        var first = [Double](repeating: 0, count: categories)
        var second = first
        var observed = 0.0
        for (a, b) in pairs {
            first[a] += 1
            second[b] += 1
            observed += disagreement(a, b, weights)
        }
        let n = Double(pairs.count)
        var expected = 0.0
        for a in 0..<categories where first[a] > 0 {
            for b in 0..<categories { expected += first[a] * second[b] * disagreement(a, b, weights) }
        }
        expected /= n
        return expected == 0 ? nil : 1 - observed / expected
    }

    /// Krippendorff's alpha (Krippendorff 2004, Content Analysis, chapter 11) of two or more raters; each unit holds what
    /// each rater gave, nil where one gave nothing. A unit with fewer than two ratings is left out.
    ///
    /// nil also when a rating lies outside the categories.
    package static func krippendorffAlpha(_ units: [[Int?]], categories: Int, _ level: Level) -> Double? {
        var coincidences = [Double](repeating: 0, count: categories * categories)
        for unit in units {
            let ratings = unit.compactMap { $0 }
            guard ratings.allSatisfy((0..<categories).contains) else { return nil }
            guard ratings.count > 1 else { continue }
            for (i, a) in ratings.enumerated() {
                for (j, b) in ratings.enumerated() where i != j {
                    coincidences[a * categories + b] += 1 / Double(ratings.count - 1)
                }
            }
        }
        let totals = (0..<categories).map { c in coincidences[c * categories..<(c + 1) * categories].reduce(0, +) }
        let n = totals.reduce(0, +)
        var observed = 0.0
        var expected = 0.0
        for a in 0..<categories {
            for b in a + 1..<max(categories, a + 1) {
                let distance: Double
                switch level {
                case .nominal: distance = 1
                case .ordinal:
                    let between = totals[a...b].reduce(0, +) - (totals[a] + totals[b]) / 2
                    distance = between * between
                }
                observed += coincidences[a * categories + b] * distance
                expected += totals[a] * totals[b] * distance
            }
        }
        return expected == 0 ? nil : 1 - (n - 1) * observed / expected
    }

    private static func disagreement(_ a: Int, _ b: Int, _ weights: Weights) -> Double {
        switch weights {
        case .unweighted: a == b ? 0 : 1
        case .quadratic: Double((a - b) * (a - b))
        }
    }
}
