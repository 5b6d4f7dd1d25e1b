extension Consultation {
    /// The events that `command` leads to, or the reason why not. Pure: time, actor, directory and loads are arguments.
    ///
    /// An empty list means that the command changes nothing (a stale timer, a repeated message).
    package static func decide(
        _ command: Command,
        on state: Consultation?,
        id: CaseID,
        in context: DecisionContext
    ) throws(Refusal) -> [Event] {
        var decision = Deciding(state: state, id: id, context: context)
        if case .submit(let facts) = command {
            try decision.submit(facts)
            return decision.events
        }
        guard let facts = state else { throw Refusal(.notFound) }
        switch command {
        case .submit: break
        case .resubmit(let copy): try decision.resubmit(copy, on: facts)
        case .accept: try decision.accept(facts)
        case .decline(let reason): try decision.decline(reason, facts)
        case .start: try decision.start(facts)
        case .report(let report): try decision.report(report, facts)
        case .fail(let reason): try decision.fail(reason, facts)
        case .close(let closure, let reason, let rating): try decision.close(closure, reason, rating, facts)
        case .cancel(let reason): try decision.cancel(reason, facts)
        case .void: try decision.void(facts)
        case .recordConsent(let consent, let digests): try decision.recordConsent(consent, digests, facts)
        case .withdrawConsent: try decision.withdrawConsent(facts)
        case .note: try decision.note(facts)
        case .requeue(let site): try decision.requeue(to: site, facts)
        case .recordOutcome(let outcome): try decision.recordOutcome(outcome, facts)
        case .rateTierAgain(let tier, let isAssigned):
            try decision.rateTierAgain(tier, isAssigned: isAssigned, facts)
        case .price(let gross, let lines): try decision.price(gross, lines, facts)
        case .settle: try decision.settle(facts)
        case .dispute(let lines): try decision.dispute(lines: lines, facts)
        case .notYetOffered(let step):
            _ = try decision.relation(facts)
            throw Refusal(.notYetOffered, at: nil, step)
        case .fire(let timer): decision.fire(timer, facts)
        case .dispatch: decision.route()
        case .extendLeases(let span):
            if span > .zero, !facts.liveOffers.isEmpty { decision.emit(.leasesExtended(span)) }
        }
        return decision.events
    }
}

/// A decision in the making: emitted events are folded at once, so that each step sees the ones before.
struct Deciding {
    private(set) var state: Consultation?
    private(set) var events: [Event] = []
    let id: CaseID
    let context: DecisionContext

    init(state: Consultation?, id: CaseID, context: DecisionContext) {
        self.state = state
        self.id = id
        self.context = context
    }

    var now: Instant { context.now }
    var policy: NetworkPolicy { context.network.policy }

    mutating func emit(_ event: Event) {
        // Only a stream that does not begin with its submission cannot be folded, and `submit` emits that first.
        guard
            let next = try? Consultation.evolve(
                state,
                event,
                id: id,
                sequence: (state?.version ?? 0) + 1,
                at: now
            )
        else { return }
        state = next
        events.append(event)
    }

    // MARK: Who may

    /// The actor's relation to the case; a stranger is told "not found".
    func relation(_ facts: Consultation) throws(Refusal) -> Consultation.Relation {
        guard let site = context.actor.site,
            let relation = facts.relation(of: site, coordinates: context.network.coordinates(context.actor))
        else {
            throw Refusal(.notFound)
        }
        return relation
    }

    func require(_ role: Role) throws(Refusal) {
        guard context.actor.roles.contains(role) else { throw Refusal(.notPermitted, at: nil, role.rawValue) }
    }

    func requireOwner(_ facts: Consultation) throws(Refusal) {
        guard try relation(facts) == .requester else { throw Refusal(.notPermitted, at: nil, "requester's site") }
        try require(.requester)
    }

    /// The rules in force now that drive the gates of `checks`.
    func rulePacks(_ checks: RulePack.Check...) -> [RulePack.Reference] {
        context.governance.rulePacks(driving: checks, at: now)
    }

