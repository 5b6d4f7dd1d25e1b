import Testing

@testable import ConsiliumCore

extension Scenario {
    /// Nothing is offered and nothing disclosed before consent.
    static let consent: [Scenario] = [
        Scenario("A request without consent waits for it, offered to nobody and shown to nobody") { stage in
            try stage.submit(Scenery.withoutConsent())
            #expect(stage.phase == .infoNeeded)
            #expect(stage.facts.gaps == [.consent])
            #expect(stage.facts.offers.isEmpty)
            #expect(!stage.facts.consent.permitsDisclosure)
            #expect(!stage.facts.discloses(to: .coordinationOffice))
            #expect(!stage.facts.discloses(to: .invited))
            #expect(stage.facts.discloses(to: .requester))
            #expect(try stage.act(.dispatch, by: .hub).isEmpty)
        },
        Scenario(
            "Consent on record lets the case go on",
            .event("consent-recorded"),
            .move(.infoNeeded, .queued),
            .queued(.informationProvided)
        ) { stage in
            try stage.submit(Scenery.withoutConsent())
            stage.wait(.hours(1))
            let events = try stage.act(
                .recordConsent(ConsentFacts(state: .given, basis: .kin, hasEvidence: true)),
                by: Scenery.requester
            )
            #expect(events.map(\.type) == ["consent-recorded", "queued", "offered"])
            #expect(stage.facts.consentVersion == stage.facts.version - 2)
            #expect(stage.facts.discloses(to: .invited))
        },
        Scenario("Consent answers only the consent gap") { stage in
            try stage.submit(Scenery.withoutConsent([.wantedDepartment: nil]))
            #expect(stage.facts.gaps == [.consent, .department])
            let events = try stage.act(
                .recordConsent(ConsentFacts(state: .given, basis: .written)),
                by: Scenery.requester
            )
            #expect(events.map(\.type) == ["consent-recorded"])
            #expect(stage.facts.gaps == [.department])
        },
        Scenario("A stat request without consent is an emergency, with its evidence owed in 24 hours") { stage in
            try stage.submit(Scenery.withoutConsent([.priority: "stat"]))
            #expect(stage.phase == .offered)
            #expect(stage.facts.consent.basis == .emergency)
            #expect(stage.facts.consent.state == .missing)
            #expect(stage.timer(.consentEvidence)?.due == stage.now + .hours(24))
            try stage.act(
                .recordConsent(ConsentFacts(state: .given, basis: .kin, hasEvidence: true)),
                by: Scenery.requester
            )
            #expect(stage.timer(.consentEvidence) == nil)
            #expect(stage.phase == .offered)
        },
        Scenario("Calling it an emergency opens no door to a request that is not stat") { stage in
            try stage.submit(Scenery.withoutConsent([.consentBasis: "emergency"]))
            #expect(stage.phase == .infoNeeded)
            #expect(stage.facts.gaps == [.consent])
        },
        Scenario("Evidence is still owed after an emergency was closed") { stage in
            try stage.submit(Scenery.withoutConsent([.priority: "stat"]))
            let expert = Scenery.expert(Scenery.county)
            try stage.act(.accept, by: expert)
            try stage.act(.report(Scenery.report()), by: expert)
            try stage.act(.close(.adopted, reason: nil, rating: nil), by: Scenery.requester)
            #expect(stage.facts.timers.map(\.kind) == [.consentEvidence])
            try stage.fire(.consentEvidence)
            #expect(stage.phase == .closed)
        },
        Scenario("Only a contract lets a site attest consent") { stage in
            try stage.submit(Scenery.withoutConsent([.consentState: "attested"]))
            #expect(stage.facts.gaps == [.consent])
            let facts = try Scenery.facts(
                Scenery.application(Scenery.withoutConsent([.consentState: "attested"])),
                for: Scenery.capital
            )
            #expect(facts.consent.state == .attested)
            #expect(facts.consent.permitsDisclosure)
        },
        Scenario(
            "A withdrawal ends the offers and asks again",
            .event("consent-withdrawn"),
            .move(.offered, .infoNeeded),
            .refusal(.consentWithdrawn)
        ) { stage in
            try stage.submit()
            let events = try stage.act(.withdrawConsent, by: Scenery.requester)
            #expect(events.map(\.type) == ["consent-withdrawn", "information-requested"])
            #expect(stage.facts.offers.map(\.state) == [.withdrawn])
            #expect(stage.facts.relation(of: Scenery.county, coordinates: false) == nil)
            stage.refuse(.offerEnded, .accept, by: Scenery.expert(Scenery.county))
            stage.refuse(.consentWithdrawn, .withdrawConsent, by: Scenery.requester)
        },
        Scenario("A withdrawal in the queue does the same", .move(.queued, .infoNeeded)) { stage in
            try stage.restart(at: .queued)
            try stage.act(.withdrawConsent, by: Scenery.requester)
            #expect(stage.phase == .infoNeeded)
        },
        Scenario("And so it does at the coordination office", .move(.unroutable, .infoNeeded)) { stage in
            try stage.restart(at: .unroutable)
            try stage.act(.withdrawConsent, by: Scenery.requester)
            #expect(stage.phase == .infoNeeded)
            #expect(stage.facts.unroutableReason == nil)
            #expect(stage.facts.relation(of: Scenery.capital, coordinates: true) == nil)
        },
        Scenario("After a withdrawal no session begins, not even by way of a report") { stage in
            try stage.restart(at: .accepted)
            let expert = Scenery.expert(stage.performer)
            try stage.act(.withdrawConsent, by: Scenery.requester)
            #expect(stage.phase == .accepted)
            stage.refuse(.consentWithdrawn, .start, by: expert)
            stage.refuse(.consentWithdrawn, .report(Scenery.report()), by: expert)
            try stage.restart(at: .inSession)
            try stage.act(.withdrawConsent, by: Scenery.requester)
            try stage.act(.report(Scenery.report()), by: Scenery.expert(stage.performer))
        },
        Scenario("A copy of the old consent does not undo a withdrawal; new evidence does") { stage in
            try stage.submit()
            try stage.act(.withdrawConsent, by: Scenery.requester)
            try stage.resubmit([.summary: "气促加重"])
            #expect(stage.facts.consent.state == .withdrawn)
            #expect(stage.phase == .infoNeeded)
            try stage.resubmit([.summary: "气促加重", .consentReference: "ARCH-10"])
            #expect(stage.facts.consent.state == .given)
            #expect(stage.phase == .offered)
        },
        Scenario("Consent is the requester's to record, and only as given or attested") { stage in
            try stage.submit()
            let given = ConsentFacts(state: .given, basis: .written)
            stage.refuse(.notPermitted, .recordConsent(given), by: Scenery.expert(Scenery.county))
            stage.refuse(.notPermitted, .withdrawConsent, by: Scenery.expert(Scenery.county))
            stage.refuse(.notPermitted, .withdrawConsent, by: Scenery.person(Scenery.town, .expert))
            for state in [ConsentState.missing, .withdrawn] {
                stage.refuse(
                    .consentMissing,
                    at: "consent.basis",
                    .recordConsent(ConsentFacts(state: state, basis: .emergency)),
                    by: Scenery.requester
                )
            }
            try stage.restart(at: .closed)
            stage.refuse(.wrongState, .recordConsent(given), by: Scenery.requester)
            stage.refuse(.wrongState, .withdrawConsent, by: Scenery.requester)
        },
        Scenario("A change of consent, or a voiding, of a version that is no longer current is a conflict") { stage in
            try stage.submit()
            let given = ConsentFacts(state: .given, basis: .written)
            let first = stage.facts.consentVersion
            try stage.act(.recordConsent(given), by: Scenery.requester, ifVersion: first)
            stage.refuse(.versionConflict, .recordConsent(given), by: Scenery.requester, ifVersion: first)
            stage.refuse(.versionConflict, .withdrawConsent, by: Scenery.requester, ifVersion: first)
            try stage.act(.withdrawConsent, by: Scenery.requester, ifVersion: stage.facts.consentVersion)
            stage.refuse(.versionConflict, .void, by: Scenery.requester, ifVersion: 1)
            try stage.act(.void, by: Scenery.requester, ifVersion: stage.facts.requestVersion)
        },
        Scenario("A narrower scope takes the offer away from whoever it does not name", .excluded(.consentScope)) {
            stage in
            try stage.submit()
            #expect(stage.invited == Scenery.county)
            try stage.act(
                .recordConsent(ConsentFacts(state: .given, basis: .written, scope: [Scenery.second])),
                by: Scenery.requester
            )
            #expect(stage.facts.offers[0].state == .withdrawn)
            #expect(stage.invited == Scenery.second)
            #expect(stage.facts.lastDecision?.exclusions["consent-scope"] == 4)
        },
        Scenario("A wider scope lets a waiting or unroutable case go on") { stage in
            try stage.submit([.consentScope: Scenery.town.description])
            #expect(stage.facts.unroutableReason == .exhausted)
            try stage.act(.recordConsent(ConsentFacts(state: .given, basis: .written)), by: Scenery.requester)
            #expect(stage.phase == .offered)
            try stage.restart(at: .queued)
            stage.loads.figures[Scenery.city] = Load()
            try stage.act(.recordConsent(ConsentFacts(state: .given, basis: .written)), by: Scenery.requester)
            #expect(stage.invited == Scenery.city)
        },
    ]
}
