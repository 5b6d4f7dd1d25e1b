/// What one case counts as it stands, in which cells. Each figure says when a case enters its denominator and when it is
/// decided; a case entered in error counts in none.
struct CaseCount {
    private(set) var cells: [(key: MeasureTally.Key, counts: MeasureTally.Counts)] = []
    let facts: Consultation
    let trace: CaseTrace
    private let day: (Instant) -> CivilDay
    /// At the requesting site.
    let requester: MeasureStratum

    init(_ facts: Consultation, _ trace: CaseTrace, day: @escaping (Instant) -> CivilDay) {
        self.facts = facts
        self.trace = trace
        self.day = day
        requester = MeasureStratum(facts.requester, of: facts)
        guard facts.phase != .enteredInError else { return }
        countRequest()
        countRouting()
        countDeclines()
        countEmergency()
        countRoutine()
        countAcceptance()
        countReport()
        countClosure()
        countEpisode()
        countReferral()
        countSettlement()
    }

    mutating func add(
        _ figure: MeasureFigure,
        _ stratum: MeasureStratum,
        _ time: Instant,
        _ counts: MeasureTally.Counts
    ) {
        cells.append((MeasureTally.Key(figure, stratum, day(time)), counts))
    }

    /// Of the acceptance that stands: one whose session failed is none, until the case is accepted again.
    private var acceptedAt: Instant? { facts.acceptedAt }

    /// Whether the case may still come to what a figure waits for.
    private func mayCome(_ isThere: Bool) -> Int { isThere || facts.phase.isEnded ? 0 : 1 }

    /// Requests (SF2), their wait (SF4) and the mandatory elements of the application (IE3): from submission on. Elements
    /// are counted as the application came in, whatever was filled in later; the wait is decided by the acceptance.
    private mutating func countRequest() {
        add(.requests, requester, facts.submittedAt, .init(1, of: 1))
        let wait = acceptedAt.map { [minutes($0 - facts.submittedAt): 1] } ?? [:]
        add(
            .wait,
            requester,
            facts.submittedAt,
            .init(of: 1, undecided: mayCome(acceptedAt != nil), histogram: wait)
        )
        let required = ApplicationFacts.mandatoryCount
        add(.elements, requester, facts.submittedAt, .init(required - trace.missing, of: required))
    }

    /// A choice (MC1): every request, from submission on; decided by its first routing decision, so that a request that is
    /// never routed had none. Overrides (OF2): every decision, on its own day; see `RoutingDecision.overrides`.
    private mutating func countRouting() {
        add(
            .choice,
            requester,
            facts.submittedAt,
            .init((trace.eligible ?? 0) >= 2 ? 1 : 0, of: 1, undecided: mayCome(trace.eligible != nil))
        )
        for decision in trace.decisions {
            cells.append(
                (MeasureTally.Key(.overrides, requester, decision.day), .init(decision.isOverride ? 1 : 0, of: 1))
            )
        }
    }

    /// Declines, expired offers among them with the reason "no answer" (AC3; how many those are stands beside it), and
    /// whether the site was left alone after it (DR1): each on the day it ended, at the site that was asked.
    ///
    /// MC3: a request enters with its first decline, whichever sites hold offers beside, and is decided by its acceptance
    /// at a site that did not decline, by its deadline, which moves on by the pauses.
    private mutating func countDeclines() {
        let declines = facts.offers.filter(\.isDecline)
        for offer in declines {
            guard let endedAt = offer.endedAt else { continue }
            let asked = MeasureStratum(offer.place, of: facts)
            let isForced = facts.offers.contains { $0.number > offer.number && $0.place.site == offer.place.site }
            let isSilent = offer.state == .lapsed
            add(.honoured, asked, endedAt, .init(isForced ? 0 : 1, of: 1))
            add(.reasoned, asked, endedAt, .init(isSilent || offer.declineReason != nil ? 1 : 0, of: 1))
            add(.silent, asked, endedAt, .init(isSilent ? 1 : 0, of: 1))
        }
        guard let first = declines.compactMap(\.endedAt).min() else { return }
        let isElsewhere = facts.acceptedOffer.map { accepted in
            !declines.contains { $0.place.site == accepted.place.site }
        }
        let isInTime = acceptedAt.map { $0 <= facts.deadline } ?? false
        add(
            .placedElsewhere,
            requester,
            first,
            .init(isInTime && isElsewhere == true ? 1 : 0, of: 1, undecided: mayCome(acceptedAt != nil))
        )
    }

