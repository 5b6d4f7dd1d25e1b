import Crypto
package import Foundation
import SwiftASN1
import X509

/// One X.509 certificate: its exact bytes, and what everybody asks of it.
package struct NetworkCertificate: Hashable, Sendable {
    package let der: [UInt8]
    /// Lower-case hexadecimal SHA-256 of `der`, as `openssl x509 -fingerprint -sha256` prints it without the colons.
    package let fingerprint: String
    let certificate: Certificate

    /// Reads DER bytes.
    package init(der: [UInt8]) throws(CertificateError) {
        do {
            certificate = try Certificate(derEncoded: der)
        } catch {
            throw .malformed("an X.509 certificate in DER")
        }
        self.der = der
        fingerprint = hexadecimal(SHA256.hash(data: der))
    }

    /// Reads the first `CERTIFICATE` block of a PEM text.
    package init(pem: String) throws(CertificateError) {
        guard let first = try Self.chain(pem: pem).first else { throw .malformed("a CERTIFICATE block in PEM") }
        self = first
    }

    init(_ certificate: Certificate) throws(CertificateError) {
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            der = serializer.serializedBytes
        } catch {
            throw .malformed("a certificate that can be written in DER")
        }
        self.certificate = certificate
        fingerprint = hexadecimal(SHA256.hash(data: der))
    }

    /// Reads every `CERTIFICATE` block of a PEM text, in order; other blocks are skipped.
    package static func chain(pem: String) throws(CertificateError) -> [NetworkCertificate] {
        let documents: [PEMDocument]
        do {
            documents = try PEMDocument.parseMultiple(pemString: pem)
        } catch {
            throw .malformed("a PEM text")
        }
        var chain: [NetworkCertificate] = []
        for document in documents where document.discriminator == Certificate.defaultPEMDiscriminator {
            chain.append(try NetworkCertificate(der: document.derBytes))
        }
        return chain
    }

    /// One PEM text of all of `chain`, in order.
    package static func pem(_ chain: [NetworkCertificate]) -> String { chain.map(\.pem).joined() }

    /// PEM text, ending in a line feed.
    package var pem: String { PEMDocument(type: Certificate.defaultPEMDiscriminator, derBytes: der).pemString + "\n" }

    package static func == (a: NetworkCertificate, b: NetworkCertificate) -> Bool { a.der == b.der }
    package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension NetworkCertificate {
    /// Lower-case hexadecimal SHA-256 of the SubjectPublicKeyInfo: stays the same when a key is certified anew.
    package var publicKeyFingerprint: String { certificate.publicKey.fingerprint }
    /// Lower-case hexadecimal of the serial number without leading zero bytes.
    package var serial: String { hexadecimal(certificate.serialNumber.bytes.drop { $0 == 0 }) }
    package var subject: String { certificate.subject.description }
    package var issuer: String { certificate.issuer.description }
    package var notBefore: Date { certificate.notValidBefore }
    package var notAfter: Date { certificate.notValidAfter }

    /// Whether `now` lies in the certificate's lifetime, both ends included (RFC 5280, 4.1.2.5).
    package func isValid(at now: Date) -> Bool { notBefore <= now && now <= notAfter }

    /// Whether the certificate may issue others: basic constraints with `cA` set.
    package var isAuthority: Bool {
        guard let constraints = try? certificate.extensions.basicConstraints else { return false }
        return if case .isCertificateAuthority = constraints { true } else { false }
    }

    /// The URI entries of the subject's alternative names, in order; empty when there are none or they are malformed.
    package var uris: [String] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
    }

    /// The network that the authority belongs to: the organisation of its subject.
    var organization: String? {
        for relative in certificate.subject {
            for attribute in relative where attribute.type == .RDNAttributeType.organizationName {
                return attribute.value.description
            }
        }
        return nil
    }

    /// Whether `issuer` holds the name and the key that signed this certificate; says nothing about validity.
    package func isSigned(by issuer: NetworkCertificate) -> Bool {
        certificate.issuer == issuer.certificate.subject
            && issuer.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    /// Whether `signature` (64 bytes r‖s, as JWS ES256 has it, RFC 7518 3.4) was made over `bytes` by this holder's key.
    package func isValidSignature(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        guard let key = P256.Signing.PublicKey(certificate.publicKey),
            let value = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
        else { return false }
        return key.isValidSignature(value, for: bytes)
    }
}

extension Certificate.PublicKey {
    /// Lower-case hexadecimal SHA-256 of the whole SubjectPublicKeyInfo in DER.
    var fingerprint: String {
        var serializer = DER.Serializer()
        // A key that was read or made can be written; an empty fingerprint would match nothing but another failure.
        guard (try? serializer.serialize(self)) != nil else { return "" }
        return hexadecimal(SHA256.hash(data: serializer.serializedBytes))
    }
}
