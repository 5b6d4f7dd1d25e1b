import ArgumentParser
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The hub of a network of consulting hospitals.
@main
struct Consiliumd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consiliumd",
        abstract: "The hub of a network of consulting hospitals. 会诊协作网中心。",
        version: Hub.version,
        subcommands: [
            Initialise.self, Serve.self, Doctor.self, BackUp.self, RestoreHome.self, RebuildProjections.self,
            Erase.self, Verify.self,
        ]
    )
}

/// Which home a command is about.
struct HomeOption: ParsableArguments {
    @Option(help: "The hub's home directory. 中心的主目录。")
    var home: String

    var value: Home { Home(home) }
}

/// `consiliumd init`.
struct Initialise: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract:
            "Make a hub's home: certificates, keys, ledger; print the first administrator's token and the recovery shares."
    )

    @OptionGroup var home: HomeOption
    @Option(help: "Name of the network, lower-case letters, digits, '-' and '.': the trust domain of all certificates.")
    var network: String
    @Option(help: "Name or address under which clients reach the hub; repeat for more.")
    var host: [String]
    @Option(help: "Organisation code of the coordination office.")
    var office: String = "OFFICE"
    @Option(help: "Its name.")
    var officeName: String = "协作网办公室"
    @Option(help: "Its 24-hour duty telephone.")
    var officeTelephone: String = ""
    @Option(help: "Name of the first administrator.")
    var administrator: String = "admin"
    @Option var apiPort: Int = 8_443
    @Option var consolePort: Int = 8_444
    @Option var mllpPort: Int = 2_575
    @Option var opsPort: Int = 9_464
    @Option(help: "Address to listen on.")
    var listen: String = "0.0.0.0"

    func validate() throws {
        guard PrincipalName.isNetwork(network) else {
            throw ValidationError("--network \(network): lower-case letters, digits, '-' and '.' only")
        }
        guard !host.isEmpty else { throw ValidationError("--host is needed: clients check the hub's name") }
        guard SiteID(office) != nil else { throw ValidationError("--office \(office): letters, digits and '-' only") }
        guard Principal.isName(administrator) else { throw ValidationError("--administrator \(administrator)") }
    }

    func run() throws {
        let home = home.value
        guard !home.exists else {
            throw HubError("\(home.path) is already a hub's home; nothing was changed")
        }
        guard let officeID = SiteID(office) else { return }
        try home.makeDirectories()
        let now = SystemClock().now()
        let root = try CertificateDesk.found(network: network, hosts: host, home: home, now: now)
        var entropy = SystemEntropy()
        let master = MasterKey(version: 1, entropy: &entropy)
        try MasterKeyFile.create(master, in: home.keys)
        let masters = try MasterKeys([master])
        let (keys, wrapped) = try KeyRing.create(network: network, masters: masters, entropy: &entropy)
        let store = try Store(path: home.database)
        try store.migrate(Tables.migrations)
        try store.write { try NetworkKeyTable.store(wrapped, masters: masters, in: $0) }
        let intake = Intake(keys: keys, masters: masters, blobs: BlobStore(directory: home.blobs))
        let ledger = try Ledger(store: store, intake: intake, entropy: SystemEntropy(), now: now)
        var site = Site(id: officeID, name: officeName, tier: .national)
        site.isCoordinationOffice = true
        site.dutyTelephone = officeTelephone
        let principal = Principal(site: officeID, kind: .operator, name: administrator)
        let token = EnrolmentToken.make(
            for: principal,
            host: host[0],
            ports: BoundPorts(api: apiPort, console: consolePort, mllp: mllpPort, ops: opsPort),
            root: root.fingerprint,
            entropy: &entropy
        )
        let outcome = ledger.step(
            now: now,
            inputs: [
                .network(
                    .found(name: network, coordinationOffice: site, administrator: principal, token: token.digest),
                    by: nil,
                    payload: nil
                )
            ]
        )
        if case .failure(let failure) = outcome.results[0] { throw failure }
        try store.close()
        try configurationFile().write(toFile: home.configuration, atomically: true, encoding: .utf8)
        let shares = RecoveryShares.split(master, entropy: &entropy)
        print(
            """
            Network \(network) is ready in \(home.path).

            Administrator's enrolment token (valid 24 hours, once):
              \(token.text)

            Recovery shares of the master key. Give each to another person; any two bring the key back
            (`consiliumd restore --shares`). They are printed once and stored nowhere:
              1: \(shares[0])
              2: \(shares[1])
              3: \(shares[2])

            Next: consiliumd serve --home \(home.path)
                  consilium enroll TOKEN
            """
        )
    }

    private func configurationFile() -> String {
        """
        # Consilium hub. Environment variables CONSILIUM_… override these.
        network:
          hosts: "\(host.joined(separator: ","))"
        listen:
          address: "\(listen)"
          api: \(apiPort)
          console: \(consolePort)
          mllp: \(mllpPort)
          ops: \(opsPort)
        log:
          level: info

        """
    }
}

/// `consiliumd serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the hub.")

    @OptionGroup var home: HomeOption
    @Flag(help: "Let the system choose every port; they stand in run/endpoints.json.")
    var ephemeralPorts = false
    @Option(help: "trace, debug, info, notice, warning, error.")
    var logLevel: String?

    func run() async throws {
        let home = home.value
        var configuration = try await HubConfiguration.load(home)
        if let logLevel { configuration.logLevel = logLevel }
        let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let logger = Logger(label: "consiliumd")
        let lock = try HomeLock(home: home.path)
        defer { withExtendedLifetime(lock) {} }
        try? FileManager.default.removeItem(atPath: home.endpoints)
        let (_, services) = try await Hub.build(
            home: home,
            configuration: configuration,
            ephemeralPorts: ephemeralPorts,
            clock: SystemClock(),
            logger: logger
        )
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw HubError(await TakenPorts.message(configuration))
        }
    }
}
