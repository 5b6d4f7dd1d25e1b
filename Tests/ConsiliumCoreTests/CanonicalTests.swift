import Testing

@testable import ConsiliumCore

/// One spelling for each value: what another spelling would read as is refused.
@Suite struct CanonicalTests {
    private func read(_ text: String) throws(RecordError) -> CanonicalObject { try CanonicalObject(Array(text.utf8)) }

    @Test("A time so far away that sums with it would overflow is none")
    func times() throws {
        for number in ["9007199254740992", "-9007199254740992"] {
            #expect(try read("{\"a\":\(number)}").instant("a").milliseconds.magnitude == 1 << 53)
            #expect(try read("{\"a\":[\(number)]}").instants("a").count == 1)
        }
        for number in ["9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808"] {
            #expect(throws: RecordError.self) { try read("{\"a\":\(number)}").instant("a") }
            #expect(throws: RecordError.self) { try read("{\"a\":\(number)}").optionalInstant("a") }
            #expect(throws: RecordError.self) { try read("{\"a\":[\(number)]}").instants("a") }
        }
        #expect(try read("{}").optionalInstant("a") == nil)
    }

    @Test("Unsorted or repeated keys, white space and bytes after the end are refused")
    func strict() {
        let faults = [
            #"{"b":1,"a":2}"#, #"{"a":1,"a":2}"#, #"{ "a":1}"#, #"{"a": 1}"#, #"{"a":1 }"#, #"{"a":1,}"#, #"{"a":1}x"#,
            "{\"a\":1}\n", " {}", "", "{", "[]", "1", #"{"a"}"#, #"{"a":}"#, #"{a:1}"#, #"{"a":1"#, #"{"a":[1,]}"#,
            #"{"a":[1}"#, #"{"aa":1,"B":2}"#,
        ]
        for text in faults { #expect(throws: RecordError.self, "\(text)") { try read(text) } }
    }

    @Test("Keys are ordered by their bytes, not by any language")
    func order() throws {
        #expect(try read(#"{"B":1,"a":2,"é":3,"中":4}"#).names.count == 4)
        #expect(throws: RecordError.self) { try read(#"{"中":1,"é":2}"#) }
        // A quotation mark comes before a letter, the backslash that it is written with behind a capital one.
        #expect(try read(#"{"a\"":1,"aA":2}"#).names == ["a\"", "aA"])
        #expect(throws: RecordError.self) { try read(#"{"aA":1,"a\"":2}"#) }
    }

    @Test("Numbers are whole, and spelled in one way")
    func numbers() throws {
        for text in ["1.0", "1e3", "01", "-0", "+1", "-", "9223372036854775808", "0x1", "null", "NaN"] {
            #expect(throws: RecordError.self, "\(text)") { try read("{\"a\":\(text)}") }
        }
        for text in ["-9223372036854775809", "99999999999999999999", "00", "-01"] {
            #expect(throws: RecordError.self, "\(text)") { try read("{\"a\":\(text)}") }
        }
        #expect(try read(#"{"a":-9223372036854775808,"b":0}"#).integer("a") == .min)
        #expect(try read(#"{"a":9223372036854775807,"b":-1}"#).integer("a") == .max)
    }

    @Test("Texts are spelled in one way")
    func texts() throws {
        let faults = [
            #""\u0041""#, #""\u0009""#, #""\u000a""#, #""\u001F""#, #""\/""#, #""\u12""#, #""\x""#, #""abc"#, #""abc\"#,
            "\"a\tb\"", "\"\u{1}\"", #""\u0100""#, #""\u00zz""#,
        ]
        for text in faults { #expect(throws: RecordError.self, "\(text)") { try read("{\"a\":\(text)}") } }
        #expect(throws: RecordError.self) { try CanonicalObject([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) }
    }

    @Test(
        "Whatever text is written reads back",
        arguments: [
            "", "plain", "引号\"和\\反斜杠", "\u{0}\u{1}\u{8}\t\n\u{C}\r\u{1F}\u{7F}", "👩‍⚕️ 会诊", "a/b",
        ]
    )
    func roundTrip(_ text: String) throws {
        var writer = CanonicalWriter()
        writer.object { $0.field("t", text) }
        #expect(try CanonicalObject(writer.bytes).string("t") == text)
    }

    @Test("Nesting is bounded")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "{\"a\":", count: levels) + "1" + String(repeating: "}", count: levels)
        }
        #expect(throws: Never.self) { try read(nested(15)) }
        #expect(throws: RecordError.self) { try read(nested(17)) }
        let arrays = "{\"a\":" + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
        #expect(throws: RecordError.self) { try read(arrays) }
    }

    @Test("Every form of value reads by its accessor, and by no other")
    func accessors() throws {
        let o = try read(#"{"a":[],"b":true,"c":false,"i":5,"o":{"x":1},"s":"text","z":["p","q"]}"#)
        #expect(try o.bool("b") && !o.bool("c"))
        #expect(try o.int("i") == 5)
        #expect(try o.optionalInteger("none") == nil && o.optionalString("none") == nil)
        #expect(try o.optionalObject("none") == nil && o.optionalInstant("none") == nil)
        #expect(try o.object("o").int("x") == 1)
        #expect(try o.strings("z") == ["p", "q"] && o.strings("none").isEmpty && o.objects("a").isEmpty)
        #expect(try o.optionalCoded("none") as Tier? == nil)
        #expect(throws: RecordError.self) { try o.bool("i") }
        #expect(throws: RecordError.self) { try o.int("s") }
        #expect(throws: RecordError.self) { try o.string("i") }
        #expect(throws: RecordError.self) { try o.object("a") }
        #expect(throws: RecordError.self) { try o.strings("s") }
        #expect(throws: RecordError.self) { try o.objects("z") }
        #expect(throws: RecordError.self) { try o.hex("s") }
        #expect(throws: RecordError.self) { try o.bytes("none") }
        #expect(throws: RecordError.self) { try o.identifier("s") }
        #expect(throws: RecordError.self) { try o.coded("s") as Tier }
        #expect(throws: RecordError.self) { try o.optionalCoded("s") as Tier? }
        #expect(throws: RecordError.self) { try o.integer("none") }
        let same = try read(#"{"a":[],"b":true,"c":false,"i":5,"o":{"x":1},"s":"text","z":["p","q"]}"#)
        #expect(o == same)
        #expect(try o != read("{}"))
        #expect(throws: RecordError.self) { try read(#"{"a":tru}"#) }
        #expect(throws: RecordError.self) { try read(#"{"a":fals}"#) }
    }

    @Test("An identifier reads from its text")
    func identifiers() throws {
        let id = TimeOrderedID(high: 5, low: 6)
        #expect(try read("{\"id\":\"\(id)\"}").identifier("id") == id)
    }

    @Test("What a fold reads of a record is what the whole record says", arguments: Samples.events)
    func folded(_ event: Event) throws {
        let record = Samples.record(event)
        let (header, facts) = try RecordHeader.decode(record)
        let read = try RecordFacts(record)
        #expect(read.sequence == header.sequence && read.type == header.type && read.time == header.time)
        #expect(read.site == header.site)
        #expect(read.facts == facts)
    }

    @Test("A text that nobody asks for is held to the same spelling as one that is read")
    func unread() throws {
        let names = try read(#"{"a":"x\"y","b":"引号","c":"z","d":1}"#).names
        #expect(names == ["a", "b", "c", "d"])
        let faults = [
            #"{"a":"\u0041"}"#, "{\"a\":\"b\tc\"}", #"{"a":"b"#, #"{"a":"b" }"#, #"{"b":"x","a":"y"}"#,
            #"{"a":"x","a":"y"}"#, #"{"a\"":"x","a":"y"}"#, #"{"a":"x"}x"#, #"{"a":"b\"#, #"{"a":"b\u00"#,
        ]
        for text in faults { #expect(throws: RecordError.self, "\(text)") { try read(text) } }
        #expect(throws: RecordError.self) {
            try CanonicalObject([0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xFF, 0x22, 0x7D])
        }
    }

    @Test("A name that is written with an escape is found by its text, and a digest by its sixteen digits alone")
    func names() throws {
        let o = try read(#"{"a\"":1,"d":"00ff00000000000a","e":["0000000000000001"],"s":"00FF00000000000A"}"#)
        #expect(try o.int("a\"") == 1)
        #expect(try o.digest("d") == 0x00FF_0000_0000_000A)
        #expect(try o.digests("e") == [1] && o.digests("none").isEmpty)
        #expect(throws: RecordError.self) { try o.digest("s") }
        #expect(throws: RecordError.self) { try o.digest("none") }
        #expect(throws: RecordError.self) { try o.digest("a\"") }
        #expect(throws: RecordError.self) { try o.digests("d") }
    }

    @Test("A record of another version is not folded")
    func otherVersion() {
        let text = #"{"facts":{},"sequence":1,"time":1,"type":"started","version":2}"#
        #expect(throws: RecordError.self) { try RecordFacts(Array(text.utf8)) }
    }

    @Test("Hexadecimal goes both ways; odd or foreign digits do not")
    func hexadecimals() {
        #expect(hexadecimal([0, 15, 255] as [UInt8]) == "000fff")
        #expect(bytes(hexadecimal: "000fFF") == [0, 15, 255])
        #expect(bytes(hexadecimal: "") == [])
        for text in ["0", "0g", "é", "0x"] { #expect(bytes(hexadecimal: text) == nil, "\(text)") }
    }

    @Test("Random damage to a record is refused or reads as what it now says, and never traps")
    func damage() throws {
        var random = SeededGenerator(seed: 11)
        for event in Samples.events {
            let record = Samples.record(event)
            for _ in 0..<200 {
                var damaged = record
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let index = Int.random(in: 0..<damaged.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: damaged[index] = UInt8.random(in: 0...255, using: &random)
                    case 1: damaged.remove(at: index)
                    default: damaged.insert(UInt8.random(in: 32...126, using: &random), at: index)
                    }
                }
                guard let (header, facts) = try? RecordHeader.decode(damaged),
                    let decoded = try? Event(type: header.type, facts: facts)
                else { continue }
                let written = header.encode { decoded.write(to: &$0) }
                #expect(Set(written).isSubset(of: Set(damaged)))
            }
        }
    }
}
