import ConsiliumReports
import Testing

@testable import ConsiliumCore

@Suite("A report on a terminal")
struct TerminalTests {
    private static let parts: [ReportPart] = [.scorecard, .measure("AC1"), .profile, .triangle, .sensitivity]

    /// The line of the scorecard that begins with `id`.
    private func row(_ id: String, in report: GovernanceReport, _ language: Language = .en) throws -> String {
        let lines = try printed(report, .scorecard, as: .table, language).split(separator: "\n")
        return String(try #require(lines.first { $0.hasPrefix(id + " ") }))
    }

    private func changed(_ id: String, _ change: (inout GovernanceReport.MeasureLine) -> Void) -> GovernanceReport {
        var report = Fixture.full()
        for index in report.measures.indices where report.measures[index].id == id { change(&report.measures[index]) }
        return report
    }

    @Test("No line is wider than 100 columns, in either language", arguments: Language.allCases)
    func width(_ language: Language) throws {
        for report in [Fixture.full(), Fixture.empty()] {
            for part in Self.parts {
                for line in try printed(report, part, as: .table, language).split(separator: "\n") {
                    #expect(DisplayWidth.of(line) <= 100, "\(line)")
                    #expect(!line.hasSuffix(" "))
                }
            }
        }
    }

    @Test("Every part begins with period, model version and snapshot, and says what is generated")
    func header() throws {
        for part in Self.parts {
            let text = try printed(Fixture.full(), part)
            #expect(text.hasPrefix("*** GENERATED HISTORY"))
            #expect(text.contains("2026-Q3 (2026-07-01 until before 2026-10-01)"))
            #expect(text.contains("model 1 · 1234567 records\nsnapshot \(Fixture.hash)\n"))
            #expect(text.contains("Retrospective"))
            #expect(try printed(Fixture.full(), part, as: .table, .zh).hasPrefix("*** 生成的历史数据"))
            let real = try printed(Fixture.empty(), part)
            #expect(!real.contains("GENERATED") && !real.contains("Retrospective"))
        }
    }

    @Test("Scores come first, and a missing one names the measures that are missing")
    func scores() throws {
        let text = try printed(Fixture.full())
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.prefix(8).contains { $0.hasPrefix("Overall") && $0.hasSuffix("not assessable: missing FMR3") })
        #expect(lines.prefix(8).contains { $0.contains("fairness") && $0.hasSuffix("0.70") })
        let chinese = try printed(Fixture.full(), .scorecard, as: .table, .zh)
        #expect(chinese.contains("不可评估：缺 FMR3"))
    }

    @Test("What a score lacks is told apart from what counted too few")
    func lacking() throws {
        var report = Fixture.full()
        report.performance.overall = GovernanceReport.Score(value: nil, missing: ["OC1", "FMR3"])
        #expect(try printed(report).contains("not assessable: missing FMR3; too few OC1\n"))
        let chinese = try printed(report, .scorecard, as: .table, .zh)
        #expect(chinese.contains("缺 FMR3") && chinese.contains("数量不足 OC1"))
        report.performance.overall = GovernanceReport.Score(value: nil, missing: ["OC1"])
        #expect(try printed(report).contains("not assessable: too few OC1\n"))
    }

