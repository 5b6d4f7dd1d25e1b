import ConsiliumCore
import ConsiliumLedger
import ConsiliumReports
import Foundation

/// A generated year printed in every form whose bytes two processes share.
struct ProvincePrint {
    let year: GovernancePeriod
    /// The first of the year.
    let quarter: GovernancePeriod
    /// Long after.
    let now = Scenery.start + .days(3_650)

    private let store: Store

    init(_ store: Store) throws {
        guard let year = GovernancePeriod("2025"), let quarter = GovernancePeriod("2025-Q1") else {
            throw Fault("the calendar lacks 2025")
        }
        self.year = year
        self.quarter = quarter
        self.store = store
    }

    /// For another process, which reads and has no key.
    init(reading folder: String) throws { try self.init(try Store(reading: Self.database(in: folder))) }

    static func database(in folder: String) -> String { "\(folder)/ledger.db" }

    func report(
        _ period: GovernancePeriod,
        _ scope: ReportSource.Scope,
        _ basis: GovernanceReports.Basis
    ) throws -> GovernanceReport {
        try GovernanceReports(store: store).report(period, scope: scope, basis: basis, now: now)
    }

    /// One line for each form and language.
    func digests(_ basis: GovernanceReports.Basis) throws -> [String] {
        let report = try report(year, .audited, basis)
        var digests: [String] = []
        for format in ReportFormat.allCases where format != .pdf {
            for language in Language.allCases {
                let bytes = try ReportWriter.write(report, part: .scorecard, as: format, language: language)
                digests.append("\(format.rawValue) \(language.rawValue) \(hexadecimal(sha256(bytes)))")
            }
        }
        return digests
    }
}
