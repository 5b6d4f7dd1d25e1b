import Testing

@testable import ConsiliumCore

/// Region-years, and the measures that set cases against them.
@Suite struct RegionTests {
    typealias Stage = GovernanceStage
    typealias Region = RegionTable.Region

    /// Ten counties, the poorest first; the first three are remote, the first two listed.
    private static func table(
        year: Int = 2025,
        version: String = "1",
        change: (inout [Region]) -> Void = { _ in }
    ) -> RegionTable {
        var regions = (1...10)
            .map { rank in
                Region(
                    code: "4211\(rank + 10)",
                    population: rank * 100_000,
                    incomeRank: rank,
                    isRemote: rank <= 3,
                    isListed: rank <= 2,
                    assisted: rank * 1_000
                )
            }
        change(&regions)
        return RegionTable(year: year, version: version, source: "统计年鉴", regions: regions)
    }

    private static func tally(_ cells: [(MeasureFigure, Int, MeasureTally.Counts)]) -> MeasureTally {
        var tally = MeasureTally()
        for (figure, rank, counts) in cells {
            let stratum = MeasureStratum(
                site: SiteID("S\(rank)")!,
                tier: .county,
                region: "4211\(rank + 10)",
                department: nil,
                priority: .routine
            )
            tally.add(counts, to: MeasureTally.Key(figure, stratum, CivilDay(2026, 3, 2)))
        }
        return tally
    }

    private static func stage(_ table: RegionTable = table()) throws -> Stage {
        var stage = Stage()
        try stage.act(.adoptRegions(table), by: Stage.auditor)
        return stage
    }

    @Test("Each case counts in a regional measure as the measure counts it", arguments: [1, 3, 4, 10])
    func shares(rank: Int) throws {
        let shares = RegionShares(Self.table())
        func counts(_ figure: MeasureFigure) throws -> MeasureTally.Counts? {
            let cell = try #require(Self.tally([(figure, rank, .init(0, of: 1))]).cells.first)
            return shares.counts(cell.value, of: figure, in: cell.key.stratum.region)
        }
        #expect(try counts(.wait) == .init(rank <= 3 ? 1 : 0, of: 1))
        #expect(try counts(.assisted) == .init(rank <= 2 ? 1 : 0, of: 1))
        #expect(try counts(.requests) == (rank <= 2 ? .init(1) : rank >= 9 ? .init(of: 1) : nil))
        #expect(try counts(.routine) == .init(0, of: 1))
    }

    @Test("An auditor adopts a year's table; a later version replaces it, and a year without one uses the year before")
    func adoption() throws {
        var stage = try Self.stage()
        #expect(try stage.act(.adoptRegions(Self.table()), by: Stage.auditor).isEmpty)
        let corrected = Self.table(version: "2") { $0[0].population = 7_000 }
        try stage.act(.adoptRegions(corrected), by: Stage.secondAuditor)
        #expect(stage.governance.regions(for: 2026) == corrected)
        #expect(stage.governance.regions(for: 2024) == nil)
        stage.refuse(.entryExists, at: "version", .adoptRegions(Self.table()), by: Stage.auditor)
        #expect(stage.governance.recorded == [.regionYear])
    }

    @Test("A table is refused from who is no auditor, and by the region and field that are wrong")
    func refusals() {
        let stage = Stage()
        for actor in Stage.noAuditors { stage.refuse(.notPermitted, .adoptRegions(Self.table()), by: actor) }
        func refuse(_ place: String, year: Int = 2025, version: String = "1", _ change: (inout [Region]) -> Void) {
            let table = Self.table(year: year, version: version, change: change)
            stage.refuse(.invalidValue, at: place, .adoptRegions(table), by: Stage.auditor)
        }
        refuse("year", year: 20_250) { _ in }
        refuse("version", version: "v 1") { _ in }
        refuse("regions") { $0 = [] }
        refuse("regions.42111") { $0[3].code = "42111" }
        refuse("regions.县") { $0[3].code = "县" }
        refuse("regions.421111") { $0[3].code = "421111" }
        refuse("regions.421114.population") { $0[3].population = 0 }
        refuse("regions.421114.assisted") { $0[3].assisted = 400_001 }
        refuse("regions.421114.incomeRank") { $0[3].incomeRank = 11 }
        refuse("regions.421114.incomeRank") { $0[3].incomeRank = 2 }
        var table = Self.table()
        table.source = ""
        stage.refuse(.invalidValue, at: "source", .adoptRegions(table), by: Stage.auditor)
        table.source = "x"
        table.regions = (0...RegionTable.most)
            .map {
                Region(code: padded($0, 6), population: 1, incomeRank: $0 + 1, isRemote: false, isListed: false)
            }
        stage.refuse(.tooLarge, at: "regions", .adoptRegions(table), by: Stage.auditor)
    }

