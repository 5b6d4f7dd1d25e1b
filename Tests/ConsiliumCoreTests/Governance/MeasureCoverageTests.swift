import Testing

@testable import ConsiliumCore

/// Which measures a history can answer, and how what is counted comes into the scorecard.
@Suite struct MeasureCoverageTests {
    private static func counted(_ recorded: Set<FactType>) -> [String] {
        Measure.standard.filter { recorded.isSuperset(of: $0.needs) }.map(\.id)
    }

    @Test("Fourteen measures are counted from any history, seven more once their events have come")
    func covered() {
        #expect(
            Self.counted(MeasureTally().recorded()) == [
                "OF1", "OF2", "DR1", "PMR2", "PMR3", "MC1", "MC2", "MC3", "GR1", "GR3", "AC1", "AC2", "AC3", "IE3",
            ]
        )
        let counted = Self.counted(MeasureFold.recorded)
        #expect(
            counted == [
                "OF1", "OF2", "OF3", "DR1", "PMR1", "PMR2", "PMR3", "MC1", "MC2", "MC3", "FMR1", "FMR2", "FMR3", "SF1",
                "SF3", "GR1", "GR3", "AC1", "AC2", "AC3", "IE3",
            ]
        )
        #expect(counted.allSatisfy { MeasureFigure(rawValue: $0) != nil })
        for figure in MeasureFigure.allCases {
            let id = figure.rawValue.prefix { $0 != "-" }
            let isBeside = id == "TI" || Measure.standard.contains { $0.id == id }
            #expect(isBeside, "\(figure.rawValue) stands beside no measure")
        }
    }

    @Test("Medical-assistance cover that nobody ever told is no record of it")
    func cover() throws {
        let silent = try Folded.fold(try Stage.at(.closed))
        #expect(silent.tally.sum(.assisted, in: Folded.march).denominator == 1)
        #expect(!silent.tally.recorded().contains(.medicalAssistance))
        let told = try Folded.fold(
            try Folded.play { stage in
                try stage.submit([.medicalAssistance: "no"])
                try stage.act(.accept, by: Scenery.expert(Scenery.county))
                try stage.act(.report(Scenery.report()), by: Scenery.expert(Scenery.county))
                try stage.act(.close(.adopted, reason: nil, rating: nil), by: Scenery.requester)
            }
        )
        #expect(told.tally.recorded().contains(.medicalAssistance))
    }

    @Test("A fact type is there from its first event on, and for periods that it still looks back to")
    func recorded() throws {
        let march = Folded.march
        let silent = try Aftercare.fold(Aftercare())
        #expect(silent.tally.totals.firstDays == [:])
        #expect(silent.tally.recorded() == MeasureTally().recorded())
        #expect(silent.tally.sum(.resolvedLocally, in: march).denominator == 1)
        #expect(observation("SF1", silent) == nil)

        let told = try Aftercare.fold(
            Aftercare(then: [
                Aftercare.told(.resolved, after: .days(20)), Aftercare.transfer(.county, after: .days(21)),
            ]),
            Aftercare()
        )
        #expect(told.tally.totals.firstDays == [.outcomes: CivilDay(2026, 3, 22), .transfers: CivilDay(2026, 3, 23)])
        let seen = MeasureTally().recorded().union([.requesterOutcome, .referral])
        #expect(told.tally.recorded() == seen)
        #expect(told.tally.recorded(for: march) == seen)
        #expect(observation("SF1", told) == .proportion(try #require(Proportion(0, of: 2))))
        // 20 February is 30 days before 22 March: what ended then cannot have been told.
        let upToThe20th = CivilDay(2026, 2, 1)..<CivilDay(2026, 2, 20)
        #expect(!told.tally.recorded(for: upToThe20th).contains(.requesterOutcome))
        let upToThe21st = CivilDay(2026, 2, 1)..<CivilDay(2026, 2, 21)
        #expect(told.tally.recorded(for: upToThe21st).contains(.requesterOutcome))
        #expect(!told.tally.recorded(for: upToThe21st).contains(.referral))

        // What stands in an erroneous case never came.
        let void = try Aftercare.fold(
            Aftercare(then: [Aftercare.told(.resolved, after: .days(20)), (.days(21), .enteredInError)])
        )
        #expect(void.tally == MeasureTally())
        // A tally of a few days is told what the whole history holds.
        let measure = try #require(GovernanceModel.standard.measure("SF1"))
        #expect(silent.tally.observation(of: measure, period: march, recorded: seen)?.counted == 1)
    }

    @Test("A price makes settlements and disputes facts; no dispute is none")
    func money() throws {
        let pricing = Pricing(tariffSetBy: .nobody, gross: 100, lines: [.init(Scenery.county, 100)])
        let priced = try Aftercare.fold(Aftercare(then: [(.days(1), .priced(pricing))]))
        let seen = priced.tally.recorded()
        #expect(seen.isSuperset(of: [.tariff, .settlement, .dispute]))
        #expect(observation("FMR3", priced) == .proportion(try #require(Proportion(0, of: 1))))
        #expect(observation("FMR1", priced) == .proportion(try #require(Proportion(0, of: 1))))
        #expect(observation("FMR2", priced) == .proportion(try #require(Proportion(0, of: 1))))
        #expect(observation("OF3", priced) == nil)
    }

    @Test("The scorecard takes the observations, and n = 0 is no value")
    func scorecard() throws {
        var fold = try Folded.fold()
        func results() throws -> Scorecard {
            var observations: [String: Observation] = [:]
            for measure in Measure.standard {
                observations[measure.id] = fold.tally.observation(of: measure, period: Folded.march)
            }
            return try #require(Scorecard(observations, recorded: fold.tally.recorded(), in: .standard))
        }
        #expect(try results().results.allSatisfy { $0.value == nil && $0.observation == nil })
        #expect(try results().result("AC2")?.standing == .nothingObserved)
        for number in 0..<30 { fold.take(try Folded.entries(try Stage.at(.closed), number: number)) }
        let card = try results()
        #expect(card.result("AC2")?.value == 100 && card.result("AC2")?.score == 1)
        #expect(card.result("PMR2")?.verdict == .failures(30, of: 30))
        #expect(card.result("AC1")?.standing == .nothingObserved)
        #expect(card.result("MC2")?.standing == .tooFew(counted: 30, needed: 100))
        #expect(card.result("SF3")?.standing == .notAssessable(missing: [.referral, .discharge]))
        // A network's own measure takes a figure that is printed beside a measure, where that is a share.
        var own = try #require(GovernanceModel.standard.measure("AC2"))
        own.id = "AC9"
        own.figure = MeasureFigure.routineUnpaused.rawValue
        own.target = 99
        own.goalposts = Measure.Goalposts(40, 99)
        let model = try GovernanceModel.standard.adding([own], version: "1-own")
        let adopted = try #require(model.measure("AC9"))
        let observation = try #require(fold.tally.observation(of: adopted, period: Folded.march))
        #expect(observation.value == 100)
        let both = Dictionary(uniqueKeysWithValues: ["AC2", "AC9"].map { ($0, observation) })
        let ownCard = try #require(Scorecard(both, recorded: fold.tally.recorded(), in: model))
        #expect(ownCard.result("AC9")?.score == 1 && ownCard.result("AC9")?.measure.target == 99)
        // What is no share, or counted nowhere, is not adopted.
        for (figure, code) in [(MeasureFigure.routineNet.rawValue, "unknown"), ("AC99", "unknown"), (nil, "missing")] {
            own.figure = figure
            #expect(own.defects.map(\.code.rawValue) == [code] && own.defects.map(\.field) == ["figure"])
            #expect(fold.tally.observation(of: own, period: Folded.march) == nil)
        }
        // Another month, another site: nothing.
        let measure = try #require(GovernanceModel.standard.measure("AC2"))
        let april = CivilDay(2026, 4, 1)..<CivilDay(2026, 5, 1)
        #expect(fold.tally.observation(of: measure, period: april) == nil)
        let elsewhere = StratumSelection(site: Scenery.city)
        #expect(fold.tally.observation(of: measure, period: Folded.march, stratum: elsewhere) == nil)
    }

    private func observation(_ id: String, _ fold: MeasureFold) -> Observation? {
        GovernanceModel.standard.measure(id).flatMap { fold.tally.observation(of: $0, period: Folded.march) }
    }
}
