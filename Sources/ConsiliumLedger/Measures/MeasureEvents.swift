import ConsiliumCore

/// Reads what the streams of a ledger count, from the events alone and in bounded memory: a case is dropped when its
/// stream has been folded.
struct MeasureEvents {
    let connection: any SQLConnection

    /// Hands over what the network's stream and each case count; their sum is what the ledger counts.
    func cells(each: ([MeasureCell]) throws -> Void) throws {
        try each(try capacities().cells)
        try cells(ofCases: .all, each: each)
    }

    /// Hands over what each case counts. Cases and their disclosures lie in the same order, so both are read once.
    ///
    /// - Returns: how many records were read.
    @discardableResult
    func cells(ofCases range: CaseRange, each: ([MeasureCell]) throws -> Void) throws -> Int {
        var records = RecordPages(connection, .consultation, of: range)
        var disclosures = RecordPages(connection, .access, of: range)
        while let first = try records.peek() {
            var counted = CountedCase()
            while let next = try records.peek(), next.stream == first.stream {
                try take(try next.facts, of: first.stream, in: &counted)
                records.advance()
            }
            while let next = try disclosures.peek(), next.stream <= first.stream {
                if next.stream == first.stream { try Self.disclose(try next.facts, in: &counted) }
                disclosures.advance()
            }
            try each(counted.cells(offsetMinutes: MeasureCounter.offsetMinutes))
        }
        while try disclosures.peek() != nil { disclosures.advance() }
        return records.passed + disclosures.passed
    }

    /// The capacities as the network's stream leaves them, and what it counts.
    func capacities() throws -> (fold: NetworkTrace, cells: [MeasureCell]) {
        var fold = NetworkTrace()
        var cells: [MeasureCell] = []
        _ = try NetworkReader(connection)
            .fold { header, event in
                cells += fold.take(header, event, offsetMinutes: MeasureCounter.offsetMinutes)
            }
        return (fold, cells)
    }

    /// A case and its disclosures; nil when there is none.
    func counted(_ id: CaseID) throws -> CountedCase? {
        guard var counted = try fold(id) else { return nil }
        try disclose(id, in: &counted)
        return counted
    }

    /// A case without its disclosures; nil when there is none.
    func fold(_ id: CaseID) throws -> CountedCase? {
        var counted = CountedCase()
        try connection.query(
            Statements.eventsOfStream,
            [.int(StreamKind.consultation.number), .identifier(id)]
        ) { try take(try RecordFacts($0.blob(1)), of: id, in: &counted) }
        return counted.facts == nil ? nil : counted
    }

    private func take(_ record: RecordFacts, of id: CaseID, in counted: inout CountedCase) throws {
        let event = try Event(type: record.type, facts: record.facts)
        let next = try Consultation.evolve(
            counted.facts,
            event,
            id: id,
            sequence: record.sequence,
            at: record.time
        )
        counted.take(event, after: next, at: record.time, offsetMinutes: MeasureCounter.offsetMinutes)
    }

    func disclose(_ id: CaseID, in counted: inout CountedCase) throws {
        try connection.query(Statements.eventsOfStream, [.int(StreamKind.access.number), .identifier(id)]) { row in
            try Self.disclose(try RecordFacts(row.blob(1)), in: &counted)
        }
    }

    private static func disclose(_ record: RecordFacts, in counted: inout CountedCase) throws {
        guard let site = record.site else { return }
        counted.disclose(to: site, at: try AccessEvent(type: record.type, facts: record.facts).firstAt)
    }
}

/// Counts a ledger anew: where the counts were never made, or were made by another definition.
enum MeasureRecount {
    static func run(_ connection: any SQLConnection) throws {
        try connection.execute(Statements.deleteAllMeasureCounts)
        try connection.execute(Statements.deleteAllMeasureDays)
        var counter = MeasureCounter(capacity: 0)
        try MeasureEvents(connection: connection)
            .cells { cells in
                counter.add(cells, times: 1)
                if counter.pending >= 4_096 { try counter.flush(connection) }
            }
        try counter.flush(connection)
        let records = try connection.first(Statements.countEvents) { $0.int(0) } ?? 0
        try MeasureTable(connection: connection).begin(records: records)
    }
}
