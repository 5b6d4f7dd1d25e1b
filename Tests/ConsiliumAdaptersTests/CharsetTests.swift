import ConsiliumAdapters
import Testing

@Suite("Character sets")
struct CharsetTests {
    private static let chinese = "患者李珅，居東门街，拟診冠心病；𠮷野家"

    @Test(
        "Labels of HL7 table 0211 and of the wild name a set",
        arguments: [
            ("UNICODE UTF-8", "UTF-8"), ("utf8", "UTF-8"), ("UNICODE", "UTF-8"), ("GB 18030-2000", "GB18030"),
            ("GB18030", "GB18030"), ("GBK", "GBK"), ("GB2312", "GBK"), ("CP936", "GBK"), ("ASCII", "ASCII"),
            ("ISO IR6", "ASCII"), ("8859/1", "8859/1"), ("ISO8859_1", "8859/1"), ("8859/15", "8859/15"),
            ("BIG-5", "BIG5"),
            ("ISO IR87", "ISO-IR-87"), ("ISO IR159", "ISO-IR-159"), ("KS X 1001", "KSX1001"),
            ("CNS 11643-1992", "CNS11643"),
            ("UNICODE UTF-16", "UTF-16"), ("UNICODE UTF-32", "UTF-32"),
        ]
    )
    func labels(label: String, name: String) {
        #expect(Charset(label: label)?.name == name)
    }

    @Test("Names that no table has name nothing", arguments: ["", "CHINESE", "UTF-9", "8859/16", "中文"])
    func unknownLabels(label: String) {
        #expect(Charset(label: label) == nil)
    }

    @Test("Every set of the table reads what it writes", arguments: Charset.all)
    func roundTrip(charset: Charset) throws {
        for text in ["MSH|^~\\&|HIS", Self.chinese, "ÄÖ", "한글", "カナ"] {
            guard let bytes = charset.bytes(of: text) else { continue }
            #expect(try #require(charset.utf8(of: bytes)) == Array(text.utf8), "\(charset.name)")
        }
        #expect(charset.bytes(of: "HIS") != nil)
        #expect(Charset(label: charset.hl7Name)?.hl7Name == charset.hl7Name)
    }

    @Test("Decoding is strict: a single wrong byte fails")
    func strict() {
        let gb = Charset.gb18030.bytes(of: Self.chinese) ?? []
        #expect(Charset.gb18030.utf8(of: gb + [0x81]) == nil)
        #expect(Charset.gb18030.utf8(of: [0xFF] + gb) == nil)
        for bytes: [UInt8] in [
            [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xB8], [0x80], [0xFE],
        ] {
            #expect(Charset.utf8.utf8(of: bytes) == nil)
        }
        #expect(Charset.ascii.utf8(of: [0xE4]) == nil)
    }

    @Test("Encoding is strict: what a set lacks is not replaced")
    func strictEncoding() {
        #expect(Charset.ascii.bytes(of: "中") == nil)
        #expect(Charset.gbk.bytes(of: "𠮷") == nil)
        #expect(Charset.gb18030.bytes(of: "𠮷") != nil)
        #expect(Charset(label: "8859/1")?.bytes(of: "中") == nil)
    }

    @Test("Characters whose second byte is a delimiter survive splitting", arguments: ["珅", "昞", "東", "診"])
    func delimiterBytes(character: String) throws {
        let text = "MSH|^~\\&|HIS|S|||20260115||REF^I12|1|P|2.5||||||GB18030\rPID|1||1||\(character)^\(character)\r"
        let bytes = try #require(Charset.gb18030.bytes(of: text))
        let decoded = try #require(CharsetDetection.decode(bytes, label: "GB18030", siteDefault: .utf8))
        let message = try ER7Message(utf8: decoded.utf8, charset: decoded.charset)
        #expect(message.first("PID")?.text(5, 1) == character)
        #expect(message.first("PID")?.text(5, 2) == character)
    }

    @Test("The order is byte order mark, label, site default, UTF-8, GB 18030")
    func order() throws {
        let gb = try #require(Charset.gb18030.bytes(of: Self.chinese))
        let utf8 = Array(Self.chinese.utf8)
        func decode(_ bytes: [UInt8], _ label: String?, _ site: Charset) -> DecodedText? {
            CharsetDetection.decode(bytes, label: label, siteDefault: site)
        }
        #expect(decode([0xEF, 0xBB, 0xBF] + utf8, "GB18030", .gb18030)?.origin == .byteOrderMark)
        #expect(decode(gb, "GB 18030-2000", .utf8)?.origin == .label)
        #expect(decode(gb, nil, .gb18030)?.origin == .siteDefault)
        #expect(decode(utf8, nil, .ascii)?.charset == .utf8)
        #expect(decode(gb, nil, .ascii)?.charset == .gb18030)
        #expect(decode(gb, nil, .utf8)?.origin == .guess)
        #expect(decode([0xFF, 0xFF, 0x41, 0x41], "UTF-8", .utf8) == nil)
        for text in [decode(gb, "UTF-8", .gb18030), decode(utf8, "GBK", .gb18030), decode(utf8, "8859/1", .utf8)] {
            #expect(text?.labelProblem == .lied)
            #expect(text?.utf8 == utf8)
        }
        #expect(decode(gb, "KLINGON", .gb18030)?.labelProblem == .unknown)
    }

    @Test("UTF-16 and UTF-32 are read with and without a byte order mark")
    func wide() throws {
        let text = "MSH|^~\\&|李"
        for label in ["UTF-16", "UTF-16LE", "UTF-32", "UTF-32LE"] {
            let charset = try #require(Charset(label: label))
            let bytes = try #require(charset.bytes(of: text))
            #expect(
                CharsetDetection.decode(bytes, label: nil, siteDefault: .gb18030)?.utf8 == Array(text.utf8),
                "\(label)"
            )
        }
        let marked: [UInt8] = [0xFF, 0xFE, 0x4D, 0, 0x4E, 0x67]
        #expect(CharsetDetection.decode(marked, label: nil, siteDefault: .gb18030)?.utf8 == Array("M李".utf8))
    }

    @Test("Converters serve many threads at once")
    func concurrency() async throws {
        let text = String(repeating: Self.chinese, count: 40)
        let gb = try #require(Charset.gb18030.bytes(of: text))
        let wrong = await withTaskGroup(of: Int.self) { group in
            for index in 0..<16 {
                group.addTask {
                    var wrong = 0
                    for _ in 0..<50 {
                        if index % 4 == 3 {
                            if Charset.gb18030.utf8(of: gb + [0x80]) != nil { wrong += 1 }
                        } else if Charset.gb18030.utf8(of: gb) != Array(text.utf8) {
                            wrong += 1
                        }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
