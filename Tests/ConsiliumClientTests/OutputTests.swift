import ConsiliumCore
import ConsiliumReports
import Foundation
import Testing

@testable import consilium

@Suite("Tables, CSV and texts of the client")
struct OutputTests {
    private static var table: Table {
        Table(
            [.init("code", Phrase("CODE", "代码")), .init("name", Phrase("NAME", "名称")), .init("n", Phrase("N", "数"))],
            rows: [
                ["code": "0304", "name": "心血管内科", "n": 3], ["code": "05", "name": "Obstetrics, \"all\"", "n": 12],
            ]
        )
    }

    @Test("Columns with Chinese text align")
    func alignment() {
        let lines = Self.table.aligned(.zh).split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        let columns = lines.map { line in
            line.lastIndex(of: " ").map { DisplayWidth.of(line[...$0]) }
        }
        #expect(Set(columns).count == 1)
        #expect(lines[0] == "代码  名称               数")
        #expect(lines[1] == "0304  心血管内科         3")
    }

    @Test("A line never ends in blanks")
    func noTrailingBlanks() {
        let table = Table([.init("a", Phrase("A", "甲")), .init("b", Phrase("B", "乙"))], rows: [["a": "x"]])
        #expect(table.aligned(.en) == "A  B\nx\n")
    }

