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