    func requireVersion(_ version: Int) throws(Refusal) {
        if let expected = context.expectedVersion, expected != version {
            throw Refusal(.versionConflict, at: nil, "now \(version)")
        }
    }

    // MARK: Submission

    mutating func submit(_ facts: ApplicationFacts) throws(Refusal) {
        if let existing = state { throw Refusal(.wrongState, at: nil, existing.phase.rawValue) }
        try require(.requester)
        guard context.actor.site == facts.requester.site else {
            throw Refusal(.actsForDenied, at: "site", facts.requester.site.description)
        }
        guard facts.present.contains(.requestNumber) else {
            throw Refusal(.missingRequestNumber, at: Element.requestNumber.rawValue)
        }
        guard facts.present.contains(.requesterDoctor) else {
            throw Refusal(.missingRequester, at: Element.requesterDoctor.rawValue)
        }
        guard Element.identity.contains(where: { facts.present.contains($0) }) else {
            throw Refusal(.missingIdentity, at: Element.patientName.rawValue)
        }
        let priority = facts.prioritySource == .unknown ? .asap : facts.priority ?? .routine
        var consent = facts.consent
        var evidenceDue: Instant?
        // Missing consent stops a request, whatever basis it states; only stat is taken as an emergency.
        if consent.state == .missing, priority == .stat || consent.basis == .emergency {
            consent.basis = priority == .stat ? .emergency : .unknown
        }
        if consent.basis == .emergency, !consent.hasEvidence {
            evidenceDue = policy.consentEvidence.due(from: now, by: policy.calendar)
        }
        emit(
            .submitted(
                Event.Submitted(
                    requester: facts.requester,
                    via: facts.via,
                    format: facts.format,
                    requestKey: facts.requestKey,
                    priority: priority,
                    prioritySource: facts.prioritySource,
                    serviceKind: facts.serviceKind,
                    department: facts.department,
                    departmentUnmapped: facts.departmentUnmapped,
                    wantedSite: facts.wantedSite,
                    ageBand: facts.ageBand,
                    sex: facts.sex,
                    medicalAssistance: facts.medicalAssistance,
                    consent: consent,
                    digests: facts.digests,
                    missing: facts.missing,
                    lost: facts.lost,
                    policyVersion: policy.version,
                    deadline: policy.limits(priority).accept.due(from: now, by: policy.calendar),
                    hardStop: policy.hardStop.due(from: now, by: policy.calendar),
                    consentEvidenceDue: evidenceDue,
                    rulePacks: rulePacks(.consentBeforeDisclosure, .timeLimit, .mandatoryElements)
                )
            )
        )
        admit(.initial)
    }

    /// From submitted or info-needed: into the queue when nothing is missing, else to whoever can mend it.
    mutating func admit(_ reason: QueueReason) {
        guard let facts = state else { return }
        let gaps = facts.openGaps
        if facts.priority == .stat, facts.department == nil {
            handOver(.mapping, facts)
        } else if awaitsPriority(facts), !gaps.contains(.consent) {
            handOver(.priorityUnknown, facts)
        } else if !gaps.isEmpty {
            if facts.phase == .infoNeeded, facts.gaps == gaps { return }
            emit(
                .informationRequested(
                    Event.InformationRequested(
                        gaps: gaps,
                        reminderDue: policy.informationReminder.due(from: now, by: policy.calendar),
                        overdue: policy.informationOverdue.due(from: now, by: policy.calendar)
                    )
                )
            )
        } else {
            let deadline = facts.pausedSince.map {
                policy.limits(facts.priority).accept.resumed(facts.deadline, pausedAt: $0, at: now, by: policy.calendar)
            }
            emit(.queued(Event.Queued(reason: reason, deadline: deadline ?? facts.deadline)))
            route()
        }
    }

