import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Deliveries")
struct EngineDeliveryTests {
    @Test("Only sites that speak HL7 v2 have messages planned, in the order of what happened")
    func planned() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        #expect(try stage.flow.deliveries(of: EngineStage.county, limit: 9).map(\.kind) == [.referral])
        let county = EngineStage.doctor(EngineStage.county)
        try stage.one(stage.act(.decline(.noCapacity, note: nil), on: id, by: county))
        #expect(try stage.invited(id) == EngineStage.city)
        #expect(try stage.flow.deliveries(of: EngineStage.city, limit: 9).isEmpty)
        let city = EngineStage.doctor(EngineStage.city)
        // All within one millisecond.
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: city))
        try stage.one(stage.act(EngineStage.report(), on: id, by: city))
        try stage.one(
            stage.act(
                .close(.adopted, reason: nil, rating: 5, note: nil),
                on: id,
                by: EngineStage.doctor(EngineStage.town)
            )
        )
        #expect(try stage.flow.deliveries(of: EngineStage.town, limit: 9).map(\.kind) == [.accepted, .report, .closed])
        #expect(try stage.flow.deliveries(state: nil, limit: 9).count == 4)
        #expect(try stage.rebuildsEqually())
    }

    @Test("Whatever the random part of a case's number, its messages keep their order", arguments: 1...20)
    func order(seed: UInt64) throws {
        let stage = try EngineStage(seed: seed)
        let id = try stage.submit("HZ-1")
        let county = EngineStage.doctor(EngineStage.county)
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: county))
        try stage.one(stage.act(EngineStage.report(), on: id, by: county))
        #expect(try stage.flow.deliveries(of: EngineStage.town, limit: 9).map(\.kind) == [.accepted, .report])
    }

    @Test("The requester of an exhausted case is told that it was declined")
    func exhausted() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        while try stage.facts(id).phase == .offered {
            let site = try stage.invited(id)
            try stage.one(stage.act(.decline(.noCapacity, note: nil), on: id, by: EngineStage.doctor(site)))
        }
        #expect(try stage.flow.deliveries(of: EngineStage.town, limit: 9).map(\.kind) == [.declined])
    }

    private func pending(_ stage: EngineStage) throws -> FlowReader.DeliveryRow {
        try stage.submit("HZ-1")
        return try #require(try stage.flow.deliveries(of: EngineStage.county, limit: 1).first)
    }

    @Test("Bytes and control id are those of the first attempt, whatever is written later")
    func fixed() throws {
        let stage = try EngineStage()
        let row = try pending(stage)
        #expect(try stage.flow.fixedDelivery(row.id) == nil)
        try stage.one(.fixDelivery(row.id, controlID: "C1", bytes: Array("一".utf8)))
        try stage.one(.fixDelivery(row.id, controlID: "C2", bytes: Array("二".utf8)))
        let fixed = try #require(try stage.flow.fixedDelivery(row.id))
        #expect(fixed.controlID == "C1" && fixed.bytes == Array("一".utf8))
        #expect(try stage.flow.caseOf(controlID: "C1", site: EngineStage.county) == row.caseID)
        #expect(try stage.flow.caseOf(controlID: "C1", site: EngineStage.city) == nil)
        try stage.restart()
        #expect(try stage.flow.fixedDelivery(row.id)?.controlID == "C1")
    }

    @Test("A failure counts and waits, an acknowledgement ends it, a second one changes nothing")
    func settled() throws {
        let stage = try EngineStage()
        let row = try pending(stage)
        let node = EngineStage.node(EngineStage.county)
        try stage.one(.fixDelivery(row.id, controlID: "C1", bytes: [1]))
        let retry = stage.now + .seconds(2)
        try stage.one(.deliveryOutcome(row.id, .failed("no answer", retryAt: retry), by: node))
        let waiting = try #require(try stage.flow.delivery(row.id))
        #expect(waiting.attempts == 1 && waiting.nextAt == retry && waiting.problem == "no answer")
        #expect(waiting.state == nil)
        try stage.one(.deliveryOutcome(row.id, .acknowledged, by: node))
        let count = try stage.flow.recordCount()
        try stage.one(.deliveryOutcome(row.id, .acknowledged, by: node))
        try stage.one(.deliveryOutcome(row.id, .dead("late"), by: node))
        #expect(try stage.flow.recordCount() == count)
        #expect(try stage.flow.delivery(row.id)?.state == "acknowledged")
        #expect(stage.refusal(.deliveryOutcome(row.id, .redriven, by: nil))?.code == .wrongState)
        #expect(stage.refusal(.deliveryOutcome(row.id, .discarded("x"), by: nil))?.code == .wrongState)
        #expect(try stage.rebuildsEqually())
    }

    @Test("A dead letter is driven again by command, with its attempts forgotten, or discarded with a reason")
    func dead() throws {
        let stage = try EngineStage()
        let row = try pending(stage)
        let node = EngineStage.node(EngineStage.county)
        try stage.one(.fixDelivery(row.id, controlID: "C1", bytes: [1]))
        #expect(stage.refusal(.deliveryOutcome(row.id, .redriven, by: node))?.code == .wrongState)
        try stage.one(.deliveryOutcome(row.id, .failed("refused", retryAt: stage.now), by: node))
        try stage.one(.deliveryOutcome(row.id, .dead("refused-AE"), by: nil))
        #expect(try stage.flow.deliveries(of: EngineStage.county, limit: 9).isEmpty)
        #expect(try stage.flow.deliveries(state: "dead", limit: 9).map(\.reason) == ["refused-AE"])
        let outcome = stage.step([.deliveryOutcome(row.id, .redriven, by: node)])
        #expect(outcome.effects.deliveries == [EngineStage.county])
        let again = try #require(try stage.flow.deliveries(of: EngineStage.county, limit: 9).first)
        #expect(again.id == row.id && again.attempts == 0 && again.controlID == "C1")
        #expect(stage.refusal(.deliveryOutcome(row.id, .discarded("told 李昞"), by: node))?.code == .reasonRequired)
        try stage.one(.deliveryOutcome(row.id, .discarded("his-replaced"), by: node))
        #expect(try stage.flow.deliveries(state: "discarded", limit: 9).map(\.reason) == ["his-replaced"])
        #expect(try stage.rebuildsEqually())
        #expect(try Rebuild.verify(stage.store) == stage.flow.recordCount())
    }

    @Test("A delivery whose offer has ended is put aside")
    func superseded() throws {
        let stage = try EngineStage()
        let row = try pending(stage)
        try stage.one(.deliveryOutcome(row.id, .superseded, by: nil))
        #expect(try stage.flow.deliveries(of: EngineStage.county, limit: 9).isEmpty)
        #expect(try stage.flow.delivery(row.id)?.state == "superseded")
    }

    @Test("Another site's delivery is not found; the network's administrator may settle it")
    func foreign() throws {
        let stage = try EngineStage()
        let row = try pending(stage)
        let stranger = EngineStage.node(EngineStage.second)
        #expect(stage.refusal(.deliveryOutcome(row.id, .acknowledged, by: stranger))?.code == .notFound)
        let unknown = DeliveryID(high: 1, low: 1)
        #expect(stage.refusal(.deliveryOutcome(unknown, .acknowledged, by: nil))?.code == .notFound)
        #expect(stage.refusal(.fixDelivery(unknown, controlID: "C", bytes: []))?.code == .notFound)
        try stage.one(
            .deliveryOutcome(row.id, .discarded("moved"), by: EngineStage.administrator(EngineStage.capital))
        )
        #expect(try stage.flow.delivery(row.id)?.state == "discarded")
    }
}
