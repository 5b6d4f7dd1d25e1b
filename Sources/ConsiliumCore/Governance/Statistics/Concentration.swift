/// How unevenly a whole is shared out. No value when there is nothing to share.
package enum Concentration {
    /// Parts of a whole as they come.
    struct Parts {
        private(set) var total = 0
        private var squares = 0.0

        mutating func add(_ part: Int) {
            total += part
            squares += Double(part) * Double(part)
        }

        /// The sum of the squared shares, from 1 / n (all alike) to 1 (one has all).
        var herfindahlHirschman: Double? { total > 0 ? squares / (Double(total) * Double(total)) : nil }
    }

    package static func herfindahlHirschman(_ parts: [Int]) -> Double? {
        parts.reduce(into: Parts()) { $0.add($1) }.herfindahlHirschman
    }

    /// The share of the largest tenth of the parts, rounded up to whole parts.
    package static func topDecileShare(_ parts: [Int]) -> Proportion? {
        let total = parts.reduce(0, +)
        guard total > 0 else { return nil }
        return Proportion(parts.sorted(by: >).prefix((parts.count + 9) / 10).reduce(0, +), of: total)
    }
}
