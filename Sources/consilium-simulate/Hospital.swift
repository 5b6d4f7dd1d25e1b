import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger

/// The system of one hospital behind its gateway, on the receiving side: it keeps what it was sent by control id.
struct Hospital {
    let site: SiteID
    /// Bytes by MSH-10, as first received.
    private(set) var received: [String: [UInt8]] = [:]
    /// How often a message had an effect here; more than once is a fault of the hub or of this program.
    private(set) var effects: [String: Int] = [:]

    init(site: SiteID) { self.site = site }

    /// Takes a message; a copy has no effect, and one with other bytes under the same number is a fault.
    mutating func receive(_ bytes: [UInt8], controlID: String) throws {
        if let before = received[controlID] {
            guard before == bytes else { throw Fault("\(controlID) was sent to \(site) twice with different bytes") }
            return
        }
        received[controlID] = bytes
        effects[controlID, default: 0] += 1
    }
}

/// A promise that did not hold.
struct Fault: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
