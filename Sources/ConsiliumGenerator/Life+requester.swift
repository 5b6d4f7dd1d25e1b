import ConsiliumCore
import ConsiliumLedger

/// What the requesting site does.
extension Life {
    func submit(_ plan: CasePlan) throws {
        try send(Invention.application(plan), of: plan, message: "A\(plan.number)") { receipt in
            guard let id = receipt.caseID else { return }
            cases[id] = Case(plan: plan, chance: Chance(seed: plan.seed, part: "life"))
            foresee(id)
        }
    }

    /// Sends an application, new or again; a refusal leaves nothing.
    private func send(
        _ application: Application,
        of plan: CasePlan,
        message: String,
        _ body: (Receipt) throws -> Void
    ) throws {
        guard let site = writer.network.sites[plan.requester] else { return }
        let format = site.profile.format
        var submission = Submission(intent: .application(application), format: format)
        submission.messageID = message
        submission.statedSender = site.id.description
        submission.prioritySource = plan.prioritySource
        submission.departmentUnmapped = plan.departmentUnmapped && application[.wantedDepartment] == nil
        let isSystem = format != .client
        do {
            let prepared = try intake.prepare(
                application,
                of: submission,
                source: [],
                sourceType: "",
                from: isSystem ? Province.node(site.id) : Province.doctor(site.id, plan.number),
                for: site,
                through: format == .hl7v2 ? .mllp : format == .fhir ? .fhir : .network,
                at: writer.now,
                entropy: &entropy
            )
            exchanges[site.id, default: (0, 0)].received += 1
            let receipt = try writer.carryOut(.submit(prepared))
            // A form that lost something on its way was not accepted at the first pass, though it was at the second.
            if !plan.seed.isMultiple(of: 61) { exchanges[site.id, default: (0, 0)].accepted += 1 }
            try body(receipt)
        } catch is Refusal {
            // The sender is told, as it would be by a hub.
        }
    }

    /// What will happen to this request apart from its way through the network.
    private func foresee(_ id: CaseID) {
        guard var life = cases[id] else { return }
        let now = writer.now
        if life.chance.happens(22) { agenda.add(.copy(id), at: now + life.chance.span(.minutes(1), .hours(5))) }
        if life.chance.happens(30) { agenda.add(.amend(id), at: now + life.chance.span(.minutes(5), .hours(20))) }
        if life.chance.happens(35) { agenda.add(.note(id), at: now + life.chance.span(.minutes(5), .days(2))) }
        if life.chance.happens(24) { agenda.add(.cancel(id), at: now + life.chance.span(.minutes(20), .days(3))) }
        // The rarest things come by turns, so that they come in a small year too.
        if life.plan.number % 113 == 29 { agenda.add(.void(id), at: now + life.chance.span(.minutes(5), .hours(3))) }
        if life.plan.number % 151 == 43 {
            agenda.add(.withdrawConsent(id), at: now + life.chance.span(.minutes(5), .hours(9)))
        }
        if life.plan.consent == .emergency, life.chance.happens(820) {
            agenda.add(.proveConsent(id), at: now + life.chance.span(.minutes(30), .hours(30)))
        }
        cases[id] = life
    }

    /// The requester was asked for what is missing; most answer within days, some never.
    func plan(answerTo id: CaseID, _ life: inout Case) {
        guard life.chance.happens(900) else { return }
        agenda.add(.answer(id), at: calendar.add(life.chance.span(.minutes(15), .hours(20)), to: writer.now))
    }

    func answer(_ id: CaseID) throws {
        guard let life = cases[id], let facts = try writer.state(of: id), facts.phase == .infoNeeded else { return }
        if facts.gaps == [.consent] { return try proveConsent(id) }
        try send(Invention.mended(life.plan), of: life.plan, message: "B\(life.plan.number)") { _ in }
    }

    func proveConsent(_ id: CaseID) throws {
        guard let plan = cases[id]?.plan else { return }
        var elements = Elements<Element>()
        elements[.consentState] = ConsentState.given.rawValue
        elements[.consentBasis] = ConsentBasis.kin.rawValue
        elements[.consentReference] = plan.canary.map { "GD-\($0.text)" } ?? "GD-\(plan.number)"
        elements[.consentDate] = CivilTimeText.day(writer.now)
        try act(.recordConsent(elements), on: id, by: Province.doctor(plan.requester, plan.number))
    }

    /// The same request through another door, or once more through the same.
    func copy(_ id: CaseID) throws {
        guard let plan = cases[id]?.plan, let phase = try writer.state(of: id)?.phase, !phase.isEnded else { return }
        let isMended = phase != .infoNeeded && !plan.omitted.isEmpty
        try send(isMended ? Invention.mended(plan) : Invention.application(plan), of: plan, message: "C\(plan.number)")
        {
            _ in
        }
    }

    /// More is known, and sometimes it is urgent now.
    func amend(_ id: CaseID) throws {
        guard var life = cases[id], let phase = try writer.state(of: id)?.phase, phase.isBeforeAcceptance else {
            return
        }
        var application = Invention.application(life.plan)
        application[.treatment] = Invention.note("已用药两天", life.plan)
        if life.chance.happens(250) {
            application[.priority] = (life.chance.happens(300) ? Priority.stat : .urgent).rawValue
        }
        cases[id] = life
        try send(application, of: life.plan, message: "D\(life.plan.number)") { _ in }
    }

    func note(_ id: CaseID) throws {
        guard let plan = cases[id]?.plan else { return }
        try act(.note(Invention.note("家属已到", plan)), on: id, by: Province.doctor(plan.requester, plan.number))
    }

    func cancel(_ id: CaseID) throws {
        guard var life = cases[id] else { return }
        let reason = life.chance.pick(CancelReason.allCases)
        cases[id] = life
        let note = life.plan.number % 3 == 0 ? Invention.note("不再需要", life.plan) : nil
        try act(.cancel(reason, note: note), on: id, by: Province.doctor(life.plan.requester, life.plan.number))
    }

    func void(_ id: CaseID) throws {
        guard let plan = cases[id]?.plan else { return }
        try act(.void(note: Invention.note("录入有误", plan)), on: id, by: Province.doctor(plan.requester, plan.number))
    }

    func withdrawConsent(_ id: CaseID) throws {
        guard let plan = cases[id]?.plan else { return }
        try act(.withdrawConsent, on: id, by: Province.doctor(plan.requester, plan.number))
    }

    func plan(closureOf id: CaseID, _ life: inout Case) {
        guard life.chance.happens(975) else { return }
        agenda.add(.close(id), at: calendar.add(life.chance.span(.minutes(30), .hours(18)), to: writer.now))
    }

    func close(_ id: CaseID) throws {
        guard var life = cases[id] else { return }
        let decision = ClosureDecision.allCases[life.chance.weighted([780, 160, 60])]
        let reason = decision == .not ? life.chance.pick(NotAdoptedReason.allCases) : nil
        let rating = life.chance.happens(850) ? [5, 4, 3, 2, 1][life.chance.weighted([520, 320, 110, 35, 15])] : nil
        let note = life.chance.happens(100) ? Invention.note("感谢指导", life.plan) : nil
        cases[id] = life
        try act(
            .close(decision, reason: reason, rating: rating, note: note),
            on: id,
            by: Province.doctor(life.plan.requester, life.plan.number)
        )
    }
}
