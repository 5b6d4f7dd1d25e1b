package import ConsiliumCore

/// One statement in the text that every store understands: parameters are `$1`, `$2`, …
///
/// The text is written for PostgreSQL and rewritten once for SQLite: `$n` becomes `?n`, because SQLite reads `$2, $1`
/// as names numbered by first appearance and swaps the values. In a table definition `/*sqlite WITHOUT ROWID*/` is a
/// comment to PostgreSQL and plain text to SQLite. Keep statements in a `static let`.
package struct SQL: Sendable, Hashable, ExpressibleByStringLiteral {
    package let text: String
    let sqlite: String

    package init(_ text: String) {
        self.text = text
        sqlite = Self.rewrite(text)
    }

    package init(stringLiteral text: String) { self.init(text) }

    package static func == (a: SQL, b: SQL) -> Bool { a.text == b.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Leaves string literals, quoted names and comments as they are.
    static func rewrite(_ text: String) -> String {
        let input = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        var index = 0
        while index < input.count {
            let byte = input[index]
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                let end = endOfQuoted(input, from: index)
                output.append(contentsOf: input[index..<end])
                index = end
            case UInt8(ascii: "-") where next(input, index) == UInt8(ascii: "-"):
                let end = input[index...].firstIndex(of: UInt8(ascii: "\n")) ?? input.count
                output.append(contentsOf: input[index..<end])
                index = end
            case UInt8(ascii: "/") where next(input, index) == UInt8(ascii: "*"):
                let end = endOfComment(input, from: index)
                let comment = input[index..<end]
                if comment.starts(with: sqliteOnly), end - index >= sqliteOnly.count + 2 {
                    output.append(contentsOf: comment.dropFirst(sqliteOnly.count).dropLast(2))
                } else {
                    output.append(contentsOf: comment)
                }
                index = end
            case UInt8(ascii: "$") where next(input, index).map(isDigit) == true:
                output.append(UInt8(ascii: "?"))
                index += 1
            default:
                output.append(byte)
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let sqliteOnly = Array("/*sqlite ".utf8)

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func next(_ input: [UInt8], _ index: Int) -> UInt8? {
        index + 1 < input.count ? input[index + 1] : nil
    }

    private static func endOfQuoted(_ input: [UInt8], from start: Int) -> Int {
        let close = input[(start + 1)...].firstIndex(of: input[start])
        return close.map { $0 + 1 } ?? input.count
    }

    private static func endOfComment(_ input: [UInt8], from start: Int) -> Int {
        var index = start + 2
        while index + 1 < input.count {
            if input[index] == UInt8(ascii: "*"), input[index + 1] == UInt8(ascii: "/") { return index + 2 }
            index += 1
        }
        return input.count
    }
}

/// What a statement's parameter can be: integers, text and bytes only.
package enum SQLValue: Sendable, Equatable {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    /// Bound as its 16 bytes, big-endian, without allocating them.
    case identifier(TimeOrderedID)
    case null

    package static func int(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    /// Whole milliseconds since 1970.
    package static func time(_ value: Instant) -> SQLValue { .integer(value.milliseconds) }

    package static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    package static func optional(_ value: [UInt8]?) -> SQLValue { value.map { .blob($0) } ?? .null }
    package static func optional(_ value: Instant?) -> SQLValue { value.map { .time($0) } ?? .null }
}
