import Crypto

/// A 256-bit key that seals data: a case's, a site's quarantine key of a month, or one derived for a purpose.
package struct DataKey: Sendable, Equatable {
    let key: SymmetricKey

    package init(entropy: inout some Entropy) { self.init(bytes: entropy.bytes(32)) }

    init(_ key: SymmetricKey) { self.key = key }
    init(bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    var bytes: [UInt8] { key.withUnsafeBytes { Array($0) } }

    /// HKDF-SHA256 (RFC 5869); `purpose` and `salt` separate keys that must not meet.
    ///
    /// Both steps are one HMAC each, because 32 bytes are one block of output; swift-crypto's generic HKDF takes several
    /// times as long, and each submission derives two keys.
    func derived(_ purpose: [UInt8], salt: [UInt8] = []) -> DataKey {
        let pseudorandom = KeyedDigest(bytes: salt).digest(bytes)
        return DataKey(bytes: KeyedDigest(bytes: pseudorandom).digest(purpose + [1]))
    }
}

/// A key sealed under a version of the master key; operational state, destroyed by an erasure.
package struct WrappedKey: Sendable, Equatable {
    package var masterVersion: Int
    /// 61 bytes: as `Sealer` writes them.
    package var bytes: [UInt8]

    package init(masterVersion: Int, bytes: [UInt8]) {
        self.masterVersion = masterVersion
        self.bytes = bytes
    }
}

/// SHA-256 of some bytes, 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
    SHA256.hash(data: bytes).withUnsafeBytes { Array($0) }
}
