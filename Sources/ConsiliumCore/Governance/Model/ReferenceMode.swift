/// One of the four governance modes that Yang, Yang and Liao 2020 studied, coded by this project on its 0-4 scale.
///
/// The study gives no number; the codings, their ranges and the choice of words are ours. A position is not a merit.
package struct ReferenceMode: Hashable, Sendable, Codable {
    package struct Coding: Hashable, Sendable, Codable {
        package var point: Int
        /// What another reader of the same words might have coded.
        package var low: Int
        package var high: Int
        /// The words of the study that justify it; table quotes are reassembled from interleaved columns.
        package var phrase: String

        package init(_ point: Int, _ low: Int, _ high: Int, _ phrase: String) {
            self.point = point
            self.low = low
            self.high = high
            self.phrase = phrase
        }
    }

    package var id: String
    package var name: BilingualText
    package var kind: BilingualText
    package var codings: [Indicator: Coding]
    /// The two halves of owner functions: residual claim, and power to appoint and decide.
    package var ownerHalves: OwnerHalves

    package init(
        id: String,
        name: BilingualText,
        kind: BilingualText,
        ownerHalves: OwnerHalves,
        codings: [Indicator: Coding]
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.ownerHalves = ownerHalves
        self.codings = codings
    }
}

/// Owner functions are rated in two halves of 0-2 each: 0 none, 1 partial or shared, 2 full.
package struct OwnerHalves: Hashable, Sendable, Codable {
    package var residualClaim: Int
    package var decisionPower: Int

    package init(residualClaim: Int, decisionPower: Int) {
        self.residualClaim = residualClaim
        self.decisionPower = decisionPower
    }

    package var isValid: Bool { (0...2).contains(residualClaim) && (0...2).contains(decisionPower) }
    package var rating: Int { residualClaim + decisionPower }
}
