/// One element of a consultation application, named after DOMAIN.md section 4
/// (elements of a WS/T 500 会诊记录, with the additions of this network).
///
/// Every format maps onto these and nothing else, so that copies of one request through different doors
/// compare element by element.
package enum Element: String, ElementName, Codable {
    case patientName = "patient.name"
    /// GB/T 2261.1: `1` male, `2` female, `0` unknown, `9` not stated.
    case patientSex = "patient.sex"
    /// `YYYY-MM-DD`, or a shorter prefix when the sender knows no more.
    case patientBirthDate = "patient.birthDate"
    /// Whole years, as stated by the sender.
    case patientAge = "patient.age"
    case citizenID = "patient.citizenID"
    case medicalRecordNumber = "patient.medicalRecordNumber"
    case inpatientNumber = "patient.inpatientNumber"
    case otherIdentifier = "patient.otherIdentifier"
    case patientTelephone = "patient.telephone"
    case patientAddress = "patient.address"
    /// `yes` or `no`: cover by medical assistance.
    case medicalAssistance = "patient.medicalAssistance"
    case ward = "patient.ward"
    case bed = "patient.bed"
    case admittedOn = "patient.admittedOn"

    /// The placer's number of the request: ORC-2, RF1-6, `ServiceRequest.identifier`.
    case requestNumber = "request.number"
    /// When the sender says the request was written (RFC 3339, or a date).
    case authoredOn = "request.authoredOn"
    /// `stat`, `asap`, `urgent`, `routine`.
    case priority = "request.priority"
    case serviceKind = "request.serviceKind"
    case summary = "request.summary"
    case reason = "request.reason"
    case purpose = "request.purpose"
    case diagnosisName = "request.diagnosisName"
    /// ICD-10.
    case diagnosisCode = "request.diagnosisCode"
    case otherDiagnoses = "request.otherDiagnoses"
    case examinations = "request.examinations"
    case treatment = "request.treatment"
    case allergies = "request.allergies"
    case note = "request.note"
    /// Digits of departments.tsv column 1, e.g. `0304`.
    case wantedDepartment = "request.wantedDepartment"
    /// What the sender wrote for the wanted department.
    case wantedDepartmentText = "request.wantedDepartmentText"
    case wantedSite = "request.wantedSite"
    case wantedExpert = "request.wantedExpert"
    case preferredTime = "request.preferredTime"

    case requesterInstitution = "requester.institution"
    case requesterDepartment = "requester.department"
    case requesterDepartmentText = "requester.departmentText"
    case requesterDoctor = "requester.doctor"
    case requesterLicence = "requester.licence"
    case requesterTelephone = "requester.telephone"

    /// `given`, `attested`, `missing`, `withdrawn`.
    case consentState = "consent.state"
    /// `written`, `guardian`, `kin`, `emergency`.
    case consentBasis = "consent.basis"
    /// Archive number of the consent page at the requesting site.
    case consentReference = "consent.reference"
    /// `YYYY-MM-DD`.
    case consentDate = "consent.date"
    case consentObtainedBy = "consent.obtainedBy"
    /// `any` member site, or organisation codes separated by commas.
    case consentScope = "consent.scope"
    case consentFeeTold = "consent.feeTold"

    package static let inNameOrder = allCases.sorted { $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8) }

    /// Where the element stands in `inNameOrder`.
    var nameRank: Int { Self.nameRanks[ordinal] }

    private static let nameRanks: [Int] = {
        var ranks = Array(repeating: 0, count: allCases.count)
        for (rank, element) in inNameOrder.enumerated() { ranks[element.ordinal] = rank }
        return ranks
    }()

    /// Elements that name the person; one of them must be there.
    package static let identity: [Element] = [
        .patientName, .citizenID, .medicalRecordNumber, .inpatientNumber, .otherIdentifier,
    ]
    package static let identifiers: [Element] = [
        .citizenID, .medicalRecordNumber, .inpatientNumber, .otherIdentifier,
    ]
    package static let consent: [Element] = [
        .consentState, .consentBasis, .consentReference, .consentDate, .consentObtainedBy, .consentScope,
        .consentFeeTold,
    ]

    /// What a second rating rests on: clinical content without whoever asks, whom they want and who the patient is.
    package static let rating: [Element] = [
        .patientSex, .patientAge, .summary, .reason, .purpose, .diagnosisName, .diagnosisCode, .otherDiagnoses,
        .examinations, .treatment, .allergies, .wantedDepartment, .priority, .serviceKind,
    ]

    /// Elements of which one is enough where this one is mandatory; itself among them.
    package var alternatives: [Element] {
        switch self {
        case .patientBirthDate: [.patientBirthDate, .patientAge]
        case .medicalRecordNumber: Self.identifiers
        case .requesterDepartment: [.requesterDepartment, .requesterDepartmentText]
        default: [self]
        }
    }

    /// Transport fields: a copy that differs only in these is the same request.
    package var isTransport: Bool { self == .authoredOn }
}

