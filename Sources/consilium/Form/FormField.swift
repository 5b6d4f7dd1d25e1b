import ConsiliumCore

/// One line of a form: an element of DOMAIN.md section 4, what it means, and what may stand there.
struct FormField: Sendable {
    enum Need: Sendable {
        /// Without it the network refuses the request.
        case mandatory
        /// One of its group must be there.
        case oneOf
        /// Without it the request waits, or counts as incomplete.
        case expected
        case optional
    }

    enum Kind: Sendable {
        case line
        /// Several lines.
        case text
        /// `YYYY-MM-DD`, or a shorter prefix.
        case date
        /// A date that is not after today.
        case pastDate
        /// A citizen identity number (GB 11643-1999).
        case citizenID
        /// A day, or day and time.
        case time
        case number
        case code([Choice])
        case department
        /// An organisation code.
        case site
        /// `any`, or organisation codes separated by commas.
        case sites
    }

    struct Choice: Sendable {
        var code: String
        var meaning: Phrase
        /// Other spellings that mean the same.
        var synonyms: [String]

        init(_ code: String, _ en: String, _ zh: String, also synonyms: [String] = []) {
            self.code = code
            meaning = Phrase(en, zh)
            self.synonyms = synonyms
        }
    }

    /// The element's name: section and key, e.g. `patient.name`.
    var name: String
    var need: Need
    var kind: Kind
    var label: Phrase

    init(_ name: String, _ need: Need, _ kind: Kind, _ en: String, _ zh: String) {
        self.name = name
        self.need = need
        self.kind = kind
        label = Phrase(en, zh)
    }

    var section: Substring { name.prefix { $0 != "." } }
    var key: Substring { name.drop { $0 != "." }.dropFirst() }

    var choices: [Choice]? {
        if case .code(let choices) = kind { return choices }
        return nil
    }
}

/// A kind of form: its sections in order, and what is said above them.
struct FormKind: Sendable {
    var heading: Phrase
    var sections: [(name: String, title: Phrase)]
    var fields: [FormField]

    func field(_ name: String) -> FormField? { fields.first { $0.name == name } }
}

private let yesNo = [
    FormField.Choice("yes", "yes", "是", also: ["true", "是", "有", "y"]),
    FormField.Choice("no", "no", "否", also: ["false", "否", "无", "n"]),
]

extension FormKind {
    /// The application for a consultation (会诊申请单).
    static let application = FormKind(
        heading: Phrase(
            "Application for a consultation. Fill it in, save it, then: consilium submit FILE",
            "会诊申请单。填写并保存后运行：consilium submit 文件"
        ),
        sections: [
            ("patient", Phrase("The patient", "患者")), ("request", Phrase("The request", "申请内容")),
            ("requester", Phrase("Who asks", "申请方")), ("consent", Phrase("The patient's consent", "知情同意")),
        ],
        fields: patient + request + requester + consent
    )

    private static let patient: [FormField] = [
        .init(Element.patientName.rawValue, .oneOf, .line, "name", "姓名"),
        .init(
            Element.patientSex.rawValue,
            .expected,
            .code([
                .init("1", "male", "男", also: ["male", "m", "男", "男性"]),
                .init("2", "female", "女", also: ["female", "f", "女", "女性"]),
                .init("0", "unknown", "未知", also: ["unknown", "未知"]),
                .init("9", "not stated", "未说明", also: ["未说明"]),
            ]),
            "sex (GB/T 2261.1)",
            "性别（GB/T 2261.1）"
        ),
        .init(Element.patientBirthDate.rawValue, .expected, .date, "birth date, or fill in the age", "出生日期；不详时填年龄"),
        .init(Element.patientAge.rawValue, .optional, .number, "age in whole years", "年龄（周岁）"),
        .init(Element.citizenID.rawValue, .oneOf, .citizenID, "citizen identity number", "身份证号"),
        .init(Element.medicalRecordNumber.rawValue, .oneOf, .line, "medical record number", "病案号"),
        .init(Element.inpatientNumber.rawValue, .oneOf, .line, "inpatient number", "住院号"),
        .init(Element.otherIdentifier.rawValue, .optional, .line, "another identifier", "其他标识"),
        .init(Element.patientTelephone.rawValue, .optional, .line, "telephone", "联系电话"),
        .init(Element.patientAddress.rawValue, .optional, .line, "address", "住址"),
        .init(Element.medicalAssistance.rawValue, .optional, .code(yesNo), "cover by medical assistance", "是否享受医疗救助"),
        .init(Element.ward.rawValue, .optional, .line, "ward", "病区"),
        .init(Element.bed.rawValue, .optional, .line, "bed", "床号"),
        .init(Element.admittedOn.rawValue, .optional, .date, "day of admission", "入院日期"),
    ]

