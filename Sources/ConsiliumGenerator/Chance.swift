import ConsiliumCore

/// All chance of a generated history, from a seed and in whole numbers: every machine draws the same.
struct Chance {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// A chance of its own for part `number` of what `seed` makes: what one part draws changes no other.
    init(seed: UInt64, part: String, _ number: Int = 0) {
        var mixed: UInt64 = 0xCBF2_9CE4_8422_2325
        // FNV-1a over the name of the part.
        for byte in part.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var source = SplitMix64(seed: seed ^ mixed ^ UInt64(truncatingIfNeeded: number) &* 0xD6E8_FEB8_6659_FD93)
        generator = SplitMix64(seed: source.next())
    }

    mutating func seed() -> UInt64 { generator.next() }

    /// In `0..<bound`.
    mutating func below(_ bound: Int) -> Int { generator.index(below: max(1, bound)) }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// True in `share` of a thousand throws.
    mutating func happens(_ share: Int) -> Bool { below(1_000) < share }

    /// `values` must not be empty.
    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    /// An index, each as often as its weight says.
    mutating func weighted(_ weights: [Int]) -> Int {
        var rest = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return weights.count - 1
    }

    /// Short ones more often than long ones: the square of an even draw.
    mutating func span(_ shortest: Span, _ longest: Span) -> Span {
        let draw = Int64(below(1_001))
        let width = longest.milliseconds - shortest.milliseconds
        return .milliseconds(shortest.milliseconds + width / 1_000 * draw / 1_000 * draw + Int64(below(1_000)))
    }

    /// Each of `values` about as often as the one before, less a fifth: a few do most.
    mutating func skewed<Value>(_ values: [Value]) -> Value {
        var index = 0
        while index < values.count - 1, !happens(200) { index += 1 }
        return values[happens(300) ? below(values.count) : index]
    }
}
