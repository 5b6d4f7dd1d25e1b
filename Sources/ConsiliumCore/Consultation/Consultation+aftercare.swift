/// What follows a signed report: the outcome, the second look at the appropriate tier, and the money.
extension Deciding {
    /// From closure on, as often as there is something to say; nothing follows a death.
    mutating func recordOutcome(_ outcome: Outcome, _ facts: Consultation) throws(Refusal) {
        try requireOwner(facts)
        try requirePhase(facts, .closed)
        try requireVersion(facts.requestVersion)
        if facts.lastOutcome == .died { throw Refusal(.wrongState, at: nil, Outcome.Result.died.rawValue) }
        if let rating = outcome.rating, !(1...5).contains(rating) {
            throw Refusal(.invalidValue, at: "rating", "1 to 5")
        }
        emit(.outcomeRecorded(outcome))
    }

    /// By a clinician of the site that was chosen for it, which never had to do with the case; for every other site it does
    /// not exist. Once a case. An involved site is told the same whether it was drawn or not.
    mutating func rateTierAgain(_ tier: Tier, isAssigned: Bool, _ facts: Consultation) throws(Refusal) {
        guard let site = context.actor.site else { throw Refusal(.notFound) }
        let isInvolved =
            site == facts.requester.site || site == facts.via || facts.offers.contains { $0.place.site == site }
        guard !isInvolved else { throw Refusal(.notPermitted, at: nil, "uninvolved site") }
        guard isAssigned else { throw Refusal(.notFound) }
        try require(.expert)
        // An auditor reads the first rating.
        if context.actor.roles.contains(.auditor) {
            throw Refusal(.notPermitted, at: nil, "\(Role.expert.rawValue), not \(Role.auditor.rawValue)")
        }
        try requirePhase(facts, .closed)
        if facts.isTierRatedAgain { throw Refusal(.alreadyRated, at: ReportElement.appropriateTier.rawValue) }
        emit(.tierRatedAgain(tier))
    }

    /// By the performing site, once a case, from the report on. Whose tariff that is say the registers.
    mutating func price(_ gross: Int, _ lines: [Pricing.Line], _ facts: Consultation) throws(Refusal) {
        try requireCashier(.performer, facts)
        guard facts.settlement == nil, let offer = facts.acceptedOffer else {
            throw Refusal(.wrongState, at: nil, "priced")
        }
        emit(.priced(try context.governance.price(gross, lines, for: offer, of: facts, in: context.network, at: now)))
    }

    /// Says that every party has its part, disputed or not before.
    mutating func settle(_ facts: Consultation) throws(Refusal) {
        try requireCashier(.performer, facts)
        guard let settlement = facts.settlement else { throw Refusal(.wrongState, at: nil, "not priced") }
        if settlement.isSettled { throw Refusal(.wrongState, at: nil, "settled") }
        emit(.settled)
    }

    /// By the requester's site, each line once, settled or not: who is paid at once is not out of reach.
    mutating func dispute(lines: [Int], _ facts: Consultation) throws(Refusal) {
        try requireCashier(.requester, facts)
        guard let settlement = facts.settlement else { throw Refusal(.wrongState, at: nil, "not priced") }
        guard !lines.isEmpty, Set(lines).count == lines.count,
            lines.allSatisfy({ $0 >= 1 && $0 <= settlement.lines })
        else { throw Refusal(.invalidValue, at: "lines", "of 1 to \(settlement.lines), each once") }
        if let line = lines.first(where: settlement.disputed.contains) {
            throw Refusal(.wrongState, at: "lines", "\(line) is disputed")
        }
        emit(.settlementDisputed(lines: lines))
    }

    /// Who speaks for that side's money: its clinicians or its administrator, from the report on.
    private func requireCashier(_ side: Consultation.Relation, _ facts: Consultation) throws(Refusal) {
        guard try relation(facts) == side else {
            throw Refusal(.notPermitted, at: nil, side == .performer ? "performing site" : "requester's site")
        }
        let clinician: Role = side == .performer ? .expert : .requester
        guard !context.actor.roles.isDisjoint(with: [clinician, .siteAdministrator]) else {
            throw Refusal(.notPermitted, at: nil, "\(clinician.rawValue), \(Role.siteAdministrator.rawValue)")
        }
        try requirePhase(facts, .reported, .closed)
    }
}
