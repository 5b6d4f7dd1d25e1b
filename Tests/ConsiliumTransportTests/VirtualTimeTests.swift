import Foundation
import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Testing

@testable import ConsiliumTransport

/// Counts the reads that reach the socket.
private final class ReadCounter: ChannelOutboundHandler, Sendable {
    typealias OutboundIn = ByteBuffer
    let count = NIOLockedValue(0)

    func read(context: ChannelHandlerContext) {
        count.value += 1
        context.read()
    }
}

/// A memory budget of so many bytes altogether.
private final class Budget: MemoryBudget {
    let total: Int
    let held = NIOLockedValue(0)

    init(total: Int) { self.total = total }

    func take(_ bytes: Int, _ site: String) -> Bool {
        guard held.value + bytes <= total else { return false }
        held.value += bytes
        return true
    }

    func give(_ bytes: Int, _ site: String) { held.value -= bytes }
}

/// Stands where a request's body is read.
private final class ErrorCollector: ChannelInboundHandler, Sendable {
    typealias InboundIn = Any
    let errors: NIOLockedValue<[RequestBodyError]>

    init(errors: NIOLockedValue<[RequestBodyError]>) { self.errors = errors }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? RequestBodyError { errors.value.append(error) }
    }
}

/// Handlers on a channel without a socket, whose clock goes when the test says so.
@Suite("Time and backpressure, to the second")
struct VirtualTimeTests {
    private let registry = ConnectionRegistry()
    /// What who reads a request's body is told.
    private let errors = NIOLockedValue<[RequestBodyError]>([])

    private func address() throws -> SocketAddress { try SocketAddress(ipAddress: "127.0.0.1", port: 1) }

