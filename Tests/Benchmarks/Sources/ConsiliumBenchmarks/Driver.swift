import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// The load generator's side of one hub: an event loop, and credentials of the two sites that submit.
final class Driver {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let hub: HubProcess
    private let numbers = Numbers()
    /// Submissions that the hub has acknowledged.
    private(set) var submitted = 0
    private let http: NIOSSLContext
    private let mllp: NIOSSLContext

    init(hub: HubProcess, fhir: Member, hl7: Member) throws {
        self.hub = hub
        http = try fhir.context(protocols: ["http/1.1"])
        mllp = try hl7.context(protocols: [])
    }

    func close() throws { try group.syncShutdownGracefully() }

    /// Measures for some seconds after a warm-up. Any refusal or broken connection fails the run.
    /// `meanwhile` runs at the start of the measured time.
    func measure(
        _ request: Request,
        connections: Int,
        warmUp: Double,
        seconds: Double,
        meanwhile: () -> Void = {}
    ) throws -> LoadRun {
        let running = try start(request, connections: connections, limit: nil)
        let load = running.load
        let loop = loop
        try loop.scheduleTask(in: Self.time(warmUp)) {}.futureResult.wait()
        let before = try hub.sample()
        // The loop that sends also ends the measured time, whatever this thread is doing then.
        let end =
            try loop.submit {
                load.value.begin()
                return loop.scheduleTask(in: Self.time(seconds)) { load.value.stop() }.futureResult
            }
            .wait()
        meanwhile()
        try end.wait()
        let after = try hub.sample()
        try running.finished.wait()
        let figures = try finish(request, load)
        return LoadRun(request, connections, figures, before, after)
    }

    /// Sends so many requests and returns when the last is answered.
    func send(
        _ request: Request,
        count: Int,
        connections: Int,
        progress: (LoadFigures) -> Void = { _ in }
    ) throws -> LoadRun {
        let before = try hub.sample()
        let running = try start(request, connections: connections, limit: count)
        let load = running.load
        var isDone = false
        while !isDone {
            let deadline = loop.scheduleTask(in: .seconds(10)) { false }
            running.finished.map { true }.whenComplete { _ in deadline.cancel() }
            do { isDone = try deadline.futureResult.wait() } catch { isDone = true }
            if !isDone { progress(try loop.submit { load.value.figures }.wait()) }
        }
        let after = try hub.sample()
        let figures = try finish(request, load)
        return LoadRun(request, connections, figures, before, after)
    }

    private static func time(_ seconds: Double) -> TimeAmount { .nanoseconds(Int64(seconds * 1e9)) }

    private var loop: any EventLoop { group.next() }

    private struct Running {
        var load: NIOLoopBound<Load>
        var finished: EventLoopFuture<Void>
    }

    private func start(_ request: Request, connections: Int, limit: Int?) throws -> Running {
        let loop = loop
        let numbers = numbers
        let context = request.wire == .http ? http : mllp
        let port = request.wire == .http ? hub.port("api") : hub.port("mllp")
        let finished = loop.makePromise(of: Void.self)
        let load =
            try loop.flatSubmit {
                let load = Load(request, numbers: numbers, limit: limit, finished: finished)
                if limit != nil { load.begin() }
                let bound = NIOLoopBound(load, eventLoop: loop)
                let bootstrap = ClientBootstrap(group: loop)
                    .channelOption(.socketOption(.tcp_nodelay), value: 1)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandlers([
                                try NIOSSLClientHandler(context: context, serverHostname: nil),
                                Load.Caller(bound.value),
                            ])
                        }
                    }
                let opening = (0..<connections)
                    .map { _ in bootstrap.connect(host: "127.0.0.1", port: port).map { _ in } }
                return EventLoopFuture.andAllSucceed(opening, on: loop).map { bound }
            }
            .wait()
        return Running(load: load, finished: finished.futureResult)
    }

    private func finish(_ request: Request, _ load: NIOLoopBound<Load>) throws -> LoadFigures {
        let (figures, succeeded) = try loop.submit { (load.value.figures, load.value.succeeded) }.wait()
        if request.isSubmission { submitted += succeeded }
        guard figures.failures == 0 else {
            throw BenchmarkError(
                "\(figures.failures) failures of \(request.name); the first: \(figures.firstFailure ?? "")"
            )
        }
        guard figures.completed > 0 else { throw BenchmarkError("no answer to \(request.name)") }
        return figures
    }
}

/// One measured run against the hub.
struct LoadRun {
    var request: String
    var connections: Int
    var figures: LoadFigures
    /// CPU seconds of the hub's process, all threads.
    var hubCPU: Double
    /// CPU seconds of the load generator.
    var driverCPU: Double
    var commits: Int
    var inputs: Int

    init(_ request: Request, _ connections: Int, _ figures: LoadFigures, _ before: HubSample, _ after: HubSample) {
        self.request = request.name
        self.connections = connections
        self.figures = figures
        hubCPU = after.cpu - before.cpu
        driverCPU = after.driverCPU - before.driverCPU
        commits = after.commits - before.commits
        inputs = after.inputs - before.inputs
    }

    /// Microseconds of the hub's CPU for one request.
    var hubMicroseconds: Double { hubCPU * 1e6 / Double(max(1, figures.completed)) }
    var perCommit: Double { Double(inputs) / Double(max(1, commits)) }
}
