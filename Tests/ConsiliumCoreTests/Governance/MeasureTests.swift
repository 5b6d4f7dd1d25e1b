import Testing

@testable import ConsiliumCore

@Suite struct MeasureTests {
    private let model = GovernanceModel.standard

    @Test("Every measure of this project is free of defects, and no identifier comes twice")
    func standard() {
        #expect(Measure.standard.flatMap(\.defects).isEmpty)
        #expect(Set(Measure.standard.map(\.id)).count == 33)
        #expect(Measure.standard.count == 33)
    }

    @Test("The types are those of the reference: control and exchange are never scored")
    func kinds() {
        func identifiers(_ kind: Measure.Kind) -> Set<String> {
            Set(model.measures.filter { $0.kind == kind }.map(\.id))
        }
        #expect(identifiers(.control) == ["DR1", "IDR2", "PMR2", "GR1", "GR3", "GR4", "AC3"])
        #expect(identifiers(.exchange) == ["IE1", "IE3", "IDR3"])
        #expect(identifiers(.autonomy) == ["OC2", "OF1", "OF3", "IDR1", "PMR1", "FMR2", "MC2"])
        #expect(model.measures.filter { $0.scoredIn != nil }.allSatisfy { $0.kind == .performance })
    }

    @Test("Each dimension is scored by the measures that the reference lists")
    func scored() {
        let expected: [GovernanceDimension: [String]] = [
            .decisionRights: ["OC1", "OF2"], .marketCompetition: ["PMR3", "MC1", "MC3"],
            .residualClaims: ["FMR1", "FMR3"], .accountability: ["GR2", "AC1", "AC2", "IE2"],
            .socialFunctions: ["SF1", "SF2", "SF3", "SF4", "SF5"],
        ]
        for dimension in GovernanceDimension.allCases {
            #expect(Set(model.scored(in: dimension).map(\.id)) == Set(expected[dimension] ?? []))
        }
    }

    @Test(
        "The goalposts are the printed ones",
        arguments: [
            ("OC1", 0, 80), ("OF2", 10, 2), ("MC1", 20, 70), ("MC3", 50, 90), ("PMR3", 60, 30), ("FMR1", 50, 95),
            ("FMR3", 5, 1), ("GR2", 50, 90), ("AC1", 50, 95), ("AC2", 50, 90), ("IE2", 60, 95), ("SF1", 30, 70),
            ("SF2", 0.2, 0.8), ("SF3", 10, 60), ("SF4", 24, 0), ("SF5", 0.5, 1),
        ] as [(String, Double, Double)]
    )
    func goalposts(_ id: String, _ floor: Double, _ target: Double) throws {
        let goalposts = try #require(model.measure(id)?.goalposts)
        #expect(goalposts == Measure.Goalposts(floor, target))
        #expect(goalposts.score(floor) == 0)
        #expect(goalposts.score(target) == 1)
        #expect(abs(goalposts.score((floor + target) / 2) - 0.5) < 1e-12)
        #expect(goalposts.score(floor + (floor - target)) == 0)
        #expect(goalposts.score(target + (target - floor)) == 1)
    }

    @Test("Minimum numbers, periods, site tables and declared figures are the printed ones")
    func details() {
        func identifiers(_ holds: (Measure) -> Bool) -> Set<String> { Set(model.measures.filter(holds).map(\.id)) }
        #expect(identifiers { $0.period == .twelveMonths } == ["OC1", "IDR1", "GR2"])
        #expect(identifiers(\.hasSiteTable) == ["AC1", "AC2", "MC3", "SF1", "SF3", "FMR1", "PMR3"])
        #expect(identifiers(\.isDeclared) == ["OC1", "OC2", "IDR1"])
        #expect(identifiers { $0.minimum == 20 } == ["OC1", "IDR1", "PMR3"])
        #expect(identifiers { $0.minimum == 10 } == ["IDR3", "SF2", "GR2"])
        #expect(identifiers { $0.minimum == 100 } == ["MC2", "IE1", "IE3"])
        #expect(identifiers { $0.interval == .census } == ["IDR2", "IE2"])
        #expect(identifiers { $0.interval == .bootstrap } == ["OF3", "PMR3", "MC2", "SF4"])
    }

    @Test("A network adds a measure by the same form, under a new version")
    func added() throws {
        let added = try model.adding([Self.proportion()], version: "1+local")
        #expect(added.measures.count == 34)
        #expect(added.version == "1+local")
        #expect(added.scored(in: .accountability).contains { $0.id == "GR9" })
    }

    @Test("Every measure of this project is counted under its own identifier, and any of its figures can be another's")
    func figures() {
        #expect(Measure.standard.allSatisfy { $0.figure == nil && Measure.sources(of: $0.form).contains($0.id) })
        for form in Measure.Form.allCases {
            let sources = Measure.sources(of: form)
            #expect(!sources.isEmpty && Set(sources).count == sources.count)
        }
        var own = Self.proportion()
        own.figure = "GR2"
        #expect(own.defects.isEmpty && own.counts == nil)
        // A register answers for twelve months; cases are counted in the report's own period.
        own.period = .twelveMonths
        #expect(own.defects.isEmpty)
    }

