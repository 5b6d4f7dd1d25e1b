/// What follows a case: its outcome, its tier and its money. Observations after the window do not count, and silence stays
/// in the denominators.
extension CaseCount {
    /// SF1, S, U and the flow between tiers: closed cases, on the day of closure, at the requesting site.
    mutating func countEpisode() {
        guard facts.phase == .closed, let closedAt = facts.closedAt else { return }
        let episode = trace.episode
        let end = closedAt + EpisodeTrace.window
        let origin = facts.requester.tier
        let final = episode.finalTier(from: origin, by: end)
        let isKnown = episode.appropriateTier != nil
        add(.episodes, requester, closedAt, .init(of: 1, shares: [final.rawValue: 1]))
        add(.tierRated, requester, closedAt, .init(isKnown ? 1 : 0, of: 1))
        countLocalResolution(closedAt: closedAt, end)
        countTier(.siphoned, .undertreated, episode.appropriateTier, final: final, closedAt, end)
        if isKnown, let again = episode.appropriateTierAgain {
            countTier(.siphonedFirst, .undertreatedFirst, episode.appropriateTier, final: final, closedAt, end)
            countTier(.siphonedAgain, .undertreatedAgain, again, final: final, closedAt, end)
        }
        for told in episode.outcomes { add(.outcomes, requester, told.time, .init(of: 1)) }
        let rating = episode.outcomes.last { $0.outcome.rating != nil }?.outcome.rating ?? facts.closure?.rating
        guard let performer = facts.acceptedOffer?.place else { return }
        add(
            .rating,
            MeasureStratum(performer, of: facts),
            closedAt,
            .init(of: 1, histogram: rating.map { [$0: 1] } ?? [:])
        )
    }

    /// L. A consultation from a primary or county site, closed "manage at origin": decided by what the requester told last
    /// between the 14th and the 30th day. That the patient died, got worse, went up or was not found is no resolution.
    private mutating func countLocalResolution(closedAt: Instant, _ end: Instant) {
        guard facts.requester.tier <= .county else { return }
        let episode = trace.episode
        let from = closedAt + EpisodeTrace.outcomeFrom
        let wentUp = episode.movedUp(by: end) || episode.told([.referredUp], by: end)
        let mayHold = facts.disposition == .manageAtOrigin && !wentUp
        let result = episode.outcomes.last { $0.time >= from && $0.time <= end }?.outcome.result
        let isResolved = mayHold && (result.map { [.resolved, .improved, .unchanged].contains($0) } ?? false)
        let isOpen = mayHold && !episode.outcomes.contains { $0.time >= from }
        add(.resolvedLocally, requester, closedAt, .init(isResolved ? 1 : 0, of: 1, undecided: isOpen ? 1 : 0))
    }

    /// S of episodes from below class 3, and U, by one rating of the appropriate tier.
    private mutating func countTier(
        _ siphoned: MeasureFigure,
        _ undertreated: MeasureFigure,
        _ appropriate: Tier?,
        final: Tier,
        _ closedAt: Instant,
        _ end: Instant
    ) {
        guard let appropriate else { return }
        let origin = facts.requester.tier.triangleClass
        if origin < Tier.provincial.triangleClass {
            let isSiphoned = final.triangleClass > max(appropriate.triangleClass, origin)
            add(siphoned, requester, closedAt, .init(isSiphoned ? 1 : 0, of: 1))
        }
        let wentWrong =
            trace.episode.movedUp(by: end) || trace.episode.told([.referredUp, .emergencyReturn, .died], by: end)
        let isUndertreated =
            final.triangleClass < appropriate.triangleClass || (facts.disposition == .manageAtOrigin && wentWrong)
        add(undertreated, requester, closedAt, .init(isUndertreated ? 1 : 0, of: 1))
    }

    /// Transfers on their days, at the requesting site. SF3: each up-referral discharged alive, whatever its case came to,
    /// on the day of discharge, at the discharging site, and for the triangle at the requesting one; the marking beside it.
    mutating func countReferral() {
        let episode = trace.episode
        for move in episode.moves { add(.transfers, requester, move.time, .init(move.isUpward ? 1 : 0, of: 1)) }
        guard let leaving = episode.leaving else { return }
        let site = MeasureStratum(leaving.from, of: facts)
        add(.discharges, site, leaving.time, .init(leaving.discharge.isAlive ? 1 : 0, of: 1))
        guard leaving.discharge.isAlive, leaving.from.tier > facts.requester.tier else { return }
        let end = facts.closedAt.map { $0 + EpisodeTrace.window }
        let below = episode.receptions.filter { $0.place.tier < leaving.from.tier && $0.time >= leaving.time }
        let isReceived = below.contains { reception in end.map { reception.time <= $0 } ?? true }
        let isMarked = leaving.discharge.isEligibleForLowerTier ? 1 : 0
        let received = MeasureTally.Counts(isReceived ? 1 : 0, of: 1, undecided: below.isEmpty ? 1 : 0)
        add(.receivedBelow, site, leaving.time, received)
        add(.markedEligible, site, leaving.time, .init(isMarked, of: 1))
        add(.originReceivedBelow, requester, leaving.time, received)
        add(.originMarkedEligible, requester, leaving.time, .init(isMarked, of: 1))
    }

    /// At the performing site: its tariff and its lines on the day of pricing, what it kept on the day it was settled, as
    /// long as no dispute has opened that again, and FMR1 on the day of closure.
    mutating func countSettlement() {
        guard let place = facts.acceptedOffer?.place else { return }
        let performer = MeasureStratum(place, of: facts)
        let money = trace.settlement
        if let priced = money.priced {
            let isOwn = priced.pricing.tariffSetBy == .site
            add(.ownTariff, performer, priced.time, .init(isOwn ? 1 : 0, of: 1))
            let lines = priced.pricing.lines.count
            if lines > 0 { add(.disputedLines, performer, priced.time, .init(money.disputed, of: lines)) }
            if let turn = money.turns.last, turn.isSettled, money.isBillable {
                let pricing = priced.pricing
                add(.kept, performer, turn.time, .init(pricing.share(of: place.site), of: pricing.gross))
                add(.settlements, performer, turn.time, .init(of: 1))
            }
        }
        guard facts.phase == .closed, let closedAt = facts.closedAt, money.isBillable else { return }
        let isInTime = money.isSettled(by: closedAt + SettlementTrace.limit)
        let isOpen = !isInTime && money.turns.last?.isSettled != true
        add(.settledInTime, performer, closedAt, .init(isInTime ? 1 : 0, of: 1, undecided: isOpen ? 1 : 0))
    }
}
