/// The network's governance as facts: the fold of its one stream. Registers, adopted definitions, samples, assessments.
package struct Governance: Sendable {
    package struct TariffKey: Hashable, Sendable {
        package var site: SiteID
        package var service: ServiceKind
        package var department: DepartmentCode?
        package var setBy: Pricing.TariffSetter
    }

    package struct ReturnKey: Hashable, Sendable {
        package var site: SiteID
        package var year: Int

        package init(_ site: SiteID, _ year: Int) {
            self.site = site
            self.year = year
        }
    }

    package struct ExchangeKey: Hashable, Sendable {
        package var site: SiteID
        package var format: ExchangeProfile.Format
    }

    package struct ExchangeSum: Hashable, Sendable {
        package var received = 0
        package var acceptedAtFirst = 0

        mutating func add(_ count: ExchangeCount) {
            received += count.received
            acceptedAtFirst += count.acceptedAtFirst
        }

        mutating func add(_ other: ExchangeSum) {
            received += other.received
            acceptedAtFirst += other.acceptedAtFirst
        }
    }

    /// Messages of a period from one site in one format.
    package struct Exchange: Hashable, Sendable {
        package var site: SiteID
        package var format: ExchangeProfile.Format
        package var sum: ExchangeSum

        package init(site: SiteID, format: ExchangeProfile.Format, sum: ExchangeSum) {
            self.site = site
            self.format = format
            self.sum = sum
        }
    }

    package struct IncidentRecord: Hashable, Sendable {
        package var incident: Incident
        package var resolvedAt: Instant?
    }

    /// Minutes east of UTC of the network's civil time.
    package let offsetMinutes: Int
    package private(set) var version = 0
    package private(set) var adoptions = Adoptions()
    /// By version; the program's own among them.
    package private(set) var models = [GovernanceModel.standard.version: GovernanceModel.standard]
    package private(set) var partners: [String: Partner] = [:]
    package private(set) var contracts: [String: Contract] = [:]
    /// In the order of the days from which they hold.
    package private(set) var tariffs: [TariffKey: [Tariff]] = [:]
    /// Versions of each rule pack, in the order of their days.
    package private(set) var rulePacks: [String: [RulePack]] = [:]
    package private(set) var obligations: [String: Obligation] = [:]
    /// By obligation.
    package private(set) var evidence: [String: [ObligationEvidence]] = [:]
    package private(set) var findings: [TimeOrderedID: FindingRecord] = [:]
    package private(set) var incidents: [TimeOrderedID: IncidentRecord] = [:]
    /// Versions of each year, in the order of adoption.
    package private(set) var regionTables: [Int: [RegionTable]] = [:]
    package private(set) var onboardings: [SiteID: Onboarding] = [:]
    /// The first, then its restatements.
    package private(set) var returns: [ReturnKey: [FiledReturn]] = [:]
    /// How many records were verified that day, at most.
    package private(set) var verifiedDays: [CivilDay: Int] = [:]
    /// By day, so that a period is answered from its own days.
    package private(set) var exchanges: [CivilDay: [ExchangeKey: ExchangeSum]] = [:]
    package private(set) var samples: [Sample.Key: Sample] = [:]
    /// The last rating that was asked of a site, by case.
    package private(set) var secondRatings: [CaseID: SecondRatingTask] = [:]
    package private(set) var brokenGlasses: [TimeOrderedID: BreakGlass] = [:]
    package private(set) var assessments: [TimeOrderedID: Assessment] = [:]

    package init(offsetMinutes: Int = WorkingCalendar.standard.offsetMinutes) { self.offsetMinutes = offsetMinutes }

    package func day(_ time: Instant) -> CivilDay { CivilDay(time, offsetMinutes: offsetMinutes) }

    /// When the first day of `period` begins, and the day after its last.
    package func bounds(of period: GovernancePeriod) -> Range<Instant> {
        let days = period.days
        return days.lowerBound.start(offsetMinutes: offsetMinutes)..<days.upperBound.start(offsetMinutes: offsetMinutes)
    }

    /// - Parameter principal: who caused it, from the record's envelope; nil for the hub itself.
    package mutating func evolve(
        _ event: GovernanceEvent,
        sequence: Int,
        at time: Instant,
        by principal: Principal?
    ) {
        version = sequence
        switch event {
        case .modelAdopted(let version, let base, let measures): adopt(version, base, measures, at: time, by: principal)
        case .partnerRecorded(let partner): partners[partner.id] = partner
        case .contractRecorded(let contract): contracts[contract.id] = contract
        case .tariffRecorded(let tariff):
            // One that was to come later makes room.
            tariffs[tariff.key, default: []].removeAll { $0.from >= tariff.from }
            tariffs[tariff.key, default: []].append(tariff)
        case .rulePackRecorded(let pack):
            rulePacks[pack.id, default: []].removeAll { $0.version == pack.version }
            rulePacks[pack.id, default: []].append(pack)
            rulePacks[pack.id]?.sort { $0.days.from < $1.days.from }
        case .obligationRecorded(let obligation): obligations[obligation.id] = obligation
        case .evidenceRecorded(let entry): evidence[entry.obligation, default: []].append(entry)
        case .findingOpened, .findingClosed, .findingConfirmed, .findingReopened: evolveFinding(event, at: time)
        case .incidentRecorded(let id, let incident): incidents[id] = IncidentRecord(incident: incident)
        case .incidentResolved(let id): incidents[id]?.resolvedAt = time
        case .regionsAdopted(let table): regionTables[table.year, default: []].append(table)
        case .siteApproved(let site): onboardings[site] = Onboarding(approvedOn: day(time), formats: [])
        case .conformancePassed(let site, let format):
            guard var known = onboardings[site] else { return }
            known.formats.insert(format)
            known.passedOn = known.passedOn ?? day(time)
            onboardings[site] = known
        case .returnFiled(let content, let version):
            returns[ReturnKey(content.site, content.year), default: []]
                .append(FiledReturn(content: content, version: version, filedAt: time))
        case .chainVerified(let day, let records): verifiedDays[day] = max(verifiedDays[day] ?? 0, records)
        case .exchangesCounted(let day, let counts):
            for count in counts {
                let key = ExchangeKey(site: count.site, format: count.format)
                exchanges[day, default: [:]][key, default: ExchangeSum()].add(count)
            }
        case .sampleSealed(let seal):
            samples[Sample.Key(seal.period, seal.purpose)] = Sample(seal: seal, sealedAt: time, checks: [])
        case .sampleRevealed(let reveal): samples[Sample.Key(reveal.period, reveal.purpose)]?.reveal = reveal
        case .sampleChecked(let check): samples[Sample.Key(check.period, .source)]?.checks.append(check)
        case .secondRatingsAssigned(_, let raters):
            for rater in raters {
                secondRatings[rater.caseID] = SecondRatingTask(site: rater.site, assignedAt: time)
            }
        case .breakGlassOpened(let id, let opening):
            guard let principal else { return }
            brokenGlasses[id] = BreakGlass(id: id, opening: opening, operatorID: principal, openedAt: time)
        case .breakGlassReviewed(let id, let verdict):
            brokenGlasses[id]?.review = BreakGlass.Review(verdict: verdict, at: time)
        case .assessment(let id, let event):
            if let opened = Assessment(event, id: id, at: time) {
                assessments[id] = opened
            } else if let number = assessments[id]?.version {
                assessments[id]?.evolve(event, sequence: number + 1, at: time)
            }
        }
    }

    private mutating func adopt(
        _ version: String,
        _ base: String,
        _ measures: [Measure],
        at time: Instant,
        by principal: Principal?
    ) {
        guard let principal, var model = models[base] else { return }
        model.version = version
        // Each identifier stands once; a copy may hold what no auditor could have adopted.
        for measure in measures where model.measure(measure.id) == nil { model.measures.append(measure) }
        models[version] = model
        adoptions.evolve(Adoption(modelVersion: version, by: principal, at: time))
    }

    private mutating func evolveFinding(_ event: GovernanceEvent, at time: Instant) {
        switch event {
        case .findingOpened(let id, let finding):
            findings[id] = FindingRecord(finding: finding, openedOn: day(time), state: .open)
        case .findingClosed(let id, let document):
            let closedOn = day(time)
            findings[id]?.state = .closed
            findings[id]?.closedOn = closedOn
            findings[id]?.document = document
        case .findingConfirmed(let id): findings[id]?.state = .confirmed
        case .findingReopened(let id):
            findings[id]?.state = .open
            findings[id]?.closedOn = nil
        default: break
        }
    }
}
