import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import ConsiliumTransport

@Suite("The authorities of a network")
struct AuthorityTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    private func request(_ key: PrincipalKey = PrincipalKey()) throws -> String {
        try key.certificateSigningRequest(commonName: "anything")
    }

    @Test("A root lives ten years, signs itself and may issue")
    func root() throws {
        let root = network.root.certificate
        #expect(root.isAuthority)
        #expect(root.isSigned(by: root))
        #expect(root.notAfter > network.now.addingTimeInterval(3_650 * TestNetwork.day))
        #expect(try #require(try root.certificate.extensions.keyUsage).keyCertSign)
        #expect(try root.certificate.extensions.subjectKeyIdentifier != nil)
    }

    @Test("An issuing authority lives a year, issues leaves only, and only for its network's URIs")
    func issuingAuthority() throws {
        let authority = network.issuing.certificate
        #expect(authority.isSigned(by: network.root.certificate))
        #expect(try authority.certificate.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
        let constraints = try #require(try authority.certificate.extensions.nameConstraints)
        #expect(Array(constraints.permittedURIDomains) == [network.name])
        #expect(authority.notAfter <= network.now.addingTimeInterval(365 * TestNetwork.day))
    }

    @Test("A node may be client and server, an operator only client")
    func usages() throws {
        let node = try network.credentials(network.principal()).leaf
        let person = try network.credentials(network.principal("S1", .operator, "li")).leaf
        let nodeUsage = try #require(try node.certificate.extensions.extendedKeyUsage)
        let personUsage = try #require(try person.certificate.extensions.extendedKeyUsage)
        #expect(nodeUsage.contains(.clientAuth) && nodeUsage.contains(.serverAuth))
        #expect(personUsage.contains(.clientAuth) && !personUsage.contains(.serverAuth))
    }

    @Test("A certificate begins ten minutes before it is issued and ends when told")
    func lifetime() throws {
        let leaf = try network.credentials(network.principal()).leaf
        #expect(abs(leaf.notBefore.timeIntervalSince(network.now) + 600) <= 1)
        #expect(abs(leaf.notAfter.timeIntervalSince(network.now) - 30 * TestNetwork.day) <= 1)
    }

    @Test("A certificate never outlives the authority that issued it")
    func cut() throws {
        let late = network.now.addingTimeInterval(364 * TestNetwork.day)
        let leaf = try network.credentials(network.principal(), at: late).leaf
        #expect(leaf.notAfter == network.issuing.certificate.notAfter)
    }

    @Test("The names that a request asks for are ignored")
    func requestedNames() throws {
        let key = PrincipalKey()
        let csr = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName("administrator") },
            privateKey: Certificate.PrivateKey(key.key),
            attributes: CertificateSigningRequest.Attributes([
                .init(
                    ExtensionRequest(
                        extensions: Certificate.Extensions {
                            SubjectAlternativeNames([
                                .uniformResourceIdentifier("spiffe://test.network/site/OTHER/op/admin"),
                                .dnsName("hub"),
                            ])
                        }
                    )
                )
            ])
        )
        let leaf = try network.issuing.issue(
            csr: csr.serializeAsPEM().pemString,
            to: network.principal(),
            lifetime: 60,
            now: network.now
        )
        #expect(leaf.uris == [try network.principal().uri])
        #expect(try #require(try leaf.certificate.extensions.subjectAlternativeNames).count == 1)
        #expect(!leaf.subject.contains("administrator"))
    }

    @Test("A request that is not signed by its own key is refused")
    func proofOfPossession() throws {
        let mine = PrincipalKey()
        let honest = try CertificateSigningRequest(pemEncoded: request(mine))
        let theft = try CertificateSigningRequest(
            version: .v1,
            subject: honest.subject,
            publicKey: Certificate.PublicKey(PrincipalKey().key.publicKey),
            attributes: honest.attributes,
            signatureAlgorithm: honest.signatureAlgorithm,
            signature: honest.signature
        )
        let pem = try theft.serializeAsPEM().pemString
        #expect(throws: CertificateError.proofOfPossession) { try CertificateRequest(pem: pem) }
    }

    @Test("A request over another kind of key is refused")
    func otherCurve() throws {
        let csr = try CertificateSigningRequest(
            version: .v1,
            subject: DistinguishedName { CommonName("a") },
            privateKey: Certificate.PrivateKey(P384.Signing.PrivateKey()),
            attributes: CertificateSigningRequest.Attributes()
        )
        let pem = try csr.serializeAsPEM().pemString
        #expect(throws: CertificateError.unsupportedKey) { try CertificateRequest(pem: pem) }
    }

    @Test(
        "Text that is no request is refused",
        arguments: ["", "hello", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"]
    )
    func noRequest(text: String) {
        #expect(throws: CertificateError.malformed("a certificate request in PEM")) {
            try CertificateRequest(pem: text)
        }
    }

    @Test("A principal of another network gets no certificate")
    func otherNetwork() throws {
        let stranger = try PrincipalName(network: "other.network", site: "S", kind: .node, name: "a")
        let csr = try request()
        #expect(throws: CertificateError.otherNetwork) {
            try network.issuing.issue(csr: csr, to: stranger, lifetime: 60, now: network.now)
        }
    }

    @Test("Lifetimes of nothing, less than nothing and more than thirteen months are refused")
    func lifetimes() throws {
        let csr = try request()
        let principal = try network.principal()
        for lifetime in [0, -1, 398 * TestNetwork.day] {
            #expect(throws: CertificateError.lifetime) {
                try network.issuing.issue(csr: csr, to: principal, lifetime: lifetime, now: network.now)
            }
        }
    }

    @Test("An authority that has ended, or not begun, issues nothing")
    func endedAuthority() throws {
        let csr = try request()
        let principal = try network.principal()
        for days in [-1.0, 366.0] {
            let time = network.now.addingTimeInterval(days * TestNetwork.day)
            #expect(throws: CertificateError.authorityNotValid) {
                try network.issuing.issue(csr: csr, to: principal, lifetime: 60, now: time)
            }
        }
    }

    @Test("A leaf cannot be loaded as an authority, nor an authority with another's key")
    func notAnAuthority() throws {
        let leaf = try network.credentials(network.principal())
        #expect(throws: CertificateError.notAuthority) {
            try IssuingAuthority(certificatePEM: leaf.leaf.pem, keyPEM: leaf.key.pem)
        }
        #expect(throws: CertificateError.keyMismatch) {
            try IssuingAuthority(certificatePEM: network.issuing.certificate.pem, keyPEM: network.root.key.pem)
        }
    }

    @Test("Authorities survive being written and read")
    func roundTrip() throws {
        let root = try RootAuthority(certificatePEM: network.root.certificate.pem, keyPEM: network.root.key.pem)
        #expect(root.certificate == network.root.certificate)
        #expect(root.network == network.name)
        let issuing = try IssuingAuthority(
            certificatePEM: network.issuing.certificate.pem,
            keyPEM: network.issuing.key.pem
        )
        #expect(issuing.network == network.name)
    }

    @Test("A new issuing authority has a new key and name; both stand under the root")
    func renewal() throws {
        let second = try network.root.makeIssuingAuthority(now: network.now)
        #expect(second.certificate.publicKeyFingerprint != network.issuing.certificate.publicKeyFingerprint)
        #expect(second.certificate.subject != network.issuing.certificate.subject)
        #expect(second.certificate.isSigned(by: network.root.certificate))
    }

    @Test("A new root is endorsed by the old one under its own name and key, a stranger's is not")
    func endorsement() throws {
        let successor = try RootAuthority.make(network: network.name, now: network.now)
        let bridge = try network.root.endorse(successor.certificate, now: network.now)
        #expect(bridge.isSigned(by: network.root.certificate))
        #expect(bridge.publicKeyFingerprint == successor.certificate.publicKeyFingerprint)
        #expect(bridge.subject == successor.certificate.subject)
        let stranger = try RootAuthority.make(network: "other.network", now: network.now)
        #expect(throws: CertificateError.otherNetwork) {
            try network.root.endorse(stranger.certificate, now: network.now)
        }
        #expect(throws: CertificateError.notAuthority) {
            try network.root.endorse(network.credentials(network.principal()).leaf, now: network.now)
        }
    }

    @Test("Serial numbers are 16 random bytes and can be chosen by a seeded generator")
    func serials() {
        struct Zero: RandomNumberGenerator { mutating func next() -> UInt64 { 0 } }
        var zero = Zero()
        let serial = CertificateSerial(using: &zero)
        #expect(serial.bytes == [1] + Array(repeating: 0, count: 15))
        #expect(Set((0..<100).map { _ in CertificateSerial.random() }).count == 100)
    }

    @Test("A hub's certificate names its hosts, may serve, and is no principal's")
    func hub() throws {
        let leaf = try network.hub(names: ["Hub.Example.ORG", "192.0.2.7", "2001:db8::1"]).leaf
        let names = try #require(try leaf.certificate.extensions.subjectAlternativeNames)
        #expect(names.contains(.dnsName("hub.example.org")))
        #expect(names.contains(.ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 7]))))
        #expect(leaf.uris == ["spiffe://test.network/hub"])
        #expect(try #require(try leaf.certificate.extensions.extendedKeyUsage).contains(.serverAuth))
        #expect(throws: PeerRejection(.notPrincipalName)) {
            try PeerIdentity(leaf, network: network.name, now: network.now)
        }
    }

    @Test(
        "What is no host name is refused for a hub",
        arguments: ["", "a b", "-a.example", "a..b", "*.example.org", "10.0.0.256", "医院.example", "a/b", "::g"]
    )
    func hostNames(name: String) throws {
        #expect(throws: CertificateError.hostName(name)) { try network.hub(names: [name]) }
    }

    @Test("Credentials refuse another's key, no chain, and a chain out of order")
    func credentials() throws {
        let good = try network.credentials(network.principal())
        #expect(throws: CertificateError.keyMismatch) { try Credentials(chain: good.chain, key: PrincipalKey()) }
        #expect(throws: CertificateError.malformed("a certificate chain")) { try Credentials(chain: [], key: good.key) }
        #expect(throws: CertificateError.malformed("a chain, each signed by the next")) {
            try Credentials(chain: [good.leaf, network.root.certificate], key: good.key)
        }
    }

    @Test("Key and chain in one text come back whole; half of it does not")
    func oneFile() throws {
        let good = try network.credentials(network.principal())
        let read = try Credentials(pem: good.pem)
        #expect(read.chain == good.chain)
        #expect(read.key.publicKeyFingerprint == good.key.publicKeyFingerprint)
        #expect(try IssuingAuthority(pem: network.issuing.pem).certificate == network.issuing.certificate)
        #expect(throws: CertificateError.malformed("a P-256 private key in PEM")) {
            try Credentials(pem: NetworkCertificate.pem(good.chain))
        }
        #expect(throws: CertificateError.malformed("a certificate chain")) { try Credentials(pem: good.key.pem) }
    }

    @Test("A signature verifies with the certificate, and not over other bytes or another key")
    func signatures() throws {
        let one = try network.credentials(network.principal())
        let other = try network.credentials(network.principal("S2"))
        let signature = try one.key.sign(Array("report".utf8))
        #expect(signature.count == 64)
        #expect(one.leaf.isValidSignature(signature, over: Array("report".utf8)))
        #expect(!one.leaf.isValidSignature(signature, over: Array("Report".utf8)))
        #expect(!other.leaf.isValidSignature(signature, over: Array("report".utf8)))
        #expect(!one.leaf.isValidSignature([1, 2, 3], over: Array("report".utf8)))
    }

    @Test("PEM carries several certificates in order, and nothing else counts")
    func pem() throws {
        let good = try network.credentials(network.principal())
        let text = "comment\n" + good.key.pem + NetworkCertificate.pem(good.chain)
        #expect(try NetworkCertificate.chain(pem: text) == good.chain)
        #expect(throws: CertificateError.malformed("a CERTIFICATE block in PEM")) {
            try NetworkCertificate(pem: good.key.pem)
        }
        #expect(throws: CertificateError.malformed("an X.509 certificate in DER")) {
            try NetworkCertificate(der: Array(good.leaf.der.dropLast()))
        }
    }
}
