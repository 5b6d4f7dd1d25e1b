import Testing

@testable import ConsiliumCore

/// Every command in every phase: where it leads, or with which code it is refused.
@Suite struct PhaseMatrixTests {
    enum Verb: String, CaseIterable {
        case accept, decline, start, report, fail, close, cancel, void, recordConsent, withdrawConsent, note, requeue
        case recordOutcome, rateTierAgain, price, settle, dispute
    }

    enum Effect: Equatable {
        case to(Phase)
        case no(Refusal.Code)
    }

    /// The actor is always the one who could: the requester, the site that was asked, or the coordination office.
    private static func expected(_ verb: Verb, in phase: Phase) -> Effect {
        switch (verb, phase) {
        case (.accept, .offered): .to(.accepted)
        case (.decline, .offered): .to(.offered)
        case (.accept, _) where wasAsked(phase), (.decline, _) where wasAsked(phase): .no(.offerEnded)
        case (.start, .accepted): .to(.inSession)
        case (.report, .accepted), (.report, .inSession): .to(.reported)
        case (.fail, .accepted), (.fail, .inSession): .to(.offered)
        case (.start, .inSession), (.start, .reported), (.start, .closed): .no(.wrongState)
        case (.report, .reported), (.report, .closed), (.fail, .reported), (.fail, .closed): .no(.wrongState)
        case (.start, .offered), (.report, .offered), (.fail, .offered): .no(.notPermitted)
        case (.accept, _), (.decline, _), (.start, _), (.report, _), (.fail, _): .no(.notFound)
        case (.close, .reported): .to(.closed)
        case (.close, _): .no(.wrongState)
        case (.cancel, _): phase.isBeforeSession ? .to(.cancelled) : .no(.wrongState)
        case (.void, .enteredInError): .no(.wrongState)
        case (.void, _): .to(.enteredInError)
        case (.recordConsent, _), (.note, _): phase.isEnded ? .no(.wrongState) : .to(phase)
        case (.withdrawConsent, _):
            phase.isEnded ? .no(.wrongState) : .to(phase.isBeforeAcceptance ? .infoNeeded : phase)
        case (.recordOutcome, .closed), (.rateTierAgain, .closed): .to(phase)
        case (.recordOutcome, _), (.rateTierAgain, _): .no(.wrongState)
        case (.price, .reported), (.price, .closed): .to(phase)
        case (.settle, _) where hasPerformer(phase), (.price, _) where hasPerformer(phase): .no(.wrongState)
        case (.settle, .offered), (.price, .offered): .no(.notPermitted)
        case (.settle, _), (.price, _): .no(.notFound)
        // Nothing is priced yet.
        case (.dispute, _): .no(.wrongState)
        case (.requeue, .unroutable): .to(.offered)
        case (.requeue, _): .no(phase == .submitted ? .notFound : .wrongState)
        }
    }

    private static func hasPerformer(_ phase: Phase) -> Bool {
        [.accepted, .inSession, .reported, .closed].contains(phase)
    }

    private static func wasAsked(_ phase: Phase) -> Bool {
        [.accepted, .inSession, .reported, .closed, .cancelled, .enteredInError].contains(phase)
    }

    @Test(
        "A command leads where the table says",
        arguments: Verb.allCases,
        Phase.allCases.filter { ![.submitted, .failed].contains($0) }
    )
    func cell(_ verb: Verb, _ phase: Phase) throws {
        var stage = try Stage.at(phase)
        let asked = Scenery.expert(Scenery.county)
        let (command, actor): (Command, Actor) =
            switch verb {
            case .accept: (.accept, asked)
            case .decline: (.decline(.other), asked)
            case .start: (.start, asked)
            case .report: (.report(Scenery.report()), asked)
            case .fail: (.fail(.other), asked)
            case .close: (.close(.adopted, reason: nil, rating: nil), Scenery.requester)
            case .cancel: (.cancel(.other), Scenery.requester)
            case .void: (.void, Scenery.requester)
            case .recordConsent:
                (.recordConsent(ConsentFacts(state: .given, basis: .written)), Scenery.requester)
            case .withdrawConsent: (.withdrawConsent, Scenery.requester)
            case .note: (.note, Scenery.requester)
            case .requeue: (.requeue(site: nil), Scenery.coordinator)
            case .recordOutcome: (.recordOutcome(Outcome(.resolved)), Scenery.requester)
            case .rateTierAgain: (.rateTierAgain(.county, isAssigned: true), Scenery.expert(Scenery.second))
            case .price: (.price(gross: 0, lines: []), asked)
            case .settle: (.settle, asked)
            case .dispute: (.dispute(lines: [1]), Scenery.requester)
            }
        switch Self.expected(verb, in: phase) {
        case .to(let next):
            try stage.act(command, by: actor)
            #expect(stage.phase == next)
        case .no(let code): stage.refuse(code, command, by: actor)
        }
    }

    @Test(
        "Timers and dispatches of the hub move only what they may",
        arguments: Phase.allCases.filter {
            ![.submitted, .failed].contains($0)
        }
    )
    func hub(_ phase: Phase) throws {
        var stage = try Stage.at(phase)
        let before = stage.facts
        #expect(try stage.act(.dispatch, by: .hub).isEmpty)
        #expect(try stage.act(.extendLeases(.hours(1)), by: .hub).isEmpty == (phase != .offered))
        #expect(try stage.act(.fire(CaseTimer(kind: .hardStop, due: stage.now, armedBy: 77)), by: .hub).isEmpty)
        #expect(stage.phase == before.phase)
    }
}
