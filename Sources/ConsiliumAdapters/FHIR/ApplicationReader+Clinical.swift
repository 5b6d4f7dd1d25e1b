import ConsiliumCore

extension ApplicationReader {
    /// Diagnoses: those that `reasonReference` names first, then the message's other Conditions, in order.
    ///
    /// The first is the main diagnosis; the others become one text.
    mutating func readConditions(of request: FHIRResource) throws(FormatError) {
        var found: [FHIRResource] = []
        for reference in try request.value.objects("reasonReference") {
            let target = try bundle.resolve(
                reference,
                in: request.scope,
                types: ["Condition", "Observation", "DiagnosticReport", "DocumentReference"]
            )
            if case .resource(let resource) = target, resource.type == "Condition" { found.append(resource) }
        }
        for entry in bundle.entries(of: "Condition")
        where !found.contains(where: { $0.value.node == entry.resource.value.node }) {
            found.append(entry.resource)
        }
        var others: [String] = []
        for (position, condition) in found.enumerated() {
            let (name, code) = try diagnosis(in: condition)
            if position == 0 {
                application[.diagnosisName] = name
                application[.diagnosisCode] = code
            } else if let text = [name, code].compactMap({ $0 }).first {
                others.append(text)
            }
        }
        application[.otherDiagnoses] = others.isEmpty ? nil : others.joined(separator: "; ")
    }

    private func diagnosis(in condition: FHIRResource) throws(FormatError) -> (String?, String?) {
        try condition.open()
        let value = condition.value
        guard value.has("subject") else { throw value.error(.missing, at: "subject", "mandatory and absent") }
        try checkSubject(of: condition, "subject")
        value.member("clinicalStatus")?.markAll()
        if let verification = try value.object("verificationStatus") {
            for coding in try verification.objects("coding") {
                coding.member("system")?.markAll()
                if let code = try coding.text("code"), code == "entered-in-error" || code == "refuted" {
                    throw coding.error(.invalidValue, at: "code", "a diagnosis that does not hold")
                }
            }
        }
        value.member("category")?.markAll()
        guard let code = try value.object("code") else { return (nil, nil) }
        return try Self.diagnosis(in: code)
    }

    /// Name and ICD-10 code of a `CodeableConcept`.
    static func diagnosis(in concept: JSONValue) throws(FormatError) -> (name: String?, code: String?) {
        var name = try concept.text("text")
        var code: String?
        for coding in try concept.objects("coding") {
            guard let system = try coding.text("system"), FHIRSystem.diagnosis.contains(system), code == nil else {
                continue
            }
            code = try coding.requiredText("code")
            if let display = try coding.text("display") { name = name ?? display }
        }
        if name == nil { name = try concept.conceptText() }
        return (name, code)
    }

    /// Allergies: every AllergyIntolerance of the message, contained ones by `supportingInfo`.
    mutating func readAllergies(of request: FHIRResource) throws(FormatError) {
        var found: [FHIRResource] = []
        for reference in try request.value.objects("supportingInfo") {
            let target = try bundle.resolve(reference, in: request.scope, types: Self.supporting)
            if case .resource(let resource) = target, resource.type == "AllergyIntolerance" { found.append(resource) }
        }
        for entry in bundle.entries(of: "AllergyIntolerance")
        where !found.contains(where: { $0.value.node == entry.resource.value.node }) {
            found.append(entry.resource)
        }
        var names: [String] = []
        for allergy in found {
            try allergy.open()
            guard allergy.value.has("patient") else {
                throw allergy.value.error(.missing, at: "patient", "mandatory and absent")
            }
            try checkSubject(of: allergy, "patient")
            allergy.value.member("clinicalStatus")?.markAll()
            if let name = try allergy.value.object("code")?.conceptText() { names.append(name) }
        }
        application[.allergies] = names.isEmpty ? nil : names.joined(separator: "; ")
    }

    private static let supporting = [
        "AllergyIntolerance", "Condition", "DocumentReference", "Observation", "DiagnosticReport", "ImagingStudy",
        "Media", "MedicationStatement", "MedicationRequest", "Procedure", "Encounter", "Binary", "FamilyMemberHistory",
    ]

    // MARK: Documents

    /// Attachments: every DocumentReference of the message, in order, with its bytes inline or in a Binary beside it.
    mutating func readDocuments() throws(FormatError) {
        for entry in bundle.entries(of: "DocumentReference") {
            try entry.resource.open()
            let value = entry.resource.value
            guard try value.requiredText("status") == "current" else {
                throw value.error(.invalidValue, at: "status", "only current documents are taken")
            }
            try checkSubject(of: entry.resource, "subject")
            let description = try value.text("description")
            let contents = try value.objects("content")
            guard !contents.isEmpty else { throw value.error(.missing, at: "content", "mandatory and absent") }
            for content in contents {
                guard let attachment = try content.object("attachment") else {
                    throw content.error(.missing, at: "attachment", "mandatory and absent")
                }
                application.attachments.append(try self.attachment(attachment, description: description))
            }
        }
    }

    func attachment(_ value: JSONValue, description: String?) throws(FormatError) -> Attachment {
        try AttachmentReader(bundle: bundle).read(value, description: description)
    }
}

/// Reads an `Attachment` whose bytes came with the message.
struct AttachmentReader {
    let bundle: FHIRBundle

    func read(_ value: JSONValue, description: String?) throws(FormatError) -> Attachment {
        let type = try value.text("contentType")
        let title = try value.text("title") ?? description ?? "attachment"
        value.member("size")?.markAll()
        if let bytes = try value.base64("data") {
            return Attachment(title: title, contentType: type ?? Self.unknownType, bytes: bytes)
        }
        guard let url = try value.text("url") else {
            throw value.error(.missing, at: "data", "an attachment without its bytes")
        }
        guard let binary = bundle.resource(at: url), binary.type == "Binary" else {
            throw value.error(.danglingReference, at: "url", "no Binary in this message has that address")
        }
        try binary.open()
        let stated = try binary.value.requiredText("contentType")
        guard let bytes = try binary.value.base64("data") else {
            throw binary.value.error(.missing, at: "data", "a Binary without its bytes")
        }
        return Attachment(title: title, contentType: type ?? stated, bytes: bytes)
    }

    private static let unknownType = "application/octet-stream"
}
