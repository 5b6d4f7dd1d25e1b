import ConsiliumCore
import Hummingbird

/// `/network/sites`: the directory, and what changes a site.
struct SitesRoutes {
    let hub: Hub

    struct StatusChange: Decodable { var status: Site.Status }
    struct CapacityChange: Decodable {
        var department: DepartmentCode
        var capacity: Int
    }

    func add(to network: RouterGroup<HubContext>) {
        network.put("sites") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                let sites = try await hub.decode([Site].self, from: &request)
                return try await hub.change(.putSites(sites))
            }
        }
        network.get("sites/:site") { request, context in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                guard let site = hub.network.sites[try site(context)] else { throw Refusal(.siteUnknown) }
                return try Reply.json(site)
            }
        }
        network.post("sites/:site/status") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                let body = try await hub.decode(StatusChange.self, from: &request)
                return try await hub.change(.setStatus(try site(context), body.status))
            }
        }
        network.post("sites/:site/capacity") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                let body = try await hub.decode(CapacityChange.self, from: &request)
                return try await hub.change(.setCapacity(try site(context), body.department, body.capacity))
            }
        }
    }

    private func site(_ context: HubContext) throws -> SiteID {
        guard let site = SiteID(try context.parameters.require("site")) else { throw Refusal(.siteUnknown) }
        return site
    }
}
