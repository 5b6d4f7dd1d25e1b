/// What became of a delivery, in the stream `delivery/ID`. A failed attempt is none: it changes nothing that lasts.
package enum DeliveryEvent: Sendable, Equatable {
    case acknowledged
    /// Given up after the last attempt; the reason is a code, never the receiver's words, which may name the patient.
    case dead(reason: String)
    /// A person lets it be tried again.
    case redriven
    case discarded(reason: String)
    /// What it tells of has ended meanwhile.
    case superseded

    /// As projections and the client say it.
    package var state: String {
        switch self {
        case .acknowledged: "acknowledged"
        case .dead: "dead"
        case .redriven: "redriven"
        case .discarded: "discarded"
        case .superseded: "superseded"
        }
    }

    package var reason: String? {
        switch self {
        case .dead(let reason), .discarded(let reason): reason
        case .acknowledged, .redriven, .superseded: nil
        }
    }

    /// The name under which the event is stored; never reused for another meaning.
    package var type: String { Self.prefix + state }

    private static let prefix = "delivery-"

    /// Every type of version 1.
    package static let types = [
        "delivery-acknowledged", "delivery-dead", "delivery-redriven", "delivery-discarded", "delivery-superseded",
    ]

    /// Writes the facts' fields.
    package func write(to w: inout CanonicalWriter) { w.field("reason", reason) }

    /// Reads facts of version 1; an unknown type, or a reason that is no code, is an error, never a guess.
    package init(type: String, facts o: CanonicalObject) throws(RecordError) {
        switch type {
        case "delivery-acknowledged": self = .acknowledged
        case "delivery-dead": self = .dead(reason: try Self.reason(o))
        case "delivery-redriven": self = .redriven
        case "delivery-discarded": self = .discarded(reason: try Self.reason(o))
        case "delivery-superseded": self = .superseded
        default: throw RecordError("unknown event \(type)")
        }
    }

    /// A code of 1 to 64 letters, digits, `-`, `.` and `_`.
    private static func reason(_ o: CanonicalObject) throws(RecordError) -> String {
        let reason = try o.string("reason")
        guard Principal.isName(reason) else { throw RecordError("a reason that is no code") }
        return reason
    }
}
