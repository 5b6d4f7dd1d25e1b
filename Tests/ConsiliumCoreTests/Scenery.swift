@testable import ConsiliumCore

/// The small network that the tests play in: one township hospital asks, five others can be asked.
enum Scenery {
    static let town = SiteID("42112501X")!
    static let county = SiteID("421125001")!
    static let city = SiteID("421100001")!
    static let province = SiteID("420000001")!
    /// The coordination office sits here.
    static let capital = SiteID("110000001")!
    static let second = SiteID("110000002")!
    static let cardiology = DepartmentCode("0304")!
    static let medicine = DepartmentCode("03")!

    /// Monday 2 March 2026, 09:00 in Shanghai.
    static let monday = time("2026-03-02T09:00:00+08:00")

    static func time(_ text: String) -> Instant { Instant(iso8601: text)! }

    static func site(
        _ id: SiteID,
        _ tier: Tier,
        capacity: Int = 3,
        region: String = "420000",
        change: (inout Site) -> Void = { _ in }
    ) -> Site {
        var site = Site(id: id, name: "医院 \(id)", tier: tier)
        site.region = region
        site.dutyTelephone = "010-\(id)"
        site.departments = [cardiology: capacity]
        change(&site)
        return site
    }

    static let sites: [Site] = [
        site(town, .primary, capacity: 1, region: "421125") { $0.departments = [DepartmentCode("02")!: 1] },
        site(county, .county, region: "421125"),
        site(city, .municipal, region: "421100"),
        site(province, .provincial),
        site(capital, .national, region: "110000") {
            $0.isCoordinationOffice = true
            $0.mayAttest = true
        },
        site(second, .national, region: "110000"),
    ]

    /// The network with `sites`, each with a live channel unless `quiet` names it.
    static func network(_ sites: [Site] = sites, quiet: Set<SiteID> = []) -> Network {
        var network = Network(name: "test")
        var sequence = 0
        func apply(_ event: NetworkEvent) {
            sequence += 1
            network.evolve(event, sequence: sequence, at: monday)
        }
        apply(.founded(name: "test"))
        for site in sites { apply(.sitePut(site)) }
        for site in sites where !quiet.contains(site.id) { apply(.channelLive(site.id)) }
        return network
    }

    static func person(_ site: SiteID, _ roles: Role..., name: String = "wang") -> Actor {
        Actor(principal: Principal(site: site, kind: .operator, name: name), site: site, roles: Set(roles))
    }

    static let requester = person(town, .requester)
    static let coordinator = person(capital, .coordinator, name: "office")
    static func expert(_ site: SiteID) -> Actor { person(site, .expert, name: "expert") }

    /// A complete application; `changes` overrides elements, nil removes one.
    static func application(_ changes: [Element: String?] = [:]) -> Application {
        var application = Application()
        let values: [Element: String] = [
            .patientName: "张三丰", .patientSex: "1", .patientBirthDate: "1956-04-01",
            .medicalRecordNumber: "MR-7", .summary: "活动后气促三天", .reason: "请会诊",
            .purpose: "明确诊断", .diagnosisName: "心力衰竭", .wantedDepartment: "0304", .priority: "routine",
            .requesterDoctor: "李四", .requesterDepartment: "02", .requestNumber: "REQ-1",
            .consentBasis: "written", .consentReference: "ARCH-9",
        ]
        for (element, value) in values { application[element] = value }
        for (element, value) in changes { application[element] = value }
        return application
    }

    /// An application whose consent is missing.
    static func withoutConsent(_ changes: [Element: String?] = [:]) -> [Element: String?] {
        var out: [Element: String?] = [.consentBasis: nil, .consentReference: nil]
        for (element, value) in changes { out[element] = value }
        return out
    }

    static func facts(
        _ application: Application,
        for site: SiteID = town,
        in network: Network = network(),
        source: PrioritySource = .stated,
        unmapped: Bool = false,
        at now: Instant = monday
    ) throws -> ApplicationFacts {
        var submission = Submission(intent: .application(application), format: .client)
        submission.prioritySource = source
        submission.departmentUnmapped = unmapped
        return try ApplicationFacts(
            application,
            of: submission,
            requester: network.sites[site]!,
            via: nil,
            requestKey: [1, 2, 3],
            digests: digests(application),
            at: now
        )
    }

    /// Stands in for the ledger's keyed digests: equal content, equal digest.
    static func digests(_ application: Application) -> ElementDigests {
        var digests = ElementDigests()
        for (element, value) in application.elements.sorted {
            digests.elements[element] = digest("\(element.rawValue)=\(value)")
        }
        digests.attachments = application.attachments.map { digest("\($0.contentType)\($0.bytes)") }
        return digests
    }

    /// FNV-1a, 64 bits.
    static func digest(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    static func report(
        signature: SignatureKind = .operator,
        holds: Bool = true,
        version: Int = 1,
        licence: String = "licence-1",
        present: Set<ReportElement> = Set(ReportFacts.mandatory),
        attachments: Int = 0
    ) -> ReportFacts {
        ReportFacts(
            disposition: .manageAtOrigin,
            appropriateTier: .county,
            signature: signature,
            signatureHolds: holds,
            caseVersion: version,
            licence: licence,
            present: present,
            attachments: attachments,
            digests: ["report.opinion": 77]
        )
    }
}

/// Loads as a test sets them.
struct FixedLoads: LoadTable {
    var figures: [SiteID: Load] = [:]
    func load(of site: SiteID, department: DepartmentCode) -> Load { figures[site] ?? Load() }
}

/// So that a failing seed can be run again.
typealias SeededGenerator = SplitMix64
