/// A median, or another quantile, of what was observed, with the interval that order statistics give without any
/// assumption on the distribution (Conover 1999, Practical Nonparametric Statistics, section 3.2).
///
/// The value interpolates linearly between neighbours (Hyndman and Fan 1996, type 7: `quantile_cont` of SQL, the default
/// of R and numpy). The interval runs from the observation of the largest rank r with P(B < r) ≤ α/2 to that of the
/// smallest rank s with P(B ≥ s) ≤ α/2, for B binomial(n, q): exact, hence at least as sure as it says.
package struct QuantileEstimate: Hashable, Sendable {
    /// In 0...1, e.g. 0.5.
    package let quantile: Double
    package let count: Int
    package let value: Double
    /// None where so few observations cannot give one: fewer than 6 for a median at 95 %, 36 for the ninth decile.
    package let interval: ConfidenceInterval?

    /// nil without an observation, or for a quantile that is not strictly between 0 and 1.
    ///
    /// `observation` gives the value at a rank, 1 being the smallest, so that a table of counts serves as well as a list.
    package init?(
        _ quantile: Double,
        of count: Int,
        _ confidence: Confidence = .ninetyFive,
        observation: (Int) -> Double
    ) {
        guard count > 0, let binomial = Binomial(trials: count, probability: quantile) else { return nil }
        self.quantile = quantile
        self.count = count
        let position = Double(count - 1) * quantile
        let below = Int(position)
        let lower = observation(below + 1)
        let fraction = position - Double(below)
        value = fraction == 0 ? lower : lower + fraction * (observation(below + 2) - lower)
        let low = binomial.lowerRank(tail: confidence.alpha / 2)
        let high = binomial.upperRank(tail: confidence.alpha / 2)
        interval =
            low >= 1 && high <= count
            ? ConfidenceInterval(low: observation(low), high: observation(high))
            : nil
    }

    /// Of values by how often each came, among `total` that may have one each: who has none yet comes after anybody who has
    /// one, so that silence cannot shorten a median.
    ///
    /// nil also where the quantile falls among those without a value; where only the interval reaches them, its upper end is
    /// infinite. nil as well for what no table of counts holds: a value that came no time, more values than `total`.
    package init?(_ quantile: Double, ofCounted histogram: [Int: Int], among total: Int) {
        var ends: [(rank: Int, value: Int)] = []
        for (value, count) in histogram.sorted(by: { $0.key < $1.key }) {
            guard count > 0 else { return nil }
            ends.append(((ends.last?.rank ?? 0) + count, value))
        }
        guard ends.last?.rank ?? 0 <= total else { return nil }
        self.init(quantile, of: total) { rank in
            ends.first { $0.rank >= rank }.map { Double($0.value) } ?? .infinity
        }
        guard value.isFinite else { return nil }
    }

    /// Of values that come in ascending order.
    package init?(_ quantile: Double, ofSorted values: [Double], _ confidence: Confidence = .ninetyFive) {
        self.init(quantile, of: values.count, confidence) { values[$0 - 1] }
    }
}
