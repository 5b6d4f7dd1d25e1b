package import ConsiliumCore

extension FHIRAdapter {
    /// The `status` of a resource as `resource` wrote it; nil where its type has none.
    package static func status(of resource: [UInt8]) -> String? {
        guard let document = try? JSONDocument(resource) else { return nil }
        return try? document.root.text("status")
    }

    /// The resource `id` of a case, as JSON; nil when the case has none, or when nothing of it may be disclosed.
    ///
    /// Without disclosure (`record.application` nil) the ServiceRequest carries the flow only and says that it is
    /// masked. A Binary is written by `binary`, from the document's bytes.
    package static func resource(_ id: FHIRID, of record: CaseRecord) -> [UInt8]? {
        let facts = record.facts
        guard facts.id == id.caseID, let version = id.versionID(in: facts) else { return nil }
        let header = ResourceHeader(id: id.id, version: version, updated: facts.updatedAt)
        let tasks = TaskWriter(record: record)
        var json = JSONWriter()
        switch id.kind {
        case .request: request(of: record, header, &json)
        case .hubTask: tasks.hub(&json, header)
        case .offer(let number):
            guard let offer = facts.offers.first(where: { $0.number == number }) else { return nil }
            tasks.offer(offer, &json, header)
        case .review: tasks.review(&json, header)
        case .abort: tasks.abort(&json, header)
        case .patient:
            guard let writer = writer(of: record) else { return nil }
            writer.patient(&json, header)
        case .consent: consent(of: record, header, &json)
        case .report(let number):
            guard number == facts.reportNumber, let report = reportWriter(of: record) else { return nil }
            report.diagnosticReport(
                &json,
                header,
                status: facts.phase == .enteredInError ? "entered-in-error" : "final",
                issued: facts.reportedAt
            ) { json in forms(of: record, &json) }
        case .provenance(let number):
            guard number == facts.reportNumber, let report = reportWriter(of: record), let signature = record.signature
            else { return nil }
            report.provenance(
                &json,
                header,
                target: FHIRID(.report(number), of: facts.id).reference,
                recorded: facts.reportedAt ?? facts.updatedAt,
                version: nil,
                doctor: report.report[.expert],
                licence: report.report[.expertLicence],
                jws: signature,
                kind: nil
            )
        case .document(let name):
            guard let document = record.documents.first(where: { $0.id == name }) else { return nil }
            self.document(document, of: record, header, &json)
        case .binary: return nil
        }
        return json.bytes
    }

    // MARK: Parts

    private static func writer(of record: CaseRecord) -> ApplicationWriter? {
        guard var application = record.application else { return nil }
        // What the network decided on stands in the facts: a default, a mapping.
        if application[.priority] == nil { application[.priority] = record.facts.priority.rawValue }
        if application[.serviceKind] == nil { application[.serviceKind] = record.facts.serviceKind.rawValue }
        if application[.wantedDepartment] == nil {
            application[.wantedDepartment] = record.facts.department?.description
        }
        return ApplicationWriter(
            application: application,
            organization: "Organization/\(record.facts.requester.site)",
            patient: FHIRID(.patient, of: record.facts.id).reference
        )
    }

    private static func reportWriter(of record: CaseRecord) -> ReportWriter? {
        guard let report = record.report else { return nil }
        return ReportWriter(
            report: report,
            request: FHIRID(.request, of: record.facts.id).reference,
            patient: FHIRID(.patient, of: record.facts.id).reference,
            site: record.facts.acceptedOffer?.place.site
        )
    }

    private static func request(of record: CaseRecord, _ header: ResourceHeader, _ json: inout JSONWriter) {
        let facts = record.facts
        var header = header
        header.isMasked = record.application == nil
        json.object { json in
            header.write("ServiceRequest", &json)
            json.field("status", status(of: facts.phase))
            if let writer = writer(of: record) {
                writer.serviceRequest(&json)
                return
            }
            json.field("intent", "order")
            json.array("category") { json in
                json.object { json in json.conceptBody(FHIRSystem.serviceKind, facts.serviceKind.rawValue) }
            }
            json.field("priority", facts.priority.rawValue)
            json.masked("subject")
            json.field("authoredOn", facts.submittedAt.iso8601)
            json.reference("requester", "Organization/\(facts.requester.site)", display: record.requester.name)
            if let department = facts.department {
                json.concept(
                    "performerType",
                    FHIRSystem.department,
                    department.description,
                    display: department.name
                )
            }
        }
    }

