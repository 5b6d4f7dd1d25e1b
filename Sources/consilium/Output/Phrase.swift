import ConsiliumCore

/// One text for a person, in both languages of the client.
struct Phrase: Sendable, Equatable {
    var en: String
    var zh: String

    init(_ en: String, _ zh: String) {
        self.en = en
        self.zh = zh
    }

    subscript(language: Language) -> String { language == .zh ? zh : en }
}

extension Language {
    /// The language that the user asked for: `--lang`, else the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set.
    init(option: Language?, environment: [String: String]) {
        if let option {
            self = option
            return
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        self = locale?.lowercased().hasPrefix("zh") == true ? .zh : .en
    }
}
