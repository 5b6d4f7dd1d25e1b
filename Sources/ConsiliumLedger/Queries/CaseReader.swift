package import ConsiliumCore

/// Opens cases for those who may see them: the one query layer that every door reads through.
package struct CaseReader: Sendable {
    package let store: Store
    package let intake: Intake
    /// Shared by copies of this reader.
    private let states: CaseStates

    /// - Parameters:
    ///   - states: how many folded cases are held in memory.
    package init(store: Store, intake: Intake, states: Int = 4_096) {
        self.store = store
        self.intake = intake
        self.states = CaseStates(capacity: states)
    }

    /// One case as one site may see it.
    package struct View: Sendable {
        package var record: CaseRecord
        package var relation: Consultation.Relation
        package var history: [Step]
        /// Whether identity and clinical content are in `record`, so that an access record is owed.
        package var discloses: Bool
        /// Part name and sequence of each stored source.
        package var sources: [String]
        /// Sites that were asked, too, and that this one is not told of.
        package var hidden: Set<SiteID>
    }

    package struct Step: Sendable {
        package var sequence: Int
        package var type: String
        package var time: Instant
        package var actor: Principal?
        package var site: SiteID?
    }

    /// - Parameters:
    ///   - isGlassBroken: whether the actor, an auditor by name, may see the case now (`Governance.isGlassBroken`).
    /// - Throws: `Refusal` not-found for whoever has no part in the case, erased where its content was destroyed.
    package func view(
        _ id: CaseID,
        as actor: Actor,
        in network: Network,
        isGlassBroken: Bool = false
    ) throws -> View {
        try store.read { connection in
            let history = try CaseFolder(connection).history(id)
            guard let site = actor.site, let facts = try Self.fold(history, id) else { throw Refusal(.notFound) }
            let own = facts.relation(of: site, coordinates: network.coordinates(actor))
            guard let relation = isGlassBroken ? .brokenGlass : own else { throw Refusal(.notFound) }
            if try connection.first(Statements.erasure, [.identifier(id)], { $0.time(0) }) != nil {
                throw Refusal(.erased)
            }
            let requester = network.sites[facts.requester.site]
            guard let requester else { throw RecordError("the requesting site is not in the directory") }
            let sight = Sight(of: site, relation, facts)
            var shown = facts
            shown.offers = facts.offers.filter(sight.shows)
            var record = CaseRecord(facts: shown, requester: requester)
            record.performer = facts.acceptedOffer.flatMap { network.sites[$0.place.site] }
            // Administrators see flow and auditors no patient, at their own site too.
            let discloses =
                (isGlassBroken || actor.roles.mayReadClinicalContent) && facts.discloses(to: relation)
            let told = history.filter { sight.shows($0.event, by: $0.header.site) }
            if discloses { try open(&record, told, connection) }
            return View(
                record: record,
                relation: relation,
                history: told.map { step in
                    // What the hub does next is recorded under whoever caused it.
                    let isNamed = step.header.site.map { !sight.hidden.contains($0) } ?? true
                    return Step(
                        sequence: step.header.sequence,
                        type: step.header.type,
                        time: step.header.time,
                        actor: isNamed ? step.header.actor : nil,
                        site: isNamed ? step.header.site : nil
                    )
                },
                discloses: discloses,
                sources: try connection.all(Statements.blobsOfCase, [.identifier(id)]) { $0.text(0) },
                hidden: sight.hidden
            )
        }
    }

    /// The case as the hub itself needs it to write a message to `site`, which must have a part in it.
    package func record(_ id: CaseID, for site: SiteID, in network: Network) throws -> View {
        try view(id, as: Actor(principal: nil, site: site, roles: [.coordinator]), in: network)
    }

    static func fold(_ history: [(header: RecordHeader, event: Event)], _ id: CaseID) throws -> Consultation? {
        var state: Consultation?
        for (header, event) in history {
            state = try Consultation.evolve(state, event, id: id, sequence: header.sequence, at: header.time)
        }
        return state
    }

    func open(
        _ record: inout CaseRecord,
        _ history: [(header: RecordHeader, event: Event)],
        _ connection: any SQLConnection
    ) throws {
        let id = record.facts.id
        let key = try caseKey(of: id, connection)
        var payloads: [Int: Payload] = [:]
        try connection.query(Statements.payloadsOfStream, [.identifier(id)]) { row in
            let sequence = row.int(0)
            let bytes = try Sealer.open(
                row.blob(1),
                key: key,
                context: SealContext(stream: id, version: Int64(sequence), part: "payload")
            )
            payloads[sequence] = try Payload(canonical: bytes)
        }
        for (header, event) in history {
            guard let payload = payloads[header.sequence] else { continue }
            switch event {
            case .submitted, .amended, .consentRecorded: Self.merge(payload, into: &record)
            case .reported:
                var report = Report()
                for (name, value) in payload.elements { ReportElement(rawValue: name).map { report[$0] = value } }
                record.report = report
                record.signature = payload.signature
                record.documents += payload.attachments.map(CaseRecord.Document.init)
            default:
                // An answer after acceptance reaches the performer as a note of the elements that it changes.
                let text =
                    payload["note"]
                    ?? payload.elements.map { "\($0.name): \($0.value)" }
                    .joined(separator: "\n")
                record.notes.append(CaseRecord.Note(time: header.time, site: header.site, text: text))
                record.documents += payload.attachments.map(CaseRecord.Document.init)
            }
        }
    }

    private static func merge(_ payload: Payload, into record: inout CaseRecord) {
        var application = record.application ?? Application()
        for (name, value) in payload.elements {
            if let element = Element(rawValue: name) { application[element] = value }
        }
        record.application = application
        record.documents += payload.attachments.map(CaseRecord.Document.init)
    }

    private func caseKey(of id: CaseID, _ connection: any SQLConnection) throws -> DataKey {
        let wrapped = try connection.first(Statements.caseKey, [.identifier(id)]) {
            WrappedKey(masterVersion: $0.int(0), bytes: $0.blob(1))
        }
        guard let wrapped else { throw Refusal(.erased) }
        return try intake.masters.unwrap(wrapped, for: id)
    }

    /// The bytes of a document or source of a case; the caller has checked that it may be read.
    ///
    /// - Parameters:
    ///   - limit: the largest size that is opened in memory.
    package func blob(_ id: CaseID, part: String, limit: Int = 64 << 20) throws -> [UInt8] {
        let (key, sealed): (DataKey, [UInt8]??) = try store.read { connection in
            (
                try caseKey(of: id, connection),
                try connection.first(Statements.blob, [.identifier(id), .text(part)]) { row -> [UInt8]? in
                    row.optionalBlob(0)
                }
            )
        }
        let address = try BlobAddress(case: id, part: part)
        switch sealed {
        case nil: throw Refusal(.notFound)
        case .some(.some(let bytes)): return try SealedBlob.open(bytes, at: address, key: key, limit: limit)
        case .some(.none): return try intake.blobs.get(address, key: key, limit: limit)
        }
    }

    /// Cases of `site` whose patient bears the identifier, newest first.
    package func cases(of site: SiteID, identifier: String) throws -> [CaseID] {
        let digest = intake.keys.blindIndex(site: site.description).digest(Intake.normalised(identifier))
        return try store.read { connection in
            try connection.all(Statements.casesOfIdentifier, [.text(site.description), .blob(digest)]) {
                try $0.identifier(0)
            }
        }
    }

    /// The case that a site knows by `number`.
    package func caseOf(site: SiteID, number: String) throws -> CaseID? {
        let key = intake.requestKey(site: site, number: number)
        return try store.read { connection in
            try connection.first(Statements.caseOfRequest, [.blob(key)]) { try $0.identifier(0) }
        }
    }

    /// The state of a case as facts, for the hub itself.
    package func facts(_ id: CaseID) throws -> Consultation? {
        try store.read { connection in
            let version = try connection.first(
                Statements.lastSequence,
                [.int(StreamKind.consultation.number), .identifier(id)]
            ) { $0.isNull(0) ? nil : $0.int(0) }
            guard let version = version ?? nil else { return nil }
            if let held = states.facts(id, at: version) { return held }
            let facts = try CaseFolder(connection).fold(id)
            if let facts { states.keep(facts) }
            return facts
        }
    }

    /// The same for a case whose row was just read: nothing is read again when the case is held at that version.
    package func facts(_ row: FlowReader.CaseRow) throws -> Consultation? {
        try states.facts(row.id, at: row.version) ?? facts(row.id)
    }
}

