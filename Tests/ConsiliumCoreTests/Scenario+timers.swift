import Testing

@testable import ConsiliumCore

extension Scenario {
    /// Due rows turned into commands.
    static let timers: [Scenario] = [
        Scenario(
            "A lease that ends moves the offer on",
            .event("lapsed"),
            .timer(.offerLease),
            .queued(.lapsed)
        ) { stage in
            try stage.submit()
            let lease = try #require(stage.timer(.offerLease))
            #expect(lease.due == Scenery.time("2026-03-03T09:00:00+08:00"))
            try stage.fire(.offerLease)
            #expect(stage.facts.offers[0].state == .lapsed)
            #expect(stage.invited == Scenery.city)
            #expect(try stage.act(.fire(lease), by: .hub).isEmpty, "a stale timer does nothing")
        },
        Scenario("The lease is over exactly when it is due, not before") { stage in
            try stage.submit([.priority: "asap"])
            let lease = try #require(stage.timer(.offerLease))
            stage.now = lease.due - .milliseconds(1)
            #expect(try stage.act(.fire(lease), by: .hub).isEmpty)
            stage.now = lease.due
            #expect(try stage.act(.fire(lease), by: .hub).first == .lapsed(offer: 1))
        },
        Scenario("An unrelated note or copy does not stop a timer") { stage in
            try stage.submit()
            let lease = try #require(stage.timer(.offerLease))
            try stage.act(.note, by: Scenery.requester)
            try stage.resubmit()
            try stage.resubmit([.summary: "新"])
            #expect(stage.timer(.offerLease) == lease)
            stage.now = lease.due
            #expect(try stage.act(.fire(lease), by: .hub).first == .lapsed(offer: 1))
        },
        Scenario("A timer armed by another event, or of another offer, does nothing") { stage in
            try stage.submit()
            let lease = try #require(stage.timer(.offerLease))
            stage.now = lease.due
            for stale in [
                CaseTimer(kind: .offerLease, ordinal: lease.ordinal, due: lease.due, armedBy: lease.armedBy + 1),
                CaseTimer(kind: .offerLease, ordinal: lease.ordinal + 8, due: lease.due, armedBy: lease.armedBy),
                CaseTimer(kind: .start, ordinal: 0, due: lease.due, armedBy: lease.armedBy),
            ] { #expect(try stage.act(.fire(stale), by: .hub).isEmpty) }
            try stage.act(.accept, by: Scenery.expert(Scenery.county))
            #expect(try stage.act(.fire(lease), by: .hub).isEmpty)
        },
        Scenario(
            "An hour's lease is reminded of after ten and twenty minutes",
            .event("reminded"),
            .timer(.offerReminder)
        ) {
            stage in
            stage.network.policy.asap.lease = .wall(.hours(1))
            try stage.submit([.priority: "asap"])
            let reminders = stage.facts.timers.filter { $0.kind == .offerReminder }
            #expect(reminders.map(\.due) == [stage.now + .minutes(10), stage.now + .minutes(20)])
            try stage.fire(.offerReminder, 9)
            #expect(stage.facts.timers.filter { $0.kind == .offerReminder }.map(\.ordinal) == [10])
            try stage.fire(.offerReminder, 10)
            #expect(stage.timer(.offerReminder) == nil)
            #expect(stage.timer(.offerLease) != nil)
        },
        Scenario("A lease of two minutes has no reminders") { stage in
            try stage.submit([.priority: "stat"])
            #expect(stage.timer(.offerReminder) == nil)
        },
        Scenario(
            "A question is reminded of after one working day and overdue after three",
            .timer(.informationReminder),
            .timer(.informationOverdue)
        ) { stage in
            try stage.submit([.wantedDepartment: nil])
            #expect(stage.timer(.informationReminder)?.due == Scenery.time("2026-03-03T09:00:00+08:00"))
            #expect(stage.timer(.informationOverdue)?.due == Scenery.time("2026-03-05T09:00:00+08:00"))
            #expect(stage.timer(.acceptance) == nil, "the clock is paused")
            try stage.fire(.informationReminder)
            try stage.fire(.informationOverdue)
            #expect(stage.phase == .infoNeeded, "nothing ends by itself")
        },
        Scenario("The acceptance deadline is reminded of once", .timer(.acceptance)) { stage in
            try stage.submit([.priority: "asap"])
            #expect(stage.timer(.acceptance)?.due == stage.now + .hours(1))
            try stage.fire(.acceptance)
            #expect(stage.timer(.acceptance) == nil)
            #expect(stage.phase == .offered)
        },
        Scenario("A late start and a late report are told", .timer(.start), .timer(.report)) { stage in
            try stage.restart(at: .accepted)
            try stage.fire(.start)
            #expect(stage.phase == .accepted)
            try stage.fire(.report)
            #expect(stage.facts.timers.map(\.kind) == [.hardStop])
        },
        Scenario("A report that nobody acknowledges is told", .timer(.acknowledgement)) { stage in
            try stage.restart(at: .reported)
            try stage.fire(.acknowledgement)
            #expect(stage.phase == .reported)
        },
        Scenario("Evidence that is owed is told", .timer(.consentEvidence)) { stage in
            try stage.submit(Scenery.withoutConsent([.priority: "stat"]))
            try stage.fire(.consentEvidence)
            #expect(stage.timer(.consentEvidence) == nil)
        },
        Scenario(
            "The hard stop hands a case that nobody took to the coordination office",
            .timer(.hardStop),
            .unroutable(.hardStop),
            .move(.offered, .unroutable)
        ) { stage in
            try stage.submit()
            #expect(stage.timer(.hardStop)?.due == Scenery.monday + .days(7))
            let events = try stage.fire(.hardStop)
            #expect(events.map(\.type) == ["reminded", "unroutable"])
            #expect(stage.facts.liveOffers.isEmpty)
            #expect(stage.facts.relation(of: Scenery.capital, coordinates: true) == .coordinationOffice)
        },
        Scenario("The hard stop takes a waiting case out of the queue", .move(.queued, .unroutable)) { stage in
            try stage.restart(at: .queued)
            try stage.fire(.hardStop)
            #expect(stage.phase == .unroutable)
        },
        Scenario("The hard stop of a case in hand, or with the office already, only reminds") { stage in
            for phase in [Phase.accepted, .inSession, .unroutable] {
                try stage.restart(at: phase)
                let events = try stage.fire(.hardStop)
                #expect(events == [.reminded(.hardStop, ordinal: 0)])
                #expect(stage.phase == phase)
            }
        },
        Scenario("Time in which no hub served is added to live leases and nothing else", .event("leases-extended")) {
            stage in
            try stage.submit([.priority: "stat"])
            let before = stage.facts
            try stage.act(.extendLeases(.hours(1)), by: .hub)
            #expect(stage.facts.offers.map(\.leaseDue) == before.offers.map { $0.leaseDue + .hours(1) })
            #expect(stage.facts.offers.allSatisfy { $0.version == stage.facts.version })
            #expect(stage.timer(.offerLease)?.due == stage.now + .minutes(62))
            #expect(stage.timer(.acceptance) == before.timers.first { $0.kind == .acceptance })
            stage.wait(.minutes(61))
            #expect(try stage.act(.fire(stage.timer(.offerLease)!), by: .hub).isEmpty)
            try stage.act(.accept, by: Scenery.expert(Scenery.county))
            #expect(try stage.act(.extendLeases(.hours(1)), by: .hub).isEmpty)
        },
        Scenario("No time, or less, extends nothing") { stage in
            try stage.submit()
            #expect(try stage.act(.extendLeases(.zero), by: .hub).isEmpty)
            #expect(try stage.act(.extendLeases(.seconds(-5)), by: .hub).isEmpty)
        },
        Scenario("A pause in working time leaves as much working time as there was") { stage in
            stage.now = Scenery.time("2026-03-05T17:00:00+08:00")
            try stage.submit([.priority: "urgent", .wantedDepartment: nil])
            #expect(stage.facts.deadline == Scenery.time("2026-03-06T11:30:00+08:00"))
            stage.now = Scenery.time("2026-03-07T10:00:00+08:00")
            try stage.resubmit([.priority: "urgent"])
            #expect(stage.facts.deadline == Scenery.time("2026-03-09T14:00:00+08:00") - .hours(2))
            #expect(stage.facts.pausedSince == nil)
        },
        Scenario("A pause by the wall clock moves the deadline by its length") { stage in
            try stage.submit([.priority: "asap", .wantedDepartment: nil])
            stage.wait(.hours(30))
            try stage.resubmit([.priority: "asap"])
            #expect(stage.facts.deadline == Scenery.monday + .hours(31))
            #expect(stage.facts.submittedAt == Scenery.monday)
            try stage.act(.accept, by: Scenery.expert(stage.invited))
            #expect(stage.timer(.start)?.due == Scenery.monday + .hours(34))
        },
        Scenario("The clock runs again while the coordination office holds the case") { stage in
            try stage.submit([.priority: "asap", .wantedDepartment: nil])
            try stage.fire(.hardStop)
            #expect(stage.facts.pausedSince == nil)
            #expect(stage.facts.pausedFor == .days(7))
            #expect(stage.timer(.acceptance)?.due == Scenery.monday + .days(7) + .hours(1))
            #expect(stage.timer(.informationOverdue) == nil)
        },
        Scenario("A requeued case keeps its deadline and its age") { stage in
            try stage.submit()
            let rank = stage.facts.queueRank
            for _ in 0..<5 { try stage.act(.decline(.other), by: Scenery.expert(stage.invited)) }
            stage.wait(.hours(1))
            try stage.act(.note, by: Scenery.requester)
            try stage.act(.requeue(site: Scenery.city), by: Scenery.coordinator)
            #expect(!(stage.facts.queueRank < rank) && !(rank < stage.facts.queueRank))
        },
    ]
}
