/// Bytes of a record that cannot be read; never the sender's fault.
package struct RecordError: Error, Equatable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}

/// Writes the ledger's one canonical encoding: JSON in UTF-8, no white space, keys in the order of their bytes,
/// integers only, the escapes that RFC 8785 section 3.2.2.2 asks for.
///
/// Keys must be written in order; a debug build checks it.
package struct CanonicalWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false
    #if DEBUG
    private var lastKeys: [String] = []
    #endif

    package init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    package mutating func object(_ body: (inout CanonicalWriter) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        #if DEBUG
        lastKeys.append("")
        #endif
        body(&self)
        #if DEBUG
        lastKeys.removeLast()
        #endif
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    private mutating func key(_ name: String) {
        #if DEBUG
        assert(
            lastKeys[lastKeys.count - 1].utf8.lexicographicallyPrecedes(name.utf8),
            "key \(name) is out of order after \(lastKeys[lastKeys.count - 1])"
        )
        lastKeys[lastKeys.count - 1] = name
        #endif
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    package mutating func field(_ name: String, _ value: String) {
        key(name)
        string(value)
        needsComma = true
    }

    /// Writes nothing for nil: what is absent stays absent.
    package mutating func field(_ name: String, _ value: String?) {
        if let value { field(name, value) }
    }

    package mutating func field(_ name: String, _ value: Int64) {
        key(name)
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    package mutating func field(_ name: String, _ value: Int) { field(name, Int64(value)) }

    package mutating func field(_ name: String, _ value: Int?) {
        if let value { field(name, Int64(value)) }
    }

    package mutating func field(_ name: String, _ value: Bool) {
        key(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    package mutating func field(_ name: String, _ value: Instant) { field(name, value.milliseconds) }

    package mutating func field(_ name: String, _ value: Instant?) {
        if let value { field(name, value.milliseconds) }
    }

    package mutating func field(_ name: String, hex value: [UInt8]?) {
        guard let value else { return }
        key(name)
        bytes.append(UInt8(ascii: "\""))
        appendHexadecimal(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// A digest: 16 digits.
    package mutating func field(_ name: String, hex value: UInt64) {
        key(name)
        string(hex: value)
        needsComma = true
    }

    mutating func string(hex value: UInt64) {
        bytes.append(UInt8(ascii: "\""))
        appendHexadecimal(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func field<Value: RawRepresentable>(_ name: String, _ value: Value)
    where Value.RawValue == String { field(name, value.rawValue) }

    package mutating func field<Value: RawRepresentable>(_ name: String, _ value: Value?)
    where Value.RawValue == String {
        if let value { field(name, value.rawValue) }
    }

    package mutating func field(_ name: String, object body: (inout CanonicalWriter) -> Void) {
        key(name)
        object(body)
    }

    package mutating func field<Item>(
        _ name: String,
        _ items: some Sequence<Item>,
        each body: (inout CanonicalWriter, Item) -> Void
    ) {
        key(name)
        bytes.append(UInt8(ascii: "["))
        var first = true
        for item in items {
            if !first { bytes.append(UInt8(ascii: ",")) }
            first = false
            needsComma = false
            body(&self, item)
        }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    package mutating func field(_ name: String, strings: some Sequence<String>) {
        field(name, strings) { writer, item in writer.string(item) }
    }

    package mutating func field(_ name: String, instants: some Sequence<Instant>) {
        field(name, instants) { writer, item in writer.bytes.append(contentsOf: String(item.milliseconds).utf8) }
    }

    /// A value as it was read.
    mutating func field(_ name: String, _ value: CanonicalValue) {
        key(name)
        self.value(value)
        needsComma = true
    }

    private mutating func value(_ value: CanonicalValue) {
        switch value {
        case .string(let text): string(text)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                self.value(item)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object): self.object { w in for (name, value) in object.fields { w.field(name, value) } }
        }
    }

    package mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            // Almost every text is written as it is.
            if text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: text)
            } else {
                escape(text)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: hexadecimal([byte]).utf8)
            default: bytes.append(byte)
            }
        }
    }
}

/// A value of the canonical encoding.
package indirect enum CanonicalValue: Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case bool(Bool)
    case array([CanonicalValue])
    case object(CanonicalObject)
}

/// An object of the canonical encoding, read strictly: unsorted or duplicate keys, white space, fractions and
/// nesting deeper than 16 are errors.
package struct CanonicalObject: Sendable, Equatable {
    package private(set) var fields: [(name: String, value: CanonicalValue)] = []

    package static func == (a: CanonicalObject, b: CanonicalObject) -> Bool {
        a.fields.count == b.fields.count && zip(a.fields, b.fields).allSatisfy { $0 == $1 }
    }

    package init(_ bytes: some Collection<UInt8>) throws(RecordError) {
        var parser = CanonicalParser(bytes: Array(bytes))
        self = try parser.object(depth: 0)
        guard parser.position == parser.bytes.count else { throw RecordError("bytes after the record") }
    }

    /// Fields in the order of their names' bytes.
    init(fields: [(name: String, value: CanonicalValue)]) { self.fields = fields }

    package func value(_ name: String) -> CanonicalValue? {
        fields.first { $0.name == name }?.value
    }

    package func optionalString(_ name: String) throws(RecordError) -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text): return text
        default: throw RecordError("\(name) is not a string")
        }
    }

    package func string(_ name: String) throws(RecordError) -> String {
        guard let text = try optionalString(name) else { throw RecordError("\(name) is missing") }
        return text
    }

    package func optionalInteger(_ name: String) throws(RecordError) -> Int64? {
        switch value(name) {
        case nil: return nil
        case .integer(let number): return number
        default: throw RecordError("\(name) is not an integer")
        }
    }

    package func integer(_ name: String) throws(RecordError) -> Int64 {
        guard let number = try optionalInteger(name) else { throw RecordError("\(name) is missing") }
        return number
    }

    package func int(_ name: String) throws(RecordError) -> Int { Int(try integer(name)) }

    package func instant(_ name: String) throws(RecordError) -> Instant {
        Instant(milliseconds: try integer(name))
    }

    package func optionalInstant(_ name: String) throws(RecordError) -> Instant? {
        try optionalInteger(name).map { Instant(milliseconds: $0) }
    }

    package func bool(_ name: String) throws(RecordError) -> Bool {
        guard case .bool(let flag) = value(name) else { throw RecordError("\(name) is not a boolean") }
        return flag
    }

    package func coded<Value: RawRepresentable>(_ name: String) throws(RecordError) -> Value
    where Value.RawValue == String {
        let text = try string(name)
        guard let value = Value(rawValue: text) else { throw RecordError("\(name): unknown code \(text)") }
        return value
    }

    package func optionalCoded<Value: RawRepresentable>(_ name: String) throws(RecordError) -> Value?
    where Value.RawValue == String {
        guard let text = try optionalString(name) else { return nil }
        guard let value = Value(rawValue: text) else { throw RecordError("\(name): unknown code \(text)") }
        return value
    }

    /// 8 bytes of a keyed hash.
    package func digest(_ name: String) throws(RecordError) -> UInt64 {
        guard let value = UInt64(digest: try string(name)) else {
            throw RecordError("\(name) is not 16 lower-case hexadecimal digits")
        }
        return value
    }

    package func hex(_ name: String) throws(RecordError) -> [UInt8]? {
        guard let text = try optionalString(name) else { return nil }
        guard let value = ConsiliumCore.bytes(hexadecimal: text), !text.utf8.contains(where: { $0 >= 65 && $0 <= 70 })
        else {
            throw RecordError("\(name) is not lower-case hexadecimal")
        }
        return value
    }

    /// As `hex`, and an error when it is absent.
    package func bytes(_ name: String) throws(RecordError) -> [UInt8] {
        guard let value = try hex(name) else { throw RecordError("\(name) is missing") }
        return value
    }

    package func identifier(_ name: String) throws(RecordError) -> TimeOrderedID {
        guard let id = TimeOrderedID(try string(name)) else { throw RecordError("\(name) is not an identifier") }
        return id
    }

    package func object(_ name: String) throws(RecordError) -> CanonicalObject {
        guard case .object(let object) = value(name) else { throw RecordError("\(name) is not an object") }
        return object
    }

    package func optionalObject(_ name: String) throws(RecordError) -> CanonicalObject? {
        value(name) == nil ? nil : try object(name)
    }

    /// Empty when absent.
    package func objects(_ name: String) throws(RecordError) -> [CanonicalObject] {
        var out: [CanonicalObject] = []
        for item in try array(name) {
            guard case .object(let object) = item else { throw RecordError("\(name) holds something else") }
            out.append(object)
        }
        return out
    }

    /// Empty when absent.
    package func strings(_ name: String) throws(RecordError) -> [String] {
        var out: [String] = []
        for item in try array(name) {
            guard case .string(let text) = item else { throw RecordError("\(name) holds something else") }
            out.append(text)
        }
        return out
    }

    package func instants(_ name: String) throws(RecordError) -> [Instant] {
        var out: [Instant] = []
        for item in try array(name) {
            guard case .integer(let number) = item else { throw RecordError("\(name) holds something else") }
            out.append(Instant(milliseconds: number))
        }
        return out
    }

    private func array(_ name: String) throws(RecordError) -> [CanonicalValue] {
        switch value(name) {
        case nil: return []
        case .array(let items): return items
        default: throw RecordError("\(name) is not an array")
        }
    }
}

