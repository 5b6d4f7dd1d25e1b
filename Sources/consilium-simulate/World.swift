import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger

/// One run: a hub, five sites, a clock, and chance. Nothing in it looks at the machine's clock or generator.
final class World {
    static let turns = 45
    /// Messages of one commit group, in the storm and after it.
    static let largestGroup = (storm: 5, calm: 60)

    let hub: SimulatedHub
    var dice: Dice
    var now = Scenery.start
    var sites: [Site]
    var errands: [Errand] = []
    var hospitals: [SiteID: Hospital] = [:]
    var checker = Checker()
    var tally = Tally()
    /// False while the run comes to its end: no faults, and everybody does what is owed.
    var isStormy = true

    init(seed: UInt64, root: String) throws {
        dice = Dice(seed: seed)
        sites = Scenery.sites()
        guard sites.count == 5 else { throw Fault("the scenery names a code that is none") }
        hub = try SimulatedHub(root: root, seed: dice.seed(), at: now)
        for (command, principal) in Scenery.founding(sites) {
            let outcome = hub.ledger.step(now: now, inputs: [.network(command, by: principal, payload: nil)])
            _ = try outcome.results[0].get()
        }
        for site in sites where site.profile.format == .hl7v2 { hospitals[site.id] = Hospital(site: site.id) }
    }

    /// Plays the run to its end and checks every promise.
    func play() throws -> Tally {
        for _ in 0..<Self.turns {
            passTime()
            try people()
            try exchange()
            try deliver()
            if dice.happens(3) { try crash() }
        }
        isStormy = false
        try calm()
        try settle()
        try checker.check(self)
        return tally
    }

    private func passTime() {
        switch dice.below(20) {
        case 0: now = now + .hours(Int64(1 + dice.below(30)))
        case 1...4: now = now + .minutes(Int64(1 + dice.below(40)))
        case 5...8: if let next = hub.ledger.nextDeadline, next > now { now = next }
        default: now = now + .milliseconds(Int64(dice.below(20_000)))
        }
    }

    // MARK: Faults

    /// The hub dies; sometimes it stays down for an hour.
    func crash() throws {
        tally.crashes += 1
        let from = now
        if dice.happens(30) { now = now + .minutes(Int64(1 + dice.below(120))) }
        if dice.happens(25) { try checker.rebuild(hub) }
        try hub.restart(at: now)
        checker.outage(from: from, to: now)
    }

    /// Commits a group; nil when the hub died before anybody was answered.
    func commit(_ inputs: [Input]) throws -> Ledger.StepOutcome? {
        let size = hub.logSize
        let outcome = hub.ledger.step(now: now, inputs: inputs)
        tally.steps += 1
        tally.inputs += inputs.count
        if !outcome.effects.failures.isEmpty { throw Fault("a case failed: \(outcome.effects.failures)") }
        let written = hub.logSize - size
        if isStormy, written > 0, dice.happens(2) {
            // The power fails while this group is being written: it never happened.
            tally.crashes += 1
            tally.torn += 1
            try hub.restart(keeping: size + dice.below(written), at: now)
            return nil
        }
        try checker.committed(hub)
        if tally.steps % 16 == 0, try !hub.ledger.memoryFitsStore() {
            throw Fault("what the ledger holds in memory is not what it stored")
        }
        if isStormy, dice.happens(2) {
            // It is durable, and nobody hears of it.
            try crash()
            return nil
        }
        return outcome
    }

    // MARK: Messages to the hub

    /// Sends some of what waits to be sent; without an answer it is sent again.
    private func exchange() throws {
        let largest = isStormy ? Self.largestGroup.storm : Self.largestGroup.calm
        let count = min(errands.count, 1 + dice.below(largest))
        errands = dice.shuffled(errands)
        let sent = Array(errands.prefix(count))
        errands.removeFirst(count)
        var inputs: [Input] = []
        var senders: [Errand] = []
        for errand in sent {
            if isStormy, dice.happens(4) {
                errands.append(errand)
                continue
            }
            do {
                inputs.append(try hub.input(for: errand, at: now))
                senders.append(errand)
            } catch let error as Refusal {
                checker.refused(errand, error)
                tally.refused += 1
            } catch let error as FormatError {
                throw Fault("\(errand.content) could not be read: \(error)")
            }
        }
        let isDue = hub.ledger.nextDeadline.map { $0 <= now } ?? false
        guard !inputs.isEmpty || isDue else { return }
        guard let outcome = try commit(inputs) else {
            errands += senders
            return
        }
        for ((errand, input), result) in zip(zip(senders, inputs), outcome.results) {
            if isStormy, dice.happens(5) {
                // The answer is lost on the way.
                tally.repliesLost += 1
                errands.append(errand)
                continue
            }
            switch result {
            case .success(let receipt):
                try checker.acknowledged(errand, input, receipt)
                tally.accepted += 1
            case .failure(.refused(let refusal)):
                checker.refused(errand, refusal)
                tally.refused += 1
            case .failure(let failure): throw Fault("the ledger failed: \(failure)")
            }
        }
    }

    /// Every site is back, with its channel.
    private func calm() throws {
        let chief = Scenery.administrator(sites[3].id)
        for site in sites {
            _ = try commit([
                .network(.setStatus(site.id, .active), by: chief, payload: nil),
                .network(.channel(site.id, isLive: true), by: nil, payload: nil),
            ])
        }
    }

    /// Until everything that was sent is answered, every case ended and every message delivered.
    private func settle() throws {
        for _ in 0..<2_000 {
            now = now + .minutes(7)
            try exchange()
            try deliver()
            guard errands.isEmpty else { continue }
            let open = try hub.flow.openCases(limit: 100)
            for row in open { try finish(row.id) }
            if open.isEmpty, errands.isEmpty, try hub.flow.deliveries(state: nil, limit: 1).isEmpty,
                try hub.flow.deliveries(state: "dead", limit: 1).isEmpty
            {
                return
            }
        }
        let open = try hub.flow.openCases(limit: 5).map { "\($0.id) \($0.phase)" }
        throw Fault("the network does not come to rest: \(errands), \(open), \(checker.lastRefusal)")
    }
}

/// What a run did.
struct Tally {
    var steps = 0
    var inputs = 0
    var accepted = 0
    var refused = 0
    var crashes = 0
    var torn = 0
    var repliesLost = 0
    var deliveries = 0
    var cases = 0
    var events = 0
    /// Events of cases, by type.
    var types: [String: Int] = [:]

    static func += (a: inout Tally, b: Tally) {
        a.steps += b.steps
        a.inputs += b.inputs
        a.accepted += b.accepted
        a.refused += b.refused
        a.crashes += b.crashes
        a.torn += b.torn
        a.repliesLost += b.repliesLost
        a.deliveries += b.deliveries
        a.cases += b.cases
        a.events += b.events
        a.types.merge(b.types) { $0 + $1 }
    }
}
