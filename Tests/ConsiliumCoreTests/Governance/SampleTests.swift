import Testing

@testable import ConsiliumCore

/// Samples that nobody can choose, and the few hours in which an auditor may see a case.
@Suite struct SampleTests {
    typealias Stage = GovernanceStage

    private static let secret = String(repeating: "0f", count: 32)

    private static func seal(
        _ period: String = "2026-Q2",
        _ purpose: Sample.Purpose = .source,
        size: Int = 3,
        commitment: String = Stage.digest
    ) -> GovernanceCommand {
        .sealSample(.init(period: period, purpose: purpose, size: size, commitment: commitment))
    }

    private static func reveal(
        _ references: [String] = ["c1", "c2", "c3"],
        period: String = "2026-Q2",
        purpose: Sample.Purpose = .source,
        secret: String = secret,
        digest: String = Stage.digest
    ) -> GovernanceCommand {
        .revealSample(
            .init(period: period, purpose: purpose, secret: secret, references: references),
            digest: digest
        )
    }

    private static func check(
        _ reference: String,
        _ outcome: Sample.Outcome,
        _ measures: [String] = ["AC1"],
        period: String = "2026-Q2",
        site: SiteID = Scenery.county
    ) -> GovernanceCommand {
        .checkSample(
            .init(period: period, reference: reference, measures: measures, outcome: outcome, site: site),
            of: TimeOrderedID(high: 1, low: 1)
        )
    }

    /// After the end of the quarter, with its sample revealed.
    private static func revealed() throws -> Stage {
        var stage = Stage()
        try stage.act(seal(), by: Stage.auditor)
        stage.now = Scenery.time("2026-07-01T00:00:00+08:00")
        try stage.act(reveal(), by: Stage.auditor)
        return stage
    }

    @Test("A sample is sealed before its period, revealed after it, and its seed is the secret's beginning")
    func life() throws {
        var stage = Stage()
        try stage.act(Self.seal(), by: Stage.auditor)
        #expect(try stage.act(Self.seal(), by: Stage.secondAuditor).isEmpty)
        try stage.act(Self.seal("2026-Q2", .secondRating), by: Stage.auditor)
        stage.now = Scenery.time("2026-06-30T23:59:59.999+08:00")
        stage.refuse(.periodNotEnded, at: "period", Self.reveal(), by: Stage.auditor)
        stage.now = Scenery.time("2026-07-01T00:00:00+08:00")
        try stage.act(Self.reveal(), by: Stage.secondAuditor)
        #expect(try stage.act(Self.reveal(), by: Stage.auditor).isEmpty)
        let sample = try #require(stage.governance.samples[Sample.Key("2026-Q2", .source)])
        #expect(sample.reveal?.seed == 0x0f0f_0f0f_0f0f_0f0f)
        #expect(stage.governance.samples[Sample.Key("2026-Q2", .secondRating)]?.reveal == nil)
    }

    @Test("A seal comes in the last moment before the period and not in its first")
    func begun() throws {
        var stage = Stage()
        stage.now = Scenery.time("2026-03-31T23:59:59.999+08:00")
        #expect(try stage.decide(Self.seal(), by: Stage.auditor).count == 1)
        stage.now = Scenery.time("2026-04-01T00:00:00+08:00")
        stage.refuse(.periodBegun, at: "period", Self.seal(), by: Stage.auditor)
        stage.refuse(.periodBegun, at: "period", Self.seal("2025"), by: Stage.auditor)
    }

    @Test("A seal is refused from who is no auditor, of no period, of no size, without a digest, and a second time")
    func sealRefusals() throws {
        var stage = Stage()
        for actor in Stage.noAuditors { stage.refuse(.notPermitted, Self.seal(), by: actor) }
        for period in ["", "2026-Q5", "2026-13", "Q2-2026", "next"] {
            stage.refuse(.invalidValue, at: "period", Self.seal(period), by: Stage.auditor)
        }
        for size in [0, -1, Sample.most + 1] {
            stage.refuse(.invalidValue, at: "size", Self.seal(size: size), by: Stage.auditor)
        }
        stage.refuse(.invalidValue, at: "commitment", Self.seal(commitment: "seed"), by: Stage.auditor)
        try stage.act(Self.seal(), by: Stage.auditor)
        stage.refuse(.entryExists, at: "period", Self.seal(size: 4), by: Stage.auditor)
    }

