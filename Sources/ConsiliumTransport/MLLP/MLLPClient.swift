import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// Why a message could not be sent or was not answered.
package enum MLLPClientError: Error, Hashable, Sendable {
    /// No connection: refused, unknown host, time over.
    case cannotReach(String)
    /// A connection, but no trust: certificate, name or TLS version.
    case cannotTrust(String)
    /// The message was sent; whether it was taken is unknown.
    case replyTimedOut
    /// The peer closed the connection before it answered; whether the message was taken is unknown.
    case closed
    /// Another message waits for its answer.
    case busy
    case frame(MLLPError)
}

/// One connection to an MLLP server: one message in flight, no reconnecting of its own.
///
/// After any error but `busy` and `frame(.endBlockInside)` the connection is closed: a late acknowledgement must not
/// be taken for the answer to the next message. The caller connects again.
package final class MLLPClient: Sendable {
    package struct Configuration: Sendable {
        package var host: String
        package var port: Int
        /// Nil for plain MLLP.
        package var tls: ClientTLS?
        package var connectTimeout: Duration = .seconds(5)
        package var replyTimeout: Duration = .seconds(30)
        /// Largest reply in bytes.
        package var maximumReply = 4 << 20

        package init(host: String, port: Int, tls: ClientTLS?) {
            self.host = host
            self.port = port
            self.tls = tls
        }
    }

    /// The member's node that takes the messages, where `ClientTLS` was told to expect one; nil anywhere else.
    package let peer: PeerIdentity?
    private let channel: any Channel
    private let handler: NIOLoopBound<MLLPClientHandler>

    private init(channel: any Channel, handler: NIOLoopBound<MLLPClientHandler>, peer: PeerIdentity?) {
        self.channel = channel
        self.handler = handler
        self.peer = peer
    }

    /// Connects and, with TLS, finishes the handshake.
    package static func connect(_ configuration: Configuration) async throws(MLLPClientError) -> MLLPClient {
        do {
            let timeout = TimeAmount(configuration.connectTimeout)
            let (channel, handler, ready) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(timeout)
                .channelOption(.socketOption(.tcp_nodelay), value: 1)
                .connect(host: configuration.host, port: configuration.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let tls = configuration.tls {
                            try channel.pipeline.syncOperations.addHandler(tls.handler(host: configuration.host))
                        }
                        let handler = MLLPClientHandler(configuration: configuration, eventLoop: channel.eventLoop)
                        try channel.pipeline.syncOperations.addHandler(handler)
                        return (
                            channel, NIOLoopBound(handler, eventLoop: channel.eventLoop), handler.ready.futureResult
                        )
                    }
                }
            return MLLPClient(channel: channel, handler: handler, peer: try await ready.get())
        } catch {
            throw MLLPClientError(connecting: error)
        }
    }

    /// Sends one message and gives back the next frame that comes.
    package func send(_ bytes: [UInt8]) async throws(MLLPClientError) -> [UInt8] {
        let handler = self.handler
        let future = channel.eventLoop.flatSubmit { handler.value.send(bytes) }
        do {
            return try await future.get()
        } catch let error as MLLPClientError {
            throw error
        } catch {
            throw .closed
        }
    }

    package var isOpen: Bool { channel.isActive }

    /// Returns when the connection has ended, by whichever side.
    package func closed() async { try? await channel.closeFuture.get() }

    package func close() async {
        do {
            try await channel.close()
        } catch {
            // Closed already; that is what was wanted.
            return
        }
    }
}

extension MLLPClientError {
    init(connecting error: any Error) {
        switch error {
        case let error as MLLPClientError: self = error
        case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
            self = .cannotReach("the connection was closed during the handshake")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .cannotTrust("\(error)")
        default: self = .cannotReach("\(error)")
        }
    }
}
