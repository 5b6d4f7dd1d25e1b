import Testing

@testable import ConsiliumCore

@Suite struct GovernanceMeasureFoldTests {
    private let county = Scenery.county
    private let city = Scenery.city

    // MARK: Accountability

    @Test("AC1 counts requests that were ever stat, from submission; silence and a failed acceptance stay in")
    func emergencies() throws {
        let inTime = try Folded.play { stage in
            try stage.submit([.priority: "stat"])
            stage.wait(.minutes(10))
            try stage.act(.accept, by: Scenery.expert(city))
            stage.wait(.minutes(3))
            try stage.act(.start, by: Scenery.expert(city))
        }
        let late = try Folded.play { stage in
            try stage.submit([.priority: "stat"])
            stage.wait(.minutes(10) + .milliseconds(1))
            try stage.act(.accept, by: Scenery.expert(city))
        }
        let silent = try Folded.play { stage in
            try stage.submit([.priority: "stat"])
            for _ in 1...3 { try stage.fire(.offerLease) }
            #expect(stage.facts.answered.count == 3)
        }
        let raised = try Folded.play { stage in
            try stage.submit()
            stage.wait(.minutes(5))
            try stage.resubmit([.priority: "stat"])
            stage.wait(.minutes(3))
            try stage.act(.accept, by: Scenery.expert(city))
        }
        let raisedLate = try Folded.play { stage in
            try stage.submit()
            stage.wait(.minutes(20))
            try stage.resubmit([.priority: "stat"])
            try stage.act(.accept, by: Scenery.expert(city))
        }
        let lowered = try Folded.play { stage in
            try stage.submit([.priority: "stat"])
            try stage.resubmit([.priority: "routine"])
            #expect(stage.facts.priority == .routine)
        }
        let dropped = try Folded.play { stage in
            try stage.submit([.priority: "stat"])
            stage.wait(.seconds(1))
            try stage.act(.accept, by: Scenery.expert(city))
            try stage.act(.fail(.connection), by: Scenery.expert(city))
        }
        let cancelled = try Folded.play { stage in
            try stage.submit([.priority: "stat"])
            try stage.act(.cancel(.patientTransferred), by: Scenery.requester)
        }
        let void = try Folded.play { stage in
            try stage.submit([.priority: "stat"])
            try stage.act(.accept, by: Scenery.expert(city))
            try stage.act(.void, by: Scenery.requester)
        }
        let never = try Stage.at(.accepted)
        let fold = try Folded.fold(
            inTime,
            late,
            silent,
            raised,
            raisedLate,
            lowered,
            dropped,
            cancelled,
            void,
            never
        )
        #expect(fold.counted(.emergencies) == [2, 8, 3])
        #expect(fold.counted(.emergencies, StratumSelection(priority: .stat)) == [2, 8, 3])
        #expect(fold.counted(.emergencies, StratumSelection(priority: .routine)) == [0, 0, 0])
        let waits = fold.tally.sum(.emergencies, in: Folded.march).histogram
        #expect(waits == [8: 1, 10: 2, 20: 1])
        #expect(fold.tally.sum(.firstAction, in: Folded.march).histogram == [3: 1])
        #expect(fold.counted(.firstAction) == [0, 4, 3])
        // Four of eight answered: the third is known, the median lies between the fourth and silence.
        let third = fold.tally.quantile(2 / 7, of: .emergencies, period: Folded.march)
        #expect(third.map { ($0.value * 1_000).rounded() } == 10_000)
        #expect(fold.tally.quantile(0.5, of: .emergencies, period: Folded.march) == nil)
    }

