import ConsiliumCore

/// A report as a workbook: figures as numbers with full precision, and words where there is no number.
struct WorkbookReport {
    typealias Cell = Workbook.Cell
    typealias Sheet = Workbook.Sheet

    let report: GovernanceReport
    let language: Language

    static func workbook(
        _ report: GovernanceReport,
        part: ReportPart,
        _ language: Language
    ) throws(ReportError) -> Workbook {
        let book = WorkbookReport(report: report, language: language)
        var sheets: [Sheet]
        switch part {
        case .scorecard:
            sheets = [
                book.summary, book.measures(of: nil), book.strata(of: nil), book.profile, book.triangle,
                book.trends(of: nil),
            ]
            if report.sensitivity != nil { sheets.append(book.sensitivity) }
        case .measure(let id):
            guard report.measures.contains(where: { $0.id == id }) else { throw .unknownMeasure(id) }
            sheets = [book.measures(of: id), book.strata(of: id), book.trends(of: id)]
        case .profile: sheets = [book.profile]
        case .triangle: sheets = [book.triangle]
        case .sensitivity: sheets = [book.sensitivity]
        }
        // The name last: where the foot is too long, it is the name that is cut.
        let parts = [report.period.label] + ReportHeader.origin(report, language) + [report.network]
        let foot = parts.joined(separator: " · ")
        let created = seconds(report.period.to) ?? 0
        let title = "\(ReportHeader.title(part, language)) \(report.period.label)"
        return Workbook(title: title, sheets: sheets, created: created, footer: foot)
    }

    func say(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }
    func word(_ text: BilingualText) -> String { text.text(language) }

    /// Midnight in UTC of `YYYY-MM-DD`.
    private static func seconds(_ day: String) -> Int? {
        Instant(iso8601: day + "T00:00:00Z").map { Int($0.milliseconds / 1_000) }
    }

    /// Stands above each sheet.
    var header: [[Cell]] {
        var lines: [[Cell]] = [
            [.text("\(report.network) · \(ReportHeader.period(report, language))")],
            [.text(ReportHeader.origin(report, language).joined(separator: " · "))],
        ]
        if report.isGenerated { lines.append([.text(word(GovernanceReport.Notice.generated))]) }
        if report.isRetrospective { lines.append([.text(word(GovernanceReport.Notice.retrospective))]) }
        return lines + [[]]
    }

    private var summary: Sheet {
        let page = report.performance
        var scores: [(String, GovernanceReport.Score)] = [
            (word(Words.overall), page.overall), (word(GovernanceDimension.Group.efficiency.name), page.efficiency),
            (word(GovernanceDimension.Group.fairness.name), page.fairness),
        ]
        scores += page.dimensions.map { ("\($0.dimension.rawValue) \(word($0.dimension.name))", $0.score) }
        var rows = scores.map { name, score -> [Cell] in
            [.text(name), Cell(score.value, or: ScoreText.text(score, among: report.measures, language))]
        }
        rows.append([])
        rows.append([.text(word(Words.triangle)), Cell(report.triangle.index, or: word(Words.withheld))])
        for obstacle in report.triangle.obstacles { rows.append([.empty, .text(word(obstacle))]) }
        rows.append([])
        for notice in ReportHeader.notices(report) + report.triangle.notices { rows.append([.text(word(notice))]) }
        return Sheet(
            name: say("summary", "汇总"),
            header: header,
            columns: [("", 34), (word(Words.score), 44)],
            rows: rows
        )
    }

