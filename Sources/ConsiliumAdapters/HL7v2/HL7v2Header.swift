/// What MSH says: who sends what to whom, and how an answer must be written.
///
/// Fields that an answer echoes are kept as they were sent, escapes and all, because the answer uses the same
/// delimiters.
package struct HL7v2Header: Sendable, Equatable {
    /// MSH-3 to MSH-6.
    package var sendingApplication = ""
    package var sendingFacility = ""
    package var receivingApplication = ""
    package var receivingFacility = ""
    /// MSH-7.
    package var messageTime = ""
    /// MSH-9.1, e.g. `REF`.
    package var type = ""
    /// MSH-9.2, e.g. `I12`.
    package var event = ""
    /// MSH-10; empty when there is none: nothing is invented in its place.
    package var controlID = ""
    /// MSH-11.
    package var processingID = ""
    /// MSH-12.1.
    package var version = ""
    /// MSH-18, first repetition, as sent.
    package var charsetLabel = ""
    /// The set that decoded the message; the answer is written in it.
    package var charset = Charset.utf8
    package var delimiters = ER7Delimiters.standard
    /// MSH-15 or MSH-16 is filled: the sender asks for enhanced mode and is answered in original mode.
    package var wantsEnhancedMode = false

    package init() {}

    /// An acknowledgement is never answered.
    package var isAcknowledgement: Bool { type == "ACK" || type == "MCF" }

    /// 2.5 and later carry errors in ERR-2 to ERR-8, earlier versions in ERR-1.
    var hasModernErrors: Bool { version.isEmpty || !["2.1", "2.2", "2.3", "2.3.1", "2.4"].contains(version) }
}

extension HL7v2Header {
    init(_ message: ER7Message, charset: Charset) {
        let msh = message.msh
        self.charset = charset
        delimiters = message.delimiters
        sendingApplication = msh.raw(3)
        sendingFacility = msh.raw(4)
        receivingApplication = msh.raw(5)
        receivingFacility = msh.raw(6)
        messageTime = msh.text(7) ?? ""
        (type, event) = Self.kind(msh.text(9) ?? "", msh.text(9, 2) ?? "", msh.text(9, 3) ?? "")
        controlID = msh.raw(10)
        processingID = msh.text(11) ?? ""
        version = msh.subcomponent(12, 1, 1) ?? ""
        wantsEnhancedMode = msh.isFilled(15) || msh.isFilled(16)
        charsetLabel = msh.text(18) ?? ""
    }

    /// Type and event from the three components of MSH-9; `REF_I12` and `REF^^REF_I12` mean what they say.
    private static func kind(_ type: String, _ event: String, _ structure: String) -> (String, String) {
        var type = type.uppercased()
        var event = event.uppercased()
        if event.isEmpty {
            let parts = (type.contains("_") ? type : structure.uppercased()).split(separator: "_")
            if parts.count == 2, type.contains("_") || parts[0] == type {
                type = String(parts[0])
                event = String(parts[1])
            }
        }
        return (type, event)
    }

    /// What can be read of a header when the message as a whole cannot; never fails, fields may stay empty.
    init(salvaging bytes: [UInt8], siteDefault: Charset) {
        let label = RawHeader.charsetLabel(in: bytes)
        let decoded = CharsetDetection.decode(bytes, label: label, siteDefault: siteDefault)
        let text = decoded?.utf8 ?? Array(String(decoding: bytes, as: UTF8.self).utf8)
        let charset = decoded?.charset ?? siteDefault
        if let message = try? ER7Message(utf8: RawHeader.firstSegment(of: text), charset: charset) {
            self.init(message, charset: charset)
            return
        }
        self.init()
        self.charset = charset
        let line = RawHeader.firstSegment(of: text)
        guard line.count > 4, ER7Delimiters.isDelimiter(line[3]) else { return }
        delimiters.field = line[3]
        let fields = line.dropFirst(4).split(separator: line[3], omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func field(_ number: Int) -> String { number - 2 < fields.count ? fields[number - 2] : "" }
        sendingApplication = field(3)
        sendingFacility = field(4)
        receivingApplication = field(5)
        receivingFacility = field(6)
        controlID = field(10)
        let kind = field(9).split(separator: "^", omittingEmptySubsequences: false).map(String.init)
        (type, event) = (kind.first ?? "", kind.count > 1 ? kind[1] : "")
        processingID = field(11)
        version = field(12)
        charsetLabel = field(18)
    }
}

/// A look at MSH before anything is decoded.
enum RawHeader {
    /// What stands in MSH-18 (first repetition), or, where that is empty, the name of a character set in MSH-17, where
    /// some systems put it.
    ///
    /// The field is found by counting separators. Where that hits on no known name, pairs of bytes that begin above
    /// 0x80 are skipped and counting is repeated: in GBK the second byte of a character may be the separator.
    static func charsetLabel(in bytes: [UInt8]) -> String? {
        guard let start = start(in: bytes) else { return nil }
        let plain = field(18, bytes, start, skipsPairs: false)
        if let plain, Charset(label: plain) != nil { return plain }
        let paired = field(18, bytes, start, skipsPairs: true)
        if let paired, paired != plain, Charset(label: paired) != nil { return paired }
        if let plain { return plain }
        let country = field(17, bytes, start, skipsPairs: false)
        return country.flatMap { Charset(label: $0) != nil ? $0 : nil }
    }

    /// Where `MSH` begins: as the first thing, at the beginning of a line, or, behind other junk, as `MSH|`.
    static func start(in bytes: [UInt8]) -> Int? {
        var index = 0
        var isAtStart = true
        let horizon = min(bytes.count - 4, 4_096)
        while index <= horizon {
            let byte = bytes[index]
            if byte == 0x4D, bytes[index + 1] == 0x53, bytes[index + 2] == 0x48 {
                let separator = bytes[index + 3]
                if separator == 0x7C || isAtStart && ER7Delimiters.isDelimiter(separator) { return index }
            }
            if byte > 32 { isAtStart = false } else if byte == 13 || byte == 10 { isAtStart = true }
            index += 1
        }
        return nil
    }

    private static func field(_ wanted: Int, _ bytes: [UInt8], _ start: Int, skipsPairs: Bool) -> String? {
        let separator = bytes[start + 3]
        let repetition: UInt8 = start + 5 < bytes.count && bytes[start + 5] > 32 ? bytes[start + 5] : 0x7E
        var number = 1
        var index = start + 3
        var from = 0
        while index < bytes.count, bytes[index] != 13, bytes[index] != 10 {
            if bytes[index] == separator {
                if number == wanted { break }
                number += 1
                from = index + 1
            }
            index += skipsPairs && bytes[index] > 0x80 ? 2 : 1
        }
        guard number == wanted, from <= min(index, bytes.count) else { return nil }
        let value = bytes[from..<min(index, bytes.count)].prefix { $0 != repetition }
        let inner = value.drop { $0 <= 32 }
        guard let last = inner.lastIndex(where: { $0 > 32 }) else { return nil }
        let text = String(decoding: inner[...last], as: UTF8.self)
        return text == "\"\"" ? nil : text
    }

    /// From `MSH` to the end of its line.
    static func firstSegment(of bytes: [UInt8]) -> [UInt8] {
        guard let start = start(in: bytes) else { return [] }
        return Array(bytes[start...].prefix { $0 != 13 && $0 != 10 })
    }
}
