import ConsiliumCore
import ConsiliumGenerator
import Foundation
import Testing

@testable import ConsiliumGenerator
@testable import ConsiliumLedger

/// What an auditor computes of a generated ledger.
@Suite("Reports of a generated province") struct GeneratedReportTests {
    private static let now = Instant(iso8601: "2027-01-01T00:00:00Z")

    private func period(_ label: String = "2026-Q2") throws -> GovernancePeriod {
        try #require(GovernancePeriod(label))
    }

    private func bytes(_ report: GovernanceReport) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(report)
    }

    @Test("Kept counts and all events give the same report, byte for byte, marked as generated")
    func bases() throws {
        let ledger = try GeneratedLedger.shared.get()
        let reports = GovernanceReports(store: ledger.store)
        for scope in [ReportSource.Scope.audited, .published] {
            let kept = try reports.report(try period(), scope: scope, basis: .counters, now: try #require(Self.now))
            let anew = try reports.report(try period(), scope: scope, basis: .events, now: try #require(Self.now))
            #expect(try bytes(kept) == bytes(anew))
            #expect(kept.isGenerated)
            #expect(kept.measures.contains { $0.standing == .valid } || scope == .published)
        }
    }

    @Test(
        "Where a record was changed or is gone, it is named and nothing is counted from events",
        arguments: [
            "UPDATE events SET record = CAST(REPLACE(record, '\"type\":\"closed\"', '\"type\":\"reopen\"') AS BLOB)",
            "DELETE FROM events WHERE kind = 2 AND sequence = 2",
            "DELETE FROM events WHERE kind = 2 AND stream = (SELECT MAX(stream) FROM events WHERE kind = 2)",
        ]
    )
    func tampered(_ statement: String) throws {
        let ledger = try GeneratedLedger()
        let changed = try ledger.store.write { try $0.execute(SQL(statement)) }
        #expect(changed > 0)
        #expect(throws: RecordError.self) {
            try GovernanceReports(store: ledger.store)
                .report(try period(), scope: .audited, basis: .events, now: try #require(Self.now))
        }
    }

    @Test("Erasing a tenth of the cases changes no byte of the report")
    func erased() throws {
        let ledger = try GeneratedLedger()
        let reports = GovernanceReports(store: ledger.store)
        let now = try #require(Self.now)
        let before = try bytes(try reports.report(try period(), scope: .audited, now: now))
        let chosen = try ledger.cases().enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        func left(_ table: String, _ column: String) throws -> Int {
            try chosen.count { id in
                try ledger.store.read {
                    try $0.first(SQL("SELECT COUNT(*) FROM \(table) WHERE \(column) = $1"), [.identifier(id)]) {
                        $0.int(0)
                    }
                } != 0
            }
        }
        #expect(try left("case_keys", "case_id") == chosen.count && left("payloads", "stream") == chosen.count)
        #expect(try Erasure.run(chosen, by: "tests", at: now, in: ledger.store) == Set(chosen))
        #expect(try left("case_keys", "case_id") == 0 && left("payloads", "stream") == 0)
        #expect(try bytes(try reports.report(try period(), scope: .audited, now: now)) == before)
        #expect(try bytes(try reports.report(try period(), scope: .audited, basis: .events, now: now)) == before)
    }

    @Test("Outside audited scope there are whole quarters whose cases were looked at for 30 days, and nothing else")
    func published() throws {
        let reports = GovernanceReports(store: try GeneratedLedger.shared.get().store)
        let settling = try #require(Instant(iso8601: "2026-07-31T15:59:59Z"))
        let settled = try #require(Instant(iso8601: "2026-07-31T16:00:00Z"))
        for early in ["2026-06-30T15:59:59Z", "2026-06-30T16:00:00Z", "2026-07-31T15:59:59Z"] {
            let refusal = #expect(throws: Refusal.self) {
                try reports.report(try period(), scope: .published, now: try #require(Instant(iso8601: early)))
            }
            #expect(refusal?.code == .periodNotEnded && refusal?.place == "period")
            #expect(refusal?.detail == "2026-Q2, published from 2026-08-01", "\(early)")
        }
        for label in ["2026-06", "2026"] {
            let refusal = #expect(throws: Refusal.self) {
                try reports.report(try period(label), scope: .published, now: try #require(Self.now))
            }
            #expect(refusal?.code == .notPermitted && refusal?.place == "period")
        }
        let published = try reports.report(try period(), scope: .published, now: settled)
        #expect(published.isSuppressed)
        // How many records there are tells two looks apart by the events between them.
        #expect(published.snapshot.records == nil)
        let audited = try reports.report(try period(), scope: .audited, now: settling)
        #expect(!audited.isSuppressed)
        #expect(audited.snapshot.records ?? 0 > 0)
    }

    @Test("The snapshot's hash changes with any record of the registers and of the directory, and with the day")
    func coverage() throws {
        let ledger = try GeneratedLedger()
        let now = try #require(Self.now)
        // Each time by a reader that has folded nothing yet.
        func hash(at now: Instant) throws -> String {
            try GovernanceReports(store: ledger.store).report(try period(), scope: .audited, now: now).snapshot.hash
        }
        let before = try hash(at: now)
        #expect(try hash(at: now + .days(40)) == before)
        // Of a period that goes on, what the registers say depends on the day.
        let days = try ["2026-06-20T04:00:00Z", "2026-06-21T04:00:00Z"].map { try #require(Instant(iso8601: $0)) }
        #expect(try hash(at: days[0]) != hash(at: days[1]))
        for kind in [StreamKind.governance, .network] {
            // The same events with another salt: another history that folds to the same versions.
            let stream = kind == .network ? StreamID.network.id : StreamID.governance.id
            let key: [SQLValue] = [.int(kind.number), .identifier(stream)]
            let kept = try #require(
                try ledger.store.read {
                    try $0.first("SELECT record FROM events WHERE kind = $1 AND stream = $2 AND sequence = 1", key) {
                        $0.blob(0)
                    }
                }
            )
            func put(_ record: [UInt8]) throws {
                try ledger.store.write {
                    try $0.execute(
                        "UPDATE events SET record = $3, hash = $4 WHERE kind = $1 AND stream = $2 AND sequence = 1",
                        key + [.blob(record), .blob(leafHash(record))]
                    )
                }
            }
            let text = String(decoding: kept, as: UTF8.self)
            let salt = try #require(text.firstRange(of: #/"salt":"[0-9a-f]/#))
            let digit = text[text.index(before: salt.upperBound)] == "0" ? "1" : "0"
            try put(
                Array(
                    text.replacingCharacters(in: text.index(before: salt.upperBound)..<salt.upperBound, with: digit)
                        .utf8
                )
            )
            #expect(try hash(at: now) != before, "\(kind)")
            try put(kept)
            #expect(try hash(at: now) == before)
        }
    }

    @Test("Anybody draws a revealed sample again from its secret")
    func samples() throws {
        // Samples are of whole quarters.
        var configuration = GeneratedLedger.configuration()
        configuration.firstMonth = 10
        configuration.months = 3
        let ledger = try GeneratedLedger(configuration)
        let governance = try ledger.store.read { try GovernanceReader($0).fold() }
        let drills = GovernanceDrills(store: ledger.store)
        var count = 0
        for sample in governance.samples.values {
            guard let reveal = sample.reveal else { continue }
            let population = try drills.population(try period(reveal.period)).map(\.reference)
            #expect(sample.seal.reveal(reveal.secret, of: population) == reveal)
            #expect(sample.seal.reveal(reveal.secret, of: population.reversed()) == reveal)
            #expect(sample.seal.reveal(String(repeating: "0", count: 64), of: population) != reveal)
            #expect(sample.seal.reveal("short", of: population) == nil)
            count += 1
        }
        #expect(count >= 2)
    }

    @Test("The cases behind a measure add up to its counts, and lead to their events")
    func drill() throws {
        let ledger = try GeneratedLedger.shared.get()
        let drills = GovernanceDrills(store: ledger.store)
        let now = try #require(Self.now)
        let report = try GovernanceReports(store: ledger.store).report(try period(), scope: .audited, now: now)
        for id in ["AC1", "MC1", "SF1", "GR1", "FMR3", "DR1", "IE3"] {
            let line = try #require(report.measures.first { $0.id == id })
            let drill = try drills.drill(id, period: try period(), stratum: .all, skip: 0, limit: 1_000, now: now)
            #expect(drill.numerator == line.numerator ?? 0, "\(id)")
            #expect(drill.denominator == line.denominator ?? 0, "\(id)")
            #expect(drill.next == nil)
            #expect(drill.cases.reduce(0) { $0 + $1.denominator } == drill.denominator)
        }
        let some = try drills.drill("MC1", period: try period(), stratum: .all, skip: 3, limit: 2, now: now)
        #expect(some.cases.count == 2 && some.next == 5)
        let history = try drills.history(of: some.cases[0].reference, period: try period())
        #expect(history.steps.first?.type == "submitted" && history.steps.first?.minutes == 0)
        let id = try #require(try drills.caseID(of: some.cases[0].reference, period: try period()))
        let hashes = try ledger.store.read {
            try $0.all(
                "SELECT hash FROM events WHERE kind = $1 AND stream = $2 ORDER BY sequence",
                [.int(StreamKind.consultation.number), .identifier(id)]
            ) { hexadecimal($0.blob(0)) }
        }
        #expect(history.steps.map(\.hash) == hashes)
        let owner = try #require(try ledger.store.read { try CaseFolder($0).fold(id) }).requester.site
        let other = try #require(try ledger.network().sites.keys.first { $0 != owner })
        #expect(try drills.caseID(of: some.cases[0].reference, period: try period(), owner: owner) == id)
        #expect(try drills.caseID(of: some.cases[0].reference, period: try period(), owner: other) == nil)
        // Another period names it otherwise.
        #expect(try drills.caseID(of: some.cases[0].reference, period: try period("2026-06")) == nil)
    }

    @Test("The register's events behind a measure add up to its counts, and name nobody")
    func drillRegisters() throws {
        let ledger = try GeneratedLedger.shared.get()
        let drills = GovernanceDrills(store: ledger.store)
        let now = try #require(Self.now)
        let report = try GovernanceReports(store: ledger.store).report(try period(), scope: .audited, now: now)
        for id in ["OC1", "OC2", "OF1", "IDR1", "IDR2", "PMR1", "GR2", "GR4", "IE1", "IE2"] {
            let line = try #require(report.measures.first { $0.id == id })
            let drill = try drills.drill(id, period: try period(), stratum: .all, skip: 0, limit: 1_000, now: now)
            #expect(drill.cases.isEmpty && drill.next == nil, "\(id)")
            #expect(drill.numerator == line.numerator ?? 0, "\(id)")
            #expect(drill.denominator == line.denominator ?? 0, "\(id)")
            #expect(line.denominator == nil || !drill.entries.isEmpty, "\(id)")
            for entry in drill.entries {
                let parts = entry.reference.split(separator: "/")
                #expect(parts.count == 2 && ["governance", "network"].contains(parts[0]), "\(entry.reference)")
            }
            #expect(!"\(drill.entries)".contains("/op/"), "\(id)")
        }
        let some = try drills.drill("IE1", period: try period(), stratum: .all, skip: 2, limit: 3, now: now)
        #expect(some.entries.count == 3 && some.next == 5)
        let site = try #require(some.entries.first?.site)
        let own = StratumSelection(site: site)
        let ofSite = try drills.drill("IE1", period: try period(), stratum: own, skip: 0, limit: 1_000, now: now)
        #expect(!ofSite.entries.isEmpty && ofSite.entries.allSatisfy { $0.site == site })
        #expect(ofSite.denominator < some.denominator)
    }

    @Test("The parts of the triangle index and the regional measures list the cases that the report counts")
    func drillParts() throws {
        let ledger = try GeneratedLedger.shared.get()
        let drills = GovernanceDrills(store: ledger.store)
        let now = try #require(Self.now)
        let report = try GovernanceReports(store: ledger.store).report(try period(), scope: .audited, now: now)
        func drill(_ id: String) throws -> GovernanceDrill {
            try drills.drill(id, period: try period(), stratum: .all, skip: 0, limit: 1_000, now: now)
        }
        #expect(try drill("L").denominator == drill("SF1").denominator)
        for id in ["L", "S", "D", "U", "TI-S", "TI-rated"] { #expect(try drill(id).denominator > 0, "\(id)") }
        for id in ["SF2", "SF5"] {
            let line = try #require(report.measures.first { $0.id == id })
            let found = try drill(id)
            let counted = id == "SF2" ? min(found.numerator, found.denominator) : found.denominator
            #expect(counted == line.counted ?? 0, "\(id)")
            #expect(found.cases.reduce(0) { $0 + $1.numerator } == found.numerator || found.next != nil)
        }
        // Whether a county is remote is drawn; `RegionTests` says which of them count.
        let waits = try drill("SF4")
        #expect(waits.denominator > 0 && (waits.next != nil || waits.denominator == waits.cases.count))
    }

    @Test("Whoever accepts within a second and then sits is shown to be late")
    func sitting() throws {
        let ledger = try GeneratedLedger(GeneratedLedger.configuration(.accept))
        let report = try GovernanceReports(store: ledger.store)
            .report(try period(), scope: .audited, now: try #require(Self.now))
        let emergencies = try #require(report.measures.first { $0.id == "AC1" })
        #expect(emergencies.denominator ?? 0 > 0 && emergencies.numerator == emergencies.denominator)
        let start = try #require(
            emergencies.companions.first { $0.name.en == "acceptance to first clinical action, median" }
        )
        #expect(start.value ?? .infinity > 600)
        let routine = try #require(report.measures.first { $0.id == "AC2" })
        #expect(routine.denominator ?? 0 > 0 && routine.numerator == 0)
    }

    @Test("Unknown measures, periods to come and periods before the first event are refused by name")
    func refusals() throws {
        let ledger = try GeneratedLedger.shared.get()
        let now = try #require(Self.now)
        let drills = GovernanceDrills(store: ledger.store)
        func code(_ body: () throws -> Void) -> Refusal? {
            do {
                try body()
                return nil
            } catch { return error as? Refusal }
        }
        let unknown = code {
            _ = try drills.drill("XX9", period: try period(), stratum: .all, skip: 0, limit: 1, now: now)
        }
        #expect(unknown?.code == .measureUnknown && unknown?.place == "measure")
        let capacity = code {
            _ = try drills.drill("OF1", period: try period(), stratum: .all, skip: 0, limit: 1, now: now)
        }
        #expect(capacity == nil)
        let whole = code {
            _ = try drills.drill("TI", period: try period(), stratum: .all, skip: 0, limit: 1, now: now)
        }
        #expect(whole?.code == .notDrilled && whole?.detail == "D, L, S, U")
        let reports = GovernanceReports(store: ledger.store)
        let future = code { _ = try reports.report(try period("2031"), scope: .audited, now: now) }
        #expect(future?.code == .periodInFuture && future?.place == "period")
        let early = code { _ = try reports.report(try period("2019"), scope: .audited, now: now) }
        #expect(early?.code == .periodEmpty && early?.place == "period")
        let reference = try #require(AuditReference("00000000000000000000"))
        #expect(code { _ = try drills.history(of: reference, period: try period()) }?.code == .notFound)
    }
}
