/// Everything that a governance figure is defined by, as one versioned value: printed figures name its version.
///
/// It is data. A network adds measures by the same form; only auditors adopt a version (`Adoptions`).
package struct GovernanceModel: Hashable, Sendable, Codable {
    package var version: String
    package var mappings: [IndicatorMapping]
    package var modes: [ReferenceMode]
    package var questionnaire: Questionnaire
    package var measures: [Measure]

    package init(
        version: String,
        mappings: [IndicatorMapping],
        modes: [ReferenceMode],
        questionnaire: Questionnaire,
        measures: [Measure]
    ) {
        self.version = version
        self.mappings = mappings
        self.modes = modes
        self.questionnaire = questionnaire
        self.measures = measures
    }

    /// DOMAIN.md sections 1 and 3.
    package static let standard = GovernanceModel(
        version: "1",
        mappings: [.printedOrder, .semantic],
        modes: ReferenceMode.study,
        questionnaire: .standard,
        measures: Measure.standard
    )

    package func measure(_ id: String) -> Measure? { measures.first { $0.id == id } }

    /// The measures that make up a dimension's score.
    package func scored(in dimension: GovernanceDimension) -> [Measure] { measures.filter { $0.scoredIn == dimension } }

    /// The model with a network's own measures, under a version of its own.
    ///
    /// All defects of all of them are thrown at once. A measure that stands already cannot be replaced, nor its goals: who
    /// wants others adds a measure of its own from the same `figure`, so that the figures stand side by side. What is
    /// scored already is not scored again: it would weigh twice as much as what it stands beside.
    package func adding(_ added: [Measure], version: String) throws(MeasureDefects) -> GovernanceModel {
        var model = self
        var defects: [MeasureDefect] = []
        if version.isEmpty || version == self.version {
            defects.append(MeasureDefect(.notNew, measure: "", field: "version", version))
        }
        for measure in added {
            if model.measure(measure.id) != nil {
                defects.append(
                    MeasureDefect(
                        .notNew,
                        measure: measure.id,
                        field: "id",
                        "other goals are a measure of its own, with figure \(measure.source)"
                    )
                )
            } else if measure.scoredIn != nil,
                let scored = model.measures.first(where: { $0.scoredIn != nil && $0.source == measure.source })
            {
                defects.append(
                    MeasureDefect(
                        .contradiction,
                        measure: measure.id,
                        field: "scoredIn",
                        "\(scored.id) scores \(scored.source); without goalposts and scoredIn both are printed"
                    )
                )
            }
            defects += measure.defects
            model.measures.append(measure)
        }
        guard defects.isEmpty else { throw MeasureDefects(all: defects) }
        model.version = version
        return model
    }
}
