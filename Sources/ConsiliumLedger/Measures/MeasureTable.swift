import ConsiliumCore
import Foundation

/// The rows of `measure_counts`, what one day of one stratum counts, and of `measure_days`, what one day counts.
struct MeasureTable {
    let connection: any SQLConnection

    /// Empty where there is no row.
    func counts(of row: StratumDay) throws -> DayCounts {
        try connection.first(Statements.measureCounts, Self.key(row)) { try Self.decode($0.blob(0)) } ?? DayCounts()
    }

    func put(_ counts: DayCounts, at row: StratumDay) throws {
        if counts.isEmpty {
            try connection.execute(Statements.deleteMeasureCounts, Self.key(row))
        } else {
            try connection.execute(Statements.putMeasureCounts, Self.key(row) + [.blob(counts.bytes)])
        }
    }

    /// Reads the rows of some days into `tally` and `digest`, in the order of `StratumDay`. A stratum is read from its
    /// columns where it stands first; after that its bytes tell it.
    func read(_ days: Range<CivilDay>, into tally: inout MeasureTally, _ digest: inout MeasureDigest) throws {
        var places: [Columns: Int32] = [:]
        var columns = Columns()
        try connection.query(
            Statements.measureCountsOfDays,
            [.int(days.lowerBound.number), .int(days.upperBound.number)]
        ) { row in
            columns.bytes.removeAll(keepingCapacity: true)
            for column in 1...5 { row.withBlob(column) { MeasureDigest.append($0, to: &columns.bytes) } }
            let day = CivilDay(number: row.int(0))
            let place: Int32
            if let known = places[columns] {
                place = known
            } else {
                place = tally.place(of: try Self.key(row).stratum)
                places[columns] = place
            }
            try row.withBlob(6) { counts in
                digest.add(day, columns: columns.bytes, counts)
                do {
                    try tally.append(counts, on: day, of: place)
                } catch {
                    throw Self.unreadable(error)
                }
            }
        }
    }

    /// What a row says of its stratum. An array is hashed and compared byte by byte; this is at once.
    private struct Columns: Hashable {
        var bytes: [UInt8] = []

        static func == (a: Self, b: Self) -> Bool {
            a.bytes.withUnsafeBytes { a in
                b.bytes.withUnsafeBytes { b in
                    guard a.count == b.count, let x = a.baseAddress, let y = b.baseAddress else {
                        return a.count == b.count
                    }
                    return memcmp(x, y, a.count) == 0
                }
            }
        }

        func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
    }

    /// Those that no priority stands in, before `day`: capacities are among them, which last until they are changed.
    func lastingRows(before day: CivilDay, each: (StratumDay, [UInt8]) throws -> Void) throws {
        try connection.query(Statements.lastingMeasureCounts, [.int(day.number)]) {
            try each(try Self.key($0), $0.blob(6))
        }
    }

    /// Of one day over all strata; empty where there is no row.
    func total(of day: CivilDay) throws -> DayCounts {
        try connection.first(Statements.measureDay, [.int(day.number)]) { try Self.decode($0.blob(0)) } ?? DayCounts()
    }

    func put(_ total: DayCounts, on day: CivilDay) throws {
        if total.isEmpty {
            try connection.execute(Statements.deleteMeasureDay, [.int(day.number)])
        } else {
            try connection.execute(Statements.putMeasureDay, [.int(day.number), .blob(total.bytes)])
        }
    }

    /// Of every day.
    func totals() throws -> DayTotals {
        var totals = DayTotals()
        try connection.query(Statements.measureDays) { row in
            let counts = try Self.decode(row.blob(1))
            guard totals.append(counts, on: CivilDay(number: row.int(0))) else {
                throw StoreError(
                    .corrupt,
                    "the totals of a day cannot be: rebuild the projections"
                )
            }
        }
        return totals
    }

    /// The definition that the rows were made with and the records that they count; nil: they were never made.
    func state() throws -> (definition: String, records: Int)? {
        try connection.first(Statements.measureState) { ($0.text(0), $0.int(1)) }
    }

    func begin(records: Int) throws {
        try connection.execute(Statements.putMeasureState, [.text(MeasureTally.definition), .int(records)])
    }

    static func decode(_ bytes: [UInt8]) throws -> DayCounts {
        do {
            return try DayCounts(bytes)
        } catch {
            throw unreadable(error)
        }
    }

    private static func unreadable(_ error: any Error) -> StoreError {
        StoreError(.corrupt, "a row of counts cannot be read (\(error)): rebuild the projections")
    }

    private static func key(_ row: StratumDay) -> [SQLValue] {
        let stratum = row.stratum
        return [
            .int(row.day.number), .text(stratum.site.description), .text(stratum.tier.rawValue),
            .text(stratum.region), .text(stratum.department?.description ?? ""),
            .text(stratum.priority?.rawValue ?? ""),
        ]
    }

    private static func key(_ row: Row) throws -> StratumDay {
        let stratum = MeasureStratum(
            site: row.text(1),
            tier: row.text(2),
            region: row.text(3),
            department: row.text(4),
            priority: row.text(5)
        )
        guard let stratum else { throw StoreError(.corrupt, "a row of counts names an unknown stratum") }
        return StratumDay(CivilDay(number: row.int(0)), stratum)
    }
}