    @Test("A table's CSV carries codes and quotes what must be quoted, and nothing that could steer a terminal")
    func csv() {
        #expect(Self.table.csv == "code,name,n\n0304,心血管内科,3\n05,\"Obstetrics, \"\"all\"\"\",12\n")
        let table = Table([.init("name", Phrase("NAME", "名称"))], rows: [["name": "\u{1B}]0;x\u{07}张三"]])
        #expect(!table.csv.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }

    @Test("CSV carries times as the hub sent them, a table as a person reads them")
    func timesInCSV() throws {
        let now = try #require(Instant(iso8601: "2026-03-01T08:00:00Z"))
        let rows: [Value] = [["case": "01H", "kind": "offer", "deadline": "2026-03-01T09:59:00.000Z"]]
        for table in [Queue.table(rows, now: now), InboxTable.make(rows, now: now)] {
            #expect(table.aligned(.en).contains("1h 59m left"))
            #expect(table.csv.contains("2026-03-01T09:59:00.000Z"))
            #expect(!table.csv.contains("left"))
        }
        let times = Table([.time("time", Phrase("TIME", "时间"))], rows: [["time": "2026-03-01T08:00:00.000Z"]])
        #expect(times.csv == "time\n2026-03-01T08:00:00.000Z\n")
        #expect(!times.aligned(.en).contains("T08:00"))
    }

    @Test("A tree is written as JSON and YAML with its strings still strings")
    func trees() throws {
        let value: Value = ["department": "0304", "open": true, "n": 7, "list": ["a", "是"], "none": .null]
        #expect(Value(json: value.jsonBytes) == value)
        let yaml = value.yaml
        #expect(yaml.contains("department: \"0304\""))
        #expect(yaml.contains("是"))
        #expect(Value(json: Array("{\"a\":".utf8)) == nil)
        #expect(value["department"].string == "0304")
        #expect(value["absent"]["deeper"][3].isNull)
    }

    @Test("Fields that are null are left out of a request")
    func fields() {
        #expect(Value.fields(["reason": "other", "note": Value(nil)]) == ["reason": "other"])
    }

    @Test("A span is named by its two largest units")
    func spans() {
        #expect(LocalTime.span(seconds: 0) == "0s")
        #expect(LocalTime.span(seconds: 59) == "59s")
        #expect(LocalTime.span(seconds: 60) == "1m")
        #expect(LocalTime.span(seconds: 3_725) == "1h 2m")
        #expect(LocalTime.span(seconds: 200_000) == "2d 7h")
    }

    @Test("A deadline is told from both sides, in both languages")
    func deadlines() throws {
        let now = try #require(Instant(iso8601: "2026-03-01T08:00:00Z"))
        #expect(LocalTime.distance(to: "2026-03-01T08:03:20Z", from: now, .en) == "3m 20s left")
        #expect(LocalTime.distance(to: "2026-03-01T07:00:00Z", from: now, .zh) == "超 1h")
        #expect(LocalTime.distance(to: "soon", from: now, .en) == "soon")
    }

    @Test("The language comes from the option, else from the locale")
    func languages() {
        #expect(Language(option: .zh, environment: ["LANG": "en_US.UTF-8"]) == .zh)
        #expect(Language(option: nil, environment: ["LANG": "zh_CN.UTF-8"]) == .zh)
        #expect(Language(option: nil, environment: ["LC_ALL": "C", "LANG": "zh_CN.UTF-8"]) == .en)
        #expect(Language(option: nil, environment: [:]) == .en)
    }

    @Test("Every code of the domain has a Chinese term")
    func terms() {
        var codes = Phase.allCases.map(\.rawValue) + DeclineReason.allCases.map(\.rawValue)
        codes += CancelReason.allCases.map(\.rawValue) + FailureReason.allCases.map(\.rawValue)
        codes += NotAdoptedReason.allCases.map(\.rawValue) + ClosureDecision.allCases.map(\.rawValue)
        codes += Priority.allCases.map(\.rawValue) + Tier.allCases.map(\.rawValue) + Gap.allCases.map(\.rawValue)
        codes += Event.types + UnroutableReason.allCases.map(\.rawValue) + Disposition.allCases.map(\.rawValue)
        codes += QueueReason.allCases.map(\.rawValue) + TimerKind.allCases.map(\.rawValue)
        codes += ServiceKind.allCases.map(\.rawValue) + Outcome.Result.allCases.map(\.rawValue)
        codes += Role.allCases.map(\.rawValue) + NetworkEvent.types
        // Registers, samples, assessments and broken glasses.
        codes += GovernanceEvent.types
        codes += Partner.Kind.allCases.map(\.rawValue) + Pricing.TariffSetter.allCases.map(\.rawValue)
        codes += RulePack.Check.allCases.map(\.rawValue) + AuditFinding.Severity.allCases.map(\.rawValue)
        codes += FindingRecord.State.allCases.map(\.rawValue) + Incident.Category.allCases.map(\.rawValue)
        codes += Incident.Severity.allCases.map(\.rawValue) + Sample.Purpose.allCases.map(\.rawValue)
        codes += Sample.Outcome.allCases.map(\.rawValue) + BreakGlass.Reason.allCases.map(\.rawValue)
        codes += BreakGlass.Verdict.allCases.map(\.rawValue) + ["unreviewed", "late", "reviewed"]
        codes += SiteReturn.RuleProposal.Decision.allCases.map(\.rawValue)
        codes += SiteReturn.RuleProposal.Initiator.allCases.map(\.rawValue)
        codes += SiteReturn.InvestmentItem.Decider.allCases.map(\.rawValue)
        codes += Assessment.State.allCases.map(\.rawValue) + Assessment.Confidence.allCases.map(\.rawValue)
        codes += Assessment.Evidence.Kind.allCases.map(\.rawValue) + ["audited", "self-declared", "none"]
        for code in codes {
            #expect(Terms.text(code, .zh) != code, "\(code)")
            #expect(Terms.text(code, .en) == code)
        }
    }

    @Test("A tier and a priority have one Chinese word, in lists and in reports")
    func sharedTerms() {
        for tier in Tier.allCases { #expect(Terms.text(tier.rawValue, .zh) == tier.name.zh) }
        for priority in Priority.allCases { #expect(Terms.text(priority.rawValue, .zh) == priority.name.zh) }
    }

    @Test("Every field of registers, assessments and broken glasses has a Chinese label")
    func labels() {
        // As the hub's cards have them.
        var fields = ["case", "reason", "operator", "openedAt", "ends", "reviewDue", "state", "verdict"]
        fields += ["from", "to", "standing", "questionnaireVersion", "modelVersion", "auditors", "signed", "disputed"]
        fields += ["lockedAt", "sheets", "auditor", "arbitrates", "signedAt", "ratings", "indicator", "value"]
        fields += ["halves", "confidence", "evidence", "reference", "openedOn", "closedOn", "resolvedAt", "regions"]
        fields += ["proposals", "investments", "filedAt", "form"]
        // And as they are recorded.
        for kind in RegisterKind.allCases where kind != .regions && kind != .siteReturn {
            for line in RegisterTemplates.text(kind).split(separator: "\n") {
                let bare = line.split(separator: "#")[0]
                for part in bare.split(separator: /[{,]/) where part.contains(":") {
                    let name = part.split(separator: ":")[0].drop { "- ".contains($0) }
                    if !name.isEmpty { fields.append(String(name)) }
                }
            }
        }
        for field in fields { #expect(Terms.label(field, .zh) != field, "\(field)") }
    }

    @Test("Lists of assessments, samples and glasses say their codes in the reader's language, and CSV keeps them")
    func governanceTables() {
        let tables: [(Table, code: String, zh: String)] = [
            (AssessList.table([["state": "locked"]]), "locked", "已锁定"),
            (SampleList.table([["purpose": "second-rating"]]), "second-rating", "适宜层级盲法复评"),
            (GlassList.table([["reason": "court-order"]]), "court-order", "法院命令"),
            (GlassList.table([["verdict": "unjustified"]]), "unjustified", "不正当"),
        ]
        for (table, code, zh) in tables {
            #expect(table.aligned(.zh).contains(zh) && !table.aligned(.zh).contains(code), "\(code)")
            #expect(table.aligned(.en).contains(code) && table.csv.contains(code), "\(code)")
        }
    }

    @Test("A report that cannot be written says why in both languages")
    func unwritableReport() {
        func sentence(_ language: Language) -> String {
            let file = ReportFile("/nowhere/at/all/report.html", .html)
            do throws(Failure) {
                try file.write([], isPrivate: false, language: language)
                return ""
            } catch { return error.items.first?.sentence ?? "" }
        }
        let cause = sentence(.en).split(separator: ": ", maxSplits: 1).last ?? ""
        #expect(!cause.isEmpty && sentence(.zh) == "无法写入该文件：\(cause)")
    }

    @Test("A failure prints code, place, sentence and next step in the user's language")
    func failures() {
        let failure = Failure(Refusal(.consentMissing, at: "consent.basis"), language: .en)
        #expect(
            failure.text(.en) == """
                error[consent-missing] at consent.basis: the patient's consent is not on record
                  next: attach it with `consilium consent attach CASE`
                """
        )
        let chinese = Failure(Refusal(.consentMissing, at: "consent.basis"), language: .zh)
        #expect(chinese.text(.zh).hasPrefix("错误[consent-missing] 位置 consent.basis：没有患者知情同意记录\n  下一步："))
    }

    @Test("Data that cannot be written fail a command that did well, and change no other status")
    func unwritableOutput() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let error = Terminal.write([1, 2, 3], to: full)
        #expect(error == ENOSPC)
        for language in Language.allCases {
            let failure = Failure.output(error, language: language)
            #expect(!failure.text(language).contains("\n"))
            #expect(Entry.ended(.ok, failure) == .refused)
            #expect(Entry.ended(.unreachable, failure) == .unreachable)
        }
        #expect(Entry.ended(.ok, nil) == .ok)
    }

    @Test("A case is shown with its facts, its elements by name and its events")
    func caseText() {
        let record: Value = [
            "facts": [
                "phase": "offered", "priority": "stat",
                "offers": [["site": "LJ-COUNTY", "state": "live", "leaseDue": "2026-03-01T08:00:00Z"]],
            ],
            "application": ["patient.name": "张三\u{1B}[31m", "request.wantedDepartment": "0304", "x.unknown": "kept"],
            "events": [["sequence": 1, "time": "2026-03-01T08:00:00Z", "type": "submitted", "actor": "T/op/a"]],
        ]
        let text = CaseText.record("01H", record, .zh)
        #expect(text.contains("已邀请"))
        #expect(text.contains("张三\u{FFFD}[31m"))
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("0304 心血管内科专业"))
        #expect(text.contains("x.unknown"))
        #expect(text.contains("已提交"))
        #expect(CaseText.record("01H", ["facts": [:]], .en).contains("not disclosed"))
    }
}
