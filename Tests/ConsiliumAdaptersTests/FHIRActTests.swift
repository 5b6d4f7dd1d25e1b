import ConsiliumAdapters
import ConsiliumCore
import Testing

enum FHIRActSample {
    static let now = Instant(iso8601: "2026-11-23T02:00:00.000Z")!

    static var report: Report {
        var report = Report()
        let values: [ReportElement: String] = [
            .opinion: "考虑肺结核\n建议转诊", .findings: "右上肺空洞", .diagnosisName: "继发性肺结核",
            .diagnosisCode: "A16.200", .recommendation: "痰涂片", .disposition: "refer-up",
            .appropriateTier: "municipal", .followUpDate: "2026-12-01", .time: "2026-11-23T09:58:00+08:00",
            .expert: "李主任", .expertLicence: "1101", .department: "0301", .institution: "某县医院",
        ]
        for (element, value) in values { report[element] = value }
        report.attachments = [Attachment(title: "会诊单", contentType: "application/pdf", bytes: [1, 2, 3])]
        return report
    }

    static func signature(_ kind: SignatureKind) -> Signature {
        Signature(
            kind: kind,
            doctor: "李主任",
            licence: "1101",
            jws: kind == .operator ? "eyJhbGciOiJFUzI1NiJ9..c2ln" : nil,
            caseVersion: 7
        )
    }

    static var consent: Elements<Element> {
        var elements = Elements<Element>()
        for element in Element.consent { elements[element] = FHIRSample.application[element] }
        return elements
    }

    static var all: [Act] {
        var acts: [Act] = [
            .accept(appointment: "周二 10:00，远程会诊室"), .accept(appointment: nil), .start,
            .report(report, signature(.operator)), .report(report, signature(.page)), .report(report, signature(.site)),
            .withdrawConsent, .recordConsent(consent), .answer(FHIRSample.application), .note("请补充心电图"),
            .requeue(site: nil), .requeue(site: FHIRSample.county), .void(note: "录错患者"), .void(note: nil),
            .close(.adopted, reason: nil, rating: nil, note: nil),
        ]
        acts += DeclineReason.allCases.map { .decline($0, note: "n") }
        acts += FailureReason.allCases.map { .fail($0, note: nil) }
        acts += CancelReason.allCases.map { .cancel($0, note: "已转院") }
        acts += ClosureDecision.allCases.map { .close($0, reason: .tooLate, rating: 4, note: "谢谢") }
        acts += NotAdoptedReason.allCases.map { .close(.not, reason: $0, rating: 1, note: nil) }
        return acts
    }
}

@Suite("Acts on a case")
struct FHIRActTests {
    private func decode(_ message: FHIRRequestMessage) throws(FormatError) -> FHIRInteraction {
        let parts = message.path.split(separator: "/").map(String.init)
        let profile = FHIRBundleSample.profile
        switch (message.method, parts.count) {
        case ("POST", 1): return try FHIRAdapter.decodeBundle(message.body, profile: profile)
        case ("POST", _): return try FHIRAdapter.decodeCreate(type: parts[1], message.body, profile: profile)
        default:
            return try FHIRAdapter.decodeUpdate(type: parts[1], id: parts[2], message.body, profile: profile)
        }
    }

    @Test("Every act survives its FHIR form", arguments: FHIRActSample.all)
    func roundTrip(act: Act) throws {
        let message = try #require(FHIRAdapter.encode(act, on: FHIRSample.caseID, offer: 2, at: FHIRActSample.now))
        let interaction = try decode(message)
        guard case .act(let reference, let read) = interaction.submission.intent else {
            Issue.record("not an act")
            return
        }
        #expect(reference == .id(FHIRSample.caseID))
        #expect(read == act)
        #expect(interaction.submission.lost.map(\.path) == [])
        #expect(interaction.target?.caseID == FHIRSample.caseID)
        let viaMessage = try FHIRAdapter.decodeMessage(message.body, profile: FHIRBundleSample.profile)
        #expect(viaMessage.target == interaction.target)
        switch act {
        case .accept, .decline, .start, .fail, .report: #expect(interaction.offer == 2)
        default: #expect(interaction.offer == nil)
        }
    }

