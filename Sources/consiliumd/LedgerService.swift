import ConsiliumCore
import ConsiliumLedger
import Dispatch
import Foundation
import Logging
import NIOConcurrencyHelpers
import ServiceLifecycle

/// The ledger's own thread: takes what has arrived, lets the ledger decide and commit it together, and answers.
///
/// While one group is being synced the next one gathers. A group also waits, for at most a millisecond, for inputs that
/// are being prepared at that moment: under load that halves the commits, and somebody alone never waits.
final class LedgerService: Sendable {
    private struct Waiting: Sendable {
        var input: Input
        var resume: @Sendable (Result<Receipt, InputFailure>) -> Void
    }

    private struct State {
        var queue: [Waiting] = []
        /// Inputs in preparation.
        var arriving = 0
        var isStopping = false
        var hasStopped = false
        var onStop: [CheckedContinuation<Void, Never>] = []
    }

    /// Counters for metrics and benchmarks.
    struct Figures: Sendable {
        var groups = 0
        var inputs = 0
        var largestGroup = 0
        var refused = 0
        var storeFailures = 0
        var busy = 0
    }

    private let state = NIOLockedValueBox(State())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let snapshot: NIOLockedValueBox<Network>
    private let governed: NIOLockedValueBox<Governance>
    private let counted = NIOLockedValueBox(Figures())
    private let depth: Int
    private let clock: any HubClock
    private let logger: Logger
    private let onEffects: @Sendable (Ledger.Effects) -> Void
    let store: Store

    /// The directory as of the last commit.
    var network: Network { snapshot.withLockedValue { $0 } }
    /// Registers, samples and assessments as of the last commit.
    var governance: Governance { governed.withLockedValue { $0 } }
    var figures: Figures { counted.withLockedValue { $0 } }
    var queueDepth: Int { state.withLockedValue { $0.queue.count } }

