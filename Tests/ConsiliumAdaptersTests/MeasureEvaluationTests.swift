import ConsiliumAdapters
import ConsiliumCore
import Testing

/// What is asked of governance by FHIR: ids, and the operation `evaluate-measure`.
@Suite("FHIR evaluation of measures")
struct MeasureEvaluationTests {
    private func asked(_ query: String, of measure: String? = "AC1") throws(FormatError) -> MeasureEvaluation {
        let parameters = query.split(separator: "&")
            .map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                return (name: parts[0], value: parts.count > 1 ? parts[1] : "")
            }
        return try MeasureEvaluation(measure: measure, parameters: parameters)
    }

    private func refusal(_ query: String, of measure: String? = "AC1") -> FormatError? {
        do throws(FormatError) {
            _ = try asked(query, of: measure)
            return nil
        } catch { return error }
    }

    @Test(
        "Two dates name a month, a quarter or a year, in any precision",
        arguments: [
            ("2026-07-01", "2026-09-30", "2026-Q3"), ("2026-07", "2026-09", "2026-Q3"),
            ("2026-07", "2026-09-30", "2026-Q3"), ("2026-02-01", "2026-02-28", "2026-02"),
            ("2024-02-01", "2024-02-29", "2024-02"), ("2026-12", "2026-12-31", "2026-12"),
            ("2026", "2026", "2026"), ("2026-01-01", "2026-12-31", "2026"), ("2026-10", "2026-12", "2026-Q4"),
        ]
    )
    func periods(start: String, end: String, label: String) throws {
        #expect(try asked("periodStart=\(start)&periodEnd=\(end)").period.label == label)
    }

    @Test(
        "Another period is refused, and so is a date that is none",
        arguments: [
            ("2026-07-01", "2026-08-31", "periodEnd"), ("2026-07-02", "2026-07-31", "periodEnd"),
            ("2026-09-30", "2026-07-01", "periodEnd"), ("2025-10", "2026-09", "periodEnd"),
            ("2024-02-01", "2024-02-28", "periodEnd"), ("2026-13", "2026-12", "periodStart"),
            ("2026-07-01", "2026-09-31", "periodEnd"), ("2026-Q3", "2026-09", "periodStart"),
            ("2026-07-01T00:00:00Z", "2026-09-30", "periodStart"), ("", "2026", "periodStart"),
        ]
    )
    func otherPeriods(start: String, end: String, place: String) {
        #expect(refusal("periodStart=\(start)&periodEnd=\(end)") == FormatError(.invalidValue, at: place, ""))
    }

    @Test("The measure is that of the address, or is named by id or canonical address")
    func measure() throws {
        let period = "&periodStart=2026&periodEnd=2026"
        #expect(try asked(String(period.dropFirst())).measure == "AC1")
        #expect(try asked("measure=AC2\(period)", of: nil).measure == "AC2")
        #expect(try asked("measure=https://h/fhir/Measure/AC2|1\(period)", of: nil).measure == "AC2")
        #expect(refusal("measure=AC2\(period)") == FormatError(.invalidValue, at: "measure", ""))
        #expect(refusal(String(period.dropFirst()), of: nil) == FormatError(.missing, at: "measure", ""))
        #expect(refusal("periodStart=2026") == FormatError(.missing, at: "periodEnd", ""))
        #expect(refusal("periodEnd=2026") == FormatError(.missing, at: "periodStart", ""))
    }

    @Test("Reports are on the network or list subjects; there is none on one person")
    func reportType() throws {
        let period = "periodStart=2026&periodEnd=2026"
        #expect(try !asked(period).wantsSubjects)
        #expect(try !asked("\(period)&reportType=population").wantsSubjects)
        #expect(try asked("\(period)&reportType=subject-list").wantsSubjects)
        #expect(refusal("\(period)&reportType=subject") == FormatError(.unsupportedEvent, at: "reportType", ""))
        #expect(refusal("\(period)&reportType=all") == FormatError(.unknownCode, at: "reportType", ""))
        #expect(refusal("\(period)&subject=Patient/1") == FormatError(.unsupportedEvent, at: "subject", ""))
        #expect(refusal("\(period)&practitioner=1") == FormatError(.unsupportedEvent, at: "practitioner", ""))
        #expect(refusal("\(period)&periodEnd=2026") == FormatError(.duplicateKey, at: "periodEnd", ""))
        #expect(refusal("\(period)&weight=2") == FormatError(.unknownCode, at: "weight", ""))
        #expect(refusal("\(period)&<b>=2") == FormatError(.unknownCode, at: "?", ""), "a name is not repeated")
    }

    @Test(
        "An id reads back as what it was made of",
        arguments: [
            GovernanceID.measure("AC1"), .measure("consilium-overall"),
            .report(measure: "AC1", period: "2026-Q3"), .report(measure: "AC1", period: "2026-09"),
            .report(measure: "AC1", period: "2026"), .report(measure: "consilium-DR", period: "2026-Q3"),
            .questionnaire, .sheet(TimeOrderedID("01K9Z3V5M0ABCDEFGHJKMNPQRS")!, 12),
        ]
    )
    func ids(id: GovernanceID) { #expect(GovernanceID(type: id.type, id: id.id) == id) }

    @Test(
        "What can be no id is not found",
        arguments: [
            ("Measure", ""), ("Measure", "AC1/../x"), ("Measure", String(repeating: "A", count: 41)),
            ("MeasureReport", "AC1"), ("MeasureReport", "AC1-2026-Q5"), ("MeasureReport", "-2026"),
            ("MeasureReport", "2026-Q3"), ("Questionnaire", "phq-9"), ("Patient", "AC1"),
            ("QuestionnaireResponse", "01K9Z3V5M0ABCDEFGHJKMNPQRS"),
            ("QuestionnaireResponse", "01K9Z3V5M0ABCDEFGHJKMNPQRS-s0"),
            ("QuestionnaireResponse", "01K9Z3V5M0ABCDEFGHJKMNPQRS-s+1"),
            ("QuestionnaireResponse", "short-s1"),
        ]
    )
    func noIDs(type: String, id: String) { #expect(GovernanceID(type: type, id: id) == nil) }
}
