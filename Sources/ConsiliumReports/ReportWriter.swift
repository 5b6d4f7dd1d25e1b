package import ConsiliumCore

/// Writes a governance report in the form that was asked for. Nothing is computed here: what the report does not hold is
/// not shown, and two processes write the same bytes of the same report in every form but PDF.
package enum ReportWriter {
    /// - Parameter language: of every word; JSON carries both.
    /// - Returns: UTF-8 text, or the bytes of the PDF or the workbook.
    package static func write(
        _ report: GovernanceReport,
        part: ReportPart,
        as format: ReportFormat,
        language: Language
    ) throws(ReportError) -> [UInt8] {
        switch format {
        case .table: Array(try TerminalReport.text(report, part: part, language).utf8)
        case .json: try ReportExtract.json(report, part: part)
        case .csv: Array(try TidyRecords.csv(report, part: part, language).utf8)
        case .html: Array(try HTMLReport.text(report, part: part, language).utf8)
        case .pdf: try PDFPrinter.standard().pdf(Array(try HTMLReport.text(report, part: part, language).utf8))
        case .xlsx: try WorkbookReport.workbook(report, part: part, language).bytes()
        }
    }
}
