import ConsiliumCore
import Foundation

/// The five dimensions of the network against each of the four reference modes, one small radar a mode under one mapping:
/// two outlines are told apart at a glance, five are not.
struct RadarPicture {
    let reading: GovernanceReport.Reading
    let page: GovernanceReport.ProfilePage
    let language: Language

    private static let cell = (width: 186.0, height: 224.0)
    private static let radius = 60.0

    private static let centre = 122.0

    func picture(id: String) -> Picture {
        let modes: [String?] = page.distances.isEmpty ? [nil] : page.distances.map(\.mode)
        let cells = modes.enumerated()
            .map { index, mode in
                cell(mode, x: (Double(index) + 0.5) * Self.cell.width)
            }
        let isChinese = language == .zh
        let mapping = Words.mapping(reading.mapping).text(language)
        let network = describe(nil)
        return Picture(
            id: id,
            title: isChinese ? "五个维度的雷达图，映射 \(mapping)" : "Radar of the five dimensions, mapping \(mapping)",
            description: isChinese
                ? "协作网：\(network)。数值0至4；各模式的数值见旁表。实线圆点为协作网，虚线方点为参照模式。"
                : "Network: \(network). From 0 to 4; the modes' values stand in the table. The network is the solid line "
                    + "with round points, the mode the dashed line with square points.",
            width: Self.cell.width * Double(modes.count),
            height: Self.cell.height,
            language: language,
            body: Markup(cells)
        )
    }

    private func value(_ mean: GovernanceReport.DimensionMean, _ mode: String?) -> Double? {
        mode.map { mean.modes[$0] } ?? mean.mean
    }

    private func describe(_ mode: String?) -> String {
        let parts = reading.means.map { mean in
            "\(mean.dimension.rawValue) \(value(mean, mode).map { Figures.fixed($0, 2) } ?? Words.noValue.text(language))"
        }
        return Figures.list(parts, language)
    }

    private func point(_ index: Int, _ value: Double, _ x: Double) -> (x: Double, y: Double) {
        let angle = 2 * Double.pi * Double(index) / Double(max(reading.means.count, 1)) - .pi / 2
        let length = Self.radius * value / Double(Questionnaire.scale.upperBound)
        return (x + length * cos(angle), Self.centre + length * sin(angle))
    }

    private func cell(_ mode: String?, x: Double) -> Markup {
        var body: Markup = ""
        for ring in 1...Questionnaire.scale.upperBound {
            let corners = reading.means.indices.map { point($0, Double(ring), x) }
            body += Draw.path(corners, closed: true, stroke: Ink.grid, width: 0.7)
        }
        for (index, mean) in reading.means.enumerated() {
            let end = point(index, 4, x)
            body += Draw.line(x, Self.centre, end.x, end.y, Ink.grid, width: 0.7)
            let label = point(index, 4.7, x)
            body += Draw.text(label.x, label.y + 4, mean.dimension.rawValue, .middle, size: 10)
        }
        if let mode {
            let name = DisplayWidth.harmless(Words.mode(mode, in: page).text(language))
            body += Draw.lines(x, 14, name, columns: language == .zh ? 28 : 26, bold: true)
            body += outline(mode, x, stroke: Ink.rust, fill: "none", dashes: "5 3")
        }
        body += outline(nil, x, stroke: Ink.blue, fill: Ink.blue, dashes: "")
        if let distance = page.distances.first(where: { $0.mode == mode }) {
            let text = ProfileText.distance(distance)
            body += Draw.text(x, 216, language == .zh ? "距离 \(text)" : "distance \(text)", .middle)
        }
        return body
    }

    /// The outline and its points; without a line where a dimension has no value.
    private func outline(_ mode: String?, _ x: Double, stroke: Markup, fill: Markup, dashes: Markup) -> Markup {
        let points = reading.means.enumerated()
            .compactMap { index, mean in value(mean, mode).map { point(index, $0, x) } }
        var body: Markup = ""
        if points.count == reading.means.count {
            body += Draw.path(
                points,
                closed: true,
                stroke: stroke,
                fill: fill,
                opacity: 0.15,
                width: 1.8,
                dashes: dashes
            )
        }
        for point in points {
            body +=
                mode == nil
                ? Draw.circle(point.x, point.y, 2.8, fill: stroke, stroke: stroke)
                : Draw.square(point.x, point.y, 2.6, fill: "#fff", stroke: stroke)
        }
        return body
    }
}
