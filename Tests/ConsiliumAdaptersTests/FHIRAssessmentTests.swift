import Testing

@testable import ConsiliumAdapters
@testable import ConsiliumCore

/// The questionnaire of assessments and its responses as R4 resources.
@Suite("FHIR assessments")
struct FHIRAssessmentTests {
    private func refusal(_ text: String) -> FormatError? {
        do throws(FormatError) {
            _ = try FHIRAdapter.decodeAssessment(Array(text.utf8))
            return nil
        } catch { return error }
    }

    /// The sample's sheet with one text in place of another, which must be there.
    private func refusal(_ old: String, _ new: String) throws -> FormatError? {
        let text = String(decoding: GovernanceSample.response(), as: UTF8.self)
        try #require(text.contains(old), "\(old)")
        return refusal(text.replacing(old, with: new, maxReplacements: 1))
    }

    @Test("A signed sheet reads back as the ratings that were written, in the study's order")
    func roundTrip() throws {
        let ratings = try FHIRAdapter.decodeAssessment(GovernanceSample.response())
        #expect(ratings == Indicator.allCases.compactMap { GovernanceSample.ratings[$0] })
    }

    @Test("A sheet that is not signed is in progress, one of an abandoned assessment is stopped; neither is taken")
    func unsigned() throws {
        var sheet = GovernanceSample.sheet
        sheet.signedAt = nil
        let response = GovernanceSample.response(sheet)
        #expect(try JSONDocument(response).root.text("status") == "in-progress")
        #expect(refusal(String(decoding: response, as: UTF8.self))?.location == "QuestionnaireResponse.status")
        var assessment = GovernanceSample.assessment
        assessment.state = .abandoned
        let stopped = FHIRAdapter.questionnaireResponse(sheet, of: assessment, number: 1, network: "n", base: "b")
        #expect(try JSONDocument(stopped).root.text("status") == "stopped")
    }

    @Test("A sheet without a rating has no items, rather than an empty list of them")
    func empty() throws {
        var sheet = GovernanceSample.sheet
        sheet.ratings = [:]
        #expect(try !JSONDocument(GovernanceSample.response(sheet)).root.has("item"))
    }

    @Test("Every question of the questionnaire has a link of its own, and the reader knows each of them")
    func links() throws {
        let root = try JSONDocument(FHIRAdapter.questionnaire(.standard, base: GovernanceSample.base)).root
        var links: [String] = []
        func collect(_ value: JSONValue) throws {
            for item in try value.objects("item") {
                links.append(try item.requiredText("linkId"))
                try collect(item)
            }
        }
        try collect(root)
        let expected = Indicator.allCases.flatMap { indicator in
            [indicator.rawValue]
                + AssessmentLink.allCases
                .filter {
                    indicator == .ownerFunctions || ($0 != .residualClaim && $0 != .decisionPower)
                }
                .map { $0.id(indicator) }
        }
        #expect(Set(links).count == links.count)
        #expect(Set(links) == Set(expected))
    }

