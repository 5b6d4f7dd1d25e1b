import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
    @Test("Members and elements are separated and nested")
    func structure() {
        var writer = JSONWriter()
        writer.object { json in
            json.field("a", "x")
            json.field("none", nil as String?)
            json.field("n", -12)
            json.field("t", true)
            json.array("list") { json in
                json.object { json in json.field("b", false) }
                json.object { _ in }
                json.string("s")
            }
            json.object("o") { json in json.field("strings", strings: ["p", "q"]) }
            json.field("raw", raw: "1.50".utf8)
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":"x","n":-12,"t":true,"list":[{"b":false},{},"s"],"o":{"strings":["p","q"]},"raw":1.50}"#
        )
    }

    @Test("Every control character, quote and backslash is escaped, and read back as it was")
    func escapes() throws {
        let scalars = (1..<0x30).compactMap { Unicode.Scalar($0) } + ["\\", "\u{7F}", "会", "\u{2028}", "😀"]
        let text = String(String.UnicodeScalarView(scalars))
        var writer = JSONWriter()
        writer.object { json in json.field("a", text) }
        #expect(!writer.bytes.contains { $0 < 0x20 })
        let document = try JSONDocument(writer.bytes)
        #expect(try document.root.text("a") == text)
    }

    @Test("Base 64 goes both ways", arguments: 0..<40)
    func base64(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
        var writer = JSONWriter()
        writer.object { json in json.field("data", base64: bytes) }
        #expect(try JSONDocument(writer.bytes).root.base64("data") == bytes)
    }

    @Test(
        "Text that is no base 64 is refused",
        arguments: ["A", "AA", "AAA", "A===", "AA=A", "AB==", "AAB=", "A-_A", "AA==AA=="]
    )
    func badBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("White space inside base 64 is skipped")
    func spacedBase64() {
        #expect(Base64.decode("QU\r\nJD \t") == Array("ABC".utf8))
    }
}
