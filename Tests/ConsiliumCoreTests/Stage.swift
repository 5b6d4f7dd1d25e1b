import Testing

@testable import ConsiliumCore

/// Something that the suite must have exercised at least once.
enum Mark: Hashable, CustomStringConvertible {
    case refusal(Refusal.Code)
    case event(String)
    case timer(TimerKind)
    case move(Phase, Phase)
    case unroutable(UnroutableReason)
    case queued(QueueReason)
    case excluded(RoutingPolicy)

    var description: String {
        switch self {
        case .refusal(let code): "refusal \(code.rawValue)"
        case .event(let type): "event \(type)"
        case .timer(let kind): "timer \(kind.rawValue)"
        case .move(let from, let to): "\(from.rawValue) → \(to.rawValue)"
        case .unroutable(let reason): "unroutable \(reason.rawValue)"
        case .queued(let reason): "queued \(reason.rawValue)"
        case .excluded(let policy): "excluded by \(policy.rawValue)"
        }
    }
}

/// One case and one network on a clock of their own. Every event that is decided is encoded, decoded and folded apart
/// from the decision, and what has been exercised is marked.
struct Stage {
    var network: Network
    var loads = FixedLoads()
    var governance = Governance()
    var now = Scenery.monday
    let id = CaseID(high: 0x0195_5555_0000_0001, low: 42)
    private(set) var state: Consultation?
    private(set) var history: [(event: Event, time: Instant)] = []
    private(set) var marks: Set<Mark> = []
    private(set) var networkHistory: [NetworkEvent] = []

    init(_ network: Network = Scenery.network()) { self.network = network }

    var facts: Consultation { state! }
    var phase: Phase { state!.phase }

    mutating func wait(_ span: Span) { now = now + span }

    /// Carries out one command; a refusal changes nothing.
    @discardableResult
    mutating func act(_ command: Command, by actor: Actor, ifVersion version: Int? = nil) throws -> [Event] {
        let context = DecisionContext(
            now: now,
            actor: actor,
            network: network,
            loads: loads,
            governance: governance,
            expectedVersion: version
        )
        let events: [Event]
        do {
            events = try Consultation.decide(command, on: state, id: id, in: context)
        } catch {
            marks.insert(.refusal(error.code))
            throw error
        }
        if case .fire(let timer) = command, !events.isEmpty { marks.insert(.timer(timer.kind)) }
        for event in events { try record(event) }
        return events
    }

    /// Takes an event as decided; also one that no command leads to.
    mutating func record(_ event: Event) throws {
        let before = state?.phase
        let header = RecordHeader(
            stream: StreamID(.consultation, id),
            sequence: (state?.version ?? 0) + 1,
            type: event.type,
            time: now,
            actor: nil,
            site: nil,
            salt: [UInt8](repeating: 9, count: 16),
            payload: nil
        )
        let bytes = header.encode { event.write(to: &$0) }
        let (decodedHeader, decodedFacts) = try RecordHeader.decode(bytes)
        #expect(decodedHeader == header)
        let decoded = try Event(type: decodedHeader.type, facts: decodedFacts)
        #expect(decoded == event)
        state = try Consultation.evolve(state, decoded, id: id, sequence: header.sequence, at: now)
        history.append((event, now))
        marks.insert(.event(event.type))
        if let before, let after = state?.phase, before != after { marks.insert(.move(before, after)) }
        switch event {
        case .queued(let facts): marks.insert(.queued(facts.reason))
        case .unroutable(let facts):
            marks.insert(.unroutable(facts.reason))
            note(facts.decision)
        case .offered(let facts): note(facts.decision)
        default: break
        }
    }

    private mutating func note(_ decision: RoutingDecision?) {
        for name in (decision?.exclusions ?? [:]).keys {
            if let policy = RoutingPolicy(rawValue: name) { marks.insert(.excluded(policy)) }
        }
    }