    /// A priority that no table knows is the coordination office's to judge before anyone is asked.
    private func awaitsPriority(_ facts: Consultation) -> Bool {
        switch facts.phase {
        case .submitted, .infoNeeded, .unroutable: facts.prioritySource == .unknown && facts.offers.isEmpty
        default: false
        }
    }

    /// Hands the case to the coordination office, once.
    private mutating func handOver(_ reason: UnroutableReason, _ facts: Consultation) {
        if facts.phase == .unroutable, facts.unroutableReason == reason { return }
        emit(.unroutable(Event.Unroutable(reason: reason, decision: nil)))
    }

    mutating func resubmit(_ copy: ApplicationFacts, on facts: Consultation) throws(Refusal) {
        try requireOwner(facts)
        try requireSamePatient(facts.digests.elements, copy.digests.elements)
        let changed = facts.digests.changes(in: copy.digests)
        guard !changed.isEmpty else {
            emit(.joined(Event.Joined(format: copy.format)))
            return
        }
        guard facts.phase.isBeforeAcceptance else {
            let fixed = changed.names.filter { !Self.noteable.contains($0) }
            guard fixed.isEmpty, !facts.phase.isEnded else {
                throw Refusal(.amendmentTooLate, at: (fixed.isEmpty ? changed.names : fixed).joined(separator: ", "))
            }
            emit(.noted(changed))
            return
        }
        try requireVersion(facts.requestVersion)
        amend(copy, changed: changed, facts)
    }

    /// One identifier must agree, or the name where no identifier stands in both: another patient's request never
    /// becomes an amendment, and never inherits a consent.
    private func requireSamePatient(_ known: DigestTable, _ copy: DigestTable) throws(Refusal) {
        func common(_ elements: [Element]) -> [Element] { elements.filter { known[$0] != nil && copy[$0] != nil } }
        let identifiers = common(Element.identifiers)
        let compared = identifiers.isEmpty ? common([.patientName]) : identifiers
        guard !compared.isEmpty, compared.allSatisfy({ known[$0] != copy[$0] }) else { return }
        throw Refusal(.otherPatient, at: compared.map(\.rawValue).joined(separator: ", "))
    }

    /// What may still reach the performer as a note after acceptance.
    private static let noteable: Set<String> = Set(
        [Element.summary, .examinations, .treatment, .note, .otherDiagnoses, .allergies].map(\.rawValue) + [
            "attachments"
        ]
    )

    private mutating func amend(
        _ copy: ApplicationFacts,
        changed: ElementDigests,
        _ facts: Consultation
    ) {
        let names = changed.elements
        let priority = names[.priority] == nil ? nil : copy.priority
        let department = names[.wantedDepartment] == nil ? nil : copy.department
        let wantedSite = names[.wantedSite] == nil ? nil : copy.wantedSite
        let merged = Self.consent(
            facts.consent,
            amendedBy: copy.consent,
            names,
            isStat: (priority ?? facts.priority) == .stat
        )
        let consent = merged == facts.consent ? nil : merged
        let owesEvidence = consent?.basis == .emergency && !merged.hasEvidence && facts.consent.basis != .emergency
        emit(
            .amended(
                Event.Amended(
                    changed: changed,
                    priority: priority,
                    department: department,
                    consent: consent,
                    ageBand: names[.patientBirthDate] ?? names[.patientAge] == nil ? nil : copy.ageBand,
                    sex: names[.patientSex] == nil ? nil : copy.sex,
                    deadline: priority.map {
                        policy.limits($0).accept.due(from: facts.submittedAt + facts.pausedFor, by: policy.calendar)
                    },
                    consentEvidenceDue: owesEvidence ? policy.consentEvidence.due(from: now, by: policy.calendar) : nil,
                    wantedSite: wantedSite,
                    serviceKind: names[.serviceKind] == nil ? nil : copy.serviceKind,
                    medicalAssistance: names[.medicalAssistance] == nil ? nil : copy.medicalAssistance
                )
            )
        )
        let reroutes = priority != nil || department != nil || consent != nil || wantedSite != nil
        switch facts.phase {
        case .infoNeeded: admit(.informationProvided)
        case .queued, .offered, .unroutable: if reroutes { admit(.amended) }
        default: break
        }
    }

