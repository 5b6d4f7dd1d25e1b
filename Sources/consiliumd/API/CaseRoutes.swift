import ConsiliumCore
import ConsiliumLedger
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Cases for the client's own verbs: inbox, queue, show, acts, why.
struct CaseRoutes {
    let hub: Hub

    func add(to network: RouterGroup<HubContext>) {
        network.get("inbox") { request, context in
            await hub.answerJSON("network", request) {
                try await inbox(request, on: MultiThreadedEventLoopGroup.singleton.any())
            }
        }
        network.get("queue") { request, _ in
            await hub.answerJSON("network", request) { try await queue() }
        }
        network.get("cases/:id") { request, context in
            await hub.answerJSON("network", request) { try await show(try id(context)) }
        }
        network.get("cases/:id/access") { request, context in
            await hub.answerJSON("network", request) { try await accesses(try id(context)) }
        }
        network.get("cases/:id/why") { request, context in
            await hub.answerJSON("network", request) {
                try Reply.json(try RoutingExplanation(hub: hub).why(try id(context), as: try await hub.actor()))
            }
        }
        network.get("cases/:id/why-not/:site") { request, context in
            await hub.answerJSON("network", request) {
                guard let site = SiteID(try context.parameters.require("site")) else { throw Refusal(.siteUnknown) }
                let actor = try await hub.actor()
                return try Reply.json(try RoutingExplanation(hub: hub).whyNot(try id(context), site: site, as: actor))
            }
        }
        network.get("cases/:id/documents/:part") { request, context in
            await hub.answerJSON("network", request) {
                let id = try id(context)
                let part = try context.parameters.require("part")
                let view = try hub.view(id, as: try await hub.actor(), what: "document")
                guard view.discloses, let document = view.record.documents.first(where: { $0.id == part }) else {
                    throw Refusal(.notFound)
                }
                guard view.relation == .requester || view.record.facts.consent.state != .withdrawn else {
                    throw Refusal(.consentWithdrawn)
                }
                return Reply.document(try hub.cases.blob(id, part: part), type: document.contentType)
            }
        }
        network.post("cases/:id/acts") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                return try await act(try id(context), try await hub.decode(ActRequest.self, from: &request))
            }
        }
    }

    private func id(_ context: HubContext) throws -> CaseID {
        guard let id = CaseID(try context.parameters.require("id")) else { throw Refusal(.notFound) }
        return id
    }

    // MARK: Inbox and queue

    private struct SiteCard: Encodable {
        var code: SiteID
        var name: String
    }

    private struct InboxEntry: Encodable {
        var `case`: CaseID
        /// `offer`, `information`, `report`, `unroutable`.
        var kind: String
        var offer: Int?
        var priority: Priority
        var department: DepartmentCode?
        var departmentName: String?
        var requester: SiteCard
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
        if network.coordinates(actor) {
            for row in try hub.flow.cases(in: .unroutable, limit: 500) { try append(row, "unroutable") }
        }
        return entries.sorted { ($0.leaseDue ?? $0.deadline, $0.case) < ($1.leaseDue ?? $1.deadline, $1.case) }
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

    // MARK: One case

    private struct CaseCard: Encodable {
        struct Facts: Encodable {
            var phase: Phase
            var version: Int
            var requestVersion: Int
            var priority: Priority
            var prioritySource: PrioritySource
            var serviceKind: ServiceKind
            var department: DepartmentCode?
            var departmentName: String?
            var requester: SiteCard
            var performer: SiteCard?
            var submittedAt: Instant
            var deadline: Instant
            var reportNumber: Int
            var consent: ConsentState
            var consentBasis: ConsentBasis
            var gaps: [Gap]
            var missing: [String]
            var reason: String?
            var closure: ClosureDecision?
            var rating: Int?
        }

        struct OfferCard: Encodable {
            var number: Int
            var site: SiteCard
            var state: Offer.State
            var offeredAt: Instant
            var leaseDue: Instant
            var declineReason: DeclineReason?
            var version: Int
        }

        struct DocumentCard: Encodable {
            var id: String
            var title: String
            var contentType: String
            var size: Int
            var sha256: String
        }

        struct NoteCard: Encodable {
            var time: Instant
            var site: SiteID?
            var text: String
        }

        struct EventCard: Encodable {
            var sequence: Int
            var type: String
            var time: Instant
            var actor: String?
            var site: SiteID?
        }

        var `case`: CaseID
        var relation: String
        var facts: Facts
        var offers: [OfferCard]
        var application: [String: String]?
        var report: [String: String]?
        var signature: String?
        var documents: [DocumentCard]
        var notes: [NoteCard]
        var events: [EventCard]
    }

    private func show(_ id: CaseID) async throws -> Response {
        let actor = try await hub.actor()
        let network = hub.network
        let view = try hub.view(id, as: actor)
        let record = view.record
        let facts = record.facts
        func card(_ site: SiteID) -> SiteCard { SiteCard(code: site, name: network.sites[site]?.name ?? "") }
        return try Reply.json(
            CaseCard(
                case: id,
                relation: "\(view.relation)",
                facts: .init(
                    phase: facts.phase,
                    version: facts.version,
                    requestVersion: facts.requestVersion,
                    priority: facts.priority,
                    prioritySource: facts.prioritySource,
                    serviceKind: facts.serviceKind,
                    department: facts.department,
                    departmentName: facts.department?.name,
                    requester: card(facts.requester.site),
                    performer: facts.acceptedOffer.map { card($0.place.site) },
                    submittedAt: facts.submittedAt,
                    deadline: facts.deadline,
                    reportNumber: facts.reportNumber,
                    consent: facts.consent.state,
                    consentBasis: facts.consent.basis,
                    gaps: facts.gaps,
                    missing: facts.missing.map(\.rawValue),
                    reason: facts.unroutableReason?.rawValue,
                    closure: facts.closure?.decision,
                    rating: facts.closure?.rating
                ),
                offers: facts.offers.map {
                    .init(
                        number: $0.number,
                        site: card($0.place.site),
                        state: $0.state,
                        offeredAt: $0.offeredAt,
                        leaseDue: $0.leaseDue,
                        declineReason: $0.declineReason,
                        version: $0.version
                    )
                },
                application: record.application.map { application in
                    Dictionary(uniqueKeysWithValues: application.elements.sorted.map { ($0.key.rawValue, $0.value) })
                },
                report: record.report.map { report in
                    Dictionary(uniqueKeysWithValues: report.elements.sorted.map { ($0.key.rawValue, $0.value) })
                },
                signature: record.signature,
                documents: record.documents.map {
                    .init(id: $0.id, title: $0.title, contentType: $0.contentType, size: $0.size, sha256: $0.sha256)
                },
                notes: record.notes.map { .init(time: $0.time, site: $0.site, text: $0.text) },
                events: view.history.map {
                    .init(
                        sequence: $0.sequence,
                        type: $0.type,
                        time: $0.time,
                        actor: $0.actor?.description,
                        site: $0.site
                    )
                }
            )
        )
    }

    private struct AccessCard: Encodable {
        var time: Instant
        var principal: String
        var site: SiteID
        var what: String
        var count: Int
    }

    private func accesses(_ id: CaseID) async throws -> Response {
        let actor = try await hub.actor()
        let view = try hub.cases.view(id, as: actor, in: hub.network)
        return try Reply.json(
            try hub.flow.accesses(of: id)
                .filter { !view.hidden.contains($0.site) }
                .map {
                    AccessCard(
                        time: $0.firstAt,
                        principal: $0.principal.description,
                        site: $0.site,
                        what: $0.what,
                        count: $0.count
                    )
                }
        )
    }

    // MARK: Acts

    private struct Done: Encodable {
        var `case`: CaseID
        var phase: Phase?
        var version: Int
    }

    private func act(_ id: CaseID, _ body: ActRequest) async throws -> Response {
        let (principal, identity) = try hub.caller()
        var submission = Submission(intent: .act(.id(id), try body.decoded()), format: .client)
        submission.statedSender = "consilium"
        let received = try await hub.receive(
            submission,
            source: [],
            sourceType: "application/json",
            from: principal,
            identity: identity,
            through: .network,
            ifMatch: body.ifMatch
        )
        return try Reply.json(Done(case: id, phase: received.receipt.phase, version: received.receipt.version))
    }
}
