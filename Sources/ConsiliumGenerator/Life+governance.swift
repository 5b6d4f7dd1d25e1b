import ConsiliumCore
import ConsiliumLedger

/// The registers that the network's parties keep, and the samples that auditors draw.
extension Life {
    func govern(_ command: GovernanceCommand, by principal: Principal?, at later: Instant? = nil) throws {
        try writer.carryOut(.governance(command, by: principal), at: later)
    }

    /// Nobody looks at the own house.
    func auditor(besides site: SiteID) -> Principal { auditors[1].site == site ? auditors[2] : auditors[1] }

    static func digest(_ text: String) -> String { hexadecimal(sha256(Array("generated \(text)".utf8))) }

    func day(_ time: Instant) -> CivilDay { CivilDay(time, offsetMinutes: Rhythm.offsetMinutes) }

    /// What is on the registers before the first request: definitions, contracts, tariffs, rules, duties, regions, seals.
    func foundRegisters() throws {
        let chief = Province.administrator(province.office.id)
        let today = day(writer.now)
        try govern(.adopt(version: GovernanceModel.standard.version, adding: []), by: auditors[0])
        try govern(
            .recordPartner(Partner(id: Province.operatorParty, kind: .operator, days: ValidDays(today))),
            by: chief
        )
        try govern(
            .recordPartner(Partner(id: Province.investorParty, kind: .investor, days: ValidDays(today))),
            by: chief
        )
        for (number, site) in province.sites.enumerated() {
            try govern(.approveSite(site.id), by: chief)
            // A contract is complete once its signed text is on record; here and there it is not.
            let contract = Contract(
                id: "C-\(site.id)",
                shares: [Share(site.id.description, 850_000), Share(Province.operatorParty, 150_000)],
                days: ValidDays(today),
                document: number % 29 == 13 ? nil : Self.digest("contract \(site.id)")
            )
            try govern(.recordContract(contract), by: chief)
            if !site.departments.isEmpty { try recordTariffs(of: site, from: today) }
        }
        try recordRules(from: today, by: chief)
        for year in years {
            let table = RegionTable(
                year: year,
                version: "generated-1",
                source: "invented yearbook \(year)",
                regions: province.regionTable
            )
            try govern(.adoptRegions(table), by: auditors[0])
        }
        for period in quarters {
            for purpose in Sample.Purpose.allCases {
                let seal = Sample.Seal(
                    period: period.label,
                    purpose: purpose,
                    size: sampleSize,
                    commitment: hexadecimal(sha256(secret(period, purpose)))
                )
                try govern(.sealSample(seal), by: auditors[0])
            }
        }
    }

    private func recordTariffs(of site: Site, from day: CivilDay) throws {
        let services = Set(Department.all.filter { site.departments[$0.code] != nil }.map(\.service))
        for service in ServiceKind.allCases where services.contains(service) {
            var tariff = Tariff(
                site: site.id,
                service: service,
                department: nil,
                fee: province.fee(of: service, tier: site.tier),
                shares: [Share(site.id.description, 850_000), Share(Province.operatorParty, 150_000)],
                from: day
            )
            try govern(.recordTariff(tariff), by: Province.administrator(site.id))
            tariff.setBy = .admin
            tariff.fee = province.networkFee(of: service, tier: site.tier)
            try govern(.recordTariff(tariff), by: Province.administrator(province.office.id))
        }
    }

    private func recordRules(from day: CivilDay, by chief: Principal) throws {
        for check in RulePack.Check.allCases {
            let pack = RulePack(
                id: "R-\(check.rawValue)",
                version: "1",
                source: "invented rules of telemedicine",
                article: "article of \(check.rawValue)",
                check: check,
                days: ValidDays(day)
            )
            try govern(.recordRulePack(pack), by: chief)
        }
        let owners: [SiteID?] = [nil, nil, nil] + province.sites.map { $0.id }
        for (number, owner) in owners.enumerated() {
            let id = "O-\(number + 1)"
            let obligation = Obligation(
                id: id,
                source: "invented rules of data protection",
                article: "article \(number % 7 + 1)",
                owner: owner,
                days: ValidDays(day)
            )
            try govern(.recordObligation(obligation), by: chief)
            guard number % 23 != 17 else { continue }
            let evidence = ObligationEvidence(
                obligation: id,
                document: Self.digest("evidence \(id)"),
                // Some of it runs out within the year.
                days: ValidDays(day, through: number % 17 == 9 ? CivilDay(number: day.number + 200) : nil)
            )
            try govern(.recordEvidence(evidence), by: owner.map { Province.administrator($0) } ?? chief)
        }
    }

