import ConsiliumCore
import ConsiliumLedger

/// What follows a closed case: where the patient went, how it ended, who looked again, and the money.
///
/// Nothing else can come between, so it is told at once, each part at its own time; what lies beyond the end is left out.
extension Life {
    private enum Step {
        case transfer(Place)
        case discharge(Discharge)
        case receive(Place)
        case outcome(Outcome)
        case price(Act)
        case settle
        case dispute(line: Int)
        case void
    }

    private struct Steps {
        private(set) var all: [(time: Instant, step: Step)] = []

        mutating func add(_ step: Step, at time: Instant) { all.append((time, step)) }

        /// By time; what was entered first comes first.
        var inOrder: [(time: Instant, step: Step)] {
            all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        }
    }

    /// A case has ended.
    func finish(_ facts: Consultation) throws {
        if facts.phase == .closed, let due = facts.timers.map(\.due).max() {
            agenda.add(.followUp(facts.id), at: due + .milliseconds(1))
        } else {
            if facts.phase == .closed { try followUp(facts.id) }
            end(facts.id)
        }
    }

    func followUp(_ id: CaseID) throws {
        defer { end(id) }
        guard let life = cases[id], let facts = try writer.state(of: id), facts.phase == .closed,
            let closedAt = facts.closedAt
        else { return }
        lastClosed = id
        closedIn[quarter(of: closedAt), default: []].append((id, life.plan.needed))
        var chance = Chance(seed: life.plan.seed, part: "aftercare")
        var steps = Steps()
        let path = move(facts, life, closedAt, &chance, &steps)
        tell(facts, life, path, closedAt, &chance, &steps)
        charge(facts, closedAt, &chance, &steps)
        if life.plan.number % 230 == 0 { steps.add(.void, at: closedAt + .days(40)) }
        for (time, step) in steps.inOrder where time >= writer.now && time < end {
            try carryOut(step, at: time, facts, life)
        }
    }

    /// As a period is labelled.
    private func quarter(of time: Instant) -> String {
        let date = CivilTime(time, offsetMinutes: Rhythm.offsetMinutes)
        return "\(padded(date.year, 4))-Q\((date.month + 2) / 3)"
    }

    private enum Path {
        case stayed
        case wentUp(isAlive: Bool)
    }

    /// Up as the expert said, or without being sent; down where the tier below can take over.
    private func move(
        _ facts: Consultation,
        _ life: Case,
        _ closedAt: Instant,
        _ chance: inout Chance,
        _ steps: inout Steps
    ) -> Path {
        let origin = facts.requester.tier
        let isSent = facts.disposition == .referUp && chance.happens(992)
        let isUnsent = facts.disposition != .referUp && chance.happens(life.plan.needed > origin ? 600 : 9)
        let siphon = chance.happens(140) ? 1 : 0
        let soon = chance.span(.hours(2), .days(5))
        let late = chance.span(.days(2), .days(24))
        let stay = chance.span(.days(3), .days(13))
        let isAlive = chance.happens(968)
        let isEligible = chance.happens(640)
        let isReceived = chance.happens(isEligible ? 590 : 130)
        let way = chance.span(.hours(3), .days(5))
        if facts.disposition == .referDown, chance.happens(700), let below = place(of: origin, -1, facts, &chance) {
            steps.add(.transfer(below), at: closedAt + soon)
            return .stayed
        }
        guard isSent || isUnsent, origin < .national else { return .stayed }
        let seen = isSent ? life.verdict?.appropriateTier ?? life.plan.needed : life.plan.needed
        let rise = max(1, min(4, seen.rank + siphon) - origin.rank)
        guard let above = place(of: origin, rise, facts, &chance) else { return .stayed }
        let arrival = closedAt + (isSent ? soon : late)
        steps.add(.transfer(above), at: arrival)
        steps.add(
            .discharge(Discharge(isAlive: isAlive, isEligibleForLowerTier: isAlive && isEligible)),
            at: arrival + stay
        )
        if isAlive, isReceived { steps.add(.receive(facts.requester), at: arrival + stay + way) }
        return .wentUp(isAlive: isAlive)
    }

