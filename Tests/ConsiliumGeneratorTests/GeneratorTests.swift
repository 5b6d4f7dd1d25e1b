import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumGenerator
@testable import ConsiliumLedger

@Suite("A generated province")
struct GeneratorTests {
    @Test("Every record verifies, and a rebuild says what the history wrote")
    func sound() throws {
        let ledger = try GeneratedLedger.shared.get()
        #expect(try Rebuild.verify(ledger.store) == ledger.summary.records)
        let before = try Rebuild.digest(ledger.store)
        _ = try Rebuild.run(ledger.store)
        #expect(try Rebuild.digest(ledger.store) == before)
        #expect(try ledger.store.integrityCheck().isEmpty)
    }

    @Test("The counts that the ledger kept are those that its events give")
    func counts() throws {
        let period = MeasurePeriod(CivilDay(2026, 6, 1)..<CivilDay(2026, 7, 1))
        let (kept, recomputed) = try GeneratedLedger.shared.get().store
            .read {
                (try MeasureCountsReader($0).snapshot(period), try MeasureRecomputation($0).snapshot(period))
            }
        #expect(kept == recomputed)
        #expect(!kept.tally.cells.isEmpty)
    }

    @Test("The same configuration gives the same records, another seed others")
    func repeats() throws {
        let first = try GeneratedLedger.shared.get().hashes()
        #expect(try GeneratedLedger().hashes() == first)
        var configuration = GeneratedLedger.configuration()
        configuration.seed = 43
        #expect(try GeneratedLedger(configuration).hashes() != first)
    }

    @Test("A ledger says itself that it is generated, and from which seed")
    func mark() throws {
        let network = try GeneratedLedger.shared.get().network()
        #expect(network.generation == Generation(seed: 42, version: ProvinceGenerator.version))
    }

    @Test("Everything that can happen to a case happens in a small year")
    func allEvents() throws {
        var configuration = GeneratedLedger.configuration()
        configuration.firstMonth = 10
        configuration.months = 3
        let ledger = try GeneratedLedger(configuration)
        let types = try ledger.store.read {
            try Set($0.all("SELECT type FROM record_types") { $0.text(0) })
        }
        #expect(Set(Event.types).subtracting(types).isEmpty)
        #expect(Set(NetworkEvent.types).subtracting(types).isEmpty)
        #expect(Set(DeliveryEvent.types).subtracting(types).isEmpty)
        #expect(types.contains(AccessEvent.type))
        // Nobody gives up, and nobody corrects a sheet.
        let rare: Set = ["assessment-abandoned", "auditor-left", "rating-corrected"]
        #expect(Set(GovernanceEvent.types).subtracting(types).subtracting(rare).isEmpty)
    }

    @Test("Nothing happens before the network is founded or after the last month, and time never runs backwards")
    func times() throws {
        let ledger = try GeneratedLedger.shared.get()
        for history in try ledger.histories() {
            #expect(history[0].header.time >= ledger.summary.start)
            // Who looks again at a drawn case does so after its quarter.
            let ending = history.filter { $0.event.type != "tier-rated-again" }
            #expect(ending.allSatisfy { $0.header.time < ledger.summary.end })
            for (one, next) in zip(history, history.dropFirst()) { #expect(one.header.time <= next.header.time) }
        }
    }

    @Test("A hub can go on with a generated ledger")
    func goesOn() throws {
        let generated = try GeneratedLedger()
        let masters = try MasterKeyFile.load(from: generated.keys)
        let network = try generated.network()
        let keys = try #require(
            try generated.store.read { try NetworkKeyTable.open(network: network.name, masters: masters, in: $0) }
        )
        let intake = Intake(keys: keys, masters: masters, blobs: BlobStore(directory: generated.folder + "/blobs"))
        let ledger = try Ledger(
            store: generated.store,
            intake: intake,
            entropy: SeededEntropy(seed: 7),
            now: generated.summary.end + .minutes(1)
        )
        let outcome = ledger.step(now: generated.summary.end + .days(40), inputs: [])
        #expect(outcome.effects.failures.isEmpty)
        #expect(try Rebuild.verify(generated.store) > generated.summary.records)
    }

    @Test("A folder that holds a ledger is left as it is")
    func taken() throws {
        let ledger = try GeneratedLedger.shared.get()
        let before = try ledger.hashes()
        #expect(throws: GeneratorError.self) {
            try ProvinceGenerator(GeneratedLedger.configuration()).write(to: ledger.folder)
        }
        #expect(try ledger.hashes() == before)
    }

    @Test("A province that cannot be is refused by name", arguments: [(4, 12, 1), (10, 0, 1), (10, 12, 13)])
    func refused(sites: Int, months: Int, firstMonth: Int) {
        #expect(throws: GeneratorError.self) {
            try ProvinceGenerator(
                ProvinceGenerator.Configuration(sites: sites, months: months, seed: 1, firstMonth: firstMonth)
            )
        }
    }
}
