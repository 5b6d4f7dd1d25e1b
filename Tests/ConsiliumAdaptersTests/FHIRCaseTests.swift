import ConsiliumAdapters
import Testing

@testable import ConsiliumCore

@Suite("A case as resources")
struct FHIRCaseTests {
    private func read(_ kind: FHIRID.Kind, _ record: CaseRecord) throws -> JSONValue {
        let id = FHIRID(kind, of: FHIRSample.caseID)
        return try JSONDocument(try #require(FHIRAdapter.resource(id, of: record))).root
    }

    private func status(_ kind: FHIRID.Kind, _ record: CaseRecord) throws -> String? {
        let task = try read(kind, record)
        let code = try task.object("businessStatus")?.objects("coding").first?.text("code")
        return [try task.text("status"), code].compactMap { $0 }.joined(separator: " ")
    }

    @Test("Statuses follow WORKFLOW.md table A through a whole case")
    func table() throws {
        var stage = FHIRCaseStage()
        func statuses() throws -> [String?] {
            let record = stage.record()
            return try FHIRID.all(type: "ServiceRequest", in: record).map { _ in try status(.request, record) }
                + FHIRID.all(type: "Task", in: record).map { try status($0.kind, record) }
        }
        try stage.submit()
        #expect(try statuses() == ["active", "received offered", "requested offered"])
        try stage.act(.accept, as: .expert, at: stage.county.id)
        #expect(try statuses() == ["active", "accepted accepted", "accepted accepted"])
        try stage.act(.start, as: .expert, at: stage.county.id)
        #expect(try statuses() == ["active", "in-progress in-session", "in-progress in-session"])
        try stage.report()
        #expect(
            try statuses() == [
                "active", "in-progress report-available", "completed report-available", "requested report-available",
            ]
        )
        try stage.act(.close(.partly, reason: nil, rating: 5), as: .requester, at: stage.town.id)
        #expect(
            try statuses() == [
                "completed", "completed loop-closed", "completed loop-closed", "completed loop-closed",
            ]
        )
        try stage.act(.void, as: .requester, at: stage.town.id)
        #expect(try statuses().first == "entered-in-error")
    }

    @Test("A case without consent waits, and says what for")
    func waiting() throws {
        var stage = FHIRCaseStage()
        var application = FHIRCaseStage.application
        for element in Element.consent { application[element] = nil }
        try stage.submit(application)
        let record = stage.record(disclosed: false)
        #expect(try status(.hubTask, record) == "received awaiting-information")
        let gap = try read(.hubTask, record).object("statusReason")?.objects("coding").first?.text("code")
        #expect(gap == "consent")
        #expect(try read(.consent, record).text("status") == "proposed")
    }

    @Test("A declined offer says why, and a case that nobody takes is on hold with its reason")
    func declined() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        try stage.act(.decline(.expertAbsent), as: .expert, at: stage.county.id)
        let record = stage.record()
        #expect(try status(.offer(1), record) == "rejected declined")
        #expect(try status(.hubTask, record) == "on-hold dead-letter")
        let offer = try read(.offer(1), record).object("statusReason")?.objects("coding").first?.text("code")
        #expect(offer == "expert-absent")
        let hub = try read(.hubTask, record).object("statusReason")?.objects("coding").first?.text("code")
        #expect(hub == "exhausted")
    }

    @Test("A cancelled case shows its abort Task")
    func cancelled() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        try stage.act(.cancel(.duplicate), as: .requester, at: stage.town.id)
        let record = stage.record()
        #expect(try status(.abort, record) == "completed cancelled")
        #expect(try status(.offer(1), record) == "cancelled withdrawn")
        #expect(try status(.hubTask, record) == "cancelled cancelled")
        #expect(try read(.request, record).text("status") == "revoked")
    }

    @Test("A failed session shows on its offer")
    func failed() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        try stage.act(.accept, as: .expert, at: stage.county.id)
        try stage.act(.fail(.connection), as: .expert, at: stage.county.id)
        #expect(try status(.offer(1), stage.record()) == "failed failed")
    }

    @Test("What is written of a disclosed request reads back as the application")
    func readBack() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        let record = stage.record()
        let patient = try #require(FHIRAdapter.resource(FHIRID(.patient, of: FHIRSample.caseID), of: record))
        let request = try #require(FHIRAdapter.resource(FHIRID(.request, of: FHIRSample.caseID), of: record))
        var json = JSONWriter()
        json.object { json in
            json.field("resourceType", "Bundle")
            json.field("type", "transaction")
            json.array("entry") { json in
                for (type, body) in [("Patient", patient), ("ServiceRequest", request)] {
                    json.object { json in
                        json.field("resource", raw: body)
                        json.object("request") { json in
                            json.field("method", "POST")
                            json.field("url", type)
                        }
                    }
                }
            }
        }
        let interaction = try FHIRAdapter.decodeBundle(json.bytes, profile: FHIRBundleSample.profile)
        guard case .application(let read) = interaction.submission.intent else { return }
        for element in Element.allCases where !Element.consent.contains(element) {
            #expect(read[element] == FHIRCaseStage.application[element], "\(element.rawValue)")
        }
    }

    @Test("Without disclosure nothing clinical and nobody's name is written")
    func masked() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        try stage.act(.accept, as: .expert, at: stage.county.id)
        let record = stage.record(disclosed: false)
        var text = ""
        for type in ["ServiceRequest", "Task", "Patient", "Consent", "DiagnosticReport", "DocumentReference"] {
            for id in FHIRID.all(type: type, in: record) {
                text += String(decoding: try #require(FHIRAdapter.resource(id, of: record)), as: UTF8.self)
            }
        }
        for (element, value) in FHIRCaseStage.application.elements.sorted {
            // Urgency, department and sites are flow, and so is the consent as a fact.
            let flow: Set<Element> = [
                .priority, .serviceKind, .wantedDepartment, .consentBasis, .consentScope, .consentFeeTold,
                .requesterInstitution, .wantedSite, .requesterDepartment, .patientSex, .bed, .patientAge,
                .medicalAssistance, .requesterDepartmentText,
            ]
            if !flow.contains(element) { #expect(!text.contains(value), "\(element.rawValue)") }
        }
        #expect(text.contains("MASKED"))
        #expect(FHIRAdapter.resource(FHIRID(.patient, of: FHIRSample.caseID), of: record) == nil)
        let request = try read(.request, record)
        #expect(try request.object("subject")?.objects("extension").first?.text("valueCode") == "masked")
    }

    @Test("Versions are those of the last event that changed the resource")
    func versions() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        let offered = try #require(stage.facts)
        let id = FHIRSample.caseID
        #expect(FHIRID(.request, of: id).versionID(in: offered) == offered.requestVersion)
        #expect(FHIRID(.report(1), of: id).versionID(in: offered) == nil)
        #expect(FHIRID(.review, of: id).versionID(in: offered) == nil)
        #expect(FHIRID(.offer(2), of: id).versionID(in: offered) == nil)
        try stage.act(.accept, as: .expert, at: stage.county.id)
        try stage.report()
        let reported = try #require(stage.facts)
        try stage.act(.close(.adopted, reason: nil, rating: nil), as: .requester, at: stage.town.id)
        let closed = try #require(stage.facts)
        #expect(FHIRID(.report(1), of: id).versionID(in: closed) == reported.version)
        #expect(FHIRID(.report(2), of: id).versionID(in: closed) == nil)
        #expect(try read(.report(1), stage.record()).object("meta")?.text("versionId") == "\(reported.version)")
        #expect(FHIRID(.review, of: id).versionID(in: closed) == closed.version)
    }

    @Test("A report is written with its signature and its forms")
    func report() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        try stage.act(.accept, as: .expert, at: stage.county.id)
        try stage.report()
        let record = stage.record()
        let report = try read(.report(1), record)
        #expect(try report.text("conclusion") == FHIRActSample.report[.opinion])
        #expect(try report.text("status") == "final")
        let form = try #require(try report.objects("presentedForm").first)
        #expect(try form.text("url") == "Binary/\(FHIRSample.caseID)-report-1")
        let provenance = try read(.provenance(1), record)
        let data = try provenance.objects("signature").first?.base64("data")
        #expect(data == Array("eyJhbGciOiJFUzI1NiJ9..c2ln".utf8))
        #expect(FHIRAdapter.resource(FHIRID(.report(2), of: FHIRSample.caseID), of: record) == nil)
        #expect(FHIRAdapter.resource(FHIRID(.document("application-9"), of: FHIRSample.caseID), of: record) == nil)
    }

    @Test("Ids are read back as they were written")
    func ids() {
        let kinds: [FHIRID.Kind] = [
            .request, .hubTask, .offer(1), .offer(120), .review, .abort, .patient, .report(1), .provenance(2), .consent,
            .document("application-1"), .binary("report-12"),
        ]
        for kind in kinds {
            let id = FHIRID(kind, of: FHIRSample.caseID)
            #expect(FHIRID(type: id.type, id: id.id) == id)
        }
        let name = FHIRSample.caseID.description
        for (type, id) in [
            ("Task", ""), ("Task", "x"), ("Task", "\(name)-"), ("Task", "\(name)-o"), ("Task", "\(name)-o0"),
            ("Task", "\(name)-o+1"), ("Task", "\(name)x"), ("Patient", name), ("ServiceRequest", "\(name)-p"),
            ("Observation", name), ("Task", "\(name)-o99999999"), ("DocumentReference", "\(name)-../x"),
        ] { #expect(FHIRID(type: type, id: id) == nil, "\(type)/\(id)") }
    }

    @Test("A search answers with its links and whole resources")
    func searchset() throws {
        let organization = FHIRAdapter.organization(FHIRCaseStage().county)
        let bytes = FHIRAdapter.searchset(
            [FHIRAdapter.SearchEntry(fullURL: "https://hub/fhir/Organization/COUNTY-01", resource: organization)],
            total: 1,
            selfLink: "https://hub/fhir/Organization?_count=1",
            nextLink: "https://hub/fhir/Organization?_count=1&page=x"
        )
        let root = try JSONDocument(bytes).root
        #expect(try root.objects("link").map { try $0.text("relation") } == ["self", "next"])
        #expect(try root.objects("entry").first?.object("resource")?.text("id") == "COUNTY-01")
        #expect(try root.integer("total") == 1)
        let none = try JSONDocument(FHIRAdapter.searchset([], total: nil, selfLink: "x", nextLink: nil)).root
        #expect(!none.has("entry") && !none.has("total"))
    }

    @Test("Why a case is where it is, as Parameters")
    func why() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        let decision = try #require(stage.facts?.lastDecision)
        let root = try JSONDocument(FHIRAdapter.why(decision, of: FHIRSample.caseID)).root
        let parameters = try root.objects("parameter")
        let names = try parameters.map { try $0.text("name") ?? "" }
        #expect(
            names.prefix(7) == [
                "request", "position", "policyVersion", "decidedAt", "department", "candidates", "eligible",
            ]
        )
        let chosen = try #require(try parameters.first { try $0.text("name") == "chosen" })
        #expect(
            try chosen.objects("part").first?.object("valueReference")?.text("reference") == "Organization/COUNTY-01"
        )
    }
}
