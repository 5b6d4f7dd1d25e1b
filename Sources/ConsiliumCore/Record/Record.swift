/// What kind of stream a record belongs to.
package enum StreamKind: String, CaseIterable, Sendable {
    case network
    case consultation
    case delivery
    case access
    case governance
}

/// The address of a stream: a kind and an identifier.
package struct StreamID: Hashable, Sendable, CustomStringConvertible {
    package var kind: StreamKind
    package var id: TimeOrderedID

    package init(_ kind: StreamKind, _ id: TimeOrderedID) {
        self.kind = kind
        self.id = id
    }

    /// There is one network in a ledger.
    package static let network = StreamID(.network, TimeOrderedID(high: 0, low: 0))

    /// And one governance of it.
    package static let governance = StreamID(.governance, TimeOrderedID(high: 0, low: 0))

    package var description: String { "\(kind.rawValue)/\(id)" }
}

/// Keyed digests under which a message is recognised when it comes again.
package struct MessageIdentity: Hashable, Sendable {
    /// Site by certificate, sender as stated, message id.
    package var key: [UInt8]
    /// What the message says, transport fields aside.
    package var content: [UInt8]

    package init(key: [UInt8], content: [UInt8]) {
        self.key = key
        self.content = content
    }
}

/// One record of the ledger: the envelope around an event's facts.
///
/// `bytes` are final. They are canonical (sorted keys, integers only), carry 16 bytes of salt and the SHA-256 of the
/// sealed payload, and hash to the record's leaf (RFC 6962 section 2.1: SHA-256 over 0x00 and the bytes).
package struct RecordHeader: Sendable, Equatable {
    /// Version of the facts' shape for this type.
    package static let currentVersion = 1

    package var stream: StreamID
    /// 1, 2, 3 … within the stream.
    package var sequence: Int
    package var type: String
    package var version: Int
    package var time: Instant
    /// `SITE/op/NAME`, or nil for the hub itself.
    package var actor: Principal?
    /// The site spoken for.
    package var site: SiteID?
    /// The door that the command came by, nil where it came by none (the hub's own timers and routing).
    package var door: Door?
    package var salt: [UInt8]
    /// SHA-256 of the sealed payload's bytes.
    package var payload: [UInt8]?
    /// The message that caused the event, as keyed digests of its identity and of its content.
    package var message: MessageIdentity?

    package init(
        stream: StreamID,
        sequence: Int,
        type: String,
        time: Instant,
        actor: Principal?,
        site: SiteID?,
        door: Door? = nil,
        salt: [UInt8],
        payload: [UInt8]?,
        message: MessageIdentity? = nil
    ) {
        self.stream = stream
        self.sequence = sequence
        self.type = type
        version = Self.currentVersion
        self.time = time
        self.actor = actor
        self.site = site
        self.door = door
        self.salt = salt
        self.payload = payload
        self.message = message
    }

    /// The record's final bytes.
    package func encode(facts: (inout CanonicalWriter) -> Void) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 2_048)
        writer.object { w in
            w.field("actor", actor?.description)
            w.field("content", hex: message?.content)
            w.field("door", door)
            w.field("facts", object: facts)
            w.field("message", hex: message?.key)
            w.field("payload", hex: payload)
            w.field("salt", hex: salt)
            w.field("sequence", sequence)
            w.field("site", site?.description)
            w.field("stream", stream.description)
            w.field("time", time)
            w.field("type", type)
            w.field("version", version)
        }
        return writer.bytes
    }

    /// Reads a record's envelope and leaves the facts to the caller.
    package static func decode(_ bytes: some Collection<UInt8>) throws(RecordError) -> (RecordHeader, CanonicalObject) {
        let o = try CanonicalObject(bytes)
        let address = try o.string("stream")
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = StreamKind(rawValue: String(parts[0])), let id = TimeOrderedID(parts[1]),
            id.description == parts[1]
        else {
            throw RecordError("not a stream: \(address)")
        }
        var actor: Principal?
        if let text = try o.optionalString("actor") {
            actor = Principal(text)
            if actor == nil { throw RecordError("not a principal: \(text)") }
        }
        var header = RecordHeader(
            stream: StreamID(kind, id),
            sequence: try o.int("sequence"),
            type: try o.string("type"),
            time: try o.instant("time"),
            actor: actor,
            site: try o.optionalSite("site"),
            door: try o.optionalCoded("door"),
            salt: try o.bytes("salt"),
            payload: try o.hex("payload")
        )
        if let key = try o.hex("message") {
            header.message = MessageIdentity(key: key, content: try o.hex("content") ?? [])
        }
        header.version = try o.int("version")
        guard header.version == currentVersion else {
            throw RecordError("\(header.type) has version \(header.version), which this program does not know")
        }
        return (header, try o.object("facts"))
    }
}

/// What a fold needs of a record: which event, when, for which site, and the facts.
///
/// The rest of the envelope (salt, digests, actor) is checked to be canonical and not read: whoever reads many
/// records to count them has no use for it. `RecordHeader.decode` reads it all.
package struct RecordFacts: Sendable, Equatable {
    /// The description of its `StreamID`.
    package var stream: String
    package var sequence: Int
    package var type: String
    package var time: Instant
    package var site: SiteID?
    package var facts: CanonicalObject

    package init(_ bytes: some Collection<UInt8>) throws(RecordError) {
        let o = try CanonicalObject(bytes)
        let version = try o.int("version")
        stream = try o.string("stream")
        sequence = try o.int("sequence")
        type = try o.string("type")
        time = try o.instant("time")
        site = try o.optionalSite("site")
        guard version == RecordHeader.currentVersion else {
            throw RecordError("\(type) has version \(version), which this program does not know")
        }
        facts = try o.object("facts")
    }
}
