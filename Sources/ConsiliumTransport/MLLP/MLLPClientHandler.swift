import Foundation
import NIOCore
import NIOSSL
import NIOTLS

/// One MLLP connection of a client, on its event loop.
final class MLLPClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Fulfilled when messages can be sent, with the member's node that was met; nil where none was expected.
    let ready: EventLoopPromise<PeerIdentity?>
    private let configuration: MLLPClient.Configuration
    private let eventLoop: any EventLoop
    private var parser: MLLPFrameParser
    private var context: ChannelHandlerContext?
    private var waiting: EventLoopPromise<[UInt8]>?
    private var deadline: Scheduled<Void>?
    private var failure: MLLPClientError?

    init(configuration: MLLPClient.Configuration, eventLoop: any EventLoop) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        ready = eventLoop.makePromise()
        parser = MLLPFrameParser(maximumFrame: configuration.maximumReply)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setDeadline(configuration.connectTimeout, .cannotReach("the handshake took too long"))
        if configuration.tls == nil, context.channel.isActive { becomeReady() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        fail(.closed)
    }

    func channelActive(context: ChannelHandlerContext) {
        if configuration.tls == nil { becomeReady() }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { handshakeFinished(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An unclean end of TLS is an end of the connection; a refused client certificate shows itself here, because
        // in TLS 1.3 the client's handshake is over before the server has looked at it (RFC 8446, 4.4.2.4).
        if case NIOSSLError.uncleanShutdown = error {
            fail(.closed)
        } else {
            fail(MLLPClientError(connecting: error))
        }
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data).readableBytesView)
        do throws(MLLPError) {
            guard let frame = try parser.next() else { return }
            answer(frame, context)
        } catch {
            fail(.frame(error))
            context.close(promise: nil)
        }
    }

    func send(_ bytes: [UInt8]) -> EventLoopFuture<[UInt8]> {
        guard let context, context.channel.isActive, failure == nil else {
            return eventLoop.makeFailedFuture(failure ?? .closed)
        }
        guard waiting == nil else { return eventLoop.makeFailedFuture(MLLPClientError.busy) }
        var buffer = context.channel.allocator.buffer(capacity: bytes.count + 3)
        do throws(MLLPError) {
            try MLLPFrame.write(bytes, into: &buffer)
        } catch {
            return eventLoop.makeFailedFuture(MLLPClientError.frame(error))
        }
        let promise = eventLoop.makePromise(of: [UInt8].self)
        waiting = promise
        setDeadline(configuration.replyTimeout, .replyTimedOut)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        return promise.futureResult
    }

    private func handshakeFinished(_ context: ChannelHandlerContext) {
        let shown = (try? context.pipeline.syncOperations.nioSSL_peerCertificate()) ?? nil
        let der = try? shown?.toDERBytes()
        let now = Date()
        guard configuration.tls?.accepts(der, now: now) ?? true else {
            fail(.cannotTrust("the certificate is not of a node of the site that is to be reached"))
            context.close(promise: nil)
            return
        }
        becomeReady(configuration.tls?.member(der, now: now))
    }

    private func becomeReady(_ peer: PeerIdentity? = nil) {
        deadline?.cancel()
        deadline = nil
        ready.succeed(peer)
    }

    private func answer(_ frame: MLLPFrame, _ context: ChannelHandlerContext) {
        guard let promise = waiting else {
            // An answer to nothing would be taken for the answer to the next message.
            fail(.closed)
            context.close(promise: nil)
            return
        }
        waiting = nil
        deadline?.cancel()
        deadline = nil
        promise.succeed(frame.bytes)
    }

    private func setDeadline(_ time: Duration, _ error: MLLPClientError) {
        deadline?.cancel()
        deadline = eventLoop.assumeIsolated()
            .scheduleTask(in: TimeAmount(time)) {
                if error == .replyTimedOut, let frame = self.parser.flush(), let context = self.context {
                    self.answer(frame, context)
                    return
                }
                self.fail(error)
                self.context?.close(promise: nil)
            }
    }

    private func fail(_ error: MLLPClientError) {
        if failure == nil { failure = error }
        deadline?.cancel()
        deadline = nil
        ready.fail(failure ?? error)
        waiting?.fail(failure ?? error)
        waiting = nil
    }
}
