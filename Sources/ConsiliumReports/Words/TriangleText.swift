import ConsiliumCore

/// The triangle page in words.
enum TriangleText {
    typealias Page = GovernanceReport.TrianglePage

    /// The index with its interval and band, or that it is withheld; in any case with how many episodes and sites.
    static func index(_ page: Page, _ language: Language) -> String {
        let isChinese = language == .zh
        let counts = [
            page.episodes.map { isChinese ? "\($0) 个病例" : "\($0) episodes" }
                ?? (isChinese ? "病例数" : "episodes ") + Words.hidden.text(language),
            page.originSites.map { isChinese ? "\($0) 家来源机构" : "\($0) origin sites" }
                ?? (isChinese ? "来源机构数" : "origin sites ") + Words.hidden.text(language),
        ]
        let behind = counts.joined(separator: isChinese ? "，" : ", ")
        guard let index = page.index else {
            let word = Words.withheld.text(language)
            return isChinese ? "三角指数（TI）\(word)（\(behind)）" : "TI \(word) (\(behind))"
        }
        let range = page.low.flatMap { low in page.high.map { "\(Figures.fixed(low, 1))–\(Figures.fixed($0, 1))" } }
        let interval = range.map { isChinese ? "，95 % 区间 \($0)" : ", 95 % interval \($0)" } ?? ""
        let band =
            page.band.map { DisplayWidth.harmless(Words.band($0).text(language)) }
            ?? (isChinese ? "分段" : "band ") + Words.withheld.text(language)
        let drawn =
            isChinese ? "\(page.replicates) 次抽样，种子 \(page.seed)" : "\(page.replicates) replicates, seed \(page.seed)"
        return isChinese
            ? "三角指数（TI）\(Figures.fixed(index, 1))\(interval)；\(band)（\(behind)；\(drawn)）"
            : "TI \(Figures.fixed(index, 1))\(interval); \(band) (\(behind); \(drawn))"
    }

    static func pictureTitle(_ language: Language) -> String {
        language == .zh ? "病例最终在哪一层级解决" : "Where episodes were finally resolved, by tier"
    }

    static func component(
        _ component: GovernanceReport.TriangleComponent,
        _ language: Language
    ) -> (counts: String, value: String) {
        let isChinese = language == .zh
        guard let numerator = component.numerator, let denominator = component.denominator else {
            return (Words.hidden.text(language), "")
        }
        var value = Words.noValue.text(language)
        if let figure = component.value {
            value = Figures.value(figure * 100, unit: "%", language)
            if let low = component.low, let high = component.high {
                value += " (\(Figures.interval(low * 100, high * 100, unit: "%", language) ?? ""))"
            }
        }
        if let second = component.second {
            let text = Figures.value(second * 100, unit: "%", language)
            value += isChinese ? "；盲法复评 \(text)" : "; by the blind second rating \(text)"
        }
        return (denominator == 0 ? "n = 0" : "\(numerator)/\(denominator)", value)
    }

    static func shape(_ page: Page, _ language: Language) -> String {
        let isChinese = language == .zh
        let shape = page.shape.map { Figures.fixed($0, 2) } ?? Words.noValue.text(language)
        let monotone = page.isMonotone.map { isMonotone in
            isMonotone
                ? (isChinese ? "各层均不多于其下一层" : "no tier resolves more than the one below it")
                : (isChinese ? "有层级多于其下一层" : "a tier resolves more than the one below it")
        }
        let parts = [
            isChinese ? "形状 \(shape)（-1 倒置，1 正置）" : "shape \(shape) (-1 inverted, 1 positive)", monotone,
            MeasureText.companion(page.markingRate, language),
        ]
        return parts.compactMap(\.self).joined(separator: isChinese ? "；" : "; ")
    }

    /// How many episodes went from `origin` to `final`.
    static func flow(
        _ flows: [GovernanceReport.TierFlow],
        _ origin: Tier,
        _ final: Tier,
        _ language: Language
    ) -> String {
        guard let flow = flows.first(where: { $0.origin == origin && $0.final == final }) else { return "–" }
        return flow.episodes.map { "\($0)" } ?? (language == .zh ? "已隐藏" : "hidden")
    }
}
