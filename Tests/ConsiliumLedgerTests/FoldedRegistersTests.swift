import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("Registers folded on from where they stood")
struct FoldedRegistersTests {
    private static let march = GovernancePeriod("2026-03")!

    private static func chief() -> Principal { EngineStage.administrator(EngineStage.capital) }

    private static let contract = Contract(
        id: "C-1",
        shares: [Share("\(EngineStage.town)", Share.whole / 2), Share("\(EngineStage.county)", Share.whole / 2)],
        days: ValidDays(CivilDay(2026, 1, 1)),
        document: String(repeating: "a", count: 64)
    )

    private static func report(
        _ reports: GovernanceReports,
        _ stage: EngineStage,
        _ period: GovernancePeriod = march
    ) throws -> GovernanceReport { try reports.report(period, scope: .audited, now: stage.now) }

    @Test("Reports one after the other are those of a reader that folds from the beginning, and so are drills")
    func forward() throws {
        let stage = try EngineStage()
        stage.advance(.days(5))
        let registers = FoldedRegisters()
        let reports = GovernanceReports(store: stage.store, registers: registers)
        let drills = GovernanceDrills(store: stage.store, registers: registers)
        let partner = Partner(id: "fund", kind: .investor, days: ValidDays(CivilDay(2026, 1, 1)))
        let changes: [() throws -> Void] = [
            { try stage.one(.governance(.recordContract(Self.contract), by: Self.chief())) },
            { try stage.one(.governance(.recordPartner(partner), by: Self.chief())) },
            { try stage.change(.setStatus(EngineStage.county, .suspended), by: Self.chief()) },
            { _ = try stage.submit("HZ-1") },
            { try stage.change(.setStatus(EngineStage.county, .active), by: Self.chief()) },
        ]
        var hashes: Set<String> = []
        for change in changes {
            try change()
            let held = try Self.report(reports, stage)
            let fresh = GovernanceReports(store: stage.store)
            #expect(try held == Self.report(fresh, stage))
            #expect(try held == Self.report(reports, stage))
            hashes.insert(held.snapshot.hash)
            let drill = try drills.drill(
                "IDR2",
                period: Self.march,
                stratum: .all,
                skip: 0,
                limit: 100,
                now: stage.now
            )
            let line = try #require(held.measures.first { $0.id == "IDR2" })
            #expect(drill.denominator == line.denominator)
            stage.advance(.hours(1))
        }
        #expect(hashes.count == changes.count)
    }

    @Test("A site that is suspended today was active when the last month ended, in the report and in its drill")
    func pastActivity() throws {
        let stage = try EngineStage()
        stage.now = try #require(Instant(iso8601: "2026-06-10T12:00:00+08:00"))
        let may = try #require(GovernancePeriod("2026-05"))
        let june = try #require(GovernancePeriod("2026-06"))
        let registers = FoldedRegisters()
        let reports = GovernanceReports(store: stage.store, registers: registers)
        func partners(_ period: GovernancePeriod) throws -> Int? {
            let drill = try GovernanceDrills(store: stage.store, registers: registers)
                .drill("IDR2", period: period, stratum: .all, skip: 0, limit: 100, now: stage.now)
            let line = try Self.report(reports, stage, period).measures.first { $0.id == "IDR2" }
            #expect(drill.denominator == line?.denominator)
            return line?.denominator
        }
        try stage.one(.governance(.recordContract(Self.contract), by: Self.chief()))
        let before = try partners(may)
        try stage.change(.setStatus(EngineStage.county, .suspended), by: Self.chief())
        #expect(try partners(may) == before)
        // Of a month that goes on the last day that is over.
        #expect(try partners(june) == before)
        stage.advance(.days(1))
        #expect(try partners(june) == before.map { $0 - 1 })
    }

    @Test("An entry in a site's register of doctors counts on its day, in the report and in its drill")
    func today() throws {
        let stage = try EngineStage()
        let register = ["d1": Network.DoctorCredential(validFrom: "2020-01-01", validTo: "2030-01-01")]
        let input = Input.network(
            .importDoctors(EngineStage.county, register),
            by: EngineStage.administrator(EngineStage.county),
            payload: Array("王医生".utf8)
        )
        try stage.one(input)
        let line = try Self.report(GovernanceReports(store: stage.store), stage).measures.first { $0.id == "PMR1" }
        let drill = try GovernanceDrills(store: stage.store)
            .drill("PMR1", period: Self.march, stratum: .all, skip: 0, limit: 100, now: stage.now)
        #expect(drill.denominator > 0 && drill.denominator == line?.denominator)
        #expect(drill.numerator == line?.numerator)
        #expect(drill.entries.map(\.site) == [EngineStage.county])
    }
}

