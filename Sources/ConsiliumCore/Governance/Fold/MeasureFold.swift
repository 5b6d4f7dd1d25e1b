/// Folds the ledger's events into the counts behind the operational measures of DOMAIN.md section 3.
///
/// Reads facts alone: sealed payloads never reach it, so erasing them changes nothing. What a case counts is a function of
/// its state and of what its events said; each event takes away what the case counted before and adds what it counts
/// now. The tally is therefore the sum over all cases as they stand, whatever the order of the streams; a case that is
/// entered in error counts nowhere, and one whose priority or department is amended moves to its new stratum.
///
/// A case belongs to the period in which it entered the denominator, and is decided by its own limit, not by the end of
/// the period: accepted in time on the day after, it counts as accepted. Until then, and for good if it ends without, it
/// is in the denominator and not in the numerator (silence and pauses stay in the denominators). `undecided` says how many
/// have neither come to it nor ended; the fold reads no clock, so some of these may be past their limit already. Cancelled
/// cases stay as well: only cases entered in error are excluded.
///
/// Each stream is taken in its order, each record once. A case and the record of its disclosures belong to one fold, as do
/// all events of the network; otherwise streams may be divided among folds and their tallies merged. Deliveries carry no
/// fact that a measure needs.
package struct MeasureFold: Sendable {
    /// Fact types that the events of today can carry. The rest makes a measure "not assessable: no such events yet".
    package static let recorded: Set<FactType> = [
        .submission, .routingDecision, .offer, .acceptance, .decline, .clinicalAction, .signedReport, .credential,
        .closure, .appropriateTier, .consentEvidence, .disclosure, .capacitySetting, .elementCount, .medicalAssistance,
    ]

    package private(set) var tally = MeasureTally()
    /// Minutes east of UTC of the network's civil time.
    package let offsetMinutes: Int
    private var traces: [CaseID: CaseTrace] = [:]
    private var capacities: [SiteID: CapacityTrace] = [:]

    package init(offsetMinutes: Int = WorkingCalendar.standard.offsetMinutes) { self.offsetMinutes = offsetMinutes }

    /// What was counted since it was last asked for: to be merged into what is kept, where it is kept elsewhere.
    ///
    /// A fold that goes on from what was kept takes the streams again that were taken before, and drops what it drains then:
    /// a stream whose beginning it does not know counts nothing.
    package mutating func drain() -> MeasureTally {
        defer { tally = MeasureTally() }
        return tally
    }

    /// An event of a case, with the case before and after it. A case whose submission was not taken counts nothing.
    package mutating func take(
        _ header: RecordHeader,
        _ event: Event,
        before: Consultation?,
        after: Consultation
    ) {
        switch event {
        case .joined, .noted, .reminded, .leasesExtended: return
        case .submitted: break
        default: if traces[header.stream.id]?.hasBegun != true { return }
        }
        var trace = traces[header.stream.id] ?? CaseTrace()
        count(before, trace, times: -1)
        trace.take(event, before: before, after: after, at: header.time, on: day(header.time))
        count(after, trace, times: 1)
        traces[header.stream.id] = trace
    }

    /// A disclosure, of the stream `access/CASE`. What the requester itself reads is none; what is handed to no site
    /// neither.
    package mutating func take(_ header: RecordHeader, _ event: AccessEvent) {
        guard let site = header.site else { return }
        var trace = traces[header.stream.id] ?? CaseTrace()
        countDisclosure(trace, times: -1)
        trace.disclosures[site] = min(trace.disclosures[site] ?? event.firstAt, event.firstAt)
        countDisclosure(trace, times: 1)
        traces[header.stream.id] = trace
    }

    /// An event of the network. A capacity that comes with a directory entry was set by an administrator, unless the
    /// actor is of that site.
    package mutating func take(_ header: RecordHeader, _ event: NetworkEvent) {
        let site: SiteID
        switch event {
        case .sitePut(let entry): site = entry.id
        case .siteStatus(let id, _), .capacitySet(let id, _, _, _): site = id
        default: return
        }
        let old = capacities[site]
        var new = old
        switch event {
        case .sitePut(let entry):
            let setter: DecidedBy = header.actor.map { $0.site == site ? .site : .admin } ?? .hub
            new = CapacityTrace(entry, by: setter, after: old)
        case .siteStatus(_, let status): new?.isActive = status == .active
        case .capacitySet(_, let department, let capacity, let setter):
            new?.slots[department] = CapacityTrace.Slots(count: capacity, setter: setter)
        default: break
        }
        count(old, from: header.time, times: -1)
        count(new, from: header.time, times: 1)
        capacities[site] = new
    }

    private func day(_ time: Instant) -> CivilDay { CivilDay(time, offsetMinutes: offsetMinutes) }

    private mutating func count(_ facts: Consultation?, _ trace: CaseTrace, times factor: Int) {
        guard let facts else { return }
        let count = CaseCount(facts, trace, day: day)
        for (key, counts) in count.cells { tally.add(counts, to: key, times: factor) }
        countDisclosure(trace, times: factor)
    }

    /// GR1. Enters the denominator with the first disclosure to another site and is decided at once; consent on paper
    /// counts, so an emergency, and a consent that is stated without a page or an archive number, are exceptions.
    private mutating func countDisclosure(_ trace: CaseTrace, times factor: Int) {
        guard !trace.isVoid, let requester = trace.requester,
            let first = trace.disclosures.filter({ $0.key != requester.site }).values.min()
        else { return }
        let isEvidenced = trace.evidencedAt.map { $0 <= first } ?? false
        let key = MeasureTally.Key(.consented, requester, day(first))
        tally.add(MeasureTally.Counts(isEvidenced ? 1 : 0, of: 1), to: key, times: factor)
    }

    /// OF1. From `time` on, for as long as nothing changes; a suspended site offers no slots.
    private mutating func count(_ capacity: CapacityTrace?, from time: Instant, times factor: Int) {
        guard let capacity, capacity.isActive else { return }
        let clock = CivilTime(time, offsetMinutes: offsetMinutes)
        let minutesLeft = 1_440 - clock.hour * 60 - clock.minute
        for (department, slots) in capacity.slots {
            let stratum = MeasureStratum(capacity.place, department: department, priority: nil)
            let counts = MeasureTally.Counts(slots.setter == .site ? slots.count : 0, of: slots.count)
            tally.add(counts, to: MeasureTally.Key(.slots, stratum, day(time)), times: factor)
            tally.add(counts, to: MeasureTally.Key(.slotMinutes, stratum, day(time)), times: factor * minutesLeft)
        }
    }
}

/// A site's capacity and who set it, department by department.
struct CapacityTrace: Sendable, Equatable {
    struct Slots: Sendable, Equatable {
        var count: Int
        var setter: DecidedBy
    }

    var place: Place
    var isActive: Bool
    var slots: [DepartmentCode: Slots]

    /// A directory entry; a capacity that it leaves as it was keeps who set it.
    init(_ site: Site, by setter: DecidedBy, after old: CapacityTrace?) {
        place = site.place
        isActive = site.status == .active
        slots = [:]
        for (department, count) in site.departments {
            let known = old?.slots[department]
            slots[department] = known?.count == count ? known : Slots(count: count, setter: setter)
        }
    }
}