    @Test("The poorest fifth of regions is set against the richest by population (SF2)")
    func reach() throws {
        let stage = try Self.stage()
        let tally = Self.tally([
            (.requests, 1, .init(10, of: 10)), (.requests, 2, .init(20, of: 20)), (.requests, 5, .init(99, of: 99)),
            (.requests, 9, .init(40, of: 40)), (.requests, 10, .init(55, of: 55)), (.requests, 60, .init(9, of: 9)),
        ])
        #expect(
            stage.observation("SF2", "2026-03", tally: tally)
                == .rateRatio(events: 30, population: 300_000, baseEvents: 95, basePopulation: 1_900_000)
        )
        #expect(stage.observation("SF2", "2026-03", tally: tally)?.value == 2)
        #expect(stage.observation("SF2", "2026-03", tally: tally)?.counted == 30)
        // Nobody asked from the richest, nobody in that month, no table of that year, too few regions.
        let poor = Self.tally([(.requests, 1, .init(10, of: 10))])
        #expect(stage.observation("SF2", "2026-03", tally: poor) == nil)
        #expect(stage.observation("SF2", "2026-04", tally: tally) == nil)
        #expect(stage.observation("SF2", "2024", tally: tally) == nil)
        let four = try Self.stage(Self.table { $0.removeLast(6) })
        #expect(four.observation("SF2", "2026-03", tally: tally) == nil)
    }

    @Test("Remote counties wait by so many hours more, and who is not accepted waits longest (SF4)")
    func waits() throws {
        let stage = try Self.stage()
        func wait(_ histogram: [Int: Int], of total: Int) -> MeasureTally.Counts {
            .init(of: total, histogram: histogram)
        }
        let others = [4, 6, 7, 8, 10].map { (MeasureFigure.wait, $0, wait([30: 1], of: 1)) }
        let tally = Self.tally(
            [
                (.wait, 1, wait([60: 2], of: 2)), (.wait, 2, wait([180: 3], of: 3)),
                (.wait, 3, wait([180: 1], of: 1)), (.wait, 5, wait([30: 4], of: 4)), (.wait, 9, wait([90: 1], of: 2)),
            ] + others
        )
        let observation = try #require(stage.observation("SF4", "2026-03", tally: tally))
        #expect(observation.value == 2.5)
        #expect(observation.counted == 6)
        #expect(observation.interval != nil)
        guard case .resampled(let estimate, _) = observation else { return #expect(Bool(false)) }
        #expect(estimate.clusters == 10)
        // The same seed, the same bytes.
        #expect(stage.observation("SF4", "2026-03", tally: tally) == observation)
        // An even number has its median between two.
        let even = Self.tally([(.wait, 1, wait([60: 1, 120: 1], of: 2)), (.wait, 9, wait([0: 2], of: 2))])
        #expect(stage.observation("SF4", "2026-03", tally: even)?.value == 1.5)
        // More than half of the remote are not accepted: there is no median.
        let silent = Self.tally([(.wait, 1, wait([60: 1], of: 3)), (.wait, 9, wait([0: 2], of: 2))])
        #expect(stage.observation("SF4", "2026-03", tally: silent) == nil)
        let alone = Self.tally([(.wait, 1, wait([60: 1], of: 1))])
        #expect(stage.observation("SF4", "2026-03", tally: alone) == nil)
        let part = Self.tally([(.wait, 1, wait([60: -1], of: 1)), (.wait, 9, wait([0: 2], of: 2))])
        #expect(stage.observation("SF4", "2026-03", tally: part) == nil)
    }

    @Test("Consults of the assisted and from listed counties are set against that group's share of the people (SF5)")
    func assisted() throws {
        let stage = try Self.stage()
        let tally = Self.tally([
            (.assisted, 1, .init(1, of: 10)), (.assisted, 5, .init(4, of: 20)), (.assisted, 60, .init(1, of: 10)),
        ])
        let observation = try #require(stage.observation("SF5", "2026-03", tally: tally))
        // Listed: 300,000 people; with cover elsewhere: 3,000 to 10,000, 52,000 in all; of 5,500,000.
        let group = try #require(Proportion(352_000, of: 5_500_000))
        #expect(observation == .shareRatio(cases: try #require(Proportion(15, of: 40)), population: group))
        #expect(stage.observation("SF5", "2026-04", tally: tally) == nil)
        // Nothing is guessed where the source does not say how many have cover.
        let silent = try Self.stage(Self.table { $0[4].assisted = nil })
        #expect(silent.observation("SF5", "2026-03", tally: tally) == nil)
        let listed = try Self.stage(Self.table { $0[0].assisted = nil })
        #expect(listed.observation("SF5", "2026-03", tally: tally) == observation)
    }
}
