import Testing

@testable import ConsiliumCore

/// Attacks on a published report by a reader who subtracts what is printed from what is printed, and by a site that
/// subtracts its own counts.
@Suite struct PublishedAttackTests {
    private static let day = CivilDay(2026, 2, 3)

    private static func stratum(
        _ site: Int,
        _ tier: Tier,
        _ region: String = "360100",
        department: String = "A03.04",
        priority: Priority = .routine
    ) throws -> MeasureStratum {
        MeasureStratum(
            site: try #require(SiteID("S\(site)")),
            tier: tier,
            region: region,
            department: DepartmentCode(department),
            priority: priority
        )
    }

    private static func source(
        _ tally: MeasureTally,
        model: GovernanceModel = .standard,
        registered: [String: Observation] = [:],
        exchanges: [Governance.Exchange] = [],
        recorded: Set<FactType> = MeasureFold.recorded,
        checks: [String: GovernanceReport.SourceCheck] = [:]
    ) throws -> ReportSource {
        ReportSource(
            network: "Test",
            period: try #require(GovernancePeriod("2026-Q1")),
            model: model,
            isRetrospective: false,
            isGenerated: false,
            tally: tally,
            totals: tally.totals,
            registered: registered,
            exchanges: exchanges,
            recorded: recorded,
            sourceChecks: checks,
            snapshot: .init(records: nil, hash: "00"),
            scope: .published,
            seed: 7
        )
    }

    private static func line(_ report: GovernanceReport, _ id: String) throws -> GovernanceReport.MeasureLine {
        try #require(report.measures.first { $0.id == id })
    }

    /// Closed episodes of three sites, of which `above` came from a provincial one, `unrated` have no appropriate tier.
    private static func closures(above: Int, unrated: Int, fromHighest: Int) throws -> GovernanceReport {
        var tally = MeasureTally()
        for (site, tier, count) in [(0, Tier.primary, 200), (1, .county, 200), (2, .provincial, above)] {
            let stratum = try stratum(site, tier)
            let key = { MeasureTally.Key($0, stratum, Self.day) }
            tally.add(.init(of: count, shares: [Tier.county.rawValue: count]), to: key(.episodes))
            tally.add(.init(count / 2, of: count), to: key(.assisted))
            if tier <= .county { tally.add(.init(count / 2, of: count), to: key(.resolvedLocally)) }
            let rated = count - (site == 0 ? unrated : 0)
            let siphonable = rated - (site == 1 ? fromHighest : 0)
            tally.add(.init(rated, of: count), to: key(.tierRated))
            tally.add(.init(rated / 2, of: rated), to: key(.undertreated))
            tally.add(.init(siphonable / 3, of: siphonable), to: key(.siphoned))
        }
        return try GovernanceReport(try source(tally))
    }

