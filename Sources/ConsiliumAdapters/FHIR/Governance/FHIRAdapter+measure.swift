package import ConsiliumCore

extension FHIRAdapter {
    /// The `Measure` called `id`, an operational measure's or a composite's; nil when `model` has none of that name.
    package static func measure(
        id: String,
        model: GovernanceModel,
        base: String,
        adoption: Adoption? = nil
    ) -> [UInt8]? {
        if let measure = model.measure(id) {
            return self.measure(measure, model: model, base: base, adoption: adoption)
        }
        return CompositeMeasure(id: id).map { composite($0, model: model, base: base, adoption: adoption) }
    }

    /// An operational measure as a `Measure` (https://hl7.org/fhir/R4/measure.html).
    ///
    /// `base` is the address of the FHIR interface, without a slash at its end. Without `adoption` the definition is a
    /// draft: no auditor adopted it.
    package static func measure(
        _ measure: Measure,
        model: GovernanceModel,
        base: String,
        adoption: Adoption? = nil
    ) -> [UInt8] {
        let writer = MeasureWriter(model: model, base: base, adoption: adoption)
        var json = JSONWriter(capacity: 4_096)
        json.object { json in writer.write(measure, &json) }
        return json.bytes
    }

    /// A dimension, a group or the overall score as a composite `Measure`.
    package static func composite(
        _ composite: CompositeMeasure,
        model: GovernanceModel,
        base: String,
        adoption: Adoption? = nil
    ) -> [UInt8] {
        let writer = MeasureWriter(model: model, base: base, adoption: adoption)
        var json = JSONWriter(capacity: 4_096)
        json.object { json in writer.write(composite, &json) }
        return json.bytes
    }
}

/// Writes definitions of measures: what is counted stands as text, for the counting is this software's own.
private struct MeasureWriter {
    let model: GovernanceModel
    let base: String
    let adoption: Adoption?

    static let disclaimer = BilingualText(
        "This project's own measure; none is a Preker-Harding score. A version takes effect only for periods that begin "
            + "after an auditor adopted it; earlier ones are printed as retrospective.",
        "本项目自定指标，并非 Preker-Harding 评分。指标版本仅对审计员采纳之后开始的时期生效；更早的时期标为追溯性。"
    )

    // MARK: Measures

