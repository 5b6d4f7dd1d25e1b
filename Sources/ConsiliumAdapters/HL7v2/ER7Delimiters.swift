import ConsiliumCore

/// The encoding characters that a message declares in MSH-1 and MSH-2 (HL7 v2.5.1 section 2.5.4).
package struct ER7Delimiters: Sendable, Equatable {
    package var field: UInt8 = UInt8(ascii: "|")
    package var component: UInt8 = UInt8(ascii: "^")
    package var repetition: UInt8 = UInt8(ascii: "~")
    package var escape: UInt8 = UInt8(ascii: "\\")
    package var subcomponent: UInt8 = UInt8(ascii: "&")
    /// Declared from version 2.7 on, as the fifth character of MSH-2.
    package var truncation: UInt8?

    package static let standard = ER7Delimiters()

    /// Reads the separator after `MSH` and the characters of MSH-2.
    ///
    /// What senders get wrong and can still be meant in one way only is accepted: an MSH-2 cut short (the standard
    /// characters stand in for the rest), one without its first character (`~\&`), a doubled backslash from source code
    /// (`^~\\&`), a fifth character.
    init(field: UInt8, declaration: ArraySlice<UInt8>) throws(FormatError) {
        guard Self.isDelimiter(field) else {
            throw FormatError(.unparsable, at: "MSH-1", "the character after MSH is no field separator")
        }
        var characters = Array(declaration)
        if characters.count == 5, characters[2] == characters[3] { characters.remove(at: 3) }
        if characters == Array("~\\&".utf8) { characters = Self.standard.declaration }
        guard characters.count <= 5 else {
            throw FormatError(.unparsable, at: "MSH-2", "more than five encoding characters")
        }
        guard characters.allSatisfy(Self.isDelimiter) else {
            throw FormatError(.unparsable, at: "MSH-2", "a letter, digit or space stands among the encoding characters")
        }
        self.field = field
        let defaults = [component, repetition, escape, subcomponent]
        var chosen: [UInt8] = []
        for index in 0..<4 { chosen.append(index < characters.count ? characters[index] : defaults[index]) }
        (component, repetition, escape, subcomponent) = (chosen[0], chosen[1], chosen[2], chosen[3])
        truncation = characters.count == 5 ? characters[4] : nil
        guard Set(chosen + [field]).count == 5, truncation.map({ !chosen.contains($0) && $0 != field }) ?? true else {
            throw FormatError(.unparsable, at: "MSH-2", "two encoding characters are the same")
        }
    }

    init() {}

    /// Punctuation of ASCII: never a letter, a digit, white space, a control character or a byte of other text.
    static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// MSH-2 as it is written.
    var declaration: [UInt8] { [component, repetition, escape, subcomponent] + (truncation.map { [$0] } ?? []) }
}

/// The three letters of a segment, packed so that comparing is one instruction.
package struct SegmentName: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    let packed: UInt32

    init(packed: UInt32) { self.packed = packed }

    /// nil unless `text` is a letter and two letters or digits.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 3, Self.isName(bytes[0], bytes[1], bytes[2]) else { return nil }
        packed = Self.pack(bytes[0], bytes[1], bytes[2])
    }

    package init(stringLiteral value: StaticString) {
        let p = value.utf8Start
        packed = value.utf8CodeUnitCount == 3 ? Self.pack(p[0], p[1], p[2]) : 0
    }

    static func pack(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt32 {
        UInt32(a) << 16 | UInt32(b) << 8 | UInt32(c)
    }

    static func isName(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Bool {
        isUpper(a) && (isUpper(b) || isDigit(b)) && (isUpper(c) || isDigit(c))
    }

    private static func isUpper(_ byte: UInt8) -> Bool { byte >= 65 && byte <= 90 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    package var description: String {
        String(decoding: [UInt8(packed >> 16 & 255), UInt8(packed >> 8 & 255), UInt8(packed & 255)], as: UTF8.self)
    }
}
