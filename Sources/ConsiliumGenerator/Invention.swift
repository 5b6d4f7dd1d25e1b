import ConsiliumCore

/// Invented people and what is written about them. None of it is anybody's.
enum Invention {
    private static let families = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨"]
    private static let given = [
        "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞",
    ]
    private static let complaints = [
        "反复胸闷三天", "发热咳嗽五天", "头晕伴左侧肢体无力", "上腹痛一周", "双下肢水肿半月", "多饮多尿一月", "外伤后髋部疼痛", "血压控制不佳", "体检发现肺部结节", "呕吐腹泻两天",
    ]
    private static let reasons = ["诊断不明", "治疗效果欠佳", "需要专科意见", "影像结果需复核", "拟定手术方案"]
    private static let purposes = ["明确诊断", "指导治疗", "判断是否需要转诊"]
    private static let diagnoses = [
        ("I20.0", "不稳定型心绞痛"), ("J18.9", "肺炎"), ("I63.9", "脑梗死"), ("K29.7", "胃炎"), ("N18.9", "慢性肾病"),
        ("E11.9", "2型糖尿病"), ("S72.0", "股骨颈骨折"), ("I10", "高血压病"), ("R91", "肺部结节"), ("A09", "感染性腹泻"),
    ]
    private static let opinions = ["同意目前诊断", "建议完善检查后再议", "考虑合并感染", "建议调整用药", "病情稳定，可继续原方案"]
    private static let advice = ["继续目前治疗，一周后复查", "完善增强扫描", "监测血压血糖", "加用抗感染治疗", "建议专科随访"]

    static func name(_ chance: inout Chance) -> String {
        chance.pick(families) + chance.pick(given) + (chance.happens(600) ? chance.pick(given) : "")
    }

    /// The application of a case; the same for the same plan.
    static func application(_ plan: CasePlan) -> Application {
        var chance = Chance(seed: plan.seed, part: "application")
        let mark = plan.canary?.text
        var application = Application()
        let (code, diagnosis) = chance.pick(diagnoses)
        let patient = name(&chance)
        application[.patientName] = mark.map { "\(patient)\($0)" } ?? patient
        application[.patientSex] = plan.sex.rawValue
        application[.patientBirthDate] = plan.birthDate
        application[.medicalRecordNumber] = mark.map { "M-\($0)" } ?? "M\(chance.below(10_000_000))"
        application[.citizenID] =
            mark.map { "C-\($0)" }
            ?? "99\(padded(chance.below(10_000), 4))\(plan.birthDate.filter { $0 != "-" })\(padded(chance.below(10_000), 4))"
        application[.patientTelephone] = mark.map { "T-\($0)" } ?? "0990\(padded(chance.below(10_000_000), 7))"
        application[.medicalAssistance] = plan.medicalAssistance.map { $0 ? "yes" : "no" }
        application[.requestNumber] = mark.map { "HZ-\($0)" } ?? "HZ-\(plan.number)"
        application[.priority] = plan.priority.rawValue
        application[.serviceKind] = plan.department.service.rawValue
        application[.summary] = "\(chance.pick(complaints))。\(mark ?? "")"
        application[.reason] = "\(chance.pick(reasons))\(mark.map { " \($0)" } ?? "")"
        application[.purpose] = chance.pick(purposes)
        application[.diagnosisCode] = code
        application[.diagnosisName] = diagnosis
        application[.wantedDepartment] = plan.department.code.description
        application[.wantedDepartmentText] = plan.department.code.name
        application[.wantedSite] = plan.wantedSite?.description
        application[.requesterDoctor] = name(&chance)
        application[.requesterDepartmentText] = "内科"
        plan.consent.write(to: &application, plan)
        for element in plan.omitted { application[element] = nil }
        return application
    }

    /// What the requester mends when it is asked.
    static func mended(_ plan: CasePlan) -> Application {
        var whole = plan
        whole.omitted = []
        whole.consent = .written
        return application(whole)
    }

    static func report(_ verdict: Verdict, by doctor: Province.Doctor, at site: Site, _ plan: CasePlan, time: Instant)
        -> Report
    {
        var chance = Chance(seed: plan.seed, part: "report")
        let mark = plan.canary.map { " \($0.text)" } ?? ""
        let (code, diagnosis) = chance.pick(diagnoses)
        var report = Report()
        report[.opinion] = chance.pick(opinions) + mark
        report[.recommendation] = chance.pick(advice) + mark
        if chance.happens(700) { report[.findings] = chance.pick(complaints) + mark }
        report[.diagnosisName] = diagnosis
        report[.diagnosisCode] = code
        report[.disposition] = verdict.disposition?.rawValue
        report[.appropriateTier] = verdict.appropriateTier?.rawValue
        if verdict.disposition == .followUp { report[.followUpDate] = CivilTimeText.day(time + .days(14)) }
        report[.time] = time.iso8601
        report[.expert] = doctor.name
        report[.expertLicence] = doctor.licence
        report[.department] = plan.department.code.name
        if chance.happens(985) { report[.institution] = site.name }
        return report
    }

    /// A signed page as a file: an invented one.
    static func page(_ plan: CasePlan) -> Attachment {
        Attachment(
            title: "签名页",
            contentType: "text/plain",
            bytes: Array("generated signature page of request \(plan.number) \(plan.canary?.text ?? "")".utf8)
        )
    }

    static func note(_ text: String, _ plan: CasePlan) -> String { plan.canary.map { "\(text) \($0.text)" } ?? text }
}
