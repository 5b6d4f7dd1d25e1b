/// What happened to a consultation, as facts: closed types, no free text, no name, no patient identifier.
///
/// Names and contents go into the event's sealed payload, which nothing here can see.
package enum Event: Sendable, Equatable {
    case submitted(Submitted)
    /// A copy of the same request came in by another message.
    case joined(Joined)
    case amended(Amended)
    /// A note; with what changed, when it is a copy of the request after acceptance.
    case noted(ElementDigests)
    /// With digests of the elements that were recorded, so that a copy that says the same is no change.
    case consentRecorded(ConsentFacts, ElementDigests = ElementDigests())
    case consentWithdrawn
    case informationRequested(InformationRequested)
    case queued(Queued)
    case offered(Offered)
    case accepted(Accepted)
    case declined(offer: Int, reason: DeclineReason, rulePacks: [RulePack.Reference] = [])
    case lapsed(offer: Int)
    case unroutable(Unroutable)
    case started
    case failed(FailureReason)
    case reported(Reported)
    case closed(Closed)
    case cancelled(CancelReason)
    case enteredInError
    /// A timer fired and somebody is reminded, or the coordination office told.
    case reminded(TimerKind, ordinal: Int)
    /// The hub did not serve for a while; live leases got that time back.
    case leasesExtended(Span)
    /// By a clinician of the requesting site, after closure.
    case outcomeRecorded(Outcome)
    /// The appropriate tier as a clinician of an uninvolved site sees it, blind to the first rating.
    case tierRatedAgain(Tier)
    /// The patient moved, up or down the tiers.
    case transferred(Place)
    /// From the site of the last transfer.
    case discharged(Discharge)
    /// The discharged patient was received at a site of a lower tier.
    case receivedBelow(Place)
    case priced(Pricing)
    case settled
    /// Numbers of the lines, from 1.
    case settlementDisputed(lines: [Int])

    package struct Submitted: Sendable, Equatable {
        package var requester: Place
        /// The principal's own site, when it speaks for another.
        package var via: SiteID?
        package var format: ExchangeProfile.Format
        package var requestKey: [UInt8]
        package var priority: Priority
        package var prioritySource: PrioritySource
        package var serviceKind: ServiceKind
        package var department: DepartmentCode?
        package var departmentUnmapped: Bool
        package var wantedSite: SiteID?
        package var ageBand: AgeBand
        package var sex: Sex
        /// nil: unknown.
        package var medicalAssistance: Bool?
        package var consent: ConsentFacts
        package var digests: ElementDigests
        package var missing: [Element]
        package var lost: Int
        package var policyVersion: Int
        package var deadline: Instant
        package var hardStop: Instant
        package var consentEvidenceDue: Instant?
        /// In force for consent, limits and mandatory elements.
        package var rulePacks: [RulePack.Reference] = []
    }

    package struct Joined: Sendable, Equatable {
        package var format: ExchangeProfile.Format
    }

    package struct Amended: Sendable, Equatable {
        package var changed: ElementDigests
        package var priority: Priority?
        package var department: DepartmentCode?
        package var consent: ConsentFacts?
        package var ageBand: AgeBand?
        package var sex: Sex?
        package var deadline: Instant?
        /// Set where the amendment makes an emergency of a case without consent.
        package var consentEvidenceDue: Instant?
        package var wantedSite: SiteID?
        package var serviceKind: ServiceKind?
        package var medicalAssistance: Bool?
    }

    package struct InformationRequested: Sendable, Equatable {
        package var gaps: [Gap]
        package var reminderDue: Instant
        package var overdue: Instant
    }

    package struct Queued: Sendable, Equatable {
        package var reason: QueueReason
        package var deadline: Instant
    }

    package struct Offered: Sendable, Equatable {
        package struct Invitation: Sendable, Equatable {
            package var number: Int
            package var place: Place
            package var department: DepartmentCode
            package var leaseDue: Instant
            package var reminders: [Instant]
        }

        package var invitations: [Invitation]
        package var decision: RoutingDecision
        package var decidedBy: DecidedBy
    }

    package struct Accepted: Sendable, Equatable {
        package var offer: Int
        package var startDue: Instant
        package var reportDue: Instant
    }

    package struct Unroutable: Sendable, Equatable {
        package var reason: UnroutableReason
        package var decision: RoutingDecision?
    }

    package struct Reported: Sendable, Equatable {
        package var number: Int
        package var disposition: Disposition?
        package var appropriateTier: Tier?
        package var signature: SignatureKind
        package var credential: Credential
        /// Keyed digest of the signer's licence number and name, as the register of doctors holds it.
        package var licence: String
        /// The version of the case that the signer saw.
        package var caseVersion: Int
        package var digests: [String: UInt64]
        package var missing: [ReportElement]
        package var acknowledgementDue: Instant
        /// In force for credentials, signatures and mandatory elements.
        package var rulePacks: [RulePack.Reference] = []
    }

    /// What the register of the signer's site said that day; an invalid credential is refused.
    package enum Credential: String, Sendable, Codable {
        case valid
        /// The site keeps no register here.
        case unknown
    }

    package struct Closed: Sendable, Equatable {
        package var decision: ClosureDecision
        package var reason: NotAdoptedReason?
        /// 1 to 5.
        package var rating: Int?
    }
}

