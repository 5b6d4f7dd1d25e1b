import Crypto
import Foundation
import SwiftASN1
import X509

/// What all certificates of a network have in common: how names, lifetimes and signatures are made.
enum AuthorityProfile {
    /// Clocks differ between hospitals: a certificate is valid this long before it was issued.
    static let backdating: TimeInterval = 600

    /// From ten minutes before `now` to `lifetime` seconds after it, in whole seconds, never beyond `limit`.
    static func validity(
        from now: Date,
        for lifetime: TimeInterval,
        endingBy limit: Date = .distantFuture
    ) throws(CertificateError) -> ClosedRange<Date> {
        guard lifetime >= 1, lifetime <= RootAuthority.lifetime else { throw .lifetime }
        let second = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        let start = second.addingTimeInterval(-backdating)
        let end = min(second.addingTimeInterval(lifetime), limit)
        guard end > now else { throw .authorityNotValid }
        return start...end
    }

    /// `O=NETWORK, CN=TITLE KEYID`: the key identifier keeps two authorities of one network apart.
    static func subject(
        network: String,
        title: String,
        publicKey: Certificate.PublicKey
    ) throws(CertificateError) -> DistinguishedName {
        let identifier = hexadecimal(SHA256.hash(data: publicKey.subjectPublicKeyInfoBytes).prefix(4))
        do {
            return try DistinguishedName {
                OrganizationName(network)
                CommonName("\(title) \(identifier)")
            }
        } catch {
            throw .malformed("a distinguished name")
        }
    }

    /// RFC 5280, 4.2.1.1: the SHA-1 of the issuer's public key, as `SubjectKeyIdentifier(hash:)` makes it.
    static func authorityKeyIdentifier(of key: PrincipalKey) -> AuthorityKeyIdentifier {
        let publicKey = Certificate.PublicKey(key.key.publicKey)
        return AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: publicKey).keyIdentifier)
    }

    static func sign(
        subject: DistinguishedName,
        publicKey: Certificate.PublicKey,
        issuer: DistinguishedName,
        issuerKey: PrincipalKey,
        lifetime: ClosedRange<Date>,
        serial: CertificateSerial,
        @ExtensionsBuilder extensions: () throws -> Result<Certificate.Extensions, any Error>
    ) throws(CertificateError) -> NetworkCertificate {
        let certificate: Certificate
        do {
            certificate = try Certificate(
                version: .v3,
                serialNumber: serial.number,
                publicKey: publicKey,
                notValidBefore: lifetime.lowerBound,
                notValidAfter: lifetime.upperBound,
                issuer: issuer,
                subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try extensions().get(),
                issuerPrivateKey: Certificate.PrivateKey(issuerKey.key)
            )
        } catch {
            throw .malformed("names and a time that fit a certificate")
        }
        return try NetworkCertificate(certificate)
    }
}
