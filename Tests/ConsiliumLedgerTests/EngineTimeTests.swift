import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Time, leases and the hub's own lease")
struct EngineTimeTests {
    @Test("A reminder and a lapse come once each, however often the hub steps")
    func once() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", priority: .asap)
        for _ in 0..<200 {
            stage.advance(.seconds(10))
            stage.step()
            stage.step()
        }
        let events = try stage.history(id).map(\.event)
        let reminders = events.compactMap { event -> Int? in
            if case .reminded(.offerReminder, let ordinal) = event { ordinal } else { nil }
        }
        #expect(reminders == [9, 10, 17, 18, 25, 26, 33, 34].filter { reminders.contains($0) })
        #expect(Set(reminders).count == reminders.count)
        #expect(events.count { $0.type == "lapsed" } == 2)
        #expect(try stage.rebuildsEqually())
    }

    @Test("The next deadline is that of the first timer, and the hub steps while an offer is live")
    func nextDeadline() throws {
        let stage = try EngineStage()
        #expect(stage.ledger.nextDeadline == nil)
        let waiting = try stage.submit("HZ-1", consent: false)
        #expect(stage.ledger.nextDeadline == (try stage.facts(waiting).nextTimer?.due))
        try stage.submit("HZ-2", priority: .asap)
        #expect(stage.ledger.nextDeadline == stage.now + .seconds(10))
    }

    @Test("A hub that was down for an hour lapses no lease that had time left and fires each overdue timer once")
    func outage() throws {
        let stage = try EngineStage()
        let waiting = try stage.submit("HZ-1", consent: false)
        let offered = try stage.submit("HZ-2", priority: .asap)
        stage.advance(.minutes(4))
        stage.step()
        let before = try stage.facts(offered)
        try stage.restart(after: .hours(1))
        let after = try stage.facts(offered)
        #expect(after.liveOffers.map(\.leaseDue) == before.liveOffers.map { $0.leaseDue + .hours(1) })
        #expect(after.liveOffers[0].leaseDue - stage.now == .minutes(11))
        stage.step()
        #expect(try stage.invited(offered) == EngineStage.county)
        stage.advance(.minutes(11))
        stage.step()
        #expect(try stage.invited(offered) == EngineStage.city)
        #expect(try stage.history(offered).count { $0.event.type == "leases-extended" } == 1)
        // The reminder of the waiting case fell due while nobody served.
        let due = try #require(try stage.facts(waiting).nextTimer).due
        try stage.restart(after: due - stage.now + .hours(1))
        for _ in 0..<3 { stage.step() }
        let reminded = try stage.history(waiting)
            .count { if case .reminded(.informationReminder, _) = $0.event { true } else { false } }
        #expect(reminded == 1)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
    }

    @Test("A hub that dies while it opens has given nothing back and served nothing")
    func diesWhileOpening() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", priority: .asap)
        let due = try stage.facts(id).liveOffers[0].leaseDue
        try stage.store.write {
            try $0.execute(
                """
                CREATE TRIGGER dies BEFORE INSERT ON events WHEN new.kind = 1 BEGIN SELECT RAISE(ABORT, 'dead'); END
                """
            )
        }
        #expect(throws: (any Error).self) { try stage.restart(after: .hours(1)) }
        try stage.store.write { try $0.execute("DROP TRIGGER dies") }
        try stage.restart()
        #expect(try stage.facts(id).liveOffers[0].leaseDue == due + .hours(1))
    }

    @Test("A pause below the shortest outage extends nothing")
    func shortPause() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", priority: .asap)
        try stage.restart(after: .seconds(2))
        #expect(try stage.history(id).allSatisfy { $0.event.type != "leases-extended" })
    }

    @Test("Hub time never runs backwards, within a run or across a restart")
    func backwards() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        stage.now = stage.now - .hours(2)
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: EngineStage.doctor(EngineStage.county)))
        try stage.restart()
        try stage.one(stage.act(.start, on: id, by: EngineStage.doctor(EngineStage.county)))
        let times = try stage.history(id).map(\.header.time)
        #expect(times == times.sorted() && times.last == EngineStage.monday)
    }

    @Test("A second hub takes the lease; the first one's next step fails and it is told to stop")
    func leaseLost() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let second = try Ledger(
            store: stage.store,
            intake: stage.intake,
            entropy: SeededEntropy(seed: 9),
            now: stage.now
        )
        let accept = stage.act(.accept(appointment: nil), on: id, by: EngineStage.doctor(EngineStage.county))
        let outcome = stage.step([accept])
        #expect(outcome.isFenced)
        guard case .failure(.internalError("leaseLost")) = outcome.results[0] else {
            Issue.record("the first hub still writes")
            return
        }
        #expect(try second.step(now: stage.now, inputs: [accept]).results[0].get().phase == .accepted)
        #expect(try stage.history(id).count { $0.event.type == "accepted" } == 1)
    }
}
