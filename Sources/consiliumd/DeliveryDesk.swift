import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import Logging

/// Messages to sites that speak HL7 v2: one ordered outbox a site. Bytes and control id are fixed at the first attempt,
/// every retry sends the same.
struct DeliveryDesk: Sendable {
    let hub: Hub

    static let maximumAttempts = 12
    /// The first pause after a failure; doubles up to `longestPause`.
    static let firstPause = Span.seconds(2)
    static let longestPause = Span.minutes(10)

    /// What may be sent to `site` now, in order: nothing while the first is waiting for its next attempt, because the
    /// outbox is ordered. What has ended meanwhile is put aside.
    func due(_ site: SiteID, limit: Int = 20) async throws -> [FlowReader.DeliveryRow] {
        let now = hub.clock.now()
        var due: [FlowReader.DeliveryRow] = []
        for row in try hub.flow.deliveries(of: site, limit: limit) {
            if let next = row.nextAt, next > now { break }
            if try isSuperseded(row) {
                _ = try await hub.execute(.deliveryOutcome(row.id, .superseded, by: nil))
                hub.metrics.delivery("superseded")
                continue
            }
            due.append(row)
        }
        return due
    }

    /// An invitation whose offer has ended is not sent any more.
    private func isSuperseded(_ row: FlowReader.DeliveryRow) throws -> Bool {
        guard row.kind == .referral else { return false }
        guard let facts = try hub.cases.facts(row.caseID) else { return true }
        return !facts.offers.contains {
            $0.place.site == row.site && ($0.state == .live || $0.state == .accepted)
        }
    }

    /// The bytes of a delivery of the actor's site; written and fixed when asked for the first time.
    func fixed(
        _ id: DeliveryID,
        for actor: Actor
    ) async throws -> (FlowReader.DeliveryRow, (controlID: String, bytes: [UInt8])) {
        guard let row = try hub.flow.delivery(id), row.site == actor.site else { throw Refusal(.notFound) }
        guard actor.roles.mayReadClinicalContent else { throw Refusal(.notPermitted, at: nil, Role.expert.rawValue) }
        // Fixed bytes outlive the invitation; the right to read them does not.
        if try isSuperseded(row) { throw Refusal(.notFound) }
        if let fixed = try hub.flow.fixedDelivery(id) { return (row, fixed) }
        let controlID = Hub.controlID(id)
        let bytes = try write(row, controlID: controlID)
        _ = try await hub.execute(.fixDelivery(id, controlID: controlID, bytes: bytes))
        guard let fixed = try hub.flow.fixedDelivery(id) else { throw Refusal(.erased) }
        return (row, fixed)
    }

    private func write(_ row: FlowReader.DeliveryRow, controlID: String) throws -> [UInt8] {
        let network = hub.network
        let view = try hub.cases.record(row.caseID, for: row.site, in: network)
        var record = view.record
        if let source = view.sources.first(where: { $0 == "source-1" }) {
            let bytes = try hub.cases.blob(row.caseID, part: source)
            record.originalControlID = HL7v2Adapter.header(of: bytes, profile: record.requester.profile).controlID
        }
        guard let site = network.sites[row.site] else { throw Refusal(.siteUnknown) }
        let facility = network.coordinationOffice?.id.description ?? network.name
        let now = hub.clock.now()
        let outbound: HL7v2Outbound?
        switch row.kind {
        case .referral:
            outbound = HL7v2Adapter.referral(record, to: site, from: facility, controlID: controlID, at: now)
        case .report: outbound = HL7v2Adapter.report(record, from: facility, controlID: controlID, at: now)
        case .accepted:
            outbound = HL7v2Adapter.answer(.accepted, record, from: facility, controlID: controlID, at: now)
        case .declined:
            outbound = HL7v2Adapter.answer(
                .declined(reason: record.facts.unroutableReason?.rawValue ?? "declined"),
                record,
                from: facility,
                controlID: controlID,
                at: now
            )
        case .closed:
            outbound = HL7v2Adapter.answer(
                .closed(reason: record.facts.closure?.decision.rawValue ?? "closed"),
                record,
                from: facility,
                controlID: controlID,
                at: now
            )
        }
        guard let outbound else { throw Refusal(.consentWithdrawn) }
        return outbound.bytes
    }

    /// Settles a delivery by the receiver's own acknowledgement. An answer that acknowledges nothing, or something else,
    /// is a failed attempt like a refusal: counted first, then thrown, so that its connection is not used again.
    ///
    /// - Parameters:
    ///   - answer: the bytes of the ACK; MSA-2 must name the message.
    ///   - outcome: what a sender without an ACK says instead: `delivered`, or `failed …`.
    func settle(_ id: DeliveryID, answer: [UInt8], outcome: String?, by actor: Actor) async throws {
        guard let row = try hub.flow.delivery(id), row.site == actor.site else { throw Refusal(.notFound) }
        guard actor.roles.mayReadClinicalContent else { throw Refusal(.notPermitted, at: nil, Role.expert.rawValue) }
        if let outcome, answer.isEmpty {
            if outcome == "delivered" {
                try await settle(row, .acknowledged, by: actor.principal)
            } else {
                try await fail(row, outcome, by: actor.principal)
            }
            return
        }
        guard let acknowledgement = HL7v2Acknowledgement(answer) else {
            try await fail(row, "no-acknowledgement", by: actor.principal)
            throw FormatError(.unparsable, at: "MSA", "an HL7 v2 acknowledgement was expected")
        }
        guard acknowledgement.controlID == row.controlID else {
            try await fail(row, "other-acknowledgement", by: actor.principal)
            throw Refusal(.versionConflict, at: "MSA-2", "another message's acknowledgement")
        }
        switch acknowledgement.code {
        case .applicationAccept, .commitAccept: try await settle(row, .acknowledged, by: actor.principal)
        default: try await fail(row, "\(acknowledgement.code.rawValue) \(acknowledgement.text)", by: actor.principal)
        }
    }

