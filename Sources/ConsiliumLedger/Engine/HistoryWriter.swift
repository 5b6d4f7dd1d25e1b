package import ConsiliumCore

/// Writes a history that no hub lived through: many commands, each at its own time, in one commit.
///
/// Every command goes the way that it goes on a hub (decided, folded, recorded, projected); only the sync of the disk is
/// shared by thousands. Time passes when the caller says so, and what falls due meanwhile happens at its own time.
package final class HistoryWriter {
    private let ledger: Ledger
    private let connection: any SQLConnection
    /// The virtual time. It never runs backwards.
    package private(set) var now: Instant

    fileprivate init(_ ledger: Ledger, _ connection: any SQLConnection) {
        self.ledger = ledger
        self.connection = connection
        now = ledger.lastTime
    }

    package var network: Network { ledger.network }

    package var governance: Governance { ledger.governance }

    /// Records that this ledger has written since it was opened, of all streams.
    package var records: Int { ledger.recordsWritten }

    /// When the hub itself has something to do next.
    package var nextDue: Instant? { ledger.nextDeadline }

    /// How an auditor names the case in `period`; nil for a case that has not begun.
    package func reference(of id: CaseID, in period: GovernancePeriod) throws -> AuditReference? {
        try connection.first(
            Statements.firstHash,
            [.int(StreamKind.consultation.number), .identifier(id)],
            { AuditReference($0.blob(0), period) }
        )
    }

    /// Lets timers fire, each when it is due, until `time`.
    ///
    /// - Throws: `RecordError` for a case that cannot go on; a hub would leave it aside.
    package func pass(to time: Instant) throws {
        while let due = ledger.nextDeadline, due <= time {
            now = max(now, due)
            let hasMore = try transaction(at: now).fireTimers()
            try settle()
            guard hasMore || ledger.nextDeadline.map({ $0 > due }) ?? true else {
                throw RecordError("the timer due at \(due.iso8601) does not go away")
            }
        }
        now = max(now, time)
    }

    /// Carries out one input, now or ahead of the virtual time.
    ///
    /// - Parameters:
    ///   - later: only for what nothing else of the history can come before: e.g. what follows a case's closure.
    /// - Throws: `Refusal` when it is refused; the history goes on without it.
    @discardableResult
    package func carryOut(_ input: Input, at later: Instant? = nil) throws -> Receipt {
        let result = try transaction(at: later.map { max($0, now) } ?? now).carryOut(input, isGuarded: false)
        try settle()
        switch result {
        case .success(let receipt): return receipt
        case .failure(.refused(let refusal)): throw refusal
        case .failure(.store(let error)): throw error
        case .failure(.internalError(let text)): throw RecordError(text)
        }
    }

    /// Appends events that no command of this version leads to, for a case that has begun and was not entered in error.
    ///
    /// - Throws: `RecordError` when the case is not there, was entered in error, or has a later record already.
    @discardableResult
    package func append(_ events: [Event], to id: CaseID, by actor: Actor, at later: Instant? = nil) throws
        -> Consultation
    {
        let time = later.map { max($0, now) } ?? now
        let transaction = transaction(at: time)
        guard let facts = try transaction.state(of: id), facts.phase != .enteredInError, facts.updatedAt <= time else {
            throw RecordError("\(id) cannot have \(events.map(\.type).joined(separator: ", ")) at \(time.iso8601)")
        }
        ledger.journal = Journal()
        let (next, _) = try transaction.append(
            events,
            to: id,
            from: facts,
            actor: actor,
            door: nil,
            sealed: nil,
            message: nil
        )
        try settle()
        return next
    }

    /// Says in the ledger that its history is generated. Must come before the first case.
    package func mark(_ generation: Generation) throws {
        guard ledger.network.version > 0, ledger.network.generation == nil else {
            throw RecordError("a network is marked as generated once, after it was founded")
        }
        _ = try transaction(at: now).append([.generated(generation)], by: .hub, payload: nil)
        try settle()
    }

    /// The hub did not serve for `span` up to now: live leases get that time back.
    package func recover(from span: Span) throws {
        try ledger.extendLeases(by: span, at: now, connection)
        try settle()
    }

    package func state(of id: CaseID) throws -> Consultation? { try transaction(at: now).state(of: id) }

    /// Drops what is held of a case that nothing more will happen to.
    package func forget(_ id: CaseID) { ledger.recent[id] = nil }

    /// Cases that changed and deliveries that were caused since this was last asked, in order.
    package func takeChanges() -> HistoryChanges {
        defer { ledger.historyChanges = HistoryChanges() }
        return ledger.historyChanges ?? HistoryChanges()
    }

    private func transaction(at time: Instant) -> Transaction {
        Transaction(ledger: ledger, connection: connection, now: time)
    }

    /// What a hub does at the end of a step: offers where capacity came free, and looks when it is needed next.
    private func settle() throws {
        while ledger.effects.capacityChanged || ledger.effects.network {
            ledger.effects = Ledger.Effects(failures: ledger.effects.failures)
            while try transaction(at: now).dispatch() {}
        }
        if let (id, problem) = ledger.effects.failures.first { throw RecordError("\(id): \(problem)") }
        ledger.nextDeadline = try connection.first(Statements.nextTimer) { $0.optionalTime(0) } ?? nil
    }
}

/// What a history changed.
package struct HistoryChanges {
    /// In the order of their changes; a case that changed twice stands twice.
    package var cases: [CaseID] = []
    package var deliveries: [(id: DeliveryID, site: SiteID)] = []
}

extension Ledger {
    /// Commits what `body` writes as a whole; when it throws, nothing of it is durable and the ledger can go on.
    ///
    /// - Throws: what `body` throws; `LedgerError.leaseLost` when another hub took over.
    package func append<Value>(history body: (HistoryWriter) throws -> Value) throws -> Value {
        do {
            if isStale { try store.read(fold) }
            historyChanges = HistoryChanges()
            defer { historyChanges = nil }
            effects = Effects()
            return try store.write { connection in
                let writer = HistoryWriter(self, connection)
                nextDeadline = try connection.first(Statements.nextTimer) { $0.optionalTime(0) } ?? nil
                let value = try body(writer)
                try measures.flush(connection)
                lastTime = writer.now
                guard try connection.execute(Statements.holdLease, [.integer(epoch), .time(lastTime)]) == 1 else {
                    throw LedgerError.leaseLost
                }
                nextDeadline = try deadline(connection)
                return value
            }
        } catch {
            try? foldAnew()
            throw error
        }
    }
}
