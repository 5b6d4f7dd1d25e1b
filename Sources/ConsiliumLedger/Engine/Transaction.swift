package import ConsiliumCore

/// One commit group in the making, on the ledger's thread.
struct Transaction {
    let ledger: Ledger
    let connection: any SQLConnection
    let now: Instant

    /// Decides one input on its own: a refusal never fails its neighbours, a failing store fails the group.
    ///
    /// What is refused is refused before anything of it is written, so no savepoint is needed; where one would have
    /// been, `halfWritten` is thrown and the group begins again with `isGuarded`.
    func carryOut(_ input: Input, isGuarded: Bool) throws -> Result<Receipt, InputFailure> {
        ledger.journal = Journal()
        let before = connection.changes
        do {
            return .success(
                isGuarded ? try connection.savepoint { try receipt(for: input) } : try receipt(for: input)
            )
        } catch let error as StoreError where !error.code.isConstraint {
            throw error
        } catch {
            guard isGuarded || connection.changes == before else { throw LedgerError.halfWritten }
            ledger.undoJournal()
            // The schema's word is final: another command of this group, or an earlier one, was first.
            return .failure(error is StoreError ? .refused(Refusal(.alreadyAccepted)) : Ledger.failure(error))
        }
    }

    private func receipt(for input: Input) throws -> Receipt {
        switch input {
        case .submit(let submission): return try submit(submission)
        case .act(let act): return try self.act(act)
        case .network(let command, let principal, let payload):
            return try change(command, by: principal, payload: payload)
        case .governance(let command, let principal): return try govern(command, by: principal)
        case .fixDelivery(let id, let controlID, let bytes): return try fix(id, controlID: controlID, bytes: bytes)
        case .deliveryOutcome(let id, let outcome, let principal): return try settle(id, outcome, by: principal)
        case .accesses(let entries): return try record(entries)
        case .quarantine(let frame): return try quarantine(frame)
        case .erase(let id, let principal): return try erase(id, by: principal)
        }
    }

    // MARK: Cases

    /// The folded state of a case; nil when there is none.
    func state(of id: CaseID) throws -> Consultation? { try counted(id)?.facts }

    /// The same, with what its measures need beside it.
    func counted(_ id: CaseID) throws -> CountedCase? {
        if let known = ledger.recent[id] { return known }
        guard var counted = try MeasureEvents(connection: connection).fold(id) else { return nil }
        try connection.query(Statements.firstDisclosures, [.identifier(id)]) { row in
            if let site = SiteID(row.text(0)) { counted.disclose(to: site, at: row.time(1)) }
        }
        // In the journal, because it may hold what the input in hand has written.
        ledger.remember(counted, as: id)
        return counted
    }

    private func submit(_ submission: PreparedSubmission) throws -> Receipt {
        let actor = try ledger.network.actor(submission.principal, for: submission.stated)
        guard actor.site == submission.facts.requester.site else { throw Refusal(.busy) }
        let key = submission.facts.requestKey
        if submission.facts.present.contains(.requestNumber),
            let existing = try connection.first(Statements.caseOfRequest, [.blob(key)], { try $0.identifier(0) })
        {
            return try join(submission, existing, actor)
        }
        let events = try Consultation.decide(
            .submit(submission.facts),
            on: nil,
            id: submission.candidate,
            in: context(actor)
        )
        try connection.execute(
            Statements.insertCaseKey,
            [
                .identifier(submission.candidate), .int(submission.wrapped.masterVersion),
                .blob(submission.wrapped.bytes),
            ]
        )
        try connection.execute(Statements.insertRequestKey, [.blob(key), .identifier(submission.candidate)])
        let (facts, hash) = try append(
            events,
            to: submission.candidate,
            from: nil,
            actor: actor,
            door: submission.door,
            sealed: (0, submission.sealedPayload, submission.payloadDigest),
            message: submission.identity
        )
        try insert(submission.blobs, of: submission.candidate, sequence: 1)
        let site = submission.facts.requester.site
        for digest in submission.blindIndex {
            try connection.execute(
                Statements.insertBlindIndex,
                [.text(site.description), .blob(digest), .identifier(submission.candidate)]
            )
        }
        let held = facts.phase == .infoNeeded && facts.gaps.contains(.mapping)
        if !held { try noteConformance(of: submission.principal.site, submission.facts.format) }
        return Receipt(
            caseID: facts.id,
            outcome: held ? .held : .accepted,
            phase: facts.phase,
            version: facts.version,
            recordHash: hash
        )
    }

