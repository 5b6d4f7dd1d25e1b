import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation

/// A detached JWS (RFC 7515 appendix F) over a report's payload.
struct ReportSignature {
    /// Its protected header: what the signature binds beside the payload.
    struct Header: Codable {
        var alg: String
        /// The case.
        var `case`: String
        /// The version of the case that the signer saw.
        var version: Int
        var licence: String
        /// RFC 3339.
        var time: String
        /// SHA-256 of the signer's certificate, base64url.
        var certificate: String

        enum CodingKeys: String, CodingKey {
            case alg, `case`, version, licence, time
            case certificate = "x5t#S256"
        }
    }

    let jws: String

    /// Whether the signature fits report, case, version, doctor and certificate.
    func holds(
        for report: Report,
        of id: CaseID,
        signature: Signature,
        by certificate: NetworkCertificate
    ) -> Bool {
        let parts = jws.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty, let head = Self.decode(parts[0]), let value = Self.decode(parts[2]),
            let header = try? JSONDecoder().decode(Header.self, from: Data(head))
        else { return false }
        guard header.alg == "ES256", header.case == id.description, header.version == signature.caseVersion,
            header.licence == signature.licence, header.certificate == Self.encode(sha256(certificate.der))
        else { return false }
        let payload = Payload(report: report, number: 1) { hexadecimal(sha256($0)) }
        let signed = Array("\(parts[0]).\(Self.encode(payload.signedBytes))".utf8)
        return certificate.isValidSignature(value, over: signed)
    }

    /// Base64url without padding.
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while base64.utf8.count % 4 != 0 { base64 += "=" }
        return Data(base64Encoded: base64).map { Array($0) }
    }
}