/// What of a case's course a site is shown: who asks and who coordinates sees all of it, a site that is asked is not told
/// who else was, nor what they said.
struct Sight {
    let hidden: Set<SiteID>
    private let own: Set<Int>?

    init(of site: SiteID, _ relation: Consultation.Relation, _ facts: Consultation) {
        switch relation {
        case .requester, .coordinationOffice, .brokenGlass:
            hidden = []
            own = nil
        case .invited, .performer:
            hidden = Set(facts.offers.map(\.place.site)).subtracting([site, facts.requester.site])
            own = Set(facts.offers.filter { $0.place.site == site }.map(\.number))
        }
    }

    func shows(_ offer: Offer) -> Bool { own?.contains(offer.number) ?? true }

    func shows(_ event: Event, by site: SiteID?) -> Bool {
        // The second rating is blind, and who gave it is nobody's business here.
        if case .tierRatedAgain = event { return false }
        guard let own else { return true }
        switch event {
        case .offered(let offered): return offered.invitations.contains { own.contains($0.number) }
        case .declined(let offer, _, _), .lapsed(let offer): return own.contains(offer)
        case .accepted(let accepted): return own.contains(accepted.offer)
        case .queued, .unroutable, .reminded, .leasesExtended: return false
        default: return site.map { !hidden.contains($0) } ?? true
        }
    }
}

extension CaseRecord.Document {
    init(_ item: Payload.Item) {
        self.init(id: item.id, title: item.title, contentType: item.contentType, size: item.size, sha256: item.sha256)
    }
}

extension CaseReader {
    /// The opened payloads of a site's own events in the network's stream (its register of doctors), in order.
    package func networkPayloads(of site: SiteID) throws -> [[UInt8]] {
        let id = StreamID.network.id
        let key = intake.keys.dataKey(purpose: "network")
        return try store.read { connection in
            var own = Set<Int>()
            try connection.query(
                Statements.eventsOfStream,
                [.int(StreamKind.network.number), .identifier(id)]
            ) { row in
                let (header, _) = try RecordHeader.decode(row.blob(1))
                if header.site == site { own.insert(header.sequence) }
            }
            var payloads: [[UInt8]] = []
            try connection.query(Statements.payloadsOfStream, [.identifier(id)]) { row in
                let sequence = row.int(0)
                guard own.contains(sequence) else { return }
                payloads.append(
                    try Sealer.open(
                        row.blob(1),
                        key: key,
                        context: SealContext(stream: id, version: Int64(sequence), part: "payload")
                    )
                )
            }
            return payloads
        }
    }
}
