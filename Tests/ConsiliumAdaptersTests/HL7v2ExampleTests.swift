import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

/// What the hub sends, for people to read: one segment a line, in UTF-8.
enum HL7v2Example {
    static let folder = GoldenFile.folder().deletingLastPathComponent().appendingPathComponent("examples")

    static func all() throws -> [(name: String, text: String)] {
        var record = try HL7v2Case.record()
        record.report = HL7v2Case.fullReport()
        record.signature = "e30..c2ln"
        let performer = record.performer ?? record.requester
        let (hub, now) = (HL7v2Case.hub, HL7v2Case.now)
        let header = HL7v2Adapter.header(
            of: Array(
                "MSH|^~\\&|HIS|421125001|CONSILIUM|\(hub)|20260115093012+0800||REF^I12|MSG-77|P|2.5.1||||||GB 18030-2000\r"
                    .utf8
            ),
            profile: record.requester.profile
        )
        let outbound = [
            ("ref-i12", HL7v2Adapter.referral(record, to: performer, from: hub, controlID: "C1", at: now)?.bytes),
            ("rri-i12-accepted", HL7v2Adapter.answer(.accepted, record, from: hub, controlID: "C2", at: now).bytes),
            (
                "rri-i12-declined",
                HL7v2Adapter.answer(.declined(reason: "exhausted"), record, from: hub, controlID: "C3", at: now).bytes
            ),
            ("oru-r01", HL7v2Adapter.report(record, from: hub, controlID: "C4", at: now)?.bytes),
            ("ack-accepted", HL7v2Adapter.acknowledge(.accepted(HL7v2Case.id), to: header, controlID: "C5", at: now)),
            (
                "ack-refused",
                HL7v2Adapter.refuse(
                    FormatError(.invalidValue, at: "PID-7", "no real date or time"),
                    to: header,
                    controlID: "C6",
                    at: now
                )
            ),
        ]
        return outbound.map { name, bytes in
            let utf8 = Charset.gb18030.utf8(of: bytes ?? []) ?? []
            return (name + ".txt", String(decoding: utf8.map { $0 == 13 ? 10 : $0 }, as: UTF8.self))
        }
    }
}

@Suite("Examples of Protocols/HL7v2")
struct HL7v2ExampleTests {
    @Test("Each example is what the hub writes")
    func examples() throws {
        for (name, text) in try HL7v2Example.all() {
            let file = HL7v2Example.folder.appendingPathComponent(name)
            #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
        }
    }

    @Test("The smallest application of the README is whole")
    func readme() throws {
        let file = HL7v2Example.folder.deletingLastPathComponent().appendingPathComponent("README.md")
        let blocks = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```")
        let block = try #require(blocks.first { $0.hasPrefix("\nMSH|") })
        let message = block.split(separator: "\n").joined(separator: "\r") + "\r"
        let bytes = try #require(Charset.gb18030.bytes(of: message))
        let decoded = try HL7v2Adapter.decode(
            bytes,
            profile: ExchangeProfile(format: .hl7v2),
            receivedAt: HL7v2Case.now
        )
        guard case .application(let application) = decoded.submission.intent else {
            Issue.record("no application")
            return
        }
        for element in ApplicationFacts.mandatory { #expect(application[element] != nil, "\(element.rawValue)") }
        #expect(decoded.warnings.isEmpty)
    }
}
