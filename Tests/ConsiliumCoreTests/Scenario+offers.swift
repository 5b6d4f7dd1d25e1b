import Testing

@testable import ConsiliumCore

extension Scenario {
    /// offered → accepted | declined | lapsed, and who may answer.
    static let offers: [Scenario] = [
        Scenario(
            "The invited site accepts; start and report are due by its calendar",
            .event("accepted"),
            .move(.offered, .accepted)
        ) { stage in
            try stage.submit([.priority: "asap"])
            stage.wait(.minutes(3))
            try stage.act(.accept, by: Scenery.expert(Scenery.county), ifVersion: stage.facts.offers[0].version)
            #expect(stage.performer == Scenery.county)
            #expect(stage.facts.acceptedAt == stage.now)
            #expect(stage.timer(.start)?.due == Scenery.monday + .hours(4))
            #expect(stage.timer(.report)?.due == Scenery.monday + .hours(24))
            #expect(stage.timer(.acceptance) == nil)
            #expect(stage.timer(.offerLease) == nil)
        },
        Scenario(
            "A decline is honoured and the next tier asked",
            .event("declined"),
            .move(.offered, .queued),
            .queued(.declined),
            .excluded(.notDeclined)
        ) { stage in
            try stage.submit()
            try stage.act(.decline(.expertAbsent), by: Scenery.expert(Scenery.county))
            #expect(stage.facts.offers[0].state == .declined)
            #expect(stage.facts.offers[0].declineReason == .expertAbsent)
            #expect(stage.invited == Scenery.city)
            #expect(stage.facts.lastDecision?.exclusions["not-declined"] == 1)
        },
        Scenario("When everybody has declined the case is handed over as exhausted", .unroutable(.exhausted)) { stage in
            try stage.submit()
            for _ in 0..<5 { try stage.act(.decline(.noCapacity), by: Scenery.expert(stage.invited)) }
            #expect(stage.phase == .unroutable)
            #expect(stage.facts.unroutableReason == .exhausted)
            #expect(Set(stage.facts.offers.map(\.place.site)).count == 5)
        },
        Scenario("A stranger is told not found, whatever it asks", .refusal(.notFound)) { stage in
            try stage.submit()
            let stranger = Scenery.person(Scenery.second, .expert, .requester, .coordinator, .networkAdministrator)
            let commands: [Command] = [
                .accept, .decline(.other), .start, .fail(.other), .close(.adopted, reason: nil, rating: nil),
                .cancel(.other), .void, .withdrawConsent, .note, .requeue(site: nil), .notYetOffered("amend-report"),
                .report(Scenery.report()), .resubmit(try stage.copy()),
            ]
            for command in commands { stage.refuse(.notFound, command, by: stranger) }
            stage.refuse(.notFound, .accept, by: .hub)
        },
        Scenario("The requester cannot answer its own request", .refusal(.notPermitted)) { stage in
            try stage.submit()
            stage.refuse(.notPermitted, .accept, by: Scenery.person(Scenery.town, .expert, .requester))
        },
        Scenario("Only an expert of the invited site answers") { stage in
            try stage.submit()
            stage.refuse(.notPermitted, .accept, by: Scenery.person(Scenery.county, .requester))
            stage.refuse(.notPermitted, .decline(.other), by: Scenery.person(Scenery.county, .siteAdministrator))
        },
        Scenario("An answer to another version of the offer is a conflict", .refusal(.versionConflict)) { stage in
            try stage.submit()
            stage.refuse(.versionConflict, .accept, by: Scenery.expert(Scenery.county), ifVersion: 1)
            stage.refuse(.versionConflict, .decline(.other), by: Scenery.expert(Scenery.county), ifVersion: 99)
        },
        Scenario("An offer that has ended cannot be answered", .refusal(.offerEnded)) { stage in
            try stage.submit()
            try stage.act(.decline(.other), by: Scenery.expert(Scenery.county))
            stage.refuse(.offerEnded, .accept, by: Scenery.expert(Scenery.county))
            try stage.fire(.offerLease)
            stage.refuse(.offerEnded, .decline(.other), by: Scenery.expert(Scenery.city))
        },
        Scenario(
            "Stat is offered to three sites at once, and the first acceptance wins",
            .refusal(.alreadyAccepted)
        ) { stage in
            try stage.submit([.priority: "stat"])
            let sites = stage.facts.liveOffers.map(\.place.site)
            #expect(sites == [Scenery.county, Scenery.city, Scenery.province])
            #expect(stage.facts.offers.allSatisfy { $0.leaseDue == stage.now + .minutes(2) })
            try stage.act(.accept, by: Scenery.expert(Scenery.city))
            #expect(stage.facts.offers.map(\.state) == [.withdrawn, .accepted, .withdrawn])
            #expect(stage.facts.offers.allSatisfy { $0.endedAt == stage.now })
            stage.refuse(.alreadyAccepted, .accept, by: Scenery.expert(Scenery.county))
            stage.refuse(.alreadyAccepted, .decline(.other), by: Scenery.expert(Scenery.province))
            #expect(stage.timer(.offerLease) == nil)
        },
        Scenario("One decline of a parallel stat offer leaves the others live") { stage in
            try stage.submit([.priority: "stat"])
            let events = try stage.act(.decline(.noCapacity), by: Scenery.expert(Scenery.county))
            #expect(events.map(\.type) == ["declined"])
            #expect(stage.phase == .offered)
            try stage.act(.accept, by: Scenery.expert(Scenery.province))
            #expect(stage.performer == Scenery.province)
        },
        Scenario("An acceptance beyond the department's capacity is refused", .refusal(.capacityFull)) { stage in
            try stage.submit()
            stage.loads.figures[Scenery.county] = Load(reserved: 3, offered: 1)
            stage.refuse(.capacityFull, .accept, by: Scenery.expert(Scenery.county))
            stage.loads.figures[Scenery.county] = Load(reserved: 2, offered: 5)
            try stage.act(.accept, by: Scenery.expert(Scenery.county))
        },
        Scenario("A suspended site cannot accept", .refusal(.siteSuspended)) { stage in
            try stage.submit()
            stage.network.evolve(.siteStatus(Scenery.county, .suspended), sequence: 99, at: stage.now)
            stage.refuse(.siteSuspended, .accept, by: Scenery.expert(Scenery.county))
        },
        Scenario("Steps of the full workflow that are not built yet are refused by name", .refusal(.notYetOffered)) {
            stage in
            try stage.submit()
            stage.refuse(.notYetOffered, .notYetOffered("triage"), by: Scenery.requester)
            stage.refuse(.notYetOffered, .notYetOffered("schedule"), by: Scenery.expert(Scenery.county))
            #expect(Refusal(.notYetOffered, at: nil, "triage").sentence(.en).contains("(triage)"))
        },
        Scenario("With no capacity anywhere a case waits in the queue, and goes when there is room") { stage in
            for site in Scenery.sites { stage.loads.figures[site.id] = Load(reserved: 3) }
            try stage.submit()
            #expect(stage.phase == .queued)
            #expect(try stage.act(.dispatch, by: .hub).isEmpty)
            stage.loads.figures[Scenery.second] = Load(reserved: 2)
            try stage.act(.dispatch, by: .hub)
            #expect(stage.invited == Scenery.second)
            #expect(try stage.act(.dispatch, by: .hub).isEmpty)
        },
    ]
}
