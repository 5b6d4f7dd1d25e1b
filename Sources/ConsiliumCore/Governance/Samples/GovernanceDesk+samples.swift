/// Samples that nobody can choose, and the few hours in which an auditor may see a case.
extension GovernanceDesk {
    func seal(_ seal: Sample.Seal) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        let period = try period(seal.period)
        guard (1...Sample.most).contains(seal.size) else {
            throw Refusal(.invalidValue, at: "size", "1 to \(Sample.most)")
        }
        try RegisterText.requireDigest(seal.commitment, at: "commitment")
        guard now < governance.bounds(of: period).lowerBound else {
            throw Refusal(.periodBegun, at: "period", seal.period)
        }
        if let sample = governance.samples[Sample.Key(seal.period, seal.purpose)] {
            if sample.seal == seal { return [] }
            throw Refusal(.entryExists, at: "period", seal.period)
        }
        // Of two samples over the same days a case could be drawn twice, and be counted or asked of two sites.
        if let other = governance.samples.values.map(\.seal).filter({ $0.purpose == seal.purpose })
            .first(where: { GovernancePeriod($0.period)?.days.overlaps(period.days) ?? false })
        {
            throw Refusal(.entryExists, at: "period", other.period)
        }
        return [.sampleSealed(seal)]
    }

    /// A sample for second ratings is revealed together with who rates.
    func reveal(
        _ reveal: Sample.Reveal,
        _ digest: String,
        _ drawn: [Sample.Drawn]
    ) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        let period = try period(reveal.period)
        let sample = try sample(Sample.Key(reveal.period, reveal.purpose))
        guard now >= governance.bounds(of: period).upperBound else {
            throw Refusal(.periodNotEnded, at: "period", reveal.period)
        }
        if let before = sample.reveal {
            if before == reveal { return [] }
            throw Refusal(.entryClosed, at: "period", "\(reveal.period) was revealed")
        }
        guard RegisterText.isDigest(reveal.secret), let seed = reveal.seed else {
            throw Refusal(.invalidValue, at: "secret", "32 bytes in lower-case hexadecimal")
        }
        guard digest == sample.seal.commitment else { throw Refusal(.seedMismatch, at: "secret") }
        guard !reveal.references.isEmpty else { throw Refusal(.periodEmpty, at: "period", reveal.period) }
        guard reveal.references.count <= sample.seal.size, Set(reveal.references).count == reveal.references.count
        else { throw Refusal(.invalidValue, at: "references", "at most \(sample.seal.size), each once") }
        for reference in reveal.references { try RegisterText.requireCode(reference, at: "references") }
        guard reveal.purpose == .secondRating else { return [.sampleRevealed(reveal)] }
        return [
            .sampleRevealed(reveal),
            .secondRatingsAssigned(period: reveal.period, raters(of: drawn, seed: seed)),
        ]
    }

    func check(_ check: Sample.Check) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        let period = try period(check.period)
        let sample = try sample(Sample.Key(check.period, .source))
        guard let reveal = sample.reveal else {
            throw Refusal(.entryClosed, at: "period", "\(check.period) was not revealed")
        }
        guard reveal.references.contains(check.reference) else {
            throw Refusal(.entryUnknown, at: "reference", check.reference)
        }
        try requireKnown(check.site)
        guard actor.principal?.site != check.site else {
            throw Refusal(.notPermitted, at: "site", "\(Role.auditor.rawValue) of another site than \(check.site)")
        }
        guard !check.measures.isEmpty else { throw Refusal(.invalidValue, at: "measures", "none") }
        let (model, _) = governance.model(forPeriodFrom: governance.bounds(of: period).lowerBound)
        var named: Set<String> = []
        for measure in check.measures {
            guard model.measure(measure) != nil else { throw Refusal(.measureUnknown, at: "measures", measure) }
            guard named.insert(measure).inserted else { throw Refusal(.invalidValue, at: "measures", measure) }
            if sample.checks.contains(where: { $0.reference == check.reference && $0.measures.contains(measure) }) {
                throw Refusal(.entryExists, at: "reference", "\(check.reference) \(measure)")
            }
        }
        return [.sampleChecked(check)]
    }

    func breakGlass(_ opening: BreakGlass.Opening, _ id: TimeOrderedID) throws(Refusal) -> [GovernanceEvent] {
        try requireAuditor()
        guard actor.principal?.kind == .operator else { throw Refusal(.notPermitted, at: nil, "a named operator") }
        guard !opening.sites.isEmpty, Set(opening.sites).count == opening.sites.count else {
            throw Refusal(.invalidValue, at: "sites", "each site that takes part in the case, once")
        }
        for site in opening.sites { try requireKnown(site) }
        guard opening.sites.contains(where: { $0 != actor.principal?.site }) else {
            throw Refusal(.notPermitted, at: "sites", "no other site could review it")
        }
        let isOpen = governance.brokenGlasses.values.contains {
            $0.opening.caseID == opening.caseID && $0.operatorID == actor.principal && now < $0.ends
        }
        if isOpen { return [] }
        if let late = governance.lateReviews(at: now).first(where: { $0.operatorID == actor.principal }) {
            throw Refusal(.reviewLate, at: "breakGlass", late.id.description)
        }
        return [.breakGlassOpened(id, opening)]
    }

    func reviewBreakGlass(_ id: TimeOrderedID, _ verdict: BreakGlass.Verdict) throws(Refusal) -> [GovernanceEvent] {
        guard let record = governance.brokenGlasses[id] else {
            throw Refusal(.entryUnknown, at: "breakGlass", id.description)
        }
        guard record.opening.sites.contains(where: isAdministrator), !isNetworkAdministrator else {
            throw Refusal(.notPermitted, at: nil, "\(Role.siteAdministrator.rawValue) of a site that was told")
        }
        guard record.operatorID.site != actor.site else { throw Refusal(.notPermitted, at: nil, "opened there") }
        guard record.review == nil else { throw Refusal(.entryClosed, at: "breakGlass", id.description) }
        return [.breakGlassReviewed(id, verdict)]
    }

    private func period(_ label: String) throws(Refusal) -> GovernancePeriod {
        guard let period = GovernancePeriod(label) else {
            throw Refusal(.invalidValue, at: "period", "2026-09, 2026-Q3 or 2026")
        }
        return period
    }

    private func sample(_ key: Sample.Key) throws(Refusal) -> Sample {
        guard let sample = governance.samples[key] else { throw Refusal(.entryUnknown, at: "period", key.period) }
        return sample
    }
}
