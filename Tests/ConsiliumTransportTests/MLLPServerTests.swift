import Foundation
import Logging
import NIOCore
import Testing

@testable import ConsiliumTransport

@Suite("MLLP over the wire")
struct MLLPServerTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    private static func logger() -> Logger {
        var logger = Logger(label: "mllp")
        logger.logLevel = .critical
        return logger
    }

    private func server(
        tls: Bool = true,
        registry: ConnectionRegistry = ConnectionRegistry(),
        admission: @escaping Admission = { _ in nil },
        change: (inout MLLPServerConfiguration) -> Void = { _ in },
        handler: @escaping MLLPServer.Handler = { frame, _, _ in Array("ACK:".utf8) + frame.bytes }
    ) throws -> MLLPServer {
        var configuration = MLLPServerConfiguration(
            host: "127.0.0.1",
            port: 0,
            tls: tls ? try network.server(.mllp) : nil,
            network: network.name
        )
        change(&configuration)
        return MLLPServer(
            configuration: configuration,
            registry: registry,
            admission: admission,
            logger: Self.logger(),
            handler: handler
        )
    }

    private func client(
        _ port: Int,
        _ credentials: Credentials?,
        tls: Bool = true,
        reply: Duration = .seconds(10)
    ) async throws -> MLLPClient {
        var configuration = MLLPClient.Configuration(
            host: "127.0.0.1",
            port: port,
            tls: tls ? try network.client(credentials) : nil
        )
        configuration.replyTimeout = reply
        return try await MLLPClient.connect(configuration)
    }

    @Test("Messages and acknowledgements go to and fro, and the server knows who sends")
    func roundTrip() async throws {
        let principal = try network.principal()
        let seen = NIOLockedValue<[PrincipalName?]>([])
        try await server(handler: { frame, identity, remote in
            seen.value.append(identity?.principal)
            #expect(remote.host == "127.0.0.1")
            #expect(PeerConnection.current?.identity == identity)
            return frame.bytes.reversed()
        })
        .run { port, _ in
            let client = try await client(port, network.credentials(principal))
            for count in [0, 1, 1_000, 1_000_000] {
                let message = (0..<count).map { UInt8($0 % 10) }
                #expect(try await client.send(message) == message.reversed())
            }
            await client.close()
        }
        #expect(seen.value == Array(repeating: principal, count: 4))
    }

    @Test("Plain MLLP works inside a hospital and has no identity")
    func plain() async throws {
        try await server(tls: false, handler: { _, identity, _ in identity == nil ? [0x41] : nil })
            .run { port, _ in
                let client = try await client(port, nil, tls: false)
                #expect(try await client.send([0x42]) == [0x41])
                await client.close()
            }
    }

    @Test("Plain MLLP takes only the addresses it is told to")
    func allowed() async throws {
        let elsewhere = try #require(AddressRange("10.0.0.0/8"))
        let here = try #require(AddressRange("127.0.0.0/8"))
        try await server(tls: false, change: { $0.allow = [elsewhere] })
            .run { port, _ in
                let client = try await RawClient.connect(to: port, tls: nil)
                try await client.closed()
            }
        try await server(tls: false, change: { $0.allow = [elsewhere, here] })
            .run { port, _ in
                let client = try await client(port, nil, tls: false)
                #expect(try await client.send([0x42]) == Array("ACK:B".utf8))
                await client.close()
            }
    }

    @Test("A sender without a certificate, or with a refused one, is not heard")
    func refused() async throws {
        let heard = NIOLockedValue(0)
        let registry = ConnectionRegistry()
        let good = try network.credentials(network.principal())
        try await server(
            registry: registry,
            admission: { _ in PeerRejection(.principalUnknown) },
            handler: { _, _, _ in
                heard.value += 1
                return []
            }
        )
        .run { port, _ in
            for credentials in [nil, good] {
                await #expect(throws: MLLPClientError.self) {
                    let client = try await client(port, credentials)
                    _ = try await client.send([0x41])
                }
            }
        }
        #expect(heard.value == 0)
        #expect(registry.counters.refused == [.principalUnknown: 1])
        #expect(registry.counters.admitted == 0)
    }

    @Test("Several messages in one go are answered one after the other, in order")
    func pipelined() async throws {
        let running = NIOLockedValue((now: 0, most: 0))
        try await server(
            tls: false,
            handler: { frame, _, _ in
                running.value = (running.value.now + 1, max(running.value.most, running.value.now + 1))
                await Task.yield()
                running.value.now -= 1
                return frame.bytes
            }
        )
        .run { port, _ in
            let client = try await RawClient.connect(to: port, tls: nil)
            try await client.send((0..<100).map { "\u{0B}message \($0)\u{1C}\r" }.joined())
            var text = ""
            while !text.hasSuffix("message 99\u{1C}\r") { text += try await client.receive() }
            #expect(text == (0..<100).map { "\u{0B}message \($0)\u{1C}\r" }.joined())
        }
        #expect(running.value.most == 1)
    }

    @Test("While a message is being handled nothing more is read")
    func backpressure() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (began, begin) = AsyncStream<Void>.makeStream()
        try await server(
            tls: false,
            handler: { frame, _, _ in
                begin.yield()
                for await _ in gate { break }
                return frame.bytes.prefix(1).map { $0 }
            }
        )
        .run { port, _ in
            let client = try await RawClient.connect(to: port, tls: nil)
            try await client.send("\u{0B}A\u{1C}\r")
            for await _ in began { break }
            // More than all buffers on the way take: the write can only finish once the server reads again.
            let flood = "\u{0B}B" + String(repeating: "x", count: 3 << 20) + "\u{1C}\r"
            let written = NIOLockedValue(false)
            let sending = Task {
                for _ in 0..<8 { try await client.send(flood) }
                written.value = true
            }
            for _ in 0..<2_000 { await Task.yield() }
            #expect(!written.value)
            for _ in 0..<9 { open.yield() }
            var text = ""
            while text.count < 9 * 4 { text += try await client.receive() }
            try await sending.value
            #expect(text.filter { $0 == "A" || $0 == "B" } == "ABBBBBBBB")
        }
    }

    @Test("A paused server leaves messages unread and takes them up again")
    func pause() async throws {
        let heard = NIOLockedValue(0)
        let credentials = try network.credentials(network.principal())
        try await server(handler: { frame, _, _ in
            heard.value += 1
            return frame.bytes
        })
        .run { port, server in
            let client = try await client(port, credentials)
            #expect(try await client.send([1]) == [1])
            server.pauseReading()
            // One read may have been under way when the pause began.
            let first = Task { try await client.send([2]) }
            for _ in 0..<1_000 { await Task.yield() }
            let before = heard.value
            #expect(before <= 2)
            server.resumeReading()
            #expect(try await first.value == [2])
            #expect(heard.value == 2)
            await client.close()
        }
    }

    @Test("A handler that gives no answer closes the connection")
    func noAnswer() async throws {
        let credentials = try network.credentials(network.principal())
        try await server(handler: { _, _, _ in nil })
            .run { port, _ in
                let client = try await client(port, credentials)
                await #expect(throws: MLLPClientError.closed) { try await client.send([0x41]) }
                #expect(!client.isOpen)
                await #expect(throws: MLLPClientError.closed) { try await client.send([0x41]) }
            }
    }

    @Test("An answer that MLLP cannot carry closes the connection instead of confusing the sender")
    func unframeableAnswer() async throws {
        let credentials = try network.credentials(network.principal())
        try await server(handler: { _, _, _ in [0x41, 0x1C, 0x0D, 0x42] })
            .run { port, _ in
                let client = try await client(port, credentials)
                await #expect(throws: MLLPClientError.closed) { try await client.send([0x41]) }
            }
    }

    @Test("A message without its last carriage return is taken after a moment, or when the sender has said all")
    func missingReturn() async throws {
        try await server(tls: false, change: { $0.missingReturn = .milliseconds(10) })
            .run { port, _ in
                let client = try await RawClient.connect(to: port, tls: nil)
                #expect(try await client.exchange("\u{0B}A\u{1C}") == "\u{0B}ACK:A\u{1C}\r")
                #expect(try await client.exchange("\r\u{0B}B\u{1C}\r") == "\u{0B}ACK:B\u{1C}\r")
            }
        try await server(tls: false)
            .run { port, _ in
                let client = try await RawClient.connect(to: port, tls: nil)
                try await client.send("\u{0B}A\u{1C}\r\u{0B}B\u{1C}")
                try await client.channel.close(mode: .output)
                var text = ""
                while !text.hasSuffix("B\u{1C}\r") { text += try await client.receive() }
                #expect(text == "\u{0B}ACK:A\u{1C}\r\u{0B}ACK:B\u{1C}\r")
                try await client.closed()
            }
    }

    @Test("A message that drips in is cut off, though bytes keep coming")
    func slowBody() async throws {
        try await server(tls: false, change: { $0.slowBody = .milliseconds(50) })
            .run { port, _ in
                let client = try await RawClient.connect(to: port, tls: nil)
                let drip = Task {
                    try await client.send("\u{0B}")
                    while client.channel.isActive { try await client.send("x") }
                }
                try await client.closed()
                drip.cancel()
            }
    }

    @Test("A silent connection is closed after the idle time")
    func idle() async throws {
        try await server(tls: false, change: { $0.idle = .milliseconds(20) })
            .run { port, _ in
                let client = try await RawClient.connect(to: port, tls: nil)
                try await client.closed()
            }
    }

    @Test("What is too large, or no MLLP at all, closes the connection")
    func limits() async throws {
        for text in [
            "\u{0B}" + String(repeating: "x", count: 200), String(repeating: "GET / HTTP/1.1\r\n", count: 5_000),
        ] {
            try await server(tls: false, change: { $0.maximumFrame = 100 })
                .run { port, _ in
                    let client = try await RawClient.connect(to: port, tls: nil)
                    try await client.send(text)
                    try await client.closed()
                }
        }
    }

    @Test("A revoked sender's connection is closed at once")
    func revocation() async throws {
        let registry = ConnectionRegistry()
        let principal = try network.principal()
        let credentials = try network.credentials(principal)
        try await server(registry: registry)
            .run { port, _ in
                let client = try await client(port, credentials)
                _ = try await client.send([0x41])
                #expect(registry.close { $0.identity?.principal == principal && $0.listener == "mllp" } == 1)
                await #expect(throws: MLLPClientError.self) {
                    while true { _ = try await client.send([0x41]) }
                }
            }
    }

    @Test("Stopping answers the message in hand and closes the rest")
    func stop() async throws {
        let (began, begin) = AsyncStream<Void>.makeStream()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let credentials = try network.credentials(network.principal())
        try await server(handler: { frame, _, _ in
            begin.yield()
            for await _ in gate { break }
            return frame.bytes
        })
        .run { port, server in
            let busy = try await client(port, credentials)
            let answer = Task { try await busy.send([0x41]) }
            for await _ in began { break }
            async let stopped: Void = server.stop(grace: .seconds(10))
            open.yield()
            #expect(try await answer.value == [0x41])
            await stopped
            await #expect(throws: MLLPClientError.self) { try await client(port, credentials) }
        }
    }

    @Test("Stopping does not wait for ever for a handler that does not end")
    func stopWithGrace() async throws {
        let (began, begin) = AsyncStream<Void>.makeStream()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let credentials = try network.credentials(network.principal())
        try await server(handler: { _, _, _ in
            begin.yield()
            for await _ in gate { break }
            return []
        })
        .run { port, server in
            let busy = try await client(port, credentials)
            let answer = Task { try await busy.send([0x41]) }
            for await _ in began { break }
            await server.stop(grace: .milliseconds(20))
            await #expect(throws: MLLPClientError.self) { try await answer.value }
            open.yield()
        }
    }

    @Test("A client waits only so long, sends one message at a time, and tells why it cannot connect")
    func clientErrors() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let credentials = try network.credentials(network.principal())
        let other = try TestNetwork(name: "other.network")
        try await server(handler: { frame, _, _ in
            for await _ in gate { break }
            return frame.bytes
        })
        .run { port, _ in
            let patient = try await client(port, credentials)
            try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        do {
                            return try await patient.send([1])
                        } catch MLLPClientError.busy {
                            return nil
                        }
                    }
                }
                // The one that came second is turned away at once; only then may the first be answered.
                let turnedAway = try await group.next()
                #expect(turnedAway == .some(nil))
                open.yield()
                let answered = try await group.next()
                #expect(answered == [1])
            }
            await #expect(throws: MLLPClientError.frame(.endBlockInside)) { try await patient.send([0x1C, 0x0D]) }

            let hasty = try await client(port, credentials, reply: .milliseconds(20))
            await #expect(throws: MLLPClientError.replyTimedOut) { try await hasty.send([3]) }
            await #expect(throws: MLLPClientError.replyTimedOut) { try await hasty.send([4]) }
            open.finish()

            let stranger = MLLPClient.Configuration(host: "127.0.0.1", port: port, tls: try other.client(nil))
            let failure = await #expect(throws: MLLPClientError.self) { try await MLLPClient.connect(stranger) }
            guard case .cannotTrust? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
        let nobody = MLLPClient.Configuration(host: "127.0.0.1", port: 1, tls: nil)
        let failure = await #expect(throws: MLLPClientError.self) { try await MLLPClient.connect(nobody) }
        guard case .cannotReach? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }
}

extension MLLPServer {
    /// Serves on a free port while `body` runs.
    fileprivate func run<Result>(_ body: (Int, MLLPServer) async throws -> Result) async throws -> Result {
        let port = try await start()
        do {
            let result = try await body(port, self)
            await stop(grace: .milliseconds(10))
            return result
        } catch {
            await stop(grace: .milliseconds(10))
            throw error
        }
    }
}
