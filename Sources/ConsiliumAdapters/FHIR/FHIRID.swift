package import ConsiliumCore

/// The logical id of a resource that the hub derives from a case; case id and part, nothing stored.
///
/// `ServiceRequest/CASE`, `Task/CASE` (the hub's), `Task/CASE-o2` (an offer), `Task/CASE-review`, `Task/CASE-abort`,
/// `Patient/CASE-p`, `DiagnosticReport/CASE-r1`, `Provenance/CASE-r1`, `Consent/CASE-c`,
/// `DocumentReference/CASE-application-1`, `Binary/CASE-application-1`.
package struct FHIRID: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case request
        case hubTask
        case offer(Int)
        case review
        case abort
        case patient
        case report(Int)
        case provenance(Int)
        case consent
        case document(String)
        case binary(String)
    }

    package var kind: Kind
    package var caseID: CaseID

    package init(_ kind: Kind, of caseID: CaseID) {
        self.kind = kind
        self.caseID = caseID
    }

    /// nil when no resource of that type can have that id: "not found".
    package init?(type: String, id: String) {
        guard id.utf8.count >= 26, let caseID = CaseID(id.prefix(26)) else { return nil }
        let rest = id.dropFirst(26)
        guard rest.isEmpty || rest.first == "-", rest.utf8.count != 1 else { return nil }
        let part = rest.dropFirst()
        switch (type, part) {
        case ("ServiceRequest", ""): kind = .request
        case ("Task", ""): kind = .hubTask
        case ("Task", "review"): kind = .review
        case ("Task", "abort"): kind = .abort
        case ("Patient", "p"): kind = .patient
        case ("Consent", "c"): kind = .consent
        case ("Task", _):
            guard let number = Self.number(part, after: "o") else { return nil }
            kind = .offer(number)
        case ("DiagnosticReport", _):
            guard let number = Self.number(part, after: "r") else { return nil }
            kind = .report(number)
        case ("Provenance", _):
            guard let number = Self.number(part, after: "r") else { return nil }
            kind = .provenance(number)
        case ("DocumentReference", _):
            guard Self.isDocument(part) else { return nil }
            kind = .document(String(part))
        case ("Binary", _):
            guard Self.isDocument(part) else { return nil }
            kind = .binary(String(part))
        default: return nil
        }
        self.caseID = caseID
    }

    /// Reads `Type/id`, also with a server's address before it or `/_history/n` behind.
    init?(reference: String) {
        let parts = reference.split(separator: "/", omittingEmptySubsequences: false)
        guard let type = parts.firstIndex(where: { Self.types.contains(String($0)) }), type + 1 < parts.count else {
            return nil
        }
        let rest = parts[(type + 2)...]
        guard rest.isEmpty || (rest.count == 2 && rest.first == "_history") else { return nil }
        self.init(type: String(parts[type]), id: String(parts[type + 1]))
    }

    private static func number(_ text: Substring, after letter: Character) -> Int? {
        guard text.first == letter, (2...7).contains(text.utf8.count), let value = Int(text.dropFirst()), value > 0,
            text.dropFirst().first != "+"
        else { return nil }
        return value
    }

    private static func isDocument(_ part: Substring) -> Bool {
        (1...38).contains(part.utf8.count)
            && part.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || ($0 >= 97 && $0 <= 122) || $0 == 45 }
    }

    private static let types: Set<String> = [
        "ServiceRequest", "Task", "Patient", "Consent", "DiagnosticReport", "Provenance", "DocumentReference", "Binary",
    ]

    package var type: String {
        switch kind {
        case .request: "ServiceRequest"
        case .hubTask, .offer, .review, .abort: "Task"
        case .patient: "Patient"
        case .report: "DiagnosticReport"
        case .provenance: "Provenance"
        case .consent: "Consent"
        case .document: "DocumentReference"
        case .binary: "Binary"
        }
    }

    package var id: String {
        switch kind {
        case .request, .hubTask: "\(caseID)"
        case .offer(let number): "\(caseID)-o\(number)"
        case .review: "\(caseID)-review"
        case .abort: "\(caseID)-abort"
        case .patient: "\(caseID)-p"
        case .report(let number), .provenance(let number): "\(caseID)-r\(number)"
        case .consent: "\(caseID)-c"
        case .document(let part), .binary(let part): "\(caseID)-\(part)"
        }
    }

    var isOffer: Bool {
        if case .offer = kind { true } else { false }
    }

    /// `Task/CASE-o2`.
    package var reference: String { "\(type)/\(id)" }
}

extension FHIRID {
    /// `meta.versionId`: the sequence of the last event of the case that changed this resource; nil when the case has
    /// no such resource.
    package func versionID(in facts: Consultation) -> Int? {
        switch kind {
        case .request: facts.requestVersion
        case .hubTask: facts.version
        case .offer(let number): facts.offers.first { $0.number == number }?.version
        case .review: facts.reportNumber > 0 ? facts.requestVersion : nil
        case .abort: facts.phase == .cancelled ? facts.requestVersion : nil
        case .patient: facts.requestVersion
        case .report(let number), .provenance(let number):
            number == facts.reportNumber && number > 0 ? facts.reportVersion : nil
        case .consent: facts.consentVersion
        case .document, .binary: facts.requestVersion
        }
    }

    /// The resources of `type` that a case yields to a search by somebody who may read `record`.
    package static func all(type: String, in record: CaseRecord) -> [FHIRID] {
        let facts = record.facts
        let kinds: [Kind]
        switch type {
        case "ServiceRequest": kinds = [.request]
        case "Task":
            kinds =
                [.hubTask] + facts.offers.map { .offer($0.number) } + (facts.reportNumber > 0 ? [.review] : [])
                + (facts.phase == .cancelled ? [.abort] : [])
        case "Patient": kinds = record.application == nil ? [] : [.patient]
        case "Consent": kinds = [.consent]
        case "DiagnosticReport": kinds = record.report == nil ? [] : [.report(facts.reportNumber)]
        case "Provenance":
            kinds = record.report == nil || record.signature == nil ? [] : [.provenance(facts.reportNumber)]
        case "DocumentReference": kinds = record.documents.map { .document($0.id) }
        default: kinds = []
        }
        return kinds.map { FHIRID($0, of: facts.id) }
    }
}
