import ConsiliumCore

/// One measure in words: what was counted, what it comes to, and what may be said of it. A value never stands without
/// its counts.
struct MeasureText {
    let line: GovernanceReport.MeasureLine
    let language: Language

    init(_ line: GovernanceReport.MeasureLine, _ language: Language) {
        self.line = line
        self.language = language
    }

    /// The identifier with the version of the definition: `AC1 v1`.
    var id: String { "\(DisplayWidth.harmless(line.id)) v\(line.version)" }

    var title: String { DisplayWidth.harmless(line.title.text(language)) }

    /// `312/345`, `n 40`, or why there is none.
    var counts: String {
        switch line.standing {
        case .suppressed: return Words.hidden.text(language)
        case .notAssessable: return ""
        case .nothingObserved: return "n = 0"
        case .valid, .tooFew: break
        }
        if let numerator = line.numerator, let denominator = line.denominator { return "\(numerator)/\(denominator)" }
        if let counted = line.counted { return "n = \(counted)" }
        return (line.standing == .valid ? Words.notCounted : Words.hidden).text(language)
    }

    /// Empty where there is none.
    var value: String { line.value.map { Figures.value($0, unit: line.unit.rawValue, language) } ?? "" }

    /// Empty where there is none.
    var interval: String { Figures.interval(line.low, line.high, unit: line.unit.rawValue, language) ?? "" }

    /// `≥ 80 %`; empty without a target.
    var target: String {
        guard let target = line.target else { return "" }
        let sign =
            switch line.direction {
            case .increase: "≥ "
            case .decrease: "≤ "
            case nil: ""
            }
        return sign + Self.plain(target) + (line.unit == .percent ? " %" : unitSuffix)
    }

    private var unitSuffix: String {
        let whole = Figures.value(0, unit: line.unit.rawValue, language)
        return String(whole.drop { "0.".contains($0) })
    }

    /// `80`, `0.25`.
    static func plain(_ value: Double) -> String {
        value == value.rounded() ? Figures.fixed(value, 0) : Figures.fixed(value, 2)
    }

    /// `2`, `2.5`.
    static func short(_ value: Double) -> String { Figures.fixed(value, value == value.rounded() ? 0 : 1) }

    /// What stands where a value would, if the standing lets none stand.
    var standing: String {
        switch line.standing {
        case .valid: Words.valid.text(language)
        case .tooFew:
            line.counted.map { counted in
                language == .zh
                    ? "数量不足（\(counted)，至少需 \(line.minimum)）" : "too few (\(counted), at least \(line.minimum) needed)"
            } ?? (language == .zh ? "数量不足（至少需 \(line.minimum)）" : "too few (at least \(line.minimum) needed)")
        case .notAssessable: notAssessable
        case .nothingObserved: Words.noValue.text(language) + (language == .zh ? "（n = 0）" : " (n = 0)")
        case .suppressed: Words.hidden.text(language)
        }
    }

    private var notAssessable: String {
        let names = Figures.list(line.missing.map { DisplayWidth.harmless($0.text(language)) }, language)
        guard !names.isEmpty else { return Words.notAssessable.text(language) }
        return language == .zh ? "不可评估：尚无此类事件（\(names)）" : "not assessable: no such events yet (\(names))"
    }

    /// Empty where there is none: a position has no target, and what is not assessable no verdict.
    var verdict: String {
        switch line.verdict {
        case nil: return ""
        case .met: return Words.met.text(language)
        case .notMet: return Words.notMet.text(language)
        case .notShown:
            guard let least = line.leastTotal else { return Words.notShown.text(language) }
            return language == .zh ? "未能证明（需 n ≥ \(least)）" : "not shown (n ≥ \(least) could)"
        case .failures:
            guard let failures = line.failures else { return Words.hidden.text(language) }
            guard let total = line.denominator else {
                return language == .zh ? "\(failures) 例不符" : "\(failures) failed"
            }
            return language == .zh ? "\(total) 例中 \(failures) 例不符" : "\(failures) of \(total) failed"
        }
    }

    /// The verdict in at most 16 columns, where the counts stand beside it.
    var shortVerdict: String {
        let isChinese = language == .zh
        switch (line.verdict, line.leastTotal, line.failures) {
        case (.notShown, let least?, _): return isChinese ? "未能证明，n≥\(least)" : "not shown, n≥\(least)"
        case (.failures, _, let failures?): return isChinese ? "\(failures) 例不符" : "\(failures) failed"
        default: return verdict
        }
    }

    /// How far it was checked against its source.
    var source: String {
        guard let check = line.sourceCheck else { return Words.notVerified.text(language) }
        guard let drawn = check.drawn, let checked = check.checked, let open = check.open,
            let discrepant = check.discrepant, let missing = check.missing
        else {
            return Words.verified.text(language) + (language == .zh ? "：" : ": ") + Words.hidden.text(language)
        }
        let wrong = discrepant + missing
        let rate = check.rate.map { Figures.value($0, unit: "%", language) } ?? Words.noValue.text(language)
        let range = Figures.interval(check.low, check.high, unit: "%", language) ?? ""
        return language == .zh
            ? "抽取 \(drawn) 例，已核查 \(checked)，待核查 \(open)：不一致 \(discrepant)，缺失 \(missing)，合计 \(wrong)/\(checked) = \(rate)（\(range)）"
            : "source check: \(drawn) drawn, \(checked) checked, \(open) still open; "
                + "\(discrepant) discrepant, \(missing) missing, \(wrong)/\(checked) = \(rate) (\(range))"
    }

    /// `name value (interval)` of what must stand beside it, and the share still open.
    var companions: [String] {
        var texts = line.companions.map { Self.companion($0, language) }
        if let undecided = line.undecided {
            texts.append(language == .zh ? "尚未了结 \(undecided)" : "still open \(undecided)")
        }
        return texts
    }

    static func companion(_ companion: GovernanceReport.Companion, _ language: Language) -> String {
        let name = DisplayWidth.harmless(companion.name.text(language))
        guard let value = companion.value else { return "\(name) \(Words.noValue.text(language))" }
        let range = Figures.interval(companion.low, companion.high, unit: companion.unit, language).map { " (\($0))" }
        let counted = companion.counted.map { " n = \($0)" }
        return "\(name) \(Figures.value(value, unit: companion.unit, language))\(range ?? "")\(counted ?? "")"
    }

    /// What else must be known to read it.
    var marks: [String] {
        let window = line.window.map { BilingualText("over \($0)", "统计期 \($0)").text(language) }
        return [line.isDeclared ? Words.declared.text(language) : nil, window].compactMap { $0 }
    }
}