extension Event {
    /// Whether the hub decided this by its policies, whoever's command set it off.
    package var isDecidedByHub: Bool {
        switch self {
        case .informationRequested, .unroutable: true
        case .queued(let queued): queued.reason != .requeued
        case .offered(let offered): offered.decidedBy == .hub
        default: false
        }
    }
}

/// Who took a routing decision, or set a capacity.
package enum DecidedBy: String, Sendable, Codable {
    case site
    case hub
    case admin
}

/// A digest for each of some elements: the first 8 bytes of a keyed hash, big-endian.
package struct DigestTable: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// In the order of the elements' names.
    package private(set) var entries: [(element: Element, digest: UInt64)] = []

    package init() {}

    package init(dictionaryLiteral elements: (Element, UInt64)...) {
        for (element, digest) in elements { self[element] = digest }
    }

    package var isEmpty: Bool { entries.isEmpty }

    package mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

    /// Setting in the order of names appends.
    package subscript(element: Element) -> UInt64? {
        get { entries.first { $0.element == element }?.digest }
        set {
            let rank = element.nameRank
            let index = (entries.lastIndex { $0.element.nameRank < rank } ?? -1) + 1
            let isThere = index < entries.count && entries[index].element == element
            switch (newValue, isThere) {
            case (let digest?, true): entries[index].digest = digest
            case (let digest?, false): entries.insert((element, digest), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    package static func == (a: DigestTable, b: DigestTable) -> Bool {
        a.entries.count == b.entries.count && zip(a.entries, b.entries).allSatisfy { $0 == $1 }
    }
}

/// Keyed digests of normalised elements and attachments: comparable, not readable.
package struct ElementDigests: Sendable, Equatable {
    package var elements: DigestTable
    package var attachments: [UInt64]

    package init(elements: DigestTable = [:], attachments: [UInt64] = []) {
        self.elements = elements
        self.attachments = attachments
    }

    /// What in `copy` differs from this: elements that are present there with another digest, and new attachments.
    /// An element absent in the copy is not a change.
    package func changes(in copy: ElementDigests) -> ElementDigests {
        var out = ElementDigests()
        for (element, digest) in copy.elements.entries where !element.isTransport && elements[element] != digest {
            out.elements[element] = digest
        }
        out.attachments = copy.attachments.filter { !attachments.contains($0) }
        return out
    }

    package var isEmpty: Bool { elements.isEmpty && attachments.isEmpty }

    /// Names in byte order, for receipts and refusals.
    package var names: [String] {
        var names = elements.entries.map(\.element.rawValue)
        if !attachments.isEmpty { names.append("attachments") }
        return names
    }

    package mutating func merge(_ changed: ElementDigests) {
        for (element, digest) in changed.elements.entries { elements[element] = digest }
        attachments += changed.attachments
    }
}
