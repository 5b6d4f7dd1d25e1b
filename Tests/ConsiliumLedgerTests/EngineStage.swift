import ConsiliumCore
import Testing

@testable import ConsiliumLedger

/// A hub's ledger in a temporary folder, with a clock that the test turns and randomness that repeats itself.
final class EngineStage {
    static let town = SiteID("42112501X")!
    static let county = SiteID("421125001")!
    static let city = SiteID("421100001")!
    static let capital = SiteID("110000001")!
    static let second = SiteID("110000002")!
    static let cardiology = DepartmentCode("0304")!
    /// Monday 2 March 2026, 09:00 in Shanghai.
    static let monday = Instant(iso8601: "2026-03-02T09:00:00+08:00")!

    let folder: TemporaryFolder
    let storeOptions: Store.Options
    private(set) var store: Store
    let intake: Intake
    private(set) var ledger: Ledger
    var entropy: SeededEntropy
    var now: Instant
    private var messages = 0

    /// `capacities` are cardiology's, by site; three where nothing is said.
    init(
        seed: UInt64 = 1,
        capacities: [SiteID: Int] = [:],
        storeOptions: Store.Options = Store.Options(),
        options: Ledger.Options = Ledger.Options(),
        at start: Instant = EngineStage.monday
    ) throws {
        folder = try TemporaryFolder()
        self.storeOptions = storeOptions
        entropy = SeededEntropy(seed: seed)
        now = start
        store = try Store(path: folder("ledger.db"), options: storeOptions)
        try store.migrate(Tables.migrations)
        let masters = try MasterKeys([MasterKey(version: 1, entropy: &entropy)])
        let (keys, wrapped) = try KeyRing.create(network: "test", masters: masters, entropy: &entropy)
        try store.write { try NetworkKeyTable.store(wrapped, masters: masters, in: $0) }
        intake = Intake(keys: keys, masters: masters, blobs: BlobStore(directory: folder("blobs")))
        ledger = try Ledger(
            store: store,
            intake: intake,
            entropy: SeededEntropy(seed: seed &+ 1),
            now: now,
            options: options
        )
        try found(capacities)
    }

    // MARK: The network

    static func node(_ site: SiteID) -> Principal { Principal(site: site, kind: .node, name: "engine") }
    static func doctor(_ site: SiteID) -> Principal { Principal(site: site, kind: .operator, name: "doctor") }
    static func administrator(_ site: SiteID) -> Principal { Principal(site: site, kind: .operator, name: "admin") }

    private static func site(
        _ id: SiteID,
        _ tier: Tier,
        _ format: ExchangeProfile.Format,
        capacity: Int?
    ) -> Site {
        var site = Site(id: id, name: "医院 \(id)", tier: tier)
        site.region = "421125"
        site.departments = id == town ? [:] : [cardiology: capacity ?? 3]
        site.profile = ExchangeProfile(format: format, charset: format == .hl7v2 ? "GB18030" : "UTF-8")
        site.isCoordinationOffice = id == capital
        site.mayAttest = true
        return site
    }

    private func found(_ capacities: [SiteID: Int]) throws {
        let sites = [
            Self.site(Self.town, .primary, .hl7v2, capacity: nil),
            Self.site(Self.county, .county, .hl7v2, capacity: capacities[Self.county]),
            Self.site(Self.city, .municipal, .client, capacity: capacities[Self.city]),
            Self.site(Self.capital, .national, .fhir, capacity: capacities[Self.capital]),
            Self.site(Self.second, .national, .fhir, capacity: capacities[Self.second]),
        ]
        let chief = Self.administrator(Self.capital)
        try change(.found(name: "test", coordinationOffice: sites[3], administrator: chief, token: "t"), by: nil)
        try enrol("t")
        try change(.putSites(sites), by: chief)
        for site in sites.map(\.id) {
            let administrator = Self.administrator(site)
            if site != Self.capital { try invite(administrator, [.siteAdministrator], by: chief) }
            for principal in [Self.node(site), Self.doctor(site)] {
                try invite(principal, [.requester, .expert], by: administrator)
            }
            try change(.channel(site, isLive: true), by: nil)
        }
    }

    private func invite(_ principal: Principal, _ roles: [Role], by inviter: Principal) throws {
        let token = "token-\(principal)"
        try change(.invite(principal, roles: roles, token: token, lifetime: .hours(24)), by: inviter)
        try enrol(token)
    }

    private func enrol(_ token: String) throws {
        let certificate = Network.Certificate(fingerprint: token, notAfter: now + .days(3_650))
        try change(.enrol(token: token, certificate), by: nil)
    }

    @discardableResult
    func change(_ command: NetworkCommand, by principal: Principal?) throws -> Receipt {
        try one(.network(command, by: principal, payload: nil))
    }

    // MARK: Steps

