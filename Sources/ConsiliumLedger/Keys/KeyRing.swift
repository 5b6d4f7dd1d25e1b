import Crypto

/// The keys of a network, all derived from one network key that the master key wraps.
///
/// A derived key cannot be turned back into the network key, and two purposes never share one.
package struct KeyRing: Sendable {
    /// Digests of message keys.
    package let messageKeys: KeyedDigest
    /// Digests of request keys.
    package let requestKeys: KeyedDigest
    /// Digests of single elements, by which an amendment is listed field by field.
    package let elements: KeyedDigest
    /// Digests of whole contents, by which a copy is told from a change.
    package let contents: KeyedDigest
    /// Digests of one-time tokens.
    package let tokens: KeyedDigest
    /// Turns identifiers of cases into pseudonyms.
    let casePseudonyms: KeyedDigest
    private let network: DataKey

    /// Opens the network key; `wrongKey` when the master key is sound but not this network's.
    package init(_ wrapped: WrappedKey, network name: String, masters: MasterKeys) throws(KeyError) {
        let master = try masters.key(version: wrapped.masterVersion)
        do {
            self.init(try master.unwrap(wrapped, context: Self.context(name, version: master.version)))
        } catch {
            throw KeyError(.wrongKey, "the master key, version \(master.version), is not that of network \(name)")
        }
    }

    private init(_ network: DataKey) {
        func digest(_ purpose: String) -> KeyedDigest { KeyedDigest(network.derived(Self.info(purpose, []))) }
        self.network = network
        messageKeys = digest("message key")
        requestKeys = digest("request key")
        elements = digest("element")
        contents = digest("content")
        tokens = digest("token")
        casePseudonyms = digest("case pseudonym")
    }

    /// A new network key and its wrapped form, to be stored in `network_keys`.
    package static func create(
        network name: String,
        masters: MasterKeys,
        entropy: inout some Entropy
    ) throws(KeyError) -> (ring: KeyRing, wrapped: WrappedKey) {
        let ring = KeyRing(DataKey(entropy: &entropy))
        return (ring, try ring.wrapped(network: name, masters: masters, entropy: &entropy))
    }

    /// The network key under the current master key; for a rotation.
    package func wrapped(
        network name: String,
        masters: MasterKeys,
        entropy: inout some Entropy
    ) throws(KeyError) -> WrappedKey {
        let context = Self.context(name, version: masters.current.version)
        return try masters.current.wrap(network, context: context, entropy: &entropy)
    }

    /// Digests of a site's patient identifiers; another site's are of another key. Keep it: deriving takes some us.
    package func blindIndex(site: String) -> KeyedDigest {
        KeyedDigest(network.derived(Self.info("blind index", [site])))
    }

    /// Seals the frames of one site and month that belong to no case.
    package func quarantineKey(site: String, year: Int, month: Int) -> DataKey {
        network.derived(Self.info("quarantine", [site, "\(year)-\(month)"]))
    }

    /// Seals what belongs to no case, such as an operator's contact.
    package func dataKey(purpose: String) -> DataKey { network.derived(Self.info("data", [purpose])) }

    private static func info(_ purpose: String, _ parts: [String]) -> [UInt8] {
        var bytes = Array("consilium network ".utf8)
        for text in [purpose] + parts { append(text, to: &bytes) }
        return bytes
    }

    private static func context(_ name: String, version: Int) -> SealContext {
        var bytes = Array("consilium network key".utf8)
        append(Int64(version), to: &bytes)
        append(name, to: &bytes)
        return SealContext(associated: bytes)
    }
}
