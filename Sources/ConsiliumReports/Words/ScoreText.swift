import ConsiliumCore

/// A combined score in words.
enum ScoreText {
    /// `0.71`, or "not assessable: missing OC1, OF2".
    static func text(_ score: GovernanceReport.Score, _ language: Language) -> String {
        if let value = score.value { return Figures.score(value) }
        let names = Figures.list(score.missing.map { DisplayWidth.harmless($0) }, language)
        guard !names.isEmpty else { return Words.notAssessable.text(language) }
        return language == .zh ? "不可评估：缺 \(names)" : "not assessable: missing \(names)"
    }
}
