import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("What the hub writes in HL7 v2")
struct HL7v2WriterTests {
    /// Texts that try to end a field, a segment, a frame or an escape.
    private static let attacks = [
        "a|b", "a^b~c&d\\e", "a\rPID|1||2", "a\nb", "a\r\nb", "\u{0B}MSH|", "\u{1C}\r", "\\F\\", "\\X0D\\PID|", "\"\"",
        " spaces ", "\u{0}", "\u{7F}", "\\", "~", "a\\.br\\b", "\u{FEFF}x",
    ]

    @Test("No value ends a field or a segment, and each comes back as it was", arguments: attacks)
    func injection(value: String) throws {
        var application = Application()
        for element in [
            Element.summary, .reason, .patientName, .requesterDoctor, .examinations, .consentReference, .requestNumber,
        ] {
            application[element] = value
        }
        application[.priority] = "routine"
        var record = try HL7v2Case.record()
        record.application = application
        let out = try #require(
            HL7v2Adapter.referral(record, to: record.requester, from: "H", controlID: "C", at: HL7v2Case.now)
        )
        let frames = out.bytes.dropLast().split(separator: 13).map { String(decoding: $0.prefix(3), as: UTF8.self) }
        #expect(frames == ["MSH", "RF1", "PRD", "PID", "OBR", "OBX", "NTE", "ZCN"])
        #expect(!out.bytes.contains { $0 == 0x0B || $0 == 0x1C || $0 == 10 })
        let message = try HL7v2Adapter.decode(out.bytes, profile: record.requester.profile, receivedAt: HL7v2Case.now)
        guard case .application(let back) = message.submission.intent else {
            Issue.record("no application")
            return
        }
        let expected = value.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\u{0}", with: "")
        for element in [Element.summary, .reason, .patientName, .requesterDoctor, .examinations, .consentReference] {
            #expect((back[element] ?? "") == expected, "\(element.rawValue)")
        }
    }

    @Test("A character that the receiver's set lacks is escaped, told, and read back")
    func missingCharacter() throws {
        for (charset, escape) in [("GBK", "\\X95348138\\"), ("8859/1", "\\XF0A0AEB7\\")] {
            var application = Application()
            application[.patientName] = "𠮷野"
            application[.priority] = "routine"
            var record = try HL7v2Case.record(charset: charset)
            record.application = application
            let out = try #require(
                HL7v2Adapter.referral(record, to: record.requester, from: "H", controlID: "C", at: HL7v2Case.now)
            )
            #expect(out.warnings == [HL7v2Warning(.characterEscaped, at: "MSH-18")])
            let name = Array(escape.utf8)
            #expect(out.bytes.windows(of: name.count).contains { Array($0) == name } || charset == "GBK")
            let message = try HL7v2Adapter.decode(
                out.bytes,
                profile: record.requester.profile,
                receivedAt: HL7v2Case.now
            )
            guard case .application(let back) = message.submission.intent else { continue }
            #expect(back[.patientName] == "𠮷野")
        }
    }

    @Test("Control id and time are the caller's")
    func deterministic() throws {
        let record = try HL7v2Case.record()
        func write() -> [UInt8]? {
            HL7v2Adapter.referral(record, to: record.requester, from: "H", controlID: "C-9", at: HL7v2Case.now)?.bytes
        }
        let first = write()
        #expect(first != nil)
        #expect(first == write())
    }
}
