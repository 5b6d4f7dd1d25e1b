/// The facts of an assessment's events, beside the assessment's identifier.
extension AssessmentEvent {
    /// Every type of version 1.
    package static let types = [
        "assessment-opened", "self-declared", "item-rated", "rating-corrected", "auditor-left", "assessment-signed",
        "arbitration-opened", "assessment-locked", "assessment-abandoned",
    ]

    /// After `assessment`: every name here comes later in the order of bytes.
    func write(to w: inout CanonicalWriter) {
        switch self {
        case .opened(let opened):
            w.field("from", opened.period.from)
            w.field("model", opened.modelVersion)
            w.field("questionnaire", opened.questionnaireVersion)
            w.field("to", opened.period.to)
        case .selfDeclared(let principal, let ratings):
            w.field("principal", principal.description)
            w.field("ratings", document: Indicator.allCases.compactMap { ratings[$0] })
        case .rated(let auditor, let rating), .corrected(let auditor, let rating):
            w.field("auditor", auditor.description)
            w.field("rating", document: rating)
        case .left(let auditor), .signed(let auditor): w.field("auditor", auditor.description)
        case .arbitrationOpened(let items): w.field("items", strings: items.map(\.rawValue))
        case .locked, .abandoned: break
        }
    }

    init(type: String, facts o: CanonicalObject) throws(RecordError) {
        switch type {
        case "assessment-opened":
            self = .opened(
                Opened(
                    period: Assessment.Period(from: try o.instant("from"), to: try o.instant("to")),
                    questionnaireVersion: try o.string("questionnaire"),
                    modelVersion: try o.string("model")
                )
            )
        case "self-declared":
            var ratings: [Indicator: Assessment.Rating] = [:]
            for rating in try o.documents("ratings", as: Assessment.Rating.self) {
                ratings[rating.indicator] = try rating.onScale
            }
            self = .selfDeclared(try o.principal("principal"), ratings)
        case "item-rated":
            self = .rated(try o.principal("auditor"), try o.document("rating", as: Assessment.Rating.self).onScale)
        case "rating-corrected":
            self = .corrected(try o.principal("auditor"), try o.document("rating", as: Assessment.Rating.self).onScale)
        case "auditor-left": self = .left(try o.principal("auditor"))
        case "assessment-signed": self = .signed(try o.principal("auditor"))
        case "arbitration-opened":
            var items: [Indicator] = []
            for code in try o.strings("items") {
                guard let item = Indicator(rawValue: code) else { throw RecordError("unknown item \(code)") }
                items.append(item)
            }
            self = .arbitrationOpened(items)
        case "assessment-locked": self = .locked
        case "assessment-abandoned": self = .abandoned
        default: throw RecordError("unknown event \(type)")
        }
    }
}

extension Assessment.Rating {
    fileprivate var onScale: Self {
        get throws(RecordError) {
            guard Questionnaire.scale.contains(value), halves?.isValid ?? true else {
                throw RecordError("\(value) is no rating of 0 to 4")
            }
            return self
        }
    }
}

extension CanonicalObject {
    fileprivate func principal(_ name: String) throws(RecordError) -> Principal {
        guard let principal = Principal(try string(name)) else { throw RecordError("\(name) is not a principal") }
        return principal
    }
}
