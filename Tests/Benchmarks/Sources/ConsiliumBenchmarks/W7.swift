import ArgumentParser
import Foundation

/// The same submissions to ledgers of growing size, in turn, and how long a hub takes to start on each.
struct W7: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "w7",
        abstract: "Latency of durable submissions to ledgers of growing size, and how long a hub starts on each."
    )

    @Option(help: "Folder of the release binaries.") var binaries: String
    @Option(help: "Where the throwaway homes are made and removed.") var scratch: String
    @Option(help: "Rounds; each measures every ledger once.") var rounds = 5
    @Option(help: "Events of each ledger, the smallest first.") var sizes = "10000,1000000,10000000"
    @Option(help: "What else is to be said of the machine.") var note = ""

    /// To each ledger in each round.
    private static let submissions = 2_000

    /// What was measured on one ledger.
    private struct Growth {
        var bench: Bench
        /// Before the first round.
        var events = 0
        var fillPerSecond: Double?
        /// Milliseconds, of each round.
        var p50: [Double] = []
        var p99: [Double] = []
        var perSecond: [Double] = []
        /// Microseconds of the hub's CPU for one submission.
        var hubCPU: [Double] = []
        /// Seconds from the start of the program until its listeners are bound.
        var start: [Double] = []
        var resident = 0.0
        var bytes = 0
    }

    func run() throws {
        let home = scratch + "/home-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        var machine = Machine(home: scratch)
        var ledgers: [Growth] = []
        defer { for ledger in ledgers { ledger.bench.close() } }
        let sizes = self.sizes.split(separator: ",").compactMap { Int($0) }
        // Every ledger has the sites of the largest, so that a decision looks at as many. A submission is three events.
        let cases = (sizes.max() ?? 0) / 3 + 1 + rounds * Self.submissions
        for size in sizes {
            // Held before it is filled: whatever fails, its hub is stopped.
            ledgers.append(Growth(bench: try Bench(binaries: binaries, home: home + "/\(size)", cases: cases)))
            try Self.fill(&ledgers[ledgers.count - 1], to: size)
        }
        for round in 1...max(1, rounds) {
            for index in ledgers.indices {
                try Self.measure(&ledgers[index])
                let ledger = ledgers[index]
                Self.say("round \(round), \(ledger.events.text) events: p50 \((ledger.p50.last ?? 0).text(2)) ms")
            }
        }
        for index in ledgers.indices {
            ledgers[index].resident = try ledgers[index].bench.hub.resident()
            ledgers[index].bytes = try Self.size(ledgers[index].bench.hub.database)
            _ = try ledgers[index].bench.offered()
            for _ in 0..<3 {
                ledgers[index].bench.hub.stop()
                let began = Date()
                try ledgers[index].bench.hub.serve()
                ledgers[index].start.append(Date().timeIntervalSince(began))
            }
        }
        machine.loadAfter = ProcessFigures.loadAverage()
        print(report(ledgers, machine))
    }

    private static func fill(_ ledger: inout Growth, to size: Int) throws {
        let (before, began) = (try ledger.bench.events(), Date())
        try ledger.bench.fill(to: size) { say("filling \(size.text): \($0)") }
        ledger.events = try ledger.bench.events()
        let seconds = Date().timeIntervalSince(began)
        if ledger.events - before > 100_000 { ledger.fillPerSecond = Double(ledger.events - before) / 3 / seconds }
    }

    private static func measure(_ ledger: inout Growth) throws {
        let run = try ledger.bench.driver.send(Request.submitBundle(), count: submissions, connections: 16)
        ledger.p50.append(Double(run.figures.microseconds(50)) / 1_000)
        ledger.p99.append(Double(run.figures.microseconds(99)) / 1_000)
        ledger.perSecond.append(run.figures.perSecond)
        ledger.hubCPU.append(run.hubMicroseconds)
    }

    private static func size(_ path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    private func report(_ ledgers: [Growth], _ machine: Machine) -> String {
        let rows = ledgers.map { ledger in
            [
                ledger.events.text, (Double(ledger.bytes) / 1_073_741_824).text(2),
                ledger.fillPerSecond?.text(0) ?? "–", Spread(ledger.p50)?.text(2) ?? "–",
                Spread(ledger.p99)?.text(2) ?? "–", Spread(ledger.perSecond)?.text(0) ?? "–",
                Spread(ledger.hubCPU)?.text(0) ?? "–", Spread(ledger.start)?.text(2) ?? "–", ledger.resident.text(0),
            ]
        }
        return """
            ## W7: submissions to a growing ledger

            \(Self.submissions.text) FHIR Bundles over 16 mutual-TLS connections to each ledger in turn, every ledger behind a hub of its own;
            each ledger was filled by submissions that took the whole path. Start: from the program's start until its
            listeners are bound, three times.

            - Command: `make bench W=W7 (\(rounds) rounds, sizes \(self.sizes))`; medians, in brackets smallest and largest.
            - Machine: \(machine.processor), \(machine.cores) cores shared by hubs and load generator,
              \(machine.memoryGiB) GiB, \(machine.kernel), \(machine.fileSystem); load average \(machine.loadBefore) before
              and \(machine.loadAfter) after.\(note.isEmpty ? "" : " " + note)
            - Versions: commit \(machine.commit), \(machine.swift), SQLite \(machine.sqlite).
            - Date: \(machine.date).

            \(Report.table(
                [
                    "events", "file GiB", "filled a second", "p50 ms", "p99 ms", "a second", "hub CPU µs each", "start s",
                    "MiB after the rounds",
                ],
                rows
            ))

            ```
            \(verdicts(ledgers).map(\.line).joined(separator: "\n"))
            ```
            """
    }

    private func verdicts(_ ledgers: [Growth]) -> [Check] {
        guard let small = ledgers.first, let large = ledgers.last else { return [] }
        return ledgers.dropFirst()
            .compactMap { ledger in
                let ratios = zip(ledger.p50, small.p50).map { $0 / $1 }
                return Spread(ratios)
                    .map { spread in
                        Check(
                            name: "p50 at \(ledger.events.text) events to that at \(small.events.text), at most 1.25",
                            figure: spread.text(2),
                            isMet: spread.median <= 1.25
                        )
                    }
            }
            + [Spread(large.start)]
            .compactMap { spread in
                spread.map {
                    Check(
                        name: "start at \(large.events.text) events, s, at most 5",
                        figure: $0.text(2),
                        isMet: $0.median <= 5
                    )
                }
            }
    }

    private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
