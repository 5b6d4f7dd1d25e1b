package import ConsiliumCore

extension FHIRAdapter {
    /// The figures of one measure, or of a composite, as a `MeasureReport` (https://hl7.org/fhir/R4/measurereport.html).
    ///
    /// `base` is the address of the FHIR interface, without a slash at its end. With `cases`, those behind the measure, the
    /// report is a subject list of their references; it names no patient.
    ///
    /// - Throws: `unknownCode` for a measure that the report does not have; `notPermitted` for cases of a report whose
    ///   small counts are hidden, because the length of a list tells its count; `invalidValue` for cases of a composite.
    package static func measureReport(
        _ report: GovernanceReport,
        measure id: String,
        base: String,
        cases: [GovernanceDrill.Case]? = nil
    ) throws(Refusal) -> [UInt8] {
        let line = report.measures.first { $0.id == id }
        let subjects = line.flatMap { line in cases.map { MeasureScoring(line.form).subjects(of: $0) } }
        let writer = MeasureReportWriter(report: report, base: base, subjects: subjects)
        var json = JSONWriter(capacity: 8_192)
        if let line {
            if subjects != nil, report.isSuppressed {
                throw Refusal(.notPermitted, at: "subjects", "small counts of this report are hidden")
            }
            json.object { json in writer.write(line, &json) }
        } else if let composite = CompositeMeasure(id: id), let score = composite.score(in: report.performance) {
            guard cases == nil else { throw Refusal(.invalidValue, at: "subjects", "\(id) counts no cases") }
            json.object { json in writer.write(composite, score, &json) }
        } else {
            throw Refusal(.unknownCode, at: "measure", id)
        }
        return json.bytes
    }
}

extension MeasureScoring {
    /// The references of `cases` by the populations in which they count.
    fileprivate func subjects(of cases: [GovernanceDrill.Case]) -> [MeasurePopulation: [AuditReference]] {
        let counted = cases.filter { $0.denominator > 0 }.map(\.reference)
        if self == .continuousVariable { return [.measurePopulation: counted] }
        return [.denominator: counted, .numerator: cases.filter { $0.numerator > 0 }.map(\.reference)]
    }
}

private struct MeasureReportWriter {
    let report: GovernanceReport
    let base: String
    let subjects: [MeasurePopulation: [AuditReference]]?

    // MARK: An operational measure

    func write(_ line: GovernanceReport.MeasureLine, _ json: inout JSONWriter) {
        head(line.id, version: "\(line.version)", &json)
        if let direction = line.direction {
            json.concept("improvementNotation", FHIRSystem.improvementNotation, direction.rawValue)
        }
        json.array("group") { json in
            json.object { json in
                json.array("extension") { json in extensions(of: line, &json) }
                populations(
                    MeasureScoring(line.form),
                    numerator: line.numerator,
                    denominator: line.denominator,
                    counted: line.counted,
                    absence: line.standing == .suppressed ? "masked" : nil,
                    subjects: subjects ?? [:],
                    &json
                )
                if let value = line.value {
                    json.object("measureScore") { json in
                        json.quantity(
                            value,
                            unit: line.unit.rawValue,
                            low: line.low,
                            high: line.high,
                            method: line.intervalMethod.rawValue
                        )
                    }
                } else {
                    json.absent("measureScore", Self.absence(line.standing))
                }
                stratifiers(of: line, &json)
            }
        }
    }

