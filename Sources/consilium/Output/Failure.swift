import ConsiliumCore

/// How the client ends; scripts rely on the numbers.
enum ExitStatus: Int32, Sendable, CaseIterable {
    case ok = 0
    /// The network said no.
    case refused = 1
    case usage = 2
    /// The hub cannot be reached, or must not be trusted.
    case unreachable = 3
    /// Of several things, some were done.
    case partly = 4
    /// Kept in the spool, not sent.
    case kept = 5
}

/// Why a command ends without success, and what the person can do about it.
struct Failure: Error, Equatable, Sendable {
    /// One thing that is wrong.
    struct Item: Equatable, Sendable {
        /// Stable, e.g. `consent-missing`.
        var code: String
        /// Row, column, field or argument.
        var place: String?
        var sentence: String
        var next: String?

        init(code: String, place: String? = nil, sentence: String, next: String? = nil) {
            self.code = code
            self.place = place
            self.sentence = sentence
            self.next = next
        }
    }

    var status: ExitStatus
    var items: [Item]

    init(_ status: ExitStatus, items: [Item]) {
        self.status = status
        self.items = items
    }

    init(_ status: ExitStatus, _ code: String, at place: String? = nil, _ sentence: String, next: String? = nil) {
        self.init(status, items: [Item(code: code, place: place, sentence: sentence, next: next)])
    }

    /// A refusal that the client itself foresees, in the network's own words.
    init(_ refusal: Refusal, language: Language) {
        var bare = refusal
        bare.place = nil
        self.init(
            .refused,
            refusal.code.rawValue,
            at: refusal.place,
            bare.sentence(language),
            next: refusal.nextStep(language)
        )
    }

    /// Code, place, sentence and next step of each item, as printed on the error stream.
    func text(_ language: Language) -> String {
        items.map { item in
            let label = language == .zh ? "错误" : "error"
            let place = item.place.map { language == .zh ? " 位置 \($0)" : " at \($0)" } ?? ""
            let colon = language == .zh ? "：" : ": "
            var line = "\(label)[\(item.code)]\(place)\(colon)\(item.sentence)"
            if let next = item.next, !next.isEmpty {
                line += language == .zh ? "\n  下一步：\(next)" : "\n  next: \(next)"
            }
            return line
        }
        .joined(separator: "\n")
    }
}