    @Test("A measure that stands already cannot be replaced, nor a version used twice")
    func notReplaced() {
        var altered = Self.proportion()
        altered.id = "AC1"
        altered.indicator = nil
        expect([("not-new", "AC1.id")], from: [altered])
        expect([("not-new", "GR9.id")], from: [Self.proportion(), Self.proportion()])
        #expect(throws: MeasureDefects(all: [MeasureDefect(.notNew, measure: "", field: "version", "1")])) {
            try model.adding([], version: "1")
        }
    }

    @Test("A figure is scored once; a measure with other goals for it is printed beside, without a score")
    func scoredOnce() throws {
        var own = try #require(model.measure("AC1"))
        own.id = "AC9"
        own.figure = "AC1"
        own.target = 80
        own.goalposts = Measure.Goalposts(40, 80)
        expect([("contradiction", "AC9.scoredIn")], from: [own])
        own.scoredIn = .decisionRights
        own.dimensions = [.decisionRights]
        expect([("contradiction", "AC9.scoredIn")], from: [own])
        (own.goalposts, own.scoredIn) = (nil, nil)
        let added = try model.adding([own], version: "2")
        for dimension in GovernanceDimension.allCases {
            #expect(added.scored(in: dimension) == model.scored(in: dimension))
        }
        let hundred = try Observation.proportion(#require(Proportion(100, of: 100)))
        let card = try #require(
            Scorecard(["AC1": hundred, "AC9": hundred], recorded: Set(FactType.allCases), in: added)
        )
        #expect(card.result("AC1")?.score == 1 && card.result("AC9")?.score == nil)
        #expect(card.result("AC9")?.verdict == .met)
        // Nor do two of a network's own score one figure; what no measure scores they may.
        var second = Self.proportion()
        second.id = "GR8"
        expect([("contradiction", "GR8.scoredIn")], from: [Self.proportion(), second])
        second.figure = MeasureFigure.routineUnpaused.rawValue
        #expect(try model.adding([Self.proportion(), second], version: "2").scored(in: .accountability).count == 6)
    }

    @Test("What is wrong in an added measure is named, one change at a time")
    func defects() {
        let cases: [(String, String, (inout Measure) -> Void)] = [
            ("malformed", "id", { $0.id = "my measure" }),
            ("contradiction", "indicator", { $0.indicator = .institutionalEnvironments }),
            ("out-of-range", "version", { $0.version = 0 }),
            ("missing", "title", { $0.title.zh = " " }),
            ("missing", "numerator", { $0.numerator.en = "" }),
            ("missing", "denominator", { $0.denominator.en = "" }),
            ("missing", "exclusions", { $0.exclusions = [BilingualText("", "")] }),
            ("missing", "dimensions", { $0.dimensions = [] }),
            ("duplicate", "dimensions", { $0.dimensions = [.accountability, .accountability] }),
            ("contradiction", "period", { $0.period = .twelveMonths }),
            ("out-of-range", "minimum", { $0.minimum = 0 }),
            ("missing", "figure", { $0.figure = nil }),
            ("unknown", "figure", { $0.figure = "AC99" }),
            ("unknown", "figure", { $0.figure = MeasureFigure.wait.rawValue }),
            ("missing", "needs", { $0.needs = [] }),
            ("duplicate", "needs", { $0.needs = [.closure, .closure] }),
            ("contradiction", "interval", { $0.interval = .orderStatistic }),
            ("contradiction", "unit", { $0.unit = .days }),
            ("missing", "direction", { $0.direction = nil }),
            ("missing", "scoredIn", { $0.scoredIn = nil }),
            ("missing", "goalposts", { $0.goalposts = nil }),
            ("contradiction", "goalposts", { $0.target = 80 }),
            ("contradiction", "direction", { $0.direction = .decrease }),
            ("contradiction", "goalposts", { $0.goalposts = Measure.Goalposts(90, 90) }),
            ("out-of-range", "goalposts", { $0.goalposts?.floor = -1 }),
            ("out-of-range", "goalposts", { $0.goalposts?.floor = -.infinity }),
        ]
        for (code, field, change) in cases {
            var measure = Self.proportion()
            change(&measure)
            #expect(measure.defects.map(\.code.rawValue) == [code], "\(measure.defects)")
            #expect(measure.defects.map(\.field) == [field])
            #expect(measure.defects.allSatisfy { $0.description.hasPrefix("\(measure.id).\(field): \(code)") })
        }
    }

    @Test("A position has no goal, and a control no score")
    func goals() {
        var position = Self.proportion()
        position.kind = .autonomy
        #expect(position.defects.map(\.field) == ["direction", "target", "goalposts", "scoredIn"])
        #expect(position.defects.allSatisfy { $0.code == .notAllowed })
        var control = Self.proportion()
        control.kind = .control
        #expect(control.defects.map(\.field) == ["goalposts", "scoredIn"])
        control.goalposts = nil
        control.scoredIn = nil
        #expect(control.defects.isEmpty)
    }

    @Test("Several defects are named at once")
    func several() {
        var measure = Self.proportion()
        measure.needs = []
        measure.minimum = -1
        measure.title.en = ""
        expect([("missing", "GR9.title"), ("out-of-range", "GR9.minimum"), ("missing", "GR9.needs")], from: [measure])
    }

    private func expect(_ expected: [(String, String)], from measures: [Measure]) {
        do throws(MeasureDefects) {
            _ = try model.adding(measures, version: "2")
            Issue.record("accepted")
        } catch {
            #expect(error.all.map(\.code.rawValue) == expected.map(\.0))
            #expect(error.all.map { "\($0.measure).\($0.field)" } == expected.map(\.1))
        }
    }

    static func proportion() -> Measure {
        var measure = Measure(
            "GR9",
            .performance,
            [.accountability],
            title: BilingualText("cases discussed at the board", "理事会讨论的会诊"),
            indicator: .governmentRegulations,
            scoredIn: .accountability,
            numerator: BilingualText("cases discussed", "已讨论的会诊"),
            denominator: BilingualText("cases", "会诊"),
            direction: .increase,
            goalposts: Measure.Goalposts(50, 90),
            needs: [.closure]
        )
        measure.figure = MeasureFigure.tierRated.rawValue
        return measure
    }
}