    @Test("No two samples of one purpose are over the same days, whichever holds the other")
    func sealOverlaps() throws {
        var stage = Stage()
        try stage.act(Self.seal("2026-05"), by: Stage.auditor)
        stage.refuse(.entryExists, at: "period", Self.seal("2026-Q2"), by: Stage.secondAuditor)
        try stage.act(Self.seal("2026-Q2", .secondRating), by: Stage.auditor)
        stage.refuse(.entryExists, at: "period", Self.seal("2026-06", .secondRating), by: Stage.auditor)
        try stage.act(Self.seal("2026-06"), by: Stage.auditor)
        try stage.act(Self.seal("2026-Q3"), by: Stage.auditor)
        #expect(stage.governance.samples.count == 4)
    }

    @Test("A reveal is refused with another secret, unsealed, with an empty period, with too many or the same twice")
    func revealRefusals() throws {
        var stage = Stage()
        stage.refuse(.entryUnknown, at: "period", Self.reveal(), by: Stage.auditor)
        try stage.act(Self.seal(), by: Stage.auditor)
        stage.now = Scenery.time("2026-07-02T00:00:00+08:00")
        for actor in Stage.noAuditors { stage.refuse(.notPermitted, Self.reveal(), by: actor) }
        stage.refuse(.entryUnknown, at: "period", Self.reveal(purpose: .secondRating), by: Stage.auditor)
        let other = String(repeating: "1", count: 64)
        stage.refuse(.seedMismatch, at: "secret", Self.reveal(digest: other), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "secret", Self.reveal(secret: "42"), by: Stage.auditor)
        stage.refuse(.periodEmpty, at: "period", Self.reveal([]), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "references", Self.reveal(["a", "b", "c", "d"]), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "references", Self.reveal(["a", "a"]), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "references", Self.reveal(["张三"]), by: Stage.auditor)
        try stage.act(Self.reveal(["a"]), by: Stage.auditor)
        stage.refuse(.entryClosed, at: "period", Self.reveal(["b"]), by: Stage.auditor)
    }

    @Test("What was checked stands beside each measure that it touches, with the share that did not hold")
    func checks() throws {
        var stage = try Self.revealed()
        let quarter = try #require(GovernancePeriod("2026-Q2"))
        #expect(stage.governance.sourceCheck(measure: "AC1", period: quarter) == nil)
        try stage.act(Self.check("c1", .confirmed, ["AC1", "AC2"]), by: Stage.auditor)
        try stage.act(Self.check("c2", .discrepant), by: Stage.auditor)
        try stage.act(Self.check("c3", .missing), by: Stage.auditor)
        let check = try #require(stage.governance.sourceCheck(measure: "AC1", period: quarter))
        #expect(check.checked == 3 && check.discrepant == 1 && check.missing == 1)
        #expect(check.drawn == 3 && check.open == 0)
        #expect(abs((check.rate ?? 0) - 200.0 / 3) < 1e-9)
        let wilson = try #require(Proportion(2, of: 3)?.wilson())
        #expect(check.low == wilson.low * 100 && check.high == wilson.high * 100)
        let other = try #require(stage.governance.sourceCheck(measure: "AC2", period: quarter))
        // Of three that were drawn, the one that was confirmed: two stay open and say so.
        #expect(other.checked == 1 && other.rate == 0 && other.drawn == 3 && other.open == 2)
        #expect(stage.governance.sourceCheck(measure: "GR1", period: quarter) == nil)
        // A year holds its quarters; a month does not hold one.
        let year = try #require(GovernancePeriod("2026"))
        #expect(stage.governance.sourceCheck(measure: "AC1", period: year)?.checked == 3)
        let month = try #require(GovernancePeriod("2026-04"))
        #expect(stage.governance.sourceCheck(measure: "AC1", period: month) == nil)
    }

    @Test("A check is refused of an unknown measure, of a case not drawn, before the reveal, and a second time")
    func checkRefusals() throws {
        var sealed = Stage()
        sealed.refuse(.entryUnknown, at: "period", Self.check("c1", .confirmed), by: Stage.auditor)
        try sealed.act(Self.seal(), by: Stage.auditor)
        sealed.refuse(.entryClosed, at: "period", Self.check("c1", .confirmed), by: Stage.auditor)
        var stage = try Self.revealed()
        for actor in Stage.noAuditors { stage.refuse(.notPermitted, Self.check("c1", .confirmed), by: actor) }
        stage.refuse(.entryUnknown, at: "reference", Self.check("c4", .confirmed), by: Stage.auditor)
        stage.refuse(.measureUnknown, at: "measures", Self.check("c1", .confirmed, ["AC1", "XX9"]), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "measures", Self.check("c1", .confirmed, []), by: Stage.auditor)
        stage.refuse(.invalidValue, at: "measures", Self.check("c1", .confirmed, ["AC1", "AC1"]), by: Stage.auditor)
        stage.refuse(
            .siteUnknown,
            at: "site",
            Self.check("c1", .confirmed, site: SiteID("999")!),
            by: Stage.auditor
        )
        // Nobody checks the own house.
        let colleague = Scenery.person(Scenery.county, .auditor, name: "colleague")
        stage.refuse(.notPermitted, at: "site", Self.check("c1", .confirmed), by: colleague)
        try stage.act(Self.check("c1", .confirmed), by: Stage.auditor)
        stage.refuse(.entryExists, at: "reference", Self.check("c1", .discrepant), by: Stage.secondAuditor)
        try stage.act(Self.check("c1", .discrepant, ["AC2"]), by: Stage.secondAuditor)
    }

