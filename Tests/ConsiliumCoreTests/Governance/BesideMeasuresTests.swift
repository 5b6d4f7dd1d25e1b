import Testing

@testable import ConsiliumCore

/// Numbers that must stand beside a measure (DOMAIN.md section 3, "Silence and pauses").
@Suite struct BesideMeasuresTests {
    private static func tally(_ sites: [(String, [(MeasureFigure, MeasureTally.Counts)])]) throws -> MeasureTally {
        var tally = MeasureTally()
        for (site, figures) in sites {
            let stratum = try GovernanceReportTests.stratum(site, .county, "360100")
            for (figure, counts) in figures { tally.add(counts, to: .init(figure, stratum, CivilDay(2026, 2, 1))) }
        }
        return tally
    }

    private static func companions(_ report: GovernanceReport, _ id: String) throws -> [GovernanceReport.Companion] {
        try #require(report.measures.first { $0.id == id }).companions
    }

    @Test("The requester's rating stands beside local resolution: median, lowest tenth, how many rated")
    func rating() throws {
        let tally = try Self.tally([
            (
                "S0",
                [
                    (.resolvedLocally, .init(50, of: 100)),
                    (.rating, .init(of: 100, histogram: [1: 6, 3: 14, 4: 20, 5: 21])),
                ]
            )
        ])
        let beside = try Self.companions(try GovernanceReportTests.report(tally), "SF1")
        #expect(
            beside.map(\.name.en) == [
                "requester's rating (1 to 5), median", "requester's rating (1 to 5), p10",
                "consults that the requester rated",
            ]
        )
        #expect(beside.map(\.value) == [4, 3, 61])
        #expect(beside.map(\.counted) == [61, 61, nil])
        #expect(beside.allSatisfy { !$0.name.zh.isEmpty })
    }

    @Test(
        "Outside audited scope the rating is hidden where few rated, or few did not",
        arguments: [(9, 100), (95, 100)]
    )
    func fewRatings(rated: Int, consults: Int) throws {
        let tally = try Self.tally([
            (
                "S0",
                [
                    (.resolvedLocally, .init(50, of: 100)), (.rating, .init(of: consults, histogram: [5: rated])),
                ]
            )
        ])
        let report = try GovernanceReportTests.report(tally, scope: .published)
        let beside = try Self.companions(report, "SF1")
        #expect(beside.count == 3 && beside.allSatisfy { $0.value == nil && $0.counted == nil && $0.low == nil })
    }

    @Test("A network without a rating says how many rated, and no median")
    func noRating() throws {
        let tally = try Self.tally([
            ("S0", [(.resolvedLocally, .init(5, of: 10)), (.rating, .init(of: 10))])
        ])
        let beside = try Self.companions(try GovernanceReportTests.report(tally), "SF1")
        #expect(beside.map(\.value) == [nil, nil, 0])
    }

    @Test("Paused share and information asked by site stand beside AC2, the marking rate beside SF3, for auditors")
    func bySite() throws {
        let tally = try Self.tally([
            (
                "S1",
                [
                    (.routine, .init(80, of: 100)), (.paused, .init(300, of: 6_000)),
                    (.informationAsked, .init(20, of: 100)), (.receivedBelow, .init(30, of: 60)),
                    (.markedEligible, .init(45, of: 60)),
                ]
            ),
            (
                "S0",
                [
                    (.routine, .init(8, of: 10)), (.paused, .init(90, of: 600)), (.informationAsked, .init(1, of: 10)),
                ]
            ),
        ])
        let report = try GovernanceReportTests.report(tally)
        func rows(_ figure: String) throws -> [GovernanceReport.StratumRow] {
            let table = try #require(report.tables.first { $0.figure == figure })
            #expect(table.by == .site && table.figureName != nil)
            return table.rows
        }
        #expect(try rows("AC2-paused").map(\.code) == ["S0", "S1"])
        #expect(try rows("AC2-paused").map(\.value) == [15, 5])
        // Below the measure's minimum there are counts alone.
        #expect(try rows("AC2-asked").map(\.numerator) == [1, 20])
        #expect(try rows("AC2-asked").map(\.value) == [nil, 20])
        #expect(try rows("SF3-marked").map(\.value) == [75])
        let beside = try Self.companions(report, "SF3")
        #expect(beside.map(\.name.en) == ["marked eligible for a lower tier"])
        #expect(beside.map(\.value) == [75])
        #expect(try GovernanceReportTests.report(tally, scope: .published).tables.allSatisfy { $0.figure == nil })
    }
}
