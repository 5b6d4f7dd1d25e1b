import ConsiliumCore

/// A measure by month: points with their intervals, joined where months follow each other without a gap, and the target.
struct TrendPicture {
    let trend: GovernanceReport.Trend
    let line: GovernanceReport.MeasureLine
    let language: Language

    private static let area = (left: 52.0, top: 10.0, width: 370.0, height: 120.0)

    /// nil without a value.
    func picture(id: String) -> Picture? {
        let values = trend.points.flatMap { [$0.value, $0.low, $0.high] }.compactMap(\.self)
        guard let most = values.max(), let least = values.min() else { return nil }
        let isPercent = line.unit == .percent
        let bounds = [most, least, line.target ?? most]
        // Percentages always from 0 to 100: a stretched scale makes noise look like news.
        let high = isPercent ? 100 : (bounds.max() ?? most) + 0.05 * max(1, most - least)
        let low = isPercent ? 0 : min(0, bounds.min() ?? least)
        let area = Self.area
        func y(_ value: Double) -> Double { area.top + area.height * (1 - (value - low) / (high - low)) }
        func x(_ index: Int) -> Double { area.left + area.width * (Double(index) + 0.5) / Double(trend.points.count) }
        var body: Markup = ""
        for step in 0...4 {
            let value = low + (high - low) * Double(step) / 4
            body += Draw.line(area.left, y(value), area.left + area.width, y(value), Ink.grid, width: 0.7)
            let label = isPercent ? "\(Figures.fixed(value, 0)) %" : MeasureText.plain(value)
            body += Draw.text(area.left - 5, y(value) + 4, label, .end, size: 10)
        }
        if let target = line.target {
            body += Draw.line(area.left, y(target), area.left + area.width, y(target), Ink.rust, dashes: "5 3")
        }
        var run: [(x: Double, y: Double)] = []
        for (index, point) in trend.points.enumerated() {
            let place = x(index)
            if index % (trend.points.count > 8 ? 2 : 1) == 0 {
                body += Draw.text(place, area.top + area.height + 15, point.period, .middle, size: 9)
            }
            guard let value = point.value else {
                body += Draw.path(run, stroke: Ink.blue)
                run = []
                continue
            }
            if let low = point.low, let high = point.high {
                body += Draw.line(place, y(low), place, y(high), Ink.blue, width: 1.2)
            }
            body += Draw.circle(place, y(value), 3, fill: Ink.blue, stroke: Ink.blue)
            run.append((place, y(value)))
        }
        body += Draw.path(run, stroke: Ink.blue)
        let isChinese = language == .zh
        let title = line.title.text(language)
        let target = MeasureText(line, language).target
        let goal = target.isEmpty ? "" : isChinese ? "虚线：目标 \(target)。" : "Dashed line: target \(target). "
        return Picture(
            id: id,
            title: isChinese ? "趋势：\(line.id) \(title)" : "Trend of \(line.id), \(title)",
            description: goal
                + (isChinese ? "竖线：95 % 区间。数值见旁表。" : "Strokes: 95 % intervals. Values stand in the table."),
            width: 440,
            height: 154,
            language: language,
            body: body
        )
    }
}
