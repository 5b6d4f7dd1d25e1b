/// What a report asks the registers.
extension Governance {
    /// The model for a period that begins at `start`, and whether its figures are to be printed as "retrospective": a
    /// version takes effect only for periods that begin after its adoption. Where none does, it is the last one adopted;
    /// where none was adopted, the program's own.
    package func model(forPeriodFrom start: Instant) -> (model: GovernanceModel, isRetrospective: Bool) {
        if let adoption = adoptions.inForce(forPeriodFrom: start), let model = models[adoption.modelVersion] {
            return (model, false)
        }
        return (adoptions.all.last.flatMap { models[$0.modelVersion] } ?? .standard, true)
    }

    /// The assessment that speaks for `period`: of those that overlap it and are not abandoned, one that covers it whole
    /// before one that does not, a locked one before an open one, the later before the earlier.
    package func assessment(for period: GovernancePeriod) -> Assessment? {
        let bounds = bounds(of: period)
        let wanted = Assessment.Period(from: bounds.lowerBound, to: bounds.upperBound)
        func rank(_ assessment: Assessment) -> (Int, Int, Instant, TimeOrderedID) {
            let covers = assessment.period.from <= wanted.from && wanted.to <= assessment.period.to
            return (covers ? 1 : 0, assessment.state == .locked ? 1 : 0, assessment.period.from, assessment.id)
        }
        return assessments.values.filter { $0.state != .abandoned && $0.period.overlaps(wanted) }
            .max { rank($0) < rank($1) }
    }

    /// How the source of a measure was checked by the samples of the period and of the periods within it, and how many
    /// cases those samples drew; nil: not source-verified.
    package func sourceCheck(measure: String, period: GovernancePeriod) -> GovernanceReport.SourceCheck? {
        var drawn = 0
        var checked = 0
        var discrepant = 0
        var missing = 0
        for (key, sample) in samples where key.purpose == .source {
            guard let days = GovernancePeriod(key.period)?.days, days.clamped(to: period.days) == days else { continue }
            drawn += sample.reveal?.references.count ?? 0
            for check in sample.checks where check.measures.contains(measure) {
                checked += 1
                if check.outcome == .discrepant { discrepant += 1 }
                if check.outcome == .missing { missing += 1 }
            }
        }
        guard let proportion = Proportion(discrepant + missing, of: checked), let rate = proportion.value,
            let interval = proportion.wilson()?.scaled(by: 100)
        else { return nil }
        return GovernanceReport.SourceCheck(
            drawn: drawn,
            checked: checked,
            discrepant: discrepant,
            missing: missing,
            rate: rate * 100,
            low: interval.low,
            high: interval.high
        )
    }

    /// Fact types that this state can vouch for: the registers that hold anything.
    package var recorded: Set<FactType> {
        var found: Set<FactType> = []
        func add(_ type: FactType, _ isThere: Bool) { if isThere { found.insert(type) } }
        add(.tariff, !tariffs.isEmpty)
        add(.contract, !contracts.isEmpty)
        add(.obligation, !obligations.isEmpty)
        add(.auditFinding, !findings.isEmpty)
        add(.regionYear, !regionTables.isEmpty)
        add(.ruleProposal, returns.values.contains { $0.last?.content.proposals.isEmpty == false })
        add(.investmentItem, returns.values.contains { $0.last?.content.investments.isEmpty == false })
        add(.conformancePass, onboardings.values.contains { $0.passedOn != nil })
        add(.chainVerification, !verifiedDays.isEmpty)
        add(.messageReceipt, !exchanges.isEmpty)
        return found
    }

    /// What every site declares now: the last version of each return.
    package var declarations: [SiteReturn] {
        returns.values.compactMap { $0.last?.content }.sorted { ($0.site, $0.year) < ($1.site, $1.year) }
    }

    /// The last version of the latest year that is not after `year`; nil when there is none.
    package func regions(for year: Int) -> RegionTable? {
        regionTables.keys.filter { $0 <= year }.max().flatMap { regionTables[$0]?.last }
    }

    /// The versions in force that drive one of `checks`, in the order of their texts: what an event is stamped with.
    package func rulePacks(driving checks: [RulePack.Check], at time: Instant) -> [RulePack.Reference] {
        guard !rulePacks.isEmpty else { return [] }
        let today = day(time)
        return rulePacks.values.joined()
            .filter { checks.contains($0.check) && $0.days.contains(today) }
            .map(\.reference)
            .sorted { $0.description < $1.description }
    }

    /// What the site asks on `day`, by its own tariff or by the one that the network set for it: for the department, else
    /// for all of them.
    package func tariff(
        _ site: SiteID,
        _ service: ServiceKind,
        _ department: DepartmentCode?,
        setBy: Pricing.TariffSetter,
        on day: CivilDay
    ) -> Tariff? {
        let keys = [department, nil]
            .map { TariffKey(site: site, service: service, department: $0, setBy: setBy) }
        for key in keys {
            if let tariff = tariffs[key]?.last(where: { $0.from <= day }) { return tariff }
        }
        return nil
    }

    /// Whether `principal` may see the case now.
    package func isGlassBroken(_ id: CaseID, for principal: Principal, at now: Instant) -> Bool {
        brokenGlasses.values.contains {
            $0.opening.caseID == id && $0.operatorID == principal && $0.openedAt <= now && now < $0.ends
        }
    }

    /// Cases that were shown and whose review is late, the oldest first.
    package func lateReviews(at now: Instant) -> [BreakGlass] {
        brokenGlasses.values.filter { $0.isReviewLate(at: now) }.sorted { $0.id < $1.id }
    }
}