    /// Enters what the parties record through the year.
    func planGovernance(from start: Instant) {
        var chance = Chance(seed: generation.seed, part: "governance")
        let days = Int((end - start).milliseconds / 86_400_000)
        func time(_ day: Int) -> Instant { start + .days(Int64(day)) + .minutes(Int64(90 + chance.below(480))) }
        for site in province.sites {
            let format = site.profile.format
            agenda.add(
                .govern { try $0.govern(.passConformance(site.id, format), by: nil) },
                at: start + chance.span(.hours(3), .days(Int64(min(days, 70))))
            )
        }
        for day in 0..<days {
            // The night's verification fails to run now and then.
            if !chance.happens(14) {
                agenda.add(
                    .govern { try $0.govern(.verifyChain(records: $0.records), by: nil) },
                    at: start + .days(Int64(day)) + .minutes(130)
                )
            }
            agenda.add(
                .govern { try $0.countExchanges() },
                at: start + .days(Int64(day + 1)) - .milliseconds(1)
            )
        }
        for _ in 0..<max(12, province.sites.count * days / 1_000) { planFinding(time(chance.below(days)), &chance) }
        for _ in 0..<max(3, days / 60) { planIncident(time(chance.below(days)), &chance) }
        for _ in 0..<max(4, province.sites.count * days / 300) { planRoster(time(chance.below(days)), &chance) }
        for period in quarters where period.days.upperBound <= day(end) {
            let after = period.days.upperBound.start(offsetMinutes: Rhythm.offsetMinutes)
            if after < end { agenda.add(.govern { try $0.draw(period, at: nil) }, at: after + .hours(34)) }
        }
    }

    private func planFinding(_ time: Instant, _ chance: inout Chance) {
        let site = chance.pick(province.sites)
        let owner = Province.administrator(site.id)
        let isLate = chance.happens(130)
        let isReopened = chance.happens(120)
        let open = chance.within(10...40)
        let finding = AuditFinding(
            owner: site.id,
            severity: chance.pick(AuditFinding.Severity.allCases),
            indicator: chance.pick(Indicator.allCases),
            due: CivilDay(number: day(time).number + open)
        )
        let auditor = auditors[1]
        let confirming = self.auditor(besides: site.id)
        let closing = time + .days(Int64(isLate ? open + 9 : open - 5))
        let document = Self.digest("finding \(site.id) \(time.milliseconds)")
        agenda.add(
            .govern { life in
                try life.govern(.openFinding(finding), by: auditor)
                guard let id = life.writer.governance.findings.keys.max() else { return }
                life.agenda.add(
                    .govern { try $0.govern(.closeFinding(id, document: document), by: owner) },
                    at: closing
                )
                let look: GovernanceCommand = isReopened ? .reopenFinding(id) : .confirmFinding(id)
                life.agenda.add(.govern { try $0.govern(look, by: confirming) }, at: closing + .days(3))
            },
            at: time
        )
    }

    private func planIncident(_ time: Instant, _ chance: inout Chance) {
        let site = chance.happens(700) ? chance.pick(province.sites).id : nil
        let owner = Province.administrator(site ?? province.office.id)
        let incident = Incident(
            site: site,
            category: chance.pick(Incident.Category.allCases),
            severity: chance.pick(Incident.Severity.allCases),
            day: day(time)
        )
        let span = chance.span(.hours(2), .days(12))
        agenda.add(
            .govern { life in
                try life.govern(.recordIncident(incident), by: owner)
                guard let id = life.writer.governance.incidents.keys.max() else { return }
                life.agenda.add(.govern { try $0.govern(.resolveIncident(id), by: owner) }, at: time + span)
            },
            at: time
        )
    }

