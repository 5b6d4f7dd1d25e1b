import Testing

@testable import ConsiliumCore

/// Printed digits of DOMAIN.md section 3, textbook values, and what has no value.
@Suite struct StatisticsTests {
    @Test(
        "Wilson's interval has the printed digits",
        arguments: [
            (0, 10, 0, 0.2775), (8, 10, 0.4902, 0.9433), (30, 30, 0.8865, 1), (81, 263, 0.2553, 0.3662),
        ] as [(Int, Int, Double, Double)]
    )
    func wilson(_ count: Int, _ total: Int, _ low: Double, _ high: Double) throws {
        let interval = try #require(Proportion(count, of: total)?.wilson())
        #expect(rounded(interval.low, 4) == low)
        #expect(rounded(interval.high, 4) == high)
    }

    /// DOMAIN.md prints ±16.9, ±9.6 and ±5.0 points; the first is 16.846.
    @Test("The worst half width is as wide as is said", arguments: [(30, 16.85), (100, 9.62), (385, 4.97)])
    func worstHalfWidth(_ total: Int, _ points: Double) throws {
        let widths = try (0...total).map { try #require(Proportion($0, of: total)?.wilson()).halfWidth * 100 }
        #expect(try rounded(#require(widths.max()), 2) == points)
    }

    @Test("Nothing observed is no value and no interval, never zero")
    func nothing() throws {
        let none = try #require(Proportion(0, of: 0))
        #expect(none.value == nil)
        #expect(none.wilson() == nil)
        #expect(QuantileEstimate(0.5, ofSorted: []) == nil)
        #expect(RateRatio(events: 3, population: 10, toEvents: 0, population: 10) == nil)
        #expect(Concentration.herfindahlHirschman([]) == nil)
        #expect(Concentration.topDecileShare([0, 0]) == nil)
        #expect(Funnel([none]) == nil)
        #expect(Agreement.cohenKappa([], categories: 5, .unweighted) == nil)
        #expect(Agreement.krippendorffAlpha([[nil, 3], [nil, nil]], categories: 5, .ordinal) == nil)
        #expect(Agreement.within(1, [])?.value == nil)
    }

    @Test("Counts that cannot be are refused", arguments: [(-1, 3), (4, 3), (0, -1), (1, 0)])
    func impossible(_ count: Int, _ total: Int) { #expect(Proportion(count, of: total) == nil) }

    @Test(
        "The number that could show a target is the printed one",
        arguments: [(0.9, 35), (0.95, 73), (0.98, 189), (0.99, 381)]
    )
    func leastTotal(_ target: Double, _ total: Int) throws {
        #expect(Proportion.leastTotal(toShow: target, higherIsBetter: true) == total)
        #expect(Proportion.leastTotal(toShow: 1 - target, higherIsBetter: false) == total)
        #expect(try #require(Proportion(total, of: total)?.wilson()).low > target)
        #expect(try #require(Proportion(total - 1, of: total - 1)?.wilson()).low <= target)
    }

    @Test("No number can show 100 %, or 0 %")
    func neverShown() {
        #expect(Proportion.leastTotal(toShow: 1, higherIsBetter: true) == nil)
        #expect(Proportion.leastTotal(toShow: 0, higherIsBetter: false) == nil)
    }

    @Test("A binomial distribution is exact where it can be counted, and adds up where it cannot")
    func binomial() throws {
        let ten = try #require(Binomial(trials: 10, probability: 0.5))
        for (successes, ways) in [1, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1].enumerated() {
            #expect(abs(ten.probability(of: successes) - Double(ways) / 1_024) < 1e-15)
        }
        #expect(ten.cumulative(-1) == 0)
        #expect(abs(ten.cumulative(4) - 386.0 / 1_024) < 1e-15)
        #expect(ten.cumulative(10) == 1)
        let million = try #require(Binomial(trials: 1_000_000, probability: 0.9))
        #expect(abs(million.cumulative(900_000) - 0.500_487_7) < 1e-6)
        #expect(million.probability(of: 0) == 0)
        #expect(Binomial(trials: 0, probability: 0.3)?.probability(of: 0) == 1)
        #expect(Binomial(trials: 3, probability: 0) == nil)
        #expect(Binomial(trials: -1, probability: 0.5) == nil)
    }

    @Test(
        "The interval of a median stands on the textbook's ranks",
        arguments: [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (20, 6, 15), (50, 18, 33), (100, 40, 61)]
    )
    func medianRanks(_ count: Int, _ low: Double, _ high: Double) throws {
        let median = try #require(QuantileEstimate(0.5, of: count) { Double($0) })
        #expect(median.interval == ConfidenceInterval(low: low, high: high))
        #expect(median.value == Double(count + 1) / 2)
    }

    @Test("Too few observations give a quantile without an interval")
    func fewObservations() {
        #expect(QuantileEstimate(0.5, ofSorted: [7])?.value == 7)
        #expect(QuantileEstimate(0.5, of: 5) { Double($0) }?.interval == nil)
        #expect(QuantileEstimate(0.9, of: 35) { Double($0) }?.interval == nil)
        #expect(QuantileEstimate(0.9, of: 36) { Double($0) }?.interval?.high == 36)
        #expect(QuantileEstimate(0.9, ofSorted: [10, 20, 30])?.value == 28)
        #expect(QuantileEstimate(1, ofSorted: [1, 2]) == nil)
    }

    @Test("Counted values give the quantile of the list they are counted from, and who has no value comes after all")
    func countedValues() throws {
        let list: [Double] = [1, 1, 2, 4, 4, 4, 9]
        let histogram = [4: 3, 1: 2, 9: 1, 2: 1]
        for quantile in [0.1, 0.5, 0.9] {
            let estimate = try #require(QuantileEstimate(quantile, ofCounted: histogram, among: 7))
            #expect(estimate == QuantileEstimate(quantile, ofSorted: list))
        }
        let open = try #require(QuantileEstimate(0.5, ofCounted: histogram, among: 10))
        #expect(open.value == 4 && open.interval == ConfidenceInterval(low: 1, high: .infinity))
        #expect(QuantileEstimate(0.9, ofCounted: histogram, among: 10) == nil)
        #expect(QuantileEstimate(0.5, ofCounted: [:], among: 10) == nil)
        #expect(QuantileEstimate(0.5, ofCounted: [:], among: 0) == nil)
        #expect(QuantileEstimate(0.5, ofCounted: histogram, among: 6) == nil)
        #expect(QuantileEstimate(0.5, ofCounted: [1: 8, 2: -1], among: 10) == nil)
    }

    @Test("A rate ratio has a log-normal interval, and none without an event above the line")
    func rateRatio() throws {
        let ratio = try #require(RateRatio(events: 10, population: 1_000, toEvents: 20, population: 1_000))
        #expect(ratio.value == 0.5)
        let interval = try #require(ratio.interval)
        #expect(rounded(interval.low, 4) == 0.234)
        #expect(rounded(interval.high, 4) == 1.0682)
        let zero = try #require(RateRatio(events: 0, population: 5, toEvents: 2, population: 5))
        #expect(zero.value == 0)
        #expect(zero.interval == nil)
        #expect(RateRatio(events: 1, population: 0, toEvents: 2, population: 5) == nil)
        #expect(RateRatio(events: -1, population: 5, toEvents: 2, population: 5) == nil)
    }

    @Test("Kappa and alpha have the textbooks' values")
    func agreement() throws {
        let table = [(0, 0, 20), (0, 1, 5), (1, 0, 10), (1, 1, 15)]
        let pairs = table.flatMap { entry in (0..<entry.2).map { _ in (entry.0, entry.1) } }
        #expect(try rounded(#require(Agreement.cohenKappa(pairs, categories: 2, .unweighted)), 12) == 0.4)
        // Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section D: four observers, twelve units.
        let observers: [[Int?]] = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, nil, nil, nil], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nil, 3],
            [nil, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nil], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nil],
        ]
        let units = (0..<12).map { unit in observers.map { $0[unit] } }
        #expect(try rounded(#require(Agreement.krippendorffAlpha(units, categories: 6, .nominal)), 3) == 0.743)
        #expect(try rounded(#require(Agreement.krippendorffAlpha(units, categories: 6, .ordinal)), 3) == 0.815)
    }

    @Test("Agreement counts pairs within a distance")
    func within() {
        let pairs = [(0, 0), (1, 2), (4, 2), (3, 3)]
        #expect(Agreement.within(0, pairs) == Proportion(2, of: 4))
        #expect(Agreement.within(1, pairs) == Proportion(3, of: 4))
    }

    @Test("Without variation, and outside the categories, agreement has no value")
    func noAgreement() {
        #expect(Agreement.cohenKappa([(2, 2), (2, 2)], categories: 5, .quadratic) == nil)
        #expect(Agreement.krippendorffAlpha([[2, 2], [2, 2]], categories: 5, .nominal) == nil)
        #expect(Agreement.cohenKappa([(0, 5)], categories: 5, .unweighted) == nil)
        #expect(Agreement.krippendorffAlpha([[0, -1]], categories: 5, .ordinal) == nil)
    }

    @Test("A bootstrap repeats itself from its seed and resamples whole clusters")
    func bootstrap() throws {
        let sites = (0..<12).map { Proportion($0, of: 12) }
        let share = { (sites: [Proportion?]) -> Double? in
            Proportion(sites.reduce(0) { $0 + ($1?.count ?? 0) }, of: sites.reduce(0) { $0 + ($1?.total ?? 0) })?.value
        }
        let first = Bootstrap(seed: 7).estimate(sites, share)
        #expect(first == Bootstrap(seed: 7).estimate(sites, share))
        #expect(first != Bootstrap(seed: 8).estimate(sites, share))
        let interval = try #require(first.interval)
        #expect(interval.contains(try #require(first.value)))
        // Twelve alike sites vary by clusters, not by cases: none here.
        let alike = Bootstrap(seed: 7).estimate([Proportion?](repeating: Proportion(3, of: 12), count: 12), share)
        #expect(alike.interval == ConfidenceInterval(low: 0.25, high: 0.25))
    }

    @Test("A bootstrap gives no interval from one cluster or from replicates that mostly have no value")
    func bootstrapRefuses() {
        let one = Bootstrap(seed: 1).estimate([3.0]) { $0[0] }
        #expect(one.value == 3)
        #expect(one.interval == nil)
        let brittle = Bootstrap(seed: 1, replicates: 400).estimate([1.0, 2]) { $0[0] == $0[1] ? nil : 1 }
        #expect(brittle.interval == nil)
        #expect((150...250).contains(brittle.undefined))
        let none = Bootstrap(seed: 1).estimate([1.0, 2]) { _ in nil }
        #expect(none.value == nil && none.interval == nil)
    }

    @Test("A draw is the upper half of the product, which any language repeats")
    func draws() {
        var random = SplitMix64(seed: 0)
        // The first outputs of the authors' reference for seed 0.
        #expect(random.next() == 0xe220_a839_7b1d_cdaf)
        #expect(random.next() == 0x6e78_9e6a_a1b9_65f4)
        random = SplitMix64(seed: 0)
        #expect(random.index(below: 10) == 8)
        #expect(random.index(below: 10) == 4)
        random = SplitMix64(seed: 0)
        #expect(rounded(random.unit(), 6) == 0.883311)
    }

    @Test("A sample is drawn without replacement, the same from the same seed, and never more than there is")
    func sample() {
        var random = SplitMix64(seed: 5)
        let drawn = random.sample(60, of: Array(0..<1_000))
        #expect(Set(drawn).count == 60)
        random = SplitMix64(seed: 5)
        #expect(random.sample(60, of: Array(0..<1_000)) == drawn)
        #expect(Set(random.sample(9, of: [1, 2, 3])) == [1, 2, 3])
        #expect(random.sample(-1, of: [1, 2, 3]).isEmpty)
        // Each of four is drawn about as often as the others.
        var counts = [0, 0, 0, 0]
        for _ in 0..<4_000 { for item in random.sample(2, of: [0, 1, 2, 3]) { counts[item] += 1 } }
        #expect(counts.allSatisfy { (1_850...2_150).contains($0) })
    }

    @Test("A rank correlation begins with ten pairs and needs variation on both sides")
    func correlation() throws {
        let rising = (0..<10).map { Double($0 * $0) }
        #expect(Correlation.spearman(rising, rising.reversed()) == -1)
        #expect(Correlation.spearman(rising, rising) == 1)
        #expect(Correlation.spearman(Array(rising.dropLast()), Array(rising.dropLast())) == nil)
        #expect(Correlation.spearman(rising, [Double](repeating: 3, count: 10)) == nil)
        #expect(Correlation.spearman(rising, rising + [1]) == nil)
    }

    @Test("Concentration runs from alike to one that has all")
    func concentration() throws {
        #expect(Concentration.herfindahlHirschman([5, 5, 5, 5]) == 0.25)
        #expect(Concentration.herfindahlHirschman([9, 0]) == 1)
        #expect(Concentration.topDecileShare(Array(1...20)) == Proportion(39, of: 210))
        #expect(Concentration.topDecileShare(Array(1...21)) == Proportion(60, of: 231))
    }

    @Test("A site lies outside the funnel exactly when its own interval leaves out the centre")
    func funnel() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let sites = (0..<8)
                .compactMap { _ -> Proportion? in
                    let total = random.index(below: 200) + 1
                    return Proportion(random.index(below: total + 1), of: total)
                }
            let funnel = try #require(Funnel(sites))
            for site in sites {
                for confidence in Confidence.allCases {
                    let limits = try #require(funnel.limits(total: site.total, confidence))
                    let own = try #require(site.wilson(confidence))
                    #expect(try limits.contains(#require(site.value)) == own.contains(funnel.centre))
                }
            }
            #expect(funnel.limits(total: 0, .ninetyFive) == nil)
        }
    }
}

/// To that many decimals, for comparison with printed digits.
func rounded(_ value: Double, _ decimals: Int) -> Double {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return (value * scale).rounded() / scale
}
