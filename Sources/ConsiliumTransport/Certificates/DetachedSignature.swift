import Crypto
import Foundation

/// A report's signature by an operator's own key: a JWS with detached payload (RFC 7515 appendix F), ES256.
///
/// The payload is the report's canonical bytes; what else is bound stands in the protected header.
package struct DetachedSignature: Sendable {
    /// The protected header: who signs which version of which case, when, and under which certificate.
    package struct Header: Codable, Equatable, Sendable {
        package var algorithm = "ES256"
        package var caseID: String
        /// The version of the case that the signer saw.
        package var version: Int
        package var licence: String
        /// RFC 3339.
        package var time: String
        /// SHA-256 of the signer's certificate, base64url.
        package var certificate: String
        /// Extensions that must be understood (RFC 7515 section 4.1.11); none is.
        package var critical: [String]?

        private enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
            case caseID = "case"
            case version, licence, time
            case certificate = "x5t#S256"
            case critical = "crit"
        }

        package init(caseID: String, version: Int, licence: String, time: String, certificate: NetworkCertificate) {
            self.caseID = caseID
            self.version = version
            self.licence = licence
            self.time = time
            self.certificate = Self.thumbprint(certificate)
        }

        fileprivate static func thumbprint(_ certificate: NetworkCertificate) -> String {
            Base64URL.encode(SHA256.hash(data: certificate.der))
        }
    }

    package let header: Header
    private let head: String
    private let value: [UInt8]

    /// Reads the compact form `HEADER..SIGNATURE`; nil when it is none, or signed in a way that is not known here.
    package init?(_ jws: String) {
        let parts = jws.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, let head = Base64URL.decode(parts[0]),
            let value = Base64URL.decode(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: Data(head)), header.algorithm == "ES256",
            header.critical == nil
        else { return nil }
        self.header = header
        self.head = String(parts[0])
        self.value = value
    }

    /// The compact form over `payload`.
    package static func sign(_ payload: [UInt8], header: Header, key: PrincipalKey) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let head = Base64URL.encode(try encoder.encode(header))
        let signature = try key.sign(Array((head + "." + Base64URL.encode(payload)).utf8))
        return head + ".." + Base64URL.encode(signature)
    }

    /// Whether the holder of `certificate` signed `payload` under this header.
    package func isValid(over payload: [UInt8], by certificate: NetworkCertificate) -> Bool {
        header.certificate == Header.thumbprint(certificate)
            && certificate.isValidSignature(value, over: Array((head + "." + Base64URL.encode(payload)).utf8))
    }
}
