import ConsiliumCore
import ConsiliumReports
import Foundation
import Testing

/// The forms of a report read back by other programs: openpyxl, pdftotext, and Chromium with axe.
@Suite struct ReadBackTests {
    /// `make test` and `scripts/check-reports` name a Python that has the packages in `CONSILIUM_REPORTS_PYTHON`.
    @Test("The workbook, the PDF and the page are read back by the programs that auditors use")
    func readBack() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let python = environment["CONSILIUM_REPORTS_PYTHON"], !python.isEmpty else {
            #expect(environment["CONSILIUM_REQUIRE_ALL"] == nil, "reports are not read back by other programs")
            return print("notice: CONSILIUM_REPORTS_PYTHON is not set; reports are not read back by other programs")
        }
        // The package of libraries holds a copy of the tests; `scripts/check-reports` says where the program is.
        let program =
            environment["CONSILIUM_REPORTS_PROGRAM"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Reports/check_reports.py").standardizedFileURL
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(to: folder)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [program.path, folder.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        let said = text.split(separator: "\n")
        for line in said.filter({ $0.hasPrefix("notice") }) + (said.last.map { [$0] } ?? []) {
            print("reports: \(line)")
        }
    }

    private func write(to folder: URL) throws {
        func add(_ name: String, _ part: ReportPart, _ format: ReportFormat, _ language: Language) throws {
            let bytes = try ReportWriter.write(Fixture.full(), part: part, as: format, language: language)
            try Data(bytes).write(to: folder.appendingPathComponent(name))
        }
        try add("scorecard.json", .scorecard, .json, .en)
        for language in Language.allCases {
            let end = language.rawValue
            try add("scorecard-\(end).xlsx", .scorecard, .xlsx, language)
            try add("scorecard-\(end).html", .scorecard, .html, language)
            try add("measure-\(end).html", .measure("AC1"), .html, language)
            try add("profile-\(end).html", .profile, .html, language)
            let empty = try ReportWriter.write(Fixture.empty(), part: .scorecard, as: .html, language: language)
            try Data(empty).write(to: folder.appendingPathComponent("empty-\(end).html"))
            do { try add("scorecard-\(end).pdf", .scorecard, .pdf, language) } catch ReportError.weasyPrintMissing {
                let isRequired = ProcessInfo.processInfo.environment["CONSILIUM_REQUIRE_ALL"] != nil
                #expect(!isRequired, "no PDF is read back")
                print("notice: \(ReportError.weasyPrintMissing.sentence(.en))")
            }
        }
    }
}
