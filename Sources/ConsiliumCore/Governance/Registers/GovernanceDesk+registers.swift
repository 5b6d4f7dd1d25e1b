/// Registers, each written by the party that owns the fact.
extension GovernanceDesk {
    func record(_ partner: Partner) throws(Refusal) -> [GovernanceEvent] {
        try requireNetworkAdministrator()
        // As narrow as a site's code, so that every partner can be given a line of a settlement.
        guard let code = SiteID(partner.id) else {
            throw Refusal(.invalidValue, at: "id", "1 to 32 letters, digits and '-'")
        }
        if network.sites[code] != nil {
            throw Refusal(.entryExists, at: "id", "a site of that code")
        }
        try partner.days.require(at: "days")
        let before = governance.partners[partner.id]
        if before == partner { return [] }
        // Who was a partner on days that are past stays one (IDR2 counts by it).
        if let before, before.days.from < today {
            guard before.isOnlyEnded(in: partner, on: today) else {
                throw Refusal(.invalidValue, at: "days", "only an end that has not come can be moved")
            }
        }
        return [.partnerRecorded(partner)]
    }

    func record(_ contract: Contract) throws(Refusal) -> [GovernanceEvent] {
        try RegisterText.requireCode(contract.id, at: "id")
        let before = governance.contracts[contract.id]
        // Whoever amends a contract must have been party to it, too.
        let parties = Set(contract.shares.map(\.party)).intersection(before?.shares.map(\.party) ?? contract.parties)
        let isParty = parties.contains { SiteID($0).map(isAdministrator) ?? false }
        guard isNetworkAdministrator || isParty else {
            throw Refusal(.notPermitted, at: nil, "\(Role.siteAdministrator.rawValue) of a party")
        }
        for (index, party) in contract.parties.enumerated() { try requireParty(party, at: "shares[\(index)].party") }
        try Share.require(contract.shares, at: "shares")
        guard contract.shares.count >= 2 else { throw Refusal(.invalidValue, at: "shares", "at least two parties") }
        try contract.days.require(at: "days")
        if let document = contract.document { try RegisterText.requireDigest(document, at: "document") }
        if before == contract { return [] }
        if let before { try requireForward(contract, before) }
        return [.contractRecorded(contract)]
    }

    /// What a complete contract was on days that are past stays (IDR2 counts by it): once it holds, nothing moves but an
    /// end that has not come, to a day that has not passed. Other terms are another contract.
    private func requireForward(_ contract: Contract, _ before: Contract) throws(Refusal) {
        if contract.days.from >= today, !before.isComplete || before.days.from >= today { return }
        guard before.isOnlyEnded(in: contract, on: today) else {
            throw Refusal(
                .invalidValue,
                at: "days",
                before.isComplete
                    ? "only an end that has not come can be moved; other terms are a contract of another identifier"
                    : "an amendment holds from \(today) at the earliest"
            )
        }
    }

    func record(_ tariff: Tariff) throws(Refusal) -> [GovernanceEvent] {
        try requireKnown(tariff.site)
        switch tariff.setBy {
        case .site: try requireAdministrator(of: tariff.site)
        case .admin: try requireNetworkAdministrator()
        case .nobody: throw Refusal(.invalidValue, at: "setBy", "site, admin")
        }
        guard (0...100_000_000).contains(tariff.fee) else { throw Refusal(.invalidValue, at: "fee", "in fen") }
        for (index, share) in tariff.shares.enumerated() { try requireParty(share.party, at: "shares[\(index)].party") }
        try Share.require(tariff.shares, at: "shares")
        guard let last = governance.tariffs[tariff.key]?.last else { return [.tariffRecorded(tariff)] }
        if last == tariff { return [] }
        // What was priced stays priced as it was.
        guard tariff.from > last.from || (last.from > today && tariff.from > today) else {
            throw Refusal(.entryExists, at: "from", "the tariff of \(last.from) stands")
        }
        return [.tariffRecorded(tariff)]
    }

