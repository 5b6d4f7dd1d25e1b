package import ConsiliumCore

extension FHIRAdapter {
    /// The request that carries `act` to the hub; nil when the act needs an `offer` and none is given, or has no form.
    ///
    /// `now` is written where R4 asks when something was recorded or signed.
    package static func encode(_ act: Act, on caseID: CaseID, offer: Int?, at now: Instant) -> FHIRRequestMessage? {
        let writer = ActWriter(caseID: caseID, now: now)
        let offerTask = offer.map { FHIRID(.offer($0), of: caseID) }
        switch act {
        case .accept(let appointment):
            return offerTask.map { writer.task($0, status: "accepted", note: appointment) }
        case .decline(let reason, let note):
            return offerTask.map {
                writer.task($0, status: "rejected", reason: (FHIRSystem.declineReason, reason.rawValue), note: note)
            }
        case .start:
            return offerTask.map { writer.task($0, status: "in-progress") }
        case .fail(let reason, let note):
            return offerTask.map {
                writer.task($0, status: "failed", reason: (FHIRSystem.failureReason, reason.rawValue), note: note)
            }
        case .report(let report, let signature):
            return offerTask.map { writer.report(report, signature, completing: $0) }
        case .close(let decision, let reason, let rating, let note):
            return writer.task(
                FHIRID(.review, of: caseID),
                status: "completed",
                reason: reason.map { (FHIRSystem.notAdoptedReason, $0.rawValue) },
                note: note
            ) { json in TaskWriter.outputs(decision: decision, rating: rating, &json) }
        case .note(let text):
            return writer.task(FHIRID(.hubTask, of: caseID), status: "received", note: text)
        case .cancel(let reason, let note):
            return writer.newTask("abort", note: note) { json in
                json.concept("reasonCode", FHIRSystem.cancelReason, reason.rawValue)
            }
        case .requeue(let site):
            return writer.newTask("resume", note: nil) { json in
                if let site { json.reference("owner", "Organization/\(site)") }
            }
        case .void(let note): return writer.void(note)
        case .recordConsent(let elements, _): return writer.consent(elements)
        case .withdrawConsent:
            var elements = Elements<Element>()
            elements[.consentState] = ConsentState.withdrawn.rawValue
            return writer.consent(elements)
        case .answer(let application): return writer.answer(application)
        case .recordOutcome, .rateTierAgain, .price, .settle, .dispute, .notYetOffered: return nil
        }
    }
}

/// Writes acts on one case: the reverse of `ActReader`.
private struct ActWriter {
    let caseID: CaseID
    let now: Instant

    private var request: FHIRID { FHIRID(.request, of: caseID) }
    private var patient: FHIRID { FHIRID(.patient, of: caseID) }
    private var consentID: FHIRID { FHIRID(.consent, of: caseID) }

    private func put(_ id: FHIRID, _ json: JSONWriter) -> FHIRRequestMessage {
        FHIRRequestMessage(method: "PUT", path: "/fhir/\(id.reference)", body: json.bytes)
    }

    // MARK: Tasks

    func task(
        _ id: FHIRID,
        status: String,
        reason: (system: String, code: String)? = nil,
        note: String? = nil,
        outputs: (inout JSONWriter) -> Void = { _ in }
    ) -> FHIRRequestMessage {
        var json = JSONWriter(capacity: 512)
        taskBody(id, status: status, reason: reason, note: note, outputs: outputs, &json)
        return put(id, json)
    }

    private func taskBody(
        _ id: FHIRID,
        status: String,
        reason: (system: String, code: String)? = nil,
        note: String? = nil,
        outputs: (inout JSONWriter) -> Void = { _ in },
        _ json: inout JSONWriter
    ) {
        json.object { json in
            ResourceHeader.local(id.id).write("Task", &json)
            json.field("status", status)
            if let reason { json.concept("statusReason", reason.system, reason.code) }
            json.field("intent", "order")
            json.reference("focus", request.reference)
            json.note(note)
            outputs(&json)
        }
    }

