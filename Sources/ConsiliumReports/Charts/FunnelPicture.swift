import ConsiliumCore

/// Sites by their number of observations against the limits within which chance alone would leave 95 and 99.8 % of them
/// (Spiegelhalter 2005, doi 10.1002/sim.1970).
struct FunnelPicture {
    let plot: GovernanceReport.FunnelPlot
    let line: GovernanceReport.MeasureLine
    let language: Language

    private static let area = (left: 52.0, top: 12.0, width: 330.0, height: 190.0)

    func picture(id: String) -> Picture {
        let area = Self.area
        let values =
            plot.points.map(\.value) + plot.limits.flatMap { [$0.low998, $0.high998] } + [plot.centre]
        // Whole tenths, so that the scale is read without reckoning.
        let least = max(0, ((values.min() ?? 0) * 10).rounded(.down) / 10)
        let most = max(least + 0.1, min(1, ((values.max() ?? 1) * 10).rounded(.up) / 10))
        let tenths = Int(((most - least) * 10).rounded())
        let widest = Double(max(1, plot.points.map(\.total).max() ?? 1, plot.limits.map(\.total).max() ?? 1))
        func x(_ total: Int) -> Double { area.left + area.width * Double(total) / widest }
        func y(_ value: Double) -> Double { area.top + area.height * (1 - (value - least) / (most - least)) }
        var body: Markup = ""
        for tenth in stride(from: 0, through: tenths, by: tenths > 5 ? 2 : 1) {
            let value = least + Double(tenth) / 10
            body += Draw.line(area.left, y(value), area.left + area.width, y(value), Ink.grid, width: 0.7)
            body += Draw.text(area.left - 5, y(value) + 4, "\(Figures.fixed(value * 100, 0)) %", .end, size: 10)
        }
        for step in 0...4 {
            let total = Int((widest * Double(step) / 4).rounded())
            body += Draw.text(x(total), area.top + area.height + 14, "\(total)", .middle, size: 10)
        }
        body += Draw.text(area.left + area.width / 2, area.top + area.height + 28, "n", .middle, size: 10)
        body += Draw.line(area.left, y(plot.centre), area.left + area.width, y(plot.centre), Ink.dark, width: 1.2)
        let lines: [(KeyPath<GovernanceReport.FunnelLimit, Double>, Markup)] = [
            (\.low95, "6 3"), (\.high95, "6 3"), (\.low998, "2 3"), (\.high998, "2 3"),
        ]
        for (limit, dashes) in lines {
            let points = plot.limits.map { (x($0.total), y($0[keyPath: limit])) }
            body += Draw.path(points, stroke: Ink.grey, width: 1.2, dashes: dashes)
        }
        if let last = plot.limits.last {
            let names = [("95 %", last.low95), ("99.8 %", last.high998)]
            for (name, end) in names { body += Draw.text(x(last.total) + 4, y(end) + 4, name, size: 9) }
        }
        for point in plot.points {
            let (x, y) = (x(point.total), y(point.value))
            if point.isOutside998 {
                body += Draw.square(x, y, 4, fill: Ink.rust) + Draw.bold(x + 7, y + 4, point.site)
            } else if point.isOutside95 {
                body += Draw.diamond(x, y, 5, fill: Ink.pale) + Draw.text(x + 7, y + 4, point.site)
            } else {
                body += Draw.circle(x, y, 3, fill: "#fff")
            }
        }
        return described(body, id)
    }

    private func described(_ body: Markup, _ id: String) -> Picture {
        let isChinese = language == .zh
        let title = line.title.text(language)
        let outside = plot.points.filter { $0.isOutside95 || $0.isOutside998 }.map(\.site)
        let names = outside.isEmpty ? (isChinese ? "无" : "none") : Figures.list(outside, language)
        return Picture(
            id: id,
            title: isChinese ? "漏斗图：\(line.id) \(title)" : "Funnel plot of \(line.id), \(title)",
            description: isChinese
                ? "\(plot.points.count) 家机构；界限之外：\(names)。"
                    + "空心圆：界限之内；菱形：95 % 之外；方块：99.8 % 之外。实线：中心。"
                : "\(plot.points.count) sites; outside the limits: \(names). Open circle: inside; diamond: outside 95 %; "
                    + "square: outside 99.8 %. Solid line: centre.",
            width: 440,
            height: 246,
            language: language,
            body: body
        )
    }
}
