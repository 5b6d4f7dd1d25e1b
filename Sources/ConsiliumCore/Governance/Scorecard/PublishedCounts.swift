/// Counts that stand beside each other outside audited scope. What is left of a larger one beside a smaller one is itself
/// the count of some cases, so it may need hiding as well; then the smaller one is hidden, wherever it is printed.
struct PublishedCounts {
    /// So many sites must have counted something in a row: of two, each could take its own away and read the other's.
    static let leastSites = 3

    /// Closed episodes, and what of them the components of the triangle are over.
    private let episodes: Int
    private let closedFromBelow: Int
    private let tierKnown: Int
    private let siphonable: Int
    private let billable: Int
    private let requests: Requests
    /// Shares over the same cases whose counts are close to one that is shown.
    private let closeShares: Set<MeasureFigure>

    /// Requests, and of them the emergencies and the routine ones; nothing is nobody's, and hides nothing.
    struct Requests {
        var all = 0
        var emergencies = 0
        var routine = 0

        var hidesEmergencies: Bool {
            emergencies > 0 && (isClose(all, emergencies) || (routine > 0 && isClose(all, emergencies + routine)))
        }

        var hidesRoutine: Bool { routine > 0 && isClose(all, routine) }

        private func isClose(_ whole: Int, _ part: Int) -> Bool { PublishedCounts.areClose(whole, part) }
    }

    init(_ totals: DayTotals, _ days: Range<CivilDay>) {
        func all(_ figure: MeasureFigure) -> Int { totals.sum(figure, in: days)?.denominator ?? 0 }
        episodes = all(.episodes)
        closedFromBelow = all(.resolvedLocally)
        tierKnown = totals.sum(.tierRated, in: days)?.numerator ?? 0
        siphonable = all(.siphoned)
        billable = all(.settledInTime)
        requests = Requests(all: all(.choice), emergencies: all(.emergencies), routine: all(.routine))
        var close: Set<MeasureFigure> = []
        for (first, others) in Self.sameCases {
            let sums = ([first] + others).map { totals.sum($0, in: days) ?? MeasureTally.Counts() }
            let shown = Self.shown(sums.dropFirst().map(\.numerator), beside: [sums[0].numerator])
            for (place, figure) in others.enumerated()
            where !shown[place] && sums[place + 1].denominator == sums[0].denominator { close.insert(figure) }
        }
        closeShares = close
    }

    /// A measure's figure, and shares over its denominator that may stand beside it.
    private static let sameCases: [(MeasureFigure, [MeasureFigure])] = [
        (.routine, [.routineUnpaused, .informationAsked]), (.reasoned, [.silent]), (.receivedBelow, [.markedEligible]),
    ]

    /// Whether what the poorest and the richest regions ask for, or what is left of all requests beside them, is close to
    /// one of the others: each is a count of some cases.
    func hidesRegions(_ observation: Observation) -> Bool {
        guard case .rateRatio(let events, _, let baseEvents, _) = observation else { return false }
        return [events, baseEvents, events + baseEvents].contains { Self.areClose(requests.all, $0) }
    }

    static func areClose(_ a: Int, _ b: Int) -> Bool { SuppressedTable.hidden.contains(abs(a - b)) }

    /// Of each of `counts`, whether it may be shown beside `first` and those before it that are shown.
    static func shown(_ counts: [Int], beside first: [Int]) -> [Bool] {
        var kept = first
        return counts.map { count in
            let isShown = !kept.contains { areClose($0, count) }
            if isShown { kept.append(count) }
            return isShown
        }
    }

    /// Figures that are hidden, under whichever measure, although their own counts are large.
    var hiddenFigures: Set<MeasureFigure> {
        var hidden = closeShares
        func hide(_ figure: MeasureFigure, _ isHidden: Bool) { if isHidden { hidden.insert(figure) } }
        hide(.resolvedLocally, hiddenComponents.contains(.localResolution))
        hide(.siphoned, hiddenComponents.contains(.siphon))
        hide(.undertreated, hiddenComponents.contains(.undertreatment))
        hide(.settledInTime, billable > 0 && Self.areClose(episodes, billable))
        hide(.emergencies, requests.hidesEmergencies)
        hide(.routine, requests.hidesRoutine)
        return hidden
    }

    /// Components of the triangle that are hidden although their own counts are large.
    var hiddenComponents: Set<TriangleIndex.Component> {
        let components: [(TriangleIndex.Component, Int)] = [
            (.localResolution, closedFromBelow), (.undertreatment, tierKnown), (.siphon, siphonable),
        ]
        .filter { $0.1 > 0 }
        let shown = Self.shown(components.map(\.1), beside: [episodes])
        return Set(zip(components, shown).filter { !$0.1 }.map(\.0.0))
    }
}
