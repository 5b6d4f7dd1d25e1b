import ConsiliumReports
import Foundation
import Testing

@testable import ConsiliumCore

@Suite("A report as JSON and CSV")
struct RecordTests {
    @Test("The whole report as JSON is read back as the same report")
    func roundTrip() throws {
        for report in [Fixture.full(), Fixture.empty()] {
            let bytes = try ReportWriter.write(report, part: .scorecard, as: .json, language: .en)
            #expect(try JSONDecoder().decode(GovernanceReport.self, from: Data(bytes)) == report)
        }
    }

    @Test("JSON has sorted keys and the same bytes each time, in either language")
    func stable() throws {
        let first = try printed(Fixture.full(), .scorecard, as: .json)
        #expect(try printed(Fixture.full(), .scorecard, as: .json, .zh) == first)
        let keys = first.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { $0.prefix { $0 != ":" } }
        #expect(keys == keys.sorted())
        #expect(keys.count == 17)
    }

    @Test("A part as JSON holds its pages and what every print carries, and no other page")
    func parts() throws {
        func keys(_ part: ReportPart) throws -> Set<String> {
            let bytes = try ReportWriter.write(Fixture.full(), part: part, as: .json, language: .en)
            let object = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            #expect((object["snapshot"] as? [String: Any])?["hash"] as? String == Fixture.hash)
            let common = ["network", "period", "modelVersion", "isRetrospective", "isGenerated", "snapshot"]
            return Set(object.keys).subtracting(common + ["isSuppressed", "notices"])
        }
        #expect(try keys(.measure("AC1")) == ["measure", "tables", "funnels", "trends"])
        #expect(try keys(.profile) == ["profile"])
        #expect(try keys(.triangle) == ["triangle", "flows"])
        #expect(try keys(.sensitivity) == ["sensitivity"])
    }

    @Test("A number that is not finite is refused, and an unknown measure named")
    func refusals() {
        var report = Fixture.full()
        report.triangle.index = .infinity
        #expect(throws: ReportError.notANumber) {
            try ReportWriter.write(report, part: .scorecard, as: .json, language: .en)
        }
        for format in [ReportFormat.json, .csv] {
            #expect(throws: ReportError.unknownMeasure("none")) {
                try ReportWriter.write(report, part: .measure("none"), as: format, language: .en)
            }
        }
    }

    /// The records of the CSV as dictionaries.
    private func records(_ report: GovernanceReport, _ part: ReportPart = .scorecard) throws -> [[String: String]] {
        let lines = CSV.records(try printed(report, part, as: .csv))
        let heading = try #require(lines.first).fields
        return lines.dropFirst()
            .map { line in
                #expect(line.fields.count == heading.count)
                return Dictionary(uniqueKeysWithValues: zip(heading, line.fields))
            }
    }

    @Test("Each CSV record carries period, model version, snapshot and whether it was generated")
    func header() throws {
        for record in try records(Fixture.full()) {
            #expect(record["period"] == "2026-Q3" && record["model"] == "1" && record["snapshot"] == Fixture.hash)
            #expect(record["generated"] == "true")
        }
    }

    @Test("A measure in CSV has its counts and full precision; one without a value has an empty cell")
    func measures() throws {
        let records = try records(Fixture.full())
        let measures = records.filter { $0["section"] == "measure" }
        #expect(measures.count == Measure.standard.count)
        let accepted = try #require(measures.first { $0["id"] == "AC1" })
        #expect(accepted["numerator"] == "411" && accepted["denominator"] == "430" && accepted["value"] == "95.58")
        #expect(accepted["verdict"] == "not-shown" && accepted["least_total"] == "73")
        let hidden = try #require(measures.first { $0["id"] == "IDR1" })
        #expect(hidden["standing"] == "suppressed")
        #expect(hidden["value"] == "" && hidden["numerator"] == "" && hidden["counted"] == "")
        let strata = records.filter { $0["section"] == "stratum" && $0["standing"] == "suppressed" }
        #expect(!strata.isEmpty)
        #expect(strata.allSatisfy { $0["denominator"] == "" && $0["value"] == "" })
    }

    @Test("The second reading in CSV has what each mean differs by from the first")
    func differences() throws {
        let readings = try records(Fixture.full(), .profile).filter { $0["section"] == "reading" }
        let differences = readings.filter { $0["code"] == "difference" }
        #expect(differences.count == 5)
        #expect(differences.allSatisfy { $0["by"] == IndicatorMapping.semantic.id })
        let values = differences.compactMap { $0["value"].flatMap { Double($0) } }
        #expect(values.sorted() == [-1, -0.5, -0.25, 0.5, 0.5])
    }

    @Test("A name that a spreadsheet would run is defused")
    func formulas() throws {
        var report = Fixture.full()
        report.network = "=cmd|'/c calc'!A1"
        #expect(try records(report).allSatisfy { $0["network"] == "'=cmd|'/c calc'!A1" })
    }

    @Test("A part as CSV holds its sections only")
    func sections() throws {
        func sections(_ part: ReportPart) throws -> Set<String> {
            Set(try records(Fixture.full(), part).compactMap { $0["section"] })
        }
        #expect(try sections(.measure("AC1")) == ["measure", "companion", "stratum", "trend", "funnel"])
        #expect(
            try sections(.profile) == ["profile", "rating", "coding", "agreement", "reading", "distance"]
        )
        #expect(try sections(.triangle) == ["triangle", "companion", "tier", "flow"])
        #expect(try sections(.sensitivity) == ["sensitivity", "nearest-without", "correlation"])
    }
}
