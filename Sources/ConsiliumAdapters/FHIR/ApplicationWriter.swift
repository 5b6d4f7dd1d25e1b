import ConsiliumCore

/// Writes an application as resources: the reverse of `ApplicationReader`.
///
/// What the hub has no address for (doctor, diagnosis, encounter, allergies) is contained in the ServiceRequest.
struct ApplicationWriter {
    var application: Application
    /// The requesting site's `Organization/SITE`; nil: it is known and not written.
    var organization: String?
    /// The address of the Patient.
    var patient: String

    private subscript(_ element: Element) -> String? { application[element] }

    // MARK: Patient

    func patient(_ json: inout JSONWriter, _ header: ResourceHeader) {
        json.object { json in
            header.write("Patient", &json)
            json.extensions(self[.patientAge] != nil || self[.medicalAssistance] != nil) { json in
                json.extensionText(FHIRExtension.age, self[.patientAge])
                json.extensionFlag(FHIRExtension.medicalAssistance, self[.medicalAssistance].map { $0 == "yes" })
            }
            if Element.identifiers.contains(where: { self[$0] != nil }) {
                json.array("identifier") { json in
                    json.identifier(FHIRSystem.citizenID, self[.citizenID], type: "NI")
                    json.identifier(FHIRSystem.medicalRecordNumber, self[.medicalRecordNumber], type: "MR")
                    json.identifier(FHIRSystem.inpatientNumber, self[.inpatientNumber], type: "VN")
                    json.identifier(FHIRSystem.otherIdentifier, self[.otherIdentifier])
                }
            }
            json.personName(self[.patientName])
            json.telephone(self[.patientTelephone])
            json.field("gender", self[.patientSex].flatMap(Sex.init(rawValue:))?.administrativeGender)
            json.field("birthDate", self[.patientBirthDate])
            if let address = self[.patientAddress] {
                json.array("address") { json in
                    json.object { json in json.field("text", address) }
                }
            }
        }
    }

    // MARK: ServiceRequest

    /// The members of a ServiceRequest that come from the application; `status` and header are the caller's.
    func serviceRequest(_ json: inout JSONWriter) {
        contained(&json)
        json.extensions([.summary, .purpose, .examinations, .treatment].contains { self[$0] != nil }) { json in
            json.extensionText(FHIRExtension.summary, self[.summary])
            json.extensionText(FHIRExtension.purpose, self[.purpose])
            json.extensionText(FHIRExtension.examinations, self[.examinations])
            json.extensionText(FHIRExtension.treatment, self[.treatment])
        }
        if let number = self[.requestNumber] {
            json.array("identifier") { json in
                json.object { json in
                    json.concept("type", FHIRSystem.identifierType, "PLAC")
                    json.field("value", number)
                    if let organization { json.reference("assigner", organization) }
                }
            }
        }
        json.field("intent", "order")
        if let kind = self[.serviceKind] {
            json.array("category") { json in
                json.object { json in json.conceptBody(FHIRSystem.serviceKind, kind) }
            }
        }
        json.field("priority", self[.priority])
        json.reference("subject", patient)
        if hasEncounter { json.reference("encounter", "#encounter") }
        json.field("occurrenceDateTime", self[.preferredTime])
        json.field("authoredOn", self[.authoredOn])
        requester(&json)
        department("performerType", &json, .wantedDepartment, .wantedDepartmentText)
        performers(&json)
        if let reason = self[.reason] {
            json.array("reasonCode") { json in
                json.object { json in json.field("text", reason) }
            }
        }
        if hasDiagnosis || self[.otherDiagnoses] != nil {
            json.array("reasonReference") { json in
                if hasDiagnosis { json.object { json in json.field("reference", "#diagnosis") } }
                if self[.otherDiagnoses] != nil {
                    json.object { json in json.field("reference", "#other-diagnoses") }
                }
            }
        }
        if self[.allergies] != nil {
            json.array("supportingInfo") { json in
                json.object { json in json.field("reference", "#allergies") }
            }
        }
        json.note(self[.note])
    }

    private func requester(_ json: inout JSONWriter) {
        if hasRole {
            json.reference("requester", "#requester", display: self[.requesterDoctor])
        } else if let organization {
            json.reference("requester", organization, display: self[.requesterInstitution])
        }
    }

    private func performers(_ json: inout JSONWriter) {
        guard self[.wantedSite] != nil || self[.wantedExpert] != nil else { return }
        json.array("performer") { json in
            if let site = self[.wantedSite] {
                json.object { json in json.field("reference", "Organization/\(site)") }
            }
            if self[.wantedExpert] != nil { json.object { json in json.field("reference", "#expert") } }
        }
    }

