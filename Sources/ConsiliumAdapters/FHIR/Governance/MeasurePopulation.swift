import ConsiliumCore

/// The populations of http://terminology.hl7.org/CodeSystem/measure-population that this network's measures have.
package enum MeasurePopulation: String, CaseIterable, Sendable {
    case initialPopulation = "initial-population"
    case denominator
    case denominatorExclusion = "denominator-exclusion"
    case numerator
    case measurePopulation = "measure-population"
    case measurePopulationExclusion = "measure-population-exclusion"
    case measureObservation = "measure-observation"
}

/// http://terminology.hl7.org/CodeSystem/measure-scoring; none of this network's measures is a `cohort`.
enum MeasureScoring: String {
    case proportion
    case ratio
    case continuousVariable = "continuous-variable"

    init(_ form: Measure.Form) {
        switch form {
        // The consults of the busiest experts are some of all consults.
        case .proportion, .topDecileShare: self = .proportion
        case .ratioOfSums, .rateRatio, .shareRatio: self = .ratio
        // Spread over departments and then averaged, concentration is no share of anything.
        case .median, .medianDifference, .concentration: self = .continuousVariable
        }
    }
}

extension MeasureStratifier {
    /// Those under which `measure` is counted: a register's entries have none but the site.
    static func all(of measure: Measure) -> [MeasureStratifier] {
        let isCountedByStratum = measure.counts != nil
        return allCases.filter { $0 == .site ? measure.hasSiteTable : isCountedByStratum }
    }

    /// The code system of the strata.
    var system: String {
        switch self {
        case .tier: FHIRSystem.tier
        case .region: FHIRSystem.region
        case .department: FHIRSystem.department
        case .priority: FHIRSystem.requestPriority
        case .site: FHIRSystem.site
        }
    }
}
