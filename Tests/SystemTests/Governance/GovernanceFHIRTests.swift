import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Governance as FHIR R4", .serialized)
    struct GovernanceFHIR {
        @Test("Measures, reports and the questionnaire are read, agree with the report, and are valid R4")
        func resources() async throws {
            try await HospitalNetwork.run { network in
                let cases = try await CarriedCases(in: network)
                let auditor = try network[.auditor]
                let periods = Periods()
                let quarter = periods.quarter
                let bounds = try await auditor.json("GET", "/network/governance/report?period=\(quarter)")["period"]
                let start = try #require(bounds["from"].string)
                let end = try Self.dayBefore(#require(bounds["to"].string))
                let span = "periodStart=\(start)&periodEnd=\(end)"
                let answers = try TemporaryFolder("r4")
                defer { answers.remove() }
                func take(_ path: String, _ name: String) async throws -> JSON {
                    let answer = try await auditor.request("GET", "/fhir/\(path)")
                    #expect(answer.status == 200, "\(path): \(answer.status) \(answer.text.prefix(400))")
                    #expect(answer.header("Content-Type")?.contains("fhir+json") == true, "\(path)")
                    for secret in cases.secrets { #expect(!answer.text.contains(secret), "\(path): \(secret)") }
                    try Data(answer.body).write(to: URL(fileURLWithPath: answers.path("\(name).json")))
                    return try JSON(answer.body)
                }

                let all = try await take("Measure", "measures")
                #expect(all["total"].int == all["entry"].items.count && all["entry"].items.count >= 30)
                let one = try await take("Measure/AC3", "measure")
                #expect(one["id"].string == "AC3")
                let byID = try await take("Measure?_id=AC3", "measure-by-id")
                #expect(byID["entry"].items.map { $0["resource"]["id"].string } == ["AC3"])
                let url = try #require(one["url"].string)
                let escaped = url.replacing(":", with: "%3A").replacing("/", with: "%2F")
                let byURL = try await take("Measure?url=\(escaped)", "measure-by-url")
                #expect(byURL["entry"].items.map { $0["resource"]["id"].string } == ["AC3"])
                #expect(try await take("Measure?_id=XX9", "measure-none")["total"].int == 0)
                let summary = try await take("Measure/AC3/$evaluate-measure?\(span)", "summary")
                #expect(summary["type"].string == "summary")
                let counts = Self.counts(summary)
                #expect(counts == ["denominator": 1, "numerator": 1], "\(summary.text)")
                let kept = try await take("MeasureReport/AC3-\(quarter)", "report")
                #expect(kept.text == summary.text)
                let typed = try await take("Measure/$evaluate-measure?measure=AC3&\(span)", "typed")
                #expect(typed.text == summary.text)
                let subjects = try await take(
                    "Measure/AC3/$evaluate-measure?\(span)&reportType=subject-list",
                    "subjects"
                )
                #expect(subjects["type"].string == "subject-list")
                let drill = try await auditor.json("GET", "/network/governance/drill?measure=AC3&period=\(quarter)")
                let reference = try #require(drill["cases"][0]["reference"].string)
                #expect(subjects.text.contains(reference))
                #expect(!subjects.text.contains("Patient/"))
                let accepted = try await take(
                    "Measure/MC2/$evaluate-measure?\(span)&reportType=subject-list",
                    "subjects-of-a-variable"
                )
                let lists = accepted["contained"].items
                #expect(lists.map { $0["id"].string } == ["measure-population"], "\(accepted.text)")
                #expect(lists.first?["entry"].items.count == 2, "\(accepted.text)")
                _ = try await take("Questionnaire/consilium-assessment", "questionnaire")
                _ = try await take("Questionnaire", "questionnaires")
                let overall = all["entry"].items.compactMap { $0["resource"]["id"].string }.last ?? ""
                _ = try await take("Measure/\(overall)/$evaluate-measure?\(span)", "composite")
                let metadata = try await take("metadata", "metadata")
                try Self.expectPromises(metadata)
                try await Self.validate(answers)
            }
        }

        @Test("What cannot be evaluated is an OperationOutcome with its code and place, for each wrong parameter")
        func refusals() async throws {
            try await HospitalNetwork.run { network in
                _ = try await CarriedCases(in: network)
                let auditor = try network[.auditor]
                let year = Periods().year
                let wrong: [(path: String, status: Int, place: String)] = [
                    ("Measure/XX9", 404, ""),
                    ("Measure/XX9/$evaluate-measure?periodStart=\(year)&periodEnd=\(year)", 422, ""),
                    ("Measure/AC3/$evaluate-measure", 422, "periodStart"),
                    ("Measure/AC3/$evaluate-measure?periodStart=\(year)", 422, "periodEnd"),
                    ("Measure/AC3/$evaluate-measure?periodStart=\(year)-02-30&periodEnd=\(year)", 422, "periodStart"),
                    ("Measure/AC3/$evaluate-measure?periodStart=\(year)-01-02&periodEnd=\(year)", 422, "periodEnd"),
                    ("Measure/AC3/$evaluate-measure?periodStart=2999&periodEnd=2999", 422, "period"),
                    ("Measure/AC3/$evaluate-measure?periodStart=2019&periodEnd=2019", 422, "period"),
                    (
                        "Measure/AC3/$evaluate-measure?periodStart=\(year)&periodEnd=\(year)&subject=Patient/1", 422,
                        "subject"
                    ),
                    (
                        "Measure/AC3/$evaluate-measure?periodStart=\(year)&periodEnd=\(year)&reportType=x", 422,
                        "reportType"
                    ),
                    ("Measure/$evaluate-measure?periodStart=\(year)&periodEnd=\(year)", 422, "measure"),
                    ("MeasureReport/AC3-2026-Q9", 404, ""), ("MeasureReport/AC3", 404, ""),
                    ("Questionnaire/other", 404, ""), ("QuestionnaireResponse/none", 404, ""),
                ]
                for one in wrong {
                    let answer = try await auditor.request("GET", "/fhir/\(one.path)")
                    #expect((400..<500).contains(answer.status), "\(one.path): \(answer.status) \(answer.text)")
                    if one.status == 404 { #expect(answer.status == 404, "\(one.path): \(answer.status)") }
                    let outcome = try JSON(answer.body)
                    #expect(outcome["resourceType"].string == "OperationOutcome", "\(one.path): \(answer.text)")
                    #expect(outcome["issue"][0]["details"]["coding"][0]["code"].string != nil, "\(answer.text)")
                    #expect(one.place.isEmpty || answer.text.contains(one.place), "\(one.path): \(answer.text)")
                }
                let report = "/fhir/MeasureReport/AC3-\(Periods().quarter)"
                #expect(try await network[.townDoctor].request("GET", report).status == 403)
                let office = try await network[.administrator].request("GET", report)
                // What is published is of quarters that are over.
                #expect(office.status == 409 && office.text.contains("period-not-ended"), "\(office.text)")
                let subjects = try await network[.administrator]
                    .request(
                        "GET",
                        "/fhir/Measure/AC3/$evaluate-measure?reportType=subject-list&"
                            + Self.span(of: Periods().quarter)
                    )
                // Before anything of the period is looked at.
                #expect(subjects.status == 403, "\(subjects.text)")
            }
        }

        /// `periodStart` and `periodEnd` of a quarter, to the month.
        static func span(of quarter: String) -> String {
            let year = quarter.prefix(4)
            let last = (Int(quarter.suffix(1)) ?? 1) * 3
            func month(_ number: Int) -> String { "\(year)-\(number < 10 ? "0" : "")\(number)" }
            return "periodStart=\(month(last - 2))&periodEnd=\(month(last))"
        }

        private static func dayBefore(_ day: String) throws -> String {
            let format = Date.ISO8601FormatStyle().year().month().day()
            return format.format(try format.parse(day) - 86_400)
        }

        private static func counts(_ report: JSON) -> [String: Int] {
            var counts: [String: Int] = [:]
            for population in report["group"][0]["population"].items {
                guard let code = population["code"]["coding"][0]["code"].string, let count = population["count"].int
                else { continue }
                counts[code] = count
            }
            return counts
        }

        private static func expectPromises(_ metadata: JSON) throws {
            let resources = metadata["rest"][0]["resource"].items
            func interactions(_ type: String) -> [String] {
                resources.first { $0["type"].string == type }?["interaction"].items.compactMap { $0["code"].string }
                    ?? []
            }
            #expect(interactions("Measure") == ["read", "search-type"])
            #expect(interactions("MeasureReport") == ["read"])
            #expect(interactions("Questionnaire") == ["read", "search-type"])
            #expect(interactions("QuestionnaireResponse") == ["create", "read"])
            let measure = try #require(resources.first { $0["type"].string == "Measure" })
            #expect(measure["operation"][0]["name"].string == "evaluate-measure")
        }

        /// The project's own check of its examples, on the answers of this hub.
        private static func validate(_ answers: TemporaryFolder) async throws {
            let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let shared = package.deletingLastPathComponent().appendingPathComponent("shared/data/schema")
            // The check reads every file beside itself.
            let folder = answers.path("Protocols/FHIR")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: answers.url.path)
            where name.hasSuffix(".json") {
                try FileManager.default.moveItem(atPath: answers.path(name), toPath: "\(folder)/\(name)")
            }
            let check = "\(folder)/validate"
            try FileManager.default.copyItem(
                atPath: package.appendingPathComponent("Protocols/FHIR/validate").path,
                toPath: check
            )
            let local = package.appendingPathComponent(".build-venv/bin/python").path
            let python = FileManager.default.isExecutableFile(atPath: local) ? local : Program.installed("python3")
            guard let python else { return Program.notice("python3 is not installed; R4 is not checked") }
            let schema = ["fhir.schema.r4.json", "hl7.fhir.r4.core-4.0.1.tgz"]
                .map { shared.appendingPathComponent($0).path }
            let ended = try await Program.run(python, [check] + schema, seconds: 300)
            #expect(ended.status == 0, "\(ended.text)")
            if ended.output.contains("notice:") { Program.notice(ended.output) }
        }
    }
}