/// Elements of a consultation report (会诊意见).
package enum ReportElement: String, ElementName, Codable {
    case opinion = "report.opinion"
    case findings = "report.findings"
    case diagnosisName = "report.diagnosisName"
    case diagnosisCode = "report.diagnosisCode"
    case recommendation = "report.recommendation"
    /// `manage-at-origin`, `refer-up`, `refer-down`, `re-consult`, `follow-up`.
    case disposition = "report.disposition"
    /// `primary`, `county`, `municipal`, `provincial`, `national`.
    case appropriateTier = "report.appropriateTier"
    /// `YYYY-MM-DD`.
    case followUpDate = "report.followUpDate"
    /// RFC 3339.
    case time = "report.time"
    case expert = "report.expert"
    case expertLicence = "report.expertLicence"
    case department = "report.department"
    case institution = "report.institution"

    package static let inNameOrder = allCases.sorted { $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8) }
}

/// The names of one kind of content.
package protocol ElementName: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
    /// Every case in the order of the names' bytes, sorted once: a submission is written in this order several times.
    static var inNameOrder: [Self] { get }
}

extension ElementName {
    /// The position in `allCases`: the tag that the compiler gives the case.
    fileprivate var ordinal: Int { withUnsafeBytes(of: self) { Int($0[0]) } }
}

/// Hashed by case: an enumeration with raw values is otherwise hashed by their text, which cost a tenth of reading a
/// message.
extension Element {
    package func hash(into hasher: inout Hasher) { withUnsafeBytes(of: self) { hasher.combine(bytes: $0) } }
}

extension ReportElement {
    package func hash(into hasher: inout Hasher) { withUnsafeBytes(of: self) { hasher.combine(bytes: $0) } }
}

/// Values of elements; absent and empty are the same.
package struct Elements<Key: ElementName>: Sendable, Equatable {
    /// By ordinal; a dictionary took a fifth of a submission's preparation for its hashing.
    private var values: [String?]

    package init() { values = Array(repeating: nil, count: Key.inNameOrder.count) }

    package subscript(key: Key) -> String? {
        get { values[key.ordinal] }
        set { values[key.ordinal] = newValue.flatMap { $0.isEmpty ? nil : $0 } }
    }

    package var isEmpty: Bool { values.allSatisfy { $0 == nil } }

    /// Present elements in the order of their names' bytes.
    package var sorted: [(key: Key, value: String)] {
        var present: [(key: Key, value: String)] = []
        present.reserveCapacity(values.count)
        for key in Key.inNameOrder {
            if let value = values[key.ordinal] { present.append((key, value)) }
        }
        return present
    }

    /// The canonical bytes: a JSON object with sorted keys. What a signature binds and a seal holds.
    package var canonical: [UInt8] {
        var writer = CanonicalWriter()
        writer.object { writer in
            for (key, value) in sorted { writer.field(key.rawValue, value) }
        }
        return writer.bytes
    }

    package init(canonical bytes: some Collection<UInt8>) throws(RecordError) {
        let object = try CanonicalObject(bytes)
        self.init()
        for name in object.names {
            let text = try object.string(name)
            guard let key = Key(rawValue: name), !text.isEmpty else {
                throw RecordError("unknown or empty element \(name)")
            }
            self[key] = text
        }
    }
}

/// What a requesting site says about one patient and one question: identity and clinical content.
///
/// This is payload. It is sealed under the case's key and never reaches `evolve`, a projection or a measure.
package struct Application: Sendable, Equatable {
    package var elements = Elements<Element>()
    package var attachments: [Attachment] = []

    package init() {}

    package subscript(_ element: Element) -> String? {
        get { elements[element] }
        set { elements[element] = newValue }
    }
}

/// What the expert answers. Payload, as `Application`.
package struct Report: Sendable, Equatable {
    package var elements = Elements<ReportElement>()
    package var attachments: [Attachment] = []

    package init() {}

    package subscript(_ element: ReportElement) -> String? {
        get { elements[element] }
        set { elements[element] = newValue }
    }
}

/// A document that travels with an application or a report.
package struct Attachment: Sendable, Equatable {
    package var title: String
    /// A media type, e.g. `application/pdf`.
    package var contentType: String
    package var bytes: [UInt8]

    package init(title: String, contentType: String, bytes: [UInt8]) {
        self.title = title
        self.contentType = contentType
        self.bytes = bytes
    }
}
