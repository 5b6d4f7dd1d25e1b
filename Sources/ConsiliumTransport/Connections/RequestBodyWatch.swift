import NIOCore
import NIOHTTPTypes

/// Why a request's body did not come to its end.
package enum RequestBodyError: Error, Hashable, Sendable {
    /// It did not keep to `ConnectionLimits.body` and `bodyRate`.
    case tooSlow
    /// The connection or the stream ended before it.
    case cutOff
}

/// Watches over the bodies of the requests of one HTTP/1.1 connection, or of one HTTP/2 stream.
///
/// 1. A body that comes too slowly ends its connection, or its stream: one byte every few seconds would keep a request
///    and its share of memory for ever. What has come earns time, what was announced does not.
/// 2. An end before the body's end is an error. Who reads the body would take it for the body's end otherwise, and half a
///    message for a message.
///
/// A body that comes together with its head costs no timer.
final class RequestBodyWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let registry: ConnectionRegistry
    private var timer: Scheduled<Void>?
    private var isInsideBody = false
    private var began = NIODeadline.uptimeNanoseconds(0)
    private var received = 0

    init(registry: ConnectionRegistry) { self.registry = registry }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isInsideBody = true
            began = context.eventLoop.now
            received = 0
        case .body(let part): received += part.readableBytes
        case .end: finish()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isInsideBody, timer == nil { setTimer(context) }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isInsideBody {
            finish()
            context.fireErrorCaught(RequestBodyError.cutOff)
        }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish() }

    private func finish() {
        isInsideBody = false
        timer?.cancel()
        timer = nil
    }

    /// Until when the next of the body must have come.
    private var deadline: NIODeadline {
        let limits = registry.limits
        return began + TimeAmount(limits.body)
            + .milliseconds(Int64(received) * 1_000 / Int64(max(1, limits.bodyRate)))
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated()
            .scheduleTask(deadline: deadline) {
                self.timer = nil
                guard self.isInsideBody else { return }
                if context.eventLoop.now < self.deadline { self.setTimer(context) } else { self.end(context) }
            }
    }

    private func end(_ context: ChannelHandlerContext) {
        finish()
        registry.count { $0.bodiesTimedOut += 1 }
        context.fireErrorCaught(RequestBodyError.tooSlow)
        // An HTTP/2 stream has the connection as its parent and ends alone.
        if context.channel.parent?.parent != nil {
            context.close(promise: nil)
        } else {
            ConnectionGuard.closeNow(context.channel)
        }
    }
}