    /// Consent after an amendment, part by part: what the copy does not say stays as it was.
    ///
    /// A withdrawal is undone by a new statement or new evidence only, never by a copy of the old ones.
    private static func consent(
        _ old: ConsentFacts,
        amendedBy copy: ConsentFacts,
        _ names: DigestTable,
        isStat: Bool
    ) -> ConsentFacts {
        var merged = old
        let states = names[.consentState] != nil
        let proves = names[.consentBasis] != nil || names[.consentReference] != nil
        if states || (proves && (copy.state == .given || copy.state == .attested)) { merged.state = copy.state }
        if names[.consentBasis] != nil { merged.basis = copy.basis }
        if names[.consentScope] != nil { merged.scope = copy.scope }
        if names[.consentFeeTold] != nil { merged.feeTold = copy.feeTold }
        merged.hasEvidence = old.hasEvidence || names[.consentReference] != nil
        if merged.state == .missing {
            if isStat {
                merged.basis = .emergency
            } else if merged.basis == .emergency, old.basis != .emergency {
                merged.basis = .unknown
            }
        }
        return merged
    }

    // MARK: Routing

    /// Offers a queued case to the best candidates, leaves it queued when all it lacks is capacity, and hands it to the
    /// coordination office when nobody can be asked.
    mutating func route(only: SiteID? = nil) {
        guard let facts = state, facts.phase == .queued else { return }
        guard let department = facts.department, facts.consent.permitsDisclosure else { return }
        let isStat = facts.priority == .stat
        var request = RoutingRequest(
            case: facts,
            department: department,
            network: context.network,
            wanted: isStat ? policy.parallelStatOffers : 1
        )
        request.only = only
        let decision = Router(network: context.network, loads: context.loads, now: now).decide(request)
        guard !decision.chosen.isEmpty else {
            if !isStat, decision.exclusions[RoutingPolicy.capacity.rawValue] != nil { return }
            let reason: UnroutableReason =
                decision.candidates == 0
                ? .noCapableSite
                : isStat && decision.exclusions[RoutingPolicy.liveChannel.rawValue] != nil ? .noLiveChannel : .exhausted
            emit(.unroutable(Event.Unroutable(reason: reason, decision: decision)))
            return
        }
        let lease = policy.limits(facts.priority).lease
        var number = facts.offers.count
        let invitations = decision.chosen.compactMap { ranked -> Event.Offered.Invitation? in
            guard let site = context.network.sites[ranked.site], let own = site.department(for: department) else {
                return nil
            }
            number += 1
            let due = lease.due(from: now, by: site.calendar)
            return Event.Offered.Invitation(
                number: number,
                place: site.place,
                department: own,
                leaseDue: due,
                reminders: Self.reminders(from: now, to: due)
            )
        }
        emit(
            .offered(
                Event.Offered(invitations: invitations, decision: decision, decidedBy: only == nil ? .hub : .admin)
            )
        )
    }

    /// Ten and twenty minutes into an hour's lease; none for leases under 15 minutes.
    private static func reminders(from start: Instant, to due: Instant) -> [Instant] {
        let lease = due - start
        guard lease >= .minutes(15) else { return [] }
        return [1, 2].map { start + .milliseconds(lease.milliseconds * $0 / 6) }
    }
}

extension Consultation {
    /// What must be mended before the case may be queued. A stat request is never held.
    package var openGaps: [Gap] {
        var gaps: [Gap] = []
        if !consent.permitsDisclosure { gaps.append(.consent) }
        if priority == .stat { return gaps }
        if department == nil { gaps.append(departmentUnmapped ? .mapping : .department) }
        if digests.elements[.summary] == nil, digests.elements[.reason] == nil { gaps.append(.summary) }
        return gaps
    }
}
