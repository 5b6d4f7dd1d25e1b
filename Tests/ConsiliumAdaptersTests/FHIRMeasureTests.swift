import Testing

@testable import ConsiliumAdapters
@testable import ConsiliumCore

/// Measures and their reports as R4 resources.
@Suite("FHIR measures")
struct FHIRMeasureTests {
    private let model = GovernanceModel.standard

    private func root(_ bytes: [UInt8]?) throws -> JSONValue { try JSONDocument(#require(bytes)).root }

    private func measure(_ id: String) throws -> JSONValue {
        try root(FHIRAdapter.measure(id: id, model: model, base: GovernanceSample.base, adoption: nil))
    }

    private func code(_ value: JSONValue, _ name: StaticString) throws -> String? {
        try value.object(name)?.objects("coding").first?.text("code")
    }

    private func populations(_ group: JSONValue) throws -> [String] {
        try group.objects("population").compactMap { try code($0, "code") }
    }

    // MARK: Measure

    @Test("Every measure of the model is a Measure, and so is every composite; nothing else is")
    func all() throws {
        let ids = model.measures.map(\.id) + CompositeMeasure.all.map(\.id)
        for id in ids {
            let value = try measure(id)
            #expect(try value.text("url") == "\(GovernanceSample.base)/Measure/\(id)")
            #expect(try value.text("version") == "1")
            let name = try #require(try value.text("name"))
            #expect(name.wholeMatch(of: /[A-Z][A-Za-z0-9_]{0,254}/) != nil, "invariant mea-0: \(name)")
            #expect(try code(value, "subjectCodeableConcept") == "Organization")
        }
        #expect(Set(ids).count == 41)
        #expect(FHIRAdapter.measure(id: "AC9", model: model, base: "") == nil)
        #expect(FHIRAdapter.measure(id: "consilium-best", model: model, base: "") == nil)
    }

    @Test("A position has no direction, a measure with a goal has its own")
    func directions() throws {
        for measure in model.measures {
            let value = try self.measure(measure.id)
            #expect(try code(value, "improvementNotation") == measure.direction?.rawValue)
            #expect(measure.kind != .autonomy || !value.has("improvementNotation"))
        }
    }

    @Test(
        "Scoring and populations follow the form of the measure",
        arguments: [
            ("AC1", "proportion"), ("OF3", "ratio"), ("SF2", "ratio"), ("SF5", "ratio"),
            ("PMR3", "proportion"), ("IDR3", "continuous-variable"), ("SF4", "continuous-variable"),
            ("MC2", "continuous-variable"),
        ]
    )
    func scoring(id: String, expected: String) throws {
        let value = try measure(id)
        #expect(try code(value, "scoring") == expected)
        let group = try #require(try value.objects("group").first)
        let populations = try populations(group)
        if expected == "continuous-variable" {
            #expect(
                populations == [
                    "initial-population", "measure-population", "measure-population-exclusion", "measure-observation",
                ]
            )
        } else {
            #expect(populations == ["initial-population", "denominator", "denominator-exclusion", "numerator"])
        }
    }

    @Test("What is counted by stratum says so; an entry of a register has no tier")
    func stratifiers() throws {
        func names(_ id: String) throws -> [String] {
            let group = try #require(try measure(id).objects("group").first)
            return try group.objects("stratifier").compactMap { try code($0, "code") }
        }
        #expect(try names("AC1") == ["site", "tier", "region", "department", "priority"])
        #expect(try names("AC3") == ["tier", "region", "department", "priority"])
        #expect(try names("GR2").isEmpty)
    }

    @Test("A definition is a draft until an auditor adopts it, and takes effect then")
    func adoption() throws {
        let draft = try measure("AC1")
        #expect(try draft.text("status") == "draft")
        #expect(!draft.has("effectivePeriod") && !draft.has("approvalDate"))
        let adopted = try root(
            FHIRAdapter.measure(
                id: "AC1",
                model: model,
                base: GovernanceSample.base,
                adoption: GovernanceSample.adoption
            )
        )
        #expect(try adopted.text("status") == "active")
        #expect(try adopted.text("approvalDate") == "2026-06-15")
        #expect(try adopted.object("effectivePeriod")?.text("start") == "2026-06-15T08:00:00.000Z")
    }

    @Test("A composite names what it is composed of; only the overall score is no weighted mean")
    func composites() throws {
        func parts(_ id: String) throws -> [String] {
            try measure(id).objects("relatedArtifact").compactMap { try $0.text("resource") }
        }
        let base = "\(GovernanceSample.base)/Measure"
        #expect(try parts("consilium-DR") == ["\(base)/OC1|1", "\(base)/OF2|1"])
        #expect(try parts("consilium-fairness") == ["\(base)/consilium-ACC|1", "\(base)/consilium-SOC|1"])
        #expect(try parts("consilium-overall") == ["\(base)/consilium-efficiency|1", "\(base)/consilium-fairness|1"])
        #expect(try code(measure("consilium-fairness"), "compositeScoring") == "weighted")
        let overall = try #require(try measure("consilium-overall").object("compositeScoring"))
        #expect(!overall.has("coding"))
        #expect(try overall.extensionText("urn:consilium:composite-method") == "geometric-mean")
    }

    // MARK: MeasureReport

    private func report(
        _ id: String,
        _ report: GovernanceReport = GovernanceSample.report(),
        cases: [GovernanceDrill.Case]? = nil
    ) throws -> JSONValue {
        try root(FHIRAdapter.measureReport(report, measure: id, base: GovernanceSample.base, cases: cases))
    }

    private func group(_ value: JSONValue) throws -> JSONValue { try #require(try value.objects("group").first) }

    private func counts(_ group: JSONValue) throws -> [Int?] {
        try group.objects("population").map { try $0.integer("count") }
    }

    @Test("A valid figure has its counts, its value with the interval, its verdict and its strata")
    func valid() throws {
        let value = try report("AC1")
        #expect(try value.text("measure") == "\(GovernanceSample.base)/Measure/AC1|1")
        #expect(try value.text("type") == "summary")
        let period = try #require(try value.object("period"))
        #expect(try [period.text("start"), period.text("end")] == ["2026-07-01", "2026-09-30"])
        let group = try group(value)
        #expect(try counts(group) == [263, 81])
        let score = try #require(try group.object("measureScore"))
        #expect(try Double(#require(try score.number("value"))) == 81.0 / 263 * 100)
        #expect(try score.text("code") == "%")
        let interval = try #require(try score.fhirExtension("urn:consilium:interval"))
        let low = try #require(try interval.fhirExtension("low")?.number("valueDecimal"))
        #expect(low.hasPrefix("25.5288"))
        #expect(try group.extensionText("urn:consilium:verdict") == "not-met")
        let strata = try group.objects("stratifier").flatMap { try $0.objects("stratum") }
        #expect(try strata.map { try code($0, "value") } == ["primary", "county", "stat", "urgent"])
        #expect(try counts(strata[1]) == [62, 20])
        #expect(try strata[3].object("measureScore")?.has("value") == false)
    }

    @Test(
        "Without a value the score is absent and says why",
        arguments: [("MC3", "not-permitted", "too-few"), ("SF1", "unsupported", "not-assessable")]
    )
    func absent(id: String, reason: String, validity: String) throws {
        let group = try group(report(id))
        let score = try #require(try group.object("measureScore"))
        #expect(try score.extensionText("http://hl7.org/fhir/StructureDefinition/data-absent-reason") == reason)
        #expect(!score.has("value"))
        #expect(try group.extensionText("urn:consilium:validity") == validity)
    }

    @Test("Too few still shows its counts")
    func tooFew() throws { #expect(try counts(group(report("MC3"))) == [12, 9]) }

    @Test("A suppressed figure shows no number of its own, nor does a suppressed stratum")
    func suppressed() throws {
        let hidden = GovernanceSample.report(
            isSuppressed: true,
            lines: [GovernanceSample.suppressed],
            tables: GovernanceSample.suppressedTables
        )
        let group = try group(report("AC1", hidden))
        #expect(try counts(group) == [nil, nil])
        #expect(
            try group.object("measureScore")?
                .extensionText(
                    "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
                ) == "masked"
        )
        let strata = try group.objects("stratifier").flatMap { try $0.objects("stratum") }
        #expect(try strata.map { try counts($0) } == [[61, 21], [nil, nil]])
    }

    @Test("A measure without a sampled check says that its source is not verified")
    func sourceCheck() throws {
        func status(_ id: String) throws -> String? {
            try group(report(id)).fhirExtension("urn:consilium:source-check")?.extensionText("status")
        }
        #expect(try status("AC1") == "sampled")
        #expect(try status("GR1") == "not-source-verified")
    }

    @Test("A composite has a score of 0 to 1, or the names of what is missing")
    func compositeReport() throws {
        let score = try #require(try group(report("consilium-efficiency")).object("measureScore"))
        #expect(try score.number("value") == "0.5")
        #expect(try score.text("code") == "1")
        let fairness = try group(report("consilium-fairness"))
        #expect(try fairness.object("measureScore")?.has("value") == false)
        #expect(try fairness.extensionText("urn:consilium:missing") == "SF1")
    }

    @Test("A subject list names cases by reference, in a list for each population, and no patient")
    func subjects() throws {
        let cases = GovernanceSample.subjects
        let names = cases.map(\.reference.description)
        let bytes = try FHIRAdapter.measureReport(
            GovernanceSample.report(),
            measure: "AC1",
            base: GovernanceSample.base,
            cases: cases
        )
        let value = try root(bytes)
        #expect(try value.text("type") == "subject-list")
        let lists = try value.objects("contained")
        #expect(try lists.map { try $0.text("id") } == ["denominator", "numerator"])
        let items = try lists.flatMap { try $0.objects("entry") }.compactMap { try $0.object("item") }
        #expect(try items.map { try $0.object("identifier")?.text("value") } == [names[0], names[1], names[1]])
        #expect(
            try items.allSatisfy { try $0.object("identifier")?.text("system") == "urn:consilium:case-reference" }
        )
        #expect(items.allSatisfy { !$0.has("reference") })
        let references = try group(value).objects("population")
            .map { try $0.object("subjectResults")?.text("reference") }
        #expect(references == ["#denominator", "#numerator"])
        #expect(!String(decoding: bytes, as: UTF8.self).contains("Patient"))
    }

    @Test("Cases behind a continuous variable stand in its one population, and the report points at their list")
    func continuousSubjects() throws {
        let lines = [GovernanceSample.wait, GovernanceSample.line("MC2", .valid) { $0.counted = 2 }]
        for id in ["SF4", "MC2"] {
            let value = try report(id, GovernanceSample.report(lines: lines), cases: GovernanceSample.subjects)
            let lists = try value.objects("contained")
            #expect(try lists.map { try $0.text("id") } == ["measure-population"], "\(id)")
            #expect(try lists.first?.objects("entry").count == 2, "\(id)")
            let populations = try group(value).objects("population")
            #expect(
                try populations.map { try $0.object("subjectResults")?.text("reference") } == ["#measure-population"],
                "\(id)"
            )
        }
    }

