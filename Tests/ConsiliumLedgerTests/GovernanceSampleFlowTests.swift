import ConsiliumCore
import Crypto
import Testing

@testable import ConsiliumLedger

@Suite("A sample from its seal to the rate beside a measure")
struct GovernanceSampleFlowTests {
    private static let auditor = Principal(site: EngineStage.capital, kind: .operator, name: "auditor")
    private static let secret = String(repeating: "5a", count: 32)
    private static let april = GovernancePeriod("2026-04")!

    private static func stage() throws -> EngineStage {
        let stage = try EngineStage()
        let chief = EngineStage.administrator(EngineStage.capital)
        try stage.change(.invite(auditor, roles: [.auditor], token: "auditor", lifetime: .hours(24)), by: chief)
        let certificate = Network.Certificate(fingerprint: "auditor", notAfter: stage.now + .days(3_650))
        try stage.change(.enrol(token: "auditor", certificate), by: nil)
        return stage
    }

    /// A case that its requester closed: what samples are drawn from.
    @discardableResult
    private static func closed(_ stage: EngineStage, _ number: String) throws -> CaseID {
        let id = try stage.submit(number)
        let expert = EngineStage.doctor(try stage.invited(id))
        try stage.one(stage.act(.accept(appointment: nil), on: id, by: expert))
        try stage.one(stage.act(EngineStage.report(), on: id, by: expert))
        let owner = EngineStage.doctor(EngineStage.town)
        try stage.one(stage.act(.close(.adopted, reason: nil, rating: 5, note: nil), on: id, by: owner))
        return id
    }

    private static func govern(_ command: GovernanceCommand) -> Input { .governance(command, by: auditor) }

    private static func seal(_ size: Int = 3) -> GovernanceCommand {
        let digest = hexadecimal(SHA256.hash(data: bytes(hexadecimal: secret) ?? []))
        return .sealSample(.init(period: april.label, purpose: .source, size: size, commitment: digest))
    }

    /// What the secret draws of the ledger's own population, as the hub draws it.
    private static func reveal(_ stage: EngineStage, secret: String = secret) throws -> GovernanceCommand {
        var reveal = Sample.Reveal(period: april.label, purpose: .source, secret: secret, references: [])
        let population = try GovernanceDrills(store: stage.store).population(april).map(\.reference)
        var random = SplitMix64(seed: try #require(reveal.seed))
        reveal.references = random.sample(3, of: population).map(\.description)
        return .revealSample(reveal, digest: hexadecimal(SHA256.hash(data: bytes(hexadecimal: secret) ?? [])))
    }

    private static func check(_ stage: EngineStage, _ id: String = "AC2") throws -> GovernanceReport.SourceCheck? {
        let report = try GovernanceReports(store: stage.store).report(april, scope: .audited, now: stage.now)
        return try #require(report.measures.first { $0.id == id }).sourceCheck
    }

    @Test("Nobody draws before the end or with another secret; three checked cases give the rate with its interval")
    func flow() throws {
        let stage = try Self.stage()
        #expect(stage.refusal(Self.govern(try Self.reveal(stage)))?.code == .entryUnknown)
        try stage.one(Self.govern(Self.seal()))
        stage.now = try #require(Instant(iso8601: "2026-04-06T09:00:00+08:00"))
        #expect(stage.refusal(Self.govern(Self.seal(9)))?.code == .periodBegun)
        var ids: [CaseID] = []
        for number in 1...5 {
            ids.append(try Self.closed(stage, "HZ-\(number)"))
            stage.advance(.hours(1))
        }
        let early = stage.refusal(Self.govern(try Self.reveal(stage)))
        #expect(early?.code == .periodNotEnded && early?.place == "period")
        stage.now = try #require(Instant(iso8601: "2026-05-01T00:00:00+08:00"))
        // What comes after the period is not drawn from.
        try Self.closed(stage, "HZ-later")
        let drills = GovernanceDrills(store: stage.store)
        let population = try drills.population(Self.april)
        #expect(Set(population.map(\.id)) == Set(ids))
        #expect(population.map(\.reference) == population.map(\.reference).sorted())
        let other = try Self.reveal(stage, secret: String(repeating: "5b", count: 32))
        let mismatch = stage.refusal(Self.govern(other))
        #expect(mismatch?.code == .seedMismatch && mismatch?.place == "secret")
        try stage.one(Self.govern(try Self.reveal(stage)))
        let drawn = try #require(
            stage.ledger.governance.samples[Sample.Key(Self.april.label, .source)]?.reveal?.references
        )
        #expect(Set(drawn).count == 3)

        #expect(try Self.check(stage) == nil)
        for (reference, outcome) in zip(drawn, Sample.Outcome.allCases) {
            let found = try #require(AuditReference(reference))
            let id = try #require(try drills.caseID(of: found, period: Self.april))
            #expect(ids.contains(id))
            try stage.one(
                Self.govern(
                    .checkSample(
                        .init(
                            period: Self.april.label,
                            reference: reference,
                            measures: ["AC2"],
                            outcome: outcome,
                            site: EngineStage.town
                        ),
                        of: id
                    )
                )
            )
        }
        let printed = try #require(try Self.check(stage))
        #expect(printed.checked == 3 && printed.discrepant == 1 && printed.missing == 1)
        #expect(printed.drawn == 3 && printed.open == 0)
        // Wilson's interval of 2 of 3.
        #expect(abs((printed.rate ?? 0) - 66.667) < 0.001)
        #expect(abs((printed.low ?? 0) - 20.766) < 0.01 && abs((printed.high ?? 0) - 93.851) < 0.01)
        #expect(try Self.check(stage, "AC1") == nil)
        #expect(try stage.rebuildsEqually())
    }

