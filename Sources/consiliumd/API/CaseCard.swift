import ConsiliumCore
import ConsiliumLedger

/// A case as `/network/cases/CASE` tells it.
struct CaseCard: Encodable {
    struct Facts: Encodable {
        var phase: Phase
        var version: Int
        var requestVersion: Int
        var priority: Priority
        var prioritySource: PrioritySource
        var serviceKind: ServiceKind
        var department: DepartmentCode?
        var departmentName: String?
        var requester: SiteCard
        var performer: SiteCard?
        var submittedAt: Instant
        var deadline: Instant
        var reportNumber: Int
        var consent: ConsentState
        var consentBasis: ConsentBasis
        var gaps: [Gap]
        var missing: [String]
        var reason: String?
        var closure: ClosureDecision?
        var rating: Int?
    }

    struct OfferCard: Encodable {
        var number: Int
        var site: SiteCard
        var state: Offer.State
        var offeredAt: Instant
        var leaseDue: Instant
        var declineReason: DeclineReason?
        var version: Int
    }

    struct DocumentCard: Encodable {
        var id: String
        var title: String
        var contentType: String
        var size: Int
        var sha256: String
    }

    struct NoteCard: Encodable {
        var time: Instant
        var site: SiteID?
        var text: String
    }

    struct EventCard: Encodable {
        var sequence: Int
        var type: String
        var time: Instant
        var actor: String?
        var site: SiteID?
    }

    var `case`: CaseID
    var relation: String
    var facts: Facts
    var offers: [OfferCard]
    var application: [String: String]?
    var report: [String: String]?
    var signature: String?
    var documents: [DocumentCard]
    var notes: [NoteCard]
    var events: [EventCard]
}

extension CaseCard {
    init(_ view: CaseReader.View, in network: Network) {
        let record = view.record
        let facts = record.facts
        func card(_ site: SiteID) -> SiteCard { SiteCard(code: site, name: network.sites[site]?.name ?? "") }
        self.init(
            case: facts.id,
            relation: "\(view.relation)",
            facts: .init(
                phase: facts.phase,
                version: facts.version,
                requestVersion: facts.requestVersion,
                priority: facts.priority,
                prioritySource: facts.prioritySource,
                serviceKind: facts.serviceKind,
                department: facts.department,
                departmentName: facts.department?.name,
                requester: card(facts.requester.site),
                performer: facts.acceptedOffer.map { card($0.place.site) },
                submittedAt: facts.submittedAt,
                deadline: facts.deadline,
                reportNumber: facts.reportNumber,
                consent: facts.consent.state,
                consentBasis: facts.consent.basis,
                gaps: facts.gaps,
                missing: facts.missing.map(\.rawValue),
                reason: facts.unroutableReason?.rawValue,
                closure: facts.closure?.decision,
                rating: facts.closure?.rating
            ),
            offers: facts.offers.map {
                .init(
                    number: $0.number,
                    site: card($0.place.site),
                    state: $0.state,
                    offeredAt: $0.offeredAt,
                    leaseDue: $0.leaseDue,
                    declineReason: $0.declineReason,
                    version: $0.version
                )
            },
            application: record.application.map { application in
                Dictionary(uniqueKeysWithValues: application.elements.sorted.map { ($0.key.rawValue, $0.value) })
            },
            report: record.report.map { report in
                Dictionary(uniqueKeysWithValues: report.elements.sorted.map { ($0.key.rawValue, $0.value) })
            },
            signature: record.signature,
            documents: record.documents.map {
                .init(id: $0.id, title: $0.title, contentType: $0.contentType, size: $0.size, sha256: $0.sha256)
            },
            notes: record.notes.map { .init(time: $0.time, site: $0.site, text: $0.text) },
            events: view.history.map {
                .init(
                    sequence: $0.sequence,
                    type: $0.type,
                    time: $0.time,
                    actor: $0.actor?.description,
                    site: $0.site
                )
            }
        )
    }
}

/// A drawn case as `/network/cases/CASE` tells it to the site that is to rate its appropriate tier again.
struct RatingCard: Encodable {
    struct Facts: Encodable {
        var priority: Priority
        var serviceKind: ServiceKind
        var department: DepartmentCode?
        var departmentName: String?
        var ageBand: String
        var sex: Sex
    }

    var `case`: CaseID
    var relation: String
    var facts: Facts
    var application: [String: String]

    init(_ view: CaseReader.RatingView) {
        self.case = view.id
        relation = "rater"
        facts = Facts(
            priority: view.priority,
            serviceKind: view.serviceKind,
            department: view.department,
            departmentName: view.department?.name,
            ageBand: view.ageBand.rawValue,
            sex: view.sex
        )
        application = Dictionary(uniqueKeysWithValues: view.elements.map { ($0.element.rawValue, $0.text) })
    }
}
