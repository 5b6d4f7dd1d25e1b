package import ConsiliumCore

/// HL7 v2 (2.1 to 2.8, ER7) to commands and back. Pure: times and control ids come in as arguments.
///
/// Accepted: REF^I12 (an application), RRI^I12 (accept, decline), ORU^R01 (a report), ORM^O01 and OMG^O19 with ORC-1 `SC`
/// and ORC-5 `CM` (a closure). The contract in words is `Protocols/HL7v2/README.md`.
package enum HL7v2Adapter {
    /// Reads one message.
    ///
    /// What is merely missing is for the network to judge; this throws where bytes are wrong, a value is impossible or
    /// the kind of message is not taken.
    ///
    /// Nobody is born after `receivedAt`. `caseOf` gives the case that a message of ours with this control id was about, for answers that name only MSA-2.
    package static func decode(
        _ bytes: [UInt8],
        profile: ExchangeProfile,
        receivedAt: Instant,
        caseOf: @escaping (String) -> CaseID? = { _ in nil }
    ) throws(FormatError) -> HL7v2Message {
        let label = RawHeader.charsetLabel(in: bytes)
        let siteDefault = Charset(label: profile.charset) ?? .utf8
        guard let text = CharsetDetection.decode(bytes, label: label, siteDefault: siteDefault) else {
            throw FormatError(.undecodable, at: "MSH-18", "no character set of the table decodes these bytes")
        }
        let message = try ER7Message(utf8: text.utf8, charset: text.charset)
        let header = HL7v2Header(message, charset: text.charset)
        try check(header, profile)
        var warnings: [HL7v2Warning] = []
        switch text.labelProblem {
        case .lied: warnings.append(HL7v2Warning(.charsetLabelLied, at: "MSH-18"))
        case .unknown: warnings.append(HL7v2Warning(.charsetLabelUnknown, at: "MSH-18"))
        case nil where text.origin == .guess: warnings.append(HL7v2Warning(.charsetGuessed, at: "MSH-18"))
        case nil: break
        }
        if header.wantsEnhancedMode { warnings.append(HL7v2Warning(.enhancedMode, at: "MSH-15")) }
        if !message.irregularities.isEmpty { warnings.append(HL7v2Warning(.irregularLayout, at: "MSH")) }
        var decoded = try read(message, header, profile, receivedAt, caseOf)
        decoded.submission.messageID = messageID(header)
        decoded.submission.statedSender = "\(header.sendingApplication)|\(header.sendingFacility)"
        decoded.submission.statedSite = message.msh.subcomponent(4, 1, 1).flatMap { SiteID($0) }
        decoded.submission.lost = message.lost()
        decoded.warnings = warnings + decoded.warnings + message.nulls.map { HL7v2Warning(.nullIgnored, at: $0) }
        return decoded
    }

    /// What can be read of the header even when the message cannot be; for the answer to a broken message.
    package static func header(of bytes: [UInt8], profile: ExchangeProfile) -> HL7v2Header {
        HL7v2Header(salvaging: bytes, siteDefault: Charset(label: profile.charset) ?? .utf8)
    }

    private static func read(
        _ message: ER7Message,
        _ header: HL7v2Header,
        _ profile: ExchangeProfile,
        _ receivedAt: Instant,
        _ caseOf: @escaping (String) -> CaseID?
    ) throws(FormatError) -> HL7v2Message {
        switch (header.type, header.event) {
        case ("REF", "I12"):
            var reader = ReferralReader(message, profile, receivedAt: receivedAt)
            return try reader.read(header)
        case ("RRI", "I12"):
            var reader = AnswerReader(message, profile, caseOf)
            return try reader.readDecision(header)
        case ("ORU", "R01"):
            var reader = AnswerReader(message, profile, caseOf)
            return try reader.readReport(header)
        case ("ORM", "O01"), ("OMG", "O19"):
            var reader = AnswerReader(message, profile, caseOf)
            return try reader.readClosure(header)
        case ("", _): throw FormatError(.missing, at: "MSH-9", "the message type is empty")
        case ("REF", _), ("RRI", _), ("ORU", _), ("ORM", _), ("OMG", _):
            throw FormatError(.unsupportedEvent, at: "MSH-9.2", "this network takes no \(header.type) with that event")
        default: throw FormatError(.unsupportedType, at: "MSH-9.1", "this network takes no such message")
        }
    }

    private static func check(_ header: HL7v2Header, _ profile: ExchangeProfile) throws(FormatError) {
        let known = [
            "", "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2",
        ]
        guard known.contains(header.version) else {
            throw FormatError(.unsupportedType, at: "MSH-12", "versions 2.1 to 2.8.2 are taken")
        }
        guard ["", "P"].contains(header.processingID) || profile.repairs.contains(Repair.anyProcessingID.rawValue)
        else {
            throw FormatError(.unsupportedType, at: "MSH-11", "only production messages (P) are taken")
        }
        guard header.controlID.utf8.count <= 250 else {
            throw FormatError(.tooLong, at: "MSH-10", "longer than 250 bytes")
        }
    }

    /// MSH-10 with the date of MSH-7: many systems restart their counter every midnight.
    private static func messageID(_ header: HL7v2Header) -> String? {
        if header.controlID.isEmpty || header.controlID == "\"\"" { return nil }
        let time = HL7Time(header.messageTime)
        return header.controlID + "@" + (time?.compactDate ?? "")
    }
}

/// Repairs that a site's profile switches on by name (`repairs`), because they could harm a site that does not need
/// them.
enum Repair: String, CaseIterable {
    /// MSH-11 `D` and `T` are taken as production.
    case anyProcessingID = "any-processing-id"
    /// Everything in RF1 from field 2 on stands one field too early.
    case shiftedReferral = "rf1-shifted"
}
