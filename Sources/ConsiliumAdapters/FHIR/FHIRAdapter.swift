package import ConsiliumCore

/// FHIR R4 as JSON (https://hl7.org/fhir/R4): bytes to submissions and acts, case records to resources.
///
/// The subset and its mapping are described in Protocols/FHIR. Pure: no clock, no randomness, no sockets.
package enum FHIRAdapter {
    /// Reads a transaction Bundle: an application, an answer to what was asked, or a signed report.
    ///
    /// `profile` is the sender's: its code maps and defaults.
    package static func decodeBundle(
        _ bytes: [UInt8],
        profile: ExchangeProfile,
        limits: JSONLimits = JSONLimits()
    ) throws(FormatError) -> FHIRInteraction {
        let document = try JSONDocument(bytes, limits: limits)
        guard try typeName(of: document.root) == "Bundle" else {
            throw document.root.error(.unsupportedType, at: "resourceType", "a Bundle was expected")
        }
        return try bundle(document, profile: profile)
    }

    /// Reads the body of `POST /fhir/TYPE`.
    ///
    /// A ServiceRequest with contained resources is an application; a Task with code `abort` cancels and with
    /// `resume` sends an unroutable case back into the queue; a Consent is recorded.
    package static func decodeCreate(
        type: String,
        _ bytes: [UInt8],
        profile: ExchangeProfile
    ) throws(FormatError) -> FHIRInteraction {
        let document = try JSONDocument(bytes)
        try check(document.root, is: type)
        return try create(document, type: type, profile: profile)
    }

    /// Reads the body of `PUT /fhir/TYPE/ID`.
    ///
    /// An id that names no resource of the hub is a `danglingReference` at `TYPE.id`: reply "not found".
    package static func decodeUpdate(
        type: String,
        id: String,
        _ bytes: [UInt8],
        profile: ExchangeProfile
    ) throws(FormatError) -> FHIRInteraction {
        let document = try JSONDocument(bytes)
        try check(document.root, is: type)
        guard try document.root.requiredText("id") == id else {
            throw document.root.error(.invalidValue, at: "id", "not the id of the address")
        }
        return try update(document, type: type, id: id, profile: profile)
    }

    /// Reads whatever resource stands in `bytes` as a message: a transaction, or one of the resources that
    /// `decodeCreate` and `decodeUpdate` take; one with an id of the hub's is an update.
    package static func decodeMessage(_ bytes: [UInt8], profile: ExchangeProfile) throws(FormatError) -> FHIRInteraction
    {
        let document = try JSONDocument(bytes)
        let type = try typeName(of: document.root)
        if type == "Bundle" { return try bundle(document, profile: profile) }
        if let id = try document.root.text("id"), FHIRID(type: type, id: id) != nil {
            return try update(document, type: type, id: id, profile: profile)
        }
        return try create(document, type: type, profile: profile)
    }

    /// The version that an entity tag `W/"n"` (or `"n"`) names.
    package static func version(entityTag tag: some StringProtocol) -> Int? {
        var text = Substring(tag)
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        guard text.utf8.count > 2, text.first == "\"", text.last == "\"" else { return nil }
        let digits = text.dropFirst().dropLast()
        return digits.utf8.allSatisfy { $0 &- 48 < 10 } ? Int(digits) : nil
    }

    // MARK: Dispatch

    private static func bundle(_ document: JSONDocument, profile: ExchangeProfile) throws(FormatError)
        -> FHIRInteraction
    {
        let bundle = try FHIRBundle(document.root)
        try checkIsOneAct(bundle)
        var interaction: FHIRInteraction
        if bundle.entries.contains(where: { $0.resource.type == "ServiceRequest" }) {
            interaction = try application(bundle, profile: profile)
        } else if let task = bundle.entries.first(where: { $0.resource.type == "Task" }) {
            interaction = try ActReader(bundle: bundle, profile: profile).task(task)
        } else if let consent = bundle.entries.first(where: { $0.resource.type == "Consent" }) {
            interaction = try ActReader(bundle: bundle, profile: profile).consent(consent)
        } else {
            throw document.root.error(.missing, at: "entry", "no ServiceRequest, Task or Consent among the entries")
        }
        finish(&interaction, document, bundle)
        return interaction
    }

    /// One transaction, one act on one case: a second one would be dropped in silence.
    private static func checkIsOneAct(_ bundle: FHIRBundle) throws(FormatError) {
        let requests = bundle.entries(of: "ServiceRequest")
        let tasks = bundle.entries(of: "Task")
        let isReport = requests.isEmpty && tasks.first?.target.map(\.isOffer) ?? false
        var caseID: CaseID?
        for entry in bundle.entries {
            let isSecond =
                switch entry.resource.type {
                case "ServiceRequest": entry.value.node != requests[0].value.node
                case "Task": !requests.isEmpty || entry.value.node != tasks[0].value.node
                case "Consent": requests.isEmpty && !tasks.isEmpty
                case "DiagnosticReport", "Provenance": !isReport
                default: false
                }
            if isSecond {
                throw entry.value.error(.unsupportedEvent, at: "resource", "one transaction carries one act")
            }
            guard let target = entry.target else { continue }
            if let caseID, target.caseID != caseID {
                throw entry.value.error(.invalidValue, at: "request.url", "another case than the entries before")
            }
            caseID = target.caseID
        }
    }

    private static func create(
        _ document: JSONDocument,
        type: String,
        profile: ExchangeProfile
    ) throws(FormatError) -> FHIRInteraction {
        let bundle = try FHIRBundle(single: document.root, method: .post, target: nil)
        let reader = ActReader(bundle: bundle, profile: profile)
        var interaction: FHIRInteraction
        switch type {
        case "ServiceRequest": interaction = try application(bundle, profile: profile)
        case "Task": interaction = try reader.task(bundle.entries[0])
        case "Consent": interaction = try reader.consent(bundle.entries[0])
        default: throw document.root.error(.unsupportedEvent, at: "resourceType", "cannot be created here")
        }
        finish(&interaction, document, bundle)
        return interaction
    }

    private static func update(
        _ document: JSONDocument,
        type: String,
        id: String,
        profile: ExchangeProfile
    ) throws(FormatError) -> FHIRInteraction {
        guard ["ServiceRequest", "Task", "Consent"].contains(type) else {
            throw document.root.error(.unsupportedEvent, at: "resourceType", "cannot be updated here")
        }
        guard let target = FHIRID(type: type, id: id) else {
            throw document.root.error(.danglingReference, at: "id", "no such resource")
        }
        let bundle = try FHIRBundle(single: document.root, method: .put, target: target)
        let reader = ActReader(bundle: bundle, profile: profile)
        var interaction: FHIRInteraction
        switch type {
        case "ServiceRequest": interaction = try application(bundle, profile: profile)
        case "Task": interaction = try reader.task(bundle.entries[0])
        default: interaction = try reader.consent(bundle.entries[0])
        }
        finish(&interaction, document, bundle)
        return interaction
    }

    private static func application(_ bundle: FHIRBundle, profile: ExchangeProfile) throws(FormatError)
        -> FHIRInteraction
    {
        let entry = bundle.entries(of: "ServiceRequest")[0]
        if entry.method == .put {
            guard let target = entry.target else {
                throw entry.value.error(.danglingReference, at: "request.url", "no such resource")
            }
            return try ActReader(bundle: bundle, profile: profile).request(entry, target: target)
        }
        for other in bundle.entries where other.method == .put {
            throw other.value.error(
                .unsupportedEvent,
                at: "request.method",
                "a new request comes with POST entries only"
            )
        }
        var reader = ApplicationReader(bundle, profile: profile)
        try reader.read(entry.resource, isUpdate: false)
        var interaction = FHIRInteraction(submission: reader.submission)
        interaction.ifNoneExist = entry.ifNoneExist
        return interaction
    }

    private static func finish(_ interaction: inout FHIRInteraction, _ document: JSONDocument, _ bundle: FHIRBundle) {
        interaction.submission.messageID = bundle.messageID
        interaction.submission.statedSender = bundle.sender
        interaction.submission.lost = document.lost()
    }

    private static func typeName(of root: JSONValue) throws(FormatError) -> String {
        guard root.isObject else { throw root.error(.unparsable, "a resource is a JSON object") }
        let type = try root.requiredText("resourceType")
        guard ResourceTypes.contains(type) else {
            throw root.error(.unsupportedType, at: "resourceType", "not a resource type of R4")
        }
        return type
    }

    private static func check(_ root: JSONValue, is type: String) throws(FormatError) {
        guard try typeName(of: root) == type else {
            throw root.error(.unsupportedType, at: "resourceType", "not the type of the address")
        }
    }
}

/// What a FHIR write interaction asks for.
package struct FHIRInteraction: Sendable {
    package var submission: Submission
    /// The resource that is updated, and that `If-Match` speaks about; nil for a new application.
    package var target: FHIRID?
    /// `Bundle.entry.request.ifMatch` of that resource, in a transaction.
    package var ifMatch: Int?
    /// `Bundle.entry.request.ifNoneExist` of a new ServiceRequest.
    package var ifNoneExist: String?

    /// Number of the offer whose Task is updated.
    package var offer: Int? {
        if case .offer(let number) = target?.kind { number } else { nil }
    }

    init(submission: Submission) { self.submission = submission }

    init(_ act: Act, on target: FHIRID, entry: FHIREntry) {
        submission = Submission(intent: .act(.id(target.caseID), act), format: .fhir)
        self.target = target
        ifMatch = entry.ifMatch
    }
}
