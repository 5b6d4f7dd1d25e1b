/// One measure in one period: what was counted, what may be said, and what it adds to the score.
package struct MeasureResult: Hashable, Sendable {
    package enum Standing: Hashable, Sendable {
        case valid
        /// Counts are shown, no value and no rank.
        case tooFew(counted: Int, needed: Int)
        /// No such events yet; in the order that the measure lists them.
        case notAssessable(missing: [FactType])
        /// The events exist, and none of them counts in this period: no value, never 0.
        case nothingObserved
    }

    package enum Verdict: Hashable, Sendable {
        /// The whole interval lies beyond the target.
        case met
        /// The whole interval falls short of it.
        case notMet
        /// The interval holds the target, or too few were observed; with the number of observations that could show it,
        /// where there is such a number.
        case notShown(leastTotal: Int?)
        /// Of a control, or a target of 100 %: every failure counts and is listed.
        case failures(Int, of: Int)
    }

    package let measure: Measure
    package let standing: Standing
    package let observation: Observation?
    /// In the measure's unit; none unless the standing is valid.
    package let value: Double?
    package let interval: ConfidenceInterval?
    /// None for a position, and none while not assessable.
    package let verdict: Verdict?
    /// 0...1 by the goalposts; none unless the measure is scored and valid.
    package let score: Double?

    /// `recorded` are the fact types of which the network has any; nil when the observation is not of the measure's form.
    package init?(_ measure: Measure, _ observation: Observation?, recorded: Set<FactType>) {
        if let observation, !observation.fits(measure.form) { return nil }
        self.measure = measure
        self.observation = observation
        let missing = measure.needs.filter { !recorded.contains($0) }
        let counted = observation?.counted ?? 0
        if !missing.isEmpty {
            standing = .notAssessable(missing: missing)
        } else if observation?.value == nil {
            standing = .nothingObserved
        } else {
            standing = counted < measure.minimum ? .tooFew(counted: counted, needed: measure.minimum) : .valid
        }
        let isValid = standing == .valid
        value = isValid ? observation?.value : nil
        interval = isValid && measure.interval != .census ? observation?.interval : nil
        score = measure.scoredIn == nil ? nil : value.flatMap { measure.goalposts?.score($0) }
        verdict = Self.verdict(measure, standing, observation, value, interval)
    }

    private static func verdict(
        _ measure: Measure,
        _ standing: Standing,
        _ observation: Observation?,
        _ value: Double?,
        _ interval: ConfidenceInterval?
    ) -> Verdict? {
        guard let target = measure.target, let direction = measure.direction, let observation else { return nil }
        switch standing {
        case .notAssessable, .nothingObserved: return nil
        case .tooFew, .valid: break
        }
        let isControl = measure.kind == .control || (measure.unit == .percent && target == 100)
        if isControl, case .proportion(let proportion) = observation {
            return .failures(proportion.total - proportion.count, of: proportion.total)
        }
        let isUp = direction == .increase
        if let value, measure.interval == .census { return (isUp ? value >= target : value <= target) ? .met : .notMet }
        if let interval {
            if isUp ? interval.low > target : interval.high < target { return .met }
            if isUp ? interval.high < target : interval.low > target { return .notMet }
        }
        guard measure.form == .proportion, measure.interval == .wilson else { return .notShown(leastTotal: nil) }
        let least = Proportion.leastTotal(toShow: target / 100, higherIsBetter: isUp)
        return .notShown(leastTotal: least.map { max($0, measure.minimum) })
    }
}
