import ConsiliumCore

/// The events of registers and of the network behind a figure that is not counted case by case; they add up to it.
///
/// Codes, sites and months alone: no name, no licence, no text. The identifier of a finding tells when it was opened.
struct RegisterDrill {
    typealias Found = (entries: [GovernanceDrill.Entry], numerator: Int, denominator: Int)

    private struct Stored<Event> {
        var header: RecordHeader
        var event: Event
        var hash: String
    }

    private let connection: any SQLConnection
    private let history: GovernanceHistory
    /// Up to the day that is not over yet.
    private let days: Range<CivilDay>
    /// What is counted as it happens is counted today as well.
    private let period: Range<CivilDay>
    private let stratum: StratumSelection

    private var governance: Governance { history.governance }

    init(
        _ connection: any SQLConnection,
        _ history: GovernanceHistory,
        _ period: GovernancePeriod,
        _ stratum: StratumSelection,
        _ now: Instant
    ) {
        self.connection = connection
        self.history = history
        self.stratum = stratum
        self.period = period.days
        let first = period.days.lowerBound
        days = period.days.clamped(to: first..<max(first, history.governance.day(now)))
    }

    /// - Throws: `Refusal` not-drilled for what rests on none.
    func entries(of source: String) throws -> Found {
        if source == MeasureFigure.rosterChanges.rawValue { return try rosters() }
        guard !days.isEmpty else { return ([], 0, 0) }
        let last = CivilDay(number: days.upperBound.number - 1)
        switch source {
        case "OC1":
            return try proposals { item in
                guard days.contains(item.proposedOn) else { return nil }
                return (item.proposedOn, Governance.isDecidedInTime(item))
            }
        case "OC2":
            return try proposals { item in
                guard item.decision == .adopted, let day = item.decidedOn, days.contains(day) else { return nil }
                return (day, item.initiator == .site)
            }
        case "IDR1": return try investments()
        case "IDR2": return try partners(on: last)
        case "IDR3": return try conformance()
        case "GR2": return try findings()
        case "GR4": return try verifications()
        case "IE1": return try exchanges()
        case "IE2": return try obligations(on: last)
        case MeasureFigure.slotMinutes.rawValue: return try capacities()
        default: throw Refusal(.notDrilled, at: "measure", source)
        }
    }

    // MARK: Returns

    /// Rows of the last version of each return.
    private func returned<Row>(
        _ rows: (SiteReturn) -> [Row],
        _ entry: (Row) -> (day: CivilDay, counts: Bool, codes: [String: String])?
    ) throws -> Found {
        var entries: [GovernanceDrill.Entry] = []
        for stored in try governanceRecords() {
            guard case .returnFiled(let content, let version) = stored.event, contains(content.site),
                governance.returns[Governance.ReturnKey(content.site, content.year)]?.last?.version == version
            else { continue }
            for row in rows(content) {
                guard let (day, counts, codes) = entry(row) else { continue }
                entries.append(self.entry(stored, day, content.site, codes, counts ? 1 : 0, of: 1))
            }
        }
        return sum(entries)
    }

    private func proposals(
        _ counts: (SiteReturn.RuleProposal) -> (day: CivilDay, counts: Bool)?
    ) throws -> Found {
        try returned(\.proposals) { item in
            counts(item)
                .map { day, isCounted in
                    var codes = ["entry": item.reference, "initiator": item.initiator.rawValue]
                    codes["decision"] = item.decision?.rawValue
                    return (day, isCounted, codes)
                }
        }
    }

    private func investments() throws -> Found {
        try returned(\.investments) { item in
            guard days.contains(item.decidedOn) else { return nil }
            let codes = ["entry": item.reference, "decider": item.decider.rawValue]
            return (item.decidedOn, item.decider == .site, codes)
        }
    }

    // MARK: Registers

