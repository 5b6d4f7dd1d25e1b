import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("A transaction Bundle as an application")
struct FHIRBundleTests {
    @Test("Entries, references and identifiers become elements")
    func elements() throws {
        let interaction = try FHIRBundleSample.decode()
        let application = try FHIRBundleSample.application()
        let expected: [Element: String] = [
            .patientName: "王小明", .patientSex: "1", .patientBirthDate: "1961-02-03",
            .citizenID: "110101196102030011", .medicalRecordNumber: "MR-77", .patientTelephone: "13800000000",
            .requestNumber: "HZ-1", .authoredOn: "2026-11-21T09:30:00+08:00", .priority: "urgent",
            .summary: "咳嗽三周", .purpose: "明确诊断", .reason: "诊断不明", .note: "家属陪同",
            .diagnosisName: "肺部感染", .diagnosisCode: "J98.414", .wantedDepartment: "0301",
            .wantedSite: "COUNTY-01", .requesterDoctor: "赵医生", .requesterLicence: "1411",
            .requesterInstitution: "某乡卫生院", .requesterDepartment: "03", .consentBasis: "written",
            .consentReference: "ZQ-88", .consentDate: "2026-11-21", .consentObtainedBy: "赵医生",
            .consentScope: "COUNTY-01",
        ]
        for element in Element.allCases { #expect(application[element] == expected[element], "\(element.rawValue)") }
        #expect(
            application.attachments == [Attachment(title: "ECG", contentType: "text/plain", bytes: Array("sinus".utf8))]
        )
        #expect(interaction.submission.messageID == "MSG-1")
        #expect(interaction.submission.statedSender == "urn:his:town")
        #expect(interaction.submission.statedSite == FHIRSample.township)
        #expect(interaction.ifNoneExist == "identifier=HZ-1")
        #expect(interaction.submission.lost == [])
        #expect(interaction.target == nil)
    }

