import Foundation
import NIOSSL

/// One enrolled principal of the benchmark's network, with the profile folder that `consilium` made for it.
struct Member {
    var program: String
    var folder: String

    @discardableResult
    func run(_ arguments: String...) throws -> String {
        try Command.run(
            program,
            arguments,
            environment: ["CONSILIUM_HOME": folder, "LANG": "C.UTF-8", "NO_COLOR": "1"]
        )
    }

    func enrol(_ token: String) throws -> Member {
        try run("enroll", "--no-passphrase", token)
        return self
    }

    /// TLS 1.3 with this principal's certificate, checking the hub's against the network's root.
    func context(protocols: [String]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .file(folder + "/root.pem")
        configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(folder + "/certificate.pem")
            .map { .certificate($0) }
        configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: folder + "/key.pem", format: .pem))
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }
}

/// A network made for one run: a hub, an administrator, and the two nodes that submit.
struct Bench {
    var hub: HubProcess
    var driver: Driver
    /// MiB resident after the hub's start and enrolments, before any load.
    var idle: Double

    /// - Parameter cases: how many are submitted at most; every one must find a slot.
    init(binaries: String, home: String, cases: Int = Messages.slotsOfSite) throws {
        let hub = HubProcess(binaries: binaries, home: home + "/hub")
        do {
            self = try Bench(hub, binaries: binaries, home: home, sites: Messages.sites(for: cases))
        } catch {
            hub.stop()
            throw error
        }
    }

    private init(_ hub: HubProcess, binaries: String, home: String, sites directory: String) throws {
        let token = try hub.initialise(office: "BENCH-OFFICE")
        try hub.serve()
        func member(_ name: String) -> Member {
            Member(program: binaries + "/consilium", folder: home + "/profiles/" + name)
        }
        let administrator = try member("administrator").enrol(token)
        let sites = home + "/sites.json"
        try directory.write(toFile: sites, atomically: true, encoding: .utf8)
        try administrator.run("sites", "import", sites)
        func node(_ site: String) throws -> Member {
            let first = try Command.token(
                in: administrator.run("sites", "invite", "\(site)/op/admin", "--role", "site-administrator")
            )
            let siteAdministrator = try member(site + "-admin").enrol(first)
            let token = try Command.token(
                in: siteAdministrator.run("operators", "invite", "\(site)/node/engine", "--role", "requester")
            )
            return try member(site).enrol(token)
        }
        let fhir = try node(Messages.fhirSite)
        let hl7 = try node(Messages.hl7Site)
        // A hub that has just started holds nothing of what enrolling took.
        hub.stop()
        try hub.serve()
        self.hub = hub
        idle = try hub.resident()
        driver = try Driver(hub: hub, fhir: fhir, hl7: hl7)
    }

    func close() {
        try? driver.close()
        hub.stop()
    }
}
