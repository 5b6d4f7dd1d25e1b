import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

@testable import ConsiliumTransport

/// A value behind a lock, for closures of tests.
final class NIOLockedValue<Value: Sendable>: Sendable {
    private let box: NIOLockedValueBox<Value>
    init(_ value: Value) { box = NIOLockedValueBox(value) }
    var value: Value {
        get { box.withLockedValue { $0 } }
        set { box.withLockedValue { $0 = newValue } }
    }
}

/// A TCP or TLS connection that does exactly what a test says: half a request, a wrong protocol, nothing at all.
final class RawClient: Sendable {
    let channel: any Channel
    let negotiated: String?
    /// Of the server's certificate.
    let peerFingerprint: String?
    private let handler: NIOLoopBound<Collector>

    private init(channel: any Channel, handshake: Handshake, handler: NIOLoopBound<Collector>) {
        self.channel = channel
        negotiated = handshake.negotiated
        peerFingerprint = handshake.peerFingerprint
        self.handler = handler
    }

    struct Handshake: Sendable {
        var negotiated: String?
        var peerFingerprint: String?
    }

    /// Collects what comes; fulfils a waiting promise with each piece, or with the end.
    final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var text = ""
        var waiting: EventLoopPromise<String>?
        var error: (any Error)?
        let handshake: EventLoopPromise<Handshake>

        init(_ handshake: EventLoopPromise<Handshake>) { self.handshake = handshake }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
                let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate()?.toDERBytes()
                let certificate = shown.flatMap { try? NetworkCertificate(der: $0) }
                handshake.succeed(Handshake(negotiated: negotiated, peerFingerprint: certificate?.fingerprint))
            }
            context.fireUserInboundEventTriggered(event)
        }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            if let promise = waiting.take() {
                promise.succeed(text)
                text = ""
            }
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.error = self.error ?? error
            handshake.fail(error)
            context.close(promise: nil)
        }
        func channelInactive(context: ChannelHandlerContext) {
            handshake.fail(error ?? ChannelError.eof)
            waiting.take()?.fail(error ?? ChannelError.eof)
            context.fireChannelInactive()
        }
    }

    /// Connects and finishes the handshake; `tls` is nil for plain TCP.
    static func connect(
        to port: Int,
        tls: ClientTLS?,
        protocols: [String] = [],
        maximum: TLSVersion? = nil
    ) async throws -> RawClient {
        var context: NIOSSLContext?
        if let tls {
            var settings = tls.configuration
            settings.applicationProtocols = protocols
            if let maximum {
                settings.minimumTLSVersion = .tlsv12
                settings.maximumTLSVersion = maximum
            }
            context = try NIOSSLContext(configuration: settings)
        }
        let sslContext = context
        let (channel, handler, handshake) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let promise = channel.eventLoop.makePromise(of: Handshake.self)
                    let collector = Collector(promise)
                    if let sslContext {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: sslContext, serverHostname: nil)
                        )
                    } else {
                        promise.succeed(Handshake())
                    }
                    try channel.pipeline.syncOperations.addHandler(collector)
                    return (channel, NIOLoopBound(collector, eventLoop: channel.eventLoop), promise.futureResult)
                }
            }
        return RawClient(channel: channel, handshake: try await handshake.get(), handler: handler)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func send(bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// The next piece of text that comes; throws when the connection ends instead.
    func receive() async throws -> String {
        let handler = self.handler
        return try await channel.eventLoop
            .flatSubmit { [channel] in
                let collector = handler.value
                if !collector.text.isEmpty {
                    defer { collector.text = "" }
                    return channel.eventLoop.makeSucceededFuture(collector.text)
                }
                guard channel.isActive else {
                    return channel.eventLoop.makeFailedFuture(collector.error ?? ChannelError.eof)
                }
                let promise = channel.eventLoop.makePromise(of: String.self)
                collector.waiting = promise
                return promise.futureResult
            }
            .get()
    }

    func exchange(_ text: String) async throws -> String {
        try await send(text)
        return try await receive()
    }

    /// Returns when the connection has been closed.
    func closed() async throws { try await channel.closeFuture.get() }
}
