import ConsiliumCore
import Foundation

/// Where the hub's time comes from; tests and simulations bring their own.
protocol HubClock: Sendable {
    func now() -> Instant
}

/// The machine's clock.
struct SystemClock: HubClock {
    func now() -> Instant {
        Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
}

extension Instant {
    var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1_000) }
    init(_ date: Date) { self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded())) }
}
