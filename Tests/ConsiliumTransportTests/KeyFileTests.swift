import Foundation
import SwiftASN1
import Testing

@testable import ConsiliumTransport

@Suite("Private keys at rest")
struct KeyFileTests {
    let key = PrincipalKey()

    @Test("A key file opens with its passphrase, Chinese ones included")
    func opens() throws {
        let text = try key.encrypted(passphrase: "正确的马电池订书钉", cost: .weakest)
        #expect(PrincipalKey.isEncrypted(text))
        #expect(!PrincipalKey.isEncrypted(key.pem))
        let opened = try PrincipalKey.open(text, passphrase: "正确的马电池订书钉")
        #expect(opened.publicKeyFingerprint == key.publicKeyFingerprint)
        #expect(opened.pem == key.pem)
    }

    @Test("A wrong passphrase does not open it", arguments: ["", "secret ", "Secret"])
    func wrongPassphrase(guess: String) throws {
        let text = try key.encrypted(passphrase: "secret", cost: .weakest)
        #expect(throws: CertificateError.wrongPassphrase) { try PrincipalKey.open(text, passphrase: guess) }
    }

    @Test("Two files of one key and passphrase share nothing but their header")
    func salted() throws {
        let one = try key.encrypted(passphrase: "secret", cost: .weakest)
        let two = try key.encrypted(passphrase: "secret", cost: .weakest)
        #expect(one != two)
    }

    @Test("A changed byte anywhere is noticed")
    func tampering() throws {
        let text = try key.encrypted(passphrase: "secret", cost: .weakest)
        let document = try PEMDocument(pemString: text)
        for index in [5] + stride(from: 8, to: document.derBytes.count, by: 7) {
            var changed = document.derBytes
            changed[index] ^= index == 5 ? 1 : 0x40
            let forged = PEMDocument(type: document.discriminator, derBytes: changed).pemString
            #expect(throws: CertificateError.wrongPassphrase) { try PrincipalKey.open(forged, passphrase: "secret") }
        }
    }

    @Test("A file that asks for a gigabyte and more is not even tried")
    func parameters() throws {
        let text = try key.encrypted(passphrase: "secret", cost: .weakest)
        let document = try PEMDocument(pemString: text)
        var body = document.derBytes
        body[5] = 21
        let forged = PEMDocument(type: document.discriminator, derBytes: body).pemString
        #expect(throws: CertificateError.keyFileParameters) { try PrincipalKey.open(forged, passphrase: "secret") }
        #expect(throws: CertificateError.keyFileParameters) {
            try key.encrypted(passphrase: "a", cost: KeyFileCost(logN: 9, blockSize: 8, parallelism: 1))
        }
    }

    @Test("What is no key file is refused as such", arguments: ["", "secret", "-----BEGIN PRIVATE KEY-----"])
    func noKeyFile(text: String) {
        #expect(throws: CertificateError.malformed("a PEM block CONSILIUM ENCRYPTED KEY")) {
            try PrincipalKey.open(text, passphrase: "secret")
        }
    }

    @Test("A key survives PEM; other keys are refused")
    func pem() throws {
        #expect(try PrincipalKey(pem: key.pem).publicKeyFingerprint == key.publicKeyFingerprint)
        #expect(throws: CertificateError.malformed("a P-256 private key in PEM")) { try PrincipalKey(pem: "x") }
    }

    @Test("A private file is replaced whole, is its owner's alone, and leaves no traces beside it")
    func privateFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("key.pem").path
        try PrivateFile.write("one", to: path)
        try PrivateFile.write("two and more", to: path)
        #expect(try PrivateFile.read(path) == Array("two and more".utf8))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key.pem"])

        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let error = #expect(throws: PrivateFileError.self) { try PrivateFile.read(path) }
        #expect(error?.step == .tooOpen)
    }

    @Test("A folder that is not there is an error that names the file")
    func noFolder() {
        let error = #expect(throws: PrivateFileError.self) { try PrivateFile.write("x", to: "/no/such/folder/key.pem") }
        #expect(error?.step == .create)
        #expect(error?.description.contains("/no/such/folder/key.pem") == true)
    }
}
