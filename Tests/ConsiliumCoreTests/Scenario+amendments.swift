import Testing

@testable import ConsiliumCore

extension Scenario {
    /// The same request with other content.
    static let amendments: [Scenario] = [
        Scenario("An element absent in a copy is no change") { stage in
            try stage.submit([.wantedSite: Scenery.second.description, .note: "备注"])
            let before = stage.facts
            try stage.resubmit([.summary: "气促加重", .purpose: nil, .consentBasis: nil, .consentReference: nil])
            let after = stage.facts
            guard case .amended(let facts) = stage.history.last?.event else {
                Issue.record("no amendment")
                return
            }
            #expect(facts.changed.names == ["request.summary"])
            #expect(after.consent == before.consent)
            #expect(after.digests.elements[.purpose] == before.digests.elements[.purpose])
            #expect(after.offers == before.offers, "a summary moves nobody")
        },
        Scenario("Each part of the consent stands until it is stated anew", .event("amended")) { stage in
            try stage.submit([.consentScope: "any"])
            try stage.resubmit([.consentBasis: nil, .consentReference: nil, .consentFeeTold: "yes"])
            #expect(
                stage.facts.consent == ConsentFacts(state: .given, basis: .written, hasEvidence: true, feeTold: true)
            )
            try stage.resubmit([.consentBasis: "guardian", .consentReference: nil])
            #expect(stage.facts.consent.basis == .guardian)
            #expect(stage.facts.consent.hasEvidence)
            try stage.resubmit([.consentScope: "\(Scenery.city),\(Scenery.second)"])
            #expect(stage.facts.consent.scope == [Scenery.city, Scenery.second])
            #expect(stage.invited == Scenery.city)
            try stage.resubmit([.consentReference: "ARCH-11"])
            #expect(stage.facts.consent.scope == [Scenery.city, Scenery.second], "silence widens no scope")
            try stage.resubmit([.consentState: "withdrawn"])
            #expect(stage.facts.consent.state == .withdrawn)
            #expect(stage.phase == .infoNeeded)
        },
        Scenario(
            "A new priority moves the deadline and asks anew",
            .queued(.amended),
            .move(.offered, .queued)
        ) { stage in
            try stage.submit()
            stage.wait(.minutes(2))
            try stage.resubmit([.priority: "stat"])
            #expect(stage.facts.priority == .stat)
            #expect(stage.facts.everStat)
            #expect(stage.facts.deadline == Scenery.monday + .minutes(10))
            #expect(stage.timer(.acceptance)?.due == stage.facts.deadline)
            #expect(stage.facts.liveOffers.count == 3)
            try stage.resubmit([.priority: "routine"])
            #expect(!(stage.facts.priority == .stat))
            #expect(stage.facts.everStat)
        },
        Scenario("A request that becomes stat without consent is an emergency, and owes the evidence") { stage in
            try stage.submit(Scenery.withoutConsent())
            #expect(stage.phase == .infoNeeded)
            stage.wait(.hours(2))
            try stage.resubmit(Scenery.withoutConsent([.priority: "stat"]))
            #expect(stage.phase == .offered)
            #expect(stage.facts.consent.basis == .emergency)
            #expect(stage.timer(.consentEvidence)?.due == stage.now + .hours(24))
            #expect(stage.timer(.informationReminder) == nil)
        },
        Scenario(
            "A stat request held for nothing goes to the office when its department is lost",
            .move(.infoNeeded, .unroutable)
        ) {
            stage in
            try stage.submit([.wantedDepartment: nil])
            try stage.resubmit([.wantedDepartment: nil, .priority: "stat"])
            #expect(stage.facts.unroutableReason == .mapping)
            let events = try stage.resubmit([.wantedDepartment: nil, .priority: "stat", .consentFeeTold: "yes"])
            #expect(events.map(\.type) == ["amended"], "handed over once")
        },
        Scenario("An answer fills the gap it names and asks again for the rest, in one pause") { stage in
            try stage.submit([.wantedDepartment: nil, .summary: nil, .reason: nil])
            #expect(stage.facts.gaps == [.department, .summary])
            stage.wait(.hours(1))
            let events = try stage.resubmit([.summary: nil, .reason: nil])
            #expect(events.map(\.type) == ["amended", "information-requested"])
            #expect(stage.facts.gaps == [.summary])
            #expect(stage.facts.pausedSince == Scenery.monday)
            #expect(stage.facts.timers.filter { $0.kind == .informationReminder }.count == 1)
            #expect(stage.facts.timers.filter { $0.kind == .informationOverdue }.count == 1)
            stage.wait(.hours(1))
            try stage.resubmit()
            #expect(stage.phase == .offered)
            #expect(stage.facts.pausedFor == .hours(2))
            #expect(stage.timer(.informationReminder) == nil)
            #expect(stage.timer(.informationOverdue) == nil)
        },
        Scenario("A newly named site is asked first") { stage in
            try stage.submit()
            try stage.resubmit([.wantedSite: Scenery.province.description])
            #expect(stage.facts.wantedSite == Scenery.province)
            #expect(stage.invited == Scenery.province)
        },
        Scenario("Facts that measures need follow an amendment") { stage in
            try stage.submit()
            try stage.resubmit([
                .patientBirthDate: "2020-01-01", .patientSex: "2", .serviceKind: "case-discussion",
                .medicalAssistance: "yes", .wantedDepartment: "03",
            ])
            #expect(stage.facts.ageBand == AgeBand(years: 6))
            #expect(stage.facts.sex == .female)
            #expect(stage.facts.serviceKind == .caseDiscussion)
            let amended = stage.history.compactMap { item -> Event.Amended? in
                if case .amended(let facts) = item.event { facts } else { nil }
            }
            #expect(amended.first?.medicalAssistance == true)
            #expect(stage.facts.unroutableReason == .noCapableSite, "nobody offers the whole of internal medicine")
        },
        Scenario("An alternative of a mandatory element fills it") { stage in
            try stage.submit([
                .patientBirthDate: nil, .medicalRecordNumber: nil, .requesterDepartment: nil,
            ])
            #expect(stage.facts.missing == [.patientBirthDate, .medicalRecordNumber, .requesterDepartment])
            try stage.resubmit([
                .patientBirthDate: nil, .medicalRecordNumber: nil, .requesterDepartment: nil,
                .patientAge: "70", .citizenID: "42112519560401001X", .requesterDepartmentText: "全科",
            ])
            #expect(stage.facts.missing.isEmpty)
            #expect(stage.facts.ageBand == AgeBand(years: 70))
        },
        Scenario("A new attachment is an amendment, the same one is not") { stage in
            try stage.submit()
            var application = Scenery.application()
            application.attachments = [Attachment(title: "心电图", contentType: "application/pdf", bytes: [1, 2])]
            try stage.act(.resubmit(Scenery.facts(application)), by: Scenery.requester)
            guard case .amended(let facts) = stage.history.last?.event else {
                Issue.record("no amendment")
                return
            }
            #expect(facts.changed.names == ["attachments"])
            let again = try stage.act(.resubmit(Scenery.facts(application)), by: Scenery.requester)
            #expect(again.map(\.type) == ["joined"])
        },
        Scenario(
            "After acceptance a fixed element is refused by name, an addition becomes a note",
            .refusal(.amendmentTooLate)
        ) { stage in
            try stage.restart(at: .accepted)
            stage.refuse(
                .amendmentTooLate,
                at: "patient.name, request.priority",
                .resubmit(try stage.copy([.patientName: "张三", .priority: "asap", .summary: "新"])),
                by: Scenery.requester
            )
            let events = try stage.resubmit([.examinations: "BNP 900", .summary: "新"])
            #expect(events.map(\.type) == ["noted"])
            try stage.restart(at: .closed)
            stage.refuse(
                .amendmentTooLate,
                at: "request.summary",
                .resubmit(try stage.copy([.summary: "新"])),
                by: Scenery.requester
            )
            #expect(try stage.resubmit().map(\.type) == ["joined"], "a copy is recognised even then")
        },
        Scenario(
            "Another patient under a number that is taken is refused; a name that is corrected is an amendment",
            .refusal(.otherPatient)
        ) { stage in
            try stage.submit()
            let corrected = try stage.resubmit([.patientName: "李昺"])
            #expect(corrected.map(\.type) == ["amended"])
            stage.refuse(
                .otherPatient,
                at: "patient.medicalRecordNumber",
                .resubmit(try stage.copy([.patientName: "王芳", .medicalRecordNumber: "M-9"])),
                by: Scenery.requester
            )
            // One identifier that agrees is enough for the others to be corrected.
            try stage.resubmit([.citizenID: "42112519560401001X"])
            let again = try stage.resubmit([.citizenID: "42112519560401001X", .medicalRecordNumber: "M-9"])
            #expect(again.map(\.type) == ["amended"])
        },
        Scenario("Where no identifier stands in both, the name tells one patient from another", .refusal(.otherPatient))
        {
            stage in
            try stage.submit([.medicalRecordNumber: nil])
            stage.refuse(
                .otherPatient,
                at: "patient.name",
                .resubmit(try stage.copy([.medicalRecordNumber: nil, .patientName: "王芳"])),
                by: Scenery.requester
            )
        },
        Scenario(
            "An update of a request that has changed since is a conflict; a plain copy is not",
            .refusal(.versionConflict)
        ) {
            stage in
            try stage.submit()
            let read = stage.facts.requestVersion
            try stage.resubmit([.summary: "一"], ifVersion: read)
            stage.refuse(
                .versionConflict,
                .resubmit(try stage.copy([.summary: "二"])),
                by: Scenery.requester,
                ifVersion: read
            )
            try stage.resubmit([.summary: "一"], ifVersion: read)
        },
        Scenario("An amendment is the requester's alone") { stage in
            try stage.submit()
            stage.refuse(.notPermitted, .resubmit(try stage.copy()), by: Scenery.expert(Scenery.county))
            stage.refuse(.notPermitted, .resubmit(try stage.copy()), by: Scenery.person(Scenery.town, .expert))
        },
        Scenario("An unroutable case leaves the office when the amendment mends it", .move(.unroutable, .queued)) {
            stage in
            try stage.restart(at: .unroutable)
            try stage.resubmit([.priority: nil, .note: "x"])
            #expect(stage.phase == .unroutable)
            try stage.resubmit([.wantedDepartment: "03", .priority: nil])
            #expect(stage.facts.unroutableReason == .priorityUnknown, "still the office's to judge")
            try stage.resubmit([.priority: "urgent"])
            #expect(stage.facts.prioritySource == .stated)
            #expect(stage.phase == .offered)
        },
    ]
}
