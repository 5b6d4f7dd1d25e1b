import Testing

@testable import ConsiliumCore

/// Random lives of a case, from a seed: whatever anybody tries in whatever order, what must hold holds.
@Suite struct PropertyTests {
    @Test("No sequence of commands breaks an invariant", arguments: 0..<120 as Range<UInt64>)
    func invariants(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var stage = Stage(Scenery.network(quiet: Bool.random(using: &random) ? [Scenery.county] : []))
        var submittedAt: Instant?
        for step in 0..<80 {
            stage.now = stage.now + .milliseconds(Int64.random(in: 0...20_000_000, using: &random))
            if Int.random(in: 0..<10, using: &random) == 0 { stage.loads = Self.loads(&random) }
            let (command, actor) = try Self.command(stage, &random)
            let before = stage.state
            let count = stage.history.count
            do {
                try stage.act(
                    command,
                    by: actor,
                    ifVersion: Int.random(in: 0..<20, using: &random) == 0 ? step : nil
                )
            } catch is Refusal {
                #expect(stage.state == before, "a refusal changes nothing")
                continue
            }
            guard let facts = stage.state else { continue }
            submittedAt = submittedAt ?? facts.submittedAt
            #expect(facts.submittedAt == submittedAt, "queue age is never reset")
            #expect(facts.version == stage.history.count)
            check(facts, at: stage.now)
            checkDisclosure(before, stage.history[count...].map(\.event))
        }
        for case .move(let from, let to) in stage.marks {
            #expect(permittedMoves[from]?.contains(to) == true, "\(from.rawValue) → \(to.rawValue) is a hole")
        }
        let folded = try Self.fold(stage)
        #expect(folded == stage.state, "folding the events anew gives the same case")
    }

