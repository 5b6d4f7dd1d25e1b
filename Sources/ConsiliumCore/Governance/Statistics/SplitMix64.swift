/// The same numbers for the same seed (SplitMix64, Steele, Lea, Flood 2014, doi 10.1145/2660193.2660195).
///
/// For resampling that an auditor repeats from the stored seed, never for keys. Both derived draws are plain integer
/// arithmetic, so that any language repeats them bit for bit.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    package var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<count`: the upper 64 bits of `next() * count` (Lemire 2019, doi 10.1145/3230636). Without the
    /// rejection step each draw takes exactly one number; the bias is below `count / 2^64`.
    package mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A number in `0..<1`: the upper 53 bits as a fraction.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// `count` of `items` without replacement, in the order drawn (a partial Fisher-Yates shuffle); all of them when there
    /// are fewer. The order of `items` must be one that anybody can restore, e.g. that of their identifiers.
    package mutating func sample<Item>(_ count: Int, of items: [Item]) -> [Item] {
        var items = items
        let drawn = min(max(count, 0), items.count)
        for index in 0..<drawn { items.swapAt(index, index + self.index(below: items.count - index)) }
        return Array(items[..<drawn])
    }
}
