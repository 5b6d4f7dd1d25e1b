import ConsiliumCore

/// HL7 table 0357, message error condition codes.
enum ErrorCondition: Int {
    case segmentSequence = 100
    case requiredFieldMissing = 101
    case dataType = 102
    case tableValueNotFound = 103
    case unsupportedMessageType = 200
    case unsupportedEvent = 201
    case unsupportedProcessingID = 202
    case unsupportedVersion = 203
    case unknownKey = 204
    case duplicateKey = 205
    case recordLocked = 206
    case internalError = 207

    var name: String {
        switch self {
        case .segmentSequence: "Segment sequence error"
        case .requiredFieldMissing: "Required field missing"
        case .dataType: "Data type error"
        case .tableValueNotFound: "Table value not found"
        case .unsupportedMessageType: "Unsupported message type"
        case .unsupportedEvent: "Unsupported event code"
        case .unsupportedProcessingID: "Unsupported processing id"
        case .unsupportedVersion: "Unsupported version id"
        case .unknownKey: "Unknown key identifier"
        case .duplicateKey: "Duplicate key identifier"
        case .recordLocked: "Application record locked"
        case .internalError: "Application internal error"
        }
    }
}

/// How an error is told in v2: AE for content, AR for type, version, processing id, rights and availability.
struct ErrorStatus {
    var acknowledgement: String
    var condition: ErrorCondition
    var location: ErrorLocation

    private init(_ acknowledgement: String, _ condition: ErrorCondition, at location: String) {
        self.acknowledgement = acknowledgement
        self.condition = condition
        self.location = ErrorLocation(location)
    }

    /// The one place that maps `FormatError.Code` to HL7 v2.
    init(_ error: FormatError) {
        let at = error.location
        switch error.code {
        case .unparsable: self.init("AR", .segmentSequence, at: at)
        case .undecodable: self.init("AR", .dataType, at: at)
        case .unsupportedType where at.hasPrefix("MSH-11"): self.init("AR", .unsupportedProcessingID, at: at)
        case .unsupportedType where at.hasPrefix("MSH-12"): self.init("AR", .unsupportedVersion, at: at)
        case .unsupportedType: self.init("AR", .unsupportedMessageType, at: at)
        case .unsupportedEvent: self.init("AR", .unsupportedEvent, at: at)
        case .missing where at.hasPrefix("MSH-9"): self.init("AR", .requiredFieldMissing, at: at)
        case .missing: self.init("AE", .requiredFieldMissing, at: at)
        case .invalidValue, .tooLong, .tooDeep: self.init("AE", .dataType, at: at)
        case .unknownCode: self.init("AE", .tableValueNotFound, at: at)
        case .duplicateKey: self.init("AE", .duplicateKey, at: at)
        case .danglingReference: self.init("AE", .unknownKey, at: at)
        }
    }

    /// The one place that maps `Refusal.Code` to HL7 v2.
    init(_ refusal: Refusal) {
        let place = refusal.place.flatMap(Self.field)
        switch refusal.code {
        case .missingIdentity: self.init("AE", .requiredFieldMissing, at: place ?? "PID-5")
        case .missingRequestNumber: self.init("AE", .requiredFieldMissing, at: place ?? "RF1-6")
        case .missingRequester: self.init("AE", .requiredFieldMissing, at: place ?? "PRD-2")
        case .unknownCode: self.init("AE", .tableValueNotFound, at: place ?? "")
        case .messageReused: self.init("AE", .duplicateKey, at: place ?? "MSH-10")
        case .amendmentTooLate: self.init("AE", .recordLocked, at: place ?? "RF1-6")
        case .otherPatient: self.init("AE", .duplicateKey, at: place ?? "PID-3")
        case .notFound, .erased: self.init("AE", .unknownKey, at: place ?? "RF1-11")
        case .wrongState, .versionConflict, .offerEnded, .alreadyAccepted:
            self.init("AE", .recordLocked, at: place ?? "RF1-1")
        case .capacityFull, .credentialInvalid: self.init("AE", .internalError, at: place ?? "")
        case .consentMissing: self.init("AE", .requiredFieldMissing, at: place ?? "CON-4")
        case .consentWithdrawn: self.init("AE", .recordLocked, at: place ?? "CON-11")
        case .reasonRequired: self.init("AE", .requiredFieldMissing, at: place ?? "RF1-10")
        case .reportIncomplete: self.init("AE", .requiredFieldMissing, at: place ?? "OBX-5")
        case .signatureInvalid: self.init("AE", .dataType, at: place ?? "OBR-32")
        case .invalidValue, .tooLarge: self.init("AE", .dataType, at: place ?? "")
        // No message asks for an assessment or writes to a register.
        case .alreadyRated, .assessmentIncomplete, .assessmentOverlaps, .evidenceMissing, .evidenceUnknown,
            .measureUnknown, .measureInvalid, .notDrilled, .entryUnknown, .entryExists, .entryClosed, .sharesDoNotAddUp,
            .rulePackOverlaps, .returnDefective, .periodBegun, .periodNotEnded, .periodEmpty, .periodInFuture,
            .seedMismatch, .reviewLate:
            self.init("AE", .internalError, at: place ?? "")
        case .siteUnknown: self.init("AE", .unknownKey, at: place ?? "MSH-4")
        case .notYetOffered: self.init("AR", .unsupportedEvent, at: place ?? "MSH-9")
        case .actsForDenied: self.init("AR", .internalError, at: place ?? "MSH-4")
        case .notPermitted, .siteSuspended, .principalUnknown, .principalRevoked, .tokenInvalid:
            self.init("AR", .internalError, at: place ?? "")
        case .busy, .diskFull: self.init("AR", .internalError, at: "")
        }
    }