    /// A doctor comes to a site that keeps a register: the register's own change, by its employer.
    private func planRoster(_ time: Instant, _ chance: inout Chance) {
        let site = chance.pick(province.sites.filter { !$0.departments.isEmpty })
        let name = Invention.name(&chance)
        let licence = "99\(site.id)9\(padded(chance.below(1_000), 3))"
        agenda.add(
            .govern { life in
                let register = [
                    life.intake.licence(licence, of: name): Network.DoctorCredential(
                        validFrom: CivilTimeText.day(time),
                        validTo: "2099-12-31"
                    )
                ]
                try life.writer.carryOut(
                    .network(.importDoctors(site.id, register), by: Province.administrator(site.id), payload: nil)
                )
            },
            at: time
        )
    }

    /// What came that day, by site and format.
    func countExchanges() throws {
        let counts = exchanges.sorted { $0.key < $1.key }
            .compactMap { site, count -> ExchangeCount? in
                guard let format = writer.network.sites[site]?.profile.format else { return nil }
                return ExchangeCount(
                    site: site,
                    format: format,
                    received: count.received,
                    acceptedAtFirst: count.accepted
                )
            }
        exchanges = [:]
        if !counts.isEmpty { try govern(.countExchanges(day(writer.now), counts), by: nil) }
    }

    // MARK: Samples

    var sampleSize: Int { min(400, max(60, daily * 90 / 1_000 * 7 / 100)) }

    func secret(_ period: GovernancePeriod, _ purpose: Sample.Purpose) -> [UInt8] {
        sha256(Array("generated \(generation.seed) \(period.label) \(purpose.rawValue)".utf8))
    }

    /// Reveals the secrets of a quarter that has ended, has the drawn cases rated again and compared with their source.
    ///
    /// Drawn from the cases that were closed in the quarter, in the order of their references.
    func draw(_ period: GovernancePeriod, at later: Instant?) throws {
        let closed = closedIn.removeValue(forKey: period.label) ?? []
        var cases: [AuditReference: (id: CaseID, needed: Tier)] = [:]
        for item in closed {
            if let reference = try writer.reference(of: item.id, in: period) { cases[reference] = item }
        }
        guard !cases.isEmpty else { return }
        let now = later ?? writer.now
        for purpose in Sample.Purpose.allCases {
            let secret = secret(period, purpose)
            guard let seal = writer.governance.samples[Sample.Key(period.label, purpose)]?.seal,
                let reveal = seal.reveal(hexadecimal(secret), of: cases.keys)
            else { continue }
            let drawn = reveal.references.compactMap { AuditReference($0).flatMap { cases[$0] } }
                .map { Sample.Drawn($0.id) }
            try govern(
                .revealSample(reveal, digest: hexadecimal(sha256(secret)), drawn: drawn),
                by: auditors[0],
                at: now
            )
            for (number, reference) in reveal.references.enumerated() {
                guard let (id, needed) = AuditReference(reference).flatMap({ cases[$0] }) else { continue }
                let time = now + .hours(2) + .minutes(Int64(number * 7))
                switch purpose {
                case .secondRating: try rateAgain(id, needed, at: time)
                case .source: if number < 40 { try check(reference, id, period, at: time) }
                }
            }
        }
    }

    private func rateAgain(_ id: CaseID, _ needed: Tier, at time: Instant) throws {
        guard let facts = try writer.state(of: id), facts.phase == .closed else { return }
        defer { writer.forget(id) }
        guard let rater = writer.governance.secondRatings[id]?.site else { return }
        var chance = Chance(seed: generation.seed ^ id.low, part: "second rating")
        let error = [0, 1, -1][chance.weighted([975, 13, 12])]
        let tier = Tier.allCases[min(4, max(0, needed.rank + error))]
        try act(
            .rateTierAgain(tier),
            on: id,
            by: Province.doctor(rater, facts.version),
            at: max(time, facts.updatedAt + .minutes(5))
        )
    }

    private func check(_ reference: String, _ id: CaseID, _ period: GovernancePeriod, at time: Instant) throws {
        guard let facts = try writer.state(of: id) else { return }
        defer { writer.forget(id) }
        var chance = Chance(seed: generation.seed ^ id.low, part: "source")
        let check = Sample.Check(
            period: period.label,
            reference: reference,
            measures: ["AC2", "SF1", "GR1"],
            outcome: Sample.Outcome.allCases[chance.weighted([940, 40, 20])],
            site: facts.requester.site
        )
        try govern(.checkSample(check, of: id), by: auditor(besides: facts.requester.site), at: time)
    }
}
