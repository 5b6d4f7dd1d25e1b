import ConsiliumCore

/// Episodes from their tier of origin to the tier that finally resolved them, as bands whose width is their number.
struct FlowPicture {
    let flows: [GovernanceReport.TierFlow]
    let language: Language

    private static let height = 300.0
    private static let gap = 10.0
    private static let sides = (left: 90.0, right: 350.0)

    /// nil where no count may be shown.
    func picture() -> Picture? {
        let shown = flows.compactMap { flow in flow.episodes.map { (flow: flow, count: Double($0)) } }
            .filter { $0.count > 0 }
        let all = shown.reduce(0) { $0 + $1.count }
        guard all > 0 else { return nil }
        let scale = (Self.height - Self.gap * Double(Tier.allCases.count - 1)) / all
        // The national tier on top, so that a band that rises went up.
        let tiers = Array(Tier.allCases.reversed())
        func total(_ tier: Tier, _ side: (GovernanceReport.TierFlow) -> Tier) -> Double {
            shown.filter { side($0.flow) == tier }.reduce(0) { $0 + $1.count } * scale
        }
        var tops: [(left: Double, right: Double)] = []
        var next = (left: 24.0, right: 24.0)
        var body = hatching
        for tier in tiers {
            tops.append(next)
            let size = (left: total(tier, \.origin), right: total(tier, \.final))
            let name = tier.name.text(language)
            body += Draw.box(Self.sides.left - 8, next.left, 8, max(size.left, 1), fill: Ink.dark)
            body += Draw.box(Self.sides.right, next.right, 8, max(size.right, 1), fill: Ink.dark)
            body += Draw.text(Self.sides.left - 13, next.left + max(size.left, 1) / 2 + 4, name, .end)
            body += Draw.text(Self.sides.right + 13, next.right + max(size.right, 1) / 2 + 4, name)
            next.left += size.left + Self.gap
            next.right += size.right + Self.gap
        }
        for (row, origin) in tiers.enumerated() {
            for (column, final) in tiers.enumerated() {
                guard let entry = shown.first(where: { $0.flow.origin == origin && $0.flow.final == final }) else {
                    continue
                }
                let size = entry.count * scale
                body += band(tops[row].left, tops[column].right, size, fill(origin, final))
                tops[row].left += size
                tops[column].right += size
            }
        }
        body += Draw.bold(Self.sides.left - 13, 14, language == .zh ? "来源" : "origin", .end)
        body += Draw.bold(Self.sides.right + 13, 14, language == .zh ? "最终解决" : "finally at")
        body += legend
        return Picture(
            id: "flow-picture",
            title: language == .zh ? "病例从来源层级到最终解决层级的流向" : "Flow of episodes from origin to final tier",
            description: description,
            width: 440,
            height: Self.height + 56,
            language: language,
            body: body
        )
    }

    private var description: String {
        let parts = flows.filter { $0.episodes != 0 }
            .map { flow in
                let count = TriangleText.flow(flows, flow.origin, flow.final, language)
                return "\(flow.origin.name.text(language)) → \(flow.final.name.text(language)) \(count)"
            }
        let hidden =
            flows.contains { $0.episodes == nil }
            ? language == .zh ? "；已隐藏的计数未画出" : "; hidden counts are not drawn" : ""
        return Figures.list(parts, language) + hidden
    }

    private func fill(_ origin: Tier, _ final: Tier) -> Markup {
        final > origin ? "url(#flow-up)" : final < origin ? "url(#flow-down)" : "#c9c9c9"
    }

    /// A band from the left to the right, with straight middle.
    private func band(_ left: Double, _ right: Double, _ size: Double, _ fill: Markup) -> Markup {
        let (start, end) = Self.sides
        let middle = (start + end) / 2
        return """
            <path d="M\(start) \(left)C\(middle) \(left) \(middle) \(right) \(end) \(right)L\(end) \(right + size)\
            C\(middle) \(right + size) \(middle) \(left + size) \(start) \(left + size)Z" fill="\(fill)" \
            fill-opacity="0.85" stroke="\(Ink.dark)" stroke-width="0.5"/>

            """
    }

    private var hatching: Markup {
        """
        <defs><pattern id="flow-up" width="6" height="6" patternUnits="userSpaceOnUse">\
        <rect width="6" height="6" fill="#f6c9a8"/><path d="M0 6L6 0" stroke="\(Ink.rust)" stroke-width="1.2"/></pattern>\
        <pattern id="flow-down" width="6" height="6" patternUnits="userSpaceOnUse">\
        <rect width="6" height="6" fill="#bfd9ee"/><path d="M0 3L6 3" stroke="\(Ink.blue)" stroke-width="1.2"/></pattern>\
        </defs>

        """
    }

    private var legend: Markup {
        let y = Self.height + 38
        let entries: [(fill: Markup, text: String)] = [
            ("url(#flow-up)", language == .zh ? "向上" : "upwards"),
            ("#c9c9c9", language == .zh ? "留在原层级" : "same tier"),
            ("url(#flow-down)", language == .zh ? "向下" : "downwards"),
        ]
        return Markup(
            entries.enumerated()
                .map { index, entry in
                    let x = 82 + 100 * Double(index)
                    return Draw.box(x, y, 18, 11, fill: entry.fill) + Draw.text(x + 23, y + 10, entry.text)
                }
        )
    }
}
