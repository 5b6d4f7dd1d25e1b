import Testing

@testable import ConsiliumCore

@Suite struct GovernanceDayTotalsTests {
    private static let day = CivilDay(2026, 3, 2)

    private static func stratum(_ region: String) throws -> MeasureStratum {
        let site = try #require(SiteID("420000000001"))
        return MeasureStratum(site: site, tier: .county, region: region, department: nil, priority: nil)
    }

    @Test("A total is the sum over the strata of a day, numbers without values and parts")
    func summed() throws {
        var tally = MeasureTally()
        tally.add(.init(1, of: 2, histogram: [5: 2]), to: .init(.routine, try Self.stratum("420100"), Self.day))
        tally.add(.init(2, of: 7, undecided: 3), to: .init(.routine, try Self.stratum("420200"), Self.day))
        tally.add(.init(of: 4, shares: ["county": 4]), to: .init(.episodes, try Self.stratum("420200"), Self.day))
        let later = CivilDay(number: Self.day.number + 1)
        tally.add(.init(1, of: 1), to: .init(.routine, try Self.stratum("420200"), later))
        let totals = tally.totals
        #expect(totals.days.map(\.day) == [Self.day, later])
        #expect(totals.sum(.routine, in: Self.day..<later) == .init(3, of: 9, undecided: 3))
        #expect(totals.sum(.routine, in: Self.day..<CivilDay(2026, 4, 1)) == .init(4, of: 10, undecided: 3))
        #expect(totals.sum(.episodes, in: Self.day..<later) == .init(of: 4))
        #expect(totals.sum(.episodes, in: later..<CivilDay(2026, 4, 1)) == nil)
        #expect(totals.magnitude == 3 + 9 + 3 + 4 + 1 + 1)
    }

    @Test("What is added and taken away again leaves no day, and the order of adding does not show")
    func cancelled() {
        var counts = DayCounts()
        counts.add(.init(3, of: 5), to: .routine)
        var less = DayCounts()
        less.add(.init(-3, of: -5), to: .routine)
        var totals = DayTotals()
        totals.add(counts, on: CivilDay(2026, 3, 9))
        totals.add(counts, on: Self.day)
        var other = DayTotals()
        other.add(counts, on: Self.day)
        other.add(counts, on: CivilDay(2026, 3, 9))
        #expect(totals == other)
        totals.add(less, on: Self.day)
        #expect(totals.days.map(\.day) == [CivilDay(2026, 3, 9)])
        var sum = DayTotals()
        sum.add(totals)
        sum.add(other)
        #expect(sum.sum(.routine, in: Self.day..<CivilDay(2026, 4, 1)) == .init(9, of: 15))
    }

    @Test("Only a later day, and only numbers, are appended")
    func appended() {
        var counts = DayCounts()
        counts.add(.init(3, of: 5), to: .routine)
        var values = counts
        values.add(.init(histogram: [1: 1]), to: .routine)
        let next = CivilDay(number: Self.day.number + 1)
        var totals = DayTotals()
        let tries = [
            (counts, Self.day), (counts, Self.day), (counts, CivilDay(number: Self.day.number - 1)), (values, next),
            (DayCounts(), next), (counts, next),
        ]
        let taken = tries.map { totals.append($0.0, on: $0.1) }
        #expect(taken == [true, false, false, false, false, true])
        #expect(totals.days.map(\.day) == [Self.day, next])
    }

    @Test("Numbers whose sum does not fit add up to the greatest number there is, not to a small one")
    func overflowing() {
        var counts = DayCounts()
        counts.add(.init(.max, of: .min, undecided: .max), to: .routine)
        var totals = DayTotals()
        let isTaken = totals.append(counts, on: Self.day)
        #expect(isTaken && totals.magnitude == .max)
    }
}
