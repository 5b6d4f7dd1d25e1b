import Testing

@testable import ConsiliumCore

extension Scenario {
    /// submitted → queued | info-needed | unroutable, and what is refused at the door.
    static let submission: [Scenario] = [
        Scenario(
            "A complete request is queued and offered at once",
            .event("submitted"),
            .event("queued"),
            .event("offered"),
            .move(.submitted, .queued),
            .move(.queued, .offered),
            .queued(.initial)
        ) { stage in
            let events = try stage.submit()
            #expect(events.map(\.type) == ["submitted", "queued", "offered"])
            #expect(stage.invited == Scenery.county)
            #expect(stage.facts.missing.isEmpty)
            #expect(stage.facts.version == 3)
        },
        Scenario(
            "A request without a wanted department stops at info-needed with that gap",
            .event("information-requested"),
            .move(.submitted, .infoNeeded)
        ) { stage in
            try stage.submit([.wantedDepartment: nil])
            #expect(stage.phase == .infoNeeded)
            #expect(stage.facts.gaps == [.department])
            #expect(stage.facts.pausedSince == stage.now)
        },
        Scenario("A department that no map knows is asked for as a mapping") { stage in
            try stage.submit([.wantedDepartment: nil, .wantedDepartmentText: "心病科"], unmapped: true)
            #expect(stage.facts.gaps == [.mapping])
        },
        Scenario("Summary and reason both empty is a gap; one of them is enough") { stage in
            try stage.submit([.summary: nil, .reason: nil])
            #expect(stage.facts.gaps == [.summary])
            var other = Stage()
            try other.submit([.summary: nil])
            #expect(other.phase == .offered)
            #expect(other.facts.missing == [.summary])
        },
        Scenario(
            "A stat request with an unmapped department goes straight to the coordination office",
            .event("unroutable"),
            .move(.submitted, .unroutable),
            .unroutable(.mapping)
        ) { stage in
            try stage.submit([.priority: "stat", .wantedDepartment: nil], unmapped: true)
            #expect(stage.phase == .unroutable)
            #expect(stage.facts.unroutableReason == .mapping)
        },
        Scenario(
            "A filled but unknown priority is asap and the coordination office's to judge",
            .unroutable(.priorityUnknown)
        ) { stage in
            try stage.submit([.priority: nil], source: .unknown)
            #expect(stage.facts.priority == .asap)
            #expect(stage.facts.unroutableReason == .priorityUnknown)
        },
        Scenario("An unknown priority still reaches the coordination office after a question was answered") { stage in
            try stage.submit(Scenery.withoutConsent([.priority: nil]), source: .unknown)
            #expect(stage.facts.gaps == [.consent])
            try stage.act(
                .recordConsent(ConsentFacts(state: .given, basis: .written, hasEvidence: true)),
                by: Scenery.requester
            )
            #expect(stage.facts.unroutableReason == .priorityUnknown)
        },
        Scenario("No priority at all is routine") { stage in
            try stage.submit([.priority: nil], source: .defaulted)
            #expect(stage.facts.priority == .routine)
            #expect(stage.phase == .offered)
        },
        Scenario("A request number is mandatory", .refusal(.missingRequestNumber)) { stage in
            stage.refuse(
                .missingRequestNumber,
                at: "request.number",
                .submit(try stage.copy([.requestNumber: nil])),
                by: Scenery.requester
            )
        },
        Scenario("A requesting doctor is mandatory", .refusal(.missingRequester)) { stage in
            stage.refuse(.missingRequester, .submit(try stage.copy([.requesterDoctor: ""])), by: Scenery.requester)
        },
        Scenario("Some identity of the patient is mandatory, and one identifier is enough", .refusal(.missingIdentity))
        {
            stage in
            stage.refuse(
                .missingIdentity,
                .submit(try stage.copy([.patientName: nil, .medicalRecordNumber: nil])),
                by: Scenery.requester
            )
            try stage.submit([.patientName: nil, .medicalRecordNumber: nil, .inpatientNumber: "IP-3"])
            #expect(stage.facts.missing == [.patientName])
        },
        Scenario("Only a requester submits, and only for the site it speaks for", .refusal(.notPermitted)) { stage in
            let facts = try stage.copy()
            stage.refuse(.notPermitted, .submit(facts), by: Scenery.expert(Scenery.town))
            stage.refuse(.actsForDenied, .submit(facts), by: Scenery.person(Scenery.county, .requester))
            stage.refuse(.notPermitted, .submit(facts), by: .hub)
        },
        Scenario("A case is submitted once", .refusal(.wrongState)) { stage in
            try stage.submit()
            stage.refuse(.wrongState, .submit(try stage.copy()), by: Scenery.requester)
        },
        Scenario("A copy joins its case and changes nothing else", .event("joined")) { stage in
            try stage.submit()
            let before = stage.facts
            stage.wait(.minutes(5))
            let events = try stage.resubmit([.authoredOn: "2026-03-02T09:05:00+08:00"])
            #expect(events.map(\.type) == ["joined"])
            var after = stage.facts
            after.version = before.version
            after.updatedAt = before.updatedAt
            #expect(after == before)
        },
        Scenario("A code outside the tables is refused where it stands", .refusal(.unknownCode)) { stage in
            let cases: [(Element, String)] = [
                (.priority, "soon"), (.serviceKind, "spa"), (.patientSex, "x"), (.wantedDepartment, "9999"),
                (.medicalAssistance, "perhaps"), (.consentBasis, "hearsay"), (.consentState, "maybe"),
            ]
            for (element, value) in cases {
                stage.expect(.unknownCode, at: element.rawValue) { [stage] in _ = try stage.copy([element: value]) }
            }
        },
        Scenario("A malformed value is refused where it stands", .refusal(.invalidValue)) { stage in
            let cases: [(Element, String)] = [
                (.wantedSite, "a b"), (.patientBirthDate, "1956-02-30"), (.consentScope, "110000001,not ok!"),
            ]
            for (element, value) in cases {
                stage.expect(.invalidValue, at: element.rawValue) { [stage] in _ = try stage.copy([element: value]) }
            }
        },
        Scenario("A command for no case is not found", .refusal(.notFound)) { stage in
            stage.refuse(.notFound, .accept, by: Scenery.expert(Scenery.county))
            stage.refuse(.notFound, .resubmit(try stage.copy()), by: Scenery.requester)
        },
    ]
}
