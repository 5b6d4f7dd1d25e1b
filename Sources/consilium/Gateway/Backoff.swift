/// Waiting times that double from the first to the last, and start again after a success.
struct Backoff: Sendable, Equatable {
    private let first: Duration
    private let last: Duration
    private var next: Duration

    init(from first: Duration, to last: Duration) {
        self.first = first
        self.last = last
        next = first
    }

    /// How long to wait now; the next wait is twice as long.
    mutating func wait() -> Duration {
        defer { next = min(last, next * 2) }
        return next
    }

    mutating func reset() { next = first }
}
