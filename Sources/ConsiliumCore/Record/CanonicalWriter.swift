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
        array(items, each: body)
        needsComma = true
    }

    package mutating func field(_ name: String, strings: some Sequence<String>) {
        field(name, strings) { writer, item in writer.string(item) }
    }

    package mutating func field(_ name: String, integers: some Sequence<Int>) {
        field(name, integers) { writer, item in writer.bytes.append(contentsOf: String(item).utf8) }
    }

    package mutating func field(_ name: String, instants: some Sequence<Instant>) {
        field(name, instants) { writer, item in writer.bytes.append(contentsOf: String(item.milliseconds).utf8) }
    }

    /// A value that `body` writes with `string`, `raw`, `array` or `object`.
    mutating func write(_ name: String, value body: (inout CanonicalWriter) -> Void) {
        key(name)
        body(&self)
        needsComma = true
    }

    /// A number or a word in its canonical spelling.
    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func array<Item>(_ items: some Sequence<Item>, each body: (inout CanonicalWriter, Item) -> Void) {
        bytes.append(UInt8(ascii: "["))
        var first = true
        for item in items {
            if !first { bytes.append(UInt8(ascii: ",")) }
            first = false
            needsComma = false
            body(&self, item)
        }
        bytes.append(UInt8(ascii: "]"))
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