    private func check(_ facts: Consultation, at now: Instant) {
        let accepted = facts.offers.filter { $0.state == .accepted }
        #expect(accepted.count <= 1, "at most one accepted offer")
        #expect((facts.phase == .offered) == !facts.liveOffers.isEmpty, "offered means that somebody is asked")
        #expect(facts.liveOffers.count <= (facts.priority == .stat ? 3 : 1))
        let hasPerformer = [.accepted, .inSession, .reported].contains(facts.phase)
        if hasPerformer { #expect(accepted.count == 1) }
        if facts.phase.isBeforeAcceptance { #expect(accepted.isEmpty) }
        #expect(![.submitted, .failed].contains(facts.phase), "nothing rests there")
        if facts.phase.isEnded {
            #expect(facts.timers.allSatisfy { $0.kind == .consentEvidence })
            #expect(facts.closedAt != nil)
        }
        if facts.phase == .queued || facts.phase == .offered {
            #expect(facts.consent.permitsDisclosure, "nothing is offered before consent")
            #expect(facts.openGaps.isEmpty)
        }
        #expect((facts.pausedSince != nil && !facts.phase.isEnded) == (facts.phase == .infoNeeded))
        #expect((facts.phase == .infoNeeded) <= (facts.gaps == facts.openGaps))
        let keys = facts.timers.map { "\($0.kind.rawValue) \($0.ordinal)" }
        #expect(Set(keys).count == keys.count, "no timer stands twice: \(keys)")
        let leases = facts.timers.filter { $0.kind == .offerLease }.map { $0.ordinal / 8 }
        #expect(Set(leases) == Set(facts.liveOffers.map(\.number)), "each live offer has its lease, and nobody else")
        for timer in facts.timers { #expect(timer.armedBy <= facts.version) }
        #expect(
            facts.offers.map(\.number) == Array(1...max(1, facts.offers.count)).prefix(facts.offers.count).map { $0 }
        )
        #expect(facts.offers.allSatisfy { $0.version <= facts.version && ($0.endedAt == nil) == ($0.state == .live) })
        #expect(facts.requestVersion <= facts.version && facts.consentVersion <= facts.version)
        #expect(!facts.offers.contains { $0.place.site == facts.requester.site })
        if let settlement = facts.settlement {
            #expect(facts.reportNumber > 0, "what is priced was performed")
            #expect(Set(settlement.disputed).count == settlement.disputed.count)
            #expect(settlement.disputed.allSatisfy { (1...settlement.lines).contains($0) })
        }
        if facts.lastOutcome != nil || facts.isTierRatedAgain { #expect(facts.phase.isEnded) }
        for site in Scenery.sites.map(\.id) where facts.relation(of: site, coordinates: false) != nil {
            let takesPart =
                site == facts.requester.site || accepted.first?.place.site == site
                || facts.liveOffers.contains { $0.place.site == site }
            #expect(takesPart, "\(site) sees a case that it has no part in")
        }
    }

    private func checkDisclosure(_ before: Consultation?, _ events: [Event]) {
        guard events.contains(where: { $0.type == "offered" }), let before else { return }
        if !before.consent.permitsDisclosure {
            let kinds: Set<String> = ["consent-recorded", "amended"]
            #expect(events.contains { kinds.contains($0.type) }, "an offer without consent")
        }
    }

    private static func fold(_ stage: Stage) throws -> Consultation? {
        var state: Consultation?
        for (index, item) in stage.history.enumerated() {
            state = try Consultation.evolve(state, item.event, id: stage.id, sequence: index + 1, at: item.time)
        }
        return state
    }

    private static func loads(_ random: inout SeededGenerator) -> FixedLoads {
        var loads = FixedLoads()
        for site in Scenery.sites {
            loads.figures[site.id] = Load(
                reserved: .random(in: 0...3, using: &random),
                offered: .random(in: 0...3, using: &random)
            )
        }
        return loads
    }

    private static func changes(_ random: inout SeededGenerator) -> [Element: String?] {
        let choices: [(Element, [String?])] = [
            (.priority, ["stat", "asap", "urgent", "routine", nil]),
            (.wantedDepartment, ["0304", "0304", "0712", nil]),
            (.summary, ["一", "二", nil]), (.reason, ["三", nil]), (.consentBasis, ["written", "emergency", nil]),
            (.consentReference, ["A1", "A2", nil]), (.consentState, ["given", "missing", "withdrawn", nil, nil, nil]),
            (.consentScope, ["any", Scenery.county.description, nil]), (.note, ["四", nil]), (.patientAge, ["7", nil]),
            (.wantedSite, [Scenery.second.description, nil]), (.patientName, ["张三", nil]),
        ]
        var out: [Element: String?] = [:]
        for (element, values) in choices where Int.random(in: 0..<3, using: &random) == 0 {
            out[element] = .some(values.randomElement(using: &random)!)
        }
        return out
    }

    private static func command(_ stage: Stage, _ random: inout SeededGenerator) throws -> (Command, Actor) {
        let site = Scenery.sites.randomElement(using: &random)!.id
        let roles = Set(Role.allCases.filter { _ in Int.random(in: 0..<4, using: &random) > 0 })
        let anybody = Actor(
            principal: Principal(site: site, kind: .operator, name: "x"),
            site: site,
            roles: roles
        )
        guard let facts = stage.state else {
            return (.submit(try application(stage, &random)), Scenery.requester)
        }
        let live = facts.liveOffers.randomElement(using: &random).map { Scenery.expert($0.place.site) }
        let performer = facts.acceptedOffer.map { Scenery.expert($0.place.site) }
        // Mostly whoever may, sometimes just anybody.
        func by(_ actor: Actor?) -> Actor {
            Int.random(in: 0..<6, using: &random) == 0 ? anybody : actor ?? anybody
        }
        switch Int.random(in: 0..<29, using: &random) {
        case 0, 1: return (.accept, by(live))
        case 2, 3: return (.decline(.other), by(live))
        case 4, 5: return (.start, by(performer))
        case 6:
            return (
                .report(Scenery.report(version: facts.version - Int.random(in: -1...2, using: &random))), by(performer)
            )
        case 7: return (.fail(.other), by(performer))
        case 8: return (.close(.adopted, reason: nil, rating: nil), by(Scenery.requester))
        case 9:
            guard Int.random(in: 0..<4, using: &random) == 0 else { return (.note, by(Scenery.requester)) }
            return (Bool.random(using: &random) ? .cancel(.other) : .void, by(Scenery.requester))
        case 10:
            return (
                .recordConsent(
                    ConsentFacts(
                        state: Bool.random(using: &random) ? .given : .missing,
                        basis: .kin,
                        scope: Bool.random(using: &random) ? nil : [Scenery.city],
                        hasEvidence: Bool.random(using: &random)
                    )
                ), by(Scenery.requester)
            )
        case 11: return (.withdrawConsent, by(Scenery.requester))
        case 12: return (.note, by(live))
        case 13, 14:
            return (.requeue(site: Bool.random(using: &random) ? nil : site), by(Scenery.coordinator))
        case 15: return (.dispatch, .hub)
        case 16: return (.extendLeases(.minutes(Int64.random(in: -5...60, using: &random))), .hub)
        case 17: return (.notYetOffered("triage"), anybody)
        case 24:
            let result = Outcome.Result.allCases.randomElement(using: &random)!
            return (
                .recordOutcome(Outcome(result, rating: Int.random(in: 0...5, using: &random))), by(Scenery.requester)
            )
        case 25:
            let isAssigned = Bool.random(using: &random)
            return (.rateTierAgain(Tier.allCases.randomElement(using: &random)!, isAssigned: isAssigned), anybody)
        case 26:
            let gross = Int.random(in: -1...2, using: &random)
            return (.price(gross: gross, lines: [.init(Scenery.county, 1)]), by(performer))
        case 27: return (.settle, by(performer))
        case 28: return (.dispute(lines: [Int.random(in: 0...2, using: &random)]), by(Scenery.requester))
        case 18, 19: return (.resubmit(try application(stage, &random)), by(Scenery.requester))
        default:
            guard var timer = facts.timers.randomElement(using: &random) else { return (.dispatch, .hub) }
            if Int.random(in: 0..<5, using: &random) == 0 { timer.armedBy += 1 }
            return (.fire(timer), .hub)
        }
    }

    private static func application(_ stage: Stage, _ random: inout SeededGenerator) throws -> ApplicationFacts {
        let changes = changes(&random)
        let isUnknown = Int.random(in: 0..<8, using: &random) == 0
        return try Scenery.facts(
            Scenery.application(isUnknown ? changes.merging([.priority: nil]) { _, new in new } : changes),
            in: stage.network,
            source: isUnknown ? .unknown : .stated,
            unmapped: Bool.random(using: &random),
            at: stage.now
        )
    }

    @Test("The same seed lives the same life")
    func deterministic() throws {
        for seed in 0..<10 as Range<UInt64> {
            func live() throws -> [[UInt8]] {
                var random = SeededGenerator(seed: seed)
                var stage = Stage()
                for _ in 0..<40 {
                    stage.wait(.minutes(17))
                    let (command, actor) = try Self.command(stage, &random)
                    _ = try? stage.act(command, by: actor)
                }
                return stage.history.map { Samples.record($0.event) }
            }
            #expect(try live() == live())
        }
    }

    @Test(
        "A timer that is due always does something, so that nothing fires twice",
        arguments: 200..<260 as Range<UInt64>
    )
    func timersEnd(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var stage = Stage()
        try stage.submit(
            ["stat", "asap", "urgent", "routine"].randomElement(using: &random).map { [.priority: $0] } ?? [:]
        )
        for _ in 0..<20 {
            let (command, actor) = try Self.command(stage, &random)
            _ = try? stage.act(command, by: actor)
            stage.wait(.minutes(Int64.random(in: 0...600, using: &random)))
        }
        var fired = 0
        while let timer = stage.facts.timers.min(by: { $0.due < $1.due }) {
            stage.now = max(stage.now, timer.due)
            #expect(!(try stage.act(.fire(timer), by: .hub)).isEmpty, "\(timer.kind.rawValue) does nothing")
            fired += 1
            guard fired < 200 else {
                Issue.record("timers without end")
                return
            }
        }
    }
}

/// Whether the first implies the second.
private func <= (a: Bool, b: Bool) -> Bool { !a || b }