    /// The active sites of the directory and the partners that are no sites, each by its last record.
    private func partners(on day: CivilDay) throws -> Found {
        let inForce = governance.contracts.values.filter { $0.isComplete && $0.days.contains(day) }
            .sorted { $0.id < $1.id }
        func entry(_ stored: Stored<some Any>, _ code: String, _ site: SiteID?) -> GovernanceDrill.Entry {
            let contract = inForce.first { $0.parties.contains(code) }
            var codes = ["partner": code]
            codes["contract"] = contract?.id
            return self.entry(stored, day, site, codes, contract == nil ? 0 : 1, of: 1)
        }
        let end = governance.bounds(of: day)
        var sites: [SiteID: Stored<NetworkEvent>] = [:]
        for stored in try networkRecords() where stored.header.time < end {
            switch stored.event {
            case .sitePut(let site): sites[site.id] = stored
            case .siteStatus(let site, _): sites[site] = stored
            default: continue
            }
        }
        var entries: [GovernanceDrill.Entry] = []
        let active = history.activity.active(before: end).sorted()
        for site in active where contains(site) {
            if let stored = sites[site] { entries.append(entry(stored, site.description, site)) }
        }
        var partners: [String: Stored<GovernanceEvent>] = [:]
        for stored in try governanceRecords() {
            if case .partnerRecorded(let partner) = stored.event { partners[partner.id] = stored }
        }
        for (id, stored) in partners.sorted(by: { $0.key < $1.key }) where contains(nil) {
            if governance.partners[id]?.days.contains(day) ?? false { entries.append(entry(stored, id, nil)) }
        }
        return sum(entries)
    }

    /// The first pass of each site.
    private func conformance() throws -> Found {
        var passed: Set<SiteID> = []
        var entries: [GovernanceDrill.Entry] = []
        for stored in try governanceRecords() {
            guard case .conformancePassed(let site, let format) = stored.event, passed.insert(site).inserted,
                contains(site), let onboarding = governance.onboardings[site], let day = onboarding.passedOn,
                days.contains(day), let span = onboarding.days
            else { continue }
            entries.append(entry(stored, day, site, ["format": format.rawValue, "days": "\(span)"], 1, of: 1))
        }
        return sum(entries)
    }

    private func findings() throws -> Found {
        var entries: [GovernanceDrill.Entry] = []
        for stored in try governanceRecords() {
            guard case .findingOpened(let id, let finding) = stored.event, days.contains(finding.due),
                contains(finding.owner), let record = governance.findings[id]
            else { continue }
            let codes = [
                "entry": id.description, "severity": finding.severity.rawValue, "indicator": finding.indicator.rawValue,
                "state": record.state.rawValue,
            ]
            entries.append(entry(stored, finding.due, finding.owner, codes, record.isClosedInTime ? 1 : 0, of: 1))
        }
        return sum(entries)
    }

    /// Days without a verification have no event: they stand in the denominator alone.
    private func verifications() throws -> Found {
        guard contains(nil), !governance.verifiedDays.isEmpty else { return ([], 0, 0) }
        var seen: Set<CivilDay> = []
        var entries: [GovernanceDrill.Entry] = []
        for stored in try governanceRecords() {
            guard case .chainVerified(let day, let records) = stored.event, days.contains(day),
                seen.insert(day).inserted
            else { continue }
            entries.append(entry(stored, day, nil, ["day": "\(day)", "records": "\(records)"], 1, of: 1))
        }
        return (entries, entries.count, days.upperBound.number - days.lowerBound.number)
    }

    private func exchanges() throws -> Found {
        var entries: [GovernanceDrill.Entry] = []
        for stored in try governanceRecords() {
            guard case .exchangesCounted(let day, let counts) = stored.event, days.contains(day) else { continue }
            for count in counts where contains(count.site) {
                let codes = ["format": count.format.rawValue]
                entries.append(entry(stored, day, count.site, codes, count.acceptedAtFirst, of: count.received))
            }
        }
        return sum(entries)
    }

    /// By the last record of each obligation.
    private func obligations(on day: CivilDay) throws -> Found {
        var last: [String: Stored<GovernanceEvent>] = [:]
        for stored in try governanceRecords() {
            if case .obligationRecorded(let obligation) = stored.event { last[obligation.id] = stored }
        }
        var entries: [GovernanceDrill.Entry] = []
        for (id, stored) in last.sorted(by: { $0.value.header.sequence < $1.value.header.sequence }) {
            guard let obligation = governance.obligations[id], obligation.days.contains(day), contains(obligation.owner)
            else { continue }
            let isMet = governance.evidence[id]?.contains { $0.days.contains(day) } ?? false
            entries.append(entry(stored, day, obligation.owner, ["entry": id], isMet ? 1 : 0, of: 1))
        }
        return sum(entries)
    }

