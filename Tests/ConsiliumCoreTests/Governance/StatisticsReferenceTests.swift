import Foundation
import Testing

@testable import ConsiliumCore

/// The statistics against statsmodels, scipy, numpy and krippendorff, on random inputs from a fixed seed.
@Suite struct StatisticsReferenceTests {
    /// `make test` and `scripts/check-statistics` name a Python that has the packages in `CONSILIUM_STATISTICS_PYTHON`.
    @Test("The statistics agree with the packages that auditors use")
    func reference() throws {
        let variables = ProcessInfo.processInfo.environment
        guard let python = variables["CONSILIUM_STATISTICS_PYTHON"], !python.isEmpty else {
            #expect(variables["CONSILIUM_REQUIRE_ALL"] == nil, "the statistics are not compared with packages")
            return print(
                "notice: CONSILIUM_STATISTICS_PYTHON is not set; the statistics are not compared with packages"
            )
        }
        // The package of libraries holds a copy of the tests; `scripts/check-statistics` says where the program is.
        let program =
            variables["CONSILIUM_STATISTICS_PROGRAM"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Governance/check_statistics.py").standardizedFileURL
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("statistics-\(UUID()).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        var cases = ReferenceCases(seed: 2_026)
        cases.addAll()
        try Data(cases.lines.utf8).write(to: file)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [program.path, file.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        print(text.split(separator: "\n").last.map { "statistics: \($0)" } ?? "")
    }
}

/// Random inputs with what Core makes of them, one JSON object a line.
private struct ReferenceCases {
    private(set) var lines = ""
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func addAll() {
        for confidence in Confidence.allCases { add("normal", ["alpha": confidence.alpha], [confidence.z]) }
        for _ in 0..<300 {
            addProportions()
            addBinomial()
            addRateRatio()
            addKappa()
            addAlpha()
            addConcentration()
            addTriangle()
            addCorrelation()
        }
        for _ in 0..<300 { addQuantile(upTo: 120) }
        for _ in 0..<3 { addQuantile(upTo: 5_000) }
        for _ in 0..<12 { addBootstrap() }
    }

    private mutating func add(_ kind: String, _ inputs: [String: Any], _ result: [Double?]) {
        var object = inputs
        object["kind"] = kind
        object["result"] = result.map { $0.map { $0 as Any } ?? NSNull() }
        guard let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]) else {
            Issue.record("not written: \(kind)")
            return
        }
        lines += String(decoding: data, as: UTF8.self) + "\n"
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + random.index(below: range.count)
    }

    private mutating func addProportions() {
        let total = [number(0...12), number(0...300), number(0...2_000_000)][random.index(below: 3)]
        let counts = [0, total, number(0...total)]
        guard let proportion = Proportion(counts[random.index(below: 3)], of: total) else { return }
        for confidence in Confidence.allCases {
            let interval = proportion.wilson(confidence)
            add(
                "wilson",
                ["count": proportion.count, "total": total, "alpha": confidence.alpha],
                [interval?.low, interval?.high]
            )
        }
        guard let other = Proportion(number(0...500), of: 500), let funnel = Funnel([proportion, other]) else { return }
        let size = number(1...400)
        let limits = funnel.limits(total: size, .ninetyNinePointEight)
        add("funnel", ["centre": funnel.centre, "total": size, "alpha": 0.002], [limits?.low, limits?.high])
    }

    private mutating func addBinomial() {
        let trials = [number(0...20), number(0...1_000), number(0...1_000_000)][random.index(below: 3)]
        let probability = 0.01 + 0.98 * random.unit()
        guard let binomial = Binomial(trials: trials, probability: probability) else { return }
        let near = Int(Double(trials) * probability) + number(-30...30)
        let successes = min(trials, max(0, near))
        add(
            "binomial",
            ["trials": trials, "probability": probability, "successes": successes],
            [binomial.probability(of: successes), binomial.cumulative(successes)]
        )
    }

    private mutating func addQuantile(upTo most: Int) {
        let values = (0..<number(1...most)).map { _ in number(0...500) }.sorted()
        let quantile = [0.1, 0.25, 0.5, 0.9][random.index(below: 4)]
        for confidence in Confidence.allCases {
            let estimate = QuantileEstimate(quantile, ofSorted: values.map { Double($0) }, confidence)
            add(
                "quantile",
                ["values": values, "quantile": quantile, "alpha": confidence.alpha],
                [estimate?.value, estimate?.interval?.low, estimate?.interval?.high]
            )
        }
    }

    private mutating func addRateRatio() {
        let (events, base) = (number(0...60), number(0...60))
        let (population, basePopulation) = (number(1...5_000_000), number(1...5_000_000))
        let ratio = RateRatio(events: events, population: population, toEvents: base, population: basePopulation)
        add(
            "rate-ratio",
            [
                "events": events, "population": population, "base": base, "basePopulation": basePopulation,
                "alpha": 0.05,
            ],
            [ratio?.value, ratio?.interval?.low, ratio?.interval?.high]
        )
    }

    private mutating func addKappa() {
        let categories = number(2...5)
        let pairs = (0..<number(1...60))
            .map { _ in
                let first = number(0...categories - 1)
                return (first, random.index(below: 3) == 0 ? number(0...categories - 1) : first)
            }
        add(
            "kappa",
            ["categories": categories, "first": pairs.map(\.0), "second": pairs.map(\.1)],
            [
                Agreement.cohenKappa(pairs, categories: categories, .unweighted),
                Agreement.cohenKappa(pairs, categories: categories, .quadratic),
            ]
        )
    }

    private mutating func addAlpha() {
        let raters = number(2...5)
        let units: [[Int?]] = (0..<number(2...40))
            .map { _ in
                let truth = number(0...4)
                return (0..<raters)
                    .map { _ in
                        random.index(below: 6) == 0 ? nil : random.index(below: 3) == 0 ? number(0...4) : truth
                    }
            }
        add(
            "alpha",
            ["categories": 5, "units": units.map { $0.map { $0.map { $0 as Any } ?? NSNull() } }],
            [
                Agreement.krippendorffAlpha(units, categories: 5, .nominal),
                Agreement.krippendorffAlpha(units, categories: 5, .ordinal),
            ]
        )
    }

    private mutating func addConcentration() {
        let parts = (0..<number(1...40)).map { _ in number(0...200) }
        add(
            "concentration",
            ["parts": parts],
            [Concentration.herfindahlHirschman(parts), Concentration.topDecileShare(parts)?.value]
        )
    }

    private mutating func addBootstrap() {
        let sites = (0..<number(2...40))
            .map { _ in
                let total = number(1...80)
                return (number(0...total), total)
            }
        let bootstrap = Bootstrap(seed: random.next() >> 12, replicates: 500)
        let estimate = bootstrap.estimate(sites) { sample in
            Proportion(sample.reduce(0) { $0 + $1.0 }, of: sample.reduce(0) { $0 + $1.1 })?.value
        }
        add(
            "bootstrap",
            [
                "seed": Int(bootstrap.seed), "replicates": bootstrap.replicates, "alpha": 0.05,
                "counts": sites.map(\.0), "totals": sites.map(\.1),
            ],
            [estimate.value, estimate.interval?.low, estimate.interval?.high]
        )
    }

    private mutating func addCorrelation() {
        let first = (0..<number(8...40)).map { _ in number(0...20) }
        let second = first.map { random.index(below: 2) == 0 ? $0 : number(0...20) }
        add(
            "correlation",
            ["first": first, "second": second],
            [Correlation.spearman(first.map { Double($0) }, second.map { Double($0) })]
        )
    }

    private mutating func addTriangle() {
        let resolved = (0..<4).map { _ in number(1...300) }
        let total = Double(resolved.reduce(0, +))
        let factors = TriangleFactors(
            shares: resolved.map { Double($0) / total },
            localResolution: random.unit(),
            siphon: random.unit(),
            downReferral: random.unit()
        )
        add(
            "triangle",
            [
                "resolved": resolved, "local": factors.localResolution, "siphon": factors.siphon,
                "down": factors.downReferral,
            ],
            [factors.shape, factors.index, factors.arithmeticIndex]
        )
    }
}