    @Test("Each rating has five options with their numbers and anchors in both languages")
    func options() throws {
        let root = try JSONDocument(FHIRAdapter.questionnaire(.standard, base: GovernanceSample.base)).root
        for (item, asked) in zip(try root.objects("item"), Questionnaire.standard.items) {
            let rating = try #require(
                try item.objects("item").first { try $0.text("linkId") == "\(asked.indicator.rawValue).rating" }
            )
            let codings = try rating.objects("answerOption").compactMap { try $0.object("valueCoding") }
            #expect(try codings.map { try $0.text("code") } == ["0", "1", "2", "3", "4"])
            #expect(try codings.map { try $0.text("display") } == asked.anchors.map(\.en))
            let ordinals = try codings.map {
                try $0.fhirExtension("http://hl7.org/fhir/StructureDefinition/ordinalValue")?.number("valueDecimal")
            }
            #expect(ordinals == ["0", "1", "2", "3", "4"])
            let chinese = try codings.map {
                try $0.object("_display")?.fhirExtension("http://hl7.org/fhir/StructureDefinition/translation")?
                    .extensionText("content")
            }
            #expect(chinese == asked.anchors.map(\.zh))
        }
    }

    @Test("What is no QuestionnaireResponse, or of another questionnaire, is refused by name")
    func notOurs() throws {
        #expect(refusal("[]")?.code == .unparsable)
        #expect(refusal(#"{"resourceType":"Patient"}"#)?.code == .unsupportedType)
        #expect(refusal(#"{"status":"completed"}"#)?.code == .missing)
        let wrong = try refusal("Questionnaire/consilium-assessment|1", "Questionnaire/phq-9|1")
        #expect(wrong == FormatError(.invalidValue, at: "QuestionnaireResponse.questionnaire", ""))
        #expect(try refusal("consilium-assessment|1", "consilium-assessment") == wrong, "without a version")
        #expect(
            try refusal(#""status":"completed""#, #""status":"completed","modifierExtension":[{"url":"a"}]"#)?.code
                == .invalidValue
        )
    }

    @Test(
        "Each wrong answer is named by its place",
        arguments: [
            (
                #""system":"urn:consilium:anchor:OC""#, #""system":"urn:consilium:anchor:GR""#,
                FormatError.Code.unknownCode, "item[0].item[0].answer[0].valueCoding.system"
            ),
            (
                #"anchor:OC","code":"2""#, #"anchor:OC","code":"02""#,
                .invalidValue, "item[0].item[0].answer[0].valueCoding.code"
            ),
            (
                #"anchor:OF-half","code":"2""#, #"anchor:OF-half","code":"3""#,
                .invalidValue, "item[1].item[0].answer[0].valueCoding.code"
            ),
            (
                #"confidence","code":"high""#, #"confidence","code":"sure""#,
                .unknownCode, "item[0].item[1].answer[0].valueCoding.code"
            ),
            (
                #""linkId":"OC.confidence""#, #""linkId":"OC.residual-claim""#,
                .unknownCode, "item[0].item[1].linkId"
            ),
            (
                #""linkId":"OC.confidence""#, #""linkId":"OC.rating""#,
                .duplicateKey, "item[0].item[1].linkId"
            ),
            (
                #""valueString":"4102""#, #""valueString":"said so by phone""#,
                .invalidValue, "item[0].item[2].item[1].answer[0].valueString"
            ),
            (
                #""valueString":"4102""#, #""valueInteger":4102"#,
                .missing, "item[0].item[2].item[1].answer[0].valueString"
            ),
            (
                #""linkId":"OC.evidence.kind""#, #""linkId":"OC.evidence.reference""#,
                .missing, "item[0].item[2].item[0].answer[0].valueString"
            ),
            (
                #"{"valueString":"4102"}"#, #"{"valueString":"4102"},{"valueString":"4103"}"#,
                .invalidValue, "item[0].item[2].item[1].answer[1]"
            ),
        ]
    )
    func wrong(old: String, new: String, code: FormatError.Code, place: String) throws {
        let error = try #require(try refusal(old, new))
        #expect(error == FormatError(code, at: "QuestionnaireResponse.\(place)", ""), "\(error.location)")
    }

    @Test("A reference to evidence is at most 128 bytes long")
    func longReference() throws {
        #expect(try refusal("4102", String(repeating: "a", count: 128)) == nil)
        #expect(try refusal("4102", String(repeating: "a", count: 129))?.code == .tooLong)
    }

    @Test("Seeded mutations of a sheet never crash the reader")
    func mutations() {
        let seed = GovernanceSample.response()
        var random = SplitMix(state: 11)
        var refused = 0
        for _ in 0..<2_000 {
            var bytes = seed
            for _ in 0...random.below(3) {
                let at = random.below(bytes.count)
                if random.below(2) == 0 { bytes[at] = UInt8(random.below(128)) } else { bytes.remove(at: at) }
            }
            do throws(FormatError) { _ = try FHIRAdapter.decodeAssessment(bytes) } catch { refused += 1 }
        }
        #expect(refused > 500)
    }

    @Test("The examples of assessments in Protocols are what the hub writes")
    func examples() throws {
        try FHIRContractTests.check(
            FHIRAdapter.questionnaire(.standard, base: GovernanceSample.base),
            "examples/governance/Questionnaire.json"
        )
        try FHIRContractTests.check(
            GovernanceSample.response(),
            "examples/governance/QuestionnaireResponse.json"
        )
    }
}
