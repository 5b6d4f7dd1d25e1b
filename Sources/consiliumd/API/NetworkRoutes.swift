import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import HTTPTypes
import Hummingbird

/// `/network`: running the network, in plain JSON. Each subject has its own room.
struct NetworkRoutes {
    let hub: Hub

    func add(to router: Hummingbird.Router<HubContext>) {
        let network = router.group("network")
        addOverview(to: network)
        SitesRoutes(hub: hub).add(to: network)
        MembersRoutes(hub: hub).add(to: network)
        DoctorsRoutes(hub: hub).add(to: network)
        DeliveryRoutes(hub: hub).add(to: network)
        QuarantineRoutes(hub: hub).add(to: network)
        InboxRoutes(hub: hub).add(to: network)
        QueueRoutes(hub: hub).add(to: network)
        CaseRoutes(hub: hub).add(to: network)
        GovernanceRoutes(hub: hub).add(to: network)
    }

    private struct Overview: Encodable {
        var name: String
        var version: Int
        var hubTime: Instant
        var policy: NetworkPolicy
        var isDemonstration: Bool
        var software: String
    }

    private struct Me: Encodable {
        var principal: String
        var site: SiteID
        var roles: [Role]
        var actsFor: [SiteID]
        var certificateNotAfter: Instant
    }

    private func addOverview(to network: RouterGroup<HubContext>) {
        network.get { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                let now = hub.network
                return try Reply.json(
                    Overview(
                        name: now.name,
                        version: now.version,
                        hubTime: hub.clock.now(),
                        policy: now.policy,
                        isDemonstration: now.policy.isDemonstration,
                        software: Hub.version
                    )
                )
            }
        }
        network.get("me") { request, _ in
            await hub.answerJSON("network", request) {
                let (principal, identity) = try hub.caller()
                let actor = try await hub.actor()
                return try Reply.json(
                    Me(
                        principal: principal.description,
                        site: principal.site,
                        roles: actor.roles.sorted { $0.rawValue < $1.rawValue },
                        actsFor: (hub.network.members[principal]?.actsFor ?? []).sorted(),
                        certificateNotAfter: Instant(identity.notAfter)
                    )
                )
            }
        }
        network.get("directory") { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                return try Reply.json(hub.network.directory)
            }
        }
        network.put("policy") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                return try await hub.change(.setPolicy(try await hub.decode(NetworkPolicy.self, from: &request)))
            }
        }
        network.get("journal/head") { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                return try Reply.json(["position": hub.network.version, "records": try hub.flow.recordCount()])
            }
        }
    }
}

extension Hub {
    /// Carries out a command by the caller and tells the network's new version.
    func change(_ command: NetworkCommand, payload: [UInt8]? = nil) async throws -> Response {
        let (principal, _) = try caller()
        let receipt = try await execute(.network(command, by: principal, payload: payload))
        return try Reply.json(["version": receipt.version])
    }
}
