import ConsiliumCore

extension ApplicationReader {
    mutating func readSubject(of request: FHIRResource) throws(FormatError) {
        guard
            let target = try bundle.resolve("subject", of: request.value, in: request.scope, types: ["Patient"])
        else { throw request.value.error(.missing, at: "subject", "mandatory and absent") }
        guard case .resource(let patient) = target else { return }
        self.patient = patient
        try patient.open()
        let value = patient.value
        application[.patientName] = try value.personName("name")
        if let gender = try value.text("gender") {
            guard let sex = Sex(administrativeGender: gender) else {
                throw value.error(.unknownCode, at: "gender", "not a code of administrative-gender")
            }
            application[.patientSex] = sex.rawValue
        }
        if let birthDate = try value.text("birthDate") {
            guard ApplicationFacts.isDate(birthDate) else {
                throw value.error(.invalidValue, at: "birthDate", "not a date of R4")
            }
            application[.patientBirthDate] = birthDate
        }
        application[.patientAge] = try value.extensionText(FHIRExtension.age)
        application[.patientTelephone] = try value.telephone("telecom")
        application[.patientAddress] = try address(of: value)
        if let covered = try value.extensionFlag(FHIRExtension.medicalAssistance) {
            application[.medicalAssistance] = covered ? "yes" : "no"
        }
        value.member("active")?.markAll()
        for identifier in try value.objects("identifier") {
            let element = try element(of: identifier)
            // A second number of the same kind stays unread and so is reported as lost.
            if application[element] == nil { application[element] = try identifier.requiredText("value") }
        }
    }

    /// The element for a patient identifier: by the site's profile, our systems, then the type of table 0203.
    private func element(of identifier: JSONValue) throws(FormatError) -> Element {
        let system = try identifier.text("system")
        identifier.member("use")?.markAll()
        var types: [String] = []
        if let type = try identifier.object("type") {
            for coding in try type.objects("coding") {
                coding.member("system")?.markAll()
                if let code = try coding.text("code") { types.append(code) }
            }
        }
        for name in [system].compactMap({ $0 }) + types {
            if let mapped = profile.identifierTypes[name].flatMap(Element.init(rawValue:)),
                Element.identifiers.contains(mapped)
            {
                return mapped
            }
        }
        switch system {
        case FHIRSystem.citizenID: return .citizenID
        case FHIRSystem.inpatientNumber: return .inpatientNumber
        case FHIRSystem.medicalRecordNumber: return .medicalRecordNumber
        case FHIRSystem.otherIdentifier: return .otherIdentifier
        default: break
        }
        if types.contains(where: { $0 == "NI" || $0 == "NNCHN" }) { return .citizenID }
        if types.contains("MR") { return .medicalRecordNumber }
        if types.contains("VN") { return .inpatientNumber }
        return .otherIdentifier
    }

    private func address(of value: JSONValue) throws(FormatError) -> String? {
        guard let address = try value.objects("address").first else { return nil }
        address.member("use")?.markAll()
        if let text = try address.text("text") { return text }
        var parts: [String] = []
        for name in ["state", "city", "district"] as [StaticString] {
            if let part = try address.text(name) { parts.append(part) }
        }
        parts += try address.texts("line")
        let isASCII = parts.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } }
        return parts.isEmpty ? nil : parts.joined(separator: isASCII ? ", " : "")
    }

    /// Ward, bed and admission from `ServiceRequest.encounter`.
    mutating func readEncounter(of request: FHIRResource) throws(FormatError) {
        let target = try bundle.resolve("encounter", of: request.value, in: request.scope, types: ["Encounter"])
        guard case .resource(let encounter) = target else { return }
        try encounter.open()
        let value = encounter.value
        _ = try value.requiredText("status")
        value.member("class")?.markAll()
        try checkSubject(of: encounter, "subject")
        if let start = try value.object("period")?.date("start") { application[.admittedOn] = start }
        for location in try value.objects("location") {
            var kind = ""
            for coding in try location.object("physicalType")?.objects("coding") ?? [] {
                coding.member("system")?.markAll()
                kind = try coding.text("code") ?? kind
            }
            guard kind == "wa" || kind == "bd", let place = try location.object("location") else { continue }
            let name = try place.text("display")
            if kind == "wa" { application[.ward] = name } else { application[.bed] = name }
        }
    }

    /// A resource about another patient than the request's is an error, not a loss.
    func checkSubject(of resource: FHIRResource, _ name: StaticString) throws(FormatError) {
        let value = resource.value
        guard let target = try bundle.resolve(name, of: value, in: resource.scope, types: ["Patient", "Group"]) else {
            return
        }
        if case .resource(let other) = target, let patient, other.value.node != patient.value.node {
            throw value.error(.invalidValue, at: "\(name)", "about another patient than the request")
        }
    }
}
