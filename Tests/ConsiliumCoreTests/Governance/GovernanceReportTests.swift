import Foundation
import Testing

@testable import ConsiliumCore

@Suite struct GovernanceReportTests {
    static let quarter = GovernancePeriod("2026-Q1")

    static func stratum(_ site: String, _ tier: Tier, _ region: String, _ priority: Priority? = .routine) throws
        -> MeasureStratum
    {
        MeasureStratum(
            site: try #require(SiteID(site)),
            tier: tier,
            region: region,
            department: DepartmentCode("A03.04"),
            priority: priority
        )
    }

    /// A proportion at three sites: `counts` of 100 at each.
    static func tally(_ figure: MeasureFigure, _ counts: [Int]) throws -> MeasureTally {
        var tally = MeasureTally()
        for (number, count) in counts.enumerated() {
            let stratum = try stratum("S\(number)", number == 0 ? .primary : .county, "36010\(number)")
            tally.add(.init(count, of: 100), to: .init(figure, stratum, CivilDay(2026, 2, 1 + number)))
        }
        return tally
    }

    static func report(
        _ tally: MeasureTally,
        scope: ReportSource.Scope = .audited,
        model: GovernanceModel = .standard,
        recorded: Set<FactType> = MeasureFold.recorded,
        assessment: Assessment? = nil
    ) throws -> GovernanceReport {
        try GovernanceReport(
            ReportSource(
                network: "Test",
                period: try #require(quarter),
                model: model,
                isRetrospective: false,
                isGenerated: false,
                tally: tally,
                totals: tally.totals,
                recorded: recorded,
                assessment: assessment,
                snapshot: .init(records: 300, hash: "00"),
                scope: scope,
                seed: 7
            )
        )
    }

    private static func line(_ report: GovernanceReport, _ id: String) throws -> GovernanceReport.MeasureLine {
        try #require(report.measures.first { $0.id == id })
    }

    @Test(
        "A period is a month, a quarter or a year",
        arguments: [
            ("2026-09", "2026-09-01", "2026-10-01"), ("2026-Q3", "2026-07-01", "2026-10-01"),
            ("2026-12", "2026-12-01", "2027-01-01"), ("2026-Q4", "2026-10-01", "2027-01-01"),
            ("2026", "2026-01-01", "2027-01-01"),
        ]
    )
    func periods(label: String, from: String, to: String) throws {
        let period = try #require(GovernancePeriod(label))
        #expect(period.days.lowerBound.description == from)
        #expect(period.days.upperBound.description == to)
        #expect(period.label == label)
    }

