/// What is asked of a tally.
extension MeasureTally {
    /// Every cell, by figure, then in the order of day and stratum.
    package var cells: [(key: Key, value: Counts)] { MeasureFigure.ordered.flatMap { cells(of: $0) } }

    /// The cells of one figure on the days of `period`, nil: on all, in the order of day and stratum.
    package func cells(
        of figure: MeasureFigure,
        in period: Range<CivilDay>? = nil
    ) -> [(key: Key, value: Counts)] {
        counted(figure, in: period)
            .map { cell in
                var counts = Counts()
                add(cell, to: &counts)
                return (Key(figure, strata[cell.stratum], cell.day), counts)
            }
    }

    /// The sum over the days of `period` and the strata of `selection`.
    package func sum(
        _ figure: MeasureFigure,
        in period: Range<CivilDay>,
        _ selection: StratumSelection = .all
    ) -> Counts {
        let isSelected = isSelected(selection)
        var sum = Counts()
        for cell in counted(figure, in: period) where isSelected[cell.stratum] { add(cell, to: &sum) }
        return sum
    }

    /// The sum of each stratum of `selection` on the days of `period`, in the order in which these first counted.
    package func sums(
        of figure: MeasureFigure,
        in period: Range<CivilDay>,
        _ selection: StratumSelection = .all
    ) -> [(stratum: MeasureStratum, counts: Counts)] {
        let isSelected = isSelected(selection)
        var places = [Int](repeating: -1, count: strata.count)
        var sums: [(stratum: MeasureStratum, counts: Counts)] = []
        for cell in counted(figure, in: period) where isSelected[cell.stratum] {
            if places[Int(cell.stratum)] < 0 {
                places[Int(cell.stratum)] = sums.count
                sums.append((strata[cell.stratum], Counts()))
            }
            add(cell, to: &sums[places[Int(cell.stratum)]].counts)
        }
        return sums
    }

    /// Of each stratum, by its place, whether it is among those of `selection`.
    private func isSelected(_ selection: StratumSelection) -> [Bool] {
        selection == .all
            ? [Bool](repeating: true, count: strata.count) : strata.map { selection.contains($0) }
    }

    private func add(_ cell: Cell, to counts: inout Counts) {
        counts.numerator += cell.numerator
        counts.denominator += cell.denominator
        counts.undecided += cell.undecided
        guard cell.observed >= 0 else { return }
        for (value, count) in observed[cell.observed].histogram.entries { counts.addObservations(count, of: value) }
        for (part, count) in observed[cell.observed].shares.entries { counts.addShare(count, of: part.text) }
    }

    /// The sum of all numbers in it, or of those of one figure, without their signs; `UInt.max` where they are more.
    package func magnitude(of figure: MeasureFigure? = nil) -> UInt {
        var sum: UInt = 0
        func add(_ number: Int) {
            let (next, overflows) = sum.addingReportingOverflow(number.magnitude)
            sum = overflows ? .max : next
        }
        for figure in figure.map({ [$0] }) ?? MeasureFigure.ordered {
            for cell in counted(figure) {
                add(cell.numerator)
                add(cell.denominator)
                add(cell.undecided)
                guard cell.observed >= 0 else { continue }
                for (value, count) in observed[cell.observed].histogram.entries {
                    add(value)
                    add(count)
                }
                for (_, count) in observed[cell.observed].shares.entries { add(count) }
            }
        }
        return sum
    }
}
