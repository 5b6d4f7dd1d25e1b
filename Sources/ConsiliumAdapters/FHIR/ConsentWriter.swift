import ConsiliumCore

/// Writes the consent elements as a `Consent`: the reverse of `ApplicationReader.readConsent`.
struct ConsentWriter {
    var elements: Elements<Element>
    /// The address of the Patient; nil: not disclosed.
    var patient: String?
    /// The ServiceRequest that the consent is for, once it has an address.
    var request: String?

    func write(_ json: inout JSONWriter, _ header: ResourceHeader) {
        let state = elements[.consentState]
        json.object { json in
            header.write("Consent", &json)
            let isStated = state != nil && state != ConsentState.withdrawn.rawValue
            json.extensions(isStated || elements[.consentFeeTold] != nil) { json in
                if isStated { json.extensionText(FHIRExtension.consentState, state, as: "valueCode") }
                json.extensionFlag(FHIRExtension.feeTold, elements[.consentFeeTold].map { $0 == "yes" })
            }
            if let reference = elements[.consentReference] {
                json.array("identifier") { json in json.identifier(FHIRSystem.consentReference, reference) }
            }
            json.field("status", status(state))
            json.concept("scope", FHIRSystem.consentScope, "patient-privacy")
            json.array("category") { json in
                json.object { json in json.conceptBody(FHIRSystem.consentCategory, "npp") }
            }
            if let patient { json.reference("patient", patient) }
            json.field("dateTime", elements[.consentDate])
            if let person = elements[.consentObtainedBy] {
                json.array("performer") { json in
                    json.object { json in json.field("display", person) }
                }
            }
            if let basis = elements[.consentBasis] {
                json.concept("policyRule", FHIRSystem.consentBasis, basis)
            } else {
                // R4 invariant ppc-1 wants a policy; that one says nothing about the basis.
                json.concept("policyRule", FHIRSystem.actCode, "OPTIN")
            }
            provision(&json)
        }
    }

    private func status(_ state: String?) -> String {
        switch state {
        case ConsentState.withdrawn.rawValue: "inactive"
        case ConsentState.missing.rawValue: "proposed"
        default: "active"
        }
    }

    private func provision(_ json: inout JSONWriter) {
        let scope = elements[.consentScope]
        guard scope != nil || request != nil else { return }
        json.object("provision") { json in
            json.extensions(scope == "any") { json in json.extensionFlag(FHIRExtension.anyMember, true) }
            json.field("type", "permit")
            if let scope, scope != "any" {
                json.array("actor") { json in
                    for site in scope.split(separator: ",") {
                        json.object { json in
                            json.concept("role", FHIRSystem.participation, "IRCP")
                            json.reference("reference", "Organization/\(site.filter { $0 != " " })")
                        }
                    }
                }
            }
            if let request {
                json.array("data") { json in
                    json.object { json in
                        json.field("meaning", "related")
                        json.reference("reference", request)
                    }
                }
            }
        }
    }
}
