import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// `/exchange`: messages as they are, and deliveries for sites that pull.
struct ExchangeRoutes {
    let hub: Hub
    let fhir: FHIRRoutes
    let desk: DeliveryDesk

    func add(to router: Hummingbird.Router<HubContext>) {
        let exchange = router.group("exchange")
        exchange.post("messages") { request, _ in
            await hub.answerFHIR("exchange", request) { try await message(request) }
        }
        exchange.post("heartbeat") { request, _ in
            await hub.answerJSON("exchange", request) {
                _ = try await hub.actor()
                return Response(status: .noContent)
            }
        }
        exchange.get("deliveries") { request, context in
            await hub.answerJSON("exchange", request) {
                try await list(request, on: MultiThreadedEventLoopGroup.singleton.any())
            }
        }
        exchange.get("deliveries/:id") { request, context in
            await hub.answerJSON("exchange", request) {
                let actor = try await hub.actor()
                let (row, fixed) = try await desk.fixed(try id(context), for: actor)
                if let principal = actor.principal, let site = actor.site {
                    hub.access.note(row.caseID, by: principal, for: site, content: .delivery, at: hub.clock.now())
                }
                return Reply.bytes(fixed.bytes, type: Reply.hl7Type)
            }
        }
        exchange.post("deliveries/:id/ack") { request, context in
            await hub.answerJSON("exchange", request) {
                var request = request
                let actor = try await hub.actor()
                let body = try await request.bytes(limit: 1 << 20)
                let outcome = request.headers[.consiliumOutcome]
                try await desk.settle(try id(context), answer: body, outcome: outcome, by: actor)
                return Response(status: .noContent)
            }
        }
    }

    private func id(_ context: HubContext) throws -> DeliveryID {
        guard let id = DeliveryID(try context.parameters.require("id")) else { throw Refusal(.notFound) }
        return id
    }

    /// Any supported format as it is: by content type, else by the first bytes.
    private func message(_ request: Request) async throws -> Response {
        var request = request
        let bytes = try await request.bytes(limit: hub.configuration.bodyLimit)
        let type = request.mediaType
        if type.contains("hl7-v2") || (!type.contains("json") && Self.looksLikeHL7(bytes)) {
            let (principal, identity) = try hub.caller()
            let reply = await hub.receiveHL7(
                bytes,
                from: principal,
                identity: identity,
                through: .exchange,
                patience: .zero
            )
            var response = Reply.bytes(reply.bytes ?? [], type: Reply.hl7Type)
            if let id = reply.caseID { response.headers[.consiliumCase] = id.description }
            return response
        }
        guard type.contains("json") || bytes.first(where: { $0 > 32 }) == UInt8(ascii: "{") else {
            throw FormatError(
                .unsupportedType,
                at: "Content-Type",
                "send x-application/hl7-v2+er7 or application/fhir+json"
            )
        }
        return try await fhir.accept(bytes, request, isTransaction: true, door: .exchange) {
            bytes,
            profile throws(FormatError) in
            try FHIRAdapter.decodeMessage(bytes, profile: profile)
        }
    }

    private static func looksLikeHL7(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(8).drop { $0 == 0xEF || $0 == 0xBB || $0 == 0xBF || $0 <= 32 }
        return start.starts(with: Array("MSH".utf8)) || start.starts(with: Array("FHS".utf8))
            || start.starts(with: Array("BHS".utf8))
    }

    struct PendingDelivery: Encodable {
        var id: DeliveryID
        var `case`: CaseID
        var kind: String
        var contentType: String
        var controlID: String?
        var attempt: Int
        var createdAt: Instant
    }

    private struct Page: Encodable { var deliveries: [PendingDelivery] }

    /// The site's pending deliveries in order; waits up to `wait` seconds for one.
    private func list(_ request: Request, on loop: any EventLoop) async throws -> Response {
        let actor = try await hub.actor()
        guard let site = actor.site else { throw Refusal(.notFound) }
        let wait = min(30, max(0, request.uri.queryParameters["wait"].flatMap { Int64($0) } ?? 0))
        let count = hub.signals.count(of: site)
        var rows = try await desk.due(site)
        if rows.isEmpty, wait > 0 {
            _ = await hub.signals.wait(site, after: count, timeout: .seconds(wait), on: loop)
            rows = try await desk.due(site)
        }
        let page = Page(
            deliveries: rows.map {
                PendingDelivery(
                    id: $0.id,
                    case: $0.caseID,
                    kind: $0.kind.rawValue,
                    contentType: Reply.hl7Type,
                    controlID: $0.controlID,
                    attempt: $0.attempts + 1,
                    createdAt: $0.createdAt
                )
            }
        )
        return try Reply.json(page)
    }
}
