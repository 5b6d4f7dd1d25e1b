package import ConsiliumCore
import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where sealed bytes belong: moved to another stream, version or part they no longer open.
package struct SealContext: Sendable, Equatable {
    let associated: [UInt8]

    package init(stream: TimeOrderedID, version: Int64, part: String) {
        var bytes = Array("consilium payload".utf8)
        bytes.reserveCapacity(64)
        append(stream, to: &bytes)
        append(version, to: &bytes)
        bytes.append(contentsOf: part.utf8)
        associated = bytes
    }

    init(associated: [UInt8]) { self.associated = associated }
}

/// AES-256-GCM (NIST SP 800-38D). Sealed bytes are format 1, nonce (12), ciphertext, tag (16): 29 bytes longer.
///
/// The format byte is bound with the context, so that another cipher can come beside this one.
package enum Sealer {
    static let overhead = 29
    private static let format: UInt8 = 1

    /// The nonce must never come twice under one key: take it from the hub's entropy.
    package static func seal(
        _ plain: [UInt8],
        key: DataKey,
        nonce: [UInt8],
        context: SealContext
    ) throws(KeyError) -> [UInt8] {
        guard nonce.count == 12 else { throw KeyError(.badNonce, "a nonce is 12 bytes, not \(nonce.count)") }
        do {
            let box = try AES.GCM.seal(
                plain,
                using: key.key,
                nonce: AES.GCM.Nonce(data: nonce),
                authenticating: [format] + context.associated
            )
            var sealed: [UInt8] = []
            sealed.reserveCapacity(plain.count + overhead)
            sealed.append(format)
            sealed.append(contentsOf: nonce)
            sealed.append(contentsOf: box.ciphertext)
            sealed.append(contentsOf: box.tag)
            return sealed
        } catch {
            throw KeyError(.sealBroken, "cannot seal: \(error)")
        }
    }

    package static func seal(
        _ plain: [UInt8],
        key: DataKey,
        context: SealContext,
        entropy: inout some Entropy
    ) throws(KeyError) -> [UInt8] {
        try seal(plain, key: key, nonce: entropy.bytes(12), context: context)
    }

    /// Throws `sealBroken` for altered or cut bytes, another key, or another place.
    package static func open(_ sealed: [UInt8], key: DataKey, context: SealContext) throws(KeyError) -> [UInt8] {
        guard sealed.count >= overhead, sealed[0] == format else {
            throw KeyError(.sealBroken, "these bytes were not sealed by this program")
        }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed[1...])
            return try Array(AES.GCM.open(box, using: key.key, authenticating: [format] + context.associated))
        } catch {
            throw KeyError(.sealBroken, "sealed bytes do not open: altered, moved, or under another key")
        }
    }
}

/// Big-endian, 8 bytes.
func append(_ value: Int64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
}

/// Big-endian, 16 bytes.
func append(_ id: TimeOrderedID, to bytes: inout [UInt8]) {
    append(Int64(bitPattern: id.high), to: &bytes)
    append(Int64(bitPattern: id.low), to: &bytes)
}

/// With its length before it, so that neighbours cannot run into each other.
func append(_ text: String, to bytes: inout [UInt8]) {
    append(Int64(text.utf8.count), to: &bytes)
    bytes.append(contentsOf: text.utf8)
}
