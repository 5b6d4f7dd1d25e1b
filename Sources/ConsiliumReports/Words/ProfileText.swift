import ConsiliumCore

/// The profile page in words.
enum ProfileText {
    typealias Page = GovernanceReport.ProfilePage

    static let difference = BilingualText(
        "in brackets: by how much it is more than under the first mapping",
        "括号内：与第一种映射之差"
    )
    static let coherenceGap = BilingualText("coherence gap", "一致性差距")

    static let distances = BilingualText("Distance to the four modes (range over the codings)", "与四种模式的距离（按编码范围）")

    static func isSelfDeclared(_ page: Page) -> Bool { page.standing == "self-declared" }

    static func standing(_ page: Page, _ language: Language) -> String {
        let standing = isSelfDeclared(page) ? Words.selfDeclared : Words.audited
        let assessment = DisplayWidth.harmless(page.assessment)
        let version = DisplayWidth.harmless(page.questionnaireVersion)
        let word = standing.text(language)
        return language == .zh
            ? "\(word)；评估 \(assessment)；问卷版本 \(version)" : "\(word); assessment \(assessment); questionnaire \(version)"
    }

    static let ratings = BilingualText("What each rating rests on", "各项评分的依据")

    static let codings = BilingualText(
        "Codes of the four modes, and the study's words for them",
        "四种模式的编码及原研究中的依据"
    )

    /// `auditor 2`, with what sets that sheet apart.
    static func auditor(_ rating: GovernanceReport.ItemRating, _ language: Language) -> String {
        let isChinese = language == .zh
        guard let number = rating.auditor else { return isChinese ? "自行申报" : "self-declared" }
        let name = isChinese ? "审计员 \(number)" : "auditor \(number)"
        guard rating.arbitrates else { return name }
        return isChinese ? "\(name)（复议）" : "\(name) (arbitrating)"
    }

    /// `2 / 4`, of owner functions with both halves.
    static func value(_ rating: GovernanceReport.ItemRating) -> String { "\(rating.value) / 4\(halves(rating))" }

    /// ` (2 + 0)`: residual claim and decision power; empty of other items.
    static func halves(_ rating: GovernanceReport.ItemRating) -> String {
        rating.halves.map { " (\($0.residualClaim) + \($0.decisionPower))" } ?? ""
    }

    static func confidence(_ rating: GovernanceReport.ItemRating, _ language: Language) -> String {
        rating.confidence.name.text(language)
    }

    /// Each link by its kind and reference.
    static func evidence(_ rating: GovernanceReport.ItemRating, _ language: Language) -> String {
        let links = rating.evidence.map { evidence in
            let kind =
                switch evidence.kind {
                case .event: BilingualText("event", "事件")
                case .document: BilingualText("document", "文件")
                case .register: BilingualText("register", "登记")
                }
            return "\(kind.text(language)) \(DisplayWidth.harmless(evidence.reference))"
        }
        return Figures.list(links, language)
    }

    /// `3 (3–3)`.
    static func code(_ coding: GovernanceReport.ModeCoding) -> String {
        "\(coding.point) (\(coding.low)–\(coding.high))"
    }

    /// The study's words, in the language that it is written in.
    static func phrase(_ coding: GovernanceReport.ModeCoding) -> String { "“\(DisplayWidth.harmless(coding.phrase))”" }

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
                if let weighted = agreement.weightedKappa {
                    let (low, high) = (agreement.weightedKappaLow, agreement.weightedKappaHigh)
                    text += isChinese ? "加权 κ " : "weighted κ "
                    text += "\(coefficient(weighted, low, high, language)), "
                }
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
