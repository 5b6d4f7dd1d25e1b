import ConsiliumCore

/// Folds every projection anew from the events. A rebuild after an erasure gives the same bytes as before.
package enum Rebuild {
    package struct Summary: Sendable {
        package var streams: Int
        package var records: Int
    }

    /// Drops the projections and writes them again, in one transaction.
    package static func run(_ store: Store) throws -> Summary {
        try store.write { connection in
            for (name, _) in Tables.projectionTables { try connection.execute(SQL("DELETE FROM \(name)")) }
            var summary = Summary(streams: 0, records: 0)
            var types = RecordTypes()
            var counter = MeasureCounter(capacity: 0)
            var unprojected = 0
            for stream in [StreamID.network, .governance] {
                try connection.query(
                    Statements.eventsOfStream,
                    [.int(stream.kind.number), .identifier(stream.id)]
                ) { row in
                    _ = try types.note(try RecordHeader.decode(row.blob(1)).0, in: connection)
                    unprojected += 1
                }
            }
            counter.add(try MeasureEvents(connection: connection).capacities().cells, times: 1)
            for kind in StreamKind.allCases {
                var after = TimeOrderedID(high: 0, low: 0)
                // The streams of the network and of its governance have the identifier zero and nothing to project.
                while true {
                    let ids = try connection.all(
                        Statements.streamsOfKind,
                        [.int(kind.number), .identifier(after), .int(500)]
                    ) { try $0.identifier(0) }
                    for id in ids { try rebuild(kind, id, connection, &summary, &types, &counter) }
                    try counter.flush(connection)
                    guard let last = ids.last else { break }
                    after = last
                }
            }
            try MeasureTable(connection: connection).begin(records: unprojected + summary.records)
            return summary
        }
    }

    private static func rebuild(
        _ kind: StreamKind,
        _ id: TimeOrderedID,
        _ connection: any SQLConnection,
        _ summary: inout Summary,
        _ types: inout RecordTypes,
        _ counter: inout MeasureCounter
    ) throws {
        summary.streams += 1
        switch kind {
        case .network, .governance: break
        case .consultation: summary.records += try rebuildCase(id, connection, &types, &counter)
        case .delivery: summary.records += try rebuildDelivery(id, connection, &types)
        case .access: summary.records += try rebuildAccesses(id, connection, &types)
        }
    }

    private static func rebuildCase(
        _ id: CaseID,
        _ connection: any SQLConnection,
        _ types: inout RecordTypes,
        _ counter: inout MeasureCounter
    ) throws -> Int {
        let history = try CaseFolder(connection).history(id)
        var counted = CountedCase()
        var pending: (message: MessageIdentity, events: [Event], first: RecordHeader)?
        func remember() throws {
            guard let (message, events, first) = pending, let facts = counted.facts else { return }
            try connection.execute(
                Statements.insertMessageKey,
                [
                    .identifier(id), .blob(message.key), .blob(message.content), .int(first.sequence),
                    .text(StoredOutcome.text(events, facts)), .time(first.time),
                ]
            )
            pending = nil
        }
        for (header, event) in history {
            _ = try types.note(header, in: connection)
            // Events of one message stand together; what it was answered is told from all of them.
            if let message = header.message, pending?.message == message {
                pending?.events.append(event)
            } else {
                try remember()
                pending = header.message.map { ($0, [event], header) }
            }
            let next = try Consultation.evolve(
                counted.facts,
                event,
                id: id,
                sequence: header.sequence,
                at: header.time
            )
            for (index, delivery) in DeliveryPlan.deliveries(of: event, in: next).enumerated() {
                try connection.execute(
                    Statements.insertDelivery,
                    [
                        .identifier(id.delivery(sequence: header.sequence, index: index)), .identifier(id),
                        .int(header.sequence), .text(delivery.site.description), .text(delivery.kind.rawValue),
                        .time(header.time),
                    ]
                )
            }
            counted.take(event, after: next, at: header.time, offsetMinutes: MeasureCounter.offsetMinutes)
        }
        try remember()
        guard let facts = counted.facts else { return 0 }
        try MeasureEvents(connection: connection).disclose(id, in: &counted)
        counter.add(counted.cells(offsetMinutes: MeasureCounter.offsetMinutes), times: 1)
        if !facts.requestKey.isEmpty {
            try connection.execute(Statements.insertRequestKey, [.blob(facts.requestKey), .identifier(id)])
        }
        let projector = Projector(connection: connection)
        try projector.apply(try projector.project(from: nil, to: facts))
        for (site, department) in Set(facts.offers.map { [$0.place.site.description, $0.department.description] })
            .map({ ($0[0], $0[1]) })
        {
            try connection.execute(Statements.touchLoad, [.text(site), .text(department)])
        }
        return history.count
    }

    private static func rebuildDelivery(
        _ id: TimeOrderedID,
        _ connection: any SQLConnection,
        _ types: inout RecordTypes
    ) throws -> Int {
        var count = 0
        var last: (event: DeliveryEvent, sequence: Int, time: Instant)?
        try connection.query(Statements.eventsOfStream, [.int(StreamKind.delivery.number), .identifier(id)]) { row in
            let (header, facts) = try RecordHeader.decode(row.blob(1))
            _ = try types.note(header, in: connection)
            last = (try DeliveryEvent(type: header.type, facts: facts), header.sequence, header.time)
            count += 1
        }
        if let last {
            try connection.execute(
                Statements.putDeliveryOutcome,
                [
                    .identifier(id), .text(last.event.state), .optional(last.event.reason), .int(last.sequence),
                    .time(last.time),
                ]
            )
        }
        return count
    }

    private static func rebuildAccesses(
        _ id: TimeOrderedID,
        _ connection: any SQLConnection,
        _ types: inout RecordTypes
    ) throws -> Int {
        let entries = try connection.all(
            Statements.eventsOfStream,
            [.int(StreamKind.access.number), .identifier(id)]
        ) { row in try RecordHeader.decode(row.blob(1)) }
        for (header, facts) in entries {
            _ = try types.note(header, in: connection)
            guard let principal = header.actor, let site = header.site else {
                throw RecordError("an access record names nobody")
            }
            let event = try AccessEvent(type: header.type, facts: facts)
            try connection.execute(
                Statements.insertAccess,
                [
                    .identifier(id), .int(header.sequence), .text(principal.description), .text(site.description),
                    .text(event.content.rawValue), .time(event.firstAt), .int(event.count),
                ]
            )
        }
        return entries.count
    }

    /// SHA-256 over every row of every projection, in a total order: two ledgers with equal digests say the same.
    package static func digest(_ store: Store) throws -> String {
        try store.read { connection in
            var bytes: [UInt8] = []
            var running = sha256([])
            for (name, order) in Tables.projectionTables {
                try connection.query(SQL("SELECT * FROM \(name) ORDER BY \(order)")) { row in
                    bytes = running
                    row.appendValues(to: &bytes)
                    running = sha256(bytes)
                }
            }
            return hexadecimal(running)
        }
    }
}