    /// An MLLP connection whose messages are answered when `answers` yields.
    private func mllp(
        _ change: (inout MLLPServerConfiguration) -> Void = { _ in },
        paused: NIOLockedValue<Bool> = NIOLockedValue(false),
        answers: AsyncStream<[UInt8]>
    ) async throws -> (channel: NIOAsyncTestingChannel, reads: ReadCounter) {
        var configuration = MLLPServerConfiguration(host: "", port: 0, tls: nil, network: "n")
        change(&configuration)
        let chosen = configuration
        let connection = PeerConnection(
            id: 1,
            listener: "mllp",
            identity: nil,
            remote: RemoteAddress(host: "127.0.0.1", port: 1),
            openedAt: Date()
        )
        let channel = NIOAsyncTestingChannel()
        let reads = ReadCounter()
        let registry = self.registry
        try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandlers([
                reads,
                ConnectionGuard(registry: registry, expectsHandshake: false),
                MLLPServerHandler(
                    connection: connection,
                    configuration: chosen,
                    isPaused: { paused.value },
                    logger: Logger(label: "mllp") { _ in SwiftLogNoOpLogHandler() }
                ) { _, _, _ in
                    for await answer in answers { return answer }
                    return nil
                },
            ])
        }
        try await channel.connect(to: address())
        return (channel, reads)
    }

    @Test("While a message is being handled the socket is not read; afterwards it is")
    func noReadWhileBusy() async throws {
        let (answers, answer) = AsyncStream<[UInt8]>.makeStream()
        let (channel, reads) = try await mllp(answers: answers)
        try await channel.writeInbound(ByteBuffer(string: "\u{0B}A\u{1C}\r"))
        let before = reads.count.value
        try await channel.testingEventLoop.executeInContext { channel.pipeline.read() }
        #expect(reads.count.value == before)
        answer.yield(Array("OK".utf8))
        let reply = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
        #expect(String(buffer: reply) == "\u{0B}OK\u{1C}\r")
        await channel.testingEventLoop.run()
        #expect(reads.count.value == before + 1)
        #expect(channel.isActive)
    }

    @Test("A frame counts against the hub's memory from its first byte to its reply, and nothing is left behind")
    func memory() async throws {
        let budget = Budget(total: 1_000)
        let (answers, answer) = AsyncStream<[UInt8]>.makeStream()
        let (channel, _) = try await mllp({ $0.memory = budget }, answers: answers)
        try await channel.writeInbound(ByteBuffer(string: "\u{0B}" + String(repeating: "A", count: 500)))
        #expect(budget.held.value == 500)
        try await channel.writeInbound(ByteBuffer(string: "\u{1C}\r"))
        #expect(budget.held.value == 500)
        answer.yield(Array("OK".utf8))
        _ = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
        #expect(budget.held.value == 0)
        // What stands between frames is thrown away and holds nothing.
        try await channel.writeInbound(ByteBuffer(string: "junk"))
        #expect(budget.held.value == 0)
        #expect(channel.isActive)
    }

    @Test("A frame for which there is no memory closes its connection, and gives back what it had")
    func noMemory() async throws {
        let budget = Budget(total: 1_000)
        let (answers, _) = AsyncStream<[UInt8]>.makeStream()
        let (first, _) = try await mllp({ $0.memory = budget }, answers: answers)
        let (second, _) = try await mllp({ $0.memory = budget }, answers: answers)
        try await first.writeInbound(ByteBuffer(string: "\u{0B}" + String(repeating: "A", count: 600)))
        try await second.writeInbound(ByteBuffer(string: "\u{0B}" + String(repeating: "A", count: 600)))
        #expect(first.isActive)
        #expect(!second.isActive)
        #expect(budget.held.value == 600)
        try await first.close()
        #expect(budget.held.value == 0)
    }

    @Test("A message in hand holds its memory until it is done, though its sender has gone")
    func memoryOutlivesConnection() async throws {
        let budget = Budget(total: 1_000)
        let (answers, answer) = AsyncStream<[UInt8]>.makeStream()
        let (channel, _) = try await mllp({ $0.memory = budget }, answers: answers)
        try await channel.writeInbound(ByteBuffer(string: "\u{0B}AAAA\u{1C}\r\u{0B}BB"))
        try await channel.close()
        #expect(budget.held.value == 4)
        answer.yield(Array("OK".utf8))
        while budget.held.value > 0 { await channel.testingEventLoop.run() }
        #expect(budget.held.value == 0)
    }

    @Test("A paused connection is not read until it is resumed")
    func noReadWhilePaused() async throws {
        let (answers, _) = AsyncStream<[UInt8]>.makeStream()
        let paused = NIOLockedValue(true)
        let (channel, reads) = try await mllp(paused: paused, answers: answers)
        let before = reads.count.value
        try await channel.testingEventLoop.executeInContext { channel.pipeline.read() }
        #expect(reads.count.value == before)
        try await channel.triggerUserOutboundEvent(MLLPServerHandler.ReadingResumed()).get()
        #expect(reads.count.value == before)
        paused.value = false
        try await channel.triggerUserOutboundEvent(MLLPServerHandler.ReadingResumed()).get()
        #expect(reads.count.value == before + 1)
    }

    @Test("A message has its time from its first byte, however often bytes come")
    func slowMessage() async throws {
        let (answers, _) = AsyncStream<[UInt8]>.makeStream()
        let (channel, _) = try await mllp({ $0.slowBody = .seconds(30) }, answers: answers)
        try await channel.writeInbound(ByteBuffer(string: "\u{0B}A"))
        for _ in 0..<29 {
            await channel.testingEventLoop.advanceTime(by: .seconds(1))
            try await channel.writeInbound(ByteBuffer(string: "x"))
        }
        #expect(channel.isActive)
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("A message that ends in 0x1C waits two seconds for its carriage return, and no longer than any message")
    func missingReturn() async throws {
        let (answers, answer) = AsyncStream<[UInt8]>.makeStream()
        answer.yield([0x42])
        let (channel, _) = try await mllp({ $0.missingReturn = .seconds(2) }, answers: answers)
        try await channel.writeInbound(ByteBuffer(string: "\u{0B}A\u{1C}"))
        await channel.testingEventLoop.advanceTime(by: .milliseconds(1_999))
        #expect(try await channel.readOutbound(as: ByteBuffer.self) == nil)
        await channel.testingEventLoop.advanceTime(by: .milliseconds(1))
        let reply = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
        #expect(String(buffer: reply) == "\u{0B}B\u{1C}\r")
    }

    @Test("After a lone 0x1C that was content, the message keeps its whole time")
    func missingReturnWithdrawn() async throws {
        let (answers, _) = AsyncStream<[UInt8]>.makeStream()
        let (channel, _) = try await mllp({ $0.slowBody = .seconds(30) }, answers: answers)
        try await channel.writeInbound(ByteBuffer(string: "\u{0B}A\u{1C}"))
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        try await channel.writeInbound(ByteBuffer(string: "B"))
        await channel.testingEventLoop.advanceTime(by: .seconds(28))
        #expect(channel.isActive)
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("An idle MLLP connection is closed after its time; a message begins it anew")
    func idle() async throws {
        let (answers, answer) = AsyncStream<[UInt8]>.makeStream()
        answer.yield([0x42])
        let (channel, _) = try await mllp({ $0.idle = .seconds(600) }, answers: answers)
        await channel.testingEventLoop.advanceTime(by: .seconds(599))
        try await channel.writeInbound(ByteBuffer(string: "\u{0B}A\u{1C}\r"))
        _ = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
        await channel.testingEventLoop.run()
        await channel.testingEventLoop.advanceTime(by: .seconds(599))
        #expect(channel.isActive)
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    /// The part of an HTTP/1.1 connection that watches over request heads.
    private func http() async throws -> NIOAsyncTestingChannel {
        let channel = NIOAsyncTestingChannel()
        let registry = self.registry
        let errors = self.errors
        try await channel.testingEventLoop.executeInContext {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ConnectionGuard(registry: registry, expectsHandshake: false))
            try pipeline.addHandler(RequestHeadTimer(registry: registry))
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(RequestHeadObserver())
            try pipeline.addHandler(RequestBodyWatch(registry: registry))
            try pipeline.addHandler(ErrorCollector(errors: errors))
        }
        try await channel.connect(to: address())
        return channel
    }

    @Test("A request's head has ten seconds from its first byte, however often bytes come")
    func slowHead() async throws {
        let channel = try await http()
        await channel.testingEventLoop.advanceTime(by: .seconds(60))
        #expect(channel.isActive)
        try await channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nx: "))
        for _ in 0..<9 {
            await channel.testingEventLoop.advanceTime(by: .seconds(1))
            try await channel.writeInbound(ByteBuffer(string: "x"))
        }
        #expect(channel.isActive)
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(registry.counters.headersTimedOut == 1)
    }

    @Test("The next head has its own ten seconds, and a slow body is not a slow head")
    func slowBody() async throws {
        let channel = try await http()
        try await channel.writeInbound(ByteBuffer(string: "POST / HTTP/1.1\r\nhost: h\r\ncontent-"))
        await channel.testingEventLoop.advanceTime(by: .seconds(9))
        try await channel.writeInbound(ByteBuffer(string: "length: 20\r\n\r\n"))
        for _ in 0..<20 {
            await channel.testingEventLoop.advanceTime(by: .seconds(1))
            try await channel.writeInbound(ByteBuffer(string: "x"))
        }
        #expect(channel.isActive)
        try await channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
        await channel.testingEventLoop.advanceTime(by: .seconds(9))
        #expect(channel.isActive)
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("A body has thirty seconds from its head, however often bytes come")
    func drippingBody() async throws {
        let channel = try await http()
        try await channel.writeInbound(ByteBuffer(string: "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 99\r\n\r\n"))
        for _ in 0..<29 {
            await channel.testingEventLoop.advanceTime(by: .seconds(1))
            try await channel.writeInbound(ByteBuffer(string: "x"))
        }
        #expect(channel.isActive)
        await channel.testingEventLoop.advanceTime(by: .milliseconds(1_001))
        #expect(!channel.isActive)
        #expect(registry.counters.bodiesTimedOut == 1)
        #expect(registry.counters.headersTimedOut == 0)
        #expect(errors.value == [.tooSlow])
    }

    @Test("What has come of a body earns it time, what was announced does not")
    func steadyBody() async throws {
        let channel = try await http()
        let size = 100 * registry.limits.bodyRate
        try await channel.writeInbound(
            ByteBuffer(string: "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: \(size + 1)\r\n\r\n")
        )
        for _ in 0..<100 {
            await channel.testingEventLoop.advanceTime(by: .seconds(1))
            try await channel.writeInbound(ByteBuffer(repeating: 0x78, count: registry.limits.bodyRate))
        }
        await channel.testingEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
        #expect(registry.counters.bodiesTimedOut == 1)
    }

    @Test("A whole body leaves no clock behind, and the next one has its own thirty seconds")
    func bodiesInTurn() async throws {
        let channel = try await http()
        for _ in 0..<3 {
            try await channel.writeInbound(
                ByteBuffer(string: "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\nx")
            )
            await channel.testingEventLoop.advanceTime(by: .seconds(29))
            try await channel.writeInbound(ByteBuffer(string: "x"))
            await channel.testingEventLoop.advanceTime(by: .seconds(60))
            #expect(channel.isActive)
        }
        #expect(registry.counters.bodiesTimedOut == 0)
        #expect(errors.value.isEmpty)
    }

    @Test("Half a body is never taken for a whole one")
    func cutBody() async throws {
        let channel = NIOAsyncTestingChannel()
        let registry = self.registry
        let errors = self.errors
        try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandlers([
                RequestBodyWatch(registry: registry), ErrorCollector(errors: errors),
            ])
        }
        try await channel.connect(to: address())
        let head = HTTPRequest(method: .post, scheme: "https", authority: "h", path: "/")
        try await channel.writeInbound(HTTPRequestPart.head(head))
        try await channel.writeInbound(HTTPRequestPart.body(ByteBuffer(string: "MSH|")))
        try await channel.close()
        #expect(errors.value == [.cutOff])
    }

    @Test("A handshake has five seconds, and a finished one no limit")
    func handshake() async throws {
        for finishes in [false, true] {
            let channel = NIOAsyncTestingChannel()
            let registry = self.registry
            try await channel.testingEventLoop.executeInContext {
                let watch = ConnectionGuard(registry: registry, expectsHandshake: true)
                try channel.pipeline.syncOperations.addHandler(watch)
                if finishes { watch.handshakeFinished() }
            }
            try await channel.connect(to: address())
            await channel.testingEventLoop.advanceTime(by: .milliseconds(4_999))
            #expect(channel.isActive)
            await channel.testingEventLoop.advanceTime(by: .milliseconds(1))
            #expect(channel.isActive == finishes)
        }
        #expect(registry.counters.handshakesTimedOut == 1)
    }
}
