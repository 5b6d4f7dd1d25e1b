import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import ConsiliumTransport

/// Certificates that must not let anybody in: first over a real handshake, then on the reading of the leaf alone.
@Suite("Bad certificates")
struct BadCertificateTests {
    /// What the peer shows, and at which stage it is turned away.
    enum Case: String, CaseIterable, Sendable {
        // Refused by TLS itself.
        case noCertificate, selfSigned, otherRoot, otherRootOfSameName, truncatedChain, foreignIntermediate
        case leafAsIssuer, expired, notYetValid, serverUsageOnly, hubCertificate, tlsOneTwo, expiredAuthority
        case outsideNameConstraint, secondLevelAuthority, noNames
        // Accepted by TLS, refused by the reading of the identity or by admission.
        case dnsOnly, twoURIs, noSite, wrongKind, upperCaseNetwork, emptySite, dotSegment, query, extraSegment
        case httpURI, percentEscape, unknownPrincipal, revokedPrincipal

        var isRefusedByTLS: Bool {
            switch self {
            case .noCertificate, .selfSigned, .otherRoot, .otherRootOfSameName, .truncatedChain, .foreignIntermediate,
                .leafAsIssuer, .expired, .notYetValid, .serverUsageOnly, .hubCertificate, .tlsOneTwo,
                .expiredAuthority, .outsideNameConstraint, .secondLevelAuthority, .noNames:
                true
            default: false
            }
        }

        var code: PeerRejection.Code? {
            switch self {
            case .dnsOnly: .noURI
            case .twoURIs: .severalURIs
            case .unknownPrincipal: .principalUnknown
            case .revokedPrincipal: .principalRevoked
            default: isRefusedByTLS ? nil : .notPrincipalName
            }
        }
    }

    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    private func uri(_ text: String) throws -> Credentials {
        try network.forge(names: [.uniformResourceIdentifier(text)])
    }

    private func credentials(_ bad: Case) throws -> Credentials? {
        let day = TestNetwork.day
        let network = self.network
        switch bad {
        case .noCertificate: return nil
        case .tlsOneTwo, .unknownPrincipal: return try network.credentials(network.principal())
        case .revokedPrincipal: return try network.credentials(network.principal("S9", .node, "lost"))
        case .selfSigned: return try network.forge(selfSigned: true, chain: [])
        case .otherRoot:
            let other = try TestNetwork(name: "other.network")
            return try other.credentials(other.principal())
        case .otherRootOfSameName:
            let other = try TestNetwork(name: network.name)
            return try other.credentials(other.principal())
        case .truncatedChain:
            let good = try network.credentials(network.principal())
            return try Credentials(chain: [good.leaf], key: good.key)
        case .foreignIntermediate:
            let other = try TestNetwork(name: network.name)
            let good = try network.credentials(network.principal())
            let forged = try other.credentials(other.principal())
            return try Credentials(chain: [forged.leaf, other.issuing.certificate], key: forged.key)
                .replacingIssuer(
                    with: good.chain[1]
                )
        case .leafAsIssuer:
            let node = try network.credentials(network.principal("S1", .node, "attacker"))
            return try network.forge(
                signer: (node.leaf, node.key),
                chain: [node.leaf, network.issuing.certificate]
            )
        case .expired: return try network.forge(from: -40 * day, to: -1)
        case .notYetValid: return try network.forge(from: 3_600, to: day)
        case .serverUsageOnly: return try network.forge(usages: [.serverAuth])
        case .hubCertificate: return try network.hub()
        case .expiredAuthority:
            let key = PrincipalKey()
            let publicKey = Certificate.PublicKey(key.key.publicKey)
            let old = try AuthorityProfile.sign(
                subject: DistinguishedName { CommonName("old") },
                publicKey: publicKey,
                issuer: network.root.certificate.certificate.subject,
                issuerKey: network.root.key,
                lifetime: network.now.addingTimeInterval(-400 * day)...network.now.addingTimeInterval(-day),
                serial: .random()
            ) {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityProfile.authorityKeyIdentifier(of: network.root.key)
            }
            return try network.forge(signer: (old, key), chain: [old])
        case .outsideNameConstraint: return try uri("spiffe://other.network/site/S1/node/his")
        case .secondLevelAuthority:
            let authority = try network.forge(
                names: [],
                usages: nil,
                constraints: .isCertificateAuthority(maxPathLength: nil),
                keyUsage: KeyUsage(keyCertSign: true)
            )
            return try network.forge(
                signer: (authority.leaf, authority.key),
                chain: [authority.leaf, network.issuing.certificate]
            )
        case .noNames: return try network.forge(names: [])
        case .dnsOnly: return try network.forge(names: [.dnsName("his.example")])
        case .twoURIs:
            return try network.forge(names: [
                .uniformResourceIdentifier(network.principal().uri),
                .uniformResourceIdentifier(network.principal("S2").uri),
            ])
        case .noSite: return try uri("spiffe://test.network/node/his")
        case .wrongKind: return try uri("spiffe://test.network/site/S1/admin/his")
        case .upperCaseNetwork: return try uri("spiffe://TEST.network/site/S1/node/his")
        case .emptySite: return try uri("spiffe://test.network/site//node/his")
        case .dotSegment: return try uri("spiffe://test.network/site/../node/his")
        case .query: return try uri("spiffe://test.network/site/S1/node/his?role=admin")
        case .extraSegment: return try uri("spiffe://test.network/site/S1/node/his/op/root")
        case .httpURI: return try uri("https://test.network/site/S1/node/his")
        case .percentEscape: return try uri("spiffe://test.network/site/S1/node/%68is")
        }
    }

