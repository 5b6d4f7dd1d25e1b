import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("No patient in what auditors pull", .serialized)
    struct GovernanceCanaries {
        /// What every mark of a generated case begins with.
        private static let mark = "KANARI"
        private static let parts = [["scorecard"], ["profile"], ["triangle"], ["sensitivity"]]

        /// `CONSILIUM_CANARY_CASES` sets how many requests a site makes in a month; 150 give more than 10,000 cases.
        private static var perSite: String {
            ProcessInfo.processInfo.environment["CONSILIUM_CANARY_CASES"] ?? "6"
        }

        @Test("Names, numbers and free text of generated canaries stand in no export, drill or list of events")
        func generated() async throws {
            let folder = try TemporaryFolder("canaries")
            defer { folder.remove() }
            let ledger = folder.path("ledger")
            func client(_ arguments: [String]) async throws -> Program.Ended {
                try await Program.run(
                    Program.client,
                    arguments,
                    environment: ["CONSILIUM_HOME": "/nowhere", "LANG": "C.UTF-8"],
                    seconds: 3_000
                )
            }
            let made = try await client([
                "simulate", "--canary", "--sites", "12", "--months", "6", "--cases", Self.perSite, "--seed", "11",
                "--start", "2025-01", "--ledger", ledger, "-o", "json",
            ])
            #expect(made.status == 0, "\(made.text)")
            let count = try #require(try JSON(Array(made.output.utf8))["cases"].int)
            #expect(count > 100)
            var exports: [(name: String, bytes: [UInt8])] = [("simulate", Array(made.text.utf8))]
            let report = try await client([
                "governance", "scorecard", "--period", "2025-Q1", "--ledger", ledger, "-o", "json",
            ])
            let ids = try JSON(Array(report.output.utf8))["measures"].items.compactMap { $0["id"].string }
            #expect(ids.count >= 30)
            for part in Self.parts + [["measure", "AC1"], ["measure", "SF1"]] {
                for form in ["table", "json", "csv", "html", "pdf", "xlsx"] {
                    if form == "pdf", Program.installed("weasyprint") == nil { continue }
                    if form == "pdf", part[0] != "triangle" { continue }
                    let file = folder.path("\(part.joined()).\(form)")
                    let ended = try await client(
                        ["governance"] + part
                            + ["--period", "2025-Q1", "--ledger", ledger, "-o", form, "--file", file]
                    )
                    #expect(ended.status == 0, "\(part) \(form): \(ended.text)")
                    exports.append(("\(part) \(form)", try await Self.text(of: file, form)))
                    exports.append(("\(part) \(form) errors", Array(ended.text.utf8)))
                }
            }
            var followed = 0
            for id in ids {
                let drill = ["governance", "drill", id, "--period", "2025-Q1", "--ledger", ledger, "--limit", "1000"]
                let listed = try await client(drill + ["-o", "json"])
                exports.append(("drill \(id)", Array(listed.text.utf8)))
                guard listed.status == 0 else {
                    #expect(listed.errors.contains("not-drilled"), "\(id): \(listed.text)")
                    continue
                }
                let references = try JSON(Array(listed.output.utf8))["cases"].items
                    .compactMap { $0["reference"].string }
                for reference in references.prefix(2) {
                    for form in ["table", "json", "csv"] {
                        let events = try await client(drill + ["--case", reference, "-o", form])
                        #expect(events.status == 0, "\(id) \(reference): \(events.text)")
                        exports.append(("drill \(id) \(reference) \(form)", Array(events.text.utf8)))
                    }
                    followed += 1
                }
            }
            #expect(followed > 20)
            for export in exports {
                #expect(!Self.holds(export.bytes, Self.mark), "\(export.name) holds a canary")
            }
            // The search finds what is there: the report names its measures.
            #expect(exports.contains { Self.holds($0.bytes, "AC1") })
            Program.notice("\(count) canary cases, \(exports.count) exports searched")
        }

        @Test("A hub's log, metrics, drills and FHIR reports of real cases name no patient while auditors pull")
        func live() async throws {
            try await HospitalNetwork.run(environment: ["CONSILIUM_LOG_LEVEL": "debug"]) { network in
                let cases = try await CarriedCases(in: network)
                let auditor = try network[.auditor]
                let quarter = Periods().quarter
                let report = try await auditor.json("GET", "/network/governance/report?period=\(quarter)")
                var seen: [(name: String, text: String)] = [("report", report.text)]
                let span = GovernanceFHIR.span(of: quarter)
                for id in report["measures"].items.compactMap({ $0["id"].string }) {
                    for path in [
                        "/network/governance/drill?measure=\(id)&period=\(quarter)",
                        "/fhir/Measure/\(id)/$evaluate-measure?\(span)",
                        "/fhir/Measure/\(id)/$evaluate-measure?reportType=subject-list&\(span)",
                    ] {
                        let answer = try await auditor.request("GET", path)
                        #expect(answer.status < 500, "\(path): \(answer.status) \(answer.text)")
                        seen.append((path, answer.text))
                        guard path.contains("drill"), answer.isSuccess else { continue }
                        for row in try JSON(answer.body)["cases"].items {
                            let reference = row["reference"].string ?? ""
                            let history = try await auditor.json(
                                "GET",
                                "/network/governance/cases/\(reference)?period=\(quarter)"
                            )
                            seen.append((reference, history.text))
                        }
                    }
                }
                for path in ["samples", "assessments", "model", "registers/return", "registers/finding"] {
                    seen.append((path, try await auditor.json("GET", "/network/governance/\(path)").text))
                }
                let metrics = try await Program.run(
                    Program.installed("curl") ?? "/usr/bin/curl",
                    ["--silent", "http://127.0.0.1:\(auditor.endpoints.ops)/metrics"]
                )
                #expect(metrics.output.contains("consilium_ledger_commits_total"))
                seen += [("metrics", metrics.output), ("log", network.hub.logText)]
                #expect(seen.count > 120)
                for secret in cases.secrets {
                    for (name, text) in seen {
                        // The hub's own log names cases by their identifiers, for its operator; nothing else does.
                        if name == "log", cases.ids.values.contains(secret) { continue }
                        #expect(!text.contains(secret), "\(name) holds \(secret)")
                    }
                }
            }
        }

        /// The bytes of an export as they are read: a workbook unpacked, a PDF's words.
        private static func text(of file: String, _ form: String) async throws -> [UInt8] {
            switch form {
            case "xlsx":
                let python = Program.installed("python3") ?? "/usr/bin/python3"
                let script =
                    "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nfor n in z.namelist(): print(n, z.read(n).decode('utf-8','replace'))"
                let ended = try await Program.run(python, ["-c", script, file])
                #expect(ended.status == 0 && ended.output.contains("sharedStrings"), "\(ended.errors)")
                return Array(ended.output.utf8)
            case "pdf":
                guard let reader = Program.installed("pdftotext") else { return contents(file) }
                return Array(try await Program.run(reader, [file, "-"]).output.utf8)
            default: return contents(file)
            }
        }

        private static func holds(_ bytes: [UInt8], _ word: String) -> Bool {
            Data(bytes).range(of: Data(word.utf8)) != nil
        }
    }
}
