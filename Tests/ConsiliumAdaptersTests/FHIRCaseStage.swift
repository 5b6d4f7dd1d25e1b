import ConsiliumAdapters

@testable import ConsiliumCore

/// One case led through its phases by the domain itself, so that what is written is what can occur.
struct FHIRCaseStage {
    struct NoLoad: LoadTable {
        func load(of site: SiteID, department: DepartmentCode) -> Load { Load() }
    }

    static let start = Instant(iso8601: "2026-11-23T01:00:00.000Z")!

    private(set) var network = Network(name: "test")
    private(set) var facts: Consultation?
    var now = Self.start
    let town: Site
    let county: Site

    init() {
        var town = Site(id: FHIRSample.township, name: "某乡卫生院", tier: .primary)
        town.dutyTelephone = "0310-120"
        var county = Site(id: FHIRSample.county, name: "某县医院", tier: .county)
        county.englishName = "County Hospital"
        county.departments = [DepartmentCode("03")!: 2]
        self.town = town
        self.county = county
        for (index, site) in [town, county].enumerated() {
            network.evolve(.sitePut(site), sequence: index * 2 + 1, at: Self.start)
            network.evolve(.channelLive(site.id), sequence: index * 2 + 2, at: Self.start)
        }
    }

    static var application: Application {
        var application = FHIRSample.application
        application[.consentState] = nil
        return application
    }

    mutating func submit(_ application: Application = Self.application) throws {
        let submission = Submission(intent: .application(application), format: .fhir)
        var digests = ElementDigests()
        for (element, value) in application.elements.sorted { digests.elements[element] = UInt64(value.utf8.count) }
        let request = try ApplicationFacts(
            application,
            of: submission,
            requester: town,
            via: nil,
            requestKey: [2],
            digests: digests,
            at: now
        )
        try act(.submit(request), as: .requester, at: town.id)
    }

    mutating func act(_ command: Command, as role: Role, at site: SiteID) throws {
        let principal = Principal(site: site, kind: .operator, name: "x")
        let context = DecisionContext(
            now: now,
            actor: Actor(principal: principal, site: site, roles: [role]),
            network: network,
            loads: NoLoad()
        )
        for event in try Consultation.decide(command, on: facts, id: FHIRSample.caseID, in: context) {
            let sequence = (facts?.version ?? 0) + 1
            facts = try Consultation.evolve(facts, event, id: FHIRSample.caseID, sequence: sequence, at: now)
        }
        now = now + .minutes(5)
    }

    mutating func report() throws {
        let report = ReportFacts(
            disposition: .followUp,
            appropriateTier: .county,
            signature: .operator,
            signatureHolds: true,
            caseVersion: facts?.version ?? 0,
            licence: "l",
            present: Set(ReportFacts.mandatory),
            attachments: 0,
            digests: [:]
        )
        try act(.report(report), as: .expert, at: county.id)
    }

    /// The record as the performer reads it; nothing clinical when not `disclosed`.
    func record(disclosed: Bool = true) -> CaseRecord {
        var record = CaseRecord(facts: facts!, requester: town)
        record.performer = county
        guard disclosed else { return record }
        record.application = Self.application
        record.documents = [
            CaseRecord.Document(
                id: "application-1",
                title: "ECG",
                contentType: "application/pdf",
                size: 10,
                sha256: String(repeating: "ab", count: 32)
            )
        ]
        record.notes = [CaseRecord.Note(time: Self.start, site: town.id, text: "家属已到")]
        if facts!.reportNumber > 0 {
            record.report = FHIRActSample.report
            record.signature = "eyJhbGciOiJFUzI1NiJ9..c2ln"
            record.documents.append(
                CaseRecord.Document(
                    id: "report-1",
                    title: "会诊单",
                    contentType: "application/pdf",
                    size: 20,
                    sha256: String(repeating: "cd", count: 32)
                )
            )
        }
        return record
    }
}
