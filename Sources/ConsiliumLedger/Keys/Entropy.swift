package import ConsiliumCore

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where random bytes come from: they come in as an argument, so that a simulation can repeat itself.
package protocol Entropy: Sendable {
    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer)
}

extension Entropy {
    package mutating func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            fill(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[0..<count])))
            filled = count
        }
    }

    package mutating func next() -> UInt64 {
        var value: UInt64 = 0
        withUnsafeMutableBytes(of: &value) { fill($0) }
        return value
    }

    package mutating func identifier(at time: Instant) -> TimeOrderedID {
        var random: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &random) { fill($0) }
        return TimeOrderedID(at: time, random: (UInt16(truncatingIfNeeded: random.0), random.1))
    }
}

/// The operating system's generator. It keeps no buffer: a copied buffer would repeat nonces.
package struct SystemEntropy: Entropy {
    package init() {}

    package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var offset = 0
        while offset < buffer.count {
            // getentropy gives at most 256 bytes a call.
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<min(offset + 256, buffer.count)])
            if getentropy(part.baseAddress, part.count) != 0 {
                var generator = SystemRandomNumberGenerator()
                for index in part.indices { part[index] = UInt8.random(in: 0...255, using: &generator) }
            }
            offset += part.count
        }
    }
}

/// The same bytes for the same seed, by `SplitMix64`: for simulations, never for a network.
package struct SeededEntropy: Entropy {
    private var random: SplitMix64

    package init(seed: UInt64) { random = SplitMix64(seed: seed) }

    package mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var offset = 0
        while offset < buffer.count {
            let mixed = random.next()
            let count = min(8, buffer.count - offset)
            for index in 0..<count {
                buffer[offset + index] = UInt8(truncatingIfNeeded: mixed >> (8 * UInt64(index)))
            }
            offset += count
        }
    }
}
