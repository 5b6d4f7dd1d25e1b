import Testing

@testable import ConsiliumCore

@Suite struct ApplicationFactsTests {
    @Test("Facts of a complete application say everything and miss nothing")
    func complete() throws {
        let facts = try Scenery.facts(
            Scenery.application([
                .serviceKind: "case-discussion", .medicalAssistance: "no", .wantedSite: Scenery.city.description,
                .consentScope: "\(Scenery.city), \(Scenery.second)", .consentFeeTold: "yes",
            ])
        )
        #expect(facts.missing.isEmpty)
        #expect(facts.priority == .routine && facts.serviceKind == .caseDiscussion && facts.sex == .male)
        #expect(facts.medicalAssistance == false && facts.wantedSite == Scenery.city)
        #expect(facts.ageBand == AgeBand(years: 69))
        #expect(facts.consent.scope == [Scenery.city, Scenery.second] && facts.consent.feeTold)
        #expect(facts.consent.state == .given && facts.consent.hasEvidence)
        #expect(facts.requester.region == "421125" && facts.requester.tier == .primary)
    }

    @Test("An empty application misses every mandatory element, each counted once")
    func empty() throws {
        let facts = try Scenery.facts(Application())
        #expect(
            facts.missing == ApplicationFacts.mandatory + [
                .patientBirthDate, .medicalRecordNumber, .requesterDepartment,
            ]
        )
        #expect(Set(facts.missing).count == facts.missing.count)
        #expect(facts.priority == nil && facts.department == nil && facts.sex == .unknown)
        #expect(facts.serviceKind == .consultation && facts.medicalAssistance == nil && facts.ageBand == .unknown)
        #expect(facts.consent == ConsentFacts(state: .missing, basis: .unknown))
    }

    @Test("Consent is what state, basis and evidence say together")
    func consent() throws {
        func consent(_ elements: [Element: String], mayAttest: Bool = false) throws -> ConsentFacts {
            var all = Elements<Element>()
            for (element, value) in elements { all[element] = value }
            var site = Scenery.sites[0]
            site.mayAttest = mayAttest
            return try ApplicationFacts.consent(in: all, site: site)
        }
        #expect(try consent([:]).state == .missing)
        #expect(
            try consent([.consentReference: "A1"]) == ConsentFacts(state: .given, basis: .unknown, hasEvidence: true)
        )
        #expect(try consent([.consentBasis: "written"]).state == .given)
        #expect(try consent([.consentBasis: "emergency"]).state == .missing)
        #expect(try consent([.consentState: "attested"]).state == .missing)
        #expect(try consent([.consentState: "attested"], mayAttest: true).state == .attested)
        #expect(try consent([.consentState: "withdrawn", .consentReference: "A1"]).state == .withdrawn)
        #expect(try consent([.consentScope: "any"]).scope == nil)
        #expect(try consent([.consentScope: ","]).scope == [])
        #expect(try consent([.consentFeeTold: "no"]).feeTold == false)
    }

    @Test("A page that is attached later changes no scope, basis or fee that it does not state")
    func attached() throws {
        let earlier = ConsentFacts(state: .missing, basis: .kin, scope: [Scenery.city], feeTold: true)
        var page = Elements<Element>()
        page[.consentReference] = "A1"
        let site = Scenery.sites[0]
        let after = try ApplicationFacts.consent(in: page, site: site, after: earlier)
        #expect(
            after
                == ConsentFacts(state: .given, basis: .kin, scope: [Scenery.city], hasEvidence: true, feeTold: true)
        )
        page[.consentScope] = "any"
        page[.consentBasis] = "written"
        page[.consentFeeTold] = "no"
        let stated = try ApplicationFacts.consent(in: page, site: site, after: after)
        #expect(stated == ConsentFacts(state: .given, basis: .written, hasEvidence: true))
    }

    @Test("An absent and an empty element are the same")
    func absence() {
        var a = Elements<Element>()
        a[.summary] = ""
        #expect(a.isEmpty && a == Elements<Element>())
        a[.summary] = "x"
        a[.summary] = nil
        #expect(a.isEmpty)
    }

    @Test("Elements have canonical bytes in the order of their names, and read back strictly")
    func canonical() throws {
        let application = Scenery.application([.note: "一\n二"])
        let bytes = application.elements.canonical
        #expect(try Elements<Element>(canonical: bytes) == application.elements)
        let names = application.elements.sorted.map(\.key.rawValue)
        #expect(names == names.sorted())
        for text in [#"{"patient.alias":"x"}"#, #"{"patient.name":1}"#, #"{"patient.name":""}"#, "[]"] {
            #expect(throws: RecordError.self, "\(text)") { try Elements<Element>(canonical: Array(text.utf8)) }
        }
        #expect(Set(Element.allCases.map(\.rawValue)).count == Element.allCases.count)
        #expect(Element.allCases.filter(\.isTransport) == [.authoredOn])
    }

    @Test("Digests compare element by element; absence and transport fields are no change")
    func digests() {
        var a = ElementDigests(elements: [.summary: 1, .reason: 2, .authoredOn: 3], attachments: [7])
        let copy = ElementDigests(elements: [.summary: 9, .authoredOn: 4, .note: 5], attachments: [7, 8])
        let changed = a.changes(in: copy)
        #expect(changed.names == ["request.note", "request.summary", "attachments"])
        #expect(changed.attachments == [8])
        a.merge(changed)
        #expect(a.changes(in: copy).isEmpty)
        #expect(a.elements[.reason] == 2)
        #expect(a.elements[.authoredOn] == 3)
    }

    @Test("A payload is bound by its bytes without the signature")
    func payload() throws {
        var report = Report()
        report[.opinion] = "建议转诊"
        report[.disposition] = "refer-up"
        report.attachments = [Attachment(title: "签名页", contentType: "application/pdf", bytes: [1, 2, 3])]
        var payload = Payload(report: report, number: 2) { "sum\($0.count)" }
        #expect(payload.attachments.map(\.id) == ["report-2-1"])
        #expect(payload.attachments[0].size == 3 && payload.attachments[0].sha256 == "sum3")
        let unsigned = payload.signedBytes
        payload.signature = "head..tail"
        #expect(payload.signedBytes == unsigned)
        #expect(payload.canonical != unsigned)
        #expect(try Payload(canonical: payload.canonical) == payload)
        #expect(payload[.opinion] == "建议转诊" && payload[Element.summary] == nil)
        var application = Application()
        application[.summary] = "x"
        application.attachments = report.attachments + report.attachments
        let sealed = Payload(application: application) { _ in "s" }
        #expect(sealed.attachments.map(\.id) == ["application-1", "application-2"])
        #expect(sealed[Element.summary] == "x")
        #expect(throws: RecordError.self) { try Payload(canonical: Array("{}".utf8)) }
        #expect(application.attachments[0].isSame(as: application.attachments[1]))
        let other = Attachment(title: "签名页", contentType: "image/png", bytes: [1, 2, 3])
        #expect(!application.attachments[0].isSame(as: other))
    }
}
