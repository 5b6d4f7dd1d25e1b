import ConsiliumCore
import ConsiliumLedger
import Hummingbird

/// `/network/deliveries`: messages to members, and what a person does with a dead one.
struct DeliveryRoutes {
    let hub: Hub

    private struct DeliveryCard: Encodable {
        var id: DeliveryID
        var `case`: CaseID
        var site: SiteID
        var kind: String
        var state: String
        var reason: String?
        var attempts: Int
        var nextAt: Instant?
        var createdAt: Instant
    }

    struct Discard: Decodable { var reason: String }

    func add(to network: RouterGroup<HubContext>) {
        network.get("deliveries") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                let all = actor.roles.contains(.networkAdministrator)
                let wanted = request.uri.queryParameters["state"].map(String.init) ?? "pending"
                let state = wanted == "pending" ? nil : wanted == "done" ? "acknowledged" : wanted
                let rows = try hub.flow.deliveries(state: state, limit: 1_000)
                    .filter { all || $0.site == actor.site }
                return try Reply.json(
                    rows.map {
                        DeliveryCard(
                            id: $0.id,
                            case: $0.caseID,
                            site: $0.site,
                            kind: $0.kind.rawValue,
                            state: $0.state ?? "pending",
                            reason: $0.reason ?? $0.problem,
                            attempts: $0.attempts,
                            nextAt: $0.nextAt,
                            createdAt: $0.createdAt
                        )
                    }
                )
            }
        }
        network.post("deliveries/:id/:verb") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                let actor = try await hub.actor()
                guard actor.roles.contains(.siteAdministrator) || actor.roles.contains(.networkAdministrator) else {
                    throw Refusal(.notPermitted, at: nil, Role.siteAdministrator.rawValue)
                }
                guard let id = DeliveryID(try context.parameters.require("id")) else { throw Refusal(.notFound) }
                let outcome: DeliveryOutcome
                switch try context.parameters.require("verb") {
                case "redrive": outcome = .redriven
                case "discard":
                    let reason = try await hub.decode(Discard.self, from: &request).reason
                    guard Principal.isName(reason) else { throw Refusal(.reasonRequired, at: "reason", "a code") }
                    outcome = .discarded(reason)
                default: throw Refusal(.notFound)
                }
                _ = try await hub.execute(.deliveryOutcome(id, outcome, by: actor.principal))
                return Response(status: .noContent)
            }
        }
    }
}
