import Crypto
import SwiftASN1
import X509

/// The private key of a principal, a hub or an authority: ECDSA on P-256, nothing else.
package struct PrincipalKey: Sendable {
    let key: P256.Signing.PrivateKey

    /// A new key from the system's random source.
    package init() { key = P256.Signing.PrivateKey() }

    /// Reads the first `PRIVATE KEY` (PKCS #8) or `EC PRIVATE KEY` (SEC 1) block of a PEM text.
    package init(pem: String) throws(CertificateError) {
        do {
            let blocks = try PEMDocument.parseMultiple(pemString: pem)
            let block = blocks.first { ["PRIVATE KEY", "EC PRIVATE KEY"].contains($0.discriminator) }
            guard let block else { throw CertificateError.malformed("a private key") }
            key = try P256.Signing.PrivateKey(pemRepresentation: block.pemString)
        } catch {
            throw .malformed("a P-256 private key in PEM")
        }
    }

    init(der: [UInt8]) throws(CertificateError) {
        do {
            key = try P256.Signing.PrivateKey(derRepresentation: der)
        } catch {
            throw .malformed("a P-256 private key in DER")
        }
    }

    /// PKCS #8 in PEM, not encrypted, ending in a line feed.
    package var pem: String { key.pemRepresentation + "\n" }

    /// Lower-case hexadecimal SHA-256 of the SubjectPublicKeyInfo.
    package var publicKeyFingerprint: String { hexadecimal(SHA256.hash(data: key.publicKey.derRepresentation)) }

    /// Whether `certificate` certifies this key.
    package func matches(_ certificate: NetworkCertificate) -> Bool {
        Certificate.PublicKey(key.publicKey) == certificate.certificate.publicKey
    }

    /// ECDSA with SHA-256 over `bytes`: 64 bytes r‖s, the form of JWS ES256 (RFC 7518, 3.4).
    package func sign(_ bytes: [UInt8]) throws(CertificateError) -> [UInt8] {
        do {
            return Array(try key.signature(for: bytes).rawRepresentation)
        } catch {
            throw .malformed("a key that can sign")
        }
    }

    /// A request for a certificate (PKCS #10, RFC 2986) in PEM, signed by this key.
    ///
    /// `commonName` is for the reader only: the authority takes the certificate's names from the invitation.
    package func certificateSigningRequest(commonName: String) throws(CertificateError) -> String {
        do {
            let request = try CertificateSigningRequest(
                version: .v1,
                subject: DistinguishedName { CommonName(commonName) },
                privateKey: Certificate.PrivateKey(key),
                attributes: CertificateSigningRequest.Attributes()
            )
            return try request.serializeAsPEM().pemString + "\n"
        } catch {
            throw .malformed("a common name that fits a certificate request")
        }
    }
}

/// A received request for a certificate, once its proof of possession has been checked.
package struct CertificateRequest: Sendable {
    let publicKey: Certificate.PublicKey
    /// Lower-case hexadecimal SHA-256 of the SubjectPublicKeyInfo, to bind an enrolment token to one key.
    package let publicKeyFingerprint: String

    /// Reads PKCS #10 in PEM; refuses other keys than P-256 and requests not signed by their own key.
    package init(pem: String) throws(CertificateError) {
        let request: CertificateSigningRequest
        do {
            request = try CertificateSigningRequest(pemEncoded: pem)
        } catch {
            throw .malformed("a certificate request in PEM")
        }
        guard P256.Signing.PublicKey(request.publicKey) != nil else { throw .unsupportedKey }
        guard request.publicKey.isValidSignature(request.signature, for: request) else { throw .proofOfPossession }
        publicKey = request.publicKey
        publicKeyFingerprint = request.publicKey.fingerprint
    }
}
