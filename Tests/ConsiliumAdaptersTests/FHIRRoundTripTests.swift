import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("An application as a Bundle and back")
struct FHIRRoundTripTests {
    @Test("Every element survives, and nothing is reported lost")
    func everything() throws {
        let application = FHIRSample.application
        let bytes = FHIRAdapter.encodeBundle(application, site: FHIRSample.township, messageID: "M-1")
        let interaction = try FHIRAdapter.decodeBundle(bytes, profile: ExchangeProfile(format: .fhir))
        guard case .application(let read) = interaction.submission.intent else {
            Issue.record("not an application")
            return
        }
        for (element, value) in application.elements.sorted where read[element] != value {
            Issue.record("\(element.rawValue): \(value) came back as \(read[element] ?? "nothing")")
        }
        #expect(read == application)
        #expect(interaction.submission.lost.map(\.path) == [])
        #expect(interaction.submission.messageID == "M-1")
        #expect(interaction.submission.statedSender == "urn:consilium:message")
        #expect(interaction.submission.statedSite == FHIRSample.township)
        #expect(interaction.submission.prioritySource == .stated)
        #expect(!interaction.submission.departmentUnmapped)
        #expect(interaction.submission.format == .fhir)
    }

    @Test("Each element survives alone", arguments: Element.allCases)
    func alone(element: Element) throws {
        var application = Application()
        application[element] = FHIRSample.application[element]
        application[.priority] = application[.priority] ?? "routine"
        // Other diagnoses are other than a main one.
        if element == .otherDiagnoses { application[.diagnosisName] = "肺部感染" }
        let bytes = FHIRAdapter.encodeBundle(application, site: FHIRSample.township, messageID: "M-1")
        let interaction = try FHIRAdapter.decodeBundle(bytes, profile: ExchangeProfile(format: .fhir))
        guard case .application(var read) = interaction.submission.intent else {
            Issue.record("not an application")
            return
        }
        // A consent page that states nothing else is consent given.
        if Element.consent.contains(element), element != .consentState { read[.consentState] = nil }
        #expect(read == application)
        #expect(interaction.submission.lost.map(\.path) == [])
    }
}

enum FHIRSample {
    static let township = SiteID("TOWN-01")!
    static let county = SiteID("COUNTY-01")!
    static let caseID = CaseID(high: 0x0199_AAAA_BBBB_CCCC, low: 0x1234_5678_9ABC_DEF0)

    static var application: Application {
        var application = Application()
        let values: [Element: String] = [
            .patientName: "王小明", .patientSex: "1", .patientBirthDate: "1961-02-03", .patientAge: "65",
            .citizenID: "110101196102030011", .medicalRecordNumber: "MR-77", .inpatientNumber: "ZY-2026-9",
            .otherIdentifier: "X\"1\\", .patientTelephone: "13800000000", .patientAddress: "河北省 某县 某乡",
            .medicalAssistance: "no", .ward: "内一病区", .bed: "12", .admittedOn: "2026-11-20",
            .requestNumber: "HZ20261121001", .authoredOn: "2026-11-21T09:30:00+08:00", .priority: "urgent",
            .serviceKind: "diagnosis-imaging", .summary: "咳嗽三周\n伴低热", .reason: "诊断不明", .purpose: "明确诊断",
            .diagnosisName: "肺部感染", .diagnosisCode: "J98.414", .otherDiagnoses: "高血压2级",
            .examinations: "胸部CT：右上肺阴影", .treatment: "头孢曲松 2.0 g qd", .allergies: "青霉素",
            .note: "家属陪同", .wantedDepartment: "0301", .wantedDepartmentText: "呼吸科", .wantedSite: "COUNTY-01",
            .wantedExpert: "李主任", .preferredTime: "2026-11-23T10:00:00+08:00", .requesterInstitution: "某乡卫生院",
            .requesterDepartment: "03", .requesterDepartmentText: "内科", .requesterDoctor: "赵医生",
            .requesterLicence: "141100000000001", .requesterTelephone: "0310-1234567", .consentState: "attested",
            .consentBasis: "written", .consentReference: "ZQ-88", .consentDate: "2026-11-21",
            .consentObtainedBy: "赵医生", .consentScope: "COUNTY-01,CITY-01", .consentFeeTold: "yes",
        ]
        for (element, value) in values { application[element] = value }
        application.attachments = [
            Attachment(title: "ECG", contentType: "application/pdf", bytes: Array("%PDF-1.4 x".utf8)),
            Attachment(title: "化验单", contentType: "text/plain", bytes: Array("白细胞 11.2".utf8)),
        ]
        return application
    }
}
