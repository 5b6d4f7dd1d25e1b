package import ConsiliumCore
import Crypto

/// Counts of a period as a ledger says them at one moment.
package struct MeasureSnapshot: Sendable, Equatable {
    package var period: MeasurePeriod
    package var tally: MeasureTally
    /// Of every day that the ledger counts anything on.
    package var totals: DayTotals
    /// Records that the ledger held.
    package var records: Int
    /// Lower-case hexadecimal SHA-256 over the definition, the days, every row, in the order of `StratumDay`, and the totals
    /// of every day of the trend: equal digests are equal counts, whoever counted.
    package var digest: String
}

/// The rows of a period on their way into a snapshot, in the order of `StratumDay`, then its totals.
struct MeasureDigest {
    private var state = SHA256()
    private var bytes: [UInt8] = []

    init(_ period: MeasurePeriod) {
        Self.append(MeasureTally.definition.utf8, to: &bytes)
        put(period.days.lowerBound.number)
        put(period.days.upperBound.number)
        put(period.trend.lowerBound.number)
        put(period.trend.upperBound.number)
    }

    mutating func add(_ row: StratumDay, _ counts: [UInt8]) {
        var columns: [UInt8] = []
        for column in row.stratum.columns { Self.append(column.utf8, to: &columns) }
        counts.withUnsafeBytes { add(row.day, columns: columns, $0) }
    }

    mutating func add(_ totals: ArraySlice<(day: CivilDay, counts: DayCounts)>) {
        for (day, counts) in totals { counts.bytes.withUnsafeBytes { add(day, columns: [], $0) } }
    }

    /// - Parameters:
    ///   - columns: those of the stratum, each as `append` writes it.
    mutating func add(_ day: CivilDay, columns: [UInt8], _ counts: UnsafeRawBufferPointer) {
        put(day.number)
        bytes.append(contentsOf: columns)
        Self.append(counts, to: &bytes)
        if bytes.count >= 65_536 { flush() }
    }

    /// Each part with its length, so that parts cannot be moved.
    static func append(_ part: some Collection<UInt8>, to bytes: inout [UInt8]) {
        append(part.count, to: &bytes)
        bytes.append(contentsOf: part)
    }

    private static func append(_ number: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: Int64(number).bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func finish() -> String {
        flush()
        return hexadecimal(state.finalize().withUnsafeBytes { Array($0) })
    }

    private mutating func put(_ number: Int) { Self.append(number, to: &bytes) }

    private mutating func flush() {
        bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Reads the counts that the ledger keeps: the rows of the period, and one of each day of the history.
package struct MeasureCountsReader {
    private let table: MeasureTable

    package init(_ connection: any SQLConnection) { table = MeasureTable(connection: connection) }

    /// - Throws: `RecordError` when the counts were made by another version of this program.
    package func snapshot(_ period: MeasurePeriod) throws -> MeasureSnapshot {
        guard let state = try table.state(), state.definition == MeasureTally.definition else {
            throw RecordError("the counts were made by another version of this program: rebuild the projections")
        }
        // Capacities last: how many slots stood when the period began is told by all their changes before it.
        var standing: [StratumDay: DayCounts] = [:]
        var left = Self.mostSlots
        try table.lastingRows(before: period.days.lowerBound) { row, bytes in
            let counts = try MeasureTable.decode(bytes).counts(of: .slots)
            for number in [counts.numerator, counts.denominator] {
                guard number.magnitude <= left else { throw Self.tooMuch }
                left -= number.magnitude
            }
            standing[StratumDay(period.eve, row.stratum), default: DayCounts()].add(counts, to: .slots)
        }
        var digest = MeasureDigest(period)
        let eve = standing.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
        for (row, counts) in eve { digest.add(row, counts.bytes) }
        var tally = MeasureTally(sorted: eve)
        try table.read(period.days, into: &tally, &digest)
        guard tally.magnitude() <= 1 << 53, tally.magnitude(of: .slots) <= Self.mostSlots else { throw Self.tooMuch }
        let totals = try table.totals()
        guard totals.magnitude <= 1 << 53 else { throw Self.tooMuch }
        digest.add(totals[period.trend])
        return MeasureSnapshot(
            period: period,
            tally: tally,
            totals: totals,
            records: state.records,
            digest: digest.finish()
        )
    }

    /// A copy may hold anything: sums over its rows must not overflow, and slots are multiplied by the minutes of a year.
    private static let mostSlots: UInt = 1 << 40

    private static let tooMuch = StoreError(
        .corrupt,
        "the counts add up to more than there can be: rebuild the projections"
    )
}
