import Testing

@testable import ConsiliumCore

/// A network's governance that the tests play with: commands are decided, recorded, read back and folded.
struct GovernanceStage {
    static let auditor = Scenery.person(Scenery.capital, .auditor, name: "auditor")
    static let secondAuditor = Scenery.person(Scenery.province, .auditor, name: "second")
    static let administrator = Scenery.person(Scenery.capital, .networkAdministrator, name: "chief")
    static let expert = Scenery.expert(Scenery.county)
    static let digest = Samples.digest

    static func siteAdministrator(_ site: SiteID, name: String = "admin") -> Actor {
        Scenery.person(site, .siteAdministrator, name: name)
    }

    static let ofCounty = siteAdministrator(Scenery.county)
    static let ofTown = siteAdministrator(Scenery.town)
    /// Everybody who may not do what an auditor alone may.
    static let noAuditors = [administrator, ofCounty, expert, .hub]

    var governance = Governance(offsetMinutes: 480)
    var network = Scenery.network()
    var now = Scenery.monday
    private var evidence: Set<String> = ["consultation/7"]
    private var ids: UInt64 = 0

    init() {}

    var nextID: TimeOrderedID { TimeOrderedID(high: 1, low: ids + 1) }

    func decide(_ command: GovernanceCommand, by actor: Actor) throws(Refusal) -> [GovernanceEvent] {
        try governance.decide(
            command,
            by: actor,
            at: now,
            in: network,
            evidence: { evidence.contains($0.reference) },
            id: nextID
        )
    }

    @discardableResult
    mutating func act(_ command: GovernanceCommand, by actor: Actor) throws -> [GovernanceEvent] {
        let events = try decide(command, by: actor)
        for event in events { try take(event, by: actor.principal) }
        ids += 1
        return events
    }

    /// As the ledger keeps it and reads it again.
    mutating func take(_ event: GovernanceEvent, by principal: Principal?) throws {
        var writer = CanonicalWriter()
        writer.object { event.write(to: &$0) }
        let read = try GovernanceEvent(type: event.type, facts: CanonicalObject(writer.bytes))
        #expect(read == event)
        governance.evolve(read, sequence: governance.version + 1, at: now, by: principal)
    }

    func refuse(
        _ code: Refusal.Code,
        at place: String? = nil,
        _ command: GovernanceCommand,
        by actor: Actor,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: Refusal(code, at: place), "\(command)", sourceLocation: sourceLocation) {
            try decide(command, by: actor)
        }
    }

    mutating func pass(days: Int64) { now = now + .days(days) }

    func observation(
        _ measure: String,
        _ period: String,
        tally: MeasureTally = MeasureTally(),
        until end: CivilDay? = nil,
        bootstrap: Bootstrap = Bootstrap(seed: 7, replicates: 200)
    ) -> Observation? {
        guard let measure = GovernanceModel.standard.measure(measure), let period = GovernancePeriod(period) else {
            return nil
        }
        return governance.observation(
            of: measure,
            period: period,
            tally: tally,
            active: Set(network.sites.values.filter { $0.status == .active }.map(\.id)),
            until: end,
            bootstrap: bootstrap
        )
    }

    func proportion(_ measure: String, _ period: String, until end: CivilDay? = nil) -> Proportion? {
        guard case .proportion(let proportion) = observation(measure, period, until: end) else { return nil }
        return proportion
    }
}