    /// Somewhere `rise` tiers above (below) `tier`; the performing site where it fits.
    private func place(of tier: Tier, _ rise: Int, _ facts: Consultation, _ chance: inout Chance) -> Place? {
        let rank = tier.rank + rise
        guard (0...4).contains(rank) else { return nil }
        if let performer = facts.acceptedOffer?.place, performer.tier.rank == rank, chance.happens(600) {
            return performer
        }
        let sites = province.byTier[rank]
        return sites.isEmpty ? nil : writer.network.sites[chance.skewed(sites)]?.place
    }

    private func tell(
        _ facts: Consultation,
        _ life: Case,
        _ path: Path,
        _ closedAt: Instant,
        _ chance: inout Chance,
        _ steps: inout Steps
    ) {
        let isTold = chance.happens(province.habits[facts.requester.site]?.tells ?? 0)
        let early = chance.span(.days(2), .days(12))
        let time = closedAt + chance.span(.days(14), .days(28))
        let rating = chance.happens(600) ? chance.within(3...5) : nil
        let isUndertreated = life.plan.needed > facts.requester.tier
        let weights = isUndertreated ? [250, 330, 160, 110, 0, 60, 30, 60] : [480, 353, 80, 25, 0, 4, 3, 55]
        var result = Outcome.Result.allCases[chance.weighted(weights)]
        switch path {
        case .stayed: break
        case .wentUp(isAlive: true): if chance.happens(750) { result = .referredUp }
        case .wentUp(isAlive: false): result = .died
        }
        guard isTold else { return }
        if result != .died, chance.happens(120) { steps.add(.outcome(Outcome(.improved)), at: closedAt + early) }
        steps.add(.outcome(Outcome(result, rating: rating)), at: time)
    }

    private func charge(_ facts: Consultation, _ closedAt: Instant, _ chance: inout Chance, _ steps: inout Steps) {
        guard let performer = facts.acceptedOffer?.place, chance.happens(955) else { return }
        let setBy = [Pricing.TariffSetter.site, .admin, .nobody][chance.weighted([800, 140, 60])]
        let isFree = chance.happens(55)
        let price =
            isFree
            ? Act.price(gross: 0, lines: [])
            : province.price(of: facts.serviceKind, by: performer, for: facts.requester.site, setBy: setBy)
        let priced = closedAt + chance.span(.hours(1), .days(4))
        let settled = priced + (chance.happens(60) ? .days(34) : .zero) + chance.span(.days(1), .days(24))
        steps.add(.price(price), at: priced)
        guard !isFree, case .price(_, let lines) = price else { return }
        let isSettled = chance.happens(970)
        if isSettled { steps.add(.settle, at: settled) }
        guard chance.happens(24) else { return }
        let line = chance.within(1...lines.count)
        steps.add(.dispute(line: line), at: settled + chance.span(.hours(1), .days(9)))
        if isSettled, chance.happens(800) { steps.add(.settle, at: settled + chance.span(.days(10), .days(20))) }
    }

    private func carryOut(_ step: Step, at time: Instant, _ facts: Consultation, _ life: Case) throws {
        let id = facts.id
        let requester = Province.doctor(facts.requester.site, life.plan.number)
        let performer = facts.acceptedOffer.map { Province.administrator($0.place.site) } ?? requester
        // A refusal is left: nothing can be told of a patient who died, and nothing is settled twice.
        func run(_ act: Act, _ principal: Principal) throws { try self.act(act, on: id, by: principal, at: time) }
        func append(_ event: Event, _ principal: Principal) throws {
            guard let actor = try? writer.network.actor(principal) else { return }
            try writer.append([event], to: id, by: actor, at: time)
        }
        let note = life.plan.number % 5 == 0 ? Invention.note("电话随访", life.plan) : nil
        switch step {
        case .transfer(let place): try append(.transferred(place), requester)
        case .discharge(let discharge): try append(.discharged(discharge), requester)
        case .receive(let place): try append(.receivedBelow(place), requester)
        case .outcome(let outcome): try run(.recordOutcome(outcome, note: note), requester)
        case .price(let price): try run(price, performer)
        case .settle: try run(.settle, performer)
        case .dispute(let line): try run(.dispute(lines: [line], note: nil), requester)
        case .void: try run(.void(note: Invention.note("病历合并", life.plan)), requester)
        }
    }
}
