import Foundation
import SwiftASN1
import X509

/// A host as people write it: a DNS name, or an IPv4 or IPv6 address.
enum HostName: Equatable {
    case dns(String)
    case address([UInt8])

    /// DNS names are ASCII letters, digits, hyphens and dots (a Chinese name in its `xn--` form), kept in lower case.
    init(_ text: String) throws(CertificateError) {
        if let bytes = Self.address(text) {
            self = .address(bytes)
            return
        }
        let name = text.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...253).contains(name.utf8.count), labels.allSatisfy(Self.isLabel) else { throw .hostName(text) }
        // A name of digits and dots that is no address is a mistyped address.
        guard labels.last?.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) == false else { throw .hostName(text) }
        self = .dns(name)
    }

    var generalName: GeneralName {
        switch self {
        case .dns(let name): .dnsName(name)
        case .address(let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        }
    }

    /// The 4 or 16 bytes of an IP address in network order; nil when `text` is none.
    static func address(_ text: String) -> [UInt8]? {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return withUnsafeBytes(of: &v4) { Array($0) } }
        var v6 = in6_addr()
        if inet_pton(AF_INET6, text, &v6) == 1 { return withUnsafeBytes(of: &v6) { Array($0) } }
        return nil
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-") else { return false }
        return label.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }
}
