import ConsiliumCore

/// Code systems and identifiers of measures and assessments.
extension FHIRSystem {
    // Of HL7
    static let measureScoring = "http://terminology.hl7.org/CodeSystem/measure-scoring"
    static let measureType = "http://terminology.hl7.org/CodeSystem/measure-type"
    static let measurePopulation = "http://terminology.hl7.org/CodeSystem/measure-population"
    static let improvementNotation = "http://terminology.hl7.org/CodeSystem/measure-improvement-notation"
    static let compositeScoring = "http://terminology.hl7.org/CodeSystem/composite-measure-scoring"
    static let resourceType = "http://hl7.org/fhir/resource-types"
    static let requestPriority = "http://hl7.org/fhir/request-priority"
    static let unit = "http://unitsofmeasure.org"

    // Of this network
    package static let network = "urn:consilium:network"
    package static let principal = "urn:consilium:principal"
    /// Of a case in one period, `AuditReference`.
    static let caseReference = "urn:consilium:case-reference"
    /// GB/T 2260.
    static let region = "urn:consilium:region"
    static let dimension = "urn:consilium:governance-dimension"
    static let indicator = "urn:consilium:governance-indicator"
    static let stratifier = "urn:consilium:stratifier"
    static let confidence = "urn:consilium:confidence"
    static let evidenceKind = "urn:consilium:evidence-kind"
    static let ownerHalf = "urn:consilium:anchor:OF-half"

    /// Of the codes `0` to `4` that rate an indicator: each indicator has anchors of its own.
    static func anchor(_ indicator: Indicator) -> String { "urn:consilium:anchor:\(indicator.rawValue)" }
}

/// Extensions of measures and assessments, by `url`.
extension FHIRExtension {
    static let ordinalValue = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
    /// Of the quality measure guide (http://hl7.org/fhir/us/cqfmeasures).
    static let weight = "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-weight"

    // Measure, and what of it MeasureReport repeats
    static let modelVersion = "urn:consilium:model-version"
    static let measureKind = "urn:consilium:measure-kind"
    static let measureForm = "urn:consilium:measure-form"
    static let unit = "urn:consilium:unit"
    static let target = "urn:consilium:target"
    static let floor = "urn:consilium:floor"
    static let minimum = "urn:consilium:minimum"
    static let minimumCounts = "urn:consilium:minimum-counts"
    static let intervalMethod = "urn:consilium:interval-method"
    static let periodKind = "urn:consilium:period-kind"
    static let populationBasis = "urn:consilium:population-basis"
    static let scoredIn = "urn:consilium:scored-in"
    static let need = "urn:consilium:need"
    static let declared = "urn:consilium:declared"
    static let compositeMethod = "urn:consilium:composite-method"

    // MeasureReport
    static let definitionVersion = "urn:consilium:definition-version"
    static let retrospective = "urn:consilium:retrospective"
    static let generated = "urn:consilium:generated"
    static let suppressed = "urn:consilium:suppressed"
    static let snapshot = "urn:consilium:snapshot"
    static let mappingVersion = "urn:consilium:mapping-version"
    static let notice = "urn:consilium:notice"
    static let interval = "urn:consilium:interval"
    static let validity = "urn:consilium:validity"
    static let verdict = "urn:consilium:verdict"
    static let leastTotal = "urn:consilium:least-total"
    static let failures = "urn:consilium:failures"
    static let counted = "urn:consilium:counted"
    static let undecided = "urn:consilium:undecided"
    static let score = "urn:consilium:score"
    static let missing = "urn:consilium:missing"
    static let sourceCheck = "urn:consilium:source-check"
    static let companion = "urn:consilium:companion"

    // QuestionnaireResponse
    static let assessment = "urn:consilium:assessment"
    static let assessmentState = "urn:consilium:assessment-state"
    static let assessedPeriod = "urn:consilium:assessed-period"
    static let arbitrates = "urn:consilium:arbitrates"
}