    private static let request: [FormField] = [
        .init(
            Element.requestNumber.rawValue,
            .mandatory,
            .line,
            "your own number of this request; the same number is always the same request",
            "本院申请单编号；同一编号始终是同一份申请"
        ),
        .init(
            Element.priority.rawValue,
            .expected,
            .code([
                .init("stat", "emergency, answered within minutes", "急会诊，数分钟内答复", also: ["急会诊", "特急", "紧急", "s"]),
                .init("asap", "accepted within an hour", "加急，一小时内接受", also: ["加急", "a"]),
                .init("urgent", "accepted within four working hours", "较急，四个工作小时内接受", also: ["较急"]),
                .init("routine", "accepted within a working day", "普通，一个工作日内接受", also: ["普通", "r"]),
            ]),
            "priority",
            "紧急程度"
        ),
        .init(
            Element.serviceKind.rawValue,
            .optional,
            .code([
                .init("consultation", "consultation", "会诊", also: ["会诊"]),
                .init("diagnosis-imaging", "imaging diagnosis", "影像诊断", also: ["影像诊断"]),
                .init("diagnosis-ECG", "ECG diagnosis", "心电诊断", also: ["心电诊断"]),
                .init("diagnosis-pathology", "pathology diagnosis", "病理诊断", also: ["病理诊断"]),
                .init("outpatient", "outpatient consultation", "远程门诊", also: ["远程门诊"]),
                .init("case-discussion", "case discussion", "病例讨论", also: ["病例讨论"]),
            ]),
            "kind of service; empty is consultation",
            "服务类型；空白即会诊"
        ),
        .init(Element.wantedDepartment.rawValue, .expected, .department, "department that is asked", "拟邀请科室代码"),
        .init(Element.summary.rawValue, .expected, .text, "summary of the record", "病历摘要"),
        .init(Element.reason.rawValue, .expected, .line, "reason for the consultation", "会诊原因"),
        .init(Element.purpose.rawValue, .expected, .line, "what you want to know", "会诊目的"),
        .init(Element.diagnosisName.rawValue, .expected, .line, "diagnosis", "初步诊断"),
        .init(Element.diagnosisCode.rawValue, .optional, .line, "diagnosis code, ICD-10", "诊断代码（ICD-10）"),
        .init(Element.otherDiagnoses.rawValue, .optional, .line, "other diagnoses", "其他诊断"),
        .init(Element.examinations.rawValue, .optional, .text, "results of examinations", "辅助检查结果"),
        .init(Element.treatment.rawValue, .optional, .text, "treatment so far", "治疗经过"),
        .init(Element.allergies.rawValue, .optional, .line, "allergies", "过敏史"),
        .init(Element.note.rawValue, .optional, .text, "remark", "备注"),
        .init(Element.wantedSite.rawValue, .optional, .site, "organisation code of a wanted hospital", "指定会诊机构代码"),
        .init(Element.wantedExpert.rawValue, .optional, .line, "wanted expert", "指定专家"),
        .init(Element.preferredTime.rawValue, .optional, .time, "preferred time", "希望的会诊时间"),
    ]

    private static let requester: [FormField] = [
        .init(Element.requesterDoctor.rawValue, .mandatory, .line, "doctor who asks", "申请医师"),
        .init(Element.requesterLicence.rawValue, .optional, .line, "licence number", "执业证书编号"),
        .init(Element.requesterDepartmentText.rawValue, .expected, .line, "department", "申请科室"),
        .init(Element.requesterInstitution.rawValue, .expected, .line, "institution", "申请机构"),
        .init(Element.requesterTelephone.rawValue, .optional, .line, "telephone", "联系电话"),
    ]

