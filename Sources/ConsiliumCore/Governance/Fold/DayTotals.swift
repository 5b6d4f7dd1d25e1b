/// What each day counts over all strata: numbers alone, neither values nor parts. The trends of a year are sums of a few
/// hundred of these instead of every stratum's day.
package struct DayTotals: Sendable, Equatable {
    /// In the order of the days, each once; none is empty.
    package private(set) var days: [(day: CivilDay, counts: DayCounts)] = []

    package init() {}

    package mutating func add(_ counts: DayCounts, on day: CivilDay) {
        change(day) { $0.addNumbers(of: counts) }
    }

    package mutating func add(_ counts: MeasureTally.Counts, to figure: MeasureFigure, on day: CivilDay) {
        let numbers = MeasureTally.Counts(counts.numerator, of: counts.denominator, undecided: counts.undecided)
        change(day) { $0.add(numbers, to: figure) }
    }

    package mutating func add(_ other: DayTotals) {
        for (day, counts) in other.days { add(counts, on: day) }
    }

    /// Only a day after all that are there, and only numbers; false when it is not.
    package mutating func append(_ counts: DayCounts, on day: CivilDay) -> Bool {
        let hasOthers = counts.entries.contains { !$0.histogram.entries.isEmpty || !$0.shares.entries.isEmpty }
        guard !counts.isEmpty, !hasOthers, days.last.map({ $0.day < day }) ?? true else { return false }
        days.append((day, counts))
        return true
    }

    private mutating func change(_ day: CivilDay, _ body: (inout DayCounts) -> Void) {
        let index = place(day)
        if index == days.count || days[index].day != day { days.insert((day, DayCounts()), at: index) }
        body(&days[index].counts)
        if days[index].counts.isEmpty { days.remove(at: index) }
    }

    private func place(_ day: CivilDay) -> Int { days.partitioned { $0.day < day } }

    package subscript(range: Range<CivilDay>) -> ArraySlice<(day: CivilDay, counts: DayCounts)> {
        days[place(range.lowerBound)..<place(range.upperBound)]
    }

    /// Its histogram and shares are empty. nil: nothing was counted on any of the days.
    func sum(_ figure: MeasureFigure, in range: Range<CivilDay>) -> MeasureTally.Counts? {
        var sum: MeasureTally.Counts?
        for (_, counts) in self[range] where counts.index(of: figure) != nil {
            counts.add(figure, to: &sum[default: MeasureTally.Counts()])
        }
        return sum
    }

    /// The sum of all numbers in it, without their signs; `UInt.max` where they are more.
    package var magnitude: UInt {
        var sum: UInt = 0
        for (_, counts) in days {
            for entry in counts.entries {
                for number in [entry.numerator, entry.denominator, entry.undecided] {
                    let (next, overflows) = sum.addingReportingOverflow(number.magnitude)
                    sum = overflows ? .max : next
                }
            }
        }
        return sum
    }

    /// The first day with counts of each figure that marks a fact type.
    package var firstDays: [MeasureFigure: CivilDay] {
        var first: [MeasureFigure: CivilDay] = [:]
        for (day, counts) in days {
            counts.forEachMarking { figure, denominator in
                if denominator > 0, first[figure] == nil { first[figure] = day }
            }
        }
        return first
    }

    package static func == (a: DayTotals, b: DayTotals) -> Bool { a.days.elementsEqual(b.days) { $0 == $1 } }
}

extension Optional {
    fileprivate subscript(default value: Wrapped) -> Wrapped {
        get { self ?? value }
        set { self = newValue }
    }
}

extension MeasureTally {
    /// The same counts over all strata.
    package var totals: DayTotals {
        var totals = DayTotals()
        for (key, counts) in cells { totals.add(counts, to: key.figure, on: key.day) }
        return totals
    }
}