    @Test("AC2 counts requests that were ever routine: pauses move the limit, silence and cancelling stay in")
    func routine() throws {
        let inTime = try Stage.at(.closed)
        let late = try Folded.play { stage in
            try stage.submit()
            try stage.act(.accept, by: Scenery.expert(county))
            stage.wait(.days(5))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(county))
        }
        let paused = try Folded.play { stage in
            try stage.submit([.wantedDepartment: nil])
            stage.wait(.days(2))
            try stage.resubmit()
            try stage.act(.accept, by: Scenery.expert(county))
            stage.wait(.days(2))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(county))
        }
        let unanswered = try Stage.at(.infoNeeded)
        let cancelled = try Stage.at(.cancelled)
        let hurried = try Folded.play { stage in
            try stage.submit()
            try stage.resubmit([.priority: "urgent"])
        }
        let fold = try Folded.fold(
            inTime,
            late,
            paused,
            unanswered,
            cancelled,
            hurried,
            try Stage.at(.enteredInError),
            try Folded.play { try $0.submit([.priority: "stat"]) },
            try Folded.play { try $0.submit([.priority: "asap"]) },
            try Folded.play {
                try $0.submit()
                try $0.resubmit([.priority: "stat"])
            }
        )
        #expect(fold.counted(.routine) == [2, 6, 2])
        #expect(fold.counted(.routineUnpaused) == [1, 6, 2])
        #expect(fold.counted(.informationAsked) == [2, 6, 0])
        #expect(fold.counted(.paused) == [2_880, 0 + 7_200 + 5_760, 0])
        #expect(fold.tally.sum(.routine, in: Folded.march).histogram == [0: 1, 96: 1, 120: 1])
        #expect(fold.tally.sum(.routineNet, in: Folded.march).histogram == [0: 1, 48: 1, 120: 1])
    }

    @Test("AC3 and DR1 count expired offers as declines; a withdrawn offer is none")
    func declines() throws {
        let stage = try Folded.play { stage in
            try stage.submit()
            try stage.act(.decline(.noCapacity), by: Scenery.expert(county))
            try stage.fire(.offerLease)
            try stage.act(.cancel(.resolved), by: Scenery.requester)
            #expect(stage.facts.offers.map(\.state) == [.declined, .lapsed, .withdrawn])
        }
        let fold = try Folded.fold(stage, try Stage.at(.accepted))
        #expect(fold.counted(.reasoned) == [2, 2, 0])
        #expect(fold.counted(.silent) == [1, 2, 0])
        #expect(fold.counted(.honoured) == [2, 2, 0])
        #expect(fold.counted(.silent, StratumSelection(site: city)) == [1, 1, 0])
        #expect(fold.counted(.silent, StratumSelection(tier: .county)) == [0, 1, 0])
        // Each on its own day: the lease ran a working day.
        let monday = CivilDay(2026, 3, 2)..<CivilDay(2026, 3, 3)
        #expect(fold.tally.sum(.reasoned, in: monday).denominator == 1)
    }

    @Test("DR1 and OF2 show who asks a site again that had declined")
    func forced() throws {
        let stage = try Folded.play { stage in
            try stage.submit()
            while stage.phase == .offered {
                try stage.act(.decline(.other), by: Scenery.expert(stage.invited))
            }
            #expect(stage.phase == .unroutable)
            try stage.act(.requeue(site: county), by: Scenery.coordinator)
            #expect(stage.invited == county)
        }
        let fold = try Folded.fold(stage)
        #expect(fold.counted(.honoured) == [4, 5, 0])
        #expect(fold.counted(.honoured, StratumSelection(site: county)) == [0, 1, 0])
        // Five offers, none left, and the office's.
        #expect(fold.counted(.overrides) == [1, 7, 0])
    }

    @Test("OF2 takes the office's help for no override, and another site than the named one for one")
    func overrides() throws {
        let helped = try Folded.play { stage in
            try stage.submit([.priority: nil], source: .unknown)
            try stage.act(.requeue(site: city), by: Scenery.coordinator)
        }
        let named = try Folded.play { stage in
            try stage.submit([.priority: nil, .wantedSite: county.description], source: .unknown)
            try stage.act(.requeue(site: city), by: Scenery.coordinator)
        }
        let kept = try Folded.play { stage in
            try stage.submit([.priority: nil, .wantedSite: county.description], source: .unknown)
            try stage.act(.requeue(site: county), by: Scenery.coordinator)
        }
        let fold = try Folded.fold(helped, named, kept, try Stage.at(.infoNeeded))
        #expect(fold.counted(.overrides) == [1, 3, 0])
    }

    @Test("MC3 needs another site and the deadline; a lapse is a decline and never an acceptance")
    func elsewhere() throws {
        let placed = try Folded.play { stage in
            try stage.submit()
            try stage.act(.decline(.noCapacity), by: Scenery.expert(county))
            try stage.act(.accept, by: Scenery.expert(city))
        }
        let late = try Folded.play { stage in
            try stage.submit()
            try stage.fire(.offerLease)
            stage.wait(.minutes(1))
            try stage.act(.accept, by: Scenery.expert(city))
        }
        let waiting = try Folded.play { stage in
            try stage.submit()
            try stage.fire(.offerLease)
        }
        let ended = try Folded.play { stage in
            try stage.submit()
            try stage.act(.decline(.other), by: Scenery.expert(county))
            try stage.act(.cancel(.resolved), by: Scenery.requester)
        }
        let forced = try Folded.play { stage in
            try stage.submit()
            while stage.phase == .offered { try stage.act(.decline(.other), by: Scenery.expert(stage.invited)) }
            try stage.act(.requeue(site: county), by: Scenery.coordinator)
            try stage.act(.accept, by: Scenery.expert(county))
        }
        let fold = try Folded.fold(placed, late, waiting, ended, forced, try Stage.at(.accepted))
        #expect(fold.counted(.placedElsewhere) == [1, 5, 1])
        #expect(fold.counted(.placedElsewhere, StratumSelection(site: Scenery.town)) == [1, 5, 1])
        // Of the same cases, and of the one that nobody declined: four were accepted.
        #expect(fold.counted(.acceptances) == [0, 4, 0])
    }

    // MARK: Markets

    @Test("MC1 looks at the first routing decision of every request")
    func choice() throws {
        let one = try Folded.play { try $0.submit([.consentScope: county.description]) }
        let many = try Folded.play { stage in
            try stage.submit()
            while stage.phase == .offered { try stage.act(.decline(.other), by: Scenery.expert(stage.invited)) }
        }
        let fold = try Folded.fold(one, many, try Stage.at(.infoNeeded), try Stage.at(.enteredInError))
        #expect(fold.counted(.choice) == [1, 3, 1])
    }

    @Test("MC2 averages each department's concentration by volume, and PMR3 the busiest tenth, over performing sites")
    func shares() throws {
        func report(_ site: SiteID, _ licence: String, _ department: String = "0304") throws -> Stage {
            try Folded.play { stage in
                for var entry in Scenery.sites where entry.id != Scenery.town {
                    entry.departments[DepartmentCode("0305")!] = 3
                    stage.network.put(entry)
                }
                try stage.submit([.wantedSite: site.description, .wantedDepartment: department])
                try stage.act(.accept, by: Scenery.expert(site))
                try stage.act(.report(Scenery.report(licence: licence)), by: Scenery.expert(site))
            }
        }
        let fold = try Folded.fold(
            report(county, "a"),
            report(county, "a"),
            report(county, "b"),
            report(city, "c"),
            report(city, "c", "0305"),
            report(city, "c", "0305"),
            try Stage.at(.offered),
            try Stage.at(.enteredInError)
        )
        // 0304: 3 and 1 of 4, 0.625; 0305: one site, 1. (4 × 0.625 + 2 × 1) / 6 = 0.75.
        let concentration = try #require(observation("MC2", fold))
        #expect(concentration.value == 0.75 && concentration.counted == 6)
        // Three experts with 2, 1 and 3 of 6: the busiest one has half.
        let load = try #require(observation("PMR3", fold))
        #expect(load.value == 50 && load.counted == 3 && load.interval == nil)
        #expect(fold.tally.sum(.experts, in: Folded.march).shares == ["a": 2, "b": 1, "c": 3])
        let bootstrap = Bootstrap(seed: 7, replicates: 200)
        let measure = try #require(GovernanceModel.standard.measure("MC2"))
        let resampled = fold.tally.observation(of: measure, period: Folded.march, bootstrap: bootstrap)
        #expect(resampled?.value == 0.75 && resampled?.interval != nil)
        #expect(fold.tally.observation(of: measure, period: Folded.march, bootstrap: bootstrap) == resampled)
    }

    @Test("PMR2 counts an expert whom no register vouches for as not shown; GR3 a version that there was not")
    func reports() throws {
        let unknown = try Stage.at(.reported)
        let vouched = try Folded.play { stage in
            try stage.submit()
            let entry = Network.DoctorCredential(validFrom: "2020-01-01", validTo: "2026-12-31")
            stage.network.evolve(.doctorsImported(county, ["licence-1": entry]), sequence: 99, at: stage.now)
            try stage.act(.accept, by: Scenery.expert(county))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(county))
        }
        var fold = try Folded.fold(unknown, vouched, try Stage.at(.inSession))
        #expect(fold.counted(.credentialed) == [1, 2, 0])
        #expect(fold.counted(.signed) == [2, 2, 0])
        #expect(fold.counted(.signed, StratumSelection(site: Scenery.town)) == [0, 0, 0])
        var entries = try Folded.entries(unknown, number: 9)
        for index in entries.indices {
            guard case .reported(var facts) = entries[index].event else { continue }
            facts.caseVersion = 99
            entries[index].event = .reported(facts)
        }
        fold.take(entries)
        #expect(fold.counted(.signed) == [2, 3, 0])
    }

    // MARK: Regulation and exchange

    @Test("GR1 asks for consent on record before the first disclosure to another site")
    func disclosure() throws {
        let written = try Stage.at(.accepted)
        let emergency = try Folded.play { stage in
            try stage.submit(Scenery.withoutConsent([.priority: "stat"]))
            stage.wait(.hours(1))
            let consent = ConsentFacts(state: .given, basis: .kin, hasEvidence: true)
            try stage.act(.recordConsent(consent, ElementDigests()), by: Scenery.requester)
        }
        var fold = try Folded.fold(written, emergency, written, try Stage.at(.enteredInError))
        #expect(fold.counted(.consented) == [0, 0, 0])
        fold.show(0, to: county, at: Scenery.monday + .minutes(1))
        fold.show(0, to: city, at: Scenery.monday + .minutes(2))
        fold.show(1, to: county, at: Scenery.monday + .hours(2))
        #expect(fold.counted(.consented) == [2, 2, 0])
        // Found out later: it had been shown before.
        fold.show(1, to: city, at: Scenery.monday + .minutes(1))
        fold.show(2, to: Scenery.town, at: Scenery.monday)
        fold.show(2, to: nil, at: Scenery.monday)
        fold.show(3, to: county, at: Scenery.monday)
        #expect(fold.counted(.consented) == [1, 2, 0])
    }

    @Test("IE3 counts elements as the application came in, and those of the report")
    func elements() throws {
        let complete = try Stage.at(.accepted)
        let lacking = try Folded.play { stage in
            try stage.submit([.purpose: nil, .diagnosisName: nil])
            try stage.resubmit()
            try stage.act(.accept, by: Scenery.expert(county))
            let report = Scenery.report(present: [.opinion, .expert])
            try stage.act(.report(report), by: Scenery.expert(county))
        }
        let fold = try Folded.fold(complete, lacking, try Stage.at(.enteredInError))
        #expect(fold.counted(.elements) == [15 + 13 + 2, 15 + 15 + 5, 0])
        #expect(fold.counted(.elements, StratumSelection(site: county)) == [2, 5, 0])
        // DOMAIN.md section 4 names fifteen; the institution is known by who sends.
        #expect(ApplicationFacts.mandatoryCount == 15)
        #expect(try Scenery.facts(Application()).missing.count == 14)
    }

    // MARK: Decision rights

    @Test("OF1 is slot-hours by who set them, from each change to the next; a suspended site offers none")
    func capacity() throws {
        var fold = MeasureFold()
        var site = Scenery.site(county, .county, capacity: 3, region: "421125")
        fold.govern(.sitePut(site), by: Scenery.capital, at: "2026-03-02T09:00:00+08:00")
        let own = NetworkEvent.capacitySet(county, Scenery.cardiology, capacity: 5, by: .site)
        fold.govern(own, by: county, at: "2026-03-03T12:00:00+08:00")
        // A directory entry that leaves the capacity as it was leaves who set it too.
        site.departments[Scenery.cardiology] = 5
        site.dutyTelephone = "010-1"
        fold.govern(.sitePut(site), by: Scenery.capital, at: "2026-03-03T18:00:00+08:00")
        fold.govern(.siteStatus(county, .suspended), by: Scenery.capital, at: "2026-03-04T00:00:00+08:00")
        fold.govern(.channelLive(county), at: "2026-03-04T01:00:00+08:00")
        fold.govern(.siteStatus(city, .active), by: Scenery.capital, at: "2026-03-04T01:00:00+08:00")
        // 3 × 27 h by the administrator, 5 × 12 h by the site.
        #expect(hours(fold, Folded.march) == Proportion(60, of: 141))
        let tuesday = CivilDay(2026, 3, 3)..<CivilDay(2026, 3, 4)
        #expect(hours(fold, tuesday) == Proportion(60, of: 96))
        #expect(hours(fold, CivilDay(2026, 3, 4)..<CivilDay(2026, 3, 9)) == nil)
        #expect(hours(fold, CivilDay(2026, 3, 1)..<CivilDay(2026, 3, 2)) == nil)
        fold.govern(.siteStatus(county, .active), by: Scenery.capital, at: "2026-03-05T00:00:00+08:00")
        #expect(hours(fold, CivilDay(2026, 3, 5)..<CivilDay(2026, 3, 7)) == Proportion(240, of: 240))
        let directed = NetworkEvent.capacitySet(county, Scenery.cardiology, capacity: 1, by: .admin)
        fold.govern(directed, by: Scenery.capital, at: "2026-03-06T12:00:00+08:00")
        #expect(hours(fold, CivilDay(2026, 3, 5)..<CivilDay(2026, 3, 7)) == Proportion(180, of: 192))
    }

    // MARK: What waits for a register

    @Test("Requests, waits and closures are counted for SF2, SF4 and SF5, which wait for region-years")
    func waiting() throws {
        let fold = try Folded.fold(
            try Stage.at(.closed),
            try Folded.play { stage in
                try stage.submit([.medicalAssistance: "yes"])
                stage.wait(.minutes(90))
                try stage.act(.accept, by: Scenery.expert(county))
                try stage.act(.report(Scenery.report()), by: Scenery.expert(county))
                try stage.act(.close(.adopted, reason: nil, rating: nil), by: Scenery.requester)
            },
            try Stage.at(.infoNeeded),
            try Stage.at(.enteredInError)
        )
        #expect(fold.counted(.requests, StratumSelection(region: "4211")) == [3, 3, 0])
        #expect(fold.counted(.requests, StratumSelection(region: "11")) == [0, 0, 0])
        #expect(fold.counted(.wait) == [0, 3, 1])
        #expect(fold.tally.sum(.wait, in: Folded.march).histogram == [0: 1, 90: 1])
        #expect(fold.counted(.assisted) == [1, 2, 0])
        #expect(fold.counted(.coverKnown) == [0, 1, 0])
        for id in ["SF2", "SF4", "SF5", "SF1", "FMR1"] { #expect(observation(id, fold) == nil) }
    }

    private func observation(_ id: String, _ fold: MeasureFold) -> Observation? {
        GovernanceModel.standard.measure(id).flatMap { fold.tally.observation(of: $0, period: Folded.march) }
    }

    private func hours(_ fold: MeasureFold, _ period: Range<CivilDay>) -> Proportion? {
        let observation = GovernanceModel.standard.measure("OF1")
            .flatMap { fold.tally.observation(of: $0, period: period) }
        guard case .proportion(let proportion) = observation else { return nil }
        return proportion
    }
}