@Suite("Copies that somebody wrote into")
struct StrangeCopyTests {
    private static func stage() throws -> EngineStage {
        let stage = try EngineStage()
        _ = try stage.submit("HZ-1")
        return stage
    }

    private static func counted(_ stage: EngineStage) throws -> MeasureSnapshot? {
        try MeasureRecomputation.snapshot(MeasureCountsTests.days, of: [stage.store, stage.store])
    }

    @Test("What is counted anew by two readers is what is kept")
    func honest() throws {
        let stage = try Self.stage()
        let kept = try stage.store.read { try MeasureCountsReader($0).snapshot(MeasureCountsTests.days) }
        #expect(try Self.counted(stage)?.digest == kept.digest)
    }

    @Test(
        "A record that no stream leads to is found, not read by some and passed by others",
        arguments: [
            "INSERT INTO events VALUES (4, zeroblob(16), 0, x'00', x'00')",
            "INSERT INTO events VALUES (0, zeroblob(16), -1, x'00', x'00')",
            "INSERT INTO events VALUES (9, zeroblob(16), 1, x'00', x'00')",
            "INSERT INTO events VALUES (2, 'zzzzzzzzzzzzzzzz', 1, x'00', x'00')",
        ]
    )
    func ofNoStream(_ statement: String) throws {
        let stage = try Self.stage()
        try stage.store.write { _ = try $0.execute(SQL(statement)) }
        #expect(throws: RecordError.self) { try Rebuild.verify(stage.store) }
        #expect(throws: RecordError.self) { try Self.counted(stage) }
    }

    @Test("A stream of registers or of the network that was cut short is found", arguments: [0, 4])
    func cut(kind: Int) throws {
        let stage = try Self.stage()
        let partner = Partner(id: "fund", kind: .investor, days: ValidDays(CivilDay(2026, 1, 1)))
        let chief = EngineStage.administrator(EngineStage.capital)
        try stage.one(.governance(.recordPartner(partner), by: chief))
        let statement: SQL =
            "DELETE FROM events WHERE kind = $1 AND sequence = (SELECT MAX(sequence) FROM events WHERE kind = $1)"
        #expect(try stage.store.write { try $0.execute(statement, [.int(kind)]) } == 1)
        #expect(throws: RecordError.self) { try Rebuild.verify(stage.store) }
        #expect(throws: RecordError.self) { try Self.counted(stage) }
    }

    @Test("A changed record is not quoted as evidence: a case's history and a report name it")
    func quoted() throws {
        let stage = try Self.stage()
        let march = try #require(GovernancePeriod("2026-03"))
        let drills = GovernanceDrills(store: stage.store)
        let kind = SQLValue.int(StreamKind.consultation.number)
        let first = try #require(
            try stage.store.read {
                try $0.first("SELECT hash FROM events WHERE kind = $1 AND sequence = 1", [kind]) { $0.blob(0) }
            }
        )
        let reference = AuditReference(first, march)
        #expect(try drills.history(of: reference, period: march).steps.count > 1)
        try stage.store.write {
            for (number, sequence) in [(1, 2), (4, 1), (0, 3)] {
                _ = try $0.execute(
                    "UPDATE events SET record = record || x'20' WHERE kind = $1 AND sequence = $2",
                    [.int(number), .int(sequence)]
                )
            }
        }
        #expect(throws: RecordError.self) { try drills.history(of: reference, period: march) }
        #expect(throws: RecordError.self) {
            try GovernanceReports(store: stage.store).report(march, scope: .audited, now: stage.now)
        }
    }

    @Test("Identifiers out of order are an error")
    func order() throws {
        let stage = try Self.stage()
        try stage.store.write {
            _ = try $0.execute("INSERT INTO events VALUES (1, 'zzzzzzzzzzzzzzzz', 1, x'00', x'00')")
        }
        #expect(throws: (any Error).self) { try Self.counted(stage) }
    }

    @Test(
        "A file with a view, a trigger or a virtual table is not opened",
        arguments: [
            ["DROP TABLE measure_days", "CREATE VIEW measure_days AS SELECT 1 AS day, x'' AS counts"],
            ["CREATE TRIGGER t AFTER INSERT ON cases BEGIN DELETE FROM cases; END"],
            ["CREATE VIRTUAL TABLE v USING fts5(x)"],
        ]
    )
    func views(_ statements: [String]) throws {
        let stage = try Self.stage()
        let folder = try TemporaryFolder()
        let path = folder("copy.db")
        try stage.store.backup(to: path)
        do {
            let store = try Store(path: path)
            try store.write { connection in for statement in statements { _ = try connection.execute(SQL(statement)) } }
            try store.close()
        }
        #expect(throws: StoreError(.corrupt, "")) { _ = try Store(reading: path) }
    }
}
