import ConsiliumCore
import ConsiliumLedger
import Foundation

// What the governance figures of a ledger's quarter cost inside the process, as JSON: `counters LEDGER PERIOD RUNS` reads
// the counts that the ledger keeps, `recompute LEDGER PERIOD` counts every event anew. Both print the same values.

/// What is compared with other programs.
struct Values: Encodable {
    struct Share: Encodable {
        var numerator: Int
        var denominator: Int
    }

    struct Wait: Encodable {
        var accepted: Int
        /// Minutes.
        var p95: Double
    }

    var shares: [String: Share] = [:]
    /// By requesting site.
    var waits: [String: Wait] = [:]
    var digest: String
    var records: Int

    init(_ snapshot: MeasureSnapshot) {
        let days = snapshot.period.days
        for figure: MeasureFigure in [
            .emergencies, .choice, .reasoned, .silent, .signed, .credentialed, .resolvedLocally, .disputedLines,
            .elements,
        ] {
            let sum = snapshot.tally.sum(figure, in: days)
            shares[figure.rawValue] = Share(numerator: sum.numerator, denominator: sum.denominator)
        }
        var sites: [SiteID: [Int: Int]] = [:]
        for cell in snapshot.tally.cells(of: .wait) where days.contains(cell.key.day) {
            sites[cell.key.stratum.site, default: [:]].merge(cell.value.histogram, uniquingKeysWith: +)
        }
        for (site, histogram) in sites {
            var ends: [(rank: Int, value: Int)] = []
            for (value, count) in histogram.sorted(by: { $0.key < $1.key }) {
                ends.append(((ends.last?.rank ?? 0) + count, value))
            }
            let accepted = ends.last?.rank ?? 0
            let estimate = QuantileEstimate(0.95, of: accepted) { rank in
                ends.first { $0.rank >= rank }.map { Double($0.value) } ?? .infinity
            }
            if let estimate { waits[site.description] = Wait(accepted: accepted, p95: estimate.value) }
        }
        digest = snapshot.digest
        records = snapshot.records
    }
}

/// Milliseconds of each run.
struct Times: Encodable {
    var cpu: [Double] = []
    var wall: [Double] = []
}

struct Reading: Encodable {
    /// The counts of the quarter.
    var quarter = Times()
    /// The counts of the twelve months that a report needs for its trends.
    var twelveMonths = Times()
    /// All measures, with everything else that the report of the quarter has: as a hub makes it, which holds the registers
    /// as the report before left them.
    var report = Times()
    /// The same by a reader that has folded nothing yet, as of a copy.
    var firstReport = Times()
    /// Rows of a day and stratum.
    var rows = 0
    var rowsOfTwelveMonths = 0
    var values: Values
}

struct Recomputation: Encodable {
    var seconds: Double
    var cpuSeconds: Double
    var values: Values
}

/// How many days of strata hold counts.
func rows(of snapshot: MeasureSnapshot) -> Int {
    Set(snapshot.tally.cells.map { StratumDay($0.key.day, $0.key.stratum) }).count
}

/// Milliseconds of this process's CPU, all threads, and of the wall.
func milliseconds(_ body: () throws -> Void) rethrows -> (cpu: Double, wall: Double) {
    func processor() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
    let before = processor()
    let took = try ContinuousClock().measure(body)
    let wall = Double(took.components.seconds) * 1e3 + Double(took.components.attoseconds) / 1e15
    return (processor() - before, wall)
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let period = GovernancePeriod(arguments[3]) else {
    FileHandle.standardError.write(Data("usage: counters LEDGER PERIOD RUNS | recompute LEDGER PERIOD\n".utf8))
    exit(2)
}
let store = try Store(reading: arguments[2] + "/ledger.db")
let quarter = MeasurePeriod(period.days)
let encoder = JSONEncoder()
encoder.outputFormatting = .sortedKeys

if arguments[1] == "recompute" {
    var snapshot: MeasureSnapshot?
    // As the client does it: a connection for each core.
    let stores = try (0..<ProcessInfo.processInfo.activeProcessorCount)
        .map { _ in try Store(reading: arguments[2] + "/ledger.db") }
    let took = try milliseconds { snapshot = try MeasureRecomputation.snapshot(quarter, of: stores) }
    guard let snapshot else { exit(1) }
    let result = Recomputation(seconds: took.wall / 1e3, cpuSeconds: took.cpu / 1e3, values: Values(snapshot))
    print(String(decoding: try encoder.encode(result), as: UTF8.self))
} else {
    let snapshot = { (period: MeasurePeriod) in try store.read { try MeasureCountsReader($0).snapshot(period) } }
    let year = MeasurePeriod(GovernanceReport.trend(of: period))
    let first = try snapshot(quarter)
    var reading = Reading(values: Values(first))
    reading.rows = rows(of: first)
    reading.rowsOfTwelveMonths = rows(of: try snapshot(year))
    for _ in 0..<(arguments.count > 4 ? Int(arguments[4]) ?? 3 : 3) {
        func note(_ place: WritableKeyPath<Reading, Times>, _ body: () throws -> Void) throws {
            let took = try milliseconds(body)
            reading[keyPath: place].cpu.append(took.cpu)
            reading[keyPath: place].wall.append(took.wall)
        }
        try note(\.quarter) { _ = try snapshot(quarter) }
        try note(\.twelveMonths) { _ = try snapshot(year) }
        let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        let reports = GovernanceReports(store: store)
        try note(\.firstReport) { _ = try reports.report(period, scope: .audited, now: now) }
        try note(\.report) { _ = try reports.report(period, scope: .audited, now: now) }
    }
    print(String(decoding: try encoder.encode(reading), as: UTF8.self))
}
