package import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOExtras
import NIOPosix
import NIOSSL
import NIOTLS

/// A listener for HL7 messages over MLLP, with mutual TLS or, inside a hospital, plain.
package final class MLLPServer: Sendable {
    /// Gets one message and gives back the acknowledgement; nil closes the connection without one.
    ///
    /// Called for one message at a time per connection, with `PeerConnection.current` set. It goes on when the sender
    /// disconnects meanwhile: what was taken in is finished.
    package typealias Handler = @Sendable (MLLPFrame, PeerIdentity?, RemoteAddress) async -> [UInt8]?

    private struct State {
        var listener: (any Channel)?
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isPaused = false
    }

    private let configuration: MLLPServerConfiguration
    private let registry: ConnectionRegistry
    private let admission: Admission
    private let logger: Logger
    private let handler: Handler
    private let group: any EventLoopGroup
    private let quiescing: ServerQuiescingHelper
    private let state = NIOLockedValueBox(State())

    package init(
        configuration: MLLPServerConfiguration,
        registry: ConnectionRegistry,
        admission: @escaping Admission,
        logger: Logger,
        handler: @escaping Handler
    ) {
        self.configuration = configuration
        self.registry = registry
        self.admission = admission
        self.logger = logger
        self.handler = handler
        group = MultiThreadedEventLoopGroup.singleton
        quiescing = ServerQuiescingHelper(group: group)
    }

    /// Binds the port and begins to accept; returns the port.
    package func start() async throws -> Int {
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        self.quiescing.makeServerChannelHandler(channel: channel)
                    )
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in self.accept(channel) }
            .bind(host: configuration.host, port: configuration.port)
            .get()
        state.withLockedValue { $0.listener = channel }
        return channel.localAddress?.port ?? configuration.port
    }

    /// Accepts nobody any more, closes idle connections, lets messages in hand be answered; after `grace` closes all.
    package func stop(grace: Duration) async {
        guard let listener = state.withLockedValue({ $0.listener.take() }) else { return }
        let done = listener.eventLoop.makePromise(of: Void.self)
        quiescing.initiateShutdown(promise: done)
        let limit = listener.eventLoop.scheduleTask(in: TimeAmount(grace)) {
            for channel in self.state.withLockedValue({ Array($0.channels.values) }) {
                ConnectionGuard.closeNow(channel)
            }
        }
        do {
            try await done.futureResult.get()
        } catch {
            logger.debug("MLLP listener closed", metadata: ["error": "\(error)"])
        }
        limit.cancel()
    }

    /// Stops reading on all connections, for a hub that cannot keep up; messages in hand are answered.
    package func pauseReading() { state.withLockedValue { $0.isPaused = true } }

    /// Reads again.
    package func resumeReading() {
        let channels = state.withLockedValue { state in
            state.isPaused = false
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.triggerUserOutboundEvent(MLLPServerHandler.ReadingResumed(), promise: nil)
        }
    }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        let remote = RemoteAddress(channel.remoteAddress)
        let isAllowed =
            configuration.tls != nil || configuration.allow.isEmpty
            || configuration.allow.contains { $0.contains(remote) }
        guard isAllowed, registry.takeSocket(channel, listener: configuration.listener) else {
            logger.info(
                isAllowed ? "connection limit reached" : "address not allowed",
                metadata: ["remote": "\(remote)", "listener": "\(configuration.listener)"]
            )
            return channel.close()
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ConnectionGuard(registry: registry, expectsHandshake: configuration.tls != nil))
            guard let tls = configuration.tls else {
                try begin(channel, identity: nil, remote: remote)
                return
            }
            try pipeline.addHandler(NIOSSLServerHandler(context: tls.context))
            try pipeline.addHandler(MLLPHandshakeHandler(server: self, registry: registry, logger: logger))
        }
    }

    /// After the handshake, on the event loop. Throws a `PeerRejection` when the peer is not let in.
    func handshakeFinished(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.handler(type: ConnectionGuard.self).handshakeFinished()
        guard let shown = try pipeline.nioSSL_peerCertificate() else { throw PeerRejection(.malformedCertificate) }
        let identity: PeerIdentity
        do {
            identity = try PeerIdentity(
                der: try shown.toDERBytes(),
                network: configuration.network,
                now: registry.now()
            )
        } catch let rejection as PeerRejection {
            throw registry.refused(rejection)
        }
        try begin(channel, identity: identity, remote: RemoteAddress(channel.remoteAddress))
    }

    private func begin(_ channel: any Channel, identity: PeerIdentity?, remote: RemoteAddress) throws {
        let (connection, rejection) = registry.open(
            channel,
            listener: configuration.listener,
            identity: identity,
            remote: remote,
            admission: admission
        )
        if let rejection { throw rejection }
        let key = ObjectIdentifier(channel)
        state.withLockedValue { $0.channels[key] = channel }
        channel.closeFuture.whenComplete { _ in self.state.withLockedValue { _ = $0.channels.removeValue(forKey: key) }
        }
        try channel.pipeline.syncOperations.addHandler(
            MLLPServerHandler(
                connection: connection,
                configuration: configuration,
                isPaused: { self.state.withLockedValue(\.isPaused) },
                logger: logger,
                handle: handler
            )
        )
    }
}

/// Waits for the end of the TLS handshake, then makes way for `MLLPServerHandler`.
private final class MLLPHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let server: MLLPServer
    private let registry: ConnectionRegistry
    private let logger: Logger

    init(server: MLLPServer, registry: ConnectionRegistry, logger: Logger) {
        self.server = server
        self.registry = registry
        self.logger = logger
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted? = event as? TLSUserEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        do {
            try server.handshakeFinished(context.channel)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            let code = (error as? PeerRejection)?.code.rawValue ?? "\(error)"
            logger.info(
                "peer refused",
                metadata: ["remote": "\(RemoteAddress(context.channel.remoteAddress))", "code": "\(code)"]
            )
            ConnectionGuard.closeNow(context.channel)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        registry.count { $0.handshakesFailed += 1 }
        logger.debug(
            "handshake failed",
            metadata: ["remote": "\(RemoteAddress(context.channel.remoteAddress))", "error": "\(error)"]
        )
        ConnectionGuard.closeNow(context.channel)
    }
}
