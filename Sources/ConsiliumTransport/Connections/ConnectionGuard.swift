import NIOCore

/// The first handler of every connection, nearest to the socket, below TLS.
///
/// 1. Closes the socket when the handshake takes too long.
/// 2. Closes it when the peer does not take what is written to it.
/// 3. Closes it at once when told so, without waiting for TLS to say goodbye: a revoked peer has no claim to that.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Sent down the pipeline from any thread: close the socket now.
    private struct CloseNow: Sendable {}

    private let registry: ConnectionRegistry
    private var handshake: Scheduled<Void>?
    private var stalled: Scheduled<Void>?
    private var isShakingHands: Bool

    /// - `expectsHandshake`: false for a connection without TLS.
    init(registry: ConnectionRegistry, expectsHandshake: Bool) {
        self.registry = registry
        isShakingHands = expectsHandshake
    }

    static func closeNow(_ channel: any Channel) { channel.triggerUserOutboundEvent(CloseNow(), promise: nil) }

    /// Call on the event loop once the handshake is done.
    func handshakeFinished() {
        isShakingHands = false
        handshake?.cancel()
        handshake = nil
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard isShakingHands else { return }
        handshake = context.eventLoop.assumeIsolated()
            .scheduleTask(in: TimeAmount(registry.limits.handshake)) {
                self.registry.count { $0.handshakesTimedOut += 1 }
                context.close(mode: .all, promise: nil)
            }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        handshake?.cancel()
        handshake = nil
        stalled?.cancel()
        stalled = nil
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled = nil
        if !context.channel.isWritable {
            stalled = context.eventLoop.assumeIsolated()
                .scheduleTask(in: TimeAmount(registry.limits.stalledWrite)) {
                    self.registry.count { $0.stalled += 1 }
                    context.close(mode: .all, promise: nil)
                }
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A stopping server owes nothing to a peer that has not even finished its handshake.
        if event is ChannelShouldQuiesceEvent, isShakingHands { context.close(mode: .all, promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is CloseNow else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        context.close(mode: .all, promise: promise)
    }
}
