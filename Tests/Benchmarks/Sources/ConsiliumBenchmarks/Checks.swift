/// One thing that a workload is held to.
struct Check {
    var name: String
    var figure: String
    var isMet: Bool

    var line: String { "\(isMet ? "PASS" : "MISS")  \(name): \(figure)" }
}

extension Results {
    /// What the project asks of itself (issue "foundation", "Speed and memory").
    var checks: [Check] {
        var checks: [Check] = []
        func check(_ name: String, _ values: [Double], _ digits: Int, _ isMet: (Double) -> Bool) {
            guard let spread = Spread(values) else { return }
            checks.append(Check(name: name, figure: spread.text(digits), isMet: isMet(spread.median)))
        }
        for (workload, connections) in Self.loads {
            let noOp = ratios(workload, connections) { round in
                samples("no-op", connections).first { $0.round == round }?.perSecond
            }
            check("\(workload) @\(connections), share of the no-op rate, at least 0.125", noOp, 3) { $0 >= 0.125 }
        }
        for (workload, connections) in Self.loads {
            let alone = ratios(workload, connections) { round in
                bare.first { $0.round == round && $0.connections == connections }?.perSecond
            }
            check("\(workload) @\(connections), share of SQLite alone, at least 0.333", alone, 3) { $0 >= 1.0 / 3 }
        }
        for workload in ["FHIR Bundle", "REF^I12"] {
            let each = samples(workload, 32).map(\.perCommit)
            check("\(workload) @32, submissions a WAL sync, at least 4", each, 1) { $0 >= 4 }
        }
        for (workload, connections) in Self.loads {
            let late = samples(workload, connections).map { Double($0.p99) / 1_000 }
            check("\(workload) @\(connections), p99 in ms, at most 25", late, 1) { $0 <= 25 }
        }
        check("p50 of the large ledger to that of 10,000 events, at most 1.3", growthRatios, 2) { $0 <= 1.3 }
        check("idle hub resident in MiB, under 80", [idleResident], 1) { $0 < 80 }
        return checks
    }

    /// The goal ("must") of W1.
    var goals: [Check] {
        var goals: [Check] = []
        for (workload, connections) in Self.loads {
            guard let rate = Spread(samples(workload, connections).map(\.perSecond)) else { continue }
            goals.append(
                Check(
                    name: "\(workload) @\(connections), submissions a second, at least 8,000",
                    figure: rate.text(0),
                    isMet: rate.median >= 8_000
                )
            )
        }
        for workload in ["FHIR Bundle", "REF^I12"] {
            if let rate = Spread(samples(workload, 16).map { $0.perSecond / 1_248 }) {
                goals.append(
                    Check(
                        name: "\(workload) @16, times Orthanc's 1,248 a second, at least 6",
                        figure: rate.text(1),
                        isMet: rate.median >= 6
                    )
                )
            }
            if let late = Spread(samples(workload, 16).map { Double($0.p99) / 1_000 }) {
                goals.append(
                    Check(
                        name: "\(workload) @16, p99 in ms, at most 10",
                        figure: late.text(1),
                        isMet: late.median <= 10
                    )
                )
            }
        }
        return goals
    }

    /// Each round's large ledger beside its small one.
    var growthRatios: [Double] {
        Dictionary(grouping: growth, by: \.round).values
            .compactMap { pair in
                guard let small = pair.min(by: { $0.events < $1.events }),
                    let large = pair.max(by: { $0.events < $1.events }),
                    large.events > small.events * 2
                else { return nil }
                return Double(large.p50) / Double(small.p50)
            }
    }

    static let loads = [("FHIR Bundle", 16), ("FHIR Bundle", 32), ("REF^I12", 16), ("REF^I12", 32)]
}
