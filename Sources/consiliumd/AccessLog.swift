import ConsiliumCore
import ConsiliumLedger
import NIOConcurrencyHelpers

/// Disclosures of clinical content. The first read of something by a principal is written within a second; its further
/// reads in the five minutes after are counted, and written as one record when these have passed or the hub stops.
final class AccessLog: Sendable {
    private struct Key: Hashable {
        var caseID: CaseID
        var principal: Principal
        var content: AccessEvent.Content
    }

    /// A window that began with a read on record.
    private struct Window {
        var began: Instant
        var further: AccessEntry?
    }

    private struct State {
        var windows: [Key: Window] = [:]
        var waiting: [AccessEntry] = []
    }

    static let window = Span.minutes(5)

    private let state = NIOLockedValueBox(State())

    func note(_ id: CaseID, by principal: Principal, for site: SiteID, content: AccessEvent.Content, at now: Instant) {
        let key = Key(caseID: id, principal: principal, content: content)
        let entry = AccessEntry(
            caseID: id,
            principal: principal,
            site: site,
            content: content,
            firstAt: now,
            count: 1
        )
        state.withLockedValue { state in
            if let window = state.windows[key], now - window.began < Self.window {
                if window.further == nil {
                    state.windows[key]?.further = entry
                } else {
                    state.windows[key]?.further?.count += 1
                }
                return
            }
            if let further = state.windows[key]?.further { state.waiting.append(further) }
            state.windows[key] = Window(began: now)
            state.waiting.append(entry)
        }
    }

    /// What is to be written now; `isLast` ends every window.
    func take(at now: Instant, isLast: Bool = false) -> [AccessEntry] {
        state.withLockedValue { state in
            var entries = state.waiting
            state.waiting = []
            for (key, window) in state.windows where isLast || now - window.began >= Self.window {
                if let further = window.further { entries.append(further) }
                state.windows[key] = nil
            }
            return entries.sorted { ($0.firstAt, $0.caseID) < ($1.firstAt, $1.caseID) }
        }
    }

    /// Gives back what could not be written.
    func restore(_ entries: [AccessEntry]) { state.withLockedValue { $0.waiting += entries } }
}
