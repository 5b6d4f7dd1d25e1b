import ConsiliumCore

/// Reads the acts on a case: each has one FHIR form (Protocols/FHIR, "Acts").
struct ActReader {
    let bundle: FHIRBundle
    let profile: ExchangeProfile

    // MARK: ServiceRequest

    /// An update of the request: an answer or amendment, or "entered in error".
    func request(_ entry: FHIREntry, target: FHIRID) throws(FormatError) -> FHIRInteraction {
        let value = entry.resource.value
        switch try value.requiredText("status") {
        case "entered-in-error":
            try entry.resource.open()
            _ = try value.requiredText("intent")
            let note = try value.annotations("note")
            value.markAll()
            return FHIRInteraction(.void(note: note), on: target, entry: entry)
        case "revoked":
            throw value.error(.unsupportedEvent, at: "status", "cancel by a Task with code abort")
        case "completed":
            throw value.error(.unsupportedEvent, at: "status", "close by completing the review Task")
        case "on-hold", "draft":
            return FHIRInteraction(.notYetOffered("on-hold"), on: target, entry: entry)
        default:
            var reader = ApplicationReader(bundle, profile: profile)
            try reader.read(entry.resource, isUpdate: true)
            var interaction = FHIRInteraction(.answer(reader.application), on: target, entry: entry)
            interaction.submission.statedSite = reader.submission.statedSite
            interaction.submission.departmentUnmapped = reader.submission.departmentUnmapped
            return interaction
        }
    }

    // MARK: Consent

    func consent(_ entry: FHIREntry) throws(FormatError) -> FHIRInteraction {
        let value = entry.resource.value
        let target: FHIRID
        if entry.method == .put {
            guard let stated = entry.target, stated.kind == .consent else {
                throw value.error(.danglingReference, at: "id", "no such resource")
            }
            target = stated
        } else {
            target = FHIRID(.consent, of: try caseOf(consent: value))
        }
        var reader = ApplicationReader(bundle, profile: profile)
        try reader.readConsent(entry.resource)
        if reader.application[.consentState] == ConsentState.withdrawn.rawValue {
            return FHIRInteraction(.withdrawConsent, on: target, entry: entry)
        }
        if !reader.application.attachments.isEmpty {
            throw value.error(
                .unsupportedEvent,
                at: "sourceAttachment",
                "send the page as a DocumentReference with an update of the ServiceRequest"
            )
        }
        return FHIRInteraction(.recordConsent(reader.application.elements), on: target, entry: entry)
    }

    /// `Consent.provision.data.reference` names the ServiceRequest that a new Consent is for.
    private func caseOf(consent value: JSONValue) throws(FormatError) -> CaseID {
        for data in try value.object("provision")?.objects("data") ?? [] {
            data.member("meaning")?.markAll()
            if let reference = try data.object("reference"), let address = try reference.text("reference"),
                let id = FHIRID(reference: address), id.kind == .request
            {
                return id.caseID
            }
        }
        throw value.error(.missing, at: "provision.data.reference", "the ServiceRequest that the consent is for")
    }

    // MARK: Task

    func task(_ entry: FHIREntry) throws(FormatError) -> FHIRInteraction {
        let value = entry.resource.value
        try entry.resource.open()
        let status = try value.requiredText("status")
        guard try value.requiredText("intent") == "order" else {
            throw value.error(.invalidValue, at: "intent", "Tasks of this network have intent order")
        }
        for name in ["for", "authoredOn", "lastModified", "partOf", "basedOn", "description"] as [StaticString] {
            value.member(name)?.markAll()
        }
        if entry.method == .post { return try newTask(entry) }
        guard let target = entry.target else { throw value.error(.danglingReference, at: "id", "no such resource") }
        for name in ["code", "priority", "requester", "owner", "restriction"] as [StaticString] {
            value.member(name)?.markAll()
        }
        try checkIsAbout(value.object("focus"), target.caseID)
        let act: Act
        switch target.kind {
        case .offer: act = try offer(value, status: status, of: target.caseID)
        case .review: act = try review(value, status: status)
        case .hubTask:
            guard let text = try value.objects("note").last?.requiredText("text") else {
                throw value.error(.unsupportedEvent, at: "status", "the hub's own Task takes notes only")
            }
            for note in try value.objects("note") { note.markAll() }
            value.member("businessStatus")?.markAll()
            act = .note(text)
        default: throw value.error(.unsupportedEvent, at: "id", "this Task is not updated")
        }
        return FHIRInteraction(act, on: target, entry: entry)
    }

    /// A reference to a ServiceRequest, where there is one, names the case that is acted on.
    private func checkIsAbout(_ reference: JSONValue?, _ caseID: CaseID) throws(FormatError) {
        guard let reference, let address = try reference.text("reference") else { return }
        reference.markAll()
        guard FHIRID(reference: address) == FHIRID(.request, of: caseID) else {
            throw reference.error(.invalidValue, at: "reference", "not the ServiceRequest of this Task")
        }
    }

