/// What the overall score of each network or period becomes under other weights, normalisations and means, and without
/// each measure.
package struct PerformanceSensitivity: Hashable, Sendable {
    package struct Unit: Hashable, Sendable {
        /// A network or a period.
        package var name: String
        /// As published; none while not assessable.
        package var published: Double?
        package var overall: Sensitivity.Spread?
        /// Of the replicates' ranks; none below ten assessable units.
        package var rank: Sensitivity.Spread?
        /// Overall without each scored measure that has a value, by its identifier.
        package var without: [String: Double]
    }

    package let settings: Sensitivity
    package let normalisations: [Normalisation]
    package let units: [Unit]

    /// Scorecards by name, all of `model`. In each replicate are drawn: the normalisation, the mean of measures, the mean of
    /// groups, then a weight for each scored measure in the model's order.
    package init(_ cards: [(name: String, card: Scorecard)], in model: GovernanceModel, _ settings: Sensitivity) {
        self.settings = settings
        let measures = model.measures.filter { $0.scoredIn != nil }
        // Who is not assessable has no rank and is nobody's comparison.
        let compared = cards.indices.filter { cards[$0].card.overall.value != nil }
        normalisations = compared.count >= Sensitivity.leastUnits ? Normalisation.allCases : [.goalposts]
        let scores = normalisations.map { Self.scores(compared.map { cards[$0].card }, measures, $0) }

        var random = SplitMix64(seed: settings.seed)
        var overall = [[Double]](repeating: [], count: compared.count)
        var ranks = overall
        for _ in 0..<settings.replicates {
            let chosen = scores[random.index(below: normalisations.count)]
            var combination = Combination()
            combination.measuresBy = Combination.Mean.allCases[random.index(below: 2)]
            combination.groupsBy = Combination.Mean.allCases[random.index(below: 2)]
            for measure in measures {
                combination.weights[measure.id] = 1 + settings.weightSpread * (2 * random.unit() - 1)
            }
            let values = chosen.compactMap { combination.combine($0, of: model).overall.value }
            for (unit, value) in values.enumerated() { overall[unit].append(value) }
            for (unit, rank) in (Sensitivity.ranks(values) ?? []).enumerated() { ranks[unit].append(Double(rank)) }
        }

        let published = compared.compactMap { cards[$0].card.overall.value }
        let publishedRanks = Sensitivity.ranks(published)
        units = cards.enumerated()
            .map { index, entry in
                var unit = Unit(name: entry.name, published: entry.card.overall.value, without: [:])
                guard let place = compared.firstIndex(of: index) else { return unit }
                unit.overall = Sensitivity.Spread(published: published[place], overall[place])
                unit.rank = publishedRanks.flatMap { Sensitivity.Spread(published: Double($0[place]), ranks[place]) }
                unit.without = Self.without(scores[0][place], model)
                return unit
            }
    }

    /// By unit, then by measure.
    private static func scores(
        _ cards: [Scorecard],
        _ measures: [Measure],
        _ normalisation: Normalisation
    ) -> [[String: Double]] {
        var scores = [[String: Double]](repeating: [:], count: cards.count)
        for measure in measures {
            let values = normalisation.scores(cards.map { $0.result(measure.id)?.value }, of: measure)
            for (unit, score) in values.enumerated() { scores[unit][measure.id] = score }
        }
        return scores
    }

    private static func without(_ scores: [String: Double], _ model: GovernanceModel) -> [String: Double] {
        var without: [String: Double] = [:]
        for id in scores.keys {
            var combination = Combination()
            combination.leftOut = id
            without[id] = combination.combine(scores, of: model).overall.value
        }
        return without
    }
}
