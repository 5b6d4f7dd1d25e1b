import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("The ER7 index")
struct HL7v2ParserTests {
    private static let head = "MSH|^~\\&|HIS|S1|||20260115||REF^I12|1|P|2.5\r"

    private func message(_ body: String, head: String = HL7v2ParserTests.head) throws -> ER7Message {
        try ER7Message(utf8: Array((head + body).utf8))
    }

    private func failure(_ text: String, limits: ER7Message.Limits = .init()) -> FormatError? {
        do {
            _ = try ER7Message(utf8: Array(text.utf8), limits: limits)
            return nil
        } catch { return error }
    }

    @Test("Fields count as the standard counts them, in MSH too")
    func counting() throws {
        let message = try message("PID|1||A^B^C&D~E|x")
        #expect(message.msh.text(3) == "HIS")
        #expect(message.msh.text(9, 2) == "I12")
        let pid = try #require(message.first("PID"))
        #expect(pid.text(1) == "1")
        #expect(pid.text(2) == nil)
        #expect(pid.text(3, 2) == "B")
        #expect(pid.text(3, 3) == "C&D")
        #expect(pid.subcomponent(3, 3, 2) == "D")
        #expect(pid.repetitions(3) == 2)
        #expect(pid.text(3, repetition: 1) == "E")
        #expect(pid.text(3, repetition: 2) == nil)
        #expect(pid.text(4) == "x")
        #expect(pid.text(5) == nil)
        #expect(pid.text(400) == nil)
        #expect(pid.text(0) == nil)
    }

    @Test("What nobody read is lost, with its path")
    func lost() throws {
        let message = try message("PID|1||A^B~C|x|\rOBX|1|TX\rOBX|2|TX|k||v\rZPI|||q|\"\"\r")
        let pid = try #require(message.first("PID"))
        pid.mark(1)
        _ = pid.text(3)
        _ = message.all("OBX")[1].prose(5)
        #expect(
            message.lost().map(\.path)
                == [
                    "PID-3[2]", "PID-3.2", "PID-4", "OBX[1]-1", "OBX[1]-2", "OBX[2]-1", "OBX[2]-2", "OBX[2]-3", "ZPI-3",
                    "ZPI-4",
                ]
        )
    }

    @Test("Nothing is lost when all was read, and delimiters alone are nothing")
    func nothingLost() throws {
        let message = try message("PID|1|^^&&|~|x")
        message.first("PID")?.mark(1, 4)
        #expect(message.lost().isEmpty)
    }

    @Test("A long list of lost fields ends with a count")
    func longLost() throws {
        let message = try message("ZZZ|" + String(repeating: "a|", count: 700))
        #expect(message.lost().count == 501)
        #expect(message.lost().last?.path == "and 200 more")
    }

    @Test("Thousands of repetitions are not searched thousands of times")
    func manyRepetitions() throws {
        let message = try message(
            "PID|1||" + String(repeating: "a~", count: 30_000) + "|\rNTE|1||" + String(repeating: "b~", count: 30_000)
        )
        let pid = try #require(message.first("PID"))
        #expect(pid.repetitions(3) == 31)
        for repetition in 0..<31 { #expect(pid.text(3, repetition: repetition) == "a") }
        #expect(message.first("NTE")?.prose(3)?.count == 59_999)
        #expect(message.lost().map(\.path).contains("PID-3[32]"))
    }

    @Test("White space after the last segment is no part of it, before the last it is")
    func padding() throws {
        #expect(try message("NTE|1||x\r \u{1C}\r\n").first("NTE")?.prose(3) == "x")
        #expect(try message("NTE|1||x\r \r y\r").first("NTE")?.prose(3) == "x\n \n y")
    }

    @Test("Line ends of any kind, and none at the end", arguments: ["\r", "\n", "\r\n", "\r\r\n\n"])
    func lineEnds(end: String) throws {
        let text = Self.head.dropLast() + end + "PID|1||7" + end + end + "NTE|1||ü" + end
        for text in [String(text), String(text.dropLast())] {
            let message = try ER7Message(utf8: Array(text.utf8))
            #expect(message.first("PID")?.text(3) == "7")
            #expect(message.first("NTE")?.prose(3) == "ü")
            #expect(message.irregularities.isEmpty)
        }
    }

    @Test("A line that begins like no segment continues the field before it")
    func continuation() throws {
        let message = try message("NTE|1||first\rsecond|third\rPID|1||7\r")
        #expect(message.first("NTE")?.prose(3) == "first\nsecond")
        #expect(message.first("NTE")?.text(4) == "third")
        #expect(message.first("PID")?.text(3) == "7")
        #expect(message.irregularities == [.lineBreakInField])
    }

    @Test(
        "No header, no message",
        arguments: ["", "M", "MSH", "MS|", "PID|1", "\u{0B}\r\n ", "MSHX^~\\&", "MSH1^~", "<MSH>"]
    )
    func noHeader(text: String) {
        #expect(failure(text)?.code == .unparsable)
    }

    @Test(
        "Encoding characters that cannot be meant are refused",
        arguments: [
            ("MSH|ABCD|", "MSH-2"), ("MSH|^^~\\&|", "MSH-2"), ("MSH|^~\\&#!|", "MSH-2"), ("MSH|^|~&\\x|", "MSH-3"),
            ("MSH|^ \\&|", "MSH-2"),
        ]
    )
    func badDelimiters(text: String, place: String) {
        let error = failure(text)
        #expect(place == "MSH-3" ? error == nil : error == FormatError(.unparsable, at: place, ""))
    }

    @Test("A field longer than 64 KiB is refused with its place; a document in OBX-5 is not")
    func longField() throws {
        let long = String(repeating: "x", count: 65_537)
        #expect(failure(Self.head + "NTE|1||\(long)|\r") == FormatError(.tooLong, at: "NTE-3", ""))
        #expect(failure(Self.head + "PID|1\rNTE|1\rNTE|1||\(long)") == FormatError(.tooLong, at: "NTE[2]-3", ""))
        #expect(failure(Self.head + "OBX|1|ED|x|\(long)|y") == FormatError(.tooLong, at: "OBX-4", ""))
        #expect(failure(Self.head + "OBX|1|ED|x||\(long)|y\r") == nil)
        #expect(failure("MSH|^~\\&|\(long)|") == FormatError(.tooLong, at: "MSH-3", ""))
    }

    @Test("More segments than the limit are refused")
    func manySegments() {
        #expect(failure(Self.head + String(repeating: "NTE|1\r", count: 9_999)) == nil)
        #expect(
            failure(Self.head + String(repeating: "NTE|1\r", count: 10_000)) == FormatError(.tooLong, at: "MSH", "")
        )
    }

    @Test("Two messages in one frame are refused")
    func twoMessages() {
        #expect(failure(Self.head + Self.head) == FormatError(.unparsable, at: "MSH[2]", ""))
    }

    @Test("Null reads as nothing and is remembered")
    func null() throws {
        let profile = ExchangeProfile(format: .hl7v2)
        let text = Self.head + "PID|1||\"\"||\"\"|||\"\"\r"
        let message = try HL7v2Adapter.decode(Array(text.utf8), profile: profile, receivedAt: HL7v2Case.now)
        #expect(message.warnings.contains(HL7v2Warning(.nullIgnored, at: "PID-5")))
    }
}