    private func measures(of id: String?) -> Sheet {
        let lines = report.measures.filter { id == nil || $0.id == id }
        let columns: [(title: String, width: Double)] = [
            ("ID", 7), (say("version", "版本"), 8), (word(Words.measure), 34), (say("type", "类型"), 18),
            (word(Words.dimension), 10), (say("numerator", "分子"), 12), (say("denominator", "分母"), 12),
            ("n", 12), (say("still open", "尚未了结"), 10), (word(Words.value), 12), (say("low", "下限"), 12),
            (say("high", "上限"), 12), (say("unit", "单位"), 6), (word(Words.target), 9), (say("floor", "起点"), 9),
            (say("least n", "最少数量"), 9), (say("standing", "状态"), 40), (word(Words.verdict), 24),
            (word(Words.score), 9), (say("source", "源头核查"), 40), (say("marks", "标记"), 10),
            (say("beside it", "一并列出"), 40), (say("counted in the numerator", "分子的定义"), 50),
            (say("counted in the denominator", "分母的定义"), 50), (say("interval by", "区间方法"), 24),
        ]
        let rows = lines.map { line -> [Cell] in
            let text = MeasureText(line, language)
            let hidden = line.standing == .suppressed ? word(Words.hidden) : ""
            let kind = line.scoredIn == nil ? "\(word(Words.name(line.kind))), \(word(Words.neverScored))" : ""
            var cells: [Cell] = [
                .text(line.id), Cell(line.version), .text(line.title.text(language)),
                .text(kind.isEmpty ? word(Words.name(line.kind)) : kind), .words(line.scoredIn?.rawValue ?? ""),
                Cell(line.numerator, or: hidden), Cell(line.denominator, or: hidden), Cell(line.counted, or: hidden),
                Cell(line.undecided),
            ]
            // No value is a word, never an empty cell that a formula takes for 0.
            cells += [Cell(line.value, or: valueless(line)), Cell(line.low), Cell(line.high)]
            cells += [.text(line.unit.rawValue), Cell(line.target), Cell(line.floor), Cell(line.minimum)]
            cells += [.text(text.standing), .words(text.verdict), Cell(line.score), .text(text.source)]
            cells += [.words(text.marks.joined(separator: " · ")), .words(text.companions.joined(separator: " · "))]
            cells += [.text(word(line.numeratorText)), .text(word(line.denominatorText))]
            return cells + [.text(word(Words.name(line.intervalMethod)))]
        }
        return Sheet(name: say("measures", "指标"), header: header, columns: columns, rows: rows)
    }

    private func valueless(_ line: GovernanceReport.MeasureLine) -> String {
        switch line.standing {
        case .valid, .nothingObserved: word(Words.noValue)
        case .tooFew: word(Words.tooFew)
        case .notAssessable: word(Words.notAssessable)
        case .suppressed: word(Words.hidden)
        }
    }

    private func strata(of id: String?) -> Sheet {
        var rows: [[Cell]] = []
        for table in report.tables where id == nil || table.measure == id {
            let line = report.measures.first { $0.id == table.measure }
            for row in table.rows {
                let hidden = row.isSuppressed ? word(Words.hidden) : ""
                let none = row.isSuppressed ? word(Words.hidden) : word(Words.noValue)
                rows.append([
                    .text(table.measure), Cell(line?.version), .text(word(table.by.name)), .text(row.code),
                    .words(row.name.text(language)), Cell(row.numerator, or: hidden), Cell(row.denominator, or: hidden),
                    Cell(row.value, or: none), Cell(row.low), Cell(row.high),
                    .words(table.figure == nil ? line?.unit.rawValue ?? "" : "%"),
                    .words(table.figureName.map { word($0) } ?? ""),
                ])
            }
        }
        return Sheet(
            name: say("strata", "分层"),
            header: header,
            columns: [
                (word(Words.measure), 9), (say("version", "版本"), 8), (say("by", "按"), 12), (say("code", "代码"), 12),
                (say("name", "名称"), 28), (say("numerator", "分子"), 14), (say("denominator", "分母"), 14),
                (word(Words.value), 14), (say("low", "下限"), 12), (say("high", "上限"), 12), (say("unit", "单位"), 6),
                (say("beside the measure", "一并列出"), 28),
            ],
            rows: rows
        )
    }

    private func trends(of id: String?) -> Sheet {
        var rows: [[Cell]] = []
        for trend in report.trends where id == nil || trend.measure == id {
            let line = report.measures.first { $0.id == trend.measure }
            let unit = line?.unit.rawValue ?? "1"
            for point in trend.points {
                let figure = FigureText(point, isSuppressed: report.isSuppressed, unit: unit, language)
                let isHidden = report.isSuppressed && point.denominator == nil && point.value == nil
                let none = isHidden ? figure.counts : figure.value
                rows.append([
                    .text(trend.measure), Cell(line?.version), .text(point.period),
                    Cell(point.numerator, or: isHidden ? figure.counts : ""),
                    Cell(point.denominator, or: isHidden ? figure.counts : ""), Cell(point.value, or: none),
                    Cell(point.low), Cell(point.high), .text(unit),
                ])
            }
        }
        return Sheet(
            name: say("trends", "趋势"),
            header: header,
            columns: [
                (word(Words.measure), 9), (say("version", "版本"), 8), (say("month", "月份"), 10),
                (say("numerator", "分子"), 14), (say("denominator", "分母"), 14), (word(Words.value), 14),
                (say("low", "下限"), 12), (say("high", "上限"), 12), (say("unit", "单位"), 6),
            ],
            rows: rows
        )
    }
}
