package import ConsiliumCore

/// What `Measure/$evaluate-measure` is asked for
/// (http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure).
package struct MeasureEvaluation: Hashable, Sendable {
    package var measure: String
    package var period: GovernancePeriod
    /// References of the cases too.
    package var wantsSubjects: Bool

    /// `measure` is the id of the address, where there is one; `parameters` are those of the query, in its order.
    ///
    /// - Throws: A `FormatError` at the name of the parameter: one that is missing, unknown, given twice or out of form; a
    ///   period that is no month, quarter or year; a report on one patient or practitioner, which there is none of.
    package init(measure: String?, parameters: [(name: String, value: String)]) throws(FormatError) {
        var given: [String: String] = [:]
        for (name, value) in parameters {
            switch name {
            case "periodStart", "periodEnd", "measure", "reportType": break
            case "subject", "practitioner", "lastReceivedOn":
                throw FormatError(.unsupportedEvent, at: name, "measures are of the network, never of one person")
            default: throw FormatError(.unknownCode, at: JSONPath.name(Array(name.utf8)), "no such parameter")
            }
            guard given.updateValue(value, forKey: name) == nil else {
                throw FormatError(.duplicateKey, at: name, "given twice")
            }
        }
        // R4 allows the measure's canonical address too: its last part is the id, a version behind `|` is not chosen.
        let named = given["measure"]?.split(separator: "|").first?.split(separator: "/").last.map(String.init)
        if let named, let measure, named != measure {
            throw FormatError(.invalidValue, at: "measure", "not the measure of the address")
        }
        guard let measure = measure ?? named else { throw FormatError(.missing, at: "measure", "which measure?") }
        self.measure = measure
        guard let start = given["periodStart"] else { throw FormatError(.missing, at: "periodStart", "mandatory") }
        guard let end = given["periodEnd"] else { throw FormatError(.missing, at: "periodEnd", "mandatory") }
        guard FHIRDate.isValid(start), !start.contains("T") else {
            throw FormatError(.invalidValue, at: "periodStart", "a date was expected")
        }
        guard FHIRDate.isValid(end), !end.contains("T") else {
            throw FormatError(.invalidValue, at: "periodEnd", "a date was expected")
        }
        guard let period = Self.period(from: start, through: end) else {
            throw FormatError(.invalidValue, at: "periodEnd", "the period is no month, quarter or year")
        }
        self.period = period
        switch given["reportType"] {
        // R4 names the operation's parameter otherwise than the report's type; both names are taken.
        case nil, "population", "summary": wantsSubjects = false
        case "subject-list": wantsSubjects = true
        case "subject", "individual", "data-collection":
            throw FormatError(.unsupportedEvent, at: "reportType", "population or subject-list")
        default: throw FormatError(.unknownCode, at: "reportType", "population or subject-list")
        }
    }

    /// The month, quarter or year that begins with the first day of `start` and ends with the last of `end`, both dates of
    /// R4 in one of their three precisions.
    private static func period(from start: String, through end: String) -> GovernancePeriod? {
        let year = start.prefix(4)
        let months = (1...12).map { "\(year)-\(padded($0, 2))" }
        let quarters = (1...4).map { "\(year)-Q\($0)" }
        return (months + quarters + [String(year)]).compactMap { GovernancePeriod($0) }
            .first { period in
                let days = period.days
                return first(of: start) == days.lowerBound && last(of: end) == days.upperBound
            }
    }

    private static func parts(_ date: String) -> [Int] { date.split(separator: "-").compactMap { Int($0) } }

    private static func first(of date: String) -> CivilDay? {
        let parts = parts(date)
        guard let year = parts.first else { return nil }
        return CivilDay(year, parts.count > 1 ? parts[1] : 1, parts.count > 2 ? parts[2] : 1)
    }

    /// The first day after.
    private static func last(of date: String) -> CivilDay? {
        let parts = parts(date)
        switch parts.count {
        case 1: return CivilDay(parts[0] + 1, 1, 1)
        case 2: return parts[1] == 12 ? CivilDay(parts[0] + 1, 1, 1) : CivilDay(parts[0], parts[1] + 1, 1)
        case 3: return CivilDay(number: CivilDay(parts[0], parts[1], parts[2]).number + 1)
        default: return nil
        }
    }
}
