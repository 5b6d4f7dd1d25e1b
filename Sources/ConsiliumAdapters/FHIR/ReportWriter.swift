import ConsiliumCore

/// Writes a report as DiagnosticReport, and its signature as Provenance: the reverse of `ReportReader`.
struct ReportWriter {
    var report: Report
    /// `ServiceRequest/CASE`.
    var request: String
    var patient: String
    /// The performing site, where known.
    var site: SiteID?

    private subscript(_ element: ReportElement) -> String? { report[element] }

    func diagnosticReport(
        _ json: inout JSONWriter,
        _ header: ResourceHeader,
        status: String = "final",
        issued: Instant? = nil,
        forms: (inout JSONWriter) -> Void
    ) {
        json.object { json in
            header.write("DiagnosticReport", &json)
            contained(&json)
            extensions(&json)
            json.array("basedOn") { json in
                json.object { json in json.field("reference", request) }
            }
            json.field("status", status)
            json.concept("code", FHIRSystem.loinc, "11488-4", display: "Consult note")
            json.reference("subject", patient)
            json.field("effectiveDateTime", self[.time])
            json.field("issued", issued?.iso8601)
            if let institution = self[.institution] {
                json.array("performer") { json in
                    json.object { json in
                        json.field("reference", "#institution")
                        json.field("display", institution)
                    }
                }
            }
            if hasExpert {
                json.array("resultsInterpreter") { json in
                    json.object { json in json.field("reference", "#expert-role") }
                }
            }
            json.field("conclusion", self[.opinion])
            if self[.diagnosisName] != nil || self[.diagnosisCode] != nil {
                json.array("conclusionCode") { json in
                    json.object { json in
                        if let code = self[.diagnosisCode] {
                            json.conceptBody(FHIRSystem.icd10China, code, text: self[.diagnosisName])
                        } else {
                            json.field("text", self[.diagnosisName])
                        }
                    }
                }
            }
            forms(&json)
        }
    }

    private var hasExpert: Bool { self[.expert] != nil || self[.expertLicence] != nil || self[.department] != nil }

    private func extensions(_ json: inout JSONWriter) {
        let own: [ReportElement] = [.findings, .recommendation, .disposition, .appropriateTier, .followUpDate]
        json.extensions(own.contains { self[$0] != nil }) { json in
            json.extensionText(FHIRExtension.findings, self[.findings])
            json.extensionText(FHIRExtension.recommendation, self[.recommendation])
            json.extensionText(FHIRExtension.disposition, self[.disposition], as: "valueCode")
            json.extensionText(FHIRExtension.appropriateTier, self[.appropriateTier], as: "valueCode")
            json.extensionText(FHIRExtension.followUpDate, self[.followUpDate], as: "valueDate")
        }
    }

    private func contained(_ json: inout JSONWriter) {
        guard hasExpert || self[.institution] != nil else { return }
        json.array("contained") { json in
            if let institution = self[.institution] {
                json.object { json in
                    ResourceHeader.local("institution").write("Organization", &json)
                    if let site {
                        json.array("identifier") { json in json.identifier(FHIRSystem.site, site.description) }
                    }
                    json.field("name", institution)
                }
            }
            guard hasExpert else { return }
            json.object { json in
                ResourceHeader.local("expert").write("Practitioner", &json)
                if let licence = self[.expertLicence] {
                    json.array("identifier") { json in json.identifier(FHIRSystem.staff, licence) }
                }
                json.personName(self[.expert])
            }
            json.object { json in
                ResourceHeader.local("expert-role").write("PractitionerRole", &json)
                json.reference("practitioner", "#expert")
                if let department = self[.department] {
                    json.array("specialty") { json in
                        json.object { json in
                            if let code = DepartmentCode(department) {
                                json.conceptBody(FHIRSystem.department, code.description, display: code.name)
                            } else {
                                json.field("text", department)
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: Provenance

    /// `version` is that of the case that the signer saw; `kind` nil where only the bytes of the signature are kept.
    func provenance(
        _ json: inout JSONWriter,
        _ header: ResourceHeader,
        target: String,
        recorded: Instant,
        version: Int?,
        doctor: String?,
        licence: String?,
        jws: String?,
        kind: SignatureKind?
    ) {
        json.object { json in
            header.write("Provenance", &json)
            json.array("target") { json in
                json.object { json in json.field("reference", target) }
            }
            json.field("recorded", recorded.iso8601)
            json.array("agent") { json in
                json.object { json in
                    json.concept("type", FHIRSystem.provenanceAgent, "author")
                    signer(&json, doctor: doctor, licence: licence)
                }
            }
            if let version {
                json.array("entity") { json in
                    json.object { json in
                        json.field("role", "source")
                        json.reference("what", "\(request)/_history/\(version)")
                    }
                }
            }
            json.array("signature") { json in
                json.object { json in
                    json.extensions(kind != nil) { json in
                        json.extensionText(FHIRExtension.signatureKind, kind?.rawValue, as: "valueCode")
                    }
                    json.array("type") { json in
                        json.object { json in
                            json.coding(FHIRSystem.signatureType, "1.2.840.10065.1.12.1.1", "Author's Signature")
                        }
                    }
                    json.field("when", recorded.iso8601)
                    signer(&json, doctor: doctor, licence: licence)
                    if let jws {
                        json.field("sigFormat", "application/jose")
                        json.field("data", base64: Array(jws.utf8))
                    }
                }
            }
        }
    }

    private func signer(_ json: inout JSONWriter, doctor: String?, licence: String?) {
        json.object("who") { json in
            if let licence, !licence.isEmpty {
                json.object("identifier") { json in
                    json.field("system", FHIRSystem.staff)
                    json.field("value", licence)
                }
            }
            json.field("display", doctor)
        }
    }
}
