import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport

/// The hub's positive reply to a submission.
struct Receipt: Equatable, Sendable {
    /// `accepted`, `already-received`, `amended`, `held`.
    var outcome: String
    var caseID: String?
    /// What else the hub said: fields that were amended, remarks.
    var detail: String

    init(outcome: String, caseID: String?, detail: String = "") {
        self.outcome = outcome
        self.caseID = caseID
        self.detail = detail
    }
}

/// How sending one request ended.
enum SendOutcome: Equatable, Sendable {
    case taken(Receipt)
    /// The hub will never take it as it is.
    case refused(Failure)
    /// The hub refuses the sender, not the content; the same request may pass later.
    case turnedAway(Failure)
    /// No answer, or not now.
    case unreachable(Failure)

    /// Reads the hub's answer, in whatever format it came.
    init(_ response: HubResponse, language: Language) {
        switch response.status {
        case 200..<300: self = Self.success(response, language: language)
        case 401, 403, 407, 421: self = .turnedAway(HubRefusal.failure(response, language: language))
        case 408, 425, 429, 500...: self = .unreachable(HubRefusal.failure(response, language: language))
        default: self = .refused(HubRefusal.failure(response, language: language))
        }
    }

    private static func success(_ response: HubResponse, language: Language) -> SendOutcome {
        let caseID = response.header("Consilium-Case")
        if let ack = HL7v2Acknowledgement(response.body) {
            if HubRefusal.isBusy(ack) { return .unreachable(Failure(Refusal(.busy), language: language)) }
            guard ack.code.isPositive else { return .refused(HubRefusal.acknowledgement(ack)) }
            return .taken(receipt(ack.text, caseID: caseID))
        }
        guard let value = Value(json: response.body) else {
            return .taken(Receipt(outcome: "accepted", caseID: caseID))
        }
        if value["resourceType"] == "Bundle" { return .taken(receipt(bundle: value, caseID: caseID)) }
        return .taken(Receipt(outcome: "accepted", caseID: caseID ?? value["id"].string ?? value["case"].string))
    }

    /// MSA-3: `accepted CASE`, `already received CASE`, `amended CASE: fields`, `held H-…`.
    static func receipt(_ text: String, caseID: String?) -> Receipt {
        let words = text.split(separator: " ")
        let named = words.lazy.map { $0.filter { $0 != ":" } }.first { CaseID($0) != nil }
        return Receipt(
            outcome: outcome(of: text) ?? "accepted",
            caseID: caseID ?? named,
            detail: words.contains("amended") || text.hasPrefix("held") ? text : ""
        )
    }

    /// A transaction's answer: the ServiceRequest's location names the case, outcomes carry remarks.
    static func receipt(bundle: Value, caseID: String?) -> Receipt {
        var id = caseID
        var texts: [String] = []
        var isNew = false
        for entry in bundle["entry"].array {
            let response = entry["response"]
            if let location = response["location"].string, location.contains("ServiceRequest/") {
                let parts = location.split(separator: "/").map(String.init)
                if let index = parts.firstIndex(of: "ServiceRequest"), index + 1 < parts.count {
                    id = id ?? parts[index + 1]
                }
                if response["status"].string?.hasPrefix("201") == true { isNew = true }
            }
            texts += response["outcome"]["issue"].array
                .compactMap {
                    $0["details"]["text"].string ?? $0["diagnostics"].string
                }
        }
        let detail = texts.joined(separator: "; ")
        return Receipt(
            outcome: outcome(of: detail) ?? (isNew ? "accepted" : "already-received"),
            caseID: id,
            detail: detail
        )
    }

    private static func outcome(of text: String) -> String? {
        if text.contains("already received") { return "already-received" }
        if text.contains("amended") { return "amended" }
        if text.contains("held") { return "held" }
        return text.contains("accepted") ? "accepted" : nil
    }
}
