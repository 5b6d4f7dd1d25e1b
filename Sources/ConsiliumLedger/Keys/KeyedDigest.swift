import Crypto

/// HMAC-SHA256 (RFC 2104) under one key, 32 bytes.
///
/// Both halves of the key are hashed once and their states copied for each value: a submission makes some 25 digests
/// of short values, and swift-crypto's generic HMAC takes more than twice as long for each.
package struct KeyedDigest: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    /// The key must not be longer than SHA-256's block of 64 bytes; ours have 32.
    init(_ key: DataKey) { self.init(bytes: key.bytes) }

    init(bytes key: [UInt8]) {
        var block = key
        block.append(contentsOf: repeatElement(0, count: max(0, SHA256.blockByteCount - block.count)))
        inner = Self.state(block, 0x36)
        outer = Self.state(block, 0x5C)
    }

    private static func state(_ block: [UInt8], _ pad: UInt8) -> SHA256 {
        var state = SHA256()
        block.map { $0 ^ pad }.withUnsafeBytes { state.update(bufferPointer: $0) }
        return state
    }

    package func digest(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { digest(UnsafeRawBufferPointer($0)) }
    }

    package func digest(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { digest($0) } }

    /// Each part counts with its length: ("ab", "c") and ("a", "bc") differ.
    package func digest(parts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts { append(part, to: &bytes) }
        return digest(bytes)
    }

    /// As `digest(parts:)` of a name and a value, cut to its first 8 bytes.
    package func tag(_ name: String, _ value: [UInt8]) -> UInt64 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count + value.count + 16)
        append(name, to: &bytes)
        append(Int64(value.count), to: &bytes)
        bytes.append(contentsOf: value)
        return bytes.withUnsafeBytes { bytes in
            hash(bytes).withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
        }
    }

    private func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] { hash(bytes).withUnsafeBytes { Array($0) } }

    private func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256.Digest {
        var inner = inner
        inner.update(bufferPointer: bytes)
        var outer = outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize()
    }
}
