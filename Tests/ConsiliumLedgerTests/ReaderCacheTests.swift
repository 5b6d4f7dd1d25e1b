import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("What readers hold in memory is what the records say")
struct ReaderCacheTests {
    /// Everything of a network that decisions look at.
    private func expectEqual(_ one: Network, _ other: Network) {
        #expect(one.name == other.name && one.version == other.version)
        #expect(one.directory == other.directory)
        #expect(one.members == other.members)
        #expect(one.channels == other.channels)
        #expect(one.doctors == other.doctors)
        #expect(one.invitations == other.invitations)
        #expect(one.candidates(for: EngineStage.cardiology) == other.candidates(for: EngineStage.cardiology))
    }

    @Test("A case is what folding its records makes of it, after every step of its course, by a reader of any size")
    func cases() throws {
        let stage = try EngineStage()
        let readers = [1, 2, 4_096].map { CaseReader(store: stage.store, intake: stage.intake, states: $0) }
        let ids = try (1...4).map { try stage.submit("HZ-\($0)") }
        func check() throws {
            for reader in readers {
                for _ in 0..<2 {
                    for id in ids { #expect(try reader.facts(id) == stage.facts(id)) }
                    for row in try stage.flow.cases(of: EngineStage.town, limit: 9) {
                        #expect(try reader.facts(row) == stage.facts(row.id))
                    }
                }
            }
        }
        try check()
        for _ in 0..<40 {
            stage.advance(.minutes(30))
            stage.step()
            try check()
        }
        #expect(try readers[0].facts(CaseID(high: 1, low: 1)) == nil)
    }

    @Test("A row read before the case went on gives the newer state, and an older state never comes back")
    func staleRow() throws {
        let stage = try EngineStage()
        let id = try stage.submit("HZ-1")
        let reader = CaseReader(store: stage.store, intake: stage.intake)
        let old = try #require(try stage.flow.cases(of: EngineStage.town, limit: 1).first)
        #expect(try reader.facts(old)?.version == old.version)
        for _ in 0..<40 {
            stage.advance(.minutes(30))
            stage.step()
        }
        let new = try #require(try stage.flow.cases(of: EngineStage.town, limit: 1).first)
        #expect(new.version > old.version)
        #expect(try reader.facts(id) == stage.facts(id))
        #expect(try reader.facts(old) == stage.facts(id))
        #expect(try reader.facts(new)?.version == new.version)
    }

    @Test(
        "The network at any position is what folding up to it makes, in any order and with room for any number of states"
    )
    func networks() throws {
        let stage = try EngineStage()
        let last = stage.ledger.network.version
        #expect(last > 10)
        for capacity in [1, 3, 100] {
            let history = NetworkHistory(store: stage.store, capacity: capacity)
            let positions =
                Array(1...last) + (1...last).reversed() + (1...last).map { 1 + ($0 * 7) % last } + [last, last + 5]
            for position in positions {
                let folded = try stage.store.read { try NetworkReader($0).fold(to: position).0 }
                expectEqual(try history.network(at: position), folded)
            }
        }
    }

    @Test("A network that has gone on since its last state was held is folded on")
    func networkGoesOn() throws {
        let stage = try EngineStage()
        let history = NetworkHistory(store: stage.store)
        let before = stage.ledger.network.version
        expectEqual(try history.network(at: before + 1), stage.ledger.network)
        try stage.change(.channel(EngineStage.county, isLive: false), by: nil)
        let after = stage.ledger.network
        #expect(after.version == before + 1)
        expectEqual(try history.network(at: before + 1), after)
        #expect(try history.network(at: before).channels[EngineStage.county]?.isLive == true)
    }
}
