import ConsiliumCore

extension FHIRAdapter {
    /// The FHIRPath of the place that holds an element, for `OperationOutcome.issue.expression`.
    static func expression(for element: Element) -> String {
        switch element {
        case .patientName: "Patient.name"
        case .patientSex: "Patient.gender"
        case .patientBirthDate: "Patient.birthDate"
        case .patientAge: patientExtension(FHIRExtension.age)
        case .citizenID: identifier(FHIRSystem.citizenID)
        case .medicalRecordNumber: identifier(FHIRSystem.medicalRecordNumber)
        case .inpatientNumber: identifier(FHIRSystem.inpatientNumber)
        case .otherIdentifier: "Patient.identifier"
        case .patientTelephone: "Patient.telecom"
        case .patientAddress: "Patient.address"
        case .medicalAssistance: patientExtension(FHIRExtension.medicalAssistance)
        case .ward, .bed: "Encounter.location"
        case .admittedOn: "Encounter.period.start"
        case .requestNumber: "ServiceRequest.identifier"
        case .authoredOn: "ServiceRequest.authoredOn"
        case .priority: "ServiceRequest.priority"
        case .serviceKind: "ServiceRequest.category"
        case .summary: requestExtension(FHIRExtension.summary)
        case .reason: "ServiceRequest.reasonCode"
        case .purpose: requestExtension(FHIRExtension.purpose)
        case .diagnosisName, .diagnosisCode: "Condition.code"
        case .otherDiagnoses: "ServiceRequest.reasonReference"
        case .examinations: requestExtension(FHIRExtension.examinations)
        case .treatment: requestExtension(FHIRExtension.treatment)
        case .allergies: "AllergyIntolerance.code"
        case .note: "ServiceRequest.note"
        case .wantedDepartment, .wantedDepartmentText: "ServiceRequest.performerType"
        case .wantedSite, .wantedExpert: "ServiceRequest.performer"
        case .preferredTime: "ServiceRequest.occurrence"
        case .requesterInstitution, .requesterDoctor: "ServiceRequest.requester"
        case .requesterDepartment, .requesterDepartmentText: "PractitionerRole.specialty"
        case .requesterLicence: "Practitioner.identifier"
        case .requesterTelephone: "PractitionerRole.telecom"
        case .consentState: "Consent.status"
        case .consentBasis: "Consent.policyRule"
        case .consentReference: "Consent.identifier"
        case .consentDate: "Consent.dateTime"
        case .consentObtainedBy: "Consent.performer"
        case .consentScope: "Consent.provision.actor"
        case .consentFeeTold: "Consent.extension('\(FHIRExtension.feeTold)')"
        }
    }

    private static func identifier(_ system: String) -> String { "Patient.identifier.where(system='\(system)')" }
    private static func patientExtension(_ url: String) -> String { "Patient.extension('\(url)')" }
    private static func requestExtension(_ url: String) -> String { "ServiceRequest.extension('\(url)')" }
}
