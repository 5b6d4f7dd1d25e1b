import ConsiliumCore

/// Which types of records, in which versions, a ledger holds. A projection with a row for each, so that a hub refuses
/// to start on a record that it does not know without reading all of them.
struct RecordTypes {
    struct Entry: Hashable {
        var kind: StreamKind
        var type: String
        var version: Int

        init(_ header: RecordHeader) {
            kind = header.stream.kind
            type = header.type
            version = header.version
        }

        fileprivate init(kind: StreamKind, type: String, version: Int) {
            self.kind = kind
            self.type = type
            self.version = version
        }
    }

    private var entries: Set<Entry> = []

    init() {}

    /// - Throws: `RecordError` naming a type or version that this program does not know.
    init(_ connection: any SQLConnection) throws {
        try connection.query(Statements.recordTypes) { row in
            let (number, type, version) = (row.int(0), row.text(1), row.int(2))
            guard let kind = StreamKind.allCases.first(where: { $0.number == number }) else {
                throw RecordError("the ledger holds streams of kind \(number), which this program does not know")
            }
            guard version == RecordHeader.currentVersion, Self.known(kind).contains(type) else {
                throw RecordError("the ledger holds \(type), version \(version), which this program does not know")
            }
            entries.insert(Entry(kind: kind, type: type, version: version))
        }
    }

    private static func known(_ kind: StreamKind) -> [String] {
        switch kind {
        case .network: NetworkEvent.types
        case .consultation: Event.types
        case .delivery: DeliveryEvent.types
        case .access: [AccessEvent.type]
        case .governance: GovernanceEvent.types
        }
    }

    /// Notes the type of a record about to be written; the entry when it is the first of its kind.
    mutating func note(_ header: RecordHeader, in connection: any SQLConnection) throws -> Entry? {
        let entry = Entry(header)
        guard entries.insert(entry).inserted else { return nil }
        try connection.execute(
            Statements.insertRecordType,
            [.int(entry.kind.number), .text(entry.type), .int(entry.version)]
        )
        return entry
    }

    mutating func forget(_ entry: Entry) { entries.remove(entry) }
}
