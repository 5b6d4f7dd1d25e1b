/// The report of a run: tables in Markdown, then what was asked and whether it was met.
struct Report {
    let results: Results

    init(_ results: Results) { self.results = results }

    var text: String {
        ([heading, conditions] + [loads, limits, growth, steps, memory, verdicts]).joined(separator: "\n\n") + "\n"
    }

    private var heading: String {
        """
        ## W1: submissions that take the whole path

        Each request is a new case: parsed, mapped, sealed, decided, queued and offered, with its events, source, keys and
        projections durable (`synchronous=FULL`) before the answer leaves. Payloads are a FHIR transaction Bundle of
        \(results.bundleSize.text) bytes over HTTPS and a REF^I12 of \(results.referralSize.text) bytes in GB18030 over
        MLLP, both with mutual TLS 1.3 on kept-alive connections, each sending its next request when the last is answered.
        """
    }

    private var conditions: String {
        let machine = results.machine
        return """
            - Command: `\(results.command)`; \(results.rounds) rounds, interleaved, \(results.seconds.text(0)) s each after
              1 s of warm-up; medians, in brackets smallest and largest.
            - Machine: \(machine.processor), \(machine.cores) cores shared by hub and load generator,
              \(machine.memoryGiB) GiB, \(machine.kernel), \(machine.fileSystem); load average \(machine.loadBefore) before
              and \(machine.loadAfter) after.
            - Versions: commit \(machine.commit), \(machine.swift), SQLite \(machine.sqlite).
            - Date: \(machine.date).
            """
    }

    private var loads: String {
        var rows: [[String]] = []
        for connections in [16, 32] {
            for workload in ["FHIR Bundle", "REF^I12", "no-op"] {
                let samples = results.samples(workload, connections)
                func spread(_ value: (Results.Sample) -> Double, _ digits: Int) -> String {
                    Spread(samples.map(value))?.text(digits) ?? "–"
                }
                rows.append([
                    workload, "\(connections)", spread({ $0.perSecond }, 0), spread({ Double($0.p50) / 1_000 }, 2),
                    spread({ Double($0.p99) / 1_000 }, 2), spread({ Double($0.max) / 1_000 }, 1),
                    spread({ $0.hubCPU }, 0), spread({ $0.driverCPU }, 0),
                    workload == "no-op" ? "–" : spread({ $0.perCommit }, 1),
                ])
            }
        }
        return Self.table(
            [
                "request", "connections", "a second", "p50 ms", "p99 ms", "max ms", "hub CPU µs each",
                "generator CPU µs each", "a WAL sync",
            ],
            rows
        )
    }

    private var limits: String {
        var rows: [[String]] = []
        func add(_ name: String, _ bare: [Results.Bare]) {
            guard let rate = Spread(bare.map(\.perSecond)), let cpu = Spread(bare.map(\.cpu)) else { return }
            let group = Spread(bare.map { Double($0.group) })
            rows.append([name, group?.text(0) ?? "–", rate.text(0), cpu.text(0)])
        }
        for connections in [16, 32] {
            add("as the hub did @\(connections)", results.bare.filter { $0.connections == connections })
        }
        for group in [1, 16, 64] { add("fixed", results.bare.filter { $0.connections == 0 && $0.group == group }) }
        return """
            The no-op is the same Bundle to `/exchange/heartbeat`: same TLS, router and authorisation, nothing decided or
            stored. SQLite alone takes the same rows (\(results.rowsEach.text(1)) rows, \(results.bytesEach.text(0)) bytes a
            submission, from the hub's database) through its C API on one thread into a fresh file:

            \(Self.table(["SQLite alone", "submissions a commit", "submissions a second", "CPU µs each"], rows))

            \(byProcessorTime)
            """
    }

    /// What other programs on the machine change least.
    private var byProcessorTime: String {
        let shares = Results.loads.compactMap { workload, connections -> String? in
            func cost(_ name: String) -> Double? {
                Spread(results.samples(name, connections).map { $0.hubCPU + $0.driverCPU })?.median
            }
            let alone = Spread(results.bare.filter { $0.connections == connections }.map(\.cpu))?.median
            guard let submission = cost(workload), let noOp = cost("no-op"), let alone, submission > 0 else {
                return nil
            }
            return "\(workload) @\(connections) \((noOp / submission).text(3)) and \((alone / submission).text(3))"
        }
        return
            "By CPU time of hub and generator together instead of by rate, the shares of no-op and SQLite alone are: "
            + shares.joined(separator: "; ") + "."
    }

    private var growth: String {
        guard !results.growth.isEmpty else { return "The growth test was left out (`FILL=0`)." }
        let middle = (results.growth.map(\.events).max() ?? 0) / 2
        let rows = [
            ("small", results.growth.filter { $0.events < middle }),
            ("large", results.growth.filter { $0.events >= middle }),
        ]
        .map { name, list in
            [
                name, (list.map(\.events).min() ?? 0).text, Spread(list.map { Double($0.p50) / 1_000 })?.text(2) ?? "–",
                Spread(list.map { Double($0.p99) / 1_000 })?.text(2) ?? "–",
                Spread(list.map(\.perSecond))?.text(0) ?? "–",
            ]
        }
        let filled = results.fillPerSecond.map {
            " It was filled at \($0.text(0)) submissions a second over 64 connections."
        }
        return """
            Growth: 2,000 Bundles over 16 connections, in turn to a ledger with few events and to one with many.\(filled ?? "")

            \(Self.table(["ledger", "events", "p50 ms", "p99 ms", "a second"], rows))
            """
    }

    private var steps: String {
        guard !results.bundleSteps.isEmpty else {
            return "Where the time goes: not sampled (no `perf` on this machine, or not allowed)."
        }
        var referral: [String: Double] = [:]
        for step in results.referralSteps { referral[step.name] = step.microseconds }
        var rows = results.bundleSteps.map { step in
            [step.name, step.microseconds.text(0), referral.removeValue(forKey: step.name)?.text(0) ?? "–"]
        }
        rows += referral.sorted { $0.value > $1.value }.map { [$0.key, "–", $0.value.text(0)] }
        let sums = [results.bundleSteps, results.referralSteps].map { $0.map(\.microseconds).reduce(0, +).text(0) }
        rows.append(["together"] + sums)
        return """
            Where the hub's CPU time goes, µs a submission @16, by 999 stack samples a second over all threads in a run of
            their own. A sample counts for the innermost step its stack names; system libraries cut stacks short.

            \(Self.table(["step", "FHIR Bundle", "REF^I12"], rows))
            """
    }

    private var memory: String {
        let filled = results.residentAfterFill.map { ", \($0.text(0)) MiB after the large ledger was filled" } ?? ""
        return "Resident memory of the hub: \(results.idleResident.text(1)) MiB idle, "
            + "\(results.residentAfterRounds.text(0)) MiB after the rounds\(filled). "
            + "All \(results.cases.text) cases stood as offered at the end."
    }

    private var verdicts: String {
        """
        ```
        \((results.checks + results.goals.map { goal in
            var goal = goal
            goal.name = "goal: " + goal.name
            return goal
        }).map(\.line).joined(separator: "\n"))
        ```
        """
    }

    static func table(_ head: [String], _ rows: [[String]]) -> String {
        ([head, head.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }
}

extension Int {
    /// With thousands separators.
    var text: String { Double(self).text(0) }
}
