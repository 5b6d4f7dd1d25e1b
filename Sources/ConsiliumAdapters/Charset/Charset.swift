/// A character set of the published table: what may stand in MSH-18, and in a site's profile.
///
/// The table follows HL7 table 0211 with the aliases that are seen in the wild. `GBK` and `GB2312` are read as
/// GB 18030, which contains both, because senders that write those names send its characters; they are written as
/// GBK, because a receiver of that name may not know four-byte characters.
package struct Charset: Sendable, Hashable {
    /// What a `\Xhh..\` escape of this set holds, and how far the set reaches.
    enum Family: Sendable {
        case ascii
        case unicode
        case chinese
        case singleByte
        case other
    }

    /// The name of this table, e.g. `GB18030`; what a site's profile says.
    package let name: String
    /// The name of HL7 table 0211, e.g. `GB 18030-2000`; what goes into MSH-18.
    package let hl7Name: String
    let family: Family
    /// iconv's name for reading.
    let reading: String
    /// iconv's name for writing.
    let writing: String

    init(_ name: String, hl7 hl7Name: String, _ family: Family, reading: String, writing: String? = nil) {
        self.name = name
        self.hl7Name = hl7Name
        self.family = family
        self.reading = reading
        self.writing = writing ?? reading
    }

    package static func == (a: Charset, b: Charset) -> Bool { a.name == b.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// The set that `label` names, ignoring case, spaces and punctuation; nil when the table has none of that name.
    package init?(label: some StringProtocol) {
        if let found = Self.bySpelling[String(label)] {
            self = found
            return
        }
        let key = String(
            decoding: label.utf8.compactMap { byte -> UInt8? in
                switch byte {
                case 48...57, 65...90: byte
                case 97...122: byte - 32
                default: nil
                }
            },
            as: UTF8.self
        )
        guard let found = Self.byLabel[key] else { return nil }
        self = found
    }

    package static let ascii = Charset("ASCII", hl7: "ASCII", .ascii, reading: "ASCII")
    package static let utf8 = Charset("UTF-8", hl7: "UNICODE UTF-8", .unicode, reading: "UTF-8")
    package static let gb18030 = Charset("GB18030", hl7: "GB 18030-2000", .chinese, reading: "GB18030")
    package static let gbk = Charset("GBK", hl7: "GBK", .chinese, reading: "GB18030", writing: "GBK")
    static let utf16 = Charset("UTF-16", hl7: "UNICODE UTF-16", .unicode, reading: "UTF-16BE")
    static let utf16LittleEndian = Charset("UTF-16LE", hl7: "UNICODE UTF-16", .unicode, reading: "UTF-16LE")
    static let utf32 = Charset("UTF-32", hl7: "UNICODE UTF-32", .unicode, reading: "UTF-32BE")
    static let utf32LittleEndian = Charset("UTF-32LE", hl7: "UNICODE UTF-32", .unicode, reading: "UTF-32LE")

    /// Every set of the table, in the table's order.
    package static let all: [Charset] = table.map(\.0)

    private static let table: [(Charset, [String])] = {
        var rows: [(Charset, [String])] = [
            (.ascii, ["ASCII", "USASCII", "ISOIR6", "ISO646"]),
            (.utf8, ["UTF8", "UNICODE", "UNICODEUTF8", "ISO10646UTF8"]),
            (.utf16, ["UTF16", "UTF16BE", "UNICODEUTF16"]),
            (.utf16LittleEndian, ["UTF16LE"]),
            (.utf32, ["UTF32", "UTF32BE", "UNICODEUTF32"]),
            (.utf32LittleEndian, ["UTF32LE"]),
            (.gb18030, ["GB18030", "GB180302000", "GB180302005", "GB180302022"]),
            (.gbk, ["GBK", "CP936", "MS936", "WINDOWS936", "GB2312", "GB23121980", "GB231280", "EUCCN", "ISOIR58"]),
            (Charset("BIG5", hl7: "BIG-5", .other, reading: "BIG5"), ["BIG5", "CNBIG5", "CP950"]),
            (Charset("CNS11643", hl7: "CNS 11643-1992", .other, reading: "EUC-TW"), ["CNS116431992", "EUCTW"]),
            (Charset("KSX1001", hl7: "KS X 1001", .other, reading: "EUC-KR"), ["KSX1001", "EUCKR", "KSC5601"]),
            (Charset("ISO-IR-14", hl7: "ISO IR14", .other, reading: "CP932"), ["ISOIR14", "JISX0201"]),
            (Charset("ISO-IR-87", hl7: "ISO IR87", .other, reading: "ISO-2022-JP"), ["ISOIR87", "ISO2022JP"]),
            (Charset("ISO-IR-159", hl7: "ISO IR159", .other, reading: "ISO-2022-JP-2"), ["ISOIR159", "ISO2022JP2"]),
        ]
        for part in [1, 2, 3, 4, 5, 6, 7, 8, 9, 15] {
            let set = Charset("8859/\(part)", hl7: "8859/\(part)", .singleByte, reading: "ISO-8859-\(part)")
            rows.append((set, ["8859\(part)", "ISO8859\(part)"]))
        }
        return rows
    }()

    /// The spellings of the tables themselves: what nearly every message and profile says.
    private static let bySpelling: [String: Charset] = {
        var sets: [String: Charset] = ["GB2312": .gbk, "UTF8": .utf8]
        for set in all.reversed() {
            sets[set.hl7Name] = set
            sets[set.name] = set
        }
        return sets
    }()

    private static let byLabel: [String: Charset] = {
        var sets: [String: Charset] = [:]
        for (set, labels) in table {
            for label in labels { sets[label] = set }
        }
        return sets
    }()
}

extension Charset {
    /// The text of `bytes` as UTF-8; nil when a single byte does not belong to this set.
    package func utf8(of bytes: [UInt8]) -> [UInt8]? {
        if self == .utf8 { return UTF8Content(bytes).isValid ? bytes : nil }
        return Iconv.convert(bytes, from: reading, to: "UTF-8")
    }

    /// `text` in this set; nil when a single character has no place in it.
    package func bytes(of text: String) -> [UInt8]? {
        self == .utf8 ? Array(text.utf8) : Iconv.convert(Array(text.utf8), from: "UTF-8", to: writing)
    }

    /// Whether every ASCII character is its own byte, so that a header can be read before anything is decoded.
    var containsASCII: Bool { !reading.hasPrefix("UTF-16") && !reading.hasPrefix("UTF-32") }

    /// Whether bytes below 0x80 may stand for something other than ASCII (ISO 2022 shifts).
    var shifts: Bool { reading.hasPrefix("ISO-2022") }
}
