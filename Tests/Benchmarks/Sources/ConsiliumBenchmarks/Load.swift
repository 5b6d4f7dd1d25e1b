import Histogram
import NIOCore
import NIOSSL
import NIOTLS
import Synchronization

/// What a closed loop of connections has seen. Times are microseconds.
struct LoadFigures: Sendable {
    var completed = 0
    var failures = 0
    var firstFailure: String?
    var seconds = 0.0
    var latency = Histogram<UInt64>(highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: .three)

    var perSecond: Double { seconds > 0 ? Double(completed) / seconds : 0 }
    func microseconds(_ percentile: Double) -> UInt64 { latency.valueAtPercentile(percentile) }
}

/// Numbers of submissions; none comes twice within a hub's home.
final class Numbers: Sendable {
    private let last = Atomic<UInt64>(0)

    func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// Drives one kind of request over a fixed number of keep-alive connections, each sending the next request when the
/// answer to the last one is complete (closed loop). Everything happens on one event loop.
final class Load {
    private let request: Request
    private let numbers: Numbers
    private let limit: Int?
    private var open = 0
    private var started = 0
    private var isMeasuring = false
    private var isStopping = false
    private var beganAt: UInt64 = 0
    private(set) var figures = LoadFigures()
    /// Successes since the first request, also those outside the measured time.
    private(set) var succeeded = 0
    private let finished: EventLoopPromise<Void>

    /// `limit`: stop after so many requests; nil: until `stop`.
    init(_ request: Request, numbers: Numbers, limit: Int?, finished: EventLoopPromise<Void>) {
        self.request = request
        self.numbers = numbers
        self.limit = limit
        self.finished = finished
    }

    func begin() {
        let failures = figures
        figures = LoadFigures()
        figures.failures = failures.failures
        figures.firstFailure = failures.firstFailure
        isMeasuring = true
        beganAt = NIODeadline.now().uptimeNanoseconds
    }

    /// Ends the measured time; requests on their way are still answered.
    func stop() {
        guard !isStopping else { return }
        figures.seconds = Double(NIODeadline.now().uptimeNanoseconds - beganAt) / 1e9
        isMeasuring = false
        isStopping = true
    }

    fileprivate func opened() { open += 1 }

    fileprivate func closed() {
        open -= 1
        guard open == 0 else { return }
        stop()
        finished.succeed()
    }

    /// False: this connection has nothing more to send.
    fileprivate func next(into template: inout Template) -> Bool {
        if isStopping { return false }
        if let limit, started >= limit { return false }
        started += 1
        template.number(numbers.next())
        return true
    }

    fileprivate func answered(_ answer: Answer, sentAt: UInt64) {
        if answer.isSuccess {
            succeeded += 1
        } else {
            figures.failures += 1
            if figures.firstFailure == nil { figures.firstFailure = answer.excerpt }
        }
        guard isMeasuring, sentAt >= beganAt || limit != nil else { return }
        figures.completed += 1
        figures.latency.record((NIODeadline.now().uptimeNanoseconds - sentAt) / 1_000)
    }

    fileprivate func broke(_ reason: String) {
        figures.failures += 1
        if figures.firstFailure == nil { figures.firstFailure = reason }
    }

    /// One connection of the loop.
    final class Caller: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let load: Load
        private let wire: Request.Wire
        private var template: Template
        private var received = ByteBuffer()
        private var sentAt: UInt64 = 0
        private var isWaiting = false

        init(_ load: Load) {
            self.load = load
            wire = load.request.wire
            template = load.request.message
        }

        func channelActive(context: ChannelHandlerContext) {
            load.opened()
            context.fireChannelActive()
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted = event as? TLSUserEvent { send(context) }
            context.fireUserInboundEventTriggered(event)
        }

        private func send(_ context: ChannelHandlerContext) {
            guard load.next(into: &template) else {
                context.close(promise: nil)
                return
            }
            isWaiting = true
            sentAt = NIODeadline.now().uptimeNanoseconds
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: template.bytes)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var part = unwrapInboundIn(data)
            received.writeBuffer(&part)
            guard isWaiting, let answer = AnswerParser.next(wire, in: &received) else { return }
            isWaiting = false
            load.answered(answer, sentAt: sentAt)
            received.discardReadBytes()
            send(context)
        }

        func channelInactive(context: ChannelHandlerContext) {
            if isWaiting { load.broke("the hub closed a connection with a request on its way") }
            isWaiting = false
            load.closed()
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if case NIOSSLError.uncleanShutdown = error { return }
            if isWaiting { load.broke("\(error)") }
            isWaiting = false
            context.close(promise: nil)
        }
    }
}
