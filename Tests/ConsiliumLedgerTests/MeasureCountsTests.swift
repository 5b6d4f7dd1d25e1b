import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Counts kept as events arrive")
struct MeasureCountsTests {
    static let ever = MeasurePeriod(CivilDay(1970, 1, 1)..<CivilDay(2100, 1, 1))
    /// Begins after the network was founded, ends before the history does.
    static let days = MeasurePeriod(CivilDay(2026, 3, 3)..<CivilDay(2026, 3, 5))

    /// What the ledger keeps is what its events say: over all time, and over days in between.
    static func expectExact(_ store: Store, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for period in [ever, days] {
            let (kept, recomputed) = try store.read {
                (try MeasureCountsReader($0).snapshot(period), try MeasureRecomputation($0).snapshot(period))
            }
            #expect(kept == recomputed, sourceLocation: sourceLocation)
            #expect(kept.tally == recomputed.tally, sourceLocation: sourceLocation)
        }
    }

    /// Counted event by event, as they came.
    private static func folded(_ stage: EngineStage) throws -> MeasureTally {
        var fold = MeasureFold()
        try stage.store.read { connection in
            let records = try connection.all("SELECT record FROM events ORDER BY kind DESC, stream, sequence", []) {
                try RecordHeader.decode($0.blob(0))
            }
            var before: Consultation?
            for (header, facts) in records {
                switch header.stream.kind {
                case .network: fold.take(header, try NetworkEvent(type: header.type, facts: facts))
                case .access: fold.take(header, try AccessEvent(type: header.type, facts: facts))
                case .consultation:
                    if before?.id != header.stream.id { before = nil }
                    let event = try Event(type: header.type, facts: facts)
                    let id = header.stream.id
                    let after = try Consultation.evolve(
                        before,
                        event,
                        id: id,
                        sequence: header.sequence,
                        at: header.time
                    )
                    fold.take(header, event, before: before, after: after)
                    before = after
                default: break
                }
            }
        }
        return fold.tally
    }

    private static func kept(_ stage: EngineStage, _ period: MeasurePeriod = ever) throws -> MeasureSnapshot {
        try stage.store.read { try MeasureCountsReader($0).snapshot(period) }
    }

    private static func life(seed: UInt64, rounds: Int = 60) throws -> (EngineStage, EngineHistory) {
        let stage = try EngineStage(seed: seed, capacities: [EngineStage.county: 1, EngineStage.city: 2])
        var history = EngineHistory(stage: stage, seed: seed)
        for round in 0..<rounds {
            history.step()
            if round % 10 == 9 { history.deliver() }
        }
        return (stage, history)
    }

    @Test(
        "After any history the counts are what folding the events gives, in one piece and event by event",
        arguments: 1...6
    )
    func exact(seed: UInt64) throws {
        let stage = try EngineStage(seed: seed, capacities: [EngineStage.county: 1, EngineStage.city: 2])
        var history = EngineHistory(stage: stage, seed: seed)
        for round in 0..<60 {
            history.step()
            if round % 10 == 9 { history.deliver() }
            if round % 15 == 14 { try Self.expectExact(stage.store) }
        }
        let kept = try Self.kept(stage)
        #expect(try kept.tally == Self.folded(stage))
        #expect(try kept.tally.part(Self.days) == Self.kept(stage, Self.days).tally)
        #expect(try kept.records == Rebuild.verify(stage.store))
        let counted = Set(kept.tally.cells.map(\.key.figure))
        #expect(counted.isSuperset(of: [.requests, .choice, .acceptances, .consented, .slots, .reasoned]))
    }

    @Test("Cases that nobody remembers, and a hub that starts again, go on from what was counted", arguments: 1...4)
    func cold(seed: UInt64) throws {
        let stage = try EngineStage(seed: seed, capacities: [EngineStage.county: 1])
        var history = EngineHistory(stage: stage, seed: seed)
        for round in 0..<60 {
            if round % 3 == 0 { stage.ledger.recent.removeAll() }
            if round % 20 == 19 { try stage.restart(after: .hours(1), seed: seed + UInt64(round)) }
            history.step()
            #expect(try stage.memoryFitsStore())
        }
        try Self.expectExact(stage.store)
        #expect(try stage.rebuildsEqually())
    }

    @Test("Erasing a tenth of the cases changes no count, and neither does a rebuild", arguments: 1...4)
    func erased(seed: UInt64) throws {
        let (stage, history) = try Self.life(seed: seed)
        let before = try [Self.ever, Self.days].map { try Self.kept(stage, $0) }
        for (index, id) in history.cases.enumerated() where index % 10 == 0 { try stage.one(.erase(id, by: "test")) }
        #expect(try [Self.ever, Self.days].map { try Self.kept(stage, $0) } == before)
        #expect(try stage.rebuildsEqually())
        #expect(try [Self.ever, Self.days].map { try Self.kept(stage, $0) } == before)
        try Self.expectExact(stage.store)
    }

