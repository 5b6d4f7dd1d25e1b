/// What people and systems do to a case, and what timers do.
extension Deciding {
    /// The live offer of the actor's site, or why there is none.
    private func liveOffer(_ facts: Consultation) throws(Refusal) -> Offer {
        guard let site = context.actor.site else { throw Refusal(.notFound) }
        guard let offer = facts.offers.last(where: { $0.place.site == site }) else {
            _ = try relation(facts)
            throw Refusal(.notPermitted, at: nil, "invited site")
        }
        guard offer.state == .live else {
            if facts.acceptedOffer.map({ $0.place.site != site }) ?? false { throw Refusal(.alreadyAccepted) }
            throw Refusal(.offerEnded, at: nil, offer.state.rawValue)
        }
        try require(.expert)
        try requireVersion(offer.version)
        return offer
    }

    /// The accepted offer, held by the actor's site.
    private func ownAcceptance(_ facts: Consultation) throws(Refusal) -> Offer {
        guard try relation(facts) == .performer, let offer = facts.acceptedOffer else {
            throw Refusal(.notPermitted, at: nil, "performing site")
        }
        try require(.expert)
        try requireVersion(offer.version)
        return offer
    }

    func requirePhase(_ facts: Consultation, _ phases: Phase...) throws(Refusal) {
        guard phases.contains(facts.phase) else { throw Refusal(.wrongState, at: nil, facts.phase.rawValue) }
    }

    mutating func accept(_ facts: Consultation) throws(Refusal) {
        let offer = try liveOffer(facts)
        guard let site = context.network.sites[offer.place.site], site.status == .active else {
            throw Refusal(.siteSuspended)
        }
        let load = context.loads.load(of: site.id, department: offer.department)
        guard load.reserved < site.departments[offer.department] ?? 0 else { throw Refusal(.capacityFull) }
        let limits = policy.limits(facts.priority)
        emit(
            .accepted(
                Event.Accepted(
                    offer: offer.number,
                    startDue: limits.start.due(from: facts.submittedAt + facts.pausedFor, by: site.calendar),
                    reportDue: limits.report.due(from: facts.submittedAt + facts.pausedFor, by: site.calendar)
                )
            )
        )
    }

    mutating func decline(_ reason: DeclineReason, _ facts: Consultation) throws(Refusal) {
        let offer = try liveOffer(facts)
        emit(.declined(offer: offer.number, reason: reason, rulePacks: rulePacks(.declineReason)))
        requeueWhenUnanswered(.declined)
    }

    /// The case returns to the queue when its last live offer ends.
    private mutating func requeueWhenUnanswered(_ reason: QueueReason) {
        guard let facts = state, facts.phase == .offered, facts.liveOffers.isEmpty else { return }
        emit(.queued(Event.Queued(reason: reason, deadline: facts.deadline)))
        route()
    }

    mutating func start(_ facts: Consultation) throws(Refusal) {
        _ = try ownAcceptance(facts)
        try requirePhase(facts, .accepted)
        guard facts.consent.permitsDisclosure else { throw Refusal(.consentWithdrawn) }
        emit(.started)
    }

    mutating func report(_ report: ReportFacts, _ facts: Consultation) throws(Refusal) {
        let offer = try ownAcceptance(facts)
        try requirePhase(facts, .accepted, .inSession)
        if facts.phase == .accepted, !facts.consent.permitsDisclosure { throw Refusal(.consentWithdrawn) }
        guard report.present.contains(.opinion) else {
            throw Refusal(.reportIncomplete, at: ReportElement.opinion.rawValue)
        }
        guard report.signatureHolds, report.caseVersion <= facts.version else { throw Refusal(.signatureInvalid) }
        let site = context.network.sites[offer.place.site]
        switch report.signature {
        case .operator:
            // A person's own key: an engine that vouches for a doctor says so.
            guard context.actor.principal?.kind == .operator else {
                throw Refusal(.signatureInvalid, at: nil, "not an operator's key")
            }
        case .page:
            guard report.attachments > 0 else { throw Refusal(.signatureInvalid, at: nil, "no signature page") }
        case .site:
            guard site?.mayAttest ?? false else { throw Refusal(.signatureInvalid, at: nil, "the site may not vouch") }
        }
        let valid = context.network.credentialIsValid(licence: report.licence, site: offer.place.site, at: now)
        if valid == false { throw Refusal(.credentialInvalid) }
        if facts.phase == .accepted { emit(.started) }
        let limits = policy.limits(facts.priority)
        emit(
            .reported(
                Event.Reported(
                    number: facts.reportNumber + 1,
                    disposition: report.disposition,
                    appropriateTier: report.appropriateTier,
                    signature: report.signature,
                    credential: valid == nil ? .unknown : .valid,
                    licence: report.licence,
                    caseVersion: report.caseVersion,
                    digests: report.digests,
                    missing: ReportFacts.mandatory.filter { !report.present.contains($0) },
                    acknowledgementDue: limits.acknowledge.due(from: now, by: policy.calendar),
                    rulePacks: rulePacks(.credentialAtSignature, .signedReport, .mandatoryElements)
                )
            )
        )
    }

