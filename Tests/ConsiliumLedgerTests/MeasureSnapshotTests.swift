import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("Counts read, recounted and recomputed")
struct MeasureSnapshotTests {
    private static func life(seed: UInt64 = 3) throws -> EngineStage {
        let stage = try EngineStage(seed: seed, capacities: [EngineStage.county: 1])
        var history = EngineHistory(stage: stage, seed: seed)
        for _ in 0..<40 { history.step() }
        return stage
    }

    private static func recomputed(_ store: Store, _ period: MeasurePeriod = MeasureCountsTests.days) throws
        -> MeasureSnapshot
    {
        try store.read { try MeasureRecomputation($0).snapshot(period) }
    }

    @Test("Counts of another definition, and none at all, are made anew when the hub opens")
    func recounted() throws {
        let stage = try Self.life()
        for damage in [
            ["UPDATE measure_state SET definition = '0'", "DELETE FROM measure_counts WHERE priority = 'routine'"],
            ["DELETE FROM measure_state", "UPDATE measure_counts SET counts = X'FF'"],
        ] as [[SQL]] {
            try stage.store.write { for statement in damage { try $0.execute(statement) } }
            #expect(throws: (any Error).self) {
                try stage.store.read { try MeasureCountsReader($0).snapshot(MeasureCountsTests.days).tally }
            }
            try stage.restart()
            try MeasureCountsTests.expectExact(stage.store)
            #expect(try stage.memoryFitsStore())
        }
    }

    @Test("A ledger from before there were counts is counted when a hub opens it")
    func migrated() throws {
        let stage = try Self.life()
        try stage.store.write {
            try $0.execute("DROP TABLE measure_counts")
            try $0.execute("DROP TABLE measure_days")
            try $0.execute("DROP TABLE measure_state")
            try $0.execute("UPDATE schema_version SET version = 1")
        }
        try stage.store.migrate(Tables.migrations)
        try stage.restart()
        try MeasureCountsTests.expectExact(stage.store)
        #expect(try stage.rebuildsEqually())
    }

    @Test("The capacities that stand when a period begins are read from their own index, not from all rows before it")
    func lasting() throws {
        let stage = try Self.life()
        let plan = try stage.store.read { connection in
            try connection.all(SQL("EXPLAIN QUERY PLAN " + Statements.lastingMeasureCounts.text), [.int(20_000)]) {
                $0.text(3)
            }
        }
        #expect(plan == ["SEARCH measure_counts USING COVERING INDEX lasting_measure_counts (day<?)"])
    }

    @Test("A row that cannot be read is said, and a rebuild heals it")
    func damaged() throws {
        let stage = try Self.life()
        let before = try Rebuild.digest(stage.store)
        try stage.store.write { try $0.execute("UPDATE measure_counts SET counts = X'00'") }
        #expect(throws: StoreError(.corrupt, "")) {
            try stage.store.read { try MeasureCountsReader($0).snapshot(MeasureCountsTests.ever) }
        }
        _ = try Rebuild.run(stage.store)
        #expect(try Rebuild.digest(stage.store) == before)
        try MeasureCountsTests.expectExact(stage.store)
    }

    @Test("Counts that no sum could hold are said to be corrupt, in one row and over several", arguments: [61, 51])
    func overflowing(bits: Int) throws {
        let stage = try Self.life()
        var counts = DayCounts()
        let number = 1 << bits
        counts.add(.init(number, of: number, histogram: [number: number]), to: .routine)
        try stage.store.write { try $0.execute("UPDATE measure_counts SET counts = $1", [.blob(counts.bytes)]) }
        #expect(throws: StoreError(.corrupt, "")) {
            try stage.store.read { try MeasureCountsReader($0).snapshot(MeasureCountsTests.ever) }
        }
        var slots = DayCounts()
        slots.add(.init(of: 1 << 41), to: .slots)
        try stage.store.write { try $0.execute("UPDATE measure_counts SET counts = $1", [.blob(slots.bytes)]) }
        #expect(throws: StoreError(.corrupt, "")) {
            try stage.store.read { try MeasureCountsReader($0).snapshot(MeasureCountsTests.ever) }
        }
    }

    @Test("Totals of a day that hold values, or that no sum could hold, are said to be corrupt")
    func totals() throws {
        let stage = try Self.life()
        var values = DayCounts()
        values.add(.init(1, of: 1, histogram: [1: 1]), to: .routine)
        var huge = DayCounts()
        huge.add(.init(.max, of: .max), to: .routine)
        for counts in [values, huge] {
            try stage.store.write { try $0.execute("UPDATE measure_days SET counts = $1", [.blob(counts.bytes)]) }
            #expect(throws: StoreError(.corrupt, "")) {
                try stage.store.read { try MeasureCountsReader($0).snapshot(MeasureCountsTests.ever) }
            }
        }
        _ = try Rebuild.run(stage.store)
        try MeasureCountsTests.expectExact(stage.store)
    }

    @Test("The totals of the ledger's days are the sums of their strata, and those of the trend are in the digest")
    func trend() throws {
        let stage = try Self.life()
        let ever = try stage.store.read { try MeasureCountsReader($0).snapshot(MeasureCountsTests.ever) }
        #expect(ever.totals == ever.tally.totals && !ever.totals.days.isEmpty)
        let reader = { (trend: Range<CivilDay>?) in
            let period = MeasurePeriod(MeasureCountsTests.days.days, trend: trend)
            let kept = try stage.store.read { try MeasureCountsReader($0).snapshot(period) }
            #expect(try kept == Self.recomputed(stage.store, period))
            return kept
        }
        #expect(try reader(nil).tally == reader(MeasureCountsTests.ever.days).tally)
        let digest = try reader(MeasureCountsTests.ever.days).digest
        #expect(try reader(nil).digest != digest)
        var counts = DayCounts()
        counts.add(.init(1, of: 1), to: .routine)
        let day = CivilDay(2026, 1, 1)
        try stage.store.write {
            try $0.execute(
                "INSERT INTO measure_days (day, counts) VALUES ($1, $2)",
                [.int(day.number), .blob(counts.bytes)]
            )
        }
        let changed = try stage.store.read {
            try MeasureCountsReader($0)
                .snapshot(MeasurePeriod(MeasureCountsTests.days.days, trend: MeasureCountsTests.ever.days))
        }
        #expect(changed.digest != digest)
    }

    @Test("A changed count changes the digest, and so does another period")
    func digest() throws {
        let stage = try Self.life()
        let reader = { (period: MeasurePeriod) in
            try stage.store.read { try MeasureCountsReader($0).snapshot(period).digest }
        }
        let days = MeasureCountsTests.days
        let digest = try reader(days)
        #expect(digest.utf8.count == 64)
        #expect(try reader(MeasureCountsTests.ever) != digest)
        let changed = try stage.store.write {
            try $0.execute(
                "UPDATE measure_counts SET region = '420000' WHERE day = $1",
                [.int(days.days.lowerBound.number)]
            )
        }
        #expect(changed > 0)
        #expect(try reader(days) != digest)
    }

    @Test("A period before the first event or after the last has no count but the slots that stand")
    func empty() throws {
        let stage = try Self.life()
        for (first, figures) in [(CivilDay(2020, 1, 1), []), (CivilDay(2030, 1, 1), [MeasureFigure.slots])] {
            let period = MeasurePeriod(first..<CivilDay(number: first.number + 90))
            let kept = try stage.store.read { try MeasureCountsReader($0).snapshot(period) }
            #expect(Set(kept.tally.cells.map(\.key.figure)) == Set(figures))
            #expect(kept.tally.cells.allSatisfy { $0.key.day == period.eve })
            #expect(try kept == Self.recomputed(stage.store, period))
        }
    }

    // MARK: A copy, read without hub and keys

    @Test(
        "Several connections to one copy, each with the cases of its own time, count what one counts",
        arguments: 1...5
    )
    func several(count: Int) throws {
        let stage = try Self.life()
        let folder = try TemporaryFolder()
        try stage.store.backup(to: folder("copy.db"))
        let copies = try (0..<count).map { _ in try Store(reading: folder("copy.db")) }
        for period in [MeasureCountsTests.ever, MeasureCountsTests.days] {
            let whole = try MeasureRecomputation.snapshot(period, of: copies)
            #expect(try whole == Self.recomputed(copies[0], period))
        }
        let ranges = try copies[0].read { try CaseRange.divided(in: count, $0) }
        #expect(ranges.first?.from == CaseRange.all.from && ranges.last?.before == nil)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.before == $1.from })
        #expect(count == 1 || ranges.count > 1)
    }

    @Test("Connections to ledgers of different length are not added up")
    func different() throws {
        let stage = try Self.life()
        let longer = try Self.life(seed: 5)
        let folder = try TemporaryFolder()
        try stage.store.backup(to: folder("a.db"))
        try longer.store.backup(to: folder("b.db"))
        let copies = [try Store(reading: folder("a.db")), try Store(reading: folder("b.db"))]
        #expect(throws: StoreError(.corrupt, "")) {
            try MeasureRecomputation.snapshot(MeasureCountsTests.days, of: copies)
        }
    }

    @Test("Pages of any size hand over every record once, in the order of the streams", arguments: [1, 2, 7, 1_000])
    func pages(size: Int) throws {
        let stage = try Self.life()
        try stage.store.read { connection in
            func read(_ pages: RecordPages) throws -> [[UInt8]] {
                var pages = pages
                var records: [[UInt8]] = []
                while let next = try pages.peek() {
                    records.append(next.record)
                    pages.advance()
                }
                return records
            }
            let all = try read(RecordPages(connection, .consultation))
            #expect(!all.isEmpty)
            #expect(try read(RecordPages(connection, .consultation, size: size)) == all)
            let parts = try CaseRange.divided(in: 3, connection)
                .flatMap { try read(RecordPages(connection, .consultation, of: $0, size: size)) }
            #expect(parts == all)
        }
    }

    @Test("A backup alone gives the same counts, from a folder that cannot be written, and is not touched")
    func backup() throws {
        let stage = try Self.life()
        let folder = try TemporaryFolder()
        let path = folder("a copy 100%.db")
        try stage.store.backup(to: path)
        let bytes = bytesBelow(folder.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
        let copy = try Store(reading: path)
        #expect(try Self.recomputed(copy) == Self.recomputed(stage.store))
        #expect(try Rebuild.verify(copy) == stage.flow.recordCount())
        #expect(throws: StoreError(.readOnly, "")) { try copy.write { try $0.execute("DELETE FROM events") } }
        #expect(throws: StoreError(.readOnly, "")) { try copy.read { try $0.execute("DELETE FROM events") } }
        #expect(throws: StoreError(.readOnly, "")) { try copy.checkpoint() }
        try copy.close()
        #expect(bytesBelow(folder.path) == bytes)
    }

    @Test("File and log copied from a running hub are read together, and stay as they are")
    func running() throws {
        let stage = try Self.life()
        let folder = try TemporaryFolder()
        for name in ["ledger.db", "ledger.db-wal"] {
            try FileManager.default.copyItem(atPath: stage.folder(name), toPath: folder(name))
        }
        let bytes = bytesBelow(folder.path)
        let copy = try Store(reading: folder("ledger.db"))
        #expect(try Self.recomputed(copy) == Self.recomputed(stage.store))
        try copy.close()
        #expect(bytesBelow(folder.path).filter { bytes[$0.key] != nil } == bytes)
    }

    @Test("A running hub's own file can be read while the hub writes")
    func beside() throws {
        let stage = try Self.life()
        let reader = try Store(reading: stage.folder("ledger.db"))
        #expect(try Self.recomputed(reader) == Self.recomputed(stage.store))
        try stage.submit("HZ-later")
        #expect(try Self.recomputed(reader).records == Rebuild.verify(stage.store))
        try reader.close()
        try stage.submit("HZ-last")
        try MeasureCountsTests.expectExact(stage.store)
    }

    @Test("What is no ledger, or is not there, is said and not made")
    func nothing() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreError(.cannotOpen, "")) { try Store(reading: folder("none.db")) }
        try Data("no database".utf8).write(to: URL(fileURLWithPath: folder("text.db")))
        #expect(throws: StoreError(.notADatabase, "")) { try Store(reading: folder("text.db")) }
        #expect(bytesBelow(folder.path).keys.sorted() == ["text.db"])
    }
}
