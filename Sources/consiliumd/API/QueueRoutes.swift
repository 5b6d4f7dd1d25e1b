import ConsiliumCore
import ConsiliumLedger
import Hummingbird

/// `/network/queue`: flow without clinical content.
struct QueueRoutes {
    let hub: Hub

    func add(to network: RouterGroup<HubContext>) {
        network.get("queue") { request, _ in
            await hub.answerJSON("network", request) { try await queue() }
        }
    }

    private struct QueueEntry: Encodable {
        struct OfferCard: Encodable {
            var site: SiteID
            var state: Offer.State
            var leaseDue: Instant
        }

        var `case`: CaseID
        var phase: Phase
        var priority: Priority
        var department: DepartmentCode?
        var departmentName: String?
        var requester: SiteID
        var performer: SiteID?
        var deadline: Instant
        var submittedAt: Instant
        /// Seconds since submission.
        var age: Int64
        var offers: [OfferCard]
        var isOverdue: Bool
    }

    /// Flow without clinical content: the site's own cases, or all open ones for who watches the network.
    private func queue() async throws -> Response {
        let actor = try await hub.actor()
        guard let site = actor.site else { throw Refusal(.notFound) }
        let watches = actor.roles.contains(.networkAdministrator) || hub.network.coordinates(actor)
        let rows =
            watches
            ? try hub.flow.openCases(limit: 1_000)
            : try hub.flow.cases(of: site, limit: 1_000).filter { !$0.phase.isEnded }
        let now = hub.clock.now()
        let entries = try rows.map { row in
            QueueEntry(
                case: row.id,
                phase: row.phase,
                priority: Priority.allCases.first { $0.rank == row.priority } ?? .routine,
                department: row.department,
                departmentName: row.department?.name,
                requester: row.owner,
                performer: row.performer,
                deadline: row.deadline,
                submittedAt: row.submittedAt,
                age: (now - row.submittedAt).milliseconds / 1_000,
                offers: try hub.flow.offers(of: row.id)
                    .filter { watches || row.owner == site || $0.site == site }
                    .map { .init(site: $0.site, state: $0.state, leaseDue: $0.leaseDue) },
                isOverdue: row.phase.isBeforeAcceptance && row.deadline < now
            )
        }
        return try Reply.json(
            entries.sorted { ($0.priority == .stat ? 0 : 1, $0.deadline) < ($1.priority == .stat ? 0 : 1, $1.deadline) }
        )
    }
}
