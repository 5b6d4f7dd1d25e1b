import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Offers and capacity")
struct EngineOfferTests {
    private func accept(_ stage: EngineStage, _ id: CaseID, at site: SiteID) -> Input {
        stage.act(.accept(appointment: nil), on: id, by: EngineStage.doctor(site))
    }

    @Test("A decline moves the case on, and nobody is asked twice")
    func declined() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        var asked: [SiteID] = []
        while try stage.facts(id).phase == .offered {
            let site = try stage.invited(id)
            asked.append(site)
            try stage.one(
                stage.act(.decline(.noCapacity, note: "满"), on: id, by: EngineStage.doctor(site))
            )
        }
        #expect(asked == [EngineStage.county, EngineStage.city, EngineStage.capital, EngineStage.second])
        #expect(try stage.facts(id).unroutableReason == .exhausted)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
    }

    @Test("A lease that lapses moves the case on to the next site")
    func lapsed() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", priority: .asap)
        #expect(try stage.invited(id) == EngineStage.county)
        stage.advance(.minutes(14))
        stage.step()
        #expect(try stage.invited(id) == EngineStage.county)
        stage.advance(.minutes(1))
        stage.step()
        #expect(try stage.invited(id) == EngineStage.city)
        #expect(try stage.history(id).count { $0.event.type == "lapsed" } == 1)
        #expect(stage.refusal(accept(stage, id, at: EngineStage.county))?.code == .offerEnded)
    }

    @Test(
        "A stat case is offered in parallel; the first acceptance wins, the others are told",
        arguments: [true, false]
    )
    func stat(together: Bool) throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", priority: .stat)
        let sites = try stage.facts(id).liveOffers.map(\.place.site)
        #expect(sites == [EngineStage.county, EngineStage.city, EngineStage.capital])
        let inputs = sites.map { accept(stage, id, at: $0) }
        let results = together ? stage.step(inputs).results : inputs.map { stage.step([$0]).results[0] }
        #expect(try results[0].get().phase == .accepted)
        #expect(results.dropFirst().allSatisfy { EngineStage.refusal($0)?.code == .alreadyAccepted })
        #expect(try stage.facts(id).offers.count { $0.state == .accepted } == 1)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
    }

    @Test("The schema itself allows one accepted offer a case")
    func oneAcceptedOffer() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", priority: .stat)
        try stage.one(accept(stage, id, at: EngineStage.county))
        #expect(throws: StoreError.self) {
            try stage.store.write {
                try $0.execute(
                    "UPDATE offers SET state = 'accepted' WHERE case_id = $1 AND number = 2",
                    [.identifier(id)]
                )
            }
        }
    }

    @Test("No department takes more than its capacity, even when two acceptances arrive together")
    func capacity() throws {
        let stage = try EngineStage(capacities: [EngineStage.county: 1])
        let first = try stage.submit("HZ-1", priority: .stat)
        let second = try stage.submit("HZ-2", priority: .stat)
        let results = stage.step([first, second].map { accept(stage, $0, at: EngineStage.county) }).results
        #expect(try results[0].get().phase == .accepted)
        #expect(EngineStage.refusal(results[1])?.code == .capacityFull)
        #expect(try stage.facts(second).phase == .offered)
        #expect(stage.ledger.loads.load(of: EngineStage.county, department: EngineStage.cardiology).reserved == 1)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
    }

    @Test("The schema's bound on capacity holds where memory is wrong, and memory is mended")
    func capacityInSchema() throws {
        let stage = try EngineStage(capacities: [EngineStage.county: 1])
        let first = try stage.submit("HZ-1", priority: .stat)
        let second = try stage.submit("HZ-2", priority: .stat)
        try stage.one(accept(stage, first, at: EngineStage.county))
        // As if the reservation had been forgotten.
        stage.ledger.loads.apply(
            LoadChange(site: EngineStage.county, department: EngineStage.cardiology, reserved: -1, offered: 0)
        )
        #expect(stage.refusal(accept(stage, second, at: EngineStage.county))?.code == .capacityFull)
        #expect(try stage.facts(second).phase == .offered)
    }

    @Test("A case waits while every department is full and is offered when one is free")
    func queued() throws {
        let none: [SiteID: Int] = [EngineStage.city: 0, EngineStage.capital: 0, EngineStage.second: 0]
        let stage = try EngineStage(capacities: none.merging([EngineStage.county: 1]) { $1 })
        let first = try stage.submit("HZ-1")
        let second = try stage.submit("HZ-2")
        #expect(try stage.facts(second).phase == .queued)
        try stage.one(accept(stage, first, at: EngineStage.county))
        #expect(try stage.facts(second).phase == .queued)
        try stage.one(stage.act(EngineStage.report(), on: first, by: EngineStage.doctor(EngineStage.county)))
        #expect(try stage.facts(second).phase == .offered)
        let third = try stage.submit("HZ-3")
        #expect(try stage.facts(third).phase == .queued)
        try stage.change(
            .setCapacity(EngineStage.second, EngineStage.cardiology, 1),
            by: EngineStage.administrator(EngineStage.second)
        )
        #expect(try stage.invited(third) == EngineStage.second)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
    }

    @Test("One refusal in a group fails none of its neighbours and leaves no trace in memory")
    func neighbours() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let wrong = Principal(site: EngineStage.town, kind: .node, name: "nobody")
        let inputs = [
            try stage.submission(EngineStage.application("HZ-2")),
            try stage.submission(EngineStage.application("HZ-3"), from: wrong),
            accept(stage, id, at: EngineStage.second),
            try stage.submission(
                EngineStage.application("HZ-4") {
                    $0[.patientName] = nil
                    $0[.citizenID] = nil
                }
            ),
            accept(stage, id, at: EngineStage.county),
            stage.act(.start, on: id, by: EngineStage.doctor(EngineStage.city)),
            try stage.submission(EngineStage.application("HZ-5")),
        ]
        let commits = stage.store.counters.commits
        let results = stage.step(inputs).results
        #expect(stage.store.counters.commits == commits + 1)
        #expect(
            results.map { EngineStage.refusal($0)?.code }
                == [nil, .principalUnknown, .notFound, .missingIdentity, nil, .notFound, nil]
        )
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
        #expect(try Rebuild.verify(stage.store) == stage.flow.recordCount())
    }

    @Test("A command that only the schema refuses is undone with all that it wrote and counted; its neighbours stand")
    func countedBack() throws {
        let stage = try EngineStage(capacities: [EngineStage.city: 1])
        let held = try stage.submit("HZ-0", priority: .stat)
        try stage.one(accept(stage, held, at: EngineStage.city))
        let id = try stage.submit("HZ-1", priority: .stat)
        #expect(try stage.facts(id).liveOffers.map(\.place.site).contains(EngineStage.county))
        // Memory forgets the reservation, so that only the schema refuses, after other loads were counted.
        stage.ledger.loads.apply(
            LoadChange(site: EngineStage.city, department: EngineStage.cardiology, reserved: -1, offered: 0)
        )
        let other = try stage.submit("HZ-2", priority: .stat)
        let records = try stage.flow.recordCount()
        let commits = stage.store.counters.commits
        let results =
            stage.step([
                try stage.submission(EngineStage.application("HZ-3", consent: false)),
                accept(stage, other, at: EngineStage.city),
                try stage.submission(EngineStage.application("HZ-4", consent: false)),
            ])
            .results
        #expect(results.map { EngineStage.refusal($0)?.code } == [nil, .capacityFull, nil])
        #expect(stage.store.counters.commits == commits + 1)
        #expect(try stage.flow.recordCount() == records + 4)
        #expect(try stage.facts(other).acceptedOffer == nil)
        #expect(try stage.memoryFitsStore())
        #expect(try stage.rebuildsEqually())
    }

    @Test("A report is refused where the register holds its licence number under another name, or not at all")
    func signer() throws {
        let stage = try EngineStage()
        let register = [
            stage.intake.licence("110110000004567", of: "王五"): Network.DoctorCredential(
                validFrom: "2020-01-01",
                validTo: "2030-12-31"
            )
        ]
        try stage.change(
            .importDoctors(EngineStage.county, register),
            by: EngineStage.administrator(EngineStage.county)
        )
        let id = try stage.submit("HZ-1")
        let doctor = EngineStage.doctor(EngineStage.county)
        #expect(try stage.invited(id) == EngineStage.county)
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: doctor))
        func report(_ name: String, _ licence: String) -> Input {
            var report = Report()
            report[.opinion] = "考虑稳定型心绞痛"
            let signature = Signature(kind: .site, doctor: name, licence: licence, jws: nil, caseVersion: 0)
            return stage.act(.report(report, signature), on: id, by: doctor)
        }
        for (name, licence) in [("李六", "110110000004567"), ("王五", "110110000004568"), ("", "110110000004567")] {
            #expect(stage.refusal(report(name, licence))?.code == .credentialInvalid, "\(name) \(licence)")
        }
        #expect(try stage.one(report(" 王 五", "110110000004567")).phase == .reported)
    }

    @Test("A message id used before for another act is refused; the same act is answered again")
    func messageReuse() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let doctor = EngineStage.doctor(EngineStage.county)
        let act = stage.act(.accept(appointment: nil), on: id, by: doctor, message: "A-1")
        #expect(try stage.one(act).outcome == .done)
        #expect(try stage.one(act).outcome == .alreadyReceived)
        let other = stage.act(.start, on: id, by: doctor, message: "A-1")
        #expect(stage.refusal(other)?.code == .messageReused)
        try stage.restart()
        #expect(try stage.one(act).outcome == .alreadyReceived)
    }

    @Test("An act's digest does not hang on the order in which its elements were put")
    func actContent() throws {
        let names = ReportElement.allCases
        var first = Report()
        for name in names { first[name] = "值 \(name.rawValue)" }
        let signature = Signature(kind: .site, doctor: "王", licence: "1", jws: nil, caseVersion: 1)
        for round in 0..<20 {
            var other = Report()
            for name in names[round % names.count..<names.count] + names[0..<round % names.count] {
                other[name] = "值 \(name.rawValue)"
            }
            #expect(Act.report(other, signature).content == Act.report(first, signature).content)
        }
        var changed = first
        changed[.opinion] = "别的"
        #expect(Act.report(changed, signature).content != Act.report(first, signature).content)
    }

    @Test("An unroutable case is with the coordination office, which sends it on")
    func requeued() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        while try stage.facts(id).phase == .offered {
            let site = try stage.invited(id)
            try stage.one(stage.act(.decline(.noCapacity, note: nil), on: id, by: EngineStage.doctor(site)))
        }
        let requeue = stage.act(
            .requeue(site: EngineStage.second),
            on: id,
            by: EngineStage.administrator(EngineStage.capital)
        )
        #expect(try stage.one(requeue).phase == .offered)
        #expect(try stage.invited(id) == EngineStage.second)
    }
}
