import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

@testable import consilium

@Suite("What the hub answers, read")
struct HubAnswerTests {
    private func response(_ status: Int, _ body: String, _ headers: [HubHeader] = []) -> HubResponse {
        HubResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test("Every refusal as an OperationOutcome keeps code, sentence and next step", arguments: Refusal.Code.allCases)
    func outcomes(code: Refusal.Code) {
        for language in Language.allCases {
            let refusal = Refusal(code, at: "reason", "detail")
            let outcome = FHIRAdapter.outcome(refusal, language: language)
            let answer = HubResponse(status: outcome.status, headers: [], body: outcome.body)
            let failure = HubRefusal.failure(answer, language: language)
            #expect(failure.items.map(\.code) == [code.rawValue])
            #expect(failure.items[0].next == Refusal(code).nextStep(language))
            #expect(failure.items[0].place == "reason")
            #expect(failure.items[0].sentence.contains("detail"))
            #expect(!failure.items[0].sentence.hasPrefix("reason:"))
        }
    }

    @Test("A message that is too large is told the hub's limit, and nothing that no command carries out")
    func tooLarge() {
        let refusal = Refusal(.tooLarge, at: nil, "16777216 bytes")
        for language in Language.allCases {
            let outcome = FHIRAdapter.outcome(refusal, language: language)
            let plain = Value.fields([
                "code": "too-large", "sentence": .string(refusal.sentence(language)),
                "next": .string(refusal.nextStep(language)),
            ])
            for body in [outcome.body, plain.jsonBytes] {
                let answer = HubResponse(status: 413, headers: [], body: body)
                let item = HubRefusal.failure(answer, language: language).items[0]
                let limit = language == .zh ? "上限 16777216 字节" : "its limit is 16777216 bytes"
                #expect(item.sentence.contains(limit), "\(item.sentence)")
                #expect(item.next == Refusal(.tooLarge).nextStep(language))
                #expect(item.next?.contains("separate documents") == false && item.next?.contains("单独") == false)
            }
            let bare = HubRefusal.failure(response(413, ""), language: language).items[0]
            #expect(bare.next == Refusal(.tooLarge).nextStep(language))
        }
    }

    @Test("A format error names its place in the message")
    func formatError() {
        let error = FormatError(.missing, at: "Bundle.entry[1].resource.subject", "no subject")
        let outcome = FHIRAdapter.outcome(error)
        let answer = HubResponse(status: outcome.status, headers: [], body: outcome.body)
        let item = HubRefusal.failure(answer, language: .en).items[0]
        #expect(item.code == "missing")
        #expect(item.place == "Bundle.entry[1].resource.subject")
        #expect(item.sentence == "no subject")
    }

    @Test("Plain JSON refusals and the hint to wait are kept")
    func plain() {
        let body = #"{"code":"busy","place":null,"sentence":"busy now","next":"wait"}"#
        let failure = HubRefusal.failure(response(503, body, [HubHeader("Retry-After", "7")]), language: .en)
        #expect(failure.status == .refused)
        #expect(failure.items == [.init(code: "busy", sentence: "busy now", next: "wait; try again after 7 s")])
        let bare = HubRefusal.failure(response(403, #"{"code":"principal-revoked"}"#), language: .zh)
        #expect(bare.items[0].sentence == Refusal(.principalRevoked).sentence(.zh))
    }

    @Test("What got no answer is sent once more, what was answered is not")
    func lostAnswers() async throws {
        func attempts(_ errors: [Failure?]) async -> (count: Int, ended: Failure?) {
            var left = errors
            do {
                try await Session.repeating {
                    if let failure = left.removeFirst() { throw failure }
                }
                return (errors.count - left.count, nil)
            } catch {
                return (errors.count - left.count, error as? Failure)
            }
        }
        for error in [HubClientError.timedOut, .cannotReach("the connection was closed")] {
            let lost = Failure(error, hub: "hub:8443", language: .en)
            #expect(await attempts([nil, nil]) == (1, nil))
            #expect(await attempts([lost, nil]) == (2, nil))
            #expect(await attempts([lost, lost, nil]) == (2, lost))
        }
        for answered in [
            HubRefusal.failure(response(409, #"{"code":"wrong-state"}"#), language: .en),
            HubRefusal.failure(response(500, ""), language: .en),
            Failure(.cannotTrust("BAD_CERTIFICATE"), hub: "hub:8443", language: .en),
        ] { #expect(await attempts([answered, nil]) == (1, answered)) }
    }

    @Test("An answer without words is named by its HTTP status")
    func wordless() {
        #expect(HubRefusal.failure(response(404, ""), language: .en).items[0].code == "not-found")
        #expect(HubRefusal.failure(response(410, "gone"), language: .en).items[0].code == "erased")
        let broken = HubRefusal.failure(response(500, "<html>"), language: .en)
        #expect(broken.items[0].code == "http-500")
        #expect(broken.status == .unreachable)
        #expect(HubRefusal.failure(response(418, "{}"), language: .en).items[0].code == "http-418")
    }

    @Test("A v2 acknowledgement is a receipt when it is positive, and a refusal when not")
    func acknowledgements() {
        let head = "MSH|^~\\&|HUB|C|HIS|S|20260301080000||ACK^I12^ACK|1|P|2.5.1\r"
        let id = "01KXYZ0123456789ABCDEFGHJK"
        let good = SendOutcome(response(200, head + "MSA|AA|7|accepted \(id)\r"), language: .en)
        #expect(good == .taken(Receipt(outcome: "accepted", caseID: id)))
        let copy = SendOutcome(response(200, head + "MSA|AA|7|already received \(id)\r"), language: .en)
        #expect(copy == .taken(Receipt(outcome: "already-received", caseID: id)))
        let amended = SendOutcome(response(200, head + "MSA|AA|7|amended \(id): request.summary\r"), language: .en)
        let text = "amended \(id): request.summary"
        #expect(amended == .taken(Receipt(outcome: "amended", caseID: id, detail: text)))
        let held = SendOutcome(response(200, head + "MSA|AA|7|held H-17\r"), language: .en)
        #expect(held == .taken(Receipt(outcome: "held", caseID: nil, detail: "held H-17")))
        let bad = SendOutcome(response(200, head + "MSA|AE|7|no patient\rERR||PID^1^5|101^Required\r"), language: .en)
        let busy = SendOutcome(response(200, head + "MSA|AR|7|busy\rERR||MSH^1|207^Internal error|E\r"), language: .en)
        guard case .unreachable = busy else {
            Issue.record("\(busy)")
            return
        }
        guard case .refused(let failure) = bad else {
            Issue.record("\(bad)")
            return
        }
        #expect(failure.items[0].code == "hl7-AE")
    }

    @Test("The case in a header outranks the case in the text")
    func header() {
        let answer = response(201, "", [HubHeader("consilium-case", "X")])
        #expect(SendOutcome(answer, language: .en) == .taken(Receipt(outcome: "accepted", caseID: "X")))
    }

    @Test("A transaction's answer names its case, and whether it is new")
    func bundles() {
        func bundle(_ status: String, _ outcome: String = "") -> HubResponse {
            response(
                200,
                """
                {"resourceType":"Bundle","type":"transaction-response","entry":[
                {"response":{"status":"201 Created","location":"Patient/X-p/_history/1"}},
                {"response":{"status":"\(status)","location":"ServiceRequest/X/_history/1"\(outcome)}}]}
                """
            )
        }
        #expect(SendOutcome(bundle("201 Created"), language: .en) == .taken(Receipt(outcome: "accepted", caseID: "X")))
        let copy = SendOutcome(bundle("200 OK"), language: .en)
        #expect(copy == .taken(Receipt(outcome: "already-received", caseID: "X")))
        let remark = #","outcome":{"resourceType":"OperationOutcome","issue":[{"diagnostics":"amended X: a"}]}"#
        let changed = SendOutcome(bundle("200 OK", remark), language: .en)
        #expect(changed == .taken(Receipt(outcome: "amended", caseID: "X", detail: "amended X: a")))
    }

    @Test("What may pass later is told apart from what never will", arguments: [401, 403, 408, 429, 500, 503, 507])
    func later(status: Int) {
        if case .refused = SendOutcome(response(status, ""), language: .en) { Issue.record("\(status)") }
        if case .taken = SendOutcome(response(status, ""), language: .en) { Issue.record("\(status)") }
    }

    @Test("A wrong request is refused for good", arguments: [400, 404, 409, 410, 413, 415, 422])
    func final(status: Int) {
        guard case .refused = SendOutcome(response(status, ""), language: .en) else {
            Issue.record("\(status)")
            return
        }
    }

    @Test("No answer is exit 3, with the hub's address", arguments: Language.allCases)
    func noAnswer(language: Language) {
        for error in [HubClientError.cannotReach("x"), .cannotTrust("y"), .timedOut] {
            let failure = Failure(error, hub: "hub:8443", language: language)
            #expect(failure.status == .unreachable)
            #expect(failure.items[0].place == "hub:8443")
            #expect(failure.items[0].next?.isEmpty == false)
        }
    }
}

@Suite("Files that are submitted")
struct OutgoingTests {
    private let reader: OutgoingReader

    init() throws {
        var town = Site(id: try #require(SiteID("QS-TOWN")), name: "东街卫生院", tier: .primary)
        town.profile = ExchangeProfile(format: .hl7v2, charset: "GB18030")
        town.profile.priorities = ["特": "stat"]
        reader = OutgoingReader(site: town.id, directory: Directory(sites: [town]), language: .en)
    }

    private static func referral(_ priority: String) -> String {
        [
            "MSH|^~\\&|HIS|QS-TOWN|CONSILIUM|HUB|20260301080000||REF^I12^REF_I12|1|P|2.5.1|||||CHN|GB18030",
            "RF1||\(priority)|0304|||QS-9", "PRD|RP|王^秀兰", "PID|1||42^^^QS^MR||张^三||19620305|M",
            "DG1|1||I20.0^不稳定型心绞痛^I10", "NTE|1||胸痛三天|SUM",
        ]
        .joined(separator: "\r") + "\r"
    }

    private func read(_ text: String) throws -> Outgoing {
        try reader.read(Array(text.utf8), label: "f", folder: ".", attach: [])
    }

    @Test("A file is known by its first bytes")
    func sniffing() {
        #expect(MessageKind(sniffing: Array("MSH|^~\\&|".utf8)) == .hl7v2)
        #expect(MessageKind(sniffing: [0x0B] + Array("MSH|".utf8)) == .hl7v2)
        #expect(MessageKind(sniffing: [0xEF, 0xBB, 0xBF] + Array("MSH|".utf8)) == .hl7v2)
        #expect(MessageKind(sniffing: Array(" \n{\"resourceType\"".utf8)) == .fhir)
        #expect(MessageKind(sniffing: Array("# 会诊申请单\npatient:".utf8)) == .form)
        #expect(MessageKind(sniffing: []) == .form)
    }

    @Test("A frame of MLLP around a file is taken off, half a frame is left alone")
    func frames() {
        #expect(MessageKind.unframed([0x0B, 0x4D, 0x1C, 0x0D]) == [0x4D])
        #expect(MessageKind.unframed([0x0B, 0x4D, 0x1C]) == [0x4D])
        #expect(MessageKind.unframed([0x0B, 0x4D]) == [0x0B, 0x4D])
        #expect(MessageKind.unframed([0x4D, 0x0D]) == [0x4D, 0x0D])
    }

    @Test("An emergency in HL7 v2 is never kept, whatever code the site writes for it")
    func urgency() throws {
        #expect(try !read(Self.referral("S")).isSpoolable)
        #expect(try !read(Self.referral("特")).isSpoolable)
        #expect(try read(Self.referral("R")).isSpoolable)
        #expect(try !read(Self.referral("nonsense")).isSpoolable)
        #expect(try read(Self.referral("R")).department?.description == "0304")
    }

    @Test("A message that cannot be read here goes as it is, and is never kept")
    func unreadable() throws {
        let broken = try read("MSH|^~\\&|HIS\rPID|1")
        #expect(broken.path == "/exchange/messages")
        #expect(!broken.isSpoolable)
        #expect(broken.body == Array("MSH|^~\\&|HIS\rPID|1".utf8))
        #expect(try !read(#"{"resourceType":"Bundle"}"#).isSpoolable)
    }

    @Test("A form that lacks what is mandatory is refused before anything is sent")
    func incompleteForm() {
        #expect {
            _ = try read("patient:\n  name: 张三\n")
        } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.status == .refused && failure.items.map(\.code) == ["missing", "missing"]
        }
    }

    @Test("A form that Chinese Windows saved in GB18030 is read")
    func gb18030() throws {
        let form = "patient:\n  name: 张三\nrequest:\n  number: A1\n  priority: 急会诊\nrequester:\n  doctor: 王\n"
        let bytes = try #require(Charset.gb18030.bytes(of: form))
        let outgoing = try reader.read(bytes, label: "f", folder: ".", attach: [])
        #expect(outgoing.priority == .stat)
        #expect(!outgoing.isSpoolable)
        #expect(throws: Failure.self) { try reader.read([0xFF, 0xFE, 0x00], label: "f", folder: ".", attach: []) }
    }

    @Test("Attachments go with forms only")
    func attachments() {
        #expect(throws: Failure.self) {
            try reader.read(Array(Self.referral("R").utf8), label: "f", folder: ".", attach: ["page.pdf"])
        }
    }
}
