import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumReports

@Suite("PDF and workbook")
struct FileFormatTests {
    /// A folder of its own, gone at the end.
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-test-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    /// Prints with a `weasyprint` that is this shell script; nothing may be left in the folder beside it.
    private func print(script: String, seconds: Int = 300, _ check: (() throws -> [UInt8]) throws -> Void) throws {
        try inFolder { folder in
            let programs = folder + "/bin"
            let files = folder + "/files"
            for path in [programs, files] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: programs + "/weasyprint"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: programs + "/weasyprint")
            let printer = PDFPrinter(path: programs + ":/usr/bin:/bin", seconds: seconds, folder: files)
            try check { try printer.pdf(Array("page".utf8)) }
            let left = try FileManager.default.contentsOfDirectory(atPath: files)
            #expect(left.isEmpty)
        }
    }

    @Test("Without WeasyPrint the error names the package to install")
    func missing() {
        let printer = PDFPrinter(path: "/nowhere", seconds: 1, folder: "/tmp")
        #expect(throws: ReportError.weasyPrintMissing) { try printer.pdf([]) }
        for language in Language.allCases {
            #expect(ReportError.weasyPrintMissing.sentence(language).contains("apt install weasyprint"))
        }
    }

    @Test("The page goes in by the standard input, the PDF comes out by the standard output, and no file is left")
    func through() throws {
        try print(script: "printf '%%PDF-'; cat") { pdf in
            let bytes = try pdf()
            #expect(bytes == Array("%PDF-page".utf8))
        }
    }

    @Test("What WeasyPrint says when it fails is reported")
    func failing() throws {
        try print(script: "echo 'no such font' >&2; exit 3") { pdf in
            #expect(throws: ReportError.weasyPrintFailed(status: 3, "no such font\n")) { try pdf() }
        }
        try print(script: "echo nothing") { pdf in
            #expect(throws: ReportError.weasyPrintFailed(status: 0, "no PDF came out")) { try pdf() }
        }
    }

    @Test("A WeasyPrint that does not end is ended")
    func hanging() throws {
        try print(script: "exec tail -f /dev/null", seconds: 0) { pdf in
            #expect(throws: ReportError.weasyPrintTooSlow(seconds: 0)) { try pdf() }
        }
    }

    @Test("A workbook is called what its page is called, and its columns by what stands in them")
    func titles() throws {
        let names: [(ReportPart, String, String)] = [
            (.scorecard, "Governance scorecard", "治理评分卡"), (.measure("AC1"), "Measure AC1", "指标 AC1"),
            (.profile, "Autonomy profile", "自主权画像"), (.triangle, "Triangle index", "三角指数"),
            (.sensitivity, "Sensitivity", "敏感性"),
        ]
        let report = Fixture.full()
        for (part, en, zh) in names {
            for (language, name) in [(Language.en, en), (.zh, zh)] {
                let book = try WorkbookReport.workbook(report, part: part, language)
                #expect(book.title == "\(name) \(report.period.label)")
                #expect(try printed(report, part, as: .html, language).contains("<title>\(name) "))
                #expect(try printed(report, part, as: .table, language).contains("\(name) · "))
            }
        }
        for (language, name) in [(Language.en, "marks"), (.zh, "标记")] {
            let book = try WorkbookReport.workbook(report, part: .measure("AC1"), language)
            #expect(book.sheets[0].columns.contains { $0.title == name })
        }
        #expect(MeasureStratifier.priority.name.zh == "紧急程度")
    }

    @Test("A workbook is the same bytes each time, and its folder is gone")
    func workbook() throws {
        for part in [ReportPart.scorecard, .measure("AC1"), .profile, .triangle, .sensitivity] {
            for report in [Fixture.full(), Fixture.empty()] {
                let first = try ReportWriter.write(report, part: part, as: .xlsx, language: .zh)
                #expect(first.starts(with: Array("PK".utf8)))
                #expect(try ReportWriter.write(report, part: part, as: .xlsx, language: .zh) == first)
            }
        }
        try inFolder { folder in
            let book = Workbook(title: "t", sheets: [], created: 0, footer: "")
            let bytes = try book.bytes(in: folder)
            #expect(bytes.starts(with: Array("PK".utf8)))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty)
        }
    }

    @Test("A name of any length and any signs can stand at the foot of a sheet")
    func longNames() throws {
        var report = Fixture.full()
        report.network = String(repeating: "&省\u{1}", count: 200)
        let book = try ReportWriter.write(report, part: .scorecard, as: .xlsx, language: .zh)
        #expect(book.starts(with: Array("PK".utf8)))
    }

    @Test("A workbook that cannot be written says why, and an unknown measure is named")
    func refusals() {
        let book = Workbook(title: "t", sheets: [], created: 0, footer: "")
        #expect(throws: ReportError.file("No such file or directory")) { try book.bytes(in: "/nowhere") }
        let sheet = Workbook.Sheet(name: "a/b", header: [], columns: [], rows: [])
        #expect(throws: ReportError.self) {
            try Workbook(title: "t", sheets: [sheet], created: 0, footer: "").bytes()
        }
        #expect(throws: ReportError.unknownMeasure("XX9")) {
            try ReportWriter.write(Fixture.full(), part: .measure("XX9"), as: .xlsx, language: .en)
        }
    }
}