    private func department(_ name: StaticString, _ json: inout JSONWriter, _ code: Element, _ text: Element) {
        guard self[code] != nil || self[text] != nil else { return }
        json.object(name) { json in departmentBody(&json, code, text) }
    }

    private func departmentBody(_ json: inout JSONWriter, _ code: Element, _ text: Element) {
        if let digits = self[code] {
            let display = DepartmentCode(digits)?.name
            json.conceptBody(FHIRSystem.department, digits, display: display, text: self[text])
        } else {
            json.field("text", self[text])
        }
    }

    // MARK: Contained

    private var hasRole: Bool {
        [.requesterDoctor, .requesterLicence, .requesterTelephone, .requesterDepartment, .requesterDepartmentText]
            .contains { self[$0] != nil }
    }
    private var hasDiagnosis: Bool { self[.diagnosisName] != nil || self[.diagnosisCode] != nil }
    private var hasEncounter: Bool { self[.ward] != nil || self[.bed] != nil || self[.admittedOn] != nil }

    private func contained(_ json: inout JSONWriter) {
        guard
            hasRole || hasDiagnosis || hasEncounter || self[.wantedExpert] != nil || self[.otherDiagnoses] != nil
                || self[.allergies] != nil
        else { return }
        json.array("contained") { json in
            if hasRole { role(&json) }
            if let expert = self[.wantedExpert] {
                json.object { json in
                    ResourceHeader.local("expert").write("Practitioner", &json)
                    json.personName(expert)
                }
            }
            if hasDiagnosis { condition(&json, "diagnosis", name: self[.diagnosisName], code: self[.diagnosisCode]) }
            if let others = self[.otherDiagnoses] { condition(&json, "other-diagnoses", name: others, code: nil) }
            if hasEncounter { encounter(&json) }
            if let allergies = self[.allergies] {
                json.object { json in
                    ResourceHeader.local("allergies").write("AllergyIntolerance", &json)
                    // What an application states holds now; R4 asks to say so (invariant ait-1).
                    json.concept("clinicalStatus", FHIRSystem.allergyStatus, "active")
                    json.object("code") { json in json.field("text", allergies) }
                    json.reference("patient", patient)
                }
            }
        }
    }

    private func role(_ json: inout JSONWriter) {
        let hasDoctor = self[.requesterDoctor] != nil || self[.requesterLicence] != nil
        if hasDoctor {
            json.object { json in
                ResourceHeader.local("doctor").write("Practitioner", &json)
                if let licence = self[.requesterLicence] {
                    json.array("identifier") { json in json.identifier(FHIRSystem.staff, licence) }
                }
                json.personName(self[.requesterDoctor])
            }
        }
        json.object { json in
            ResourceHeader.local("requester").write("PractitionerRole", &json)
            if hasDoctor { json.reference("practitioner", "#doctor") }
            if let organization {
                json.reference("organization", organization, display: self[.requesterInstitution])
            } else if let institution = self[.requesterInstitution] {
                json.object("organization") { json in json.field("display", institution) }
            }
            if self[.requesterDepartment] != nil || self[.requesterDepartmentText] != nil {
                json.array("specialty") { json in
                    json.object { json in departmentBody(&json, .requesterDepartment, .requesterDepartmentText) }
                }
            }
            json.telephone(self[.requesterTelephone])
        }
    }

    private func condition(_ json: inout JSONWriter, _ id: String, name: String?, code: String?) {
        json.object { json in
            ResourceHeader.local(id).write("Condition", &json)
            json.object("code") { json in
                if let code {
                    json.conceptBody(FHIRSystem.icd10China, code, text: name)
                } else {
                    json.field("text", name)
                }
            }
            json.reference("subject", patient)
        }
    }

    private func encounter(_ json: inout JSONWriter) {
        json.object { json in
            ResourceHeader.local("encounter").write("Encounter", &json)
            json.field("status", "in-progress")
            json.object("class") { json in json.coding(FHIRSystem.actCode, "IMP", "inpatient encounter") }
            json.reference("subject", patient)
            if let start = self[.admittedOn] { json.object("period") { json in json.field("start", start) } }
            guard self[.ward] != nil || self[.bed] != nil else { return }
            json.array("location") { json in
                place(&json, "wa", self[.ward])
                place(&json, "bd", self[.bed])
            }
        }
    }

    private func place(_ json: inout JSONWriter, _ type: String, _ name: String?) {
        guard let name else { return }
        json.object { json in
            json.object("location") { json in json.field("display", name) }
            json.concept("physicalType", FHIRSystem.locationType, type)
        }
    }
}
