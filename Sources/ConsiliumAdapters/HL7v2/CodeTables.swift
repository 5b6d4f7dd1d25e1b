import ConsiliumCore

/// The network's own readings of v2 codes, consulted after a site's profile.
enum CodeTables {
    /// ADAPTERS precedence table; `T…`, `C`, `P` and 紧急 stay unmapped on purpose: they go to the coordination office.
    static let priorities: [String: Priority] = [
        "S": .stat, "STAT": .stat, "特急": .stat, "急会诊": .stat, "急诊": .stat, "危急": .stat,
        "A": .asap, "ASAP": .asap, "加急": .asap,
        "U": .urgent, "URGENT": .urgent,
        "R": .routine, "ROUTINE": .routine, "普通": .routine, "普通会诊": .routine, "常规": .routine,
    ]

    /// HL7 table 0001 and what Chinese systems write, as GB/T 2261.1.
    static let sexes: [String: Sex] = [
        "M": .male, "F": .female, "U": .unknown, "O": .notStated, "A": .notStated, "N": .notStated,
        "男": .male, "女": .female, "男性": .male, "女性": .female, "未知": .unknown, "未说明": .notStated,
        "0": .unknown, "1": .male, "2": .female, "9": .notStated,
    ]

    /// HL7 table 0203 and Chinese names.
    static let identifierTypes: [String: Element] = [
        "NI": .citizenID, "NNCHN": .citizenID, "SFZ": .citizenID, "身份证": .citizenID, "身份证号": .citizenID,
        "居民身份证": .citizenID, "居民身份证号": .citizenID,
        "MR": .medicalRecordNumber, "MRN": .medicalRecordNumber, "PI": .medicalRecordNumber,
        "病历号": .medicalRecordNumber, "病案号": .medicalRecordNumber,
        "住院号": .inpatientNumber, "ZYH": .inpatientNumber,
    ]

    /// NTE-4; `1R` and `GR` are of HL7 table 0364, the Chinese words headings of a 会诊记录.
    static let noteTypes: [String: Element] = [
        "SUM": .summary, "PUR": .purpose, "RSN": .reason, "1R": .reason, "GR": .reason, "RE": .note, "TRT": .treatment,
        "EXM": .examinations,
        "病历摘要": .summary, "会诊目的": .purpose, "会诊原因": .reason, "诊疗经过": .treatment, "检查结果": .examinations,
    ]

    /// ZCN-1, CON-25 words and letters.
    static let consentBases: [String: ConsentBasis] = [
        "WRITTEN": .written, "W": .written, "书面": .written, "本人": .written,
        "GUARDIAN": .guardian, "G": .guardian, "监护人": .guardian,
        "KIN": .kin, "K": .kin, "近亲属": .kin, "家属": .kin,
        "EMERGENCY": .emergency, "E": .emergency, "紧急": .emergency, "急救": .emergency,
    ]

    /// HL7 table 0548, signatory's relationship to subject.
    static let consentRelations: [String: ConsentBasis] = [
        "1": .written, "2": .guardian, "3": .kin, "4": .guardian, "5": .guardian, "6": .emergency,
    ]

    static let declineReasons: [String: DeclineReason] = [
        "容量已满": .noCapacity, "超出范围": .outsideScope, "专家不在": .expertAbsent, "资料不全": .incompleteRecords,
        "超出诊疗范围": .outsideScope, "专家不在岗": .expertAbsent, "设备": .equipment, "设备所限": .equipment,
        "利益冲突": .conflictOfInterest,
        "其他": .other,
    ]

    static let decisions: [String: ClosureDecision] = ["采纳": .adopted, "部分采纳": .partly, "未采纳": .not, "不采纳": .not]

    static let notAdoptedReasons: [String: NotAdoptedReason] = [
        "本级无法实施": .notUsableAtThisTier, "患者不同意": .patientDeclined, "病情变化": .conditionChanged,
        "意见不一致": .disagreed, "太迟": .tooLate, "其他": .other,
    ]

    static let dispositions: [String: Disposition] = [
        "原地治疗": .manageAtOrigin, "就地治疗": .manageAtOrigin, "上转": .referUp, "下转": .referDown, "再次会诊": .reconsult,
        "随访": .followUp,
    ]

    /// The word that the hub itself writes beside a disposition's code.
    static func text(of disposition: Disposition) -> String {
        switch disposition {
        case .manageAtOrigin: "就地治疗"
        case .referUp: "上转"
        case .referDown: "下转"
        case .reconsult: "再次会诊"
        case .followUp: "随访"
        }
    }

    /// HL7 table 0281, kinds of referral: no department, although RF1-3 holds them.
    static let referralTypes: Set<String> = ["LAB", "MED", "PSY", "SKN", "RAD", "HH", "HOM"]

    /// Coding systems that mean 医疗机构诊疗科目.
    static let departmentSystems: Set<String> = ["CT08.00.002", "HQMS", "RC023", "99CON", "CONSILIUM"]

    /// What the hub itself writes.
    static let departmentSystem = "CT08.00.002"

    /// Names of the national table that mean one department only, with and without 专业 at the end.
    static let departmentNames: [String: String] = {
        var codes: [String: Set<String>] = [:]
        for (code, name) in DepartmentTable.names {
            codes[name, default: []].insert(code)
            if name.hasSuffix("专业") { codes[String(name.dropLast(2)), default: []].insert(code) }
        }
        return codes.compactMapValues { $0.count == 1 ? $0.first : nil }
    }()
}
