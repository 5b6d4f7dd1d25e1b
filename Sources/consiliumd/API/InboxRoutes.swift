import ConsiliumCore
import ConsiliumLedger
import Hummingbird
import NIOCore
import NIOPosix

/// `/network/inbox`: what waits for somebody at a site.
struct InboxRoutes {
    let hub: Hub

    func add(to network: RouterGroup<HubContext>) {
        network.get("inbox") { request, context in
            await hub.answerJSON("network", request) {
                try await inbox(request, on: MultiThreadedEventLoopGroup.singleton.any())
            }
        }
    }

    private struct InboxEntry: Encodable {
        var `case`: CaseID
        /// `offer`, `information`, `report`, `unroutable`, `glass-broken`, `second-rating`.
        var kind: String
        /// Of a broken glass: what its review names.
        var entry: String?
        var offer: Int?
        var priority: Priority
        var department: DepartmentCode?
        var departmentName: String?
        /// nil for a second rating, which is blind.
        var requester: SiteCard?
        var leaseDue: Instant?
        var deadline: Instant
        var reason: String?
        /// How often this offer was reminded of.
        var reminders: Int?
        var version: Int
    }

    private struct Inbox: Encodable {
        var entries: [InboxEntry]
        var next: Int
    }

    private func inbox(_ request: Request, on loop: any EventLoop) async throws -> Response {
        let actor = try await hub.actor()
        guard let site = actor.site else { throw Refusal(.notFound) }
        let query = request.uri.queryParameters
        let wait = min(30, max(0, query["wait"].flatMap { Int64($0) } ?? 0))
        var next = hub.signals.count(of: site)
        if wait > 0, let after = query["after"].flatMap({ Int($0) }), next <= after {
            next = await hub.signals.wait(site, after: after, timeout: .seconds(wait), on: loop)
        }
        return try Reply.json(Inbox(entries: try entries(for: actor, site), next: next))
    }

    /// Cases of the site that an auditor looked into: until the review, and for a week even when the other site has
    /// reviewed it at once.
    private func brokenGlasses(told site: SiteID, _ network: Network) throws -> [InboxEntry] {
        let now = hub.clock.now()
        return try hub.governance.state.brokenGlasses.values
            .filter { $0.isNoticed(at: now) && $0.opening.sites.contains(site) }
            .compactMap { glass in
                guard let facts = try hub.cases.facts(glass.opening.caseID) else { return nil }
                return InboxEntry(
                    case: glass.opening.caseID,
                    kind: "glass-broken",
                    entry: glass.id.description,
                    priority: facts.priority,
                    department: facts.department,
                    departmentName: facts.department?.name,
                    requester: SiteCard(
                        code: facts.requester.site,
                        name: network.sites[facts.requester.site]?.name ?? ""
                    ),
                    deadline: glass.reviewDue,
                    reason: glass.opening.reason.rawValue,
                    version: facts.version
                )
            }
    }

    /// Cases that the site's experts are to rate again and have not rated.
    private func ratings(askedOf site: SiteID) throws -> [InboxEntry] {
        try hub.governance.state.ratings(askedOf: site, at: hub.clock.now())
            .compactMap { id, task in
                guard let facts = try hub.cases.facts(id), facts.isRatable else { return nil }
                return InboxEntry(
                    case: id,
                    kind: "second-rating",
                    priority: facts.priority,
                    department: facts.department,
                    departmentName: facts.department?.name,
                    deadline: task.due,
                    version: facts.version
                )
            }
    }

    /// What waits for somebody at the site: no patient in it.
    private func entries(for actor: Actor, _ site: SiteID) throws -> [InboxEntry] {
        let network = hub.network
        var entries: [InboxEntry] = []
        func append(_ row: FlowReader.CaseRow, _ kind: String) throws {
            guard let facts = try hub.cases.facts(row) else { return }
            let offer = facts.offers.last { $0.place.site == site && $0.state == .live }
            entries.append(
                InboxEntry(
                    case: row.id,
                    kind: kind,
                    offer: kind == "offer" ? offer?.number : nil,
                    priority: facts.priority,
                    department: facts.department,
                    departmentName: facts.department?.name,
                    requester: SiteCard(
                        code: facts.requester.site,
                        name: network.sites[facts.requester.site]?.name ?? ""
                    ),
                    leaseDue: kind == "offer" ? offer?.leaseDue : nil,
                    deadline: facts.deadline,
                    reason: kind == "information"
                        ? facts.gaps.map(\.rawValue).joined(separator: ", ") : facts.unroutableReason?.rawValue,
                    reminders: kind == "offer" ? offer.map { facts.reminders(of: $0.number) } : nil,
                    version: kind == "offer" ? offer?.version ?? facts.version : facts.version
                )
            )
        }
        for row in try hub.flow.cases(of: site, limit: 500) {
            switch row.phase {
            case .offered where row.owner != site: try append(row, "offer")
            case .infoNeeded where row.owner == site: try append(row, "information")
            case .reported where row.owner == site: try append(row, "report")
            default: break
            }
        }
        if !actor.roles.isDisjoint(with: [.siteAdministrator, .requester, .expert]) {
            entries += try brokenGlasses(told: site, network)
        }
        if actor.roles.contains(.expert) { entries += try ratings(askedOf: site) }
        if network.coordinates(actor) {
            for row in try hub.flow.cases(in: .unroutable, limit: 500) { try append(row, "unroutable") }
        }
        return entries.sorted { ($0.leaseDue ?? $0.deadline, $0.case) < ($1.leaseDue ?? $1.deadline, $1.case) }
    }
}
