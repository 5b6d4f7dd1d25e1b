/// What the measures need of one case beyond its state: what events said once and the state does not keep.
///
/// A few hundred bytes a case, kept until the fold is dropped: a case may be entered in error long after its closure, and
/// then nothing of it may stay counted.
struct CaseTrace: Sendable, Equatable {
    struct Decision: Sendable, Equatable {
        var day: CivilDay
        var isOverride: Bool
    }

    struct SignedReport: Sendable, Equatable {
        var licence: String
        var credentialIsValid: Bool
        var signatureIsValid: Bool
        var missing: Int
    }

    /// Whether the case's submission was taken.
    var hasBegun = false
    /// At submission or at any later time.
    var wasRoutine = false
    /// Mandatory elements that the application lacked when it came in.
    var missing = 0
    /// nil: unknown.
    var medicalAssistance: Bool?
    var wasAsked = false
    var decisions: [Decision] = []
    /// Of the first routing decision.
    var eligible: Int?
    /// The agreed limit of the acceptance that stands: the clock stood still while the requester was asked.
    var reportDue: Instant?
    var report: SignedReport?
    var episode = EpisodeTrace()
    var settlement = SettlementTrace()

    // A case and the record of who was shown it are two streams, read in any order: what the latter's figure needs of the
    // former stands here too.
    var requester: MeasureStratum?
    var isVoid = false
    /// When consent was first on record with a page or an archive number.
    var evidencedAt: Instant?
    /// The first disclosure to each site.
    var disclosures: [SiteID: Instant] = [:]

    mutating func take(_ event: Event, before: Consultation?, after: Consultation, at time: Instant, on day: CivilDay) {
        switch event {
        case .submitted(let facts):
            hasBegun = true
            missing = facts.missing.count
            medicalAssistance = facts.medicalAssistance
        case .amended(let facts): medicalAssistance = facts.medicalAssistance ?? medicalAssistance
        case .informationRequested: wasAsked = true
        case .offered(let facts): decide(facts.decision, before: before, on: day)
        case .unroutable(let facts): if let decision = facts.decision { decide(decision, before: before, on: day) }
        case .accepted(let facts): reportDue = facts.reportDue
        case .reported(let facts):
            report = SignedReport(
                licence: facts.licence,
                credentialIsValid: facts.credential == .valid,
                signatureIsValid: facts.caseVersion <= before?.version ?? 0,
                missing: facts.missing.count
            )
        default: break
        }
        episode.take(event, requester: after.requester, at: time)
        settlement.take(event, at: time)
        wasRoutine = wasRoutine || after.priority == .routine
        if evidencedAt == nil, after.consent.hasEvidence, after.consent.permitsDisclosure { evidencedAt = time }
        requester = MeasureStratum(after.requester, of: after)
        isVoid = after.phase == .enteredInError
    }

    private mutating func decide(_ decision: RoutingDecision, before: Consultation?, on day: CivilDay) {
        eligible = eligible ?? decision.eligible
        decisions.append(Decision(day: day, isOverride: before.map { decision.overrides($0) } ?? false))
    }
}

extension MeasureStratum {
    /// `place` in a case as it stands.
    init(_ place: Place, of facts: Consultation) {
        self.init(place, department: facts.department, priority: facts.everStat ? .stat : facts.priority)
    }
}

extension RoutingDecision {
    /// Whether this goes against what a site had decided: a site is asked that had declined, or the coordination office
    /// sends the case elsewhere than to the site that the requester named and that has not answered.
    ///
    /// The office's help for a case that nobody had decided about is no override.
    fileprivate func overrides(_ facts: Consultation) -> Bool {
        let declined = Set(facts.offers.filter { $0.state == .declined }.map(\.place.site))
        if chosen.contains(where: { declined.contains($0.site) }) { return true }
        guard let only, let wanted = facts.wantedSite else { return false }
        return only != wanted && !facts.answered.contains(wanted)
    }
}
