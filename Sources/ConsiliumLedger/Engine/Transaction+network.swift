package import ConsiliumCore

/// Commands about the network itself, deliveries, disclosures and erasures, within a commit group.
extension Transaction {
    func change(_ command: NetworkCommand, by principal: Principal?, payload: [UInt8]?) throws -> Receipt {
        let actor = try principal.map { (p) throws(Refusal) in try ledger.network.actor(p) } ?? .hub
        return try append(try ledger.network.decide(command, by: actor, at: now), by: actor, payload: payload)
    }

    /// Appends events of the network's stream and folds them.
    func append(_ events: [NetworkEvent], by actor: Actor, payload: [UInt8]?) throws -> Receipt {
        var hash: [UInt8] = []
        var revoked = false
        for (index, event) in events.enumerated() {
            let sequence = ledger.networkSequence + 1
            var digest: [UInt8]?
            if index == 0, let payload {
                let sealed = try Sealer.seal(
                    payload,
                    key: ledger.intake.keys.dataKey(purpose: "network"),
                    context: SealContext(stream: StreamID.network.id, version: Int64(sequence), part: "payload"),
                    entropy: &ledger.entropy
                )
                digest = sha256(sealed)
                try connection.execute(
                    Statements.insertPayload,
                    [.identifier(StreamID.network.id), .int(sequence), .blob(sealed)]
                )
            }
            let header = RecordHeader(
                stream: .network,
                sequence: sequence,
                type: event.type,
                time: now,
                actor: actor.principal,
                site: actor.site,
                salt: ledger.entropy.bytes(16),
                payload: digest
            )
            hash = try insert(header, header.encode { event.write(to: &$0) })
            updateNetwork(event, header)
            switch event {
            case .revoked, .siteStatus, .actsForRemoved: revoked = true
            default: break
            }
        }
        if revoked { ledger.effects.revoked = true }
        return Receipt(caseID: nil, outcome: .done, phase: nil, version: ledger.network.version, recordHash: hash)
    }

    // MARK: Deliveries

    func fix(_ id: DeliveryID, controlID: String, bytes: [UInt8]) throws -> Receipt {
        guard let caseID = try connection.first(Statements.delivery, [.identifier(id)], { try $0.identifier(1) }) else {
            throw Refusal(.notFound)
        }
        let sealed = try Sealer.seal(
            bytes,
            key: try caseKey(of: caseID),
            context: SealContext(stream: id, version: 0, part: "delivery"),
            entropy: &ledger.entropy
        )
        try connection.execute(Statements.insertAttempt, [.identifier(id), .text(controlID), .blob(sealed)])
        return done(caseID)
    }

    func settle(_ id: DeliveryID, _ outcome: DeliveryOutcome, by principal: Principal?) throws -> Receipt {
        let row = try connection.first(Statements.delivery, [.identifier(id)]) {
            (
                caseID: try $0.identifier(1), site: $0.text(3), state: $0.optionalText(6),
                version: $0.isNull(8) ? 0 : $0.int(8)
            )
        }
        guard let row, let site = SiteID(row.site) else { throw Refusal(.notFound) }
        let actor = try principal.map { (p) throws(Refusal) in try ledger.network.actor(p) } ?? .hub
        if let own = actor.site, own != site, !actor.roles.contains(.networkAdministrator) { throw Refusal(.notFound) }
        let event: DeliveryEvent
        switch outcome {
        case .failed(let problem, let retryAt):
            try connection.execute(
                Statements.countAttempt,
                [.identifier(id), .time(retryAt), .text(String(problem.prefix(200)))]
            )
            return done(row.caseID)
        case .acknowledged: event = .acknowledged
        case .dead(let problem): event = .dead(reason: problem)
        case .redriven: event = .redriven
        case .discarded(let why): event = .discarded(reason: why)
        case .superseded: event = .superseded
        }
        if let reason = event.reason, !Principal.isName(reason) {
            throw Refusal(.reasonRequired, at: "reason", "a code")
        }
        let isOpen = row.state == nil || row.state == "redriven"
        switch outcome {
        case .redriven: guard row.state == "dead" else { throw Refusal(.wrongState, at: nil, row.state ?? "pending") }
        case .discarded: guard isOpen || row.state == "dead" else { throw Refusal(.wrongState, at: nil, row.state) }
        default: guard isOpen else { return done(row.caseID) }
        }
        let sequence = row.version + 1
        let header = RecordHeader(
            stream: StreamID(.delivery, id),
            sequence: sequence,
            type: event.type,
            time: now,
            actor: actor.principal,
            site: actor.site,
            salt: ledger.entropy.bytes(16),
            payload: nil
        )
        let hash = try insert(header, header.encode { event.write(to: &$0) })
        try connection.execute(
            Statements.putDeliveryOutcome,
            [.identifier(id), .text(event.state), .optional(event.reason), .int(sequence), .time(now)]
        )
        if outcome == .redriven { try connection.execute(Statements.resetAttempts, [.identifier(id)]) }
        ledger.effects.deliveries.insert(site)
        return Receipt(caseID: row.caseID, outcome: .done, phase: nil, version: sequence, recordHash: hash)
    }

