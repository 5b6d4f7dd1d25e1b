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

    package let modelVersion: String
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
        self.init(results, modelVersion: model.version, Combination())
    }

    init(_ results: [MeasureResult], modelVersion: String, _ combination: Combination) {
        self.modelVersion = modelVersion
        self.results = results
        dimensions = Dictionary(
            uniqueKeysWithValues: GovernanceDimension.allCases.map { dimension in
                (dimension, combination.dimension(results.filter { $0.measure.scoredIn == dimension }))
            }
        )
        let dimensions = dimensions
        groups = Dictionary(
            uniqueKeysWithValues: GovernanceDimension.Group.allCases.map { group in
                (group, combination.group(group.dimensions.compactMap { dimensions[$0] }))
            }
        )
        overall = combination.overall(GovernanceDimension.Group.allCases.compactMap { [groups] in groups[$0] })
    }

    package func result(_ id: String) -> MeasureResult? { results.first { $0.measure.id == id } }
}

/// How measures become dimensions, groups and the overall score; the sensitivity analysis varies it.
struct Combination: Hashable, Sendable {
    enum Mean: String, CaseIterable, Sendable {
        case arithmetic
        case geometric

        /// Of values in 0...1 with their weights, which are positive.
        func of(_ values: [(value: Double, weight: Double)]) -> Double {
            let total = values.reduce(0) { $0 + $1.weight }
            switch self {
            case .arithmetic: return values.reduce(0) { $0 + $1.value * $1.weight } / total
            case .geometric: return Elementary.weightedGeometricMean(values, total: total)
            }
        }
    }

    /// 1 for a measure that is not named.
    var measureWeights: [String: Double] = [:]
    var measuresBy = Mean.arithmetic
    var groupsBy = Mean.geometric

    /// Shown when at least two of its measures and at least half of them are valid.
    func dimension(_ results: [MeasureResult]) -> Scorecard.Score {
        let scored = results.compactMap { result in
            result.score.map { (value: $0, weight: measureWeights[result.measure.id] ?? 1) }
        }
        guard scored.count >= 2, scored.count * 2 >= results.count else {
            return .notAssessable(missing: results.filter { $0.score == nil }.map(\.measure.id))
        }
        return .score(measuresBy.of(scored))
    }

    /// The mean of its dimensions, when all of them are shown.
    func group(_ dimensions: [Scorecard.Score]) -> Scorecard.Score { combine(dimensions, .arithmetic) }

    func overall(_ groups: [Scorecard.Score]) -> Scorecard.Score { combine(groups, groupsBy) }

    private func combine(_ scores: [Scorecard.Score], _ mean: Mean) -> Scorecard.Score {
        var missing: [String] = []
        for case .notAssessable(let measures) in scores { missing += measures }
        let values = scores.compactMap(\.value)
        guard values.count == scores.count, !values.isEmpty else { return .notAssessable(missing: missing) }
        return .score(mean.of(values.map { (value: $0, weight: 1) }))
    }
}
