import ConsiliumCore
import ConsiliumTransport
import Foundation
import Logging
import NIOConcurrencyHelpers

/// The hub's certificates and authorities: issues to principals, renews its own while the root key is present.
final class CertificateDesk: Sendable {
    private struct State {
        var root: NetworkCertificate
        var issuing: IssuingAuthority
        var hub: Credentials
    }

    let network: String
    private let home: Home
    private let hosts: [String]
    private let state: NIOLockedValueBox<State>
    private let nodeLifetime: TimeInterval
    private let operatorLifetime: TimeInterval
    let api: TLSContextBox
    let console: TLSContextBox
    let mllp: TLSContextBox

    static let hubLifetime: TimeInterval = 90 * 86_400

    /// Reads `DIR/pki`; a key and a certificate that a crash left apart are made anew.
    init(home: Home, configuration: HubConfiguration, now: Instant) throws {
        self.home = home
        hosts = configuration.hosts
        nodeLifetime = TimeInterval(configuration.nodeDays) * 86_400
        operatorLifetime = TimeInterval(configuration.operatorDays) * 86_400
        let root = try NetworkCertificate(pem: Self.text(home.pki + "/root.pem"))
        let issuing = try Self.loadIssuing(home, now: now)
        let hub = try Self.loadHub(home, issuing, hosts: configuration.hosts, now: now)
        network = issuing.network
        state = NIOLockedValueBox(State(root: root, issuing: issuing, hub: hub))
        api = try TLSContextBox(.mutual, credentials: hub, roots: [root])
        console = try TLSContextBox(.console, credentials: hub, roots: [root])
        mllp = try TLSContextBox(.mllp, credentials: hub, roots: [root])
    }

    var root: NetworkCertificate { state.withLockedValue { $0.root } }
    var hub: Credentials { state.withLockedValue { $0.hub } }
    var issuing: NetworkCertificate { state.withLockedValue { $0.issuing.certificate } }

    /// A certificate for `principal` from its signing request; the chain as it is handed out.
    func issue(csr: String, to principal: Principal, now: Instant) throws -> (leaf: NetworkCertificate, chain: String) {
        let name = try PrincipalName(
            network: network,
            site: principal.site.description,
            kind: principal.kind == .node ? .node : .operator,
            name: principal.name
        )
        let issuing = state.withLockedValue { $0.issuing }
        let leaf = try issuing.issue(
            csr: csr,
            to: name,
            lifetime: principal.kind == .node ? nodeLifetime : operatorLifetime,
            now: now.date
        )
        return (leaf, NetworkCertificate.pem([leaf, issuing.certificate]))
    }

    /// Renews the hub's certificate and the issuing authority from a third of their lives on, each with a new key.
    /// - Returns: what was renewed.
    func renew(at now: Instant) throws -> [String] {
        var renewed: [String] = []
        let current = state.withLockedValue { $0 }
        var issuing = current.issuing
        let rootKey = home.pki + "/root.key"
        let isDue = Self.isDue(issuing.certificate, now)
        if isDue, FileManager.default.fileExists(atPath: rootKey) {
            let root = try RootAuthority(
                certificatePEM: Self.text(home.pki + "/root.pem"),
                keyPEM: Self.secret(rootKey)
            )
            issuing = try root.makeIssuingAuthority(now: now.date)
            try Self.store(issuing, in: home)
            renewed.append("issuing authority")
        }
        if Self.isDue(current.hub.leaf, now) || !renewed.isEmpty {
            let hub = try Self.makeHub(issuing, hosts: hosts, now: now, home: home)
            try api.reload(credentials: hub, roots: [current.root])
            try console.reload(credentials: hub, roots: [current.root])
            try mllp.reload(credentials: hub, roots: [current.root])
            state.withLockedValue { state in
                state.issuing = issuing
                state.hub = hub
            }
            renewed.append("hub certificate")
        }
        return renewed
    }

    private static func loadIssuing(_ home: Home, now: Instant) throws -> IssuingAuthority {
        do {
            return try IssuingAuthority(
                certificatePEM: text(home.pki + "/issuing.pem"),
                keyPEM: secret(home.pki + "/issuing.key")
            )
        } catch CertificateError.keyMismatch where FileManager.default.fileExists(atPath: home.pki + "/root.key") {
            let root = try RootAuthority(
                certificatePEM: text(home.pki + "/root.pem"),
                keyPEM: secret(home.pki + "/root.key")
            )
            let issuing = try root.makeIssuingAuthority(now: now.date)
            try store(issuing, in: home)
            return issuing
        }
    }

    private static func loadHub(
        _ home: Home,
        _ issuing: IssuingAuthority,
        hosts: [String],
        now: Instant
    ) throws -> Credentials {
        do {
            let chain = try NetworkCertificate.chain(pem: text(home.pki + "/hub.pem"))
            return try Credentials(chain: chain, key: PrincipalKey(pem: secret(home.pki + "/hub.key")))
        } catch CertificateError.keyMismatch {
            return try makeHub(issuing, hosts: hosts, now: now, home: home)
        }
    }

    private static func isDue(_ certificate: NetworkCertificate, _ now: Instant) -> Bool {
        let life = certificate.notAfter.timeIntervalSince(certificate.notBefore)
        return now.date.timeIntervalSince(certificate.notBefore) > life / 3
    }

    /// Makes root, issuing authority and hub certificate of a new network.
    static func found(network: String, hosts: [String], home: Home, now: Instant) throws -> NetworkCertificate {
        let root = try RootAuthority.make(network: network, now: now.date)
        try PrivateFile.write(root.key.pem, to: home.pki + "/root.key")
        try PrivateFile.write(root.certificate.pem, to: home.pki + "/root.pem")
        let issuing = try root.makeIssuingAuthority(now: now.date)
        try store(issuing, in: home)
        _ = try makeHub(issuing, hosts: hosts, now: now, home: home)
        return root.certificate
    }

    private static func store(_ issuing: IssuingAuthority, in home: Home) throws {
        try PrivateFile.write(issuing.key.pem, to: home.pki + "/issuing.key")
        try PrivateFile.write(issuing.certificate.pem, to: home.pki + "/issuing.pem")
    }

    private static func makeHub(
        _ issuing: IssuingAuthority,
        hosts: [String],
        now: Instant,
        home: Home
    ) throws -> Credentials {
        let key = PrincipalKey()
        let leaf = try issuing.issueHub(publicKeyOf: key, names: hosts, lifetime: hubLifetime, now: now.date)
        let chain = [leaf, issuing.certificate]
        try PrivateFile.write(key.pem, to: home.pki + "/hub.key")
        try PrivateFile.write(NetworkCertificate.pem(chain), to: home.pki + "/hub.pem")
        return try Credentials(chain: chain, key: key)
    }

    private static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HubError("\(path) is missing: restore it from a backup")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func secret(_ path: String) throws -> String {
        String(decoding: try PrivateFile.read(path), as: UTF8.self)
    }
}
