import ConsiliumAdapters
import ConsiliumCore

/// What the hospitals' systems write.
struct Messages {
    let sites: [Site]

    /// An application's elements, all of them writable in either format.
    static func application(_ number: String, site: Site, priority: Priority, consent: Bool, dice: inout Dice)
        -> Application
    {
        var application = Application()
        for (element, value) in [
            (Element.patientName, "李昞\(number)"), (.patientSex, "1"), (.patientBirthDate, "1958-11-03"),
            (.medicalRecordNumber, "B\(number)"), (.citizenID, "421125195811030019"), (.requestNumber, number),
            (.priority, priority.rawValue), (.summary, "胸痛三天 \(dice.below(1_000))"), (.reason, "诊断不明"),
            (.wantedDepartment, "0304"), (.wantedDepartmentText, "心血管内科"), (.requesterDoctor, "张三"),
            (.requesterDepartmentText, "内科"), (.diagnosisCode, "I20.0"), (.diagnosisName, "不稳定型心绞痛"),
        ] { application[element] = value }
        if consent {
            application[.consentBasis] = "kin"
            application[.consentReference] = "GD-\(number)"
            application[.consentDate] = "2026-03-01"
        }
        return application
    }

    private func header(_ type: String, from site: Site, id: String, at now: Instant) -> String {
        let charset = Charset(label: site.profile.charset) ?? .utf8
        let time = Self.time(now)
        return "MSH|^~\\&|HIS|\(site.id)|CONSILIUM|HUB|\(time)||\(type)|\(id)|P|2.5.1||||||\(charset.hl7Name)\r"
    }

    private func encode(_ text: String, for site: Site) -> [UInt8] {
        (Charset(label: site.profile.charset) ?? .utf8).bytes(of: text) ?? Array(text.utf8)
    }

    private static func segment(_ name: String, _ fields: [Int: String]) -> String {
        let last = fields.keys.max() ?? 0
        return name + (1...max(1, last)).map { "|" + (fields[$0] ?? "") }.joined() + "\r"
    }

    static func time(_ now: Instant) -> String {
        let t = CivilTime(now, offsetMinutes: 480)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(t.year)\(two(t.month))\(two(t.day))\(two(t.hour))\(two(t.minute))\(two(t.second))+0800"
    }

    /// REF^I12 as an old hospital system writes it.
    func referral(_ application: Application, from site: Site, id: String, at now: Instant) -> [UInt8] {
        let code = ["stat": "S", "asap": "A", "routine": "R"][application[.priority] ?? ""] ?? "R"
        func element(_ element: Element) -> String { application[element] ?? "" }
        let numbers = "\(element(.medicalRecordNumber))^^^\(site.id)^MR~\(element(.citizenID))^^^^NI"
        var text = header("REF^I12^REF_I12", from: site, id: id, at: now)
        text += Self.segment(
            "RF1",
            [
                1: "P", 2: "\(code)^^HL70280", 3: "0304^心血管内科^CT08.00.002", 6: element(.requestNumber),
                10: "^\(element(.reason))",
            ]
        )
        text += Self.segment("PRD", [1: "RP", 2: element(.requesterDoctor), 4: element(.requesterDepartmentText)])
        text += Self.segment("PID", [1: "1", 3: numbers, 5: element(.patientName), 7: "19581103", 8: "M"])
        text += Self.segment("DG1", [1: "1", 3: "\(element(.diagnosisCode))^\(element(.diagnosisName))^I10"])
        text += Self.segment("NTE", [1: "1", 2: "P", 3: element(.summary), 4: "SUM"])
        if application[.consentReference] != nil {
            text += Self.segment("ZCN", [1: "kin", 2: element(.consentReference), 3: "20260301", 4: "张三"])
        }
        return encode(text, for: site)
    }

    /// RRI^I12: RF1-1 `A` accepts, `R` declines.
    func decision(_ id: CaseID, accepts: Bool, from site: Site, message: String, at now: Instant) -> [UInt8] {
        var text = header("RRI^I12^RRI_I12", from: site, id: message, at: now)
        text += Self.segment("RF1", [1: accepts ? "A" : "R", 10: accepts ? "" : "no-capacity", 11: "\(id)^CONSILIUM"])
        return encode(text, for: site)
    }

    /// ORU^R01.
    func report(_ id: CaseID, from site: Site, message: String, at now: Instant) -> [UInt8] {
        var text = header("ORU^R01^ORU_R01", from: site, id: message, at: now)
        text += Self.segment("ORC", [1: "RE", 3: "\(id)^CONSILIUM", 5: "CM"])
        text += Self.segment(
            "OBR",
            [
                1: "1", 3: "\(id)^CONSILIUM", 4: "11488-4^Consultation note^LN", 22: Self.time(now), 25: "F",
                32: "420110000004567&王昞",
            ]
        )
        text += "OBX|1|TX|report.opinion^会诊意见^99CON||考虑不稳定型心绞痛||||||F\r"
        text += "OBX|2|CWE|report.disposition^处置^99CON||manage-at-origin^原地治疗^99CON||||||F\r"
        return encode(text, for: site)
    }

    /// ORM^O01: the requester's doctor has read the report.
    func closure(_ id: CaseID, from site: Site, message: String, at now: Instant) -> [UInt8] {
        var text = header("ORM^O01^ORM_O01", from: site, id: message, at: now)
        text += Self.segment("ORC", [1: "SC", 3: "\(id)^CONSILIUM", 5: "CM", 11: "421125000123^张三"])
        text += "NTE|1|P|adopted|DEC\r"
        return encode(text, for: site)
    }

    /// A receiving system's answer to what the hub delivers.
    static func acknowledgement(of controlID: String, accepts: Bool) -> [UInt8] {
        Array(
            "MSH|^~\\&|HIS|SITE|CONSILIUM|HUB|20260302090000||ACK|A\(controlID.suffix(8))|P|2.5.1\rMSA|\(accepts ? "AA" : "AE")|\(controlID)\r"
                .utf8
        )
    }

    static func signedReport(_ site: Site, at now: Instant) -> Act {
        var report = Report()
        report[.opinion] = "考虑不稳定型心绞痛，建议造影"
        report[.expert] = "王昞"
        report[.disposition] = Disposition.manageAtOrigin.rawValue
        report[.institution] = site.name
        let signature = Signature(kind: .site, doctor: "王昞", licence: "110110000004567", jws: nil, caseVersion: 0)
        return .report(report, signature)
    }
}
