import ConsiliumAdapters
import ConsiliumCore
import Testing

/// One edit of the sample and the error it must lead to.
struct FHIRFault: Sendable, CustomTestStringConvertible {
    var find: String
    var replace: String
    var code: FormatError.Code
    var location: String

    init(_ find: String, _ replace: String, _ code: FormatError.Code, _ location: String) {
        self.find = find
        self.replace = replace
        self.code = code
        self.location = location
    }

    var testDescription: String { "\(code.rawValue) at \(location)" }
}

@Suite("A Bundle that is refused, with the place")
struct FHIRRefusalTests {
    static let patient = "Bundle.entry[0].resource"
    static let request = "Bundle.entry[1].resource"
    static let consent = "Bundle.entry[6].resource"

    static let faults: [FHIRFault] = [
        // The Bundle
        FHIRFault("\"Bundle\"", "\"Bundel\"", .unsupportedType, "Bundel.resourceType"),
        FHIRFault("\"Bundle\"", "\"Parameters\"", .unsupportedType, "Parameters.resourceType"),
        FHIRFault("\"resourceType\": \"Bundle\",", "", .missing, "$.resourceType"),
        FHIRFault("\"type\": \"transaction\",", "", .missing, "Bundle.type"),
        FHIRFault("\"transaction\"", "\"batch\"", .unsupportedType, "Bundle.type"),
        FHIRFault("\"transaction\"", "\"message\"", .unsupportedType, "Bundle.type"),
        FHIRFault("\"transaction\"", "\"collection\"", .unsupportedType, "Bundle.type"),
        FHIRFault("\"value\": \"MSG-1\"", "\"value\": \"\"", .missing, "Bundle.identifier.value"),
        FHIRFault("\"value\": \"MSG-1\"", "\"value\": 1", .invalidValue, "Bundle.identifier.value"),
        FHIRFault("\"entry\": [", "\"entry\": {}, \"x\": [", .invalidValue, "Bundle.entry"),
        FHIRFault("\"entry\": [", "\"entry\": [], \"x\": [", .missing, "Bundle.entry"),
        FHIRFault("\"entry\": [", "\"entry\": [1,", .invalidValue, "Bundle.entry[0]"),
        FHIRFault("\"entry\": [", "\"entry\": [{},", .missing, "Bundle.entry[0].resource"),
        FHIRFault(
            "\"entry\": [",
            #""entry": [{"request": {"method": "DELETE", "url": "Patient/1"}},"#,
            .unsupportedEvent,
            "Bundle.entry[0].request.method"
        ),
        FHIRFault(#""request": {"method": "POST", "url": "Patient"}"#, #""x": 1"#, .missing, "Bundle.entry[0].request"),
        FHIRFault(
            #""method": "POST", "url": "Patient""#,
            #""url": "Patient""#,
            .missing,
            "Bundle.entry[0].request.method"
        ),
        FHIRFault(
            #""method": "POST", "url": "Patient""#,
            #""method": "PATCH", "url": "Patient""#,
            .unsupportedEvent,
            "Bundle.entry[0].request.method"
        ),
        FHIRFault(#""url": "Patient""#, #""url": "Person""#, .invalidValue, "Bundle.entry[0].request.url"),
        FHIRFault(#""url": "Patient""#, #""url": "Patient?x=1""#, .invalidValue, "Bundle.entry[0].request.url"),
        FHIRFault(
            #""method": "POST", "url": "Patient""#,
            #""method": "PUT", "url": "Patient/1""#,
            .unsupportedEvent,
            "Bundle.entry[0].request.method"
        ),
        FHIRFault(
            #""url": "Patient""#,
            #""url": "Patient", "ifMatch": "7""#,
            .invalidValue,
            "Bundle.entry[0].request.ifMatch"
        ),
        FHIRFault("00000000000b", "00000000000a", .invalidValue, "Bundle.entry[1].fullUrl"),
        FHIRFault(
            "\"resourceType\": \"Binary\"",
            "\"resourceType\": \"Photo\"",
            .unsupportedType,
            "Bundle.entry[8].resource.resourceType"
        ),
        // The patient
        FHIRFault("\"male\"", "\"M\"", .unknownCode, "\(patient).gender"),
        FHIRFault("1961-02-03", "1961-02-30", .invalidValue, "\(patient).birthDate"),
        FHIRFault("1961-02-03", "03.02.1961", .invalidValue, "\(patient).birthDate"),
        FHIRFault("\"given\": [\"小明\"]", "\"given\": \"小明\"", .invalidValue, "\(patient).name[0].given"),
        FHIRFault("\"name\": [{\"family\"", "\"name\": {\"family\"", .unparsable, "\(patient)"),
        FHIRFault("\"gender\"", "\"modifierExtension\": [], \"gender\"", .invalidValue, "\(patient).modifierExtension"),
        FHIRFault("\"gender\"", "\"implicitRules\": \"urn:x\", \"gender\"", .invalidValue, "\(patient).implicitRules"),
        FHIRFault("\"gender\"", "\"birthDate\": \"1961\", \"gender\"", .duplicateKey, "\(patient).birthDate"),
        FHIRFault(#""value": "MR-77""#, #""valeu": "MR-77""#, .missing, "\(patient).identifier[1].value"),
        // The request
        FHIRFault("\"intent\": \"order\",", "", .missing, "\(request).intent"),
        FHIRFault("\"order\"", "\"plan\"", .invalidValue, "\(request).intent"),
        FHIRFault("\"status\": \"active\",\n        \"intent\"", "\"intent\"", .missing, "\(request).status"),
        FHIRFault("\"active\",\n        \"intent\"", "\"draft\", \"intent\"", .invalidValue, "\(request).status"),
        FHIRFault(
            "\"active\",\n        \"intent\"",
            "\"entered-in-error\", \"intent\"",
            .invalidValue,
            "\(request).status"
        ),
        FHIRFault("\"urgent\"", "\"emergency\"", .unknownCode, "\(request).priority"),
        FHIRFault("\"urgent\"", "null", .invalidValue, "\(request).priority"),
        FHIRFault("\"code\": \"0301\"", "\"code\": \"9901\"", .unknownCode, "\(request).performerType.coding[0].code"),
        FHIRFault(", \"code\": \"0301\"", "", .missing, "\(request).performerType.coding[0].code"),
        FHIRFault("09:30:00+08:00", "09:30:00", .invalidValue, "\(request).authoredOn"),
        FHIRFault("\"note\": [{\"text\"", "\"note\": [{\"txet\"", .missing, "\(request).note[0].text"),
        FHIRFault("\"priority\"", "\"doNotPerform\": true, \"priority\"", .invalidValue, "\(request).doNotPerform"),
        FHIRFault(
            "\"subject\": {\"reference\": \"urn:uuid:5f1e3c40-0000-4000-8000-00000000000a\"},\n        \"authoredOn\"",
            "\"authoredOn\"",
            .missing,
            "\(request).subject"
        ),
        FHIRFault(
            "PractitionerRole/role-1",
            "PractitionerRole/role-2",
            .danglingReference,
            "\(request).requester.reference"
        ),
        FHIRFault("PractitionerRole/role-1", "Condition/c1", .invalidValue, "\(request).requester.reference"),
        FHIRFault("PractitionerRole/role-1", "#role", .danglingReference, "\(request).requester.reference"),
        FHIRFault("Condition/c1", "Condition/c2", .danglingReference, "\(request).reasonReference[0].reference"),
        FHIRFault("\"valueString\": \"咳嗽三周\"", "\"valueBoolean\": true", .missing, "\(request).extension[0]"),
        FHIRFault(
            "\"reasonCode\"",
            #""category": [{"coding": [{"system": "urn:consilium:service-kind", "code": "surgery"}]}], "reasonCode""#,
            .unknownCode,
            "\(request).category[0].coding[0].code"
        ),
        FHIRFault(
            "\"resourceType\": \"ServiceRequest\"",
            "\"resourceType\": \"Basic\"",
            .invalidValue,
            "Bundle.entry[1].request.url"
        ),
        // What hangs on it
        FHIRFault(
            "Practitioner/dr-1",
            "Practitioner/dr-2",
            .danglingReference,
            "Bundle.entry[2].resource.practitioner.reference"
        ),
        FHIRFault("\"TOWN-01\"", "\"TOWN/01\"", .invalidValue, "Bundle.entry[4].resource.identifier[0].value"),
        FHIRFault(
            "\"code\": {\"coding\": [{\"system\": \"http://hl7.org/fhir/sid/icd-10\"",
            #""verificationStatus": {"coding": [{"code": "refuted"}]}, "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10""#,
            .invalidValue,
            "Bundle.entry[5].resource.verificationStatus.coding[0].code"
        ),
        FHIRFault(
            "\"id\": \"c1\",\n        \"subject\"",
            "\"id\": \"c1\", \"sujet\"",
            .missing,
            "Bundle.entry[5].resource.subject"
        ),
        FHIRFault("\"active\",\n        \"scope\"", "\"agreed\", \"scope\"", .unknownCode, "\(consent).status"),
        FHIRFault(
            "\"active\",\n        \"scope\"",
            "\"entered-in-error\", \"scope\"",
            .invalidValue,
            "\(consent).status"
        ),
        FHIRFault("\"scope\": {\"coding\"", "\"scop\": {\"coding\"", .missing, "\(consent).scope"),
        FHIRFault("\"code\": \"written\"", "\"code\": \"oral\"", .unknownCode, "\(consent).policyRule.coding[0].code"),
        FHIRFault("\"permit\"", "\"deny\"", .invalidValue, "\(consent).provision.type"),
        FHIRFault(
            "{\"reference\": \"Organization/COUNTY-01\"}}",
            "{\"display\": \"somewhere\"}}",
            .invalidValue,
            "\(consent).provision.actor[0].reference"
        ),
        FHIRFault("\"current\"", "\"superseded\"", .invalidValue, "Bundle.entry[7].resource.status"),
        FHIRFault(
            "00000000000c\", \"title\"",
            "00000000000d\", \"title\"",
            .danglingReference,
            "Bundle.entry[7].resource.content[0].attachment.url"
        ),
        FHIRFault("\"c2ludXM=\"", "\"c2ludXM\"", .invalidValue, "Bundle.entry[8].resource.data"),
        FHIRFault(", \"data\": \"c2ludXM=\"", "", .missing, "Bundle.entry[8].resource.data"),
    ]

    @Test("Each fault is refused where it stands", arguments: faults)
    func fault(_ fault: FHIRFault) {
        do throws(FormatError) {
            _ = try FHIRBundleSample.decode([(fault.find, fault.replace)])
            Issue.record("taken")
        } catch {
            #expect(error == FormatError(fault.code, at: fault.location, ""))
            #expect(!error.message.contains("王") && !error.message.contains("110101"))
        }
    }

    @Test("Every code of a format error is reached by some fault or test of the reader")
    func codes() {
        let reached = Set(Self.faults.map(\.code)).union([.tooLong, .tooDeep, .undecodable])
        #expect(reached == Set(FormatError.Code.allCases))
    }

    @Test(
        "A transaction that carries a second act is refused",
        arguments: [
            ("ServiceRequest", "POST", "ServiceRequest"), ("Task", "POST", "Task"),
            ("Task", "PUT", "Task/\(FHIRSample.caseID)-o1"), ("DiagnosticReport", "POST", "DiagnosticReport"),
            ("Provenance", "POST", "Provenance"),
        ]
    )
    func secondAct(type: String, method: String, url: String) {
        let entry =
            #",{"resource": {"resourceType": "\#(type)"}, "request": {"method": "\#(method)", "url": "\#(url)"}}]}"#
        var text = FHIRBundleSample.text
        while text.last != "]" { text.removeLast() }
        text.removeLast()
        let body = Array((text + entry).utf8)
        let expected = FormatError(.unsupportedEvent, at: "Bundle.entry[9].resource", "")
        #expect(
            fails(expected) { () throws(FormatError) in
                _ = try FHIRAdapter.decodeBundle(body, profile: FHIRBundleSample.profile)
            }
        )
    }

    @Test("A Condition about another patient is refused")
    func otherPatient() {
        let other =
            #"{"resource": {"resourceType": "Patient", "id": "p2"}, "request": {"method": "POST", "url": "Patient"}},"#
        let edits = [
            ("\"entry\": [", "\"entry\": [" + other),
            (
                "\"id\": \"c1\",\n        \"subject\": {\"reference\": \"urn:uuid:5f1e3c40-0000-4000-8000-00000000000a\"}",
                "\"id\": \"c1\", \"subject\": {\"reference\": \"Patient/p2\"}"
            ),
        ]
        #expect(
            fails(FormatError(.invalidValue, at: "Bundle.entry[6].resource.subject", "")) { () throws(FormatError) in
                _ = try FHIRBundleSample.decode(edits)
            }
        )
    }

    @Test("A message beyond the limits is refused")
    func limits() {
        var limits = JSONLimits()
        limits.nodes = 50
        let location: String? = {
            do throws(FormatError) {
                _ = try FHIRAdapter.decodeBundle(
                    Array(FHIRBundleSample.text.utf8),
                    profile: FHIRBundleSample.profile,
                    limits: limits
                )
                return nil
            } catch {
                return error.code.rawValue
            }
        }()
        #expect(location == "too-long")
    }

    @Test("Types that cannot be created or updated are refused", arguments: ["Observation", "Patient", "Photo"])
    func otherTypes(type: String) {
        let body = Array(#"{"resourceType": "\#(type)", "id": "\#(FHIRSample.caseID)-p"}"#.utf8)
        let expected: FormatError.Code = type == "Photo" ? .unsupportedType : .unsupportedEvent
        for isUpdate in [false, true] {
            do throws(FormatError) {
                if isUpdate {
                    let id = "\(FHIRSample.caseID)-p"
                    _ = try FHIRAdapter.decodeUpdate(type: type, id: id, body, profile: FHIRBundleSample.profile)
                } else {
                    _ = try FHIRAdapter.decodeCreate(type: type, body, profile: FHIRBundleSample.profile)
                }
                Issue.record("taken")
            } catch {
                #expect(error.code == expected)
            }
        }
    }

    @Test("A body of another type, or with another id, than the address is refused")
    func address() {
        let body = Array(#"{"resourceType": "Task", "id": "x", "status": "accepted", "intent": "order"}"#.utf8)
        #expect(
            fails(FormatError(.unsupportedType, at: "Task.resourceType", "")) { () throws(FormatError) in
                _ = try FHIRAdapter.decodeUpdate(type: "Consent", id: "x", body, profile: FHIRBundleSample.profile)
            }
        )
        #expect(
            fails(FormatError(.invalidValue, at: "Task.id", "")) { () throws(FormatError) in
                _ = try FHIRAdapter.decodeUpdate(type: "Task", id: "y", body, profile: FHIRBundleSample.profile)
            }
        )
        #expect(
            fails(FormatError(.danglingReference, at: "Task.id", "")) { () throws(FormatError) in
                _ = try FHIRAdapter.decodeUpdate(type: "Task", id: "x", body, profile: FHIRBundleSample.profile)
            }
        )
    }
}
