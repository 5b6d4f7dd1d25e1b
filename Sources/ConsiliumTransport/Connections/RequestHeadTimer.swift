import NIOCore
import NIOHTTPTypes

/// Closes an HTTP/1.1 connection whose peer sends a request's head too slowly ("slowloris").
///
/// Stands between TLS and the HTTP decoder and sees bytes; `RequestHeadObserver` stands behind the decoder and tells
/// it what they became. Only a head that does not come in one piece costs a timer.
final class RequestHeadTimer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let registry: ConnectionRegistry
    private var timer: Scheduled<Void>?
    private var headsSeen: UInt64 = 0
    private var isInsideRequest = false

    init(registry: ConnectionRegistry) { self.registry = registry }

    func headComplete() {
        headsSeen &+= 1
        isInsideRequest = true
    }

    func requestComplete() { isInsideRequest = false }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let before = headsSeen
        let wasInside = isInsideRequest
        context.fireChannelRead(data)
        if headsSeen != before || wasInside {
            timer?.cancel()
            timer = nil
        } else if timer == nil {
            timer = context.eventLoop.assumeIsolated()
                .scheduleTask(in: TimeAmount(registry.limits.headers)) {
                    self.registry.count { $0.headersTimedOut += 1 }
                    ConnectionGuard.closeNow(context.channel)
                }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }
}

/// Tells `RequestHeadTimer` where one request ends and the next begins.
final class RequestHeadObserver: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private var timer: RequestHeadTimer?

    func handlerAdded(context: ChannelHandlerContext) {
        // HTTP/2 streams use the same settings and have no timer: their frames are bounded by the connection.
        timer = try? context.pipeline.syncOperations.handler(type: RequestHeadTimer.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: timer?.headComplete()
        case .body: break
        case .end: timer?.requestComplete()
        }
        context.fireChannelRead(data)
    }
}
