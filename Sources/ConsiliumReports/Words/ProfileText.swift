import ConsiliumCore

/// The profile page in words.
enum ProfileText {
    typealias Page = GovernanceReport.ProfilePage

    static let coherenceGap = BilingualText("coherence gap", "一致性差距")

    static let distances = BilingualText("Distance to the four modes (range over the codings)", "与四种模式的距离（按编码范围）")

    static func isSelfDeclared(_ page: Page) -> Bool { page.standing == "self-declared" }

    static func standing(_ page: Page, _ language: Language) -> String {
        let standing = isSelfDeclared(page) ? Words.selfDeclared : Words.audited
        let assessment = DisplayWidth.harmless(page.assessment)
        let word = standing.text(language)
        return language == .zh ? "\(word)；评估 \(assessment)" : "\(word); assessment \(assessment)"
    }

    /// Empty where nothing is compared.
    static func nearest(_ page: Page, _ language: Language) -> String {
        let names = page.nearest.map { DisplayWidth.harmless(Words.mode($0, in: page).text(language)) }
        guard !names.isEmpty else { return "" }
        return language == .zh
            ? "最接近的模式：\(names.joined(separator: " 或 "))" : "nearest mode: \(names.joined(separator: " or "))"
    }

    /// `2 (1–3) of 4`.
    static func rating(_ rating: GovernanceReport.IndicatorRating) -> String {
        "\(MeasureText.short(rating.point)) (\(MeasureText.short(rating.low))–\(MeasureText.short(rating.high))) / 4"
    }

    static func distance(_ distance: GovernanceReport.ModeDistance) -> String {
        "\(MeasureText.short(distance.point)) (\(MeasureText.short(distance.low))–\(MeasureText.short(distance.high)))"
    }

    /// How far the auditors agreed, and each dissent.
    static func agreement(_ page: Page, _ language: Language) -> [String] {
        let isChinese = language == .zh
        var sentences: [String] = []
        if let agreement = page.agreement {
            var text =
                isChinese
                ? "审计员评分：\(agreement.items) 项中 \(agreement.exact) 项一致，\(agreement.withinOne) 项相差不超过1分"
                : "auditors: \(agreement.exact) of \(agreement.items) items equal, \(agreement.withinOne) within one point"
            if let kappa = agreement.kappa, let alpha = agreement.alpha {
                text += isChinese ? "；" : "; "
                text += "κ \(coefficient(kappa, agreement.kappaLow, agreement.kappaHigh, language)), "
                text += "α \(coefficient(alpha, agreement.alphaLow, agreement.alphaHigh, language))"
            } else {
                text += isChinese ? "；κ 和 α 需至少50项" : "; κ and α need 50 pooled items"
            }
            sentences.append(text)
        }
        for dissent in page.dissents {
            let name = "\(dissent.indicator.rawValue) \(dissent.indicator.name.text(language))"
            let consensus = MeasureText.short(dissent.consensus)
            sentences.append(
                isChinese
                    ? "保留意见：\(name) 评 \(dissent.value)，共识 \(consensus)"
                    : "dissent: \(name) rated \(dissent.value), consensus \(consensus)"
            )
        }
        return sentences
    }

    /// `0.71 (0.58–0.83)`; the interval is missing where too few assessments could be resampled.
    private static func coefficient(_ value: Double, _ low: Double?, _ high: Double?, _ language: Language) -> String {
        Figures.fixed(value, 2) + (Figures.range(low, high, unit: "1", language).map { " (\($0))" } ?? "")
    }
}
