/// How far a network stands from one reference mode.
package struct ModeDistance: Hashable, Sendable {
    package struct Range: Hashable, Sendable {
        package var point: Double
        package var low: Double
        package var high: Double
    }

    package var mode: String
    package var range: Range

    /// The modes that may be the nearest, in the order of `distances`: one when its largest distance is below every
    /// other's smallest, else all whose smallest distance does not exceed the least of the largest ("CJFH or BCH").
    package static func nearest(_ distances: [ModeDistance]) -> [String] {
        guard let reach = distances.map(\.range.high).min() else { return [] }
        return distances.filter { $0.range.low <= reach }.map(\.mode)
    }
}

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
    /// Empty while an indicator has no rating.
    package var distances: [ModeDistance]
    /// One name, or several that cannot be told apart; empty while an indicator has no rating.
    package var nearest: [String]

    package init(_ position: AutonomyPosition, in model: GovernanceModel) {
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
        distances = model.modes.compactMap { mode in
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
