import ConsiliumCore
import Foundation

/// The body of `POST /network/cases/CASE/acts`: one verb of the client.
struct ActRequest: Decodable {
    struct AttachmentBody: Decodable {
        var title: String
        var contentType: String
        var data: Data
    }

    /// A line of a price, or the number of one that is disputed.
    enum LineBody: Decodable {
        case amount(SiteID, Int)
        case number(Int)

        private enum Key: String, CodingKey { case party, amount }

        init(from decoder: any Decoder) throws {
            if let number = try? decoder.singleValueContainer().decode(Int.self) {
                self = .number(number)
            } else {
                let c = try decoder.container(keyedBy: Key.self)
                self = .amount(try c.decode(SiteID.self, forKey: .party), try c.decode(Int.self, forKey: .amount))
            }
        }
    }

    struct SignatureBody: Decodable {
        var kind: SignatureKind
        var doctor: String
        var licence: String
        var jws: String?
        var caseVersion: Int
    }

    var act: String
    var reason: String?
    var note: String?
    var decision: ClosureDecision?
    var rating: Int?
    var site: SiteID?
    var appointment: String?
    var elements: [String: String]?
    var attachments: [AttachmentBody]?
    var signature: SignatureBody?
    var result: Outcome.Result?
    var tier: Tier?
    var gross: Int?
    var lines: [LineBody]?
    var ifMatch: Int?
    /// Made by the client for this one act: the same act sent again under it is done once.
    var key: String?

    /// How the act is known when it comes again: per principal and case, so that nobody meets another's.
    func messageID(by principal: Principal, on id: CaseID) throws(Refusal) -> String? {
        guard let key else { return nil }
        guard (16...64).contains(key.utf8.count), Principal.isName(key) else {
            throw Refusal(.invalidValue, at: "key", "16 to 64 letters, digits, -, . and _")
        }
        return "\(principal) \(id) \(key)"
    }

    /// What is asked for; refused with the field that is wrong.
    func decoded() throws(Refusal) -> Act {
        switch act {
        case "accept": return .accept(appointment: appointment)
        case "decline": return .decline(try coded(required: true), note: note)
        case "start": return .start
        case "report": return try report()
        case "fail": return .fail(try coded(required: true), note: note)
        case "close":
            guard let decision else { throw Refusal(.reasonRequired, at: "decision") }
            let why: NotAdoptedReason? = reason == nil ? nil : try coded(required: true)
            return .close(decision, reason: why, rating: rating, note: note)
        case "cancel": return .cancel(try coded(required: true), note: note)
        case "void": return .void(note: note)
        case "note":
            guard let note, !note.isEmpty else { throw Refusal(.invalidValue, at: "note") }
            return .note(note)
        case "requeue": return .requeue(site: site)
        case "answer": return .answer(try application())
        case "consent":
            let consent = try application()
            return .recordConsent(consent.elements, pages: consent.attachments)
        case "withdraw-consent": return .withdrawConsent
        case "outcome":
            guard let result else {
                throw Refusal(
                    .reasonRequired,
                    at: "result",
                    Outcome.Result.allCases.map(\.rawValue).joined(separator: ", ")
                )
            }
            return .recordOutcome(Outcome(result, rating: rating), note: note)
        case "rate-tier":
            guard let tier else { throw Refusal(.invalidValue, at: "tier") }
            return .rateTierAgain(tier)
        case "price": return try price()
        case "settle": return .settle
        case "dispute":
            let numbers = (lines ?? []).compactMap { if case .number(let number) = $0 { number } else { nil } }
            return .dispute(lines: numbers, note: note)
        default: return .notYetOffered(act)
        }
    }

    private func coded<Value: RawRepresentable & CaseIterable>(required: Bool) throws(Refusal) -> Value
    where Value.RawValue == String {
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        guard let reason else { throw Refusal(.reasonRequired, at: "reason", known) }
        guard let value = Value(rawValue: reason) else { throw Refusal(.unknownCode, at: "reason", known) }
        return value
    }

    /// Whose tariff it is say the registers.
    private func price() throws(Refusal) -> Act {
        guard let gross else { throw Refusal(.invalidValue, at: "gross") }
        let parts: [Pricing.Line] = (lines ?? [])
            .compactMap { if case .amount(let party, let amount) = $0 { Pricing.Line(party, amount) } else { nil } }
        return .price(gross: gross, lines: parts)
    }

    private func documents() -> [Attachment] {
        (attachments ?? []).map { Attachment(title: $0.title, contentType: $0.contentType, bytes: Array($0.data)) }
    }

    private func application() throws(Refusal) -> Application {
        var application = Application()
        for (name, value) in elements ?? [:] {
            guard let element = Element(rawValue: name) else { throw Refusal(.unknownCode, at: name) }
            application[element] = value
        }
        application.attachments = documents()
        return application
    }

    private func report() throws(Refusal) -> Act {
        guard let signature else { throw Refusal(.signatureInvalid, at: "signature") }
        var report = Report()
        for (name, value) in elements ?? [:] {
            guard let element = ReportElement(rawValue: name) else { throw Refusal(.unknownCode, at: name) }
            report[element] = value
        }
        report.attachments = documents()
        return .report(
            report,
            Signature(
                kind: signature.kind,
                doctor: signature.doctor,
                licence: signature.licence,
                jws: signature.jws,
                caseVersion: signature.caseVersion
            )
        )
    }
}
