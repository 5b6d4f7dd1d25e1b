import HTTPTypes
package import HummingbirdCore
import HummingbirdHTTP2
package import Logging
package import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS

/// Hummingbird's connection for the hub: TLS, ALPN (HTTP/2 or HTTP/1.1), the peer's identity, admission, limits.
///
/// 1. The TLS settings are read from the box for each connection, so that a reload needs no restart.
/// 2. After the handshake, on the event loop, the certificate is read once into a `PeerIdentity`, entered into the
///    registry and shown to `admission`.
/// 3. Requests are handled with `PeerConnection.current` set; nothing is looked up per request.
/// 4. A peer that is refused gets one `403` with `{"code":"…"}` to its first request and is closed, so that the
///    client can say why; it never reaches the application.
package struct MutualTLSChannel: ServerChildChannel {
    package struct Value: ServerChildChannelValue {
        package let channel: any Channel
        let ready: EventLoopFuture<Ready>?
    }

    struct Ready: Sendable {
        let connection: PeerConnection
        let rejection: PeerRejection?
        let http: HTTP
    }

    enum HTTP: Sendable {
        case one(HTTP1Channel.Value)
        case two(HTTP2Channel.Value)
    }

    @TaskLocal private static var rejection: PeerRejection?

    private let listener: String
    private let tls: TLSContextBox
    private let network: String
    private let registry: ConnectionRegistry
    private let admission: Admission
    private let http1: HTTP1Channel
    private let http2: HTTP2Channel
    private let refusing1: HTTP1Channel
    private let refusing2: HTTP2Channel

    package init(
        listener: String,
        tls: TLSContextBox,
        network: String,
        registry: ConnectionRegistry,
        admission: @escaping Admission,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.listener = listener
        self.tls = tls
        self.network = network
        self.registry = registry
        self.admission = admission
        let limits = registry.limits
        let stream = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestHeadObserver(), RequestBodyWatch(registry: registry)],
            idleTimeout: TimeAmount(limits.idle),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerBytes,
                maxHeaderListSize: limits.headerBytes,
                maxHeaderFieldCount: 100
            )
        )
        let connection = HTTP2Channel.Configuration(
            idleTimeout: limits.idle,
            gracefulCloseTimeout: limits.headers,
            streamConfiguration: stream
        )
        http1 = HTTP1Channel(responder: responder, configuration: stream)
        http2 = HTTP2Channel(responder: responder, configuration: connection)
        refusing1 = HTTP1Channel(responder: Self.refuse, configuration: stream)
        refusing2 = HTTP2Channel(responder: Self.refuse, configuration: connection)
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard registry.takeSocket(channel, listener: listener) else {
            logger.debug("connection limit reached", metadata: ["remote": "\(RemoteAddress(channel.remoteAddress))"])
            channel.close(promise: nil)
            return channel.eventLoop.makeSucceededFuture(Value(channel: channel, ready: nil))
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ConnectionGuard(registry: registry, expectsHandshake: true))
            try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Ready> { protocolName, channel in
                begin(protocolName, on: channel, logger: logger)
            }
            try pipeline.addHandler(negotiation)
            return Value(channel: channel, ready: negotiation.protocolNegotiationResult)
        }
    }

    package func handle(value: Value, logger: Logger) async {
        guard let future = value.ready else { return }
        let ready: Ready
        do {
            ready = try await future.get()
        } catch {
            registry.count { $0.handshakesFailed += 1 }
            logger.debug(
                "handshake failed",
                metadata: [
                    "remote": "\(RemoteAddress(value.channel.remoteAddress))", "error": "\(error)",
                    "listener": "\(listener)",
                ]
            )
            ConnectionGuard.closeNow(value.channel)
            return
        }
        if let rejection = ready.rejection {
            await refuse(ready, rejection, on: value.channel, logger: logger)
            return
        }
        await PeerConnection.$current.withValue(ready.connection) {
            switch ready.http {
            case .one(let value): await http1.handle(value: value, logger: logger)
            case .two(let value): await http2.handle(value: value, logger: logger)
            }
        }
    }

    /// After the handshake, on the event loop: who is it, may they come in, and which HTTP do they speak?
    private func begin(
        _ negotiated: ALPNResult,
        on channel: any Channel,
        logger: Logger
    ) -> EventLoopFuture<Ready> {
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.handler(type: ConnectionGuard.self).handshakeFinished()
            let (connection, rejection) = try identify(channel)
            if case .negotiated("h2") = negotiated {
                let http = rejection == nil ? http2 : refusing2
                return http.setup(channel: channel, logger: logger)
                    .flatMapThrowing { value in
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(
                            HTTP2FarewellTimer(patience: registry.limits.headers),
                            position: .after(pipeline.handler(type: NIOHTTP2Handler.self))
                        )
                        return Ready(connection: connection, rejection: rejection, http: .two(value))
                    }
            }
            try pipeline.addHandler(RequestHeadTimer(registry: registry))
            let http = rejection == nil ? http1 : refusing1
            return http.setup(channel: channel, logger: logger)
                .map { value in
                    Ready(connection: connection, rejection: rejection, http: .one(value))
                }
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func identify(_ channel: any Channel) throws -> (PeerConnection, PeerRejection?) {
        let remote = RemoteAddress(channel.remoteAddress)
        let shown = try channel.pipeline.syncOperations.nioSSL_peerCertificate()
        let identity: PeerIdentity?
        do {
            identity = try self.identity(shown?.toDERBytes())
        } catch let rejection as PeerRejection {
            let stranger = PeerConnection(
                id: 0,
                listener: listener,
                identity: nil,
                remote: remote,
                openedAt: registry.now()
            )
            return (stranger, registry.refused(rejection))
        }
        return registry.open(channel, listener: listener, identity: identity, remote: remote, admission: admission)
    }

    /// Nil only on a console, for a peer that shows no certificate.
    private func identity(_ der: [UInt8]?) throws(PeerRejection) -> PeerIdentity? {
        if let der { return try PeerIdentity(der: der, network: network, now: registry.now()) }
        // TLS lets nobody come this far without one; should its settings ever be wrong, this still holds.
        guard tls.purpose == .console else { throw PeerRejection(.malformedCertificate, "none was shown") }
        return nil
    }

    private func refuse(_ ready: Ready, _ rejection: PeerRejection, on channel: any Channel, logger: Logger) async {
        logger.info(
            "peer refused",
            metadata: [
                "remote": "\(ready.connection.remote)", "code": "\(rejection.code.rawValue)",
                "principal": "\(ready.connection.identity?.principal.uri ?? "-")", "listener": "\(listener)",
            ]
        )
        channel.eventLoop.scheduleTask(in: TimeAmount(registry.limits.handshake)) { ConnectionGuard.closeNow(channel) }
        await Self.$rejection.withValue(rejection) {
            switch ready.http {
            case .one(let value): await refusing1.handle(value: value, logger: logger)
            case .two(let value): await refusing2.handle(value: value, logger: logger)
            }
        }
    }

    /// The only reply that a refused peer gets.
    private static let refuse: HTTPChannelHandler.Responder = { _, writer, channel in
        let code = rejection?.code ?? .principalUnknown
        let body = ByteBuffer(string: "{\"code\":\"\(code.rawValue)\"}")
        var head = HTTPResponse(status: .forbidden)
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.contentLength] = "\(body.readableBytes)"
        // An HTTP/2 stream has the connection as its parent and knows no `connection` field (RFC 9113, 8.2.2).
        let isStream = channel.parent?.parent != nil
        if !isStream { head.headerFields[.connection] = "close" }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        if !isStream { channel.close(mode: .output, promise: nil) }
    }
}

extension HTTPServerBuilder {
    /// Serves an `Application` over TLS with `MutualTLSChannel`.
    ///
    /// - `listener`: its name in `PeerConnection` and in logs.
    /// - `network`: the network whose principals may connect.
    package static func mutualTLS(
        listener: String,
        tls: TLSContextBox,
        network: String,
        registry: ConnectionRegistry,
        admission: @escaping Admission
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            MutualTLSChannel(
                listener: listener,
                tls: tls,
                network: network,
                registry: registry,
                admission: admission,
                responder: responder
            )
        }
    }
}
