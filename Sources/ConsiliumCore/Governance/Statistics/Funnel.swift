/// The control limits of a funnel plot of proportions around the network's own (Spiegelhalter 2005,
/// doi 10.1002/sim.1970; the practice of PHEindicatormethods).
///
/// The limits invert the score test, that is, the Wilson interval: a site lies outside exactly when its own Wilson
/// interval at that confidence leaves out the network's proportion, so picture and table never contradict each other.
package struct Funnel: Hashable, Sendable {
    /// Of all sites together, in 0...1.
    package let centre: Double

    /// nil when no site has an observation.
    package init?(_ sites: [Proportion]) {
        let all = Proportion(sites.reduce(0) { $0 + $1.count }, of: sites.reduce(0) { $0 + $1.total })
        guard let value = all?.value else { return nil }
        centre = value
    }

    /// For a site of that many observations; none for a site without any.
    package func limits(total: Int, _ confidence: Confidence) -> ConfidenceInterval? {
        guard total > 0 else { return nil }
        let half = confidence.z * (centre * (1 - centre) / Double(total)).squareRoot()
        return ConfidenceInterval(low: max(0, centre - half), high: min(1, centre + half))
    }
}
