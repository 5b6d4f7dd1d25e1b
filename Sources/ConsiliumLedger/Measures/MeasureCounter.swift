import ConsiliumCore

/// Keeps `measure_counts` and `measure_days` as events arrive: changes gather in memory, and each row that they touch is
/// read, added to and written once when the commit group ends.
struct MeasureCounter {
    /// Minutes east of UTC of the network's civil time.
    static let offsetMinutes = WorkingCalendar.standard.offsetMinutes

    /// Rows held in memory, so that a row of today is not read with every group; all are forgotten when there are more.
    private let capacity: Int
    private var held: [StratumDay: DayCounts] = [:]
    private var heldTotals: [CivilDay: DayCounts] = [:]
    /// Changes of this group, in the order in which rows were first touched.
    private var changes: [(row: StratumDay, counts: DayCounts)] = []
    private var places: [StratumDay: Int] = [:]
    private var records = 0

    init(capacity: Int = 2_048) { self.capacity = capacity }

    /// Rows that are to be written.
    var pending: Int { changes.count }

    mutating func add(_ cells: [MeasureCell], times factor: Int) {
        var place = -1
        for (key, counts) in cells {
            // A case's cells are mostly of one day and stratum.
            if place < 0 || changes[place].row.day != key.day || changes[place].row.stratum != key.stratum {
                place = self.place(of: StratumDay(key.day, key.stratum))
            }
            changes[place].counts.add(counts, to: key.figure, times: factor)
        }
    }

    private mutating func place(of row: StratumDay) -> Int {
        if let place = places[row] { return place }
        places[row] = changes.count
        changes.append((row, DayCounts()))
        return changes.count - 1
    }

    mutating func noteRecords(_ count: Int) { records += count }

    /// Writes what has gathered. When it throws, nothing of the transaction stands and this is to be forgotten.
    mutating func flush(_ connection: any SQLConnection) throws {
        let table = MeasureTable(connection: connection)
        for (row, counts) in changes where !counts.isEmpty {
            var sum = try held[row] ?? table.counts(of: row)
            sum.add(counts)
            try table.put(sum, at: row)
            if held.count >= capacity { held.removeAll(keepingCapacity: true) }
            held[row] = sum
        }
        var totals = DayTotals()
        for (row, counts) in changes { totals.add(counts, on: row.day) }
        for (day, counts) in totals.days {
            var sum = try heldTotals[day] ?? table.total(of: day)
            sum.add(counts)
            try table.put(sum, on: day)
            if heldTotals.count >= capacity { heldTotals.removeAll(keepingCapacity: true) }
            heldTotals[day] = sum
        }
        changes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        if records != 0 { try connection.execute(Statements.countMeasuredRecords, [.int(records)]) }
        records = 0
    }

    /// Forgets what has gathered and what is held.
    mutating func removeAll() { self = MeasureCounter(capacity: capacity) }
}
