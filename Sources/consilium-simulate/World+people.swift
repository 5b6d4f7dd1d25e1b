import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger

/// What people and their systems set out to do in one turn.
extension World {
    func people() throws {
        for _ in 0..<(1 + dice.below(2)) {
            switch dice.below(20) {
            case 0...5: ask()
            case 6...8: askAgain()
            case 9...16: try attend()
            case 17: try anybody()
            case 18: try administer()
            default: try read()
            }
        }
    }

    // MARK: Requests

    private func send(_ application: Application, for site: Site, byFHIR: Bool, message: String) {
        guard let number = application[.requestNumber] else { return }
        let messages = Messages(sites: sites)
        // The county's engine also speaks for the township.
        let principal = site.id == sites[0].id && dice.happens(20) ? Scenery.node(sites[1].id) : Scenery.node(site.id)
        let content: Errand.Content =
            byFHIR
            ? .bundle(FHIRAdapter.encodeBundle(application, site: site.id, messageID: message))
            : .hl7(messages.referral(application, from: site, id: message, at: now))
        errands.append(
            Errand(principal: principal, content: content, request: Errand.Request(site: site.id, number: number))
        )
    }

    private func ask() {
        guard let site = dice.pick(sites) else { return }
        checker.numbers += 1
        let number = "HZ-\(checker.numbers)"
        let priority = dice.pick([Priority.stat, .asap, .urgent, .routine, .routine]) ?? .routine
        var application = Messages.application(
            number,
            site: site,
            priority: site.profile.format == .hl7v2 && priority == .urgent ? .asap : priority,
            consent: !dice.happens(20),
            dice: &dice
        )
        if dice.happens(4) {
            application.attachments = [
                Attachment(
                    title: "CT",
                    contentType: "application/pdf",
                    bytes: (0..<(70_000 + dice.below(1_000))).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 4) }
                )
            ]
        }
        checker.applications[number] = (site.id, application)
        let byFHIR = site.profile.format != .hl7v2 || !application.attachments.isEmpty
        send(application, for: site, byFHIR: byFHIR, message: "\(number)-1")
    }

    /// A copy, a rebuilt copy, a copy through another door, or an amendment of something asked before.
    private func askAgain() {
        guard checker.numbers > 0 else { return }
        let number = "HZ-\(1 + dice.below(checker.numbers))"
        guard let (owner, first) = checker.applications[number], let site = sites.first(where: { $0.id == owner })
        else { return }
        var application = first
        var message = "\(number)-1"
        var byFHIR = site.profile.format != .hl7v2 || !application.attachments.isEmpty
        switch dice.below(5) {
        case 0: break
        case 1: message = "\(number)-copy\(dice.below(4))"
        case 2:
            byFHIR = true
            message = "\(number)-fhir"
        default:
            application[.summary] = "病情变化 \(dice.below(50))"
            checker.applications[number] = (owner, application)
            message = "\(number)-new\(dice.below(30))"
        }
        send(application, for: site, byFHIR: byFHIR, message: message)
    }

    // MARK: Cases

    /// Somebody does what an open case is waiting for, or does not.
    private func attend() throws {
        guard let row = dice.pick(try hub.flow.openCases(limit: 60)) else { return }
        if dice.happens(15) { return }
        try move(row.id)
    }

    /// Brings one case to its end when the storm is over.
    func finish(_ id: CaseID) throws { try move(id) }

    private func move(_ id: CaseID) throws {
        guard let facts = try hub.cases.facts(id) else { throw Fault("\(id) is listed and does not exist") }
        let owner = Scenery.doctor(facts.requester.site)
        switch facts.phase {
        case .infoNeeded:
            if dice.happens(75) {
                perform(recordConsent(), on: facts, by: owner)
            } else {
                perform(.cancel(.resolved, note: "不再需要"), on: facts, by: owner)
            }
        case .queued: if dice.happens(isStormy ? 5 : 50) { perform(.cancel(.other, note: nil), on: facts, by: owner) }
        case .offered:
            guard let offer = dice.pick(facts.liveOffers) else { return }
            if isStormy, dice.happens(20) { return }
            let accepts = dice.happens(70)
            respond(facts, offer, accepts: accepts)
        case .accepted where !facts.consent.permitsDisclosure:
            perform(.cancel(.patientWithdrew, note: nil), on: facts, by: owner)
        case .accepted, .inSession:
            guard let offer = facts.acceptedOffer else { return }
            let performer = Scenery.doctor(offer.place.site)
            switch dice.below(10) {
            case 0 where isStormy: perform(.fail(.connection, note: "断线"), on: facts, by: performer, offer: offer)
            case 1 where isStormy: perform(.cancel(.patientTransferred, note: nil), on: facts, by: owner)
            case 2...3 where facts.phase == .accepted: perform(.start, on: facts, by: performer, offer: offer)
            default: report(facts, offer)
            }
        case .reported: close(facts)
        case .unroutable:
            if isStormy, dice.happens(50) {
                let office = Scenery.administrator(sites[3].id)
                perform(.requeue(site: dice.happens(50) ? dice.pick(sites)?.id : nil), on: facts, by: office)
            } else {
                perform(.cancel(.other, note: nil), on: facts, by: owner)
            }
        default: break
        }
    }

    private func recordConsent() -> Act {
        var elements = Elements<Element>()
        elements[.consentBasis] = "written"
        elements[.consentReference] = "GD-\(dice.below(1_000))"
        return .recordConsent(elements)
    }

    private func respond(_ facts: Consultation, _ offer: Offer, accepts: Bool) {
        guard let site = sites.first(where: { $0.id == offer.place.site }) else { return }
        if site.profile.format == .hl7v2 {
            checker.answers += 1
            let bytes = Messages(sites: sites)
                .decision(facts.id, accepts: accepts, from: site, message: "R\(checker.answers)", at: now)
            errands.append(Errand(principal: Scenery.node(site.id), content: .hl7(bytes)))
        } else {
            perform(
                accepts ? .accept(appointment: "明天九点") : .decline(.noCapacity, note: "满"),
                on: facts,
                by: Scenery.doctor(site.id),
                offer: offer
            )
        }
    }

    private func report(_ facts: Consultation, _ offer: Offer) {
        guard let site = sites.first(where: { $0.id == offer.place.site }) else { return }
        if site.profile.format == .hl7v2 {
            checker.answers += 1
            let bytes = Messages(sites: sites)
                .report(facts.id, from: site, message: "U\(checker.answers)", at: now)
            errands.append(Errand(principal: Scenery.node(site.id), content: .hl7(bytes)))
        } else {
            perform(Messages.signedReport(site, at: now), on: facts, by: Scenery.doctor(site.id), offer: offer)
        }
    }

    private func close(_ facts: Consultation) {
        guard let site = sites.first(where: { $0.id == facts.requester.site }) else { return }
        if site.profile.format == .hl7v2 {
            checker.answers += 1
            let bytes = Messages(sites: sites)
                .closure(facts.id, from: site, message: "K\(checker.answers)", at: now)
            errands.append(Errand(principal: Scenery.node(site.id), content: .hl7(bytes)))
        } else {
            perform(.close(.adopted, reason: nil, rating: 5, note: nil), on: facts, by: Scenery.doctor(site.id))
        }
    }

    /// One act, in its FHIR form where it has one and the site speaks FHIR, else as the client's verb.
    private func perform(_ act: Act, on facts: Consultation, by principal: Principal, offer: Offer? = nil) {
        let site = sites.first { $0.id == principal.site }
        if site?.profile.format == .fhir, dice.happens(70),
            let message = FHIRAdapter.encode(act, on: facts.id, offer: offer?.number, at: now)
        {
            errands.append(
                Errand(
                    principal: principal,
                    content: .fhir(method: message.method, path: message.path, body: message.body)
                )
            )
        } else {
            var errand = Errand(principal: principal, content: .act(.id(facts.id), act))
            if let offer, dice.happens(30) { errand.ifMatch = offer.version }
            errands.append(errand)
        }
    }

    /// Somebody does something that is mostly not theirs to do.
    private func anybody() throws {
        guard let row = dice.pick(try hub.flow.openCases(limit: 60)), let facts = try hub.cases.facts(row.id),
            let site = dice.pick(sites)
        else { return }
        let acts: [Act] = [
            .accept(appointment: nil), .decline(.other, note: nil), .start, Messages.signedReport(site, at: now),
            .close(.not, reason: .disagreed, rating: nil, note: nil), .withdrawConsent, .cancel(.duplicate, note: nil),
            recordConsent(), .requeue(site: nil), .fail(.other, note: nil), .notYetOffered("triage"), .void(note: nil),
        ]
        guard let act = dice.pick(acts) else { return }
        perform(act, on: facts, by: Scenery.doctor(site.id), offer: facts.offers.last)
    }

    // MARK: The network

    private func administer() throws {
        guard let site = dice.pick(sites), let cardiology = Scenery.cardiology else { return }
        let chief = Scenery.administrator(sites[3].id)
        let command: (NetworkCommand, Principal?)? =
            switch dice.below(4) {
            case 0: (.channel(site.id, isLive: dice.happens(70)), nil)
            case 1 where site.id != sites[3].id: (.setStatus(site.id, dice.happens(70) ? .active : .suspended), chief)
            case 2 where site.id != sites[0].id:
                (.setCapacity(site.id, cardiology, 1 + dice.below(3)), Scenery.administrator(site.id))
            default: (.channel(site.id, isLive: true), nil)
            }
        guard let (command, principal) = command else { return }
        _ = try commit([.network(command, by: principal, payload: nil)])
    }

    /// A site reads a case: what it may see, and a record of it.
    private func read() throws {
        guard let row = dice.pick(try hub.flow.openCases(limit: 60)), let site = dice.pick(sites) else { return }
        let principal = Scenery.doctor(site.id)
        do {
            let view = try hub.cases.view(row.id, as: hub.network.actor(principal), in: hub.network)
            guard view.discloses else { return }
            let entry = AccessEntry(
                caseID: row.id,
                principal: principal,
                site: site.id,
                content: .application,
                firstAt: now,
                count: 1
            )
            _ = try commit([.accesses([entry])])
        } catch let error as Refusal {
            guard error.code == .notFound || error.code == .siteSuspended else { throw error }
        }
    }
}
