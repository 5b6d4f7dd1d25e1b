import ConsiliumCore

/// Rows of bars or points on one scale: scores, indicators and the triangle's components.
enum ScalePictures {
    /// The five dimensions' scores, 0 to 1.
    static func scores(_ report: GovernanceReport, _ language: Language) -> Picture {
        let page = report.performance
        let isChinese = language == .zh
        let scale = Scale(left: 150, width: 240, from: 0, to: 1, top: 6, row: 26)
        var body = scale.grid(rows: page.dimensions.count, steps: [0, 0.25, 0.5, 0.75, 1]) { Figures.fixed($0, 2) }
        for (index, entry) in page.dimensions.enumerated() {
            let y = scale.y(index)
            body += Draw.text(144, y + 4, entry.dimension.name.text(language), .end)
            if let score = entry.score.value {
                body += Draw.box(scale.left, y - 7, scale.x(score) - scale.left, 14, fill: Ink.blue)
                body += Draw.bold(scale.x(score) + 5, y + 4, Figures.score(score))
            } else {
                body += Draw.text(scale.left + 5, y + 4, Words.notAssessable.text(language))
            }
        }
        let parts = page.dimensions.map { entry in
            let score = ScoreText.text(entry.score, among: report.measures, language)
            return "\(entry.dimension.name.text(language)) \(score)"
        }
        return Picture(
            id: "scores",
            title: isChinese ? "五个维度的得分，0至1" : "Scores of the five dimensions, 0 to 1",
            description: Figures.list(parts, language),
            width: 440,
            height: scale.height(rows: page.dimensions.count),
            language: language,
            body: body
        )
    }

    /// The eight indicators, 0 to 4, with the range of their ratings.
    static func indicators(_ page: GovernanceReport.ProfilePage, _ language: Language) -> Picture {
        let isChinese = language == .zh
        let scale = Scale(left: 244, width: 184, from: 0, to: 4, top: 6, row: 24)
        var body = scale.grid(rows: page.indicators.count, steps: [0, 1, 2, 3, 4]) { Figures.fixed($0, 0) }
        for (index, rating) in page.indicators.enumerated() {
            let y = scale.y(index)
            let name = "\(rating.indicator.rawValue) \(rating.indicator.name.text(language))"
            body += Draw.text(238, y + 4, name, .end)
            body += Draw.box(scale.left, y - 6, scale.x(rating.point) - scale.left, 12, fill: Ink.pale)
            body += Draw.whisker(scale.x(rating.low), scale.x(rating.high), y)
            body += Draw.circle(scale.x(rating.point), y, 3.5, fill: Ink.dark)
        }
        let parts = page.indicators.map { "\($0.indicator.rawValue) \(ProfileText.rating($0))" }
        return Picture(
            id: "indicators",
            title: isChinese ? "八项指标的评分及范围，0至4" : "Ratings of the eight indicators with their ranges, 0 to 4",
            description: Figures.list(parts, language),
            width: 440,
            height: scale.height(rows: page.indicators.count),
            language: language,
            body: body
        )
    }

    /// L, S, D and U in percent with their intervals, and the second rating where there is one; nil without a value.
    static func components(_ page: GovernanceReport.TrianglePage, _ language: Language) -> Picture? {
        guard page.components.contains(where: { $0.value != nil }) else { return nil }
        let isChinese = language == .zh
        let scale = Scale(left: 150, width: 250, from: 0, to: 100, top: 6, row: 26)
        var body = scale.grid(rows: page.components.count, steps: [0, 25, 50, 75, 100]) { "\(Figures.fixed($0, 0)) %" }
        for (index, component) in page.components.enumerated() {
            let y = scale.y(index)
            let name = "\(component.id) \(component.name.text(language))"
            body += Draw.text(144, y + 4, DisplayWidth.truncated(name, to: 24), .end)
            guard let value = component.value else {
                body += Draw.text(scale.left + 5, y + 4, TriangleText.component(component, language).counts)
                continue
            }
            if let low = component.low, let high = component.high {
                body += Draw.whisker(scale.x(low * 100), scale.x(high * 100), y)
            }
            body += Draw.circle(scale.x(value * 100), y, 4, fill: Ink.blue)
            if let second = component.second { body += Draw.diamond(scale.x(second * 100), y, 5, fill: "none") }
        }
        let parts = page.components.map { component in
            let figure = TriangleText.component(component, language)
            return "\(component.id) \(figure.counts) \(figure.value)"
        }
        return Picture(
            id: "components",
            title: isChinese ? "三角指数的组成部分及区间" : "Components of the triangle index with their intervals",
            description: Figures.list(parts, language)
                + (isChinese ? "。圆点：首次评定；菱形：盲法复评。" : ". Round point: first rating; diamond: blind second rating."),
            width: 440,
            height: scale.height(rows: page.components.count),
            language: language,
            body: body
        )
    }

    /// One measure in percent in a row of a table: its interval, its value, and the target as a dashed stroke.
    static func interval(_ line: GovernanceReport.MeasureLine, id: String, _ language: Language) -> Picture? {
        guard line.unit == .percent, let value = line.value else { return nil }
        let text = MeasureText(line, language)
        let scale = Scale(left: 4, width: 112, from: 0, to: 100, top: 0, row: 18)
        var body =
            Draw.line(4, 9, 116, 9, Ink.grid) + Draw.line(4, 5, 4, 13, Ink.grid) + Draw.line(116, 5, 116, 13, Ink.grid)
        if let target = line.target {
            body += Draw.line(scale.x(target), 0, scale.x(target), 18, Ink.rust, width: 2, dashes: "3 2")
        }
        if let low = line.low, let high = line.high { body += Draw.whisker(scale.x(low), scale.x(high), 9, Ink.blue) }
        body += Draw.circle(scale.x(value), 9, 3, fill: Ink.blue, stroke: Ink.blue)
        let parts = [text.value, text.interval, text.target].filter { !$0.isEmpty }
        return Picture(
            id: id,
            title: "\(line.id) \(text.value)",
            description: (language == .zh ? "0至100 %：" : "from 0 to 100 %: ") + Figures.list(parts, language),
            width: 120,
            height: 18,
            language: language,
            body: body
        )
    }
}

/// A horizontal scale with rows under each other.
private struct Scale {
    var left: Double
    var width: Double
    var from: Double
    var to: Double
    var top: Double
    var row: Double

    func x(_ value: Double) -> Double { left + width * (min(to, max(from, value)) - from) / (to - from) }
    func y(_ index: Int) -> Double { top + row * (Double(index) + 0.5) }
    func height(rows: Int) -> Double { top + row * Double(rows) + 20 }

    func grid(rows: Int, steps: [Double], _ label: (Double) -> String) -> Markup {
        let bottom = top + row * Double(rows)
        return Markup(
            steps.map { step in
                Draw.line(x(step), top, x(step), bottom, Ink.grid, width: 0.8)
                    + Draw.text(x(step), bottom + 13, label(step), .middle, size: 10)
            }
        )
    }
}
