import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumGenerator
@testable import ConsiliumLedger

/// What the scorecard says of forms that were filled to look good: of the same quarter, the same requests.
@Suite("Scorecards of gamed histories") struct GamedScorecardTests {
    /// A quarter large enough for a triangle index, and for AC1 and AC2, reported once for all tests.
    private enum Quarter {
        static let honest = report(.none)
        static let origin = report(.origin)
        static let tier = report(.tier)
        static let accept = report(.accept)

        private static func report(_ gaming: Generation.Gaming) -> Result<GovernanceReport, any Error> {
            Result {
                let ledger = try GeneratedLedger(
                    ProvinceGenerator.Configuration(
                        sites: 12,
                        months: 3,
                        seed: 2,
                        firstYear: 2025,
                        firstMonth: 1,
                        amount: .perSiteAndMonth(26),
                        gaming: gaming
                    )
                )
                let period = try #require(GovernancePeriod("2025-Q1"))
                let now = try #require(Instant(iso8601: "2026-01-01T00:00:00Z"))
                return try GovernanceReports(store: ledger.store).report(period, scope: .audited, now: now)
            }
        }
    }

    private typealias Component = GovernanceReport.TriangleComponent

    private func component(_ id: String, in report: GovernanceReport) throws -> Component {
        try #require(report.triangle.components.first { $0.id == id })
    }

    private func measure(_ id: String, in report: GovernanceReport) throws -> GovernanceReport.MeasureLine {
        try #require(report.measures.first { $0.id == id })
    }

    /// Minutes from an acceptance to the first clinical action, the median beside AC1.
    private func start(in report: GovernanceReport) throws -> Double {
        let name = "acceptance to first clinical action, median"
        return try #require(try measure("AC1", in: report).companions.first { $0.name.en == name }?.value)
    }

    private static let anotherSiphon = "withheld: the blind second rating gives another S"
    private static let anotherUndertreatment = "withheld: the blind second rating gives another U"

    @Test("An honest quarter of that size has an index, and nothing but under-treatment withholds its band")
    func honest() throws {
        let report = try Quarter.honest.get()
        let page = report.triangle
        #expect(page.index != nil && page.low != nil && page.high != nil)
        #expect(page.episodes ?? 0 >= TriangleIndex.leastEpisodes)
        #expect(page.originSites ?? 0 >= TriangleIndex.leastSites)
        #expect(page.components.allSatisfy { $0.denominator ?? 0 >= TriangleIndex.leastDenominator })
        for id in ["S", "U"] {
            let component = try component(id, in: report)
            #expect(component.second != nil && component.value ?? 1 < 0.1, "\(id)")
        }
        #expect(page.obstacles.map(\.en) == ["no band: under-treatment may exceed 5 %"])
        #expect(page.band == nil)
        for id in ["AC1", "AC2"] { #expect(try measure(id, in: report).standing == .valid, "\(id)") }
        #expect(try measure("AC2", in: report).value ?? 0 > 50)
        #expect(try start(in: report) < 60)
    }

    @Test("Where everything is managed at origin, the blind rating differs, under-treatment shows, the index is gone")
    func origin() throws {
        let (honest, gamed) = (try Quarter.honest.get(), try Quarter.origin.get())
        // What it was done for: the more is resolved where it came from.
        let resolved = try component("L", in: gamed)
        #expect(resolved.low ?? 0 > (try component("L", in: honest)).high ?? 1)
        #expect(gamed.triangle.index == nil && gamed.triangle.low == nil && gamed.triangle.band == nil)
        let obstacles = gamed.triangle.obstacles.map(\.en)
        #expect(obstacles.contains(Self.anotherSiphon) && obstacles.contains(Self.anotherUndertreatment))
        let undertreated = try component("U", in: gamed)
        #expect(undertreated.low ?? 0 > TriangleIndex.mostUndertreatment)
        #expect(undertreated.second ?? 0 > (try component("U", in: honest)).high ?? 1)
    }

    @Test("Where every appropriate tier is the highest, siphoning vanishes, and the blind rating brings it back")
    func tier() throws {
        let (honest, gamed) = (try Quarter.honest.get(), try Quarter.tier.get())
        let siphon = try component("S", in: gamed)
        #expect(siphon.numerator == 0)
        #expect(siphon.second ?? 0 > (try component("S", in: honest)).high ?? 1)
        #expect(gamed.triangle.index == nil && gamed.triangle.low == nil && gamed.triangle.band == nil)
        let obstacles = gamed.triangle.obstacles.map(\.en)
        #expect(obstacles.contains(Self.anotherSiphon) && obstacles.contains(Self.anotherUndertreatment))
        #expect((try component("U", in: gamed)).low ?? 0 > TriangleIndex.mostUndertreatment)
    }

    @Test("Where everything is accepted within a second and sits, the wait stands beside AC1 and AC2 is not met")
    func accept() throws {
        let (honest, gamed) = (try Quarter.honest.get(), try Quarter.accept.get())
        let emergencies = try measure("AC1", in: gamed)
        #expect(emergencies.standing == .valid && emergencies.value == 100)
        #expect((try measure("AC1", in: honest)).value ?? 100 < 100)
        #expect(try start(in: gamed) > 600)
        let routine = try measure("AC2", in: gamed)
        #expect(routine.standing == .valid && routine.value == 0 && routine.verdict == .notMet)
        func accountability(_ report: GovernanceReport) throws -> Double {
            let dimensions = report.performance.dimensions
            return try #require(dimensions.first { $0.dimension == .accountability }?.score.value)
        }
        #expect(try accountability(gamed) < accountability(honest))
    }
}
