import Testing

@testable import ConsiliumCore

@Suite struct RouterTests {
    private func request(
        _ network: Network,
        _ changes: [Element: String?] = [:],
        wanted: Int = 1
    ) throws -> (RoutingRequest, Consultation) {
        var stage = Stage(network)
        try stage.submit(changes)
        var facts = stage.facts
        facts.offers = []
        return (RoutingRequest(case: facts, department: facts.department!, network: network, wanted: wanted), facts)
    }

    private func bytes(_ decision: RoutingDecision) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.object { decision.write(to: &$0) }
        return writer.bytes
    }

    /// `count` county hospitals that can be asked, with varied capacity, region and place.
    private func crowd(_ count: Int, seed: UInt64 = 5) -> [Site] {
        var random = SeededGenerator(seed: seed)
        return Scenery.sites
            + (0..<count)
            .map { index in
                Scenery.site(SiteID("X\(padded(index, 4))")!, Tier.allCases.randomElement(using: &random)!) { site in
                    site.departments[Scenery.cardiology] = Int.random(in: 0...3, using: &random)
                    site.region = ["421125", "421100", "110000"].randomElement(using: &random)!
                    if Bool.random(using: &random) {
                        site.coordinates = Site.Coordinates(
                            latitudeE6: .random(in: 20_000_000...45_000_000, using: &random),
                            longitudeE6: .random(in: 90_000_000...125_000_000, using: &random)
                        )
                    }
                }
            }
    }

    @Test("The same network put together in any order decides the same bytes")
    func insertionOrder() throws {
        let sites = crowd(80)
        var expected: [UInt8]?
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var network = Network(name: "n")
            for site in sites.shuffled(using: &random) { network.put(site) }
            for site in sites.shuffled(using: &random) {
                network.evolve(.channelLive(site.id), sequence: 7, at: Scenery.monday)
            }
            var loads = FixedLoads()
            for site in sites.shuffled(using: &random) where site.id.description.hasSuffix("3") {
                loads.figures[site.id] = Load(reserved: 1, offered: 1)
            }
            let (request, _) = try request(network)
            let decision = Router(network: network, loads: loads, now: Scenery.monday).decide(request)
            expected = expected ?? bytes(decision)
            #expect(bytes(decision) == expected)
        }
    }

    @Test("A stored decision read back and decided again is the same, byte for byte")
    func replay() throws {
        let network = Scenery.network(crowd(50))
        let (request, _) = try request(network, wanted: 3)
        let router = Router(network: network, loads: FixedLoads(), now: Scenery.monday)
        let decision = router.decide(request)
        let stored = bytes(decision)
        let read = try RoutingDecision(CanonicalObject(stored))
        #expect(read == decision)
        #expect(bytes(read) == stored)
        #expect(bytes(router.decide(request)) == stored)
        #expect(decision.position == network.version)
        #expect(decision.policyVersion == network.policy.version)
    }

    @Test("At most sixteen runners-up and sixty-four full sites are kept, and everybody is counted")
    func bounds() throws {
        let sites =
            Scenery.sites + (0..<30).map { Scenery.site(SiteID("F\($0 + 100)")!, .county) }
            + (0..<100).map { Scenery.site(SiteID("G\($0 + 100)")!, .county, capacity: 0) }
        let network = Scenery.network(sites)
        let (request, _) = try request(network, wanted: 3)
        let decision = Router(network: network, loads: FixedLoads(), now: Scenery.monday).decide(request)
        #expect(decision.chosen.count == 3)
        #expect(decision.runnersUp.count == 16)
        #expect(decision.fullSites.count == 64)
        #expect(decision.exclusions == ["capacity": 100])
        #expect(decision.candidates == 135)
        #expect(decision.eligible == 35)
        #expect(decision.candidates == decision.eligible + decision.exclusions.values.reduce(0, +))
    }

    @Test("The ranking is by score, then by the smaller code")
    func ties() throws {
        let names = ["T3", "T1", "T2"]
        let network = Scenery.network([Scenery.sites[0]] + names.map { Scenery.site(SiteID($0)!, .county) })
        let (request, _) = try request(network, wanted: 3)
        let decision = Router(network: network, loads: FixedLoads(), now: Scenery.monday).decide(request)
        #expect(decision.chosen.map(\.site.description) == ["T1", "T2", "T3"])
        #expect(Set(decision.chosen.map(\.score.total)).count == 1)
    }

    @Test("The lowest capable tier is asked first, however near, free and connected a higher one is")
    func tiers() throws {
        let near = Site.Coordinates(latitudeE6: 30_000_000, longitudeE6: 115_000_000)
        let far = Site.Coordinates(latitudeE6: 45_000_000, longitudeE6: 85_000_000)
        var town = Scenery.sites[0]
        town.coordinates = near
        let low = Scenery.site(SiteID("LOW")!, .county, capacity: 100, region: "650000") { $0.coordinates = far }
        let high = Scenery.site(SiteID("HIGH")!, .municipal, capacity: 1, region: "421125") { $0.coordinates = near }
        let network = Scenery.network([town, low, high], quiet: [low.id])
        var loads = FixedLoads()
        loads.figures[low.id] = Load(reserved: 99)
        let (request, _) = try request(network, wanted: 2)
        let decision = Router(network: network, loads: loads, now: Scenery.monday).decide(request)
        #expect(decision.chosen.map(\.site) == [low.id, high.id])
        #expect(decision.chosen[0].score == Score(named: 0, tier: 30_000, load: 10, distance: 0, channel: 0, region: 0))
        #expect(
            decision.chosen[1].score
                == Score(named: 0, tier: 20_000, load: 1_000, distance: 500, channel: 300, region: 100)
        )
    }

    @Test(
        "Within a tier the freer, nearer, connected and neighbouring site is better",
        arguments: [
            "load", "distance", "channel", "region",
        ]
    )
    func parts(_ part: String) throws {
        let here = Site.Coordinates(latitudeE6: 30_000_000, longitudeE6: 115_000_000)
        var town = Scenery.sites[0]
        town.coordinates = here
        func site(_ name: String, better: Bool) -> Site {
            Scenery.site(SiteID(name)!, .county, region: part == "region" && better ? "421199" : "420000") { site in
                site.coordinates = here
                if part == "distance", !better { site.coordinates?.latitudeE6 += 1_000_000 }
            }
        }
        // By code the worse one would come first.
        let worse = site("A", better: false)
        let better = site("B", better: true)
        let network = Scenery.network([town, worse, better], quiet: part == "channel" ? [worse.id] : [])
        var loads = FixedLoads()
        if part == "load" { loads.figures[worse.id] = Load(reserved: 1) }
        let (request, _) = try request(network)
        let decision = Router(network: network, loads: loads, now: Scenery.monday).decide(request)
        #expect(decision.chosen.map(\.site) == [better.id])
    }

    @Test("Distance is scored from 500 at the door to 0 from 2,000 km on")
    func distance() throws {
        let shanghai = Site.Coordinates(latitudeE6: 31_230_000, longitudeE6: 121_470_000)
        var town = Scenery.sites[0]
        town.coordinates = shanghai
        func points(_ latitude: Int, _ longitude: Int) throws -> Int {
            let other = Scenery.site(SiteID("O")!, .county) {
                $0.coordinates = Site.Coordinates(latitudeE6: latitude, longitudeE6: longitude)
            }
            let network = Scenery.network([town, other])
            let (request, _) = try request(network)
            return Router(network: network, loads: FixedLoads(), now: Scenery.monday).judge(other, request).1.score
                .distance
        }
        #expect(try points(31_230_000, 121_470_000) == 500)
        let beijing = try points(39_900_000, 116_400_000)
        #expect((230...236).contains(beijing), "1,070 km, got \(beijing)")
        #expect(try points(43_800_000, 87_600_000) == 0)
    }

    @Test("The parent department covers its specialties; a specialty does not cover its parent")
    func departments() throws {
        var general = Scenery.site(SiteID("GENERAL")!, .county)
        general.departments = [Scenery.medicine: 2]
        let network = Scenery.network([Scenery.sites[0], Scenery.sites[2], general])
        #expect(network.candidates(for: Scenery.cardiology).map(\.id) == [Scenery.city, general.id])
        #expect(network.candidates(for: Scenery.medicine).map(\.id) == [general.id])
        var stage = Stage(network)
        try stage.submit()
        #expect(stage.facts.offers[0].department == Scenery.medicine, "asked under the department that it has")
    }

    @Test("why-not says what the decision says: offered, runner-up, excluded by which policy, or not a candidate")
    func whyNot() throws {
        let network = Scenery.network(quiet: [Scenery.city])
        var stage = Stage(network)
        stage.loads.figures[Scenery.second] = Load(reserved: 3, offered: 1)
        try stage.submit()
        let decision = try #require(stage.facts.lastDecision)
        func ask(_ site: SiteID) -> WhyNot { decision.whyNot(site, facts: stage.facts, network: network) }
        #expect(ask(Scenery.county).outcome == "offered" && ask(Scenery.county).rank == 1)
        #expect(ask(Scenery.city).outcome == "runner-up" && ask(Scenery.city).rank == 2)
        #expect(ask(Scenery.second).policy == .capacity && ask(Scenery.second).reserved == 3)
        #expect(ask(Scenery.town).outcome == "not-a-candidate")
        #expect(ask(SiteID("NOWHERE")!).outcome == "unknown-site")
        try stage.act(.decline(.other), by: Scenery.expert(Scenery.county))
        let next = try #require(stage.facts.lastDecision)
        #expect(next.whyNot(Scenery.county, facts: stage.facts, network: network).policy == .notDeclined)
        #expect(ask(Scenery.county).outcome == "offered", "the earlier decision is not told by later events")
    }

    @Test("why-not knows that the office sent a case past the others")
    func whyNotRequeued() throws {
        var stage = try Stage.at(.unroutable)
        try stage.act(.requeue(site: Scenery.province), by: Scenery.coordinator)
        let decision = try #require(stage.facts.lastDecision)
        let county = decision.whyNot(Scenery.county, facts: stage.facts, network: stage.network)
        #expect(county.outcome == "excluded" && county.policy == .notOffered)
        #expect(decision.whyNot(Scenery.province, facts: stage.facts, network: stage.network).outcome == "offered")
    }

    @Test("why-not beyond the runners-up that are kept says so")
    func whyNotFar() throws {
        let network = Scenery.network(Scenery.sites + (0..<30).map { Scenery.site(SiteID("F\($0 + 100)")!, .county) })
        var stage = Stage(network)
        try stage.submit()
        let decision = try #require(stage.facts.lastDecision)
        let last = decision.whyNot(Scenery.second, facts: stage.facts, network: network)
        #expect(last.outcome == "lower-score" && last.policy == nil && last.score?.tier == 0)
    }

    @Test("Duty telephones are those of the nearest capable sites on the ladder")
    func dutySites() {
        let network = Scenery.network()
        let near = network.dutySites(for: Scenery.cardiology, near: Scenery.town, count: 2)
        #expect(near.map(\.id) == [Scenery.county, Scenery.city])
        let high = network.dutySites(for: nil, near: Scenery.province, count: 9)
        #expect(high.map(\.id) == [Scenery.capital, Scenery.second])
        #expect(network.dutySites(for: DepartmentCode("0712"), near: Scenery.town, count: 3).isEmpty)
        #expect(network.dutySites(for: nil, near: SiteID("UNKNOWN")!, count: 99).count == 6)
    }

    @Test("A replaced directory entry leaves the departments that it no longer has")
    func replaced() {
        var network = Scenery.network()
        var site = Scenery.sites[1]
        site.departments = [Scenery.medicine: 1]
        network.put(site)
        #expect(!network.candidates(for: DepartmentCode("0304")!).map(\.id).contains(Scenery.city) == false)
        #expect(network.candidates(for: Scenery.medicine).map(\.id) == [Scenery.county])
        #expect(network.directory.map(\.id) == Scenery.sites.map(\.id).sorted())
    }
}

