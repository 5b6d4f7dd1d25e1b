/// That a named operator of the auditor's may see one case for a few hours. The sites that take part in the case are told
/// at once, and one of them reviews it that is not the auditor's own. Who has a review that is late breaks no other glass.
package struct BreakGlass: Hashable, Sendable {
    package enum Reason: String, CaseIterable, Sendable, Codable {
        case sampleCheck = "sample-check"
        case complaint
        case incident
        case courtOrder = "court-order"
    }

    package enum Verdict: String, CaseIterable, Sendable, Codable {
        case justified
        case unjustified
    }

    /// What was asked for.
    package struct Opening: Hashable, Sendable, Codable {
        package var caseID: CaseID
        /// Who is told: the sites that take part in the case.
        package var sites: [SiteID]
        package var reason: Reason

        package init(caseID: CaseID, sites: [SiteID], reason: Reason) {
            self.caseID = caseID
            self.sites = sites
            self.reason = reason
        }
    }

    package struct Review: Hashable, Sendable {
        package var verdict: Verdict
        package var at: Instant
    }

    package static let duration = Span.hours(4)
    package static let reviewLimit = Span.hours(72)
    /// How long each site that was told is shown it, whoever has reviewed it.
    package static let noticePeriod = Span.days(7)

    package var id: TimeOrderedID
    package var opening: Opening
    package var operatorID: Principal
    package var openedAt: Instant
    package var review: Review?

    package var ends: Instant { openedAt + Self.duration }
    package var reviewDue: Instant { openedAt + Self.reviewLimit }

    package func isReviewLate(at now: Instant) -> Bool { review == nil && reviewDue <= now }

    /// Whether the sites that were told find it among what waits for them.
    package func isNoticed(at now: Instant) -> Bool { review == nil || now < openedAt + Self.noticePeriod }
}
