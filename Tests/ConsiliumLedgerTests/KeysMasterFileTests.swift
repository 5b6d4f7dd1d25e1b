import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("Master key file")
struct KeysMasterFileTests {
    let folder: TemporaryFolder
    let key: MasterKey
    var path: String { folder("keys/master-1.key") }

    init() throws {
        folder = try TemporaryFolder()
        var entropy = SeededEntropy(seed: 11)
        key = MasterKey(version: 1, entropy: &entropy)
        try MasterKeyFile.create(key, in: folder("keys"))
    }

    @Test("What was written is read back, and only its owner can read it")
    func roundTrip() throws {
        #expect(try MasterKeyFile.load(from: folder("keys")).current == key)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("All versions are read, the highest is current")
    func versions() throws {
        var entropy = SeededEntropy(seed: 12)
        let next = MasterKey(version: 12, entropy: &entropy)
        try MasterKeyFile.create(next, in: folder("keys"))
        let keys = try MasterKeyFile.load(from: folder("keys"))
        #expect(keys.current == next)
        #expect(try keys.key(version: 1) == key)
    }

    @Test("A key is never replaced")
    func noReplacement() throws {
        var entropy = SeededEntropy(seed: 13)
        let other = MasterKey(version: 1, entropy: &entropy)
        #expect(throws: KeyError(.duplicateVersion(1), "")) { try MasterKeyFile.create(other, in: folder("keys")) }
        #expect(try MasterKeyFile.load(from: folder("keys")).current == key)
    }

    @Test("A version that neither file nor share can carry is refused", arguments: [0, -1, 65_536])
    func range(_ version: Int) {
        var entropy = SeededEntropy(seed: 14)
        let key = MasterKey(version: version, entropy: &entropy)
        #expect(throws: KeyError(.unknownVersion(version), "")) { try MasterKeyFile.create(key, in: folder("keys")) }
    }

    @Test("A folder without a key, or no folder, says that the key is missing")
    func missing() throws {
        #expect(throws: KeyError(.missing, "")) { try MasterKeyFile.load(from: folder("absent")) }
        #expect(throws: KeyError(.missing, "")) { try MasterKeyFile.load(from: folder.path) }
    }

    @Test("A key that others may read is refused", arguments: [0o640, 0o604, 0o660, 0o622])
    func permissions(_ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(throws: KeyError(.permissions, "")) { try MasterKeyFile.load(from: folder("keys")) }
    }

    @Test("A link in place of the key is refused")
    func link() throws {
        try FileManager.default.moveItem(atPath: path, toPath: folder("elsewhere"))
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder("elsewhere"))
        #expect(throws: KeyError(.permissions, "")) { try MasterKeyFile.load(from: folder("keys")) }
    }

    @Test("Every single altered or missing character is noticed")
    func damaged() throws {
        let text = try DurableFile.read(path)
        for index in text.indices.dropLast() {
            var altered = text
            altered[index] = altered[index] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
            try DurableFile.replace(path, contents: altered)
            #expect(throws: KeyError(.damaged, ""), "character \(index)") {
                try MasterKeyFile.load(from: folder("keys"))
            }
        }
        for count in [0, 1, 20, text.count - 5] {
            try DurableFile.replace(path, contents: Array(text.prefix(count)))
            #expect(throws: KeyError(.damaged, "")) { try MasterKeyFile.load(from: folder("keys")) }
        }
    }

    @Test("A key under another version's name is refused")
    func renamed() throws {
        try FileManager.default.moveItem(atPath: path, toPath: folder("keys/master-2.key"))
        #expect(throws: KeyError(.damaged, "")) { try MasterKeyFile.load(from: folder("keys")) }
    }

    @Test("No error tells a byte of the key")
    func silent() throws {
        let digits = hexadecimal(key.key.bytes)
        var text = String(decoding: try DurableFile.read(path), as: UTF8.self)
        text.removeLast(3)
        try DurableFile.replace(path, contents: Array(text.utf8))
        let error = #expect(throws: KeyError.self) { try MasterKeyFile.load(from: folder("keys")) }
        #expect(error?.description.contains(digits.prefix(8)) == false)
    }
}
