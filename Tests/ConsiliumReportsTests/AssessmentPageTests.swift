import ConsiliumReports
import Testing

@testable import ConsiliumCore

@Suite("What an assessment rests on, in every form")
struct AssessmentPageTests {
    @Test(
        "A profile prints sheets, confidence, evidence, questionnaire and the study's words",
        arguments: [ReportFormat.table, .html, .csv, .json],
        [Language.en, .zh]
    )
    func profile(format: ReportFormat, language: Language) throws {
        let text = try printed(Fixture.full(), .profile, as: format, language)
        for word in ["rule-pack:GZ-2026-1", "9f86d081884c7d65", "governance/2", "laws… not perfect"] {
            #expect(text.contains(word), "\(word)")
        }
        // Auditors are numbered; nobody is named.
        switch (format, language) {
        case (.table, .en), (.html, .en):
            for word in ["auditor 1", "auditor 3 (arbitrating)", "questionnaire 7", "low", "2 / 4 (1 + 1)"] {
                #expect(text.contains(word), "\(word)")
            }
        case (.table, .zh), (.html, .zh):
            for word in ["审计员 1", "审计员 3（复议）", "问卷版本 7", "低", "2 / 4 (1 + 1)"] {
                #expect(text.contains(word), "\(word)")
            }
        case (.csv, _): for word in ["auditor-1", "auditor-3", "arbitrating", "low"] { #expect(text.contains(word)) }
        default: #expect(text.contains("\"questionnaireVersion\" : \"7\""))
        }
    }

    @Test("Both kappas are printed", arguments: [ReportFormat.table, .html, .csv], [Language.en, .zh])
    func kappas(format: ReportFormat, language: Language) throws {
        let text = try printed(Fixture.full(), .profile, as: format, language)
        #expect(text.contains("0.62") && text.contains("0.84") && text.contains("0.71"))
        let words = ["weighted κ", "加权 κ", "weighted-kappa"]
        #expect(words.contains { text.contains($0) })
    }

    @Test("A network's own sheet is labelled wherever it is printed", arguments: [ReportFormat.table, .html, .csv])
    func own(format: ReportFormat) throws {
        var report = Fixture.full()
        report.profile?.standing = "self-declared"
        for index in report.profile?.indicators.indices ?? 0..<0 {
            report.profile?.indicators[index].ratings = [
                .init(arbitrates: false, value: 2, confidence: .medium, evidence: [.init(.register, "rule-pack:X")])
            ]
            report.profile?.indicators[index].codings = []
        }
        let text = try printed(report, .profile, as: format, .en)
        #expect(text.lowercased().contains("self-declared") && text.contains("rule-pack:X"))
        #expect(!text.contains("auditor 1") && !text.contains("auditor-1"))
        if format != .csv {
            let chinese = try printed(report, .profile, as: format, .zh)
            #expect(chinese.contains("自行申报") && !chinese.contains("原研究中的依据"))
        }
    }

    @Test(
        "The sensitivity page prints the nearest mode without an indicator, correlations, and what ranks need",
        arguments: [ReportFormat.table, .html, .csv],
        [Language.en, .zh]
    )
    func sensitivity(format: ReportFormat, language: Language) throws {
        let text = try printed(Fixture.full(), .sensitivity, as: format, language)
        let isChinese = language == .zh
        #expect(text.contains(isChinese ? "北京儿童医院专科联盟" : "Beijing Children's Hospital union".escaped(format)))
        #expect(text.contains("AC1") && text.contains("-0.25") || text.contains("−0.25"))
        if format != .csv { #expect(text.contains(isChinese ? "排名需要十个" : "ranks need ten networks or periods")) }
    }

    @Test("A figure beside a measure has a table of its own, by its name", arguments: [Language.en, .zh])
    func besideTables(language: Language) throws {
        var report = Fixture.full()
        let row = GovernanceReport.StratumRow(
            code: "H9",
            name: BilingualText("Hospital 9", "第9医院"),
            numerator: 30,
            denominator: 120,
            value: 25,
            isSuppressed: false
        )
        report.tables.append(
            .init(
                measure: "OF2",
                figure: "AC2-paused",
                figureName: BilingualText("share of the time paused", "暂停时间占比"),
                by: .site,
                rows: [row]
            )
        )
        for format in [ReportFormat.table, .html] {
            let text = try printed(report, .measure("OF2"), as: format, language)
            #expect(text.contains(language == .zh ? "暂停时间占比" : "share of the time paused"))
            #expect(text.contains("30/120"))
        }
        #expect(try printed(report, .measure("OF2"), as: .csv, language).contains("AC2-paused"))
    }

    @Test("A check of few originals says that there was one, and no number", arguments: [Language.en, .zh])
    func hiddenCheck(language: Language) throws {
        var report = Fixture.full()
        for index in report.measures.indices { report.measures[index].sourceCheck = GovernanceReport.SourceCheck() }
        let text = try printed(report, .measure("AC1"), as: .table, language)
        #expect(text.contains(language == .zh ? "已抽样与源头核对：已隐藏" : "a sample was checked against its source: hidden"))
        #expect(!text.contains(language == .zh ? "未经源头核查" : "not source-verified"))
    }
}

extension String {
    /// As a page writes an apostrophe.
    fileprivate func escaped(_ format: ReportFormat) -> String {
        format == .html ? replacing("'", with: "&#39;") : self
    }
}