    func newTask(_ code: String, note: String?, _ members: (inout JSONWriter) -> Void) -> FHIRRequestMessage {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.field("resourceType", "Task")
            json.field("status", "requested")
            json.field("intent", "order")
            json.concept("code", FHIRSystem.taskCode, code)
            json.reference("focus", request.reference)
            members(&json)
            json.note(note)
        }
        return FHIRRequestMessage(method: "POST", path: "/fhir/Task", body: json.bytes)
    }

    // MARK: Report

    func report(_ report: Report, _ signature: Signature, completing task: FHIRID) -> FHIRRequestMessage {
        let writer = ReportWriter(report: report, request: request.reference, patient: patient.reference, site: nil)
        let size = report.attachments.reduce(4_096) { $0 + $1.bytes.count / 3 * 4 + 512 }
        let body = FHIRAdapter.transaction(messageID: nil, size: size) { json in
            json.entry(nil, method: "PUT", url: task.reference) { json in
                taskBody(
                    task,
                    status: "completed",
                    outputs: { json in
                        json.array("output") { json in
                            json.object { json in
                                json.concept("type", FHIRSystem.taskOutput, "report")
                                json.reference("valueReference", BundleAddress.report)
                            }
                        }
                    },
                    &json
                )
            }
            json.entry(BundleAddress.report, method: "POST", url: "DiagnosticReport") { json in
                writer.diagnosticReport(&json, .local(nil)) { json in
                    guard !report.attachments.isEmpty else { return }
                    json.array("presentedForm") { json in
                        for form in report.attachments { json.object { json in json.attachmentBody(form) } }
                    }
                }
            }
            json.entry(nil, method: "POST", url: "Provenance") { json in
                writer.provenance(
                    &json,
                    .local(nil),
                    target: BundleAddress.report,
                    recorded: now,
                    version: signature.caseVersion,
                    doctor: signature.doctor,
                    licence: signature.licence,
                    jws: signature.jws,
                    kind: signature.kind
                )
            }
        }
        return FHIRRequestMessage(method: "POST", path: "/fhir", body: body)
    }

    // MARK: Request and consent

    func void(_ note: String?) -> FHIRRequestMessage {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            ResourceHeader.local(request.id).write("ServiceRequest", &json)
            json.field("status", "entered-in-error")
            json.field("intent", "order")
            json.reference("subject", patient.reference)
            json.note(note)
        }
        return put(request, json)
    }

    func consent(_ elements: Elements<Element>) -> FHIRRequestMessage {
        var json = JSONWriter(capacity: 1_024)
        consent(elements, &json)
        return put(consentID, json)
    }

    private func consent(_ elements: Elements<Element>, _ json: inout JSONWriter) {
        ConsentWriter(elements: elements, patient: patient.reference, request: request.reference)
            .write(&json, .local(consentID.id))
    }

    /// Changed elements as an update of the request and of what hangs on it, in one transaction.
    func answer(_ application: Application) -> FHIRRequestMessage {
        let writer = ApplicationWriter(
            application: application,
            organization: nil,
            patient: patient.reference
        )
        let size = application.attachments.reduce(4_096) { $0 + $1.bytes.count / 3 * 4 + 512 }
        let body = FHIRAdapter.transaction(messageID: nil, size: size) { json in
            json.entry(nil, method: "PUT", url: request.reference) { json in
                json.object { json in
                    ResourceHeader.local(request.id).write("ServiceRequest", &json)
                    json.field("status", "active")
                    writer.serviceRequest(&json)
                }
            }
            json.entry(nil, method: "PUT", url: patient.reference) { json in
                writer.patient(&json, .local(patient.id))
            }
            if Element.consent.contains(where: { application[$0] != nil }) {
                json.entry(nil, method: "PUT", url: consentID.reference) { json in
                    consent(application.elements, &json)
                }
            }
            for attachment in application.attachments {
                json.entry(nil, method: "POST", url: "DocumentReference") { json in
                    FHIRAdapter.document(attachment, patient: patient.reference, &json)
                }
            }
        }
        return FHIRRequestMessage(method: "POST", path: "/fhir", body: body)
    }
}
