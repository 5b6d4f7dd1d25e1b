/// How scored measures become dimensions, groups and the overall score; the sensitivity analysis varies it.
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

    struct Combined {
        var dimensions: [GovernanceDimension: Scorecard.Score]
        var groups: [GovernanceDimension.Group: Scorecard.Score]
        var overall: Scorecard.Score
    }

    /// 1 for a measure that is not named.
    var weights: [String: Double] = [:]
    var measuresBy = Mean.arithmetic
    var groupsBy = Mean.geometric
    /// Leaves this measure's score out after it was decided what is shown.
    var leftOut: String?

    /// `scores` by measure, 0...1; a measure without one is absent.
    func combine(_ scores: [String: Double], of model: GovernanceModel) -> Combined {
        var dimensions: [GovernanceDimension: Scorecard.Score] = [:]
        for dimension in GovernanceDimension.allCases {
            dimensions[dimension] = self.dimension(model.scored(in: dimension).map(\.id), scores)
        }
        var groups: [GovernanceDimension.Group: Scorecard.Score] = [:]
        for group in GovernanceDimension.Group.allCases {
            groups[group] = combine(group.dimensions.compactMap { dimensions[$0] }, .arithmetic)
        }
        let overall = combine(GovernanceDimension.Group.allCases.compactMap { groups[$0] }, groupsBy)
        return Combined(dimensions: dimensions, groups: groups, overall: overall)
    }

    /// Shown when at least two of its measures and at least half of them are valid.
    private func dimension(_ measures: [String], _ scores: [String: Double]) -> Scorecard.Score {
        let missing = measures.filter { scores[$0] == nil }
        let valid = measures.count - missing.count
        guard valid >= 2, valid * 2 >= measures.count else { return .notAssessable(missing: missing) }
        let values = measures.filter { $0 != leftOut }
            .compactMap { id in
                scores[id].map { (value: $0, weight: weights[id] ?? 1) }
            }
        return .score(measuresBy.of(values))
    }

    /// Shown when all of its parts are.
    private func combine(_ parts: [Scorecard.Score], _ mean: Mean) -> Scorecard.Score {
        var missing: [String] = []
        for case .notAssessable(let measures) in parts { missing += measures }
        let values = parts.compactMap(\.value)
        guard values.count == parts.count, !values.isEmpty else { return .notAssessable(missing: missing) }
        return .score(mean.of(values.map { (value: $0, weight: 1) }))
    }
}
