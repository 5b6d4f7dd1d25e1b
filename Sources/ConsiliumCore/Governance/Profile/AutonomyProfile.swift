/// The profile page of a scorecard: position, never merit.
package struct AutonomyProfile: Hashable, Sendable {
    package struct Reading: Hashable, Sendable {
        package var mapping: String
        /// Dimensions whose indicators are all rated.
        package var means: [GovernanceDimension: Double]
        /// By how much each is more than under the default mapping; empty in the reading of that one.
        package var differences: [GovernanceDimension: Double] = [:]
        package var coherenceGap: Double?
    }

    /// One per mapping of the model, the default first.
    package var readings: [Reading]
    /// Empty while an indicator has no rating, and for a position that may not be compared.
    package var distances: [ModeDistance]
    /// One name, or several that cannot be told apart; empty where there is no distance.
    package var nearest: [String]

    /// A position that the network declared itself is printed with that label and compared with nothing.
    package init(_ position: AutonomyPosition, in model: GovernanceModel, isCompared: Bool = true) {
        var readings = model.mappings.map { mapping in
            let means = GovernanceDimension.allCases.compactMap { dimension in
                position.mean(dimension, under: mapping).map { (dimension, $0) }
            }
            return Reading(
                mapping: mapping.id,
                means: Dictionary(uniqueKeysWithValues: means),
                coherenceGap: position.coherenceGap(under: mapping)
            )
        }
        for place in readings.indices.dropFirst() {
            for (dimension, mean) in readings[place].means {
                readings[place].differences[dimension] = readings[0].means[dimension].map { mean - $0 }
            }
        }
        self.readings = readings
        let modes = isCompared ? model.modes : []
        distances = modes.compactMap { mode in
            position.distance(to: AutonomyPosition(mode)).map { ModeDistance(mode: mode.id, range: $0) }
        }
        nearest = ModeDistance.nearest(distances)
    }
}
