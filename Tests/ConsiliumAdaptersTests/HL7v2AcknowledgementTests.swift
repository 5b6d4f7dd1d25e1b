import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("HL7 v2 acknowledgements")
struct HL7v2AcknowledgementTests {
    private let profile = ExchangeProfile(format: .hl7v2, charset: "GB18030")

    private func header(_ text: String) -> HL7v2Header {
        HL7v2Adapter.header(of: Array(text.utf8), profile: profile)
    }

    private func segments(_ bytes: [UInt8]?) -> [String] {
        String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\r").map(String.init)
    }

    private static let plain =
        "MSH|^~\\&|HIS^1.2^ISO|S1|CONSILIUM|HUB|20260115||REF^I12^REF_I12|M\\T\\1|P|2.5.1|||AL|NE||UNICODE UTF-8\r"

    @Test("AA swaps the addresses and echoes delimiters, processing id, version, set and control id")
    func accept() {
        let bytes = HL7v2Adapter.acknowledge(
            .accepted(HL7v2Case.id),
            to: header(Self.plain),
            controlID: "A1",
            at: HL7v2Case.now
        )
        #expect(
            segments(bytes) == [
                "MSH|^~\\&|CONSILIUM|HUB|HIS^1.2^ISO|S1|20260115094000+0800||ACK^I12^ACK|A1|P|2.5.1||||||UNICODE UTF-8",
                "MSA|AA|M\\T\\1|accepted 01KEXAMP0E0000000000000000",
            ]
        )
        #expect(bytes.last == 13)
    }

    @Test(
        "Each receipt has its words in MSA-3",
        arguments: [
            (HL7v2Receipt.alreadyReceived(HL7v2Case.id), "already received 01KEXAMP0E0000000000000000"),
            (
                .amended(HL7v2Case.id, [.summary, .priority]),
                "amended 01KEXAMP0E0000000000000000: request.summary, request.priority"
            ),
            (.held("H-2026-7"), "held H-2026-7"),
            (.done(HL7v2Case.id, "declined"), "declined 01KEXAMP0E0000000000000000"),
        ]
    )
    func receipts(receipt: HL7v2Receipt, text: String) {
        let bytes = HL7v2Adapter.acknowledge(receipt, to: header(Self.plain), controlID: "A1", at: HL7v2Case.now)
        #expect(segments(bytes).last == "MSA|AA|M\\T\\1|\(text)")
    }

    @Test("The sender's own delimiters are used in the answer")
    func ownDelimiters() {
        let header = header("MSH*:+!%*HIS:1*S1*C*H*20260115**REF:I12*M1*P*2.5\r")
        let bytes = HL7v2Adapter.refuse(
            FormatError(.invalidValue, at: "PID-7", "a*b:c"),
            to: header,
            controlID: "A",
            at: HL7v2Case.now
        )
        #expect(
            segments(bytes) == [
                "MSH*:+!%*C*H*HIS:1*S1*20260115094000!R!0800**ACK:I12:ACK*A*P*2.5", "MSA*AE*M1*a!F!b!S!c",
                "ERR**PID:1:7:1*102:Data type error:HL70357*E***invalid-value*a!F!b!S!c",
            ]
        )
    }

    @Test("A version before 2.5 gets ERR-1 and no structure it does not know")
    func oldVersion() {
        let header = header("MSH|^~\\&|A|B|C|D|20260115||REF^I12|M1|P|2.3\r")
        let bytes = HL7v2Adapter.refuse(
            FormatError(.unknownCode, at: "OBX[3]-5.2", "x"),
            to: header,
            controlID: "A",
            at: HL7v2Case.now
        )
        #expect(segments(bytes)[0].contains("|ACK^I12|A|P|2.3"))
        #expect(segments(bytes)[2] == "ERR|OBX^3^5^103&Table value not found&HL70357")
    }

    @Test("Without a control id, version or processing id nothing is invented")
    func noInvention() {
        for text in ["", "garbage", "MSH", "MSH|^~\\&|A|B|||20260115||REF^I12||P\r", "MSH|^~\\&|A"] {
            let bytes = HL7v2Adapter.refuse(
                FormatError(.unparsable, at: "MSH", "x"),
                to: header(text),
                controlID: "A",
                at: HL7v2Case.now
            )
            let lines = segments(bytes)
            #expect(lines[1] == "MSA|AR||x")
            let fields = lines[0].split(separator: "|", omittingEmptySubsequences: false)
            #expect(fields.count < 12 || fields[11].isEmpty, "no version of our own")
        }
    }

    @Test("A broken message still gives its control id, sender and delimiters")
    func salvage() {
        for text in [
            "MSH|ab12|HIS|S1|C|H|20260115||REF^I12|M-7|P|2.5\rPID|1",
            "junk MSH|^~\\&|HIS|S1|C|H|20260115||REF^I12|M-7|P|2.5\r" + Self.plain,
            "MSH|^~\\&|HIS|S1|C|H|20260115||REF^I12|M-7|P|2.5\rNTE|1||" + String(repeating: "x", count: 70_000),
        ] {
            let header = header(text)
            #expect(header.controlID == "M-7")
            #expect(header.sendingApplication == "HIS")
            #expect(header.delimiters.field == 0x7C)
        }
        let bytes: [UInt8] = Array("MSH|^~\\&|HIS|S1|C|H|1||REF^I12|M-8|P|2.5\rPID|".utf8) + [0xFF, 0xFF, 0x80]
        #expect(HL7v2Adapter.header(of: bytes, profile: profile).controlID == "M-8")
    }

    @Test("An acknowledgement is never answered with a refusal")
    func neverAnAcknowledgement() {
        let header = header("MSH|^~\\&|A|B|C|D|20260115||ACK|M1|P|2.5\rMSA|AE|x\r")
        #expect(
            HL7v2Adapter.refuse(FormatError(.unparsable, at: "MSH", ""), to: header, controlID: "A", at: HL7v2Case.now)
                == nil
        )
        #expect(HL7v2Adapter.refuse(Refusal(.busy), to: header, controlID: "A", at: HL7v2Case.now) == nil)
    }

    @Test("Echoed fields are capped and cannot bring line ends along")
    func cappedEchoes() {
        var header = HL7v2Header()
        header.sendingApplication = String(repeating: "李", count: 5_000)
        header.sendingFacility = "a\rMSA|AA|1"
        header.controlID = String(repeating: "9", count: 5_000)
        header.type = "REF"
        header.event = String(repeating: "I", count: 5_000)
        header.version = String(repeating: "2", count: 5_000)
        let bytes = HL7v2Adapter.refuse(Refusal(.busy), to: header, controlID: "A", at: HL7v2Case.now) ?? []
        #expect(bytes.count < 1_000)
        #expect(segments(bytes).count == 3)
    }

    @Test("Busy is AR 207, send again")
    func busy() {
        let lines = segments(
            HL7v2Adapter.refuse(Refusal(.busy), to: header(Self.plain), controlID: "A", at: HL7v2Case.now)
        )
        #expect(lines[1] == "MSA|AR|M\\T\\1|busy, send again")
        #expect(lines[2].hasPrefix("ERR|||207^Application internal error^HL70357|E"))
    }

    @Test(
        "Every refusal has a status, a condition of table 0357 and words in both languages",
        arguments: Refusal.Code.allCases
    )
    func everyRefusal(code: Refusal.Code) throws {
        for language in Language.allCases {
            let refusal = Refusal(code, at: Element.patientName.rawValue)
            let bytes = try #require(
                HL7v2Adapter.refuse(
                    refusal,
                    to: header(Self.plain),
                    controlID: "A",
                    at: HL7v2Case.now,
                    language: language
                )
            )
            let answer = try #require(HL7v2Acknowledgement(bytes))
            #expect(!answer.code.isPositive)
            #expect(answer.controlID == "M\\T\\1")
            #expect(!answer.text.isEmpty)
            #expect(answer.errors.contains { $0.isNumber })
        }
    }

    @Test("Every format error has a status", arguments: FormatError.Code.allCases)
    func everyFormatError(code: FormatError.Code) throws {
        let error = FormatError(code, at: "PID[1]-5.2", "words")
        let bytes = try #require(HL7v2Adapter.refuse(error, to: header(Self.plain), controlID: "A", at: HL7v2Case.now))
        #expect(segments(bytes)[2].hasPrefix("ERR||PID^1^5^1^2|"))
        let expected: Set<FormatError.Code> = [.unparsable, .undecodable, .unsupportedType, .unsupportedEvent]
        #expect(segments(bytes)[1].hasPrefix(expected.contains(code) ? "MSA|AR|" : "MSA|AE|"))
    }

    @Test("A refusal of an element names the field where it usually stands", arguments: Element.allCases)
    func places(element: Element) throws {
        let refusal = Refusal(.invalidValue, at: element.rawValue)
        let bytes = HL7v2Adapter.refuse(refusal, to: header(Self.plain), controlID: "A", at: HL7v2Case.now)
        let field = segments(bytes)[2].split(separator: "|", omittingEmptySubsequences: false)[2]
        #expect(field.split(separator: "^").count >= 3)
    }

    @Test("A refusal in Chinese reaches a GB 18030 sender in GB 18030")
    func chinese() throws {
        let bytes = try #require(Charset.gb18030.bytes(of: "MSH|^~\\&|李|S|C|H|1||REF^I12|M1|P|2.5||||||GB18030\r"))
        let header = HL7v2Adapter.header(of: bytes, profile: profile)
        let reply = try #require(
            HL7v2Adapter.refuse(Refusal(.missingIdentity), to: header, controlID: "A", at: HL7v2Case.now, language: .zh)
        )
        let text = String(decoding: try #require(Charset.gb18030.utf8(of: reply)), as: UTF8.self)
        #expect(text.contains("|李|S|") && text.contains("缺少患者姓名或标识") && text.contains("|GB18030\r"))
    }

    @Test("A lying label is not repeated in the answer")
    func lyingLabel() throws {
        let bytes = try #require(
            Charset.gb18030.bytes(of: "MSH|^~\\&|李珅|S|C|H|1||REF^I12|M1|P|2.5||||||UNICODE UTF-8\r")
        )
        let header = HL7v2Adapter.header(of: bytes, profile: profile)
        let reply = HL7v2Adapter.acknowledge(.held("H-1"), to: header, controlID: "A", at: HL7v2Case.now)
        let text = String(decoding: try #require(Charset.gb18030.utf8(of: reply)), as: UTF8.self)
        #expect(text.contains("||GB 18030-2000\r") && text.contains("|李珅|"))
    }

    @Test("The peer's acknowledgement is read, and what is none is not")
    func reading() {
        let text = "MSH|^~\\&|A|B|C|D|1||ACK|9|P|2.5\rMSA|ae|C-1|no|\rERR||PID^1^5|101^Required field missing|E||||姓名\r"
        let answer = HL7v2Acknowledgement(Array(text.utf8))
        #expect(answer?.code == .applicationError)
        #expect(answer?.controlID == "C-1")
        #expect(answer?.text == "no")
        #expect(answer?.errors == "101 Required field missing 姓名")
        for text in ["", "MSH|^~\\&|A\r", "MSH|^~\\&|A|B|C|D|1||ACK|9\rMSA|XX|1\r", "MSH|^~\\&|A\rMSA\r"] {
            #expect(HL7v2Acknowledgement(Array(text.utf8)) == nil)
        }
    }
}