    private func newTask(_ entry: FHIREntry) throws(FormatError) -> FHIRInteraction {
        let value = entry.resource.value
        guard let focus = try value.object("focus") else {
            throw value.error(.missing, at: "focus", "the ServiceRequest that the Task is about")
        }
        guard let id = FHIRID(reference: try focus.requiredText("reference")), id.kind == .request else {
            throw focus.error(.danglingReference, at: "reference", "not a ServiceRequest of this network")
        }
        guard let code = try value.object("code") else { throw value.error(.missing, at: "code", "mandatory here") }
        var name = ""
        for coding in try code.objects("coding") {
            coding.member("system")?.markAll()
            name = try coding.text("code") ?? name
        }
        value.member("requester")?.markAll()
        switch name {
        case "abort":
            guard let reason: CancelReason = try value.concept("reasonCode", in: FHIRSystem.cancelReason) else {
                throw value.error(.missing, at: "reasonCode", "a coded reason is needed")
            }
            let note = try value.annotations("note")
            return FHIRInteraction(.cancel(reason, note: note), on: FHIRID(.abort, of: id.caseID), entry: entry)
        case "resume":
            var site: SiteID?
            if let owner = try value.object("owner") {
                site = try ApplicationReader(bundle, profile: profile).organization(at: owner, in: value).1
                guard site != nil else { throw owner.error(.invalidValue, "not an organisation of this network") }
            }
            return FHIRInteraction(.requeue(site: site), on: FHIRID(.hubTask, of: id.caseID), entry: entry)
        default:
            throw code.error(.unsupportedEvent, at: "coding", "Tasks are created with code abort or resume only")
        }
    }

    // MARK: Offer

    private func offer(_ value: JSONValue, status: String, of caseID: CaseID) throws(FormatError) -> Act {
        if let step: BusinessStatus = try value.concept("businessStatus", in: FHIRSystem.businessStatus) {
            if step.isNotYetOffered { return .notYetOffered(step.rawValue) }
        }
        let note = try value.annotations("note")
        switch status {
        case "accepted":
            return .accept(appointment: note)
        case "rejected":
            guard let reason: DeclineReason = try value.concept("statusReason", in: FHIRSystem.declineReason) else {
                throw value.error(.missing, at: "statusReason", "a coded reason is needed")
            }
            return .decline(reason, note: note)
        case "in-progress": return .start
        case "failed":
            guard let reason: FailureReason = try value.concept("statusReason", in: FHIRSystem.failureReason) else {
                throw value.error(.missing, at: "statusReason", "a coded reason is needed")
            }
            return .fail(reason, note: note)
        case "completed":
            value.member("output")?.markAll()
            for report in bundle.entries(of: "DiagnosticReport") {
                for reference in try report.resource.value.objects("basedOn") { try checkIsAbout(reference, caseID) }
            }
            let (report, signature) = try ReportReader(bundle: bundle, profile: profile).read()
            return .report(report, signature)
        case "received": return .notYetOffered("awaiting-information")
        case "on-hold": return .notYetOffered("on-hold")
        case "draft", "requested", "ready", "cancelled", "entered-in-error":
            throw value.error(.unsupportedEvent, at: "status", "a site does not set this status")
        default: throw value.error(.unknownCode, at: "status", "not a code of task-status")
        }
    }

    // MARK: Review

    /// Closure: the review Task completed, with the decision and the rating as outputs.
    private func review(_ value: JSONValue, status: String) throws(FormatError) -> Act {
        guard status == "completed" else {
            throw value.error(.unsupportedEvent, at: "status", "the review Task is completed or left alone")
        }
        var decision: ClosureDecision?
        var rating: Int?
        value.member("businessStatus")?.markAll()
        for output in try value.objects("output") {
            guard let kind: ReviewOutput = try output.concept("type", in: FHIRSystem.taskOutput) else { continue }
            switch kind {
            case .decision: decision = try output.concept("valueCodeableConcept", in: FHIRSystem.closureDecision)
            case .rating:
                rating = try output.integer("valueInteger")
                guard let rating, (1...5).contains(rating) else {
                    throw output.error(.invalidValue, at: "valueInteger", "a rating is 1 to 5")
                }
            }
        }
        guard let decision else { throw value.error(.missing, at: "output", "the decision: adopted, partly or not") }
        return .close(
            decision,
            reason: try value.concept("statusReason", in: FHIRSystem.notAdoptedReason),
            rating: rating,
            note: try value.annotations("note")
        )
    }
}

/// Outputs of the review Task.
enum ReviewOutput: String {
    case decision
    case rating
}
