/// Exact counts behind the operational measures, by figure, stratum and day.
///
/// Adding is all that is ever done, so neither the order of the streams nor how they are divided among processes makes a
/// difference, and equal histories give equal bytes. Carries no patient, no case and no free text.
package struct MeasureTally: Sendable, Equatable {
    package struct Key: Hashable, Sendable {
        package var figure: MeasureFigure
        package var stratum: MeasureStratum
        /// The day on which a case entered the denominator, in the network's civil time.
        package var day: CivilDay

        package init(_ figure: MeasureFigure, _ stratum: MeasureStratum, _ day: CivilDay) {
            self.figure = figure
            self.stratum = stratum
            self.day = day
        }

        /// By what tells cells apart at once: a stratum's codes are otherwise hashed by their texts.
        package func hash(into hasher: inout Hasher) {
            hasher.combine(figure)
            hasher.combine(day)
            hasher.combine(stratum.site)
            hasher.combine(stratum.department)
            hasher.combine(stratum.priority?.rank)
        }
    }

    /// Counts of one cell. Those of a part of a history may be negative, where a case moved from one cell to another.
    package struct Counts: Hashable, Sendable {
        package var numerator: Int
        package var denominator: Int
        /// Of the denominator, those that have neither come to the numerator's event nor ended.
        package var undecided: Int
        /// How often each value was observed, in the figure's unit. Less than the denominator where some have none yet.
        package var histogram: [Int: Int]
        /// How the denominator is divided.
        package var shares: [String: Int]

        package init(
            _ numerator: Int = 0,
            of denominator: Int = 0,
            undecided: Int = 0,
            histogram: [Int: Int] = [:],
            shares: [String: Int] = [:]
        ) {
            self.numerator = numerator
            self.denominator = denominator
            self.undecided = undecided
            self.histogram = histogram
            self.shares = shares
        }

        package var isZero: Bool { self == Counts() }

        /// Adds `other` `factor` times; what comes to nothing is left out.
        package mutating func add(_ other: Counts, times factor: Int = 1) {
            numerator += other.numerator * factor
            denominator += other.denominator * factor
            undecided += other.undecided * factor
            for (value, count) in other.histogram { addObservations(count * factor, of: value) }
            for (part, count) in other.shares { addShare(count * factor, of: part) }
        }

        mutating func addObservations(_ count: Int, of value: Int) { Self.add(count, to: &histogram[value]) }

        mutating func addShare(_ count: Int, of part: String) { Self.add(count, to: &shares[part]) }

        private static func add(_ count: Int, to sum: inout Int?) {
            let total = (sum ?? 0) + count
            sum = total == 0 ? nil : total
        }
    }

    /// What one figure counts on one day of one stratum: plain numbers, so that millions are walked without a copy of
    /// anything else.
    struct Cell: Sendable {
        var day: CivilDay
        /// A place in `strata`.
        var stratum: Int32
        /// A place in `observed`; -1: nothing was observed but the numbers here.
        var observed: Int32 = -1
        var numerator = 0
        var denominator = 0
        var undecided = 0
    }

    /// Values and parts of a cell, in their order; none of them never.
    struct Observed: Sendable, Equatable {
        var histogram = CountedValues<Int>()
        var shares = CountedValues<CountedPart>()
    }

    /// Every stratum that was ever counted, each once.
    private(set) var strata: [MeasureStratum] = []
    private(set) var observed: [Observed] = []
    /// By the figures' codes, each in the order of day and stratum, so that a question reads the days of one figure and no
    /// more; no cell is zero.
    private var figures = [[Cell]](repeating: [], count: MeasureFigure.ordered.count)
    private var places: [MeasureStratum: Int32] = [:]

    package init() {}

    /// Of rows in their order, each once.
    package init(sorted rows: some Sequence<(key: StratumDay, value: DayCounts)>) {
        for (row, counts) in rows {
            let stratum = place(of: row.stratum)
            for entry in counts.entries { append(entry, on: row.day, of: stratum) }
        }
    }

    /// Where `stratum` stands among the strata, which it does from now on.
    package mutating func place(of stratum: MeasureStratum) -> Int32 {
        if let place = places[stratum] { return place }
        let place = Int32(strata.count)
        strata.append(stratum)
        places[stratum] = place
        return place
    }

    /// Appends what a day of a stratum counts of one figure, after all that is counted of it.
    mutating func append(_ entry: DayCounts.Entry, on day: CivilDay, of stratum: Int32) {
        var cell = Cell(day: day, stratum: stratum)
        cell.numerator = entry.numerator
        cell.denominator = entry.denominator
        cell.undecided = entry.undecided
        if !entry.histogram.entries.isEmpty || !entry.shares.entries.isEmpty {
            cell.observed = Int32(observed.count)
            observed.append(Observed(histogram: entry.histogram, shares: entry.shares))
        }
        figures[Int(entry.code)].append(cell)
    }

    package mutating func add(_ counts: Counts, to key: Key, times factor: Int = 1) {
        let code = Int(key.figure.code)
        let stratum = place(of: key.stratum)
        let row = StratumDay(key.day, key.stratum)
        let index = figures[code]
            .partitioned { cell in
                cell.stratum == stratum ? cell.day < key.day : StratumDay(cell.day, strata[cell.stratum]) < row
            }
        if index == figures[code].count || figures[code][index].day != key.day
            || figures[code][index].stratum != stratum
        {
            figures[code].insert(Cell(day: key.day, stratum: stratum), at: index)
        }
        var cell = figures[code][index]
        cell.numerator += counts.numerator * factor
        cell.denominator += counts.denominator * factor
        cell.undecided += counts.undecided * factor
        if !counts.histogram.isEmpty || !counts.shares.isEmpty { observe(counts, times: factor, in: &cell) }
        figures[code][index] = cell
        if isZero(cell) { figures[code].remove(at: index) }
    }

    private mutating func observe(_ counts: Counts, times factor: Int, in cell: inout Cell) {
        if cell.observed < 0 {
            cell.observed = Int32(observed.count)
            observed.append(Observed())
        }
        // The order in which values come does not show: each has its place.
        for (value, count) in counts.histogram { observed[cell.observed].histogram.add(count * factor, of: value) }
        for (part, count) in counts.shares {
            observed[cell.observed].shares.add(count * factor, of: CountedPart(text: part))
        }
    }

    private func isZero(_ cell: Cell) -> Bool {
        cell.numerator == 0 && cell.denominator == 0 && cell.undecided == 0
            && (cell.observed < 0 || observed[cell.observed] == Observed())
    }

    package static func == (a: MeasureTally, b: MeasureTally) -> Bool {
        a.figures.elementsEqual(b.figures) { x, y in
            x.elementsEqual(y) { x, y in
                x.day == y.day && x.numerator == y.numerator && x.denominator == y.denominator
                    && x.undecided == y.undecided && a.strata[x.stratum] == b.strata[y.stratum]
                    && a.observed(x) == b.observed(y)
            }
        }
    }

    /// Nothing where nothing was observed.
    func observed(_ cell: Cell) -> Observed { cell.observed < 0 ? Observed() : observed[cell.observed] }

    /// The cells of one figure on the days of `period`, nil: on all, in the order of day and stratum.
    func counted(_ figure: MeasureFigure, in period: Range<CivilDay>? = nil) -> ArraySlice<Cell> {
        let cells = figures[Int(figure.code)]
        guard let period else { return cells[...] }
        func first(from day: CivilDay) -> Int { cells.partitioned { $0.day < day } }
        return cells[first(from: period.lowerBound)..<first(from: period.upperBound)]
    }
}

extension Array {
    /// How many elements come first for which `isBefore` holds, in an array that begins with all of them.
    func partitioned(_ isBefore: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// By the places that cells carry.
    subscript(place: Int32) -> Element {
        get { self[Int(place)] }
        _modify { yield &self[Int(place)] }
    }
}