    @Test("An act on an offer has no form without one, and a step not offered none at all")
    func noForm() {
        let id = FHIRSample.caseID
        for act in FHIRActSample.all {
            switch act {
            case .accept, .decline, .start, .fail, .report:
                #expect(FHIRAdapter.encode(act, on: id, offer: nil, at: FHIRActSample.now) == nil)
            default: #expect(FHIRAdapter.encode(act, on: id, offer: nil, at: FHIRActSample.now) != nil)
            }
        }
        for act in [Act.notYetOffered("x"), .settle, .rateTierAgain(.county), .dispute(lines: [1], note: nil)] {
            #expect(FHIRAdapter.encode(act, on: id, offer: 1, at: FHIRActSample.now) == nil)
        }
    }

    private func update(_ id: String, _ members: String) throws(FormatError) -> FHIRInteraction {
        let text = #"{"resourceType": "Task", "id": "\#(id)", "intent": "order", \#(members)}"#
        return try FHIRAdapter.decodeUpdate(type: "Task", id: id, Array(text.utf8), profile: FHIRBundleSample.profile)
    }

    private func failure(_ body: () throws(FormatError) -> FHIRInteraction) -> String {
        do throws(FormatError) {
            let interaction = try body()
            return "\(interaction.submission.intent)"
        } catch {
            return "\(error.code.rawValue) \(error.location)"
        }
    }

    static let offer = "\(FHIRSample.caseID)-o1"
    static let review = "\(FHIRSample.caseID)-review"

