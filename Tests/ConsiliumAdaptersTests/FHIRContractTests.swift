import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

/// What Protocols/FHIR holds is what the code does. With CONSILIUM_WRITE_GOLDEN=1 the files are written anew instead.
@Suite("The FHIR contract in Protocols")
struct FHIRContractTests {
    static var writes: Bool { ProcessInfo.processInfo.environment["CONSILIUM_WRITE_GOLDEN"] == "1" }

    @Test("Each golden file decodes to what it says", arguments: FHIRGoldenFile.all)
    func golden(file: FHIRGoldenFile) throws {
        let actual = file.actual()
        if Self.writes {
            let text = file.head + "\n\(FHIRGoldenFile.divider)\n" + actual.joined(separator: "\n") + "\n"
            try text.write(
                to: FHIRGoldenFile.folder("golden").appendingPathComponent(file.name),
                atomically: true,
                encoding: .utf8
            )
        } else {
            #expect(actual == file.expected)
        }
    }

    @Test("There are golden files of acceptances and of refusals")
    func enough() {
        let refused = FHIRGoldenFile.all.filter { $0.expected.first?.hasPrefix("error") ?? false }
        #expect(FHIRGoldenFile.all.count >= 12)
        #expect(refused.count >= 4)
    }

    /// Compares a resource with its file in Protocols/FHIR.
    static func check(_ bytes: [UInt8], _ name: String) throws {
        let url = FHIRGoldenFile.folder(name)
        let text = indented(bytes)
        if writes {
            let folder = url.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        } else {
            #expect(try String(contentsOf: url, encoding: .utf8) == text, "\(name)")
        }
    }

    @Test("CapabilityStatement.json is what /fhir/metadata answers")
    func capabilities() throws {
        let bytes = FHIRAdapter.capabilityStatement(
            software: "0.1.0",
            url: "https://hub.example:8443/fhir",
            date: "2026-11-22"
        )
        try Self.check(bytes, "CapabilityStatement.json")
    }

    @Test("The examples are what the hub and the client write")
    func examples() throws {
        var stage = FHIRCaseStage()
        try stage.submit()
        try stage.act(.accept, as: .expert, at: stage.county.id)
        try stage.report()
        try stage.act(.close(.adopted, reason: nil, rating: 5), as: .requester, at: stage.town.id)
        let record = stage.record()
        let kinds: [(String, FHIRID.Kind)] = [
            ("ServiceRequest", .request), ("Task-hub", .hubTask), ("Task-offer", .offer(1)), ("Task-review", .review),
            ("Patient", .patient), ("Consent", .consent), ("DiagnosticReport", .report(1)),
            ("Provenance", .provenance(1)), ("DocumentReference", .document("application-1")),
        ]
        for (name, kind) in kinds {
            let bytes = try #require(FHIRAdapter.resource(FHIRID(kind, of: FHIRSample.caseID), of: record))
            try Self.check(bytes, "examples/\(name).json")
        }
        let masked = FHIRAdapter.resource(FHIRID(.request, of: FHIRSample.caseID), of: stage.record(disclosed: false))
        try Self.check(try #require(masked), "examples/ServiceRequest-masked.json")
        try Self.check(FHIRAdapter.organization(stage.county), "examples/Organization.json")
        let decision = try #require(record.facts.lastDecision)
        try Self.check(FHIRAdapter.why(decision, of: FHIRSample.caseID), "examples/Parameters-why.json")
        let binary = FHIRID(.binary("application-1"), of: FHIRSample.caseID)
        try Self.check(
            FHIRAdapter.binary(binary, contentType: "application/pdf", bytes: Array("%PDF-1.4 x".utf8)),
            "examples/Binary.json"
        )
        let refusal = FHIRAdapter.outcome(Refusal(.missingIdentity, at: Element.patientName.rawValue), language: .zh)
        try Self.check(refusal.body, "examples/OperationOutcome.json")
        try Self.check(
            FHIRAdapter.searchset(
                [
                    FHIRAdapter.SearchEntry(
                        fullURL: "https://hub.example:8443/fhir/Organization/COUNTY-01",
                        resource: FHIRAdapter.organization(stage.county)
                    )
                ],
                total: 1,
                selfLink: "https://hub.example:8443/fhir/Organization",
                nextLink: nil
            ),
            "examples/Bundle-searchset.json"
        )
        try Self.check(
            FHIRAdapter.transactionResponse([
                FHIRAdapter.ResponseEntry(
                    status: "201 Created",
                    location: "ServiceRequest/\(FHIRSample.caseID)/_history/4",
                    version: 4,
                    modified: FHIRCaseStage.start
                )
            ]),
            "examples/Bundle-transaction-response.json"
        )
    }

    @Test("The examples of acts are what the client sends")
    func acts() throws {
        let acts: [(String, Act)] = [
            ("accept", .accept(appointment: "周二 10:00")), ("decline", .decline(.noCapacity, note: nil)),
            ("start", .start), ("fail", .fail(.connection, note: nil)),
            ("report", .report(FHIRActSample.report, FHIRActSample.signature(.operator))),
            ("close", .close(.not, reason: .tooLate, rating: 2, note: nil)),
            ("cancel", .cancel(.patientTransferred, note: nil)), ("requeue", .requeue(site: FHIRSample.county)),
            ("note", .note("家属已到")), ("void", .void(note: nil)),
            ("consent", .recordConsent(FHIRActSample.consent)), ("withdraw", .withdrawConsent),
            ("answer", .answer(FHIRSample.application)),
        ]
        for (name, act) in acts {
            let message = FHIRAdapter.encode(act, on: FHIRSample.caseID, offer: 1, at: FHIRActSample.now)
            try Self.check(try #require(message).body, "examples/acts/\(name).json")
        }
        let bundle = FHIRAdapter.encodeBundle(FHIRSample.application, site: FHIRSample.township, messageID: "M-1")
        try Self.check(bundle, "examples/acts/submit.json")
    }
}

/// JSON text with two spaces a level, for people and for diffs.
private func indented(_ bytes: [UInt8]) -> String {
    var out = ""
    var level = 0
    var isString = false
    var isEscaped = false
    func newline(_ level: Int) -> String { "\n" + String(repeating: "  ", count: level) }
    for character in String(decoding: bytes, as: UTF8.self) {
        if isString {
            out.append(character)
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isString = false
            }
            continue
        }
        switch character {
        case "\"":
            isString = true
            out.append(character)
        case "{", "[":
            level += 1
            out.append(character)
            out += newline(level)
        case "}", "]":
            level -= 1
            out += newline(level)
            out.append(character)
        case ",":
            out.append(character)
            out += newline(level)
        case ":": out += ": "
        default: out.append(character)
        }
    }
    return out + "\n"
}
