import ConsiliumCore

/// Acts on cases, within a commit group.
extension Transaction {
    func act(_ prepared: PreparedAct) throws -> Receipt {
        let actor = try ledger.network.actor(prepared.principal, for: prepared.stated)
        let id = try resolve(prepared.reference, actor)
        if let repeated = try repeated(prepared.identity, on: id) { return repeated }
        guard let facts = try state(of: id) else { throw Refusal(.notFound) }
        try requireRelation(facts, actor, prepared.act)
        if try erasedAt(id) != nil { throw Refusal(.erased) }
        let translation = try translate(prepared, facts, actor)
        let events = try Consultation.decide(
            translation.command,
            on: facts,
            id: id,
            in: context(actor, expectedVersion: prepared.expectedVersion)
        )
        guard !events.isEmpty else {
            return Receipt(caseID: id, outcome: .done, phase: facts.phase, version: facts.version, recordHash: [])
        }
        // A report that starts the session first carries its payload on the report, not on the start.
        let index = events.firstIndex { $0.type == translation.carrier } ?? 0
        let sequence = facts.version + 1 + index
        let key = try caseKey(of: id)
        var sealed: (Int, [UInt8], [UInt8])?
        if let payload = translation.payload {
            sealed = try seal(payload, sequence: sequence, of: id, key: key, at: index)
        }
        let (next, hash) = try append(
            events,
            to: id,
            from: facts,
            actor: actor,
            door: prepared.door,
            sealed: sealed,
            message: prepared.identity
        )
        let parts = try ledger.intake.seal(
            translation.attachments,
            prefix: translation.prefix,
            source: prepared.source ?? [],
            sequence: sequence,
            of: id,
            key: key,
            entropy: &ledger.entropy
        )
        try insert(parts, of: id, sequence: sequence)
        switch prepared.door {
        case .mllp, .exchange: try noteConformance(of: prepared.principal.site, .hl7v2)
        case .fhir: try noteConformance(of: prepared.principal.site, .fhir)
        // A verb of the client is no message.
        case .network, .console, nil: break
        }
        return Receipt(caseID: id, outcome: .done, phase: next.phase, version: next.version, recordHash: hash)
    }

    /// The receipt of a message that came before for this case: the same when it says the same, else a refusal.
    private func repeated(_ identity: MessageIdentity?, on id: CaseID) throws -> Receipt? {
        guard let identity else { return nil }
        let before = try connection.first(
            Statements.messageKey,
            [.identifier(id), .blob(identity.key), .blob(identity.content)]
        ) {
            (content: $0.blob(0), version: $0.int(1))
        }
        guard let before else { return nil }
        guard before.content == identity.content else { throw Refusal(.messageReused) }
        return Receipt(
            caseID: id,
            outcome: .alreadyReceived,
            phase: try state(of: id)?.phase,
            version: before.version,
            recordHash: []
        )
    }

    private func resolve(_ reference: CaseReference, _ actor: Actor) throws -> CaseID {
        switch reference {
        case .id(let id): return id
        case .requestNumber(let number):
            guard let site = actor.site else { throw Refusal(.notFound) }
            let key = ledger.intake.requestKey(site: site, number: number)
            guard let id = try connection.first(Statements.caseOfRequest, [.blob(key)], { try $0.identifier(0) }) else {
                throw Refusal(.notFound)
            }
            return id
        }
    }

    /// A stranger is told "not found"; a site whose offer has ended may still learn that it has.
    private func requireRelation(_ facts: Consultation, _ actor: Actor, _ act: Act) throws {
        guard let site = actor.site else { throw Refusal(.notFound) }
        if facts.relation(of: site, coordinates: ledger.network.coordinates(actor)) != nil { return }
        switch act {
        // Who is to rate had nothing to do with the case; its command looks at that.
        case .rateTierAgain: return
        case .accept, .decline:
            if facts.offers.contains(where: { $0.place.site == site }) { return }
            throw Refusal(.notFound)
        default: throw Refusal(.notFound)
        }
    }

    /// An act as a command of facts, and what of it is to be sealed.
    private struct Translation {
        var command: Command
        /// Type of the event that carries the payload.
        var carrier: String
        var payload: Payload?
        var attachments: [Attachment] = []
        var prefix = ""
    }