@Suite("HL7 v2 escapes")
struct HL7v2EscapeTests {
    private func text(_ raw: String) throws -> String? {
        let text = "MSH|^~\\&|HIS|S1|||20260115||REF^I12|1|P|2.5\rNTE|1||\(raw)\r"
        return try ER7Message(utf8: Array(text.utf8)).first("NTE")?.prose(3)
    }

    @Test(
        "Escapes resolve",
        arguments: [
            ("a\\F\\b", "a|b"), ("\\S\\\\T\\\\R\\\\E\\", "^&~\\"), ("a\\.br\\b", "a\nb"), ("a\\.BR\\b", "a\nb"),
            ("\\H\\x\\N\\", "x"),
            ("a\\X0A\\b", "a\nb"), ("a\\X0D\\b", "a\nb"), ("a\\X0D0A\\b", "a\nb"), ("a\\X000d\\b", "a\nb"),
            ("\\X41e4b8ad\\", "A中"),
            ("a\\.sp2\\b", "a\n\nb"), ("a\\.sk3\\b", "a   b"), ("a\\.in+4\\b", "ab"), ("a\\.ce\\b", "a\nb"),
        ]
    )
    func resolve(raw: String, expected: String) throws {
        #expect(try text(raw) == expected)
    }

    @Test(
        "What means nothing is kept as it stands",
        arguments: [
            "D:\\检查\\胸片", "a\\", "a\\F", "\\\\", "a\\X4\\b", "a\\XGG\\b", "a\\Zlocal\\b", "a\\.xx\\b", "a\\FF\\b",
            "\\P\\",
        ]
    )
    func kept(raw: String) throws {
        #expect(try text(raw) == raw)
    }

    @Test("Bytes that are no text do no harm")
    func badBytes() throws {
        #expect(try text("a\\XFFFE\\b") == "a\u{FFFD}\u{FFFD}b")
    }
}