    private func extensions(of line: GovernanceReport.MeasureLine, _ json: inout JSONWriter) {
        json.extensionCode(FHIRExtension.validity, line.standing.rawValue)
        json.extensionCode(FHIRExtension.verdict, line.verdict?.rawValue)
        json.extensionInteger(FHIRExtension.leastTotal, line.leastTotal)
        json.extensionInteger(FHIRExtension.failures, line.failures)
        json.extensionInteger(FHIRExtension.counted, line.counted)
        json.extensionInteger(FHIRExtension.undecided, line.undecided)
        json.extensionInteger(FHIRExtension.minimum, line.minimum)
        json.extensionDecimal(FHIRExtension.target, line.target)
        json.extensionDecimal(FHIRExtension.floor, line.floor)
        json.extensionDecimal(FHIRExtension.score, line.score)
        json.extensionCode(FHIRExtension.measureKind, line.kind.rawValue)
        json.extensionFlag(FHIRExtension.declared, line.isDeclared)
        for missing in line.missing { json.extensionBilingual(FHIRExtension.missing, missing) }
        json.group(FHIRExtension.sourceCheck) { json in
            json.extensionCode("status", line.sourceCheck == nil ? "not-source-verified" : "sampled")
            json.extensionInteger("drawn", line.sourceCheck?.drawn)
            json.extensionInteger("checked", line.sourceCheck?.checked)
            json.extensionInteger("open", line.sourceCheck?.open)
            json.extensionInteger("discrepant", line.sourceCheck?.discrepant)
            json.extensionInteger("missing", line.sourceCheck?.missing)
            guard let check = line.sourceCheck, let rate = check.rate else { return }
            json.object { json in
                json.field("url", "rate")
                json.object("valueQuantity") { json in
                    json.quantity(rate, unit: "%", low: check.low, high: check.high, method: "wilson")
                }
            }
        }
        for companion in line.companions { self.companion(companion, &json) }
    }

    private func companion(_ companion: GovernanceReport.Companion, _ json: inout JSONWriter) {
        json.group(FHIRExtension.companion) { json in
            json.extensionBilingual("name", companion.name)
            json.extensionInteger("counted", companion.counted)
            guard let value = companion.value else { return }
            json.object { json in
                json.field("url", "value")
                json.object("valueQuantity") { json in
                    json.quantity(
                        value,
                        unit: companion.unit,
                        low: companion.low,
                        high: companion.high,
                        method: nil
                    )
                }
            }
        }
    }

    /// Why there is no score, by http://terminology.hl7.org/CodeSystem/data-absent-reason.
    private static func absence(_ standing: GovernanceReport.Standing) -> String {
        switch standing {
        case .suppressed: "masked"
        // The measure's own minimum does not permit one.
        case .tooFew: "not-permitted"
        case .notAssessable: "unsupported"
        // Nothing of nothing is no number.
        case .nothingObserved: "not-applicable"
        // A measure whose form yields no value although enough was counted.
        case .valid: "unknown"
        }
    }

    // MARK: Populations

    private func populations(
        _ scoring: MeasureScoring,
        numerator: Int?,
        denominator: Int?,
        counted: Int?,
        absence: String?,
        subjects: [MeasurePopulation: [AuditReference]],
        _ json: inout JSONWriter
    ) {
        json.array("population") { json in
            if scoring == .continuousVariable {
                population(.measurePopulation, counted, absence, subjects, &json)
            } else {
                population(.denominator, denominator, absence, subjects, &json)
                population(.numerator, numerator, absence, subjects, &json)
            }
        }
    }

    /// A count that is not there is hidden for `absence`, or belongs to a measure that is made of sums.
    private func population(
        _ population: MeasurePopulation,
        _ count: Int?,
        _ absence: String?,
        _ subjects: [MeasurePopulation: [AuditReference]],
        _ json: inout JSONWriter
    ) {
        json.object { json in
            json.concept("code", FHIRSystem.measurePopulation, population.rawValue)
            if let count {
                json.field("count", count)
            } else {
                json.absent("_count", absence ?? "not-applicable")
            }
            if let list = subjects[population], !list.isEmpty {
                json.object("subjectResults") { json in json.field("reference", "#\(population.rawValue)") }
            }
        }
    }

