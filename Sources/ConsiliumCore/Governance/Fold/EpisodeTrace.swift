/// What the events say about one clinical problem beyond its consultation: the tier where it belonged, where the patient
/// went and how it ended. An episode is a case.
///
/// Everything is timed by when it was recorded; what is recorded after the window does not count.
struct EpisodeTrace: Sendable, Equatable {
    struct Told: Sendable, Equatable {
        var outcome: Outcome
        var time: Instant
    }

    struct Move: Sendable, Equatable {
        var place: Place
        var from: Place
        var time: Instant

        var isUpward: Bool { place.tier > from.tier }
    }

    struct Leaving: Sendable, Equatable {
        var discharge: Discharge
        var from: Place
        var time: Instant
    }

    struct Reception: Sendable, Equatable {
        var place: Place
        var time: Instant
    }

    /// What follows a case is looked at for that long after its closure, the end included.
    static let window = Span.days(30)
    /// An outcome told earlier says nothing of local resolution.
    static let outcomeFrom = Span.days(14)

    /// By the closing expert.
    var appropriateTier: Tier?
    /// The second, blind rating of a sampled case.
    var appropriateTierAgain: Tier?
    var outcomes: [Told] = []
    var moves: [Move] = []
    /// The last one; an earlier one was taken back by what followed.
    var leaving: Leaving?
    var receptions: [Reception] = []

    mutating func take(_ event: Event, requester: Place, at time: Instant) {
        switch event {
        case .reported(let facts): appropriateTier = facts.appropriateTier
        case .outcomeRecorded(let outcome): outcomes.append(Told(outcome: outcome, time: time))
        case .tierRatedAgain(let tier): appropriateTierAgain = tier
        case .transferred(let place):
            moves.append(Move(place: place, from: moves.last?.place ?? requester, time: time))
        case .discharged(let discharge):
            leaving = Leaving(discharge: discharge, from: moves.last?.place ?? requester, time: time)
        case .receivedBelow(let place): receptions.append(Reception(place: place, time: time))
        default: break
        }
    }

    /// Where the last transfer led by then; a patient who comes back after discharge was treated above all the same.
    func finalTier(from origin: Tier, by end: Instant) -> Tier {
        moves.last { $0.time <= end }?.place.tier ?? origin
    }

    func movedUp(by end: Instant) -> Bool { moves.contains { $0.isUpward && $0.time <= end } }

    /// Whether the requester told one of `results` by then.
    func told(_ results: Set<Outcome.Result>, by end: Instant) -> Bool {
        outcomes.contains { results.contains($0.outcome.result) && $0.time <= end }
    }
}

extension Tier {
    /// Of the triangle index: 0 primary to 3, which is provincial and national together (DOMAIN.md section 5).
    var triangleClass: Int { min(rank, 3) }
}
