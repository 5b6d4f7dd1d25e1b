/// Some of all, as exact counts.
package struct Proportion: Hashable, Sendable {
    package let count: Int
    package let total: Int

    /// nil for counts that cannot be: negative, or more than all.
    package init?(_ count: Int, of total: Int) {
        guard total >= 0, (0...total).contains(count) else { return nil }
        self.count = count
        self.total = total
    }

    /// In 0...1; nothing observed is no value, never 0.
    package var value: Double? { total == 0 ? nil : Double(count) / Double(total) }

    /// The Wilson score interval without continuity correction (Wilson 1927, doi 10.1080/01621459.1927.10502953);
    /// none when nothing was observed.
    package func wilson(_ confidence: Confidence = .ninetyFive) -> ConfidenceInterval? {
        guard let p = value else { return nil }
        let n = Double(total)
        let z = confidence.z
        let scale = 1 + z * z / n
        let centre = (p + z * z / (2 * n)) / scale
        let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / scale
        return ConfidenceInterval(
            low: count == 0 ? 0 : max(0, centre - half),
            high: count == total ? 1 : min(1, centre + half)
        )
    }

    /// The smallest number of observations whose Wilson interval can lie wholly beyond `target` (in 0...1): with every
    /// one a success where higher is better, with none where lower is better. None for a target that no number can show.
    package static func leastTotal(
        toShow target: Double,
        higherIsBetter: Bool,
        _ confidence: Confidence = .ninetyFive
    ) -> Int? {
        let hard = higherIsBetter ? target : 1 - target
        guard hard > 0, hard < 1 else { return nil }
        // With n of n the lower end is n / (n + z²).
        let bound = hard / (1 - hard) * confidence.z * confidence.z
        return Int(bound.rounded(.down)) + 1
    }
}