    func record(_ pack: RulePack) throws(Refusal) -> [GovernanceEvent] {
        try requireNetworkAdministrator()
        try RegisterText.requireCode(pack.id, at: "id")
        try RegisterText.requireCode(pack.version, at: "version")
        try RegisterText.requireCitation(pack.source, at: "source")
        try RegisterText.requireCitation(pack.article, at: "article")
        try pack.days.require(at: "days")
        let versions = governance.rulePacks[pack.id] ?? []
        if versions.contains(pack) { return [] }
        // Of a version that stands nothing moves but an end that has not come, so that another can follow.
        if let known = versions.first(where: { $0.version == pack.version }) {
            guard known.isOnlyEnded(in: pack, on: today) else {
                throw Refusal(.entryExists, at: "version", pack.version)
            }
        }
        if let other = versions.first(where: { $0.version != pack.version && $0.days.overlaps(pack.days) }) {
            let end = other.days.through.map(\.description) ?? "…"
            throw Refusal(.rulePackOverlaps, at: pack.id, "version \(other.version): \(other.days.from)/\(end)")
        }
        return [.rulePackRecorded(pack)]
    }

    func record(_ obligation: Obligation) throws(Refusal) -> [GovernanceEvent] {
        try requireNetworkAdministrator()
        try RegisterText.requireCode(obligation.id, at: "id")
        try RegisterText.requireCitation(obligation.source, at: "source")
        try RegisterText.requireCitation(obligation.article, at: "article")
        if let owner = obligation.owner { try requireKnown(owner) }
        try obligation.days.require(at: "days")
        let before = governance.obligations[obligation.id]
        if before == obligation { return [] }
        if let through = obligation.days.through, through < today, through != before?.days.through {
            throw Refusal(.invalidValue, at: "days", "\(through) is past")
        }
        // What applies already does so from its day on, and to whom it applied (IE2 counts by it).
        if let before, before.days.from <= today {
            guard obligation.days.from <= before.days.from else {
                throw Refusal(.invalidValue, at: "days", "it applies from \(before.days.from)")
            }
            guard obligation.owner == before.owner else {
                throw Refusal(.invalidValue, at: "owner", before.owner?.description ?? "the network")
            }
        }
        return [.obligationRecorded(obligation)]
    }

    /// How many days back evidence may reach when it is recorded: the longest quarter.
    static let evidenceReach = 92

    func record(_ evidence: ObligationEvidence) throws(Refusal) -> [GovernanceEvent] {
        guard let obligation = governance.obligations[evidence.obligation] else {
            throw Refusal(.entryUnknown, at: "obligation", evidence.obligation)
        }
        try requireOwner(obligation.owner)
        try RegisterText.requireDigest(evidence.document, at: "document")
        try evidence.days.require(at: "days")
        guard evidence.days.from <= today else {
            throw Refusal(.invalidValue, at: "days", "\(evidence.days.from) has not come")
        }
        guard evidence.days.from.number >= today.number - Self.evidenceReach else {
            throw Refusal(.invalidValue, at: "days", "at most \(Self.evidenceReach) days before it is recorded")
        }
        let isKnown = governance.evidence[evidence.obligation]?.contains(evidence) ?? false
        return isKnown ? [] : [.evidenceRecorded(evidence)]
    }

    // MARK: Findings

