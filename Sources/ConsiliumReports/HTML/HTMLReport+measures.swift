import ConsiliumCore

extension HTMLReport {
    /// The scores: three tiles and the five dimensions.
    var result: Section {
        let page = report.performance
        let scores: [(String, GovernanceReport.Score)] = [
            (word(Words.overall), page.overall), (capital(GovernanceDimension.Group.efficiency.name), page.efficiency),
            (capital(GovernanceDimension.Group.fairness.name), page.fairness),
        ]
        let tiles = scores.map { name, score -> Markup in
            let kind: Markup = score.value == nil ? "words" : "big"
            return "<div class=\"tile\"><p>\(name)</p><p class=\"\(kind)\">\(words(score))</p></div>\n"
        }
        let rows = page.dimensions.map { entry -> [Markup] in
            ["\(entry.dimension.rawValue) \(word(entry.dimension.name))", "\(words(entry.score))"]
        }
        let head = [word(Words.dimension), word(Words.score)]
        let meaning = say(
            "Scores run from 0 (floor or worse) to 1 (target or better). Efficiency and fairness are means of their "
                + "dimensions; overall is their geometric mean, so that neither makes up for the other.",
            "得分从0（起点或更差）到1（目标或更好）。效率与公平为其维度的平均；总分为二者的几何平均，互不抵偿。"
        )
        return Section(
            id: "result",
            heading: say("Result", "结果"),
            content: "<div class=\"tiles\">\n\(tiles)</div>\n" + paragraph(meaning)
                + figure(
                    word(Words.dimensions),
                    ScalePictures.scores(report, language).markup,
                    beside: table(nil, head, rows)
                )
        )
    }

    private func words(_ score: GovernanceReport.Score) -> String {
        ScoreText.text(score, among: report.measures, language)
    }

    private func capital(_ text: BilingualText) -> String {
        let text = word(text)
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// The measures that make up the scores, by dimension.
    var performance: Section? {
        let sections = MeasureSection.sections(of: report)
            .filter {
                switch $0.topic {
                case .scored, .unscored: true
                case .position, .control, .exchange: false
                }
            }
        guard !sections.isEmpty else { return nil }
        return Section(id: "performance", heading: word(Words.performance), content: key + measures(sections))
    }

    /// Position, controls and exchange quality: each on its own, never scored.
    var apart: Section? {
        let sections = MeasureSection.sections(of: report)
            .filter {
                switch $0.topic {
                case .scored, .unscored: false
                case .position, .control, .exchange: true
                }
            }
        guard !sections.isEmpty else { return nil }
        return Section(
            id: "apart",
            heading: say("Not scored: position, controls, exchange", "不计分：位置、控制、交换"),
            content: paragraph(word(Words.notMerit)) + measures(sections)
        )
    }

    private var key: Markup {
        paragraph(
            say(
                "met / not met: the whole 95 % interval lies beyond / short of the target; not shown: it holds the target, "
                    + "and with fewer than n≥ not even a faultless record could show it. In the picture, from 0 to 100 %: "
                    + "point and line are value and interval, the dashed stroke is the target.",
                "达标/未达标：95 % 区间全部达到/未达到目标；未能证明：区间包含目标；n≥ 表示少于此数即使全部达标也无法证明。图中从0到100 %：圆点和横线为数值与区间，虚线为目标。"
            )
        )
    }

    private func measures(_ sections: [MeasureSection]) -> Markup {
        Markup(
            sections.map { section -> Markup in
                let caption: Markup = "<h3>\(section.heading(language))</h3>\n"
                return caption + scrolled(section.name(language), measureTable(section.lines))
            }
        )
    }

    /// A wide table, which a small screen scrolls and a keyboard reaches; named apart from the section that it stands in.
    func scrolled(_ name: String, _ table: Markup) -> Markup {
        let label = say("Table: \(name)", "表：\(name)")
        return "<div class=\"scroll\" role=\"region\" aria-label=\"\(label)\" tabindex=\"0\">\n\(table)</div>\n"
    }

    /// All tables of measures have the same widths, so that the eye goes straight down; scores stand where there are any.
    private func measureTable(_ lines: [GovernanceReport.MeasureLine]) -> Markup {
        let isScored = lines.contains { $0.scoredIn != nil }
        let heads: [(name: String, width: Int, isNumber: Bool)] = [
            (word(Words.measure), 28, false), (word(Words.counts), 11, true), (word(Words.value), 8, true),
            (word(Words.interval), 13, true), (say("picture", "图示"), 12, false), (word(Words.target), 8, true),
            (word(Words.verdict), isScored ? 13 : 20, false),
        ]
        let score: Markup = isScored ? "<th scope=\"col\" class=\"n\">\(word(Words.score))</th>" : ""
        let widths = heads.map(\.width) + (isScored ? [7] : [])
        let columns = widths.map { "<col style=\"width:\($0)%\">" as Markup }
        let names = heads.map { head -> Markup in
            "<th scope=\"col\"\(head.isNumber ? " class=\"n\"" as Markup : "")>\(head.name)</th>"
        }
        return """
            <table class="whole">
            <colgroup>\(columns)</colgroup>
            <thead><tr>\(names)\(score)</tr></thead>
            <tbody>
            \(lines.map { row($0, isScored: isScored) })</tbody>
            </table>

            """
    }

