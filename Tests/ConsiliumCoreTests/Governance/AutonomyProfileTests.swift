import Testing

@testable import ConsiliumCore

/// DOMAIN.md section 1, to the printed digits.
@Suite struct AutonomyProfileTests {
    private let model = GovernanceModel.standard

    @Test(
        "The codings print as vectors from OC to IE",
        arguments: [
            ("luohu", [3, 2, 2, 3, 1, 3, 3, 3]), ("tianchang", [2, 1, 1, 2, 1, 3, 1, 1]),
            ("bch", [2, 2, 3, 1, 3, 1, 2, 2]), ("cjfh", [1, 2, 3, 0, 3, 2, 2, 2]),
        ] as [(String, [Double])]
    )
    func vectors(_ id: String, _ points: [Double]) throws {
        let mode = try mode(id)
        #expect(Indicator.allCases.map { mode.ratings[$0]?.point } == points)
    }

    @Test(
        "City-block distances are the printed ones, both ways",
        arguments: [
            ("cjfh", "bch", 3), ("luohu", "tianchang", 8), ("bch", "luohu", 10), ("bch", "tianchang", 10),
            ("cjfh", "luohu", 11), ("cjfh", "tianchang", 11), ("cjfh", "cjfh", 0),
        ] as [(String, String, Double)]
    )
    func distances(_ a: String, _ b: String, _ distance: Double) throws {
        let there = try #require(try mode(a).distance(to: mode(b)))
        #expect(there.point == distance)
        #expect(there.low <= there.point && there.point <= there.high)
        #expect(try mode(b).distance(to: mode(a)) == there)
    }

    @Test("CJFH and BCH may be 0 to 5 apart")
    func range() throws {
        let range = try #require(try mode("cjfh").distance(to: mode("bch")))
        #expect(range.low == 0)
        #expect(range.high == 5)
    }

    @Test(
        "Dimension means are the printed ones under both mappings",
        arguments: [
            ("luohu", [2.5, 2.5, 1, 3, 3], [2, 3, 2, 3, 3]),
            ("tianchang", [1.5, 1.5, 1, 2, 1], [1.33, 2, 1, 1, 3]),
            ("bch", [2, 2, 3, 1.5, 2], [2.33, 2, 2, 2, 1]),
            ("cjfh", [1.5, 1.5, 3, 2, 2], [2, 1, 2, 2, 2]),
        ] as [(String, [Double], [Double])]
    )
    func means(_ id: String, _ first: [Double], _ second: [Double]) throws {
        let profile = AutonomyProfile(try mode(id), in: model)
        for (reading, expected) in zip(profile.readings, [first, second]) {
            let means = try GovernanceDimension.allCases.map { rounded(try #require(reading.means[$0]), 2) }
            #expect(means == expected)
            #expect(
                try rounded(#require(reading.coherenceGap), 2)
                    == expected.max().map { rounded($0 - expected.min()!, 2) }
            )
        }
    }

    @Test("The difference between the mappings is published: Tianchang's social functions go from 1 to 3")
    func difference() throws {
        let profile = AutonomyProfile(try mode("tianchang"), in: model)
        #expect(profile.readings.count == 2 && profile.readings[0].differences.isEmpty)
        #expect(profile.readings[1].differences[.socialFunctions] == 2)
        #expect(profile.readings[1].differences[.residualClaims] == 0)
        for dimension in GovernanceDimension.allCases {
            let first = try #require(profile.readings[0].means[dimension])
            let second = try #require(profile.readings[1].means[dimension])
            #expect(profile.readings[1].differences[dimension] == second - first)
        }
    }

    @Test("A network with CJFH's own codes is said to be near CJFH or BCH")
    func notNamed() throws {
        let position = try #require(AutonomyPosition(points: [1, 2, 3, 0, 3, 2, 2, 2]))
        let profile = AutonomyProfile(position, in: model)
        #expect(profile.nearest == ["bch", "cjfh"])
        #expect(profile.distances.first { $0.mode == "cjfh" }?.range.point == 0)
    }

    @Test("A nearest mode is named when its largest distance is below every other's smallest")
    func named() throws {
        let position = try #require(AutonomyPosition(points: [3, 2, 2, 3, 1, 3, 3, 3]))
        #expect(AutonomyProfile(position, in: model).nearest == ["luohu"])
        let touching = [
            ModeDistance(mode: "a", range: .init(point: 1, low: 0, high: 2)),
            ModeDistance(mode: "b", range: .init(point: 3, low: 2, high: 4)),
            ModeDistance(mode: "c", range: .init(point: 5, low: 3, high: 6)),
        ]
        #expect(ModeDistance.nearest(touching) == ["a", "b"])
        #expect(ModeDistance.nearest([touching[0], touching[2]]) == ["a"])
    }

    @Test("Without a rating there is no mean of its dimension, no gap and no distance; nothing is imputed")
    func missing() throws {
        var position = try mode("luohu")
        position.ratings[.financialManagementRights] = nil
        let profile = AutonomyProfile(position, in: model)
        #expect(profile.readings[0].means.count == 4)
        #expect(profile.readings[0].means[.residualClaims] == nil)
        #expect(profile.readings[0].coherenceGap == nil)
        #expect(profile.distances.isEmpty && profile.nearest.isEmpty)
        #expect(profile.readings[1].means[.residualClaims] != nil)
        #expect(profile.readings[1].differences[.residualClaims] == nil)
        #expect(position.means(under: .semantic) == nil)
    }

    @Test(
        "Ratings off the scale or of another number are no position",
        arguments: [[1], [0, 0, 0, 0, 0, 0, 0, 5], []]
    )
    func refused(_ points: [Double]) { #expect(AutonomyPosition(points: points) == nil) }

    private func mode(_ id: String) throws -> AutonomyPosition {
        AutonomyPosition(try #require(model.modes.first { $0.id == id }))
    }
}
