/// Reads the canonical encoding, and nothing that is written otherwise.
struct CanonicalParser {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func expect(_ character: Unicode.Scalar) throws(RecordError) {
        guard let byte = peek(), UInt32(byte) == character.value else {
            throw RecordError("expected \(character) at byte \(position)")
        }
        position += 1
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = peek(), UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    /// - Parameters:
    ///   - names: fields with text that are named otherwise are checked and left out; nil: every field is kept.
    mutating func object(depth: Int, keeping names: [String]? = nil) throws(RecordError) -> CanonicalObject {
        guard depth < 16 else { throw RecordError("nested too deeply") }
        try expect("{")
        var fields: [(name: String, value: CanonicalValue)] = []
        if take("}") { return CanonicalObject(fields: fields) }
        fields.reserveCapacity(8)
        var last: (name: String, written: Range<Int>?)?
        repeat {
            let start = position
            let name = try string()
            // Names are compared as they are written, unless one of them is written with an escape.
            let written = position - start == name.utf8.count + 2 ? start + 1..<position - 1 : nil
            if let last {
                let isInOrder =
                    if let before = last.written, let written { precedes(before, written) } else {
                        last.name.utf8.lexicographicallyPrecedes(name.utf8)
                    }
                guard isInOrder else { throw RecordError("key \(name) is out of order") }
            }
            last = (name, written)
            try expect(":")
            if let names, peek() == UInt8(ascii: "\""), !names.contains(name) {
                try passString()
            } else {
                fields.append((name, try value(depth: depth + 1)))
            }
        } while take(",")
        try expect("}")
        return CanonicalObject(fields: fields)
    }

    private func precedes(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        for index in 0..<min(a.count, b.count) {
            let (x, y) = (bytes[a.lowerBound + index], bytes[b.lowerBound + index])
            if x != y { return x < y }
        }
        return a.count < b.count
    }

    private mutating func value(depth: Int) throws(RecordError) -> CanonicalValue {
        guard depth < 16 else { throw RecordError("nested too deeply") }
        switch peek() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["):
            position += 1
            var items: [CanonicalValue] = []
            if take("]") { return .array(items) }
            repeat { items.append(try value(depth: depth + 1)) } while take(",")
            try expect("]")
            return .array(items)
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        default:
            return .integer(try integer())
        }
    }

    /// One spelling for each number: no leading zero, no negative zero.
    private mutating func integer() throws(RecordError) -> Int64 {
        let start = position
        let isNegative = take("-")
        let first = position
        // Of a negative number the digits below zero, which reach further by one.
        var number: Int64 = 0
        var isTooLarge = false
        while let byte = peek(), byte >= 48, byte <= 57 {
            position += 1
            let (tens, overflowed) = number.multipliedReportingOverflow(by: 10)
            let (next, overflowedToo) = tens.subtractingReportingOverflow(Int64(byte) - 48)
            isTooLarge = isTooLarge || overflowed || overflowedToo
            number = next
        }
        let count = position - first
        guard count > 0, !isTooLarge, bytes[first] != 48 || (count == 1 && !isNegative),
            isNegative || number != .min
        else { throw RecordError("not a value at byte \(start)") }
        return isNegative ? number : -number
    }

    private mutating func word(_ text: String) throws(RecordError) {
        guard bytes[position...].starts(with: text.utf8) else { throw RecordError("not a value at byte \(position)") }
        position += text.utf8.count
    }

    /// As `string`, but makes none of plain text.
    private mutating func passString() throws(RecordError) {
        let start = position
        position += 1
        while let byte = peek(), byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            position += 1
        }
        if take("\"") { return }
        position = start
        _ = try string()
    }

    /// Only the escapes that the writer uses are read, so that each text has one spelling.
    private mutating func string() throws(RecordError) -> String {
        try expect("\"")
        let start = position
        while let byte = peek(), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        if let byte = peek(), byte == UInt8(ascii: "\"") {
            guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
                throw RecordError("not UTF-8")
            }
            position += 1
            return text
        }
        var out = Array(bytes[start..<position])
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw RecordError("a control character at byte \(position)") }
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                out.append(byte)
                continue
            }
            guard let escape = peek() else { break }
            position += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out.append(escape)
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "u"):
                guard position + 4 <= bytes.count, bytes[position] == 48, bytes[position + 1] == 48,
                    let high = hexValue(bytes[position + 2]), let low = hexValue(bytes[position + 3])
                else { throw RecordError("bad escape at byte \(position)") }
                let scalar = high << 4 | low
                guard scalar < 0x20, ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(scalar),
                    bytes[position + 3] < 65 || bytes[position + 3] > 70
                else { throw RecordError("needless escape at byte \(position)") }
                out.append(scalar)
                position += 4
            default: throw RecordError("bad escape at byte \(position)")
            }
        }
        try expect("\"")
        guard let text = String(validating: out, as: UTF8.self) else { throw RecordError("not UTF-8") }
        return text
    }
}
