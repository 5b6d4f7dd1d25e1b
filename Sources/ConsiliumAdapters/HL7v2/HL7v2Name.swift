/// Names of people in XPN (PID-5, PRD-2), XCN (ORC-12, OBR-16) and the like, as one line of text.
enum HL7v2Name {
    /// The name in `field`, and the index of the repetition that was read.
    ///
    /// Of several repetitions the ideographic one is taken (component 8 `I`), else the legal one (7 `L`), else the first.
    /// A Chinese name is family and given name without a space; a second component in Latin letters beside a Chinese
    /// first is its transcription and stays unread. Others are given, middle, family.
    /// `offset` is the number of components before the family name: 0 for XPN, 1 for XCN.
    static func read(_ segment: ER7Segment, _ field: Int, offset: Int = 0) -> (name: String, repetition: Int)? {
        let repetitions = segment.repetitions(field)
        guard repetitions > 0 else { return nil }
        var chosen = 0
        if repetitions > 1 {
            let all = 0..<repetitions
            chosen =
                all.first { segment.peek(field, 8 + offset, repetition: $0) == "I" }
                ?? all.first { segment.peek(field, 7 + offset, repetition: $0) == "L" } ?? 0
        }
        guard let name = read(segment, field, offset: offset, repetition: chosen) else { return nil }
        return (name, chosen)
    }

    private static func read(_ segment: ER7Segment, _ field: Int, offset: Int, repetition: Int) -> String? {
        let family = segment.text(field, 1 + offset, repetition: repetition)
        // Name type and alphabet chose the repetition; they are part of reading it.
        segment.mark(field, component: 7 + offset)
        segment.mark(field, component: 8 + offset)
        if let family, isIdeographic(family) {
            guard let given = segment.peek(field, 2 + offset, repetition: repetition), isIdeographic(given) else {
                return family
            }
            return family + (segment.text(field, 2 + offset, repetition: repetition) ?? "")
        }
        let given = segment.text(field, 2 + offset, repetition: repetition)
        if family == nil, let given, isIdeographic(given) { return given }
        let middle = segment.text(field, 3 + offset, repetition: repetition)
        let parts = [given, middle, family].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// Whether a text holds a Han character.
    static func isIdeographic(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            switch $0.value {
            case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
            default: false
            }
        }
    }
}
