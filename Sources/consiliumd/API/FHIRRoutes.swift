import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import HTTPTypes
import Hummingbird

/// `/fhir`: FHIR R4 over mutual TLS.
struct FHIRRoutes {
    let hub: Hub

    func add(to router: Hummingbird.Router<HubContext>) {
        let fhir = router.group("fhir")
        fhir.post { request, _ in await transaction(request) }
        fhir.get("metadata") { request, _ in
            await hub.answerFHIR("fhir", request) {
                Reply.fhir(
                    FHIRAdapter.capabilityStatement(
                        software: Hub.version,
                        url: base(request),
                        date: Hub.releaseDate
                    )
                )
            }
        }
        fhir.get(":type") { request, context in
            await hub.answerFHIR("fhir", request) {
                try await search(try context.parameters.require("type"), request)
            }
        }
        fhir.post(":type") { request, context in
            let type = context.parameters.get("type") ?? ""
            if type == "QuestionnaireResponse" {
                return await hub.answerFHIR("fhir", request) { try await governance(request).rate(request) }
            }
            return await write(request) { bytes, profile throws(FormatError) in
                try FHIRAdapter.decodeCreate(type: type, bytes, profile: profile)
            }
        }
        fhir.get(":type/:id") { request, context in
            await hub.answerFHIR("fhir", request) {
                try await read(
                    try context.parameters.require("type"),
                    try context.parameters.require("id"),
                    request
                )
            }
        }
        fhir.put(":type/:id") { request, context in
            let type = context.parameters.get("type") ?? ""
            let id = context.parameters.get("id") ?? ""
            return await write(request) { bytes, profile throws(FormatError) in
                try FHIRAdapter.decodeUpdate(type: type, id: id, bytes, profile: profile)
            }
        }
        // A literal type here would hide `:type/:id` from the router, which does not look back.
        fhir.get(":type/:id/:operation") { request, context in
            await hub.answerFHIR("fhir", request) {
                let operation = try context.parameters.require("operation")
                if context.parameters.get("type") == "Measure", operation == "$evaluate-measure" {
                    return try await governance(request).evaluate(try context.parameters.require("id"), request)
                }
                guard context.parameters.get("type") == "ServiceRequest" else { throw Refusal(.notFound) }
                guard let id = CaseID(try context.parameters.require("id")) else { throw Refusal(.notFound) }
                let actor = try await hub.actor()
                let explanation = RoutingExplanation(hub: hub)
                switch operation {
                case "$why": return Reply.fhir(FHIRAdapter.why(try explanation.why(id, as: actor), of: id))
                case "$why-not":
                    guard let site = SiteID(request.uri.queryParameters["site"] ?? "") else {
                        throw Refusal(.siteUnknown, at: "site")
                    }
                    return try Reply.json(try explanation.whyNot(id, site: site, as: actor))
                default: throw Refusal(.notFound)
                }
            }
        }
    }

    private func governance(_ request: Request) -> GovernanceResources {
        GovernanceResources(hub: hub, base: base(request))
    }

    private func base(_ request: Request) -> String {
        "https://\(request.head.authority ?? "\(hub.configuration.hosts.first ?? "localhost"):\(hub.configuration.apiPort)")/fhir"
    }

    // MARK: Writing

    private func transaction(_ request: Request) async -> Response {
        await write(request, isTransaction: true) { bytes, profile throws(FormatError) in
            try FHIRAdapter.decodeBundle(bytes, profile: profile)
        }
    }

    private func write(
        _ request: Request,
        isTransaction: Bool = false,
        decode: ([UInt8], ExchangeProfile) throws(FormatError) -> FHIRInteraction
    ) async -> Response {
        await hub.answerFHIR("fhir", request) {
            var request = request
            guard ["application/fhir+json", "application/json", ""].contains(request.mediaType) else {
                throw FormatError(.unsupportedType, at: "Content-Type", "send application/fhir+json")
            }
            let bytes = try await request.bytes(limit: hub.configuration.bodyLimit)
            return try await accept(bytes, request, isTransaction: isTransaction, decode: decode)
        }
    }

