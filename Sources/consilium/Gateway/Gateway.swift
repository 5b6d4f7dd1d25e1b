import ConsiliumCore
import ConsiliumTransport
import Foundation
import Logging

/// The site's side of the transport: plain MLLP inside the hospital, one outbound TLS connection to the hub, nothing
/// inbound from outside. Keeps no state but the profile: what must survive is at the hub or in the hospital's system.
struct Gateway {
    struct Settings: Sendable {
        /// Where the hospital's system connects to; port 0 lets the system choose.
        var listen: Address
        /// Where the hospital's system listens; nil: deliveries are left to others.
        var system: Address?
        /// Who may connect; empty means anybody who reaches the listener.
        var allow: [AddressRange] = []
        var heartbeat: Duration = .seconds(60)
        /// Written when the gateway is ready, removed when it stops.
        var readyFile: String?
    }

    /// A request on a dead link ends before the hospital's system has waited half a minute, and a pull before that.
    static var limits: HubClientLimits {
        var limits = HubClientLimits()
        limits.request = .seconds(28)
        return limits
    }

    let settings: Settings
    let link: HubLink
    let logger: Logger
    private let status: GatewayStatus

    init(settings: Settings, session: Session, logger: Logger) {
        self.settings = settings
        self.logger = logger
        link = HubLink(session, logger: logger)
        status = GatewayStatus(logger: logger)
    }

    /// Runs until `stop` comes to an end: then nothing new is taken, and what is in hand is finished.
    func run(until stop: AsyncStream<Void>) async throws {
        let server = makeServer()
        let port: Int
        do {
            port = try await server.start()
        } catch {
            await link.close()
            throw Failure(
                .usage,
                "cannot-listen",
                at: settings.listen.description,
                "\(error)",
                next: "choose a free port of this machine with --listen"
            )
        }
        status.onHubChange { answers in
            if answers { server.resumeReading() } else { server.pauseReading() }
        }
        await beat()
        try announce(port: port)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await heartbeats() }
            if let system = settings.system {
                let outbound = GatewayOutbound(link: link, system: system, status: status, logger: logger)
                group.addTask {
                    do { try await outbound.run() } catch { return }
                }
            }
            for await _ in stop { break }
            logger.notice("gateway stops")
            group.cancelAll()
        }
        await server.stop(grace: .seconds(10))
        await link.close()
        if let path = settings.readyFile { try? FileManager.default.removeItem(atPath: path) }
    }

    private func makeServer() -> MLLPServer {
        var configuration = MLLPServerConfiguration(
            host: settings.listen.host,
            port: settings.listen.port,
            tls: nil,
            network: link.session.profile.network
        )
        configuration.listener = "his"
        configuration.allow = settings.allow
        let link = link
        let post: GatewayInbound.Post = { body throws(HubClientError) in
            try await link.request(
                "POST",
                "/exchange/messages",
                headers: [HubHeader("Content-Type", "x-application/hl7-v2+er7")],
                body: body
            )
        }
        let inbound = GatewayInbound(
            post: post,
            status: status,
            logger: logger
        )
        return MLLPServer(
            configuration: configuration,
            registry: ConnectionRegistry(),
            admission: { _ in nil },
            logger: logger,
            handler: { frame, _, _ in await inbound.forward(frame.bytes) }
        )
    }

    /// Says on the error stream and in the file where the gateway listens and whether the hub answered.
    private func announce(port: Int) throws {
        let address = Address(host: settings.listen.host, port: port)
        Terminal.say("gateway ready: listening on \(address), hub \(link.session.profile.api)")
        guard let path = settings.readyFile else { return }
        let facts: Value = [
            "listen": .string(address.description), "hub": .string(status.hubAnswers ? "up" : "down"),
            "pid": .integer(Int64(ProcessInfo.processInfo.processIdentifier)),
        ]
        try PrivateFile.write(facts.json(compact: true) + "\n", to: path)
    }

    // MARK: Heartbeat

    /// Tells the hub that the site's channel lives; while the hub does not answer, tries more often.
    private func heartbeats() async {
        var backoff = Backoff(from: .seconds(1), to: .seconds(15))
        while !Task.isCancelled {
            let wait: Duration
            if status.hubAnswers {
                backoff.reset()
                wait = settings.heartbeat
            } else {
                wait = min(settings.heartbeat, backoff.wait())
            }
            do { try await Task.sleep(for: wait) } catch { return }
            await beat()
            await link.renewIfDue()
        }
    }

    private func beat() async {
        var body: [String: Value] = ["gateway": "1.0"]
        if let answers = status.systemAnswers { body["his"] = answers ? "up" : "down" }
        do throws(HubClientError) {
            let response = try await link.request(
                "POST",
                "/exchange/heartbeat",
                headers: [HubHeader("Content-Type", "application/json")],
                body: Value.object(body).jsonBytes
            )
            if (200..<300).contains(response.status) {
                status.hub(answers: true)
            } else {
                let failure = HubRefusal.failure(response, language: .en)
                logger.error("heartbeat refused", metadata: ["reason": "\(failure.text(.en))"])
                if response.status >= 500 { status.hub(answers: false, "HTTP \(response.status)") }
            }
        } catch {
            if !Task.isCancelled { status.hub(answers: false, "\(error)") }
        }
    }
}