    /// Where no value may stand, the reason takes the place of the cells.
    private func row(_ line: GovernanceReport.MeasureLine, isScored: Bool) -> Markup {
        let text = MeasureText(line, language)
        let below = (text.marks + text.companions + [text.source])
            .map { "<br><span class=\"small\">\($0)</span>" as Markup }
        let head: Markup = "<th scope=\"row\"><a href=\"#\(place(line))\">\(text.id)</a> \(text.title)\(below)</th>"
        let reason: Markup = "<span class=\"withheld\">\(text.standing)</span>"
        let cells: Markup
        switch line.standing {
        case .valid:
            let picture = ScalePictures.interval(line, id: "interval-\(place(line))", language)?.markup ?? ""
            let figures = [text.counts, text.value, text.interval].map { "<td class=\"n\">\($0)</td>" as Markup }
            cells = "\(figures)<td>\(picture)</td><td class=\"n\">\(text.target)</td><td>\(verdict(line))</td>"
        case .tooFew:
            cells = "<td class=\"n\">\(text.counts)</td><td colspan=\"4\">\(reason)</td><td>\(verdict(line))</td>"
        case .notAssessable, .nothingObserved, .suppressed: cells = "<td colspan=\"6\">\(reason)</td>"
        }
        let score: Markup =
            isScored ? "<td class=\"n\">\(line.score.map { Figures.score($0) } ?? "")</td>" : ""
        return "<tr>\(head)\(cells)\(score)</tr>\n"
    }

    /// The place of a measure's definition in the page.
    private func place(_ line: GovernanceReport.MeasureLine) -> String {
        "m\(report.measures.firstIndex { $0.id == line.id } ?? 0)"
    }

    /// The verdict's word in a frame of its own kind.
    func verdict(_ line: GovernanceReport.MeasureLine) -> Markup {
        guard let verdict = line.verdict else { return "" }
        let kind: Markup =
            switch verdict {
            case .met: "met"
            case .notMet: "not-met"
            case .notShown: "not-shown"
            case .failures: line.failures == 0 ? "clean" : "failures"
            }
        return "<span class=\"verdict \(kind)\">\(MeasureText(line, language).shortVerdict)</span>"
    }

    /// One measure's figure.
    func one(_ line: GovernanceReport.MeasureLine) -> Section {
        let text = MeasureText(line, language)
        let name = line.scoredIn.map { "\($0.rawValue) \(word($0.name))" } ?? word(Words.neverScored)
        return Section(
            id: "measure",
            heading: "\(text.id) \(text.title)",
            content: paragraph("\(word(Words.name(line.kind))) · \(name)") + key
                + scrolled(text.id, measureTable([line]))
        )
    }

    /// What each measure counts, in its version.
    func definitions(_ lines: [GovernanceReport.MeasureLine]) -> Section {
        let rows = lines.map { line -> [Markup] in
            let text = MeasureText(line, language)
            let bounds = [
                line.direction.map { word(Words.name($0)) }, text.target.isEmpty ? nil : text.target,
                line.floor.map { say("floor ", "起点 ") + MeasureText.plain($0) }, "n ≥ \(line.minimum)",
                word(Words.name(line.intervalMethod)),
            ]
            return [
                "<span id=\"\(place(line))\">\(text.id)</span>", "\(word(Words.name(line.kind)))",
                "\(word(line.numeratorText))", "\(word(line.denominatorText))",
                "\(Figures.list(line.exclusions.map(word), language))",
                "\(bounds.compactMap(\.self).joined(separator: "; "))",
            ]
        }
        let head = [
            say("ID and version", "编号与版本"), say("type", "类型"), say("numerator", "分子"), say("denominator", "分母"),
            say("exclusions", "不计入"), say("direction, target, floor, least n, interval", "方向、目标、起点、最少数量、区间"),
        ]
        let label = say("Definitions", "定义")
        return Section(
            id: "definitions",
            heading: label,
            content: scrolled(label, table(nil, head, rows, isWhole: true))
        )
    }
}
