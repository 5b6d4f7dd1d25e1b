import ConsiliumCore

/// Registers, samples and assessments, within a commit group.
extension Transaction {
    func govern(_ command: GovernanceCommand, by principal: Principal?) throws -> Receipt {
        let actor = try principal.map { (p) throws(Refusal) in try ledger.network.actor(p) } ?? .hub
        let id = ledger.entropy.identifier(at: now)
        // A store that cannot be read is no evidence that does not exist.
        var failure: (any Error)?
        let events = try ledger.governance.decide(
            try complete(command, by: actor),
            by: actor,
            at: now,
            in: ledger.network,
            evidence: { evidence in
                do {
                    return try exists(evidence)
                } catch {
                    failure = error
                    return true
                }
            },
            id: id
        )
        if let failure { throw failure }
        if case .checkSample(let check, let id) = command, !events.isEmpty { try requireOwner(of: check, id) }
        let hash = try append(events, by: actor)
        return Receipt(
            caseID: nil,
            outcome: .done,
            phase: nil,
            version: ledger.governance.version,
            recordHash: hash,
            entry: events.isEmpty ? nil : id
        )
    }

    /// The first message that is taken whole from an approved site is its conformance pass (IDR3), once. What is held, or
    /// repeats what came before, shows nothing. Must be an input's last step: it moves the ledger's memory.
    func noteConformance(of site: SiteID, _ format: ExchangeProfile.Format) throws {
        guard let known = ledger.governance.onboardings[site], known.passedOn == nil else { return }
        _ = try append([.conformancePassed(site, format)], by: .hub)
    }

    /// Returns the leaf hash of the last record written.
    private func append(_ events: [GovernanceEvent], by actor: Actor) throws -> [UInt8] {
        var hash: [UInt8] = []
        for event in events {
            let header = RecordHeader(
                stream: .governance,
                sequence: ledger.governance.version + 1,
                type: event.type,
                time: now,
                actor: actor.principal,
                site: actor.site,
                salt: ledger.entropy.bytes(16),
                payload: nil
            )
            hash = try insert(header, header.encode { event.write(to: &$0) })
            ledger.evolveGovernance(event, header)
            switch event {
            case .breakGlassOpened(_, let opening): ledger.effects.sites.formUnion(opening.sites)
            case .secondRatingsAssigned(_, let raters): ledger.effects.sites.formUnion(raters.map(\.site))
            default: break
            }
        }
        return hash
    }

    /// What is known of a case says its record, not who asks about it.
    private func complete(_ command: GovernanceCommand, by actor: Actor) throws -> GovernanceCommand {
        if case .revealSample(let reveal, let digest, let drawn) = command, reveal.purpose == .secondRating,
            actor.roles.contains(.auditor), let period = GovernancePeriod(reveal.period)
        {
            return .revealSample(reveal, digest: digest, drawn: try complete(drawn, reveal.references, period))
        }
        guard case .breakGlass(var opening) = command else { return command }
        guard let facts = try state(of: opening.caseID) else { throw Refusal(.notFound) }
        if try erasedAt(opening.caseID) != nil { throw Refusal(.erased) }
        let sites = [facts.requester.site, facts.acceptedOffer?.place.site].compactMap { $0 }
        opening.sites = Set(sites).sorted()
        return .breakGlass(opening)
    }

    /// Originals are shown by the site that asked for the case, and by nobody else.
    private func requireOwner(of check: Sample.Check, _ id: CaseID?) throws {
        guard let id, let period = GovernancePeriod(check.period), try isNamed(id, check.reference, period),
            try state(of: id)?.requester.site == check.site
        else { throw Refusal(.invalidValue, at: "site", "\(check.site) did not ask for \(check.reference)") }
    }

    /// Whoever asks has looked for the case of a reference among all of them, away from this thread; here one hash tells.
    private func isNamed(_ id: CaseID, _ reference: String, _ period: GovernancePeriod) throws -> Bool {
        let kind = SQLValue.int(StreamKind.consultation.number)
        let first = try connection.first(Statements.firstHash, [kind, .identifier(id)]) { $0.blob(0) }
        return first.map { AuditReference($0, period).description == reference } ?? false
    }

    /// The cases of `references` as they stand; those that can no longer be rated, or shown to anybody, are left out.
    private func complete(
        _ drawn: [Sample.Drawn],
        _ references: [String],
        _ period: GovernancePeriod
    ) throws -> [Sample.Drawn] {
        guard drawn.count == references.count else {
            throw Refusal(.invalidValue, at: "references", "each with its case")
        }
        var known: [Sample.Drawn] = []
        for (item, reference) in zip(drawn, references) {
            guard try isNamed(item.caseID, reference, period) else {
                throw Refusal(.notFound, at: "reference", reference)
            }
            guard let facts = try state(of: item.caseID), facts.isRatable, try erasedAt(item.caseID) == nil
            else { continue }
            known.append(Sample.Drawn(facts))
        }
        return known
    }

    /// An event by its position: `network/SEQUENCE`, `governance/SEQUENCE` or `PSEUDONYM/SEQUENCE` of a case. A document
    /// whose digest stands in a register; an entry of a register.
    private func exists(_ evidence: Assessment.Evidence) throws -> Bool {
        guard evidence.kind == .event else { return ledger.governance.holds(evidence) }
        let parts = evidence.reference.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int(parts[1]), String(sequence) == parts[1] else { return false }
        let stream: StreamID? =
            switch parts[0] {
            case "network": .network
            case "governance": .governance
            default: ledger.intake.caseID(of: String(parts[0])).map { StreamID(.consultation, $0) }
            }
        guard let stream else { return false }
        return try connection.first(
            Statements.eventIsKnown,
            [.int(stream.kind.number), .identifier(stream.id), .int(sequence)]
        ) { _ in true } ?? false
    }
}

extension Governance {
    /// Whether the registers hold a document of that digest, or an entry of that identifier.
    fileprivate func holds(_ evidence: Assessment.Evidence) -> Bool {
        let reference = evidence.reference
        switch evidence.kind {
        case .event: return false
        case .document:
            return contracts.values.contains { $0.document == reference }
                || self.evidence.values.contains { $0.contains { $0.document == reference } }
        case .register:
            if let id = TimeOrderedID(reference), findings[id] != nil || incidents[id] != nil { return true }
            return partners[reference] != nil || contracts[reference] != nil || obligations[reference] != nil
                || rulePacks[reference] != nil || SiteID(reference).map { onboardings[$0] != nil } ?? false
        }
    }
}