    // MARK: Break-glass

    private static let opening = BreakGlass.Opening(
        caseID: CaseID(high: 9, low: 9),
        sites: [Scenery.town, Scenery.county],
        reason: .sampleCheck
    )

    @Test("A broken glass lasts four hours for its operator alone, and its review is due within three days")
    func breakGlass() throws {
        var stage = Stage()
        let id = stage.nextID
        try stage.act(.breakGlass(Self.opening), by: Stage.auditor)
        #expect(try stage.act(.breakGlass(Self.opening), by: Stage.auditor).isEmpty)
        let opened = stage.now
        func isBroken(_ hours: Int64, _ actor: Actor, _ governance: Governance) -> Bool {
            governance.isGlassBroken(Self.opening.caseID, for: actor.principal!, at: opened + .hours(hours))
        }
        #expect(isBroken(0, Stage.auditor, stage.governance) && isBroken(3, Stage.auditor, stage.governance))
        #expect(!isBroken(4, Stage.auditor, stage.governance))
        #expect(!isBroken(0, Stage.secondAuditor, stage.governance))
        #expect(!stage.governance.isGlassBroken(CaseID(high: 9, low: 8), for: Stage.auditor.principal!, at: opened))
        #expect(stage.governance.lateReviews(at: opened + .hours(71)).isEmpty)
        #expect(stage.governance.lateReviews(at: opened + .hours(72)).map(\.id) == [id])
        try stage.act(.reviewBreakGlass(id, .justified), by: Stage.ofTown)
        #expect(stage.governance.brokenGlasses[id]?.review?.verdict == .justified)
        #expect(stage.governance.lateReviews(at: opened + .hours(100)).isEmpty)
        // After its end it is broken anew, under its own number.
        stage.now = opened + .hours(4)
        #expect(try stage.act(.breakGlass(Self.opening), by: Stage.auditor).count == 1)
    }

    @Test(
        "A glass is broken by a named auditor only, and reviewed once, by a site that was told and is not the auditor's own"
    )
    func breakGlassRefusals() throws {
        var stage = Stage()
        for actor in Stage.noAuditors { stage.refuse(.notPermitted, .breakGlass(Self.opening), by: actor) }
        let node = Actor(
            principal: Principal(site: Scenery.capital, kind: .node, name: "engine"),
            site: Scenery.capital,
            roles: [.auditor]
        )
        stage.refuse(.notPermitted, .breakGlass(Self.opening), by: node)
        var opening = Self.opening
        opening.sites = []
        stage.refuse(.invalidValue, at: "sites", .breakGlass(opening), by: Stage.auditor)
        opening.sites = [Scenery.town, Scenery.town]
        stage.refuse(.invalidValue, at: "sites", .breakGlass(opening), by: Stage.auditor)
        opening.sites = [SiteID("999")!]
        stage.refuse(.siteUnknown, at: "site", .breakGlass(opening), by: Stage.auditor)
        let id = stage.nextID
        stage.refuse(.entryUnknown, at: "breakGlass", .reviewBreakGlass(id, .justified), by: Stage.ofTown)
        let colleague = Scenery.person(Scenery.town, .auditor, name: "colleague")
        opening.sites = [Scenery.town]
        stage.refuse(.notPermitted, at: "sites", .breakGlass(opening), by: colleague)
        try stage.act(.breakGlass(Self.opening), by: colleague)
        let both = Scenery.person(Scenery.county, .siteAdministrator, .networkAdministrator, name: "both")
        for actor in [
            Stage.siteAdministrator(Scenery.city), Stage.administrator, Stage.auditor, Stage.expert, .hub, both,
            colleague,
            Stage.ofTown,
        ] {
            stage.refuse(.notPermitted, .reviewBreakGlass(id, .justified), by: actor)
        }
        try stage.act(.reviewBreakGlass(id, .unjustified), by: Stage.ofCounty)
        stage.refuse(.entryClosed, at: "breakGlass", .reviewBreakGlass(id, .justified), by: Stage.ofCounty)
    }