    private static func status(of phase: Phase) -> String {
        switch phase {
        case .closed: "completed"
        case .cancelled: "revoked"
        case .enteredInError: "entered-in-error"
        default: "active"
        }
    }

    private static func consent(of record: CaseRecord, _ header: ResourceHeader, _ json: inout JSONWriter) {
        let facts = record.facts
        var elements = Elements<Element>()
        if let application = record.application {
            for element in Element.consent { elements[element] = application[element] }
        }
        elements[.consentState] = facts.consent.state.rawValue
        elements[.consentBasis] = facts.consent.basis == .unknown ? nil : facts.consent.basis.rawValue
        elements[.consentScope] = facts.consent.scope.map { $0.map(\.description).joined(separator: ",") } ?? "any"
        elements[.consentFeeTold] = facts.consent.feeTold ? "yes" : nil
        ConsentWriter(
            elements: elements,
            patient: record.application == nil ? nil : FHIRID(.patient, of: facts.id).reference,
            request: FHIRID(.request, of: facts.id).reference
        )
        .write(&json, header)
    }

    // MARK: Documents

    private static func forms(of record: CaseRecord, _ json: inout JSONWriter) {
        let forms = record.documents.filter { $0.id.hasPrefix("report-") }
        guard !forms.isEmpty else { return }
        json.array("presentedForm") { json in
            for form in forms { json.object { json in attachment(form, of: record, &json) } }
        }
    }

    private static func document(
        _ document: CaseRecord.Document,
        of record: CaseRecord,
        _ header: ResourceHeader,
        _ json: inout JSONWriter
    ) {
        json.object { json in
            header.write("DocumentReference", &json)
            json.field("status", record.facts.phase == .enteredInError ? "entered-in-error" : "current")
            json.reference("subject", FHIRID(.patient, of: record.facts.id).reference)
            json.array("content") { json in
                json.object { json in
                    json.object("attachment") { json in attachment(document, of: record, &json) }
                }
            }
            json.object("context") { json in
                json.array("related") { json in
                    json.object { json in json.field("reference", FHIRID(.request, of: record.facts.id).reference) }
                }
            }
        }
    }

    private static func attachment(_ document: CaseRecord.Document, of record: CaseRecord, _ json: inout JSONWriter) {
        json.extensions(true) { json in json.extensionText(FHIRExtension.sha256, document.sha256) }
        json.field("contentType", document.contentType)
        json.field("url", FHIRID(.binary(document.id), of: record.facts.id).reference)
        json.field("size", document.size)
        json.field("title", document.title)
    }

    /// A document's bytes as a `Binary`; a client that does not accept FHIR gets the bytes as they are.
    package static func binary(_ id: FHIRID, contentType: String, bytes: [UInt8]) -> [UInt8] {
        var json = JSONWriter(capacity: bytes.count / 3 * 4 + 256)
        json.object { json in
            json.field("resourceType", "Binary")
            json.field("id", id.id)
            json.field("contentType", contentType)
            json.field("data", base64: bytes)
        }
        return json.bytes
    }

    /// A member site as an `Organization`; its id is the organisation code.
    package static func organization(_ site: Site) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.field("resourceType", "Organization")
            json.field("id", site.id.description)
            json.array("identifier") { json in json.identifier(FHIRSystem.site, site.id.description) }
            json.field("active", site.status == .active)
            json.array("type") { json in
                json.object { json in json.conceptBody(FHIRSystem.institutionClass, site.institutionClass) }
                json.object { json in json.conceptBody(FHIRSystem.tier, site.tier.rawValue) }
            }
            json.field("name", site.name)
            if site.englishName != site.name { json.field("alias", strings: [site.englishName]) }
            if !site.dutyTelephone.isEmpty { json.telephone(site.dutyTelephone) }
        }
        return json.bytes
    }
}
