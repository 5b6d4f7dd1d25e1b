import Foundation
import NIOCore
import Testing

@testable import ConsiliumTransport

/// Each test sets one limit to a few milliseconds and waits for the hub to close the connection. On a loaded machine
/// that may happen before the test has sent anything, so sending may fail; the end must be the same.
@Suite("Limits on connections")
struct ConnectionLimitTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    private func registry(_ change: (inout ConnectionLimits) -> Void) -> ConnectionRegistry {
        var limits = ConnectionLimits()
        change(&limits)
        return ConnectionRegistry(limits: limits)
    }

    @Test("A peer that never begins its handshake is closed")
    func silentHandshake() async throws {
        let registry = registry { $0.handshake = .milliseconds(20) }
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: nil)
            try await client.closed()
        }
        #expect(registry.counters.handshakesTimedOut == 1)
        #expect(registry.counters.sockets == 0)
    }

    @Test("A peer that stops in the middle of its handshake is closed")
    func halfHandshake() async throws {
        let registry = registry { $0.handshake = .milliseconds(20) }
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: nil)
            // The header of a TLS handshake record that announces 200 bytes, and none of them.
            try? await client.send("\u{16}\u{3}\u{1}\0\u{48}")
            try await client.closed()
        }
        #expect(registry.counters.handshakesTimedOut == 1)
    }

    @Test("A peer that speaks plain HTTP is closed at once")
    func plainText() async throws {
        let registry = ConnectionRegistry()
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: nil)
            try await client.send("GET / HTTP/1.1\r\nhost: hub\r\n\r\n")
            try await client.closed()
        }
        #expect(registry.counters.handshakesFailed == 1)
        #expect(registry.counters.handshakesTimedOut == 0)
    }

    @Test("A head that drips in is cut off, though bytes keep coming")
    func slowHead() async throws {
        let network = self.network
        let registry = registry { $0.headers = .milliseconds(50) }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls)
            let drip = Task {
                try await client.send("GET /who HTTP/1.1\r\nhost: h\r\nx-drip: ")
                while client.channel.isActive { try await client.send("x") }
            }
            try await client.closed()
            drip.cancel()
        }
        #expect(registry.counters.headersTimedOut == 1)
    }

    @Test("A head in several pieces but in time is served, and so is what follows")
    func splitHead() async throws {
        let network = self.network
        let tls = try network.client(network.credentials(network.principal()))
        let registry = ConnectionRegistry()
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls)
            for _ in 0..<3 {
                for piece in ["GET /w", "ho HTTP/1.1\r\nho", "st: h\r\n", "\r"] { try await client.send(piece) }
                #expect(try await client.exchange("\n").hasPrefix("HTTP/1.1 200"))
            }
        }
        #expect(registry.counters.headersTimedOut == 0)
    }

    @Test("A connection without requests is closed after the idle time")
    func idle() async throws {
        let network = self.network
        let registry = registry { $0.idle = .milliseconds(30) }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let silent = try await RawClient.connect(to: hub.port, tls: tls)
            try await silent.closed()
            // On a loaded machine the idle time may be over before the request is sent; the end is the same.
            let used = try await RawClient.connect(to: hub.port, tls: tls)
            _ = try? await used.exchange("GET /who HTTP/1.1\r\nhost: h\r\n\r\n")
            try await used.closed()
        }
    }

    @Test("An idle HTTP/2 peer that does not answer the goodbye loses its connection all the same")
    func silentHTTP2() async throws {
        let network = self.network
        let registry = registry {
            $0.idle = .milliseconds(20)
            $0.headers = .milliseconds(20)
        }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls, protocols: ["h2"])
            // The preface and an empty SETTINGS frame, and then never a word.
            try? await client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0")
            try await client.closed()
        }
        #expect(registry.counters.sockets == 0)
    }

    @Test("A body that stops coming is cut off")
    func slowBody() async throws {
        let network = self.network
        let registry = registry { $0.idle = .milliseconds(30) }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls)
            try? await client.send("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 100\r\n\r\nabc")
            try await client.closed()
        }
    }

    @Test("A body that drips in is cut off, by HTTP/1.1 and by HTTP/2")
    func drippingBody() async throws {
        let network = self.network
        let registry = registry { $0.body = .milliseconds(50) }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls)
            let drip = Task {
                try await client.send("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 1000000\r\n\r\n")
                while client.channel.isActive { try await client.send("x") }
            }
            try await client.closed()
            drip.cancel()

            let second = try await RawClient.connect(to: hub.port, tls: tls, protocols: ["h2"])
            // The preface, an empty SETTINGS frame, and the head of `POST /echo` without END_STREAM.
            try await second.send(bytes: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0])
            // RFC 7541: POST and https by their index, then `:path` and `:authority` as literals.
            let block: [UInt8] = [0x83, 0x87, 0x04, 0x05] + Array("/echo".utf8) + [0x01, 0x01] + Array("h".utf8)
            try await second.send(bytes: [0, 0, UInt8(block.count), 1, 4, 0, 0, 0, 1] + block)
            while registry.counters.bodiesTimedOut < 2 { await Task.yield() }
        }
        #expect(registry.counters.bodiesTimedOut == 2)
    }

    @Test("A reply that nobody takes does not hold the connection for ever")
    func stalledReader() async throws {
        let network = self.network
        let registry = registry { $0.stalledWrite = .milliseconds(50) }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls)
            try await client.channel.setOption(.autoRead, value: false).get()
            // Pipelined requests for 200 kB each: far more than both sockets' buffers take.
            let request = "GET /long HTTP/1.1\r\nhost: h\r\n\r\n"
            try await client.send(String(repeating: request, count: 100))
            while registry.counters.stalled == 0 { await Task.yield() }
            try await client.channel.setOption(.autoRead, value: true).get()
            try await client.closed()
        }
        #expect(registry.counters.stalled == 1)
    }

    @Test("A head larger than the limit is refused")
    func largeHead() async throws {
        let network = self.network
        let registry = registry { $0.headerBytes = 1_000 }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let client = try await RawClient.connect(to: hub.port, tls: tls)
            let field = "x-long: " + String(repeating: "x", count: 2_000)
            let answer = try await client.exchange("GET /who HTTP/1.1\r\nhost: h\r\n\(field)\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            try await client.closed()
        }
    }

    @Test("A site has its share of connections and no more; others are not affected")
    func perSite() async throws {
        let network = self.network
        let registry = registry { $0.perSite = 2 }
        let greedy = try network.client(network.credentials(network.principal("S1")))
        let modest = try network.client(network.credentials(network.principal("S2")))
        let request = "GET /who HTTP/1.1\r\nhost: h\r\n\r\n"
        try await LiveHub.run(network, registry: registry) { hub in
            let first = try await RawClient.connect(to: hub.port, tls: greedy)
            let second = try await RawClient.connect(to: hub.port, tls: greedy)
            for client in [first, second] { #expect(try await client.exchange(request).hasPrefix("HTTP/1.1 200")) }
            let third = await RawClient.answer(hub.port, greedy, .any, request)
            #expect(third?.contains("too-many-connections") == true)
            #expect(await RawClient.answer(hub.port, modest, .any, request)?.hasPrefix("HTTP/1.1 200") == true)
            #expect(registry.counters.refused == [.tooManyConnections: 1])
            // A place that is given back can be taken again.
            try await first.channel.close()
            while registry.openConnections(of: "S1") == 2 { await Task.yield() }
            #expect(await RawClient.answer(hub.port, greedy, .any, request)?.hasPrefix("HTTP/1.1 200") == true)
        }
    }

    @Test("Beyond the total limit a connection is closed before its handshake")
    func total() async throws {
        let network = self.network
        let registry = registry { $0.total = 1 }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            let first = try await RawClient.connect(to: hub.port, tls: tls)
            let second = try await RawClient.connect(to: hub.port, tls: nil)
            try await second.closed()
            #expect(registry.counters.overTotal == 1)
            #expect(registry.counters.sockets == 1)
            #expect(try await first.exchange("GET /who HTTP/1.1\r\nhost: h\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("Address ranges hold what they say")
    func ranges() throws {
        let range = try #require(AddressRange("10.3.0.0/16"))
        #expect(range.contains(RemoteAddress(host: "10.3.255.1", port: 1)))
        #expect(range.contains(RemoteAddress(host: "::ffff:10.3.0.9", port: 1)))
        #expect(!range.contains(RemoteAddress(host: "10.4.0.1", port: 1)))
        #expect(!range.contains(RemoteAddress(host: "unknown", port: 0)))
        let odd = try #require(AddressRange("192.168.1.128/25"))
        #expect(odd.contains(RemoteAddress(host: "192.168.1.200", port: 1)))
        #expect(!odd.contains(RemoteAddress(host: "192.168.1.100", port: 1)))
        let one = try #require(AddressRange("fd00::7"))
        #expect(one.contains(RemoteAddress(host: "fd00::7", port: 1)))
        #expect(!one.contains(RemoteAddress(host: "fd00::8", port: 1)))
        #expect(try #require(AddressRange("0.0.0.0/0")).contains(RemoteAddress(host: "8.8.8.8", port: 1)))
    }

    @Test(
        "What is no address range is refused",
        arguments: ["", "10.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "host/8", "::/129"]
    )
    func badRanges(text: String) { #expect(AddressRange(text) == nil) }
}
