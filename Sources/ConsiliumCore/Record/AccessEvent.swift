/// A disclosure of clinical content to the principal and site of the record, in the stream `access/CASE`.
package struct AccessEvent: Sendable, Equatable {
    /// What was shown or handed over.
    package enum Content: String, Sendable, Codable, CaseIterable {
        case application
        case report
        case document
        /// A message of the case, pulled or pushed.
        case delivery
    }

    package var content: Content
    package var firstAt: Instant
    /// Repeated reads of the same within five minutes are one record.
    package var count: Int

    package init(content: Content, firstAt: Instant, count: Int) {
        self.content = content
        self.firstAt = firstAt
        self.count = count
    }

    /// The one type of version 1.
    package static let type = "accessed"

    /// Writes the facts' fields, keys in order.
    package func write(to w: inout CanonicalWriter) {
        w.field("count", count)
        w.field("firstAt", firstAt)
        w.field("what", content)
    }

    /// Reads facts of version 1.
    package init(type: String, facts o: CanonicalObject) throws(RecordError) {
        guard type == Self.type else { throw RecordError("unknown event \(type)") }
        self.init(content: try o.coded("what"), firstAt: try o.instant("firstAt"), count: try o.int("count"))
    }
}
