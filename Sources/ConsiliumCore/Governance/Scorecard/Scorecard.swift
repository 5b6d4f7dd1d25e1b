/// The performance page: scored measures brought to 0...1 by their goalposts and combined.
///
/// Equal weights are a choice of values, declared as such. Nothing is imputed, and position never enters.
package struct Scorecard: Hashable, Sendable {
    package enum Score: Hashable, Sendable {
        /// 0...1.
        case score(Double)
        /// The identifiers of the measures that are missing, in the model's order.
        case notAssessable(missing: [String])

        package var value: Double? {
            if case .score(let value) = self { value } else { nil }
        }
    }

    /// In the model's order; a measure without an observation is there too.
    package let results: [MeasureResult]
    package let dimensions: [GovernanceDimension: Score]
    package let groups: [GovernanceDimension.Group: Score]
    /// The geometric mean of efficiency and fairness: neither compensates for the other.
    package let overall: Score

    /// Observations by measure identifier. nil when one is of no measure of the model, or not of its form.
    package init?(_ observations: [String: Observation], recorded: Set<FactType>, in model: GovernanceModel) {
        var results: [MeasureResult] = []
        for measure in model.measures {
            guard let result = MeasureResult(measure, observations[measure.id], recorded: recorded) else { return nil }
            results.append(result)
        }
        guard observations.keys.allSatisfy({ model.measure($0) != nil }) else { return nil }
        self.results = results
        let scores = results.compactMap { result in result.score.map { (result.measure.id, $0) } }
        let combined = Combination().combine(Dictionary(uniqueKeysWithValues: scores), of: model)
        dimensions = combined.dimensions
        groups = combined.groups
        overall = combined.overall
    }

    package func result(_ id: String) -> MeasureResult? { results.first { $0.measure.id == id } }
}
