import ConsiliumCore
import ConsiliumLedger
import Hummingbird

/// `/network/quarantine`: refused frames, kept for diagnosis.
struct QuarantineRoutes {
    let hub: Hub

    private struct QuarantineCard: Encodable {
        var id: TimeOrderedID
        var site: SiteID
        var principal: String
        var receivedAt: Instant
        var door: String
        var code: String
        var location: String
        var size: Int
    }

    func add(to network: RouterGroup<HubContext>) {
        network.get("quarantine") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                let all = actor.roles.contains(.networkAdministrator)
                return try Reply.json(
                    try hub.flow.quarantine(of: all ? nil : actor.site)
                        .map {
                            QuarantineCard(
                                id: $0.id,
                                site: $0.site,
                                principal: $0.principal,
                                receivedAt: $0.receivedAt,
                                door: $0.door,
                                code: $0.code,
                                location: $0.location,
                                size: $0.size
                            )
                        }
                )
            }
        }
        network.get("quarantine/:id") { request, context in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                // A refused frame may hold a whole patient.
                guard actor.roles.mayReadClinicalContent else {
                    throw Refusal(.notPermitted, at: nil, Role.requester.rawValue)
                }
                guard let id = TimeOrderedID(try context.parameters.require("id")), let site = actor.site,
                    let bytes = try hub.flow.quarantined(id, site: site)
                else { throw Refusal(.notFound) }
                return Reply.bytes(bytes, type: "application/octet-stream")
            }
        }
    }
}
