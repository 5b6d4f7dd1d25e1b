import ConsiliumCore
import ConsiliumLedger

/// What invited sites, performing sites and the coordination office do.
extension Life {
    /// Looks at a case that changed.
    func follow(_ id: CaseID) throws {
        guard var life = cases[id], let facts = try writer.state(of: id) else { return }
        for offer in facts.offers where offer.number > life.offers && offer.state == .live {
            plan(responseTo: offer, of: facts, &life)
        }
        life.offers = facts.offers.count
        let isNew = facts.phase != life.phase
        life.phase = facts.phase
        if isNew {
            switch facts.phase {
            case .infoNeeded: plan(answerTo: id, &life)
            case .unroutable:
                agenda.add(.coordinate(id), at: writer.now + life.chance.span(.minutes(2), .hours(4)))
            case .accepted: plan(startOf: facts, &life)
            case .inSession: plan(reportOf: facts, &life)
            case .reported: plan(closureOf: id, &life)
            default: break
            }
        }
        cases[id] = life
        if isNew, facts.phase.isEnded { try finish(facts) }
    }

    private func habits(of site: SiteID) -> Province.Habits? { province.habits[site] }

    private func span(_ shortest: Span, _ longest: Span, at site: SiteID, _ life: inout Case) -> Span {
        let span = life.chance.span(shortest, longest).milliseconds
        return .milliseconds(span * Int64(habits(of: site)?.slowness ?? 1_000) / 1_000)
    }

    private func plan(responseTo offer: Offer, of facts: Consultation, _ life: inout Case) {
        let site = offer.place.site
        let isSilent = life.chance.happens(habits(of: site)?.silent ?? 0)
        let now = writer.now
        let isStat = facts.priority == .stat
        let time: Instant
        switch facts.priority {
        case .stat: time = now + span(.seconds(12), .seconds(150), at: site, &life)
        case .asap: time = now + span(.minutes(1), .minutes(13), at: site, &life)
        case .urgent: time = calendar.add(span(.minutes(5), .minutes(100), at: site, &life), to: now)
        case .routine: time = calendar.add(span(.minutes(15), .minutes(330), at: site, &life), to: now)
        }
        if generation.gaming == .accept {
            agenda.add(.respond(facts.id, offer: offer.number), at: now + .seconds(1))
        } else if !isSilent || (isStat && life.chance.happens(500)) {
            agenda.add(.respond(facts.id, offer: offer.number), at: time)
        }
    }

    func respond(_ id: CaseID, to number: Int) throws {
        guard var life = cases[id], let facts = try writer.state(of: id),
            let offer = facts.offers.first(where: { $0.number == number }), offer.state == .live
        else { return }
        let site = offer.place.site
        let principal = Province.doctor(site, life.plan.number + number)
        try record(.application, of: id, by: principal)
        var declines = life.chance.happens(habits(of: site)?.declines ?? 0)
        if generation.gaming == .accept { declines = false }
        let reason = [
            DeclineReason.noCapacity, .outsideScope, .expertAbsent, .incompleteRecords, .equipment,
            .conflictOfInterest, .other,
        ][life.chance.weighted([300, 180, 240, 160, 60, 10, 50])]
        let note = life.chance.happens(300) ? Invention.note("请转他院", life.plan) : nil
        cases[id] = life
        if !declines {
            guard let refusal = try act(.accept(appointment: nil), on: id, by: principal) else { return }
            // Two departments of one site share what it has left.
            guard refusal.code == .capacityFull else { return }
        }
        try act(.decline(declines ? reason : .noCapacity, note: note), on: id, by: principal)
    }

    private func plan(startOf facts: Consultation, _ life: inout Case) {
        guard let offer = facts.acceptedOffer else { return }
        let site = offer.place.site
        let roster = (province.doctors[site] ?? []).filter { $0.department == offer.department }
        life.expert = roster.isEmpty ? nil : life.chance.skewed(roster)
        let now = writer.now
        if life.failures == 0, life.chance.happens(25) {
            life.failures += 1
            agenda.add(.fail(facts.id), at: now + life.chance.span(.minutes(3), .hours(2)))
            return
        }
        var time: Instant
        switch facts.priority {
        case .stat: time = now + span(.seconds(45), .minutes(14), at: site, &life)
        case .asap: time = now + span(.minutes(8), .minutes(150), at: site, &life)
        case .urgent: time = calendar.add(span(.minutes(20), .hours(5), at: site, &life), to: now)
        case .routine: time = calendar.add(span(.minutes(30), .hours(9), at: site, &life), to: now)
        }
        if generation.gaming == .accept { time = calendar.add(.hours(15), to: time) }
        agenda.add(.start(facts.id), at: time)
    }

