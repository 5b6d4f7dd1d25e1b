import NIOCore
import NIOHTTP2

/// Closes an HTTP/2 connection whose peer does not take part in its orderly end.
///
/// Hummingbird ends an idle or stopping connection with GOAWAY and PING and waits for the PING's acknowledgement
/// without limit (RFC 9113, 6.8 describes the exchange). A peer that never answers would keep its place for ever and
/// hold up the hub's stop. Stands between the HTTP/2 handler and Hummingbird's manager and sees their frames.
final class HTTP2FarewellTimer: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let patience: Duration
    private var timer: Scheduled<Void>?
    private var isAnswered = false

    /// - `patience`: from the GOAWAY to the peer's first sign of having read it.
    init(patience: Duration) { self.patience = patience }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .goAway = unwrapOutboundIn(data).payload, timer == nil, !isAnswered {
            timer = context.eventLoop.assumeIsolated()
                .scheduleTask(in: TimeAmount(patience)) {
                    ConnectionGuard.closeNow(context.channel)
                }
        }
        context.write(data, promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .ping(_, ack: true) = unwrapInboundIn(data).payload {
            isAnswered = true
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }
}
