/// A text in the canonical encoding and where each name and value of it stands; no value is made until somebody asks.
///
/// Whoever folds a ledger reads many records and few fields of each. Checking that a text has the one spelling it may have
/// needs no value, and finding a field compares bytes.
final class CanonicalText: Sendable {
    struct Token: Sendable {
        enum Kind: UInt8, Sendable {
            case string
            /// Written with an escape.
            case escaped
            case integer
            case `true`
            case `false`
            case array
            case object
        }

        var kind: Kind
        /// Of a string what stands between its quotation marks.
        var start: Int32
        var end: Int32
        /// The place behind this token and all within it.
        var next: Int32
    }

    let bytes: [UInt8]
    /// In the order of the text; in an object each name stands before its value.
    let tokens: [Token]

    /// - Throws: `RecordError` naming the byte, for anything but one object in its canonical spelling.
    init(_ bytes: [UInt8]) throws(RecordError) {
        guard bytes.count < Int(Int32.max) else { throw RecordError("a record of more than 2 GiB") }
        // The buffer's closure throws nothing, so that the error keeps its type.
        let read: Result<[Token], RecordError> = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(RecordError) in
                var parser = CanonicalParser(bytes: buffer)
                try parser.object(depth: 0)
                guard parser.position == buffer.count else { throw RecordError("bytes after the record") }
                return parser.tokens
            }
        }
        self.bytes = bytes
        tokens = try read.get()
    }

    /// The text of a name or a string.
    func string(_ token: Token) -> String {
        let slice = bytes[Int(token.start)..<Int(token.end)]
        return String(decoding: token.kind == .escaped ? CanonicalParser.unescaped(slice) : Array(slice), as: UTF8.self)
    }

    /// Whether a name is `name`; one that is written with an escape is compared by its text.
    func token(_ token: Token, is name: String) -> Bool {
        guard token.kind == .string else { return string(token) == name }
        let count = Int(token.end - token.start)
        guard name.utf8.count == count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            var place = Int(token.start)
            for byte in name.utf8 {
                if bytes[place] != byte { return false }
                place += 1
            }
            return true
        }
    }
}

