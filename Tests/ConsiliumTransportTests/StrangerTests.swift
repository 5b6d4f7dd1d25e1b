import Foundation
import NIOCore
import Testing

@testable import ConsiliumTransport

/// Whoever shows no certificate can never take the places of those who have one.
@Suite("Strangers")
struct StrangerTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    private func registry(_ change: (inout ConnectionLimits) -> Void) -> ConnectionRegistry {
        var limits = ConnectionLimits()
        change(&limits)
        return ConnectionRegistry(limits: limits)
    }

    private static let request = "GET /who HTTP/1.1\r\nhost: h\r\n\r\n"

    @Test("One address has so many connections without a certificate and no more")
    func perAddress() async throws {
        let registry = registry { $0.strangersPerAddress = 2 }
        let tls = try network.client(nil)
        try await LiveHub.run(network, tls: network.server(.console), registry: registry) { hub in
            let first = try await RawClient.connect(to: hub.port, tls: tls)
            let second = try await RawClient.connect(to: hub.port, tls: tls)
            for client in [first, second] { #expect(try await client.exchange(Self.request).hasSuffix("nobody")) }
            let third = try await RawClient.connect(to: hub.port, tls: nil)
            try await third.closed()
            #expect(registry.counters.overAddress == 1)
            // A place that is given back can be taken again.
            try await first.channel.close()
            while registry.counters.sockets == 2 { await Task.yield() }
            #expect(await RawClient.answer(hub.port, tls, .any, Self.request)?.hasSuffix("nobody") == true)
        }
    }

    @Test("A connection whose certificate was read is no stranger's any more")
    func members() async throws {
        let registry = registry { $0.strangersPerAddress = 1 }
        let tls = try network.client(network.credentials(network.principal()))
        try await LiveHub.run(network, registry: registry) { hub in
            var clients: [RawClient] = []
            for _ in 0..<4 {
                let client = try await RawClient.connect(to: hub.port, tls: tls)
                #expect(try await client.exchange(Self.request).hasPrefix("HTTP/1.1 200"))
                clients.append(client)
            }
            #expect(registry.counters.overAddress == 0 && registry.counters.sockets == 4)
        }
    }

    @Test("Connections without a certificate are bounded altogether")
    func anonymous() async throws {
        let registry = registry { $0.anonymous = 1 }
        let tls = try network.client(nil)
        try await LiveHub.run(network, tls: network.server(.console), registry: registry) { hub in
            let first = try await RawClient.connect(to: hub.port, tls: tls)
            #expect(try await first.exchange(Self.request).hasSuffix("nobody"))
            let second = await RawClient.answer(hub.port, tls, .any, Self.request)
            #expect(second?.contains("too-many-connections") == true)
            try await first.channel.close()
            while registry.counters.sockets > 0 { await Task.yield() }
            #expect(await RawClient.answer(hub.port, tls, .any, Self.request)?.hasSuffix("nobody") == true)
        }
    }
}
