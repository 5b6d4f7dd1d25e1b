package import ConsiliumCore

/// The key that wraps all others, by version. It lives in `DIR/keys/` and in recovery shares, never in a backup.
package struct MasterKey: Sendable, Equatable {
    package let version: Int
    /// 8 bytes that tell one key from another and give nothing away of it.
    package let checkValue: [UInt8]
    let key: DataKey

    /// `version` counts from 1 and fits 16 bits.
    package init(version: Int, entropy: inout some Entropy) {
        self.init(version: version, key: DataKey(entropy: &entropy))
    }

    init(version: Int, key: DataKey) {
        self.version = version
        self.key = key
        checkValue = Array(KeyedDigest(key).digest("consilium master key check").prefix(8))
    }

    package func wrap(_ key: DataKey, for id: CaseID, entropy: inout some Entropy) throws(KeyError) -> WrappedKey {
        try wrap(key, context: Self.context(case: id, version: version), entropy: &entropy)
    }

    func wrap(_ key: DataKey, context: SealContext, entropy: inout some Entropy) throws(KeyError) -> WrappedKey {
        WrappedKey(
            masterVersion: version,
            bytes: try Sealer.seal(key.bytes, key: self.key, context: context, entropy: &entropy)
        )
    }

    func unwrap(_ wrapped: WrappedKey, context: SealContext) throws(KeyError) -> DataKey {
        let bytes = try Sealer.open(wrapped.bytes, key: key, context: context)
        guard bytes.count == 32 else { throw KeyError(.sealBroken, "a wrapped key holds \(bytes.count) bytes") }
        return DataKey(bytes: bytes)
    }

    static func context(case id: CaseID, version: Int) -> SealContext {
        var bytes = Array("consilium case key".utf8)
        append(id, to: &bytes)
        append(Int64(version), to: &bytes)
        return SealContext(associated: bytes)
    }
}

/// The versions of the master key that this hub holds; the highest wraps, the others only unwrap.
package struct MasterKeys: Sendable, Equatable {
    package let current: MasterKey
    private let keys: [MasterKey]

    package init(_ keys: [MasterKey]) throws(KeyError) {
        let sorted = keys.sorted { $0.version < $1.version }
        guard let current = sorted.last else { throw KeyError(.missing, "there is no master key") }
        for (one, next) in zip(sorted, sorted.dropFirst()) where one.version == next.version {
            throw KeyError(.duplicateVersion(one.version), "two master keys claim version \(one.version)")
        }
        self.current = current
        self.keys = sorted
    }

    package func key(version: Int) throws(KeyError) -> MasterKey {
        guard let key = keys.first(where: { $0.version == version }) else {
            throw KeyError(.unknownVersion(version), "version \(version) of the master key is not here")
        }
        return key
    }

    package func wrap(_ key: DataKey, for id: CaseID, entropy: inout some Entropy) throws(KeyError) -> WrappedKey {
        try current.wrap(key, for: id, entropy: &entropy)
    }

    /// A key wrapped for another case does not unwrap.
    package func unwrap(_ wrapped: WrappedKey, for id: CaseID) throws(KeyError) -> DataKey {
        try key(version: wrapped.masterVersion)
            .unwrap(wrapped, context: MasterKey.context(case: id, version: wrapped.masterVersion))
    }

    /// The same key under the current version; a step of a rotation, safe to repeat.
    package func rewrap(
        _ wrapped: WrappedKey,
        for id: CaseID,
        entropy: inout some Entropy
    ) throws(KeyError) -> WrappedKey {
        guard wrapped.masterVersion != current.version else { return wrapped }
        return try wrap(unwrap(wrapped, for: id), for: id, entropy: &entropy)
    }
}