    /// Opens the ledger on a thread of its own and returns when it serves.
    init(
        store: Store,
        intake: Intake,
        depth: Int,
        clock: any HubClock,
        logger: Logger,
        onEffects: @escaping @Sendable (Ledger.Effects) -> Void
    ) async throws {
        self.store = store
        self.depth = depth
        self.clock = clock
        self.logger = logger
        self.onEffects = onEffects
        snapshot = NIOLockedValueBox(Network(name: ""))
        governed = NIOLockedValueBox(Governance())
        try await withCheckedThrowingContinuation { (ready: CheckedContinuation<Void, any Error>) in
            let thread = Thread { [self] in
                do {
                    let ledger = try Ledger(
                        store: store,
                        intake: intake,
                        entropy: SystemEntropy(),
                        now: clock.now()
                    )
                    snapshot.withLockedValue { $0 = ledger.network }
                    governed.withLockedValue { $0 = ledger.governance }
                    ready.resume()
                    serve(ledger)
                } catch {
                    ready.resume(throwing: error)
                }
            }
            thread.name = "ledger"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Somebody begins to prepare an input.
    func expect() -> Arrival {
        state.withLockedValue { $0.arriving += 1 }
        return Arrival { [self] in
            let isLast = state.withLockedValue { state -> Bool in
                state.arriving -= 1
                return state.arriving == 0 && !state.queue.isEmpty
            }
            if isLast { wakeUp.signal() }
        }
    }

    /// Decides and commits one input. Refused with `busy` when too many wait already.
    func execute(_ input: Input, _ arrival: Arrival? = nil) async -> Result<Receipt, InputFailure> {
        await withCheckedContinuation { continuation in
            enqueue(input) { continuation.resume(returning: $0) }
            arrival?.end()
        }
    }

    private func enqueue(_ input: Input, resume: @escaping @Sendable (Result<Receipt, InputFailure>) -> Void) {
        enum Turn { case first, queued, full, stopping }
        let turn = state.withLockedValue { state -> Turn in
            if state.isStopping { return .stopping }
            if state.queue.count >= depth { return .full }
            state.queue.append(Waiting(input: input, resume: resume))
            return state.queue.count == 1 || state.queue.count == Self.fullGroup ? .first : .queued
        }
        switch turn {
        case .first: wakeUp.signal()
        case .queued: break
        case .full, .stopping:
            counted.withLockedValue { $0.busy += 1 }
            resume(.failure(.refused(Refusal(.busy))))
        }
    }

    private func serve(_ ledger: Ledger) {
        var hasMore = false
        while true {
            if !hasMore { wait(until: ledger.nextDeadline) }
            gather()
            let (batch, isStopping) = state.withLockedValue { state -> ([Waiting], Bool) in
                let batch = state.queue
                state.queue.removeAll(keepingCapacity: true)
                return (batch, state.isStopping)
            }
            let now = clock.now()
            let isDue = ledger.nextDeadline.map { $0 <= now } ?? false
            if !batch.isEmpty || isDue || hasMore {
                hasMore = step(ledger, batch, now)
            } else if isStopping {
                break
            }
        }
        let waiting = state.withLockedValue { state -> [CheckedContinuation<Void, Never>] in
            state.hasStopped = true
            defer { state.onStop = [] }
            return state.onStop
        }
        for continuation in waiting { continuation.resume() }
    }

    private static let fullGroup = 32
    private static let gathering = DispatchTimeInterval.milliseconds(1)

    private func gather() {
        let end = DispatchTime.now() + Self.gathering
        func isWorthWaiting() -> Bool {
            state.withLockedValue { state in
                (1..<Self.fullGroup).contains(state.queue.count) && state.arriving > 0 && !state.isStopping
            }
        }
        while isWorthWaiting(), wakeUp.wait(timeout: end) == .success {}
    }

    private func step(_ ledger: Ledger, _ batch: [Waiting], _ now: Instant) -> Bool {
        let outcome = ledger.step(now: now, inputs: batch.map(\.input))
        if let network = outcome.network { snapshot.withLockedValue { $0 = network } }
        if let governance = outcome.governance { governed.withLockedValue { $0 = governance } }
        var refused = 0
        var failed = 0
        for (waiting, result) in zip(batch, outcome.results) {
            switch result {
            case .success: break
            case .failure(.refused): refused += 1
            case .failure(let failure):
                failed += 1
                logger.error("ledger failure", metadata: ["failure": "\(failure)"])
            }
            waiting.resume(result)
        }
        counted.withLockedValue { figures in
            figures.groups += 1
            figures.inputs += batch.count
            figures.largestGroup = max(figures.largestGroup, batch.count)
            figures.refused += refused
            figures.storeFailures += failed
        }
        if outcome.isFenced {
            logger.critical("another hub took over this ledger; stopping")
            state.withLockedValue { $0.isStopping = true }
            kill(getpid(), SIGTERM)
            return false
        }
        for (id, problem) in outcome.effects.failures {
            logger.error("a case was put aside", metadata: ["case": "\(id)", "problem": "\(problem)"])
        }
        onEffects(outcome.effects)
        return outcome.hasMore
    }

    private func wait(until deadline: Instant?) {
        guard let deadline else {
            _ = wakeUp.wait(timeout: .now() + .seconds(3_600))
            return
        }
        let milliseconds = max(0, min(3_600_000, (deadline - clock.now()).milliseconds))
        _ = wakeUp.wait(timeout: .now() + .milliseconds(Int(milliseconds)))
    }

    /// Commits what waits, takes no more, and returns when the thread has ended.
    func stop() async {
        await withCheckedContinuation { continuation in
            let hasStopped = state.withLockedValue { state -> Bool in
                state.isStopping = true
                if !state.hasStopped { state.onStop.append(continuation) }
                return state.hasStopped
            }
            if hasStopped { continuation.resume() } else { wakeUp.signal() }
        }
    }
}

/// An input in preparation, for which the group in the making waits a moment.
final class Arrival: Sendable {
    private let onEnd: NIOLockedValueBox<(@Sendable () -> Void)?>

    init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = NIOLockedValueBox(onEnd) }

    /// It has arrived, or will not. Once is enough; letting go of it ends it too.
    func end() { onEnd.withLockedValue { $0.take() }?() }

    deinit { end() }
}

extension LedgerService: Service {
    func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }
}
