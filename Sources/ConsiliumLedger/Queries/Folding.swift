package import ConsiliumCore

/// Folds the stream of one case.
package struct CaseFolder {
    let connection: any SQLConnection

    package init(_ connection: any SQLConnection) { self.connection = connection }

    package func fold(_ id: CaseID) throws -> Consultation? {
        var state: Consultation?
        try connection.query(
            Statements.eventsOfStream,
            [.int(StreamKind.consultation.number), .identifier(id)]
        ) { row in
            let (header, facts) = try RecordHeader.decode(row.blob(1))
            let event = try Event(type: header.type, facts: facts)
            state = try Consultation.evolve(state, event, id: id, sequence: header.sequence, at: header.time)
        }
        return state
    }

    /// The records of a case in order: envelope and event.
    package func history(_ id: CaseID) throws -> [(header: RecordHeader, event: Event)] {
        try connection.all(
            Statements.eventsOfStream,
            [.int(StreamKind.consultation.number), .identifier(id)]
        ) { row in
            let (header, facts) = try RecordHeader.decode(row.blob(1))
            return (header, try Event(type: header.type, facts: facts))
        }
    }
}

/// Folds the network's one stream.
package struct NetworkReader {
    let connection: any SQLConnection

    package init(_ connection: any SQLConnection) { self.connection = connection }

    /// - Parameters:
    ///   - position: fold no further than this version; nil: to the end.
    ///   - each: sees every event that is folded.
    package func fold(
        to position: Int? = nil,
        each: (RecordHeader, NetworkEvent) -> Void = { _, _ in }
    ) throws -> (Network, Int) {
        var network = Network(name: "")
        var sequence = 0
        try connection.query(
            Statements.eventsOfStream,
            [.int(StreamKind.network.number), .identifier(StreamID.network.id)]
        ) { row in
            if let position, row.int(0) > position { return }
            let (header, facts) = try RecordHeader.decode(row.blob(1))
            let event = try NetworkEvent(type: header.type, facts: facts)
            network.evolve(event, sequence: header.sequence, at: header.time)
            each(header, event)
            sequence = header.sequence
        }
        return (network, sequence)
    }
}

/// Folds the one stream of the network's governance.
package struct GovernanceReader {
    let connection: any SQLConnection

    package init(_ connection: any SQLConnection) { self.connection = connection }

    /// - Parameter position: fold no further than this version; nil: to the end.
    package func fold(to position: Int? = nil) throws -> Governance {
        var governance = Governance(offsetMinutes: MeasureCounter.offsetMinutes)
        try connection.query(
            Statements.eventsOfStream,
            [.int(StreamKind.governance.number), .identifier(StreamID.governance.id)]
        ) { row in
            if let position, row.int(0) > position { return }
            let (header, facts) = try RecordHeader.decode(row.blob(1))
            governance.evolve(
                try GovernanceEvent(type: header.type, facts: facts),
                sequence: header.sequence,
                at: header.time,
                by: header.actor
            )
        }
        return governance
    }
}
