import ConsiliumCore
import Foundation

/// A part of a report as JSON: what every print carries, and the pages of the part. The whole report is written as it is.
struct ReportExtract: Encodable {
    var network: String
    var period: GovernanceReport.Period
    var modelVersion: String
    var isRetrospective: Bool
    var isGenerated: Bool
    var snapshot: GovernanceReport.Snapshot
    var isSuppressed: Bool
    var notices: [BilingualText]
    var measure: GovernanceReport.MeasureLine?
    var profile: GovernanceReport.ProfilePage?
    var triangle: GovernanceReport.TrianglePage?
    var sensitivity: GovernanceReport.SensitivityPage?
    var tables: [GovernanceReport.StratumTable]?
    var funnels: [GovernanceReport.FunnelPlot]?
    var trends: [GovernanceReport.Trend]?
    var flows: [GovernanceReport.TierFlow]?

    private init(_ report: GovernanceReport) {
        network = report.network
        period = report.period
        modelVersion = report.modelVersion
        isRetrospective = report.isRetrospective
        isGenerated = report.isGenerated
        snapshot = report.snapshot
        isSuppressed = report.isSuppressed
        notices = report.notices
    }

    /// Sorted keys, two blanks of indentation, a line feed at the end: the same report is the same bytes everywhere.
    static func json(_ report: GovernanceReport, part: ReportPart) throws(ReportError) -> [UInt8] {
        var extract = ReportExtract(report)
        switch part {
        case .scorecard: return try bytes(report)
        case .measure(let id):
            guard let line = report.measures.first(where: { $0.id == id }) else { throw .unknownMeasure(id) }
            extract.measure = line
            extract.tables = report.tables.filter { $0.measure == id }
            extract.funnels = report.funnels.filter { $0.measure == id }
            extract.trends = report.trends.filter { $0.measure == id }
        case .profile: extract.profile = report.profile
        case .triangle:
            extract.triangle = report.triangle
            extract.flows = report.flows
        case .sensitivity: extract.sensitivity = report.sensitivity
        }
        return try bytes(extract)
    }

    private static func bytes(_ value: some Encodable) throws(ReportError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value)) + Array("\n".utf8)
        } catch {
            // The report is plain values: the one thing that JSON cannot write is a number that is not finite.
            throw .notANumber
        }
    }
}