    @Test(
        "Anything else is no period",
        arguments: [
            "", "2026-", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "26-01", "2026-1", "2026-Q", "2026-01-01", "x",
            "2026-+1", "2026-+9", "2026-Q+", "+202", "+026-01",
        ]
    )
    func noPeriods(label: String) { #expect(GovernancePeriod(label) == nil) }

    @Test("An auditor reads exact counts, the value, its interval and the verdict")
    func audited() throws {
        let report = try Self.report(try Self.tally(.emergencies, [98, 97, 99]))
        let line = try Self.line(report, "AC1")
        #expect(line.standing == .valid)
        #expect(line.numerator == 294 && line.denominator == 300)
        #expect(line.value == 98)
        #expect(line.verdict == .met)
        #expect(line.isDeclared == false)
        #expect(line.sourceCheck == nil)
        #expect(line.companions.count == 4)
        let sites = try #require(report.tables.first { $0.measure == "AC1" && $0.by == .site })
        #expect(sites.rows.map(\.code) == ["S0", "S1", "S2"])
        #expect(sites.rows.map(\.numerator) == [98, 97, 99])
        #expect(report.funnels.map(\.measure) == ["AC1"])
    }

    @Test("Outside audited scope a count of 1 to 10 hides the line, its companions, its score and the mean it is in")
    func published() throws {
        var tally = try Self.tally(.emergencies, [98, 97, 99])
        tally.merge(try Self.tally(.routine, [90, 91, 92]))
        func score(_ report: GovernanceReport) -> GovernanceReport.Score? {
            report.performance.dimensions.first { $0.dimension == .accountability }?.score
        }
        #expect(score(try Self.report(tally))?.value == 1)
        let report = try Self.report(tally, scope: .published)
        let line = try Self.line(report, "AC1")
        #expect(line.standing == .suppressed)
        #expect(line.numerator == nil && line.denominator == nil && line.counted == nil && line.value == nil)
        #expect(line.low == nil && line.high == nil && line.score == nil && line.verdict == nil)
        #expect(line.companions.isEmpty)
        #expect(try Self.line(report, "AC2").value == 91)
        #expect(score(report)?.value == nil && score(report)?.missing == ["AC1"])
        #expect(report.isSuppressed)
        #expect(report.tables.allSatisfy { $0.by != .site })
        #expect(report.funnels.isEmpty)
    }

    @Test("A mean is withheld under the name of the hidden measure in it")
    func hiddenMean() throws {
        // MC1 and MC3 are two of the three of market competition.
        var tally = try Self.tally(.choice, [60, 60, 60])
        tally.merge(try Self.tally(.placedElsewhere, [98, 97, 99]))
        func score(_ report: GovernanceReport) -> GovernanceReport.Score? {
            report.performance.dimensions.first { $0.dimension == .marketCompetition }?.score
        }
        #expect(score(try Self.report(tally))?.value != nil)
        let hidden = score(try Self.report(tally, scope: .published))
        #expect(hidden?.value == nil)
        #expect(hidden?.missing == ["MC3"])
    }

    @Test("A row that is hidden cannot be computed from the others and the total")
    func complement() throws {
        var tally = MeasureTally()
        for (number, count) in [5, 60, 70, 80].enumerated() {
            let stratum = try Self.stratum("S\(number)", Tier.allCases[number], "36010\(number)")
            tally.add(.init(count, of: 100), to: .init(.routine, stratum, CivilDay(2026, 2, 1)))
        }
        let report = try Self.report(tally, scope: .published)
        #expect(try Self.line(report, "AC2").denominator == 400)
        let tiers = try #require(report.tables.first { $0.measure == "AC2" && $0.by == .tier })
        #expect(tiers.rows.count(where: \.isSuppressed) >= 2)
        #expect(tiers.rows[0].isSuppressed)
        #expect(tiers.rows.filter(\.isSuppressed).allSatisfy { $0.numerator == nil && $0.value == nil })
        // Its months add up to the line that is shown.
        let trend = try #require(report.trends.first { $0.measure == "AC2" })
        #expect(trend.points.map(\.period).suffix(3) == ["2026-01", "2026-02", "2026-03"])
    }

    @Test("What no event carries is not assessable and names what is missing; nothing of nothing has no value")
    func missing() throws {
        let report = try Self.report(MeasureTally(), recorded: [.submission, .acceptance])
        let disputes = try Self.line(report, "FMR3")
        #expect(disputes.standing == .notAssessable)
        #expect(disputes.missing.map(\.en).contains("dispute of a settlement line"))
        let emergencies = try Self.line(report, "AC1")
        #expect(emergencies.standing == .nothingObserved)
        #expect(emergencies.value == nil)
        #expect(report.performance.overall.value == nil)
        #expect(!report.performance.overall.missing.isEmpty)
        #expect(report.triangle.index == nil)
        #expect(report.triangle.obstacles.first?.en.hasPrefix("not assessable: no such events yet") == true)
        #expect(report.profile == nil)
    }

    @Test("Too few observations show their counts and no value")
    func tooFew() throws {
        var tally = MeasureTally()
        tally.add(
            .init(9, of: 10),
            to: .init(.routine, try Self.stratum("S0", .county, "360100"), CivilDay(2026, 1, 1))
        )
        let line = try Self.line(try Self.report(tally), "AC2")
        #expect(line.standing == .tooFew)
        #expect(line.numerator == 9 && line.denominator == 10)
        #expect(line.value == nil && line.low == nil && line.score == nil)
    }

    @Test("A case of the day before or after the period is in no line of it, and in the trend of its month")
    func edges() throws {
        var tally = MeasureTally()
        let stratum = try Self.stratum("S0", .county, "360100")
        for (day, of) in [
            (CivilDay(2025, 12, 31), 1), (CivilDay(2026, 1, 1), 40), (CivilDay(2026, 3, 31), 50),
            (CivilDay(2026, 4, 1), 7),
        ] { tally.add(.init(0, of: of), to: .init(.routine, stratum, day)) }
        let report = try Self.report(tally)
        #expect(try Self.line(report, "AC2").denominator == 90)
        let trend = try #require(report.trends.first { $0.measure == "AC2" })
        #expect(trend.points.count == 12)
        #expect(trend.points.map(\.denominator).suffix(4) == [1, 40, nil, 50])
    }

    @Test("Equal sources give equal bytes")
    func deterministic() throws {
        let tally = try Self.tally(.routine, [90, 91, 92])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let first = try encoder.encode(try Self.report(tally))
        #expect(try encoder.encode(try Self.report(tally)) == first)
        #expect(try JSONDecoder().decode(GovernanceReport.self, from: first) == Self.report(tally))
    }

    @Test("Every print of a generated or a retrospective history says so")
    func labels() throws {
        var source = ReportSource(
            network: "Test",
            period: try #require(Self.quarter),
            model: .standard,
            isRetrospective: true,
            isGenerated: true,
            tally: MeasureTally(),
            totals: MeasureTally().totals,
            recorded: [],
            snapshot: .init(records: 0, hash: ""),
            scope: .audited,
            seed: 1
        )
        let labelled = try GovernanceReport(source)
        #expect(labelled.notices.contains { $0.en.hasPrefix("GENERATED HISTORY") && $0.zh.hasPrefix("生成的历史数据") })
        #expect(labelled.notices.contains { $0.en.hasPrefix("Retrospective") })
        #expect(!labelled.notices.contains { $0.en.hasPrefix("the period goes on") })
        source.today = CivilDay(2026, 2, 1)
        #expect(try GovernanceReport(source).notices.contains { $0.en.hasPrefix("the period goes on") })
        source.today = nil
        source.isRetrospective = false
        source.isGenerated = false
        let plain = try GovernanceReport(source)
        #expect(!plain.notices.contains { $0.en.hasPrefix("GENERATED") || $0.en.hasPrefix("Retrospective") })
        #expect(!plain.notices.contains(GovernanceReport.Notice.retrospectiveWindow))
        // Adopted between the beginning of the twelve months and that of the quarter.
        source.isWindowRetrospective = true
        let window = try GovernanceReport(source)
        #expect(window.notices.contains(GovernanceReport.Notice.retrospectiveWindow))
        #expect(!window.notices.contains(GovernanceReport.Notice.retrospective))
        source.isRetrospective = true
        let whole = try GovernanceReport(source)
        #expect(!whole.notices.contains(GovernanceReport.Notice.retrospectiveWindow))
        #expect(whole.notices.contains(GovernanceReport.Notice.retrospective))
    }

    @Test("An observation of no measure of the model is refused")
    func unknown() throws {
        let source = ReportSource(
            network: "Test",
            period: try #require(Self.quarter),
            model: .standard,
            isRetrospective: false,
            isGenerated: false,
            tally: MeasureTally(),
            totals: MeasureTally().totals,
            registered: ["XX9": .proportion(try #require(Proportion(1, of: 2)))],
            recorded: [],
            snapshot: .init(records: 0, hash: ""),
            scope: .audited,
            seed: 1
        )
        #expect(throws: Refusal.self) { try GovernanceReport(source) }
    }

    @Test("So few still open are hidden outside audited scope, although the line is shown")
    func open() throws {
        var tally = try Self.tally(.routine, [90, 91, 92])
        tally.add(
            .init(undecided: 3),
            to: .init(.routine, try Self.stratum("S0", .primary, "360100"), CivilDay(2026, 2, 1))
        )
        #expect(try Self.line(try Self.report(tally), "AC2").undecided == 3)
        let line = try Self.line(try Self.report(tally, scope: .published), "AC2")
        #expect(line.numerator == 273 && line.undecided == nil)
    }

    @Test("The load on the busiest experts has a table of sites, with a value where a site's experts are enough")
    func busiest() throws {
        var tally = MeasureTally()
        let many = Dictionary(uniqueKeysWithValues: (0..<20).map { ("many\($0)", $0 < 2 ? 31 : 1) })
        for (site, shares) in [("S0", many), ("S1", ["one": 7, "two": 3])] {
            let total = shares.values.reduce(0, +)
            let stratum = try Self.stratum(site, .county, "360100")
            tally.add(.init(of: total, shares: shares), to: .init(.experts, stratum, CivilDay(2026, 2, 1)))
        }
        let table = try #require(try Self.report(tally).tables.first { $0.measure == "PMR3" })
        #expect(table.by == .site)
        #expect(table.rows.map(\.numerator) == [62, 7])
        #expect(table.rows.map(\.denominator) == [80, 10])
        #expect(table.rows.map(\.value) == [77.5, nil])
        #expect(try Self.report(tally, scope: .published).tables.allSatisfy { $0.measure != "PMR3" })
    }

    @Test("Who signs at two sites is one expert, in the load on the busiest")
    func expertOfTwoSites() throws {
        var tally = MeasureTally()
        var many = Dictionary(uniqueKeysWithValues: (0..<19).map { ("many\($0)", 1) })
        many["both"] = 31
        for (site, shares) in [("S0", many), ("S1", ["both": 9])] {
            let total = shares.values.reduce(0, +)
            let stratum = try Self.stratum(site, .county, "360100")
            tally.add(.init(of: total, shares: shares), to: .init(.experts, stratum, CivilDay(2026, 2, 1)))
        }
        let line = try Self.line(try Self.report(tally), "PMR3")
        #expect(line.counted == 20 && line.standing == .valid)
        // The two busiest of twenty signed 40 and 1 of 59.
        let value = try #require(line.value)
        #expect(abs(value - 4_100.0 / 59) < 1e-9)
    }

    @Test("A network's own measure of AC1's figure leaves AC1's tables, funnel and trend as they were")
    func ownMeasure() throws {
        var own = try #require(GovernanceModel.standard.measure("AC1"))
        own.id = "AC9"
        own.figure = "AC1"
        (own.goalposts, own.scoredIn) = (nil, nil)
        let model = try GovernanceModel.standard.adding([own], version: "2")
        let tally = try Self.tally(.emergencies, [98, 97, 99])
        for scope in [ReportSource.Scope.audited, .published] {
            let plain = try Self.report(tally, scope: scope)
            let both = try Self.report(tally, scope: scope, model: model)
            #expect(both.tables.filter { $0.measure == "AC1" } == plain.tables)
            #expect(both.funnels.filter { $0.measure == "AC1" } == plain.funnels)
            #expect(both.trends.filter { $0.measure == "AC1" } == plain.trends)
            #expect(!plain.trends.isEmpty && !plain.tables.isEmpty)
            let rows = both.tables.filter { $0.measure == "AC9" }.map(\.rows)
            #expect(rows == plain.tables.map(\.rows))
            #expect(both.funnels.filter { $0.measure == "AC9" }.map(\.points) == plain.funnels.map(\.points))
            #expect(both.trends.filter { $0.measure == "AC9" }.map(\.points) == plain.trends.map(\.points))
        }
    }

    @Test("An auditor reads how few episodes and sites withhold the index; published, few are not said")
    func obstacles() throws {
        var tally = MeasureTally()
        let stratum = try Self.stratum("S0", .county, "360100")
        let counts = MeasureTally.Counts(of: 5, shares: [Tier.county.rawValue: 5])
        tally.add(counts, to: .init(.episodes, stratum, CivilDay(2026, 2, 1)))
        let audited = try Self.report(tally).triangle.obstacles.map(\.en)
        #expect(audited.contains("withheld: fewer than 100 episodes (5)"))
        #expect(audited.contains("withheld: fewer than 10 sites of origin (1)"))
        let published = try Self.report(tally, scope: .published).triangle.obstacles.map(\.en)
        #expect(published.contains("withheld: fewer than 100 episodes"))
        #expect(published.contains("withheld: fewer than 10 sites of origin"))
        #expect(published.count == audited.count && published.allSatisfy { !$0.contains("(5)") && !$0.contains("(1)") })
    }

    @Test("First-pass acceptance stands beside IE1 for each adapter")
    func adapters() throws {
        let all = Proportion(180, of: 200)
        let one = try #require(SiteID("S1"))
        let two = try #require(SiteID("S2"))
        let report = try GovernanceReport(
            ReportSource(
                network: "Test",
                period: try #require(Self.quarter),
                model: .standard,
                isRetrospective: false,
                isGenerated: false,
                tally: MeasureTally(),
                totals: MeasureTally().totals,
                registered: ["IE1": .proportion(try #require(all))],
                exchanges: [
                    .init(site: one, format: .hl7v2, sum: .init(received: 40, acceptedAtFirst: 30)),
                    .init(site: one, format: .fhir, sum: .init(received: 150, acceptedAtFirst: 150)),
                    .init(site: two, format: .hl7v2, sum: .init(received: 10, acceptedAtFirst: 0)),
                ],
                recorded: [.messageReceipt],
                snapshot: .init(records: 0, hash: ""),
                scope: .audited,
                seed: 1
            )
        )
        let companions = try Self.line(report, "IE1").companions
        #expect(companions.map(\.name.en) == ["fhir", "hl7v2"])
        #expect(companions.map(\.value) == [100, 60])
        let sites = try #require(report.tables.first { $0.measure == "IE1" })
        #expect(sites.figure == "IE1-messages" && sites.by == .site)
        #expect(sites.rows.map(\.code) == ["S1", "S2"])
        #expect(sites.rows.map(\.numerator) == [180, 0] && sites.rows.map(\.denominator) == [190, 10])
    }

    @Test("Measures are correlated by rank over the months in which both have a value, from ten of them on")
    func correlations() throws {
        func report(_ months: Int) throws -> GovernanceReport {
            var tally = MeasureTally()
            let stratum = try Self.stratum("S0", .county, "360100")
            for month in 0..<months {
                let day = CivilDay(2025 + (month + 3) / 12, (month + 3) % 12 + 1, 5)
                tally.add(.init(40 + month, of: 100), to: .init(.routine, stratum, day))
                tally.add(.init(90 - month, of: 100), to: .init(.resolvedLocally, stratum, day))
                // Too few of these for a value.
                tally.add(.init(1, of: 2), to: .init(.choice, stratum, day))
            }
            return try Self.report(tally)
        }
        #expect(
            try report(12).sensitivity?.correlations == [
                .init(first: "SF1", second: "AC2", months: 12, value: -1)
            ]
        )
        #expect(try report(12).sensitivity?.notices.count == 1)
        #expect(try report(9).sensitivity?.correlations.isEmpty != false)
    }

    @Test("A department is named in English by its code and its Chinese name")
    func departments() throws {
        let report = try Self.report(try Self.tally(.routine, [90, 91, 92]))
        let table = try #require(report.tables.first { $0.by == .department })
        #expect(table.rows.map(\.code) == ["0304"])
        let name = try #require(DepartmentTable.names["0304"])
        #expect(table.rows.map(\.name) == [BilingualText("0304 (\(name))", name)])
    }

    @Test("Capacity of days that have not come is nobody's")
    func capacity() throws {
        var tally = MeasureTally()
        let stratum = try Self.stratum("S0", .county, "360100", nil)
        tally.add(.init(2, of: 2), to: .init(.slots, stratum, CivilDay(2025, 12, 31)))
        func hours(_ today: CivilDay?) throws -> Int? {
            let source = ReportSource(
                network: "Test",
                period: try #require(Self.quarter),
                today: today,
                model: .standard,
                isRetrospective: false,
                isGenerated: false,
                tally: tally,
                totals: tally.totals,
                recorded: MeasureFold.recorded,
                snapshot: .init(records: 0, hash: ""),
                scope: .audited,
                seed: 1
            )
            return try Self.line(try GovernanceReport(source), "OF1").denominator
        }
        #expect(try hours(nil) == 90 * 24 * 2)
        #expect(try hours(CivilDay(2026, 1, 11)) == 10 * 24 * 2)
        #expect(try hours(CivilDay(2026, 1, 1)) == nil)
    }
}
