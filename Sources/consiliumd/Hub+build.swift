import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ServiceLifecycle

extension Hub {
    /// What stands between a configuration and a running hub: everything is wired here and nowhere else.
    static func build(
        home: Home,
        configuration: HubConfiguration,
        ephemeralPorts: Bool,
        clock: any HubClock,
        logger: Logger
    ) async throws -> (hub: Hub, services: [any Service]) {
        let (store, intake) = try openLedger(home)
        let certificates = try CertificateDesk(home: home, configuration: configuration, now: clock.now())
        _ = try certificates.renew(at: clock.now())
        let orphans = try intake.blobs.sweep { address in
            try store.read {
                try $0.first(Statements.blobIsKnown, [.identifier(address.caseID), .text(address.part)]) { _ in true }
                    ?? false
            }
        }
        if orphans.removed > 0 { logger.notice("orphaned blobs removed", metadata: ["count": "\(orphans.removed)"]) }
        var limits = ConnectionLimits()
        limits.body = .seconds(configuration.bodySeconds)
        limits.bodyRate = configuration.bodyRate
        let connections = ConnectionRegistry(limits: limits, now: { clock.now().date })
        let signals = Signals(start: clock.now())
        let later = NIOLockedValueBox<Hub?>(nil)
        let ledger = try await LedgerService(
            store: store,
            intake: intake,
            depth: configuration.intakeDepth,
            clock: clock,
            logger: logger
        ) { effects in
            later.withLockedValue { $0 }?.follow(effects)
        }
        let ports = BoundPorts(
            api: ephemeralPorts ? 0 : configuration.apiPort,
            console: ephemeralPorts ? 0 : configuration.consolePort,
            mllp: ephemeralPorts ? 0 : configuration.mllpPort,
            ops: ephemeralPorts ? 0 : configuration.opsPort
        )
        let hub = Hub(
            home: home,
            configuration: configuration,
            clock: clock,
            ledger: ledger,
            intake: intake,
            certificates: certificates,
            connections: connections,
            signals: signals,
            disk: VolumeSpace(),
            ports: PortsBox(ports),
            logger: logger
        )
        later.withLockedValue { $0 = hub }
        let listeners = Listeners(hub: hub)
        return (
            hub,
            [
                ledger, HouseKeeping(hub: hub), listeners.api(), listeners.console(), try listeners.mllp(),
                listeners.ops(), Announcement(hub: hub),
            ]
        )
    }

    /// Opens database, keys and blobs of a home; refuses a home that another hub has, and records of unknown versions.
    static func openLedger(_ home: Home) throws -> (Store, Intake) {
        let masters = try MasterKeyFile.load(from: home.keys)
        let store = try Store(path: home.database)
        try store.migrate(Tables.migrations)
        let name = try store.read { try NetworkReader($0).fold().0.name }
        guard let keys = try store.read({ try NetworkKeyTable.open(network: name, masters: masters, in: $0) }) else {
            throw HubError(
                "\(home.database) holds no network key: this is not a hub's ledger, or `init` was interrupted"
            )
        }
        let intake = Intake(keys: keys, masters: masters, blobs: BlobStore(directory: home.blobs))
        return (store, intake)
    }
}

/// The four listeners.
struct Listeners {
    let hub: Hub

    private var host: String { hub.configuration.listen }

    func api() -> some Service {
        let router = Hummingbird.Router(context: HubContext.self)
        router.add(middleware: UnknownRoute(hub: hub))
        let fhir = FHIRRoutes(hub: hub)
        fhir.add(to: router)
        ExchangeRoutes(hub: hub, fhir: fhir, desk: DeliveryDesk(hub: hub)).add(to: router)
        NetworkRoutes(hub: hub).add(to: router)
        return Application(
            router: router,
            server: .mutualTLS(
                listener: "api",
                tls: hub.certificates.api,
                network: hub.certificates.network,
                registry: hub.connections,
                admission: Hub.admission(hub.ledger)
            ),
            configuration: .init(address: .hostname(host, port: hub.ports.value.api)),
            onServerRunning: { [hub] channel in
                hub.announce(\.api, "api", port: channel.localAddress?.port ?? 0)
            },
            logger: hub.logger
        )
    }

