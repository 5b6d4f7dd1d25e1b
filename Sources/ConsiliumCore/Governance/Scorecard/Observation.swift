/// What was counted for one measure in one period: exact counts wherever the measure is made of counts.
package enum Observation: Hashable, Sendable {
    case proportion(Proportion)
    /// A group among the cases, and the same group among the population.
    case shareRatio(cases: Proportion, population: Proportion)
    case rateRatio(events: Int, population: Int, baseEvents: Int, basePopulation: Int)
    case quantile(QuantileEstimate)
    /// From a bootstrap over sites, in the measure's unit; `counted` is the number that its minimum is compared with.
    case resampled(Bootstrap.Estimate, counted: Int)

    /// Whether a measure of that form is made of this.
    package func fits(_ form: Measure.Form) -> Bool {
        switch self {
        case .proportion: form == .proportion
        case .shareRatio: form == .shareRatio
        case .rateRatio: form == .rateRatio
        case .quantile: form == .median
        case .resampled: [.ratioOfSums, .medianDifference, .topDecileShare, .concentration].contains(form)
        }
    }

    /// The number that a measure's minimum is compared with.
    package var counted: Int {
        switch self {
        case .proportion(let proportion): proportion.total
        case .shareRatio(let cases, _): cases.total
        case .rateRatio(let events, _, let baseEvents, _): min(events, baseEvents)
        case .quantile(let estimate): estimate.count
        case .resampled(_, let counted): counted
        }
    }

    /// In the measure's unit: a proportion in percent, the others as they are.
    package var value: Double? {
        switch self {
        case .proportion(let proportion): proportion.value.map { $0 * 100 }
        case .shareRatio(let cases, let population):
            cases.value.flatMap { share in
                population.value.flatMap { $0 > 0 ? share / $0 : nil }
            }
        case .rateRatio(let events, let population, let baseEvents, let basePopulation):
            RateRatio(events: events, population: population, toEvents: baseEvents, population: basePopulation)?.value
        case .quantile(let estimate): estimate.value
        case .resampled(let estimate, _): estimate.value
        }
    }

    /// At 95 %, in the measure's unit.
    package var interval: ConfidenceInterval? {
        switch self {
        case .proportion(let proportion): proportion.wilson()?.scaled(by: 100)
        case .shareRatio(let cases, let population):
            cases.wilson()
                .flatMap { interval in
                    population.value.flatMap { $0 > 0 ? interval.scaled(by: 1 / $0) : nil }
                }
        case .rateRatio(let events, let population, let baseEvents, let basePopulation):
            RateRatio(events: events, population: population, toEvents: baseEvents, population: basePopulation)?
                .interval
        case .quantile(let estimate): estimate.interval
        case .resampled(let estimate, _): estimate.interval
        }
    }
}
