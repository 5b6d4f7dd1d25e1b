import ConsiliumCore

extension ApplicationReader {
    mutating func readConsents() throws(FormatError) {
        let consents = bundle.entries(of: "Consent")
        if consents.count > 1 { throw consents[1].value.error(.invalidValue, "two Consents in one message") }
        guard let consent = consents.first?.resource else { return }
        try readConsent(consent)
    }

    /// Reads a `Consent` into the consent elements.
    ///
    /// The state is left out where it follows from the evidence or the basis, as in the formats that cannot state it,
    /// so that copies of one request through two doors compare equal.
    mutating func readConsent(_ consent: FHIRResource) throws(FormatError) {
        try consent.open()
        let value = consent.value
        let status = try value.requiredText("status")
        for name in ["scope", "category"] as [StaticString] {
            guard let known = value.member(name) else {
                throw value.error(.missing, at: "\(name)", "mandatory and absent")
            }
            known.markAll()
        }
        try checkSubject(of: consent, "patient")
        if let reference = try value.objects("identifier").first {
            reference.member("system")?.markAll()
            application[.consentReference] = try reference.requiredText("value")
        }
        if let attachment = try value.object("sourceAttachment") {
            application.attachments.append(try self.attachment(attachment, description: "consent"))
        } else if let source = try value.object("sourceReference") {
            let types = ["DocumentReference", "Consent", "Contract", "QuestionnaireResponse"]
            if case .logical = try bundle.resolve(source, in: consent.scope, types: types) {
                let number = try source.object("identifier")?.text("value")
                let display = try source.text("display")
                if application[.consentReference] == nil { application[.consentReference] = number ?? display }
            }
        }
        if let date = try value.date("dateTime") { application[.consentDate] = FHIRDate.day(date) }
        if let basis = try basis(of: value) { application[.consentBasis] = basis.rawValue }
        try readPerformer(of: consent)
        try readScope(of: consent)
        if let told = try value.extensionFlag(FHIRExtension.feeTold) {
            application[.consentFeeTold] = told ? "yes" : "no"
        }
        if let state = try state(of: value, status: status) { application[.consentState] = state.rawValue }
    }

    private func state(of value: JSONValue, status: String) throws(FormatError) -> ConsentState? {
        if let text = try value.extensionText(FHIRExtension.consentState) {
            guard let state = ConsentState(rawValue: text) else {
                throw value.error(.unknownCode, at: "extension", "not a consent state")
            }
            return state
        }
        switch status {
        case "active":
            let basis = application[.consentBasis]
            let follows = application[.consentReference] != nil || (basis != nil && basis != "emergency")
            return follows || basis == "emergency" ? nil : .given
        case "inactive", "rejected": return .withdrawn
        case "draft", "proposed": return .missing
        case "entered-in-error":
            throw value.error(.invalidValue, at: "status", "a Consent that was entered in error is no consent")
        default: throw value.error(.unknownCode, at: "status", "not a code of consent-state-codes")
        }
    }

    private func basis(of value: JSONValue) throws(FormatError) -> ConsentBasis? {
        guard let rule = try value.object("policyRule") else { return nil }
        if let basis: ConsentBasis = try rule.coded(in: FHIRSystem.consentBasis) { return basis }
        for coding in try rule.objects("coding") {
            guard let system = coding.member("system"), system.isText(FHIRSystem.actCode) else { continue }
            let code = try coding.text("code")
            if code == "EMRGONLY" { return .emergency }
        }
        return nil
    }

    private mutating func readPerformer(of consent: FHIRResource) throws(FormatError) {
        for reference in try consent.value.objects("performer") where application[.consentObtainedBy] == nil {
            let types = ["Practitioner", "PractitionerRole", "Organization", "Patient", "RelatedPerson"]
            let target = try bundle.resolve(reference, in: consent.scope, types: types)
            if let display = try reference.text("display") {
                application[.consentObtainedBy] = display
            } else if case .resource(let resource) = target, resource.type == "Practitioner" {
                application[.consentObtainedBy] = try resource.value.personName("name")
            }
        }
    }

    /// Organisations of `provision.actor`; a deny is not understood and so refused.
    private mutating func readScope(of consent: FHIRResource) throws(FormatError) {
        guard let provision = try consent.value.object("provision") else { return }
        provision.member("data")?.markAll()
        if let type = provision.member("type"), !type.isText("permit") {
            throw type.error(.invalidValue, "only permits are understood")
        }
        if try provision.extensionFlag(FHIRExtension.anyMember) == true {
            application[.consentScope] = "any"
            return
        }
        var sites: [String] = []
        for actor in try provision.objects("actor") {
            actor.member("role")?.markAll()
            guard let reference = try actor.object("reference") else {
                throw actor.error(.missing, at: "reference", "mandatory and absent")
            }
            let (_, site) = try organization(at: reference, in: consent.scope)
            guard let site else {
                throw actor.error(.invalidValue, at: "reference", "not an organisation of this network")
            }
            sites.append(site.description)
        }
        application[.consentScope] = sites.isEmpty ? nil : sites.joined(separator: ",")
    }
}