    mutating func fail(_ reason: FailureReason, _ facts: Consultation) throws(Refusal) {
        _ = try ownAcceptance(facts)
        try requirePhase(facts, .accepted, .inSession)
        emit(.failed(reason))
        emit(.queued(Event.Queued(reason: .failed, deadline: facts.deadline)))
        if facts.consent.permitsDisclosure { route() } else { admit(.failed) }
    }

    mutating func close(
        _ decision: ClosureDecision,
        _ reason: NotAdoptedReason?,
        _ rating: Int?,
        _ facts: Consultation
    ) throws(Refusal) {
        try requireOwner(facts)
        try requirePhase(facts, .reported)
        try requireVersion(facts.requestVersion)
        if decision == .not, reason == nil { throw Refusal(.reasonRequired, at: "reason") }
        if let rating, !(1...5).contains(rating) { throw Refusal(.invalidValue, at: "rating", "1 to 5") }
        emit(.closed(Event.Closed(decision: decision, reason: reason, rating: rating)))
    }

    mutating func cancel(_ reason: CancelReason, _ facts: Consultation) throws(Refusal) {
        try requireOwner(facts)
        guard facts.phase.isBeforeSession else { throw Refusal(.wrongState, at: nil, facts.phase.rawValue) }
        emit(.cancelled(reason))
    }

    mutating func void(_ facts: Consultation) throws(Refusal) {
        try requireOwner(facts)
        try requireVersion(facts.requestVersion)
        if facts.phase == .enteredInError { throw Refusal(.wrongState, at: nil, facts.phase.rawValue) }
        emit(.enteredInError)
    }

    mutating func recordConsent(
        _ consent: ConsentFacts,
        _ digests: ElementDigests,
        _ facts: Consultation
    ) throws(Refusal) {
        try requireOwner(facts)
        try requireVersion(facts.consentVersion)
        guard !facts.phase.isEnded else { throw Refusal(.wrongState, at: nil, facts.phase.rawValue) }
        guard consent.state == .given || consent.state == .attested else {
            throw Refusal(.consentMissing, at: Element.consentBasis.rawValue)
        }
        emit(.consentRecorded(consent, facts.digests.changes(in: digests)))
        switch facts.phase {
        case .infoNeeded: admit(.informationProvided)
        case .queued: route()
        case .offered:
            // Whoever the new scope does not name is no longer asked.
            if let scope = consent.scope, facts.liveOffers.contains(where: { !scope.contains($0.place.site) }) {
                admit(.amended)
            }
        case .unroutable:
            if !facts.consent.permitsDisclosure || facts.consent.scope != consent.scope { admit(.informationProvided) }
        default: break
        }
    }

    mutating func withdrawConsent(_ facts: Consultation) throws(Refusal) {
        try requireOwner(facts)
        try requireVersion(facts.consentVersion)
        guard !facts.phase.isEnded else { throw Refusal(.wrongState, at: nil, facts.phase.rawValue) }
        guard facts.consent.state != .withdrawn else { throw Refusal(.consentWithdrawn) }
        emit(.consentWithdrawn)
        if facts.phase.isBeforeAcceptance { admit(.consentWithdrawn) }
    }

    mutating func note(_ facts: Consultation) throws(Refusal) {
        let relation = try relation(facts)
        switch relation {
        case .requester: try require(.requester)
        case .invited, .performer: try require(.expert)
        case .coordinationOffice: break
        // Who may look may not speak.
        case .brokenGlass: throw Refusal(.notPermitted)
        }
        guard !facts.phase.isEnded else { throw Refusal(.wrongState, at: nil, facts.phase.rawValue) }
        emit(.noted(ElementDigests()))
    }

    mutating func requeue(to site: SiteID?, _ facts: Consultation) throws(Refusal) {
        // The office's own requests are its to coordinate too, so its site's other relations do not count here.
        guard context.network.coordinates(context.actor) else {
            _ = try relation(facts)
            throw Refusal(.notPermitted, at: nil, Role.coordinator.rawValue)
        }
        try requirePhase(facts, .unroutable)
        guard facts.department != nil else { throw Refusal(.wrongState, at: Element.wantedDepartment.rawValue) }
        if let site, context.network.sites[site] == nil { throw Refusal(.siteUnknown, at: "site", site.description) }
        guard facts.consent.permitsDisclosure else { throw Refusal(.consentMissing) }
        emit(.queued(Event.Queued(reason: .requeued, deadline: facts.deadline)))
        route(only: site)
    }

    /// A timer whose offer or state has since ended does nothing.
    mutating func fire(_ timer: CaseTimer, _ facts: Consultation) {
        guard
            let armed = facts.timers.first(where: {
                $0.kind == timer.kind && $0.ordinal == timer.ordinal && $0.armedBy == timer.armedBy
            }), armed.due <= now
        else { return }
        switch timer.kind {
        case .offerLease:
            emit(.lapsed(offer: timer.ordinal / 8))
            requeueWhenUnanswered(.lapsed)
        case .hardStop where facts.phase.isBeforeAcceptance && facts.phase != .unroutable:
            emit(.reminded(timer.kind, ordinal: timer.ordinal))
            emit(.unroutable(Event.Unroutable(reason: .hardStop, decision: nil)))
        default: emit(.reminded(timer.kind, ordinal: timer.ordinal))
        }
    }
}
