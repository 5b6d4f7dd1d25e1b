import ConsiliumCore

/// The measures of a report as they are printed together: by the dimension that they score in, then those that score in
/// none, each kind apart, so that position, controls and exchange quality never stand among what is scored.
struct MeasureSection {
    enum Topic: Hashable {
        case scored(GovernanceDimension)
        /// Performance that no dimension scores.
        case unscored
        case position
        case control
        case exchange
    }

    var topic: Topic
    var lines: [GovernanceReport.MeasureLine]
    /// Of the dimension; nil where nothing is scored.
    var score: GovernanceReport.Score?

    /// Those that are not empty, in the order of the dimensions; each measure in exactly one.
    static func sections(of report: GovernanceReport) -> [MeasureSection] {
        var sections = GovernanceDimension.allCases.map { dimension in
            MeasureSection(
                topic: .scored(dimension),
                lines: report.measures.filter { $0.scoredIn == dimension },
                score: report.performance.dimensions.first { $0.dimension == dimension }?.score
            )
        }
        let rest: [(Topic, Measure.Kind)] = [
            (.unscored, .performance), (.position, .autonomy), (.control, .control), (.exchange, .exchange),
        ]
        for (topic, kind) in rest {
            let lines = report.measures.filter { $0.scoredIn == nil && $0.kind == kind }
            sections.append(MeasureSection(topic: topic, lines: lines, score: nil))
        }
        return sections.filter { !$0.lines.isEmpty }
    }

    func name(_ language: Language) -> String {
        switch topic {
        case .scored(let dimension): "\(dimension.rawValue) \(dimension.name.text(language))"
        case .unscored: Words.otherPerformance.text(language)
        case .position: Words.positions.text(language)
        case .control: Words.controls.text(language)
        case .exchange: Words.exchanges.text(language)
        }
    }

    /// The name with its score, or that it is never scored.
    func heading(_ language: Language) -> String {
        let end = score.map { ScoreText.text($0, among: lines, language) } ?? Words.neverScored.text(language)
        return "\(name(language)) · \(end)"
    }
}
