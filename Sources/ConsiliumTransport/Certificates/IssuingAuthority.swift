import Crypto
package import Foundation
import SwiftASN1
import X509

/// The authority that issues the certificates of principals and of the hub, under the network's root.
package struct IssuingAuthority: Sendable {
    package static let lifetime: TimeInterval = 365 * 86_400
    /// The longest lifetime that a principal's or hub's certificate can be given.
    package static let maximumLeafLifetime: TimeInterval = 397 * 86_400

    package let certificate: NetworkCertificate
    package let key: PrincipalKey
    package let network: String

    /// Reads an authority's certificate and key; refuses a pair that does not match.
    package init(certificatePEM: String, keyPEM: String) throws(CertificateError) {
        try self.init(certificate: NetworkCertificate(pem: certificatePEM), key: PrincipalKey(pem: keyPEM))
    }

    /// Reads both from one PEM text, which a crash cannot tear apart.
    package init(pem: String) throws(CertificateError) {
        try self.init(certificate: NetworkCertificate(pem: pem), key: PrincipalKey(pem: pem))
    }

    /// Key and certificate in one PEM text; write it with `PrivateFile`.
    package var pem: String { key.pem + certificate.pem }

    init(certificate: NetworkCertificate, key: PrincipalKey) throws(CertificateError) {
        guard certificate.isAuthority else { throw .notAuthority }
        guard let network = certificate.organization, PrincipalName.isNetwork(network) else { throw .otherNetwork }
        guard key.matches(certificate) else { throw .keyMismatch }
        self.certificate = certificate
        self.key = key
        self.network = network
    }

    /// A certificate for `principal` over the key of `csr`.
    ///
    /// The request must prove possession of its key. Whatever names it asks for are ignored: subject and alternative
    /// name come from `principal` alone. Operators get clientAuth; nodes get clientAuth and serverAuth.
    /// - `lifetime`: seconds from `now`; cut to the authority's own end.
    package func issue(
        csr: String,
        to principal: PrincipalName,
        lifetime: TimeInterval,
        now: Date,
        serial: CertificateSerial = .random()
    ) throws(CertificateError) -> NetworkCertificate {
        try issue(CertificateRequest(pem: csr), to: principal, lifetime: lifetime, now: now, serial: serial)
    }

    /// The same for a request that has been read before.
    package func issue(
        _ request: CertificateRequest,
        to principal: PrincipalName,
        lifetime: TimeInterval,
        now: Date,
        serial: CertificateSerial = .random()
    ) throws(CertificateError) -> NetworkCertificate {
        guard principal.network == network else { throw .otherNetwork }
        return try leaf(
            publicKey: request.publicKey,
            organizationalUnit: principal.site,
            commonName: principal.name,
            names: [.uniformResourceIdentifier(principal.uri)],
            usages: principal.kind == .node ? [.clientAuth, .serverAuth] : [.clientAuth],
            lifetime: lifetime,
            now: now,
            serial: serial
        )
    }

    /// The hub's certificate, with the host's names and `spiffe://NETWORK/hub`: serverAuth, and clientAuth because the
    /// hub delivers to members' listeners. That name is no principal's, so it opens no door of the hub's own.
    ///
    /// - `names`: DNS names and IP addresses, at least one; the first is the common name.
    package func issueHub(
        publicKeyOf hubKey: PrincipalKey,
        names: [String],
        lifetime: TimeInterval,
        now: Date,
        serial: CertificateSerial = .random()
    ) throws(CertificateError) -> NetworkCertificate {
        guard !names.isEmpty else { throw .hostName("") }
        var alternatives: [GeneralName] = []
        for name in names { alternatives.append(try HostName(name).generalName) }
        alternatives.append(.uniformResourceIdentifier("spiffe://\(network)/hub"))
        return try leaf(
            publicKey: Certificate.PublicKey(hubKey.key.publicKey),
            organizationalUnit: "hub",
            commonName: String(names[0].prefix(64)),
            names: alternatives,
            usages: [.serverAuth, .clientAuth],
            lifetime: lifetime,
            now: now,
            serial: serial
        )
    }

    private func leaf(
        publicKey: Certificate.PublicKey,
        organizationalUnit: String,
        commonName: String,
        names: [GeneralName],
        usages: [ExtendedKeyUsage.Usage],
        lifetime: TimeInterval,
        now: Date,
        serial: CertificateSerial
    ) throws(CertificateError) -> NetworkCertificate {
        guard certificate.isValid(at: now) else { throw .authorityNotValid }
        guard lifetime <= Self.maximumLeafLifetime else { throw .lifetime }
        let subject: DistinguishedName
        do {
            subject = try DistinguishedName {
                OrganizationName(network)
                OrganizationalUnitName(organizationalUnit)
                CommonName(commonName)
            }
        } catch {
            throw .malformed("a distinguished name")
        }
        return try AuthorityProfile.sign(
            subject: subject,
            publicKey: publicKey,
            issuer: certificate.certificate.subject,
            issuerKey: key,
            lifetime: AuthorityProfile.validity(from: now, for: lifetime, endingBy: certificate.notAfter),
            serial: serial
        ) {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage(usages)
            SubjectAlternativeNames(names)
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityProfile.authorityKeyIdentifier(of: key)
        }
    }
}
