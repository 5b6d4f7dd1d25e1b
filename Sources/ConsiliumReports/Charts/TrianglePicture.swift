import ConsiliumCore

/// Where episodes were finally resolved, as five bars over each other, the national tier on top: a positive triangle
/// stands on its base, an inverted one on its tip.
enum TrianglePicture {
    /// nil without a share for each tier.
    static func picture(_ page: GovernanceReport.TrianglePage, _ language: Language) -> Picture? {
        let isChinese = language == .zh
        guard page.sharesByTier.count == Tier.allCases.count, let most = page.sharesByTier.max(), most > 0 else {
            return nil
        }
        var body: Markup = ""
        let full = 250.0
        let centre = 225.0
        for (index, (tier, share)) in zip(Tier.allCases, page.sharesByTier).reversed().enumerated() {
            let y = 8 + 34 * Double(index)
            let width = full * share / most
            body += Draw.box(centre - width / 2, y, width, 28, fill: Ink.pale)
            body += Draw.text(92, y + 18, tier.name.text(language), .end)
            body += Draw.bold(358, y + 18, Figures.value(share * 100, unit: "%", language))
        }
        body += Draw.line(centre, 4, centre, 182, Ink.grey, width: 0.8, dashes: "2 3")
        let parts = zip(Tier.allCases, page.sharesByTier)
            .map { "\($0.name.text(language)) \(Figures.value($1 * 100, unit: "%", language))" }
        return Picture(
            id: "triangle-picture",
            title: TriangleText.pictureTitle(language),
            description: (isChinese ? "自下而上：" : "From the base up: ") + Figures.list(parts, language)
                + (isChinese ? "。" : ". ") + TriangleText.shape(page, language),
            width: 420,
            height: 186,
            language: language,
            body: body
        )
    }
}