    /// Expects `command` to be refused with `code`, and the case to stay as it is.
    mutating func refuse(
        _ code: Refusal.Code,
        at place: String? = nil,
        _ command: Command,
        by actor: Actor,
        ifVersion version: Int? = nil,
        location: SourceLocation = #_sourceLocation
    ) {
        let before = state
        do {
            let events = try act(command, by: actor, ifVersion: version)
            Issue.record("expected \(code.rawValue), got \(events.map(\.type))", sourceLocation: location)
        } catch let refusal as Refusal {
            #expect(refusal.code == code, "\(refusal)", sourceLocation: location)
            if let place { #expect(refusal.place == place, sourceLocation: location) }
        } catch {
            Issue.record("\(error)", sourceLocation: location)
        }
        #expect(state == before, sourceLocation: location)
    }

    /// The case's timer of that kind, when it is armed.
    func timer(_ kind: TimerKind, _ ordinal: Int? = nil) -> CaseTimer? {
        state?.timers.first { $0.kind == kind && (ordinal == nil || $0.ordinal == ordinal) }
    }

    /// Lets the clock run to the timer and fires it.
    @discardableResult
    mutating func fire(_ kind: TimerKind, _ ordinal: Int? = nil) throws -> [Event] {
        let timer = try #require(self.timer(kind, ordinal), "no \(kind.rawValue) is armed")
        now = max(now, timer.due)
        return try act(.fire(timer), by: .hub)
    }

    // MARK: The network's own stream

    @discardableResult
    mutating func govern(_ command: NetworkCommand, by actor: Actor) throws -> [NetworkEvent] {
        let events: [NetworkEvent]
        do {
            events = try network.decide(command, by: actor, at: now)
        } catch {
            marks.insert(.refusal(error.code))
            throw error
        }
        for event in events {
            var writer = CanonicalWriter()
            writer.object { event.write(to: &$0) }
            let decoded = try NetworkEvent(type: event.type, facts: CanonicalObject(writer.bytes))
            #expect(decoded == event)
            network.evolve(decoded, sequence: network.version + 1, at: now)
            networkHistory.append(event)
            marks.insert(.event(event.type))
        }
        return events
    }

    mutating func refuse(
        _ code: Refusal.Code,
        at place: String? = nil,
        _ command: NetworkCommand,
        by actor: Actor,
        location: SourceLocation = #_sourceLocation
    ) {
        do {
            let events = try govern(command, by: actor)
            Issue.record("expected \(code.rawValue), got \(events.map(\.type))", sourceLocation: location)
        } catch let refusal as Refusal {
            #expect(refusal.code == code, "\(refusal)", sourceLocation: location)
            if let place { #expect(refusal.place == place, sourceLocation: location) }
        } catch {
            Issue.record("\(error)", sourceLocation: location)
        }
    }

    /// Begins anew, in `phase` when one is given, and keeps what has been exercised.
    mutating func restart(at phase: Phase? = nil) throws {
        let earlier = marks
        if let phase { self = try .at(phase) } else { self = Stage() }
        marks.formUnion(earlier)
    }

    /// Takes over what another stage has exercised.
    mutating func adopt(_ other: Stage) { marks.formUnion(other.marks) }

    /// Marks a refusal that came from elsewhere than `decide`.
    mutating func expect(
        _ code: Refusal.Code,
        at place: String? = nil,
        location: SourceLocation = #_sourceLocation,
        from body: () throws -> Void
    ) {
        do {
            try body()
            Issue.record("expected \(code.rawValue)", sourceLocation: location)
        } catch let refusal as Refusal {
            marks.insert(.refusal(refusal.code))
            #expect(refusal.code == code, "\(refusal)", sourceLocation: location)
            if let place { #expect(refusal.place == place, sourceLocation: location) }
        } catch {
            Issue.record("\(error)", sourceLocation: location)
        }
    }
}

extension Stage {
    /// Submits an application of the township hospital.
    @discardableResult
    mutating func submit(
        _ changes: [Element: String?] = [:],
        source: PrioritySource = .stated,
        unmapped: Bool = false,
        by actor: Actor = Scenery.requester
    ) throws -> [Event] {
        let facts = try Scenery.facts(
            Scenery.application(changes),
            in: network,
            source: source,
            unmapped: unmapped,
            at: now
        )
        return try act(.submit(facts), by: actor)
    }

    /// The same request again, with `changes` against the first copy.
    @discardableResult
    mutating func resubmit(
        _ changes: [Element: String?] = [:],
        source: PrioritySource = .stated,
        ifVersion version: Int? = nil
    ) throws -> [Event] {
        try act(.resubmit(copy(changes, source: source)), by: Scenery.requester, ifVersion: version)
    }

    func copy(_ changes: [Element: String?] = [:], source: PrioritySource = .stated) throws -> ApplicationFacts {
        try Scenery.facts(Scenery.application(changes), in: network, source: source, at: now)
    }

    /// The site that holds the first live offer.
    var invited: SiteID { facts.liveOffers.first!.place.site }
    var performer: SiteID { facts.acceptedOffer!.place.site }

    /// A stage whose case rests in `phase`; `submitted` and `failed` are passed through and never rested in.
    static func at(_ phase: Phase) throws -> Stage {
        var stage = Stage()
        switch phase {
        case .submitted, .failed: Issue.record("no case rests in \(phase.rawValue)")
        case .infoNeeded: try stage.submit([.wantedDepartment: nil])
        case .queued:
            for site in Scenery.sites { stage.loads.figures[site.id] = Load(reserved: 3) }
            try stage.submit()
        case .offered: try stage.submit()
        case .unroutable: try stage.submit([.priority: nil], source: .unknown)
        case .accepted:
            try stage.submit()
            try stage.act(.accept, by: Scenery.expert(stage.invited))
        case .inSession:
            stage = try at(.accepted)
            try stage.act(.start, by: Scenery.expert(stage.performer))
        case .reported:
            stage = try at(.inSession)
            try stage.act(.report(Scenery.report()), by: Scenery.expert(stage.performer))
        case .closed:
            stage = try at(.reported)
            try stage.act(.close(.adopted, reason: nil, rating: 5), by: Scenery.requester)
        case .cancelled:
            stage = try at(.offered)
            try stage.act(.cancel(.resolved), by: Scenery.requester)
        case .enteredInError:
            stage = try at(.offered)
            try stage.act(.void, by: Scenery.requester)
        }
        #expect(stage.phase == phase)
        return stage
    }
}
