import Testing

@testable import ConsiliumCore

extension Scenario {
    /// accepted → in-session → reported → closed, the ways out, and the coordination office.
    static let session: [Scenario] = [
        Scenario("The performer starts", .event("started"), .move(.accepted, .inSession)) { stage in
            try stage.restart(at: .accepted)
            let request = stage.facts.requestVersion
            try stage.act(.start, by: Scenery.expert(stage.performer))
            #expect(stage.facts.startedAt == stage.now)
            #expect(stage.timer(.start) == nil)
            #expect(stage.timer(.report) != nil)
            #expect(stage.facts.requestVersion == request + 1, "the hub Task is in progress now")
            stage.refuse(.wrongState, .start, by: Scenery.expert(stage.performer))
        },
        Scenario(
            "A signed report arms the acknowledgement and ends the hard stop",
            .event("reported"),
            .move(.inSession, .reported)
        ) { stage in
            try stage.restart(at: .inSession)
            let version = stage.facts.version
            try stage.act(.report(Scenery.report(version: version)), by: Scenery.expert(stage.performer))
            #expect(stage.facts.reportNumber == 1)
            #expect(stage.facts.disposition == .manageAtOrigin)
            #expect(stage.facts.timers.map(\.kind) == [.acknowledgement])
            #expect(stage.timer(.acknowledgement)?.due == Scenery.time("2026-03-04T09:00:00+08:00"))
        },
        Scenario("A report from an accepted case starts the session on the way") { stage in
            try stage.restart(at: .accepted)
            let events = try stage.act(.report(Scenery.report()), by: Scenery.expert(stage.performer))
            #expect(events.map(\.type) == ["started", "reported"])
            stage.refuse(.wrongState, .report(Scenery.report()), by: Scenery.expert(stage.performer))
        },
        Scenario("A report without an opinion is refused; other gaps are counted", .refusal(.reportIncomplete)) {
            stage in
            try stage.restart(at: .inSession)
            let expert = Scenery.expert(stage.performer)
            stage.refuse(
                .reportIncomplete,
                at: "report.opinion",
                .report(Scenery.report(present: [.time, .expert])),
                by: expert
            )
            try stage.act(.report(Scenery.report(present: [.opinion, .expert])), by: expert)
            guard case .reported(let facts) = stage.history.last?.event else { return }
            #expect(facts.missing == [.time, .institution, .disposition])
        },
        Scenario("A signature that does not hold is refused", .refusal(.signatureInvalid)) { stage in
            try stage.restart(at: .inSession)
            let expert = Scenery.expert(stage.performer)
            stage.refuse(.signatureInvalid, .report(Scenery.report(holds: false)), by: expert)
            stage.refuse(.signatureInvalid, .report(Scenery.report(version: 999)), by: expert)
            stage.refuse(.signatureInvalid, .report(Scenery.report(signature: .page)), by: expert)
            stage.refuse(.signatureInvalid, .report(Scenery.report(signature: .site)), by: expert)
            // An engine holds no person's key.
            var engine = expert
            engine.principal?.kind = .node
            stage.refuse(.signatureInvalid, .report(Scenery.report(signature: .operator)), by: engine)
            try stage.act(.report(Scenery.report(signature: .page, attachments: 1)), by: expert)
        },
        Scenario("A site signs for a named doctor only where its contract says so") { stage in
            try stage.submit([.wantedSite: Scenery.capital.description])
            let expert = Scenery.expert(Scenery.capital)
            try stage.act(.accept, by: expert)
            try stage.act(.report(Scenery.report(signature: .site)), by: expert)
            #expect(stage.phase == .reported)
        },
        Scenario(
            "A register that does not know the licence, or knows it as expired, refuses",
            .refusal(.credentialInvalid)
        ) {
            stage in
            try stage.restart(at: .inSession)
            let expert = Scenery.expert(stage.performer)
            let register = [
                "licence-1": Network.DoctorCredential(validFrom: "2020-01-01", validTo: "2026-03-01"),
                "licence-2": Network.DoctorCredential(validFrom: "2020-01-01", validTo: "2026-03-02"),
            ]
            stage.network.evolve(.doctorsImported(stage.performer, register), sequence: 50, at: stage.now)
            stage.refuse(.credentialInvalid, .report(Scenery.report()), by: expert)
            stage.refuse(.credentialInvalid, .report(Scenery.report(licence: "nobody")), by: expert)
            try stage.act(.report(Scenery.report(licence: "licence-2")), by: expert)
            guard case .reported(let facts) = stage.history.last?.event else { return }
            #expect(facts.credential == .valid)
        },
        Scenario(
            "The requester closes, with a reason where it did not adopt",
            .event("closed"),
            .move(.reported, .closed)
        ) {
            stage in
            try stage.restart(at: .reported)
            try stage.act(
                .close(.not, reason: .tooLate, rating: 2),
                by: Scenery.requester,
                ifVersion: stage.facts.requestVersion
            )
            #expect(stage.facts.closure == Event.Closed(decision: .not, reason: .tooLate, rating: 2))
            #expect(stage.facts.closedAt == stage.now)
            #expect(stage.facts.timers.isEmpty)
        },
        Scenario("Closing without the reason, or with a rating off the scale, is refused", .refusal(.reasonRequired)) {
            stage in
            try stage.restart(at: .reported)
            stage.refuse(.reasonRequired, .close(.not, reason: nil, rating: nil), by: Scenery.requester)
            for rating in [0, 6, -1] {
                stage.refuse(
                    .invalidValue,
                    at: "rating",
                    .close(.adopted, reason: nil, rating: rating),
                    by: Scenery.requester
                )
            }
            stage.refuse(
                .versionConflict,
                .close(.adopted, reason: nil, rating: nil),
                by: Scenery.requester,
                ifVersion: 1
            )
            stage.refuse(
                .notPermitted,
                .close(.adopted, reason: nil, rating: nil),
                by: Scenery.expert(stage.performer)
            )
            stage.refuse(
                .notPermitted,
                .close(.adopted, reason: nil, rating: nil),
                by: Scenery.person(Scenery.town, .expert)
            )
            try stage.act(.close(.partly, reason: nil, rating: nil), by: Scenery.requester)
        },
        Scenario(
            "A failure before the session puts the case back into the queue",
            .event("failed"),
            .move(.accepted, .failed),
            .move(.failed, .queued),
            .queued(.failed)
        ) { stage in
            try stage.restart(at: .accepted)
            let events = try stage.act(.fail(.connection), by: Scenery.expert(stage.performer))
            #expect(events.map(\.type) == ["failed", "queued", "offered"])
            #expect(stage.facts.acceptedOffer == nil)
            #expect(stage.facts.acceptedAt == nil)
            #expect(stage.timer(.report) == nil)
            #expect(stage.timer(.acceptance) != nil)
        },
        Scenario("A failure in the session does the same", .move(.inSession, .failed)) { stage in
            try stage.restart(at: .inSession)
            let performer = stage.performer
            stage.refuse(.notPermitted, .fail(.other), by: Scenery.requester)
            try stage.act(.fail(.patientUnavailable), by: Scenery.expert(performer))
            #expect(stage.facts.startedAt == nil)
            #expect(stage.phase == .offered)
        },
        Scenario("A failure after consent was withdrawn asks for consent again") { stage in
            try stage.restart(at: .inSession)
            try stage.act(.withdrawConsent, by: Scenery.requester)
            let events = try stage.act(.fail(.other), by: Scenery.expert(stage.performer))
            #expect(events.map(\.type) == ["failed", "queued", "information-requested"])
            #expect(stage.facts.gaps == [.consent])
        },
        Scenario(
            "The coordination office sends an unroutable case to one site",
            .move(.unroutable, .queued),
            .queued(.requeued),
            .excluded(.notOffered)
        ) {
            stage in
            try stage.restart(at: .unroutable)
            stage.refuse(.notPermitted, .requeue(site: nil), by: Scenery.requester)
            stage.refuse(.siteUnknown, .requeue(site: SiteID("NOWHERE")), by: Scenery.coordinator)
            try stage.act(.requeue(site: Scenery.province), by: Scenery.coordinator)
            #expect(stage.invited == Scenery.province)
            guard case .offered(let facts) = stage.history.last?.event else { return }
            #expect(facts.decidedBy == .admin)
            #expect(facts.decision.exclusions["not-offered"] == 4)
            stage.refuse(.wrongState, .requeue(site: nil), by: Scenery.coordinator)
        },
        Scenario("The office may ask a site again that has declined, and below the requester's tier") { stage in
            try stage.submit()
            for _ in 0..<5 { try stage.act(.decline(.noCapacity), by: Scenery.expert(stage.invited)) }
            try stage.act(.requeue(site: Scenery.county), by: Scenery.coordinator)
            #expect(stage.invited == Scenery.county)
            #expect(stage.facts.offers.last?.number == 6)
        },
        Scenario("The office coordinates the requests of its own site too") { stage in
            let network = stage.network
            let facts = try Scenery.facts(
                Scenery.application([.priority: nil]),
                for: Scenery.capital,
                in: network,
                source: .unknown
            )
            try stage.act(.submit(facts), by: Scenery.person(Scenery.capital, .requester))
            #expect(stage.phase == .unroutable)
            stage.refuse(.notPermitted, .requeue(site: nil), by: Scenery.person(Scenery.capital, .requester))
            try stage.act(.requeue(site: nil), by: Scenery.coordinator)
            #expect(stage.invited == Scenery.second)
        },
        Scenario(
            "A case without department or consent cannot be requeued",
            .refusal(.siteUnknown),
            .refusal(.consentMissing)
        ) {
            stage in
            try stage.submit([.priority: "stat", .wantedDepartment: nil])
            stage.refuse(.wrongState, at: "request.wantedDepartment", .requeue(site: nil), by: Scenery.coordinator)
            try stage.restart()
            try stage.submit(Scenery.withoutConsent())
            try stage.fire(.hardStop)
            stage.refuse(.consentMissing, .requeue(site: nil), by: Scenery.coordinator)
            try stage.restart(at: .unroutable)
            stage.refuse(.siteUnknown, .requeue(site: SiteID("X")), by: Scenery.coordinator)
        },
        Scenario("A coordinator of another site coordinates nothing") { stage in
            try stage.restart(at: .unroutable)
            stage.refuse(.notFound, .requeue(site: nil), by: Scenery.person(Scenery.city, .coordinator))
            stage.refuse(.notFound, .note, by: Scenery.person(Scenery.capital, .expert))
            try stage.act(.note, by: Scenery.coordinator)
        },
        Scenario("A note is recorded for whoever takes part in their role", .event("noted")) { stage in
            try stage.submit()
            try stage.act(.note, by: Scenery.requester)
            try stage.act(.note, by: Scenery.expert(Scenery.county))
            stage.refuse(.notPermitted, .note, by: Scenery.person(Scenery.town, .auditor))
            stage.refuse(.notPermitted, .note, by: Scenery.person(Scenery.county, .requester))
            try stage.restart(at: .closed)
            stage.refuse(.wrongState, .note, by: Scenery.requester)
        },
        endings(.cancel(.patientDied), to: .cancelled, from: [.infoNeeded, .queued, .offered, .unroutable, .accepted]),
        endings(
            .void,
            to: .enteredInError,
            from: Phase.allCases.filter { ![.submitted, .failed, .enteredInError].contains($0) }
        ),
        Scenario("Nothing is cancelled once the session has begun, and nothing voided twice") { stage in
            for phase in [Phase.inSession, .reported, .closed, .cancelled, .enteredInError] {
                try stage.restart(at: phase)
                stage.refuse(.wrongState, .cancel(.other), by: Scenery.requester)
            }
            stage.refuse(.wrongState, .void, by: Scenery.requester)
            try stage.restart(at: .accepted)
            stage.refuse(.notPermitted, .cancel(.other), by: Scenery.expert(stage.performer))
            stage.refuse(.notPermitted, .void, by: Scenery.expert(stage.performer))
        },
    ]

    /// A command of the requester that ends a case from each of `phases`.
    private static func endings(_ command: Command, to end: Phase, from phases: [Phase]) -> Scenario {
        let type = end == .cancelled ? "cancelled" : "entered-in-error"
        return Scenario(
            name: "\(type) from every phase that allows it",
            covers: Set(phases.map { .move($0, end) } + [.event(type)])
        ) { stage in
            for phase in phases {
                var other = try Stage.at(phase)
                try other.act(command, by: Scenery.requester)
                #expect(other.phase == end)
                #expect(other.facts.liveOffers.isEmpty)
                #expect(other.facts.timers.isEmpty)
                stage.adopt(other)
            }
        }
    }
}