    @Test("Nobody gets in with", arguments: Case.allCases)
    func refused(bad: Case) async throws {
        let network = self.network
        let tls = try network.client(credentials(bad))
        let handled = NIOLockedValue(0)
        let admission: Admission = { peer in
            handled.value += 1
            switch bad {
            case .unknownPrincipal: return PeerRejection(.principalUnknown)
            case .revokedPrincipal: return PeerRejection(.principalRevoked)
            default: return nil
            }
        }
        let maximum: TLSVersionLimit = bad == .tlsOneTwo ? .oneTwo : .any
        let registry = ConnectionRegistry()
        let answer = try await LiveHub.run(network, registry: registry, admission: admission) { hub in
            await RawClient.answer(hub.port, tls, maximum, "GET /who HTTP/1.1\r\nhost: h\r\n\r\n")
        }
        if bad == .hubCertificate {
            // The hub delivers to members as a client; at its own door its name is no principal's, at either stage.
            #expect(answer?.contains("not-a-principal-name") ?? true)
            #expect(handled.value == 0)
        } else if bad.isRefusedByTLS {
            #expect(answer == nil)
            #expect(handled.value == 0)
        } else {
            let code = try #require(bad.code)
            #expect(answer?.hasPrefix("HTTP/1.1 403") == true)
            #expect(answer?.hasSuffix(#"{"code":"\#(code.rawValue)"}"#) == true)
            #expect(registry.counters.refused == [code: 1])
        }
        #expect(registry.counters.admitted == 0)
    }

    @Test("The good certificate that all of these are made from does get in")
    func accepted() async throws {
        let network = self.network
        let tls = try network.client(network.forge())
        let answer = try await LiveHub.run(network) { hub in
            await RawClient.answer(hub.port, tls, .any, "GET /who HTTP/1.1\r\nhost: h\r\n\r\n")
        }
        #expect(answer?.hasPrefix("HTTP/1.1 200") == true)
    }
}

