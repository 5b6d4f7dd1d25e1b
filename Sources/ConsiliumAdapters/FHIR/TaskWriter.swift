import ConsiliumCore

/// Writes the Tasks of a case: the hub's, one per offer, the review and the cancellation (WORKFLOW.md table A).
struct TaskWriter {
    let record: CaseRecord

    private var facts: Consultation { record.facts }
    private var request: String { FHIRID(.request, of: facts.id).reference }
    private var requester: String { "Organization/\(facts.requester.site)" }

    // MARK: The hub's Task

    func hub(_ json: inout JSONWriter, _ header: ResourceHeader) {
        json.object { json in
            header.write("Task", &json)
            json.field("status", Self.status(of: facts.phase))
            switch facts.phase {
            case .infoNeeded:
                json.object("statusReason") { json in
                    json.array("coding") { json in
                        for gap in facts.gaps {
                            json.object { json in json.coding(FHIRSystem.gap, gap.rawValue) }
                        }
                    }
                }
            case .unroutable:
                if let reason = facts.unroutableReason {
                    json.concept("statusReason", FHIRSystem.unroutableReason, reason.rawValue)
                }
            default: break
            }
            businessStatus(BusinessStatus(facts.phase), &json)
            common("coordination", &json)
            json.field("authoredOn", facts.submittedAt.iso8601)
            json.field("lastModified", facts.updatedAt.iso8601)
            json.reference("requester", requester)
            if let offer = facts.acceptedOffer { json.reference("owner", "Organization/\(offer.place.site)") }
            notes(&json)
            due(facts.deadline, &json)
        }
    }

    private static func status(of phase: Phase) -> String {
        switch phase {
        case .submitted: "requested"
        case .infoNeeded, .queued, .offered, .failed: "received"
        case .unroutable: "on-hold"
        case .accepted: "accepted"
        case .inSession, .reported: "in-progress"
        case .closed: "completed"
        case .cancelled: "cancelled"
        case .enteredInError: "entered-in-error"
        }
    }

    private func notes(_ json: inout JSONWriter) {
        guard !record.notes.isEmpty else { return }
        json.array("note") { json in
            for note in record.notes {
                json.object { json in
                    if let site = note.site { json.reference("authorReference", "Organization/\(site)") }
                    json.field("time", note.time.iso8601)
                    json.field("text", note.text)
                }
            }
        }
    }

    // MARK: Offers

    func offer(_ offer: Offer, _ json: inout JSONWriter, _ header: ResourceHeader) {
        json.object { json in
            header.write("Task", &json)
            json.array("partOf") { json in
                json.object { json in json.field("reference", FHIRID(.hubTask, of: facts.id).reference) }
            }
            json.field("status", status(of: offer))
            if let reason = offer.declineReason {
                json.concept("statusReason", FHIRSystem.declineReason, reason.rawValue)
            }
            businessStatus(businessStatus(of: offer), &json)
            common("fulfill", &json)
            json.field("authoredOn", offer.offeredAt.iso8601)
            json.field("lastModified", (offer.endedAt ?? offer.offeredAt).iso8601)
            json.reference("requester", requester)
            json.array("performerType") { json in
                json.object { json in
                    json.conceptBody(
                        FHIRSystem.department,
                        offer.department.description,
                        display: offer.department.name
                    )
                }
            }
            json.reference("owner", "Organization/\(offer.place.site)")
            due(offer.leaseDue, &json)
            if offer.state == .accepted, facts.reportNumber > 0, facts.phase == .reported || facts.phase == .closed {
                json.array("output") { json in
                    json.object { json in
                        json.concept("type", FHIRSystem.taskOutput, "report")
                        json.reference("valueReference", FHIRID(.report(facts.reportNumber), of: facts.id).reference)
                    }
                }
            }
        }
    }

    private func status(of offer: Offer) -> String {
        switch offer.state {
        case .live: "requested"
        case .declined: "rejected"
        case .lapsed, .withdrawn: "cancelled"
        case .failed: "failed"
        case .accepted:
            switch facts.phase {
            case .inSession: "in-progress"
            case .reported, .closed: "completed"
            case .cancelled: "cancelled"
            case .enteredInError: "entered-in-error"
            default: "accepted"
            }
        }
    }