    func console() -> some Service {
        let router = Hummingbird.Router(context: HubContext.self)
        ConsoleRoutes(hub: hub).add(to: router)
        return Application(
            router: router,
            server: .mutualTLS(
                listener: "console",
                tls: hub.certificates.console,
                network: hub.certificates.network,
                registry: hub.connections,
                admission: Hub.admission(hub.ledger)
            ),
            configuration: .init(address: .hostname(host, port: hub.ports.value.console)),
            onServerRunning: { [hub] channel in
                hub.announce(\.console, "console", port: channel.localAddress?.port ?? 0)
            },
            logger: hub.logger
        )
    }

    func ops() -> some Service {
        let router = Hummingbird.Router(context: BasicRequestContext.self)
        OpsRoutes(hub: hub).add(to: router)
        return Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: hub.ports.value.ops)),
            onServerRunning: { [hub] channel in
                hub.announce(\.ops, "ops", port: channel.localAddress?.port ?? 0)
            },
            logger: hub.logger
        )
    }

    func mllp() throws -> some Service {
        var configuration = MLLPServerConfiguration(
            host: host,
            port: hub.ports.value.mllp,
            tls: hub.certificates.mllp,
            network: hub.certificates.network
        )
        configuration.memory = hub.bodies
        let server = MLLPServer(
            configuration: configuration,
            registry: hub.connections,
            admission: Hub.admission(hub.ledger),
            logger: hub.logger
        ) { [hub] frame, identity, _ in
            guard let identity, let principal = Principal(identity) else { return nil }
            let reply = await hub.receiveHL7(
                frame.bytes,
                from: principal,
                identity: identity,
                through: .mllp,
                patience: .seconds(hub.configuration.patience)
            )
            return reply.bytes
        }
        return MLLPListener(server: server, hub: hub)
    }
}

/// The MLLP listener as a service.
struct MLLPListener: Service {
    let server: MLLPServer
    let hub: Hub

    func run() async throws {
        let port = try await server.start()
        hub.announce(\.mllp, "mllp", port: port)
        try? await gracefulShutdown()
        await server.stop(grace: .seconds(5))
    }
}

extension Hub {
    /// Writes `run/endpoints.json` as soon as every listener is bound.
    func announce(_ listener: any WritableKeyPath<BoundPorts, Int> & Sendable, _ name: String, port: Int) {
        guard ports.bind(listener, name, to: port) else { return }
        let ports = ports.value
        let host = configuration.hosts.first ?? "127.0.0.1"
        let endpoints = [
            "api": "https://\(host):\(ports.api)", "mllp": "\(host):\(ports.mllp)",
            "console": "https://\(host):\(ports.console)", "ops": "http://127.0.0.1:\(ports.ops)",
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(endpoints) else { return }
        do {
            try data.write(to: URL(fileURLWithPath: home.endpoints), options: .atomic)
            logger.notice("ready", metadata: ["api": "\(ports.api)", "mllp": "\(ports.mllp)"])
        } catch {
            logger.error("endpoints.json cannot be written", metadata: ["error": "\(error)"])
        }
    }
}

/// Takes the endpoints away when the hub stops.
struct Announcement: Service {
    let hub: Hub

    func run() async throws {
        try? await gracefulShutdown()
        try? FileManager.default.removeItem(atPath: hub.home.endpoints)
    }
}

/// What is done by the second: access records, silent channels, pushed deliveries, checkpoints, renewals.
struct HouseKeeping: Service {
    let hub: Hub
    /// Commits at the last look at the WAL.
    private let lastCommits = NIOLockedValueBox(0)

    init(hub: Hub) { self.hub = hub }

