import ConsiliumCore
import Dispatch
import Foundation
import Testing

@testable import ConsiliumLedger

/// A small home with a running store, a blob, certificates and a private key.
struct BackupHome {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        bm90IGEgcmVhbCBvbmU=
        -----END CERTIFICATE-----

        """
    static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        dGhlIGlzc3Vpbmcga2V5IG9mIG5vIG5ldHdvcms=
        -----END PRIVATE KEY-----

        """
    static let insert: SQL = "INSERT INTO record (id, body) VALUES ($1, $2)"

    let folder: TemporaryFolder
    let store: Store
    let master: MasterKey
    let masters: MasterKeys
    let shares: [String]
    let caseKey: DataKey
    let blob: BlobAddress
    var entropy = SeededEntropy(seed: 51)

    var home: String { folder("home") }
    var backup: String { folder("backup") }

    init() throws {
        folder = try TemporaryFolder()
        let home = folder("home")
        for name in ["data/blobs", "pki", "run"] { try DurableFile.makeFolder("\(home)/\(name)") }
        master = MasterKey(version: 2, entropy: &entropy)
        masters = try MasterKeys([master])
        shares = RecoveryShares.split(master, entropy: &entropy)
        try MasterKeyFile.create(master, in: "\(home)/keys")
        for (name, text) in [
            ("pki/root.pem", Self.certificate), ("pki/issuer.pem", Self.certificate + Self.certificate),
            ("pki/issuer.key", Self.privateKey), ("pki/hub-and-key.pem", Self.certificate + Self.privateKey),
            ("consilium.yaml", "network: north\n"), ("run/lock", "1\n"),
        ] {
            try DurableFile.create("\(home)/\(name)", contents: Array(text.utf8))
        }
        store = try Store(path: "\(home)/data/ledger.db")
        try store.migrate([["CREATE TABLE record (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)"]])
        for id in 0..<10 { try store.write { _ = try $0.execute(Self.insert, [.int(id), .blob([UInt8(id)])]) } }
        caseKey = DataKey(entropy: &entropy)
        blob = try BlobAddress(case: CaseID(high: 1, low: 1), part: "ct")
        try BlobStore(directory: "\(home)/data/blobs")
            .put(Array("image".utf8), at: blob, key: caseKey, entropy: &entropy)
    }

    @discardableResult
    mutating func make() throws -> BackupManifest {
        try Backup.make(
            home: home,
            store: store,
            masters: masters,
            at: Instant(milliseconds: 1_700_000_000_000),
            to: backup,
            entropy: &entropy
        )
    }

    /// Reads everything that the home holds, as a hub that starts would.
    func count(_ store: Store, _ blobs: BlobStore) throws -> Int {
        guard try blobs.get(blob, key: caseKey, limit: 100) == Array("image".utf8) else { return -1 }
        return try store.read { try $0.first("SELECT count(*) FROM record") { $0.int(0) } ?? -1 }
    }
}

@Suite("Backup and restore")
struct BackupTests {
    var site: BackupHome

    init() throws { site = try BackupHome() }

    @Test("A home comes back from its backup and two recovery shares")
    mutating func roundTrip() throws {
        let manifest = try site.make()
        let master = try RecoveryShares.combine([site.shares[2], site.shares[0]])
        let report = try Restore.run(
            from: site.backup,
            into: site.folder("new"),
            master: master,
            verify: { [site] in try site.count($0, $1) }
        )
        #expect(report.records == 10 && report.isAuthentic && report.files == manifest.files.count)
        #expect(report.created == Instant(milliseconds: 1_700_000_000_000))
        for name in ["pki/root.pem", "pki/issuer.pem", "pki/issuer.key", "pki/hub-and-key.pem", "consilium.yaml"] {
            #expect(try DurableFile.read(site.folder("new/\(name)")) == DurableFile.read("\(site.home)/\(name)"))
        }
        #expect(try MasterKeyFile.load(from: site.folder("new/keys")).current == site.master)
        #expect(!DurableFile.isFolder(site.folder("new/run")) && !DurableFile.isFolder(site.folder("new/pki-sealed")))
        let again = try Store(path: site.folder("new/data/ledger.db"))
        #expect(try again.schemaVersion() == 1)
    }

