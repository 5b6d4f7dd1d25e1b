/// A text for a person in both languages that the network speaks.
package struct BilingualText: Hashable, Sendable, Codable {
    package var en: String
    package var zh: String

    package init(_ en: String, _ zh: String) {
        self.en = en
        self.zh = zh
    }

    package func text(_ language: Language) -> String { language == .zh ? zh : en }

    /// Whether neither language is empty or blank.
    package var isComplete: Bool { [en, zh].allSatisfy { $0.contains { !$0.isWhitespace } } }
}
