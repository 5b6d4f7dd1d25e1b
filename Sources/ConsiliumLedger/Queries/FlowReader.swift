package import ConsiliumCore

/// Flow without clinical content: queues, deliveries, disclosures, refused frames.
package struct FlowReader: Sendable {
    package let store: Store
    package let intake: Intake

    package init(store: Store, intake: Intake) {
        self.store = store
        self.intake = intake
    }

    package struct CaseRow: Sendable {
        package var id: CaseID
        package var owner: SiteID
        package var phase: Phase
        package var priority: Int
        package var department: DepartmentCode?
        package var submittedAt: Instant
        package var updatedAt: Instant
        package var deadline: Instant
        package var version: Int
        package var performer: SiteID?
    }

    private static let end = CaseID(high: .max, low: .max)

    /// Cases of a site, as requester and as invited or performing site, newest first.
    package func cases(of site: SiteID, before: CaseID? = nil, limit: Int) throws -> [CaseRow] {
        try store.read { connection in
            let values: [SQLValue] = [
                .text(site.description), .identifier(before ?? Self.end), .int(limit),
            ]
            let own = try connection.all(Statements.casesOfOwner, values, Self.row)
            let invited = try connection.all(Statements.casesOfPerformer, values, Self.row)
            var seen = Set<CaseID>()
            return Array(
                (own + invited).filter { seen.insert($0.id).inserted }.sorted { $1.id < $0.id }.prefix(limit)
            )
        }
    }

    /// Open cases of the whole network, in the order of their deadlines.
    package func openCases(limit: Int) throws -> [CaseRow] {
        try store.read { connection in try connection.all(Statements.openCases, [.int(limit)], Self.row) }
    }

    package func cases(in phase: Phase, limit: Int) throws -> [CaseRow] {
        try store.read { connection in
            try connection.all(Statements.casesInPhase, [.text(phase.rawValue), .int(limit)], Self.row)
        }
    }

    private static func row(_ row: Row) throws -> CaseRow {
        guard let owner = SiteID(row.text(1)), let phase = Phase(rawValue: row.text(2)) else {
            throw StoreError(.corrupt, "cases hold an unknown site or phase")
        }
        return CaseRow(
            id: try row.identifier(0),
            owner: owner,
            phase: phase,
            priority: row.int(3),
            department: row.optionalText(4).flatMap { DepartmentCode($0) },
            submittedAt: row.time(5),
            updatedAt: row.time(6),
            deadline: row.time(7),
            version: row.int(8),
            performer: row.optionalText(9).flatMap { SiteID($0) }
        )
    }

    package struct OfferRow: Sendable {
        package var number: Int
        package var site: SiteID
        package var state: Offer.State
        package var leaseDue: Instant
        package var version: Int
    }

    package func offers(of id: CaseID) throws -> [OfferRow] {
        try store.read { connection in
            try connection.all(Statements.offersOfCase, [.identifier(id)]) { row in
                guard let site = SiteID(row.text(1)), let state = Offer.State(rawValue: row.text(2)) else {
                    throw StoreError(.corrupt, "offers hold an unknown site or state")
                }
                return OfferRow(
                    number: row.int(0),
                    site: site,
                    state: state,
                    leaseDue: row.time(3),
                    version: row.int(4)
                )
            }
        }
    }

    // MARK: Deliveries

    package struct DeliveryRow: Sendable {
        package var id: DeliveryID
        package var caseID: CaseID
        package var sequence: Int
        package var site: SiteID
        package var kind: DeliveryKind
        package var createdAt: Instant
        /// nil: pending.
        package var state: String?
        package var reason: String?
        package var attempts: Int
        package var nextAt: Instant?
        package var problem: String?
        package var controlID: String?
    }

    /// Pending deliveries of a site, in order.
    package func deliveries(of site: SiteID, limit: Int) throws -> [DeliveryRow] {
        try store.read { connection in
            try connection.all(
                Statements.deliveriesOfSite,
                [.text(site.description), .int(limit)],
                Self.delivery
            )
        }
    }

    /// - Parameters:
    ///   - state: `acknowledged`, `dead`, `discarded`, `superseded`, or nil for pending.
    package func deliveries(state: String?, limit: Int) throws -> [DeliveryRow] {
        try store.read { connection in
            if let state {
                return try connection.all(
                    Statements.deliveriesWithOutcome,
                    [.text(state), .int(limit)],
                    Self.delivery
                )
            }
            return try connection.all(Statements.pendingDeliveries, [.int(limit)], Self.delivery)
        }
    }

    package func delivery(_ id: DeliveryID) throws -> DeliveryRow? {
        try store.read { connection in
            try connection.first(Statements.delivery, [.identifier(id)], Self.delivery)
        }
    }

    private static func delivery(_ row: Row) throws -> DeliveryRow {
        guard let site = SiteID(row.text(3)), let kind = DeliveryKind(rawValue: row.text(4)) else {
            throw StoreError(.corrupt, "deliveries hold an unknown site or kind")
        }
        return DeliveryRow(
            id: try row.identifier(0),
            caseID: try row.identifier(1),
            sequence: row.int(2),
            site: site,
            kind: kind,
            createdAt: row.time(5),
            state: row.optionalText(6),
            reason: row.optionalText(7),
            attempts: row.isNull(9) ? 0 : row.int(9),
            nextAt: row.optionalTime(10),
            problem: row.optionalText(11),
            controlID: row.optionalText(12)
        )
    }

    /// Control id and bytes of a delivery, fixed at its first attempt; nil before it.
    package func fixedDelivery(_ id: DeliveryID) throws -> (controlID: String, bytes: [UInt8])? {
        try store.read { connection in
            guard
                let fixed = try connection.first(Statements.attempt, [.identifier(id)], { ($0.text(0), $0.blob(1)) }),
                let caseID = try connection.first(Statements.delivery, [.identifier(id)], { try $0.identifier(1) }),
                let wrapped = try connection.first(
                    Statements.caseKey,
                    [.identifier(caseID)],
                    { WrappedKey(masterVersion: $0.int(0), bytes: $0.blob(1)) }
                )
            else { return nil }
            let bytes = try Sealer.open(
                fixed.1,
                key: try intake.masters.unwrap(wrapped, for: caseID),
                context: SealContext(stream: id, version: 0, part: "delivery")
            )
            return (fixed.0, bytes)
        }
    }

    /// The case that a message of the hub's to `site` was about, by its control id.
    package func caseOf(controlID: String, site: SiteID) throws -> CaseID? {
        try store.read { connection in
            try connection.first(Statements.caseOfControlID, [.text(controlID), .text(site.description)]) {
                try $0.identifier(0)
            }
        }
    }

    // MARK: Disclosure and quarantine

    package func accesses(of id: CaseID) throws -> [AccessEntry] {
        try store.read { connection in
            try connection.all(Statements.accessesOfCase, [.identifier(id)]) { row in
                guard let principal = Principal(row.text(0)), let site = SiteID(row.text(1)),
                    let content = AccessEvent.Content(rawValue: row.text(2))
                else {
                    throw StoreError(.corrupt, "accesses hold an unknown principal, site or content")
                }
                return AccessEntry(
                    caseID: id,
                    principal: principal,
                    site: site,
                    content: content,
                    firstAt: row.time(3),
                    count: row.int(4)
                )
            }
        }
    }

    package struct QuarantineRow: Sendable {
        package var id: TimeOrderedID
        package var site: SiteID
        package var principal: String
        package var receivedAt: Instant
        package var door: String
        package var code: String
        package var location: String
        package var size: Int
    }

    /// Refused frames of a site, or of all sites, newest first.
    package func quarantine(of site: SiteID?) throws -> [QuarantineRow] {
        try store.read { connection in
            func read(_ row: Row) throws -> QuarantineRow {
                guard let site = SiteID(row.text(1)) else { throw StoreError(.corrupt, "quarantine holds no site") }
                return QuarantineRow(
                    id: try row.identifier(0),
                    site: site,
                    principal: row.text(2),
                    receivedAt: row.time(3),
                    door: row.text(4),
                    code: row.text(5),
                    location: row.text(6),
                    size: row.int(7)
                )
            }
            if let site {
                return try connection.all(Statements.quarantineOfSite, [.text(site.description)], read)
            }
            return try connection.all(Statements.quarantine, [], read)
        }
    }

    /// The bytes of a refused frame, for its own site.
    package func quarantined(_ id: TimeOrderedID, site: SiteID) throws -> [UInt8]? {
        try store.read { connection in
            let row = try connection.first(Statements.quarantineEntry, [.identifier(id)]) {
                ($0.text(0), $0.blob(1), $0.time(2))
            }
            guard let row, row.0 == site.description else { return nil }
            let day = CivilTime(row.2, offsetMinutes: 0)
            return try Sealer.open(
                row.1,
                key: intake.keys.quarantineKey(site: row.0, year: day.year, month: day.month),
                context: SealContext(stream: id, version: 0, part: "quarantine")
            )
        }
    }

    /// How many records the ledger holds, as it keeps count of them.
    package func recordCount() throws -> Int {
        try store.read { connection in try connection.first(Statements.measureState) { $0.int(1) } ?? 0 }
    }
}
