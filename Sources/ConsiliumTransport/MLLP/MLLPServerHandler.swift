import Logging
import NIOCore

/// One MLLP connection of a server: takes one frame at a time, hands it over, writes the reply, then reads on.
///
/// While a message is being handled nothing is read from the socket, so a sender that does not wait for its
/// acknowledgements is slowed down by TCP. States: *reading* (→ busy when a frame is whole) and *busy* (→ reading when
/// the reply is written, → closed when there is none).
///
/// What a frame holds in memory, from its first byte to its reply, counts against `MLLPServerConfiguration.memory`. Where
/// that has no room the connection is closed: the sender, left without an acknowledgement, sends again.
final class MLLPServerHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Sent down the pipeline: look again whether reading is allowed.
    struct ReadingResumed: Sendable {}

    private let connection: PeerConnection
    private let configuration: MLLPServerConfiguration
    private let isPaused: @Sendable () -> Bool
    private let handle: MLLPServer.Handler
    private let logger: Logger
    private var parser: MLLPFrameParser
    private var isBusy = false
    private var holdsRead = false
    /// The sender has said all; what it sent is still answered.
    private var inputEnded = false
    /// The server stops; only the message in hand is still answered.
    private var isStopping = false
    private var frameBegan = NIODeadline.uptimeNanoseconds(0)
    private var deadline: Scheduled<Void>?
    /// Bytes of the message that is being handled.
    private var inHand = 0
    private var isRemoved = false
    /// Bytes counted against the memory budget.
    private var counted = 0

    init(
        connection: PeerConnection,
        configuration: MLLPServerConfiguration,
        isPaused: @escaping @Sendable () -> Bool,
        logger: Logger,
        handle: @escaping MLLPServer.Handler
    ) {
        self.connection = connection
        self.configuration = configuration
        self.isPaused = isPaused
        self.logger = logger
        self.handle = handle
        parser = MLLPFrameParser(maximumFrame: configuration.maximumFrame)
    }

    func handlerAdded(context: ChannelHandlerContext) { setDeadline(context) }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        isRemoved = true
        _ = countMemory()
    }

    private var site: String { connection.identity?.principal.site ?? "" }

    /// Counts what is held now; false when there is no room for it, which never happens when less is held than before.
    ///
    /// A message in hand outlives its connection.
    private func countMemory() -> Bool {
        guard let memory = configuration.memory else { return true }
        let change = (isRemoved ? 0 : parser.buffered) + inHand - counted
        if change > 0 {
            guard memory.take(change, site) else { return false }
        } else if change < 0 {
            memory.give(-change, site)
        }
        counted += change
        return true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let wasInside = parser.isInsideFrame
        parser.append(unwrapInboundIn(data).readableBytesView)
        guard countMemory() else {
            logger.info(
                "no memory for an MLLP frame",
                metadata: ["remote": "\(connection.remote)", "listener": "\(connection.listener)"]
            )
            ConnectionGuard.closeNow(context.channel)
            return
        }
        takeFrame(context)
        _ = countMemory()
        guard !isBusy, parser.isInsideFrame else { return }
        // The time of a frame counts from its first byte; further bytes do not prolong it.
        if !wasInside { frameBegan = context.eventLoop.now }
        if !wasInside || parser.awaitsReturn { setDeadline(context) }
    }

    func read(context: ChannelHandlerContext) {
        if isBusy || isPaused() {
            holdsRead = true
        } else {
            context.read()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isStopping = true
            if !isBusy { context.close(promise: nil) }
        case ChannelEvent.inputClosed:
            inputEnded = true
            if !isBusy { endOfInput(context) }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is ReadingResumed else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        if !isBusy { readOn(context) }
        promise?.succeed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.debug("MLLP connection failed", metadata: metadata(error))
        ConnectionGuard.closeNow(context.channel)
    }

    private func takeFrame(_ context: ChannelHandlerContext) {
        guard !isBusy else { return }
        do throws(MLLPError) {
            if let frame = try parser.next() { begin(frame, context) }
        } catch {
            logger.info("bytes that are not MLLP", metadata: metadata(error))
            ConnectionGuard.closeNow(context.channel)
        }
    }

    private func begin(_ frame: MLLPFrame, _ context: ChannelHandlerContext) {
        isBusy = true
        deadline?.cancel()
        deadline = nil
        inHand = frame.bytes.count
        let reply = context.eventLoop.makePromise(of: [UInt8]?.self)
        let connection = self.connection
        let handle = self.handle
        reply.completeWithTask {
            await PeerConnection.$current.withValue(connection) {
                await handle(frame, connection.identity, connection.remote)
            }
        }
        reply.futureResult.assumeIsolated()
            .whenComplete { result in
                if case .success(let bytes) = result { self.finish(bytes, context) }
            }
    }

    private func finish(_ reply: [UInt8]?, _ context: ChannelHandlerContext) {
        isBusy = false
        inHand = 0
        _ = countMemory()
        guard context.channel.isActive else { return }
        guard let reply else {
            context.close(promise: nil)
            return
        }
        var buffer = context.channel.allocator.buffer(capacity: reply.count + 3)
        do throws(MLLPError) {
            try MLLPFrame.write(reply, into: &buffer)
        } catch {
            logger.error("a reply that MLLP cannot carry", metadata: metadata(error))
            ConnectionGuard.closeNow(context.channel)
            return
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        if isStopping {
            context.close(promise: nil)
            return
        }
        takeFrame(context)
        guard !isBusy else { return }
        if inputEnded {
            endOfInput(context)
            return
        }
        frameBegan = context.eventLoop.now
        setDeadline(context)
        readOn(context)
    }

    /// A message that lacks only its last byte is answered; a shorter one is no message.
    private func endOfInput(_ context: ChannelHandlerContext) {
        if let frame = parser.flush() {
            begin(frame, context)
        } else {
            context.close(promise: nil)
        }
    }

    private func readOn(_ context: ChannelHandlerContext) {
        guard holdsRead, !isPaused() else { return }
        holdsRead = false
        context.read()
    }

    private func setDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let now = context.eventLoop.now
        var time = now + TimeAmount(configuration.idle)
        if parser.isInsideFrame {
            time = frameBegan + TimeAmount(configuration.slowBody)
            if parser.awaitsReturn { time = min(time, now + TimeAmount(configuration.missingReturn)) }
        }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.deadlineReached(context) }
    }

    private func deadlineReached(_ context: ChannelHandlerContext) {
        deadline = nil
        if let frame = parser.flush() {
            begin(frame, context)
            return
        }
        if parser.isInsideFrame, context.eventLoop.now < frameBegan + TimeAmount(configuration.slowBody) {
            setDeadline(context)
            return
        }
        logger.debug(
            parser.isInsideFrame ? "MLLP frame too slow" : "MLLP connection idle",
            metadata: ["remote": "\(connection.remote)"]
        )
        ConnectionGuard.closeNow(context.channel)
    }

    private func metadata(_ error: any Error) -> Logger.Metadata {
        ["remote": "\(connection.remote)", "listener": "\(connection.listener)", "error": "\(error)"]
    }
}
