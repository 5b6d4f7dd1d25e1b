/// What a bench's ledger holds.
extension Bench {
    /// Submits until the ledger holds `events`.
    func fill(to events: Int, _ progress: (String) -> Void) throws {
        let missing = try events - self.events()
        guard missing > 0 else { return }
        let count = (missing + 2) / 3
        _ = try driver.send(Request.submitBundle(), count: count, connections: 64) { figures in
            progress("\(Double(figures.completed).text(0)) of \(Double(count).text(0)) submissions")
        }
    }

    func events() throws -> Int { try number("SELECT MAX(rowid) FROM events") }

    /// Proves that every submission took the whole path.
    func offered() throws -> Int {
        let all = try number("SELECT COUNT(*) FROM cases")
        let offered = try number("SELECT COUNT(*) FROM cases WHERE phase = 'offered'")
        let submitted = driver.submitted
        guard all == offered, all == submitted else {
            throw BenchmarkError("\(submitted) submissions answered, \(all) cases in the ledger, \(offered) offered")
        }
        return all
    }

    private func number(_ sql: String) throws -> Int {
        let row = try Database(hub.database, isReadOnly: true).rows(sql).first
        guard case .integer(let value)? = row?.first else { return 0 }
        return Int(value)
    }
}