    /// Decodes, carries out and answers; also what `/exchange/messages` does with a FHIR body.
    func accept(
        _ bytes: [UInt8],
        _ request: Request,
        isTransaction: Bool,
        door: Door = .fhir,
        decode: ([UInt8], ExchangeProfile) throws(FormatError) -> FHIRInteraction
    ) async throws -> Response {
        let arrival = hub.ledger.expect()
        let (principal, identity) = try hub.caller()
        let profile = hub.network.sites[principal.site]?.profile ?? ExchangeProfile(format: .fhir)
        let interaction: FHIRInteraction
        do throws(FormatError) {
            interaction = try decode(bytes, profile)
        } catch {
            if error.code == .danglingReference, error.location.hasSuffix(".id") { throw Refusal(.notFound) }
            hub.quarantine(bytes, from: principal, through: door, error)
            hub.metrics.message("fhir", outcome: error.code.rawValue)
            hub.exchanged(principal.site, .fhir, isAccepted: false)
            throw error
        }
        if let number = Self.identifier(interaction.ifNoneExist),
            let existing = try hub.cases.caseOf(site: principal.site, number: number)
        {
            let facts = try hub.cases.facts(existing)
            return created(existing, facts?.requestVersion ?? 1, isNew: false, [], isTransaction: isTransaction)
        }
        let headerMatch = request.headers[.ifMatch].flatMap { FHIRAdapter.version(entityTag: $0) }
        if request.headers[.ifMatch] != nil, headerMatch == nil {
            throw FormatError(.invalidValue, at: "If-Match", "an entity tag W/\"n\" was expected")
        }
        let received: Received
        do {
            received = try await hub.receive(
                interaction.submission,
                source: bytes,
                sourceType: "application/fhir+json",
                from: principal,
                identity: identity,
                through: door,
                ifMatch: headerMatch ?? interaction.ifMatch,
                arrival: arrival
            )
        } catch let refusal as Refusal {
            if refusal.code != .busy, refusal.code != .diskFull {
                hub.exchanged(principal.site, .fhir, isAccepted: false)
            }
            throw refusal
        }
        hub.metrics.message("fhir", outcome: "accepted")
        hub.exchanged(principal.site, .fhir, isAccepted: true)
        guard let id = received.receipt.caseID else { throw Refusal(.notFound) }
        let isNew = received.receipt.outcome == .accepted || received.receipt.outcome == .held
        var notes = received.lost.prefix(50).map { "not carried over: \($0.path)" }
        switch received.receipt.outcome {
        case .accepted, .done: break
        case .held: notes.append("held H-\(id): a code that routing needs is not mapped")
        case .alreadyReceived: notes.append("already received \(id)")
        case .amended(let names): notes.append("amended \(id): \(names.joined(separator: ", "))")
        case .noted: notes.append("passed on to the performer as a note")
        }
        guard let target = interaction.target else {
            return created(id, received.receipt.version, isNew: isNew, Array(notes), isTransaction: isTransaction)
        }
        return try await updated(target, isTransaction: isTransaction, isCreate: request.method == .post)
    }

    /// The placer number of `identifier=SYSTEM|VALUE`.
    private static func identifier(_ query: String?) -> String? {
        guard let query, let range = query.range(of: "identifier=") else { return nil }
        let value = query[range.upperBound...].prefix { $0 != "&" }
        let text = String(value.split(separator: "|").last ?? "").removingPercentEncoding ?? ""
        return text.isEmpty ? nil : text
    }

    private func created(
        _ id: CaseID,
        _ version: Int,
        isNew: Bool,
        _ notes: [String],
        isTransaction: Bool
    ) -> Response {
        let outcome = notes.isEmpty ? nil : FHIRAdapter.information(notes)
        let location = "ServiceRequest/\(id)/_history/\(version)"
        if isTransaction {
            var response = Reply.fhir(
                FHIRAdapter.transactionResponse([
                    FHIRAdapter.ResponseEntry(
                        status: isNew ? "201 Created" : "200 OK",
                        location: location,
                        version: version,
                        modified: nil,
                        outcome: outcome
                    )
                ])
            )
            response.headers[.consiliumCase] = id.description
            return response
        }
        var response = Reply.fhir(
            outcome ?? FHIRAdapter.information([isNew ? "accepted \(id)" : "already received \(id)"]),
            status: isNew ? .created : .ok
        )
        response.headers[.location] = "/fhir/\(location)"
        response.headers[.consiliumCase] = id.description
        response.headers[.eTag] = "W/\"\(version)\""
        return response
    }

