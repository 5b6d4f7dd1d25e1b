/// What is asked of one case. Identity and clinical content stay outside: only facts are decided on.
package enum Command: Sendable, Equatable {
    case submit(ApplicationFacts)
    /// The same request again, through whatever door.
    case resubmit(ApplicationFacts)
    case accept
    case decline(DeclineReason)
    case start
    case report(ReportFacts)
    case fail(FailureReason)
    case close(ClosureDecision, reason: NotAdoptedReason?, rating: Int?)
    case cancel(CancelReason)
    case void
    /// With keyed digests of the elements that it is read from.
    case recordConsent(ConsentFacts, ElementDigests = ElementDigests())
    case withdrawConsent
    case note
    case requeue(site: SiteID?)
    /// How the patient fared, by the requester after closure.
    case recordOutcome(Outcome)
    /// The appropriate tier, blind; `isAssigned` is whether the actor's site is to rate this case now.
    case rateTierAgain(Tier, isAssigned: Bool)
    /// In fen; who set the tariff say the registers, not who prices.
    case price(gross: Int, lines: [Pricing.Line])
    case settle
    /// Lines of the settlement by their numbers, from 1.
    case dispute(lines: [Int])
    case notYetOffered(String)
    /// A due row of the timer table.
    case fire(CaseTimer)
    /// Capacity or channels changed: try a queued case again.
    case dispatch
    /// The hub did not serve for that long.
    case extendLeases(Span)
}

/// What the network may know of a report.
package struct ReportFacts: Sendable, Equatable {
    package var disposition: Disposition?
    package var appropriateTier: Tier?
    package var signature: SignatureKind
    /// The JWS binds the payload's bytes to the acting operator's certificate; true for other kinds.
    package var signatureHolds: Bool
    package var caseVersion: Int
    /// Keyed digest of licence number and name, as the register of doctors holds it.
    package var licence: String
    package var present: Set<ReportElement>
    package var attachments: Int
    package var digests: [String: UInt64]

    package init(
        disposition: Disposition?,
        appropriateTier: Tier?,
        signature: SignatureKind,
        signatureHolds: Bool,
        caseVersion: Int,
        licence: String,
        present: Set<ReportElement>,
        attachments: Int,
        digests: [String: UInt64]
    ) {
        self.disposition = disposition
        self.appropriateTier = appropriateTier
        self.signature = signature
        self.signatureHolds = signatureHolds
        self.caseVersion = caseVersion
        self.licence = licence
        self.present = present
        self.attachments = attachments
        self.digests = digests
    }

    /// DOMAIN.md section 4: opinion, time, expert, institution, disposition.
    package static let mandatory: [ReportElement] = [.opinion, .time, .expert, .institution, .disposition]
}

/// Everything a decision depends on besides the case: handed in, never looked up.
package struct DecisionContext {
    package var now: Instant
    package var actor: Actor
    package var network: Network
    package var loads: any LoadTable
    /// The registers: what a price and a rule rest on.
    package var governance: Governance
    /// `If-Match`: the version of the offer or request that the sender saw.
    package var expectedVersion: Int?

    package init(
        now: Instant,
        actor: Actor,
        network: Network,
        loads: any LoadTable,
        governance: Governance = Governance(),
        expectedVersion: Int? = nil
    ) {
        self.now = now
        self.actor = actor
        self.network = network
        self.loads = loads
        self.governance = governance
        self.expectedVersion = expectedVersion
    }
}
