import ConsiliumCore

extension Ledger {
    /// Whether loads, capacities and cases held in memory are what the store says: for simulations, tests and drills.
    ///
    /// - Throws: what reading the store throws.
    package func memoryFitsStore() throws -> Bool {
        try store.read { connection in
            let stored = try Loads(connection)
            func held(_ loads: Loads) -> [Loads.Key: Load] { loads.figures.filter { $0.value != Load() } }
            guard held(loads) == held(stored), loads.hasLiveOffers == stored.hasLiveOffers else { return false }
            let events = MeasureEvents(connection: connection)
            guard try events.capacities().fold == capacities, measures.pending == 0 else { return false }
            return try recent.all.allSatisfy { try events.counted($0.key) == $0.value }
        }
    }
}
