import ConsiliumCore
import ConsiliumLedger
import Foundation

/// One seed played to its end in a folder of its own.
enum Run {
    struct Outcome {
        /// SHA-256 over every record of the ledger and its hash, in a total order, then over the projections.
        var digest: String
        var tally: Tally
    }

    static func play(seed: UInt64, below folder: String) throws -> Outcome {
        let root = "\(folder)/\(seed)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let world = try World(seed: seed, root: root)
        let tally = try world.play()
        let outcome = Outcome(digest: try digest(world.hub.store), tally: tally)
        try world.hub.store.close()
        return outcome
    }

    private static func digest(_ store: Store) throws -> String {
        var running = sha256([])
        try store.read { connection in
            try connection.query(
                "SELECT kind, stream, sequence, record, hash FROM events ORDER BY kind, stream, sequence",
                []
            ) { row in
                running = sha256(
                    running + Array("\(row.int(0)) \(row.int(2)) ".utf8) + row.blob(1) + row.blob(3) + row.blob(4)
                )
            }
        }
        return running.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + " "
            + (try Rebuild.digest(store)).prefix(32)
    }
}
