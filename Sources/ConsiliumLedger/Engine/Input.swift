package import ConsiliumCore

/// One thing asked of the ledger. Inputs that arrive together are committed together, each decided on its own.
package enum Input: Sendable {
    case submit(PreparedSubmission)
    case act(PreparedAct)
    case network(NetworkCommand, by: Principal?, payload: [UInt8]?)
    /// nil: the hub itself.
    case governance(GovernanceCommand, by: Principal?)
    /// The bytes of a delivery, at its first attempt: from then on they are fixed.
    case fixDelivery(DeliveryID, controlID: String, bytes: [UInt8])
    case deliveryOutcome(DeliveryID, DeliveryOutcome, by: Principal?)
    case accesses([AccessEntry])
    case quarantine(QuarantinedFrame)
    case erase(CaseID, by: String)
}

/// An application read, sealed and digested on the way to the ledger, outside the commit path.
package struct PreparedSubmission: Sendable {
    package var principal: Principal
    /// The site that the message claims to be from, when it is one of this network.
    package var stated: SiteID?
    package var facts: ApplicationFacts
    package var application: Application
    package var identity: MessageIdentity
    package var door: Door
    /// The case that it becomes, unless it joins one.
    package var candidate: CaseID
    var wrapped: WrappedKey
    var sealedPayload: [UInt8]
    var payloadDigest: [UInt8]
    var blobs: [SealedPart]
    var blindIndex: [[UInt8]]
    /// As received, for the case that it joins.
    package var source: [UInt8]
    package var sourceType: String
}

/// A blob of a case: sealed in a row, or already a file.
struct SealedPart: Sendable {
    var part: String
    /// nil: the blob is a file.
    var sealed: [UInt8]?
}

/// What somebody does to a case.
package struct PreparedAct: Sendable {
    package var principal: Principal
    package var stated: SiteID?
    package var reference: CaseReference
    package var act: Act
    /// nil for doors that have no message identity (the client's verbs, which carry `If-Match`).
    package var identity: MessageIdentity?
    package var expectedVersion: Int?
    package var door: Door?
    /// For a report: the JWS binds its payload to the acting operator's certificate.
    package var signatureHolds: Bool
    package var source: [UInt8]?

    package init(
        principal: Principal,
        stated: SiteID? = nil,
        reference: CaseReference,
        act: Act,
        identity: MessageIdentity? = nil,
        expectedVersion: Int? = nil,
        door: Door? = nil,
        signatureHolds: Bool = true,
        source: [UInt8]? = nil
    ) {
        self.principal = principal
        self.stated = stated
        self.reference = reference
        self.act = act
        self.identity = identity
        self.expectedVersion = expectedVersion
        self.door = door
        self.signatureHolds = signatureHolds
        self.source = source
    }
}

/// What became of an input, durable by the time it is told.
package struct Receipt: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        case accepted
        /// Durable, and waiting for a code that routing needs.
        case held
        case alreadyReceived
        /// By element names.
        case amended([String])
        /// Reached the performer as a note.
        case noted
        case done
    }

    /// nil for inputs about the network itself.
    package var caseID: CaseID?
    package var outcome: Outcome
    package var phase: Phase?
    package var version: Int
    /// RFC 6962 leaf hash of the last record written.
    package var recordHash: [UInt8]
    /// What a command about the registers opened: a finding, an incident, an assessment, a broken glass.
    package var entry: TimeOrderedID?
}

/// Why an input was not carried out.
package enum InputFailure: Error, Sendable {
    case refused(Refusal)
    /// The store failed; nothing of the group is durable.
    case store(StoreError)
    case internalError(String)
}

/// The identity of a delivery, derived from the event that it tells of.
package typealias DeliveryID = TimeOrderedID

extension TimeOrderedID {
    /// The delivery number `index` that event `sequence` of this case causes.
    func delivery(sequence: Int, index: Int) -> DeliveryID {
        let ordinal = UInt64(truncatingIfNeeded: sequence * 8 + index) & 0xFFFF_FFFF
        return TimeOrderedID(high: high, low: low ^ (ordinal << 32))
    }
}

package enum DeliveryKind: String, Sendable, Codable {
    case referral
    case accepted
    case declined
    case closed
    case report
}

package enum DeliveryOutcome: Sendable, Equatable {
    case acknowledged
    /// Tried and failed; to be tried again not before `retryAt`.
    case failed(String, retryAt: Instant)
    case dead(String)
    case redriven
    case discarded(String)
    /// What it tells of has ended meanwhile.
    case superseded
}

/// One disclosure of clinical content.
package struct AccessEntry: Sendable, Equatable {
    package var caseID: CaseID
    package var principal: Principal
    package var site: SiteID
    package var content: AccessEvent.Content
    package var firstAt: Instant
    package var count: Int

    package init(
        caseID: CaseID,
        principal: Principal,
        site: SiteID,
        content: AccessEvent.Content,
        firstAt: Instant,
        count: Int
    ) {
        self.caseID = caseID
        self.principal = principal
        self.site = site
        self.content = content
        self.firstAt = firstAt
        self.count = count
    }
}

/// A refused frame, kept for diagnosis, bounded per site.
package struct QuarantinedFrame: Sendable {
    package var site: SiteID
    package var principal: Principal
    package var door: Door
    package var code: String
    package var location: String
    package var bytes: [UInt8]

    package init(site: SiteID, principal: Principal, door: Door, code: String, location: String, bytes: [UInt8]) {
        self.site = site
        self.principal = principal
        self.door = door
        self.code = code
        self.location = location
        self.bytes = bytes
    }
}