    // MARK: The network's events

    /// OF1: what each change of a capacity adds to the slot-hours of the period, in slot-minutes; whole hours in all, as in
    /// the report. A change before the period lasts into it, and what a change takes back is negative.
    private func capacities() throws -> Found {
        var trace = NetworkTrace()
        var entries: [GovernanceDrill.Entry] = []
        for stored in try networkRecords() {
            let cells = trace.take(stored.header, stored.event, offsetMinutes: governance.offsetMinutes)
            let day = governance.day(stored.header.time)
            guard day < days.upperBound else { continue }
            var sums: [SiteID: MeasureTally.Counts] = [:]
            for cell in cells where stratum.contains(cell.key.stratum) {
                switch cell.key.figure {
                case .slotMinutes where days.contains(day):
                    sums[cell.key.stratum.site, default: .init()].add(cell.counts)
                case .slots:
                    let whole = days.upperBound.number - max(days.lowerBound.number, day.number + 1)
                    sums[cell.key.stratum.site, default: .init()].add(cell.counts, times: whole * 1_440)
                default: continue
                }
            }
            for (site, counts) in sums.sorted(by: { $0.key < $1.key })
            where counts.numerator != 0 || counts.denominator != 0 {
                entries.append(entry(stored, day, site, [:], counts.numerator, of: counts.denominator))
            }
        }
        let (_, numerator, denominator) = sum(entries)
        return (entries, numerator / 60, denominator / 60)
    }

    /// PMR1
    private func rosters() throws -> Found {
        var trace = NetworkTrace()
        var entries: [GovernanceDrill.Entry] = []
        for stored in try networkRecords() {
            let cells = trace.take(stored.header, stored.event, offsetMinutes: governance.offsetMinutes)
            for cell in cells
            where cell.key.figure == .rosterChanges && period.contains(cell.key.day)
                && stratum.contains(cell.key.stratum)
            {
                let (own, all) = (cell.counts.numerator, cell.counts.denominator)
                entries.append(entry(stored, cell.key.day, cell.key.stratum.site, [:], own, of: all))
            }
        }
        return sum(entries)
    }

    // MARK: Reading

    private func governanceRecords() throws -> [Stored<GovernanceEvent>] {
        try records(of: .governance) { type, facts in try GovernanceEvent(type: type, facts: facts) }
    }

    private func networkRecords() throws -> [Stored<NetworkEvent>] {
        try records(of: .network) { type, facts in try NetworkEvent(type: type, facts: facts) }
    }

    private func records<Event>(
        of stream: StreamID,
        _ read: (String, CanonicalObject) throws -> Event
    ) throws -> [Stored<Event>] {
        try connection.all(
            Statements.eventsOfStream,
            [.int(stream.kind.number), .identifier(stream.id)]
        ) { row in
            let bytes = row.blob(1)
            let (header, facts) = try RecordHeader.decode(bytes)
            return Stored(header: header, event: try read(header.type, facts), hash: hexadecimal(leafHash(bytes)))
        }
    }

    /// Whether the selection holds what a site owns; what is the network's own belongs to no stratum.
    private func contains(_ site: SiteID?) -> Bool {
        guard stratum != .all else { return true }
        guard let site, let place = history.network.sites[site]?.place else { return false }
        return stratum.contains(MeasureStratum(place, department: nil, priority: nil))
    }

    private func entry(
        _ stored: Stored<some Any>,
        _ day: CivilDay,
        _ site: SiteID?,
        _ codes: [String: String],
        _ numerator: Int,
        of denominator: Int
    ) -> GovernanceDrill.Entry {
        GovernanceDrill.Entry(
            reference: "\(stored.header.stream.kind.rawValue)/\(stored.header.sequence)",
            type: stored.header.type,
            month: day.month,
            site: site,
            codes: codes,
            numerator: numerator,
            denominator: denominator,
            hash: stored.hash
        )
    }

    private func sum(_ entries: [GovernanceDrill.Entry]) -> Found {
        (entries, entries.reduce(0) { $0 + $1.numerator }, entries.reduce(0) { $0 + $1.denominator })
    }
}

extension Governance {
    /// When the day is over.
    fileprivate func bounds(of day: CivilDay) -> Instant {
        CivilDay(number: day.number + 1).start(offsetMinutes: offsetMinutes)
    }
}
