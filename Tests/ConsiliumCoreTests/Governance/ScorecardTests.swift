import Testing

@testable import ConsiliumCore

@Suite struct ScorecardTests {
    private let model = GovernanceModel.standard
    private let all = Set(FactType.allCases)

    @Test("The verdict is that of the whole interval")
    func verdicts() throws {
        // AC1: at least 95 %.
        #expect(try verdict("AC1", 400, of: 400) == .met)
        #expect(try verdict("AC1", 73, of: 73) == .met)
        #expect(try verdict("AC1", 72, of: 72) == .notShown(leastTotal: 73))
        #expect(try verdict("AC1", 95, of: 100) == .notShown(leastTotal: 73))
        #expect(try verdict("AC1", 60, of: 100) == .notMet)
        // OF2: at most 2 %.
        #expect(try verdict("OF2", 0, of: 400) == .met)
        #expect(try verdict("OF2", 2, of: 100) == .notShown(leastTotal: 189))
        #expect(try verdict("OF2", 30, of: 100) == .notMet)
    }

    @Test("Below the minimum there are counts, no value, no score and no verdict but not shown")
    func tooFew() throws {
        let result = try result("AC1", .proportion(#require(Proportion(0, of: 29))))
        #expect(result.standing == .tooFew(counted: 29, needed: 30))
        #expect(result.value == nil && result.interval == nil && result.score == nil)
        #expect(result.verdict == .notShown(leastTotal: 73))
        #expect(result.observation?.counted == 29)
        #expect(try verdict("GR2", 10, of: 10) == .notShown(leastTotal: 35))
    }

    @Test("Nothing observed is no value, never 0 %")
    func nothing() throws {
        let result = try result("AC1", .proportion(#require(Proportion(0, of: 0))))
        #expect(result.standing == .nothingObserved)
        #expect(result.value == nil && result.verdict == nil && result.score == nil)
        #expect(try self.result("AC1", nil).standing == .nothingObserved)
    }

    @Test("Without the events that it needs a measure is not assessable, and says which")
    func notAssessable() throws {
        let measure = try #require(model.measure("SF1"))
        let observation = Observation.proportion(try #require(Proportion(40, of: 50)))
        let result = try #require(MeasureResult(measure, observation, recorded: [.closure]))
        #expect(result.standing == .notAssessable(missing: [.requesterOutcome, .referral]))
        #expect(result.value == nil && result.score == nil && result.verdict == nil)
    }

    @Test("A control is printed as failures of N, whatever N, and never scored")
    func controls() throws {
        let result = try result("GR1", .proportion(#require(Proportion(4, of: 5))))
        #expect(result.verdict == .failures(1, of: 5))
        #expect(result.score == nil)
        #expect(try verdict("DR1", 200, of: 200) == .failures(0, of: 200))
        #expect(try verdict("IDR2", 9, of: 12) == .failures(3, of: 12))
    }

    @Test("Exchange quality has a verdict and no score, a position neither")
    func unscored() throws {
        let exchange = try result("IE1", .proportion(#require(Proportion(2_000, of: 2_000))))
        #expect(exchange.verdict == .met && exchange.score == nil)
        let position = try result("PMR1", .proportion(#require(Proportion(50, of: 60))))
        #expect(position.verdict == nil && position.score == nil && position.value != nil)
    }

    @Test("A census has no interval and its own value decides")
    func census() throws {
        let result = try result("IE2", .proportion(#require(Proportion(19, of: 20))))
        #expect(result.interval == nil)
        #expect(result.verdict == .met)
        #expect(result.score == 1)
        #expect(try verdict("IE2", 18, of: 20) == .notMet)
    }

    @Test("Ratios, medians and differences keep their unit")
    func forms() throws {
        let rate = try result("SF2", .rateRatio(events: 20, population: 1_000, baseEvents: 40, basePopulation: 1_000))
        #expect(rate.value == 0.5)
        #expect(rate.score == rate.measure.goalposts?.score(0.5))
        #expect(rate.verdict == .notShown(leastTotal: nil))
        let few = try result("SF2", .rateRatio(events: 9, population: 1_000, baseEvents: 40, basePopulation: 1_000))
        #expect(few.standing == .tooFew(counted: 9, needed: 10))
        let share = try result(
            "SF5",
            .shareRatio(cases: #require(Proportion(30, of: 100)), population: #require(Proportion(20, of: 100)))
        )
        #expect(try rounded(#require(share.value), 12) == 1.5)
        #expect(share.verdict == .met)
        let days = try result("IDR3", .quantile(#require(QuantileEstimate(0.5, of: 12) { Double($0) })))
        #expect(days.value == 6.5)
        #expect(days.verdict == .met)
        let wait = Bootstrap.Estimate(
            value: 2,
            interval: ConfidenceInterval(low: 0.5, high: 4),
            clusters: 20,
            undefined: 0
        )
        let hours = try result("SF4", .resampled(wait, counted: 60))
        #expect(hours.verdict == .notMet)
        #expect(try rounded(#require(hours.score), 4) == 0.9167)
    }

    @Test("Without an interval nothing is shown, and an empty population is no value")
    func noInterval() throws {
        let flat = Bootstrap.Estimate(value: 20, interval: nil, clusters: 1, undefined: 0)
        #expect(try result("PMR3", .resampled(flat, counted: 30)).verdict == .notShown(leastTotal: nil))
        let nobody = try result(
            "SF5",
            .shareRatio(cases: #require(Proportion(30, of: 100)), population: #require(Proportion(0, of: 100)))
        )
        #expect(nobody.standing == .nothingObserved)
    }

    @Test("An observation of another form, or of no measure, is refused")
    func misfits() throws {
        let measure = try #require(model.measure("AC1"))
        let estimate = try #require(QuantileEstimate(0.5, ofSorted: [1]))
        #expect(MeasureResult(measure, .quantile(estimate), recorded: all) == nil)
        #expect(Scorecard(["AC1": .quantile(estimate)], recorded: all, in: model) == nil)
        #expect(Scorecard(["XX1": .quantile(estimate)], recorded: all, in: model) == nil)
    }

    @Test("Dimensions are means, groups means of dimensions, the whole their geometric mean")
    func combination() throws {
        let card = try #require(Scorecard(Self.observations(), recorded: all, in: model))
        #expect(card.results.count == model.measures.count)
        // DR: OC1 60 % → .75, OF2 4 % → .75.  MC: MC1 45 % → .5, MC3 70 % → .5, PMR3 45 % → .5.  RC: 72.5 % → .5, 3 % → .5.
        #expect(try rounded(#require(card.dimensions[.decisionRights]?.value), 10) == 0.75)
        #expect(try rounded(#require(card.dimensions[.marketCompetition]?.value), 10) == 0.5)
        #expect(try rounded(#require(card.dimensions[.residualClaims]?.value), 10) == 0.5)
        #expect(try rounded(#require(card.groups[.efficiency]?.value), 10) == rounded(1.75 / 3, 10))
        #expect(try rounded(#require(card.dimensions[.accountability]?.value), 10) == 1)
        #expect(try rounded(#require(card.dimensions[.socialFunctions]?.value), 10) == 0.2)
        #expect(try rounded(#require(card.groups[.fairness]?.value), 10) == 0.6)
        #expect(try rounded(#require(card.overall.value), 10) == rounded((1.75 / 3 * 0.6).squareRoot(), 10))
        #expect(card.result("AC1")?.score == 1)
    }

    @Test("Nothing compensates: a group at 0 makes the whole 0")
    func notCompensated() throws {
        var observations = try Self.observations()
        for id in ["GR2", "AC1", "AC2", "IE2"] { observations[id] = .proportion(try #require(Proportion(0, of: 100))) }
        for id in ["SF1", "SF3"] { observations[id] = .proportion(try #require(Proportion(0, of: 100))) }
        observations["SF5"] = .shareRatio(
            cases: try #require(Proportion(0, of: 100)),
            population: try #require(Proportion(20, of: 100))
        )
        let card = try #require(Scorecard(observations, recorded: all, in: model))
        #expect(card.groups[.fairness] == .score(0))
        #expect(card.overall == .score(0))
    }

    @Test("Half of a dimension's measures, and two, must be valid; what is missing is named up to the whole")
    func missing() throws {
        var observations = try Self.observations()
        observations["FMR3"] = nil
        var card = try #require(Scorecard(observations, recorded: all, in: model))
        #expect(card.dimensions[.residualClaims] == .notAssessable(missing: ["FMR3"]))
        #expect(card.groups[.efficiency] == .notAssessable(missing: ["FMR3"]))
        #expect(card.overall == .notAssessable(missing: ["FMR3"]))
        #expect(card.groups[.fairness]?.value != nil)
        observations["GR2"] = nil
        observations["IE2"] = nil
        card = try #require(Scorecard(observations, recorded: all, in: model))
        #expect(card.dimensions[.accountability] == .score(1))
        observations["AC2"] = nil
        card = try #require(Scorecard(observations, recorded: all, in: model))
        #expect(card.dimensions[.accountability] == .notAssessable(missing: ["GR2", "AC2", "IE2"]))
        #expect(card.overall == .notAssessable(missing: ["FMR3", "GR2", "AC2", "IE2"]))
    }

    @Test("A network on its first day is not assessable, and every scored measure is named")
    func empty() throws {
        let card = try #require(Scorecard([:], recorded: [], in: model))
        let scored = GovernanceDimension.allCases.flatMap { model.scored(in: $0).map(\.id) }
        #expect(card.overall == .notAssessable(missing: scored))
    }

    @Test("Control, exchange and position measures change no score")
    func neverScored() throws {
        let observations = try Self.observations()
        let card = try #require(Scorecard(observations, recorded: all, in: model))
        var more = observations
        for measure in model.measures where measure.kind != .performance && measure.form == .proportion {
            more[measure.id] = .proportion(try #require(Proportion(1, of: 1_000)))
        }
        let other = try #require(Scorecard(more, recorded: all, in: model))
        #expect(other.dimensions == card.dimensions && other.groups == card.groups && other.overall == card.overall)
    }

    private func result(_ id: String, _ observation: Observation?) throws -> MeasureResult {
        let measure = try #require(model.measure(id))
        return try #require(MeasureResult(measure, observation, recorded: all))
    }

    private func verdict(_ id: String, _ count: Int, of total: Int) throws -> MeasureResult.Verdict? {
        try result(id, .proportion(#require(Proportion(count, of: total)))).verdict
    }

    static func observations() throws -> [String: Observation] {
        func share(_ count: Int, _ total: Int) throws -> Observation {
            .proportion(try #require(Proportion(count, of: total)))
        }
        let busiest = Bootstrap.Estimate(
            value: 45,
            interval: ConfidenceInterval(low: 40, high: 50),
            clusters: 30,
            undefined: 0
        )
        return [
            "OC1": try share(60, 100), "OF2": try share(4, 100), "MC1": try share(45, 100), "MC3": try share(70, 100),
            "PMR3": .resampled(busiest, counted: 30), "FMR1": try share(725, 1_000), "FMR3": try share(3, 100),
            "GR2": try share(95, 100), "AC1": try share(99, 100), "AC2": try share(99, 100), "IE2": try share(100, 100),
            "SF1": try share(38, 100), "SF3": try share(20, 100),
            "SF5": .shareRatio(
                cases: try #require(Proportion(12, of: 100)),
                population: try #require(Proportion(20, of: 100))
            ),
        ]
    }
}
