import ConsiliumLedger

/// All chance of one run, from its seed.
struct Dice {
    private var entropy: SeededEntropy

    init(seed: UInt64) { entropy = SeededEntropy(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int(entropy.next() % UInt64(max(1, bound))) }

    /// True in `percent` of a hundred throws.
    mutating func happens(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Value>(_ values: [Value]) -> Value? { values.isEmpty ? nil : values[below(values.count)] }

    mutating func shuffled<Value>(_ values: [Value]) -> [Value] {
        var out = values
        for index in stride(from: out.count - 1, to: 0, by: -1) { out.swapAt(index, below(index + 1)) }
        return out
    }

    mutating func seed() -> UInt64 { entropy.next() }
}
