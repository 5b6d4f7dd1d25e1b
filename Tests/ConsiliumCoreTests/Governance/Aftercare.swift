@testable import ConsiliumCore

/// A routine consultation of one site, performed by the county hospital and closed on 2 March 2026, 09:00, with what
/// follows it: events by the time since closure.
struct Aftercare {
    static let closure = Scenery.monday

    var origin = Place(site: Scenery.town, tier: .primary, region: "421125")
    var disposition: Disposition? = .manageAtOrigin
    var appropriateTier: Tier? = .primary
    var rating: Int?
    var then: [(after: Span, event: Event)] = []

    init(
        _ origin: Place? = nil,
        _ disposition: Disposition? = .manageAtOrigin,
        appropriate: Tier? = .primary,
        rating: Int? = nil,
        then: [(Span, Event)] = []
    ) {
        self.origin = origin ?? self.origin
        self.disposition = disposition
        appropriateTier = appropriate
        self.rating = rating
        self.then = then.map { (after: $0.0, event: $0.1) }
    }

    /// As a ledger would hold them, under a case of its own.
    func entries(number: Int, upTo closure: Bool = true) throws -> [Folded.Entry] {
        var history = try Self.closed.get()
        for index in history.indices {
            switch history[index].event {
            case .submitted(var facts):
                facts.requester = origin
                history[index].event = .submitted(facts)
            case .reported(var facts):
                facts.disposition = disposition
                facts.appropriateTier = appropriateTier
                history[index].event = .reported(facts)
            case .closed(var facts):
                facts.rating = rating
                history[index].event = .closed(facts)
            default: break
            }
        }
        if !closure { history.removeLast() }
        return try Folded.entries(history + then.map { ($0.event, Self.closure + $0.after) }, number: number)
    }

    /// The stories as cases of one history.
    static func fold(_ stories: [Aftercare]) throws -> MeasureFold {
        var fold = MeasureFold()
        for (number, story) in stories.enumerated() { fold.take(try story.entries(number: number)) }
        return fold
    }

    static func fold(_ stories: Aftercare...) throws -> MeasureFold { try fold(stories) }

    private static let closed = Result { try Stage.at(.closed).history }

    /// The `number`-th site of a tier.
    static func place(_ tier: Tier, _ number: Int = 0) -> Place {
        Place(site: SiteID("\(tier.rawValue)-\(number)")!, tier: tier, region: "42112\(number % 10)")
    }

    static func told(_ result: Outcome.Result, after span: Span, rating: Int? = nil) -> (Span, Event) {
        (span, .outcomeRecorded(Outcome(result, rating: rating)))
    }

    static func transfer(_ tier: Tier, after span: Span) -> (Span, Event) { (span, .transferred(place(tier))) }

    static func discharge(alive: Bool = true, eligible: Bool = false, after span: Span) -> (Span, Event) {
        (span, .discharged(Discharge(isAlive: alive, isEligibleForLowerTier: eligible)))
    }

    static func receive(_ tier: Tier, after span: Span) -> (Span, Event) { (span, .receivedBelow(place(tier))) }
}
