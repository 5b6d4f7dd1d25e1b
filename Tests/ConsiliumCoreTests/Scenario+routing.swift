import Testing

@testable import ConsiliumCore

extension Scenario {
    /// Who is asked, and who is left out with which reason.
    static let routing: [Scenario] = [
        Scenario("A site is not its own consultant", .excluded(.notRequester)) { stage in
            let facts = try Scenery.facts(Scenery.application(), for: Scenery.county)
            try stage.act(.submit(facts), by: Scenery.person(Scenery.county, .requester))
            #expect(stage.facts.lastDecision?.exclusions["not-requester"] == 1)
            #expect(stage.invited == Scenery.city)
        },
        Scenario("Below the requester's own tier nobody is asked", .excluded(.tier)) { stage in
            let facts = try Scenery.facts(Scenery.application(), for: Scenery.province)
            try stage.act(.submit(facts), by: Scenery.person(Scenery.province, .requester))
            #expect(stage.facts.lastDecision?.exclusions["tier"] == 2)
            #expect(stage.invited == Scenery.capital)
        },
        Scenario("A suspended site is left out", .excluded(.active)) { stage in
            stage.network.evolve(.siteStatus(Scenery.county, .suspended), sequence: 40, at: stage.now)
            try stage.submit()
            #expect(stage.facts.lastDecision?.exclusions == ["active": 1])
            #expect(stage.invited == Scenery.city)
        },
        Scenario("A full department is left out, with its figures on record", .excluded(.capacity)) { stage in
            stage.loads.figures[Scenery.county] = Load(reserved: 2, offered: 1)
            try stage.submit()
            let decision = try #require(stage.facts.lastDecision)
            #expect(decision.exclusions == ["capacity": 1])
            #expect(decision.fullSites.map(\.site) == [Scenery.county])
            #expect(decision.fullSites.map(\.reserved) == [2])
            #expect(decision.fullSites.map(\.offered) == [1])
        },
        Scenario("Stat may exceed what is offered, never what is reserved") { stage in
            stage.loads.figures[Scenery.county] = Load(reserved: 2, offered: 9)
            stage.loads.figures[Scenery.city] = Load(reserved: 3)
            try stage.submit([.priority: "stat"])
            #expect(
                stage.facts.liveOffers.map(\.place.site)
                    == [Scenery.province, Scenery.capital, Scenery.county]
                    .sorted {
                        Scenery.tier($0) < Scenery.tier($1)
                    }
            )
            #expect(stage.facts.lastDecision?.exclusions == ["capacity": 1])
        },
        Scenario("Stat is offered only where somebody is listening", .excluded(.liveChannel)) { stage in
            stage.network = Scenery.network(quiet: [Scenery.county, Scenery.province])
            try stage.submit([.priority: "stat"])
            #expect(stage.facts.liveOffers.map(\.place.site) == [Scenery.city, Scenery.capital, Scenery.second])
            #expect(stage.facts.lastDecision?.exclusions == ["live-channel": 2])
        },
        Scenario("Stat with nobody listening goes to the coordination office at once", .unroutable(.noLiveChannel)) {
            stage in
            stage.network = Scenery.network(quiet: Set(Scenery.sites.map(\.id)))
            try stage.submit([.priority: "stat"])
            #expect(stage.facts.unroutableReason == .noLiveChannel)
            var routine = Stage(stage.network)
            try routine.submit()
            #expect(routine.phase == .offered)
        },
        Scenario("Stat never waits for capacity in silence") { stage in
            for site in Scenery.sites { stage.loads.figures[site.id] = Load(reserved: 3) }
            try stage.submit([.priority: "stat"])
            #expect(stage.facts.unroutableReason == .exhausted)
            #expect(stage.facts.lastDecision?.exclusions == ["capacity": 5])
        },
        Scenario(
            "A department that nobody offers is handed over",
            .unroutable(.noCapableSite),
            .move(.queued, .unroutable)
        ) { stage in
            try stage.submit([.wantedDepartment: "0712"])
            #expect(stage.facts.unroutableReason == .noCapableSite)
            #expect(stage.facts.lastDecision?.candidates == 0)
        },
        Scenario("The named site is asked first where the hard policies allow it") { stage in
            try stage.submit([.wantedSite: Scenery.second.description])
            #expect(stage.invited == Scenery.second)
            try stage.restart()
            stage.network.evolve(.siteStatus(Scenery.second, .suspended), sequence: 40, at: stage.now)
            try stage.submit([.wantedSite: Scenery.second.description])
            #expect(stage.invited == Scenery.county)
        },
    ]
}

extension Scenery {
    static func tier(_ site: SiteID) -> Tier { sites.first { $0.id == site }!.tier }
}
