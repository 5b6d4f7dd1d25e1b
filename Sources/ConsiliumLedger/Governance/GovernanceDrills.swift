package import ConsiliumCore

/// Goes from a measure to the cases behind it, and from a case's reference to its events.
package struct GovernanceDrills: Sendable {
    private let store: Store
    private let registers: FoldedRegisters

    /// - Parameter registers: of the same ledger.
    package init(store: Store, registers: FoldedRegisters = FoldedRegisters()) {
        self.store = store
        self.registers = registers
    }

    /// The cases that count for the figure `id` in `period`, the oldest first; the events, where it rests on registers.
    ///
    /// `id` is a measure's, a part of the triangle index (`L`, `S`, `D`, `U`), or a figure's that is printed beside one.
    ///
    /// - Parameters:
    ///   - skip: how many to leave out before the first.
    ///   - limit: how many to list, at most 1,000.
    /// - Throws: `Refusal`: an unknown figure, one that has no list of its own (`not-drilled`, naming its parts), a period
    ///   without a day in the ledger.
    package func drill(
        _ id: String,
        period: GovernancePeriod,
        stratum: StratumSelection,
        skip: Int,
        limit: Int,
        now: Instant
    ) throws -> GovernanceDrill {
        try registers.read(store) { connection, history in
            try history.require(period, now: now)
            let start = history.governance.bounds(of: period).lowerBound
            let model = history.governance.model(forPeriodFrom: start).model
            let measure = model.measure(id)
            let parts = [
                "L": MeasureFigure.resolvedLocally, "S": .siphoned, "D": .originReceivedBelow, "U": .undertreated,
            ]
            var drill = GovernanceDrill(
                measure: id,
                version: measure?.version ?? 1,
                period: period.label,
                numerator: 0,
                denominator: 0
            )
            let most = min(max(limit, 1), 1_000)
            let counts = measure?.counts ?? parts[id] ?? MeasureFigure(rawValue: id)
            guard let figure = counts, figure.isCountedByCase else {
                guard id != "TI" else {
                    throw Refusal(.notDrilled, at: "measure", parts.keys.sorted().joined(separator: ", "))
                }
                guard measure != nil || counts != nil else { throw Refusal(.measureUnknown, at: "measure", id) }
                let register = RegisterDrill(
                    connection,
                    history,
                    measure?.period == .twelveMonths ? period.twelveMonths : period,
                    stratum,
                    now
                )
                let found = try register.entries(of: measure?.source ?? id)
                drill.numerator = found.numerator
                drill.denominator = found.denominator
                drill.entries = Array(found.entries.dropFirst(max(0, skip)).prefix(most))
                if found.entries.count > skip + drill.entries.count { drill.next = skip + drill.entries.count }
                return drill
            }
            var regions: RegionShares?
            if let measure, measure.form != .proportion, [.requests, .wait, .assisted].contains(figure) {
                guard let table = history.governance.regions(in: period) else {
                    throw Refusal(.notDrilled, at: "measure", "\(id): no table of regions")
                }
                regions = RegionShares(table)
            }
            var passed = 0
            try cases(connection, period, history, areDisclosuresAsked: figure == .consented) { first, counted in
                for cell in counted.cells(offsetMinutes: history.governance.offsetMinutes)
                where cell.key.figure == figure && period.days.contains(cell.key.day)
                    && stratum.contains(cell.key.stratum)
                {
                    let counts =
                        regions.map { $0.counts(cell.counts, of: figure, in: cell.key.stratum.region) } ?? cell.counts
                    guard let counts else { continue }
                    drill.numerator += counts.numerator
                    drill.denominator += counts.denominator
                    passed += 1
                    if passed > skip, drill.cases.count < most {
                        drill.cases.append(.init(AuditReference(first, period), cell, counts))
                    }
                }
            }
            if passed > skip + drill.cases.count { drill.next = skip + drill.cases.count }
            return drill
        }
    }

    /// The events of the case that `reference` names in `period`.
    ///
    /// - Parameters:
    ///   - pseudonym: of a case; nil where there is no key to make one with.
    package func history(
        of reference: AuditReference,
        period: GovernancePeriod,
        pseudonym: (CaseID) -> String? = { _ in nil }
    ) throws -> GovernanceDrill.History {
        guard let id = try caseID(of: reference, period: period) else {
            throw Refusal(.notFound, at: "reference", reference.description)
        }
        return try store.read { connection in
            // Evidence is quoted by its hashes, so each is checked.
            var check = RecordCheck(.consultation)
            let records = try connection.all(
                Statements.recordsAfter,
                [.int(StreamKind.consultation.number), .identifier(id), .int(0)]
            ) { try check.take($0) }
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
                pseudonym: pseudonym(id),
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
        try store.read { connection in
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
    }

    /// Every case that was closed in `period` and stands as closed, in the order of the references: what samples are drawn
    /// from.
    package func population(_ period: GovernancePeriod) throws -> [(reference: AuditReference, id: CaseID)] {
        try registers.read(store) { connection, history in
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
        let events = MeasureEvents(connection: connection)
        var after = TimeOrderedID(high: 0, low: 0)
        while true {
            let ids = try connection.all(
                areDisclosuresAsked ? Statements.disclosedCasesOfDays : Statements.casesOfDays,
                [.time(bounds.lowerBound), .time(bounds.upperBound), .identifier(after), .int(500)]
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
