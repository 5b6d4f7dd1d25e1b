import ConsiliumCore

/// What every print begins and ends with: the period, what was computed over, and what must be known to read it.
enum ReportHeader {
    /// `Governance scorecard`, `Measure AC1`: what is printed.
    static func title(_ part: ReportPart, _ language: Language) -> String {
        let title =
            switch part {
            case .scorecard: Words.scorecard.text(language)
            case .measure(let id): "\(Words.measure.text(language)) \(DisplayWidth.harmless(id))"
            case .profile: Words.profile.text(language)
            case .triangle: Words.triangle.text(language)
            case .sensitivity: Words.sensitivity.text(language)
            }
        return title.prefix(1).uppercased() + title.dropFirst()
    }

    /// `2026-Q3 (2026-07-01 until before 2026-10-01)`.
    static func period(_ report: GovernanceReport, _ language: Language) -> String {
        let period = report.period
        let text =
            language == .zh
            ? "\(period.label)（\(period.from) 至 \(period.to)，不含末日）"
            : "\(period.label) (\(period.from) until before \(period.to))"
        return DisplayWidth.harmless(text)
    }

    /// `model 1 · 12345 records`, the latter for an auditor only, and `snapshot 9f…`.
    static func origin(_ report: GovernanceReport, _ language: Language) -> [String] {
        let snapshot = report.snapshot
        let records = snapshot.records.map { language == .zh ? " · 记录 \($0) 条" : " · \($0) records" } ?? ""
        let lines =
            language == .zh
            ? ["模型 \(report.modelVersion)\(records)", "快照 \(snapshot.hash)"]
            : ["model \(report.modelVersion)\(records)", "snapshot \(snapshot.hash)"]
        return lines.map { DisplayWidth.harmless($0) }
    }

    /// The report's own notices after those that its marks ask for; each once, and none that stands in the heading.
    static func notices(_ report: GovernanceReport) -> [BilingualText] {
        var notices: [BilingualText] = []
        if report.isSuppressed { notices.append(GovernanceReport.Notice.suppressed) }
        notices.append(GovernanceReport.Notice.equalWeights)
        let heading = [GovernanceReport.Notice.generated, GovernanceReport.Notice.retrospective]
        for notice in report.notices where !(notices + heading).contains(notice) { notices.append(notice) }
        return notices
    }
}
