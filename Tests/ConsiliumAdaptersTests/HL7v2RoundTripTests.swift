import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("HL7 v2 out and in again")
struct HL7v2RoundTripTests {
    private func decode(_ bytes: [UInt8], charset: String) throws -> HL7v2Message {
        let profile = ExchangeProfile(format: .hl7v2, charset: charset)
        return try HL7v2Adapter.decode(bytes, profile: profile, receivedAt: HL7v2Case.now)
    }

    @Test(
        "A referral of the hub reads back to equal elements",
        arguments: ["GB18030", "UTF-8", "GBK", "BIG5", "ASCII"]
    )
    func referral(charset: String) throws {
        let record = try HL7v2Case.record(charset: charset)
        let performer = try #require(record.performer)
        let out = try #require(
            HL7v2Adapter.referral(record, to: performer, from: HL7v2Case.hub, controlID: "C1", at: HL7v2Case.now)
        )
        let message = try decode(out.bytes, charset: charset)
        guard case .application(let back) = message.submission.intent else {
            Issue.record("no application")
            return
        }
        let sent = try #require(record.application)
        for (element, value) in sent.elements.sorted {
            #expect(back[element] == value, "\(element.rawValue)")
        }
        #expect(back.elements == sent.elements)
        #expect(back.attachments == sent.attachments)
        #expect(message.header.controlID == out.controlID)
        #expect(message.warnings.isEmpty)
        #expect(out.warnings.isEmpty == !["BIG5", "ASCII"].contains(charset))
    }

    @Test("An application with one element reads back without inventions", arguments: Element.allCases)
    func singleElement(element: Element) throws {
        var application = Application()
        application[.requestNumber] = "1"
        application[.priority] = "routine"
        application[.serviceKind] = "consultation"
        application[.requesterInstitution] = "院"
        application[.authoredOn] = "2026-01-15"
        // A name can stand alone, a code without a name is read as its own name.
        application[element] = HL7v2Case.fullApplication()[element]
        if element == .diagnosisCode { application[.diagnosisName] = "心绞痛" }
        // The ward stands in for a department that is not named.
        if element == .ward { application[.requesterDepartmentText] = "内科" }
        if element == .serviceKind { application[.serviceKind] = "outpatient" }
        var record = try HL7v2Case.record()
        record.application = application
        let out = try #require(
            HL7v2Adapter.referral(record, to: record.requester, from: "H", controlID: "C1", at: HL7v2Case.now)
        )
        let message = try decode(out.bytes, charset: "GB18030")
        guard case .application(let back) = message.submission.intent else {
            Issue.record("no application")
            return
        }
        #expect(back.elements == application.elements)
    }

    @Test("A report of the hub reads back to an equal report", arguments: ["GB18030", "UTF-8"])
    func report(charset: String) throws {
        var record = try HL7v2Case.record(charset: charset)
        record.report = HL7v2Case.fullReport()
        record.signature = "e30..c2ln"
        let out = try #require(HL7v2Adapter.report(record, from: HL7v2Case.hub, controlID: "C2", at: HL7v2Case.now))
        let message = try decode(out.bytes, charset: charset)
        guard case .act(let reference, .report(let report, let signature)) = message.submission.intent else {
            Issue.record("no report")
            return
        }
        #expect(reference == .id(HL7v2Case.id))
        #expect(report == record.report)
        #expect(signature.kind == .site)
        #expect(signature.doctor == "王昞")
        #expect(signature.licence == "110110000004567")
        #expect(message.submission.lost.isEmpty)
    }

    @Test("The report goes out in the receiver's GB18030, byte by byte")
    func reportBytes() throws {
        var record = try HL7v2Case.record()
        record.report = HL7v2Case.fullReport()
        let out = try #require(HL7v2Adapter.report(record, from: "H", controlID: "C2", at: HL7v2Case.now))
        // 李珅: the second byte of 珅 is the field separator and must survive.
        let name: [UInt8] = [0x7C, 0xC0, 0xEE, 0xAB, 0x7C, 0x7C]
        #expect(out.bytes.windows(of: name.count).contains { Array($0) == name })
        #expect(Charset.gb18030.utf8(of: out.bytes) != nil)
    }

    @Test("An RRI tells acceptance, decline and closing with the original control id")
    func answer() throws {
        let record = try HL7v2Case.record(charset: "UTF-8")
        for (news, status) in [
            (HL7v2News.accepted, "RF1|A^"), (.declined(reason: "容量|已满"), "RF1|R^"),
            (.closed(reason: "adopted"), "RF1|A^"),
        ] {
            let out = HL7v2Adapter.answer(news, record, from: "H", controlID: "C3", at: HL7v2Case.now)
            let segments = String(decoding: out.bytes, as: UTF8.self).split(separator: "\r")
            #expect(
                segments[0].hasPrefix("MSH|^~\\&|CONSILIUM|H|HIS|421125001|20260115094000+0800||RRI^I12^RRI_I12|C3|P|")
            )
            #expect(segments[1] == "MSA|AA|MSG-77")
            #expect(segments[2].hasPrefix(status))
            #expect(segments.contains { $0.hasPrefix("PRD|RT^") && $0.contains("中日友好医院") })
            if case .declined = news { #expect(segments.last == "NTE|1|P|容量\\F\\已满|RSN") }
        }
    }

    @Test("An RRI for a case from another door invents no control id")
    func answerWithoutOriginal() throws {
        var record = try HL7v2Case.record(charset: "UTF-8")
        record.originalControlID = nil
        let out = HL7v2Adapter.answer(.accepted, record, from: "H", controlID: "C3", at: HL7v2Case.now)
        #expect(String(decoding: out.bytes, as: UTF8.self).contains("\rMSA|AA\r"))
    }

    @Test("Nothing is written where nothing may be disclosed")
    func nothingDisclosed() throws {
        var record = try HL7v2Case.record()
        record.application = nil
        #expect(
            HL7v2Adapter.referral(record, to: record.requester, from: "H", controlID: "C", at: HL7v2Case.now) == nil
        )
        #expect(HL7v2Adapter.report(record, from: "H", controlID: "C", at: HL7v2Case.now) == nil)
    }
}

extension Array {
    func windows(of size: Int) -> [ArraySlice<Element>] {
        count < size ? [] : (0...(count - size)).map { self[$0..<$0 + size] }
    }
}