    /// One list for each population that has subjects; a case is named by its reference alone.
    private func lists(_ json: inout JSONWriter) {
        let lists = MeasurePopulation.allCases.filter { subjects?[$0]?.isEmpty == false }
        guard !lists.isEmpty else { return }
        json.array("contained") { json in
            for population in lists {
                json.object { json in
                    ResourceHeader.local(population.rawValue).write("List", &json)
                    json.field("status", "current")
                    json.field("mode", "snapshot")
                    json.array("entry") { json in
                        for subject in subjects?[population] ?? [] {
                            json.object { json in
                                json.object("item") { json in
                                    json.field("type", "ServiceRequest")
                                    json.object("identifier") { json in
                                        json.field("system", FHIRSystem.caseReference)
                                        json.field("value", subject.description)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    // MARK: Strata

    private func stratifiers(of line: GovernanceReport.MeasureLine, _ json: inout JSONWriter) {
        let tables = report.tables.filter { $0.measure == line.id && $0.figure == nil && !$0.rows.isEmpty }
        guard !tables.isEmpty else { return }
        json.array("stratifier") { json in
            for table in tables {
                json.object { json in
                    json.array("code") { json in
                        json.object { json in
                            json.bilingualConcept(FHIRSystem.stratifier, table.by.rawValue, table.by.name)
                        }
                    }
                    json.array("stratum") { json in
                        for row in table.rows { json.object { json in stratum(row, table.by, line, &json) } }
                    }
                }
            }
        }
    }

    private func stratum(
        _ row: GovernanceReport.StratumRow,
        _ stratifier: MeasureStratifier,
        _ line: GovernanceReport.MeasureLine,
        _ json: inout JSONWriter
    ) {
        json.object("value") { json in json.bilingualConcept(stratifier.system, row.code, row.name) }
        populations(
            MeasureScoring(line.form),
            numerator: row.numerator,
            denominator: row.denominator,
            counted: row.denominator,
            absence: row.isSuppressed ? "masked" : nil,
            subjects: [:],
            &json
        )
        if let value = row.value {
            json.object("measureScore") { json in
                json.quantity(
                    value,
                    unit: line.unit.rawValue,
                    low: row.low,
                    high: row.high,
                    method: line.intervalMethod.rawValue
                )
            }
        } else {
            let standing: GovernanceReport.Standing =
                row.isSuppressed ? .suppressed : row.denominator == 0 ? .nothingObserved : .tooFew
            json.absent("measureScore", Self.absence(standing))
        }
    }

    // MARK: A composite

    func write(_ composite: CompositeMeasure, _ score: GovernanceReport.Score, _ json: inout JSONWriter) {
        head(composite.id, version: report.modelVersion, &json)
        json.concept("improvementNotation", FHIRSystem.improvementNotation, Measure.Direction.increase.rawValue)
        json.array("group") { json in
            json.object { json in
                json.array("extension") { json in
                    let standing: GovernanceReport.Standing = score.value == nil ? .notAssessable : .valid
                    json.extensionCode(FHIRExtension.validity, standing.rawValue)
                    for missing in score.missing { json.extensionText(FHIRExtension.missing, missing) }
                }
                if let value = score.value {
                    json.object("measureScore") { json in
                        json.quantity(value, unit: "1", low: nil, high: nil, method: nil)
                    }
                } else {
                    json.absent("measureScore", Self.absence(.notAssessable))
                }
            }
        }
    }

    // MARK: Both

    private func head(_ id: String, version: String, _ json: inout JSONWriter) {
        let identity = GovernanceID.report(measure: id, period: report.period.label)
        ResourceHeader.local(identity.id).write(identity.type, &json)
        json.field("language", "en")
        lists(&json)
        json.array("extension") { json in
            json.extensionText(FHIRExtension.definitionVersion, version)
            json.extensionText(FHIRExtension.modelVersion, report.modelVersion)
            json.extensionFlag(FHIRExtension.retrospective, report.isRetrospective)
            json.extensionFlag(FHIRExtension.generated, report.isGenerated)
            json.extensionFlag(FHIRExtension.suppressed, report.isSuppressed)
            json.group(FHIRExtension.snapshot) { json in
                json.extensionInteger("records", report.snapshot.records)
                json.extensionText("sha-256", report.snapshot.hash)
            }
            for reading in report.profile?.readings ?? [] {
                json.extensionText(FHIRExtension.mappingVersion, reading.mapping)
            }
            for notice in report.notices { json.extensionBilingual(FHIRExtension.notice, notice) }
        }
        json.field("status", "complete")
        json.field("type", subjects == nil ? "summary" : "subject-list")
        json.field("measure", "\(base)/Measure/\(id)|\(version)")
        json.network("subject", report.network)
        json.network("reporter", report.network)
        json.object("period") { json in
            json.field("start", report.period.from)
            json.field("end", Self.dayBefore(report.period.to))
        }
    }

    /// A `Period` of R4 ends with its last day; ours names the first day after.
    private static func dayBefore(_ day: String) -> String {
        guard let midnight = Instant(iso8601: "\(day)T00:00Z") else { return day }
        return FHIRDate.day((midnight - .days(1)).iso8601)
    }
}