    @Test("Whose case was not reviewed in time is shown no other until it is")
    func lateReview() throws {
        var stage = Stage()
        let id = stage.nextID
        try stage.act(.breakGlass(Self.opening), by: Stage.auditor)
        stage.now = stage.now + .hours(72) - .milliseconds(1)
        var other = Self.opening
        other.caseID = CaseID(high: 9, low: 10)
        #expect(try stage.decide(.breakGlass(other), by: Stage.auditor).count == 1)
        stage.now = stage.now + .milliseconds(1)
        stage.refuse(.reviewLate, at: "breakGlass", .breakGlass(other), by: Stage.auditor)
        stage.refuse(.reviewLate, at: "breakGlass", .breakGlass(Self.opening), by: Stage.auditor)
        #expect(try stage.decide(.breakGlass(other), by: Stage.secondAuditor).count == 1)
        try stage.act(.reviewBreakGlass(id, .justified), by: Stage.ofTown)
        try stage.act(.breakGlass(other), by: Stage.auditor)
    }

    @Test("Both sites are shown a broken glass for a week, whoever has reviewed it, and until it is reviewed")
    func notice() throws {
        var stage = Stage()
        let id = stage.nextID
        try stage.act(.breakGlass(Self.opening), by: Stage.auditor)
        let opened = stage.now
        func glass() throws -> BreakGlass { try #require(stage.governance.brokenGlasses[id]) }
        #expect(try glass().isNoticed(at: opened + .days(30)))
        #expect(try !glass().isReviewLate(at: opened + .hours(72) - .milliseconds(1)))
        #expect(try glass().isReviewLate(at: opened + .hours(72)))
        try stage.act(.reviewBreakGlass(id, .justified), by: Stage.ofTown)
        #expect(try !glass().isReviewLate(at: opened + .days(30)))
        #expect(try glass().isNoticed(at: opened + .days(7) - .milliseconds(1)))
        #expect(try !glass().isNoticed(at: opened + .days(7)))
    }
}

/// Who rates drawn cases again.
@Suite struct RaterTests {
    private typealias Stage = GovernanceStage

    private static let secret = String(repeating: "0f", count: 32)

    private static func drawn(
        _ low: UInt64,
        involved: Set<SiteID> = [Scenery.town, Scenery.county],
        scope: [SiteID]? = nil,
        department: DepartmentCode? = Scenery.cardiology
    ) -> Sample.Drawn {
        var item = Sample.Drawn(CaseID(high: 7, low: low))
        item.involved = involved
        item.scope = scope
        item.department = department
        return item
    }

    /// A stage in which each of `sites` has one expert, at `auditing` one who is an auditor, and the quarter has ended.
    private static func stage(experts sites: [SiteID], auditing: Set<SiteID> = []) throws -> Stage {
        var stage = Stage()
        for site in sites {
            let principal = Principal(site: site, kind: .operator, name: "expert")
            stage.network.members[principal] = Network.Member(
                principal: principal,
                roles: auditing.contains(site) ? [.expert, .auditor] : [.expert],
                actsFor: [],
                certificates: [],
                revokedAt: nil,
                graceUntil: nil
            )
        }
        try stage.act(
            .sealSample(.init(period: "2026-Q2", purpose: .secondRating, size: 60, commitment: Stage.digest)),
            by: Stage.auditor
        )
        stage.now = Scenery.time("2026-07-01T00:00:00+08:00")
        return stage
    }

    private static func reveal(_ drawn: [Sample.Drawn], secret: String = secret) -> GovernanceCommand {
        .revealSample(
            .init(
                period: "2026-Q2",
                purpose: .secondRating,
                secret: secret,
                references: drawn.indices.map { "c\($0)" }
            ),
            digest: Stage.digest,
            drawn: drawn
        )
    }

    private static func raters(_ events: [GovernanceEvent]) -> [Sample.Rater] {
        for case .secondRatingsAssigned(_, let raters) in events { return raters }
        return []
    }

    private static let able = [Scenery.county, Scenery.city, Scenery.province, Scenery.capital, Scenery.second]

