import ConsiliumAdapters
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("No patient outside the sealed parts")
    struct Canaries {
        static let cases = 1_000
        static let erased = 10

        @Test(
            "Names, identifiers and texts of 1,000 cases stand in no file, log, metric or backup; ten are erased for good"
        )
        func canaries() async throws {
            try await HospitalNetwork.run(environment: ["CONSILIUM_LOG_LEVEL": "debug"]) { network in
                let ids = try await submit(network)
                #expect(Set(ids).count == Self.cases)
                try await answerSome(network)
                try await refuseSome(network)

                let backup = network.hub.folder.path("backup")
                let made = try await network.hub.command("backup", "--to", backup)
                #expect(made.status == 0, "\(made.text)")
                let metrics = try await Program.run(
                    Program.installed("curl") ?? "/usr/bin/curl",
                    ["--silent", "http://127.0.0.1:\(network[.administrator].endpoints.ops)/metrics"]
                )
                #expect(metrics.output.contains("consilium_ledger_commits_total"))
                try Data(metrics.output.utf8).write(to: URL(fileURLWithPath: network.hub.folder.path("metrics.txt")))
                try await expectNone(network.hub)

                // Ten cases are erased on the stopped hub; events and projections stay as they were.
                await network.hub.stop()
                try await expectNone(network.hub)
                let before = try await network.hub.projections()
                let chosen = (0..<Self.erased).map { ids[$0 * 97] }
                let erased = try await Program.run(
                    Program.hub,
                    ["erase", "--home", network.hub.home] + chosen
                )
                #expect(erased.status == 0, "\(erased.text)")
                #expect(try await network.hub.projections() == before)
                let rebuilt = try await network.hub.command("rebuild")
                #expect(rebuilt.output.contains("as before"), "\(rebuilt.text)")
                #expect(try await network.hub.projections() == before)

                try await network.serveAgain()
                let city = try network[.cityEngine]
                for id in chosen {
                    for path in ["ServiceRequest/\(id)", "Patient/\(id)-p"] {
                        let answer = try await city.request("GET", "/fhir/\(path)")
                        #expect(answer.status == 410, "\(path): \(answer.status) \(answer.text.prefix(300))")
                        let outcome = try JSON(answer.body)
                        #expect(outcome["resourceType"].string == "OperationOutcome")
                        #expect(outcome["issue"][0]["details"]["coding"][0]["code"].string == "erased")
                    }
                    #expect(try await city.request("GET", "/network/cases/\(id)").status == 410)
                }
                let neighbour = try await city.json("GET", "/fhir/Patient/\(ids[1])-p")
                #expect(neighbour.text.contains("金絲雀"))
                try await expectNone(network.hub)
            }
        }

        static func request(_ number: Int) -> Messages.Request {
            var request = Messages.Request("CANARYNO-\(number)")
            request.facility = "CITY"
            request.name = "金絲雀\(number)"
            request.record = "CANARYMR\(number)"
            request.identity = "CANARYID\(number)"
            request.summary = "金絲雀病史 CANARYTEXT \(number)"
            request.purpose = "金絲雀目的 CANARYTEXT \(number)"
            request.consent = "CANARYTY\(number)"
            return request
        }

        /// A thousand cases over eight connections, half as FHIR and half as HL7 v2.
        private func submit(_ network: HospitalNetwork) async throws -> [String] {
            let city = try network[.cityEngine]
            let senders = 8
            let parts = try await withThrowingTaskGroup(of: [(Int, String)].self) { group in
                for sender in 0..<senders {
                    group.addTask {
                        var ids: [(Int, String)] = []
                        for number in stride(from: sender, to: Self.cases, by: senders) {
                            let request = Self.request(number)
                            let answer =
                                number % 2 == 0
                                ? try await city.request("POST", "/fhir", Messages.bundle(request))
                                : try await city.request(
                                    "POST",
                                    "/exchange/messages",
                                    bytes: Messages.gb18030(Messages.referral(request)),
                                    type: "x-application/hl7-v2+er7"
                                )
                            guard answer.isSuccess, let id = answer.header("Consilium-Case") else {
                                throw Broken("\(number): \(answer.status) \(answer.text.prefix(300))")
                            }
                            ids.append((number, id))
                        }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            return parts.sorted { $0.0 < $1.0 }.map(\.1)
        }

        /// Some are answered with a canary's opinion, some declined with a note.
        private func answerSome(_ network: HospitalNetwork) async throws {
            let national = try network[.nationalEngine]
            let tasks = try await national.json("GET", "/fhir/Task?owner=me&status=requested&_count=12")
            #expect(tasks["entry"].items.count >= 12)
            for (number, entry) in tasks["entry"].items.prefix(12).enumerated() {
                let task = entry["resource"]
                let caseID = (task["focus"]["reference"].string ?? "").split(separator: "/").last.map(String.init) ?? ""
                if number % 3 == 0 {
                    let answer = try await national.request(
                        "POST",
                        "/network/cases/\(caseID)/acts",
                        #"{"act":"decline","reason":"no-capacity","note":"金絲雀 CANARYNOTE"}"#
                    )
                    #expect(answer.isSuccess, "\(answer.text)")
                } else {
                    let accepted = try await Acts.put(task, status: "accepted", by: national)
                    let started = try await Acts.put(accepted, status: "in-progress", by: national)
                    try await Acts.report(started, of: caseID, opinion: "金絲雀 CANARYOPINION", by: national)
                }
            }
        }

        /// What is refused is kept for diagnosis, sealed too.
        private func refuseSome(_ network: HospitalNetwork) async throws {
            let city = try network[.cityEngine]
            let request = Self.request(1)
            let bundle = Messages.bundle(request).replacing("1958-11-03", with: "金絲雀日期 CANARYDATE")
            #expect(try await city.request("POST", "/fhir", bundle).status == 422)
            let message = Messages.referral(request).replacing("|19581103|", with: "|CANARYDATE|")
            let refused = try await city.mllp(Messages.gb18030(message))
            #expect(!refused.acknowledgement.code.isPositive)
            _ = try await city.request("GET", "/fhir/Patient?identifier=CANARYID7")
            _ = try await city.request("GET", "/fhir/CANARYTYPE/CANARYID7")
            _ = try await city.request("POST", "/network/invitations", #"{"principal":"CANARYNAME 金絲雀","roles":[]}"#)
        }

        /// Looks for every canary in every byte under the hub's folder: home, write-ahead log, blobs, backup, log, metrics.
        private func expectNone(_ hub: HubProcess) async throws {
            let grep = Program.installed("grep") ?? "/usr/bin/grep"
            let words = ["金絲雀", "CANARY", "王秀兰", "王^秀兰", "东街9号", "142421125000123", "0713-5550123"]
            var patterns: [UInt8] = []
            for word in words {
                patterns += Array(word.utf8) + [10]
                patterns += try Messages.gb18030(word) + [10]
            }
            patterns += (Array("金絲雀".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) + [10]
            let search = try TemporaryFolder("search")
            defer { search.remove() }
            try Data(patterns.dropLast()).write(to: URL(fileURLWithPath: search.path("patterns")))
            let environment = ["LC_ALL": "C"]
            let found = try await Program.run(
                grep,
                ["-rlaF", "-f", search.path("patterns"), hub.folder.url.path],
                environment: environment
            )
            #expect(found.status == 1 && found.output.isEmpty, "\(found.text)")
            let control = try await Program.run(
                grep,
                ["-rlaF", "system.test", hub.folder.url.path],
                environment: environment
            )
            #expect(control.output.contains("ledger.db"), "the search finds nothing at all")
        }
    }
}
