import Testing

@testable import ConsiliumCore

@Suite("Counts that stand beside each other outside audited scope")
struct PublishedCountsTests {
    private static let day = CivilDay(2026, 3, 2)

    private static func hidden(_ counts: [(MeasureFigure, MeasureTally.Counts)]) -> Set<MeasureFigure> {
        var totals = DayTotals()
        for (figure, count) in counts { totals.add(count, to: figure, on: day) }
        return PublishedCounts(totals, day..<CivilDay(2026, 3, 3)).hiddenFigures
    }

    @Test("A share that is close to one over the same cases is hidden: what they differ by is some cases")
    func closeShares() {
        let declined = (MeasureFigure.reasoned, MeasureTally.Counts(60, of: 100))
        #expect(Self.hidden([declined, (.silent, MeasureTally.Counts(55, of: 100))]) == [.silent])
        #expect(Self.hidden([declined, (.silent, MeasureTally.Counts(40, of: 100))]).isEmpty)
        #expect(Self.hidden([declined, (.silent, MeasureTally.Counts(60, of: 100))]).isEmpty)
    }

    @Test("Shares over other cases are compared with none")
    func otherCases() {
        let counts = [(MeasureFigure.reasoned, MeasureTally.Counts(60, of: 100)), (.silent, .init(55, of: 300))]
        #expect(Self.hidden(counts).isEmpty)
    }

    @Test("Of three shares over the same cases the third is compared with each of those that are shown")
    func three() {
        let routine = (MeasureFigure.routine, MeasureTally.Counts(80, of: 200))
        let hidden = Self.hidden([
            routine, (.routineUnpaused, .init(75, of: 200)), (.informationAsked, .init(73, of: 200)),
        ])
        #expect(hidden == [.routineUnpaused, .informationAsked])
    }
}
