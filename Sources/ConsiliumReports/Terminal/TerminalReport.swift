import ConsiliumCore

/// A report as lines for a terminal, at most 100 columns wide: the result first, then what it is made of.
struct TerminalReport {
    static let width = 100

    let report: GovernanceReport
    let language: Language
    private var lines: [String] = []

    init(_ report: GovernanceReport, _ language: Language) {
        self.report = report
        self.language = language
    }

    static func text(_ report: GovernanceReport, part: ReportPart, _ language: Language) throws(ReportError) -> String {
        var text = TerminalReport(report, language)
        text.header(part)
        switch part {
        case .scorecard:
            text.scores()
            text.measures()
            text.triangle(isWhole: false)
            text.profile(isWhole: false)
        case .measure(let id):
            guard let line = report.measures.first(where: { $0.id == id }) else { throw .unknownMeasure(id) }
            text.measure(line)
        case .profile: text.profile(isWhole: true)
        case .triangle: text.triangle(isWhole: true)
        case .sensitivity: text.sensitivity()
        }
        text.notices()
        return text.lines.joined(separator: "\n") + "\n"
    }

    func word(_ text: BilingualText) -> String { DisplayWidth.harmless(text.text(language)) }

    /// A line, cut into several where it is too wide, those after the first `indent` blanks in.
    mutating func add(_ text: String, indent: Int = 0) {
        let margin = String(repeating: " ", count: indent)
        let parts = DisplayWidth.wrapped(text, to: Self.width - indent)
        lines.append(parts[0])
        lines += parts.dropFirst().map { margin + $0 }
    }

    mutating func blank() { if lines.last?.isEmpty == false { lines.append("") } }

    mutating func heading(_ text: String) {
        blank()
        add(text)
        lines.append(String(repeating: "─", count: min(Self.width, DisplayWidth.of(text))))
    }

    /// Cells in columns of `widths`, two blanks apart; the last one takes what is left and goes on below itself.
    mutating func row(_ cells: [String], _ widths: [Int]) {
        var text = ""
        for (cell, width) in zip(cells.dropLast(), widths) {
            text += DisplayWidth.padded(DisplayWidth.truncated(cell, to: width), to: width) + "  "
        }
        let start = DisplayWidth.of(text)
        let margin = String(repeating: " ", count: start)
        for (index, part) in DisplayWidth.wrapped(cells.last ?? "", to: Self.width - start).enumerated() {
            var line = (index == 0 ? text : margin) + part
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
    }

    private mutating func header(_ part: ReportPart) {
        if report.isGenerated { add("*** \(word(GovernanceReport.Notice.generated)) ***") }
        let name = ReportHeader.title(part, language)
        add("\(name) · \(DisplayWidth.harmless(report.network)) · \(ReportHeader.period(report, language))")
        for line in ReportHeader.origin(report, language) { add(line) }
        if report.isRetrospective { add("*** \(word(GovernanceReport.Notice.retrospective)) ***") }
    }

    private mutating func scores() {
        blank()
        let performance = report.performance
        let rows: [(String, GovernanceReport.Score)] = [
            (word(Words.overall), performance.overall),
            ("  " + word(GovernanceDimension.Group.efficiency.name), performance.efficiency),
            ("  " + word(GovernanceDimension.Group.fairness.name), performance.fairness),
        ]
        for (name, score) in rows { row([name, bar(score), words(score)], [32, 20]) }
        blank()
        for entry in performance.dimensions {
            let name = "  \(entry.dimension.rawValue) \(word(entry.dimension.name))"
            row([name, bar(entry.score), words(entry.score)], [32, 20])
        }
    }

    private func words(_ score: GovernanceReport.Score) -> String {
        ScoreText.text(score, among: report.measures, language)
    }

    /// Twenty squares for 0...1; dots where nothing is known.
    private func bar(_ score: GovernanceReport.Score) -> String {
        guard let value = score.value else { return String(repeating: "·", count: 20) }
        let full = Int((min(1, max(0, value)) * 20).rounded())
        return String(repeating: "█", count: full) + String(repeating: "░", count: 20 - full)
    }

    /// What a measure's row says, in the order of the columns but for the verdict.
    private func cells(_ line: GovernanceReport.MeasureLine) -> [String] {
        let text = MeasureText(line, language)
        let range = Figures.range(line.low, line.high, unit: line.unit.rawValue, language).map { " (\($0))" } ?? ""
        return [text.id, text.title, text.counts, text.value + range, text.target]
    }

    private mutating func measures() {
        let head = [
            "ID", word(Words.measure), word(Words.counts), word(Words.valueAndInterval), word(Words.target),
            word(Words.verdict),
        ]
        let all = report.measures.map(cells)
        let shown = zip(report.measures, all).filter { $0.0.standing == .valid }.map(\.1)
        var widths = head.indices.dropLast()
            .map { column in
                ([head] + (column < 2 ? all : shown)).map { DisplayWidth.of($0[column]) }.max() ?? 0
            }
        // The title alone may be cut: a number never is.
        let others = widths.reduce(0, +) - widths[1] + 2 * widths.count
        widths[1] = max(12, min(widths[1], Self.width - others - Self.verdictWidth))
        blank()
        row(head, widths)
        for section in MeasureSection.sections(of: report) {
            add("── \(section.heading(language))", indent: 3)
            for line in section.lines { measureRow(line, widths) }
        }
        blank()
        let unverified = report.measures.filter { $0.sourceCheck == nil }.map { DisplayWidth.harmless($0.id) }
        if unverified.count == report.measures.count, !unverified.isEmpty {
            add("\(word(Words.notVerified))\(language == .zh ? "：全部指标" : ": every measure")")
        } else if !unverified.isEmpty {
            let names = Figures.list(unverified, language)
            add("\(word(Words.notVerified))\(language == .zh ? "：" : ": ")\(names)", indent: 2)
        }
        add(word(Self.key), indent: 2)
    }

    private static let verdictWidth = 16

    private static let key = BilingualText(
        "met / not met: the whole 95 % interval lies beyond / short of the target; not shown: it holds the target "
            + "(n≥: with fewer not even a faultless record could)",
        "达标/未达标：95 % 区间全部达到/未达到目标；未能证明：区间包含目标（n≥：少于此数，即使全部达标也无法证明）"
    )

    private mutating func measureRow(_ line: GovernanceReport.MeasureLine, _ widths: [Int]) {
        let text = MeasureText(line, language)
        let cells = cells(line)
        switch line.standing {
        case .valid: row(cells + [text.shortVerdict], widths)
        case .tooFew:
            let outcome = [text.standing, text.shortVerdict].filter { !$0.isEmpty }
            row(Array(cells[..<3]) + [outcome.joined(separator: language == .zh ? "；" : "; ")], widths)
        case .notAssessable, .nothingObserved, .suppressed: row(Array(cells[..<2]) + [text.standing], widths)
        }
        let companions = text.marks + text.companions
        if !companions.isEmpty { add("      " + companions.joined(separator: " · "), indent: 6) }
        if line.sourceCheck != nil { add("      " + text.source, indent: 6) }
    }

    private mutating func notices() {
        let notices = ReportHeader.notices(report)
        guard !notices.isEmpty else { return }
        blank()
        for notice in notices { add("· " + word(notice), indent: 2) }
    }
}
