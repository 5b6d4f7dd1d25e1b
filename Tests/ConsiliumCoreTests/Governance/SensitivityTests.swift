import Testing

@testable import ConsiliumCore

@Suite struct SensitivityTests {
    private let model = GovernanceModel.standard

    @Test("Ranks and comparing normalisations begin with ten networks or periods")
    func tenUnits() throws {
        #expect(Sensitivity.ranks([Double](repeating: 1, count: 9)) == nil)
        #expect(Sensitivity.ranks((0..<10).map { Double($0 / 2) }) == [9, 9, 7, 7, 5, 5, 3, 3, 1, 1])
        let nine = try PerformanceSensitivity(cards(9), in: model, Sensitivity(seed: 1, replicates: 20))
        #expect(nine.normalisations == [.goalposts])
        #expect(nine.units.allSatisfy { $0.rank == nil && $0.overall != nil })
        let ten = try PerformanceSensitivity(cards(10), in: model, Sensitivity(seed: 1, replicates: 60))
        #expect(ten.normalisations == Normalisation.allCases)
        let ranks = try ten.units.map { try #require($0.rank) }
        let published: [Double] = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
        #expect(ranks.map(\.published) == published)
        #expect(ranks.allSatisfy { $0.low >= 1 && $0.high <= 10 && $0.low <= $0.high })
    }

    @Test("The same seed gives the same analysis, another seed another")
    func seeded() throws {
        let cards = try cards(1)
        let first = PerformanceSensitivity(cards, in: model, Sensitivity(seed: 5))
        #expect(first == PerformanceSensitivity(cards, in: model, Sensitivity(seed: 5)))
        #expect(first.units != PerformanceSensitivity(cards, in: model, Sensitivity(seed: 6)).units)
    }

    @Test("The published score lies among the replicates, which spread around it")
    func spread() throws {
        let card = try #require(Scorecard(ScorecardTests.observations(), recorded: Set(FactType.allCases), in: model))
        let analysis = PerformanceSensitivity([("2026-Q3", card)], in: model, Sensitivity(seed: 9))
        let spread = try #require(analysis.units.first?.overall)
        #expect(spread.published == card.overall.value)
        #expect(spread.low < spread.high)
        #expect(spread.high - spread.low < 0.3)
    }

    @Test("Each measure that has a value is left out once, and the two left halves of a pair decide alone")
    func leaveOneOut() throws {
        let card = try #require(Scorecard(ScorecardTests.observations(), recorded: Set(FactType.allCases), in: model))
        let unit = try #require(
            PerformanceSensitivity([("p", card)], in: model, Sensitivity(seed: 1, replicates: 10)).units.first
        )
        #expect(Set(unit.without.keys) == Set(try ScorecardTests.observations().keys))
        // Without SF5 (.2) social functions stay .2; without FMR1 (.5) residual claims stay at FMR3's .5.
        #expect(rounded(try #require(unit.without["SF5"]), 10) == rounded(try #require(card.overall.value), 10))
        #expect(rounded(try #require(unit.without["FMR1"]), 10) == rounded(try #require(card.overall.value), 10))
    }

    @Test("What is not assessable stays so, and is nobody's comparison")
    func notAssessable() throws {
        let empty = try #require(Scorecard([:], recorded: [], in: model))
        let analysis = PerformanceSensitivity(
            try cards(9) + [("empty", empty)],
            in: model,
            Sensitivity(seed: 1, replicates: 10)
        )
        #expect(analysis.normalisations == [.goalposts])
        let unit = try #require(analysis.units.last)
        #expect(unit.published == nil && unit.overall == nil && unit.rank == nil && unit.without.isEmpty)
    }

    @Test("Normalisations bring values to 0...1, better being higher whichever way the measure runs")
    func normalisations() throws {
        let up = try #require(model.measure("AC1"))
        let down = try #require(model.measure("OF2"))
        let values: [Double?] = [2, 4, nil, 6, 6]
        let ranked: [Double?] = [0, 2 / 6, nil, 5 / 6, 5 / 6]
        #expect(Normalisation.rank.scores(values, of: up) == ranked)
        let reversedRanks: [Double?] = [1, 4 / 6, nil, 1 / 6, 1 / 6]
        #expect(Normalisation.rank.scores(values, of: down) == reversedRanks)
        #expect(Normalisation.goalposts.scores([2, 6, nil], of: down) == [1, 0.5, nil])
        let standard = Normalisation.standardScore.scores(values, of: up).compactMap { $0 }
        #expect(standard.count == 4)
        #expect(rounded(standard.reduce(0, +), 12) == 2)
        let reversed = Normalisation.standardScore.scores(values, of: down).compactMap { $0 }
        #expect(zip(standard, reversed).allSatisfy { abs($0 + $1 - 1) < 1e-12 })
        #expect(Normalisation.standardScore.scores([3, 3], of: up) == [0.5, 0.5])
        #expect(Normalisation.rank.scores([3], of: up) == [0.5])
        #expect(Normalisation.standardScore.scores([nil], of: up) == [nil])
    }

    @Test("A geometric mean is that of the weights, and 0 when one value is")
    func geometric() {
        let mean = Combination.Mean.geometric
        #expect(abs(mean.of([(0.2, 1), (0.8, 3)]) - 0.565_685_424_949_238) < 1e-14)
        #expect(mean.of([(0, 1), (1, 1), (1, 2)]) == 0)
        #expect(mean.of([(0.25, 2), (1, 2)]) == 0.5)
    }

    @Test("A profile's spread follows mappings and coding ranges")
    func profile() throws {
        let position = try #require(AutonomyPosition(points: [2, 1, 1, 2, 1, 3, 1, 1]))
        let analysis = try #require(ProfileSensitivity(position, in: model, Sensitivity(seed: 4)))
        #expect(analysis == ProfileSensitivity(position, in: model, Sensitivity(seed: 4)))
        // Tianchang's own codes: 1 under R1, 3 under R2.
        let social = try #require(analysis.means[.socialFunctions])
        #expect(social.published == 1 && social.low == 1 && social.high == 3)
        #expect(analysis.coherenceGap.published == 1)
        #expect(analysis.coherenceGap.high == 2)
        let own = try #require(analysis.distances["tianchang"])
        #expect(own.published == 0 && own.low == 0 && own.high == 2)
        #expect(analysis.nearestWithout[.socialFunctions] == ["tianchang"])
        #expect(analysis.nearestWithout.count == 8)
    }

    @Test("A profile with a missing rating, or no replicate, has no sensitivity")
    func noProfile() throws {
        var position = try #require(AutonomyPosition(points: [2, 1, 1, 2, 1, 3, 1, 1]))
        #expect(ProfileSensitivity(position, in: model, Sensitivity(seed: 4, replicates: 0)) == nil)
        position.ratings[.institutionalEnvironments] = nil
        #expect(ProfileSensitivity(position, in: model, Sensitivity(seed: 4)) == nil)
    }

    /// Networks that grow better one by one.
    private func cards(_ count: Int) throws -> [(name: String, card: Scorecard)] {
        try (0..<count)
            .map { index in
                var observations = try ScorecardTests.observations()
                for id in ["MC1", "MC3", "FMR1", "AC1", "AC2", "SF1", "SF3"] {
                    observations[id] = .proportion(try #require(Proportion(620 + 20 * index, of: 1_000)))
                }
                observations["SF1"] = .proportion(try #require(Proportion(400 + 20 * index, of: 1_000)))
                let card = try #require(Scorecard(observations, recorded: Set(FactType.allCases), in: model))
                return ("network \(index)", card)
            }
    }
}