    @Test("An unknown measure, and subjects where they would tell a hidden count, are refused")
    func refused() {
        func code(_ report: GovernanceReport, _ id: String, _ cases: [GovernanceDrill.Case]?) -> Refusal.Code? {
            do throws(Refusal) {
                _ = try FHIRAdapter.measureReport(report, measure: id, base: "", cases: cases)
                return nil
            } catch { return error.code }
        }
        let open = GovernanceSample.report()
        #expect(code(open, "XX1", nil) == .unknownCode)
        #expect(code(open, "consilium-DR", nil) == .unknownCode, "not among the report's dimensions")
        #expect(code(open, "consilium-overall", []) == .invalidValue)
        #expect(code(GovernanceSample.report(isSuppressed: true), "AC1", GovernanceSample.subjects) == .notPermitted)
        #expect(code(open, "AC1", []) == nil)
    }

    // MARK: Contract

    @Test("The examples of measures in Protocols are what the hub writes")
    func examples() throws {
        let base = GovernanceSample.base
        for id in ["AC1", "IDR3", "consilium-ACC", "consilium-overall"] {
            let bytes = FHIRAdapter.measure(id: id, model: model, base: base, adoption: GovernanceSample.adoption)
            try FHIRContractTests.check(#require(bytes), "examples/governance/Measure-\(id).json")
        }
        let report = GovernanceSample.report()
        for (id, name) in [
            ("AC1", "valid"), ("MC3", "too-few"), ("SF1", "not-assessable"), ("SF4", "median-difference"),
            ("consilium-efficiency", "composite"),
        ] {
            let bytes = try FHIRAdapter.measureReport(report, measure: id, base: base)
            try FHIRContractTests.check(bytes, "examples/governance/MeasureReport-\(name).json")
        }
        let suppressed = GovernanceSample.report(
            isSuppressed: true,
            lines: [GovernanceSample.suppressed],
            tables: GovernanceSample.suppressedTables
        )
        try FHIRContractTests.check(
            FHIRAdapter.measureReport(suppressed, measure: "AC1", base: base),
            "examples/governance/MeasureReport-suppressed.json"
        )
        try FHIRContractTests.check(
            FHIRAdapter.measureReport(
                report,
                measure: "AC1",
                base: base,
                cases: GovernanceSample.subjects
            ),
            "examples/governance/MeasureReport-subject-list.json"
        )
    }
}
