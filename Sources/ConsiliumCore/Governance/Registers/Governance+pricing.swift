/// What the registers say of a price.
extension Governance {
    /// What a consultation costs, with whose tariff that is.
    ///
    /// The tariff is looked up for site, service and department of the acceptance on the day of pricing, the site's own
    /// before the network's: a gross that is neither's fee is nobody's tariff, and is recorded as such rather than refused,
    /// because money that was asked must be on record. Refuses what does not add up, with `invalid-value`; a party that
    /// neither the directory nor the register of partners knows, with `entry-unknown`; and, where contracts that the
    /// performing site is party to are in force, a party to none of them, nor to one of the requester's, with
    /// `not-permitted`; the last two at `lines[N].party`.
    func price(
        _ gross: Int,
        _ lines: [Pricing.Line],
        for offer: Offer,
        of facts: Consultation,
        in network: Network,
        at now: Instant
    ) throws(Refusal) -> Pricing {
        let today = day(now)
        let setter = [Pricing.TariffSetter.site, .admin]
            .first { tariff(offer.place.site, facts.serviceKind, offer.department, setBy: $0, on: today)?.fee == gross }
        let pricing = Pricing(
            tariffSetBy: setter ?? .nobody,
            rulePacks: rulePacks(driving: [.settlement], at: now),
            gross: gross,
            lines: lines
        )
        try pricing.validate()
        let parties = contractParties(performer: offer.place.site, requester: facts.requester.site, on: today)
        for (index, line) in lines.enumerated() {
            let place = "lines[\(index + 1)].party"
            let code = line.party.description
            guard network.sites[line.party] != nil || partners[code]?.days.contains(today) ?? false else {
                throw Refusal(.entryUnknown, at: place, code)
            }
            if let parties, !parties.contains(code) {
                throw Refusal(.notPermitted, at: place, "\(code) is party to no contract in force")
            }
        }
        return pricing
    }

    /// Who is party to a complete contract in force, of the performing site or of the requester's; nil where the performing
    /// site has none.
    private func contractParties(performer: SiteID, requester: SiteID, on day: CivilDay) -> Set<String>? {
        let inForce = contracts.values.filter { $0.isComplete && $0.days.contains(day) }
        func parties(_ site: SiteID) -> Set<String> {
            let code = site.description
            return Set(inForce.filter { $0.shares.contains { $0.party == code } }.flatMap(\.parties))
        }
        let own = parties(performer)
        return own.isEmpty ? nil : own.union(parties(requester))
    }
}