    func start(_ id: CaseID) throws {
        guard let life = cases[id], let offer = try writer.state(of: id)?.acceptedOffer else { return }
        try act(.start, on: id, by: Province.doctor(offer.place.site, life.plan.number + offer.number))
    }

    private func plan(reportOf facts: Consultation, _ life: inout Case) {
        guard let site = facts.acceptedOffer?.place.site else { return }
        let now = writer.now
        let time =
            facts.priority == .stat
            ? now + span(.minutes(8), .minutes(40), at: site, &life)
            : now + span(.minutes(15), .minutes(100), at: site, &life)
        agenda.add(.report(facts.id), at: time)
    }

    func fail(_ id: CaseID) throws {
        guard var life = cases[id], let offer = try writer.state(of: id)?.acceptedOffer else { return }
        let reason = life.chance.pick(FailureReason.allCases)
        cases[id] = life
        try act(
            .fail(reason, note: Invention.note("线路中断", life.plan)),
            on: id,
            by: Province.doctor(offer.place.site, life.plan.number)
        )
    }

    func report(_ id: CaseID) throws {
        guard var life = cases[id], let facts = try writer.state(of: id), let offer = facts.acceptedOffer,
            let site = writer.network.sites[offer.place.site], let expert = life.expert
        else { return }
        let verdict = Verdict(life.plan, origin: facts.requester.tier, gaming: generation.gaming)
        let kind: SignatureKind =
            life.chance.happens(620) ? .operator : site.mayAttest && life.chance.happens(400) ? .site : .page
        var report = Invention.report(verdict, by: expert, at: site, life.plan, time: writer.now)
        if kind == .page { report.attachments = [Invention.page(life.plan)] }
        life.verdict = verdict
        cases[id] = life
        let signature = Signature(
            kind: kind,
            doctor: expert.name,
            licence: expert.licence,
            jws: nil,
            caseVersion: facts.version
        )
        let principal = Province.doctor(site.id, life.plan.number + offer.number)
        guard try act(.report(report, signature), on: id, by: principal) == nil else { return }
        try record(.report, of: id, by: Province.doctor(facts.requester.site, life.plan.number))
    }

    /// The coordination office helps, gives up, or goes over somebody's head.
    func coordinate(_ id: CaseID) throws {
        guard var life = cases[id], let facts = try writer.state(of: id), facts.phase == .unroutable else { return }
        let coordinator = Province.administrator(province.office.id)
        let declined = facts.offers.filter { $0.state == .declined }.map(\.place.site)
        let isForced = !declined.isEmpty && life.chance.happens(350)
        let capable = facts.department.flatMap { province.offering[$0] } ?? []
        let elsewhere = capable.filter { $0 != facts.requester.site && province.tier($0) >= facts.requester.tier }
        let target: SiteID? =
            isForced
            ? life.chance.pick(declined)
            : facts.unroutableReason == .priorityUnknown || elsewhere.isEmpty ? nil : life.chance.pick(elsewhere)
        let givesUp = life.chance.happens(200)
        let back = life.chance.span(.minutes(30), .hours(6))
        // It sees the case again when nobody takes it then.
        life.phase = .queued
        cases[id] = life
        if givesUp { return try cancel(id) }
        if try act(.requeue(site: target), on: id, by: coordinator) != nil {
            agenda.add(.cancel(id), at: writer.now + back)
        }
    }

    /// A disclosure, as the hub notes one.
    private func record(_ content: AccessEvent.Content, of id: CaseID, by principal: Principal) throws {
        let entry = AccessEntry(
            caseID: id,
            principal: principal,
            site: principal.site,
            content: content,
            firstAt: writer.now,
            count: 1
        )
        try writer.carryOut(.accesses([entry]))
    }

    /// Messages to HL7 v2 sites arrive, late or not at all.
    func deliver(_ id: DeliveryID, to site: SiteID) throws {
        deliveries += 1
        let node = Province.node(site)
        func settle(_ outcome: DeliveryOutcome, after span: Span) throws {
            let time = writer.now + span
            guard time < end else { return }
            // A suspended site fetches nothing: the message waits.
            do { try writer.carryOut(.deliveryOutcome(id, outcome, by: node), at: time) } catch is Refusal {}
        }
        switch deliveries {
        case let number where number % 41 == 7:
            try settle(.dead("no-answer"), after: .hours(6))
            try settle(.redriven, after: .hours(20))
            try settle(.acknowledged, after: .hours(21))
        case let number where number % 59 == 11:
            try settle(.dead("refused"), after: .minutes(2))
            try settle(.discarded("told-by-telephone"), after: .hours(9))
        case let number where number % 31 == 5: try settle(.superseded, after: .minutes(40))
        default: try settle(.acknowledged, after: chance.span(.seconds(1), .minutes(4)))
        }
    }
}
