/// Current loads, as the ledger knows them.
package protocol LoadTable {
    func load(of site: SiteID, department: DepartmentCode) -> Load
}

/// What routing is asked.
package struct RoutingRequest: Sendable {
    package var department: DepartmentCode
    package var priority: Priority
    package var requester: Place
    package var coordinates: Site.Coordinates?
    package var consent: ConsentFacts
    package var wantedSite: SiteID?
    package var answered: Set<SiteID>
    package var invited: Set<SiteID>
    /// A coordinator sends the case to this site only.
    package var only: SiteID?
    package var wanted: Int

    package init(case facts: Consultation, department: DepartmentCode, network: Network, wanted: Int) {
        self.department = department
        priority = facts.priority
        requester = facts.requester
        coordinates = network.sites[facts.requester.site]?.coordinates
        consent = facts.consent
        wantedSite = facts.wantedSite
        answered = facts.answered
        invited = Set(facts.liveOffers.map(\.place.site))
        self.wanted = wanted
    }
}

/// Candidates by department, then small policies, then integer scores; each rejection has its reason.
package struct Router {
    package var network: Network
    package var loads: any LoadTable
    package var now: Instant

    package init(network: Network, loads: any LoadTable, now: Instant) {
        self.network = network
        self.loads = loads
        self.now = now
    }

    package func decide(_ request: RoutingRequest) -> RoutingDecision {
        var eligible: [Ranked] = []
        var exclusions: [String: Int] = [:]
        var full: [Ranked] = []
        let candidates = network.candidates(for: request.department)
        for site in candidates {
            let (verdict, ranked) = judge(site, request)
            if let verdict {
                exclusions[verdict.rawValue, default: 0] += 1
                if verdict == .capacity, full.count < RoutingDecision.maximumFullSites { full.append(ranked) }
            } else {
                eligible.append(ranked)
            }
        }
        eligible.sort(by: Self.isBetter)
        return RoutingDecision(
            position: network.version,
            policyVersion: network.policy.version,
            decidedAt: now,
            department: request.department,
            only: request.only,
            chosen: Array(eligible.prefix(request.wanted)),
            runnersUp: Array(eligible.dropFirst(request.wanted).prefix(RoutingDecision.maximumRunnersUp)),
            candidates: candidates.count,
            eligible: eligible.count,
            exclusions: exclusions,
            fullSites: full
        )
    }

    /// The same policies for one site alone.
    package func judge(_ site: Site, _ request: RoutingRequest) -> (RoutingPolicy?, Ranked) {
        let department = site.department(for: request.department)
        let load = department.map { loads.load(of: site.id, department: $0) } ?? Load()
        let capacity = department.flatMap { site.departments[$0] } ?? 0
        let ranked = Ranked(
            site: site.id,
            score: score(site, request, load: load, capacity: capacity),
            reserved: load.reserved,
            offered: load.offered
        )
        return (exclusion(site, request, load: load, capacity: capacity), ranked)
    }

    private func exclusion(_ site: Site, _ request: RoutingRequest, load: Load, capacity: Int) -> RoutingPolicy? {
        if let scope = request.consent.scope, !scope.contains(site.id) { return .consentScope }
        if site.id == request.requester.site { return .notRequester }
        if site.status != .active { return .active }
        if let only = request.only {
            if only != site.id { return .notOffered }
        } else {
            if site.tier < request.requester.tier { return .tier }
            if request.answered.contains(site.id) { return .notDeclined }
        }
        if request.invited.contains(site.id) { return .notOffered }
        if request.priority == .stat, !network.hasLiveChannel(site.id, at: now) { return .liveChannel }
        // A stat request may exceed what live offers hold, never what is reserved.
        let taken = request.priority == .stat ? load.reserved : load.reserved + load.offered
        if taken >= capacity { return .capacity }
        return nil
    }

    private func score(_ site: Site, _ request: RoutingRequest, load: Load, capacity: Int) -> Score {
        let free = capacity > 0 ? max(0, capacity - load.reserved - load.offered) * 1_000 / capacity : 0
        return Score(
            named: site.id == request.wantedSite ? 1_000_000 : 0,
            tier: (Tier.national.rank - site.tier.rank) * 10_000,
            load: free,
            distance: Self.proximity(request.coordinates, site.coordinates),
            channel: network.hasLiveChannel(site.id, at: now) ? 300 : 0,
            region: site.region.prefix(4) == request.requester.region.prefix(4) ? 100 : 0
        )
    }

    /// Better first: the higher sum, then the smaller code, so that a replay decides the same.
    package static func isBetter(_ a: Ranked, _ b: Ranked) -> Bool {
        a.score.total != b.score.total ? a.score.total > b.score.total : a.site < b.site
    }

    /// 500 at distance 0, 0 from 2,000 km on. Integer arithmetic on an equirectangular projection: decisions carry no
    /// floating point, and ranking sites by distance needs no more.
    private static func proximity(_ a: Site.Coordinates?, _ b: Site.Coordinates?) -> Int {
        guard let a, let b else { return 250 }
        let dy = (a.latitudeE6 - b.latitudeE6) / 1_000 * 111 / 1_000
        let middle = abs(a.latitudeE6 + b.latitudeE6) / 2_000_000
        let dx = (a.longitudeE6 - b.longitudeE6) / 1_000 * cosineTable[min(90, middle)] / 1_000 * 111 / 1_000
        let squared = dx * dx + dy * dy
        var distance = 0
        while (distance + 4) * (distance + 4) <= squared, distance < 2_000 { distance += 4 }
        return max(0, 500 - distance / 4)
    }
}

/// Thousandths of the cosine of whole degrees.
private let cosineTable: [Int] = [
    1_000, 1_000, 999, 999, 998, 996, 995, 993, 990, 988, 985, 982, 978, 974, 970, 966, 961, 956, 951, 946, 940, 934,
    927, 921, 914, 906, 899, 891, 883, 875, 866, 857, 848, 839, 829, 819, 809, 799, 788, 777, 766, 755, 743, 731, 719,
    707, 695, 682, 669, 656, 643, 629, 616, 602, 588, 574, 559, 545, 530, 515, 500, 485, 469, 454, 438, 423, 407, 391,
    375, 358, 342, 326, 309, 292, 276, 259, 242, 225, 208, 191, 174, 156, 139, 122, 105, 87, 70, 52, 35, 17, 0,
]
