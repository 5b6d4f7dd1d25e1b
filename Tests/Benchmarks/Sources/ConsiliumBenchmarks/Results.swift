import Foundation

/// Everything that a run of W1 measured, as it is kept in a file; the report is made from this alone.
struct Results: Codable {
    /// One workload in one round.
    struct Sample: Codable {
        var round: Int
        var workload: String
        var connections: Int
        var perSecond: Double
        /// Microseconds.
        var p50: Int
        var p99: Int
        var max: Int
        /// Microseconds of CPU for one request: the hub's process, and the load generator's.
        var hubCPU: Double
        var driverCPU: Double
        /// Inputs decided for each commit, which is one sync of the WAL.
        var perCommit: Double
        var loadAverage: String
    }

    /// Bare SQLite commits in one round.
    struct Bare: Codable {
        var round: Int
        /// Whose rows and group size these are; empty for a fixed size.
        var beside: String
        var connections: Int
        var group: Int
        var perSecond: Double
        var cpu: Double
    }

    /// The same submissions at two sizes of the ledger.
    struct Growth: Codable {
        var round: Int
        var events: Int
        var p50: Int
        var p99: Int
        var perSecond: Double
    }

    var machine: Machine
    var command: String
    var seconds: Double
    var rounds: Int
    var bundleSize: Int
    var referralSize: Int
    var rowsEach: Double
    var bytesEach: Double
    var samples: [Sample] = []
    var bare: [Bare] = []
    var growth: [Growth] = []
    /// Submissions a second while the large ledger was filled, over 64 connections.
    var fillPerSecond: Double?
    /// MiB.
    var idleResident: Double
    var residentAfterRounds = 0.0
    var residentAfterFill: Double?
    /// Steps of a submission over 16 connections; empty without `perf`.
    var bundleSteps: [Profile.Step] = []
    var referralSteps: [Profile.Step] = []
    /// Cases in the ledgers, all of them offered.
    var cases = 0

    func samples(_ workload: String, _ connections: Int) -> [Sample] {
        samples.filter { $0.workload == workload && $0.connections == connections }
    }

    /// One workload's figure of each round, divided by that of its neighbour in the same round.
    func ratios(_ workload: String, _ connections: Int, to other: (Int) -> Double?) -> [Double] {
        samples(workload, connections).compactMap { sample in other(sample.round).map { sample.perSecond / $0 } }
    }
}

/// Median with the smallest and the largest: what a few rounds on a shared machine can say.
struct Spread {
    var median: Double
    var smallest: Double
    var largest: Double

    init?(_ values: [Double]) {
        guard let first = values.min(), let last = values.max() else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        smallest = first
        largest = last
    }

    /// `1,234 (1,100–1,300)`.
    func text(_ digits: Int) -> String {
        func number(_ value: Double) -> String { value.text(digits) }
        return "\(number(median)) (\(number(smallest))–\(number(largest)))"
    }
}

extension Double {
    /// With thousands separators and so many digits after the point.
    func text(_ digits: Int) -> String {
        let plain = String(format: "%.\(digits)f", self)
        let parts = plain.split(separator: ".")
        var whole = ""
        for (index, character) in parts[0].reversed().enumerated() {
            if index > 0, index % 3 == 0, character != "-" { whole.append(",") }
            whole.append(character)
        }
        return String(whole.reversed()) + (parts.count > 1 ? "." + parts[1] : "")
    }
}
