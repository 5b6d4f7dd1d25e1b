import ConsiliumAdapters
import ConsiliumCore
import ConsiliumGenerator
import ConsiliumLedger
import ConsiliumReports
import Foundation

/// A generated year with marked cases, as auditors pull it. Computed anew from the events in another process it gives the
/// same bytes, before and after a tenth of the cases is erased; and no mark stands in anything that is printed of it.
struct ProvinceCheck {
    private static let sites = 60
    private static let months = 12
    /// So many subjects at most are listed, as by the hub.
    private static let limit = 1_000
    /// The parts that are set as pages of a PDF too, which takes seconds.
    private static let printed: Set<ReportPart> = [.scorecard, .measure("AC1"), .profile, .triangle, .sensitivity]

    /// Set where everything that apt can install must be there: what is missing then is a failure.
    private static let requiresAll = ProcessInfo.processInfo.environment["CONSILIUM_REQUIRE_ALL"] != nil

    private let folder: String
    private let store: Store
    private let summary: ProvinceGenerator.Summary
    private let print: ProvincePrint
    private let search = MarkSearch(Canary.prefix)

    /// Generates at least `cases` cases below `root`.
    init(cases: Int, below root: String) throws {
        folder = "\(root)/province"
        let perMonth = Self.sites * Self.months
        let configuration = ProvinceGenerator.Configuration(
            sites: Self.sites,
            months: Self.months,
            seed: 11,
            firstYear: 2025,
            // Days differ: what is asked for comes to within a few percent.
            amount: .perSiteAndMonth((cases * 11 / 10 + perMonth - 1) / perMonth),
            hasCanary: true
        )
        summary = try ProvinceGenerator(configuration).write(to: folder)
        guard summary.cases >= cases else { throw Fault("\(summary.cases) generated cases instead of \(cases)") }
        store = try Store(path: ProvincePrint.database(in: folder))
        print = try ProvincePrint(store)
    }

    /// What was done, for a person.
    func run() throws -> String {
        let before = try compare("before anything is erased")
        let erased = try eraseTenth()
        guard try compare("after \(erased) cases are erased") == before else {
            throw Fault("erasing \(erased) cases changed the report of \(print.year.label)")
        }
        try searchFiles()
        let searched = try searchExports()
        return """
            \(summary.cases) marked cases of a generated year, \(summary.records) records: the same report from counts and, \
            in another process, from events; \(erased) of them erased, and the same again
            no mark in the ledger's files, nor in \(searched.exports) exports of \(searched.bytes) bytes
            """
    }

    /// The digests of every form from the counts, here, which must be those from the events in another process.
    private func compare(_ moment: String) throws -> [String] {
        let kept = try print.digests(.counters)
        let output = try Program.output(CommandLine.arguments[0], ["--print", folder])
        let anew = output.split(separator: "\n").map { String($0) }
        guard anew == kept else { throw Fault("\(moment), counts and events differ:\n  \(kept)\n  \(anew)") }
        return kept
    }

    /// By the erasure that operators run.
    private func eraseTenth() throws -> Int {
        let cases = try store.read { try $0.all("SELECT id FROM cases ORDER BY id") { try $0.identifier(0) } }
        let chosen = cases.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        let keys = try count("case_keys")
        let erased = try Erasure.run(chosen, by: "simulation", at: print.now, in: store)
        guard erased.count == chosen.count, try count("case_keys") == keys - chosen.count else {
            throw Fault("of \(chosen.count) cases \(erased.count) were erased")
        }
        return erased.count
    }

    private func count(_ table: String) throws -> Int {
        try store.read { try $0.first(SQL("SELECT COUNT(*) FROM \(table)")) { $0.int(0) } } ?? 0
    }

    private func searchFiles() throws {
        let files = FileManager.default
        let names = try files.subpathsOfDirectory(atPath: folder).sorted()
        guard names.contains("ledger.db") else { throw Fault("no ledger in \(folder)") }
        for name in names {
            var isFolder: ObjCBool = false
            if files.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder), isFolder.boolValue { continue }
            guard let bytes = files.contents(atPath: "\(folder)/\(name)") else { throw Fault("\(name) cannot be read") }
            guard !search.finds(bytes) else { throw Fault("\(name) holds a patient's mark") }
        }
    }

    /// nil where a program that writes the form is missing and need not be there.
    private static func written(
        _ report: GovernanceReport,
        _ part: ReportPart,
        _ format: ReportFormat,
        _ language: Language
    ) throws -> [UInt8]? {
        do {
            return try ReportWriter.write(report, part: part, as: format, language: language)
        } catch {
            if !requiresAll, case .weasyPrintMissing = error { return nil }
            throw error
        }
    }

    /// Everything that can be pulled: reports in every form and language, both scopes, measures of FHIR, the cases behind
    /// each measure and the events of some.
    private func searchExports() throws -> (exports: Int, bytes: Int) {
        var total = (exports: 0, bytes: 0)
        func look(_ name: String, _ bytes: [UInt8]) throws {
            total.exports += 1
            total.bytes += bytes.count
            guard !search.finds(Data(bytes)) else { throw Fault("\(name) holds a patient's mark") }
        }
        var notices: Set<String> = []
        let drills = GovernanceDrills(store: store)
        let (year, quarter, now) = (print.year, print.quarter, print.now)
        let report = try print.report(year, .audited, .counters)
        let published = try print.report(quarter, .published, .counters)
        let ids = report.measures.map(\.id)
        guard ids.count >= 30 else { throw Fault("a report of \(ids.count) measures") }
        for part in [.scorecard, .profile, .triangle, .sensitivity] + ids.map({ ReportPart.measure($0) }) {
            for language in Language.allCases {
                for report in [report, published] {
                    for format in ReportFormat.allCases {
                        if format == .pdf, report.isSuppressed || !Self.printed.contains(part) { continue }
                        guard let bytes = try Self.written(report, part, format, language) else {
                            notices.insert("notice: WeasyPrint is not installed; no PDF is searched")
                            continue
                        }
                        let text = try ExportText.bytes(of: bytes, format, below: folder)
                        let name = "\(part) as \(format) in \(language)"
                        // The search finds what is there: every whole report names its network.
                        guard part != .scorecard || MarkSearch(report.network).finds(Data(text)) else {
                            throw Fault("\(name) is not read")
                        }
                        try look(name, text)
                    }
                }
            }
        }
        let encoder = JSONEncoder()
        for id in ids {
            try look("Measure \(id)", try FHIRAdapter.measureReport(report, measure: id, base: "https://hub/fhir"))
            let drill: GovernanceDrill
            do {
                drill = try drills.drill(id, period: quarter, stratum: .all, skip: 0, limit: Self.limit, now: now)
            } catch let refusal as Refusal where refusal.code == .notDrilled {
                continue
            }
            try look("drill \(id)", Array(try encoder.encode(drill)))
            try look(
                "subjects of \(id)",
                try FHIRAdapter.measureReport(report, measure: id, base: "https://hub/fhir", cases: drill.cases)
            )
            for row in drill.cases.prefix(3) {
                let history = try drills.history(of: row.reference, period: quarter)
                try look("events of \(row.reference)", Array(try encoder.encode(history)))
            }
        }
        for notice in notices { Swift.print(notice) }
        return total
    }
}
