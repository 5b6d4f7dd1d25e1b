import ConsiliumCore

extension HTMLReport {
    var triangle: Section {
        let page = report.triangle
        var content: Markup = "<p><strong>\(TriangleText.index(page, language))</strong></p>\n"
        if !page.obstacles.isEmpty {
            content += "<ul>\n\(page.obstacles.map { "<li>\(word($0))</li>\n" as Markup })</ul>\n"
        }
        let shares = zip(Tier.allCases, page.sharesByTier).reversed()
            .map { tier, share -> [Markup] in
                ["\(word(tier.name))", "\(Figures.value(share * 100, unit: "%", language))"]
            }
        if let picture = TrianglePicture.picture(page, language) {
            let episodes = page.episodes.map { "n = \($0)" } ?? word(Words.hidden)
            content += figure(
                say("Finally resolved, by tier", "最终解决层级"),
                picture.markup,
                beside: table(
                    episodes,
                    [word(MeasureStratifier.tier.name), say("share of episodes", "占病例比例")],
                    shares,
                    numbers: [1]
                ) + paragraph(TriangleText.shape(page, language))
            )
        } else {
            content += paragraph(say("Finally resolved, by tier: no value", "最终解决层级：无数值"))
        }
        let rows = page.components.map { component -> [Markup] in
            let figure = TriangleText.component(component, language)
            return ["\(component.id) \(word(component.name))", "\(figure.counts)", "\(figure.value)"]
        }
        let components = table(
            nil,
            [say("component", "组成部分"), word(Words.counts), say("value (95 % interval)", "数值（95 % 区间）")],
            rows
        )
        if let picture = ScalePictures.components(page, language) {
            content += figure(say("Components", "组成部分"), picture.markup, beside: components)
        } else if !rows.isEmpty {
            content += components
        }
        content += Markup(page.notices.map { paragraph(word($0)) })
        return Section(id: "triangle", heading: word(Words.triangle), content: content)
    }

    /// Who went from where to where; nil without an episode.
    var flow: Section? {
        guard !report.flows.isEmpty else { return nil }
        let tiers = Array(Tier.allCases.reversed())
        let rows = tiers.map { origin -> [Markup] in
            ["\(word(origin.name))"] + tiers.map { "\(TriangleText.flow(report.flows, origin, $0, language))" }
        }
        let head = [say("origin ↓ finally →", "来源 ↓ 最终 →")] + tiers.map { word($0.name) }
        let name = say("Episodes", "病例数")
        let matrix = scrolled(name, table(name, head, rows, numbers: [1, 2, 3, 4, 5]))
        let heading = say("Flow between tiers", "层级间流向")
        guard let picture = FlowPicture(flows: report.flows, language: language).picture() else {
            return Section(id: "flow", heading: heading, content: matrix)
        }
        return Section(
            id: "flow",
            heading: heading,
            content: figure(say("From origin to final tier", "从来源到最终层级"), picture.markup, beside: matrix)
        )
    }
}