    @Test("An input that is undone, alone or with its group, leaves no count")
    func undone() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let pages = [Attachment(title: "P", contentType: "text/plain", bytes: [1, 2, 3])]
        let changed = EngineStage.application("HZ-1", priority: .stat) { $0.attachments = pages }
        try stage.store.write {
            try $0.execute("CREATE TRIGGER no BEFORE INSERT ON blobs BEGIN SELECT RAISE(ABORT, 'no'); END")
        }
        let before = try Self.kept(stage)
        let doctor = EngineStage.doctor(EngineStage.county)
        // Fails after it has written, so the group runs again with savepoints: its neighbours stand.
        let outcome = stage.step([
            try stage.submission(changed),
            stage.act(.accept(appointment: nil), on: id, by: doctor),
            stage.act(.decline(.noCapacity, note: nil), on: id, by: doctor),
        ])
        #expect((try? outcome.results[0].get()) == nil)
        #expect(try outcome.results[1].get().phase == .accepted)
        try Self.expectExact(stage.store)
        #expect(try stage.memoryFitsStore())
        let after = try Self.kept(stage)
        #expect(after.tally.sum(.acceptances, in: Self.ever.days).denominator == 1)
        #expect(after.tally.sum(.emergencies, in: Self.ever.days).denominator == 0)
        #expect(after.records == before.records + 1)
        try stage.store.write { try $0.execute("DROP TRIGGER no") }
        #expect(try stage.submit("HZ-2", priority: .stat) != id)
        try Self.expectExact(stage.store)
        #expect(try stage.rebuildsEqually())
    }

    @Test("What a timer cannot write leaves no count, and the cases beside it are counted")
    func attempted() throws {
        let stage = try EngineStage()
        let broken = try stage.submit("HZ-1", priority: .asap)
        try stage.submit("HZ-2", priority: .asap)
        try stage.store.write {
            try $0.execute("CREATE TABLE broken (id BYTEA)")
            try $0.execute("INSERT INTO broken (id) VALUES ($1)", [.identifier(broken)])
            try $0.execute(
                """
                CREATE TRIGGER no BEFORE UPDATE ON cases WHEN new.id IN (SELECT id FROM broken)
                BEGIN SELECT RAISE(ABORT, 'no'); END
                """
            )
        }
        stage.advance(.minutes(16))
        #expect(Set(stage.step().effects.failures.keys) == [broken])
        try Self.expectExact(stage.store)
        #expect(try Self.kept(stage).tally.sum(.silent, in: Self.ever.days).numerator == 1)
        #expect(try stage.memoryFitsStore())
    }

    @Test("A group that fails with its commit leaves no count, nor one in memory")
    func failedGroup() throws {
        var options = Store.Options()
        options.pageLimit = 280
        options.cacheKiB = 64
        let stage = try EngineStage(storeOptions: options)
        let large = stage.entropy.bytes(60_000)
        var failures = 0
        for index in 0..<30 {
            let inputs = [
                try stage.submission(EngineStage.application("small-\(index)")),
                try stage.submission(EngineStage.application("HZ-\(index)"), source: large),
            ]
            failures += stage.step(inputs).results.count { if case .failure = $0 { true } else { false } }
            try Self.expectExact(stage.store)
            #expect(try stage.memoryFitsStore())
        }
        #expect(failures > 0)
    }

    @Test("A submission touches one row")
    func oneRow() throws {
        let stage = try EngineStage()
        try stage.submit("HZ-1")
        let written = try Self.rowsWritten(stage) { try stage.submit("HZ-2") }
        #expect(written == 1)
        let amended = EngineStage.application("HZ-2") { $0[.summary] = "胸痛四天" }
        #expect(try Self.rowsWritten(stage) { try stage.one(try stage.submission(amended)) } == 0)
    }

    private static func rowsWritten(_ stage: EngineStage, _ body: () throws -> Void) throws -> Int {
        try stage.store.write { connection in
            try connection.execute("CREATE TABLE IF NOT EXISTS written (day BIGINT)")
            for change in ["INSERT", "UPDATE"] {
                try connection.execute(
                    SQL(
                        """
                        CREATE TRIGGER IF NOT EXISTS written_\(change) AFTER \(change) ON measure_counts
                        BEGIN INSERT INTO written VALUES (new.day); END
                        """
                    )
                )
            }
            try connection.execute("DELETE FROM written")
        }
        try body()
        return try stage.store.read { try $0.first("SELECT COUNT(*) FROM written") { $0.int(0) } ?? -1 }
    }

    // MARK: Disclosures

    private static func show(_ id: CaseID, to site: SiteID, after span: Span, on stage: EngineStage) throws {
        let entry = AccessEntry(
            caseID: id,
            principal: EngineStage.doctor(site),
            site: site,
            content: .application,
            firstAt: stage.now + span,
            count: 1
        )
        try stage.one(.accesses([entry]))
    }

    @Test(
        "The first disclosure to another site counts, whatever is at hand when it is recorded",
        arguments: [false, true]
    )
    func disclosures(isCold: Bool) throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        func consented() throws -> [Int] {
            try Self.expectExact(stage.store)
            #expect(try stage.memoryFitsStore())
            if isCold { stage.ledger.recent.removeAll() }
            let sum = try Self.kept(stage).tally.sum(.consented, in: Self.ever.days)
            return [sum.numerator, sum.denominator]
        }
        #expect(try consented() == [0, 0])
        try Self.show(id, to: EngineStage.town, after: .zero, on: stage)
        #expect(try consented() == [0, 0])
        try Self.show(id, to: EngineStage.county, after: .hours(48), on: stage)
        #expect(try consented() == [1, 1])
        try Self.show(id, to: EngineStage.city, after: .hours(49), on: stage)
        try Self.show(id, to: EngineStage.county, after: .hours(50), on: stage)
        #expect(try consented() == [1, 1])
        // Recorded late, of a time before the others: it moves to that day.
        try Self.show(id, to: EngineStage.capital, after: .hours(24), on: stage)
        #expect(try consented() == [1, 1])
        let day = CivilDay(2026, 3, 3)
        let sum = try Self.kept(stage).tally.sum(.consented, in: day..<CivilDay(number: day.number + 1))
        #expect(sum.denominator == 1)
        #expect(try stage.rebuildsEqually())
    }
}
