import Testing

@testable import ConsiliumCore

extension Scenario {
    private static let lines: [Pricing.Line] = [.init(Scenery.county, 45_000), .init(Scenery.capital, 5_000)]
    private static let price = Command.price(gross: 50_000, lines: lines)

    /// What follows the report: outcome, second rating, referral and settlement.
    static let aftercare: [Scenario] = [
        Scenario(
            "The requester says how the patient fares, from closure on and more than once",
            .event("outcome-recorded")
        ) {
            stage in
            try stage.restart(at: .reported)
            let outcome = Command.recordOutcome(Outcome(.improved, rating: 4))
            stage.refuse(.wrongState, outcome, by: Scenery.requester)
            try stage.act(.close(.adopted, reason: nil, rating: nil), by: Scenery.requester)
            let request = stage.facts.requestVersion
            try stage.act(outcome, by: Scenery.requester)
            stage.wait(.days(20))
            try stage.act(.recordOutcome(Outcome(.resolved)), by: Scenery.requester, ifVersion: request)
            #expect(stage.phase == .closed && stage.facts.lastOutcome == .resolved)
            #expect(stage.facts.requestVersion == request, "the request itself is as it was")
            stage.refuse(.versionConflict, outcome, by: Scenery.requester, ifVersion: 1)
        },
        Scenario(
            "An outcome is the requester's to tell, by its clinician, with a rating that there is",
            .refusal(.notPermitted)
        ) {
            stage in
            try stage.restart(at: .closed)
            let outcome = Command.recordOutcome(Outcome(.resolved))
            stage.refuse(.notPermitted, outcome, by: Scenery.expert(stage.performer))
            stage.refuse(.notPermitted, outcome, by: Scenery.person(Scenery.town, .siteAdministrator))
            stage.refuse(.notFound, outcome, by: Scenery.person(Scenery.second, .requester))
            stage.refuse(
                .invalidValue,
                at: "rating",
                .recordOutcome(Outcome(.resolved, rating: 6)),
                by: Scenery.requester
            )
            stage.refuse(
                .invalidValue,
                at: "rating",
                .recordOutcome(Outcome(.resolved, rating: 0)),
                by: Scenery.requester
            )
            try stage.act(.recordOutcome(Outcome(.died)), by: Scenery.requester)
            stage.refuse(.wrongState, outcome, by: Scenery.requester)
        },
        Scenario(
            "The appropriate tier is rated again once, by an expert of a site that had no part in the sampled case",
            .event("tier-rated-again"),
            .refusal(.alreadyRated)
        ) { stage in
            try stage.submit()
            try stage.act(.decline(.other), by: Scenery.expert(Scenery.county))
            try stage.act(.accept, by: Scenery.expert(stage.invited))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(stage.performer))
            let rating = Command.rateTierAgain(.municipal, isAssigned: true)
            stage.refuse(.wrongState, rating, by: Scenery.expert(Scenery.second))
            try stage.act(.close(.adopted, reason: nil, rating: nil), by: Scenery.requester)
            for site in [Scenery.town, Scenery.county, Scenery.city] {
                stage.refuse(.notPermitted, rating, by: Scenery.expert(site))
                stage.refuse(.notPermitted, .rateTierAgain(.county, isAssigned: false), by: Scenery.expert(site))
            }
            stage.refuse(.notPermitted, rating, by: Scenery.person(Scenery.second, .requester))
            // Who reads the first rating gives no blind one.
            stage.refuse(.notPermitted, rating, by: Scenery.person(Scenery.second, .expert, .auditor))
            stage.refuse(.notFound, .rateTierAgain(.municipal, isAssigned: false), by: Scenery.expert(Scenery.second))
            stage.refuse(.notFound, rating, by: .hub)
            try stage.act(rating, by: Scenery.expert(Scenery.second))
            #expect(stage.facts.isTierRatedAgain && stage.phase == .closed)
            stage.refuse(.alreadyRated, at: "report.appropriateTier", rating, by: Scenery.expert(Scenery.province))
        },
        Scenario(
            "The network's referrals move the patient and decide nothing",
            .event("transferred"),
            .event("discharged"),
            .event("received-below")
        ) { stage in
            try stage.restart(at: .closed)
            let before = stage.facts
            try stage.record(.transferred(Scenery.sites[4].place))
            try stage.record(.discharged(Discharge(isAlive: true, isEligibleForLowerTier: true)))
            try stage.record(.receivedBelow(Scenery.sites[1].place))
            var after = stage.facts
            after.version = before.version
            after.updatedAt = before.updatedAt
            #expect(after == before)
        },
        Scenario(
            "The performing site prices and settles, and the requester disputes what it does not accept",
            .event("priced"),
            .event("settled"),
            .event("settlement-disputed"),
            .refusal(.invalidValue)
        ) { stage in
            try stage.restart(at: .reported)
            let performer = Scenery.expert(stage.performer)
            stage.refuse(.wrongState, .settle, by: performer)
            stage.refuse(.wrongState, .dispute(lines: [1]), by: Scenery.requester)
            try stage.act(price, by: Scenery.person(stage.performer, .siteAdministrator))
            #expect(stage.facts.settlement == Settlement(lines: 2))
            stage.refuse(.wrongState, price, by: performer)
            try stage.act(.close(.adopted, reason: nil, rating: nil), by: Scenery.requester)
            try stage.act(.settle, by: performer)
            stage.refuse(.wrongState, .settle, by: performer)
            for lines in [[], [0], [3], [1, 1], [-1]] {
                stage.refuse(.invalidValue, at: "lines", .dispute(lines: lines), by: Scenery.requester)
            }
            try stage.act(.dispute(lines: [2]), by: Scenery.requester)
            #expect(stage.facts.settlement == Settlement(lines: 2, disputed: [2], isSettled: false))
            stage.refuse(.wrongState, at: "lines", .dispute(lines: [1, 2]), by: Scenery.requester)
            try stage.act(.settle, by: performer)
            try stage.act(.dispute(lines: [1]), by: Scenery.person(Scenery.town, .siteAdministrator))
            #expect(stage.facts.settlement == Settlement(lines: 2, disputed: [2, 1], isSettled: false))
            try stage.act(.settle, by: performer)
            #expect(stage.facts.settlement?.isSettled == true)
        },
        Scenario("Shares that do not add up, and amounts that cannot be, are refused", .refusal(.invalidValue)) {
            stage in
            try stage.restart(at: .reported)
            let performer = Scenery.expert(stage.performer)
            func refuse(_ place: String, _ change: (inout Pricing) -> Void) {
                var wrong = Pricing(tariffSetBy: .nobody, gross: 50_000, lines: lines)
                change(&wrong)
                stage.refuse(.invalidValue, at: place, .price(gross: wrong.gross, lines: wrong.lines), by: performer)
            }
            refuse("lines") { $0.gross = 50_001 }
            refuse("lines") { $0.lines = [] }
            refuse("lines") { $0.lines[0].amount = 1 }
            refuse("gross") { $0.gross = -1 }
            refuse("gross") { $0.gross = Pricing.most + 1 }
            refuse("lines[2].amount") { $0.lines[1].amount = 0 }
            refuse("lines[1].amount") { $0.lines[0].amount = Int.max }
            // Free of charge.
            try stage.act(.price(gross: 0, lines: []), by: performer)
            stage.refuse(.invalidValue, at: "lines", .dispute(lines: [1]), by: Scenery.requester)
        },
        Scenario("Money is the business of the two sides' own people, from the report on", .refusal(.notPermitted)) {
            stage in
            try stage.restart(at: .inSession)
            let performer = stage.performer
            stage.refuse(.wrongState, price, by: Scenery.expert(performer))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(performer))
            for command in [price, .settle] {
                stage.refuse(.notPermitted, command, by: Scenery.requester)
                stage.refuse(.notPermitted, command, by: Scenery.person(performer, .coordinator))
                stage.refuse(.notFound, command, by: Scenery.expert(Scenery.second))
            }
            try stage.act(price, by: Scenery.expert(performer))
            stage.refuse(.notPermitted, .dispute(lines: [1]), by: Scenery.expert(performer))
            stage.refuse(.notPermitted, .dispute(lines: [1]), by: Scenery.person(Scenery.town, .expert))
            stage.refuse(.notFound, .dispute(lines: [1]), by: Scenery.person(Scenery.second, .requester))
            try stage.act(.void, by: Scenery.requester)
            stage.refuse(.wrongState, .settle, by: Scenery.expert(performer))
        },
    ]
}