    private func businessStatus(of offer: Offer) -> BusinessStatus {
        switch offer.state {
        case .live: .offered
        case .declined: .declined
        case .lapsed: .lapsed
        case .withdrawn: .withdrawn
        case .failed: .failed
        case .accepted: BusinessStatus(facts.phase)
        }
    }

    // MARK: Review and cancellation

    /// The requester's acknowledgement of the report.
    func review(_ json: inout JSONWriter, _ header: ResourceHeader) {
        json.object { json in
            header.write("Task", &json)
            let isOver = facts.phase == .closed
            json.field(
                "status",
                isOver ? "completed" : facts.phase == .enteredInError ? "entered-in-error" : "requested"
            )
            if let reason = facts.closure?.reason {
                json.concept("statusReason", FHIRSystem.notAdoptedReason, reason.rawValue)
            }
            businessStatus(BusinessStatus(facts.phase), &json)
            common("review", &json)
            json.field("authoredOn", facts.reportedAt?.iso8601)
            json.field("lastModified", (facts.closedAt ?? facts.updatedAt).iso8601)
            json.reference("owner", requester)
            if let timer = facts.timers.first(where: { $0.kind == .acknowledgement }) { due(timer.due, &json) }
            json.array("input") { json in
                json.object { json in
                    json.concept("type", FHIRSystem.taskOutput, "report")
                    json.reference("valueReference", FHIRID(.report(facts.reportNumber), of: facts.id).reference)
                }
            }
            if let closure = facts.closure {
                Self.outputs(decision: closure.decision, rating: closure.rating, &json)
            }
        }
    }

    static func outputs(decision: ClosureDecision, rating: Int?, _ json: inout JSONWriter) {
        json.array("output") { json in
            json.object { json in
                json.concept("type", FHIRSystem.taskOutput, ReviewOutput.decision.rawValue)
                json.concept("valueCodeableConcept", FHIRSystem.closureDecision, decision.rawValue)
            }
            if let rating {
                json.object { json in
                    json.concept("type", FHIRSystem.taskOutput, ReviewOutput.rating.rawValue)
                    json.field("valueInteger", rating)
                }
            }
        }
    }

    /// The cancellation that was asked for and done.
    func abort(_ json: inout JSONWriter, _ header: ResourceHeader) {
        json.object { json in
            header.write("Task", &json)
            json.field("status", "completed")
            businessStatus(.cancelled, &json)
            json.field("intent", "order")
            json.concept("code", FHIRSystem.taskCode, "abort")
            json.reference("focus", request)
            json.field("lastModified", facts.updatedAt.iso8601)
            json.reference("requester", requester)
        }
    }

    // MARK: Parts

    private func common(_ code: String, _ json: inout JSONWriter) {
        json.field("intent", "order")
        json.field("priority", facts.priority.rawValue)
        json.concept("code", code == "fulfill" ? FHIRSystem.taskCode : FHIRSystem.taskKind, code)
        json.reference("focus", request)
        if record.application != nil { json.reference("for", FHIRID(.patient, of: facts.id).reference) }
    }

    private func businessStatus(_ status: BusinessStatus, _ json: inout JSONWriter) {
        json.concept("businessStatus", FHIRSystem.businessStatus, status.rawValue)
    }

    private func due(_ instant: Instant, _ json: inout JSONWriter) {
        json.object("restriction") { json in
            json.object("period") { json in json.field("end", instant.iso8601) }
        }
    }
}

extension BusinessStatus {
    init(_ phase: Phase) {
        switch phase {
        case .submitted: self = .created
        case .infoNeeded: self = .awaitingInformation
        case .queued: self = .queued
        case .offered: self = .offered
        case .accepted: self = .accepted
        case .inSession: self = .inSession
        case .reported: self = .reportAvailable
        case .failed: self = .failed
        case .unroutable: self = .deadLetter
        case .closed: self = .loopClosed
        case .cancelled, .enteredInError: self = .cancelled
        }
    }
}
