import Testing

@testable import ConsiliumCore

/// What follows a case, each figure counted by hand.
@Suite struct EpisodeFoldTests {
    private typealias A = Aftercare
    private static let moment = Span.milliseconds(1)
    private let march = Folded.march

    // MARK: L

    @Test("L needs an outcome from the 14th to the 30th day, the edges included; silence is not resolved")
    func localResolution() throws {
        func counted(_ then: (Span, Event)...) throws -> [Int] {
            try A.fold(A(then: then)).counted(.resolvedLocally)
        }
        #expect(try counted(A.told(.resolved, after: .days(14))) == [1, 1, 0])
        #expect(try counted(A.told(.resolved, after: .days(30))) == [1, 1, 0])
        #expect(try counted(A.told(.resolved, after: .days(14) - Self.moment)) == [0, 1, 1])
        #expect(try counted(A.told(.resolved, after: .days(30) + Self.moment)) == [0, 1, 0])
        #expect(try counted() == [0, 1, 1])
        #expect(try counted(A.told(.resolved, after: .days(3)), A.told(.improved, after: .days(20))) == [1, 1, 0])
        #expect(try counted(A.told(.resolved, after: .days(20)), A.told(.worsened, after: .days(25))) == [0, 1, 0])
        #expect(try counted(A.told(.resolved, after: .days(20)), A.told(.worsened, after: .days(31))) == [1, 1, 0])
    }

    @Test(
        "What the requester tells decides L",
        arguments: zip(Outcome.Result.allCases, [1, 1, 1, 0, 0, 0, 0, 0])
    )
    func results(_ result: Outcome.Result, _ isResolved: Int) throws {
        let fold = try A.fold(A(then: [A.told(result, after: .days(20))]))
        #expect(fold.counted(.resolvedLocally) == [isResolved, 1, 0])
        #expect(fold.counted(.outcomes) == [0, 1, 0])
    }

    @Test("No transfer upward within the window, and none that the requester tells of, is compatible with L")
    func transfers() throws {
        let resolved = A.told(.resolved, after: .days(20))
        func counted(_ then: (Span, Event)...) throws -> [Int] {
            try A.fold(A(then: then)).counted(.resolvedLocally)
        }
        #expect(try counted(resolved, A.transfer(.county, after: .days(30))) == [0, 1, 0])
        #expect(try counted(resolved, A.transfer(.county, after: .days(30) + Self.moment)) == [1, 1, 0])
        #expect(try counted(A.transfer(.primary, after: .days(1)), resolved) == [1, 1, 0])
        // Up and down again is up.
        let there = A.transfer(.municipal, after: .days(1))
        #expect(try counted(there, A.transfer(.primary, after: .days(2)), resolved) == [0, 1, 0])
        #expect(try counted(A.told(.referredUp, after: .days(2)), resolved) == [0, 1, 0])
        #expect(try counted(A.told(.emergencyReturn, after: .days(2)), resolved) == [1, 1, 0])
    }

    @Test("L is of closed cases from primary and county sites; only \"manage at origin\" can count")
    func denominator() throws {
        let resolved = [A.told(.resolved, after: .days(20))]
        var fold = try A.fold(
            A(A.place(.primary), then: resolved),
            A(A.place(.county), then: resolved),
            A(A.place(.municipal), then: resolved),
            A(A.place(.national), then: resolved),
            A(nil, .referUp, then: resolved),
            A(nil, .followUp, then: resolved),
            A(nil, nil, then: resolved),
            A(then: resolved + [(.days(40), .enteredInError)])
        )
        #expect(fold.counted(.resolvedLocally) == [2, 5, 0])
        #expect(fold.counted(.resolvedLocally, StratumSelection(tier: .county)) == [1, 1, 0])
        #expect(fold.counted(.resolvedLocally, StratumSelection(region: "421120")) == [2, 2, 0])
        #expect(fold.counted(.resolvedLocally, StratumSelection(department: Scenery.medicine)) == [2, 5, 0])
        #expect(fold.counted(.resolvedLocally, StratumSelection(priority: .stat)) == [0, 0, 0])
        // Not closed: not yet an episode.
        fold.take(try A().entries(number: 20, upTo: false))
        fold.take(try Folded.entries(try Stage.at(.cancelled), number: 21))
        #expect(fold.counted(.resolvedLocally) == [2, 5, 0])
        #expect(fold.counted(.episodes) == [0, 7, 0])
    }

    // MARK: The flow between tiers, S and U

