/// What the events say about the money for one case.
struct SettlementTrace: Sendable, Equatable {
    struct Priced: Sendable, Equatable {
        var pricing: Pricing
        var time: Instant
    }

    struct Turn: Sendable, Equatable {
        var isSettled: Bool
        var time: Instant
    }

    /// Settled by then, the end included, it was settled in time.
    static let limit = Span.days(30)

    var priced: Priced?
    /// Settled, or opened again by a dispute.
    var turns: [Turn] = []
    var disputed = 0

    /// A consultation that nobody priced may still be billed; one that is free of charge is not.
    var isBillable: Bool { priced?.pricing.gross != 0 }

    mutating func take(_ event: Event, at time: Instant) {
        switch event {
        case .priced(let pricing): priced = Priced(pricing: pricing, time: time)
        case .settled: turns.append(Turn(isSettled: true, time: time))
        case .settlementDisputed(let lines):
            disputed += lines.count
            turns.append(Turn(isSettled: false, time: time))
        default: break
        }
    }

    func isSettled(by end: Instant) -> Bool { turns.last { $0.time <= end }?.isSettled ?? false }
}