    private func translate(_ prepared: PreparedAct, _ facts: Consultation, _ actor: Actor) throws -> Translation {
        func note(_ text: String?) -> Payload? {
            text.flatMap { $0.isEmpty ? nil : Payload("note", $0) }
        }
        switch prepared.act {
        case .accept(let appointment):
            return Translation(
                command: .accept,
                carrier: "accepted",
                payload: appointment.flatMap { $0.isEmpty ? nil : Payload("appointment", $0) }
            )
        case .decline(let reason, let text):
            return Translation(command: .decline(reason), carrier: "declined", payload: note(text))
        case .start: return Translation(command: .start, carrier: "started")
        case .report(let report, let signature):
            return try translate(report, signature, prepared, facts)
        case .fail(let reason, let text):
            return Translation(command: .fail(reason), carrier: "failed", payload: note(text))
        case .close(let decision, let reason, let rating, let text):
            return Translation(
                command: .close(decision, reason: reason, rating: rating),
                carrier: "closed",
                payload: note(text)
            )
        case .cancel(let reason, let text):
            return Translation(command: .cancel(reason), carrier: "cancelled", payload: note(text))
        case .void(let text): return Translation(command: .void, carrier: "entered-in-error", payload: note(text))
        case .recordConsent(let elements, let pages): return try translate(consent: elements, pages, facts)
        case .withdrawConsent: return Translation(command: .withdrawConsent, carrier: "consent-withdrawn")
        case .answer(let application): return try translate(answer: application, prepared, facts)
        case .note(let text): return Translation(command: .note, carrier: "noted", payload: note(text))
        case .requeue(let site): return Translation(command: .requeue(site: site), carrier: "queued")
        case .recordOutcome(let outcome, let text):
            return Translation(command: .recordOutcome(outcome), carrier: "outcome-recorded", payload: note(text))
        case .rateTierAgain(let tier):
            let isAssigned = actor.site.map { ledger.governance.isRater($0, of: facts.id, at: now) } ?? false
            return Translation(command: .rateTierAgain(tier, isAssigned: isAssigned), carrier: "tier-rated-again")
        case .price(let gross, let lines):
            return Translation(command: .price(gross: gross, lines: lines), carrier: "priced")
        case .settle: return Translation(command: .settle, carrier: "settled")
        case .dispute(let lines, let text):
            return Translation(command: .dispute(lines: lines), carrier: "settlement-disputed", payload: note(text))
        case .notYetOffered(let step): return Translation(command: .notYetOffered(step), carrier: "")
        }
    }

    private func translate(
        _ report: Report,
        _ signature: Signature,
        _ prepared: PreparedAct,
        _ facts: Consultation
    ) throws -> Translation {
        let number = facts.reportNumber + 1
        var report = report
        if signature.kind != .operator {
            // What an operator's JWS binds by itself, the other kinds have in the sealed report.
            report[.expert] = report[.expert] ?? signature.doctor
            report[.expertLicence] = report[.expertLicence] ?? signature.licence
        }
        var payload = Payload(report: report, number: number) { hexadecimal(sha256($0)) }
        payload.signature = signature.jws
        func coded<Value: RawRepresentable>(_ element: ReportElement) throws -> Value? where Value.RawValue == String {
            guard let text = report[element] else { return nil }
            guard let value = Value(rawValue: text) else { throw Refusal(.unknownCode, at: element.rawValue, text) }
            return value
        }
        let reportFacts = ReportFacts(
            disposition: try coded(.disposition),
            appropriateTier: try coded(.appropriateTier),
            signature: signature.kind,
            signatureHolds: prepared.signatureHolds,
            caseVersion: signature.caseVersion,
            licence: ledger.intake.licence(signature.licence, of: signature.doctor),
            present: Set(report.elements.sorted.map(\.key)),
            attachments: report.attachments.count,
            digests: ledger.intake.digests(of: report)
        )
        return Translation(
            command: .report(reportFacts),
            carrier: "reported",
            payload: payload,
            attachments: report.attachments,
            prefix: "report-\(number)"
        )
    }

    private func translate(
        consent elements: Elements<Element>,
        _ pages: [Attachment],
        _ facts: Consultation
    ) throws -> Translation {
        guard let site = ledger.network.sites[facts.requester.site] else { throw Refusal(.siteUnknown) }
        // What is recorded with consent is shown as the application's: nothing else of it may be changed this way.
        if let other = elements.sorted.map(\.key).first(where: { !Element.consent.contains($0) }) {
            throw Refusal(.invalidValue, at: other.rawValue)
        }
        let consent = try ApplicationFacts.consent(in: elements, site: site, after: facts.consent)
        var statement = Application()
        statement.elements = elements
        statement.attachments = pages
        let prefix = "consent-\(facts.version + 1)"
        return Translation(
            command: .recordConsent(consent, ledger.intake.digests(of: elements)),
            carrier: "consent-recorded",
            payload: Payload(application: statement, prefix: prefix) { hexadecimal(sha256($0)) },
            attachments: pages,
            prefix: prefix
        )
    }

    /// An answer is a copy of the request that carries only what changes.
    private func translate(
        answer application: Application,
        _ prepared: PreparedAct,
        _ facts: Consultation
    ) throws -> Translation {
        guard let site = ledger.network.sites[facts.requester.site] else { throw Refusal(.siteUnknown) }
        let copy = try ApplicationFacts(
            application,
            of: Submission(intent: .application(application), format: .client),
            requester: site,
            via: nil,
            requestKey: facts.requestKey,
            digests: ledger.intake.digests(of: application),
            at: now
        )
        let sequence = facts.version + 1
        let payload = Payload(application: application, prefix: "application-\(sequence)") { hexadecimal(sha256($0)) }
        return Translation(
            command: .resubmit(copy),
            carrier: "amended",
            payload: payload,
            attachments: application.attachments,
            prefix: "application-\(sequence)"
        )
    }
}
