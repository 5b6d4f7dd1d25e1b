import ConsiliumCore
import ConsiliumLedger
import NIOConcurrencyHelpers

/// Disclosures of clinical content: written in batches at most a second after; repeated reads by one principal within
/// five minutes are one record.
final class AccessLog: Sendable {
    private struct Key: Hashable {
        var caseID: CaseID
        var principal: Principal
        var content: AccessEvent.Content
    }

    private struct State {
        var recent: [Key: Instant] = [:]
        var pending: [Key: AccessEntry] = [:]
    }

    static let window = Span.minutes(5)

    private let state = NIOLockedValueBox(State())

    func note(_ id: CaseID, by principal: Principal, for site: SiteID, content: AccessEvent.Content, at now: Instant) {
        let key = Key(caseID: id, principal: principal, content: content)
        state.withLockedValue { state in
            if state.pending[key] != nil {
                state.pending[key]?.count += 1
            } else if let last = state.recent[key], now - last < Self.window {
                return
            } else {
                state.recent[key] = now
                state.pending[key] = AccessEntry(
                    caseID: id,
                    principal: principal,
                    site: site,
                    content: content,
                    firstAt: now,
                    count: 1
                )
            }
        }
    }

    /// What is to be written now.
    func take(at now: Instant) -> [AccessEntry] {
        state.withLockedValue { state in
            defer { state.pending = [:] }
            if state.recent.count > 10_000 { state.recent = state.recent.filter { now - $0.value < Self.window } }
            return state.pending.values.sorted { ($0.firstAt, $0.caseID) < ($1.firstAt, $1.caseID) }
        }
    }

    /// Gives back what could not be written.
    func restore(_ entries: [AccessEntry]) {
        state.withLockedValue { state in
            for entry in entries {
                state.pending[Key(caseID: entry.caseID, principal: entry.principal, content: entry.content)] = entry
            }
        }
    }
}