    @Test("The final tier is where the last transfer within the window led; a return after discharge changes nothing")
    func flow() throws {
        let fold = try A.fold(
            A(),
            A(then: [A.transfer(.municipal, after: .days(1))]),
            A(then: [A.transfer(.municipal, after: .days(1)), A.transfer(.national, after: .days(30))]),
            A(then: [A.transfer(.municipal, after: .days(1)), A.transfer(.national, after: .days(30) + Self.moment)]),
            A(A.place(.county), then: [A.transfer(.primary, after: .days(2))]),
            A(
                A.place(.county),
                then: [
                    A.transfer(.provincial, after: .days(2)), A.discharge(after: .days(9)),
                    A.receive(.primary, after: .days(10)),
                ]
            ),
            A(then: [(.days(1), .enteredInError)])
        )
        #expect(
            fold.tally.flow(period: march) == [
                .primary: [.primary: 1, .municipal: 2, .national: 1], .county: [.primary: 1, .provincial: 1],
            ]
        )
        #expect(fold.tally.flow(period: march, stratum: StratumSelection(tier: .county)).count == 1)
        #expect(fold.tally.flow(period: CivilDay(2026, 4, 1)..<CivilDay(2026, 5, 1)).isEmpty)
        // Those at the end of the window and after it are of April.
        #expect(fold.counted(.transfers) == [4, 5, 0])
        let all = fold.tally.triangle(period: march).reduce(TriangleCounts()) { $0 + $1 }
        #expect(all.resolved == [2, 0, 2, 1, 1])
    }

    @Test("S: treated above both where the case belonged and where it came from, of those from below class 3")
    func siphon() throws {
        func counted(_ origin: Tier, _ appropriate: Tier?, to final: Tier? = nil) throws -> [Int] {
            let then = final.map { [A.transfer($0, after: .days(1))] } ?? []
            return try A.fold(A(A.place(origin), .referUp, appropriate: appropriate, then: then)).counted(.siphoned)
        }
        #expect(try counted(.primary, .primary, to: .county) == [1, 1, 0])
        #expect(try counted(.primary, .county, to: .county) == [0, 1, 0])
        #expect(try counted(.primary, .county, to: .municipal) == [1, 1, 0])
        #expect(try counted(.municipal, .primary) == [0, 1, 0])
        #expect(try counted(.municipal, .primary, to: .provincial) == [1, 1, 0])
        // Provincial and national are one class.
        #expect(try counted(.municipal, .provincial, to: .national) == [0, 1, 0])
        #expect(try counted(.provincial, .primary, to: .national) == [0, 0, 0])
        #expect(try counted(.primary, nil, to: .national) == [0, 0, 0])
    }

    @Test("U: treated below where the case belonged, or up, back as an emergency or dead after \"manage at origin\"")
    func undertreatment() throws {
        func counted(
            _ disposition: Disposition = .manageAtOrigin,
            _ appropriate: Tier? = .primary,
            _ then: (Span, Event)...
        ) throws -> [Int] {
            try A.fold(A(nil, disposition, appropriate: appropriate, then: then)).counted(.undertreated)
        }
        #expect(try counted() == [0, 1, 0])
        #expect(try counted(.manageAtOrigin, nil, A.told(.died, after: .days(1))) == [0, 0, 0])
        #expect(try counted(.manageAtOrigin, .county) == [1, 1, 0])
        #expect(try counted(.referUp, .county) == [1, 1, 0])
        #expect(try counted(.referUp, .county, A.transfer(.county, after: .days(30))) == [0, 1, 0])
        #expect(try counted(.referUp, .county, A.transfer(.county, after: .days(30) + Self.moment)) == [1, 1, 0])
        for result in Outcome.Result.allCases {
            let isBad = [.referredUp, .emergencyReturn, .died].contains(result) ? 1 : 0
            #expect(try counted(.manageAtOrigin, .primary, A.told(result, after: .days(30))) == [isBad, 1, 0])
            let late = A.told(result, after: .days(30) + Self.moment)
            #expect(try counted(.manageAtOrigin, .primary, late) == [0, 1, 0])
            #expect(try counted(.referUp, .primary, A.told(result, after: .days(3))) == [0, 1, 0])
        }
        #expect(try counted(.manageAtOrigin, .primary, A.transfer(.county, after: .days(3))) == [1, 1, 0])
        #expect(try counted(.referUp, .primary, A.transfer(.county, after: .days(3))) == [0, 1, 0])
        // A later, better word takes nothing back.
        let back = A.told(.emergencyReturn, after: .days(2))
        #expect(try counted(.manageAtOrigin, .primary, back, A.told(.resolved, after: .days(20))) == [1, 1, 0])
    }

    @Test("How often the appropriate tier is known, and S and U of those with both ratings, by either")
    func secondRating() throws {
        let up = A.transfer(.municipal, after: .days(1))
        func again(_ tier: Tier) -> (Span, Event) { (.days(5), .tierRatedAgain(tier)) }
        let fold = try A.fold(
            A(appropriate: nil),
            A(),
            // First: not siphoned; second: siphoned.
            A(nil, .referUp, appropriate: .municipal, then: [up, again(.county)]),
            // Siphoned by both.
            A(nil, .referUp, appropriate: .county, then: [up, again(.primary)]),
            // First: right where it was; second: it belonged higher.
            A(appropriate: .primary, then: [again(.county)]),
            // The first expert named none: there is nothing to compare the second rating with.
            A(appropriate: nil, then: [again(.county)]),
            A(appropriate: .primary, then: [again(.county), (.days(6), .enteredInError)])
        )
        #expect(fold.counted(.tierRated) == [4, 6, 0])
        #expect(fold.counted(.siphoned) == [1, 4, 0])
        #expect(fold.counted(.undertreated) == [0, 4, 0])
        let rating = try #require(fold.tally.secondRating(period: march))
        #expect(rating.sampled == 3)
        #expect(rating.siphon.first == Proportion(1, of: 3) && rating.siphon.second == Proportion(2, of: 3))
        #expect(rating.undertreatment.first == Proportion(0, of: 3))
        #expect(rating.undertreatment.second == Proportion(1, of: 3))
        #expect(fold.tally.secondRating(period: CivilDay(2026, 4, 1)..<CivilDay(2026, 5, 1)) == nil)
        #expect(try A.fold(A()).tally.secondRating(period: march) == nil)
    }

    // MARK: D

    @Test("D: every up-referral discharged alive, on its day, and received below within the window")
    func downReferral() throws {
        let up = A.transfer(.national, after: .days(1))
        let home = A.discharge(eligible: true, after: .days(9))
        func counted(_ then: (Span, Event)...) throws -> [Int] { try A.fold(A(then: then)).counted(.receivedBelow) }
        #expect(try counted(up, home) == [0, 1, 1])
        #expect(try counted(up, home, A.receive(.county, after: .days(30))) == [1, 1, 0])
        #expect(try counted(up, home, A.receive(.county, after: .days(30) + Self.moment)) == [0, 1, 0])
        #expect(try counted(up, home, A.receive(.national, after: .days(10))) == [0, 1, 1])
        #expect(try counted(up, A.discharge(alive: false, after: .days(9))) == [0, 0, 0])
        #expect(try counted(up) == [0, 0, 0])
        #expect(try counted(A.transfer(.primary, after: .days(1)), home) == [0, 0, 0])
        #expect(try counted(home, A.receive(.primary, after: .days(10))) == [0, 0, 0])
        #expect(try counted(up, home, A.receive(.county, after: .days(10)), (.days(11), .enteredInError)) == [0, 0, 0])
        // Received before the discharge that counts, and up again since.
        let early: [(Span, Event)] = [
            A.discharge(eligible: true, after: .days(3)), A.receive(.county, after: .days(4)),
            A.transfer(.national, after: .days(6)),
        ]
        #expect(try counted(up, early[0], early[1], early[2], home) == [0, 1, 1])
        let twice = A.receive(.county, after: .days(10))
        #expect(try counted(up, early[0], early[1], early[2], home, twice) == [1, 1, 0])
        // Not marked eligible, and in all the same.
        #expect(try counted(up, A.discharge(after: .days(9)), A.receive(.county, after: .days(10))) == [1, 1, 0])
        // On the day of discharge: that of 40 days after closure is April's, and too late to be received in time.
        let late = try A.fold(A(then: [up, A.discharge(after: .days(40)), A.receive(.county, after: .days(41))]))
        #expect(late.counted(.receivedBelow) == [0, 0, 0])
        let april = late.tally.sum(.receivedBelow, in: CivilDay(2026, 4, 1)..<CivilDay(2026, 5, 1))
        #expect(april == MeasureTally.Counts(0, of: 1))
    }

    @Test("D stands at the site that discharged, in the triangle at the origin, with the marking beside both")
    func downReferralSites() throws {
        let up = A.transfer(.national, after: .days(1))
        var fold = try A.fold(
            A(then: [up, A.discharge(eligible: true, after: .days(9)), A.receive(.county, after: .days(10))]),
            A(A.place(.county, 3), then: [up, A.discharge(after: .days(9))]),
            A(then: [up, A.discharge(alive: false, after: .days(9))])
        )
        // Open and cancelled cases as well: the patient went up.
        let open = A(then: [up, A.discharge(after: .days(9)), A.receive(.county, after: .days(50))])
        fold.take(try open.entries(number: 9, upTo: false))
        let above = StratumSelection(site: A.place(.national).site)
        #expect(fold.counted(.receivedBelow) == [2, 3, 1])
        #expect(fold.counted(.receivedBelow, above) == [2, 3, 1])
        #expect(fold.counted(.markedEligible, above) == [1, 3, 0])
        #expect(fold.counted(.discharges, above) == [3, 4, 0])
        let sites = fold.tally.triangle(period: march)
        #expect(sites.map(\.dischargedAlive) == [2, 1])
        #expect(sites.map(\.receivedBelow) == [2, 0])
        #expect(sites.map(\.markedEligible) == [1, 0])
        #expect(fold.tally.triangle(period: march, stratum: StratumSelection(tier: .county)).count == 1)
    }

    // MARK: The requester's rating

    @Test("The requester's last rating of a closed consult stands at the performing site")
    func rating() throws {
        let fold = try A.fold(
            A(rating: 2),
            A(rating: 2, then: [A.told(.resolved, after: .days(3), rating: 5), A.told(.resolved, after: .days(20))]),
            A(then: [A.told(.improved, after: .days(3), rating: 4)]),
            A(),
            A(rating: 1, then: [(.days(1), .enteredInError)])
        )
        #expect(fold.counted(.rating, StratumSelection(site: Scenery.county)) == [0, 4, 0])
        #expect(fold.tally.sum(.rating, in: march).histogram == [2: 1, 4: 1, 5: 1])
    }
}
