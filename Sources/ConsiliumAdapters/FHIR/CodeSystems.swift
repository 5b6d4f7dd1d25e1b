import ConsiliumCore

/// Identifiers of the code systems, naming systems and extensions that this network reads and writes.
///
/// `urn:oid:2.16.156.10011.…` are those of WS/T 500 documents (DOMAIN.md section 4), `urn:consilium:…` our own.
package enum FHIRSystem {
    // Naming systems of identifiers
    package static let citizenID = "urn:oid:2.16.156.10011.1.3"
    package static let staff = "urn:oid:2.16.156.10011.1.4"
    package static let institution = "urn:oid:2.16.156.10011.1.5"
    package static let inpatientNumber = "urn:oid:2.16.156.10011.1.12"
    package static let medicalRecordNumber = "urn:consilium:medical-record-number"
    package static let otherIdentifier = "urn:consilium:other-identifier"
    package static let site = "urn:consilium:site"
    package static let message = "urn:consilium:message"
    package static let consentReference = "urn:consilium:consent-reference"

    // Code systems of China and of HL7
    package static let icd10China = "urn:oid:2.16.156.10011.2.3.3.11"
    package static let icd10 = "http://hl7.org/fhir/sid/icd-10"
    package static let identifierType = "http://terminology.hl7.org/CodeSystem/v2-0203"
    package static let taskCode = "http://hl7.org/fhir/CodeSystem/task-code"
    package static let actCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    package static let participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    package static let observationValue = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
    package static let consentScope = "http://terminology.hl7.org/CodeSystem/consentscope"
    package static let consentCategory = "http://terminology.hl7.org/CodeSystem/consentcategorycodes"
    package static let locationType = "http://terminology.hl7.org/CodeSystem/location-physical-type"
    package static let provenanceAgent = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    package static let allergyStatus = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
    package static let loinc = "http://loinc.org"
    package static let signatureType = "urn:iso-astm:E1762-95:2013"

    // Code systems of this network
    package static let department = "urn:consilium:department"
    package static let serviceKind = "urn:consilium:service-kind"
    package static let consentBasis = "urn:consilium:consent-basis"
    package static let declineReason = "urn:consilium:decline-reason"
    package static let cancelReason = "urn:consilium:cancel-reason"
    package static let failureReason = "urn:consilium:failure-reason"
    package static let notAdoptedReason = "urn:consilium:not-adopted-reason"
    package static let unroutableReason = "urn:consilium:unroutable-reason"
    package static let gap = "urn:consilium:gap"
    package static let businessStatus = "urn:consilium:business-status"
    package static let taskKind = "urn:consilium:task-kind"
    package static let taskOutput = "urn:consilium:task-output"
    package static let closureDecision = "urn:consilium:closure-decision"
    package static let refusal = "urn:consilium:refusal"
    package static let formatError = "urn:consilium:format-error"
    package static let institutionClass = "urn:consilium:institution-class"
    package static let tier = "urn:consilium:tier"

    static let ownPrefix = "urn:consilium:"

    /// Systems whose codes are ICD-10.
    static let diagnosis: Set<String> = [
        icd10China, icd10, "http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.3",
        "urn:oid:2.16.840.1.113883.6.90",
    ]
}

/// Extensions, by `url`. What R4 has no element for stands there.
enum FHIRExtension {
    // ServiceRequest
    static let summary = "urn:consilium:summary"
    static let purpose = "urn:consilium:purpose"
    static let examinations = "urn:consilium:examinations"
    static let treatment = "urn:consilium:treatment"
    // Patient
    static let age = "urn:consilium:age"
    static let medicalAssistance = "urn:consilium:medical-assistance"
    // Consent
    static let consentState = "urn:consilium:consent-state"
    static let feeTold = "urn:consilium:fee-told"
    static let anyMember = "urn:consilium:any-member"
    // DiagnosticReport
    static let findings = "urn:consilium:findings"
    static let recommendation = "urn:consilium:recommendation"
    static let disposition = "urn:consilium:disposition"
    static let appropriateTier = "urn:consilium:appropriate-tier"
    static let followUpDate = "urn:consilium:follow-up-date"
    // Provenance.signature
    static let signatureKind = "urn:consilium:signature-kind"
    // Attachment
    static let sha256 = "urn:consilium:sha-256"

    static let dataAbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    static let translation = "http://hl7.org/fhir/StructureDefinition/translation"
}

extension Sex {
    /// R4 `administrative-gender` for a code of GB/T 2261.1.
    var administrativeGender: String {
        switch self {
        case .male: "male"
        case .female: "female"
        case .unknown: "unknown"
        case .notStated: "other"
        }
    }

    init?(administrativeGender code: String) {
        switch code {
        case "male": self = .male
        case "female": self = .female
        case "unknown": self = .unknown
        case "other": self = .notStated
        default: return nil
        }
    }
}
