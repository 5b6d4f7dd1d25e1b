import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Foundation
import Logging

/// The gateway between a hospital's own system and the hub.
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "The site's side of the transport.",
        subcommands: [GatewayRun.self]
    )
}

/// Runs the gateway until SIGTERM.
struct GatewayRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Carry HL7 v2 between the hospital's system (plain MLLP) and the hub (mutual TLS, outbound only)."
    )

    @Option(
        name: [.customLong("listen"), .customLong("his-listen")],
        help: ArgumentHelp("Where the hospital's system connects to.", valueName: "host:port")
    )
    var listen = "127.0.0.1:2575"

    @Option(
        name: [.customLong("his"), .customLong("his-address")],
        help: ArgumentHelp(
            "Where the hospital's system takes messages; without it none are fetched.",
            valueName: "host:port"
        )
    )
    var his: String?

    @Option(help: ArgumentHelp("Who may connect, such as 10.3.0.0/16; may be repeated.", valueName: "range"))
    var allow: [String] = []

    @Option(help: ArgumentHelp("Time between two signs of life to the hub.", valueName: "seconds"))
    var heartbeat = 60

    @Option(help: ArgumentHelp("Write a file when ready; it is removed on stop.", valueName: "file"))
    var readyFile: String?

    @OptionGroup var identity: IdentityOptions

    func run() async throws {
        let settings = try settings()
        // Before anything is opened: a signal at start must not be lost.
        let stop = StopSignals()
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var logger = Logger(label: "consilium.gateway")
        logger.logLevel = identity.quiet ? .error : .info
        let session = try Session.open(identity, limits: Gateway.limits)
        if !session.profile.isNode {
            identity.plainPrinter.warn(
                Phrase(
                    "\(session.profile.principal) is a person; a gateway ought to have a node's identity",
                    "\(session.profile.principal) 是个人身份；网关应使用节点身份"
                )
            )
        }
        try await Gateway(settings: settings, session: session, logger: logger).run(until: stop.stream)
        stop.cancel()
    }

    func settings() throws -> Gateway.Settings {
        guard let listener = Address(listen) else { throw ValidationError("--listen is HOST:PORT") }
        var settings = Gateway.Settings(listen: listener)
        if let his {
            guard let address = Address(his), address.port > 0 else { throw ValidationError("--his is HOST:PORT") }
            settings.system = address
        }
        for text in allow {
            guard let range = AddressRange(text) else {
                throw ValidationError("--allow \(text): not a range of addresses")
            }
            settings.allow.append(range)
        }
        if allow.isEmpty, !["127.0.0.1", "::1", "localhost"].contains(listener.host) {
            throw ValidationError("a listener beyond this machine needs --allow: plain MLLP has no other protection")
        }
        guard heartbeat > 0 else { throw ValidationError("--heartbeat is a number of seconds") }
        settings.heartbeat = .seconds(heartbeat)
        settings.readyFile = readyFile
        return settings
    }
}
