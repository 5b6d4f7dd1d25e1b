/// Why a candidate was left out; each policy rejects with its own name.
package enum RoutingPolicy: String, CaseIterable, Sendable, Codable {
    /// The consent's scope does not name the site.
    case consentScope = "consent-scope"
    /// A site is not its own consultant.
    case notRequester = "not-requester"
    case active
    /// Lowest capable tier first: below the requester's own tier nobody is asked.
    case tier
    /// It declined or let an offer lapse.
    case notDeclined = "not-declined"
    /// It holds a live offer already.
    case notOffered = "not-offered"
    /// Stat only: a gateway heartbeat, or an operator seen within five minutes.
    case liveChannel = "live-channel"
    case capacity
}

/// Cases of one department at one site.
package struct Load: Sendable, Equatable {
    /// Accepted and unreported.
    package var reserved: Int
    /// Live offers.
    package var offered: Int

    package init(reserved: Int = 0, offered: Int = 0) {
        self.reserved = reserved
        self.offered = offered
    }
}

/// The parts of a score; the highest sum is asked first.
package struct Score: Sendable, Equatable, Codable {
    /// 1,000,000 for the site that the requester named.
    package var named: Int
    /// 10,000 for each rung below the top of the ladder: the lowest capable tier wins.
    package var tier: Int
    /// 0 to 1,000 by free share of the department's capacity.
    package var load: Int
    /// 0 to 500 by distance: 500 at the door, 0 from 2,000 km on; 250 where coordinates are unknown.
    package var distance: Int
    /// 300 for a live channel.
    package var channel: Int
    /// 100 for the same prefecture.
    package var region: Int

    package init(named: Int, tier: Int, load: Int, distance: Int, channel: Int, region: Int) {
        self.named = named
        self.tier = tier
        self.load = load
        self.distance = distance
        self.channel = channel
        self.region = region
    }

    package var total: Int { named + tier + load + distance + channel + region }
}

/// A candidate that every policy let pass.
package struct Ranked: Sendable, Equatable, Codable {
    package var site: SiteID
    package var score: Score
    package var reserved: Int
    package var offered: Int

    package init(site: SiteID, score: Score, reserved: Int, offered: Int) {
        self.site = site
        self.score = score
        self.reserved = reserved
        self.offered = offered
    }
}

/// A routing decision with its reasons, as stored: bounded in size, replayable.
package struct RoutingDecision: Sendable, Equatable, Codable {
    /// Version of the network's stream that was looked at.
    package var position: Int
    package var policyVersion: Int
    package var decidedAt: Instant
    package var department: DepartmentCode
    /// The coordination office asked this site and no other.
    package var only: SiteID?
    /// In the order in which they are asked.
    package var chosen: [Ranked]
    /// At most 16.
    package var runnersUp: [Ranked]
    /// Sites that offer the department at all.
    package var candidates: Int
    /// Candidates that passed every policy.
    package var eligible: Int
    /// How many candidates each policy was the first to exclude.
    package var exclusions: [String: Int]
    /// The load figures of candidates that the capacity policy excluded, at most 64.
    package var fullSites: [Ranked]

    package static let maximumRunnersUp = 16
    package static let maximumFullSites = 64
}

/// The answer to `why-not CASE SITE`.
package struct WhyNot: Sendable, Equatable, Codable {
    package var site: SiteID
    /// `offered`, `runner-up`, `lower-score` (beyond the runners-up kept), `excluded`, `not-a-candidate`, `unknown-site`.
    package var outcome: String
    package var policy: RoutingPolicy?
    package var score: Score?
    package var rank: Int?
    package var position: Int
    package var reserved: Int?
    package var offered: Int?
}

extension RoutingDecision {
    /// Replays the policies for one site: `network` as it stood at `position`, loads as this decision stored them.
    package func whyNot(_ site: SiteID, facts: Consultation, network: Network) -> WhyNot {
        var answer = WhyNot(site: site, outcome: "unknown-site", position: position)
        guard let entry = network.sites[site] else { return answer }
        guard entry.department(for: department) != nil else {
            answer.outcome = "not-a-candidate"
            return answer
        }
        let known = (chosen + runnersUp + fullSites).first { $0.site == site }
        answer.reserved = known?.reserved
        answer.offered = known?.offered
        answer.score = known?.score
        if let index = chosen.firstIndex(where: { $0.site == site }) {
            answer.outcome = "offered"
            answer.rank = index + 1
            return answer
        }
        if let index = runnersUp.firstIndex(where: { $0.site == site }) {
            answer.outcome = "runner-up"
            answer.rank = chosen.count + index + 1
            return answer
        }
        // The case as it stood: offers made or answered after the decision were not known to it.
        var then = facts
        then.offers = facts.offers.filter { offer in
            offer.offeredAt < decidedAt
                || (offer.offeredAt == decidedAt && !chosen.contains { $0.site == offer.place.site })
        }
        for index in then.offers.indices {
            if let ended = then.offers[index].endedAt, ended > decidedAt { then.offers[index].state = .live }
        }
        var request = RoutingRequest(case: then, department: department, network: network, wanted: chosen.count)
        request.only = only
        let load = StoredLoads(known: known.map { Load(reserved: $0.reserved, offered: $0.offered) })
        let (policy, ranked) = Router(network: network, loads: load, now: decidedAt).judge(entry, request)
        answer.score = ranked.score
        answer.policy = policy ?? (known == nil ? nil : .capacity)
        answer.outcome = answer.policy == nil ? "lower-score" : "excluded"
        return answer
    }
}

/// The load that a decision stored for the one site that is asked about.
private struct StoredLoads: LoadTable {
    var known: Load?
    func load(of site: SiteID, department: DepartmentCode) -> Load { known ?? Load() }
}
