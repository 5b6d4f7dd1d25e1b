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
    /// `offered`, `runner-up`, `excluded`, `not-a-candidate`, `unknown-site`.
    package var outcome: String
    package var policy: RoutingPolicy?
    package var score: Score?
    package var rank: Int?
    package var position: Int
    package var reserved: Int?
    package var offered: Int?
}
