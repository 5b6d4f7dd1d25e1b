import ConsiliumCore

/// The records of one kind in the order of their streams, each checked (`RecordCheck`), read page by page, so that memory
/// holds one page.
struct RecordPages {
    struct Entry {
        var stream: TimeOrderedID
        /// Of the stream, as the record should say it.
        var address: String
        var sequence: Int
        var record: [UInt8]

        /// - Throws: `RecordError` when the record is another's.
        var facts: RecordFacts {
            get throws(RecordError) {
                let facts = try RecordFacts(record)
                try RecordCheck.require(facts.stream, facts.sequence, address, sequence)
                return facts
            }
        }
    }

    private let connection: any SQLConnection
    private let kind: StreamKind
    private let end: TimeOrderedID?
    private let size: Int
    private var place: (stream: TimeOrderedID, sequence: Int)
    private var check: RecordCheck
    private var page: [Entry] = []
    private var index = 0
    private var isRead = false
    /// Records that were advanced over.
    private(set) var passed = 0

    /// - Parameters:
    ///   - streams: those that are read.
    ///   - size: records of a page.
    init(_ connection: any SQLConnection, _ kind: StreamKind, of streams: CaseRange = .all, size: Int = 1_000) {
        self.connection = connection
        self.kind = kind
        self.size = size
        place = (streams.from, 0)
        check = RecordCheck(kind)
        end = streams.before
    }

    /// The next record, which stays the next until `advance`; nil at the end.
    mutating func peek() throws -> Entry? {
        if index == page.count, !isRead { try turn() }
        return index < page.count ? page[index] : nil
    }

    mutating func advance() {
        index += 1
        passed += 1
    }

    private mutating func turn() throws {
        page.removeAll(keepingCapacity: true)
        index = 0
        try connection.query(
            Statements.recordsOfKind,
            [.int(kind.number), .identifier(place.stream), .int(place.sequence), .int(size)]
        ) { row in
            let record = try check.take(row)
            page.append(
                Entry(stream: check.stream, address: check.address, sequence: check.sequence, record: record)
            )
        }
        isRead = page.count < size
        if let last = page.last { place = (last.stream, last.sequence) }
        if let end, let cut = page.firstIndex(where: { $0.stream >= end }) {
            page.removeSubrange(cut...)
            isRead = true
        }
    }
}

/// The cases whose identifiers lie from one to before another: a part of a history that can be folded by itself.
struct CaseRange: Sendable, Equatable {
    var from: TimeOrderedID
    /// nil: to the end.
    var before: TimeOrderedID?

    static let all = CaseRange(from: TimeOrderedID(high: 0, low: 0), before: nil)

    /// `count` ranges that cover every case, each of about as much time as the others: identifiers are in the order of
    /// time. Fewer where there is less to divide.
    static func divided(in count: Int, _ connection: any SQLConnection) throws -> [CaseRange] {
        let kind = SQLValue.int(StreamKind.consultation.number)
        guard count > 1, let first = try connection.first(Statements.firstStream, [kind], { try $0.identifier(0) }),
            let last = try connection.first(Statements.lastStream, [kind], { try $0.identifier(0) })
        else { return [.all] }
        guard first.high <= last.high else { throw StoreError(.corrupt, "identifiers are out of order") }
        let step = (last.high - first.high) / UInt64(count)
        guard step > 0 else { return [.all] }
        var ranges: [CaseRange] = []
        var from = all.from
        for part in 1..<count {
            let next = TimeOrderedID(high: first.high + step * UInt64(part), low: 0)
            ranges.append(CaseRange(from: from, before: next))
            from = next
        }
        return ranges + [CaseRange(from: from, before: nil)]
    }
}
