import ConsiliumCore

/// Reads the elements of an application from a `ServiceRequest` and what it refers to.
///
/// What R4 makes mandatory is asked for here; what this network makes mandatory is for the domain to say.
struct ApplicationReader {
    let bundle: FHIRBundle
    let profile: ExchangeProfile
    var application = Application()
    var submission: Submission
    /// The patient that everything in the message must be about.
    var patient: FHIRResource?

    init(_ bundle: FHIRBundle, profile: ExchangeProfile) {
        self.bundle = bundle
        self.profile = profile
        submission = Submission(intent: .application(Application()), format: .fhir)
    }

    /// Reads `request` whole. An update of a known case (`isUpdate`) fills in no defaults: it says what changes.
    mutating func read(_ request: FHIRResource, isUpdate: Bool) throws(FormatError) {
        let value = request.value
        try request.open()
        try checkStatus(of: value)
        try readSubject(of: request)
        if let identifier = try placerIdentifier(of: value) {
            application[.requestNumber] = try identifier.requiredText("value")
        }
        application[.authoredOn] = try value.date("authoredOn")
        try readPriority(of: value, isUpdate: isUpdate)
        try readServiceKind(of: value)
        try readDepartment(of: value)
        try readPerformers(of: request)
        try readRequester(of: request)
        try readEncounter(of: request)
        if let time = try value.date("occurrenceDateTime") {
            application[.preferredTime] = time
        } else if let period = try value.object("occurrencePeriod") {
            application[.preferredTime] = try period.date("start")
        }
        var reasons: [String] = []
        for reason in try value.objects("reasonCode") {
            if let text = try reason.conceptText() { reasons.append(text) }
        }
        application[.reason] = reasons.isEmpty ? nil : reasons.joined(separator: "\n")
        application[.summary] = try value.extensionText(FHIRExtension.summary)
        application[.purpose] = try value.extensionText(FHIRExtension.purpose)
        application[.examinations] = try value.extensionText(FHIRExtension.examinations)
        application[.treatment] = try value.extensionText(FHIRExtension.treatment)
        application[.note] = try value.annotations("note")
        try readConditions(of: request)
        try readAllergies(of: request)
        try readConsents()
        try readDocuments()
        submission.intent = .application(application)
    }

    private func checkStatus(of value: JSONValue) throws(FormatError) {
        guard try value.requiredText("status") == "active" else {
            throw value.error(.invalidValue, at: "status", "a request that is asked for has status active")
        }
        guard try value.requiredText("intent") == "order" else {
            throw value.error(.invalidValue, at: "intent", "a consultation is asked for with intent order")
        }
        if try value.boolean("doNotPerform") == true {
            throw value.error(.invalidValue, at: "doNotPerform", "this network carries no prohibitions")
        }
    }

    /// The identifier of type PLAC, else the first.
    private func placerIdentifier(of value: JSONValue) throws(FormatError) -> JSONValue? {
        let identifiers = try value.objects("identifier")
        for identifier in identifiers {
            for coding in try identifier.object("type")?.objects("coding") ?? [] {
                guard let code = coding.member("code"), code.isText("PLAC") else { continue }
                coding.markAll()
                return opened(identifier)
            }
        }
        return identifiers.first.map(opened)
    }

    /// The number counts within the requesting site, whatever the system and the assigner are called.
    private func opened(_ identifier: JSONValue) -> JSONValue {
        for name in ["system", "use", "assigner"] as [StaticString] { identifier.member(name)?.markAll() }
        return identifier
    }

    private mutating func readPriority(of value: JSONValue, isUpdate: Bool) throws(FormatError) {
        if let priority: Priority = try value.code("priority") {
            application[.priority] = priority.rawValue
        } else if !isUpdate {
            application[.priority] = profile.defaultPriority.rawValue
            submission.prioritySource = .defaulted
        }
    }

    private mutating func readServiceKind(of value: JSONValue) throws(FormatError) {
        for category in try value.objects("category") {
            if let kind: ServiceKind = try category.coded(in: FHIRSystem.serviceKind) {
                application[.serviceKind] = kind.rawValue
            }
        }
    }

    // MARK: Department

    /// `performerType`, else `code`, else `orderDetail`.
    private mutating func readDepartment(of value: JSONValue) throws(FormatError) {
        var concepts: [JSONValue] = []
        if let type = try value.object("performerType") { concepts.append(type) }
        if let code = try value.object("code") { concepts.append(code) }
        concepts += try value.objects("orderDetail")
        for concept in concepts {
            if let code = try department(in: concept) {
                application[.wantedDepartment] = code.description
                if let text = try concept.text("text") { application[.wantedDepartmentText] = text }
                return
            }
        }
        // Only the element that is meant for it makes an unmapped department; a service code is none.
        guard let concept = try value.object("performerType") else { return }
        var text = try concept.conceptText()
        if text == nil { text = try firstCode(concept) }
        if text == nil { return }
        application[.wantedDepartmentText] = text
        submission.departmentUnmapped = true
    }

    private func firstCode(_ concept: JSONValue) throws(FormatError) -> String? {
        for coding in try concept.objects("coding") {
            if let code = try coding.text("code") { return code }
        }
        return nil
    }

    /// The department that a `CodeableConcept` names in our system, or by the site's own code map.
    func department(in concept: JSONValue) throws(FormatError) -> DepartmentCode? {
        for coding in try concept.objects("coding") {
            if let system = coding.member("system"), system.isText(FHIRSystem.department) {
                let text = try coding.requiredText("code")
                coding.member("display")?.markAll()
                guard let code = DepartmentCode(text) else {
                    throw coding.error(.unknownCode, at: "code", "not a department code")
                }
                return code
            }
        }
        if profile.departments.isEmpty { return nil }
        for coding in try concept.objects("coding") {
            if let text = try coding.text("code"), let code = mapped(text) { return code }
            if let text = try coding.text("display"), let code = mapped(text) { return code }
        }
        if let text = try concept.text("text") { return mapped(text) }
        return nil
    }

    private func mapped(_ text: String) -> DepartmentCode? { profile.departments[text].flatMap { DepartmentCode($0) } }
}
