import ConsiliumCore
import ConsiliumLedger
import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// `/network/governance`: reports, registers, assessments and samples, in plain JSON.
struct GovernanceRoutes {
    let hub: Hub

    func add(to network: RouterGroup<HubContext>) {
        let governance = network.group("governance")
        governance.get("report") { request, _ in
            await hub.answerJSON("network", request) {
                let query = request.uri.queryParameters
                let scope = try Self.scope(query["scope"], for: try await hub.actor())
                let period = try Self.period(query["period"])
                return try Reply.json(try await hub.governance.report(period, scope: scope))
            }
        }
        governance.get("model") { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                return try Reply.json(hub.governance.state.model(forPeriodFrom: hub.clock.now()).model)
            }
        }
        governance.get("drill") { request, _ in
            await hub.answerJSON("network", request) {
                try Self.requireAuditor(try await hub.actor())
                let query = request.uri.queryParameters
                return try Reply.json(
                    try await hub.governance.drill(
                        try Self.text(query["measure"], "measure"),
                        period: try Self.period(query["period"]),
                        stratum: try Self.stratum(query),
                        skip: max(0, query["skip"].flatMap { Int($0) } ?? 0),
                        limit: query["limit"].flatMap { Int($0) } ?? 100
                    )
                )
            }
        }
        governance.get("cases/:reference") { request, context in
            await hub.answerJSON("network", request) {
                try Self.requireAuditor(try await hub.actor())
                let (reference, period) = try Self.named(request, context)
                return try Reply.json(try await hub.governance.history(of: reference, period: period))
            }
        }
        governance.get("references/:reference") { request, context in
            await hub.answerJSON("network", request) { try await find(request, context) }
        }
        governance.post("commands") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                let asked = try await hub.decode(GovernanceRequest.self, from: &request)
                return try await carryOut(asked)
            }
        }
        governance.post("samples/draw") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                return try await draw(try await hub.decode(DrawRequest.self, from: &request))
            }
        }
        governance.get("samples") { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                return try Reply.json(
                    hub.governance.state.samples.values.map(SampleCard.init)
                        .sorted { ($0.period, $0.purpose.rawValue) < ($1.period, $1.purpose.rawValue) }
                )
            }
        }
        governance.get("glasses") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                let all = hub.governance.state.brokenGlasses.values.sorted { $0.id < $1.id }
                let now = hub.clock.now()
                return try Reply.json(
                    all.filter { Self.isTold(actor, of: $0) }.map { GlassCard($0, for: actor, at: now) }
                )
            }
        }
        governance.get("registers/:kind") { request, context in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                let kind = try context.parameters.require("kind")
                return try RegisterCards(hub.governance.state, for: actor).reply(kind)
            }
        }
        governance.get("assessments") { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                let all = hub.governance.state.assessments.values.sorted { $0.id < $1.id }
                return try Reply.json(all.map { AssessmentCard($0, reader: nil) })
            }
        }
        governance.get("assessments/:id") { request, context in
            await hub.answerJSON("network", request) {
                let (principal, _) = try hub.caller()
                _ = try await hub.actor()
                guard let id = TimeOrderedID(try context.parameters.require("id")),
                    let assessment = hub.governance.state.assessments[id]
                else { throw Refusal(.notFound) }
                return try Reply.json(AssessmentCard(assessment, reader: principal))
            }
        }
    }

    // MARK: Queries

    static func requireAuditor(_ actor: Actor) throws(Refusal) {
        guard actor.roles.contains(.auditor) else { throw Refusal(.notPermitted, at: nil, Role.auditor.rawValue) }
    }

    /// Exact counts are an auditor's alone; administrators read what may be published.
    static func scope(_ text: Substring?, for actor: Actor) throws(Refusal) -> ReportSource.Scope {
        let isAuditor = actor.roles.contains(.auditor)
        guard isAuditor || !actor.roles.isDisjoint(with: [.networkAdministrator, .siteAdministrator, .coordinator])
        else { throw Refusal(.notPermitted, at: nil, Role.auditor.rawValue) }
        guard let text else { return isAuditor ? .audited : .published }
        guard let scope = ReportSource.Scope(rawValue: String(text)) else {
            throw Refusal(.unknownCode, at: "scope", "audited, published")
        }
        if scope == .audited { try requireAuditor(actor) }
        return scope
    }

    private static func period(_ text: Substring?) throws(Refusal) -> GovernancePeriod {
        guard let period = text.flatMap({ GovernancePeriod($0) }) else {
            throw Refusal(.invalidValue, at: "period", "2026-09, 2026-Q3 or 2026")
        }
        return period
    }

    private static func text(_ value: Substring?, _ place: String) throws(Refusal) -> String {
        guard let value, !value.isEmpty else { throw Refusal(.invalidValue, at: place) }
        return String(value)
    }

    private static func stratum(_ query: Parameters) throws(Refusal) -> StratumSelection {
        var selection = StratumSelection()
        if let text = query["site"] {
            guard let site = SiteID(text) else { throw Refusal(.siteUnknown, at: "site") }
            selection.site = site
        }
        if let text = query["tier"] {
            guard let tier = Tier(rawValue: String(text)) else { throw Refusal(.unknownCode, at: "tier") }
            selection.tier = tier
        }
        selection.region = query["region"].map { String($0) }
        if let text = query["department"] {
            guard let department = DepartmentCode(String(text)) else { throw Refusal(.unknownCode, at: "department") }
            selection.department = department
        }
        if let text = query["priority"] {
            guard let priority = Priority(rawValue: String(text)) else { throw Refusal(.unknownCode, at: "priority") }
            selection.priority = priority
        }
        return selection
    }

    private static func named(_ request: Request, _ context: HubContext) throws -> (AuditReference, GovernancePeriod) {
        guard let reference = AuditReference(try context.parameters.require("reference")) else {
            throw Refusal(.notFound, at: "reference")
        }
        return (reference, try period(request.uri.queryParameters["period"]))
    }

    /// The owning site is told which of its own cases it is; an auditor never is.
    private func find(_ request: Request, _ context: HubContext) async throws -> Response {
        let actor = try await hub.actor()
        let (reference, period) = try Self.named(request, context)
        guard !actor.roles.contains(.auditor), let site = actor.site,
            let id = try await hub.governance.caseID(of: reference, period: period, owner: site),
            let facts = try hub.cases.facts(id), facts.requester.site == site
        else { throw Refusal(.notFound, at: "reference") }
        return try Reply.json(["case": id])
    }

    /// Who looked, the administrators of the sites that were told, and the network's.
    private static func isTold(_ actor: Actor, of glass: BreakGlass) -> Bool {
        actor.principal == glass.operatorID || actor.roles.contains(.networkAdministrator)
            || actor.roles.contains(.siteAdministrator) && actor.site.map(glass.opening.sites.contains) ?? false
    }

    private struct GlassCard: Encodable {
        var id: String
        /// nil for the network's administrator, who watches over it without learning which case it was.
        var `case`: CaseID?
        var reason: BreakGlass.Reason
        var `operator`: String
        var openedAt: Instant
        var ends: Instant
        var reviewDue: Instant
        /// `unreviewed`, `late` once its review is overdue, `reviewed`.
        var state: String
        var verdict: BreakGlass.Verdict?

        init(_ glass: BreakGlass, for actor: Actor, at now: Instant) {
            id = glass.id.description
            let takesPart = actor.principal == glass.operatorID || actor.site.map(glass.opening.sites.contains) ?? false
            self.case = takesPart ? glass.opening.caseID : nil
            reason = glass.opening.reason
            self.operator = glass.operatorID.description
            openedAt = glass.openedAt
            ends = glass.ends
            reviewDue = glass.reviewDue
            state = glass.review != nil ? "reviewed" : glass.isReviewLate(at: now) ? "late" : "unreviewed"
            verdict = glass.review?.verdict
        }
    }

    // MARK: Commands

    private struct Done: Encodable {
        var id: String
        var version: Int
    }

    private func carryOut(_ asked: GovernanceRequest) async throws -> Response {
        let (principal, _) = try hub.caller()
        let actor = try await hub.actor()
        let command = try await asked.command(by: actor, on: hub)
        let receipt = try await hub.execute(.governance(command, by: principal))
        if case .breakGlass(let opening) = command {
            // Whoever may see the case already is not given it a second time, and is shown the glass that is open.
            let glasses = hub.governance.state.brokenGlasses.values
                .filter { $0.opening.caseID == opening.caseID && $0.operatorID == principal }
            guard let glass = glasses.max(by: { $0.id < $1.id }) else { throw Refusal(.notFound) }
            return try Reply.json(GlassCard(glass, for: actor, at: hub.clock.now()))
        }
        return try Reply.json(Done(id: receipt.entry?.description ?? "", version: receipt.version))
    }

    // MARK: Samples

    struct DrawRequest: Decodable {
        var period: String
        var purpose: Sample.Purpose
        /// 32 bytes, hexadecimal.
        var secret: String
    }

    private struct SampleCard: Encodable {
        var period: String
        var purpose: Sample.Purpose
        var size: Int
        var commitment: String
        var sealedAt: Instant
        var references: [String]?
        var checks: [Sample.Check]

        init(_ sample: Sample) {
            period = sample.seal.period
            purpose = sample.seal.purpose
            size = sample.seal.size
            commitment = sample.seal.commitment
            sealedAt = sample.sealedAt
            references = sample.reveal?.references
            checks = sample.checks
        }
    }

    /// Draws by the secret that was sealed before the period began, and puts secret and references on record.
    private func draw(_ asked: DrawRequest) async throws -> Response {
        let (principal, _) = try hub.caller()
        try Self.requireAuditor(try await hub.actor())
        let period = try Self.period(Substring(asked.period))
        guard let sample = hub.governance.state.samples[Sample.Key(period.label, asked.purpose)] else {
            throw Refusal(.entryUnknown, at: "period", asked.period)
        }
        let digest = hexadecimal(SHA256.hash(data: bytes(hexadecimal: asked.secret) ?? []))
        // Before all cases of the period are folded; the ledger decides on it again.
        guard digest == sample.seal.commitment else { throw Refusal(.seedMismatch, at: "secret") }
        let (reveal, drawn) = try await hub.governance.draw(sample, period: period, secret: asked.secret)
        _ = try await hub.execute(
            .governance(.revealSample(reveal, digest: digest, drawn: drawn), by: principal)
        )
        return try Reply.json(["references": reveal.references])
    }
}
