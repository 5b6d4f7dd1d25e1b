/// How a generated history was made: enough to make it again, and the mark by which everybody sees that it is none of a
/// real network.
package struct Generation: Sendable, Equatable {
    /// Which of the form's fields are filled to look good rather than to be true.
    package enum Gaming: String, CaseIterable, Sendable, Codable {
        case none
        /// Every disposition is "manage at origin".
        case origin
        /// Every appropriate tier is the highest.
        case tier
        /// Every offer is accepted within a second, and then nothing happens for long.
        case accept
    }

    package var seed: UInt64
    /// Of the generator: another version makes another history from the same seed.
    package var version: Int
    package var gaming: Gaming

    package init(seed: UInt64, version: Int, gaming: Gaming = .none) {
        self.seed = seed
        self.version = version
        self.gaming = gaming
    }

    func write(to w: inout CanonicalWriter) {
        w.field("gaming", gaming)
        w.field("generator", version)
        w.field("seed", hex: seed)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        self.init(seed: try o.digest("seed"), version: try o.int("generator"), gaming: try o.coded("gaming"))
    }
}
