import ConsiliumCore
import ConsiliumReports

/// The report as text in a form of text.
func printed(
    _ report: GovernanceReport,
    _ part: ReportPart = .scorecard,
    as format: ReportFormat = .table,
    _ language: Language = .en
) throws -> String {
    String(decoding: try ReportWriter.write(report, part: part, as: format, language: language), as: UTF8.self)
}