    private func done(_ id: CaseID) -> Receipt {
        Receipt(caseID: id, outcome: .done, phase: nil, version: 0, recordHash: [])
    }

    // MARK: Disclosure, quarantine, erasure

    func record(_ entries: [AccessEntry]) throws -> Receipt {
        for entry in entries {
            let kind = StreamKind.access.number
            let last = try connection.first(Statements.lastSequence, [.int(kind), .identifier(entry.caseID)]) {
                $0.isNull(0) ? 0 : $0.int(0)
            }
            let sequence = (last ?? 0) + 1
            let event = AccessEvent(content: entry.content, firstAt: entry.firstAt, count: entry.count)
            let header = RecordHeader(
                stream: StreamID(.access, entry.caseID),
                sequence: sequence,
                type: AccessEvent.type,
                time: now,
                actor: entry.principal,
                site: entry.site,
                salt: ledger.entropy.bytes(16),
                payload: nil
            )
            try disclose(entry)
            _ = try insert(header, header.encode { event.write(to: &$0) })
            try connection.execute(
                Statements.insertAccess,
                [
                    .identifier(entry.caseID), .int(sequence), .text(entry.principal.description),
                    .text(entry.site.description), .text(entry.content.rawValue), .time(entry.firstAt),
                    .int(entry.count),
                ]
            )
        }
        return Receipt(caseID: nil, outcome: .done, phase: nil, version: 0, recordHash: [])
    }

    /// Counts a disclosure that comes before all others to another site than the case's own; the rest changes no count, so
    /// that a case which is not at hand need not be folded for it.
    private func disclose(_ entry: AccessEntry) throws {
        if ledger.recent[entry.caseID] == nil {
            let known = try connection.first(Statements.disclosedAt, [.identifier(entry.caseID)]) {
                (owner: $0.text(0), first: $0.optionalTime(1))
            }
            guard let known, known.owner != entry.site.description, known.first.map({ entry.firstAt < $0 }) ?? true
            else { return }
        }
        guard let before = try counted(entry.caseID) else { return }
        var after = before
        guard after.disclose(to: entry.site, at: entry.firstAt) else { return }
        ledger.remember(after, as: entry.caseID)
        let cells = [before, after].map { $0.disclosure(offsetMinutes: MeasureCounter.offsetMinutes) }
        ledger.count(cells[0].map { [$0] } ?? [], times: -1)
        ledger.count(cells[1].map { [$0] } ?? [], times: 1)
    }

    func quarantine(_ frame: QuarantinedFrame) throws -> Receipt {
        let id = ledger.entropy.identifier(at: now)
        let day = CivilTime(now, offsetMinutes: 0)
        let sealed = try Sealer.seal(
            frame.bytes,
            key: ledger.intake.keys.quarantineKey(site: frame.site.description, year: day.year, month: day.month),
            context: SealContext(stream: id, version: 0, part: "quarantine"),
            entropy: &ledger.entropy
        )
        try connection.execute(
            Statements.insertQuarantine,
            [
                .identifier(id), .text(frame.site.description), .text(frame.principal.description), .time(now),
                .text(frame.door.rawValue), .text(frame.code), .text(frame.location), .int(frame.bytes.count),
                .blob(sealed),
            ]
        )
        try connection.execute(
            Statements.trimQuarantine,
            [.text(frame.site.description), .int(ledger.options.quarantinePerSite)]
        )
        try connection.execute(
            Statements.expireQuarantine,
            [.time(now - .days(ledger.options.quarantineDays))]
        )
        return Receipt(caseID: nil, outcome: .done, phase: nil, version: 0, recordHash: [])
    }

    /// Writes only the register of erasures; events, counts and proofs stay.
    func erase(_ id: CaseID, by principal: String) throws -> Receipt {
        guard try state(of: id) != nil else { throw Refusal(.notFound) }
        try Erasure.register(id, by: principal, at: now, in: connection)
        return done(id)
    }
}

/// Destroys key and content of a case; also applied after a restore, before serving.
package enum Erasure {
    /// Erases cases of a stopped hub, in one transaction: the register of erasures is written, and nothing else of the
    /// ledger moves: no event, no timer, no lease.
    ///
    /// - Returns: those that the ledger holds; the others are left out.
    package static func run(_ ids: [CaseID], by person: String, at now: Instant, in store: Store) throws -> Set<CaseID>
    {
        try store.write { connection in
            var erased: Set<CaseID> = []
            for id in ids where try CaseFolder(connection).fold(id) != nil {
                try register(id, by: person, at: now, in: connection)
                erased.insert(id)
            }
            return erased
        }
    }

    static func register(
        _ id: CaseID,
        by person: String,
        at now: Instant,
        in connection: any SQLConnection
    ) throws {
        try connection.execute(Statements.insertErasure, [.identifier(id), .time(now), .text(person)])
        try destroy(id, in: connection)
    }

    package static func destroy(_ id: CaseID, in connection: any SQLConnection) throws {
        try connection.execute(Statements.eraseAttempts, [.identifier(id)])
        for statement in [
            Statements.erasePayloads, Statements.eraseBlobs, Statements.eraseKey, Statements.eraseBlindIndex,
        ] {
            try connection.execute(statement, [.identifier(id)])
        }
    }
}