private struct CanonicalParser {
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

    mutating func object(depth: Int) throws(RecordError) -> CanonicalObject {
        guard depth < 16 else { throw RecordError("nested too deeply") }
        try expect("{")
        var fields: [(name: String, value: CanonicalValue)] = []
        if take("}") { return CanonicalObject(fields: fields) }
        repeat {
            let name = try string()
            if let last = fields.last, !last.name.utf8.lexicographicallyPrecedes(name.utf8) {
                throw RecordError("key \(name) is out of order")
            }
            try expect(":")
            fields.append((name, try value(depth: depth + 1)))
        } while take(",")
        try expect("}")
        return CanonicalObject(fields: fields)
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
            let start = position
            if peek() == UInt8(ascii: "-") { position += 1 }
            while let byte = peek(), byte >= 48, byte <= 57 { position += 1 }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            // One spelling for each number: no leading zero, no negative zero.
            guard let number = Int64(text), String(number) == text else {
                throw RecordError("not a value at byte \(start)")
            }
            return .integer(number)
        }
    }

    private mutating func word(_ text: String) throws(RecordError) {
        guard bytes[position...].starts(with: text.utf8) else { throw RecordError("not a value at byte \(position)") }
        position += text.utf8.count
    }

    /// Only the escapes that the writer uses are read, so that each text has one spelling.
    private mutating func string() throws(RecordError) -> String {
        try expect("\"")
        let start = position
        while let byte = peek(), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
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