    @discardableResult
    func step(_ inputs: [Input] = []) -> Ledger.StepOutcome { ledger.step(now: now, inputs: inputs) }

    @discardableResult
    func one(_ input: Input) throws -> Receipt { try step([input]).results[0].get() }

    /// The refusal that `input` meets; nil when it is carried out.
    func refusal(_ input: Input) -> Refusal? { Self.refusal(step([input]).results[0]) }

    static func refusal(_ result: Result<Receipt, InputFailure>) -> Refusal? {
        if case .failure(.refused(let refusal)) = result { refusal } else { nil }
    }

    func advance(_ span: Span) { now = now + span }

    /// The hub dies here and starts again on the same files; `outage` passes in between.
    func restart(after outage: Span = .zero, seed: UInt64 = 77) throws {
        now = now + outage
        // The dead process closed nothing: its connections live until the new ones stand.
        let store = try Store(path: folder("ledger.db"), options: storeOptions)
        ledger = try Ledger(store: store, intake: intake, entropy: SeededEntropy(seed: seed), now: now)
        self.store = store
    }

    // MARK: Requests

    static func application(
        _ number: String,
        priority: Priority = .routine,
        consent: Bool = true,
        change: (inout Application) -> Void = { _ in }
    ) -> Application {
        var application = Application()
        for (element, value) in [
            (Element.patientName, "李昞"), (.patientSex, "1"), (.patientBirthDate, "1958-11-03"),
            (.citizenID, "421125195811030019"), (.requestNumber, number), (.priority, priority.rawValue),
            (.summary, "胸痛三天"), (.reason, "诊断不明"), (.wantedDepartment, "0304"), (.requesterDoctor, "张三"),
        ] { application[element] = value }
        if consent {
            application[.consentBasis] = "written"
            application[.consentReference] = "GD-17"
        }
        change(&application)
        return application
    }

    /// An application on its way to the ledger.
    func submission(
        _ application: Application,
        from principal: Principal = EngineStage.node(EngineStage.town),
        for stated: SiteID? = nil,
        message: String? = nil,
        door: Door = .mllp,
        source: [UInt8]? = nil
    ) throws -> Input {
        var submission = Submission(intent: .application(application), format: .hl7v2)
        messages += 1
        submission.messageID = message ?? "M\(messages)"
        let id = stated ?? principal.site
        let site = try #require(ledger.network.sites[id])
        return .submit(
            try intake.prepare(
                application,
                of: submission,
                source: source ?? Array("bytes of \(submission.messageID ?? "")".utf8),
                sourceType: "x-application/hl7-v2+er7",
                from: principal,
                for: site,
                through: door,
                at: now,
                entropy: &entropy
            )
        )
    }

    /// Submits and returns the case.
    @discardableResult
    func submit(_ number: String, priority: Priority = .routine, consent: Bool = true) throws -> CaseID {
        let application = Self.application(number, priority: priority, consent: consent)
        return try #require(try one(try submission(application)).caseID)
    }

    func act(
        _ act: Act,
        on id: CaseID,
        by principal: Principal,
        message: String? = nil,
        expecting version: Int? = nil
    ) -> Input {
        .act(
            PreparedAct(
                principal: principal,
                reference: .id(id),
                act: act,
                identity: message.map {
                    intake.identity(of: act, message: $0, sender: "", site: principal.site, source: [])
                },
                expectedVersion: version
            )
        )
    }

    static func report(_ opinion: String = "考虑稳定型心绞痛") -> Act {
        var report = Report()
        report[.opinion] = opinion
        return .report(
            report,
            Signature(kind: .site, doctor: "王五", licence: "110110000004567", jws: nil, caseVersion: 0)
        )
    }

    // MARK: Looking

    func facts(_ id: CaseID) throws -> Consultation {
        try #require(try store.read { try CaseFolder($0).fold(id) })
    }

    func history(_ id: CaseID) throws -> [(header: RecordHeader, event: Event)] {
        try store.read { try CaseFolder($0).history(id) }
    }

    var cases: CaseReader { CaseReader(store: store, intake: intake) }
    var flow: FlowReader { FlowReader(store: store, intake: intake) }

    func actor(_ principal: Principal) throws -> Actor { try ledger.network.actor(principal) }

    /// The site that holds the only live offer.
    func invited(_ id: CaseID) throws -> SiteID {
        let live = try facts(id).liveOffers
        #expect(live.count == 1)
        return try #require(live.first).place.site
    }

    func memoryFitsStore() throws -> Bool { try ledger.memoryFitsStore() }

    /// Rebuilds the projections and says whether their bytes are what they were.
    func rebuildsEqually() throws -> Bool {
        let before = try Rebuild.digest(store)
        _ = try Rebuild.run(store)
        return try Rebuild.digest(store) == before
    }
}
