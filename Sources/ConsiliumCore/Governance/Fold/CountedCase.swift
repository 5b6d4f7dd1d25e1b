/// What a figure counts, and where.
package typealias MeasureCell = (key: MeasureTally.Key, counts: MeasureTally.Counts)

/// One case as the measures see it: its state, what its events said, and when it was first shown to each site.
///
/// What it counts is a function of this value alone. Whoever keeps counts takes away the cells of the case before an input
/// and adds those of the case after it; whoever counts anew adds the cells of each case as it ends.
package struct CountedCase: Sendable, Equatable {
    /// nil: nothing is known of it but to whom it was shown.
    package private(set) var facts: Consultation?
    var trace: CaseTrace

    package init() { self.init(facts: nil, trace: CaseTrace()) }

    init(facts: Consultation?, trace: CaseTrace) {
        self.facts = facts
        self.trace = trace
    }

    /// Whether the event can change what its case counts.
    package static func counts(_ event: Event) -> Bool {
        switch event {
        case .joined, .noted, .reminded, .leasesExtended: false
        default: true
        }
    }

    /// - Parameters:
    ///   - after: the state that the event leads to.
    package mutating func take(_ event: Event, after: Consultation, at time: Instant, offsetMinutes: Int) {
        if Self.counts(event) {
            let day = CivilDay(time, offsetMinutes: offsetMinutes)
            trace.take(event, before: facts, after: after, at: time, on: day)
        }
        facts = after
    }

    /// Content of the case was shown to a site; of several times the first counts.
    ///
    /// - Returns: whether it was the first.
    @discardableResult
    package mutating func disclose(to site: SiteID, at time: Instant) -> Bool {
        if let known = trace.disclosures[site], known <= time { return false }
        trace.disclosures[site] = time
        return true
    }

    /// A case of which only a part is known counts nothing.
    package func cells(offsetMinutes: Int) -> [MeasureCell] {
        guard let facts, trace.hasBegun else { return [] }
        let day = { (time: Instant) in CivilDay(time, offsetMinutes: offsetMinutes) }
        var cells = CaseCount(facts, trace, day: day).cells
        if let cell = disclosure(offsetMinutes: offsetMinutes) { cells.append(cell) }
        return cells
    }

    /// GR1. Enters the denominator with the first disclosure to another site and is decided at once; consent on paper
    /// counts, so an emergency, and a consent that is stated without a page or an archive number, are exceptions.
    package func disclosure(offsetMinutes: Int) -> MeasureCell? {
        guard !trace.isVoid, let requester = trace.requester else { return nil }
        var first: Instant?
        for (site, time) in trace.disclosures where site != requester.site { first = min(first ?? time, time) }
        guard let first else { return nil }
        let isEvidenced = trace.evidencedAt.map { $0 <= first } ?? false
        let key = MeasureTally.Key(.consented, requester, CivilDay(first, offsetMinutes: offsetMinutes))
        return (key, MeasureTally.Counts(isEvidenced ? 1 : 0, of: 1))
    }
}
