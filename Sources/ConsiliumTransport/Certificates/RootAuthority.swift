import Crypto
package import Foundation
import SwiftASN1
import X509

/// The root of a network's trust: signs issuing authorities, and its own successor; its key may be kept offline.
///
/// Profile: P-256, 10 years, `CA:true`, keyCertSign and cRLSign, subject key identifier. The subject's organisation is
/// the network's name.
package struct RootAuthority: Sendable {
    package static let lifetime: TimeInterval = 3_652 * 86_400

    package let certificate: NetworkCertificate
    package let key: PrincipalKey
    package let network: String

    /// A new root for `network`.
    package static func make(
        network: String,
        now: Date,
        key: PrincipalKey = PrincipalKey(),
        serial: CertificateSerial = .random()
    ) throws(CertificateError) -> RootAuthority {
        guard PrincipalName.isNetwork(network) else { throw .otherNetwork }
        let publicKey = Certificate.PublicKey(key.key.publicKey)
        let name = try AuthorityProfile.subject(network: network, title: "Consilium root", publicKey: publicKey)
        let certificate = try AuthorityProfile.sign(
            subject: name,
            publicKey: publicKey,
            issuer: name,
            issuerKey: key,
            lifetime: AuthorityProfile.validity(from: now, for: lifetime),
            serial: serial
        ) {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(hash: publicKey)
        }
        return try RootAuthority(certificate: certificate, key: key)
    }

    /// Reads a root's certificate and key; refuses a pair that does not match.
    package init(certificatePEM: String, keyPEM: String) throws(CertificateError) {
        try self.init(certificate: NetworkCertificate(pem: certificatePEM), key: PrincipalKey(pem: keyPEM))
    }

    init(certificate: NetworkCertificate, key: PrincipalKey) throws(CertificateError) {
        guard certificate.isAuthority else { throw .notAuthority }
        guard let network = certificate.organization, PrincipalName.isNetwork(network) else { throw .otherNetwork }
        guard key.matches(certificate) else { throw .keyMismatch }
        self.certificate = certificate
        self.key = key
        self.network = network
    }

    /// A new issuing authority with a new key; the former one stays valid until it ends or its holders renew.
    ///
    /// Profile: P-256, 1 year, path length 0, name constraint to URIs of this network's trust domain.
    package func makeIssuingAuthority(
        now: Date,
        lifetime: TimeInterval = IssuingAuthority.lifetime,
        key issuingKey: PrincipalKey = PrincipalKey(),
        serial: CertificateSerial = .random()
    ) throws(CertificateError) -> IssuingAuthority {
        guard certificate.isValid(at: now) else { throw .authorityNotValid }
        let publicKey = Certificate.PublicKey(issuingKey.key.publicKey)
        let issued = try AuthorityProfile.sign(
            subject: AuthorityProfile.subject(
                network: network,
                title: "Consilium issuing authority",
                publicKey: publicKey
            ),
            publicKey: publicKey,
            issuer: certificate.certificate.subject,
            issuerKey: key,
            lifetime: AuthorityProfile.validity(from: now, for: lifetime, endingBy: certificate.notAfter),
            serial: serial
        ) {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            Critical(NameConstraints(permittedURIDomains: [network]))
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityProfile.authorityKeyIdentifier(of: key)
        }
        return try IssuingAuthority(certificate: issued, key: issuingKey)
    }

    /// The new root's name and key, signed by this root, so that a client that trusts this root can accept the new one.
    package func endorse(
        _ successor: NetworkCertificate,
        now: Date,
        serial: CertificateSerial = .random()
    ) throws(CertificateError) -> NetworkCertificate {
        guard certificate.isValid(at: now) else { throw .authorityNotValid }
        guard successor.isAuthority else { throw .notAuthority }
        guard successor.organization == network else { throw .otherNetwork }
        let publicKey = successor.certificate.publicKey
        return try AuthorityProfile.sign(
            subject: successor.certificate.subject,
            publicKey: publicKey,
            issuer: certificate.certificate.subject,
            issuerKey: key,
            lifetime: AuthorityProfile.validity(from: now, for: Self.lifetime, endingBy: certificate.notAfter),
            serial: serial
        ) {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 1))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityProfile.authorityKeyIdentifier(of: key)
        }
    }
}
