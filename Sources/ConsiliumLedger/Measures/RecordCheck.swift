import ConsiliumCore

/// Checks the records of a kind in the order of their streams: each against its leaf hash, and none missing before one
/// that is there.
struct RecordCheck {
    private let kind: StreamKind
    private(set) var stream: TimeOrderedID
    private(set) var sequence: Int
    /// Of the stream, as a record says it.
    private(set) var address: String

    /// - Parameters:
    ///   - stream: where it begins, after the record `sequence`.
    init(_ kind: StreamKind, at stream: TimeOrderedID = TimeOrderedID(high: 0, low: 0), _ sequence: Int = 0) {
        self.kind = kind
        self.stream = stream
        self.sequence = sequence
        address = StreamID(kind, stream).description
    }

    /// - Parameter row: of `Statements.recordsOfKind` or `recordsAfter`.
    /// - Returns: the record.
    /// - Throws: `RecordError` naming stream and sequence of a record that does not hold.
    mutating func take(_ row: Row) throws -> [UInt8] {
        let (id, number) = (try row.identifier(0), row.int(1))
        let expected = id == stream ? sequence + 1 : 1
        if id != stream { address = StreamID(kind, id).description }
        (stream, sequence) = (id, number)
        guard number == expected else { throw RecordError("\(place): a record before it is missing") }
        let record = row.blob(2)
        guard leafHash(record) == row.blob(3) else { throw RecordError("\(place): the hash does not fit") }
        return record
    }

    private var place: String { "\(address) record \(sequence)" }

    /// - Throws: `RecordError` when the record that was taken last says that it stands at another place.
    func require(_ stated: String, _ number: Int) throws(RecordError) {
        try Self.require(stated, number, address, sequence)
    }

    /// - Throws: `RecordError` when the record at a place says that it stands at another.
    static func require(_ stated: String, _ number: Int, _ address: String, _ sequence: Int) throws(RecordError) {
        guard number == sequence, stated == address else {
            throw RecordError("\(address) record \(sequence): the record says \(stated) \(number)")
        }
    }
}
