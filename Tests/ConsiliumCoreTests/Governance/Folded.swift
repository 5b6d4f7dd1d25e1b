import Testing

@testable import ConsiliumCore

/// The records of a stage's case, as a ledger would hold them.
struct Folded {
    struct Entry {
        var header: RecordHeader
        var event: Event
        var before: Consultation?
        var after: Consultation
    }

    static let march = CivilDay(2026, 3, 1)..<CivilDay(2026, 4, 1)

    /// The case of `stage` under number `number`; `payload` is the digest of the sealed payloads.
    static func entries(_ stage: Stage, number: Int, payload: [UInt8]? = nil) throws -> [Entry] {
        try entries(stage.history, number: number, payload: payload)
    }

    static func entries(
        _ history: [(event: Event, time: Instant)],
        number: Int,
        payload: [UInt8]? = nil
    ) throws -> [Entry] {
        let id = CaseID(high: 0x0195_5555_0000_0001, low: UInt64(number))
        var entries: [Entry] = []
        var state: Consultation?
        for (index, item) in history.enumerated() {
            let before = state
            let header = header(.consultation, id, index + 1, item.event.type, item.time, payload: payload)
            let after = try Consultation.evolve(before, item.event, id: id, sequence: index + 1, at: item.time)
            entries.append(Entry(header: header, event: item.event, before: before, after: after))
            state = after
        }
        return entries
    }

    static func header(
        _ kind: StreamKind,
        _ id: TimeOrderedID,
        _ sequence: Int,
        _ type: String,
        _ time: Instant,
        site: SiteID? = nil,
        payload: [UInt8]? = nil
    ) -> RecordHeader {
        RecordHeader(
            stream: StreamID(kind, id),
            sequence: sequence,
            type: type,
            time: time,
            actor: site.map { Principal(site: $0, kind: .operator, name: "wang") },
            site: site,
            salt: [],
            payload: payload
        )
    }

    /// Each stage is a case of its own.
    static func fold(_ stages: Stage...) throws -> MeasureFold {
        var fold = MeasureFold()
        for (number, stage) in stages.enumerated() { fold.take(try entries(stage, number: number)) }
        return fold
    }

    /// A case played from its submission on.
    static func play(_ body: (inout Stage) throws -> Void) throws -> Stage {
        var stage = Stage()
        try body(&stage)
        return stage
    }
}

extension MeasureFold {
    mutating func take(_ entries: [Folded.Entry]) {
        for entry in entries { take(entry.header, entry.event, before: entry.before, after: entry.after) }
    }

    mutating func show(_ number: Int, to site: SiteID?, at time: Instant) {
        let id = CaseID(high: 0x0195_5555_0000_0001, low: UInt64(number))
        let header = Folded.header(.access, id, 1, AccessEvent.type, time, site: site)
        take(header, AccessEvent(content: .application, firstAt: time, count: 1))
    }

    mutating func govern(_ event: NetworkEvent, by site: SiteID? = nil, at time: String) {
        let header = Folded.header(.network, StreamID.network.id, 1, event.type, Scenery.time(time), site: site)
        take(header, event)
    }

    /// Numerator, denominator and what is undecided, of March 2026.
    func counted(_ figure: MeasureFigure, _ selection: StratumSelection = .all) -> [Int] {
        let sum = tally.sum(figure, in: Folded.march, selection)
        return [sum.numerator, sum.denominator, sum.undecided]
    }
}

extension MeasureTally {
    /// Takes over what was counted elsewhere, of other streams or of a later part of the same history.
    mutating func merge(_ other: MeasureTally) {
        for (key, counts) in other.cells { add(counts, to: key) }
    }

    /// The fact types that this tally, as a whole history, holds for `period`; nil: ever.
    func recorded(for period: Range<CivilDay>? = nil) -> Set<FactType> {
        MeasureFold.recorded(totals.firstDays, for: period)
    }

    /// What was counted for `measure` where this tally is the whole history.
    func observation(
        of measure: Measure,
        period: Range<CivilDay>,
        stratum: StratumSelection = .all,
        bootstrap: Bootstrap = Bootstrap(seed: 0, replicates: 0)
    ) -> Observation? {
        observation(
            of: measure,
            period: period,
            stratum: stratum,
            recorded: recorded(for: period),
            bootstrap: bootstrap
        )
    }
}
