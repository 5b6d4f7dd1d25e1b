/// How two measures go together over networks or periods.
package enum Correlation {
    /// Spearman's rank correlation (Spearman 1904), equal values sharing the mean of their ranks.
    ///
    /// nil below ten pairs, as ranks are, when one side does not vary, or when there are not as many of both.
    package static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
        guard a.count == b.count, a.count >= Sensitivity.leastUnits else { return nil }
        let (first, second) = (ranks(a), ranks(b))
        let middle = Double(a.count + 1) / 2
        var products = 0.0
        var squares = (0.0, 0.0)
        for (x, y) in zip(first, second) {
            products += (x - middle) * (y - middle)
            squares.0 += (x - middle) * (x - middle)
            squares.1 += (y - middle) * (y - middle)
        }
        guard squares.0 > 0, squares.1 > 0 else { return nil }
        return products / (squares.0 * squares.1).squareRoot()
    }

    private static func ranks(_ values: [Double]) -> [Double] {
        values.map { value in
            Double(values.count { $0 < value }) + Double(values.count { $0 == value } + 1) / 2
        }
    }
}
