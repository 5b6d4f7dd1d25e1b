package import ConsiliumCore

/// The logical id of a governance resource; derived, nothing is stored.
///
/// `Measure/AC1`, `Measure/consilium-overall`, `MeasureReport/AC1-2026-Q3`, `Questionnaire/consilium-assessment`,
/// `QuestionnaireResponse/ASSESSMENT-s1` (the first sheet).
package enum GovernanceID: Hashable, Sendable {
    case measure(String)
    case report(measure: String, period: String)
    case questionnaire
    /// Sheets count from 1.
    case sheet(TimeOrderedID, Int)

    /// nil when no resource of that type can have that id: "not found". Whether the measure exists, the model says.
    package init?(type: String, id: String) {
        switch type {
        case "Measure":
            guard Self.isMeasure(id) else { return nil }
            self = .measure(id)
        case "MeasureReport":
            // At the first hyphen behind which a period stands: `2026-Q3` holds one of its own.
            let hyphens = id.indices.filter { id[$0] == "-" }
            guard
                let hyphen = hyphens.first(where: { GovernancePeriod(id[id.index(after: $0)...]) != nil }),
                Self.isMeasure(id[..<hyphen])
            else { return nil }
            self = .report(measure: String(id[..<hyphen]), period: String(id[id.index(after: hyphen)...]))
        case "Questionnaire":
            guard id == FHIRAdapter.questionnaireID else { return nil }
            self = .questionnaire
        case "QuestionnaireResponse":
            let digits = id.dropFirst(28)
            guard let assessment = TimeOrderedID(id.prefix(26)), id.dropFirst(26).prefix(2) == "-s",
                (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let number = Int(digits), number > 0
            else { return nil }
            self = .sheet(assessment, number)
        default: return nil
        }
    }

    private static func isMeasure(_ text: some StringProtocol) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 45
            }
    }

    package var type: String {
        switch self {
        case .measure: "Measure"
        case .report: "MeasureReport"
        case .questionnaire: "Questionnaire"
        case .sheet: "QuestionnaireResponse"
        }
    }

    package var id: String {
        switch self {
        case .measure(let measure): measure
        case .report(let measure, let period): "\(measure)-\(period)"
        case .questionnaire: FHIRAdapter.questionnaireID
        case .sheet(let assessment, let number): "\(assessment)-s\(number)"
        }
    }

    /// `MeasureReport/AC1-2026-Q3`.
    package var reference: String { "\(type)/\(id)" }
}
