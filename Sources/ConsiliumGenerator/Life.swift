import ConsiliumCore
import ConsiliumLedger

/// The people of the province on a virtual clock: they write, answer, report and close, and the hub does the rest.
///
/// Whoever acts looks at the case as it stands then, sends the command that a client would send, and takes a refusal as
/// people do: leaves it, or does the other thing.
final class Life {
    /// What is remembered of a case while something may still happen to it.
    struct Case {
        var plan: CasePlan
        var chance: Chance
        /// Offers that somebody has been told to answer.
        var offers = 0
        var phase = Phase.submitted
        var expert: Province.Doctor?
        var verdict: Verdict?
        var failures = 0
    }

    let province: Province
    let generation: Generation
    let calendar: WorkingCalendar
    let intake: Intake
    let auditors: [Principal]
    /// When the first request can come.
    let beginning: Instant
    /// No case is touched from then on, but by those who look again.
    let end: Instant
    private let hasCanary: Bool
    /// Requests of a middling day, in thousandths.
    let daily: Int
    /// Of the transaction in hand.
    private(set) var writer: HistoryWriter
    var agenda = Agenda()
    var cases: [CaseID: Case] = [:]
    var chance: Chance
    var entropy: SeededEntropy
    /// The first day that has no requests yet.
    private var day: CivilDay
    /// Thousandths of a request that the days before left over.
    private var rest = 0
    private(set) var numbers = 0
    var records: Int { writer.records }
    var deliveries = 0
    /// Messages of the day, by site.
    var exchanges: [SiteID: (received: Int, accepted: Int)] = [:]
    /// Cases that were closed, by quarter, with the tier that they needed: what samples are drawn from.
    var closedIn: [String: [(id: CaseID, needed: Tier)]] = [:]
    var lastClosed: CaseID?
    let years: ClosedRange<Int>
    /// Quarters that lie wholly within the history.
    let quarters: [GovernancePeriod]

    init(_ setting: Setting, intake: Intake, writer: HistoryWriter) {
        province = setting.province
        generation = setting.generation
        calendar = setting.calendar
        self.intake = intake
        auditors = setting.auditors
        beginning = setting.start
        end = setting.end
        hasCanary = setting.hasCanary
        daily = setting.daily
        years = setting.years
        quarters = setting.quarters
        self.writer = writer
        chance = Chance(seed: setting.generation.seed, part: "life")
        entropy = SeededEntropy(seed: Chance.seed(setting.generation.seed, "identifiers"))
        day = CivilDay(setting.start, offsetMinutes: Rhythm.offsetMinutes)
    }

    /// Founds the network and enters what is known beforehand.
    func begin() throws {
        try found()
        try foundRegisters()
        _ = writer.takeChanges()
        let start = start(of: day)
        planAdministration(from: start)
        planGovernance(from: start)
        try writer.pass(to: start)
    }

    /// Lives on until about `count` records are written or the end is reached; true while there is more to come.
    func live(records count: Int) throws -> Bool {
        let goal = records + count
        while records < goal {
            let morning = min(end, start(of: day))
            let next = min(agenda.next ?? morning, morning)
            if let due = writer.nextDue, due <= next, due < end {
                try writer.pass(to: due)
                try react()
                continue
            }
            try writer.pass(to: next)
            if next == end { return false }
            if next == morning {
                planDay()
            } else if let (_, errand) = agenda.takeFirst() {
                try perform(errand)
                try react()
            }
        }
        return true
    }

    private func start(of day: CivilDay) -> Instant {
        Instant(milliseconds: Int64(day.number) * 86_400_000 - Int64(Rhythm.offsetMinutes) * 60_000)
    }

    private func planDay() {
        let date = CivilTime(start(of: day), offsetMinutes: Rhythm.offsetMinutes)
        var weight = daily * Rhythm.weight(of: date) / 1_000
        weight = weight * chance.within(850...1_150) / 1_000 + rest
        rest = weight % 1_000
        for _ in 0..<weight / 1_000 {
            numbers += 1
            let plan = CasePlan(numbers, on: date, in: province, seed: generation.seed, hasCanary: hasCanary)
            if plan.time < end { agenda.add(.submit(plan), at: plan.time) }
        }
        day.number += 1
    }

    /// Looks at what changed and enters in the agenda what people make of it.
    func react() throws {
        while true {
            let changes = writer.takeChanges()
            if changes.cases.isEmpty, changes.deliveries.isEmpty { return }
            for (id, site) in changes.deliveries { try deliver(id, to: site) }
            for id in changes.cases { try follow(id) }
        }
    }

    /// A command of one case; a refusal says what the others did first.
    @discardableResult
    func act(_ act: Act, on id: CaseID, by principal: Principal, at later: Instant? = nil) throws -> Refusal? {
        let door: Door = principal.kind == .node ? .mllp : .network
        do {
            try writer.carryOut(
                .act(PreparedAct(principal: principal, reference: .id(id), act: act, door: door)),
                at: later
            )
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }

    /// The next transaction.
    func go(on writer: HistoryWriter) { self.writer = writer }

    func end(_ id: CaseID) {
        cases[id] = nil
        writer.forget(id)
    }
}

extension Chance {
    static func seed(_ seed: UInt64, _ part: String) -> UInt64 {
        var chance = Chance(seed: seed, part: part)
        return chance.seed()
    }
}
