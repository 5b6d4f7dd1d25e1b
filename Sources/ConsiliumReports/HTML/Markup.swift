/// HTML or SVG. What is put into it by interpolation is escaped, so that a text can only ever be text.
struct Markup: Sendable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    init(_ parts: [Markup], separator: String = "") { text = parts.map(\.text).joined(separator: separator) }

    var isEmpty: Bool { text.isEmpty }

    static func + (a: Markup, b: Markup) -> Markup { Markup([a, b]) }
    static func += (a: inout Markup, b: Markup) { a.text += b.text }

    struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        /// Escaped, for content and for attributes in double quotes; without control characters.
        mutating func appendInterpolation(_ value: String) {
            // Scalars, not characters: a combining mark hides the quote or the bracket before it.
            for scalar in DisplayWidth.harmless(value).unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }

        mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
        mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { text += part.text } }
        mutating func appendInterpolation(_ value: Int) { text += String(value) }

        /// A coordinate, in hundredths.
        mutating func appendInterpolation(_ value: Double) {
            var digits = Figures.fixed(value, 2)
            while digits.last == "0" { digits.removeLast() }
            if digits.last == "." { digits.removeLast() }
            text += digits
        }
    }

    /// `text` as it may stand between the quotes of a CSS string: all but letters and digits of ASCII as escapes.
    static func cssString(_ text: String) -> Markup {
        var result = ""
        for scalar in DisplayWidth.harmless(text).unicodeScalars {
            let isPlain =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || scalar == " " || scalar == "-"
            result += isPlain ? String(scalar) : "\\\(String(scalar.value, radix: 16)) "
        }
        return Markup(stringLiteral: result)
    }
}
