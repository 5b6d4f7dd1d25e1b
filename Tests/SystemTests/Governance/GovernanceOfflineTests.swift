import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Governance from a copy", .serialized)
    struct GovernanceOffline {
        @Test("A backup answers as the hub does, to the byte, from its counts and from its events, and stays as it was")
        func identical() async throws {
            try await HospitalNetwork.run { network in
                _ = try await CarriedCases(in: network)
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                defer { auditor.remove() }
                let periods = Periods()
                let copy = network.hub.folder.path("copy")
                let recordsBefore = try await network.records()
                let made = try await network.hub.command("backup", "--to", copy)
                #expect(made.status == 0, "\(made.text)")
                let recordsAfter = try await network.records()
                let before = try Self.state(of: copy)

                let questions: [[String]] = [
                    ["scorecard", "--period", periods.quarter], ["scorecard", "--period", periods.month],
                    ["scorecard", "--period", periods.year], ["measure", "AC1", "--period", periods.quarter],
                    ["profile", "--period", periods.quarter], ["triangle", "--period", periods.quarter],
                    ["sensitivity", "--period", periods.quarter],
                ]
                // A quarter that goes on is published neither here nor there.
                let published = ["governance", "scorecard", "--period", periods.quarter, "--scope", "published"]
                for answer in [
                    try await auditor.run(published), try await Self.stranger(published + ["--ledger", copy]),
                ] {
                    #expect(answer.status == 1 && answer.errors.contains("period-not-ended"), "\(answer.text)")
                }
                for question in questions {
                    let asked = ["governance"] + question + ["-o", "json"]
                    let hub = try await auditor.run(asked)
                    #expect(hub.status == 0, "\(question): \(hub.text)")
                    for basis in [["--ledger", copy], ["--ledger", copy, "--recompute"]] {
                        let own = try await Self.stranger(asked + basis)
                        #expect(own.status == 0, "\(question) \(basis): \(own.text)")
                        #expect(own.output == hub.output, "\(question) \(basis)")
                        #expect(own.errors.contains("--recompute") == (basis.count == 2), "\(basis): \(own.errors)")
                    }
                }
                let drill = ["governance", "drill", "AC3", "--period", periods.quarter, "-o", "json"]
                let listed = try await auditor.run(drill)
                #expect(try await Self.stranger(drill + ["--ledger", copy]).output == listed.output)
                let reference = try #require(try JSON(Array(listed.output.utf8))["cases"][0]["reference"].string)
                let events = drill + ["--case", reference]
                // The hub alone knows the pseudonym under which the case's events are cited as evidence.
                let told = try JSON(Array(try await auditor.run(events).output.utf8))
                let read = try JSON(Array(try await Self.stranger(events + ["--ledger", copy]).output.utf8))
                #expect(told["pseudonym"].string?.utf8.count == 26)
                #expect(read["pseudonym"] == .null)
                #expect(told.with("pseudonym", .null).text == read.with("pseudonym", .null).text)
                let checked = try await network.hub.command("verify", home: copy)
                #expect(checked.status == 0 && checked.output.contains("records hold"), "\(checked.text)")
                // The journal's head counts what lies in the copy, record for record.
                let held = try #require(Int(checked.output.prefix { $0.isNumber }), "\(checked.text)")
                #expect(recordsBefore <= held && held <= recordsAfter, "\(recordsBefore) \(held) \(recordsAfter)")
                let quiet = try await Self.stranger(["governance"] + questions[0] + ["--ledger", copy, "-q"])
                #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
                #expect(try Self.state(of: copy) == before)

                // The stopped hub's own home is read as well.
                await network.hub.stop()
                let after = try await Self.stranger(["governance"] + questions[0] + ["--ledger", network.hub.home])
                #expect(after.status == 0, "\(after.text)")
            }
        }

        /// The client without a profile: no identity, no hub, no key.
        private static func stranger(_ arguments: [String]) async throws -> Program.Ended {
            try await Program.run(
                Program.client,
                arguments,
                environment: ["CONSILIUM_HOME": "/nowhere", "LANG": "C.UTF-8", "NO_COLOR": "1"],
                seconds: 120
            )
        }

        /// Name, size, time of change and bytes of every file below `folder`.
        private static func state(of folder: String) throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
                .map { name in
                    let path = folder + "/" + name
                    let attributes = try FileManager.default.attributesOfItem(atPath: path)
                    let bytes = attributes[.type] as? FileAttributeType == .typeRegular ? contents(path) : []
                    let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
                    return "\(name) \(bytes.count) \(time) \(bytes.hashValue)"
                }
        }
    }
}
