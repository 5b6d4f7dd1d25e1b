import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

@testable import consilium

@Suite("Identities on the disk")
struct ProfileTests {
    private func open(_ folder: TemporaryFolder, _ passphrase: String = "") throws -> Identity {
        let source = PassphraseSource(file: nil, environment: ["CONSILIUM_PASSPHRASE": passphrase])
        return try Identity.open(folder.profile, passphrase: source, language: .en)
    }

    private func save(_ identity: Identity, _ folder: TemporaryFolder) throws {
        try PrivateFile.write(identity.root[0].pem, to: folder.profile.root)
        try identity.save(in: folder.profile)
    }

    @Test("The folder is CONSILIUM_HOME, else below XDG_CONFIG_HOME, else below HOME")
    func folders() throws {
        func path(_ environment: [String: String], _ name: String? = nil) throws -> String {
            try ProfileFolder(named: name, environment: environment, language: .en).path
        }
        #expect(try path(["CONSILIUM_HOME": "/a/", "XDG_CONFIG_HOME": "/x"]) == "/a")
        #expect(try path(["XDG_CONFIG_HOME": "/x", "HOME": "/h"]) == "/x/consilium")
        #expect(try path(["HOME": "/h", "XDG_CONFIG_HOME": ""]) == "/h/.config/consilium")
        #expect(try path(["CONSILIUM_HOME": "/a"], "ward-2") == "/a/ward-2")
        #expect(try path(["CONSILIUM_HOME": "/a", "CONSILIUM_PROFILE": "b"]) == "/a/b")
        for name in ["", "..", ".x", "a/b", "spool", "drafts", "名"] {
            #expect(throws: Failure.self, "\(name)") { try path(["CONSILIUM_HOME": "/a"], name) }
        }
    }

    @Test("Without an identity the next step is to enrol")
    func nobody() throws {
        let folder = try TemporaryFolder()
        #expect {
            _ = try Profile.load(folder.profile, language: .en)
        } throws: { error in
            (error as? Failure)?.items.first?.code == "not-enrolled" && (error as? Failure)?.status == .usage
        }
    }

    @Test("A profile reads back as it was written, for its owner only")
    func profile() throws {
        let folder = try TemporaryFolder()
        let profile = Profile(
            network: "demo",
            principal: "QS-TOWN/op/wang",
            api: Address(host: "::1", port: 8443),
            mllp: nil,
            console: Address(host: "hub.example.org", port: 8444)
        )
        try profile.save(in: folder.profile)
        #expect(try Profile.load(folder.profile, language: .en) == profile)
        #expect(profile.site?.description == "QS-TOWN")
        #expect(!profile.isNode)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.profile.profile)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("An operator's key is encrypted, and opens with its passphrase only")
    func passphrase() throws {
        let folder = try TemporaryFolder()
        let identity = try TestNetwork().identity(passphrase: "correct horse")
        try save(identity, folder)
        let text = try String(contentsOfFile: folder.profile.key, encoding: .utf8)
        #expect(PrincipalKey.isEncrypted(text))
        #expect(try open(folder, "correct horse").leaf == identity.leaf)
        #expect {
            _ = try open(folder, "wrong horse")
        } throws: { error in (error as? Failure)?.items.first?.code == "wrong-passphrase" }
    }

    @Test("Whatever moment of a renewal a crash chose, key and certificate fit")
    func crashes() throws {
        let folder = try TemporaryFolder()
        let network = try TestNetwork()
        let old = try network.identity()
        let new = try network.identity()
        try save(old, folder)
        // The new certificate is there, the key is still the old one.
        try PrivateFile.write(NetworkCertificate.pem(new.chain), to: folder.profile.nextCertificate)
        #expect(try open(folder).leaf == old.leaf)
        // The key is new, the certificate in its place is still the old one.
        try PrivateFile.write(new.key.pem, to: folder.profile.key)
        #expect(try open(folder).leaf == new.leaf)
        #expect(!FileManager.default.fileExists(atPath: folder.profile.nextCertificate))
        #expect(try open(folder).leaf == new.leaf)
    }

    @Test("A certificate of another key is refused")
    func mismatch() throws {
        let folder = try TemporaryFolder()
        let network = try TestNetwork()
        try save(try network.identity(), folder)
        try PrivateFile.write(PrincipalKey().pem, to: folder.profile.key)
        #expect { _ = try open(folder) } throws: { error in (error as? Failure)?.items.first?.code == "key-mismatch" }
    }

    @Test("A key that others may read is refused")
    func permissions() throws {
        let folder = try TemporaryFolder()
        try save(try TestNetwork().identity(), folder)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.profile.key)
        #expect(throws: Failure.self) { _ = try open(folder) }
    }

    @Test("Renewal is due when a third of the life has passed")
    func renewal() throws {
        let identity = try TestNetwork().identity(lifetime: 9 * 86_400)
        #expect(!identity.isDueForRenewal(at: identity.leaf.notBefore.addingTimeInterval(86_400)))
        #expect(identity.isDueForRenewal(at: identity.leaf.notAfter.addingTimeInterval(-86_400)))
    }

    @Test("Addresses are read with names, numbers and schemes")
    func addresses() {
        #expect(Address("hub.example.org:8443") == Address(host: "hub.example.org", port: 8443))
        #expect(Address("https://127.0.0.1:1/") == Address(host: "127.0.0.1", port: 1))
        #expect(Address("[::1]:2575")?.host == "::1")
        #expect(Address("[::1]:2575")?.description == "[::1]:2575")
        for wrong in ["", "host", "host:", ":1", "::1:2", "host:70000", "host:+1", "a/b:1", "host:1x"] {
            #expect(Address(wrong) == nil, "\(wrong)")
        }
    }

    @Test("A passphrase comes from the file first, then from the environment")
    func passphraseSources() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/pass"
        try Data("from file\r\nsecond line\n".utf8).write(to: URL(fileURLWithPath: path))
        let both = PassphraseSource(file: path, environment: ["CONSILIUM_PASSPHRASE": "from environment"])
        #expect(try both.read(language: .en) == "from file")
        #expect(
            try PassphraseSource(file: nil, environment: both.environment).read(language: .en) == "from environment"
        )
        let short = PassphraseSource(file: nil, environment: ["CONSILIUM_PASSPHRASE": "short"])
        #expect(throws: Failure.self) { try short.choose(language: .en) }
        let absent = PassphraseSource(file: folder.path + "/absent", environment: [:])
        #expect(throws: Failure.self) { try absent.read(language: .en) }
    }
}