    /// AC1: a request that was stat at any time, from its submission; decided by its acceptance. Ten minutes run from
    /// submission by the wall clock, pauses included, whenever it became stat: raising a case late helps nobody.
    private mutating func countEmergency() {
        guard facts.everStat else { return }
        let wait = acceptedAt.map { $0 - facts.submittedAt }
        add(
            .emergencies,
            requester,
            facts.submittedAt,
            .init(
                wait.map { $0 <= Self.emergencyLimit } ?? false ? 1 : 0,
                of: 1,
                undecided: mayCome(acceptedAt != nil),
                histogram: wait.map { [minutes($0): 1] } ?? [:]
            )
        )
        guard let acceptedAt else { return }
        add(
            .firstAction,
            requester,
            facts.submittedAt,
            .init(
                of: 1,
                undecided: mayCome(facts.startedAt != nil),
                histogram: facts.startedAt.map { [minutes($0 - acceptedAt): 1] } ?? [:]
            )
        )
    }

    private static let emergencyLimit = Span.minutes(10)

    /// AC2: a request that was routine at any time and never stat, from its submission; decided by its signed report. The
    /// limit is the one that its acceptance named, with the clock stopped while the requester was asked.
    ///
    /// By the wall clock there is no exact share: the limit of a routine report is in working days of the site that accepts
    /// (`TimeLimit.workingDays`), its due time is reckoned from submission and the pauses before acceptance together, and
    /// the event carries that time alone. When it would have been without the pauses depends on a calendar that no fact of
    /// the case holds; the deadline at submission is that of the acceptance. Beside the share stand the least that can have
    /// been in time, those in time without any pause, and the hours by both clocks, the share of the time paused and of the
    /// requests asked for information.
    private mutating func countRoutine() {
        guard trace.wasRoutine, !facts.everStat else { return }
        let reportedAt = facts.reportedAt
        let isInTime = reportedAt.flatMap { at in trace.reportDue.map { at <= $0 } } ?? false
        let undecided = mayCome(reportedAt != nil)
        let elapsed = reportedAt.map { $0 - facts.submittedAt }
        func count(_ figure: MeasureFigure, _ isIn: Bool, _ hours: Span?) {
            let histogram = hours.map { [Int($0.milliseconds / 3_600_000): 1] } ?? [:]
            add(
                figure,
                requester,
                facts.submittedAt,
                .init(isIn ? 1 : 0, of: 1, undecided: undecided, histogram: histogram)
            )
        }
        count(.routine, isInTime, elapsed)
        count(.routineNet, isInTime, elapsed.map { $0 - facts.pausedFor })
        count(.routineUnpaused, isInTime && facts.pausedFor == .zero, nil)
        add(.informationAsked, requester, facts.submittedAt, .init(trace.wasAsked ? 1 : 0, of: 1))
        if let elapsed {
            add(.paused, requester, facts.submittedAt, .init(minutes(facts.pausedFor), of: minutes(elapsed)))
        }
    }

    /// MC2: an acceptance that stands, on its day, at the performing site, by the department that was asked for.
    private mutating func countAcceptance() {
        guard let offer = facts.acceptedOffer, let acceptedAt else { return }
        add(.acceptances, MeasureStratum(offer.place, of: facts), acceptedAt, .init(of: 1))
    }

    /// Each signed report, on its day, at the performing site.
    ///
    /// GR3: the gate refuses a signature that does not hold; what the facts can show again is that the signer saw no later
    /// version of the case than there was. PMR2: a register that was not kept vouches for nobody. PMR3: by who signed. IE3:
    /// the mandatory elements of the report.
    private mutating func countReport() {
        guard let report = trace.report, let offer = facts.acceptedOffer, let reportedAt = facts.reportedAt else {
            return
        }
        let performer = MeasureStratum(offer.place, of: facts)
        add(.signed, performer, reportedAt, .init(report.signatureIsValid ? 1 : 0, of: 1))
        add(.credentialed, performer, reportedAt, .init(report.credentialIsValid ? 1 : 0, of: 1))
        add(.experts, performer, reportedAt, .init(of: 1, shares: [report.licence: 1]))
        let required = ReportFacts.mandatory.count
        add(.elements, performer, reportedAt, .init(required - report.missing, of: required))
    }

    /// SF5: closed consults, on the day of closure; cover that is not known is none, and where it never was known there is
    /// no such figure.
    private mutating func countClosure() {
        guard facts.phase == .closed, let closedAt = facts.closedAt else { return }
        add(.assisted, requester, closedAt, .init(trace.medicalAssistance == true ? 1 : 0, of: 1))
        if trace.medicalAssistance != nil { add(.coverKnown, requester, closedAt, .init(of: 1)) }
    }

    /// Whole minutes.
    private func minutes(_ span: Span) -> Int { Int(span.milliseconds / 60_000) }
}

extension Offer {
    /// A site said no, or nothing before its lease ran out: silence stays in the denominators.
    fileprivate var isDecline: Bool { state == .declined || state == .lapsed }
}