    /// The resource as it is after an act, when the caller may still see it.
    private func updated(_ target: FHIRID, isTransaction: Bool, isCreate: Bool) async throws -> Response {
        let actor = try await hub.actor()
        let record: CaseRecord
        do {
            record = try hub.view(target.caseID, as: actor).record
        } catch let refusal as Refusal where refusal.code == .notFound {
            // A site that declines sees no more of the case; the act itself was done.
            return Reply.fhir(FHIRAdapter.information(["done"]))
        }
        let version = target.versionID(in: record.facts) ?? record.facts.version
        if isTransaction {
            return Reply.fhir(
                FHIRAdapter.transactionResponse([
                    FHIRAdapter.ResponseEntry(
                        status: "200 OK",
                        location: "\(target.reference)/_history/\(version)",
                        version: version,
                        modified: record.facts.updatedAt,
                        outcome: nil
                    )
                ])
            )
        }
        let body = FHIRAdapter.resource(target, of: record) ?? FHIRAdapter.information(["done"])
        var response = Reply.fhir(body, status: isCreate ? .created : .ok)
        response.headers[.eTag] = "W/\"\(version)\""
        if isCreate { response.headers[.location] = "/fhir/\(target.reference)" }
        return response
    }

    // MARK: Reading

    private func read(_ type: String, _ id: String, _ request: Request) async throws -> Response {
        if GovernanceResources.types.contains(type) { return try await governance(request).read(type, id, request) }
        let actor = try await hub.actor()
        if type == "Organization" {
            guard let site = SiteID(id).flatMap({ hub.network.sites[$0] }) else { throw Refusal(.notFound) }
            return Reply.fhir(FHIRAdapter.organization(site))
        }
        guard let target = FHIRID(type: type, id: id) else { throw Refusal(.notFound) }
        let content: AccessEvent.Content =
            switch type {
            case "DiagnosticReport", "Provenance": .report
            case "Binary": .document
            default: .application
            }
        let view = try hub.view(target.caseID, as: actor, content: content)
        if case .binary(let part) = target.kind { return try binary(part, target, view, request) }
        guard let body = FHIRAdapter.resource(target, of: view.record) else { throw Refusal(.notFound) }
        var response = Reply.fhir(body)
        if let version = target.versionID(in: view.record.facts) { response.headers[.eTag] = "W/\"\(version)\"" }
        return response
    }

    private func binary(
        _ part: String,
        _ target: FHIRID,
        _ view: CaseReader.View,
        _ request: Request
    ) throws -> Response {
        guard view.discloses, view.record.facts.consent.state != .withdrawn || view.relation == .requester else {
            throw Refusal(.consentWithdrawn)
        }
        guard let document = view.record.documents.first(where: { $0.id == part }) else { throw Refusal(.notFound) }
        let bytes = try hub.cases.blob(target.caseID, part: part)
        if request.headers[.accept]?.contains("fhir+json") ?? false {
            return Reply.fhir(FHIRAdapter.binary(target, contentType: document.contentType, bytes: bytes))
        }
        return Reply.document(bytes, type: document.contentType)
    }

    private static let searchable: Set<String> = [
        "ServiceRequest", "Task", "Patient", "DiagnosticReport", "DocumentReference", "Consent", "Provenance",
    ]

