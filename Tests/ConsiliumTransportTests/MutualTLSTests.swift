import Foundation
import NIOCore
import Testing

@testable import ConsiliumTransport

@Suite("A hub over mutual TLS")
struct MutualTLSTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    @Test("A node is known by its certificate, by name and by IP address", arguments: ["127.0.0.1", "localhost"])
    func identity(host: String) async throws {
        let network = self.network
        let principal = try network.principal("S1", .node, "his-1")
        let tls = try network.client(network.credentials(principal))
        try await LiveHub.run(network) { hub in
            try await hub.client(tls, host: host) { client in
                let answer = try await client.request("GET", "/who")
                #expect(answer.status == 200)
                #expect(String(decoding: answer.body, as: UTF8.self) == principal.uri)
                let remote = try await client.request("GET", "/remote")
                #expect(String(decoding: remote.body, as: UTF8.self) == "127.0.0.1")
            }
        }
    }

    @Test("Many requests share one connection, and the registry knows it")
    func keepAlive() async throws {
        let network = self.network
        let principal = try network.principal()
        let tls = try network.client(network.credentials(principal))
        try await LiveHub.run(network) { hub in
            try await hub.client(tls) { client in
                for number in 0..<20 {
                    let answer = try await client.request("POST", "/echo", body: Array("message \(number)".utf8))
                    #expect(answer.body == Array("message \(number)".utf8))
                }
                let open = hub.registry.snapshot()
                #expect(open.count == 1)
                #expect(open.first?.identity?.principal == principal)
                #expect(open.first?.listener == "api")
                #expect(hub.registry.counters.admitted == 1)
                #expect(hub.registry.openConnections(of: "S1") == 1)
            }
        }
    }

    @Test(
        "A principal that admission refuses learns its code and nothing else",
        arguments: [
            PeerRejection.Code.principalUnknown, .principalRevoked, .siteSuspended,
        ]
    )
    func refused(code: PeerRejection.Code) async throws {
        let network = self.network
        let tls = try network.client(network.credentials(network.principal()))
        let admission: Admission = { _ in PeerRejection(code) }
        try await LiveHub.run(network, admission: admission) { hub in
            try await hub.client(tls) { client in
                let answer = try await client.request("GET", "/who")
                #expect(answer.status == 403)
                #expect(String(decoding: answer.body, as: UTF8.self) == #"{"code":"\#(code.rawValue)"}"#)
                #expect(answer.header("connection") == "close")
                #expect(hub.registry.counters.refused == [code: 1])
                #expect(hub.registry.snapshot().isEmpty)
            }
        }
    }

    @Test("Revocation closes an open connection at once, and the next one is refused")
    func revocation() async throws {
        let network = self.network
        let bad = try network.principal("S1", .node, "bad")
        let good = try network.principal("S2", .node, "good")
        let revoked = NIOLockedValue(Set<PrincipalName>())
        let badTLS = try network.client(network.credentials(bad))
        let goodTLS = try network.client(network.credentials(good))
        let admission: Admission = { peer in
            revoked.value.contains(peer.principal) ? PeerRejection(.principalRevoked) : nil
        }
        try await LiveHub.run(network, admission: admission) { hub in
            let watch = try await RawClient.connect(to: hub.port, tls: badTLS)
            _ = try await watch.exchange("GET /who HTTP/1.1\r\nhost: h\r\n\r\n")
            try await hub.client(goodTLS) { client in
                #expect(try await client.request("GET", "/who").status == 200)
                revoked.value = [bad]
                #expect(hub.registry.reevaluate(admission) == 1)
                try await watch.closed()
                #expect(try await client.request("GET", "/who").status == 200)
                #expect(hub.registry.snapshot().map { $0.identity?.principal } == [good])
                #expect(hub.registry.counters.closedByHub == 1)
            }
            #expect(try await hub.status(badTLS) == 403)
        }
    }

    @Test("Connections can be closed by certificate fingerprint, over HTTP/2 as well")
    func closeHTTP2() async throws {
        let network = self.network
        let credentials = try network.credentials(network.principal())
        let tls = try network.client(credentials)
        try await LiveHub.run(network) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls, protocols: ["h2"])
            #expect(client.negotiated == "h2")
            // The connection preface and an empty SETTINGS frame (RFC 9113, 3.4); the server's own SETTINGS answer.
            _ = try await client.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0")
            #expect(hub.registry.close { $0.identity?.fingerprint == "00" } == 0)
            #expect(hub.registry.close { $0.identity?.fingerprint == credentials.leaf.fingerprint } == 1)
            try await client.closed()
        }
    }

    @Test("Over HTTP/2 every stream knows the peer; a refused one gets its code there too")
    func streams() async throws {
        let network = self.network
        let principal = try network.principal()
        let tls = try network.client(network.credentials(principal))
        let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
        // HPACK: GET, https, `:path: /who`, `:authority: h`, without Huffman coding (RFC 7541, 6).
        let fields: [UInt8] = [0x82, 0x87, 0x04, 0x04] + Array("/who".utf8) + [0x41, 0x01, 0x68]
        @Sendable func request(_ stream: UInt8) -> [UInt8] {
            [0, 0, UInt8(fields.count), 1, 5, 0, 0, 0, stream] + fields
        }
        for (rejection, expected) in [(nil, principal.uri), (PeerRejection(.siteSuspended), "site-suspended")] {
            let admission: Admission = { _ in rejection }
            try await LiveHub.run(network, admission: admission) { hub in
                let client = try await RawClient.connect(to: hub.port, tls: tls, protocols: ["h2"])
                try await client.send(bytes: preface + request(1) + request(3))
                var text = ""
                while text.components(separatedBy: expected).count < 3 { text += try await client.receive() }
            }
        }
    }

    @Test("A certificate that runs out ends its connection at the next evaluation")
    func expiryOfOpenConnection() async throws {
        let network = self.network
        let clock = NIOLockedValue(network.now)
        let registry = ConnectionRegistry(now: { clock.value })
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls)
            _ = try await client.exchange("GET /who HTTP/1.1\r\nhost: h\r\n\r\n")
            #expect(registry.reevaluate { _ in nil } == 0)
            clock.value = network.now.addingTimeInterval(31 * TestNetwork.day)
            #expect(registry.reevaluate { _ in nil } == 1)
            try await client.closed()
        }
    }

    @Test("After a reload new connections see the new certificate, and open ones live on")
    func reload() async throws {
        let network = self.network
        let first = try network.hub()
        let second = try network.hub()
        let box = try TLSContextBox(.mutual, credentials: first, roots: [network.root.certificate])
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, tls: box) { hub in
            let old = try await RawClient.connect(to: hub.port, tls: tls)
            #expect(old.peerFingerprint == first.leaf.fingerprint)
            try box.reload(credentials: second, roots: [network.root.certificate])
            let new = try await RawClient.connect(to: hub.port, tls: tls)
            #expect(new.peerFingerprint == second.leaf.fingerprint)
            for client in [old, new] {
                let answer = try await client.exchange("GET /who HTTP/1.1\r\nhost: h\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    @Test("A reload with no roots is refused, and the former settings stay")
    func badReload() async throws {
        let network = self.network
        let box = try network.server()
        #expect(throws: CertificateError.malformed("at least one root")) {
            try box.reload(credentials: network.hub(), roots: [])
        }
        let tls = try network.client(network.credentials(network.principal()))
        let status = try await LiveHub.run(network, tls: box) { hub in try await hub.status(tls) }
        #expect(status == 200)
    }

    @Test("A second root is trusted after a reload: both generations of certificates come in")
    func rootRollover() async throws {
        let network = self.network
        let next = try TestNetwork(name: network.name)
        let box = try network.server()
        let oldTLS = try network.client(network.credentials(network.principal()))
        let newTLS = try network.client(next.credentials(next.principal("S2")))
        try await LiveHub.run(network, tls: box) { hub in
            await #expect(throws: HubClientError.self) {
                try await hub.status(newTLS)
            }
            try box.reload(credentials: network.hub(), roots: [network.root.certificate, next.root.certificate])
            for tls in [oldTLS, newTLS] {
                #expect(try await hub.status(tls) == 200)
            }
        }
    }

    @Test("A hub under a new root that the old one endorsed is trusted by those who know either")
    func endorsedRoot() async throws {
        let network = self.network
        let next = try TestNetwork(name: network.name)
        let bridge = try network.root.endorse(next.root.certificate, now: network.now)
        let hub = try next.hub()
        let sent = try Credentials(chain: hub.chain + [bridge], key: hub.key)
        let box = try TLSContextBox(
            .mutual,
            credentials: sent,
            roots: [network.root.certificate, next.root.certificate]
        )
        let veteran = try network.client(network.credentials(network.principal()))
        let newcomer = try next.client(next.credentials(next.principal("S2")))
        try await LiveHub.run(network, tls: box) { hub in
            for tls in [veteran, newcomer] {
                let status = try await hub.status(tls)
                #expect(status == 200)
            }
        }
        let unendorsed = try TLSContextBox(.mutual, credentials: hub, roots: [network.root.certificate])
        try await LiveHub.run(network, tls: unendorsed) { hub in
            _ = await #expect(throws: HubClientError.self) { try await hub.status(veteran) }
        }
    }

    @Test("The console listener takes a browser without a certificate, and knows one that has it")
    func console() async throws {
        let network = self.network
        let principal = try network.principal("S1", .operator, "li")
        let box = try network.server(.console)
        let anonymous = try network.client(nil)
        let known = try network.client(network.credentials(principal))
        try await LiveHub.run(network, tls: box) { hub in
            try await hub.client(anonymous) { client in
                let answer = try await client.request("GET", "/who")
                #expect(String(decoding: answer.body, as: UTF8.self) == "nobody")
            }
            try await hub.client(known) { client in
                let answer = try await client.request("GET", "/who")
                #expect(String(decoding: answer.body, as: UTF8.self) == principal.uri)
            }
        }
    }
}