    /// A request number always decides alone: the copy joins its case, amends it, or is refused.
    private func join(_ submission: PreparedSubmission, _ id: CaseID, _ actor: Actor) throws -> Receipt {
        guard let facts = try state(of: id) else { throw RecordError("request key without a case") }
        let changed = facts.digests.changes(in: submission.facts.digests)
        let message = submission.identity
        // The same message again says nothing new, even where the case was amended or noted since.
        if try connection.first(
            Statements.knownMessage,
            [.identifier(id), .blob(message.key), .blob(message.content)],
            { _ in true }
        ) != nil {
            return Receipt(
                caseID: id,
                outcome: .alreadyReceived,
                phase: facts.phase,
                version: facts.version,
                recordHash: []
            )
        }
        if try erasedAt(id) != nil { throw Refusal(.erased) }
        let events = try Consultation.decide(.resubmit(submission.facts), on: facts, id: id, in: context(actor))
        let key = try caseKey(of: id)
        let sequence = facts.version + 1
        var sealed: (Int, [UInt8], [UInt8])?
        if !changed.isEmpty {
            var payload = Payload(application: submission.application, prefix: "application-\(sequence)") {
                hexadecimal(sha256($0))
            }
            payload.keep(Set(changed.names))
            if changed.attachments.isEmpty { payload.attachments = [] }
            sealed = try seal(payload, sequence: sequence, of: id, key: key, at: 0)
        }
        let (next, hash) = try append(
            events,
            to: id,
            from: facts,
            actor: actor,
            door: submission.door,
            sealed: sealed,
            message: message
        )
        let parts = try ledger.intake.seal(
            changed.attachments.isEmpty ? [] : submission.application.attachments,
            prefix: "application-\(sequence)",
            source: submission.source,
            sequence: sequence,
            of: id,
            key: key,
            entropy: &ledger.entropy
        )
        try insert(parts, of: id, sequence: sequence)
        let outcome: Receipt.Outcome =
            changed.isEmpty ? .alreadyReceived : events.first?.type == "noted" ? .noted : .amended(changed.names)
        return Receipt(caseID: id, outcome: outcome, phase: next.phase, version: next.version, recordHash: hash)
    }

    /// Runs a command of the hub itself: a timer, a dispatch, an extension of leases.
    @discardableResult
    func run(_ command: Command, on id: CaseID) throws -> Consultation? {
        guard let facts = try state(of: id) else { return nil }
        let events = try Consultation.decide(command, on: facts, id: id, in: context(.hub))
        guard !events.isEmpty else { return facts }
        return try append(events, to: id, from: facts, actor: .hub, door: nil, sealed: nil, message: nil).0
    }

    func context(_ actor: Actor, expectedVersion: Int? = nil) -> DecisionContext {
        DecisionContext(
            now: now,
            actor: actor,
            network: ledger.network,
            loads: ledger.loads,
            governance: ledger.governance,
            expectedVersion: expectedVersion
        )
    }

    /// Appends records, folds them, and writes what the projections say now.
    ///
    /// - Parameters:
    ///   - sealed: which event carries the payload, the sealed bytes and their SHA-256.
    /// - Returns: the state after, and the leaf hash of the last record.
    func append(
        _ events: [Event],
        to id: CaseID,
        from old: Consultation?,
        actor: Actor,
        door: Door?,
        sealed: (index: Int, bytes: [UInt8], digest: [UInt8])?,
        message: MessageIdentity?
    ) throws -> (Consultation, [UInt8]) {
        let before = try old == nil ? CountedCase() : counted(id) ?? CountedCase()
        var after = before
        var state = old
        var hash: [UInt8] = []
        var sequence = old?.version ?? 0
        let first = sequence + 1
        for (index, event) in events.enumerated() {
            sequence += 1
            let payload = sealed.flatMap { $0.index == index ? $0 : nil }
            let header = RecordHeader(
                stream: StreamID(.consultation, id),
                sequence: sequence,
                type: event.type,
                time: now,
                actor: event.isDecidedByHub ? nil : actor.principal,
                site: event.isDecidedByHub ? nil : actor.site,
                door: door,
                salt: ledger.entropy.bytes(16),
                payload: payload?.digest,
                message: message
            )
            hash = try insert(header, header.encode { event.write(to: &$0) })
            if let payload {
                try connection.execute(
                    Statements.insertPayload,
                    [.identifier(id), .int(sequence), .blob(payload.bytes)]
                )
            }
            let next = try Consultation.evolve(state, event, id: id, sequence: sequence, at: now)
            after.take(event, after: next, at: now, offsetMinutes: MeasureCounter.offsetMinutes)
            try plan(event, next, sequence: sequence)
            state = next
        }
        guard let facts = state else { throw RecordError("nothing to append") }
        if let message {
            try connection.execute(
                Statements.insertMessageKey,
                [
                    .identifier(id), .blob(message.key), .blob(message.content), .int(first),
                    .text(StoredOutcome.text(events, facts)), .time(now),
                ]
            )
        }
        try settleLoads(Projector(connection: connection).project(from: old, to: facts))
        ledger.remember(after, as: id)
        if events.contains(where: CountedCase.counts) {
            ledger.count(before.cells(offsetMinutes: MeasureCounter.offsetMinutes), times: -1)
            ledger.count(after.cells(offsetMinutes: MeasureCounter.offsetMinutes), times: 1)
        }
        notice(old, facts)
        return (facts, hash)
    }