@Suite("Reading a peer's identity")
struct PeerIdentityTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    private func rejection(_ credentials: Credentials, at time: Date? = nil) -> PeerRejection.Code? {
        do throws(PeerRejection) {
            _ = try PeerIdentity(der: credentials.leaf.der, network: network.name, now: time ?? network.now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("A good leaf gives name, serial, fingerprints and lifetime")
    func good() throws {
        let principal = try network.principal()
        let leaf = try network.credentials(principal).leaf
        let identity = try PeerIdentity(der: leaf.der, network: network.name, now: network.now)
        #expect(identity.principal == principal)
        #expect(identity.serial == leaf.serial)
        #expect(identity.serial.count == 32)
        #expect(identity.fingerprint == leaf.fingerprint)
        #expect(identity.publicKeyFingerprint == leaf.publicKeyFingerprint)
        #expect(identity.notAfter == leaf.notAfter)
    }

    @Test("Other names beside the one URI do no harm")
    func otherNames() throws {
        let uri = try network.principal().uri
        let leaf = try network.forge(names: [.dnsName("his.example"), .uniformResourceIdentifier(uri)])
        #expect(rejection(leaf) == nil)
    }

    @Test("Without a URI there is no identity")
    func noNames() throws {
        #expect(rejection(try network.forge(names: [])) == .noURI)
        #expect(rejection(try network.forge(names: [.dnsName("his.example")])) == .noURI)
    }

    @Test("An authority is no principal, whichever way it shows")
    func authority() throws {
        #expect(
            rejection(try network.forge(constraints: .isCertificateAuthority(maxPathLength: 0)))
                == .authorityCertificate
        )
        #expect(
            rejection(try network.forge(keyUsage: KeyUsage(digitalSignature: true, keyCertSign: true)))
                == .authorityCertificate
        )
        #expect(
            rejection(try network.forge(keyUsage: KeyUsage(digitalSignature: true, cRLSign: true)))
                == .authorityCertificate
        )
    }

    @Test("The usage must be that of a client that signs")
    func usage() throws {
        #expect(rejection(try network.forge(usages: nil)) == .wrongKeyUsage)
        #expect(rejection(try network.forge(usages: [.serverAuth])) == .wrongKeyUsage)
        #expect(rejection(try network.forge(usages: [.any])) == .wrongKeyUsage)
        #expect(rejection(try network.forge(keyUsage: KeyUsage(keyEncipherment: true))) == .wrongKeyUsage)
    }

    @Test("Time counts to the second, both ends included")
    func validity() throws {
        let leaf = try network.forge()
        #expect(rejection(leaf, at: leaf.leaf.notBefore) == nil)
        #expect(rejection(leaf, at: leaf.leaf.notAfter) == nil)
        #expect(rejection(leaf, at: leaf.leaf.notBefore.addingTimeInterval(-1)) == .notYetValid)
        #expect(rejection(leaf, at: leaf.leaf.notAfter.addingTimeInterval(1)) == .expired)
    }

    @Test("A principal of another network is told so")
    func otherNetwork() throws {
        let leaf = try network.forge(names: [.uniformResourceIdentifier("spiffe://other/site/S1/node/his")])
        #expect(rejection(leaf) == .otherNetwork)
    }

    @Test("Bytes that are no certificate are refused, cut anywhere", arguments: [0, 1, 40, 200])
    func malformed(length: Int) throws {
        let leaf = try network.forge().leaf
        #expect(throws: PeerRejection(.malformedCertificate)) {
            try PeerIdentity(der: Array(leaf.der.prefix(length)), network: network.name, now: network.now)
        }
    }

    @Test("Names that cannot be read are malformed, not absent")
    func malformedNames() throws {
        let key = PrincipalKey()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: CertificateSerial.random().number,
            publicKey: Certificate.PublicKey(key.key.publicKey),
            notValidBefore: network.now,
            notValidAfter: network.now.addingTimeInterval(60),
            issuer: network.issuing.certificate.certificate.subject,
            subject: DistinguishedName { CommonName("x") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                try ExtendedKeyUsage([.clientAuth])
                Certificate.Extension(oid: .X509ExtensionID.subjectAlternativeName, critical: false, value: [1, 2, 3])
            },
            issuerPrivateKey: Certificate.PrivateKey(network.issuing.key.key)
        )
        let leaf = try NetworkCertificate(certificate)
        #expect(throws: PeerRejection(.malformedCertificate)) {
            try PeerIdentity(leaf, network: network.name, now: network.now)
        }
    }

    @Test("Every code is its own word")
    func codes() {
        let words = PeerRejection.Code.allCases.map(\.rawValue)
        #expect(Set(words).count == words.count)
        #expect(words.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "-" } })
    }
}
