/// The profile page of a scorecard: position, never merit.
package struct AutonomyProfile: Hashable, Sendable {
    package struct Reading: Hashable, Sendable {
        package var mapping: String
        /// Dimensions whose indicators are all rated.
        package var means: [GovernanceDimension: Double]
        package var coherenceGap: Double?
    }

    package var modelVersion: String
    package var position: AutonomyPosition
    /// One per mapping of the model, the default first.
    package var readings: [Reading]
    /// Empty while an indicator has no rating, and for a position that may not be compared.
    package var distances: [ModeDistance]
    /// One name, or several that cannot be told apart; empty where there is no distance.
    package var nearest: [String]

    /// A position that the network declared itself is printed with that label and compared with nothing.
    package init(_ position: AutonomyPosition, in model: GovernanceModel, isCompared: Bool = true) {
        modelVersion = model.version
        self.position = position
        readings = model.mappings.map { mapping in
            let means = GovernanceDimension.allCases.compactMap { dimension in
                position.mean(dimension, under: mapping).map { (dimension, $0) }
            }
            return Reading(
                mapping: mapping.id,
                means: Dictionary(uniqueKeysWithValues: means),
                coherenceGap: position.coherenceGap(under: mapping)
            )
        }
        let modes = isCompared ? model.modes : []
        distances = modes.compactMap { mode in
            position.distance(to: AutonomyPosition(mode)).map { ModeDistance(mode: mode.id, range: $0) }
        }
        nearest = ModeDistance.nearest(distances)
    }

    /// How much a dimension's mean moves when the second mapping is read instead of the first.
    package func difference(_ dimension: GovernanceDimension) -> Double? {
        guard readings.count > 1, let first = readings[0].means[dimension], let second = readings[1].means[dimension]
        else { return nil }
        return second - first
    }
}