    func write(_ measure: Measure, _ json: inout JSONWriter) {
        head(measure.id, version: "\(measure.version)", name: measure.id, title: measure.title, &json) { json in
            json.extensionCode(FHIRExtension.measureKind, measure.kind.rawValue)
            json.extensionCode(FHIRExtension.measureForm, measure.form.rawValue)
            json.extensionCode(FHIRExtension.unit, measure.unit.rawValue)
            json.extensionDecimal(FHIRExtension.target, measure.target)
            json.extensionDecimal(FHIRExtension.floor, measure.goalposts?.floor)
            json.extensionInteger(FHIRExtension.minimum, measure.minimum)
            json.extensionCode(FHIRExtension.minimumCounts, measure.counted.rawValue)
            json.extensionCode(FHIRExtension.intervalMethod, measure.interval.rawValue)
            json.extensionCode(FHIRExtension.periodKind, measure.period.rawValue)
            json.extensionCode(FHIRExtension.populationBasis, "event")
            json.extensionCode(FHIRExtension.scoredIn, measure.scoredIn?.rawValue)
            for need in measure.needs { json.extensionCode(FHIRExtension.need, need.rawValue) }
            json.extensionFlag(FHIRExtension.declared, measure.isDeclared)
        }
        json.array("topic") { json in
            for dimension in measure.dimensions {
                json.object { json in
                    json.bilingualConcept(FHIRSystem.dimension, dimension.rawValue, dimension.name)
                }
            }
            if let indicator = measure.indicator {
                json.object { json in
                    json.bilingualConcept(FHIRSystem.indicator, indicator.rawValue, indicator.name)
                }
            }
        }
        json.bilingual("disclaimer", "_disclaimer", Self.disclaimer)
        let scoring = MeasureScoring(measure.form)
        json.concept("scoring", FHIRSystem.measureScoring, scoring.rawValue)
        type(Self.type(of: measure), &json)
        if let direction = measure.direction {
            json.concept("improvementNotation", FHIRSystem.improvementNotation, direction.rawValue)
        }
        json.array("group") { json in
            json.object { json in
                json.array("population") { json in populations(of: measure, scoring, &json) }
                let stratifiers = MeasureStratifier.all(of: measure)
                guard !stratifiers.isEmpty else { return }
                json.array("stratifier") { json in
                    for stratifier in stratifiers {
                        json.object { json in
                            json.object("code") { json in
                                json.bilingualConcept(FHIRSystem.stratifier, stratifier.rawValue, stratifier.name)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Donabedian's kinds: a position is structure; what became of a patient is outcome; all else is process.
    private static func type(of measure: Measure) -> String {
        if measure.kind == .autonomy { return "structure" }
        let needs: Set<FactType> = [.requesterOutcome, .discharge]
        return needs.isDisjoint(with: measure.needs) ? "process" : "outcome"
    }

    private func populations(of measure: Measure, _ scoring: MeasureScoring, _ json: inout JSONWriter) {
        let everything = BilingualText(
            "\(measure.denominator.en), before exclusions",
            "\(measure.denominator.zh)（剔除前）"
        )
        population(.initialPopulation, everything, of: measure, &json)
        let isVariable = scoring == .continuousVariable
        population(isVariable ? .measurePopulation : .denominator, measure.denominator, of: measure, &json)
        for exclusion in measure.exclusions {
            population(isVariable ? .measurePopulationExclusion : .denominatorExclusion, exclusion, of: measure, &json)
        }
        population(isVariable ? .measureObservation : .numerator, measure.numerator, of: measure, &json)
    }

    /// R4 wants criteria in a language of expressions. There is none here: the reference names the definition.
    private func population(
        _ population: MeasurePopulation,
        _ text: BilingualText,
        of measure: Measure,
        _ json: inout JSONWriter
    ) {
        json.object { json in
            json.concept("code", FHIRSystem.measurePopulation, population.rawValue)
            json.bilingual("description", "_description", text)
            json.object("criteria") { json in
                json.absent("_language", "not-applicable")
                json.field("reference", "urn:consilium:measure:\(measure.id):\(measure.version):\(population.rawValue)")
            }
        }
    }

    // MARK: Composites

    func write(_ composite: CompositeMeasure, _ json: inout JSONWriter) {
        head(composite.id, version: model.version, name: composite.name, title: composite.title, &json) { json in
            json.extensionCode(FHIRExtension.unit, Measure.Unit.one.rawValue)
        }
        if case .dimension(let dimension) = composite {
            json.array("topic") { json in
                json.object { json in
                    json.bilingualConcept(FHIRSystem.dimension, dimension.rawValue, dimension.name)
                }
            }
        }
        json.array("relatedArtifact") { json in
            for part in composite.parts(in: model) {
                json.object { json in
                    if !composite.isGeometric {
                        json.array("extension") { json in json.extensionDecimal(FHIRExtension.weight, 1) }
                    }
                    json.field("type", "composed-of")
                    json.bilingual("display", "_display", part.title)
                    json.field("resource", "\(base)/Measure/\(part.id)|\(part.version)")
                }
            }
        }
        json.bilingual("disclaimer", "_disclaimer", Self.disclaimer)
        json.object("compositeScoring") { json in
            json.array("extension") { json in
                json.extensionCode(
                    FHIRExtension.compositeMethod,
                    composite.isGeometric ? "geometric-mean" : "arithmetic-mean"
                )
            }
            if composite.isGeometric {
                json.field("text", "geometric mean")
            } else {
                json.conceptBody(FHIRSystem.compositeScoring, "weighted")
            }
        }
        type("composite", &json)
        json.bilingual("rateAggregation", "_rateAggregation", composite.rule)
        json.concept("improvementNotation", FHIRSystem.improvementNotation, Measure.Direction.increase.rawValue)
    }

    // MARK: Both

    private func head(
        _ id: String,
        version: String,
        name: String,
        title: BilingualText,
        _ json: inout JSONWriter,
        extensions: (inout JSONWriter) -> Void
    ) {
        ResourceHeader.local(id).write("Measure", &json)
        json.field("language", "en")
        json.array("extension") { json in
            json.extensionText(FHIRExtension.modelVersion, model.version)
            extensions(&json)
        }
        json.field("url", "\(base)/Measure/\(id)")
        json.field("version", version)
        json.field("name", name)
        json.bilingual("title", "_title", title)
        json.field("status", adoption == nil ? "draft" : "active")
        json.concept("subjectCodeableConcept", FHIRSystem.resourceType, "Organization")
        if let adoption {
            json.field("approvalDate", FHIRDate.day(adoption.at.iso8601))
            json.object("effectivePeriod") { json in json.field("start", adoption.at.iso8601) }
        }
    }

    private func type(_ code: String, _ json: inout JSONWriter) {
        json.array("type") { json in
            json.object { json in json.conceptBody(FHIRSystem.measureType, code) }
        }
    }
}
