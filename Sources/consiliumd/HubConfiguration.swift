import Configuration
import ConsiliumTransport
import SystemPackage

/// What an operator sets: flags over environment (`CONSILIUM_…`) over `consilium.yaml`.
struct HubConfiguration: Sendable {
    /// Names and addresses under which clients reach this hub; the first stands in tokens.
    var hosts: [String]
    /// Address to listen on for api, console and mllp.
    var listen: String
    var apiPort: Int
    var consolePort: Int
    var mllpPort: Int
    var opsPort: Int
    /// Largest request body in bytes.
    var bodyLimit: Int
    /// Seconds from a request's head to the end of its body, beside the time that `bodyRate` gives.
    var bodySeconds: Int
    /// Bytes of a body that earn it one second more.
    var bodyRate: Int
    /// Commands that may wait for their turn at the ledger before the hub says "busy".
    var intakeDepth: Int
    /// Seconds that an HL7 v2 message waits for a place among them before its sender is told "busy".
    var patience: Int
    var logLevel: String
    var nodeDays: Int
    var operatorDays: Int
    /// Days before the end from which authorities and the hub's certificate are warned about.
    var certificateWarningDays: Int
    var backupWarningDays: Int

    /// - `network.hosts` (string): comma-separated names of the hub.
    /// - `listen.address` (string, default `0.0.0.0`), `listen.api` (8443), `listen.console` (8444), `listen.mllp` (2575),
    ///   `listen.ops` (9464, loopback only)
    /// - `limits.body` (int, bytes, 16 MiB), `limits.bodySeconds` (int, seconds, 30), `limits.bodyRate` (int, bytes a
    ///   second, 64 KiB), `limits.intake` (int, 2048), `limits.patience` (int, seconds, 10)
    /// - `log.level` (string, `info`)
    /// - `certificates.nodeDays` (30), `certificates.operatorDays` (7), `certificates.warningDays` (90)
    /// - `backup.warningDays` (2)
    init(_ reader: ConfigReader) {
        hosts = reader.string(forKey: "network.hosts", default: "127.0.0.1").split(separator: ",")
            .map {
                String($0.drop { $0 == " " })
            }
        listen = reader.string(forKey: "listen.address", default: "0.0.0.0")
        apiPort = reader.int(forKey: "listen.api", default: 8_443)
        consolePort = reader.int(forKey: "listen.console", default: 8_444)
        mllpPort = reader.int(forKey: "listen.mllp", default: 2_575)
        opsPort = reader.int(forKey: "listen.ops", default: 9_464)
        bodyLimit = reader.int(forKey: "limits.body", default: 16 << 20)
        bodySeconds = reader.int(forKey: "limits.bodySeconds", default: 30)
        bodyRate = reader.int(forKey: "limits.bodyRate", default: 64 << 10)
        intakeDepth = reader.int(forKey: "limits.intake", default: 2_048)
        patience = reader.int(forKey: "limits.patience", default: 10)
        logLevel = reader.string(forKey: "log.level", default: "info")
        nodeDays = reader.int(forKey: "certificates.nodeDays", default: 30)
        operatorDays = reader.int(forKey: "certificates.operatorDays", default: 7)
        certificateWarningDays = reader.int(forKey: "certificates.warningDays", default: 90)
        backupWarningDays = reader.int(forKey: "backup.warningDays", default: 2)
    }

    /// Reads the home's file below the environment.
    static func load(_ home: Home) async throws -> HubConfiguration {
        guard home.exists else {
            throw HubError("\(home.path) is not a hub's home: make one with `consiliumd init --home \(home.path) …`")
        }
        let file = try await FileProvider<YAMLSnapshot>(filePath: FilePath(home.configuration))
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "consilium")
        return HubConfiguration(ConfigReader(providers: [environment, file]))
    }
}