    /// Where an element usually stands in a v2 message.
    private static func field(_ place: String) -> String? {
        guard let element = Element(rawValue: place) else {
            return ReportElement(rawValue: place).map { $0 == .expert || $0 == .expertLicence ? "OBR-32" : "OBX-5" }
        }
        switch element {
        case .patientName: return "PID-5"
        case .patientSex: return "PID-8"
        case .patientBirthDate, .patientAge: return "PID-7"
        case .citizenID, .medicalRecordNumber, .otherIdentifier: return "PID-3"
        case .inpatientNumber: return "PV1-19"
        case .patientTelephone: return "PID-13"
        case .patientAddress: return "PID-11"
        case .ward, .bed: return "PV1-3"
        case .admittedOn: return "PV1-44"
        case .requestNumber: return "RF1-6"
        case .authoredOn: return "RF1-9"
        case .priority: return "RF1-2"
        case .serviceKind: return "RF1-4"
        case .summary, .purpose, .treatment, .note: return "NTE-3"
        case .reason: return "RF1-10"
        case .diagnosisName, .diagnosisCode, .otherDiagnoses: return "DG1-3"
        case .examinations, .medicalAssistance: return "OBX-5"
        case .allergies: return "AL1-3"
        case .wantedDepartment, .wantedDepartmentText: return "RF1-3"
        case .wantedSite, .wantedExpert: return "PRD-7"
        case .preferredTime: return "TQ1-7"
        case .requesterInstitution: return "MSH-4"
        case .requesterDepartment, .requesterDepartmentText: return "PV1-10"
        case .requesterDoctor: return "PRD-2"
        case .requesterLicence: return "PRD-7"
        case .requesterTelephone: return "PRD-5"
        case .consentState: return "CON-11"
        case .consentBasis: return "CON-25"
        case .consentReference: return "CON-4"
        case .consentDate: return "CON-13"
        case .consentObtainedBy, .consentScope, .consentFeeTold: return "CON-1"
        }
    }
}

/// ERR-2 (ERL): segment, its sequence, field, repetition, component.
struct ErrorLocation: Equatable {
    var segment = ""
    var sequence = ""
    var field = ""
    var repetition = ""
    var component = ""

    /// From `PID-5`, `OBX[2]-5.3`, `PID-3[2]`, `MSH`.
    init(_ location: String) {
        guard location.utf8.count >= 3, let name = SegmentName(location.prefix(3)) else { return }
        segment = name.description
        sequence = "1"
        var rest = location.dropFirst(3)
        if let index = Self.bracket(&rest) { sequence = index }
        guard rest.first == "-" else { return }
        rest = rest.dropFirst()
        field = String(rest.prefix { $0.isASCII && $0.isNumber })
        rest = rest.dropFirst(field.count)
        repetition = Self.bracket(&rest) ?? (field.isEmpty ? "" : "1")
        if rest.first == "." { component = String(rest.dropFirst().prefix { $0.isASCII && $0.isNumber }) }
    }

    private static func bracket(_ text: inout Substring) -> String? {
        guard text.first == "[", let end = text.firstIndex(of: "]") else { return nil }
        let inner = String(text[text.index(after: text.startIndex)..<end])
        text = text[text.index(after: end)...]
        return inner
    }

    var parts: [String] { [segment, sequence, field, repetition, component] }
}
