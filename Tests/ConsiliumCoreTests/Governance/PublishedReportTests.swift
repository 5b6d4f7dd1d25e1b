import Testing

@testable import ConsiliumCore

/// What a reader outside audited scope could compute from everything that is published.
@Suite struct PublishedReportTests {
    private static func stratum(
        _ priority: Priority? = .routine,
        department: DepartmentCode? = DepartmentCode("A03.04")
    ) throws -> MeasureStratum {
        MeasureStratum(
            site: try #require(SiteID("S0")),
            tier: .county,
            region: "360100",
            department: department,
            priority: priority
        )
    }

    private static func report(_ tally: MeasureTally, _ label: String) throws -> GovernanceReport {
        try GovernanceReport(
            ReportSource(
                network: "Test",
                period: try #require(GovernancePeriod(label)),
                model: .standard,
                isRetrospective: false,
                isGenerated: false,
                tally: tally,
                totals: tally.totals,
                recorded: MeasureFold.recorded,
                snapshot: .init(records: 1, hash: "00"),
                scope: .published,
                seed: 7
            )
        )
    }

    @Test("The reports of two quarters show a month alike, so that neither gives away what the other hides")
    func overlappingTrends() throws {
        // May is hidden; its quarter's total is printed, so a second month of that quarter must be hidden everywhere.
        var tally = MeasureTally()
        let counts: [(month: Int, total: Int)] = [
            (1, 60), (2, 15), (3, 70), (4, 40), (5, 6), (6, 50), (7, 80), (8, 90),
        ]
        for (month, total) in counts {
            tally.add(.init(total / 2, of: total), to: .init(.routine, try Self.stratum(), CivilDay(2026, month, 3)))
        }
        func hidden(_ label: String) throws -> Set<String> {
            let trend = try #require(try Self.report(tally, label).trends.first { $0.measure == "AC2" })
            return Set(
                trend.points.filter { $0.denominator == nil && ("2026-01"..."2026-06").contains($0.period) }
                    .map(\.period)
            )
        }
        let second = try Self.report(tally, "2026-Q2")
        #expect(second.measures.first { $0.id == "AC2" }?.denominator == 96)
        let months = try hidden("2026-Q2")
        #expect(months.contains("2026-05"))
        #expect(months.count { $0 >= "2026-04" } >= 2)
        #expect(try hidden("2026-Q3") == months)
        #expect(try hidden("2026-Q4") == months)
    }

    @Test("Cases are divided by tier alone, so that no division gives away what another hides")
    func divisions() throws {
        var tally = MeasureTally()
        for (code, total) in [("A03.04", 50), ("A03.05", 70), (nil, 5)] {
            let stratum = try Self.stratum(department: code.flatMap { DepartmentCode($0) })
            tally.add(.init(total / 2, of: total), to: .init(.routine, stratum, CivilDay(2026, 2, 3)))
        }
        let report = try Self.report(tally, "2026-Q1")
        #expect(report.measures.first { $0.id == "AC2" }?.denominator == 125)
        #expect(report.tables.map(\.by) == [.tier])
    }

    @Test(
        "How many are still open is hidden where they, or those decided against, are few",
        arguments: [(40, 4, nil), (40, 56, nil), (40, 20, 20), (40, 0, 0)] as [(Int, Int, Int?)]
    )
    func undecided(numerator: Int, undecided: Int, shown: Int?) throws {
        var tally = MeasureTally()
        tally.add(
            .init(numerator, of: 100, undecided: undecided),
            to: .init(.routine, try Self.stratum(), CivilDay(2026, 2, 3))
        )
        let line = try #require(try Self.report(tally, "2026-Q1").measures.first { $0.id == "AC2" })
        #expect(line.denominator == 100)
        #expect(line.undecided == shown)
    }
}