    @Test("Only what was drawn is checked, each measure of a case once, and only of a site and measure that exist")
    func refusals() throws {
        let stage = try Self.stage()
        try stage.one(Self.govern(Self.seal()))
        stage.now = try #require(Instant(iso8601: "2026-04-06T09:00:00+08:00"))
        for number in 1...4 { try Self.closed(stage, "HZ-\(number)") }
        stage.now = try #require(Instant(iso8601: "2026-05-01T00:00:00+08:00"))
        let population = try GovernanceDrills(store: stage.store).population(Self.april)
            .map { (reference: $0.reference.description, id: $0.id) }
        func check(
            _ reference: String,
            _ measures: [String],
            _ site: SiteID = EngineStage.town,
            of id: CaseID? = nil
        ) -> Refusal? {
            let named = population.first { $0.reference == reference }?.id
            return stage.refusal(
                Self.govern(
                    .checkSample(
                        .init(
                            period: Self.april.label,
                            reference: reference,
                            measures: measures,
                            outcome: .confirmed,
                            site: site
                        ),
                        of: id ?? named ?? population[0].id
                    )
                )
            )
        }
        #expect(check(try #require(population.first).reference, ["AC2"])?.code == .entryClosed)
        try stage.one(Self.govern(try Self.reveal(stage)))
        let drawn = try #require(
            stage.ledger.governance.samples[Sample.Key(Self.april.label, .source)]?.reveal?.references
        )
        let left = try #require(population.first { !drawn.contains($0.reference) })
        #expect(check(left.reference, ["AC2"])?.place == "reference")
        #expect(check(drawn[0], ["AC2"], of: left.id)?.place == "site", "another case than the reference's")
        #expect(check(drawn[0], [])?.place == "measures")
        #expect(check(drawn[0], ["XX9"])?.code == .measureUnknown)
        #expect(check(drawn[0], ["AC2"], try #require(SiteID("999999999")))?.code == .siteUnknown)
        // The site that answered has no originals, and one that had nothing to do with it even less.
        for other in [EngineStage.county, EngineStage.second] {
            #expect(check(drawn[0], ["AC2"], other)?.place == "site")
        }
        #expect(check(drawn[0], ["AC2"], EngineStage.capital)?.code == .notPermitted)
        #expect(check(drawn[0], ["AC2", "AC3"]) == nil)
        #expect(check(drawn[0], ["AC1", "AC3"])?.code == .entryExists)
        #expect(check(drawn[0], ["AC1"]) == nil)
        let printed = try #require(try Self.check(stage))
        #expect(printed.checked == 1 && printed.drawn == 3 && printed.open == 2)
    }
}
