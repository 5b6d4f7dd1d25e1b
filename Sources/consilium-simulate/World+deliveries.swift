import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger

/// Messages of the hub to hospitals: links break before and after the hospital has them.
extension World {
    private static let maximumAttempts = 12

    /// Each gateway asks for what waits for it, in order.
    func deliver() throws {
        for site in sites where site.profile.format == .hl7v2 {
            if isStormy, !dice.happens(40) { continue }
            for row in try hub.flow.deliveries(of: site.id, limit: 20) {
                if isStormy, let next = row.nextAt, next > now { break }
                guard try hand(row, to: site) else { break }
            }
        }
        for row in try hub.flow.deliveries(state: "dead", limit: 20) where !isStormy || dice.happens(10) {
            guard try commit([.deliveryOutcome(row.id, .redriven, by: Scenery.administrator(row.site))]) != nil else {
                return
            }
        }
    }

    /// False when the rest of the outbox has to wait.
    private func hand(_ row: FlowReader.DeliveryRow, to site: Site) throws -> Bool {
        if try isSuperseded(row) { return try commit([.deliveryOutcome(row.id, .superseded, by: nil)]) != nil }
        if try hub.flow.fixedDelivery(row.id) == nil {
            guard let message = try hub.write(row, at: now) else {
                return try commit([.deliveryOutcome(row.id, .superseded, by: nil)]) != nil
            }
            let fix = Input.fixDelivery(row.id, controlID: message.controlID, bytes: message.bytes)
            guard try commit([fix]) != nil else { return false }
        }
        guard let fixed = try hub.flow.fixedDelivery(row.id) else { throw Fault("\(row.id) was fixed and is not") }
        if isStormy, dice.happens(10) { return try fail(row, "unreachable") }
        try hospitals[site.id]?.receive(fixed.bytes, controlID: fixed.controlID)
        let accepts = !isStormy || !dice.happens(8)
        let answer = Messages.acknowledgement(of: fixed.controlID, accepts: accepts)
        if isStormy, dice.happens(10) { return try fail(row, "no answer") }
        guard let acknowledgement = HL7v2Acknowledgement(answer), acknowledgement.controlID == fixed.controlID else {
            throw Fault("the acknowledgement of \(fixed.controlID) cannot be read")
        }
        guard acknowledgement.code.isPositive else { return try fail(row, "AE") }
        let settle = Input.deliveryOutcome(row.id, .acknowledged, by: Scenery.node(site.id))
        guard try commit(dice.happens(10) ? [settle, settle] : [settle]) != nil else { return false }
        tally.deliveries += 1
        return true
    }

    private func fail(_ row: FlowReader.DeliveryRow, _ problem: String) throws -> Bool {
        let outcome: DeliveryOutcome =
            row.attempts + 1 < Self.maximumAttempts && !dice.happens(5)
            ? .failed(problem, retryAt: now + .seconds(Int64(2 << min(row.attempts, 8)))) : .dead("unreachable")
        _ = try commit([.deliveryOutcome(row.id, outcome, by: nil)])
        return false
    }

    private func isSuperseded(_ row: FlowReader.DeliveryRow) throws -> Bool {
        guard row.kind == .referral, let facts = try hub.cases.facts(row.caseID) else { return false }
        return !facts.offers.contains {
            $0.place.site == row.site && ($0.state == .live || $0.state == .accepted)
        }
    }
}