    private func settle(_ row: FlowReader.DeliveryRow, _ outcome: DeliveryOutcome, by principal: Principal?)
        async throws
    {
        _ = try await hub.execute(.deliveryOutcome(row.id, outcome, by: principal))
        hub.metrics.delivery(outcome == .acknowledged ? "acknowledged" : "dead")
    }

    /// Counts a failure; after the last attempt the delivery is dead and waits for a person.
    func fail(_ row: FlowReader.DeliveryRow, _ problem: String, by principal: Principal?) async throws {
        // What is settled is not counted any more: a late answer changes nothing.
        guard row.state == nil || row.state == "redriven" else { return }
        guard row.attempts + 1 < Self.maximumAttempts else {
            return try await settle(row, .dead(Self.code(problem)), by: principal)
        }
        let pause = min(Self.longestPause.milliseconds, Self.firstPause.milliseconds << Int64(min(row.attempts, 20)))
        let retryAt = hub.clock.now() + .milliseconds(pause)
        _ = try await hub.execute(
            .deliveryOutcome(row.id, .failed(Self.code(problem), retryAt: retryAt), by: principal)
        )
        hub.metrics.delivery("failed")
    }

    /// Why an attempt failed or a letter is dead stands in the open: a code, never the receiver's free text, which may
    /// name the patient.
    private static func code(_ problem: String) -> String {
        let word = String(problem.prefix { $0.isLetter || $0 == "-" })
        switch word {
        case "AE", "AR", "CE", "CR": return "refused-\(word)"
        case "cannotTrust": return "not-trusted"
        case "replyTimedOut": return "no-reply"
        case "no-acknowledgement", "other-acknowledgement": return word
        default: return "unreachable"
        }
    }

    /// Delivers what is due to the sites that the hub can reach itself; returns when nothing more is due now.
    func push() async {
        let network = hub.network
        for site in network.directory {
            guard let endpoint = site.profile.mllp else { continue }
            guard let rows = try? await due(site.id), !rows.isEmpty else { continue }
            await push(rows, to: site, at: endpoint)
        }
    }

    private func push(_ rows: [FlowReader.DeliveryRow], to site: Site, at endpoint: ExchangeProfile.Endpoint) async {
        let actor = Actor(principal: nil, site: site.id, roles: [.coordinator])
        var client: MLLPClient?
        do {
            for row in rows {
                guard let bytes = try await bytes(of: row, for: actor) else { continue }
                do {
                    let open: MLLPClient
                    if let client { open = client } else { open = try await connect(to: site, at: endpoint) }
                    client = open
                    let answer = try await send(bytes, of: row, over: open)
                    try await settle(row.id, answer: answer, outcome: nil, by: actor)
                } catch let error as MLLPClientError {
                    hub.logger.warning("delivery failed", metadata: ["site": "\(site.id)", "error": "\(error)"])
                    try await fail(row, "\(error)", by: nil)
                    break
                } catch let error where Self.isReceivers(error) {
                    // Counted when it was settled.
                    hub.logger.warning("delivery failed", metadata: ["site": "\(site.id)", "error": "\(error)"])
                    break
                }
            }
        } catch {
            hub.logger.error("deliveries wait", metadata: ["site": "\(site.id)", "error": "\(error)"])
        }
        await client?.close()
    }

    /// nil when there is nothing to send any more: what cannot be written must not hold up what comes after it.
    private func bytes(of row: FlowReader.DeliveryRow, for actor: Actor) async throws -> [UInt8]? {
        do {
            return try await fixed(row.id, for: actor).1.bytes
        } catch let refusal as Refusal where refusal.code != .busy && refusal.code != .diskFull {
            try await settle(row, .dead(refusal.code.rawValue), by: nil)
            return nil
        }
    }

    /// To the site's own node and to nobody else, whatever answers at that address.
    private func connect(to site: Site, at endpoint: ExchangeProfile.Endpoint) async throws -> MLLPClient {
        let tls = try ClientTLS(
            roots: [hub.certificates.root],
            credentials: hub.certificates.hub,
            node: (hub.certificates.network, site.id.description)
        )
        return try await MLLPClient.connect(
            MLLPClient.Configuration(host: endpoint.host, port: endpoint.port, tls: tls)
        )
    }

    /// Sends a message, with the disclosure on record: whoever gets the bytes has them, acknowledged or not.
    private func send(
        _ bytes: [UInt8],
        of row: FlowReader.DeliveryRow,
        over client: MLLPClient
    ) async throws -> [UInt8] {
        guard let receiver = client.peer.flatMap({ Principal($0) }) else {
            throw MLLPClientError.cannotTrust("the listener shows no certificate of a member")
        }
        hub.access.note(row.caseID, by: receiver, for: row.site, content: .delivery, at: hub.clock.now())
        return try await client.send(bytes)
    }

    /// An answer that acknowledges nothing, or something else.
    private static func isReceivers(_ error: any Error) -> Bool {
        error is FormatError || (error as? Refusal)?.code == .versionConflict
    }
}
