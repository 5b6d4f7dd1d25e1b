import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("What is read, and by whom")
struct QueryTests {
    private func view(_ stage: EngineStage, _ id: CaseID, _ principal: Principal) throws -> CaseReader.View {
        try stage.cases.view(id, as: stage.actor(principal), in: stage.ledger.network)
    }

    @Test("Requester and invited site read the application; a stranger finds nothing")
    func disclosure() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let own = try view(stage, id, EngineStage.node(EngineStage.town))
        #expect(own.relation == .requester && own.discloses && own.record.application?[.patientName] == "李昞")
        #expect(own.sources == ["source-1"])
        #expect(own.history.map(\.type) == ["submitted", "queued", "offered"])
        let invited = try view(stage, id, EngineStage.doctor(EngineStage.county))
        #expect(invited.relation == .invited && invited.discloses && invited.record.application?[.summary] == "胸痛三天")
        for stranger in [EngineStage.doctor(EngineStage.second), EngineStage.administrator(EngineStage.capital)] {
            #expect(throws: Refusal(.notFound)) { try view(stage, id, stranger) }
        }
        #expect(throws: Refusal(.notFound)) {
            try view(stage, CaseID(high: 5, low: 5), EngineStage.node(EngineStage.town))
        }
    }

    @Test("An administrator of the requesting site sees the flow of a case and nothing clinical")
    func administrators() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let seen = try view(stage, id, EngineStage.administrator(EngineStage.town))
        #expect(!seen.discloses && seen.record.application == nil && seen.record.documents.isEmpty)
    }

    @Test("Whoever declined or let an offer lapse no longer sees the case; the performer goes on seeing it")
    func afterwards() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let county = EngineStage.doctor(EngineStage.county)
        try stage.one(stage.act(.decline(.noCapacity, note: nil), on: id, by: county))
        #expect(throws: Refusal(.notFound)) { try view(stage, id, county) }
        let city = EngineStage.doctor(EngineStage.city)
        try stage.one(stage.act(.accept(appointment: "明天"), on: id, by: city))
        try stage.one(stage.act(EngineStage.report(), on: id, by: city))
        let read = try view(stage, id, EngineStage.node(EngineStage.town))
        #expect(read.record.report?[.opinion] == "考虑稳定型心绞痛")
        #expect(read.record.performer?.id == EngineStage.city)
        #expect(read.record.notes.contains { $0.text.contains("明天") } || read.record.notes.isEmpty)
        #expect(try view(stage, id, city).relation == .performer)
    }

    @Test("Without consent the invited site and the coordination office see that a case exists, and nothing clinical")
    func consentGate() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        try stage.one(stage.act(.withdrawConsent, on: id, by: EngineStage.doctor(EngineStage.town)))
        #expect(throws: Refusal(.notFound)) { try view(stage, id, EngineStage.doctor(EngineStage.county)) }
        let unknown = EngineStage.application("HZ-2", consent: false) { $0[.priority] = nil }
        var submission = Submission(intent: .application(unknown), format: .hl7v2)
        submission.prioritySource = .unknown
        let held = try stage.one(
            .submit(
                try stage.intake.prepare(
                    unknown,
                    of: submission,
                    source: [9],
                    sourceType: "x-application/hl7-v2+er7",
                    from: EngineStage.node(EngineStage.town),
                    for: try #require(stage.ledger.network.sites[EngineStage.town]),
                    through: .mllp,
                    at: stage.now,
                    entropy: &stage.entropy
                )
            )
        )
        let second = try #require(held.caseID)
        let facts = try stage.facts(second)
        #expect(!facts.consent.permitsDisclosure)
        #expect(facts.liveOffers.isEmpty)
        #expect(try view(stage, second, EngineStage.node(EngineStage.town)).discloses)
    }

    @Test("A case is found by any identifier of its patient, at its own site only")
    func blindIndex() throws {
        let stage = try EngineStage()
        let first = try stage.submit("HZ-1")
        stage.advance(.seconds(1))
        let second = try stage.submit("HZ-2")
        let reader = stage.cases
        #expect(try reader.cases(of: EngineStage.town, identifier: "421125195811030019") == [second, first])
        #expect(try reader.cases(of: EngineStage.town, identifier: " 4211251958 11030019 ") == [second, first])
        #expect(try reader.cases(of: EngineStage.county, identifier: "421125195811030019").isEmpty)
        #expect(try reader.cases(of: EngineStage.town, identifier: "421125195811030018").isEmpty)
        #expect(try reader.caseOf(site: EngineStage.town, number: "HZ-2") == second)
        #expect(try reader.caseOf(site: EngineStage.county, number: "HZ-2") == nil)
    }

    @Test("The queue that the store reads stands in the order that the domain defines")
    func queueOrder() throws {
        let stage = try EngineStage()
        var random = SeededEntropy(seed: 7)
        func any(_ bound: UInt64) -> Int { Int(random.next() % bound) }
        var ranks: [QueueRank] = []
        for _ in 0..<200 {
            let rank = QueueRank(
                isStat: any(4) == 0,
                deadline: stage.now + .minutes(Int64(any(5))),
                submittedAt: stage.now - .minutes(Int64(any(3))),
                id: random.identifier(at: stage.now)
            )
            ranks.append(rank)
            let row: [SQLValue] = [
                .identifier(rank.id), .text("A"), .text(Phase.queued.rawValue),
                .int(rank.isStat ? Priority.stat.rank : 1 + any(3)), .text("0304"), .time(rank.submittedAt),
                .time(stage.now), .time(rank.deadline), .int(1), .null,
            ]
            try stage.store.write { try $0.execute(Statements.putCase, row) }
        }
        let read = try stage.store.read { try $0.all(Statements.queued, [.int(1_000)]) { try $0.identifier(0) } }
        #expect(read == ranks.sorted().map(\.id))
    }

    @Test("Every disclosure is a record that can be listed, in order, and survives a rebuild")
    func accesses() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let entries = [(AccessEvent.Content.application, 1), (.document, 3)]
            .map { content, count in
                AccessEntry(
                    caseID: id,
                    principal: EngineStage.doctor(EngineStage.county),
                    site: EngineStage.county,
                    content: content,
                    firstAt: stage.now,
                    count: count
                )
            }
        try stage.one(.accesses([entries[0]]))
        try stage.one(.accesses([entries[1]]))
        #expect(try stage.flow.accesses(of: id) == entries)
        #expect(try stage.rebuildsEqually())
        #expect(try stage.flow.accesses(of: id) == entries)
        #expect(try stage.flow.accesses(of: CaseID(high: 1, low: 2)).isEmpty)
    }

    @Test("Refused frames are kept sealed, for their own site, up to a bound and for a month")
    func quarantine() throws {
        var options = Ledger.Options()
        options.quarantinePerSite = 3
        let stage = try EngineStage(options: options)
        func keep(_ site: SiteID, _ text: String) throws {
            try stage.one(
                .quarantine(
                    QuarantinedFrame(
                        site: site,
                        principal: EngineStage.node(site),
                        door: .mllp,
                        code: "unparsable",
                        location: "MSH",
                        bytes: Array(text.utf8)
                    )
                )
            )
            stage.advance(.seconds(1))
        }
        for index in 1...5 { try keep(EngineStage.town, "frame \(index)") }
        try keep(EngineStage.county, "other")
        let rows = try stage.flow.quarantine(of: EngineStage.town)
        #expect(rows.count == 3 && rows[0].size == 7 && rows[0].location == "MSH")
        let frames = try rows.map { try stage.flow.quarantined($0.id, site: EngineStage.town) }
        #expect(frames == ["frame 5", "frame 4", "frame 3"].map { Array($0.utf8) })
        #expect(try stage.flow.quarantined(rows[0].id, site: EngineStage.county) == nil)
        #expect(try stage.flow.quarantine(of: nil).count == 4)
        stage.advance(.days(31))
        try keep(EngineStage.county, "late")
        #expect(try stage.flow.quarantine(of: nil).map(\.site) == [EngineStage.county])
    }

    @Test("Queues show flow in the order of deadlines, newest first for a site")
    func flow() throws {
        let stage = try EngineStage()
        let routine = try stage.submit("HZ-1")
        stage.advance(.seconds(1))
        let asap = try stage.submit("HZ-2", priority: .asap)
        stage.advance(.seconds(1))
        let waiting = try stage.submit("HZ-3", consent: false)
        #expect(try stage.flow.openCases(limit: 2).first?.id == asap)
        #expect(try stage.flow.cases(of: EngineStage.town, limit: 9).map(\.id) == [waiting, asap, routine])
        #expect(try stage.flow.cases(of: EngineStage.town, before: asap, limit: 9).map(\.id) == [routine])
        #expect(try stage.flow.cases(of: EngineStage.county, limit: 9).map(\.id) == [asap, routine])
        #expect(try stage.flow.cases(in: .infoNeeded, limit: 9).map(\.id) == [waiting])
        let offers = try stage.flow.offers(of: asap)
        #expect(offers.map(\.site) == [EngineStage.county] && offers[0].state == .live)
        #expect(try stage.flow.recordCount() == Rebuild.verify(stage.store))
    }

    @Test("A site's register of doctors is sealed and opened for that site alone")
    func networkPayloads() throws {
        let stage = try EngineStage()
        let register = ["d1": Network.DoctorCredential(validFrom: "2020-01-01", validTo: "2030-01-01")]
        try stage.one(
            .network(
                .importDoctors(EngineStage.county, register),
                by: EngineStage.administrator(EngineStage.county),
                payload: Array("王医生".utf8)
            )
        )
        #expect(try stage.cases.networkPayloads(of: EngineStage.county) == [Array("王医生".utf8)])
        #expect(try stage.cases.networkPayloads(of: EngineStage.city).isEmpty)
        #expect(try stage.store.read { try NetworkReader($0).fold(to: 1).0.name } == "test")
    }
}
