import Foundation
import Testing

@testable import ConsiliumTransport

/// What passes between client and hub as text: enrolment tokens and signatures.
@Suite struct TokenAndSignatureTests {
    @Test("A token reads back as it was written, also when it was pasted with line breaks")
    func tokens() throws {
        let token = EnrolmentToken(
            host: "hub",
            consolePort: 8_444,
            apiPort: 8_443,
            mllpPort: 2_575,
            rootFingerprint: "ab",
            secret: "secret",
            principal: "S/op/a"
        )
        let text = token.text
        #expect(EnrolmentToken(text) == token)
        #expect(EnrolmentToken(String(text.prefix(20)) + "\n  " + text.dropFirst(20)) == token)
        for wrong in ["", "consilium1.", "consilium2." + text.dropFirst(11), String(text.dropLast(10))] {
            #expect(EnrolmentToken(wrong) == nil, "\(wrong)")
        }
    }

    @Test("A token that names only what it must gets the standard api port")
    func bareToken() throws {
        let json = #"{"h":"hub","p":8444,"f":"ab","s":"secret"}"#
        let token = try #require(EnrolmentToken("consilium1." + Base64URL.encode(json.utf8)))
        #expect(token.apiPort == 8_443 && token.mllpPort == nil && token.principal == "")
    }

    @Test("Base 64 for URLs has neither padding nor signs that URLs know")
    func base64() {
        let bytes: [UInt8] = [0xFB, 0xEF, 0xFF, 0x00]
        #expect(Base64URL.encode(bytes) == "--__AA")
        #expect(Base64URL.decode("--__AA") == bytes)
        #expect(Base64URL.encode([]) == "")
        #expect(Base64URL.decode("a*b") == nil)
    }

    private let payload = Array(#"{"attachments":[],"elements":{}}"#.utf8)

    private func signed() throws -> (jws: String, certificate: NetworkCertificate, header: DetachedSignature.Header) {
        let network = try TestNetwork()
        let signer = try network.credentials(network.principal())
        let header = DetachedSignature.Header(
            caseID: "01H",
            version: 7,
            licence: "L1",
            time: "2026-03-02T01:00:00Z",
            certificate: signer.chain[0]
        )
        return (try DetachedSignature.sign(payload, header: header, key: signer.key), signer.chain[0], header)
    }

    @Test("A signature binds payload, header and certificate")
    func signature() throws {
        let (jws, certificate, header) = try signed()
        let read = try #require(DetachedSignature(jws))
        #expect(read.header == header)
        #expect(read.isValid(over: payload, by: certificate))
        #expect(!read.isValid(over: payload + [0], by: certificate))
        #expect(!read.isValid(over: payload, by: try TestNetwork().root.certificate))
    }

    @Test("A changed header, another algorithm, a payload inside or an extension to be understood is refused")
    func refusals() throws {
        let (jws, certificate, header) = try signed()
        let parts = jws.split(separator: ".", omittingEmptySubsequences: false)
        let text = String(decoding: try #require(Base64URL.decode(parts[0])), as: UTF8.self)
        func with(_ old: String, _ new: String) -> DetachedSignature? {
            #expect(text.contains(old))
            let head = Base64URL.encode(text.replacing(old, with: new).utf8)
            return DetachedSignature("\(head)..\(parts[2])")
        }
        let changed = try #require(with(#""version":7"#, #""version":8"#))
        #expect(changed.header != header && !changed.isValid(over: payload, by: certificate))
        #expect(with("ES256", "none") == nil)
        #expect(with(#"{"alg""#, #"{"crit":["b64"],"alg""#) == nil)
        #expect(DetachedSignature("\(parts[0]).e30.\(parts[2])") == nil)
        for wrong in ["", "..", "a.b", "\(parts[0])..", "\(parts[0])..*"] {
            #expect(DetachedSignature(wrong).map { $0.isValid(over: payload, by: certificate) } != true, "\(wrong)")
        }
    }
}
