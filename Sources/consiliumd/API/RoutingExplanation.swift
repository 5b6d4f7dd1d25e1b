import ConsiliumCore
import ConsiliumLedger

/// `why` and `why-not`: the stored decision, and the same policies replayed for one site as it stood then.
struct RoutingExplanation {
    let hub: Hub

    /// The last routing decision of a case, for who asked and for who watches the network's flow.
    func why(_ id: CaseID, as actor: Actor) throws -> RoutingDecision {
        guard let decision = try facts(id, as: actor).lastDecision else {
            throw Refusal(.wrongState, at: nil, "not routed yet")
        }
        return decision
    }

    func whyNot(_ id: CaseID, site: SiteID, as actor: Actor) throws -> WhyNot {
        let facts = try facts(id, as: actor)
        guard let decision = facts.lastDecision else { throw Refusal(.wrongState, at: nil, "not routed yet") }
        return decision.whyNot(site, facts: facts, network: try hub.history.network(at: decision.position))
    }

    private func facts(_ id: CaseID, as actor: Actor) throws -> Consultation {
        guard let facts = try hub.cases.facts(id), let site = actor.site else { throw Refusal(.notFound) }
        let coordinates = hub.network.coordinates(actor)
        let watches = coordinates || actor.roles.contains(.networkAdministrator)
        if watches { return facts }
        // Who is asked is not told who else was, or could have been.
        switch facts.relation(of: site, coordinates: coordinates) {
        case nil: throw Refusal(.notFound)
        case .requester, .coordinationOffice, .brokenGlass: return facts
        case .invited, .performer: throw Refusal(.notPermitted, at: nil, "requester's site")
        }
    }
}
