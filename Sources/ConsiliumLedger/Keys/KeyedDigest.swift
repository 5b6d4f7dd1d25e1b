import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// HMAC-SHA256 under one key, 32 bytes. The key is expanded once and the state copied for each value.
package struct KeyedDigest: Sendable {
    private let keyed: HMAC<SHA256>

    init(_ key: DataKey) { keyed = HMAC<SHA256>(key: key.key) }

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

    private func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var state = keyed
        state.update(data: bytes)
        return state.finalize().withUnsafeBytes { Array($0) }
    }
}
