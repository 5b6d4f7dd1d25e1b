import ConsiliumCore
import ConsiliumLedger

/// A message that somebody wants the hub to take; sent again until an answer comes back.
struct Errand {
    enum Content {
        /// An HL7 v2 message by MLLP.
        case hl7([UInt8])
        /// `POST /fhir`: a transaction.
        case bundle([UInt8])
        /// `PUT /fhir/TYPE/ID` or `POST /fhir/TYPE`.
        case fhir(method: String, path: String, body: [UInt8])
        /// A verb of the client's: a command without a format.
        case act(CaseReference, Act)
    }

    var principal: Principal
    var content: Content
    /// Site and request number of an application.
    var request: Request?
    var ifMatch: Int?

    struct Request: Hashable {
        var site: SiteID
        var number: String
    }
}

/// What the sender of an errand learns.
enum Reply {
    case accepted(Receipt)
    case refused(String)
    /// The hub could not say: nothing is stored, send again.
    case again
}
