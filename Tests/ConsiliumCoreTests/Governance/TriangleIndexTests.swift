import Testing

@testable import ConsiliumCore

/// DOMAIN.md section 1, "Triangle Index", to the printed digits.
@Suite struct TriangleIndexTests {
    private static let first = TriangleFactors(
        shares: [0.62, 0.22, 0.11, 0.05],
        localResolution: 0.78,
        siphon: 0.09,
        downReferral: 0.41
    )
    private static let second = TriangleFactors(
        shares: [0.10, 0.20, 0.30, 0.40],
        localResolution: 0.35,
        siphon: 0.38,
        downReferral: 0.06
    )

    @Test("The printed vectors hold")
    func vectors() {
        #expect(rounded(Self.first.shape, 4) == 0.6067)
        #expect(rounded(Self.first.index, 2) == 69.54)
        #expect(rounded(Self.first.arithmeticIndex, 2) == 72.58)
        #expect(rounded(Self.second.shape, 4) == -0.3333)
        #expect(rounded(Self.second.index, 2) == 25.67)
    }

    @Test("The extremes are 100 and 1")
    func extremes() {
        let best = TriangleFactors(shares: [1, 0, 0, 0], localResolution: 1, siphon: 0, downReferral: 1)
        let worst = TriangleFactors(shares: [0, 0, 0, 1], localResolution: 0, siphon: 1, downReferral: 0)
        #expect(best.index == 100)
        #expect(rounded(worst.index, 10) == 1)
    }

    @Test(
        "Three form fields move the second vector to 76.0 with the same patients: why U is printed and ratings repeat"
    )
    func gamed() {
        let gamed = TriangleFactors(shares: [0.10, 0.20, 0.30, 0.40], localResolution: 1, siphon: 0, downReferral: 1)
        #expect(rounded(gamed.index, 1) == 76)
    }

    @Test("Bands begin at 40 and end at 60")
    func bands() {
        #expect(TriangleIndex.Band(39.99) == .inverted)
        #expect(TriangleIndex.Band(40) == .transitional)
        #expect(TriangleIndex.Band(60) == .transitional)
        #expect(TriangleIndex.Band(60.01) == .positive)
    }

    @Test("Counts that give the first vector give its index, a band and a bootstrap interval from the stored seed")
    func complete() throws {
        let index = try #require(Self.index(Self.sites()))
        #expect(index.obstacles.isEmpty)
        #expect(index.bandObstacles.isEmpty)
        #expect(try rounded(#require(index.value), 2) == 69.54)
        #expect(index.band == .positive)
        #expect(index.isMonotone)
        #expect(index.shares == [0.62, 0.22, 0.11, 0.05])
        #expect(index.sharesByTier == [0.62, 0.22, 0.11, 0.03, 0.02])
        #expect(index.originSites == 10)
        let interval = try #require(index.interval)
        #expect(interval.contains(try #require(index.value)) || interval.halfWidth < 1e-9)
        #expect(Self.index(Self.sites()) == index)
        #expect(index.proportion(.siphon) == Proportion(90, of: 1_000))
        #expect(index.proportion(.shares) == nil)
        #expect(index.markingRate == Proportion(500, of: 1_000))
    }

    @Test("The interval is that of sites, which vary")
    func interval() throws {
        var sites = Self.sites()
        for index in sites.indices { sites[index].resolvedLocally += index % 2 == 0 ? 15 : -15 }
        let index = try #require(Self.index(sites))
        #expect(try #require(index.interval).halfWidth > 0.3)
        #expect(try #require(index.interval).contains(#require(index.value)))
    }

