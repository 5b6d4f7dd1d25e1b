import ConsiliumCore

/// A stratum's or a month's figure in words: hidden counts say so, and no count means no value.
struct FigureText {
    var counts: String
    var value: String
    var interval: String

    init(_ row: GovernanceReport.StratumRow, unit: String, _ language: Language) {
        self.init(row.numerator, row.denominator, row.isSuppressed, (row.value, row.low, row.high), unit, language)
    }

    init(_ point: GovernanceReport.TrendPoint, isSuppressed: Bool, unit: String, _ language: Language) {
        let isHidden = isSuppressed && point.denominator == nil && point.value == nil
        self.init(point.numerator, point.denominator, isHidden, (point.value, point.low, point.high), unit, language)
    }

    private init(
        _ numerator: Int?,
        _ denominator: Int?,
        _ isHidden: Bool,
        _ figure: (value: Double?, low: Double?, high: Double?),
        _ unit: String,
        _ language: Language
    ) {
        if isHidden {
            counts = Words.hidden.text(language)
        } else if let denominator {
            counts = numerator.map { "\($0)/\(denominator)" } ?? "n = \(denominator)"
        } else {
            counts = figure.value == nil ? "" : Words.notCounted.text(language)
        }
        let none = isHidden ? "" : Words.noValue.text(language)
        value = figure.value.map { Figures.value($0, unit: unit, language) } ?? none
        interval = Figures.interval(figure.low, figure.high, unit: unit, language) ?? ""
    }

    /// `名称 (code)`, or the code alone; a name that begins with the code says it already.
    static func name(_ row: GovernanceReport.StratumRow, _ language: Language) -> String {
        let name = DisplayWidth.harmless(row.name.text(language))
        let code = DisplayWidth.harmless(row.code)
        if name.hasPrefix(code) { return name }
        return name.isEmpty ? code : language == .zh ? "\(name)（\(code)）" : "\(name) (\(code))"
    }
}
