import ConsiliumCore

/// The parts of the sensitivity page that are no ranges, in words.
enum SensitivityText {
    typealias Page = GovernanceReport.SensitivityPage

    static let nearest = BilingualText("Nearest mode without one indicator", "去除一项指标后最接近的模式")

    static let correlations = BilingualText(
        "Rank correlation of measures over months (Spearman)",
        "各指标按月的秩相关（Spearman）"
    )

    /// Each indicator left out, and the mode or the modes that are then the nearest.
    static func nearestWithout(_ page: Page, _ language: Language) -> [(without: String, nearest: String)] {
        page.nearestWithout.map { entry in
            let name = "\(entry.indicator.rawValue) \(entry.indicator.name.text(language))"
            let names = entry.names.map { DisplayWidth.harmless($0.text(language)) }
            return language == .zh
                ? ("最接近的模式，去除 \(name)", names.joined(separator: " 或 "))
                : ("nearest mode without \(name)", names.joined(separator: " or "))
        }
    }

    static func correlation(
        _ pair: GovernanceReport.MeasureCorrelation,
        _ language: Language
    ) -> (pair: String, value: String, months: String) {
        let names = "\(DisplayWidth.harmless(pair.first)) · \(DisplayWidth.harmless(pair.second))"
        let months = language == .zh ? "\(pair.months) 个月" : "\(pair.months) months"
        return (names, Figures.fixed(pair.value, 2), months)
    }
}
