/// What the triangle index counts of the episodes that entered the network at one site, or at all of them.
///
/// An episode is one clinical problem; what follows it is looked at for 30 days after closure. Tiers are classes 0-3 here,
/// 3 being provincial and national together (DOMAIN.md section 5).
package struct TriangleCounts: Hashable, Sendable {
    /// Finally resolved, by tier, lowest first: one number for each `Tier`.
    package var resolved: [Int]
    /// Of those resolved, the ones whose closing expert recorded an appropriate tier.
    package var appropriateTierKnown: Int
    /// Teleconsultations from primary or county sites that were closed.
    package var closedFromBelow: Int
    /// Of those, closed "manage at origin", with a requester's outcome from the 14th to the 30th day after closure that
    /// says resolved, improved or unchanged, and no upward transfer. Without an outcome none counts.
    package var resolvedLocally: Int
    /// Of those with a known appropriate tier, the ones whose origin is below class 3.
    package var siphonable: Int
    /// Of those, finally resolved above both the appropriate tier and the origin.
    package var siphoned: Int
    /// Every up-referral discharged alive.
    package var dischargedAlive: Int
    /// Of those, marked eligible for a lower tier; printed beside D, no part of it.
    package var markedEligible: Int
    /// Of those discharged alive, received at a lower tier.
    package var receivedBelow: Int
    /// Of those with a known appropriate tier: resolved below it, or transferred upward, back as an emergency or dead after
    /// "manage at origin".
    package var undertreated: Int

    package init(
        resolved: [Int] = [0, 0, 0, 0, 0],
        appropriateTierKnown: Int = 0,
        closedFromBelow: Int = 0,
        resolvedLocally: Int = 0,
        siphonable: Int = 0,
        siphoned: Int = 0,
        dischargedAlive: Int = 0,
        markedEligible: Int = 0,
        receivedBelow: Int = 0,
        undertreated: Int = 0
    ) {
        self.resolved = resolved
        self.appropriateTierKnown = appropriateTierKnown
        self.closedFromBelow = closedFromBelow
        self.resolvedLocally = resolvedLocally
        self.siphonable = siphonable
        self.siphoned = siphoned
        self.dischargedAlive = dischargedAlive
        self.markedEligible = markedEligible
        self.receivedBelow = receivedBelow
        self.undertreated = undertreated
    }

    package var episodes: Int { resolved.reduce(0, +) }

    /// Whether each part is at most its whole and there are five tiers.
    package var isConsistent: Bool {
        resolved.count == Tier.allCases.count && resolved.allSatisfy { $0 >= 0 }
            && [
                (appropriateTierKnown, episodes), (resolvedLocally, closedFromBelow),
                (siphonable, appropriateTierKnown), (siphoned, siphonable), (markedEligible, dischargedAlive),
                (receivedBelow, dischargedAlive), (undertreated, appropriateTierKnown),
            ]
            .allSatisfy { Proportion($0, of: $1) != nil }
    }

    /// Episodes in the four classes of the index.
    package var classes: [Int] { Array(resolved[..<3]) + [resolved[3] + resolved[4]] }

    package static func + (a: TriangleCounts, b: TriangleCounts) -> TriangleCounts {
        var sum = a
        sum += b
        return sum
    }

    package static func += (a: inout TriangleCounts, b: TriangleCounts) {
        for tier in a.resolved.indices { a.resolved[tier] += b.resolved[tier] }
        a.appropriateTierKnown += b.appropriateTierKnown
        a.closedFromBelow += b.closedFromBelow
        a.resolvedLocally += b.resolvedLocally
        a.siphonable += b.siphonable
        a.siphoned += b.siphoned
        a.dischargedAlive += b.dischargedAlive
        a.markedEligible += b.markedEligible
        a.receivedBelow += b.receivedBelow
        a.undertreated += b.undertreated
    }
}