    @Test(
        "What is left of one count of closed episodes beside another is a count that may need hiding",
        arguments: [(5, 50, 60), (60, 5, 60), (60, 50, 5), (8, 9, 7), (5, 0, 5), (60, 40, 60), (0, 0, 0)]
    )
    func episodes(above: Int, unrated: Int, fromHighest: Int) throws {
        let report = try Self.closures(above: above, unrated: unrated, fromHighest: fromHighest)
        func component(_ id: String) -> Int? { report.triangle.components.first { $0.id == id }?.denominator }
        let all = [
            report.triangle.episodes, try Self.line(report, "SF1").denominator, component("L"), component("U"),
            component("S"),
        ]
        .compactMap { $0 }
        for a in all { for b in all { #expect(!SuppressedTable.hidden.contains(abs(a - b)), "\(all)") } }
        #expect(report.triangle.episodes == 400 + above)
        let isFree = ![above, unrated, fromHighest].contains { SuppressedTable.hidden.contains($0) }
        #expect((all.count == 5) == isFree)
        // The local resolution of the triangle and of SF1 are one count: hidden in both, with its rows and its months.
        let isHidden = SuppressedTable.hidden.contains(above)
        #expect((component("L") == nil) == isHidden)
        #expect((try Self.line(report, "SF1").standing == .suppressed) == isHidden)
        #expect(report.tables.contains { $0.measure == "SF1" } == !isHidden)
        #expect(report.trends.first { $0.measure == "SF1" }?.points.contains { $0.denominator != nil } == !isHidden)
        for obstacle in report.triangle.obstacles where isHidden { #expect(!obstacle.en.contains("400")) }
    }

    @Test(
        "Emergencies and routine requests are hidden where they leave few of all requests",
        arguments: [
            (200, 100, 96, ["AC1"]), (300, 295, 0, ["AC1"]), (300, 0, 295, ["AC2"]), (300, 100, 100, []),
            (300, 200, 100, []),
        ]
    )
    func requests(all: Int, emergencies: Int, routine: Int, hidden: [String]) throws {
        var tally = MeasureTally()
        let stratum = try Self.stratum(0, .county)
        let counts: [(MeasureFigure, Int)] = [(.choice, all), (.emergencies, emergencies), (.routine, routine)]
        for (figure, count) in counts {
            tally.add(.init(count / 2, of: count), to: .init(figure, stratum, Self.day))
        }
        let report = try GovernanceReport(try Self.source(tally))
        #expect(report.measures.filter { $0.standing == .suppressed }.map(\.id) == hidden)
        #expect(try Self.line(report, "MC1").denominator == all)
        for id in hidden {
            #expect(!report.tables.contains { $0.measure == id })
            #expect(report.trends.first { $0.measure == id }?.points.allSatisfy { $0.denominator == nil } != false)
        }
    }

    @Test("A network's own measure of a hidden figure is hidden with the standard one")
    func ownMeasure() throws {
        var tally = MeasureTally()
        let stratum = try Self.stratum(0, .county)
        let counts: [(MeasureFigure, Int)] = [(.choice, 300), (.emergencies, 295)]
        for (figure, count) in counts {
            tally.add(.init(count / 2, of: count), to: .init(figure, stratum, Self.day))
        }
        var own = try #require(GovernanceModel.standard.measure("AC1"))
        own.id = "AC9"
        own.figure = "AC1"
        (own.goalposts, own.scoredIn) = (nil, nil)
        let model = try GovernanceModel.standard.adding([own], version: "2")
        let report = try GovernanceReport(try Self.source(tally, model: model))
        #expect(report.measures.filter { $0.standing == .suppressed }.map(\.id) == ["AC1", "AC9"])
        for id in ["AC1", "AC9"] {
            #expect(try Self.line(report, id).denominator == nil)
            #expect(try Self.line(report, id).companions.isEmpty)
            #expect(!report.tables.contains { $0.measure == id })
            let trend = try #require(report.trends.first { $0.measure == id })
            #expect(trend.points.allSatisfy { $0.denominator == nil })
        }
    }

    @Test(
        "A concentration is hidden where few sites accepted anything, or one accepted few",
        arguments: [([100, 5], true), ([100, 60], true), ([100, 60, 5], true), ([100, 60, 40], false)]
    )
    func concentration(acceptances: [Int], isHidden: Bool) throws {
        var tally = MeasureTally()
        for (site, count) in acceptances.enumerated() {
            tally.add(.init(of: count), to: .init(.acceptances, try Self.stratum(site, .county), Self.day))
        }
        var source = try Self.source(tally)
        let line = try Self.line(try GovernanceReport(source), "MC2")
        #expect((line.standing == .suppressed) == isHidden)
        #expect((line.value == nil) == isHidden)
        source.scope = .audited
        #expect(try Self.line(try GovernanceReport(source), "MC2").standing == .valid)
    }

    @Test("The flow between tiers shows no count where the episodes of a tier come from two sites", arguments: [2, 3])
    func flows(sites: Int) throws {
        var tally = MeasureTally()
        for (place, tier) in [Tier.primary, .county].enumerated() {
            for site in 0..<(tier == .primary ? sites : 3) {
                let counts = MeasureTally.Counts(of: 60, shares: [tier.rawValue: 60])
                tally.add(counts, to: .init(.episodes, try Self.stratum(10 * place + site, tier), Self.day))
            }
        }
        var source = try Self.source(tally)
        let flows = try GovernanceReport(source).flows
        #expect(!flows.isEmpty)
        let isHidden = sites < 3
        #expect(flows.allSatisfy { $0.episodes == nil } == isHidden)
        let stayed = flows.first { $0.origin == .county && $0.final == .county }
        #expect(stayed?.episodes == (isHidden ? nil : 180))
        source.scope = .audited
        #expect(try GovernanceReport(source).flows.first { $0.final == .primary }?.episodes == 60 * sites)
    }

    @Test(
        "What the poorest and the richest regions ask for is hidden where it leaves few of all requests",
        arguments: [(100, 195, true), (295, 5, true), (100, 100, false), (100, 200, false)]
    )
    func regions(events: Int, base: Int, isHidden: Bool) throws {
        var tally = MeasureTally()
        tally.add(.init(150, of: 300), to: .init(.choice, try Self.stratum(0, .county), Self.day))
        let observation = Observation.rateRatio(
            events: events,
            population: 100_000,
            baseEvents: base,
            basePopulation: 100_000
        )
        var source = try Self.source(tally, registered: ["SF2": observation], recorded: Set(FactType.allCases))
        let report = try GovernanceReport(source)
        #expect(try Self.line(report, "MC1").denominator == 300)
        let line = try Self.line(report, "SF2")
        #expect((line.standing == .suppressed) == isHidden)
        #expect((line.counted == nil) == isHidden)
        source.scope = .audited
        #expect(try Self.line(try GovernanceReport(source), "SF2").counted == min(events, base))
    }

    @Test("How many remote counties' requests a wait is of is not said outside audited scope")
    func remote() throws {
        let wait = Bootstrap.Estimate(
            value: 2,
            interval: ConfidenceInterval(low: 0.5, high: 4),
            clusters: 20,
            undefined: 0
        )
        var source = try Self.source(
            MeasureTally(),
            registered: ["SF4": .resampled(wait, counted: 60)],
            recorded: Set(FactType.allCases)
        )
        let line = try Self.line(try GovernanceReport(source), "SF4")
        #expect(line.standing == .valid && line.value == 2 && line.counted == nil)
        source.scope = .audited
        #expect(try Self.line(try GovernanceReport(source), "SF4").counted == 60)
    }

    @Test("A tier's emergencies are hidden where they leave few of its requests")
    func requestsOfTier() throws {
        var tally = MeasureTally()
        for site in 0..<12 {
            let stratum = try Self.stratum(site, Tier.allCases[site / 3])
            let urgent = site < 3 ? 1 : 40
            tally.add(.init(50, of: 100 + urgent), to: .init(.choice, stratum, Self.day))
            tally.add(.init(50, of: 100), to: .init(.emergencies, stratum, Self.day))
        }
        let report = try GovernanceReport(try Self.source(tally))
        func rows(_ id: String) throws -> [GovernanceReport.StratumRow] {
            try #require(report.tables.first { $0.measure == id && $0.by == .tier }).rows
        }
        #expect(try rows("MC1").allSatisfy { !$0.isSuppressed })
        #expect(try rows("AC1").map(\.isSuppressed) == [true, true, false, false])
    }

    @Test(
        "A figure beside a share is hidden where both over one denominator leave few cases between them",
        arguments: [(280, 275, nil), (280, 250, 250), (280, 280, 280)] as [(Int, Int, Int?)]
    )
    func companions(inTime: Int, unpaused: Int, shown: Int?) throws {
        var tally = MeasureTally()
        let stratum = try Self.stratum(0, .county)
        tally.add(.init(inTime, of: 400), to: .init(.routine, stratum, Self.day))
        tally.add(.init(unpaused, of: 400), to: .init(.routineUnpaused, stratum, Self.day))
        let line = try Self.line(try GovernanceReport(try Self.source(tally)), "AC2")
        #expect(line.numerator == inTime)
        let companion = try #require(line.companions.first { $0.name.en == "in time without any pause" })
        #expect(companion.value == shown.map { Double($0) / 4 })
    }

    @Test("The formats beside IE1 add up to it, so one hidden format hides another")
    func formats() throws {
        let site = try #require(SiteID("S0"))
        let line = try Self.line(
            try GovernanceReport(
                try Self.source(
                    MeasureTally(),
                    registered: ["IE1": .proportion(try #require(Proportion(130, of: 205)))],
                    exchanges: [
                        .init(site: site, format: .fhir, sum: .init(received: 200, acceptedAtFirst: 128)),
                        .init(site: site, format: .hl7v2, sum: .init(received: 5, acceptedAtFirst: 2)),
                    ]
                )
            ),
            "IE1"
        )
        #expect(line.denominator == 205)
        #expect(line.companions.allSatisfy { $0.value == nil && $0.low == nil })
    }

    @Test(
        "A source check of few originals, or that found few wrong, says only that there was one",
        arguments: [(60, 2, 1, false), (60, 0, 0, true), (60, 12, 15, true), (60, 0, 55, false), (9, 0, 0, false)]
    )
    func checks(checked: Int, discrepant: Int, missing: Int, isShown: Bool) throws {
        var tally = MeasureTally()
        tally.add(.init(100, of: 200), to: .init(.routine, try Self.stratum(0, .county), Self.day))
        let rate = try #require(Proportion(discrepant + missing, of: checked)?.value)
        let check = GovernanceReport.SourceCheck(
            drawn: checked,
            checked: checked,
            discrepant: discrepant,
            missing: missing,
            rate: rate * 100,
            low: 0,
            high: 100
        )
        var source = try Self.source(tally, checks: ["AC2": check])
        let published = try #require(try Self.line(try GovernanceReport(source), "AC2").sourceCheck)
        #expect(published == (isShown ? check : GovernanceReport.SourceCheck()))
        source.scope = .audited
        #expect(try Self.line(try GovernanceReport(source), "AC2").sourceCheck == check)
    }

    @Test("The number of sites of origin is hidden while it is 1 to 10")
    func sites() throws {
        let report = try Self.closures(above: 60, unrated: 50, fromHighest: 60)
        #expect(report.triangle.originSites == nil)
    }

    @Test("A tier with one site is not found through the region that the same site is in")
    func tierAndRegion() throws {
        var tally = MeasureTally()
        let sites: [(Int, Tier, String, Int)] = [
            (0, .primary, "360101", 40), (1, .primary, "360101", 50), (2, .primary, "360101", 60),
            (3, .county, "360102", 40), (4, .county, "360102", 50), (5, .county, "360102", 70),
            (6, .national, "360103", 12),
        ]
        for (site, tier, region, total) in sites {
            let stratum = try Self.stratum(site, tier, region)
            tally.add(.init(total / 2, of: total), to: .init(.routine, stratum, Self.day))
        }
        let report = try GovernanceReport(try Self.source(tally))
        try Self.attack(report, "AC2", sites.map { try Self.stratum($0.0, $0.1, $0.2) })
    }

    @Test("No site, no pair of sites and no hidden row of random networks is found by adding and subtracting rows")
    func random() throws {
        var random = SplitMix64(seed: 23)
        var shown = 0
        for _ in 0..<60 {
            var tally = MeasureTally()
            var atoms: Set<MeasureStratum> = []
            for site in 0..<(6 + random.index(below: 14)) {
                let tier = Tier.allCases[random.index(below: random.index(below: 3) == 0 ? 5 : 2)]
                let region = "36010\(random.index(below: 4))"
                for _ in 0...random.index(below: 2) {
                    let stratum = try Self.stratum(
                        site,
                        tier,
                        region,
                        department: ["A03.04", "A03.05"][random.index(below: 2)],
                        priority: [.routine, .urgent][random.index(below: 2)]
                    )
                    guard atoms.insert(stratum).inserted else { continue }
                    let total = random.index(below: 4) == 0 ? random.index(below: 12) : 30 + random.index(below: 90)
                    if total == 0 { atoms.remove(stratum) }
                    tally.add(
                        .init(random.index(below: total + 1), of: total),
                        to: .init(.routine, stratum, Self.day)
                    )
                }
            }
            let report = try GovernanceReport(try Self.source(tally))
            shown += report.tables.flatMap(\.rows).count { !$0.isSuppressed }
            let ordered = atoms.sorted { "\($0)" < "\($1)" }
            try Self.attack(report, "AC2", ordered)
        }
        #expect(shown > 20)
    }

    /// Everything that is printed of a measure is a sum over `atoms`. None of these sums, however they are added and
    /// subtracted, may give a hidden row, or all that one site or two sites counted.
    private static func attack(_ report: GovernanceReport, _ measure: String, _ atoms: [MeasureStratum]) throws {
        func vector(_ isIn: (MeasureStratum) -> Bool) -> [Double] { atoms.map { isIn($0) ? 1 : 0 } }
        let total = [vector { _ in true }]
        var known = try line(report, measure).denominator == nil ? [] : total
        var secret: [(name: String, vector: [Double])] = []
        for table in report.tables where table.measure == measure {
            for row in table.rows {
                let sum = vector { table.by.code($0) == row.code }
                if row.isSuppressed { secret.append((row.code, sum)) } else { known.append(sum) }
            }
        }
        let sites = Set(atoms.map(\.site)).sorted()
        for (place, a) in sites.enumerated() {
            for b in sites[place...] { secret.append(("\(a) \(b)", vector { $0.site == a || $0.site == b })) }
        }
        let rank = Self.rank(known)
        for (name, sum) in secret where !total.contains(sum) {
            #expect(Self.rank(known + [sum]) > rank, "\(name) of \(atoms.count): \(report.tables.map(\.by))")
        }
    }

    /// By elimination.
    private static func rank(_ rows: [[Double]]) -> Int {
        var rows = rows
        var rank = 0
        for column in 0..<(rows.first?.count ?? 0) {
            guard let pivot = rows[rank...].indices.first(where: { abs(rows[$0][column]) > 1e-9 }) else { continue }
            rows.swapAt(rank, pivot)
            for row in rows.indices where row > rank && abs(rows[row][column]) > 1e-9 {
                let factor = rows[row][column] / rows[rank][column]
                for place in column..<rows[row].count { rows[row][place] -= factor * rows[rank][place] }
            }
            rank += 1
            if rank == rows.count { break }
        }
        return rank
    }
}