/// Reads the canonical encoding, and nothing that is written otherwise.
struct CanonicalParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    fileprivate var position = 0
    fileprivate var tokens: [CanonicalText.Token] = []

    fileprivate init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        tokens.reserveCapacity(bytes.count / 8 + 4)
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func expect(_ character: Unicode.Scalar) throws(RecordError) {
        guard take(character) else { throw RecordError("expected \(character) at byte \(position)") }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func open(_ kind: CanonicalText.Token.Kind) -> Int {
        tokens.append(.init(kind: kind, start: Int32(position), end: 0, next: 0))
        return tokens.count - 1
    }

    private mutating func close(_ index: Int) {
        tokens[index].end = Int32(position)
        tokens[index].next = Int32(tokens.count)
    }

    fileprivate mutating func object(depth: Int) throws(RecordError) {
        guard depth < 16 else { throw RecordError("nested too deeply") }
        let index = open(.object)
        try expect("{")
        if take("}") { return close(index) }
        var last = -1
        repeat {
            let name = tokens.count
            try string()
            if last >= 0, !precedes(tokens[last], tokens[name]) {
                throw RecordError("a key is out of order before byte \(position)")
            }
            last = name
            try expect(":")
            try value(depth: depth + 1)
        } while take(",")
        try expect("}")
        close(index)
    }

    /// By bytes as they are written, unless one of them is written with an escape.
    private func precedes(_ a: CanonicalText.Token, _ b: CanonicalText.Token) -> Bool {
        let x = bytes[Int(a.start)..<Int(a.end)]
        let y = bytes[Int(b.start)..<Int(b.end)]
        guard a.kind == .string, b.kind == .string else {
            return Self.unescaped(x).lexicographicallyPrecedes(Self.unescaped(y))
        }
        return x.lexicographicallyPrecedes(y)
    }

    private mutating func value(depth: Int) throws(RecordError) {
        guard depth < 16 else { throw RecordError("nested too deeply") }
        switch peek() {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "["):
            let index = open(.array)
            position += 1
            if take("]") { return close(index) }
            repeat { try value(depth: depth + 1) } while take(",")
            try expect("]")
            close(index)
        case UInt8(ascii: "t"): try word("true", .true)
        case UInt8(ascii: "f"): try word("false", .false)
        default: try integer()
        }
    }

    /// One spelling for each number: no leading zero, no negative zero.
    private mutating func integer() throws(RecordError) {
        let index = open(.integer)
        let isNegative = take("-")
        let first = position
        while let byte = peek(), byte >= 48, byte <= 57 { position += 1 }
        let count = position - first
        guard count > 0, bytes[first] != 48 || (count == 1 && !isNegative),
            count < 19 || Self.integer(bytes[Int(tokens[index].start)..<position]) != nil
        else { throw RecordError("not a value at byte \(tokens[index].start)") }
        close(index)
    }

    /// Of digits, with a sign before them or without; nil beyond 64 bits.
    static func integer(_ digits: some Collection<UInt8>) -> Int64? {
        let isNegative = digits.first == UInt8(ascii: "-")
        // The digits below zero, which reach further by one.
        var number: Int64 = 0
        for byte in digits.dropFirst(isNegative ? 1 : 0) {
            let (tens, overflowed) = number.multipliedReportingOverflow(by: 10)
            let (next, overflowedToo) = tens.subtractingReportingOverflow(Int64(byte) - 48)
            if overflowed || overflowedToo { return nil }
            number = next
        }
        return isNegative ? number : number == .min ? nil : -number
    }

    private mutating func word(_ text: StaticString, _ kind: CanonicalText.Token.Kind) throws(RecordError) {
        let index = open(kind)
        for offset in 0..<text.utf8CodeUnitCount {
            guard peek() == text.utf8Start[offset] else {
                throw RecordError("not a value at byte \(tokens[index].start)")
            }
            position += 1
        }
        close(index)
    }

    /// Only the escapes that the writer uses are read, so that each text has one spelling.
    private mutating func string() throws(RecordError) {
        try expect("\"")
        let index = open(.string)
        var isASCII = true
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw RecordError("a control character at byte \(position)") }
            position += 1
            if byte >= 0x80 { isASCII = false }
            if byte == UInt8(ascii: "\\") {
                tokens[index].kind = .escaped
                try escape()
            }
        }
        close(index)
        try expect("\"")
        if !isASCII {
            let text = bytes[Int(tokens[index].start)..<Int(tokens[index].end)]
            guard String(validating: text, as: UTF8.self) != nil else { throw RecordError("not UTF-8") }
        }
    }

    private mutating func escape() throws(RecordError) {
        guard let escape = peek() else { throw RecordError("a text without an end") }
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"),
            UInt8(ascii: "f"), UInt8(ascii: "r"):
            break
        case UInt8(ascii: "u"):
            guard position + 4 <= bytes.count, bytes[position] == 48, bytes[position + 1] == 48,
                let high = hexValue(bytes[position + 2]), let low = hexValue(bytes[position + 3])
            else { throw RecordError("bad escape at byte \(position)") }
            let scalar = high << 4 | low
            guard scalar < 0x20, ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(scalar),
                bytes[position + 3] < 65 || bytes[position + 3] > 70
            else { throw RecordError("needless escape at byte \(position)") }
            position += 4
        default: throw RecordError("bad escape at byte \(position)")
        }
    }

    /// What a text that was read stands for.
    static func unescaped(_ text: some Collection<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.next() else {
                out.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "u"):
                var scalar: UInt8 = 0
                for _ in 0..<4 { scalar = scalar << 4 | (rest.next().flatMap(hexValue) ?? 0) }
                out.append(scalar)
            default: out.append(escape)
            }
        }
        return out
    }
}
