import ConsiliumCore
import NIOConcurrencyHelpers
import NIOCore

/// Tells whoever waits for news of a site; counts only go up, so that a cursor misses nothing.
final class Signals: Sendable {
    private struct State {
        var counts: [SiteID: Int] = [:]
        var waiters: [SiteID: [UInt64: @Sendable (Int) -> Void]] = [:]
        var next: UInt64 = 0
    }

    private let state = NIOLockedValueBox(State())
    /// Counts of an earlier process are all below this one's.
    private let start: Int

    init(start: Instant) { self.start = Int(start.milliseconds) }

    func count(of site: SiteID) -> Int { state.withLockedValue { $0.counts[site] ?? start } }

    func raise(_ sites: Set<SiteID>) {
        guard !sites.isEmpty else { return }
        let woken = state.withLockedValue { state -> [(@Sendable (Int) -> Void, Int)] in
            var woken: [(@Sendable (Int) -> Void, Int)] = []
            for site in sites {
                let count = (state.counts[site] ?? start) + 1
                state.counts[site] = count
                for waiter in (state.waiters.removeValue(forKey: site) ?? [:]).values { woken.append((waiter, count)) }
            }
            return woken
        }
        for (waiter, count) in woken { waiter(count) }
    }

    /// Returns as soon as the site's count is above `after`, or after `timeout`.
    func wait(_ site: SiteID, after: Int, timeout: TimeAmount, on loop: any EventLoop) async -> Int {
        let promise = loop.makePromise(of: Int.self)
        let (id, current) = state.withLockedValue { state -> (UInt64?, Int) in
            let count = state.counts[site] ?? start
            if count > after { return (nil, count) }
            state.next += 1
            let id = state.next
            state.waiters[site, default: [:]][id] = { promise.succeed($0) }
            return (id, count)
        }
        guard let id else {
            promise.succeed(current)
            return current
        }
        let timer = loop.scheduleTask(in: timeout) { [self] in
            let waiting = state.withLockedValue { $0.waiters[site]?.removeValue(forKey: id) }
            waiting?(current)
        }
        let count = (try? await promise.futureResult.get()) ?? current
        timer.cancel()
        return count
    }
}
