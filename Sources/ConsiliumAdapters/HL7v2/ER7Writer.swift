/// A field to be written. Text is escaped by the writer, so nothing that it holds can end a field or a segment.
enum ER7Value: Equatable {
    case text(String)
    case components([String])
    /// Components of subcomponents.
    case subcomponents([[String]])
    case repetitions([[String]])
    /// A field of a received message under the same delimiters, as it was sent; cut at `limit` bytes, between characters.
    /// Line breaks in it become spaces.
    case verbatim(String, limit: Int)
    /// Base64 of a document in OBX-5: source, type, subtype, encoding and data.
    case document(type: String, subtype: String, base64: [UInt8])
}

/// The fields of one segment, by number.
struct ER7Fields {
    let name: SegmentName
    fileprivate var fields: [Int: ER7Value] = [:]

    init(_ name: SegmentName) { self.name = name }

    subscript(field: Int) -> ER7Value? {
        get { fields[field] }
        set { fields[field] = newValue }
    }

    /// Sets a field to `text`; nothing when there is none.
    mutating func set(_ field: Int, _ text: String?) {
        if let text { fields[field] = .text(text) }
    }
}

/// Writes a message in ER7: escapes everything, drops empty fields at the end, ends each segment with CR, and brings the
/// whole into the receiver's character set.
struct ER7Writer {
    private let d: ER7Delimiters
    private let charset: Charset
    private var bytes: [UInt8] = []

    init(_ delimiters: ER7Delimiters = .standard, _ charset: Charset) {
        d = delimiters
        self.charset = charset
        bytes.reserveCapacity(1_024)
    }

    mutating func append(_ segment: ER7Fields) {
        bytes += segment.name.description.utf8
        var first = 1
        if segment.name == "MSH" {
            bytes.append(d.field)
            bytes += d.declaration
            first = 3
        }
        let last = segment.fields.filter { !Self.isEmpty($0.value) }.keys.max() ?? 0
        for number in stride(from: first, through: last, by: 1) {
            bytes.append(d.field)
            if let value = segment.fields[number] { write(value) }
        }
        bytes.append(13)
    }

    private static func isEmpty(_ value: ER7Value) -> Bool {
        switch value {
        case .text(let text), .verbatim(let text, _): text.isEmpty
        case .components(let parts): parts.allSatisfy(\.isEmpty)
        case .subcomponents(let parts), .repetitions(let parts): parts.allSatisfy { $0.allSatisfy(\.isEmpty) }
        case .document: false
        }
    }

    private mutating func write(_ value: ER7Value) {
        switch value {
        case .text(let text): escape(text)
        case .components(let parts): list(parts, d.component) { $0.escape($1) }
        case .subcomponents(let parts):
            var trimmed = parts
            while trimmed.last?.allSatisfy(\.isEmpty) ?? false { trimmed.removeLast() }
            for (index, part) in trimmed.enumerated() {
                if index > 0 { bytes.append(d.component) }
                list(part, d.subcomponent) { $0.escape($1) }
            }
        case .repetitions(let repetitions):
            for (index, parts) in repetitions.enumerated() {
                if index > 0 { bytes.append(d.repetition) }
                list(parts, d.component) { $0.escape($1) }
            }
        case .verbatim(let text, let limit):
            var cut = text
            while cut.utf8.count > limit { cut.unicodeScalars.removeLast() }
            for byte in cut.utf8 { bytes.append(byte < 32 || byte == d.field ? 32 : byte) }
        case .document(let type, let subtype, let base64):
            list(["", type, subtype, "Base64"], d.component) { $0.escape($1) }
            bytes.append(d.component)
            bytes += base64
        }
    }

    private mutating func list(_ parts: [String], _ delimiter: UInt8, _ body: (inout ER7Writer, String) -> Void) {
        var trimmed = parts[...]
        while trimmed.last?.isEmpty ?? false { trimmed.removeLast() }
        for (index, part) in trimmed.enumerated() {
            if index > 0 { bytes.append(delimiter) }
            body(&self, part)
        }
    }

    /// Delimiters as letters, line breaks as `\.br\`, other control characters and white space at either end (which
    /// readers cut off) as `\Xhh\`. Two quotation marks alone would be HL7's null and are written as bytes, too.
    private mutating func escape(_ text: String) {
        let source = Array(text.utf8)
        if source == [0x22, 0x22] { return sequence("X2222") }
        var index = 0
        while index < source.count {
            let byte = source[index]
            switch byte {
            case d.field: sequence("F")
            case d.component: sequence("S")
            case d.subcomponent: sequence("T")
            case d.repetition: sequence("R")
            case d.escape: sequence("E")
            case d.truncation: sequence("P")
            case 13:
                sequence(".br")
                if index + 1 < source.count, source[index + 1] == 10 { index += 1 }
            case 10: sequence(".br")
            case 32 where index == 0 || index == source.count - 1: sequence("X20")
            case 0..<32, 127: hexadecimal([byte])
            default: bytes.append(byte)
            }
            index += 1
        }
    }

    private mutating func sequence(_ inner: String) {
        bytes.append(d.escape)
        bytes += inner.utf8
        bytes.append(d.escape)
    }

    private mutating func hexadecimal(_ data: some Sequence<UInt8>) {
        bytes += Self.hexadecimal(data, d.escape)
    }

    private static func hexadecimal(_ data: some Sequence<UInt8>, _ escape: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = [escape, UInt8(ascii: "X")]
        for byte in data { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        text.append(escape)
        return text
    }

    /// The message in the receiver's set, and how many characters that set lacks.
    ///
    /// Such a character is written as `\Xhh..\`: for Chinese sets its GB 18030 bytes, else its UTF-8 bytes
    /// (`Protocols/HL7v2`), so that nothing is lost in silence.
    consuming func finish() -> (bytes: [UInt8], escaped: Int) {
        if charset == .utf8 { return (bytes, 0) }
        let text = String(decoding: bytes, as: UTF8.self)
        if let encoded = charset.bytes(of: text) { return (encoded, 0) }
        var escaped = 0
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isASCII || charset.bytes(of: String(scalar)) != nil {
                plain.append(scalar)
                continue
            }
            escaped += 1
            let unit = String(scalar)
            let data = charset.family == .chinese ? Charset.gb18030.bytes(of: unit) : nil
            let sequence = Self.hexadecimal(data ?? Array(unit.utf8), d.escape)
            plain.append(contentsOf: String(decoding: sequence, as: UTF8.self).unicodeScalars)
        }
        return (charset.bytes(of: String(plain)) ?? Array(String(plain).utf8), escaped)
    }
}
