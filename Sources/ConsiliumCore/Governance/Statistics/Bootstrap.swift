/// The percentile bootstrap over clusters (Efron and Tibshirani 1993, chapter 13; Davison and Hinkley 1997, section 3.8):
/// whole sites are drawn with replacement, because the cases of one site resemble each other.
///
/// The seed is stored beside the result, so that a rerun gives the same interval.
package struct Bootstrap: Hashable, Sendable {
    package var seed: UInt64
    package var replicates: Int
    package var confidence: Confidence

    package init(seed: UInt64, replicates: Int = 2_000, _ confidence: Confidence = .ninetyFive) {
        self.seed = seed
        self.replicates = replicates
        self.confidence = confidence
    }

    package struct Estimate: Hashable, Sendable {
        /// Of what was observed; none when it has no value.
        package var value: Double?
        /// None with fewer than two clusters, or when more than one replicate in twenty has no value.
        package var interval: ConfidenceInterval?
        package var clusters: Int
        /// Replicates without a value, left out of the interval.
        package var undefined: Int
    }

    /// `statistic` of `clusters` and of their resamples; nil where it has no value.
    ///
    /// A replicate draws as many clusters as there are, in order, by `SplitMix64.index(below:)`; the ends are type 7
    /// quantiles of the replicates.
    package func estimate<Cluster>(_ clusters: [Cluster], _ statistic: ([Cluster]) -> Double?) -> Estimate {
        var estimate = Estimate(value: statistic(clusters), interval: nil, clusters: clusters.count, undefined: 0)
        guard clusters.count > 1, replicates > 0, estimate.value != nil else { return estimate }
        var random = SplitMix64(seed: seed)
        var sample = clusters
        var values: [Double] = []
        values.reserveCapacity(replicates)
        for _ in 0..<replicates {
            for index in sample.indices { sample[index] = clusters[random.index(below: clusters.count)] }
            if let value = statistic(sample) { values.append(value) }
        }
        estimate.undefined = replicates - values.count
        guard estimate.undefined * 20 <= replicates else { return estimate }
        values.sort()
        estimate.interval = ConfidenceInterval(
            low: Self.quantile(confidence.alpha / 2, ofSorted: values),
            high: Self.quantile(1 - confidence.alpha / 2, ofSorted: values)
        )
        return estimate
    }

    /// Type 7 of Hyndman and Fan 1996; `values` is ascending and not empty.
    static func quantile(_ quantile: Double, ofSorted values: [Double]) -> Double {
        let position = Double(values.count - 1) * quantile
        let below = Int(position)
        guard below + 1 < values.count else { return values[values.count - 1] }
        return values[below] + (position - Double(below)) * (values[below + 1] - values[below])
    }
}
