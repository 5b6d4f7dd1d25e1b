import ConsiliumCore
import ConsiliumTransport
import Crypto
import Foundation

/// A report's signature by an operator's own key: a JWS with detached payload (RFC 7515, appendix F), ES256, over the
/// canonical bytes of the report and the manifest of its attachments.
enum ReportSignature {
    /// The protected header: who signs which version of which case, when, and under which certificate.
    static func header(
        case id: String,
        version: Int,
        licence: String,
        certificate: NetworkCertificate,
        at time: Instant
    ) -> Value {
        [
            "alg": "ES256", "case": .string(id), "version": .integer(Int64(version)), "licence": .string(licence),
            "time": .string(time.iso8601),
            "x5t#S256": .string(Base64URL.encode(Array(SHA256.hash(data: certificate.der)))),
        ]
    }

    static func sign(_ payload: [UInt8], header: Value, key: PrincipalKey) throws -> String {
        let head = Base64URL.encode(header.jsonBytes)
        let signature = try key.sign(Array((head + "." + Base64URL.encode(payload)).utf8))
        return head + ".." + Base64URL.encode(signature)
    }
}
