import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import ConsiliumTransport

@Suite("The client of a hub")
struct HubClientTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    private func error(_ body: () async throws -> Void) async -> HubClientError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? HubClientError
        }
    }

    @Test("A hub of another network is not trusted")
    func otherRoot() async throws {
        let network = self.network
        let other = try TestNetwork(name: "other.network")
        let tls = try other.client(other.credentials(other.principal()))
        let failure = try await LiveHub.run(network) { hub in await error { _ = try await hub.status(tls) } }
        guard case .cannotTrust? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("A hub whose certificate does not name the host is not trusted", arguments: ["127.0.0.1", "localhost"])
    func wrongName(host: String) async throws {
        let network = self.network
        let box = try TLSContextBox(
            .mutual,
            credentials: network.hub(names: ["hub.example", "192.0.2.1"]),
            roots: [network.root.certificate]
        )
        let tls = try network.client(network.credentials(network.principal()))
        let failure = try await LiveHub.run(network, tls: box) { hub in
            await error { _ = try await hub.status(tls, host: host) }
        }
        guard case .cannotTrust? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("A node's certificate is no hub's, though it may serve: it names no host")
    func nodeAsHub() async throws {
        let network = self.network
        let box = try TLSContextBox(
            .mutual,
            credentials: network.credentials(network.principal()),
            roots: [network.root.certificate]
        )
        let tls = try network.client(network.credentials(network.principal()))
        let failure = try await LiveHub.run(network, tls: box) { hub in await error { _ = try await hub.status(tls) } }
        guard case .cannotTrust? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("Nobody at the port is a hub that cannot be reached")
    func nobody() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await listener.close()
        let tls = try network.client(network.credentials(network.principal()))
        let client = HubClient(host: "127.0.0.1", port: port, tls: tls)
        let failure = await error { _ = try await client.request("GET", "/who") }
        await client.shutdown()
        guard case .cannotReach? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("A hub that closes in the middle of the handshake cannot be reached; one that is silent neither")
    func brokenHandshake() async throws {
        let tls = try network.client(network.credentials(network.principal()))
        for closes in [true, false] {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in
                    closes ? channel.close() : channel.eventLoop.makeSucceededVoidFuture()
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let port = try #require(listener.localAddress?.port)
            var limits = HubClientLimits()
            limits.connect = .milliseconds(100)
            limits.request = .milliseconds(200)
            let client = HubClient(host: "127.0.0.1", port: port, tls: tls, limits: limits)
            let failure = await error { _ = try await client.request("GET", "/who") }
            await client.shutdown()
            try await listener.close()
            switch failure {
            case .cannotReach?, .timedOut?: break
            default: Issue.record("\(String(describing: failure)) when the hub closes: \(closes)")
            }
        }
    }

    @Test("A hub that demands a certificate which the client does not show is a matter of trust")
    func noCertificate() async throws {
        let network = self.network
        let tls = try network.client(nil)
        let failure = try await LiveHub.run(network) { hub in await error { _ = try await hub.status(tls) } }
        guard case .cannotTrust? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("An answer larger than the limit is refused, and the client goes on")
    func tooLarge() async throws {
        let network = self.network
        let tls = try network.client(network.credentials(network.principal()))
        var limits = HubClientLimits()
        limits.maximumResponse = 1_000
        let chosen = limits
        try await LiveHub.run(network) { hub in
            try await hub.client(tls, limits: chosen) { client in
                await #expect(throws: HubClientError.tooLarge(limit: 1_000)) {
                    try await client.request("GET", "/long")
                }
                let answer = try await client.request("GET", "/who")
                #expect(answer.status == 200)
            }
        }
    }

    @Test("A download comes in pieces; a failing receiver ends it")
    func download() async throws {
        let network = self.network
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network) { hub in
            try await hub.client(tls) { client in
                var received = 0
                let answer = try await client.download("/long") { piece in received += piece.count }
                #expect(answer.status == 200)
                #expect(answer.body.isEmpty)
                #expect(received == 200_000)
                await #expect(throws: HubClientError.sink("CancellationError()")) {
                    try await client.download("/long") { _ in throw CancellationError() }
                }
                let missing = try await client.download("/nothing") { _ in Issue.record("a body for 404") }
                #expect(missing.status == 404)
            }
        }
    }

    @Test("An answer that does not come in time ends the request, for one request or for all")
    func timedOut() async throws {
        let network = self.network
        let tls = try network.client(network.credentials(network.principal()))
        // Takes the connection and never says a word after the handshake.
        let silent = try await MutedServer.start(network.hub())
        let client = HubClient(host: "127.0.0.1", port: silent.port, tls: tls)
        await #expect(throws: HubClientError.timedOut) {
            try await client.request("GET", "/who", within: .milliseconds(300))
        }
        await client.shutdown()
        try await silent.close()
    }

    @Test("A path that does not begin with a slash is the caller's fault")
    func badPath() async throws {
        let tls = try network.client(nil)
        let client = HubClient(host: "127.0.0.1", port: 1, tls: tls)
        await #expect(throws: HubClientError.invalidRequest("who")) { try await client.request("GET", "who") }
        await client.shutdown()
    }

    @Test("Header fields are found whatever their case, and are sent")
    func headers() async throws {
        let network = self.network
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network) { hub in
            try await hub.client(tls) { client in
                let headers = [HubHeader("Content-Type", "text/plain")]
                let answer = try await client.request("POST", "/echo", headers: headers, body: Array("一".utf8))
                #expect(answer.body == Array("一".utf8))
                #expect(answer.header("Content-Length") == "3")
                #expect(answer.header("x-none") == nil)
            }
        }
    }

    @Test("First contact: the root is believed by its fingerprint, however that is written")
    func firstContact() async throws {
        let network = self.network
        let box = try network.server(.console)
        let root = network.root.certificate
        let spoken = stride(from: 0, to: 64, by: 2)
            .map { offset in
                String(root.fingerprint.dropFirst(offset).prefix(2)).uppercased()
            }
            .joined(separator: ":")
        let pem = NetworkCertificate.pem([network.issuing.certificate, root])
        try await LiveHub.run(network, tls: box, root: pem) { hub in
            for fingerprint in [root.fingerprint, spoken] {
                let found = try await HubClient.fetchRoot(host: "127.0.0.1", port: hub.port, fingerprint: fingerprint)
                #expect(found == root)
                let tls = try ClientTLS(roots: [found], credentials: nil)
                #expect(try await hub.status(tls) == 200)
            }
        }
    }

    @Test("First contact with an impostor, an empty answer or a leaf's fingerprint is no trust")
    func impostor() async throws {
        let network = self.network
        let impostor = try TestNetwork(name: network.name)
        let box = try impostor.server(.console)
        let leaf = try network.hub().leaf
        for (root, fingerprint) in [
            (impostor.root.certificate.pem, network.root.certificate.fingerprint),
            ("", network.root.certificate.fingerprint),
            ("hello", network.root.certificate.fingerprint),
            (leaf.pem, leaf.fingerprint),
            (network.issuing.certificate.pem, network.issuing.certificate.fingerprint),
        ] {
            let failure = try await LiveHub.run(impostor, tls: box, root: root) { hub in
                await error {
                    _ = try await HubClient.fetchRoot(host: "127.0.0.1", port: hub.port, fingerprint: fingerprint)
                }
            }
            guard case .cannotTrust? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    @Test("The right root served by an impostor does not help: the next connection is refused")
    func relayedRoot() async throws {
        let network = self.network
        let impostor = try TestNetwork(name: network.name)
        let box = try impostor.server(.console)
        let root = network.root.certificate
        let failure = try await LiveHub.run(impostor, tls: box, root: root.pem) { hub in
            let found = try await HubClient.fetchRoot(host: "127.0.0.1", port: hub.port, fingerprint: root.fingerprint)
            let tls = try ClientTLS(roots: [found], credentials: nil)
            return await error { _ = try await hub.status(tls) }
        }
        guard case .cannotTrust? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }
}

/// A TLS server that finishes handshakes and answers nothing.
private struct MutedServer {
    let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(_ credentials: Credentials) async throws -> MutedServer {
        let source = try credentials.source()
        let settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: source.chain,
            privateKey: source.key
        )
        let context = try NIOSSLContext(configuration: settings)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return MutedServer(channel: channel)
    }

    func close() async throws { try await channel.close() }
}
