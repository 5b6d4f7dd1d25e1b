import Foundation
import Testing

@testable import ConsiliumCore

@Suite struct DirectoryTests {
    private func read(_ text: String) throws -> Site { try JSONDecoder().decode(Site.self, from: Data(text.utf8)) }

    @Test("A directory entry goes through JSON unchanged")
    func roundTrip() throws {
        guard case .sitePut(let site) = Samples.networkEvents[1] else { return }
        for entry in Scenery.sites + [site] {
            #expect(try JSONDecoder().decode(Site.self, from: JSONEncoder().encode(entry)) == entry)
        }
    }

    @Test("Code, name and tier are enough; the rest has its default")
    func defaults() throws {
        let site = try read(#"{"id":"A1","name":"甲院","tier":"county"}"#)
        #expect(site == Site(id: SiteID("A1")!, name: "甲院", tier: .county))
        #expect(site.englishName == "甲院" && site.grade == .ungraded && site.status == .active)
        #expect(site.calendar == .standard && site.profile.format == .client && !site.mayAttest)
    }

    @Test(
        "An entry with an unknown department, grade or tier, or a capacity that none has, is refused",
        arguments: [
            #"{"id":"A1","name":"x","tier":"county","departments":{"99":1}}"#,
            #"{"id":"A1","name":"x","tier":"county","departments":{"0304":-1}}"#,
            #"{"id":"A1","name":"x","tier":"county","departments":{"0304":1000001}}"#,
            #"{"id":"A1","name":"x","tier":"county","grade":"33"}"#, #"{"id":"A1","name":"x","tier":"village"}"#,
            #"{"id":"A 1","name":"x","tier":"county"}"#, #"{"id":"A1","tier":"county"}"#,
            #"{"id":"A1","name":"x","tier":"county","status":"asleep"}"#,
            #"{"id":"A1","name":"x","tier":"county","profile":{"format":"hl8"}}"#,
        ]
    )
    func refuses(_ text: String) { #expect(throws: DecodingError.self) { try read(text) } }

    @Test("A profile says only what differs from the default")
    func profile() throws {
        let site = try read(
            #"""
            {"id":"A1","name":"x","tier":"county","profile":{"format":"hl7v2","charset":"GB18030",
            "mllp":{"host":"his","port":2575},"departments":{"XN":"0304"},"priorities":{"J":"stat"},
            "defaultPriority":"urgent","sexes":{"男":"1"},"noteTypes":{"SUM":"request.summary"},"consentField":"ZPI-4",
            "fields":{"PV1-19":"patient.inpatientNumber"},"identifierTypes":{"MR":"patient.medicalRecordNumber"},
            "application":"HIS","facility":"A1","version":"2.4","repairs":["short-msh2"]}}
            """#
        )
        #expect(site.profile.mllp == ExchangeProfile.Endpoint(host: "his", port: 2_575))
        #expect(site.profile.defaultPriority == .urgent && site.profile.version == "2.4")
        #expect(site.profile.departments["XN"] == "0304" && site.profile.repairs == ["short-msh2"])
        #expect(site.place.format == .hl7v2)
        let plain = try read(#"{"id":"A1","name":"x","tier":"county","profile":{}}"#)
        #expect(plain.profile == ExchangeProfile())
    }

    @Test("A site takes a specialty under its own code or under the nearest parent that it has")
    func covering() {
        var site = Site(id: SiteID("A1")!, name: "x", tier: .county)
        #expect(site.department(for: Scenery.cardiology) == nil)
        site.departments = [Scenery.medicine: 1]
        #expect(site.department(for: Scenery.cardiology) == Scenery.medicine)
        site.departments[Scenery.cardiology] = 1
        #expect(site.department(for: Scenery.cardiology) == Scenery.cardiology)
        #expect(site.department(for: DepartmentCode("04")!) == nil)
    }

    @Test("The coordination office is the active site that says so, the smaller code where two do")
    func office() {
        var network = Scenery.network()
        #expect(network.coordinationOffice?.id == Scenery.capital)
        var second = Scenery.sites[5]
        second.isCoordinationOffice = true
        network.put(second)
        #expect(network.coordinationOffice?.id == Scenery.capital)
        network.evolve(.siteStatus(Scenery.capital, .suspended), sequence: 90, at: Scenery.monday)
        #expect(network.coordinationOffice?.id == Scenery.second)
        network.evolve(.siteStatus(Scenery.second, .suspended), sequence: 91, at: Scenery.monday)
        #expect(network.coordinationOffice == nil)
    }

    @Test("A site is active from when it is put, until it is suspended, and again, at each moment")
    func activity() {
        var activity = SiteActivity()
        #expect(activity.active(before: Scenery.monday + .days(9)).isEmpty)
        let events: [(Int64, NetworkEvent)] = [
            (0, .sitePut(Scenery.sites[1])), (1, .siteStatus(Scenery.county, .suspended)),
            (2, .channelLive(Scenery.county)), (3, .siteStatus(Scenery.county, .active)),
            (3, .sitePut(Scenery.site(Scenery.city, .municipal) { $0.status = .suspended })),
            (4, .sitePut(Scenery.sites[2])),
        ]
        for (day, event) in events { activity.take(event, at: Scenery.monday + .days(day)) }
        func active(_ days: Int64, _ later: Span = .zero) -> Set<SiteID> {
            activity.active(before: Scenery.monday + .days(days) + later)
        }
        let moment = Span.milliseconds(1)
        #expect(active(0).isEmpty && active(0, moment) == [Scenery.county])
        #expect(active(1) == [Scenery.county] && active(1, moment).isEmpty)
        #expect(active(3).isEmpty && active(3, moment) == [Scenery.county])
        #expect(active(4) == [Scenery.county] && active(4, moment) == [Scenery.county, Scenery.city])
    }

    @Test("Events about what the network does not know change its version and nothing else")
    func strangers() {
        var network = Scenery.network()
        let nobody = Principal(site: Scenery.county, kind: .operator, name: "nobody")
        let before = network
        let strange = SiteID("NOWHERE")!
        let events: [NetworkEvent] = [
            .siteStatus(strange, .suspended), .capacitySet(strange, Scenery.cardiology, capacity: 1, by: .site),
            .renewed(nobody, Scenery.certificate("x")), .revoked(nobody), .granted(nobody, .expert),
            .grantRemoved(nobody, .expert), .actsForGranted(nobody, strange), .actsForRemoved(nobody, strange),
            .renewalApproved(nobody, until: Scenery.monday),
        ]
        for (index, event) in events.enumerated() {
            network.evolve(event, sequence: before.version + 1 + index, at: Scenery.monday)
        }
        #expect(network.version == before.version + events.count)
        #expect(network.members.isEmpty && network.sites == before.sites)
    }

    @Test("Policies go through JSON unchanged")
    func policies() throws {
        var policy = NetworkPolicy.standard
        policy.urgent.lease = .working(.minutes(30))
        policy.calendar.holidays = ["2026-10-01"]
        #expect(try JSONDecoder().decode(NetworkPolicy.self, from: JSONEncoder().encode(policy)) == policy)
    }

    @Test("A doctor's entry and a routing decision go through JSON unchanged")
    func others() throws {
        let doctor = Network.Doctor(
            name: "赵",
            licence: "L1",
            department: "0304",
            validFrom: "2024-01-01",
            validTo: "2028-01-01"
        )
        let decoded = try JSONDecoder().decode(Network.Doctor.self, from: JSONEncoder().encode(doctor))
        #expect(decoded.licence == "L1" && decoded.validTo == "2028-01-01")
        let decision = try JSONDecoder()
            .decode(RoutingDecision.self, from: JSONEncoder().encode(Samples.decision))
        #expect(decision == Samples.decision)
    }

    @Test("Who a site is to a case: requester, invited, performer, coordination office, or nobody")
    func relations() throws {
        var stage = try Stage.at(.offered)
        #expect(stage.facts.relation(of: Scenery.town, coordinates: false) == .requester)
        #expect(stage.facts.relation(of: Scenery.county, coordinates: false) == .invited)
        #expect(stage.facts.relation(of: Scenery.city, coordinates: false) == nil)
        #expect(stage.facts.relation(of: Scenery.capital, coordinates: true) == nil)
        try stage.act(.decline(.other), by: Scenery.expert(Scenery.county))
        #expect(stage.facts.relation(of: Scenery.county, coordinates: false) == nil, "a decline ends the view")
        try stage.act(.accept, by: Scenery.expert(Scenery.city))
        #expect(stage.facts.relation(of: Scenery.city, coordinates: false) == .performer)
        #expect(stage.facts.discloses(to: .performer))
        try stage.restart(at: .unroutable)
        #expect(stage.facts.relation(of: Scenery.capital, coordinates: true) == .coordinationOffice)
        #expect(stage.facts.relation(of: Scenery.capital, coordinates: false) == nil)
    }

    @Test("A case opened for a reader begins empty")
    func caseRecord() throws {
        let stage = try Stage.at(.reported)
        var record = CaseRecord(facts: stage.facts, requester: Scenery.sites[0])
        #expect(record.application == nil && record.report == nil && record.documents.isEmpty && record.notes.isEmpty)
        record.documents = [
            .init(id: "report-1", title: "会诊意见", contentType: "application/pdf", size: 3, sha256: "00")
        ]
        record.notes = [.init(time: stage.now, site: Scenery.town, text: "谢谢")]
        #expect(record.documents[0].id == "report-1" && record.notes[0].site == Scenery.town)
        let signature = Signature(kind: .operator, doctor: "赵", licence: "L1", jws: "a..b", caseVersion: 5)
        #expect(signature == Signature(kind: .operator, doctor: "赵", licence: "L1", jws: "a..b", caseVersion: 5))
        #expect(LostField(path: "ZPI-4") == LostField(path: "ZPI-4"))
    }
}