    func insert(_ header: RecordHeader, _ record: [UInt8]) throws -> [UInt8] {
        let hash = leafHash(record)
        if let entry = try ledger.recordTypes.note(header, in: connection) { ledger.journal.types.append(entry) }
        try connection.execute(
            Statements.insertEvent,
            [
                .int(header.stream.kind.number), .identifier(header.stream.id), .int(header.sequence), .blob(record),
                .blob(hash),
            ]
        )
        ledger.noteRecord()
        return hash
    }

    private func plan(_ event: Event, _ facts: Consultation, sequence: Int) throws {
        for (index, delivery) in DeliveryPlan.deliveries(of: event, in: facts).enumerated() {
            let id = facts.id.delivery(sequence: sequence, index: index)
            try connection.execute(
                Statements.insertDelivery,
                [
                    .identifier(id), .identifier(facts.id), .int(sequence), .text(delivery.site.description),
                    .text(delivery.kind.rawValue), .time(now),
                ]
            )
            ledger.effects.deliveries.insert(delivery.site)
            ledger.historyChanges?.deliveries.append((id, delivery.site))
        }
    }

    /// Touches `reserved <= capacity` in the same transaction: the row is only changed while it holds.
    private func settleLoads(_ changes: [LoadChange]) throws {
        let projector = Projector(connection: connection)
        for change in changes {
            var change = change
            if change.reserved > 0 {
                let capacity = ledger.network.sites[change.site]?.departments[change.department] ?? 0
                let key: [SQLValue] = [.text(change.site.description), .text(change.department.description)]
                try connection.execute(Statements.touchLoad, key)
                guard try connection.execute(Statements.reserve, key + [.int(capacity)]) == 1 else {
                    throw Refusal(.capacityFull)
                }
                ledger.apply(LoadChange(site: change.site, department: change.department, reserved: 1, offered: 0))
                change.reserved -= 1
            }
            if change.reserved < 0 || change.offered < 0 { ledger.effects.capacityChanged = true }
            try projector.apply([change])
            ledger.apply(change)
        }
    }

    private func notice(_ old: Consultation?, _ new: Consultation) {
        ledger.effects.sites.insert(new.requester.site)
        for offer in new.offers where !(old?.offers.contains(offer) ?? false) {
            ledger.effects.sites.insert(offer.place.site)
        }
        if new.phase == .unroutable, let office = ledger.network.coordinationOffice {
            ledger.effects.sites.insert(office.id)
        }
    }

    // MARK: Time

    /// Turns due rows into ordinary commands; true when more are due.
    func fireTimers() throws -> Bool {
        guard let next = ledger.nextDeadline, next <= now else { return false }
        let ids = try connection.all(Statements.dueTimers, [.time(now), .int(ledger.options.timersPerStep)]) {
            try $0.identifier(0)
        }
        for id in ids { try attempt(id) { try fire(id) } }
        return ids.count == ledger.options.timersPerStep
    }

    /// Each firing may end or arm others, so the case is asked again until nothing of it is due.
    private func fire(_ id: CaseID) throws {
        for _ in 0..<64 {
            guard let facts = try state(of: id), let timer = facts.nextTimer, timer.due <= now else { return }
            guard try run(.fire(timer), on: id)?.version != facts.version else {
                throw RecordError("the timer \(timer.kind.rawValue) leads to nothing")
            }
        }
    }

    /// What the hub does by itself to one case: a case that cannot be read or written stops none of the others.
    private func attempt(_ id: CaseID, _ body: () throws -> Void) throws {
        ledger.journal = Journal()
        do {
            try connection.savepoint(body)
        } catch let error as StoreError where !error.code.isConstraint {
            throw error
        } catch {
            ledger.undoJournal()
            ledger.effects.failures[id] = "\(error)"
        }
    }

    /// Offers queued cases, first in order first; true when there are more than one step takes.
    ///
    /// Where several cases of one department could not be offered, the later ones of that department wait too: what
    /// they lack is capacity, and the queue's order stands.
    func dispatch() throws -> Bool {
        let queued = try connection.all(Statements.queued, [.int(ledger.options.longestQueue)]) {
            (id: try $0.identifier(0), department: $0.text(1))
        }
        var waiting: [String: Int] = [:]
        var offered = 0
        for (id, department) in queued where waiting[department, default: 0] < 8 {
            var next: Consultation?
            try attempt(id) { next = try run(.dispatch, on: id) }
            if next?.phase == .queued {
                waiting[department, default: 0] += 1
            } else {
                offered += 1
                if offered == ledger.options.dispatchPerStep { return true }
            }
        }
        return false
    }

    func updateNetwork(_ event: NetworkEvent, _ header: RecordHeader) {
        ledger.evolveNetwork(event, header)
        ledger.effects.network = true
    }
}

extension StreamKind {
    /// As stored.
    package var number: Int {
        switch self {
        case .network: 0
        case .consultation: 1
        case .delivery: 2
        case .access: 3
        case .governance: 4
        }
    }
}

/// RFC 6962 section 2.1: the hash of a leaf.
package func leafHash(_ record: [UInt8]) -> [UInt8] { sha256([0] + record) }
