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
/// all events of the network; otherwise streams may be divided among folds and their tallies added. Deliveries carry no
/// fact that a measure needs.
package struct MeasureFold: Sendable {
    package private(set) var tally = MeasureTally()
    /// Minutes east of UTC of the network's civil time.
    package let offsetMinutes: Int
    private var traces: [CaseID: CaseTrace] = [:]
    private var capacities = NetworkTrace()

    package init(offsetMinutes: Int = WorkingCalendar.standard.offsetMinutes) { self.offsetMinutes = offsetMinutes }

    /// An event of a case, with the case before and after it. A case whose submission was not taken counts nothing.
    package mutating func take(
        _ header: RecordHeader,
        _ event: Event,
        before: Consultation?,
        after: Consultation
    ) {
        guard CountedCase.counts(event) else { return }
        let trace = traces[header.stream.id] ?? CaseTrace()
        if case .submitted = event {} else if !trace.hasBegun { return }
        var counted = CountedCase(facts: before, trace: trace)
        add(counted.cells(offsetMinutes: offsetMinutes), times: -1)
        counted.take(event, after: after, at: header.time, offsetMinutes: offsetMinutes)
        add(counted.cells(offsetMinutes: offsetMinutes), times: 1)
        traces[header.stream.id] = counted.trace
    }

    /// A disclosure, of the stream `access/CASE`. What the requester itself reads is none; what is handed to no site
    /// neither.
    package mutating func take(_ header: RecordHeader, _ event: AccessEvent) {
        guard let site = header.site else { return }
        var counted = CountedCase(facts: nil, trace: traces[header.stream.id] ?? CaseTrace())
        if let cell = counted.disclosure(offsetMinutes: offsetMinutes) { add([cell], times: -1) }
        counted.disclose(to: site, at: event.firstAt)
        if let cell = counted.disclosure(offsetMinutes: offsetMinutes) { add([cell], times: 1) }
        traces[header.stream.id] = counted.trace
    }

    /// An event of the network.
    package mutating func take(_ header: RecordHeader, _ event: NetworkEvent) {
        add(capacities.take(header, event, offsetMinutes: offsetMinutes), times: 1)
    }

    private mutating func add(_ cells: [MeasureCell], times factor: Int) {
        for (key, counts) in cells { tally.add(counts, to: key, times: factor) }
    }
}
