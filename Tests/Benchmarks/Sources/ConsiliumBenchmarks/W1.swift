import ArgumentParser
import Foundation
import Histogram

/// Submissions that take the whole path, beside a no-op through the same doors and beside SQLite alone.
struct W1: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "w1",
        abstract: "Requests a second, latency and CPU of durable submissions, beside two limits of this machine."
    )

    @Option(help: "Folder of the release binaries.") var binaries: String
    @Option(help: "Where the throwaway homes are made and removed.") var scratch: String
    @Option(help: "File for everything that was measured.") var results: String
    @Option(help: "Seconds of each measurement, after a warm-up.") var seconds = 5.0
    @Option(help: "Rounds; each measures every workload once.") var rounds = 3
    @Option(help: "Events in the large ledger of the growth test; 0 leaves it out.") var fill = 1_000_000

    func run() throws {
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let home = scratch + "/home-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: home) }
        let machine = Machine(home: scratch)
        let bench = try Bench(binaries: binaries, home: home + "/1")
        defer { bench.close() }
        let referral = try Request.submitReferral()
        let bundle = Request.submitBundle()
        say("idle: \(bench.idle.text(1)) MiB resident")

        _ = try bench.driver.send(referral, count: 1_000, connections: 16)
        _ = try bench.driver.send(bundle, count: 3_000, connections: 16)
        let scratchDatabase = home + "/bare.db"
        let rows = try BareCommits(from: bench.hub.database, count: 3_000, scratch: scratchDatabase)
        var results = Results(
            machine: machine,
            command: "make bench W=W1 (\(rounds) rounds of \(seconds.text(0)) s)",
            seconds: seconds,
            rounds: rounds,
            bundleSize: bundle.payloadSize,
            referralSize: referral.payloadSize,
            rowsEach: rows.rowsEach,
            bytesEach: rows.bytesEach,
            idleResident: bench.idle
        )
        for round in 1...max(1, rounds) { try measure(round, bench, rows, referral, &results) }
        results.bundleSteps = try steps(of: bundle, bench, home)
        results.referralSteps = try steps(of: referral, bench, home)
        results.residentAfterRounds = try bench.hub.resident()
        results.cases = try bench.offered()
        if fill > 0 { try grow(bench, home, &results) }
        results.machine.loadAfter = ProcessFigures.loadAverage()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(results).write(to: URL(fileURLWithPath: self.results))
        print(Report(results).text)
    }

    private func measure(
        _ round: Int,
        _ bench: Bench,
        _ rows: BareCommits,
        _ referral: Request,
        _ results: inout Results
    ) throws {
        for connections in [16, 32] {
            var group = 1
            for request in [Request.submitBundle(), .heartbeat(), referral] {
                let run = try bench.driver.measure(request, connections: connections, warmUp: 1, seconds: seconds)
                let sample = Results.Sample(run, round)
                results.samples.append(sample)
                say("round \(round): \(sample.line)")
                if request.name == bundle.name { group = max(1, Int(run.perCommit.rounded())) }
            }
            try bare(round, rows, group: group, beside: bundle.name, connections, &results)
        }
        for group in [1, 16, 64] { try bare(round, rows, group: group, beside: "", 0, &results) }
    }

    private var bundle: Request { Request.submitBundle() }

    /// Samples the hub's stacks under load; the sampling itself costs a little, so these runs count for nothing else.
    private func steps(of request: Request, _ bench: Bench, _ home: String) throws -> [Profile.Step] {
        var samples: [[Profile.Frame]]?
        let run = try bench.driver.measure(request, connections: 16, warmUp: 1, seconds: seconds) {
            samples = Profile.record(process: bench.hub.identifier, seconds: seconds - 1, file: home + "/perf.data")
        }
        return Profile.steps(samples ?? [], each: run.hubMicroseconds)
    }

    private func bare(
        _ round: Int,
        _ rows: BareCommits,
        group: Int,
        beside: String,
        _ connections: Int,
        _ results: inout Results
    ) throws {
        let figures = try rows.run(group: group, limit: group < 4 ? 1_000 : rows.count)
        results.bare.append(
            Results.Bare(
                round: round,
                beside: beside,
                connections: connections,
                group: group,
                perSecond: figures.perSecond,
                cpu: figures.microseconds
            )
        )
        say(
            "round \(round): SQLite alone, \(group) in each commit: \(figures.perSecond.text(0))/s, "
                + "CPU \(figures.microseconds.text(0)) us"
        )
    }

    /// The same submissions to a ledger of 10,000 events and to a large one, in turn.
    private func grow(_ large: Bench, _ home: String, _ results: inout Results) throws {
        let small = try Bench(binaries: binaries, home: home + "/2")
        defer { small.close() }
        try small.fill(to: 10_000) { _ in }
        let started = Date()
        let before = try large.events()
        try large.fill(to: fill) { say("filling: \($0)") }
        let added = try large.events() - before
        if added > 0 { results.fillPerSecond = Double(added) / 3 / Date().timeIntervalSince(started) }
        results.residentAfterFill = try large.hub.resident()
        for round in 1...max(1, rounds) {
            for bench in [small, large] {
                let events = try bench.events()
                let run = try bench.driver.send(bundle, count: 2_000, connections: 16)
                let growth = Results.Growth(
                    round: round,
                    events: events,
                    p50: Int(run.figures.microseconds(50)),
                    p99: Int(run.figures.microseconds(99)),
                    perSecond: run.figures.perSecond
                )
                results.growth.append(growth)
                say("round \(round): ledger of \(Double(events).text(0)) events: p50 \(growth.p50) us")
            }
        }
        results.cases = try large.offered() + small.offered()
    }

    private func say(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}

extension Results.Sample {
    init(_ run: LoadRun, _ round: Int) {
        self.init(
            round: round,
            workload: run.request,
            connections: run.connections,
            perSecond: run.figures.perSecond,
            p50: Int(run.figures.microseconds(50)),
            p99: Int(run.figures.microseconds(99)),
            max: Int(run.figures.latency.maxRecorded),
            hubCPU: run.hubMicroseconds,
            driverCPU: run.driverCPU * 1e6 / Double(run.figures.completed),
            perCommit: run.perCommit,
            loadAverage: ProcessFigures.loadAverage()
        )
    }

    var line: String {
        "\(workload) @\(connections): \(perSecond.text(0))/s, p50 \(p50) us, p99 \(p99) us, max \(max) us, "
            + "hub CPU \(hubCPU.text(0)) us each, \(perCommit.text(1)) a commit"
    }
}
