package import ConsiliumCore

extension HL7v2Adapter {
    /// RRI^I12 to the requester: at acceptance, at the last decline and at closing.
    ///
    /// MSA-2 repeats the control id of the original message; it stays empty for a case that came through another door.
    /// `from` is the hub's name (MSH-4).
    package static func answer(
        _ news: HL7v2News,
        _ record: CaseRecord,
        from facility: String,
        controlID: String,
        at time: Instant
    ) -> HL7v2Outbound {
        var frame = OutboundFrame(to: record.requester, from: facility, controlID: controlID, at: time)
        frame.header("RRI", "I12", structure: "RRI_I12")
        var msa = ER7Fields("MSA")
        msa[1] = .text("AA")
        if let original = record.originalControlID { msa[2] = .verbatim(original, limit: 250) }
        frame.writer.append(msa)
        let application = record.application ?? Application()
        var rf1 = ER7Fields("RF1")
        rf1[1] = .components([news.status.code, news.status.name, "HL70283"])
        rf1[2] = .components(OutboundFrame.priority(record.facts.priority))
        rf1[6] = .components([application[.requestNumber] ?? "", record.requester.id.description])
        rf1[7] = .text(String(frame.timestamp(time).prefix(8)))
        rf1[10] = .components(["", application[.reason] ?? ""])
        rf1[11] = .components([record.facts.id.description, OutboundFrame.application])
        frame.writer.append(rf1)
        frame.requestingProvider(application, record)
        if let performer = record.performer { frame.performingProvider(performer, record.facts) }
        frame.patient(application, of: record.requester)
        switch news {
        case .accepted: break
        case .declined(let reason): frame.note(1, reason, "RSN")
        case .closed(let reason): frame.note(1, reason, "RE")
        }
        return frame.finish()
    }

    /// ORU^R01 to the requester: the signed report, one OBX an element.
    ///
    /// nil when the record discloses no report.
    package static func report(
        _ record: CaseRecord,
        from facility: String,
        controlID: String,
        at time: Instant
    ) -> HL7v2Outbound? {
        guard let report = record.report else { return nil }
        var frame = OutboundFrame(to: record.requester, from: facility, controlID: controlID, at: time)
        frame.header("ORU", "R01", structure: "ORU_R01")
        let application = record.application ?? Application()
        frame.patient(application, of: record.requester)
        let placer = [application[.requestNumber] ?? "", record.requester.id.description]
        let filler = [record.facts.id.description, OutboundFrame.application]
        var orc = ER7Fields("ORC")
        orc[1] = .text("RE")
        orc[2] = .components(placer)
        orc[3] = .components(filler)
        orc[5] = .text("CM")
        frame.writer.append(orc)
        let status = record.facts.reportNumber > 1 ? "C" : "F"
        var obr = ER7Fields("OBR")
        obr[1] = .text("1")
        obr[2] = .components(placer)
        obr[3] = .components(filler)
        obr[4] = .components(["11488-4", "Consultation note", "LN"])
        let written = report[.time].flatMap { HL7Time.text(element: $0) } ?? frame.timestamp(time)
        obr[7] = .text(written)
        obr[22] = .text(written)
        obr[25] = .text(status)
        obr[32] = .subcomponents([
            [report[.expertLicence] ?? "", report[.expert] ?? ""], [], [], [report[.department] ?? ""], [], [],
            [report[.institution] ?? ""],
        ])
        frame.writer.append(obr)
        frame.findings(report, status)
        if let signature = signatureNote(record, report) { frame.note(1, signature, "SIG") }
        return frame.finish()
    }

    /// For people: that the report is signed, and where to verify it.
    private static func signatureNote(_ record: CaseRecord, _ report: Report) -> String? {
        guard record.signature != nil else { return nil }
        let doctor = [report[.expert], report[.expertLicence].map { "(\($0))" }].compactMap { $0 }
            .joined(separator: " ")
        return "已签名 signed by \(doctor), case \(record.facts.id)"
    }
}

extension OutboundFrame {
    fileprivate mutating func performingProvider(_ performer: Site, _ facts: Consultation) {
        var prd = ER7Fields("PRD")
        prd[1] = .components(["RT", "Referred to provider", "HL70286"])
        let offer = facts.offers.last { $0.place.site == performer.id }
        prd[4] = .components([offer?.department.name ?? "", "", "", performer.name])
        prd.set(5, performer.dutyTelephone.isEmpty ? nil : performer.dutyTelephone)
        prd[7] = .components([performer.id.description, "OI"])
        writer.append(prd)
    }

    fileprivate mutating func findings(_ report: Report, _ status: String) {
        var number = 0
        func next() -> Int {
            number += 1
            return number
        }
        for element in [ReportElement.opinion, .findings, .recommendation] {
            guard let text = report[element] else { continue }
            observation(next(), "TX", element.rawValue, ReportCodes.heading(element), .text(text), status: status)
        }
        if report[.diagnosisName] != nil || report[.diagnosisCode] != nil {
            let code = report[.diagnosisCode] ?? ""
            let value = ER7Value.components([code, report[.diagnosisName] ?? "", code.isEmpty ? "" : "I10"])
            let heading = ReportCodes.heading(.diagnosisName)
            observation(next(), codedType, ReportCodes.diagnosis, heading, value, status: status)
        }
        for element in [ReportElement.disposition, .appropriateTier] {
            guard let code = report[element] else { continue }
            let text = element == .disposition ? Disposition(rawValue: code).map(CodeTables.text(of:)) ?? "" : ""
            let value = ER7Value.components([code, text, ReferralReader.ownSystem])
            let heading = ReportCodes.heading(element)
            observation(next(), codedType, element.rawValue, heading, value, status: status)
        }
        if let day = report[.followUpDate].flatMap({ HL7Time.text(element: $0) }) {
            let heading = ReportCodes.heading(.followUpDate)
            observation(next(), "DT", ReportElement.followUpDate.rawValue, heading, .text(day), status: status)
        }
        for attachment in report.attachments { document(next(), attachment) }
    }
}
