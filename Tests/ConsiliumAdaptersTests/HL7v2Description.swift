import ConsiliumAdapters
import ConsiliumCore

/// A decoded message in lines, as the golden files hold it.
enum HL7v2Description {
    static func lines(_ message: HL7v2Message) -> [String] {
        var lines: [String] = []
        let submission = message.submission
        switch submission.intent {
        case .application(let application):
            lines.append("intent: application")
            lines += envelope(message)
            lines.append("priority source: \(submission.prioritySource.rawValue)")
            if submission.departmentUnmapped { lines.append("department: unmapped") }
            lines += application.elements.sorted.map { "\($0.key.rawValue): \(escaped($0.value))" }
            lines += application.attachments.map(attachment)
        case .act(let reference, let act):
            switch reference {
            case .id(let id): lines.append("intent: act on case \(id)")
            case .requestNumber(let number): lines.append("intent: act on request \(number)")
            }
            lines += envelope(message)
            lines += self.act(act)
        }
        if let number = message.inReplyTo { lines.append("in reply to: \(number)") }
        if let person = message.person { lines.append("person: \(person)") }
        if !submission.lost.isEmpty { lines.append("lost: " + submission.lost.map(\.path).joined(separator: " ")) }
        lines += message.warnings.map { "warning: \($0.code.rawValue) at \($0.path)" }
        return lines
    }

    private static func envelope(_ message: HL7v2Message) -> [String] {
        [
            "message: \(message.submission.messageID ?? "none")",
            "sender: \(message.submission.statedSender)",
            "site: \(message.submission.statedSite?.description ?? "none")",
            "charset: \(message.header.charset.name)",
        ]
    }

    private static func act(_ act: Act) -> [String] {
        switch act {
        case .accept(let appointment): return ["accept: \(appointment ?? "no appointment")"]
        case .decline(let reason, let note): return ["decline: \(reason.rawValue)"] + text("note", note)
        case .close(let decision, let reason, let rating, let note):
            return ["close: \(decision.rawValue)"] + text("reason", reason?.rawValue)
                + text("rating", rating.map(String.init)) + text("note", note)
        case .report(let report, let signature):
            return ["report: signed by \(signature.doctor) (\(signature.kind.rawValue), \(signature.licence))"]
                + report.elements.sorted.map { "\($0.key.rawValue): \(escaped($0.value))" }
                + report.attachments.map(attachment)
        default: return ["act: \(act)"]
        }
    }

    private static func text(_ name: String, _ value: String?) -> [String] {
        value.map { ["\(name): \(escaped($0))"] } ?? []
    }

    private static func attachment(_ attachment: Attachment) -> String {
        "attachment: \(attachment.title) (\(attachment.contentType), \(attachment.bytes.count) bytes)"
    }

    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case let other where other.value < 32 || other.value == 127: out += "\\x" + String(other.value, radix: 16)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