    @Test("Fewer than 100 episodes, denominators below 30 and an incomplete appropriate tier withhold the index")
    func obstacles() throws {
        func obstacles(_ change: (inout TriangleCounts) -> Void) throws -> [TriangleIndex.Obstacle] {
            var sites = Self.sites()
            for index in sites.indices { change(&sites[index]) }
            let index = try #require(Self.index(sites))
            #expect(index.value == nil && index.interval == nil && index.band == nil)
            return index.obstacles
        }
        #expect(
            try obstacles {
                $0.resolved = [5, 2, 1, 1, 0]
                $0.appropriateTierKnown = 9
                $0.siphonable = 8
                $0.siphoned = 1
                $0.undertreated = 0
            } == [.episodes(90)]
        )
        #expect(
            try obstacles {
                $0.closedFromBelow = 2
                $0.resolvedLocally = 1
                $0.dischargedAlive = 2
                $0.markedEligible = 0
                $0.receivedBelow = 0
            } == [.denominator(.localResolution, 20), .denominator(.downReferral, 20)]
        )
        #expect(
            try obstacles {
                $0.appropriateTierKnown = 2
                $0.siphonable = 1
                $0.siphoned = 0
                $0.undertreated = 0
            } == [
                .denominator(.siphon, 10), .denominator(.undertreatment, 20),
                .appropriateTierIncomplete(try #require(Proportion(20, of: 1_000))),
            ]
        )
        #expect(
            try obstacles {
                $0.appropriateTierKnown = 89
                $0.siphonable = 89
            } == [.appropriateTierIncomplete(try #require(Proportion(890, of: 1_000)))]
        )
    }

    @Test("Below ten origin sites the components stand alone, and a site without episodes is none")
    func fewSites() throws {
        let nine = Array(Self.sites().dropLast()) + [TriangleCounts()]
        let index = try #require(Self.index(nine))
        #expect(index.obstacles == [.originSites(9)])
        #expect(index.value == nil && index.band == nil)
        #expect(index.factors != nil)
        #expect(index.proportion(.localResolution)?.wilson() != nil)
    }

    @Test("The band is withheld while under-treatment may exceed 5 %, the index is not")
    func undertreatment() throws {
        var sites = Self.sites()
        for index in sites.indices { sites[index].undertreated = 4 }
        let index = try #require(Self.index(sites))
        #expect(index.value != nil)
        #expect(index.band == nil)
        guard case .undertreatment(let interval) = index.bandObstacles.first else {
            Issue.record("not withheld")
            return
        }
        #expect(interval.high > 0.05 && interval.low < 0.05)
    }

    @Test("Without enough second ratings there is no band")
    func fewSecondRatings() throws {
        let index = try #require(
            TriangleIndex(sites: Self.sites(), secondRating: nil, bootstrap: Bootstrap(seed: 1, replicates: 50))
        )
        #expect(index.value != nil)
        #expect(index.band == nil)
        #expect(index.bandObstacles == [.secondRatings(0)])
    }

    @Test("A second rating that differs beyond its interval withholds the index")
    func secondRatingDiffers() throws {
        var second = try #require(Self.secondRating())
        second.siphon.second = try #require(Proportion(24, of: 60))
        #expect(second.siphon.differs && !second.undertreatment.differs)
        let index = try #require(
            TriangleIndex(sites: Self.sites(), secondRating: second, bootstrap: Bootstrap(seed: 1, replicates: 50))
        )
        #expect(index.obstacles == [.ratingsDiffer(.siphon)])
        #expect(index.value == nil)
        let none = try #require(Proportion(0, of: 0))
        #expect(!SecondRating.Comparison(first: none, second: none).differs)
    }

    @Test("Nothing counted gives no factors and no index")
    func nothing() throws {
        let index = try #require(Self.index([]))
        #expect(index.factors == nil && index.value == nil && index.shares.isEmpty && index.sharesByTier.isEmpty)
        #expect(index.obstacles.contains(.episodes(0)))
    }

    @Test("Counts that contradict each other are refused")
    func contradictions() {
        let changes: [(inout TriangleCounts) -> Void] = [
            { $0.resolved = [1, 2] }, { $0.resolved[0] = -1 }, { $0.appropriateTierKnown = 101 },
            { $0.resolvedLocally = 101 }, { $0.siphonable = 101 }, { $0.siphoned = 101 }, { $0.markedEligible = 101 },
            { $0.receivedBelow = 101 }, { $0.undertreated = -1 },
        ]
        for change in changes {
            var sites = Self.sites()
            change(&sites[0])
            #expect(Self.index(sites) == nil)
        }
    }

    /// Ten alike sites of 100 episodes, the first vector together.
    private static func sites() -> [TriangleCounts] {
        [TriangleCounts](
            repeating: TriangleCounts(
                resolved: [62, 22, 11, 3, 2],
                appropriateTierKnown: 100,
                closedFromBelow: 100,
                resolvedLocally: 78,
                siphonable: 100,
                siphoned: 9,
                dischargedAlive: 100,
                markedEligible: 50,
                receivedBelow: 41,
                undertreated: 2
            ),
            count: 10
        )
    }

    private static func secondRating() -> SecondRating? {
        guard let siphon = Proportion(5, of: 60), let under = Proportion(1, of: 60) else { return nil }
        return SecondRating(
            sampled: 60,
            siphon: SecondRating.Comparison(first: siphon, second: siphon),
            undertreatment: SecondRating.Comparison(first: under, second: under)
        )
    }

    private static func index(_ sites: [TriangleCounts]) -> TriangleIndex? {
        TriangleIndex(sites: sites, secondRating: secondRating(), bootstrap: Bootstrap(seed: 1, replicates: 200))
    }
}