    /// How consent was given.
    static let consentBasis: [FormField.Choice] = [
        .init("written", "signed by the patient", "患者本人书面同意", also: ["本人书面"]),
        .init("guardian", "signed by the guardian", "监护人同意", also: ["监护人"]),
        .init("kin", "signed by the next of kin", "近亲属同意", also: ["近亲属"]),
        .init("emergency", "emergency; evidence is due within 24 hours", "紧急情况；24 小时内补交凭证", also: ["紧急"]),
    ]

    private static let consent: [FormField] = [
        .init(Element.consentBasis.rawValue, .expected, .code(consentBasis), "basis", "同意方式"),
        .init(
            Element.consentReference.rawValue,
            .expected,
            .line,
            "archive number of the signed page at your hospital",
            "同意书在本院的归档编号"
        ),
        .init(Element.consentDate.rawValue, .optional, .pastDate, "day on which it was given", "同意日期"),
        .init(Element.consentObtainedBy.rawValue, .optional, .line, "who obtained it", "告知人"),
        .init(
            Element.consentScope.rawValue,
            .optional,
            .sites,
            "who may see the case: any, or organisation codes separated by commas",
            "可查看的机构：any（任何成员），或以逗号分隔的机构代码"
        ),
        .init(Element.consentFeeTold.rawValue, .optional, .code(yesNo), "the fee was told", "是否已告知费用"),
    ]

    /// The expert's answer (会诊意见).
    static let report = FormKind(
        heading: Phrase(
            "Report of a consultation. Fill it in, save it, then: consilium report CASE --file FILE",
            "会诊意见。填写并保存后运行：consilium report 会诊编号 --file 文件"
        ),
        sections: [("report", Phrase("The report", "会诊意见"))],
        fields: [
            .init(ReportElement.opinion.rawValue, .mandatory, .text, "opinion", "会诊意见"),
            .init(
                ReportElement.disposition.rawValue,
                .expected,
                .code([
                    .init("manage-at-origin", "treat where the patient is", "就地治疗", also: ["就地治疗"]),
                    .init("refer-up", "refer to a higher tier", "上转", also: ["上转"]),
                    .init("refer-down", "refer to a lower tier", "下转", also: ["下转"]),
                    .init("re-consult", "consult again", "再次会诊", also: ["再次会诊"]),
                    .init("follow-up", "follow up", "随访", also: ["随访"]),
                ]),
                "disposition",
                "处置"
            ),
            .init(ReportElement.expert.rawValue, .mandatory, .line, "expert who signs", "签名专家"),
            .init(ReportElement.expertLicence.rawValue, .mandatory, .line, "licence number of the expert", "专家执业证书编号"),
            .init(ReportElement.department.rawValue, .optional, .line, "department", "会诊科室"),
            .init(ReportElement.institution.rawValue, .expected, .line, "institution", "会诊机构"),
            .init(ReportElement.findings.rawValue, .optional, .text, "findings", "所见"),
            .init(ReportElement.diagnosisName.rawValue, .optional, .line, "diagnosis", "诊断"),
            .init(ReportElement.diagnosisCode.rawValue, .optional, .line, "diagnosis code, ICD-10", "诊断代码（ICD-10）"),
            .init(ReportElement.recommendation.rawValue, .optional, .text, "recommendation", "建议"),
            .init(
                ReportElement.appropriateTier.rawValue,
                .optional,
                .code([
                    .init("primary", "primary care", "基层"), .init("county", "county", "县级"),
                    .init("municipal", "municipal", "市级"), .init("provincial", "provincial", "省级"),
                    .init("national", "national", "国家级"),
                ]),
                "lowest tier that could treat this patient",
                "能够诊治该患者的最低级别"
            ),
            .init(ReportElement.followUpDate.rawValue, .optional, .date, "day of the follow-up", "随访日期"),
        ]
    )
}
