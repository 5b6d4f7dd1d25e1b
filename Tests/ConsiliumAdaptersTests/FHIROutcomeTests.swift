import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("OperationOutcome")
struct FHIROutcomeTests {
    private func issue(_ body: [UInt8]) throws -> JSONValue {
        let root = try JSONDocument(body).root
        #expect(try root.text("resourceType") == "OperationOutcome")
        return try #require(try root.objects("issue").first)
    }

    @Test(
        "Every refusal has a status, an issue code, its own code, and both languages",
        arguments: Refusal.Code.allCases
    )
    func refusals(code: Refusal.Code) throws {
        for language in Language.allCases {
            let refusal = Refusal(code, at: nil, "x")
            let outcome = FHIRAdapter.outcome(refusal, language: language)
            #expect((400...599).contains(outcome.status))
            #expect(outcome.status == FHIRAdapter.status(for: code))
            let issue = try issue(outcome.body)
            let details = try #require(try issue.object("details"))
            #expect(try issue.text("severity") == "error")
            #expect(try Self.issueCodes.contains(issue.requiredText("code")))
            #expect(try details.objects("coding").first?.text("code") == code.rawValue)
            #expect(try details.text("text") == refusal.sentence(language))
            let text = String(decoding: outcome.body, as: UTF8.self)
            for other in Language.allCases {
                #expect(text.contains(refusal.nextStep(other)))
                #expect(text.contains(refusal.sentence(other)))
            }
        }
    }

    @Test("Every format error has a status, an issue code and its place", arguments: FormatError.Code.allCases)
    func formatErrors(code: FormatError.Code) throws {
        let outcome = FHIRAdapter.outcome(FormatError(code, at: "Bundle.entry[1].resource.status", "why"))
        #expect([400, 413, 422].contains(outcome.status))
        let issue = try issue(outcome.body)
        #expect(try Self.issueCodes.contains(issue.requiredText("code")))
        #expect(try issue.texts("expression") == ["Bundle.entry[1].resource.status"])
        #expect(try issue.object("details")?.objects("coding").first?.text("code") == code.rawValue)
    }

    @Test("A place that is no path is not called one")
    func noExpression() throws {
        #expect(try !issue(FHIRAdapter.outcome(FormatError(.unparsable, at: "$", "x")).body).has("expression"))
    }

    @Test("The place of a refusal is translated into FHIR's terms", arguments: Element.allCases)
    func places(element: Element) throws {
        let issue = try issue(FHIRAdapter.outcome(Refusal(.unknownCode, at: element.rawValue)).body)
        let expression = try #require(try issue.texts("expression").first)
        let type = expression.prefix { $0 != "." }
        let types = [
            "Patient", "Encounter", "ServiceRequest", "Condition", "AllergyIntolerance", "PractitionerRole",
            "Practitioner", "Consent",
        ]
        #expect(types.contains(String(type)), "\(expression)")
    }

    @Test("Several places of one refusal are several expressions")
    func manyPlaces() throws {
        let refusal = Refusal(.amendmentTooLate, at: "patient.name, request.priority, attachments")
        #expect(
            try issue(FHIRAdapter.outcome(refusal).body).texts("expression")
                == ["Patient.name", "ServiceRequest.priority", "attachments"]
        )
    }

    @Test("The statuses that clients rely on")
    func statuses() {
        let expected: [Refusal.Code: Int] = [
            .notFound: 404, .erased: 410, .versionConflict: 412, .notPermitted: 403, .busy: 503, .diskFull: 507,
            .tooLarge: 413, .messageReused: 409, .missingIdentity: 422, .reasonRequired: 422,
        ]
        for (code, status) in expected { #expect(FHIRAdapter.status(for: code) == status) }
    }

    @Test("Information is no error")
    func information() throws {
        let issue = try issue(FHIRAdapter.information(["accepted"]))
        #expect(try issue.text("severity") == "information")
        #expect(try issue.text("diagnostics") == "accepted")
    }

    @Test("A transaction is answered entry by entry")
    func response() throws {
        let bytes = FHIRAdapter.transactionResponse([
            FHIRAdapter.ResponseEntry(
                status: "201 Created",
                location: "ServiceRequest/X/_history/1",
                version: 1,
                modified: FHIRActSample.now,
                outcome: FHIRAdapter.information(["ok"])
            ),
            FHIRAdapter.ResponseEntry(status: "200 OK"),
        ])
        let entries = try JSONDocument(bytes).root.objects("entry")
        #expect(try entries[0].object("response")?.text("etag") == "W/\"1\"")
        #expect(try entries[0].object("response")?.object("outcome")?.text("resourceType") == "OperationOutcome")
        #expect(try entries[1].object("response")?.text("status") == "200 OK")
    }

    /// https://hl7.org/fhir/R4/codesystem-issue-type.html
    static let issueCodes: Set<String> = [
        "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired",
        "forbidden",
        "suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found", "deleted",
        "too-long",
        "code-invalid", "extension", "too-costly", "business-rule", "conflict", "transient", "lock-error", "no-store",
        "exception", "timeout", "incomplete", "throttled", "informational",
    ]
}
