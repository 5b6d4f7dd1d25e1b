package import ConsiliumCore

/// Goes from a measure to the cases behind it, and from a case's reference to its events.
package struct GovernanceDrills: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    /// The cases that count for `measure` in `period`, the oldest first.
    ///
    /// - Parameters:
    ///   - skip: how many to leave out before the first.
    ///   - limit: how many to list, at most 1,000.
    /// - Throws: `Refusal`: an unknown measure, one that is not counted case by case, a period without a day in the ledger.
    package func drill(
        _ id: String,
        period: GovernancePeriod,
        stratum: StratumSelection,
        skip: Int,
        limit: Int,
        now: Instant
    ) throws -> GovernanceDrill {
        try store.read { connection in
            let history = try GovernanceHistory(connection)
            try history.require(period, now: now)
            let start = history.governance.bounds(of: period).lowerBound
            guard let measure = history.governance.model(forPeriodFrom: start).model.measure(id) else {
                throw Refusal(.measureUnknown, at: "measure", id)
            }
            guard let figure = MeasureFigure(rawValue: id), figure.isCountedByCase else {
                throw Refusal(.measureUnknown, at: "measure", "\(id) is not counted case by case")
            }
            var drill = GovernanceDrill(
                measure: id,
                version: measure.version,
                period: period.label,
                numerator: 0,
                denominator: 0,
                cases: [],
                next: nil
            )
            var passed = 0
            let most = min(max(limit, 1), 1_000)
            try cases(connection, period, history, areDisclosuresAsked: figure == .consented) { first, counted in
                for cell in counted.cells(offsetMinutes: history.governance.offsetMinutes)
                where cell.key.figure == figure && period.days.contains(cell.key.day)
                    && stratum.contains(cell.key.stratum)
                {
                    drill.numerator += cell.counts.numerator
                    drill.denominator += cell.counts.denominator
                    passed += 1
                    if passed > skip, drill.cases.count < most {
                        drill.cases.append(.init(AuditReference(first, period), cell))
                    }
                }
            }
            if passed > skip + drill.cases.count { drill.next = skip + drill.cases.count }
            return drill
        }
    }

    /// The events of the case that `reference` names in `period`.
    package func history(of reference: AuditReference, period: GovernancePeriod) throws -> GovernanceDrill.History {
        guard let id = try caseID(of: reference, period: period) else {
            throw Refusal(.notFound, at: "reference", reference.description)
        }
        return try store.read { connection in
            let records = try connection.all(
                Statements.eventsOfStream,
                [.int(StreamKind.consultation.number), .identifier(id)]
            ) { $0.blob(1) }
            var state: Consultation?
            var steps: [GovernanceDrill.History.Step] = []
            var begun = Instant(milliseconds: 0)
            for record in records {
                let (header, facts) = try RecordHeader.decode(record)
                let event = try Event(type: header.type, facts: facts)
                state = try Consultation.evolve(state, event, id: id, sequence: header.sequence, at: header.time)
                if steps.isEmpty { begun = header.time }
                steps.append(
                    .init(
                        sequence: header.sequence,
                        type: header.type,
                        minutes: Int((header.time - begun).milliseconds / 60_000),
                        site: header.site,
                        codes: event.auditCodes,
                        hash: hexadecimal(leafHash(record))
                    )
                )
            }
            guard let state else { throw Refusal(.notFound, at: "reference", reference.description) }
            return GovernanceDrill.History(
                reference: reference,
                month: CivilDay(begun, offsetMinutes: WorkingCalendar.standard.offsetMinutes).month,
                ageBand: state.ageBand.rawValue,
                sex: state.sex,
                steps: steps
            )
        }
    }

    /// The case that `reference` names in `period`; nil when there is none.
    ///
    /// - Parameter owner: look only among the cases of this requesting site, so that a site's question costs no more than
    ///   its own cases.
    package func caseID(
        of reference: AuditReference,
        period: GovernancePeriod,
        owner: SiteID? = nil
    ) throws -> CaseID? {
        try store.read { try Self.caseID(of: reference, period: period, owner: owner, $0) }
    }

    /// The same within a read or a commit group that is under way.
    static func caseID(
        of reference: AuditReference,
        period: GovernancePeriod,
        owner: SiteID?,
        _ connection: any SQLConnection
    ) throws -> CaseID? {
        var found: CaseID?
        let kind = SQLValue.int(StreamKind.consultation.number)
        // A case that counts in the period was submitted before its end.
        let end = SQLValue.time(
            Governance(offsetMinutes: MeasureCounter.offsetMinutes).bounds(of: period).upperBound
        )
        try connection.query(
            owner == nil ? Statements.firstHashesOfDays : Statements.firstHashesOfOwner,
            [kind, owner.map { .text($0.description) } ?? .integer(0), end]
        ) { row in
            if found == nil, AuditReference(row.blob(1), period) == reference { found = try row.identifier(0) }
        }
        return found
    }

    /// Every case that was closed in `period` and stands as closed, in the order of the references: what samples are drawn
    /// from.
    package func population(_ period: GovernancePeriod) throws -> [(reference: AuditReference, id: CaseID)] {
        try store.read { connection in
            let history = try GovernanceHistory(connection)
            let bounds = history.governance.bounds(of: period)
            var all: [(reference: AuditReference, id: CaseID)] = []
            try cases(connection, period, history, areDisclosuresAsked: false) { first, counted in
                guard let facts = counted.facts, facts.phase == .closed, let closedAt = facts.closedAt,
                    bounds.contains(closedAt)
                else { return }
                all.append((AuditReference(first, period), facts.id))
            }
            return all.sorted { $0.reference < $1.reference }
        }
    }

    /// Each case that can count in `period`, with the hash of its first record. A case to which nothing happened since
    /// before the period counts in it only where it was shown to somebody later.
    private func cases(
        _ connection: any SQLConnection,
        _ period: GovernancePeriod,
        _ history: GovernanceHistory,
        areDisclosuresAsked: Bool,
        _ body: ([UInt8], CountedCase) throws -> Void
    ) throws {
        let bounds = history.governance.bounds(of: period)
        let since = areDisclosuresAsked ? Instant(milliseconds: 0) : bounds.lowerBound
        let events = MeasureEvents(connection: connection)
        var after = TimeOrderedID(high: 0, low: 0)
        while true {
            let ids = try connection.all(
                Statements.casesOfDays,
                [.time(since), .time(bounds.upperBound), .identifier(after), .int(500)]
            ) { try $0.identifier(0) }
            for id in ids {
                guard let counted = try events.counted(id),
                    let first = try connection.first(
                        Statements.firstHash,
                        [.int(StreamKind.consultation.number), .identifier(id)],
                        { $0.blob(0) }
                    )
                else { continue }
                try body(first, counted)
            }
            guard let last = ids.last else { return }
            after = last
        }
    }
}

extension AuditReference {
    /// From the leaf hash of the case's first record.
    package init(_ first: [UInt8], _ period: GovernancePeriod) {
        self.init(digest: sha256(Array("consilium case \(period.label) ".utf8) + first))
    }
}

extension MeasureFigure {
    /// Whether each count is one of a case: capacities and registers are not.
    var isCountedByCase: Bool { self != .slotMinutes && self != .slots && self != .rosterChanges }
}
