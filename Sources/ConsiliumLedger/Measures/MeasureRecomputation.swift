package import ConsiliumCore
import Dispatch
import Synchronization

/// Counts a period anew from the events of a ledger, or of a copy of one: no hub, no key, no projection. Memory holds one
/// page of records, one case and the counts of the period. The records of cases and of their disclosures are checked as
/// they are read (`RecordCheck`).
package struct MeasureRecomputation {
    private let connection: any SQLConnection

    package init(_ connection: any SQLConnection) { self.connection = connection }

    /// Kinds whose records it does not check as it counts.
    private static let unchecked = StreamKind.allCases.filter { $0 != .consultation && $0 != .access }

    /// - Throws: `RecordError` when the ledger holds a record that this program does not know, or one that was changed;
    ///   when one is missing.
    package func snapshot(_ period: MeasurePeriod) throws -> MeasureSnapshot {
        try part(period, of: .all, hasNetwork: true).snapshot(period)
    }

    /// The same by several at once: each connection counts the cases of its own time. Adding is all that is done with what
    /// they count, so the bytes are those of one.
    ///
    /// - Parameters:
    ///   - stores: of one file that nobody writes to.
    /// Before anything is counted the records of the other kinds are checked, and in the end that none was passed by.
    ///
    /// - Throws: `StoreError` when they do not hold the same number of records; `RecordError` naming one that does not hold.
    package static func snapshot(_ period: MeasurePeriod, of stores: [Store]) throws -> MeasureSnapshot? {
        guard let first = stores.first else { return nil }
        let expected = try first.read { try ExpectedRecords($0) }
        let checked = try Rebuild.check(first, unchecked)
        let ranges = try first.read { try CaseRange.divided(in: stores.count, $0) }
        let parts = Mutex([Result<Part, any Error>?](repeating: nil, count: ranges.count))
        DispatchQueue.concurrentPerform(iterations: ranges.count) { index in
            let part = Result {
                try stores[index]
                    .read { try MeasureRecomputation($0).part(period, of: ranges[index], hasNetwork: index == 0) }
            }
            parts.withLock { $0[index] = part }
        }
        var sum: Part?
        for part in parts.withLock({ $0 }) {
            guard let part = try part?.get() else { return nil }
            if sum == nil { sum = part } else { try sum?.add(part) }
        }
        try expected.require(checked + (sum?.read ?? 0))
        return sum?.snapshot(period)
    }

    private func part(_ period: MeasurePeriod, of cases: CaseRange, hasNetwork: Bool) throws -> Part {
        var part = Part(records: try ExpectedRecords(connection).rows)
        let events = MeasureEvents(connection: connection)
        if hasNetwork { part.add(try events.capacities().cells, period) }
        part.read = try events.cells(ofCases: cases) { part.add($0, period) }
        return part
    }

    /// What some of the streams count.
    private struct Part: Sendable {
        private var sums: [StratumDay: DayCounts] = [:]
        private var totals = DayTotals()
        let records: Int
        /// Records of cases and their disclosures.
        var read = 0

        init(records: Int) { self.records = records }

        mutating func add(_ cells: [MeasureCell], _ period: MeasurePeriod) {
            for (key, counts) in cells {
                if let place = period.place(key) {
                    sums[StratumDay(place.day, place.stratum), default: DayCounts()].add(counts, to: place.figure)
                }
                totals.add(counts, to: key.figure, on: key.day)
            }
        }

        mutating func add(_ other: Part) throws(StoreError) {
            guard records == other.records else {
                throw StoreError(.corrupt, "the ledger was written to while it was read")
            }
            for (row, counts) in other.sums { sums[row, default: DayCounts()].add(counts) }
            totals.add(other.totals)
            read += other.read
        }

        func snapshot(_ period: MeasurePeriod) -> MeasureSnapshot {
            var digest = MeasureDigest(period)
            let rows = sums.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            for (row, counts) in rows { digest.add(row, counts.bytes) }
            digest.add(totals[period.trend])
            return MeasureSnapshot(
                period: period,
                tally: MeasureTally(sorted: rows),
                totals: totals,
                records: records,
                digest: digest.finish()
            )
        }
    }
}
