/// The appropriate tiers of a random sample, rated again, blind, by clinicians of uninvolved sites.
package struct SecondRating: Hashable, Sendable {
    /// One kind of finding over the sampled episodes, by either rating.
    package struct Comparison: Hashable, Sendable {
        package var first: Proportion
        package var second: Proportion

        package init(first: Proportion, second: Proportion) {
            self.first = first
            self.second = second
        }

        /// Whether the first ratings' share lies outside the second's Wilson interval. Nothing rated twice agrees with
        /// anything.
        package var differs: Bool {
            guard let first = first.value, let interval = second.wilson() else { return false }
            return !interval.contains(first)
        }
    }

    /// So many of a quarter's episodes are rated again at least.
    package static let least = 60

    package var sampled: Int
    package var siphon: Comparison
    package var undertreatment: Comparison

    package init(sampled: Int, siphon: Comparison, undertreatment: Comparison) {
        self.sampled = sampled
        self.siphon = siphon
        self.undertreatment = undertreatment
    }
}
