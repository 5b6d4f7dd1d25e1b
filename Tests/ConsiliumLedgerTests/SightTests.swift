import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("A site that is asked is not told who else was")
struct SightTests {
    private func view(_ stage: EngineStage, _ id: CaseID, _ principal: Principal) throws -> CaseReader.View {
        try stage.cases.view(id, as: stage.actor(principal), in: stage.ledger.network)
    }

    @Test("Of several sites asked at once each sees its own offer only, and no word of the others")
    func parallel() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1", priority: .stat)
        let asked = try stage.facts(id).liveOffers.map(\.place.site)
        try #require(asked.count == 3)
        try stage.one(stage.act(.decline(.other, note: "只有我们知道"), on: id, by: EngineStage.doctor(asked[0])))

        let other = try view(stage, id, EngineStage.doctor(asked[1]))
        #expect(other.record.facts.offers.map(\.place.site) == [asked[1]])
        #expect(other.record.notes.isEmpty)
        #expect(other.history.map(\.type) == ["submitted", "offered"])
        #expect(other.history.allSatisfy { $0.site == nil || $0.site == EngineStage.town })
        #expect(other.hidden == [asked[0], asked[2]])

        let requester = try view(stage, id, EngineStage.doctor(EngineStage.town))
        #expect(requester.record.facts.offers.count == 3)
        #expect(requester.record.notes.map(\.text) == ["只有我们知道"])
        #expect(requester.history.map(\.type).contains("declined") && requester.hidden.isEmpty)
    }

    @Test("The site that is asked next sees neither who declined nor why")
    func next() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let first = try stage.invited(id)
        try stage.one(stage.act(.decline(.expertAbsent, note: "休假"), on: id, by: EngineStage.doctor(first)))
        let second = try stage.invited(id)
        let seen = try view(stage, id, EngineStage.doctor(second))
        #expect(seen.record.facts.offers.map(\.place.site) == [second])
        #expect(seen.record.notes.isEmpty)
        // The offer follows from the decline and is recorded under it: the name is left out.
        #expect(!seen.history.contains { $0.site == first || $0.actor?.site == first })
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: EngineStage.doctor(second)))
        let performer = try view(stage, id, EngineStage.doctor(second))
        #expect(performer.history.map(\.type) == ["submitted", "offered", "accepted"])
    }

    @Test("A blind second rating of the tier is shown to nobody who sees the case, whoever gave it")
    func blind() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let asked = try stage.invited(id)
        let facts = try stage.facts(id)
        let relations: [(SiteID, Consultation.Relation)] = [
            (EngineStage.town, .requester), (asked, .invited), (asked, .performer), (asked, .coordinationOffice),
        ]
        for (site, relation) in relations {
            let sight = Sight(of: site, relation, facts)
            #expect(!sight.shows(.tierRatedAgain(.county), by: EngineStage.town))
            #expect(!sight.shows(.tierRatedAgain(.county), by: nil))
            #expect(sight.shows(.settled, by: site))
        }
    }

    @Test("The files of an application that becomes no case go at once")
    func discarded() throws {
        let stage = try EngineStage()
        let page = Attachment(
            title: "CT",
            contentType: "application/dicom",
            bytes: (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
        )
        let application = EngineStage.application("HZ-1") { $0.attachments = [page] }
        guard case .submit(let first) = try stage.submission(application, message: "A"),
            case .submit(let copy) = try stage.submission(application, message: "B")
        else { return }
        let id = try #require(try stage.one(.submit(first)).caseID)
        #expect(try stage.one(.submit(copy)).caseID == id)
        let part = try BlobAddress(case: copy.candidate, part: "application-1")
        #expect(stage.intake.blobs.exists(part))
        stage.intake.discard(copy)
        #expect(!stage.intake.blobs.exists(part))
        #expect(stage.intake.blobs.exists(try BlobAddress(case: id, part: "application-1")))
        #expect(try stage.cases.blob(id, part: "application-1") == page.bytes)
    }
}
