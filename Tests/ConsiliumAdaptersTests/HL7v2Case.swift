import ConsiliumCore

/// A case for the writers to write from, made by deciding a submission as the hub does.
enum HL7v2Case {
    static let id = CaseID("01KEXAMP0E0000000000000000")!
    static let now = Instant(iso8601: "2026-01-15T09:40:00+08:00")!
    static let hub = "CJFH-HUB"

    private struct NoLoad: LoadTable {
        func load(of site: SiteID, department: DepartmentCode) -> Load { Load() }
    }

    static func site(_ id: String, _ name: String, _ tier: Tier, charset: String) -> Site {
        var site = Site(id: SiteID(id)!, name: name, tier: tier)
        site.region = "421125"
        site.dutyTelephone = "0713-5550120"
        site.departments = [DepartmentCode("0304")!: 2]
        site.mayAttest = true
        site.profile = ExchangeProfile(format: .hl7v2, charset: charset)
        site.profile.application = "HIS"
        return site
    }

    /// Everything an application can hold.
    static func fullApplication() -> Application {
        var application = Application()
        for (element, value) in [
            (Element.patientName, "李珅"), (.patientSex, "1"), (.patientBirthDate, "1958-11-03"), (.patientAge, "67"),
            (.citizenID, "421125195811030019"), (.medicalRecordNumber, "B00123"), (.inpatientNumber, "ZY2026-0088"),
            (.otherIdentifier, "医保-778"), (.patientTelephone, "13900001111"), (.patientAddress, "湖北省浠水县清泉镇東门街3号"),
            (.medicalAssistance, "yes"), (.ward, "内二病区"), (.bed, "12"), (.admittedOn, "2026-01-12T08:30:00+08:00"),
            (.requestNumber, "HZ20260115-001"), (.authoredOn, "2026-01-15T09:30:00+08:00"), (.priority, "asap"),
            (.serviceKind, "diagnosis-ECG"), (.summary, "胸痛3天|加重1天\n既往高血压^糖尿病 & \"\" \\F\\"),
            (.reason, "診断不明"), (.purpose, "明确诊断，指导治疗"), (.diagnosisName, "不稳定型心绞痛"),
            (.diagnosisCode, "I20.0"), (.otherDiagnoses, "I10 原发性高血压; E11.9 2型糖尿病"),
            (.examinations, "ECG: V1-V4 ST 压低 0.1mV\n肌钙蛋白 I 0.02 ng/mL"), (.treatment, "阿司匹林 100mg qd"),
            (.allergies, "青霉素 (皮疹)"), (.note, " 家属在场 "), (.wantedDepartment, "0304"),
            (.wantedDepartmentText, "心内科"), (.wantedSite, "110000001"), (.wantedExpert, "王昞"),
            (.preferredTime, "2026-01-15T15:00:00+08:00"), (.requesterInstitution, "清泉镇卫生院"),
            (.requesterDepartment, "03"), (.requesterDepartmentText, "内科"), (.requesterDoctor, "张無忌"),
            (.requesterLicence, "142421125000123"), (.requesterTelephone, "0713-4220011"), (.consentState, "given"),
            (.consentBasis, "kin"), (.consentReference, "GD-2026-17"), (.consentDate, "2026-01-15"),
            (.consentObtainedBy, "张無忌"), (.consentScope, "any"), (.consentFeeTold, "yes"),
        ] { application[element] = value }
        application.attachments = [
            Attachment(title: "心电图", contentType: "application/pdf", bytes: Array("%PDF-1.7 |^~\\&\r".utf8))
        ]
        return application
    }

    static func fullReport() -> Report {
        var report = Report()
        for (element, value) in [
            (ReportElement.opinion, "考虑急性冠脉综合征。\n建议双抗治疗 | 监测 ~ 心电图"), (.findings, "窦性心律^V1-V4 ST 压低"),
            (.diagnosisName, "急性冠脉综合征"), (.diagnosisCode, "I24.9"), (.recommendation, "48 小时内复查肌钙蛋白"),
            (.disposition, "manage-at-origin"), (.appropriateTier, "county"), (.followUpDate, "2026-01-22"),
            (.time, "2026-01-15T11:05:00+08:00"), (.expert, "王昞"), (.expertLicence, "110110000004567"),
            (.department, "心血管内科"), (.institution, "中日友好医院"),
        ] { report[element] = value }
        report.attachments = [
            Attachment(title: "签名页", contentType: "image/jpeg", bytes: [0xFF, 0xD8, 0, 13, 10, 0x7C])
        ]
        return report
    }

    /// A case as the ledger would open it: facts by the hub's own decision.
    static func record(_ application: Application = fullApplication(), charset: String = "GB18030") throws -> CaseRecord
    {
        let requester = site("421125001", "清泉镇卫生院", .primary, charset: charset)
        let performer = site("110000001", "中日友好医院", .national, charset: charset)
        var network = Network(name: "test")
        for (index, event) in [NetworkEvent.founded(name: "test"), .sitePut(requester), .sitePut(performer)]
            .enumerated()
        {
            network.evolve(event, sequence: index + 1, at: now)
        }
        let facts = try ApplicationFacts(
            application,
            of: Submission(intent: .application(application), format: .hl7v2),
            requester: requester,
            via: nil,
            requestKey: [2],
            digests: ElementDigests(),
            at: now
        )
        let actor = Actor(
            principal: Principal(site: requester.id, kind: .node, name: "engine"),
            site: requester.id,
            roles: [.requester]
        )
        let context = DecisionContext(now: now, actor: actor, network: network, loads: NoLoad())
        var state: Consultation?
        for (index, event) in try Consultation.decide(.submit(facts), on: nil, id: id, in: context).enumerated() {
            state = try Consultation.evolve(state, event, id: id, sequence: index + 1, at: now)
        }
        var record = CaseRecord(facts: state!, requester: requester)
        record.performer = performer
        record.application = application
        record.originalControlID = "MSG-77"
        return record
    }
}
