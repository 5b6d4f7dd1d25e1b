/// What is asked of an assessment.
package enum AssessmentCommand: Sendable, Equatable {
    case declare([Assessment.Rating])
    /// The first rating makes its auditor one of the assessment's.
    case rate(Assessment.Rating)
    case correct(Assessment.Rating)
    /// A whole sheet at once, each item rated or corrected: all of it is taken, or nothing.
    case fill([Assessment.Rating])
    case leave
    case sign
    case abandon
}

extension Assessment {
    /// The opening of an assessment of `period`, which has ended and overlaps none of `others` but abandoned ones. Pure.
    package static func open(
        _ period: Period,
        in model: GovernanceModel,
        others: [Assessment],
        by actor: Actor,
        at now: Instant
    ) throws(Refusal) -> [AssessmentEvent] {
        _ = try auditor(actor)
        guard period.from < period.to else { throw Refusal(.invalidValue, at: "period", "it is empty") }
        guard period.to <= now else { throw Refusal(.invalidValue, at: "period", "it has not ended") }
        if let other = others.first(where: { $0.state != .abandoned && $0.period.overlaps(period) }) {
            throw Refusal(.assessmentOverlaps, at: "period", other.id.description)
        }
        return [
            .opened(
                AssessmentEvent.Opened(
                    period: period,
                    questionnaireVersion: model.questionnaire.version,
                    modelVersion: model.version
                )
            )
        ]
    }

    /// The indicator that `item` names; refuses one that the questionnaire does not have.
    package static func indicator(_ item: String) throws(Refusal) -> Indicator {
        guard let indicator = Indicator(rawValue: item) else { throw Refusal(.unknownCode, at: "item", item) }
        return indicator
    }

    /// The events that `command` leads to, or the reason why not. Pure.
    ///
    /// `exists` says whether evidence can be found in the ledger.
    package func decide(
        _ command: AssessmentCommand,
        by actor: Actor,
        evidence exists: (Evidence) -> Bool
    ) throws(Refusal) -> [AssessmentEvent] {
        guard !state.isEnded else { throw Refusal(.wrongState, at: nil, state.rawValue) }
        switch command {
        case .declare(let ratings): return try declare(ratings, actor, exists)
        case .rate(let rating):
            let auditor = try rater(actor)
            try requireDue(rating.indicator)
            if sheet(of: auditor)?.ratings[rating.indicator] != nil {
                throw Refusal(.alreadyRated, at: rating.indicator.rawValue)
            }
            try Self.requireValid(rating, exists)
            return [.rated(auditor, rating)]
        case .correct(let rating):
            let auditor = try rater(actor)
            guard let before = sheet(of: auditor)?.ratings[rating.indicator] else {
                throw Refusal(.wrongState, at: rating.indicator.rawValue, "not rated yet")
            }
            try Self.requireValid(rating, exists)
            return before == rating ? [] : [.corrected(auditor, rating)]
        case .fill(let ratings): return try fill(ratings, rater(actor), exists)
        case .leave:
            let auditor = try rater(actor)
            guard sheet(of: auditor) != nil else { throw Refusal(.wrongState, at: nil, "takes no part") }
            return [.left(auditor)] + after(.left(auditor)).closing
        case .sign: return try sign(rater(actor))
        case .abandon:
            _ = try Self.auditor(actor)
            // A result that somebody dislikes is not made to go away.
            guard sheets.allSatisfy({ $0.signedAt == nil }) else { throw Refusal(.wrongState, at: nil, "signed") }
            return [.abandoned]
        }
    }

    private func declare(
        _ ratings: [Rating],
        _ actor: Actor,
        _ exists: (Evidence) -> Bool
    ) throws(Refusal) -> [AssessmentEvent] {
        guard let principal = actor.principal, actor.roles.contains(.networkAdministrator) else {
            throw Refusal(.notPermitted, at: nil, Role.networkAdministrator.rawValue)
        }
        if sheet(of: principal) != nil { throw Refusal(.notPermitted, at: nil, "audits it") }
        if selfDeclaration != nil { throw Refusal(.alreadyRated) }
        var declared: [Indicator: Rating] = [:]
        for rating in ratings {
            if declared[rating.indicator] != nil { throw Refusal(.alreadyRated, at: rating.indicator.rawValue) }
            try Self.requireValid(rating, exists)
            declared[rating.indicator] = rating
        }
        try Self.requireComplete(declared, Indicator.allCases)
        return [.selfDeclared(principal, declared)]
    }

