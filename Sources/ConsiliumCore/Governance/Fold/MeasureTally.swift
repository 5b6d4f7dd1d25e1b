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
            for (value, count) in other.histogram { Self.add(count * factor, to: &histogram[value]) }
            for (part, count) in other.shares { Self.add(count * factor, to: &shares[part]) }
        }

        private static func add(_ count: Int, to sum: inout Int?) {
            let total = (sum ?? 0) + count
            sum = total == 0 ? nil : total
        }
    }

    /// Cells that are not zero.
    package private(set) var cells: [Key: Counts] = [:]

    package init() {}

    package mutating func add(_ counts: Counts, to key: Key, times factor: Int = 1) {
        var sum = cells[key] ?? Counts()
        sum.add(counts, times: factor)
        cells[key] = sum.isZero ? nil : sum
    }

    /// Takes over what was counted elsewhere, of other streams or of a later part of the same history.
    package mutating func merge(_ other: MeasureTally) {
        for (key, counts) in other.cells { add(counts, to: key) }
    }

    /// The sum over the days of `period` and the strata of `selection`.
    package func sum(
        _ figure: MeasureFigure,
        in period: Range<CivilDay>,
        _ selection: StratumSelection = .all
    ) -> Counts {
        var sum = Counts()
        for (key, counts) in cells
        where key.figure == figure && period.contains(key.day) && selection.contains(key.stratum) { sum.add(counts) }
        return sum
    }
}
