/// The four factors of the triangle index and how they are put together.
///
/// An index of this project: Yang, Yang and Liao 2020 (doi 10.5334/ijic.5417) describe the inverted and the positive
/// triangle and give no formula.
package struct TriangleFactors: Hashable, Sendable {
    /// 1 − (2/3) Σ t·s_t over the four classes: 1 when all is resolved at the base, −1 when all is at the top.
    package var shape: Double
    /// L, the share resolved locally.
    package var localResolution: Double
    /// S, the share siphoned.
    package var siphon: Double
    /// D, the share referred down.
    package var downReferral: Double

    package init(shape: Double, localResolution: Double, siphon: Double, downReferral: Double) {
        self.shape = shape
        self.localResolution = localResolution
        self.siphon = siphon
        self.downReferral = downReferral
    }

    /// From shares of the four classes, which add up to 1.
    package init(shares: [Double], localResolution: Double, siphon: Double, downReferral: Double) {
        self.init(
            shape: Self.shape(shares),
            localResolution: localResolution,
            siphon: siphon,
            downReferral: downReferral
        )
    }

    /// nil when one of the four has nothing to count.
    package init?(_ counts: TriangleCounts) {
        let episodes = counts.episodes
        guard episodes > 0, let local = Proportion(counts.resolvedLocally, of: counts.closedFromBelow)?.value,
            let siphon = Proportion(counts.siphoned, of: counts.siphonable)?.value,
            let down = Proportion(counts.receivedBelow, of: counts.dischargedAlive)?.value
        else { return nil }
        self.init(
            shares: counts.classes.map { Double($0) / Double(episodes) },
            localResolution: local,
            siphon: siphon,
            downReferral: down
        )
    }

    static func shape(_ shares: [Double]) -> Double {
        1 - 2 * shares.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / 3
    }

    /// Each in 0.01...1: P, L, 1 − S and D. The floor keeps one zero from hiding the other three.
    package var parts: [Double] {
        [(shape + 1) / 2, localResolution, 1 - siphon, downReferral].map { max(0.01, $0) }
    }

    /// The index, 1 to 100: the geometric mean of the four.
    package var index: Double { 100 * parts.reduce(1, *).squareRoot().squareRoot() }

    /// With the arithmetic mean instead, for the sensitivity analysis.
    package var arithmeticIndex: Double { 100 * parts.reduce(0, +) / 4 }
}
