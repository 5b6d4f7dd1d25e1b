/// The binomial distribution of `trials` at `probability`, as far as a double can tell it from zero.
///
/// Weights are built outwards from the mode by the ratio of neighbours and then divided by their sum: no logarithm of a
/// factorial, so no C library takes part and the result is the same everywhere. Takes time in the square root of `trials`.
package struct Binomial: Sendable {
    package let trials: Int
    package let probability: Double
    /// The number of successes that `weights` begins with.
    private let first: Int
    private let weights: [Double]

    /// nil unless `trials` is 0 or more and `probability` lies strictly between 0 and 1.
    package init?(trials: Int, probability: Double) {
        guard trials >= 0, probability > 0, probability < 1 else { return nil }
        self.trials = trials
        self.probability = probability
        let negligible = 1e-30
        let odds = probability / (1 - probability)
        let mode = min(trials, Int(Double(trials + 1) * probability))
        var below: [Double] = []
        var weight = 1.0
        var successes = mode
        while successes > 0 {
            weight *= Double(successes) / (Double(trials - successes + 1) * odds)
            if weight < negligible { break }
            below.append(weight)
            successes -= 1
        }
        var above: [Double] = []
        weight = 1
        successes = mode
        while successes < trials {
            weight *= Double(trials - successes) / Double(successes + 1) * odds
            if weight < negligible { break }
            above.append(weight)
            successes += 1
        }
        first = mode - below.count
        // Small ones first, so that the sum keeps their digits.
        let sum = below.reversed().reduce(0, +) + above.reversed().reduce(0, +) + 1
        weights = (below.reversed() + [1] + above).map { $0 / sum }
    }

    /// P(B = `successes`).
    package func probability(of successes: Int) -> Double {
        weights.indices.contains(successes - first) ? weights[successes - first] : 0
    }

    /// P(B ≤ `successes`).
    package func cumulative(_ successes: Int) -> Double {
        let count = successes - first + 1
        if count <= 0 { return 0 }
        return count >= weights.count ? 1 : weights[..<count].reduce(0, +)
    }

    /// The largest number of successes with P(B < it) of at most `tail`; 0 when there is none above.
    package func lowerRank(tail: Double) -> Int {
        var sum = 0.0
        for (offset, weight) in weights.enumerated() {
            sum += weight
            if sum > tail { return first + offset }
        }
        return trials
    }

    /// The smallest number of successes with P(B ≥ it) of at most `tail`; `trials + 1` when there is none below.
    package func upperRank(tail: Double) -> Int {
        var sum = 0.0
        for (offset, weight) in weights.enumerated().reversed() {
            sum += weight
            if sum > tail { return first + offset + 1 }
        }
        return 0
    }
}
