import Crypto
import Foundation
import SwiftASN1
import X509

@testable import ConsiliumTransport

/// A network made in memory for one test: root, issuing authority, and certificates good and bad.
struct TestNetwork {
    static let day: TimeInterval = 86_400
    let name: String
    let now: Date
    let root: RootAuthority
    let issuing: IssuingAuthority

    init(name: String = "test.network", now: Date = Date()) throws {
        self.name = name
        self.now = now
        root = try RootAuthority.make(network: name, now: now)
        issuing = try root.makeIssuingAuthority(now: now)
    }

    func principal(_ site: String = "S1", _ kind: PrincipalName.Kind = .node, _ name: String = "his") throws
        -> PrincipalName
    {
        try PrincipalName(network: self.name, site: site, kind: kind, name: name)
    }

    func credentials(_ principal: PrincipalName, at time: Date? = nil) throws -> Credentials {
        let key = PrincipalKey()
        let leaf = try issuing.issue(
            csr: key.certificateSigningRequest(commonName: "ignored"),
            to: principal,
            lifetime: 30 * Self.day,
            now: time ?? now
        )
        return try Credentials(chain: [leaf, issuing.certificate], key: key)
    }

    func hub(names: [String] = ["localhost", "127.0.0.1", "::1"]) throws -> Credentials {
        let key = PrincipalKey()
        let leaf = try issuing.issueHub(publicKeyOf: key, names: names, lifetime: 90 * Self.day, now: now)
        return try Credentials(chain: [leaf, issuing.certificate], key: key)
    }

    func client(_ credentials: Credentials?) throws -> ClientTLS {
        try ClientTLS(roots: [root.certificate], credentials: credentials)
    }

    func server(_ purpose: ServerPurpose = .mutual) throws -> TLSContextBox {
        try TLSContextBox(purpose, credentials: hub(), roots: [root.certificate])
    }

    /// A leaf that breaks one rule: everything can be set, nothing is checked.
    func forge(
        names: [GeneralName]? = nil,
        usages: [ExtendedKeyUsage.Usage]? = [.clientAuth],
        constraints: BasicConstraints = .notCertificateAuthority,
        keyUsage: KeyUsage = KeyUsage(digitalSignature: true),
        from: TimeInterval = -600,
        to: TimeInterval = 30 * day,
        selfSigned: Bool = false,
        signer: (certificate: NetworkCertificate, key: PrincipalKey)? = nil,
        chain: [NetworkCertificate]? = nil
    ) throws -> Credentials {
        let key = PrincipalKey()
        let issuer = signer ?? (issuing.certificate, issuing.key)
        let subject = try DistinguishedName { CommonName("forged") }
        let publicKey = Certificate.PublicKey(key.key.publicKey)
        let alternatives = try names ?? [.uniformResourceIdentifier(principal().uri)]
        let leaf = try Certificate(
            version: .v3,
            serialNumber: CertificateSerial.random().number,
            publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(from),
            notValidAfter: now.addingTimeInterval(to),
            issuer: selfSigned ? subject : issuer.certificate.certificate.subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(constraints)
                Critical(keyUsage)
                if let usages { try ExtendedKeyUsage(usages) }
                if !alternatives.isEmpty { SubjectAlternativeNames(alternatives) }
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityProfile.authorityKeyIdentifier(of: selfSigned ? key : issuer.key)
            },
            issuerPrivateKey: Certificate.PrivateKey(selfSigned ? key.key : issuer.key.key)
        )
        return try Credentials(
            chain: [NetworkCertificate(leaf)] + (chain ?? [issuing.certificate]),
            key: key
        )
    }
}