    func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await repeating(every: .milliseconds(500)) { await writeAccesses() } }
            group.addTask { await repeating(every: .seconds(1)) { await DeliveryDesk(hub: hub).push() } }
            group.addTask { await repeating(every: .seconds(1)) { checkpoint() } }
            group.addTask { await repeating(every: .seconds(2)) { await watchChannels() } }
            group.addTask { await repeating(every: .seconds(2)) { closeExpired() } }
            group.addTask { await repeating(every: .seconds(900), isLater: true) { await countExchanges() } }
            group.addTask { await repeating(every: .seconds(900), isLater: true) { await verifyRecords() } }
            group.addTask { await repeating(every: .seconds(3_600)) { renew() } }
        }
        await writeAccesses(isLast: true)
        await countExchanges()
    }

    /// `isLater`: for the first time after the first pause.
    private func repeating(
        every pause: Duration,
        isLater: Bool = false,
        _ body: @escaping @Sendable () async -> Void
    ) async {
        await cancelWhenGracefulShutdown {
            if isLater { try? await Task.sleep(for: pause) }
            while !Task.isCancelled {
                await body()
                try? await Task.sleep(for: pause)
            }
        }
    }

    private func writeAccesses(isLast: Bool = false) async {
        let entries = hub.access.take(at: hub.clock.now(), isLast: isLast)
        guard !entries.isEmpty else { return }
        if case .failure(let failure) = await hub.ledger.execute(.accesses(entries)) {
            hub.access.restore(entries)
            hub.logger.error("access records wait", metadata: ["failure": "\(failure)"])
        }
    }

    private func countExchanges() async {
        for (day, counts) in hub.exchanges.take() {
            if case .failure(let failure) = await hub.ledger.execute(.governance(.countExchanges(day, counts), by: nil))
            {
                hub.exchanges.restore(counts, on: day)
                hub.logger.error("message counts wait", metadata: ["failure": "\(failure)"])
            }
        }
    }

    /// Once a day every record is checked against its hash, and the day put on record as verified (GR4). A ledger that
    /// does not verify leaves the day without that record, and says so here until it does.
    private func verifyRecords() async {
        let state = hub.governance.state
        guard state.verifiedDays[state.day(hub.clock.now())] == nil else { return }
        do {
            let records = try await hub.governance.verify()
            if case .failure(let failure) = await hub.ledger.execute(
                .governance(.verifyChain(records: records), by: nil)
            ) {
                hub.logger.error("the verification is not on record", metadata: ["failure": "\(failure)"])
            }
        } catch is CancellationError {
            // The hub stops; the next one verifies the day.
        } catch {
            hub.logger.critical("the ledger does not verify", metadata: ["problem": "\(error)"])
        }
    }

    /// Moves the WAL into the file when it has grown to 128 MiB, or when nothing was committed since the last look.
    ///
    /// Under load a page is written again and again: moving it once for many commits spares most of the file's random
    /// writes. While the file is synced the syncs of the WAL wait, and with them every sender that is being served: each
    /// checkpoint that is spared takes its stalls out of the slowest hundredth of all answers.
    private func checkpoint() {
        let counters = hub.ledger.store.counters
        let isIdle = lastCommits.withLockedValue { last in
            defer { last = counters.commits }
            return last == counters.commits
        }
        guard counters.walPages > 32_000 || (isIdle && counters.walPages > 1_000) else { return }
        do {
            // A restart holds writers up while it moves pages, so nearly all are moved before it.
            try hub.ledger.store.checkpoint(.passive)
            try hub.ledger.store.checkpoint(.restart)
        } catch {
            hub.logger.warning("checkpoint failed", metadata: ["error": "\(error)"])
        }
    }

    private func watchChannels() async {
        for site in hub.channels.silent(at: hub.clock.now(), in: hub.network) {
            _ = await hub.ledger.execute(.network(.channel(site, isLive: false), by: nil, payload: nil))
        }
    }

    /// Revocations close connections at once; this also closes those whose certificate has run out.
    private func closeExpired() { _ = hub.connections.reevaluate(Hub.admission(hub.ledger)) }

    private func renew() {
        do {
            for what in try hub.certificates.renew(at: hub.clock.now()) {
                hub.logger.notice("renewed", metadata: ["what": "\(what)"])
            }
        } catch {
            hub.logger.error("renewal failed", metadata: ["error": "\(error)"])
        }
    }
}
