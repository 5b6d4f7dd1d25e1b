import ConsiliumCore
import ConsiliumTransport
import NIOConcurrencyHelpers

/// Memory for request bodies and MLLP frames: what all in hand may hold together, and what one site may hold of it.
///
/// Body size, streams and connections are each bounded, and their product would still be more than any machine has.
final class BodyBudget: MemoryBudget {
    private struct State {
        var total = 0
        var bySite: [String: Int] = [:]
    }

    /// What one request holds; given back when it has been answered.
    final class Share: Sendable {
        private let budget: BodyBudget
        private let site: String
        private let held = NIOLockedValueBox(0)

        fileprivate init(_ budget: BodyBudget, site: String) {
            self.budget = budget
            self.site = site
        }

        /// - Throws: `busy` when the site or the hub holds too much already.
        func take(_ count: Int) throws(Refusal) {
            guard budget.take(count, site) else { throw Refusal(.busy) }
            held.withLockedValue { $0 += count }
        }

        fileprivate func end() {
            budget.give(
                held.withLockedValue { held in
                    defer { held = 0 }
                    return held
                },
                site
            )
        }
    }

    @TaskLocal static var current: Share?

    private let total: Int
    private let perSite: Int
    private let state = NIOLockedValueBox(State())

    /// - Parameters:
    ///   - total: bytes altogether.
    ///   - perSite: bytes of one site, or of all who show no certificate.
    init(total: Int = 512 << 20, perSite: Int = 128 << 20) {
        self.total = total
        self.perSite = perSite
    }

    /// Runs `body` with a share of its own.
    func share<Value>(_ body: () async throws -> Value) async throws -> Value {
        let share = Share(self, site: PeerConnection.current?.identity?.principal.site ?? "")
        defer { share.end() }
        return try await Self.$current.withValue(share) { try await body() }
    }

    func take(_ count: Int, _ site: String) -> Bool {
        state.withLockedValue { state in
            let held = state.bySite[site, default: 0]
            guard state.total + count <= total, held + count <= perSite else { return false }
            state.total += count
            state.bySite[site] = held + count
            return true
        }
    }

    func give(_ count: Int, _ site: String) {
        guard count > 0 else { return }
        state.withLockedValue { state in
            state.total -= count
            let left = (state.bySite[site] ?? 0) - count
            state.bySite[site] = left > 0 ? left : nil
        }
    }
}
