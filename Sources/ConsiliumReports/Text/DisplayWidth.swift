/// How many columns of a terminal a text takes (Unicode Standard Annex 11): Chinese, Japanese and Korean characters and
/// most symbols of emoji take two, combining marks none.
package enum DisplayWidth {
    package static func of(_ text: some StringProtocol) -> Int {
        var width = 0
        for character in text { width += of(character) }
        return width
    }

    package static func of(_ character: Character) -> Int {
        // A sequence with a variation selector for emoji, or joined by ZWJ, is drawn as one wide glyph.
        if character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
        return character.unicodeScalars.reduce(0) { max($0, of($1)) }
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x20 || (0x7F..<0xA0).contains(value) { return 0 }
        if value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        return isWide(value) ? 2 : 1
    }

    /// East_Asian_Width W and F, by ranges.
    private static func isWide(_ value: UInt32) -> Bool {
        var low = 0
        var high = wide.count - 1
        while low <= high {
            let middle = (low + high) / 2
            if value < wide[middle].0 {
                high = middle - 1
            } else if value > wide[middle].1 {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }

    private static let wide: [(UInt32, UInt32)] = [
        (0x1100, 0x115F), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3),
        (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1),
        (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4), (0x26EA, 0x26EA),
        (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD), (0x2705, 0x2705), (0x270A, 0x270B),
        (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797),
        (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x2E80, 0x303E),
        (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x18AFF),
        (0x1AFF0, 0x1B2FF), (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A),
        (0x1F200, 0x1F320), (0x1F32D, 0x1F335), (0x1F337, 0x1F37C), (0x1F37E, 0x1F393), (0x1F3A0, 0x1F3CA),
        (0x1F3CF, 0x1F3D3), (0x1F3E0, 0x1F3F0), (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E), (0x1F440, 0x1F440),
        (0x1F442, 0x1F4FC), (0x1F4FF, 0x1F53D), (0x1F54B, 0x1F54E), (0x1F550, 0x1F567), (0x1F57A, 0x1F57A),
        (0x1F595, 0x1F596), (0x1F5A4, 0x1F5A4), (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CC, 0x1F6CC),
        (0x1F6D0, 0x1F6D2), (0x1F6D5, 0x1F6D7), (0x1F6DC, 0x1F6DF), (0x1F6EB, 0x1F6EC), (0x1F6F4, 0x1F6FC),
        (0x1F7E0, 0x1F7EB), (0x1F7F0, 0x1F7F0), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1F9FF),
        (0x1FA70, 0x1FAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD),
    ]

    /// `text` with blanks behind it until it takes `width` columns.
    package static func padded(_ text: String, to width: Int) -> String {
        let missing = width - of(text)
        return missing > 0 ? text + String(repeating: " ", count: missing) : text
    }

    /// At most `width` columns of `text`, with `…` where something was cut off.
    package static func truncated(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        var taken = ""
        var used = 0
        for character in text {
            let next = of(character)
            if used + next > width - 1 { break }
            taken.append(character)
            used += next
        }
        return taken + "…"
    }

    /// `text` in lines of at most `width` columns, broken at blanks, and between Chinese characters; a word that is wider
    /// is broken where it must be. At least one line.
    package static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        func end() {
            while line.last == " " { line.removeLast() }
            lines.append(line)
            line = ""
            used = 0
        }
        for piece in pieces(text) {
            let next = of(piece)
            if used + next > width, !line.isEmpty { end() }
            if next > width {
                for character in piece {
                    if used + of(character) > width { end() }
                    line.append(character)
                    used += of(character)
                }
            } else if !(line.isEmpty && piece == " " && !lines.isEmpty) {
                line += piece
                used += next
            }
        }
        if !line.isEmpty || lines.isEmpty { end() }
        return lines
    }

    /// Words, single blanks and single wide characters; closing punctuation stays with what it closes, and a percent sign
    /// with its number.
    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var isOpen = false
        for (index, character) in zip(text.indices, text) {
            let isClosing = "，。；：、）！？”’》".contains(character)
            let isBlank = character == " " && !text[index...].hasPrefix(" %")
            let standsAlone = isBlank || (of(character) == 2 && !isClosing)
            if (isOpen && !standsAlone) || (isClosing && !pieces.isEmpty) {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append(String(character))
            }
            isOpen = !standsAlone && !isClosing
        }
        return pieces
    }

    /// `text` without what could steer a terminal: control characters and marks that turn the direction of writing.
    /// Names and notes come from other hospitals.
    package static func harmless(_ text: String, keepingLines: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepingLines: result.append(scalar)
            case 0x09, 0x0A, 0x0D: result.append(" ")
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
