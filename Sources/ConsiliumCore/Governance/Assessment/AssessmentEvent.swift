/// What happened to an assessment, as facts.
package enum AssessmentEvent: Sendable, Equatable {
    case opened(Opened)
    case selfDeclared(Principal, [Indicator: Assessment.Rating])
    case rated(Principal, Assessment.Rating)
    /// Before signing; the rating before it stays in the ledger.
    case corrected(Principal, Assessment.Rating)
    /// An auditor who has not signed takes back all ratings.
    case left(Principal)
    case signed(Principal)
    /// The items on which the first auditors are two points apart or more.
    case arbitrationOpened([Indicator])
    case locked
    case abandoned

    package struct Opened: Sendable, Equatable {
        package var period: Assessment.Period
        package var questionnaireVersion: String
        package var modelVersion: String
    }

    package var type: String {
        switch self {
        case .opened: "assessment-opened"
        case .selfDeclared: "self-declared"
        case .rated: "item-rated"
        case .corrected: "rating-corrected"
        case .left: "auditor-left"
        case .signed: "assessment-signed"
        case .arbitrationOpened: "arbitration-opened"
        case .locked: "assessment-locked"
        case .abandoned: "assessment-abandoned"
        }
    }
}