    @Test(
        "A Task that is not the act of a site is refused",
        arguments: [
            (offer, #""x": 1"#, "missing Task.status"),
            (
                offer, #""status": "accepted", "focus": {"reference": "ServiceRequest/01K6NANEXVSK614D2PF2DBSQQH"}"#,
                "invalid-value Task.focus.reference"
            ),
            (offer, #""status": "completed""#, "missing Task"),
            (offer, #""status": "requested""#, "unsupported-event Task.status"),
            (offer, #""status": "cancelled""#, "unsupported-event Task.status"),
            (offer, #""status": "done""#, "unknown-code Task.status"),
            (offer, #""status": "rejected""#, "missing Task.statusReason"),
            (offer, #""status": "rejected", "statusReason": {"text": "busy"}"#, "missing Task.statusReason"),
            (
                offer,
                #""status": "rejected", "statusReason": {"coding": [{"system": "urn:consilium:decline-reason", "code": "tired"}]}"#,
                "unknown-code Task.statusReason.coding[0].code"
            ),
            (offer, #""status": "failed""#, "missing Task.statusReason"),
            (offer, #""status": "accepted", "note": [{}]"#, "missing Task.note[0].text"),
            (review, #""status": "in-progress""#, "unsupported-event Task.status"),
            (review, #""status": "completed""#, "missing Task.output"),
            (
                review,
                #""status": "completed", "output": [{"type": {"coding": [{"system": "urn:consilium:task-output", "code": "rating"}]}, "valueInteger": 6}]"#,
                "invalid-value Task.output[0].valueInteger"
            ),
            (
                review,
                #""status": "completed", "output": [{"type": {"coding": [{"system": "urn:consilium:task-output", "code": "decision"}]}, "valueCodeableConcept": {"coding": [{"system": "urn:consilium:closure-decision", "code": "maybe"}]}}]"#,
                "unknown-code Task.output[0].valueCodeableConcept.coding[0].code"
            ),
            ("\(FHIRSample.caseID)", #""status": "completed""#, "unsupported-event Task.status"),
            ("\(FHIRSample.caseID)-abort", #""status": "completed""#, "unsupported-event Task.id"),
            ("\(FHIRSample.caseID)-x", #""status": "accepted""#, "dangling-reference Task.id"),
            ("\(FHIRSample.caseID)-o0", #""status": "accepted""#, "dangling-reference Task.id"),
            ("1", #""status": "accepted""#, "dangling-reference Task.id"),
        ]
    )
    func refusals(id: String, members: String, expected: String) {
        #expect(failure { () throws(FormatError) in try update(id, members) } == expected)
    }

    @Test(
        "A step of the workflow that is not offered yet is named",
        arguments: [
            ("received", "created", "awaiting-information"), ("on-hold", "created", "on-hold"),
            ("accepted", "visit-scheduled", "visit-scheduled"),
            ("in-progress", "preliminary-outcome", "preliminary-outcome"),
            ("completed", "in-qc", "in-qc"),
        ]
    )
    func notYetOffered(status: String, business: String, step: String) throws {
        let members =
            #""status": "\#(status)", "businessStatus": {"coding": [{"system": "urn:consilium:business-status", "code": "\#(business)"}]}"#
        guard case .act(_, let act) = try update(Self.offer, members).submission.intent else { return }
        #expect(act == .notYetOffered(step))
    }

    @Test(
        "A new Task that is neither abort nor resume, or about nothing, is refused",
        arguments: [
            (#""code": {"coding": [{"code": "abort"}]}"#, "missing Task.focus"),
            (#""focus": {"reference": "Patient/1"}"#, "dangling-reference Task.focus.reference"),
            (#""focus": {"reference": "Task/\#(FHIRSample.caseID)"}"#, "dangling-reference Task.focus.reference"),
            (#""focus": {"reference": "ServiceRequest/\#(FHIRSample.caseID)"}"#, "missing Task.code"),
            (
                #""focus": {"reference": "ServiceRequest/\#(FHIRSample.caseID)"}, "code": {"coding": [{"code": "fulfill"}]}"#,
                "unsupported-event Task.code.coding"
            ),
            (
                #""focus": {"reference": "ServiceRequest/\#(FHIRSample.caseID)"}, "code": {"coding": [{"code": "abort"}]}"#,
                "missing Task.reasonCode"
            ),
            (
                #""focus": {"reference": "ServiceRequest/\#(FHIRSample.caseID)"}, "code": {"coding": [{"code": "resume"}]}, "owner": {"display": "x"}"#,
                "invalid-value Task.owner"
            ),
        ]
    )
    func newTasks(members: String, expected: String) {
        let text = #"{"resourceType": "Task", "status": "requested", "intent": "order", \#(members)}"#
        let found = failure { () throws(FormatError) in
            try FHIRAdapter.decodeCreate(type: "Task", Array(text.utf8), profile: FHIRBundleSample.profile)
        }
        #expect(found == expected)
    }

    @Test(
        "A report's parts are asked for where they are missing",
        arguments: [
            (
                #""resourceType":"DiagnosticReport""#, #""resourceType":"Observation""#,
                "invalid-value Bundle.entry[1].request.url"
            ),
            (#""status":"final""#, #""status":"preliminary""#, "unsupported-event Bundle.entry[1].resource.status"),
            (#""status":"final","#, "", "missing Bundle.entry[1].resource.status"),
            (
                #""code":{"coding":[{"system":"http://loinc.org""#, #""cod":{"coding":[{"system":"http://loinc.org""#,
                "missing Bundle.entry[1].resource.code"
            ),
            (
                #""valueCode":"refer-up""#, #""valueCode":"refer-out""#,
                "unknown-code Bundle.entry[1].resource.extension"
            ),
            (#""valueCode":"municipal""#, #""valueCode":"moon""#, "unknown-code Bundle.entry[1].resource.extension"),
            ("2026-12-01", "2026-12", "invalid-value Bundle.entry[1].resource.extension"),
            (#""recorded":"2026-11-23T02:00:00.000Z","#, "", "missing Bundle.entry[2].resource.recorded"),
            (#""agent""#, #""agents""#, "missing Bundle.entry[2].resource.agent"),
            (#""signature":[{"#, #""signatures":[{"#, "missing Bundle.entry[2].resource.signature"),
            (#""data":"ZXlK"#, #""dat":"ZXlK"#, "missing Bundle.entry[2].resource.signature[0].data"),
            (
                #""valueCode":"operator""#, #""valueCode":"notary""#,
                "unknown-code Bundle.entry[2].resource.signature[0].extension"
            ),
            (
                "\"basedOn\":[{\"reference\":\"ServiceRequest/\(FHIRSample.caseID)",
                "\"basedOn\":[{\"reference\":\"ServiceRequest/01K6NANEXVSK614D2PF2DBSQQH",
                "invalid-value Bundle.entry[1].resource.basedOn[0].reference"
            ),
            ("_history/7", "_history/x", "missing Bundle.entry[2].resource.entity"),
            (
                #""target":[{"reference":"urn:uuid:00000000-0000-4000-8000-000000000005""#,
                #""target":[{"reference":"urn:uuid:00000000-0000-4000-8000-000000000009""#,
                "dangling-reference Bundle.entry[2].resource.target[0].reference"
            ),
            (#""target":[{"#, #""targets":[{"#, "missing Bundle.entry[2].resource.target"),
        ]
    )
    func reports(find: String, replace: String, expected: String) throws {
        let act = Act.report(FHIRActSample.report, FHIRActSample.signature(.operator))
        let message = try #require(FHIRAdapter.encode(act, on: FHIRSample.caseID, offer: 1, at: FHIRActSample.now))
        let text = String(decoding: message.body, as: UTF8.self)
        #expect(text.contains(find))
        let body = Array(text.replacing(find, with: replace, maxReplacements: 1).utf8)
        let found = failure { () throws(FormatError) in
            try FHIRAdapter.decodeBundle(body, profile: FHIRBundleSample.profile)
        }
        #expect(found == expected)
    }

    @Test("A Consent is recorded for the case that its data names, and withdrawn by its status")
    func newConsent() throws {
        let members = #""scope": {"text": "x"}, "category": [{"text": "x"}]"#
        let data =
            #""provision": {"data": [{"meaning": "related", "reference": {"reference": "ServiceRequest/\#(FHIRSample.caseID)"}}]}"#
        func create(_ text: String) throws(FormatError) -> FHIRInteraction {
            try FHIRAdapter.decodeCreate(type: "Consent", Array(text.utf8), profile: FHIRBundleSample.profile)
        }
        let given =
            #"{"resourceType": "Consent", "status": "active", \#(members), \#(data), "identifier": [{"value": "Z"}]}"#
        guard case .act(let reference, .recordConsent(let elements, _)) = try create(given).submission.intent else {
            Issue.record("not a consent")
            return
        }
        #expect(reference == .id(FHIRSample.caseID))
        #expect(elements[.consentReference] == "Z")
        let nameless = #"{"resourceType": "Consent", "status": "active", \#(members)}"#
        #expect(
            failure { () throws(FormatError) in try create(nameless) } == "missing Consent.provision.data.reference"
        )
        let page = given.replacing("\"identifier\"", with: #""sourceAttachment": {"data": "QUJD"}, "identifier""#)
        #expect(
            failure { () throws(FormatError) in try create(page) } == "unsupported-event Consent.sourceAttachment"
        )
    }

    @Test(
        "A request is not closed, cancelled or put on hold by its status",
        arguments: [
            ("completed", "unsupported-event ServiceRequest.status"),
            ("revoked", "unsupported-event ServiceRequest.status"),
            ("unknown", "invalid-value ServiceRequest.status"),
        ]
    )
    func requestStatus(status: String, expected: String) {
        let id = FHIRSample.caseID.description
        let text = #"{"resourceType": "ServiceRequest", "id": "\#(id)", "status": "\#(status)", "intent": "order"}"#
        let found = failure { () throws(FormatError) in
            try FHIRAdapter.decodeUpdate(
                type: "ServiceRequest",
                id: id,
                Array(text.utf8),
                profile: FHIRBundleSample.profile
            )
        }
        #expect(found == expected)
    }

    @Test("An answer says only what changes: no default priority")
    func answer() throws {
        let id = FHIRSample.caseID.description
        let text = #"""
            {"resourceType": "ServiceRequest", "id": "\#(id)", "status": "active", "intent": "order",
             "subject": {"reference": "Patient/\#(id)-p"}, "note": [{"text": "心电图正常"}]}
            """#
        let interaction = try FHIRAdapter.decodeUpdate(
            type: "ServiceRequest",
            id: id,
            Array(text.utf8),
            profile: FHIRBundleSample.profile
        )
        guard case .act(_, .answer(let application)) = interaction.submission.intent else {
            Issue.record("not an answer")
            return
        }
        #expect(application.elements.sorted.map(\.key) == [.note])
    }

    @Test(
        "Entity tags name versions",
        arguments: [
            ("W/\"3\"", 3), ("\"12\"", 12), ("W/\"\"", nil), ("3", nil), ("W/\"x\"", nil), ("*", nil), ("\"-1\"", nil),
        ] as [(String, Int?)]
    )
    func entityTags(tag: String, version: Int?) {
        #expect(FHIRAdapter.version(entityTag: tag) == version)
    }
}
