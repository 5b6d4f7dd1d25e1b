import Testing

@testable import ConsiliumCore

@Suite struct GovernanceMeasureTallyTests {
    /// Every scenario's case, the events that say who was shown it, and a network.
    private static func histories(payload: [UInt8]? = nil) throws -> [[Folded.Entry]] {
        var histories: [[Folded.Entry]] = []
        for scenario in Scenario.all {
            var stage = Stage()
            try scenario.play(&stage)
            histories.append(try Folded.entries(stage, number: histories.count, payload: payload))
        }
        let paused = try Folded.play { stage in
            try stage.submit([.wantedDepartment: nil])
            stage.wait(.hours(1))
            try stage.resubmit()
            try stage.act(.accept, by: Scenery.expert(stage.invited))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(stage.performer))
        }
        let covered = try Folded.play { stage in
            try stage.submit([.medicalAssistance: "yes"])
            try stage.act(.accept, by: Scenery.expert(stage.invited))
            try stage.act(.report(Scenery.report()), by: Scenery.expert(stage.performer))
            try stage.act(.close(.adopted, reason: nil, rating: nil), by: Scenery.requester)
        }
        histories.append(try Folded.entries(covered, number: histories.count, payload: payload))
        histories.append(try Folded.entries(paused, number: histories.count, payload: payload))
        for story in aftercare { histories.append(try story.entries(number: histories.count)) }
        return histories
    }

    /// What follows a case, in and after its window.
    private static let aftercare = [
        Aftercare(then: [Aftercare.told(.improved, after: .days(20), rating: 4), (.days(21), .tierRatedAgain(.county))]
        ),
        Aftercare(
            nil,
            .referUp,
            appropriate: .provincial,
            then: [
                Aftercare.transfer(.national, after: .days(1)), Aftercare.discharge(eligible: true, after: .days(9)),
                Aftercare.receive(.county, after: .days(29)), Aftercare.told(.died, after: .days(31)),
            ]
        ),
        Aftercare(then: [
            (.days(1), .priced(Pricing(tariffSetBy: .nobody, gross: 9, lines: [.init(Scenery.county, 9)]))),
            (.days(2), .settled), (.days(31), .settlementDisputed(lines: [1])), (.days(90), .enteredInError),
        ]),
    ]

    private static func show(_ numbers: some Sequence<Int>, in fold: inout MeasureFold) {
        for number in numbers { fold.show(number, to: Scenery.county, at: Scenery.monday + .minutes(Int64(number))) }
    }

    private static func govern(_ fold: inout MeasureFold) {
        fold.govern(.sitePut(Scenery.sites[1]), at: "2026-03-02T09:00:00+08:00")
        let own = NetworkEvent.capacitySet(Scenery.county, Scenery.cardiology, capacity: 7, by: .site)
        fold.govern(own, by: Scenery.county, at: "2026-03-03T09:30:00+08:00")
        let doctor = Network.DoctorCredential(validFrom: "2020-01-01", validTo: "2030-12-31")
        let register = NetworkEvent.doctorsImported(Scenery.county, ["a": doctor])
        fold.govern(register, by: Scenery.county, at: "2026-03-03T09:40:00+08:00")
    }

    private static func whole() throws -> MeasureFold {
        var fold = MeasureFold()
        govern(&fold)
        let histories = try histories()
        for history in histories { fold.take(history) }
        show(histories.indices, in: &fold)
        return fold
    }

    @Test("Every cell of a whole history holds counts that can be")
    func possible() throws {
        let tally = try Self.whole().tally
        #expect(Set(tally.cells.map(\.key.figure)) == Set(MeasureFigure.allCases))
        // Of slots, changes are kept.
        for (key, counts) in tally.cells where key.figure != .slots && key.figure != .slotMinutes {
            #expect(Proportion(counts.numerator, of: counts.denominator) != nil, "\(key)")
            #expect(Proportion(counts.numerator + counts.undecided, of: counts.denominator) != nil, "\(key)")
            #expect(counts.histogram.values.allSatisfy { $0 > 0 } && counts.shares.values.allSatisfy { $0 > 0 })
            #expect(counts.histogram.values.reduce(0, +) <= counts.denominator, "\(key)")
        }
    }

    @Test("Streams in any order, interleaved or divided among folds, give the same counts")
    func order() throws {
        let whole = try Self.whole().tally
        let histories = try Self.histories()

        var backwards = MeasureFold()
        Self.show(histories.indices.reversed(), in: &backwards)
        for history in histories.reversed() { backwards.take(history) }
        Self.govern(&backwards)
        #expect(backwards.tally == whole)

        var interleaved = MeasureFold()
        Self.govern(&interleaved)
        for index in 0..<(histories.map(\.count).max() ?? 0) {
            for history in histories where index < history.count { interleaved.take([history[index]]) }
            if index == 1 { Self.show(histories.indices, in: &interleaved) }
        }
        #expect(interleaved.tally == whole)

        var first = MeasureFold()
        var second = MeasureFold()
        Self.govern(&second)
        let half = histories.count / 2
        for history in histories[..<half] { first.take(history) }
        for history in histories[half...] { second.take(history) }
        Self.show(0..<half, in: &first)
        Self.show(half..<histories.count, in: &second)
        var merged = second.tally
        merged.merge(first.tally)
        #expect(merged == whole)
        merged = first.tally
        merged.merge(second.tally)
        #expect(merged == whole)
    }

    @Test("Counted straight from the events, whatever the state says, the figures are the same")
    func straight() throws {
        var counted: [MeasureFigure: Int] = [:]
        var numerators: [MeasureFigure: Int] = [:]
        for history in try Self.histories() {
            guard !history.contains(where: { $0.event == .enteredInError }) else { continue }
            for event in history.map(\.event) {
                switch event {
                case .submitted(let facts):
                    counted[.requests, default: 0] += 1
                    counted[.choice, default: 0] += 1
                    counted[.elements, default: 0] += 15
                    numerators[.elements, default: 0] += 15 - facts.missing.count
                case .offered: counted[.overrides, default: 0] += 1
                case .unroutable(let facts): counted[.overrides, default: 0] += facts.decision == nil ? 0 : 1
                case .accepted: counted[.acceptances, default: 0] += 1
                case .failed: counted[.acceptances, default: 0] -= 1
                case .declined: counted[.reasoned, default: 0] += 1
                case .lapsed:
                    counted[.reasoned, default: 0] += 1
                    numerators[.silent, default: 0] += 1
                case .reported(let facts):
                    counted[.signed, default: 0] += 1
                    counted[.elements, default: 0] += 5
                    numerators[.elements, default: 0] += 5 - facts.missing.count
                case .closed: counted[.assisted, default: 0] += 1
                default: break
                }
            }
        }
        let tally = try Self.whole().tally
        let ever = CivilDay(1970, 1, 1)..<CivilDay(2100, 1, 1)
        for (figure, count) in counted { #expect(tally.sum(figure, in: ever).denominator == count, "\(figure)") }
        for (figure, count) in numerators { #expect(tally.sum(figure, in: ever).numerator == count, "\(figure)") }
        #expect(counted.values.allSatisfy { $0 > 0 } && numerators.values.allSatisfy { $0 > 0 })
    }

    @Test("A part of a history without its beginning counts nothing, and what cannot be gives no value")
    func parts() throws {
        let entries = try Folded.entries(try Stage.at(.closed), number: 0)
        var fold = MeasureFold()
        fold.take(Array(entries.dropFirst()))
        fold.show(0, to: Scenery.county, at: Scenery.monday)
        #expect(fold.tally == MeasureTally())

        fold = MeasureFold()
        fold.take(try Folded.entries(try Stage.at(.reported), number: 1))
        let before = fold.tally
        let report = try #require(try Folded.entries(try Stage.at(.reported), number: 1).last)
        let void = try Consultation.evolve(
            report.after,
            .enteredInError,
            id: report.after.id,
            sequence: 99,
            at: Scenery.monday
        )
        fold.take(report.header, .enteredInError, before: report.after, after: void)
        var part = fold.tally
        for (key, counts) in before.cells { part.add(counts, to: key, times: -1) }
        let measure = try #require(GovernanceModel.standard.measure("AC2"))
        #expect(part.sum(.routine, in: Folded.march).denominator == -1)
        #expect(part.observation(of: measure, period: Folded.march) == nil)
        #expect(part.quantile(0.5, of: .routine, period: Folded.march) == nil)
    }

    @Test("Erased payloads change nothing: the fold never sees them")
    func erased() throws {
        var sealed = MeasureFold()
        var erased = MeasureFold()
        for history in try Self.histories(payload: [UInt8](repeating: 7, count: 32)) { sealed.take(history) }
        for history in try Self.histories() { erased.take(history) }
        #expect(sealed.tally == erased.tally)
    }

    @Test("Days are those of the network's civil time")
    func days() throws {
        var stage = Stage()
        stage.now = Scenery.time("2026-03-31T23:59:59+08:00")
        try stage.submit()
        var fold = MeasureFold()
        fold.take(try Folded.entries(stage, number: 0))
        #expect(fold.counted(.requests) == [1, 1, 0])
        fold = MeasureFold(offsetMinutes: 600)
        fold.take(try Folded.entries(stage, number: 0))
        #expect(fold.counted(.requests) == [0, 0, 0])
    }
}
