import Testing

@testable import ConsiliumCore

/// A story that says what it exercises, and is held to it.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let covers: Set<Mark>
    let play: @Sendable (inout Stage) throws -> Void

    init(_ name: String, _ covers: Mark..., play: @escaping @Sendable (inout Stage) throws -> Void) {
        self.name = name
        self.covers = Set(covers)
        self.play = play
    }

    init(name: String, covers: Set<Mark>, play: @escaping @Sendable (inout Stage) throws -> Void) {
        self.name = name
        self.covers = covers
        self.play = play
    }

    var testDescription: String { name }

    static let all =
        submission + offers + session + aftercare + consent + amendments + timers + routing + administration
        + membership
}

/// Codes that the ledger and the hub raise; their suites enumerate them.
private let raisedElsewhere: Set<Refusal.Code> = [
    .messageReused, .erased, .busy, .diskFull, .tooLarge,
    // By an assessment.
    .assessmentIncomplete, .assessmentOverlaps, .evidenceMissing, .evidenceUnknown,
    // By the registers of governance.
    .measureUnknown, .measureInvalid, .notDrilled, .entryUnknown, .entryExists, .entryClosed, .sharesDoNotAddUp,
    .rulePackOverlaps,
    .returnDefective, .periodBegun, .periodNotEnded, .periodEmpty, .periodInFuture, .seedMismatch,
    .reviewLate,
]

/// Where a case may go from each phase. Anything else is a hole.
let permittedMoves: [Phase: Set<Phase>] = [
    .submitted: [.infoNeeded, .queued, .unroutable],
    .infoNeeded: [.queued, .unroutable, .cancelled, .enteredInError],
    .queued: [.offered, .unroutable, .infoNeeded, .cancelled, .enteredInError],
    .offered: [.accepted, .queued, .infoNeeded, .unroutable, .cancelled, .enteredInError],
    .accepted: [.inSession, .failed, .cancelled, .enteredInError],
    .inSession: [.reported, .failed, .enteredInError],
    .reported: [.closed, .enteredInError],
    .failed: [.queued],
    .unroutable: [.queued, .infoNeeded, .cancelled, .enteredInError],
    .closed: [.enteredInError],
    .cancelled: [.enteredInError],
    .enteredInError: [],
]

@Suite struct ScenarioTests {
    @Test("A scenario exercises what it says", arguments: Scenario.all)
    func plays(_ scenario: Scenario) throws {
        var stage = Stage()
        try scenario.play(&stage)
        let missed = scenario.covers.subtracting(stage.marks)
        #expect(missed.isEmpty, "said but not exercised: \(missed)")
    }

    private func missing(_ required: [Mark]) -> [Mark] {
        let covered = Scenario.all.reduce(into: Set<Mark>()) { $0.formUnion($1.covers) }
        return required.filter { !covered.contains($0) }
    }

    @Test("Every refusal code that Core raises has a scenario")
    func refusals() {
        let codes = Refusal.Code.allCases.filter { !raisedElsewhere.contains($0) }
        #expect(missing(codes.map { .refusal($0) }) == [])
    }

    @Test("Every event type of a case and of the network has a scenario")
    func events() {
        // That a history is generated is no command's to say.
        let said = (Event.types + NetworkEvent.types).filter { $0 != "generated" }
        #expect(missing(said.map { .event($0) }) == [])
        #expect(Set(Event.types + NetworkEvent.types).count == Event.types.count + NetworkEvent.types.count)
    }

    @Test("Every kind of timer fires in a scenario")
    func timers() {
        #expect(missing(TimerKind.allCases.map { .timer($0) }) == [])
    }

    @Test("Every transition has a scenario, and every phase its row")
    func moves() {
        #expect(Set(permittedMoves.keys) == Set(Phase.allCases))
        let moves = permittedMoves.flatMap { from, targets in targets.map { Mark.move(from, $0) } }
        #expect(missing(moves) == [])
    }

    @Test("Every reason for which a case is handed over or queued, and every routing policy, has a scenario")
    func reasons() {
        // Overdue information is reminded of, and a withdrawal leads to a question, so neither names these two.
        let unroutable = UnroutableReason.allCases.filter { $0 != .informationOverdue }
        let queued = QueueReason.allCases.filter { $0 != .consentWithdrawn }
        #expect(missing(unroutable.map { .unroutable($0) }) == [])
        #expect(missing(queued.map { .queued($0) }) == [])
        #expect(missing(RoutingPolicy.allCases.map { .excluded($0) }) == [])
    }
}
