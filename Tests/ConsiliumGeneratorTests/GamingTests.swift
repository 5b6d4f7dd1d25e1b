import ConsiliumCore
import Testing

@testable import ConsiliumGenerator
@testable import ConsiliumLedger

/// What each gamed history looks like; `GamedScorecardTests` has what the scorecard makes of it.
@Suite("Gamed histories")
struct GamingTests {
    private func reports(of ledger: GeneratedLedger) throws -> [(origin: Tier, facts: Event.Reported)] {
        try ledger.histories()
            .flatMap { history -> [(Tier, Event.Reported)] in
                guard case .submitted(let submitted) = history.first?.event else { return [] }
                return history.compactMap { _, event in
                    if case .reported(let facts) = event { (submitted.requester.tier, facts) } else { nil }
                }
            }
    }

    @Test("An honest history has every disposition and several tiers")
    func honest() throws {
        let reports = try reports(of: GeneratedLedger.shared.get())
        #expect(Set(reports.compactMap(\.facts.disposition)) == Set(Disposition.allCases))
        #expect(Set(reports.compactMap(\.facts.appropriateTier)).count == Tier.allCases.count)
    }

    @Test("Gamed by origin, everything is managed where it came from, and the requests are those of the honest year")
    func origin() throws {
        let ledger = try GeneratedLedger(GeneratedLedger.configuration(.origin))
        let reports = try reports(of: ledger)
        #expect(try ledger.network().generation?.gaming == .origin)
        func submissions(_ ledger: GeneratedLedger) throws -> [Instant] {
            try ledger.histories().compactMap { $0.first?.header.time }
        }
        #expect(try submissions(ledger) == submissions(GeneratedLedger.shared.get()))
        #expect(reports.count > 40)
        #expect(reports.allSatisfy { $0.facts.disposition == .manageAtOrigin && $0.facts.appropriateTier == $0.origin })
    }

    @Test("Gamed by tier, everything belongs at the top")
    func tier() throws {
        let reports = try reports(of: GeneratedLedger(GeneratedLedger.configuration(.tier)))
        #expect(reports.count > 40)
        #expect(reports.allSatisfy { $0.facts.appropriateTier == .national })
    }

    @Test("Gamed by acceptance, every offer is accepted within a second and then nothing happens for a working day")
    func accept() throws {
        let ledger = try GeneratedLedger(GeneratedLedger.configuration(.accept))
        var accepted = 0
        for history in try ledger.histories() {
            var offeredAt: Instant?
            var acceptedAt: Instant?
            for (header, event) in history {
                switch event {
                case .offered: offeredAt = header.time
                case .accepted:
                    let offered = try #require(offeredAt)
                    #expect(header.time - offered <= .seconds(1))
                    acceptedAt = header.time
                    accepted += 1
                case .started:
                    let taken = try #require(acceptedAt)
                    #expect(header.time - taken >= .hours(15))
                default: break
                }
            }
        }
        #expect(accepted > 40)
    }
}
