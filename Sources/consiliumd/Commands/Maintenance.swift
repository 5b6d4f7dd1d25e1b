import ArgumentParser
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation

/// `consiliumd backup`.
struct BackUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a running or stopped hub, consistently and without its master key."
    )

    @OptionGroup var home: HomeOption
    @Option(help: "A directory that does not exist yet.")
    var to: String

    func run() throws {
        let home = home.value
        let (store, intake) = try Hub.openLedger(home)
        var entropy = SystemEntropy()
        let now = SystemClock().now()
        let manifest = try Backup.make(
            home: home.path,
            store: store,
            masters: intake.masters,
            at: now,
            to: to,
            entropy: &entropy
        )
        try now.iso8601.write(toFile: home.lastBackup, atomically: true, encoding: .utf8)
        print("backup of \(manifest.files.count) files in \(to)")
        print("check it now and then: consiliumd restore --from \(to) --verify --home \(home.path)")
    }
}

/// `consiliumd restore`.
struct RestoreHome: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a backup back into an empty home, or drill it with --verify."
    )

    @OptionGroup var home: HomeOption
    @Option(help: "The backup's directory.")
    var from: String
    @Flag(help: "Only check that the backup can be restored; the home is read for its key and not changed.")
    var verify = false
    @Option(help: "A recovery share; give two.")
    var shares: [String] = []
    @Option(help: "The register of erasures (data/erasures of the lost home): what was erased after the backup.")
    var erasures: String?

    func run() throws {
        let home = home.value
        let check: (Store, BlobStore) throws -> Int = { store, _ in try Rebuild.verify(store) }
        if verify {
            let master =
                shares.isEmpty ? try MasterKeyFile.load(from: home.keys).current : try RecoveryShares.combine(shares)
            let scratch = FileManager.default.temporaryDirectory.path + "/consilium-drill-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: scratch) }
            let report = try Restore.drill(from: from, scratch: scratch, master: master, verify: check)
            print("the backup holds: \(report.records) records checked")
            return
        }
        guard shares.count == 2 else {
            throw ValidationError("--shares is needed twice: the backup does not hold the master key")
        }
        let master = try RecoveryShares.combine(shares)
        let report = try Restore.run(from: from, into: home.path, master: master, verify: check)
        let erased = try applyErasures(to: home)
        if erasures == nil {
            print("no register of erasures was given (--erasures): what was erased after this backup can be read again")
        }
        if erased > 0 { print("\(erased) cases of the register of erasures destroyed again") }
        print("restored into \(home.path): \(report.records) records checked")
        print("next: consiliumd doctor --home \(home.path), then consiliumd serve --home \(home.path)")
    }
}

extension RestoreHome {
    /// What was erased stays erased, also when the backup is older than the erasure.
    private func applyErasures(to home: Home) throws -> Int {
        var ids = Set<CaseID>()
        if let erasures {
            for line in try String(contentsOfFile: erasures, encoding: .utf8).split(separator: "\n") {
                guard let id = CaseID(line.prefix(26)) else { throw ValidationError("\(erasures): \(line) is no case") }
                ids.insert(id)
            }
        }
        let store = try Store(path: home.database)
        let now = SystemClock().now()
        let count = try store.write { connection in
            ids.formUnion(try connection.all(Statements.erasures) { try $0.identifier(0) })
            for id in ids {
                try connection.execute(Statements.insertErasure, [.identifier(id), .time(now), .text("restore")])
                try Erasure.destroy(id, in: connection)
            }
            return ids.count
        }
        for id in ids { try BlobStore(directory: home.blobs).erase(case: id) }
        _ = try store.checkpoint(.truncate)
        try store.close()
        return count
    }
}

/// `consiliumd rebuild`.
struct RebuildProjections: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Fold every projection anew from the events of a stopped hub."
    )

    @OptionGroup var home: HomeOption

    func run() throws {
        let home = home.value
        let lock = try HomeLock(home: home.path)
        defer { withExtendedLifetime(lock) {} }
        let (store, _) = try Hub.openLedger(home)
        let before = try Rebuild.digest(store)
        let summary = try Rebuild.run(store)
        let after = try Rebuild.digest(store)
        print("\(summary.streams) streams, \(summary.records) records")
        print("projections \(after)\(before == after ? ", as before" : ", were \(before)")")
        try store.close()
    }
}

/// `consiliumd verify`.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check every record against its hash and read it; needs no key."
    )

    @OptionGroup var home: HomeOption

    func run() throws {
        // A backup is checked as it is: not a byte of it changes.
        let store = try Store(reading: home.value.database)
        let count = try Rebuild.verify(store)
        print("\(count) records hold; projections \(try Rebuild.digest(store))")
    }
}

