/// How the patient fared after the case was closed, as the requesting site saw it.
package struct Outcome: Sendable, Equatable {
    package enum Result: String, CaseIterable, Sendable, Codable {
        case resolved
        case improved
        case unchanged
        case worsened
        case referredUp = "referred-up"
        /// Back as an emergency with the same problem.
        case emergencyReturn = "emergency-return"
        case died
        /// The requester asked and was not told, or the patient was lost to follow-up.
        case unknown
    }

    package var result: Result
    /// Of the consultation by its requester, 1 to 5.
    package var rating: Int?

    package init(_ result: Result, rating: Int? = nil) {
        self.result = result
        self.rating = rating
    }
}

extension Outcome {
    func write(to w: inout CanonicalWriter) {
        w.field("rating", rating)
        w.field("result", result)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        self.init(try o.coded("result"), rating: try o.optionalInteger("rating").map(Int.init))
    }
}
