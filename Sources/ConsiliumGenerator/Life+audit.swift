import ConsiliumCore
import ConsiliumLedger

/// What follows the last month: returns, the last sample, and the assessment of the whole by auditors who do not see each
/// other's sheets.
extension Life {
    func audit() throws {
        if let period = quarters.last(where: { $0.days.upperBound == day(end) }) {
            try draw(period, at: end + .hours(34))
        }
        try fileReturns(at: end + .days(9))
        try breakGlass(at: end + .days(10))
        try assess(at: end + .days(20))
    }

    private func fileReturns(at time: Instant) throws {
        var chance = Chance(seed: generation.seed, part: "returns")
        for year in years where CivilDay(year + 1, 1, 1) <= day(end) {
            for site in province.sites where chance.happens(880) {
                let content = siteReturn(of: site, year, &chance)
                try govern(.fileReturn(content), by: Province.administrator(site.id), at: time)
            }
        }
    }

    private func siteReturn(of site: Site, _ year: Int, _ chance: inout Chance) -> SiteReturn {
        let first = CivilDay(year, 1, 1).number
        let isOffice = site.id == province.office.id
        let proposals = (0..<chance.within(0...2))
            .map { number in
                let proposed = first + chance.below(300)
                let isDecided = chance.happens(900)
                return SiteReturn.RuleProposal(
                    reference: "P-\(site.id)-\(number + 1)",
                    initiator: isOffice ? .network : .site,
                    proposedOn: CivilDay(number: proposed),
                    decision: isDecided ? chance.pick(SiteReturn.RuleProposal.Decision.allCases) : nil,
                    decidedOn: isDecided ? CivilDay(number: proposed + chance.within(3...40)) : nil
                )
            }
        let investments = (0..<chance.within(0...2))
            .map { number in
                SiteReturn.InvestmentItem(
                    reference: "I-\(site.id)-\(number + 1)",
                    decidedOn: CivilDay(number: first + chance.below(360)),
                    decider: chance.pick(SiteReturn.InvestmentItem.Decider.allCases),
                    amount: chance.within(10...4_000) * 100_000
                )
            }
        return SiteReturn(
            site: site.id,
            year: year,
            proposals: proposals,
            investments: investments,
            form: Self.digest("return \(site.id) \(year)"),
            signature: Self.digest("signature \(site.id) \(year)")
        )
    }

    private func breakGlass(at time: Instant) throws {
        guard let id = lastClosed, let facts = try writer.state(of: id) else { return }
        let site = facts.requester.site
        // The office's administrator is the network's, who reviews none.
        guard site != province.office.id else { return }
        let opening = BreakGlass.Opening(caseID: id, sites: [site], reason: .sampleCheck)
        try govern(.breakGlass(opening), by: auditor(besides: site), at: time)
        guard let glass = writer.governance.brokenGlasses.keys.max() else { return }
        let owner = Province.administrator(site)
        try govern(.reviewBreakGlass(glass, .justified), by: owner, at: time + .hours(30))
    }

    /// Two auditors rate blind; on one item they are two points apart, and the third decides.
    private func assess(at time: Instant) throws {
        let chief = Province.administrator(province.office.id)
        let period = Assessment.Period(from: beginning, to: end)
        try govern(.openAssessment(period), by: auditors[0], at: time)
        guard let id = writer.governance.assessments.keys.max() else { return }
        var chance = Chance(seed: generation.seed, part: "assessment")
        let values = Indicator.allCases.map { _ in chance.within(1...3) }
        let disputed = chance.below(Indicator.allCases.count)
        func rating(_ number: Int, _ value: Int) -> Assessment.Rating {
            let indicator = Indicator.allCases[number]
            return Assessment.Rating(
                indicator,
                value,
                halves: indicator == .ownerFunctions
                    ? OwnerHalves(residualClaim: min(2, value), decisionPower: value - min(2, value)) : nil,
                .medium,
                evidence: [Assessment.Evidence(.register, "C-\(province.office.id)")]
            )
        }
        var now = time
        func assess(_ command: AssessmentCommand, by principal: Principal) throws {
            now = now + .minutes(20)
            try govern(.assess(id, command), by: principal, at: now)
        }
        try assess(.declare(values.indices.map { rating($0, min(4, values[$0] + 1)) }), by: chief)
        for (number, value) in values.enumerated() {
            let other = number == disputed ? (value >= 2 ? value - 2 : value + 2) : value + chance.below(2)
            try assess(.rate(rating(number, value)), by: auditors[0])
            try assess(.rate(rating(number, min(4, other))), by: auditors[1])
        }
        for auditor in auditors.prefix(2) { try assess(.sign, by: auditor) }
        guard writer.governance.assessments[id]?.state == .arbitration else { return }
        try assess(.rate(rating(disputed, values[disputed])), by: auditors[2])
        try assess(.sign, by: auditors[2])
    }
}
