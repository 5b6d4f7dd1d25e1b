extension Consultation {
    /// The state after `event`, number `sequence` of the stream, recorded at `time`.
    package static func evolve(
        _ state: Consultation?,
        _ event: Event,
        id: CaseID,
        sequence: Int,
        at time: Instant
    ) throws(RecordError) -> Consultation {
        guard var next = state else {
            guard case .submitted(let facts) = event else { throw RecordError("a case begins with its submission") }
            return Consultation(submitted: facts, id: id, sequence: sequence, at: time)
        }
        next.version = sequence
        next.updatedAt = time
        next.apply(event, sequence: sequence, at: time)
        return next
    }

    private init(submitted facts: Event.Submitted, id: CaseID, sequence: Int, at time: Instant) {
        self.init(
            id: id,
            version: sequence,
            phase: .submitted,
            submittedAt: time,
            updatedAt: time,
            requester: facts.requester,
            via: facts.via,
            requestKey: facts.requestKey,
            priority: facts.priority,
            prioritySource: facts.prioritySource,
            everStat: facts.priority == .stat,
            serviceKind: facts.serviceKind,
            department: facts.department,
            departmentUnmapped: facts.departmentUnmapped,
            wantedSite: facts.wantedSite,
            ageBand: facts.ageBand,
            sex: facts.sex,
            consent: facts.consent,
            digests: facts.digests,
            missing: facts.missing,
            gaps: [],
            deadline: facts.deadline,
            pausedSince: nil,
            pausedFor: .zero,
            offers: [],
            acceptedAt: nil,
            startedAt: nil,
            reportedAt: nil,
            closedAt: nil,
            reportNumber: 0,
            disposition: nil,
            closure: nil,
            unroutableReason: nil,
            lastDecision: nil,
            timers: [
                CaseTimer(kind: .acceptance, due: facts.deadline, armedBy: sequence),
                CaseTimer(kind: .hardStop, due: facts.hardStop, armedBy: sequence),
            ],
            requestVersion: sequence,
            consentVersion: sequence,
            reportVersion: 0
        )
        if let due = facts.consentEvidenceDue {
            timers.append(CaseTimer(kind: .consentEvidence, due: due, armedBy: sequence))
        }
    }

    private mutating func apply(_ event: Event, sequence: Int, at time: Instant) {
        switch event {
        case .submitted, .joined: break
        case .noted(let changed): digests.merge(changed)
        case .amended(let facts): amend(facts, sequence: sequence)
        case .consentRecorded(let facts, let changed):
            consent = facts
            take(changed)
            consentVersion = sequence
            gaps.removeAll { $0 == .consent }
            if facts.hasEvidence { disarm(.consentEvidence) }
        case .consentWithdrawn:
            consent.state = .withdrawn
            consentVersion = sequence
        case .informationRequested(let facts):
            phase = .infoNeeded
            gaps = facts.gaps
            unroutableReason = nil
            // Asked again before the answer was complete: one pause.
            pausedSince = pausedSince ?? time
            endLiveOffers(.withdrawn, sequence: sequence, at: time)
            disarm(.acceptance)
            disarm(.informationReminder)
            disarm(.informationOverdue)
            arm(.informationReminder, due: facts.reminderDue, by: sequence)
            arm(.informationOverdue, due: facts.overdue, by: sequence)
            requestVersion = sequence
        case .queued(let facts): enqueue(facts, sequence: sequence, at: time)
        case .offered(let facts): invite(facts, sequence: sequence, at: time)
        case .accepted(let facts): accept(facts, sequence: sequence, at: time)
        case .declined(let number, let reason, _):
            end(number, .declined, sequence: sequence, at: time)
            if let index = offers.firstIndex(where: { $0.number == number }) { offers[index].declineReason = reason }
        case .lapsed(let number): end(number, .lapsed, sequence: sequence, at: time)
        case .unroutable(let facts):
            phase = .unroutable
            unroutableReason = facts.reason
            lastDecision = facts.decision ?? lastDecision
            endLiveOffers(.withdrawn, sequence: sequence, at: time)
            if let since = pausedSince {
                // The clock stands still only while the requester is asked, not while the coordination office holds it.
                deadline = deadline + (time - since)
                endPause(at: time)
                arm(.acceptance, due: deadline, by: sequence)
            }
            disarm(.informationReminder)
            disarm(.informationOverdue)
            requestVersion = sequence
        case .started:
            phase = .inSession
            startedAt = time
            disarm(.start)
            touchAcceptedOffer(sequence)
            requestVersion = sequence
        case .failed: fail(sequence: sequence, at: time)
        case .reported(let facts): report(facts, sequence: sequence, at: time)
        case .closed(let facts): finish(.closed, sequence: sequence, at: time, closure: facts)
        case .cancelled: finish(.cancelled, sequence: sequence, at: time, closure: nil)
        case .enteredInError: finish(.enteredInError, sequence: sequence, at: time, closure: nil)
        case .reminded(let kind, let ordinal): timers.removeAll { $0.kind == kind && $0.ordinal == ordinal }
        case .leasesExtended(let span):
            for index in offers.indices where offers[index].state == .live {
                offers[index].leaseDue = offers[index].leaseDue + span
                offers[index].version = sequence
            }
            for index in timers.indices where timers[index].kind == .offerLease || timers[index].kind == .offerReminder
            {
                timers[index].due = timers[index].due + span
            }
        case .outcomeRecorded(let outcome): lastOutcome = outcome.result
        case .tierRatedAgain: isTierRatedAgain = true
        case .priced(let pricing): settlement = Settlement(lines: pricing.lines.count)
        case .settled: settlement?.isSettled = true
        case .settlementDisputed(let lines):
            settlement?.disputed += lines
            settlement?.isSettled = false
        // The network's referrals decide nothing here.
        case .transferred, .discharged, .receivedBelow: break
        }
    }

    private mutating func amend(_ facts: Event.Amended, sequence: Int) {
        take(facts.changed)
        if let priority = facts.priority {
            self.priority = priority
            prioritySource = .stated
            everStat = everStat || priority == .stat
        }
        if let department = facts.department {
            self.department = department
            departmentUnmapped = false
        }
        if let consent = facts.consent {
            self.consent = consent
            consentVersion = sequence
            if consent.hasEvidence { disarm(.consentEvidence) }
        }
        if let due = facts.consentEvidenceDue {
            disarm(.consentEvidence)
            arm(.consentEvidence, due: due, by: sequence)
        }
        wantedSite = facts.wantedSite ?? wantedSite
        serviceKind = facts.serviceKind ?? serviceKind
        ageBand = facts.ageBand ?? ageBand
        sex = facts.sex ?? sex
        if let deadline = facts.deadline {
            self.deadline = deadline
            if timers.contains(where: { $0.kind == .acceptance }) {
                disarm(.acceptance)
                arm(.acceptance, due: deadline, by: sequence)
            }
        }
        requestVersion = sequence
    }

    /// Digests of elements that are new or say something else now; what was missing among them no longer is.
    private mutating func take(_ changed: ElementDigests) {
        digests.merge(changed)
        missing.removeAll { element in element.alternatives.contains { changed.elements[$0] != nil } }
    }

    private mutating func enqueue(_ facts: Event.Queued, sequence: Int, at time: Instant) {
        phase = .queued
        gaps = []
        unroutableReason = nil
        deadline = facts.deadline
        endPause(at: time)
        endLiveOffers(.withdrawn, sequence: sequence, at: time)
        disarm(.informationReminder)
        disarm(.informationOverdue)
        disarm(.acceptance)
        arm(.acceptance, due: facts.deadline, by: sequence)
        requestVersion = sequence
    }

    private mutating func invite(_ facts: Event.Offered, sequence: Int, at time: Instant) {
        phase = .offered
        lastDecision = facts.decision
        for invitation in facts.invitations {
            offers.append(
                Offer(
                    number: invitation.number,
                    place: invitation.place,
                    department: invitation.department,
                    state: .live,
                    offeredAt: time,
                    leaseDue: invitation.leaseDue,
                    version: sequence
                )
            )
            timers.append(
                CaseTimer(
                    kind: .offerLease,
                    ordinal: invitation.number * 8,
                    due: invitation.leaseDue,
                    armedBy: sequence
                )
            )
            for (index, due) in invitation.reminders.enumerated() {
                timers.append(
                    CaseTimer(
                        kind: .offerReminder,
                        ordinal: invitation.number * 8 + index + 1,
                        due: due,
                        armedBy: sequence
                    )
                )
            }
        }
        requestVersion = sequence
    }

    private mutating func accept(_ facts: Event.Accepted, sequence: Int, at time: Instant) {
        end(facts.offer, .accepted, sequence: sequence, at: time)
        endLiveOffers(.withdrawn, sequence: sequence, at: time)
        phase = .accepted
        acceptedAt = time
        disarm(.acceptance)
        arm(.start, due: facts.startDue, by: sequence)
        arm(.report, due: facts.reportDue, by: sequence)
        requestVersion = sequence
    }

    private mutating func fail(sequence: Int, at time: Instant) {
        phase = .failed
        if let index = offers.lastIndex(where: { $0.state == .accepted }) {
            offers[index].state = .failed
            offers[index].endedAt = time
            offers[index].version = sequence
        }
        acceptedAt = nil
        startedAt = nil
        disarm(.start)
        disarm(.report)
        requestVersion = sequence
    }

    private mutating func report(_ facts: Event.Reported, sequence: Int, at time: Instant) {
        phase = .reported
        reportedAt = time
        reportNumber = facts.number
        reportVersion = sequence
        disposition = facts.disposition
        disarm(.start)
        disarm(.report)
        disarm(.hardStop)
        arm(.acknowledgement, due: facts.acknowledgementDue, by: sequence)
        touchAcceptedOffer(sequence)
        requestVersion = sequence
    }

    private mutating func finish(_ phase: Phase, sequence: Int, at time: Instant, closure: Event.Closed?) {
        self.phase = phase
        self.closure = closure
        closedAt = time
        endLiveOffers(.withdrawn, sequence: sequence, at: time)
        touchAcceptedOffer(sequence)
        timers = timers.filter { $0.kind == .consentEvidence && phase == .closed }
        requestVersion = sequence
    }

    private mutating func end(_ number: Int, _ state: Offer.State, sequence: Int, at time: Instant) {
        guard let index = offers.firstIndex(where: { $0.number == number }) else { return }
        offers[index].state = state
        offers[index].endedAt = time
        offers[index].version = sequence
        timers.removeAll {
            ($0.kind == .offerLease || $0.kind == .offerReminder) && $0.ordinal / 8 == number
        }
    }

    private mutating func endLiveOffers(_ state: Offer.State, sequence: Int, at time: Instant) {
        for offer in offers where offer.state == .live { end(offer.number, state, sequence: sequence, at: time) }
    }

    private mutating func touchAcceptedOffer(_ sequence: Int) {
        if let index = offers.lastIndex(where: { $0.state == .accepted }) { offers[index].version = sequence }
    }

    private mutating func endPause(at time: Instant) {
        if let since = pausedSince { pausedFor = pausedFor + (time - since) }
        pausedSince = nil
    }

    private mutating func arm(_ kind: TimerKind, due: Instant, by sequence: Int) {
        timers.append(CaseTimer(kind: kind, due: due, armedBy: sequence))
    }

    private mutating func disarm(_ kind: TimerKind) { timers.removeAll { $0.kind == kind } }
}