@Suite struct QueueTests {
    @Test("Stat first, then by deadline, then by age, then by number")
    func order() {
        func rank(_ stat: Bool, _ deadline: Int64, _ submitted: Int64, _ id: UInt64) -> QueueRank {
            QueueRank(
                isStat: stat,
                deadline: Instant(milliseconds: deadline),
                submittedAt: Instant(milliseconds: submitted),
                id: CaseID(high: 0, low: id)
            )
        }
        let right = [
            rank(true, 90, 80, 9), rank(true, 95, 1, 1), rank(false, 10, 5, 3), rank(false, 10, 6, 1),
            rank(false, 10, 6, 2), rank(false, 11, 0, 0),
        ]
        for seed in 0..<10 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let sorted = right.shuffled(using: &random).sorted()
            #expect(zip(sorted, right).allSatisfy { !($0 < $1) && !($1 < $0) })
        }
    }

    @Test("An urgent case passes an older routine one; a note or copy passes nobody")
    func ageing() throws {
        var routine = try Stage.at(.queued)
        let before = routine.facts.queueRank
        routine.wait(.hours(2))
        try routine.act(.note, by: Scenery.requester)
        try routine.resubmit()
        #expect(!(routine.facts.queueRank < before) && !(before < routine.facts.queueRank))
        var urgent = Stage()
        urgent.wait(.minutes(30))
        try urgent.submit([.priority: "asap"])
        #expect(urgent.facts.queueRank < before)
        var stat = Stage()
        stat.wait(.days(20))
        try stat.submit([.priority: "stat"])
        #expect(stat.facts.queueRank < urgent.facts.queueRank)
    }
}
