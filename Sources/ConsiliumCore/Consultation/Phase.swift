/// States of WORKFLOW.md table A that this version offers; each names its exits.
package enum Phase: String, CaseIterable, Sendable, Codable {
    /// Passed through within the submission itself. → infoNeeded, queued, unroutable
    case submitted
    /// The clock is paused. → queued, unroutable, cancelled, enteredInError
    case infoNeeded = "info-needed"
    /// → offered, unroutable, infoNeeded (consent withdrawn), cancelled, enteredInError
    case queued
    /// → accepted, queued (declined, lapsed or amended), infoNeeded (consent withdrawn), unroutable (hard stop),
    /// cancelled, enteredInError
    case offered
    /// → inSession, failed, cancelled, enteredInError
    case accepted
    /// → reported, failed, enteredInError
    case inSession = "in-session"
    /// Signed. → closed, enteredInError
    case reported
    /// Passed through. → queued
    case failed
    /// Held by the coordination office. → queued, infoNeeded (consent withdrawn), cancelled, enteredInError
    case unroutable
    /// Ended by a person at the requester. → enteredInError
    case closed
    /// → enteredInError
    case cancelled
    case enteredInError = "entered-in-error"

    /// Nothing clinical has begun: free to cancel, amend and withdraw.
    package var isBeforeAcceptance: Bool {
        switch self {
        case .submitted, .infoNeeded, .queued, .offered, .unroutable: true
        default: false
        }
    }

    package var isBeforeSession: Bool { isBeforeAcceptance || self == .accepted || self == .failed }

    package var isEnded: Bool {
        switch self {
        case .closed, .cancelled, .enteredInError: true
        default: false
        }
    }
}

/// Why a case is with the coordination office.
package enum UnroutableReason: String, CaseIterable, Sendable, Codable {
    /// No member site offers the department at the requester's tier or above.
    case noCapableSite = "no-capable-site"
    /// Every capable site declined, let the offer lapse, or is excluded by a policy.
    case exhausted
    /// Stat, and no capable site has a live channel.
    case noLiveChannel = "no-live-channel"
    /// Stat, and the department is missing or not mapped.
    case mapping
    /// The priority field was filled with something no table knows.
    case priorityUnknown = "priority-unknown"
    case informationOverdue = "information-overdue"
    case hardStop = "hard-stop"
}

/// Why a case went (back) into the queue.
package enum QueueReason: String, CaseIterable, Sendable, Codable {
    case initial
    case informationProvided = "information-provided"
    case declined
    case lapsed
    case failed
    case amended
    case requeued
    case consentWithdrawn = "consent-withdrawn"
}

/// One invitation to one site; a machine of its own beside the case's.
package struct Offer: Sendable, Equatable {
    package enum State: String, Sendable, Codable {
        case live
        case accepted
        case declined
        case lapsed
        case withdrawn
        /// Accepted, and then the session failed.
        case failed
    }

    /// 1, 2, 3 … within the case.
    package var number: Int
    package var place: Place
    /// The department of that site under which it was asked.
    package var department: DepartmentCode
    package var state: State
    package var offeredAt: Instant
    package var leaseDue: Instant
    package var endedAt: Instant?
    package var declineReason: DeclineReason?
    /// Sequence of the last event that changed this offer: the offer Task's `versionId`.
    package var version: Int
}

/// Consent per case as facts.
package struct ConsentFacts: Sendable, Equatable {
    package var state: ConsentState
    package var basis: ConsentBasis
    /// nil: any member site.
    package var scope: [SiteID]?
    /// A page or an archive number is on record.
    package var hasEvidence: Bool
    package var feeTold: Bool

    package init(
        state: ConsentState,
        basis: ConsentBasis,
        scope: [SiteID]? = nil,
        hasEvidence: Bool = false,
        feeTold: Bool = false
    ) {
        self.state = state
        self.basis = basis
        self.scope = scope
        self.hasEvidence = hasEvidence
        self.feeTold = feeTold
    }

    /// Whether anything clinical may leave the requesting site.
    package var permitsDisclosure: Bool {
        switch state {
        case .given, .attested: true
        case .missing: basis == .emergency
        case .withdrawn: false
        }
    }
}

/// What a timer is for.
package enum TimerKind: String, CaseIterable, Sendable, Codable {
    case offerLease = "offer-lease"
    case offerReminder = "offer-reminder"
    case informationReminder = "information-reminder"
    case informationOverdue = "information-overdue"
    case acceptance
    case start
    case report
    case acknowledgement
    case consentEvidence = "consent-evidence"
    case hardStop = "hard-stop"
}

/// A row of the timer table: due, and armed by which event of which stream.
package struct CaseTimer: Sendable, Equatable {
    package var kind: TimerKind
    /// Offer number, and for reminders the reminder's, so that timers of one case differ.
    package var ordinal: Int
    package var due: Instant
    /// Sequence of the event that armed it.
    package var armedBy: Int

    package init(kind: TimerKind, ordinal: Int = 0, due: Instant, armedBy: Int) {
        self.kind = kind
        self.ordinal = ordinal
        self.due = due
        self.armedBy = armedBy
    }
}
