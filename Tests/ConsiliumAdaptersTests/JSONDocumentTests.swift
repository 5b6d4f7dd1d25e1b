import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("The JSON reader")
struct JSONDocumentTests {
    private func refusal(_ text: String, limits: JSONLimits = JSONLimits()) -> FormatError? {
        refusal(Array(text.utf8), limits: limits)
    }

    private func refusal(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> FormatError? {
        do throws(FormatError) {
            _ = try JSONDocument(bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "Well-formed texts are read",
        arguments: [
            "{}", "[]", "null", "true", "false", "0", "-0", "1.50", "-12.5e+10", "\"\"", " { } ", "[1,2,[3,{}]]\n",
            "{\"a\":{\"b\":[true,false,null]},\"c\":\"\\u4f1a\\u8bca\"}", "\u{FEFF}{\"a\":1}", "\"\\ud83d\\ude00\"",
            "\"会诊\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "1E400",
        ]
    )
    func accepts(text: String) {
        #expect(refusal(text) == nil)
    }

    @Test(
        "Broken texts are refused as unparsable",
        arguments: [
            "", " ", "{", "}", "[", "]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "[1,]", "[,1]", "[1 2]", "{a:1}",
            "{'a':1}", "{\"a\":1}{", "nul", "True", "NaN", "Infinity", "-", "01", "1.", ".5", "1e", "+1", "0x10",
            "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\u{1}\"", "// a\n1",
            "{\"a\":1 \"b\":2}",
            "[1}", "{\"a\":1]", "1 1",
        ]
    )
    func refuses(text: String) {
        #expect(refusal(text)?.code == .unparsable)
    }

    @Test(
        "Lone surrogates and U+0000 are refused",
        arguments: [
            "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\u0000\"",
        ]
    )
    func refusesSurrogates(text: String) {
        #expect(refusal(text)?.code == .undecodable)
    }

    @Test(
        "Bytes that are not UTF-8 are refused, also where GB18030 would be well-formed",
        arguments: [
            [0xC0, 0x80], [0xBB, 0xE1, 0xD5, 0xEF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xBC], [0x80], [0xFF],
        ] as [[UInt8]]
    )
    func refusesUTF8(bytes: [UInt8]) {
        #expect(refusal([0x22] + bytes + [0x22])?.code == .undecodable)
    }

    @Test("A name that stands twice in one object is refused at its path")
    func duplicates() {
        let text = #"{"resourceType":"Bundle","entry":[{"a":1},{"resource":{"id":"1","status":"a","status":"b"}}]}"#
        #expect(refusal(text) == FormatError(.duplicateKey, at: "Bundle.entry[1].resource.status", ""))
        #expect(refusal(#"{"a":1,"\u0061":2}"#)?.code == .duplicateKey)
        #expect(refusal(#"{"a":{"b":1},"b":{"a":1}}"#) == nil)
    }

    @Test("Duplicate names are found in large objects as well")
    func manyNames() {
        let members = (0..<500).map { "\"k\($0)\":\($0)" }
        #expect(refusal("{" + members.joined(separator: ",") + "}") == nil)
        #expect(refusal("{" + (members + ["\"k250\":0"]).joined(separator: ",") + "}")?.code == .duplicateKey)
        #expect(refusal("{" + (members + ["\"\\u006b7\":0"]).joined(separator: ",") + "}")?.code == .duplicateKey)
    }

    @Test("Nesting of 64 is read and of 65 refused")
    func depth() {
        #expect(refusal(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
        #expect(refusal(String(repeating: "[", count: 65) + String(repeating: "]", count: 65))?.code == .tooDeep)
        #expect(refusal(String(repeating: "[", count: 200_000))?.code == .tooDeep)
    }

    @Test("Strings are bounded, except base64 content called data")
    func stringLength() throws {
        let long = String(repeating: "A", count: 65_537)
        #expect(refusal("{\"note\":\"\(long)\"}") == FormatError(.tooLong, at: "$.note", ""))
        #expect(refusal("{\"note\":\"\(long.dropLast())\"}") == nil)
        #expect(refusal("{\"data\":\"\(long)\"}") == nil)
        #expect(refusal("{\"\(long)\":1}")?.code == .tooLong)
    }

    @Test("The number of values is bounded")
    func nodes() {
        var limits = JSONLimits()
        limits.nodes = 10
        #expect(refusal("[1,2,3,4,5,6,7,8,9]", limits: limits) == nil)
        #expect(refusal("[1,2,3,4,5,6,7,8,9,0]", limits: limits)?.code == .tooLong)
    }

    @Test("A syntax error names the path and, in its message, the byte")
    func errorPlace() {
        let error = refusal(#"{"resourceType":"Patient","name":[{"family":"王","given":["x",}]}]}"#)
        #expect(error == FormatError(.unparsable, at: "Patient.name[0].given", ""))
        #expect(error?.message.contains("at byte 63") == true)
        #expect(refusal(#"{"王小明":tru}"#)?.location == "$.?")
    }

    @Test("Numbers keep their digits")
    func digits() throws {
        let root = try JSONDocument(Array(#"{"a":1.10,"b":-0.0E+2,"c":12,"d":12.0}"#.utf8)).root
        #expect(try root.number("a") == "1.10")
        #expect(try root.number("b") == "-0.0E+2")
        #expect(try root.integer("c") == 12)
        #expect(
            fails(FormatError(.invalidValue, at: "$.d", "")) { () throws(FormatError) in _ = try root.integer("d") }
        )
    }

    @Test("Strings are unescaped when they are read")
    func strings() throws {
        let root = try JSONDocument(Array(#"{"a":"\u4f1a\u8bca\n\ud83d\ude00\"","\u0062":"plain"}"#.utf8)).root
        #expect(try root.text("a") == "会诊\n😀\"")
        #expect(try root.text("b") == "plain")
        #expect(try root.text("c") == nil)
    }

    @Test("An accessor refuses a value of another type, at its path")
    func types() throws {
        let text = #"{"resourceType":"Task","status":1,"note":{},"owner":[],"active":"true","n":"1","x":null,"l":[1]}"#
        let root = try JSONDocument(Array(text.utf8)).root
        func code(_ body: () throws(FormatError) -> Void) -> String? {
            do throws(FormatError) {
                try body()
                return nil
            } catch {
                return "\(error.code.rawValue) \(error.location)"
            }
        }
        #expect(code { () throws(FormatError) in _ = try root.text("status") } == "invalid-value Task.status")
        #expect(code { () throws(FormatError) in _ = try root.objects("note") } == "invalid-value Task.note")
        #expect(code { () throws(FormatError) in _ = try root.object("owner") } == "invalid-value Task.owner")
        #expect(code { () throws(FormatError) in _ = try root.boolean("active") } == "invalid-value Task.active")
        #expect(code { () throws(FormatError) in _ = try root.number("n") } == "invalid-value Task.n")
        #expect(code { () throws(FormatError) in _ = try root.text("x") } == "invalid-value Task.x")
        #expect(code { () throws(FormatError) in _ = try root.objects("l") } == "invalid-value Task.l[0]")
        #expect(code { () throws(FormatError) in _ = try root.requiredText("intent") } == "missing Task.intent")
    }

    @Test("What no accessor read is the lost list")
    func lost() throws {
        let text = #"""
            {"resourceType":"Bundle","entry":[{"resource":{"photo":[{"url":"a"},{"url":"b"}],"id":"1","empty":[]}},
            {"x":{"y":{"z":1}}},"w"],"meta":{"tag":[{"code":"c","display":"d"}]}}
            """#
        let document = try JSONDocument(Array(text.utf8))
        _ = try document.root.text("resourceType")
        let entries = try document.root.elements("entry")
        _ = try entries[0].object("resource")?.text("id")
        _ = try document.root.object("meta")?.objects("tag").first?.text("code")
        #expect(
            document.lost().map(\.path) == [
                "Bundle.entry[0].resource.photo[0]", "Bundle.entry[0].resource.photo[1]", "Bundle.entry[1]",
                "Bundle.entry[2]", "Bundle.meta.tag[0].display",
            ]
        )
        entries[1].markAll()
        #expect(document.lost(limit: 3).last?.path == "Bundle.entry[2]")
    }

    @Test("A text of which everything was read loses nothing")
    func nothingLost() throws {
        let document = try JSONDocument(Array(#"{"a":"1","b":[{"c":true}]}"#.utf8))
        _ = try document.root.text("a")
        _ = try document.root.objects("b")[0].boolean("c")
        #expect(document.lost().isEmpty)
    }

    @Test("Seeded mutations of a bundle never crash the reader, and each is read or refused")
    func mutations() {
        let seed = Array(
            #"{"resourceType":"Bundle","entry":[{"resource":{"name":[{"family":"李","g":["\u4e00",null]}],"v":-1.5e3}}]}"#
                .utf8
        )
        var random = SplitMix(state: 20_261_122)
        var refused = 0
        for _ in 0..<5_000 {
            var bytes = seed
            for _ in 0...random.below(4) {
                let at = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[at] = UInt8(random.below(256))
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(UInt8(random.below(256)), at: at)
                default: bytes.removeLast(min(bytes.count - 1, random.below(20)))
                }
            }
            do throws(FormatError) {
                let document = try JSONDocument(bytes)
                #expect(document.lost().count <= 256)
            } catch {
                refused += 1
                #expect(!error.location.isEmpty)
            }
        }
        #expect(refused > 2_000)
    }
}

/// Whether `body` throws exactly `expected`.
func fails(_ expected: FormatError, _ body: () throws(FormatError) -> Void) -> Bool {
    do throws(FormatError) {
        try body()
        return false
    } catch {
        return error == expected
    }
}

/// SplitMix64: the same numbers for the same seed everywhere.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
