extension Governance {
    /// The events that `command` leads to, or the reason why not. Pure.
    ///
    /// - Parameters:
    ///   - network: as it stands.
    ///   - exists: whether what a rating rests on can be found in the ledger.
    ///   - id: for what the command opens.
    package func decide(
        _ command: GovernanceCommand,
        by actor: Actor,
        at now: Instant,
        in network: Network,
        evidence exists: (Assessment.Evidence) -> Bool,
        id: TimeOrderedID
    ) throws(Refusal) -> [GovernanceEvent] {
        let desk = GovernanceDesk(governance: self, network: network, actor: actor, now: now)
        switch command {
        case .adopt(let version, let measures): return try desk.adopt(version, measures)
        case .recordPartner(let partner): return try desk.record(partner)
        case .recordContract(let contract): return try desk.record(contract)
        case .recordTariff(let tariff): return try desk.record(tariff)
        case .recordRulePack(let pack): return try desk.record(pack)
        case .recordObligation(let obligation): return try desk.record(obligation)
        case .recordEvidence(let evidence): return try desk.record(evidence)
        case .openFinding(let finding): return try desk.open(finding, id)
        case .closeFinding(let id, let document): return try desk.closeFinding(id, document)
        case .confirmFinding(let id): return try desk.confirmFinding(id)
        case .reopenFinding(let id): return try desk.reopenFinding(id)
        case .recordIncident(let incident): return try desk.record(incident, id)
        case .resolveIncident(let id): return try desk.resolveIncident(id)
        case .adoptRegions(let table): return try desk.adopt(table)
        case .approveSite(let site): return try desk.approve(site)
        case .passConformance(let site, let format): return try desk.passConformance(site, format)
        case .fileReturn(let content): return try desk.file(content)
        case .verifyChain(let records): return try desk.verifyChain(records)
        case .countExchanges(let day, let counts): return try desk.count(counts, on: day)
        case .sealSample(let seal): return try desk.seal(seal)
        case .revealSample(let reveal, let digest, let drawn): return try desk.reveal(reveal, digest, drawn)
        case .checkSample(let check, _): return try desk.check(check)
        case .breakGlass(let opening): return try desk.breakGlass(opening, id)
        case .reviewBreakGlass(let id, let verdict): return try desk.reviewBreakGlass(id, verdict)
        case .openAssessment(let period):
            let (model, _) = model(forPeriodFrom: period.from)
            let others = assessments.values.sorted { $0.id < $1.id }
            return try Assessment.open(period, in: model, others: others, by: actor, at: now)
                .map { .assessment(id, $0) }
        case .assess(let id, let command):
            guard let assessment = assessments[id] else {
                throw Refusal(.entryUnknown, at: "assessment", id.description)
            }
            return try assessment.decide(command, by: actor, evidence: exists).map { .assessment(id, $0) }
        }
    }
}

/// One command before the register: who asks, when, and what stands.
struct GovernanceDesk {
    let governance: Governance
    let network: Network
    let actor: Actor
    let now: Instant

    var today: CivilDay { governance.day(now) }

    // MARK: Who

    func requireAuditor() throws(Refusal) {
        guard actor.principal != nil, actor.roles.contains(.auditor) else {
            throw Refusal(.notPermitted, at: nil, Role.auditor.rawValue)
        }
    }

    func requireNetworkAdministrator() throws(Refusal) {
        guard isNetworkAdministrator else {
            throw Refusal(.notPermitted, at: nil, Role.networkAdministrator.rawValue)
        }
    }

    /// The site's own administrator, who alone speaks for what the site owns.
    func requireAdministrator(of site: SiteID) throws(Refusal) {
        try requireKnown(site)
        guard isAdministrator(of: site) else {
            throw Refusal(.notPermitted, at: nil, "\(Role.siteAdministrator.rawValue) of \(site)")
        }
    }

    /// The administrator of `site`, or the network's where there is no site.
    func requireOwner(_ site: SiteID?) throws(Refusal) {
        if let site { try requireAdministrator(of: site) } else { try requireNetworkAdministrator() }
    }

    var isNetworkAdministrator: Bool { actor.principal != nil && actor.roles.contains(.networkAdministrator) }

    func isAdministrator(of site: SiteID) -> Bool {
        actor.principal != nil && actor.site == site && actor.roles.contains(.siteAdministrator)
    }

    var isHub: Bool { actor.principal == nil }

    // MARK: What

    func requireKnown(_ site: SiteID) throws(Refusal) {
        guard network.sites[site] != nil else { throw Refusal(.siteUnknown, at: "site", site.description) }
    }

    func adopt(_ version: String, _ measures: [Measure]) throws(Refusal) -> [GovernanceEvent] {
        let base = governance.adoptions.all.last?.modelVersion ?? GovernanceModel.standard.version
        _ = try governance.adoptions.adopt(version, by: actor, at: now)
        try RegisterText.requireCode(version, at: "modelVersion")
        guard let model = governance.models[base] else { throw Refusal(.entryUnknown, at: "modelVersion", base) }
        if measures.isEmpty {
            guard governance.models[version] != nil else {
                throw Refusal(.invalidValue, at: "modelVersion", "a new version adds measures")
            }
            return [.modelAdopted(version: version, base: version, adding: [])]
        }
        for measure in measures where !MeasureFacts.canCarry(measure) {
            throw Refusal(.measureInvalid, at: measure.id, "goals in whole millionths")
        }
        guard measures.allSatisfy({ $0.texts.allSatisfy { $0.en.count <= 200 && $0.zh.count <= 200 } }) else {
            throw Refusal(.measureInvalid, at: "title, numerator, denominator, exclusions", "200 characters")
        }
        do throws(MeasureDefects) {
            _ = try model.adding(measures, version: version)
        } catch {
            let places = error.all.map { $0.measure.isEmpty ? $0.field : "\($0.measure).\($0.field)" }
            throw Refusal(
                .measureInvalid,
                at: places.joined(separator: ", "),
                error.all.map(\.description).joined(separator: "; ")
            )
        }
        return [.modelAdopted(version: version, base: base, adding: measures)]
    }

    func verifyChain(_ records: Int) throws(Refusal) -> [GovernanceEvent] {
        // Whoever else could put a day on record as verified would keep the hub from verifying it.
        guard isHub else { throw Refusal(.notPermitted, at: nil, "the hub verifies") }
        guard records >= 0 else { throw Refusal(.invalidValue, at: "records") }
        // Once a day is enough; every record of the ledger is one more to verify.
        if governance.verifiedDays[today] != nil { return [] }
        return [.chainVerified(today, records: records)]
    }

    func count(_ counts: [ExchangeCount], on day: CivilDay) throws(Refusal) -> [GovernanceEvent] {
        guard isHub else { throw Refusal(.notPermitted, at: nil, "the hub counts") }
        guard day <= today else { throw Refusal(.invalidValue, at: "day", "\(day) has not come") }
        var places: Set<String> = []
        for count in counts {
            let place = "\(count.site).\(count.format.rawValue)"
            try requireKnown(count.site)
            guard places.insert(place).inserted else { throw Refusal(.invalidValue, at: place, "twice") }
            guard count.received >= 0, (0...count.received).contains(count.acceptedAtFirst) else {
                throw Refusal(.invalidValue, at: place, "\(count.acceptedAtFirst) of \(count.received)")
            }
        }
        let some = counts.filter { $0.received > 0 }
        return some.isEmpty ? [] : [.exchangesCounted(day, some)]
    }
}

extension Measure {
    fileprivate var texts: [BilingualText] { [title, numerator, denominator] + exclusions }
}
