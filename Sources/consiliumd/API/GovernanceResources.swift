import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import Foundation
import HTTPTypes
import Hummingbird

/// The governance resources of `/fhir`: definitions, reports, the questionnaire and the auditors' sheets.
struct GovernanceResources {
    let hub: Hub
    let base: String

    static let types: Set<String> = ["Measure", "MeasureReport", "Questionnaire", "QuestionnaireResponse"]

    func read(_ type: String, _ id: String, _ request: Request) async throws -> Response {
        if id == "$evaluate-measure", type == "Measure" { return try await evaluate(nil, request) }
        let actor = try await hub.actor()
        guard let target = GovernanceID(type: type, id: id) else { throw Refusal(.notFound) }
        switch target {
        case .measure(let measure):
            guard let body = FHIRAdapter.measure(id: measure, model: model, base: base, adoption: adoption) else {
                throw Refusal(.notFound)
            }
            return Reply.fhir(body)
        case .report(let measure, let label):
            guard let period = GovernancePeriod(label) else { throw Refusal(.notFound) }
            return try await report(measure, period, wantsSubjects: false, actor)
        case .questionnaire: return Reply.fhir(FHIRAdapter.questionnaire(model.questionnaire, base: base))
        case .sheet(let assessmentID, let number):
            guard let assessment = hub.governance.state.assessments[assessmentID],
                assessment.sheets.indices.contains(number - 1)
            else { throw Refusal(.notFound) }
            let sheet = assessment.sheets[number - 1]
            guard assessment.sheets(visibleTo: actor.principal).contains(sheet) else { throw Refusal(.notFound) }
            return Reply.fhir(
                FHIRAdapter.questionnaireResponse(
                    sheet,
                    of: assessment,
                    number: number,
                    network: hub.network.name,
                    base: base
                )
            )
        }
    }

    /// By `_id` or `url`, as the capability statement offers; without them all of the type.
    func search(_ type: String, _ query: Parameters, _ link: String) async throws -> Response {
        _ = try await hub.actor()
        for (name, _) in query where !["_id", "url", "_format"].contains(name) {
            throw FormatError(.unknownCode, at: String(name), "no such parameter; see /fhir/metadata")
        }
        let entries: [(id: String, body: [UInt8])]
        switch type {
        case "Measure":
            let ids = model.measures.map(\.id) + CompositeMeasure.all.map(\.id)
            entries = ids.compactMap { id in
                FHIRAdapter.measure(id: id, model: model, base: base, adoption: adoption).map { (id, $0) }
            }
        case "Questionnaire":
            entries = [
                (FHIRAdapter.questionnaireID, FHIRAdapter.questionnaire(model.questionnaire, base: base))
            ]
        default: throw FormatError(.unsupportedType, at: type, "read one by its id; see /fhir/metadata")
        }
        func wanted(_ name: Substring) -> Set<String>? {
            query[name]
                .map { text in
                    Set(text.split(separator: ",").map { String($0) })
                }
        }
        let ids = wanted("_id")
        let urls = wanted("url")
        let found = entries.map { (id: $0.id, url: "\(base)/\(type)/\($0.id)", body: $0.body) }
            .filter { (ids?.contains($0.id) ?? true) && (urls?.contains($0.url) ?? true) }
        return Reply.fhir(
            FHIRAdapter.searchset(
                found.map { .init(fullURL: $0.url, resource: $0.body) },
                total: found.count,
                selfLink: link,
                nextLink: nil
            )
        )
    }

    /// `Measure/ID/$evaluate-measure`, or without an id where a parameter names the measure.
    func evaluate(_ measure: String?, _ request: Request) async throws -> Response {
        let actor = try await hub.actor()
        let asked = try MeasureEvaluation(
            measure: measure,
            parameters: request.uri.queryParameters.map { name, value in (String(name), String(value)) }
        )
        return try await report(asked.measure, asked.period, wantsSubjects: asked.wantsSubjects, actor)
    }

    private func report(
        _ measure: String,
        _ period: GovernancePeriod,
        wantsSubjects: Bool,
        _ actor: Actor
    ) async throws -> Response {
        let scope = try GovernanceRoutes.scope(nil, for: actor)
        // Before anything is computed.
        if wantsSubjects { try GovernanceRoutes.requireAuditor(actor) }
        let report = try await hub.governance.report(period, scope: scope)
        var cases: [GovernanceDrill.Case]?
        if wantsSubjects {
            let drill = try await hub.governance.drill(
                measure,
                period: period,
                stratum: .all,
                skip: 0,
                limit: 1_000
            )
            guard drill.entries.isEmpty else { throw Refusal(.notDrilled, at: measure, "counted on registers") }
            guard drill.next == nil else { throw Refusal(.tooLarge, at: measure, "1000 cases") }
            cases = drill.cases
        }
        return Reply.fhir(try FHIRAdapter.measureReport(report, measure: measure, base: base, cases: cases))
    }

    /// Takes an auditor's sheet from a system of the auditor's own: each item as if it had been rated by hand.
    func rate(_ request: Request) async throws -> Response {
        let (principal, _) = try hub.caller()
        _ = try await hub.actor()
        guard let text = request.uri.queryParameters["assessment"], let id = TimeOrderedID(text),
            hub.governance.state.assessments[id] != nil
        else { throw FormatError(.missing, at: "assessment", "name the assessment: ?assessment=ID") }
        var request = request
        let bytes = try await request.bytes(limit: hub.configuration.bodyLimit)
        let ratings = try FHIRAdapter.decodeAssessment(bytes, questionnaire: model.questionnaire)
        _ = try await hub.execute(.governance(.assess(id, .fill(ratings)), by: principal))
        let sheets = hub.governance.state.assessments[id]?.sheets ?? []
        let number = (sheets.firstIndex { $0.auditor == principal } ?? 0) + 1
        var response = Reply.fhir(FHIRAdapter.information(["rated \(ratings.count) items"]), status: .created)
        response.headers[.location] = "/fhir/\(GovernanceID.sheet(id, number).reference)"
        return response
    }

    private var model: GovernanceModel { hub.governance.state.model(forPeriodFrom: hub.clock.now()).model }

    private var adoption: Adoption? {
        hub.governance.state.adoptions.all.last { $0.modelVersion == model.version }
    }
}
