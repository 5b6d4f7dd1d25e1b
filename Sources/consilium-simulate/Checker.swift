import ConsiliumCore
import ConsiliumLedger

/// What was promised to whom, and whether it holds.
struct Checker {
    /// Requests written so far, and what each says now.
    var numbers = 0
    var answers = 0
    var applications: [String: (site: SiteID, application: Application)] = [:]
    private var cases: [Errand.Request: CaseID] = [:]
    private var hashes: Set<[UInt8]> = []
    private var messages: [(caseID: CaseID, identity: MessageIdentity)] = []
    private var outages: [(from: Instant, to: Instant)] = []
    private var reserved: [String: Int] = [:]
    /// For the message of a run that does not come to rest.
    private(set) var lastRefusal = ""

    // MARK: While it runs

    mutating func outage(from: Instant, to: Instant) { if to > from { outages.append((from, to)) } }

    mutating func refused(_ errand: Errand, _ refusal: Refusal) {
        lastRefusal = "\(errand.principal): \(refusal.sentence(.en))"
    }

    /// A positive answer reached the sender: from now on it must hold.
    mutating func acknowledged(_ errand: Errand, _ input: Input, _ receipt: Receipt) throws {
        if !receipt.recordHash.isEmpty { hashes.insert(receipt.recordHash) }
        guard let id = receipt.caseID else { return }
        if let request = errand.request {
            if let known = cases[request], known != id {
                throw Fault("\(request.number) of \(request.site) is \(known) and \(id)")
            }
            cases[request] = id
        }
        switch input {
        case .submit(let submission): messages.append((id, submission.identity))
        case .act(let act):
            if let identity = act.identity, !receipt.recordHash.isEmpty { messages.append((id, identity)) }
        default: break
        }
    }

    /// After each commit: no department holds more than its capacity, unless the capacity was lowered under it.
    mutating func committed(_ hub: SimulatedHub) throws {
        let network = hub.network
        let rows = try hub.store.read { connection in
            try connection.all("SELECT site, department, reserved FROM loads", []) {
                ($0.text(0), $0.text(1), $0.int(2))
            }
        }
        for (site, department, count) in rows {
            let key = "\(site) \(department)"
            let capacity = SiteID(site)
                .flatMap { site in
                    DepartmentCode(department).flatMap { network.sites[site]?.departments[$0] }
                }
            if count > capacity ?? 0, count > reserved[key] ?? 0 {
                throw Fault("\(key) holds \(count) cases, its capacity is \(capacity ?? 0)")
            }
            reserved[key] = count
        }
    }

    /// Between two lives of the hub: projections say what a rebuild says.
    func rebuild(_ hub: SimulatedHub) throws {
        try checkCounts(hub)
        let before = try Rebuild.digest(hub.store)
        _ = try Rebuild.run(hub.store)
        guard try Rebuild.digest(hub.store) == before else { throw Fault("a rebuild differs from the projections") }
    }

    /// Over all time, and over the days of one week: what the ledger counted as events came is what they say, whoever
    /// counts.
    private func checkCounts(_ hub: SimulatedHub) throws {
        let first = CivilDay(Scenery.start, offsetMinutes: WorkingCalendar.standard.offsetMinutes)
        for length in [7, 36_500] {
            let period = MeasurePeriod(first..<CivilDay(number: first.number + length))
            let (kept, recomputed) = try hub.store.read {
                (try MeasureCountsReader($0).snapshot(period), try MeasureRecomputation($0).snapshot(period))
            }
            guard kept == recomputed else { throw Fault("the counts are not what the events say") }
        }
    }

    // MARK: At the end

    func check(_ world: World) throws {
        let hub = world.hub
        let count = try Rebuild.verify(hub.store)
        try rebuild(hub)
        guard try hub.store.integrityCheck().isEmpty else { throw Fault("the database is not sound") }
        let rows = try hub.store.read { connection in
            try connection.all("SELECT id, phase, version FROM cases ORDER BY id", []) {
                (id: try $0.identifier(0), phase: $0.text(1), version: $0.int(2))
            }
        }
        var histories: [CaseID: History] = [:]
        for row in rows {
            let history = try hub.store.read { try CaseFolder($0).history(row.id) }
            let facts = try fold(history, of: row.id)
            guard facts.phase.rawValue == row.phase, facts.version == row.version else {
                throw Fault("\(row.id): the row is not what the events say")
            }
            try checkMessages(history, of: row.id)
            for (_, event) in history { world.tally.types[event.type, default: 0] += 1 }
            histories[row.id] = history
        }
        try checkAcknowledged(hub, histories)
        try checkLoads(hub)
        try checkDeliveries(world)
        world.tally.cases = rows.count
        world.tally.events = count
    }

    private typealias History = [(header: RecordHeader, event: Event)]

