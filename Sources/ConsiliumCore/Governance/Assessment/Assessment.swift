/// A structured assessment of the network by auditors: the fold of its events.
///
/// Two or more auditors, each of another site, rate the eight items, blind to each other until all of them have signed. An item on which they
/// are two points apart or more goes to one further auditor, who sees no rating before signing. The median is the
/// consensus, every rating is kept, and nothing changes after the last signature.
package struct Assessment: Sendable, Equatable {
    package enum State: String, CaseIterable, Sendable {
        /// Leads to `arbitration` or `locked` with the last signature, or before the first one to `abandoned`.
        case rating
        /// Leads to `locked` with the further auditor's signature.
        case arbitration
        case locked
        case abandoned

        package var isEnded: Bool { self == .locked || self == .abandoned }
    }

    /// From and to, the end excluded.
    package struct Period: Hashable, Sendable, Codable {
        package var from: Instant
        package var to: Instant

        package init(from: Instant, to: Instant) {
            self.from = from
            self.to = to
        }

        package func overlaps(_ other: Period) -> Bool { from < other.to && other.from < to }
    }

    package enum Confidence: String, CaseIterable, Sendable, Codable {
        case low
        case medium
        case high
    }

    /// Where what a rating rests on can be found. No free text: facts carry none.
    package struct Evidence: Hashable, Sendable, Codable {
        package enum Kind: String, CaseIterable, Sendable, Codable {
            /// By its place: `network/SEQUENCE`, `governance/SEQUENCE` or `PSEUDONYM/SEQUENCE` of a case.
            case event
            /// By its digest.
            case document
            /// An entry of a register, by its identifier.
            case register
        }

        package var kind: Kind
        package var reference: String

        package init(_ kind: Kind, _ reference: String) {
            self.kind = kind
            self.reference = reference
        }
    }

    /// One item by one auditor.
    package struct Rating: Hashable, Sendable, Codable {
        package var indicator: Indicator
        /// 0-4.
        package var value: Int
        /// Of owner functions only, whose value they add up to.
        package var halves: OwnerHalves?
        package var confidence: Confidence
        package var evidence: [Evidence]

        package init(
            _ indicator: Indicator,
            _ value: Int,
            halves: OwnerHalves? = nil,
            _ confidence: Confidence,
            evidence: [Evidence]
        ) {
            self.indicator = indicator
            self.value = value
            self.halves = halves
            self.confidence = confidence
            self.evidence = evidence
        }
    }

    /// One auditor's sheet.
    package struct Sheet: Sendable, Equatable {
        package var auditor: Principal
        /// The further auditor, who rates only what the others disagree on.
        package var arbitrates: Bool
        package var ratings: [Indicator: Rating]
        package var signedAt: Instant?
    }

    /// What the network says of itself: printed with that label, never compared, and only until auditors have locked.
    package struct SelfDeclaration: Sendable, Equatable {
        package var by: Principal
        package var at: Instant
        package var ratings: [Indicator: Rating]
    }

    /// Whose word a position rests on.
    package enum Standing: String, Sendable {
        case audited
        case selfDeclared = "self-declared"
        case none
    }

    package var id: TimeOrderedID
    /// Sequence of the last event.
    package var version: Int
    package var period: Period
    package var questionnaireVersion: String
    package var modelVersion: String
    package var state: State
    package var openedAt: Instant
    /// In the order of the first rating.
    package var sheets: [Sheet]
    package var disputed: [Indicator]
    package var selfDeclaration: SelfDeclaration?
    package var lockedAt: Instant?

    /// Ratings that far apart go to a further auditor.
    package static let disputedDistance = 2
    package static let leastAuditors = 2
    /// Links that a rating may rest on: each is looked up in the ledger.
    package static let mostEvidence = 20

    package func sheet(of auditor: Principal) -> Sheet? { sheets.first { $0.auditor == auditor } }

    /// Every rating of an item, in the order of the sheets.
    func ratings(of indicator: Indicator) -> [Int] { sheets.compactMap { $0.ratings[indicator]?.value } }

    /// The items whose ratings are two points apart or more.
    func disagreements() -> [Indicator] {
        Indicator.allCases.filter { indicator in
            let values = ratings(of: indicator)
            guard let most = values.max(), let least = values.min() else { return false }
            return most - least >= Self.disputedDistance
        }
    }
}

extension Assessment {
    package var standing: Standing {
        state == .locked ? .audited : selfDeclaration != nil && state != .abandoned ? .selfDeclared : .none
    }

    /// The median of each item with the range of its ratings once locked; the network's own word before that.
    package var position: AutonomyPosition? {
        switch standing {
        case .none: nil
        case .selfDeclared: selfDeclaration.map { AutonomyPosition($0.ratings.mapValues { .init(Double($0.value)) }) }
        case .audited:
            AutonomyPosition(
                Dictionary(
                    uniqueKeysWithValues: Indicator.allCases.compactMap { indicator in
                        let values = ratings(of: indicator).sorted().map { Double($0) }
                        guard let low = values.first, let high = values.last else { return nil }
                        let middle = (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
                        return (indicator, AutonomyPosition.Rating(middle, low: low, high: high))
                    }
                )
            )
        }
    }

    /// The profile page; the network's own word is compared with no mode.
    package func profile(in model: GovernanceModel) -> AutonomyProfile? {
        position.map { AutonomyProfile($0, in: model, isCompared: standing == .audited) }
    }

    /// A rating that stands a point or more from the consensus.
    package struct Dissent: Hashable, Sendable {
        package var auditor: Principal
        package var rating: Rating
        package var consensus: Double
    }

    /// Once locked, in the order of sheets and items.
    package var dissents: [Dissent] {
        guard standing == .audited, let position else { return [] }
        return sheets.flatMap { sheet in
            Indicator.allCases.compactMap { indicator in
                guard let rating = sheet.ratings[indicator], let consensus = position.ratings[indicator]?.point,
                    abs(Double(rating.value) - consensus) >= 1
                else { return nil }
                return Dissent(auditor: sheet.auditor, rating: rating, consensus: consensus)
            }
        }
    }

    /// What `reader` may see: its own sheet always; the others' when it has signed and so have all of its round; everything
    /// once locked. Who has not taken part sees none before that, because the further auditor comes from among them.
    package func sheets(visibleTo reader: Principal?) -> [Sheet] {
        if state == .locked { return sheets }
        let own = sheets.filter { $0.auditor == reader }
        guard state == .arbitration, own.contains(where: { !$0.arbitrates && $0.signedAt != nil }) else { return own }
        return sheets.filter { !$0.arbitrates }
    }
}
