/// One consultation as facts: the fold of its events. Owned by the requesting site.
package struct Consultation: Sendable, Equatable {
    package var id: CaseID
    /// Sequence of the last event.
    package var version: Int
    package var phase: Phase
    package var submittedAt: Instant
    package var updatedAt: Instant
    package var requester: Place
    package var via: SiteID?
    package var requestKey: [UInt8]
    package var priority: Priority
    package var prioritySource: PrioritySource
    /// Stat at submission or at any later time.
    package var everStat: Bool
    package var serviceKind: ServiceKind
    package var department: DepartmentCode?
    package var departmentUnmapped: Bool
    package var wantedSite: SiteID?
    package var ageBand: AgeBand
    package var sex: Sex
    package var consent: ConsentFacts
    package var digests: ElementDigests
    package var missing: [Element]
    package var gaps: [Gap]
    /// Acceptance is due then; moves on by the time the clock was paused.
    package var deadline: Instant
    package var pausedSince: Instant?
    /// Pauses that have ended, together.
    package var pausedFor: Span
    package var offers: [Offer]
    package var acceptedAt: Instant?
    package var startedAt: Instant?
    package var reportedAt: Instant?
    package var closedAt: Instant?
    package var reportNumber: Int
    package var disposition: Disposition?
    package var closure: Event.Closed?
    package var unroutableReason: UnroutableReason?
    package var lastDecision: RoutingDecision?
    package var timers: [CaseTimer]
    /// `ServiceRequest`, hub `Task` … : the sequence of the last event that changed that resource.
    package var requestVersion: Int
    package var consentVersion: Int
    /// Sequence of the last signed report; 0 when there is none.
    package var reportVersion: Int
    /// As the requester said last.
    package var lastOutcome: Outcome.Result?
    package var isTierRatedAgain = false
    /// nil until the performing site has priced the case.
    package var settlement: Settlement?

    /// The offer that was accepted, when there is one.
    package var acceptedOffer: Offer? { offers.last { $0.state == .accepted } }

    package var liveOffers: [Offer] { offers.filter { $0.state == .live } }

    /// Sites that will not be asked again: they declined or stayed silent.
    package var answered: Set<SiteID> {
        Set(offers.filter { $0.state == .declined || $0.state == .lapsed }.map(\.place.site))
    }

    /// What a site is to this case; nil: it does not exist for it ("not found").
    package enum Relation: Sendable, Equatable {
        case requester
        /// Holds a live offer.
        case invited
        /// Accepted, and keeps what it answered.
        case performer
        /// Holds the case while it is unroutable.
        case coordinationOffice
        /// A named auditor for a few hours, with both sites told (`BreakGlass`); no site has this relation by itself.
        case brokenGlass
    }

    /// The one rule of who sees a case (DESIGN.md, "Identity").
    ///
    /// An invited site sees it from invitation to decline or lapse; the performer until 30 days after the end, and
    /// after that what it answered. `coordinates` is whether the site is the network's coordination office.
    package func relation(of site: SiteID, coordinates: Bool) -> Relation? {
        if site == requester.site { return .requester }
        if let accepted = acceptedOffer, accepted.place.site == site { return .performer }
        if offers.contains(where: { $0.state == .live && $0.place.site == site }) { return .invited }
        if coordinates, phase == .unroutable { return .coordinationOffice }
        return nil
    }

    /// Whether a site of that relation may read what is clinical.
    package func discloses(to relation: Relation) -> Bool {
        switch relation {
        case .requester, .performer, .brokenGlass: true
        case .invited, .coordinationOffice: consent.permitsDisclosure
        }
    }

    /// Whether the appropriate tier may still be rated again, by whom the patient's consent allows.
    package var isRatable: Bool { phase == .closed && !isTierRatedAgain && consent.permitsDisclosure }

    /// Where this case stands in the queue: stat first, then by deadline, ties by age.
    package var queueRank: QueueRank {
        QueueRank(isStat: priority == .stat, deadline: deadline, submittedAt: submittedAt, id: id)
    }

    /// How many reminders of a live offer have fired, of the two that a lease of a quarter of an hour or more has.
    package func reminders(of number: Int) -> Int {
        guard let offer = offers.first(where: { $0.number == number }), offer.leaseDue - offer.offeredAt >= .minutes(15)
        else { return 0 }
        return 2 - timers.count { $0.kind == .offerReminder && $0.ordinal / 8 == number }
    }
}
