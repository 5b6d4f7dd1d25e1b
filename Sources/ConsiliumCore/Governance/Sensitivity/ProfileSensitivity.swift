/// What the autonomy profile becomes under either mapping, other codes within their ranges, and without each indicator.
package struct ProfileSensitivity: Hashable, Sendable {
    package let settings: Sensitivity
    /// Published under the model's first mapping.
    package let means: [GovernanceDimension: Sensitivity.Spread]
    package let coherenceGap: Sensitivity.Spread
    /// By mode.
    package let distances: [String: Sensitivity.Spread]
    /// The modes that may be the nearest when an indicator is left out.
    package let nearestWithout: [Indicator: [String]]

    /// nil when an indicator has no rating, or without a replicate. In each replicate are drawn: the mapping, the eight
    /// ratings evenly within their ranges, then each mode's eight codes as whole numbers within theirs.
    package init?(_ position: AutonomyPosition, in model: GovernanceModel, _ settings: Sensitivity) {
        let profile = AutonomyProfile(position, in: model)
        guard let gap = profile.readings.first?.coherenceGap, settings.replicates > 0, !profile.distances.isEmpty else {
            return nil
        }
        self.settings = settings
        let modes = model.modes.map { AutonomyPosition($0) }
        var drawnMeans = [[Double]](repeating: [], count: GovernanceDimension.allCases.count)
        var drawnGaps: [Double] = []
        var drawnDistances = [[Double]](repeating: [], count: modes.count)
        var random = SplitMix64(seed: settings.seed)
        for _ in 0..<settings.replicates {
            let mapping = model.mappings[random.index(below: model.mappings.count)]
            var drawn = AutonomyPosition([:])
            for indicator in Indicator.allCases {
                guard let rating = position.ratings[indicator] else { continue }
                drawn.ratings[indicator] = .init(rating.low + (rating.high - rating.low) * random.unit())
            }
            for (index, dimension) in GovernanceDimension.allCases.enumerated() {
                if let mean = drawn.mean(dimension, under: mapping) { drawnMeans[index].append(mean) }
            }
            if let gap = drawn.coherenceGap(under: mapping) { drawnGaps.append(gap) }
            let distances = modes.compactMap { drawn.distance(to: Self.draw($0, &random))?.point }
            for (mode, distance) in distances.enumerated() { drawnDistances[mode].append(distance) }
        }

        var means: [GovernanceDimension: Sensitivity.Spread] = [:]
        for (index, dimension) in GovernanceDimension.allCases.enumerated() {
            guard let published = profile.readings[0].means[dimension] else { continue }
            means[dimension] = Sensitivity.Spread(published: published, drawnMeans[index])
        }
        guard let coherenceGap = Sensitivity.Spread(published: gap, drawnGaps) else { return nil }
        var distances: [String: Sensitivity.Spread] = [:]
        for (index, distance) in profile.distances.enumerated() {
            distances[distance.mode] = Sensitivity.Spread(published: distance.range.point, drawnDistances[index])
        }
        self.means = means
        self.coherenceGap = coherenceGap
        self.distances = distances
        nearestWithout = Dictionary(
            uniqueKeysWithValues: Indicator.allCases.map { indicator in
                let left = zip(model.modes, modes)
                    .compactMap { mode, its in
                        position.distance(to: its, without: indicator).map { ModeDistance(mode: mode.id, range: $0) }
                    }
                return (indicator, ModeDistance.nearest(left))
            }
        )
    }

    /// Whole codes, evenly within the ranges.
    private static func draw(_ mode: AutonomyPosition, _ random: inout SplitMix64) -> AutonomyPosition {
        var drawn = AutonomyPosition([:])
        for indicator in Indicator.allCases {
            guard let rating = mode.ratings[indicator] else { continue }
            drawn.ratings[indicator] = .init(
                rating.low + Double(random.index(below: Int(rating.high - rating.low) + 1))
            )
        }
        return drawn
    }
}