    @Test("Without a priority the site's default is taken and said to be one")
    func defaultPriority() throws {
        var profile = ExchangeProfile(format: .fhir)
        profile.defaultPriority = .asap
        let interaction = try FHIRBundleSample.decode([("\"priority\": \"urgent\",", "")], profile: profile)
        #expect(interaction.submission.prioritySource == .defaulted)
        #expect(
            try FHIRBundleSample.application([("\"priority\": \"urgent\",", "")], profile: profile)[.priority] == "asap"
        )
    }

    @Test("A department in words only is unmapped, unless the site's code map knows it")
    func departmentText() throws {
        let edit = [
            (#"{"coding": [{"system": "urn:consilium:department", "code": "0301"}]}"#, #"{"text": "呼吸科"}"#)
        ]
        let interaction = try FHIRBundleSample.decode(edit)
        #expect(interaction.submission.departmentUnmapped)
        let application = try FHIRBundleSample.application(edit)
        #expect(application[.wantedDepartment] == nil)
        #expect(application[.wantedDepartmentText] == "呼吸科")
        var profile = ExchangeProfile(format: .fhir)
        profile.departments = ["呼吸科": "0301"]
        #expect(try FHIRBundleSample.application(edit, profile: profile)[.wantedDepartment] == "0301")
        #expect(try !FHIRBundleSample.decode(edit, profile: profile).submission.departmentUnmapped)
    }

    @Test("The department is also found in code and orderDetail, and may be absent")
    func departmentElsewhere() throws {
        let old = #""performerType": {"coding": [{"system": "urn:consilium:department", "code": "0301"}]}"#
        let concept = #"{"coding": [{"system": "urn:consilium:department", "code": "A03.04"}]}"#
        #expect(try FHIRBundleSample.application([(old, "\"code\": \(concept)")])[.wantedDepartment] == "0304")
        #expect(try FHIRBundleSample.application([(old, "\"orderDetail\": [\(concept)]")])[.wantedDepartment] == "0304")
        let none = try FHIRBundleSample.decode([(old + ",", "")])
        #expect(!none.submission.departmentUnmapped)
    }

    @Test("The local department code of a foreign system goes through the site's code map")
    func localDepartment() throws {
        var profile = ExchangeProfile(format: .fhir)
        profile.departments = ["HXK": "0301"]
        let edit = [
            (#"{"system": "urn:consilium:department", "code": "0301"}"#, #"{"system": "urn:his", "code": "HXK"}"#)
        ]
        #expect(try FHIRBundleSample.application(edit, profile: profile)[.wantedDepartment] == "0301")
        #expect(try FHIRBundleSample.application(edit)[.wantedDepartmentText] == "HXK")
    }

    @Test(
        "Names are joined the way they are written",
        arguments: [
            (#"{"text": "欧阳 修"}"#, "欧阳 修"), (#"{"family": "Smith", "given": ["John", "M."]}"#, "John M. Smith"),
            (#"{"family": "王", "given": ["小", "明"]}"#, "王小明"), (#"{"family": "Smith"}"#, "Smith"),
            (#"{"family": "Müller", "given": ["Hans"]}"#, "Hans Müller"), (#"{"given": ["小明"]}"#, "小明"),
        ]
    )
    func names(json: String, expected: String) throws {
        let edit = [(#"{"family": "王", "given": ["小明"]}"#, json)]
        #expect(try FHIRBundleSample.application(edit)[.patientName] == expected)
    }

    @Test("The official name is preferred")
    func officialName() throws {
        let edit = [
            (#"{"family": "王", "given": ["小明"]}"#, #"{"text": "小王"}, {"use": "official", "text": "王小明"}"#)
        ]
        #expect(try FHIRBundleSample.application(edit)[.patientName] == "王小明")
        #expect(try FHIRBundleSample.decode(edit).submission.lost.map(\.path) == ["Bundle.entry[0].resource.name[0]"])
    }

    @Test("A consent's state is left to its evidence, and stated where there is none")
    func consentState() throws {
        let noEvidence = [
            (#""identifier": [{"value": "ZQ-88"}],"#, ""),
            (#""policyRule": {"coding": [{"system": "urn:consilium:consent-basis", "code": "written"}]},"#, ""),
        ]
        #expect(try FHIRBundleSample.application()[.consentState] == nil)
        #expect(try FHIRBundleSample.application(noEvidence)[.consentState] == "given")
        let active = #""status": "active",\#n        "scope""#
        for (status, state) in [("proposed", "missing"), ("inactive", "withdrawn"), ("rejected", "withdrawn")] {
            let edit = [(active, #""status": "\#(status)", "scope""#)]
            #expect(try FHIRBundleSample.application(edit)[.consentState] == state)
        }
    }

    @Test("An emergency is also known by HL7's own code")
    func emergency() throws {
        let edit = [
            (
                #"{"system": "urn:consilium:consent-basis", "code": "written"}"#,
                #"{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMRGONLY"}"#
            )
        ]
        #expect(try FHIRBundleSample.application(edit)[.consentBasis] == "emergency")
    }

    @Test("A consent for any member says so")
    func anyMember() throws {
        let edit = [
            (
                #""type": "permit","#,
                #""extension": [{"url": "urn:consilium:any-member", "valueBoolean": true}], "type": "permit","#
            )
        ]
        #expect(try FHIRBundleSample.application(edit)[.consentScope] == "any")
    }

    @Test("Further Conditions are other diagnoses; the referenced one is the main")
    func diagnoses() throws {
        let other = """
            {"resource": {"resourceType": "Condition", "subject": {"reference": "urn:uuid:5f1e3c40-0000-4000-8000-00000000000a"},
            "code": {"text": "高血压"}}, "request": {"method": "POST", "url": "Condition"}},
            """
        let edit = [("\"entry\": [", "\"entry\": [" + other)]
        #expect(try FHIRBundleSample.application(edit)[.diagnosisName] == "肺部感染")
        #expect(try FHIRBundleSample.application(edit)[.otherDiagnoses] == "高血压")
    }

    @Test("What the network does not carry is lost by name, never silently")
    func lost() throws {
        let edits = [
            (#""gender": "male","#, #""gender": "male", "photo": [{"title": "x"}], "maritalStatus": {"text": "M"},"#),
            (#""reasonCode": [{"text": "诊断不明"}],"#, #""reasonCode": [{"text": "诊断不明"}], "quantityInteger": 2,"#),
            (
                "\"entry\": [",
                #""entry": [{"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}, "request": {"method": "POST", "url": "Observation"}},"#
            ),
        ]
        #expect(
            try FHIRBundleSample.decode(edits).submission.lost.map(\.path) == [
                "Bundle.entry[0].resource.status", "Bundle.entry[0].resource.code", "Bundle.entry[1].resource.photo[0]",
                "Bundle.entry[1].resource.maritalStatus", "Bundle.entry[2].resource.quantityInteger",
            ]
        )
    }

    @Test("Generated narrative is no loss, other narrative is")
    func narrative() throws {
        let text = #""text": {"status": "generated", "div": "<div>x</div>"}, "gender""#
        #expect(try FHIRBundleSample.decode([("\"gender\"", text)]).submission.lost == [])
        let additional = text.replacing("generated", with: "additional")
        #expect(
            try FHIRBundleSample.decode([("\"gender\"", additional)]).submission.lost.map(\.path)
                == ["Bundle.entry[0].resource.text"]
        )
    }

    @Test("A request alone may carry what belongs to it as contained resources")
    func contained() throws {
        let text = #"""
            {"resourceType": "ServiceRequest", "status": "active", "intent": "order",
             "contained": [
               {"resourceType": "Patient", "id": "p", "name": [{"text": "王小明"}], "gender": "other"},
               {"resourceType": "Practitioner", "id": "d", "name": [{"text": "赵医生"}]}],
             "identifier": [{"value": "X"}, {"type": {"coding": [{"code": "PLAC"}]}, "value": "HZ-2"}],
             "subject": {"reference": "#p"}, "requester": {"reference": "#d"}}
            """#
        let interaction = try FHIRAdapter.decodeCreate(
            type: "ServiceRequest",
            Array(text.utf8),
            profile: FHIRBundleSample.profile
        )
        guard case .application(let application) = interaction.submission.intent else {
            Issue.record("not an application")
            return
        }
        #expect(application[.patientName] == "王小明")
        #expect(application[.patientSex] == "9")
        #expect(application[.requesterDoctor] == "赵医生")
        #expect(application[.requestNumber] == "HZ-2")
        #expect(interaction.submission.messageID == nil)
        #expect(interaction.submission.lost.map(\.path) == ["ServiceRequest.identifier[0]"])
    }

    @Test("The same bytes are taken as a message whatever the resource")
    func message() throws {
        let interaction = try FHIRAdapter.decodeMessage(
            Array(FHIRBundleSample.text.utf8),
            profile: FHIRBundleSample.profile
        )
        #expect(interaction.submission.messageID == "MSG-1")
    }

    @Test("Identifier types of the site's profile come first")
    func identifierTypes() throws {
        var profile = ExchangeProfile(format: .fhir)
        profile.identifierTypes = ["MR": Element.inpatientNumber.rawValue, "X": Element.patientName.rawValue]
        #expect(try FHIRBundleSample.application(profile: profile)[.inpatientNumber] == "MR-77")
    }
}
