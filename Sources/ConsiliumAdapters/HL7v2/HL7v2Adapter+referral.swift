package import ConsiliumCore

extension HL7v2Adapter {
    /// REF^I12 to a performer that speaks v2: the hub's MSH, the body of the request.
    ///
    /// Elements without an HL7 field travel as OBX with the element's name under coding system 99CON. `from` is the hub's
    /// name (MSH-4). nil when the record discloses no application.
    package static func referral(
        _ record: CaseRecord,
        to site: Site,
        from facility: String,
        controlID: String,
        at time: Instant
    ) -> HL7v2Outbound? {
        guard let application = record.application else { return nil }
        var frame = OutboundFrame(to: site, from: facility, controlID: controlID, at: time)
        frame.header("REF", "I12", structure: "REF_I12")
        frame.referral(application, record)
        frame.requestingProvider(application, record)
        frame.wantedProvider(application)
        frame.patient(application, of: record.requester)
        frame.diagnoses(application)
        frame.observations(application, record)
        frame.visit(application)
        frame.notes(application)
        frame.consent(application)
        return frame.finish()
    }
}

extension OutboundFrame {
    fileprivate mutating func referral(_ application: Application, _ record: CaseRecord) {
        var rf1 = ER7Fields("RF1")
        rf1[1] = .components(["P", "Pending", "HL70283"])
        rf1[2] = .components(Self.priority(application[.priority].flatMap(Priority.init(rawValue:)) ?? .routine))
        let named = application[.wantedDepartmentText] ?? ""
        if let department = application[.wantedDepartment].flatMap({ DepartmentCode($0) }) {
            // What the sender wrote stands second; the table's own name, where he wrote none, is the alternate text.
            let alternate = named.isEmpty ? department.name : ""
            rf1[3] = .components([department.description, named, CodeTables.departmentSystem, "", alternate])
        } else {
            rf1[3] = .components(["", named])
        }
        rf1[6] = .components([application[.requestNumber] ?? "", record.requester.id.description])
        rf1[7] = .text(String(timestamp(time).prefix(8)))
        rf1.set(9, application[.authoredOn].flatMap { HL7Time.text(element: $0) })
        rf1[10] = .components(["", application[.reason] ?? ""])
        rf1[11] = .components([record.facts.id.description, OutboundFrame.application])
        writer.append(rf1)
    }

    /// HL7 table 0280.
    static func priority(_ priority: Priority) -> [String] {
        switch priority {
        case .stat: ["S", "STAT", "HL70280"]
        case .asap: ["A", "ASAP", "HL70280"]
        case .urgent: ["U", "Urgent", "HL70280"]
        case .routine: ["R", "Routine", "HL70280"]
        }
    }

    mutating func requestingProvider(_ application: Application, _ record: CaseRecord) {
        var prd = ER7Fields("PRD")
        prd[1] = .components(["RP", "Referring provider", "HL70286"])
        prd.set(2, application[.requesterDoctor])
        prd[4] = .components([
            application[.requesterDepartmentText] ?? "", "", "",
            application[.requesterInstitution] ?? record.requester.name,
        ])
        prd.set(5, application[.requesterTelephone])
        prd.set(7, application[.requesterLicence])
        writer.append(prd)
    }

    fileprivate mutating func wantedProvider(_ application: Application) {
        guard application[.wantedExpert] != nil || application[.wantedSite] != nil else { return }
        var prd = ER7Fields("PRD")
        prd[1] = .components(["RT", "Referred to provider", "HL70286"])
        prd.set(2, application[.wantedExpert])
        if let site = application[.wantedSite] { prd[7] = .components([site, "OI"]) }
        writer.append(prd)
    }

    fileprivate mutating func diagnoses(_ application: Application) {
        let code = application[.diagnosisCode] ?? ""
        let name = application[.diagnosisName] ?? ""
        var number = 0
        // Without a main diagnosis the others would be read as it; they then travel as an observation.
        let others = code.isEmpty && name.isEmpty ? "" : application[.otherDiagnoses] ?? ""
        for parts in [[code, name, code.isEmpty ? "" : "I10"], ["", others]]
        where parts.contains(where: { !$0.isEmpty }) {
            number += 1
            var dg1 = ER7Fields("DG1")
            dg1[1] = .text(String(number))
            dg1[3] = .components(parts)
            writer.append(dg1)
        }
        if let allergies = application[.allergies] {
            var al1 = ER7Fields("AL1")
            al1[1] = .text("1")
            al1[3] = .components(["", allergies])
            writer.append(al1)
        }
    }

    /// Elements without a field of their own.
    private static let ownElements: [Element] = [
        .patientAge, .medicalAssistance, .examinations, .treatment, .preferredTime, .requesterDepartment,
        .consentState, .consentScope, .consentFeeTold,
    ]

    fileprivate mutating func observations(_ application: Application, _ record: CaseRecord) {
        var elements = Self.ownElements
        if application[.serviceKind] != ServiceKind.consultation.rawValue { elements.append(.serviceKind) }
        if application[.diagnosisName] == nil, application[.diagnosisCode] == nil { elements.append(.otherDiagnoses) }
        let filled = elements.filter { application[$0] != nil }
        guard !filled.isEmpty || !application.attachments.isEmpty else { return }
        var obr = ER7Fields("OBR")
        obr[1] = .text("1")
        obr[2] = .components([application[.requestNumber] ?? "", record.requester.id.description])
        obr[4] = .components(["11488-4", "Consultation note", "LN"])
        writer.append(obr)
        var number = 0
        for element in filled {
            number += 1
            observation(number, "TX", element.rawValue, "", .text(application[element] ?? ""))
        }
        for attachment in application.attachments {
            number += 1
            document(number, attachment)
        }
    }

    fileprivate mutating func visit(_ application: Application) {
        let isInpatient = [.inpatientNumber, .bed, .admittedOn].contains { application[$0] != nil }
        guard isInpatient || application[.ward] != nil || application[.requesterDepartmentText] != nil else { return }
        var pv1 = ER7Fields("PV1")
        pv1[1] = .text("1")
        pv1[2] = .text(isInpatient ? "I" : "O")
        pv1[3] = .components([application[.ward] ?? "", "", application[.bed] ?? ""])
        pv1.set(10, application[.requesterDepartmentText])
        pv1.set(19, application[.inpatientNumber])
        pv1.set(44, application[.admittedOn].flatMap { HL7Time.text(element: $0) })
        writer.append(pv1)
    }

    fileprivate mutating func notes(_ application: Application) {
        var number = 0
        for (element, type) in [(Element.summary, "SUM"), (.purpose, "PUR"), (.note, "RE")] {
            guard let text = application[element] else { continue }
            number += 1
            note(number, text, type)
        }
    }

    fileprivate mutating func consent(_ application: Application) {
        let basis = application[.consentBasis].flatMap { $0 == ConsentBasis.unknown.rawValue ? nil : $0 }
        let fields = [
            basis, application[.consentReference],
            application[.consentDate].flatMap { HL7Time.text(element: $0) }, application[.consentObtainedBy],
        ]
        guard fields.contains(where: { $0 != nil }) else { return }
        var zcn = ER7Fields("ZCN")
        for (index, text) in fields.enumerated() { zcn.set(index + 1, text) }
        writer.append(zcn)
    }
}