    @Test(
        "Each drawn case gets one uninvolved site with experts, evenly, the same by the same secret and others by another"
    )
    func assigned() throws {
        var stage = try Self.stage(experts: [Scenery.town] + Self.able)
        let drawn = (0..<40).map { Self.drawn(UInt64($0)) }
        let first = Self.raters(try stage.decide(Self.reveal(drawn), by: Stage.auditor))
        #expect(first.map(\.caseID) == drawn.map(\.caseID))
        // Not the coordination office, which may have had to do with any case.
        #expect(Set(first.map(\.site)) == Set([Scenery.city, Scenery.province, Scenery.second]))
        let loads = Dictionary(grouping: first, by: \.site).values.map(\.count)
        #expect(loads.sorted() == [13, 13, 14])
        #expect(Self.raters(try stage.decide(Self.reveal(drawn), by: Stage.secondAuditor)) == first)
        let other = Self.reveal(drawn, secret: String(repeating: "1e", count: 32))
        #expect(Self.raters(try stage.decide(other, by: Stage.auditor)).map(\.site) != first.map(\.site))
        // Folded, it is asked of that site alone, for thirty days.
        try stage.act(Self.reveal(drawn), by: Stage.auditor)
        let (id, site) = (first[0].caseID, first[0].site)
        #expect(stage.governance.isRater(site, of: id, at: stage.now + .days(30) - .milliseconds(1)))
        #expect(!stage.governance.isRater(site, of: id, at: stage.now + .days(30)))
        for stranger in Self.able where stranger != site {
            #expect(!stage.governance.isRater(stranger, of: id, at: stage.now))
        }
        let asked = first.count { $0.site == site }
        #expect(stage.governance.ratings(askedOf: site, at: stage.now).count == asked)
        #expect(stage.governance.ratings(askedOf: Scenery.town, at: stage.now).isEmpty)
    }

    @Test("The coordination office rates nothing, nor does a site whose only expert is an auditor as well")
    func notBlind() throws {
        func sites(_ stage: Stage, _ item: Sample.Drawn) throws -> [SiteID] {
            Self.raters(try stage.decide(Self.reveal([item]), by: Stage.auditor)).map(\.site)
        }
        var stage = try Self.stage(experts: [Scenery.capital])
        #expect(try sites(stage, Self.drawn(1)).isEmpty)
        stage = try Self.stage(experts: [Scenery.city, Scenery.second], auditing: [Scenery.city])
        for low in 0..<20 { #expect(try sites(stage, Self.drawn(UInt64(low))) == [Scenery.second]) }
        stage = try Self.stage(experts: [Scenery.city], auditing: [Scenery.city])
        #expect(try sites(stage, Self.drawn(1)).isEmpty)
        // A colleague who audits nothing can.
        let colleague = Principal(site: Scenery.city, kind: .operator, name: "colleague")
        stage.network.members[colleague] = Network.Member(
            principal: colleague,
            roles: [.expert],
            actsFor: [],
            certificates: [],
            revokedAt: nil,
            graceUntil: nil
        )
        #expect(try sites(stage, Self.drawn(1)) == [Scenery.city])
    }

    @Test("Who was involved, is suspended, has no expert or stands outside the consent's scope rates nothing")
    func excluded() throws {
        func sites(_ stage: Stage, _ item: Sample.Drawn) throws -> [SiteID] {
            Self.raters(try stage.decide(Self.reveal([item]), by: Stage.auditor)).map(\.site)
        }
        var stage = try Self.stage(experts: Self.able)
        let allButSecond = Set(Self.able).subtracting([Scenery.second])
        #expect(try sites(stage, Self.drawn(1, involved: allButSecond)) == [Scenery.second])
        #expect(try sites(stage, Self.drawn(1, involved: Set(Self.able))) == [])
        #expect(try sites(stage, Self.drawn(1, scope: [Scenery.county, Scenery.second])) == [Scenery.second])
        #expect(try sites(stage, Self.drawn(1, scope: [Scenery.county])) == [])
        stage = try Self.stage(experts: [Scenery.city])
        #expect(try sites(stage, Self.drawn(1)) == [Scenery.city])
        stage.network.evolve(.siteStatus(Scenery.city, .suspended), sequence: 999, at: stage.now)
        #expect(try sites(stage, Self.drawn(1)) == [])
        // A department that only the involved take is rated by any other site with experts.
        stage = try Self.stage(experts: [Scenery.town, Scenery.city])
        let elsewhere = DepartmentCode("02")
        #expect(try sites(stage, Self.drawn(1, involved: [Scenery.county], department: elsewhere)) == [Scenery.town])
        #expect(try sites(stage, Self.drawn(1, involved: [Scenery.town], department: elsewhere)) == [Scenery.city])
    }
}
