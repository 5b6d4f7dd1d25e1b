import ConsiliumCore

extension Act {
    /// What the act says, part by part in a fixed order, so that its digest is the same in every process.
    var content: [String] {
        switch self {
        case .accept(let appointment): ["accept", appointment ?? ""]
        case .decline(let reason, let note): ["decline", reason.rawValue, note ?? ""]
        case .start: ["start"]
        case .report(let report, let signature):
            ["report", signature.kind.rawValue, signature.doctor, signature.licence, signature.jws ?? ""]
                + [String(signature.caseVersion)] + report.elements.content + Self.content(report.attachments)
        case .fail(let reason, let note): ["fail", reason.rawValue, note ?? ""]
        case .close(let decision, let reason, let rating, let note):
            ["close", decision.rawValue, reason?.rawValue ?? "", rating.map { String($0) } ?? "", note ?? ""]
        case .cancel(let reason, let note): ["cancel", reason.rawValue, note ?? ""]
        case .void(let note): ["void", note ?? ""]
        case .recordConsent(let elements, let pages):
            ["consent"] + elements.content + pages.map { hexadecimal(sha256($0.bytes)) }
        case .withdrawConsent: ["withdraw-consent"]
        case .answer(let application):
            ["answer"] + application.elements.content + Self.content(application.attachments)
        case .note(let text): ["note", text]
        case .requeue(let site): ["requeue", site?.description ?? ""]
        case .recordOutcome(let outcome, let note):
            ["outcome", outcome.result.rawValue, outcome.rating.map { String($0) } ?? "", note ?? ""]
        case .rateTierAgain(let tier): ["rate-tier-again", tier.rawValue]
        case .price(let gross, let lines):
            ["price", String(gross)] + lines.flatMap { [$0.party.description, String($0.amount)] }
        case .settle: ["settle"]
        case .dispute(let lines, let note): ["dispute", note ?? ""] + lines.map { String($0) }
        case .notYetOffered(let step): ["not-yet-offered", step]
        }
    }

    private static func content(_ attachments: [Attachment]) -> [String] {
        attachments.flatMap { [$0.title, $0.contentType, hexadecimal(sha256($0.bytes))] }
    }
}

extension Elements {
    fileprivate var content: [String] { sorted.flatMap { [$0.key.rawValue, $0.value] } }
}