    private func checkAcknowledged(_ hub: SimulatedHub, _ histories: [CaseID: History]) throws {
        for (request, id) in cases {
            guard try hub.cases.caseOf(site: request.site, number: request.number) == id, histories[id] != nil else {
                throw Fault("\(request.number) was acknowledged as \(id), and is lost")
            }
        }
        let stored = try hub.store.read { connection in
            Set(try connection.all("SELECT hash FROM events", []) { $0.blob(0) })
        }
        guard hashes.isSubset(of: stored) else { throw Fault("a record that was acknowledged is lost") }
        for (id, identity) in messages {
            guard histories[id]?.contains(where: { $0.header.message == identity }) ?? false else {
                throw Fault("a message about \(id) was acknowledged and left no record")
            }
        }
    }

    /// No message has an effect twice: the events of one message stand together.
    private func checkMessages(_ history: History, of id: CaseID) throws {
        var seen: Set<MessageIdentity> = []
        var last: MessageIdentity?
        for (header, _) in history {
            if let message = header.message, message != last, !seen.insert(message).inserted {
                throw Fault("\(id): the message of record \(header.sequence) was applied before")
            }
            last = header.message
        }
    }

    /// Folds one case and checks each of its events on the way.
    private func fold(_ history: History, of id: CaseID) throws -> Consultation {
        var state: Consultation?
        var reminders: Set<Int> = []
        var time = Scenery.start
        for (header, event) in history {
            guard header.time >= time else { throw Fault("\(id): time runs backwards at record \(header.sequence)") }
            time = header.time
            switch event {
            case .lapsed(let number):
                guard let offer = state?.offers.first(where: { $0.number == number }), offer.state == .live else {
                    throw Fault("\(id): offer \(number) lapses without being live")
                }
                try checkLapse(offer, at: header.time, lease: lease(of: number, in: history), id)
            case .reminded(.offerReminder, let ordinal):
                guard reminders.insert(ordinal).inserted else { throw Fault("\(id): reminder \(ordinal) came twice") }
            case .closed, .cancelled, .enteredInError:
                guard header.actor != nil, header.site == state?.requester.site else {
                    throw Fault("\(id) was not ended by a person at its requester")
                }
            case .accepted:
                guard header.actor != nil else { throw Fault("\(id) was accepted by nobody") }
            default: break
            }
            let next = try Consultation.evolve(state, event, id: id, sequence: header.sequence, at: header.time)
            guard next.offers.count(where: { $0.state == .accepted }) <= 1 else {
                throw Fault("\(id) has two accepted offers")
            }
            state = next
        }
        guard let facts = state, facts.phase.isEnded, facts.timers.allSatisfy({ $0.kind == .consentEvidence }) else {
            throw Fault("\(id) did not come to its end")
        }
        return facts
    }

    private func lease(of number: Int, in history: History) -> Span? {
        for (header, event) in history {
            guard case .offered(let offered) = event,
                let invitation = offered.invitations.first(where: { $0.number == number })
            else { continue }
            return invitation.leaseDue - header.time
        }
        return nil
    }

    /// The invited site had its whole lease while a hub served.
    private func checkLapse(_ offer: Offer, at time: Instant, lease: Span?, _ id: CaseID) throws {
        var served = time - offer.offeredAt
        for outage in outages where outage.to > offer.offeredAt && outage.from < time {
            served = served - (min(outage.to, time) - max(outage.from, offer.offeredAt))
        }
        // Below the shortest outage nothing is given back.
        guard let lease, served + .seconds(2 * Int64(outages.count)) >= lease else {
            throw Fault("\(id): offer \(offer.number) lapsed before its lease was over")
        }
    }

    /// Ended cases hold nothing.
    private func checkLoads(_ hub: SimulatedHub) throws {
        let held = try hub.store.read { connection in
            try connection.first("SELECT COUNT(*) FROM loads WHERE reserved <> 0 OR offered <> 0", []) { $0.int(0) }
        }
        guard held == 0 else { throw Fault("ended cases hold capacity") }
    }

    /// Every message reached its hospital, once in effect, and was settled once.
    private func checkDeliveries(_ world: World) throws {
        let rows = try world.hub.store.read { connection in
            try connection.all(
                """
                SELECT d.site, o.state, a.control_id, d.id FROM deliveries d
                LEFT JOIN delivery_outcomes o ON o.id = d.id LEFT JOIN delivery_attempts a ON a.id = d.id
                """,
                []
            ) { ($0.text(0), $0.optionalText(1), $0.optionalText(2), try $0.identifier(3)) }
        }
        for (site, state, controlID, id) in rows {
            let effects = SiteID(site).flatMap { world.hospitals[$0] }
                .flatMap { hospital in controlID.map { hospital.effects[$0] ?? 0 } }
            switch state {
            case "acknowledged":
                guard effects == 1 else { throw Fault("\(id) is acknowledged and had \(effects ?? 0) effects") }
                let settled = try world.hub.store.read { connection in
                    try connection.all(
                        "SELECT record FROM events WHERE kind = 2 AND stream = $1",
                        [.identifier(id)]
                    ) { try RecordHeader.decode($0.blob(0)).0.type }
                }
                guard settled.count(where: { $0 == "delivery-acknowledged" }) == 1 else {
                    throw Fault("\(id) was settled \(settled)")
                }
            case "superseded": break
            default: throw Fault("\(id) ends as \(state ?? "pending")")
            }
        }
    }
}
