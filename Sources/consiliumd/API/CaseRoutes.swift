import ConsiliumCore
import ConsiliumLedger
import HTTPTypes
import Hummingbird

/// `/network/cases`: one case for the client's own verbs: show, acts, why.
struct CaseRoutes {
    let hub: Hub

    func add(to network: RouterGroup<HubContext>) {
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
                let view = try hub.view(id, as: try await hub.actor(), content: .document)
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

    private func show(_ id: CaseID) async throws -> Response {
        let actor = try await hub.actor()
        if let view = try hub.ratingView(id, as: actor) { return try Reply.json(RatingCard(view)) }
        return try Reply.json(CaseCard(try hub.view(id, as: actor), in: hub.network))
    }

    private struct AccessCard: Encodable {
        var time: Instant
        var principal: String
        var site: SiteID
        var what: AccessEvent.Content
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
                        what: $0.content,
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
        submission.messageID = try body.messageID(by: principal, on: id)
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