    @Test("Neither the master key nor a private key stands in a backup in the clear")
    mutating func secrets() throws {
        try site.make()
        let needles = [
            site.master.key.bytes, Array(hexadecimal(site.master.key.bytes).utf8),
            Array("dGhlIGlzc3Vpbmcga2V5".utf8), Array("PRIVATE KEY".utf8), Array("image".utf8), site.caseKey.bytes,
        ]
        let files = bytesBelow(site.backup)
        #expect(files.keys.contains("pki-sealed/issuer.key") && files.keys.contains("pki-sealed/hub-and-key.pem"))
        #expect(files.keys.contains("pki/root.pem") && !files.keys.contains { $0.contains("master-") })
        for (name, bytes) in files {
            for needle in needles { #expect(!contains(bytes, needle), "\(name)") }
        }
    }

    @Test("A backup made under load holds whole transactions")
    mutating func underLoad() throws {
        let store = site.store
        let broken = Broken()
        let writing = DispatchGroup()
        DispatchQueue.global()
            .async(group: writing) {
                for id in 10..<300 {
                    do {
                        try store.write { connection in
                            try connection.execute(BackupHome.insert, [.int(id * 2), .blob([])])
                            try connection.execute(BackupHome.insert, [.int(id * 2 + 1), .blob([])])
                        }
                    } catch { broken.note() }
                }
            }
        try site.make()
        writing.wait()
        #expect(broken.count == 0)
        let report = try Restore.drill(from: site.backup, scratch: site.folder("drill"), master: site.master) {
            [site] in
            try site.count($0, $1)
        }
        #expect(report.records >= 10 && report.records % 2 == 0)
    }

    @Test("A drill proves a backup and leaves nothing, with the master key or without")
    mutating func drill() throws {
        try site.make()
        for master in [site.master, nil] {
            let report = try Restore.drill(from: site.backup, scratch: site.folder("drill"), master: master) { [site] in
                try site.count($0, $1)
            }
            #expect(report.records == 10 && report.isAuthentic == (master != nil))
            #expect(try DurableFile.names(in: site.folder("drill")).isEmpty)
        }
    }

    @Test("A drill writes no key, not even for a moment, and its folder is nobody else's")
    mutating func drillWithoutKeys() throws {
        try site.make()
        let scratch = site.folder("drill")
        _ = try Restore.drill(from: site.backup, scratch: scratch, master: site.master) { [site] in
            let files = FileManager.default.enumerator(atPath: scratch)?.compactMap { $0 as? String } ?? []
            #expect(!files.isEmpty)
            #expect(files.filter { $0.hasSuffix(".key") }.isEmpty, "\(files)")
            let mode = try FileManager.default.attributesOfItem(atPath: scratch)[.posixPermissions] as? Int
            #expect(mode == 0o700)
            return try site.count($0, $1)
        }
    }

    @Test("Any altered, cut or missing file is found and named, and nothing stays behind")
    mutating func damage() throws {
        let manifest = try site.make()
        #expect(manifest.files.count == 7)
        for file in manifest.files {
            let path = "\(site.backup)/\(file.path)"
            let bytes = try DurableFile.read(path)
            var altered = bytes
            altered[altered.count / 2] ^= 1
            for damaged in [altered, Array(bytes.dropLast()), bytes + [0]] {
                try DurableFile.replace(path, contents: damaged)
                expectRefusal(.altered(file.path), site.master)
                expectRefusal(.altered(file.path), nil)
            }
            try FileManager.default.removeItem(atPath: path)
            expectRefusal(.missing(file.path), site.master)
            try DurableFile.create(path, contents: bytes)
        }
    }

    private func expectRefusal(_ code: BackupError.Code, _ master: MasterKey?) {
        #expect(throws: BackupError(code, "")) {
            try Restore.drill(from: site.backup, scratch: site.folder("drill"), master: master) { _, _ in 0 }
        }
        #expect((try? DurableFile.names(in: site.folder("drill"))) ?? [] == [])
    }