    private func fill(
        _ ratings: [Rating],
        _ auditor: Principal,
        _ exists: (Evidence) -> Bool
    ) throws(Refusal) -> [AssessmentEvent] {
        let before = sheet(of: auditor)?.ratings ?? [:]
        var filled: Set<Indicator> = []
        var events: [AssessmentEvent] = []
        for rating in ratings {
            guard filled.insert(rating.indicator).inserted else {
                throw Refusal(.alreadyRated, at: rating.indicator.rawValue)
            }
            try requireDue(rating.indicator)
            try Self.requireValid(rating, exists)
            switch before[rating.indicator] {
            case nil: events.append(.rated(auditor, rating))
            case rating: break
            default: events.append(.corrected(auditor, rating))
            }
        }
        return events
    }

    private func sign(_ auditor: Principal) throws(Refusal) -> [AssessmentEvent] {
        try Self.requireComplete(sheet(of: auditor)?.ratings ?? [:], due)
        return [.signed(auditor)] + after(.signed(auditor)).closing
    }

    private func after(_ event: AssessmentEvent) -> Assessment {
        var next = self
        next.evolve(event, sequence: version, at: openedAt)
        return next
    }

    /// What follows when nobody's signature is awaited any more.
    private var closing: [AssessmentEvent] {
        guard sheets.count >= Self.leastAuditors, sheets.allSatisfy({ $0.signedAt != nil }) else { return [] }
        if state == .arbitration { return sheets.contains { $0.arbitrates } ? [.locked] : [] }
        let disputed = disagreements()
        return disputed.isEmpty ? [.locked] : [.arbitrationOpened(disputed)]
    }

    /// What is to be rated now.
    private var due: [Indicator] { state == .arbitration ? disputed : Indicator.allCases }

    private static func auditor(_ actor: Actor) throws(Refusal) -> Principal {
        guard let principal = actor.principal, actor.roles.contains(.auditor) else {
            throw Refusal(.notPermitted, at: nil, Role.auditor.rawValue)
        }
        guard principal.kind == .operator else { throw Refusal(.notPermitted, at: nil, "a named operator") }
        return principal
    }

    /// An auditor who may rate now: has not signed, did not declare what is assessed, is the only one of the site in the
    /// first round, and arbitrates only as the one further auditor.
    private func rater(_ actor: Actor) throws(Refusal) -> Principal {
        let auditor = try Self.auditor(actor)
        if selfDeclaration?.by == auditor { throw Refusal(.notPermitted, at: nil, "declared what is assessed") }
        if sheet(of: auditor)?.signedAt != nil { throw Refusal(.alreadyRated, at: nil, "signed") }
        if state == .rating, sheets.contains(where: { $0.auditor.site == auditor.site && $0.auditor != auditor }) {
            throw Refusal(.notPermitted, at: nil, "another auditor of \(auditor.site) rates")
        }
        if state == .arbitration, let arbiter = sheets.first(where: { $0.arbitrates }), arbiter.auditor != auditor {
            throw Refusal(.notPermitted, at: nil, "another auditor arbitrates")
        }
        return auditor
    }

    private func requireDue(_ indicator: Indicator) throws(Refusal) {
        guard due.contains(indicator) else {
            throw Refusal(.wrongState, at: indicator.rawValue, "the auditors agree on it")
        }
    }

    private static func requireComplete(
        _ ratings: [Indicator: Rating],
        _ due: [Indicator]
    ) throws(Refusal) {
        let missing = due.filter { ratings[$0] == nil }.map(\.rawValue)
        guard missing.isEmpty else { throw Refusal(.assessmentIncomplete, at: missing.joined(separator: ", ")) }
    }

    private static func requireValid(_ rating: Rating, _ exists: (Evidence) -> Bool) throws(Refusal) {
        let item = rating.indicator.rawValue
        guard Questionnaire.scale.contains(rating.value) else { throw Refusal(.invalidValue, at: item, "0 to 4") }
        if rating.indicator == .ownerFunctions {
            guard let halves = rating.halves, halves.isValid, halves.rating == rating.value else {
                throw Refusal(.invalidValue, at: item, "two halves of 0 to 2 that add up to the rating")
            }
        } else if rating.halves != nil {
            throw Refusal(.invalidValue, at: item, "it has no halves")
        }
        guard !rating.evidence.isEmpty, rating.evidence.allSatisfy({ !$0.reference.isEmpty }) else {
            throw Refusal(.evidenceMissing, at: item)
        }
        guard rating.evidence.count <= mostEvidence, Set(rating.evidence).count == rating.evidence.count else {
            throw Refusal(.invalidValue, at: item, "at most \(mostEvidence) links, each once")
        }
        for evidence in rating.evidence where !exists(evidence) {
            throw Refusal(.evidenceUnknown, at: item, "\(evidence.kind.rawValue) \(evidence.reference)")
        }
    }
}