    @Test("A value stands with its counts, its interval and a verdict in words")
    func figures() throws {
        let row = try row("AC1", in: Fixture.full())
        #expect(row.contains("AC1 v1"))
        for word in ["411/430", "95.6 % (93.2–97.2)", "≥ 95 %", "not shown, n≥73"] { #expect(row.contains(word)) }
        let met = changed("AC1") { $0.verdict = .met }
        #expect(try self.row("AC1", in: met).hasSuffix(" met"))
        let notMet = changed("AC1") { $0.verdict = .notMet }
        #expect(try self.row("AC1", in: notMet).hasSuffix(" not met"))
        #expect(try self.row("DR1", in: Fixture.full()).contains(" failed"))
        #expect(try self.row("AC1", in: Fixture.full(), .zh).hasSuffix("未能证明，n≥73"))
    }

    @Test("What has no value says why, and shows none")
    func standings() throws {
        let report = Fixture.full()
        #expect(try row("OC1", in: report).contains("9/12       too few (12, at least 20 needed)"))
        #expect(try row("SF3", in: report).contains("not assessable: no such events yet ("))
        #expect(try row("FMR3", in: report).hasSuffix("no value (n = 0)"))
        #expect(try row("IDR1", in: report).hasSuffix("hidden (1-10)"))
        for id in ["OC1", "SF3", "FMR3", "IDR1"] { #expect(try !row(id, in: report).contains("%")) }
        #expect(try row("IDR1", in: report, .zh).hasSuffix("已隐藏（1-10）"))
        #expect(try row("SF3", in: report, .zh).contains("不可评估：尚无此类事件（"))
    }

    @Test("Nothing observed is no value, never 0 %")
    func nothingObserved() throws {
        let text = try printed(Fixture.empty())
        #expect(!text.contains("0 %") && !text.contains("0.0 %"))
        #expect(!text.contains("0.00"))
    }

    @Test("A percentage that is neither 0 nor 100 is not rounded to either")
    func rounding() throws {
        let almost = changed("AC1") { line in (line.value, line.low, line.high) = (99.97, 0.02, 99.999_9) }
        #expect(try row("AC1", in: almost).contains("99.97 % (0.02–99.9999)"))
    }

    @Test("A measure without a source check is marked so, one with a check shows its rate")
    func sources() throws {
        let text = try printed(Fixture.full())
        #expect(text.contains("source check: 75 drawn, 60 checked, 15 still open; 2 discrepant, 1 missing, 3/60"))
        let marked = try #require(text.split(separator: "\n").first { $0.hasPrefix("not source-verified:") })
        #expect(marked.contains("OC1") && !marked.contains("AC1"))
        #expect(try printed(Fixture.empty()).contains("not source-verified: every measure"))
    }

    @Test("Controls, exchange quality and position stand apart and are never scored")
    func sections() throws {
        let text = try printed(Fixture.full())
        for heading in ["Autonomy position (type A)", "Controls (type C)", "Exchange quality (type X)"] {
            #expect(text.contains("── \(heading) · never scored"))
        }
    }

    @Test("The triangle index stands with its counts, U and the reasons for which its band is withheld")
    func triangle() throws {
        let text = try printed(Fixture.full(), .triangle)
        #expect(text.contains("TI 69.5, 95 % interval 64.1–73.8; band withheld (4120 episodes, 36 origin sites"))
        #expect(text.contains("band withheld: the upper end of under-treatment's interval exceeds 5 %"))
        #expect(text.contains("U under-treatment") && text.contains("215/3950"))
        #expect(text.contains("the study gives no formula"))
        #expect(try printed(Fixture.empty(), .triangle).contains("TI withheld (0 episodes, 0 origin sites)"))
    }

    @Test("The triangle is drawn as centred bars, the highest tier on top", arguments: Language.allCases)
    func picture(_ language: Language) throws {
        var report = Fixture.full()
        report.triangle.sharesByTier = [0.5, 0.25, 0.125, 0.12, 0.005]
        let lines = try printed(report, .triangle, as: .table, language).split(separator: "\n").map { String($0) }
        let bars = lines.filter { $0.contains("█") }
        #expect(bars.map { $0.filter { $0 == "█" }.count } == [2, 12, 12, 24, 48])
        for (bar, tier) in zip(bars, Tier.allCases.reversed()) {
            #expect(bar.hasPrefix(tier.name.text(language)))
            // As much of the picture's 48 columns left of the bar as right of it.
            let length = bar.filter { $0 == "█" }.count
            #expect(DisplayWidth.of(bar.prefix { $0 != "█" }) == 14 + (48 - length) / 2, "\(bar)")
        }
        #expect(bars.last?.hasSuffix(" 50.0 %") == true && bars.first?.hasSuffix(" 0.5 %") == true)
        report.triangle.sharesByTier = [1, 0, 0, 0, 0]
        let base = try printed(report, .triangle, as: .table, language)
        #expect(base.split(separator: "\n").count { $0.contains("█") } == 1)
        #expect(try !printed(Fixture.empty(), .triangle, as: .table, language).contains("█"))
    }

    @Test("The second reading's means stand with what they differ by from the first", arguments: Language.allCases)
    func differences(_ language: Language) throws {
        let text = try printed(Fixture.full(), .profile, as: .table, language)
        // Social functions and accountability of the fixture: 2 and 2.25 by the first mapping.
        for mean in ["2.50 (+0.50)", "2.00 (-0.25)", "2.00 (-1.00)"] { #expect(text.contains(mean)) }
        let lines = text.split(separator: "\n").filter { $0.contains("(+0.50)") || $0.contains("(-0.50)") }
        #expect(lines.count == 3)
        let note = language == .en ? "by how much it is more than under the first mapping" : "与第一种映射之差"
        #expect(text.contains(note))
    }

    @Test("A self-declared profile says so; without any there is none")
    func profile() throws {
        var report = Fixture.full()
        report.profile?.standing = "self-declared"
        report.profile?.distances = []
        report.profile?.nearest = []
        let text = try printed(report, .profile)
        #expect(text.contains("SELF-DECLARED") && !text.contains("nearest"))
        #expect(try printed(Fixture.empty(), .profile).contains("no assessment of this period"))
        #expect(try printed(Fixture.empty(), .sensitivity).contains("no sensitivity analysis of this period"))
    }

    @Test("A measure that the report does not have is named in the error")
    func unknown() {
        #expect(throws: ReportError.unknownMeasure("XX9")) {
            try ReportWriter.write(Fixture.full(), part: .measure("XX9"), as: .table, language: .en)
        }
        #expect(ReportError.unknownMeasure("XX9").sentence(.en) == "the report has no measure XX9")
    }

    @Test("What could steer a terminal reaches none")
    func harmless() throws {
        var report = changed("AC1") { $0.title = BilingualText("a\u{1B}[2Jb", "a\u{1B}[2Jb") }
        report.network = "x\u{1B}]0;y\u{07}"
        report.notices = [BilingualText("n\u{202E}", "n\u{202E}")]
        for part in Self.parts {
            let text = try printed(report, part)
            #expect(!text.unicodeScalars.contains { ($0.value < 32 && $0 != "\n") || $0.value == 0x202E })
        }
    }
}
