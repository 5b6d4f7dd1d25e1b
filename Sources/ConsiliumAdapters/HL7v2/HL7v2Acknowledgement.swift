package import ConsiliumCore

/// What an accepted message is told, in MSA-3.
package enum HL7v2Receipt: Sendable, Equatable {
    case accepted(CaseID)
    case alreadyReceived(CaseID)
    /// With the elements that changed.
    case amended(CaseID, [Element])
    /// Accepted and durable, a field that routing needs is unmapped: the number under which it is held, `H-…`.
    case held(String)
    /// An act was done; a short text, e.g. `declined`.
    case done(CaseID, String)

    var text: String {
        switch self {
        case .accepted(let id): "accepted \(id)"
        case .alreadyReceived(let id): "already received \(id)"
        case .amended(let id, let elements): "amended \(id): " + elements.map(\.rawValue).joined(separator: ", ")
        case .held(let number): "held \(number)"
        case .done(let id, let what): "\(what) \(id)"
        }
    }
}

/// Answers in original mode (HL7 v2.5.1 section 2.9.2): the sender's addresses swapped, its delimiters, version,
/// processing id and character set; MSA-2 is its control id untouched, and nothing is invented where it sent none.
extension HL7v2Adapter {
    /// AA.
    package static func acknowledge(
        _ receipt: HL7v2Receipt,
        to header: HL7v2Header,
        controlID: String,
        at time: Instant
    ) -> [UInt8] {
        var writer = ER7Writer(header.delimiters, header.charset)
        writeHead(to: header, controlID, time, "AA", receipt.text, &writer)
        return writer.finish().bytes
    }

    /// AE or AR with ERR; nil when the message is itself an acknowledgement, which is never answered.
    package static func refuse(
        _ error: FormatError,
        to header: HL7v2Header,
        controlID: String,
        at time: Instant
    ) -> [UInt8]? {
        refuse(ErrorStatus(error), error.message, error.code.rawValue, to: header, controlID, time)
    }

    /// AE or AR with ERR, for a refusal by the network.
    package static func refuse(
        _ refusal: Refusal,
        to header: HL7v2Header,
        controlID: String,
        at time: Instant,
        language: Language = .en
    ) -> [UInt8]? {
        let separator = language == .zh ? "；" : "; "
        let text =
            refusal.code == .busy && language == .en
            ? "busy, send again"
            : refusal.sentence(language) + separator + refusal.nextStep(language)
        return refuse(ErrorStatus(refusal), text, refusal.code.rawValue, to: header, controlID, time)
    }

    private static func refuse(
        _ status: ErrorStatus,
        _ text: String,
        _ diagnostic: String,
        to header: HL7v2Header,
        _ controlID: String,
        _ time: Instant
    ) -> [UInt8]? {
        if header.isAcknowledgement { return nil }
        var writer = ER7Writer(header.delimiters, header.charset)
        writeHead(to: header, controlID, time, status.acknowledgement, text, &writer)
        var error = ER7Fields("ERR")
        let (code, name) = (status.condition.rawValue, status.condition.name)
        if header.hasModernErrors {
            error[2] = .components(status.location.parts)
            error[3] = .components([String(code), name, "HL70357"])
            error[4] = .text("E")
            error[7] = .text(diagnostic)
            error[8] = .text(text)
        } else {
            // ELD: segment, sequence, field position, and the code as subcomponents.
            error[1] = .subcomponents([
                [status.location.segment], [status.location.sequence], [status.location.field],
                [String(code), name, "HL70357"],
            ])
        }
        writer.append(error)
        return writer.finish().bytes
    }

    /// MSH-18 as the sender wrote it where it was true; the set's proper name where it was not; empty where it was empty.
    private static func label(_ header: HL7v2Header) -> String {
        if header.charsetLabel.isEmpty || Charset(label: header.charsetLabel) == header.charset {
            return String(header.charsetLabel.prefix(40))
        }
        return header.charset.hl7Name
    }

    private static func writeHead(
        to header: HL7v2Header,
        _ controlID: String,
        _ time: Instant,
        _ code: String,
        _ text: String,
        _ writer: inout ER7Writer
    ) {
        var msh = ER7Fields("MSH")
        msh[3] = .verbatim(header.receivingApplication, limit: 227)
        msh[4] = .verbatim(header.receivingFacility, limit: 227)
        msh[5] = .verbatim(header.sendingApplication, limit: 227)
        msh[6] = .verbatim(header.sendingFacility, limit: 227)
        msh[7] = .text(HL7Time.text(time))
        let event = header.event.utf8.count <= 3 ? header.event : ""
        let hasStructure = !event.isEmpty && !["2.1", "2.2", "2.3", "2.3.1"].contains(header.version)
        msh[9] = .components(["ACK", event] + (hasStructure ? ["ACK"] : []))
        msh[10] = .text(controlID)
        msh[11] = .text(String(header.processingID.prefix(3)))
        msh[12] = .text(String(header.version.prefix(8)))
        msh[18] = .text(label(header))
        writer.append(msh)
        var msa = ER7Fields("MSA")
        msa[1] = .text(code)
        msa[2] = .verbatim(header.controlID, limit: 250)
        msa[3] = .text(String(text.prefix(200)))
        writer.append(msa)
    }
}

/// A peer's acknowledgement, for whoever sent the message: MSA-1, MSA-2, MSA-3 and what ERR says.
package struct HL7v2Acknowledgement: Sendable, Equatable {
    package enum Code: String, Sendable {
        case applicationAccept = "AA"
        case applicationError = "AE"
        case applicationReject = "AR"
        case commitAccept = "CA"
        case commitError = "CE"
        case commitReject = "CR"

        package var isPositive: Bool { self == .applicationAccept || self == .commitAccept }
    }

    package var code: Code
    /// MSA-2; must be the control id that was sent.
    package var controlID: String
    /// MSA-3.
    package var text: String
    /// ERR, readable: code and text, one error after the other.
    package var errors: String

    /// nil for anything that is no readable message with MSA-1 and MSA-2.
    package init?(_ bytes: [UInt8], profile: ExchangeProfile = ExchangeProfile()) {
        let label = RawHeader.charsetLabel(in: bytes)
        let siteDefault = Charset(label: profile.charset) ?? .utf8
        guard let text = CharsetDetection.decode(bytes, label: label, siteDefault: siteDefault),
            let message = try? ER7Message(utf8: text.utf8, charset: text.charset), let msa = message.first("MSA"),
            let code = msa.text(1).flatMap({ Code(rawValue: $0.uppercased()) })
        else { return nil }
        self.code = code
        controlID = msa.raw(2)
        self.text = msa.prose(3) ?? ""
        errors = message.all("ERR")
            .map { error in
                let old = [error.subcomponent(1, 4, 1), error.subcomponent(1, 4, 2)]
                let new = [error.text(3), error.text(3, 2), error.prose(8)]
                return (old + new).compactMap { $0 }.joined(separator: " ")
            }
            .filter { !$0.isEmpty }.joined(separator: "; ")
    }
}
