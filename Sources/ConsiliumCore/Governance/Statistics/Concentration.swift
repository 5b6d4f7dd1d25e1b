/// How unevenly a whole is shared out. No value when there is nothing to share.
package enum Concentration {
    /// The Herfindahl-Hirschman index: the sum of the squared shares, from 1 / n (all alike) to 1 (one has all).
    package static func herfindahlHirschman(_ parts: [Int]) -> Double? {
        let total = Double(parts.reduce(0, +))
        guard total > 0 else { return nil }
        return parts.reduce(0) { $0 + (Double($1) / total) * (Double($1) / total) }
    }

    /// The share of the largest tenth of the parts, rounded up to whole parts.
    package static func topDecileShare(_ parts: [Int]) -> Proportion? {
        let total = parts.reduce(0, +)
        guard total > 0 else { return nil }
        return Proportion(parts.sorted(by: >).prefix((parts.count + 9) / 10).reduce(0, +), of: total)
    }
}