    func open(_ finding: AuditFinding, _ id: TimeOrderedID) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        try requireKnown(finding.owner)
        guard finding.due >= today else { throw Refusal(.invalidValue, at: "due", "\(finding.due) is past") }
        return [.findingOpened(id, finding)]
    }

    func closeFinding(_ id: TimeOrderedID, _ document: String) throws(Refusal) -> [GovernanceEvent] {
        let record = try finding(id)
        try requireAdministrator(of: record.finding.owner)
        try require(record, .open, id)
        try RegisterText.requireDigest(document, at: "document")
        return [.findingClosed(id, document: document)]
    }

    func confirmFinding(_ id: TimeOrderedID) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        let record = try finding(id)
        let owner = record.finding.owner
        guard actor.principal?.site != owner else {
            throw Refusal(.notPermitted, at: nil, "\(Role.auditor.rawValue) of another site than \(owner)")
        }
        try require(record, .closed, id)
        return [.findingConfirmed(id)]
    }

    func reopenFinding(_ id: TimeOrderedID) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        try require(try finding(id), .closed, id)
        return [.findingReopened(id)]
    }

    private func finding(_ id: TimeOrderedID) throws(Refusal) -> FindingRecord {
        guard let record = governance.findings[id] else {
            throw Refusal(.entryUnknown, at: "finding", id.description)
        }
        return record
    }

    private func require(
        _ record: FindingRecord,
        _ state: FindingRecord.State,
        _ id: TimeOrderedID
    ) throws(Refusal) {
        guard record.state == state else {
            throw Refusal(.entryClosed, at: "finding", "\(id) \(record.state.rawValue)")
        }
    }

    // MARK: Incidents

    func record(_ incident: Incident, _ id: TimeOrderedID) throws(Refusal) -> [GovernanceEvent] {
        try requireOwner(incident.site)
        guard incident.day <= today else { throw Refusal(.invalidValue, at: "day", "\(incident.day) has not come") }
        return [.incidentRecorded(id, incident)]
    }

    func resolveIncident(_ id: TimeOrderedID) throws(Refusal) -> [GovernanceEvent] {
        guard let record = governance.incidents[id] else {
            throw Refusal(.entryUnknown, at: "incident", id.description)
        }
        try requireOwner(record.incident.site)
        guard record.resolvedAt == nil else { throw Refusal(.entryClosed, at: "incident", id.description) }
        return [.incidentResolved(id)]
    }

    // MARK: Regions, sites, returns

    func adopt(_ table: RegionTable) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        try table.require()
        let versions = governance.regionTables[table.year] ?? []
        if versions.last == table { return [] }
        if versions.contains(where: { $0.version == table.version }) {
            throw Refusal(.entryExists, at: "version", table.version)
        }
        return [.regionsAdopted(table)]
    }

    func approve(_ site: SiteID) throws(Refusal) -> [GovernanceEvent] {
        try requireNetworkAdministrator()
        try requireKnown(site)
        if let known = governance.onboardings[site] {
            throw Refusal(.entryExists, at: "site", "approved on \(known.approvedOn)")
        }
        return [.siteApproved(site)]
    }

    func passConformance(_ site: SiteID, _ format: ExchangeProfile.Format) throws(Refusal) -> [GovernanceEvent] {
        if !isHub { try requireNetworkAdministrator() }
        try requireKnown(site)
        guard let known = governance.onboardings[site] else {
            throw Refusal(.entryUnknown, at: "site", "\(site) was not approved")
        }
        return known.formats.contains(format) ? [] : [.conformancePassed(site, format)]
    }

    func file(_ content: SiteReturn) throws(Refusal) -> [GovernanceEvent] {
        try requireAdministrator(of: content.site)
        try RegisterText.requireDigest(content.form, at: "form")
        guard bytes(hexadecimal: content.signature).map({ !$0.isEmpty }) ?? false else {
            throw Refusal(.signatureInvalid, at: "signature")
        }
        let defects = content.defects(isCoordinationOffice: network.coordinationOffice?.id == content.site, at: today)
        if let first = defects.first {
            throw Refusal(
                .returnDefective,
                at: first.location,
                defects.map { "\($0.location): \($0.message)" }.joined(separator: "; ")
            )
        }
        let filed = governance.returns[Governance.ReturnKey(content.site, content.year)] ?? []
        if filed.last?.content.form == content.form { return [] }
        return [.returnFiled(content, version: filed.count + 1)]
    }

    private func requireParty(_ party: String, at place: String) throws(Refusal) {
        let isSite = SiteID(party).map { network.sites[$0] != nil } ?? false
        guard isSite || governance.partners[party] != nil else { throw Refusal(.entryUnknown, at: place, party) }
    }
}

extension Contract {
    package var parties: [String] { shares.map(\.party) }
}
