/// The triangle index of a period, with everything that it must be printed with.
package struct TriangleIndex: Hashable, Sendable {
    /// A proportion of which the index is made.
    package enum Component: String, CaseIterable, Sendable {
        case shares = "P"
        case localResolution = "L"
        case siphon = "S"
        case downReferral = "D"
        case undertreatment = "U"
    }

    package enum Band: String, CaseIterable, Sendable {
        case inverted
        case transitional
        case positive

        /// Below 40, 40 to 60, above 60; to be calibrated.
        package init(_ index: Double) { self = index < 40 ? .inverted : index <= 60 ? .transitional : .positive }
    }

    /// Why the index is withheld, and its components alone are shown.
    package enum Obstacle: Hashable, Sendable {
        case episodes(Int)
        case denominator(Component, Int)
        case appropriateTierIncomplete(Proportion)
        case originSites(Int)
        /// The blind second rating differs beyond its interval.
        case ratingsDiffer(Component)
    }

    /// Why the index is shown without its band.
    package enum BandObstacle: Hashable, Sendable {
        /// The upper end of under-treatment's Wilson interval exceeds 5 %.
        case undertreatment(ConfidenceInterval)
        /// Fewer episodes were rated a second time than must be; nothing holds the first ratings.
        case secondRatings(Int)
    }

    package static let leastEpisodes = 100
    package static let leastDenominator = 30
    package static let leastCompleteness = 0.9
    package static let leastSites = 10
    package static let mostUndertreatment = 0.05

    /// Stands under every print.
    package static let notices = [
        BilingualText("index of this project; the study gives no formula", "本项目自定指标；原研究未给出公式"),
        BilingualText(
            "the hub sees only referred cases; this is not the population's share of first contact",
            "中心仅见转入协作网的病例；本指标不代表人群首诊比例"
        ),
    ]

    package let counts: TriangleCounts
    package let originSites: Int
    /// nil when one of the four has nothing to count.
    package let factors: TriangleFactors?
    /// Withheld while there is an obstacle.
    package let value: Double?
    package let interval: ConfidenceInterval?
    package let obstacles: [Obstacle]
    /// None with the index withheld or an obstacle of its own.
    package let band: Band?
    package let bandObstacles: [BandObstacle]
    package let secondRating: SecondRating?

    /// `sites` holds the counts of each origin site; one at which nothing was counted is no cluster. nil when counts
    /// contradict each other.
    package init?(sites: [TriangleCounts], secondRating: SecondRating?, bootstrap: Bootstrap) {
        guard sites.allSatisfy({ $0.isConsistent }) else { return nil }
        let clusters = sites.filter { $0.episodes > 0 || $0.closedFromBelow > 0 || $0.dischargedAlive > 0 }
        let counts = clusters.reduce(TriangleCounts()) { $0 + $1 }
        self.counts = counts
        originSites = clusters.count
        factors = TriangleFactors(counts)
        self.secondRating = secondRating
        obstacles = Self.obstacles(counts, sites: clusters.count, secondRating)
        guard obstacles.isEmpty, let factors else {
            value = nil
            interval = nil
            band = nil
            bandObstacles = []
            return
        }
        value = factors.index
        interval =
            bootstrap.estimate(clusters) { sample in
                TriangleFactors(sample.reduce(TriangleCounts()) { $0 + $1 })?.index
            }
            .interval
        var bandObstacles: [BandObstacle] = []
        let undertreatment = Proportion(counts.undertreated, of: counts.appropriateTierKnown)?.wilson()
        if let undertreatment, undertreatment.high > Self.mostUndertreatment {
            bandObstacles.append(.undertreatment(undertreatment))
        }
        let sampled = secondRating?.sampled ?? 0
        if sampled < SecondRating.least { bandObstacles.append(.secondRatings(sampled)) }
        self.bandObstacles = bandObstacles
        band = bandObstacles.isEmpty ? Band(factors.index) : nil
    }

    /// L, S, D or U as counts; nil for P, which is none.
    package func proportion(_ component: Component) -> Proportion? { Self.proportion(component, counts) }

    /// How many of those discharged were marked eligible for a lower tier.
    package var markingRate: Proportion? { Proportion(counts.markedEligible, of: counts.dischargedAlive) }

    /// In the four classes; empty without an episode.
    package var shares: [Double] {
        counts.episodes == 0 ? [] : counts.classes.map { Double($0) / Double(counts.episodes) }
    }

    /// By `Tier`, lowest first; empty without an episode.
    package var sharesByTier: [Double] {
        counts.episodes == 0 ? [] : counts.resolved.map { Double($0) / Double(counts.episodes) }
    }

    /// Whether no tier resolves more than the one below it.
    package var isMonotone: Bool { zip(counts.classes, counts.classes.dropFirst()).allSatisfy { $0 >= $1 } }

    private static func proportion(_ component: Component, _ counts: TriangleCounts) -> Proportion? {
        switch component {
        case .shares: nil
        case .localResolution: Proportion(counts.resolvedLocally, of: counts.closedFromBelow)
        case .siphon: Proportion(counts.siphoned, of: counts.siphonable)
        case .downReferral: Proportion(counts.receivedBelow, of: counts.dischargedAlive)
        case .undertreatment: Proportion(counts.undertreated, of: counts.appropriateTierKnown)
        }
    }

    private static func obstacles(_ counts: TriangleCounts, sites: Int, _ second: SecondRating?) -> [Obstacle] {
        var obstacles: [Obstacle] = []
        if counts.episodes < leastEpisodes { obstacles.append(.episodes(counts.episodes)) }
        for component in Component.allCases {
            guard let total = proportion(component, counts)?.total, total < leastDenominator else { continue }
            obstacles.append(.denominator(component, total))
        }
        if let known = Proportion(counts.appropriateTierKnown, of: counts.episodes),
            known.value ?? 0 < leastCompleteness
        {
            obstacles.append(.appropriateTierIncomplete(known))
        }
        if sites < leastSites { obstacles.append(.originSites(sites)) }
        if second?.siphon.differs == true { obstacles.append(.ratingsDiffer(.siphon)) }
        if second?.undertreatment.differs == true { obstacles.append(.ratingsDiffer(.undertreatment)) }
        return obstacles
    }
}
