import ConsiliumCore

extension HTMLReport {
    private func line(_ measure: String) -> GovernanceReport.MeasureLine? {
        report.measures.first { $0.id == measure }
    }

    /// Each measure by month; nil where none is to be shown.
    func trends(of measure: String?) -> Section? {
        let figures = report.trends.enumerated()
            .compactMap { index, trend -> Markup? in
                guard measure == nil || trend.measure == measure, let line = line(trend.measure) else { return nil }
                let rows = trend.points.map { point -> [Markup] in
                    let unit = line.unit.rawValue
                    let figure = FigureText(point, isSuppressed: report.isSuppressed, unit: unit, language)
                    return ["\(point.period)", "\(figure.counts)", "\(figure.value)", "\(figure.interval)"]
                }
                let head = [say("month", "月份"), word(Words.counts), word(Words.value), word(Words.interval)]
                let table = table(nil, head, rows, numbers: [1, 2, 3])
                let picture = TrendPicture(trend: trend, line: line, language: language).picture(id: "trend-\(index)")
                let text = MeasureText(line, language)
                return figure("\(text.id) \(text.title)", picture?.markup ?? "", beside: table, rows: rows.count)
            }
        guard !figures.isEmpty else { return nil }
        return Section(id: "trends", heading: say("Trends", "趋势"), content: Markup(figures))
    }

    /// Sites against the limits of chance; nil where there is no plot.
    func funnels(of measure: String?) -> Section? {
        let figures = report.funnels.enumerated()
            .compactMap { index, plot -> Markup? in
                guard measure == nil || plot.measure == measure, let line = line(plot.measure) else { return nil }
                // Those outside first, then the largest.
                let order = { (point: GovernanceReport.FunnelPoint) in
                    point.isOutside998 ? 0 : point.isOutside95 ? 1 : 2
                }
                let points = plot.points.sorted { (order($0), -$0.total, $0.site) < (order($1), -$1.total, $1.site) }
                let rows = points.map { point -> [Markup] in
                    let place =
                        point.isOutside998
                        ? say("outside 99.8 %", "99.8 % 之外")
                        : point.isOutside95 ? say("outside 95 %", "95 % 之外") : say("inside", "之内")
                    return [
                        "\(point.site)", "\(point.total)",
                        "\(Figures.value(point.value * 100, unit: "%", language))", "\(place)",
                    ]
                }
                let centre = Figures.value(plot.centre * 100, unit: "%", language)
                let caption = say("Centre \(centre)", "中心 \(centre)")
                let head = [word(Words.site), "n", word(Words.value), say("limits", "界限")]
                let picture = FunnelPicture(plot: plot, line: line, language: language).picture(id: "funnel-\(index)")
                let text = MeasureText(line, language)
                return figure(
                    "\(text.id) \(text.title)",
                    picture.markup,
                    beside: table(caption, head, rows, numbers: [1, 2]),
                    rows: rows.count
                )
            }
        guard !figures.isEmpty else { return nil }
        let meaning = say(
            "Solid line: centre; dashed: 95 % limits; dotted: 99.8 % limits. Open circle: inside; diamond: outside 95 %; "
                + "square: outside 99.8 %. Of twenty sites one lies outside 95 % by chance.",
            "实线：中心；虚线：95 % 界限；点线：99.8 % 界限。空心圆：之内；菱形：95 % 之外；方块：99.8 % 之外。每二十家机构约有一家因偶然落在 95 % 之外。"
        )
        return Section(
            id: "funnels",
            heading: say("Funnel plots", "漏斗图"),
            content: paragraph(meaning) + Markup(figures)
        )
    }

    /// Each measure by site, tier, region, department and priority; nil where there is no table.
    func strata(of measure: String?) -> Section? {
        let tables = report.tables.compactMap { stratum -> Markup? in
            guard measure == nil || stratum.measure == measure, let line = line(stratum.measure) else { return nil }
            let rows = stratum.rows.map { row -> [Markup] in
                let unit = stratum.figure == nil ? line.unit.rawValue : "%"
                let figure = FigureText(row, unit: unit, language)
                return [
                    "\(FigureText.name(row, language))", "\(figure.counts)", "\(figure.value)", "\(figure.interval)",
                ]
            }
            let by = word(stratum.by.name)
            let text = MeasureText(line, language)
            let what = stratum.figureName.map { word($0) } ?? text.title
            let caption = "\(text.id) \(what), \(say("by \(by)", "按\(by)"))"
            let head = [by, word(Words.counts), word(Words.value), word(Words.interval)]
            return scrolled(caption, table(caption, head, rows, numbers: [1, 2, 3]))
        }
        guard !tables.isEmpty else { return nil }
        return Section(id: "strata", heading: say("Strata", "分层"), content: Markup(tables))
    }
}
