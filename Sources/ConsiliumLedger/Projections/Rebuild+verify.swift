import ConsiliumCore

/// How many records a ledger says that it holds: what is checked must not be fewer.
struct ExpectedRecords {
    /// Rows of records, of whatever stream.
    let rows: Int
    /// Records that were counted as they were written; the streams of the network and of its governance have no projection
    /// that tells where they end. Zero: nothing was counted yet.
    let kept: Int

    init(_ connection: any SQLConnection) throws {
        rows = try connection.first(Statements.countEvents) { $0.int(0) } ?? 0
        kept = try MeasureTable(connection: connection).state()?.records ?? 0
    }

    /// - Parameter checked: records of all kinds that were checked since. One that came meanwhile may be among them.
    /// - Throws: `RecordError` when a record is of no stream, which nobody checks and somebody could read; when the last
    ///   ones are missing.
    func require(_ checked: Int) throws(RecordError) {
        guard checked >= rows else { throw RecordError("the ledger holds a record that is of no stream") }
        guard checked >= kept else {
            throw RecordError("the last records are missing: \(checked) are there of \(kept) that the ledger counted")
        }
    }
}

extension Rebuild {
    /// Checks every record against its leaf hash and reads it, and that no stream ends before what the projections say;
    /// returns how many records there are.
    ///
    /// - Parameter isWanted: asked before each page.
    /// - Throws: `RecordError` naming the stream and sequence of the first record that does not hold; `CancellationError`
    ///   when no more is wanted.
    package static func verify(_ store: Store, while isWanted: () -> Bool = { true }) throws -> Int {
        let expected = try store.read { try ExpectedRecords($0) }
        let count = try check(store, StreamKind.allCases, while: isWanted)
        try expected.require(count)
        return count
    }

    /// The same of some kinds only; that none is missing at an end is checked of all.
    ///
    /// Pages of 1,000 records are read one by one: while none is, nothing keeps the WAL from being emptied.
    static func check(_ store: Store, _ kinds: [StreamKind], while isWanted: () -> Bool = { true }) throws -> Int {
        var count = 0
        for kind in kinds {
            var check = RecordCheck(kind)
            while true {
                guard isWanted() else { throw CancellationError() }
                let before = count
                try store.read { connection in
                    try connection.query(
                        Statements.recordsOfKind,
                        [.int(kind.number), .identifier(check.stream), .int(check.sequence), .int(1_000)]
                    ) { row in
                        let (header, _) = try RecordHeader.decode(try check.take(row))
                        try check.require(header.stream.description, header.sequence)
                        count += 1
                    }
                }
                if count == before { break }
            }
        }
        try store.read { connection in
            for (kind, statement) in [
                (StreamKind.consultation, Statements.cutCases), (.delivery, Statements.cutDeliveries),
                (.access, Statements.cutAccesses),
            ] {
                if let id = try connection.first(statement, [], { try $0.identifier(0) }) {
                    throw RecordError("\(StreamID(kind, id)): the last records are missing")
                }
            }
        }
        return count
    }
}
