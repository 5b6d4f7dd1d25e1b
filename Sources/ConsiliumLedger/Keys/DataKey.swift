import Crypto

/// A 256-bit key that seals data: a case's, a site's quarantine key of a month, or one derived for a purpose.
package struct DataKey: Sendable, Equatable {
    let key: SymmetricKey

    package init(entropy: inout some Entropy) { self.init(bytes: entropy.bytes(32)) }

    init(_ key: SymmetricKey) { self.key = key }
    init(bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    var bytes: [UInt8] { key.withUnsafeBytes { Array($0) } }

    /// HKDF-SHA256 (RFC 5869); `purpose` and `salt` separate keys that must not meet.
    func derived(_ purpose: [UInt8], salt: [UInt8] = []) -> DataKey {
        DataKey(HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: purpose, outputByteCount: 32))
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
