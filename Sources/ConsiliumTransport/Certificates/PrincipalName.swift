/// Who a certificate speaks for: one node or one operator of one site of one network.
///
/// Written as a SPIFFE identifier, `spiffe://NETWORK/site/SITE/node/NAME` or `…/op/NAME` (SPIFFE-ID 2 and 2.2). The
/// grammar is strict, so that two spellings never name the same principal: the network is a lower-case trust domain of
/// 1 to 63 characters, site and name are 1 to 64 characters out of `A-Z a-z 0-9 . _ -`, and neither is `.` or `..`.
/// No port, user, query, fragment or percent escape.
package struct PrincipalName: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A site's interface engine or gateway.
        case node
        /// A person at a site.
        case `operator` = "op"
    }

    package let network: String
    package let site: String
    package let kind: Kind
    package let name: String

    /// Checks each part; throws the first that is not acceptable.
    package init(network: String, site: String, kind: Kind, name: String) throws(PrincipalNameError) {
        guard Self.isNetwork(network) else { throw .network }
        guard Self.isSegment(site) else { throw .site }
        guard Self.isSegment(name) else { throw .name }
        self.network = network
        self.site = site
        self.kind = kind
        self.name = name
    }

    /// Reads the URI of a certificate; nothing is normalised.
    package init(uri: String) throws(PrincipalNameError) {
        let scheme = "spiffe://"
        guard uri.utf8.starts(with: scheme.utf8) else { throw .scheme }
        let parts = uri.utf8.dropFirst(scheme.utf8.count)
            .split(
                separator: UInt8(ascii: "/"),
                maxSplits: 5,
                omittingEmptySubsequences: false
            )
        guard parts.count == 5, parts[1].elementsEqual("site".utf8) else { throw .shape }
        guard let kind = Kind(rawValue: String(Substring(parts[3]))) else { throw .kind }
        try self.init(
            network: String(Substring(parts[0])),
            site: String(Substring(parts[2])),
            kind: kind,
            name: String(Substring(parts[4]))
        )
    }

    /// `spiffe://NETWORK/site/SITE/node/NAME` or `…/op/NAME`.
    package var uri: String { "spiffe://\(network)/site/\(site)/\(kind.rawValue)/\(name)" }

    /// Whether `text` can name a network: a SPIFFE trust domain of at most 63 characters.
    package static func isNetwork(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }

    /// Whether `text` can name a site, a node or an operator.
    package static func isSegment(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), text != ".", text != ".." else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}

/// Why a text is not the name of a principal.
package enum PrincipalNameError: String, Error, Hashable, Sendable, CaseIterable {
    /// Does not begin with `spiffe://`.
    case scheme
    /// Not five parts `NETWORK/site/SITE/KIND/NAME`.
    case shape
    /// The network is not a lower-case trust domain.
    case network
    /// The site holds a character that is not allowed, or is empty or too long.
    case site
    /// Neither `node` nor `op`.
    case kind
    /// The name holds a character that is not allowed, or is empty or too long.
    case name
}

extension PrincipalName: CustomStringConvertible {
    package var description: String { uri }
}

/// Encoded as its URI.
extension PrincipalName: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(uri: try container.decode(String.self))
        } catch let error as PrincipalNameError {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "not the name of a principal (\(error.rawValue))"
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(uri)
    }
}