    @Test("A manifest that was altered together with its files is not authentic")
    mutating func forged() throws {
        var manifest = try site.make()
        manifest.files.removeAll { $0.path.hasPrefix("data/blobs") }
        try DurableFile.replace("\(site.backup)/manifest.json", contents: manifest.bytes)
        expectRefusal(.notAuthentic, site.master)
    }

    @Test(
        "A manifest cannot lead out of the backup",
        arguments: ["../keys/master-1.key", "/etc/passwd", "data/blobs/../x", "keys/master-1.key"]
    )
    mutating func paths(_ path: String) throws {
        var manifest = try site.make()
        manifest.files.append(.init(path: path, sha256: [], size: 0))
        try DurableFile.replace("\(site.backup)/manifest.json", contents: manifest.bytes)
        expectRefusal(.badManifest, nil)
    }

    @Test("A backup without its manifest, or with half of it, is none")
    mutating func incomplete() throws {
        let manifest = try site.make()
        try DurableFile.replace("\(site.backup)/manifest.json", contents: Array(manifest.bytes.dropLast(10)))
        expectRefusal(.badManifest, nil)
        try FileManager.default.removeItem(atPath: "\(site.backup)/manifest.json")
        expectRefusal(.incomplete, site.master)
    }

    @Test("Another network's master key is recognised")
    mutating func wrongMaster() throws {
        try site.make()
        let other = MasterKey(version: 2, entropy: &site.entropy)
        expectRefusal(.wrongMaster, other)
    }

    @Test("Neither a backup nor a restore writes into a folder that is not empty")
    mutating func notEmpty() throws {
        try site.make()
        #expect(throws: BackupError(.notEmpty, "")) { try site.make() }
        let before = try FileCopy.walk(site.home)
        #expect(throws: BackupError(.notEmpty, "")) {
            try Restore.run(from: site.backup, into: site.home, master: site.master) { _, _ in 0 }
        }
        #expect(try FileCopy.walk(site.home) == before)
    }

    @Test("What the check of the records throws comes out, and the home stays empty")
    mutating func badRecords() throws {
        struct WrongHash: Error {}
        try site.make()
        #expect(throws: WrongHash.self) {
            try Restore.run(from: site.backup, into: site.folder("new"), master: site.master) { _, _ in
                throw WrongHash()
            }
        }
        #expect(try DurableFile.names(in: site.folder("new")).isEmpty)
    }

    @Test("A blob that is still being written is left out")
    mutating func unfinished() throws {
        let blobs = BlobStore(directory: "\(site.home)/data/blobs")
        let address = try BlobAddress(case: CaseID(high: 1, low: 1), part: "late")
        let writer = try blobs.writer(address, key: site.caseKey, entropy: &site.entropy)
        try writer.write([1])
        let manifest = try site.make()
        _ = try writer.finish()
        #expect(!manifest.files.contains { $0.path.contains("late") })
    }

    @Test(
        "Only certificates and revocation lists count as public",
        arguments: [
            (BackupHome.certificate, true), (BackupHome.certificate.replacing("\n", with: "\r\n"), true),
            ("-----BEGIN X509 CRL-----\nAA==\n-----END X509 CRL-----\n", true), (BackupHome.privateKey, false),
            (BackupHome.certificate + BackupHome.privateKey, false), ("{}", false), ("", false),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----", false), ("x -----BEGIN CERTIFICATE-----", false),
            (BackupHome.certificate + "password: x\n", false), ("-----BEGIN CERTIFICATE-----\nAA==\n", false),
        ]
    )
    func publicFiles(_ text: String, _ expected: Bool) {
        #expect(Backup.isPublic(Array(text.utf8)) == expected)
    }
}
