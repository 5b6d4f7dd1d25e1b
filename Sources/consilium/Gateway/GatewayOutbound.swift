import ConsiliumCore
import ConsiliumTransport
import Foundation
import Logging

/// From the hub to the hospital's system: deliveries are pulled, sent one at a time in their order, and the system's
/// acknowledgement is handed back.
///
/// The bytes of a delivery never change, so sending one again is harmless; what the system has acknowledged is not sent
/// again while this process lives, only its acknowledgement is.
struct GatewayOutbound: Sendable {
    var link: HubLink
    var system: Address
    var status: GatewayStatus
    var logger: Logger
    /// Seconds that the hub may hold a pull.
    var wait = 20

    func run() async throws {
        var carrier = Carrier(link: link, system: system, status: status, logger: logger)
        var backoff = Backoff(from: .seconds(1), to: .seconds(30))
        let clock = ContinuousClock()
        while true {
            try Task.checkCancellation()
            let asked = clock.now
            guard let deliveries = await pull() else {
                try await Task.sleep(for: backoff.wait())
                continue
            }
            if deliveries.isEmpty {
                backoff.reset()
                // A hub that does not hold the pull is not asked more than once a second.
                if clock.now - asked < .seconds(1) { try await Task.sleep(for: .seconds(1)) }
                continue
            }
            // Not cancelled in the middle: what the system has acknowledged is also reported.
            let started = carrier
            let (next, isDone) = await Task { () -> (Carrier, Bool) in
                var carrier = started
                let isDone = await carrier.carry(deliveries)
                return (carrier, isDone)
            }
            .value
            carrier = next
            if isDone {
                backoff.reset()
            } else {
                try await Task.sleep(for: backoff.wait())
            }
        }
    }

    /// The deliveries that wait, oldest first; nil when the hub does not answer.
    private func pull() async -> [Value]? {
        let response: HubResponse
        do throws(HubClientError) {
            response = try await link.request("GET", "/exchange/deliveries?wait=\(wait)")
        } catch {
            if !Task.isCancelled { status.hub(answers: false, "\(error)") }
            return nil
        }
        guard response.status == 200, let page = Value(json: response.body) else {
            let failure = HubRefusal.failure(response, language: .en)
            logger.error("hub gives no deliveries", metadata: ["reason": "\(failure.text(.en))"])
            return nil
        }
        status.hub(answers: true)
        return page["deliveries"].array
    }
}

/// Carries deliveries over one connection to the hospital's system.
private struct Carrier: Sendable {
    var link: HubLink
    var system: Address
    var status: GatewayStatus
    var logger: Logger
    private var connection: MLLPClient?
    /// An acknowledgement of the system that the hub has not taken yet.
    private var unreported: (id: String, acknowledgement: [UInt8])?

    init(link: HubLink, system: Address, status: GatewayStatus, logger: Logger) {
        self.link = link
        self.system = system
        self.status = status
        self.logger = logger
    }

    /// False when one could not be delivered; those behind it wait.
    mutating func carry(_ deliveries: [Value]) async -> Bool {
        for delivery in deliveries {
            guard let id = delivery["id"].string else { continue }
            let type = delivery["contentType"].text
            guard type.isEmpty || type.contains("hl7") else {
                logger.error("delivery is no HL7 v2 message", metadata: ["delivery": "\(id)", "type": "\(type)"])
                continue
            }
            guard await carry(id) else { return false }
        }
        return true
    }

    private mutating func carry(_ id: String) async -> Bool {
        if let waiting = unreported, waiting.id == id { return await report(id, waiting.acknowledgement) }
        let path = "/exchange/deliveries/" + Session.escaped(id)
        let content: HubResponse
        do throws(HubClientError) {
            content = try await link.request("GET", path)
        } catch {
            status.hub(answers: false, "\(error)")
            return false
        }
        // Gone meanwhile: discarded or redriven by an administrator.
        if content.status == 404 || content.status == 410 { return true }
        guard content.status == 200, !content.body.isEmpty else {
            logger.error(
                "delivery cannot be fetched",
                metadata: ["delivery": "\(id)", "http.status": "\(content.status)"]
            )
            return false
        }
        guard let acknowledgement = await hand(content.body, id) else { return false }
        unreported = (id, acknowledgement)
        return await report(id, acknowledgement)
    }

    /// Gives the bytes to the hospital's system; its acknowledgement.
    private mutating func hand(_ bytes: [UInt8], _ id: String) async -> [UInt8]? {
        do throws(MLLPClientError) {
            let open: MLLPClient
            if let connection, connection.isOpen {
                open = connection
            } else {
                open = try await MLLPClient.connect(.init(host: system.host, port: system.port, tls: nil))
                connection = open
            }
            let acknowledgement = try await open.send(bytes)
            status.system(answers: true)
            return acknowledgement
        } catch {
            status.system(answers: false, "\(error)")
            await connection?.close()
            connection = nil
            return nil
        }
    }

    private mutating func report(_ id: String, _ acknowledgement: [UInt8]) async -> Bool {
        let response: HubResponse
        do throws(HubClientError) {
            response = try await link.request(
                "POST",
                "/exchange/deliveries/\(Session.escaped(id))/ack",
                headers: [HubHeader("Content-Type", "x-application/hl7-v2+er7")],
                body: acknowledgement
            )
        } catch {
            status.hub(answers: false, "\(error)")
            return false
        }
        if response.status >= 500 { return false }
        unreported = nil
        if (200..<300).contains(response.status) { return true }
        // The answer belongs to another message: this connection is out of step and must not be used again.
        logger.error(
            "acknowledgement not taken by the hub",
            metadata: ["delivery": "\(id)", "reason": "\(HubRefusal.failure(response, language: .en).text(.en))"]
        )
        await connection?.close()
        connection = nil
        return false
    }
}
