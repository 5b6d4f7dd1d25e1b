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
        let sizes = Set(parts).sorted(by: >)
        return topDecileShare([RankedParts(parts, among: sizes)], sizes: sizes)
    }

    /// Parts by the rank of their size, so that thousands of resamples are added up without a sort.
    struct RankedParts {
        fileprivate let ranks: [(rank: Int, count: Int)]

        /// - Parameters:
        ///   - sizes: those of all parts, each once, the largest first.
        init(_ parts: [Int], among sizes: [Int]) {
            let places = Dictionary(uniqueKeysWithValues: sizes.enumerated().map { ($1, $0) })
            var counts: [Int: Int] = [:]
            for part in parts { if let rank = places[part] { counts[rank, default: 0] += 1 } }
            ranks = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }

    /// The same of the parts of several clusters together.
    static func topDecileShare(_ clusters: [RankedParts], sizes: [Int]) -> Proportion? {
        var counts = [Int](repeating: 0, count: sizes.count)
        var parts = 0
        for cluster in clusters {
            for (rank, count) in cluster.ranks {
                counts[rank] += count
                parts += count
            }
        }
        var left = (parts + 9) / 10
        var (top, total) = (0, 0)
        for (rank, size) in sizes.enumerated() where counts[rank] > 0 {
            top += min(left, counts[rank]) * size
            left -= min(left, counts[rank])
            total += counts[rank] * size
        }
        return total > 0 ? Proportion(top, of: total) : nil
    }
}
