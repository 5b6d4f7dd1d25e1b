/// One thing that is wrong in a measure that a network wants to add.
package struct MeasureDefect: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, CaseIterable, Sendable {
        case missing
        case malformed
        /// A name that nothing is counted under.
        case unknown
        /// An identifier or version that stands already.
        case notNew = "not-new"
        case duplicate
        case outOfRange = "out-of-range"
        /// Given, but a measure of that kind has none.
        case notAllowed = "not-allowed"
        /// Two fields contradict each other.
        case contradiction
    }

    package var code: Code
    package var measure: String
    /// The name of the field in the form.
    package var field: String
    package var detail: String?

    package init(_ code: Code, measure: String, field: String, _ detail: String? = nil) {
        self.code = code
        self.measure = measure
        self.field = field
        self.detail = detail
    }

    /// `X1.goalposts: contradiction (…)`.
    package var description: String {
        let place = measure.isEmpty ? field : "\(measure).\(field)"
        return "\(place): \(code.rawValue)" + (detail.map { " (\($0))" } ?? "")
    }
}

/// All that is wrong in what was to be added.
package struct MeasureDefects: Error, Hashable, Sendable {
    package var all: [MeasureDefect]
}

extension Measure {
    /// What is wrong in this definition; empty when nothing is.
    package var defects: [MeasureDefect] {
        var found = identityDefects + textDefects
        func add(_ code: MeasureDefect.Code, _ field: String, _ detail: String? = nil) {
            found.append(MeasureDefect(code, measure: id, field: field, detail))
        }
        if dimensions.isEmpty { add(.missing, "dimensions") }
        if Set(dimensions).count != dimensions.count { add(.duplicate, "dimensions") }
        let sources = Self.sources(of: form)
        if !sources.contains(source) {
            add(figure == nil ? .missing : .unknown, "figure", "\(form.rawValue): \(sources.joined(separator: ", "))")
        }
        if period == .twelveMonths, counts != nil {
            add(.contradiction, "period", "cases are counted in the report's own period")
        }
        if minimum < 1 { add(.outOfRange, "minimum", "at least 1") }
        if needs.isEmpty { add(.missing, "needs", "without the facts it needs it would never be not assessable") }
        if Set(needs).count != needs.count { add(.duplicate, "needs") }
        if !form.intervals.contains(interval) {
            add(
                .contradiction,
                "interval",
                "\(form.rawValue) takes \(form.intervals.map(\.rawValue).joined(separator: ", "))"
            )
        }
        if !form.units.contains(unit) {
            add(.contradiction, "unit", "\(form.rawValue) takes \(form.units.map(\.rawValue).joined(separator: ", "))")
        }
        return found + goalDefects
    }

    private var identityDefects: [MeasureDefect] {
        var found: [MeasureDefect] = []
        let letters = id.utf8.prefix { (65...90).contains($0) }.count
        let digits = id.utf8.dropFirst(letters)
        if !(2...8).contains(letters) || !(1...3).contains(digits.count)
            || !digits.allSatisfy({ (48...57).contains($0) })
        {
            found.append(MeasureDefect(.malformed, measure: id, field: "id", "two to eight capitals, then a number"))
        } else if let indicator, String(id.prefix(letters)) != indicator.rawValue {
            found.append(MeasureDefect(.contradiction, measure: id, field: "indicator", indicator.rawValue))
        }
        if version < 1 { found.append(MeasureDefect(.outOfRange, measure: id, field: "version", "at least 1")) }
        return found
    }

    private var textDefects: [MeasureDefect] {
        var found: [MeasureDefect] = []
        for (field, text) in [("title", title), ("numerator", numerator), ("denominator", denominator)]
            + exclusions.map({ ("exclusions", $0) }) where !text.isComplete
        {
            found.append(MeasureDefect(.missing, measure: id, field: field, "both languages"))
        }
        return found
    }

    private var goalDefects: [MeasureDefect] {
        var found: [MeasureDefect] = []
        func add(_ code: MeasureDefect.Code, _ field: String, _ detail: String? = nil) {
            found.append(MeasureDefect(code, measure: id, field: field, detail))
        }
        let goals = [("direction", direction != nil), ("target", target != nil)]
        let scoring = [("goalposts", goalposts != nil), ("scoredIn", scoredIn != nil)]
        let isScored = scoring.contains { $0.1 }
        switch kind {
        case .autonomy:
            for (field, isGiven) in goals + scoring where isGiven {
                add(.notAllowed, field, "a position has no goal")
            }
        case .performance:
            for (field, isGiven) in isScored ? goals + scoring : goals where !isGiven { add(.missing, field) }
        case .control, .exchange:
            for (field, isGiven) in goals where !isGiven { add(.missing, field) }
            for (field, isGiven) in scoring where isGiven {
                add(.notAllowed, field, "type \(kind.rawValue) is never scored")
            }
        }
        for (field, value) in [("target", target), ("goalposts", goalposts?.floor), ("goalposts", goalposts?.target)] {
            guard let value else { continue }
            if !value.isFinite || (unit == .percent && !(0...100).contains(value)) {
                add(.outOfRange, field, "\(value)")
            }
        }
        if let goalposts {
            if let target, goalposts.target != target {
                add(.contradiction, "goalposts", "ends elsewhere than the target")
            }
            if goalposts.floor == goalposts.target { add(.contradiction, "goalposts", "floor and target are the same") }
            if let direction, goalposts.floor != goalposts.target,
                (goalposts.floor < goalposts.target) != (direction == .increase)
            {
                add(.contradiction, "direction", "the goalposts run the other way")
            }
        }
        return found
    }
}

extension Measure.Form {
    /// The methods that can give this form an interval.
    package var intervals: [Measure.IntervalMethod] {
        switch self {
        case .proportion: [.wilson, .census]
        case .shareRatio: [.wilson]
        case .rateRatio: [.logNormal]
        case .median: [.orderStatistic]
        case .ratioOfSums, .medianDifference, .topDecileShare, .concentration: [.bootstrap]
        }
    }

    package var units: [Measure.Unit] {
        switch self {
        case .proportion, .topDecileShare: [.percent]
        case .ratioOfSums: [.percent, .one]
        case .rateRatio, .shareRatio, .concentration: [.one]
        case .median, .medianDifference: [.days, .hours]
        }
    }
}
