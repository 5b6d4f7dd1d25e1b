import Testing

@testable import ConsiliumCore

/// Money: four measures, counted by hand, and who keeps the register of doctors.
@Suite struct SettlementFoldTests {
    private typealias A = Aftercare
    private static let moment = Span.milliseconds(1)
    private let county = StratumSelection(site: Scenery.county)

    /// Of 1,000 fen the performing site has `own`, in two lines, and the capital's operator the rest.
    private static func priced(_ own: Int = 900, by setter: Pricing.TariffSetter = .site, after span: Span = .days(1))
        -> (
            Span, Event
        )
    {
        let lines: [Pricing.Line] = [
            .init(Scenery.county, own - 100), .init(Scenery.capital, 1_000 - own), .init(Scenery.county, 100),
        ]
        return (span, .priced(Pricing(tariffSetBy: setter, gross: 1_000, lines: lines)))
    }

    private static func settled(after span: Span) -> (Span, Event) { (span, .settled) }

    private static func disputed(_ lines: Int..., after span: Span) -> (Span, Event) {
        (span, .settlementDisputed(lines: lines))
    }

    @Test("FMR1: settled by the 30th day, its end included; unpriced stays in, free of charge is out")
    func inTime() throws {
        func counted(_ then: (Span, Event)...) throws -> [Int] {
            try A.fold(A(then: then)).counted(.settledInTime, county)
        }
        #expect(try counted() == [0, 1, 1])
        #expect(try counted(Self.priced()) == [0, 1, 1])
        #expect(try counted(Self.priced(), Self.settled(after: .days(30))) == [1, 1, 0])
        #expect(try counted(Self.priced(), Self.settled(after: .days(30) + Self.moment)) == [0, 1, 0])
        let free = Event.priced(Pricing(tariffSetBy: .site, gross: 0, lines: []))
        #expect(try counted((.days(1), free)) == [0, 0, 0])
        #expect(try counted(Self.priced(), Self.settled(after: .days(2)), (.days(3), .enteredInError)) == [0, 0, 0])
        // A dispute opens it again, as long as the limit runs.
        let early = Self.settled(after: .days(2))
        #expect(try counted(Self.priced(), early, Self.disputed(1, after: .days(30))) == [0, 1, 1])
        #expect(try counted(Self.priced(), early, Self.disputed(1, after: .days(31))) == [1, 1, 0])
        let mended = Self.settled(after: .days(5))
        #expect(try counted(Self.priced(), early, Self.disputed(1, after: .days(3)), mended) == [1, 1, 0])
        // Nothing is billed before closure.
        var open = MeasureFold()
        open.take(try A(then: [Self.priced(), early]).entries(number: 0, upTo: false))
        #expect(open.counted(.settledInTime) == [0, 0, 0])
        #expect(open.counted(.ownTariff) == [1, 1, 0])
    }

    @Test("FMR2 and FMR3 stand on the day of pricing, at the performing site")
    func tariffs() throws {
        let fold = try A.fold(
            A(then: [Self.priced()]),
            A(then: [Self.priced(by: .nobody), Self.disputed(2, 1, after: .days(60))]),
            A(then: [Self.priced(by: .admin), Self.disputed(3, after: .days(2))]),
            A(then: [(.days(1), .priced(Pricing(tariffSetBy: .site, gross: 0, lines: [])))]),
            A(then: [Self.priced(after: .days(40))]),
            A(then: [Self.priced(), Self.disputed(1, after: .days(2)), (.days(3), .enteredInError)]),
            A()
        )
        #expect(fold.counted(.ownTariff, county) == [2, 4, 0])
        #expect(fold.counted(.disputedLines, county) == [3, 9, 0])
        #expect(fold.counted(.ownTariff, StratumSelection(site: Scenery.town)) == [0, 0, 0])
        let april = CivilDay(2026, 4, 1)..<CivilDay(2026, 5, 1)
        #expect(fold.tally.sum(.ownTariff, in: april) == MeasureTally.Counts(1, of: 1))
    }

    @Test("OF3 divides what performing sites kept by what was settled, with an interval over the sites")
    func kept() throws {
        var fold = try A.fold(
            A(then: [Self.priced(900), Self.settled(after: .days(2))]),
            A(then: [Self.priced(500), Self.settled(after: .days(2))]),
            A(then: [Self.priced(100)]),
            A(then: [Self.priced(100), Self.settled(after: .days(2)), Self.disputed(1, after: .days(3))]),
            A(then: [Self.priced(100), Self.settled(after: .days(2)), (.days(3), .enteredInError)]),
            A(then: [
                (.days(1), .priced(Pricing(tariffSetBy: .site, gross: 0, lines: []))), Self.settled(after: .days(2)),
            ])
        )
        #expect(fold.counted(.kept, county) == [1_400, 2_000, 0])
        #expect(fold.counted(.settlements, county) == [0, 2, 0])
        let measure = try #require(GovernanceModel.standard.measure("OF3"))
        let alone = try #require(fold.tally.observation(of: measure, period: Folded.march))
        #expect(alone.value == 70 && alone.counted == 2 && alone.interval == nil)
        #expect(alone.fits(measure.form))
        // Another performing site, which kept nothing of as much.
        let other = try Folded.play { stage in
            try stage.submit([.wantedSite: Scenery.city.description])
            try stage.act(.accept, by: Scenery.expert(Scenery.city))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(Scenery.city))
            let lines = [Pricing.Line(Scenery.capital, 2_000)]
            try stage.act(
                .price(gross: 2_000, lines: lines),
                by: Scenery.expert(Scenery.city)
            )
            try stage.act(.settle, by: Scenery.expert(Scenery.city))
        }
        fold.take(try Folded.entries(other, number: 50))
        let bootstrap = Bootstrap(seed: 3, replicates: 200)
        let both = try #require(fold.tally.observation(of: measure, period: Folded.march, bootstrap: bootstrap))
        #expect(both.value == 35 && both.counted == 3)
        #expect(both.interval == ConfidenceInterval(low: 0, high: 70))
        // A sum of money is no share of cases.
        var own = measure
        own.form = .proportion
        #expect(fold.tally.observation(of: own, period: Folded.march) == nil)
    }

    @Test("PMR1 counts the entries of a register of doctors, and those that the employing site made")
    func rosters() throws {
        let doctor = Network.DoctorCredential(validFrom: "2020-01-01", validTo: "2030-12-31")
        let two = NetworkEvent.doctorsImported(Scenery.county, ["a": doctor, "b": doctor])
        var fold = MeasureFold()
        fold.govern(two, by: Scenery.county, at: "2026-03-02T08:00:00+08:00")
        #expect(fold.tally == MeasureTally(), "no site of the directory")
        fold.govern(.sitePut(Scenery.sites[1]), by: Scenery.capital, at: "2026-03-02T09:00:00+08:00")
        fold.govern(two, by: Scenery.county, at: "2026-03-02T10:00:00+08:00")
        let one = NetworkEvent.doctorsImported(Scenery.county, ["a": doctor])
        fold.govern(one, by: Scenery.capital, at: "2026-03-03T10:00:00+08:00")
        #expect(fold.counted(.rosterChanges, county) == [2, 3, 0])
        let measure = try #require(GovernanceModel.standard.measure("PMR1"))
        #expect(fold.tally.observation(of: measure, period: Folded.march)?.counted == 3)
    }
}