/// `consiliumd erase`.
struct Erase: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Destroy key and content of cases on a stopped hub. Events, counts and proofs stay."
    )

    @OptionGroup var home: HomeOption
    @Argument(help: "Case numbers.")
    var cases: [String]

    func run() throws {
        let home = home.value
        let lock = try HomeLock(home: home.path)
        defer { withExtendedLifetime(lock) {} }
        let ids = try cases.map { text in
            guard let id = CaseID(text) else { throw ValidationError("\(text) is not a case number") }
            return id
        }
        let (store, intake) = try Hub.openLedger(home)
        let now = SystemClock().now()
        let erased = try Erasure.run(ids, by: NSUserName(), at: now, in: store)
        for id in ids {
            guard erased.contains(id) else {
                print("\(id) not erased: not found")
                continue
            }
            try intake.blobs.erase(case: id)
            try register(id, at: now, in: home)
            print("\(id) erased")
        }
        _ = try store.checkpoint(.truncate)
        try store.close()
        if erased.count < Set(ids).count { throw ExitCode(4) }
    }
}

extension Erase {
    /// The register stands outside the database too, so that it can outlive it.
    private func register(_ id: CaseID, at now: Instant, in home: Home) throws {
        let line = "\(id) \(now.iso8601)\n"
        guard let file = FileHandle(forUpdatingAtPath: home.erasures) else {
            return try line.write(toFile: home.erasures, atomically: true, encoding: .utf8)
        }
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(line.utf8))
        try file.synchronize()
    }
}

/// `consiliumd doctor`.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Look at key, clock, disk, certificates, last backup and dead deliveries. Exit status 1: something needs a person."
    )

    @OptionGroup var home: HomeOption

    func run() async throws {
        let home = home.value
        let configuration = try await HubConfiguration.load(home)
        var findings = Findings()
        let now = SystemClock().now()
        do {
            let (store, _) = try Hub.openLedger(home)
            findings.good("master key", "opens the network key")
            let flaws = try store.integrityCheck()
            findings.check(flaws.isEmpty, "database", flaws.first ?? "sound")
            let network = try store.read { try NetworkReader($0).fold().0 }
            findings.good("ledger", "network \(network.name), position \(network.version)")
            if let served = try store.read({ try $0.first(Statements.servedAt) { $0.time(0) } }) {
                findings.check(
                    served <= now,
                    "clock",
                    served <= now ? "not behind the ledger" : "is behind the ledger's last time \(served.iso8601)"
                )
            }
            let dead = try store.read { try $0.first(Statements.deadDeliveries) { $0.int(0) } ?? 0 }
            findings.check(
                dead == 0,
                "deliveries",
                dead == 0 ? "none dead" : "\(dead) dead: `consilium deliveries list --state dead`"
            )
        } catch {
            findings.check(false, "ledger", "\(error)")
        }
        checkDisk(home, &findings)
        checkCertificates(home, configuration, now, &findings)
        checkBackup(home, configuration, now, &findings)
        findings.print()
        if findings.isBad { throw ExitCode(1) }
    }

    private func checkDisk(_ home: Home, _ findings: inout Findings) {
        guard let space = try? VolumeSpace().space(at: home.data) else {
            return findings.check(false, "disk", "cannot be read")
        }
        let free = Int(space.available * 100 / max(1, space.total))
        findings.check(!space.isLow, "disk", "\(free) % free")
    }

    private func checkCertificates(
        _ home: Home,
        _ configuration: HubConfiguration,
        _ now: Instant,
        _ findings: inout Findings
    ) {
        do {
            let desk = try CertificateDesk(home: home, configuration: configuration, now: now)
            for (name, certificate) in [
                ("root", desk.root), ("issuing authority", desk.issuing), ("hub certificate", desk.hub.leaf),
            ] {
                let days = Int(certificate.notAfter.timeIntervalSince(now.date) / 86_400)
                let life = certificate.notAfter.timeIntervalSince(certificate.notBefore) / 86_400
                let isFine = Double(days) > min(Double(configuration.certificateWarningDays), life / 3)
                findings.check(isFine, name, "\(days) days left")
            }
        } catch {
            findings.check(false, "certificates", "\(error)")
        }
    }

    private func checkBackup(
        _ home: Home,
        _ configuration: HubConfiguration,
        _ now: Instant,
        _ findings: inout Findings
    ) {
        let text = try? String(contentsOfFile: home.lastBackup, encoding: .utf8)
        guard let last = text.flatMap({ Instant(iso8601: $0) }) else {
            return findings.check(false, "backup", "none yet: consiliumd backup --home \(home.path) --to DIRECTORY")
        }
        let isFine = now - last < .days(Int64(configuration.backupWarningDays))
        findings.check(isFine, "backup", "last \(last.iso8601)")
    }
}

/// What the doctor found, a line each.
struct Findings {
    private var lines: [String] = []
    private(set) var isBad = false

    mutating func good(_ what: String, _ text: String) { check(true, what, text) }

    mutating func check(_ isGood: Bool, _ what: String, _ text: String) {
        isBad = isBad || !isGood
        lines.append("\(isGood ? "ok  " : "LOOK") \(what): \(text)")
    }

    func print() { for line in lines { Swift.print(line) } }
}
