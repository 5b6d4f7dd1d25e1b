import ConsiliumCore

/// A combined score in words.
enum ScoreText {
    /// `0.71`, or "not assessable: missing OC1; too few OF2", by how what it names stands among `lines`.
    static func text(
        _ score: GovernanceReport.Score,
        among lines: [GovernanceReport.MeasureLine],
        _ language: Language
    ) -> String {
        if let value = score.value { return Figures.score(value) }
        let isChinese = language == .zh
        let (missing, tooFew) = score.lacking(among: lines)
        let reasons = [(isChinese ? "缺" : "missing", missing), (isChinese ? "数量不足" : "too few", tooFew)]
            .filter { !$0.1.isEmpty }
            .map { word, measures in
                "\(word) \(Figures.list(measures.map { DisplayWidth.harmless($0) }, language))"
            }
        guard !reasons.isEmpty else { return Words.notAssessable.text(language) }
        return Words.notAssessable.text(language) + (isChinese ? "：" : ": ")
            + reasons.joined(separator: isChinese ? "；" : "; ")
    }
}

extension GovernanceReport.Score {
    /// The measures that it lacks: those that counted fewer than they must, as they stand among `lines`, apart from the
    /// others.
    func lacking(among lines: [GovernanceReport.MeasureLine]) -> (missing: [String], tooFew: [String]) {
        let few = Set(lines.filter { $0.standing == .tooFew }.map(\.id))
        return (missing.filter { !few.contains($0) }, missing.filter { few.contains($0) })
    }
}
