import ConsiliumLedger
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Backup, restore, and starts that must fail")
    struct Maintenance {
        @Test("A backup of a running hub is drilled, restored with two shares, and serves what it held")
        func backup() async throws {
            try await HospitalNetwork.run { network in
                let hub = network.hub
                #expect(hub.shares.count == 3)
                let caseID = try await Book.mllp("K-1", try network[.townEngine])
                let doctor = try await hub.command("doctor")
                #expect(doctor.status == 1, "\(doctor.text)")
                #expect(doctor.output.contains("LOOK backup"), "\(doctor.output)")

                let backup = hub.folder.path("backup")
                let made = try await hub.command("backup", "--to", backup)
                #expect(made.status == 0, "\(made.text)")
                let well = try await hub.command("doctor")
                #expect(well.status == 0, "\(well.text)")
                let twice = try await hub.command("backup", "--to", backup)
                #expect(twice.status != 0)
                let drill = try await hub.command("restore", "--from", backup, "--verify")
                #expect(drill.status == 0, "\(drill.text)")
                #expect(drill.output.contains("records checked"))

                let key = try await Program.run(
                    Program.installed("grep") ?? "/usr/bin/grep",
                    ["-rl", "consilium-master-key", backup]
                )
                #expect(key.output.isEmpty, "the backup holds the master key")

                // After the backup one more case; then the home is gone.
                _ = try await Book.mllp("K-2", try network[.townEngine])
                await hub.kill()
                let lost = hub.folder.path("lost")
                try FileManager.default.moveItem(atPath: hub.home, toPath: lost)
                for shares in [[hub.shares[0]], [hub.shares[0], hub.shares[0]], [hub.shares[0], "AAAA-BBBB-CCCC"]] {
                    let arguments =
                        ["restore", "--home", hub.home, "--from", backup] + shares.flatMap { ["--shares", $0] }
                    let refused = try await Program.run(Program.hub, arguments)
                    #expect(refused.status != 0, "restored with \(shares.count) shares")
                    #expect(!FileManager.default.fileExists(atPath: hub.home + "/data/ledger.db"))
                }
                let restored = try await hub.command(
                    "restore",
                    "--from",
                    backup,
                    "--shares",
                    hub.shares[2],
                    "--shares",
                    hub.shares[0]
                )
                #expect(restored.status == 0, "\(restored.text)")
                try await network.serveAgain()
                #expect(try await network.cases(numbered: "K-1") == [caseID])
                #expect(try await network.cases(numbered: "K-2").isEmpty)
                let again = try await Book.mllp("K-1", try network[.townEngine])
                #expect(again == caseID)

                // Into a home that is there nothing is restored.
                await hub.kill()
                let over = try await hub.command(
                    "restore",
                    "--from",
                    backup,
                    "--shares",
                    hub.shares[1],
                    "--shares",
                    hub.shares[0]
                )
                #expect(over.status != 0, "\(over.text)")
            }
        }

        @Test("What was erased after a backup stays erased when that backup is restored with the register of erasures")
        func erasedAfterBackup() async throws {
            try await HospitalNetwork.run { network in
                let hub = network.hub
                let gone = try await Book.mllp("K-5", try network[.townEngine])
                let kept = try await Book.mllp("K-6", try network[.townEngine])
                let backup = hub.folder.path("backup")
                _ = try await hub.command("backup", "--to", backup)
                await hub.kill()
                let erased = try await hub.command("erase", gone)
                #expect(erased.status == 0, "\(erased.text)")
                let unknown = try await hub.command("erase", "01JZZZZZZZZZZZZZZZZZZZZZZZ")
                #expect(unknown.status == 4, "\(unknown.text)")

                let lost = hub.folder.path("lost")
                try FileManager.default.moveItem(atPath: hub.home, toPath: lost)
                let restored = try await hub.command(
                    "restore",
                    "--from",
                    backup,
                    "--erasures",
                    lost + "/data/erasures",
                    "--shares",
                    hub.shares[0],
                    "--shares",
                    hub.shares[1]
                )
                #expect(restored.status == 0, "\(restored.text)")
                try await network.serveAgain()
                let town = try network[.townEngine]
                #expect(try await town.request("GET", "/fhir/Patient/\(gone)-p").status == 410)
                #expect(try await town.request("GET", "/fhir/Patient/\(kept)-p").status == 200)
            }
        }

        @Test("A changed byte in a backup is found by the drill and by restore")
        func damagedBackup() async throws {
            try await HospitalNetwork.run { network in
                let hub = network.hub
                _ = try await Book.mllp("K-3", try network[.townEngine])
                let backup = hub.folder.path("backup")
                _ = try await hub.command("backup", "--to", backup)
                let files = FileManager.default.enumerator(atPath: backup)?.compactMap { $0 as? String } ?? []
                let database = try #require(files.first { $0.hasSuffix("ledger.db") })
                let url = URL(fileURLWithPath: backup + "/" + database)
                var bytes = try Data(contentsOf: url)
                bytes[bytes.count / 2] ^= 0x40
                try bytes.write(to: url)
                let drill = try await hub.command("restore", "--from", backup, "--verify")
                #expect(drill.status != 0, "\(drill.text)")
                #expect(drill.text.contains("ledger.db"), "\(drill.text)")
                let other = hub.folder.path("other")
                let restored = try await hub.command(
                    "restore",
                    "--from",
                    backup,
                    "--shares",
                    hub.shares[0],
                    "--shares",
                    hub.shares[1],
                    home: other
                )
                #expect(restored.status != 0)
            }
        }

        @Test("A hub that must not start says why, and leaves its home as it was")
        func refusals() async throws {
            try await HospitalNetwork.run { network in
                let hub = network.hub
                let caseID = try await Book.mllp("K-4", try network[.townEngine])

                // A second hub on the same home.
                let second = try await hub.command("serve", "--ephemeral-ports")
                #expect(second.status != 0)
                #expect(second.text.contains("already serves"), "\(second.text)")
                _ = try await network[.townEngine].json("GET", "/network/me")
                for command in ["rebuild", "erase"] {
                    let arguments = command == "erase" ? [caseID] : []
                    let refused = try await Program.run(Program.hub, [command, "--home", hub.home] + arguments)
                    #expect(refused.status != 0)
                    #expect(refused.text.contains("already serves"), "\(refused.text)")
                }

                // A second `init` of the same home.
                let twice = try await Program.run(
                    Program.hub,
                    ["init", "--home", hub.home, "--network", "other", "--host", "127.0.0.1"]
                )
                #expect(twice.status != 0)
                #expect(twice.text.contains("already"), "\(twice.text)")

                // A port that is taken.
                let taken = try network[.townEngine].endpoints.api
                let other = try await HubProcess(network: "other.test")
                let port = try await Program.run(
                    Program.hub,
                    ["serve", "--home", other.home],
                    environment: [
                        "CONSILIUM_LISTEN_API": "\(taken)", "CONSILIUM_LISTEN_CONSOLE": "0",
                        "CONSILIUM_LISTEN_MLLP": "0", "CONSILIUM_LISTEN_OPS": "0",
                    ],
                    seconds: 30
                )
                #expect(port.status != 0 && port.status != 124, "\(port.status)")
                #expect(port.text.contains("\(taken)"), "\(port.text.suffix(600))")
                #expect(!FileManager.default.fileExists(atPath: other.home + "/run/endpoints.json"))
                try await other.serve()
                await other.kill()

                // Master keys: cut, of another network, readable by others, missing.
                await hub.kill()
                let path = hub.home + "/keys/master-1.key"
                let key = try Data(contentsOf: URL(fileURLWithPath: path))
                let foreign = try Data(contentsOf: URL(fileURLWithPath: other.home + "/keys/master-1.key"))
                other.remove()
                for (what, bytes) in [("cut", key.prefix(40)), ("foreign", foreign), ("empty", Data())] {
                    try bytes.write(to: URL(fileURLWithPath: path))
                    chmod(path, 0o600)
                    try await expectRefused(hub, "key", what)
                }
                try key.write(to: URL(fileURLWithPath: path))
                chmod(path, 0o644)
                try await expectRefused(hub, "chmod 600", "readable by others")
                try FileManager.default.removeItem(atPath: path)
                try await expectRefused(hub, "master key", "missing")
                try key.write(to: URL(fileURLWithPath: path))
                chmod(path, 0o600)

                // A record of a version that is not known.
                let store = try Store(path: hub.home + "/data/ledger.db")
                try store.write { connection in
                    _ = try connection.execute("UPDATE record_types SET version = 99 WHERE type = 'submitted'")
                }
                try store.close()
                try await expectRefused(hub, "version 99", "an unknown version")
                let repaired = try Store(path: hub.home + "/data/ledger.db")
                try repaired.write { connection in
                    _ = try connection.execute("UPDATE record_types SET version = 1 WHERE version = 99")
                }
                try repaired.close()

                // Put right again, the hub serves what it had.
                try await network.serveAgain()
                #expect(try await network.cases(numbered: "K-4") == [caseID])
            }
        }

        private func expectRefused(_ hub: HubProcess, _ word: String, _ what: String) async throws {
            let ended = try await hub.command("serve", "--ephemeral-ports")
            #expect(ended.status != 0 && ended.status != 124, "\(what): \(ended.status)")
            #expect(ended.text.contains(word), "\(what): \(ended.text.suffix(600))")
            #expect(!FileManager.default.fileExists(atPath: hub.home + "/run/endpoints.json"), "\(what)")
        }
    }
}