    private func search(_ type: String, _ request: Request) async throws -> Response {
        let actor = try await hub.actor()
        let query = request.uri.queryParameters
        let link = "\(base(request))/\(type)" + (request.uri.query.map { "?\($0)" } ?? "")
        if type == "Organization" { return organizations(query, link, request) }
        if GovernanceResources.types.contains(type) { return try await governance(request).search(type, query, link) }
        guard Self.searchable.contains(type), let site = actor.site else {
            throw FormatError(.unsupportedType, at: type, "this resource is not offered; see /fhir/metadata")
        }
        let count = min(200, max(1, query["_count"].flatMap { Int($0) } ?? 50))
        let candidates = try cases(type, query, site, limit: count + 1)
        let statuses = query["status"]
            .map {
                (String($0).removingPercentEncoding ?? String($0)).split(separator: ",").map { String($0) }
            }
        var entries: [FHIRAdapter.SearchEntry] = []
        for id in candidates.prefix(count) {
            guard let view = try? hub.view(id, as: actor) else { continue }
            for target in FHIRID.all(type: type, in: view.record) where matches(target, view.record, query, site) {
                guard let body = FHIRAdapter.resource(target, of: view.record) else { continue }
                if let statuses, !statuses.contains(FHIRAdapter.status(of: body) ?? "") { continue }
                entries.append(.init(fullURL: "\(base(request))/\(target.reference)", resource: body))
            }
        }
        var next: String?
        if candidates.count > count, let last = candidates.prefix(count).last {
            let rest = query.filter { $0.key != "_cursor" }.map { "\($0.key)=\($0.value)" }
            next = "\(base(request))/\(type)?" + (rest + ["_cursor=\(last)"]).joined(separator: "&")
        }
        return Reply.fhir(FHIRAdapter.searchset(entries, total: nil, selfLink: link, nextLink: next))
    }

    private func organizations(_ query: Parameters, _ link: String, _ request: Request) -> Response {
        let name = query["name"].map { String($0).removingPercentEncoding ?? String($0) }
        let identifier = query["identifier"].map { String($0.split(separator: "|").last ?? "") }
        let found = hub.network.directory.filter { site in
            (name.map { site.name.contains($0) || site.englishName.lowercased().contains($0.lowercased()) } ?? true)
                && (identifier.map { site.id.description == $0 } ?? true)
        }
        let entries = found.map {
            FHIRAdapter.SearchEntry(
                fullURL: "\(base(request))/Organization/\($0.id)",
                resource: FHIRAdapter.organization($0)
            )
        }
        return Reply.fhir(
            FHIRAdapter.searchset(entries, total: entries.count, selfLink: link, nextLink: nil)
        )
    }

    /// The cases that a search looks at: by id, by number, by identifier of the patient, else the site's newest.
    private func cases(_ type: String, _ query: Parameters, _ site: SiteID, limit: Int) throws -> [CaseID] {
        func reference(_ name: String) -> CaseID? {
            query[Substring(name)].flatMap { CaseID(String($0.split(separator: "/").last ?? "").prefix(26)) }
        }
        if let id = query["_id"] { return CaseID(String(id).prefix(26)).map { [$0] } ?? [] }
        for name in ["based-on", "focus", "related", "part-of", "target", "data"] where query[Substring(name)] != nil {
            return reference(name).map { [$0] } ?? []
        }
        if let identifier = query["identifier"] {
            let value = String(identifier.split(separator: "|").last ?? "").removingPercentEncoding ?? ""
            if type == "Patient" { return try hub.cases.cases(of: site, identifier: value) }
            return try hub.cases.caseOf(site: site, number: value).map { [$0] } ?? []
        }
        let cursor = query["_cursor"].flatMap { CaseID(String($0)) }
        return try hub.flow.cases(of: site, before: cursor, limit: limit).map(\.id)
    }

    private func matches(_ target: FHIRID, _ record: CaseRecord, _ query: Parameters, _ site: SiteID) -> Bool {
        if let id = query["_id"], target.id != String(id) { return false }
        if target.type == "Task", let owner = query["owner"] {
            guard case .offer(let number) = target.kind,
                let offer = record.facts.offers.first(where: { $0.number == number })
            else { return false }
            let wanted = owner == "me" ? site.description : String(owner.split(separator: "/").last ?? "")
            if offer.place.site.description != wanted { return false }
        }
        return true
    }
}
