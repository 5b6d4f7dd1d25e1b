import ConsiliumAdapters
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Bad input is refused with its place, and nothing is stored")
    struct BadInput {
        /// One bad body for `POST /fhir`, and what must be said about it.
        struct Case {
            var what: String
            var body: String
            var status: Int
            /// A piece of the outcome's expression; empty: the whole body is meant.
            var expression: String
            var type: String?

            init(_ what: String, _ body: String, _ status: Int, at expression: String, type: String? = nil) {
                self.what = what
                self.body = body
                self.status = status
                self.expression = expression
                self.type = type
            }
        }

        static var good: String {
            var request = Messages.Request("BAD-1")
            request.facility = "CITY"
            return Messages.bundle(request)
        }

        static func edited(_ find: String, _ replace: String) throws -> String {
            let text = good
            guard text.contains(find) else { throw Broken("the bundle has no \(find)") }
            return text.replacing(find, with: replace)
        }

        static func cases() throws -> [Case] {
            [
                Case("no JSON", "{\"resourceType\": \"Bundle\", ", 400, at: ""),
                Case("an array", "[]", 400, at: ""),
                Case("bytes that are no text", "\u{1}\u{2}", 400, at: ""),
                Case("another resource", #"{"resourceType":"Patient","name":[{"text":"甲"}]}"#, 422, at: ""),
                Case("a batch", try edited(#""type":"transaction""#, #""type":"batch""#), 422, at: "Bundle.type"),
                Case(
                    "no request number",
                    try edited(#""identifier":[{"type":{"coding":[{"code":"PLAC"}]},"value":"BAD-1"}],"#, ""),
                    422,
                    at: "identifier"
                ),
                Case(
                    "no patient",
                    try edited(#""name":[{"text":"張珅"}],"#, "").replacing("LX000123", with: "")
                        .replacing("421125195811030019", with: ""),
                    422,
                    at: "identifier"
                ),
                Case(
                    "an unknown priority",
                    try edited(#""priority":"routine""#, #""priority":"whenever""#),
                    422,
                    at: "priority"
                ),
                Case("an unknown gender", try edited(#""gender":"male""#, #""gender":"M""#), 422, at: "gender"),
                Case("a day that does not exist", try edited("1958-11-03", "1958-13-45"), 422, at: "birthDate"),
                Case(
                    "a dangling reference",
                    try edited(
                        #""reasonReference":[{"reference":"urn:uuid:00000000-0000-4000-8000-000000000002"}]"#,
                        #""reasonReference":[{"reference":"urn:uuid:00000000-0000-4000-8000-0000000000ff"}]"#
                    ),
                    422,
                    at: "reasonReference"
                ),
                Case(
                    "a duplicate key",
                    try edited(#""intent":"order""#, #""intent":"order","intent":"plan""#),
                    400,
                    at: "intent"
                ),
                Case("another content type", good, 415, at: "", type: "text/xml"),
                Case(
                    "a number where text belongs",
                    try edited(#""birthDate":"1958-11-03""#, #""birthDate":19581103"#),
                    422,
                    at: "birthDate"
                ),
                Case("nesting without end", String(repeating: "[", count: 5_000), 400, at: ""),
            ]
        }

        @Test("Every kind of bad FHIR input is an OperationOutcome with expression and code")
        func fhir() async throws {
            try await HospitalNetwork.run { network in
                let city = try network[.cityEngine]
                _ = try await city.json("GET", "/network/me")
                let before = try await network.records()
                for bad in try Self.cases() {
                    let answer = try await city.request("POST", "/fhir", bad.body, type: bad.type)
                    try Self.expectOutcome(answer, bad.what, status: bad.status, at: bad.expression)
                    guard bad.type == nil else { continue }
                    let exchange = try await city.request(
                        "POST",
                        "/exchange/messages",
                        bad.body,
                        type: "application/fhir+json"
                    )
                    #expect((400..<500).contains(exchange.status), "exchange, \(bad.what): \(exchange.status)")
                }
                #expect(try await network.records() == before)

                // Too large: said while it is sent, or at once by its declared length.
                let large = [UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1)
                let answer = try await city.request("POST", "/fhir", bytes: large)
                try Self.expectOutcome(answer, "too large", status: 413, at: "")
                #expect(try await network.records() == before)

                // The network goes on.
                var good = Messages.Request("GOOD-1")
                good.facility = "CITY"
                let accepted = try await city.request("POST", "/fhir", Messages.bundle(good))
                #expect(accepted.isSuccess, "\(accepted.text)")
            }
        }

        @Test("Paths, methods and ids that do not exist are told apart from those that do, without an error of the hub")
        func addresses() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let city = try network[.cityEngine]
                let sent = try await town.mllp(Messages.gb18030(Messages.referral(Messages.Request("A-1"))))
                #expect(sent.acknowledgement.code == .applicationAccept)
                let caseID = try #require(try await network.cases(numbered: "A-1").first)
                let unknown = "01JZZZZZZZZZZZZZZZZZZZZZZZ"
                let before = try await network.records()

                for path in [
                    "ServiceRequest/\(unknown)", "ServiceRequest/nonsense", "Task/\(unknown)-o1", "Task/x",
                    "Patient/\(unknown)-p", "Binary/\(unknown)-d1", "DiagnosticReport/\(unknown)-r1",
                    "Organization/NOBODY",
                    "ServiceRequest/\(unknown)/$why", "ServiceRequest/\(caseID)/$nothing",
                    // Another site's case is not found: neither read nor written.
                    "ServiceRequest/\(caseID)", "Task/\(caseID)-o1", "Patient/\(caseID)-p",
                    "ServiceRequest/\(caseID)/$why",
                ] {
                    let answer = try await city.request("GET", "/fhir/\(path)")
                    try Self.expectOutcome(answer, path, status: 404, at: nil)
                }
                let theirs = try await city.request(
                    "PUT",
                    "/fhir/Task/\(caseID)-o1",
                    #"{"resourceType":"Task","id":"\#(caseID)-o1","status":"accepted","intent":"order"}"#,
                    headers: ["If-Match": "W/\"1\""]
                )
                try Self.expectOutcome(theirs, "another site's Task", status: 404, at: nil)
                for (method, path) in [
                    ("GET", "/fhir/Device"), ("GET", "/fhir/Task/x/y/z"), ("DELETE", "/fhir/ServiceRequest/\(caseID)"),
                    ("GET", "/nowhere"), ("PATCH", "/fhir/Task/\(caseID)-o1"), ("POST", "/fhir/Patient"),
                    ("POST", "/exchange/deliveries"),
                ] {
                    let body = method == "GET" || method == "DELETE" ? nil : "{}"
                    let answer = try await town.request(method, path, body)
                    #expect((400..<500).contains(answer.status), "\(method) \(path): \(answer.status)")
                    if path.hasPrefix("/fhir") {
                        #expect(
                            (try? JSON(answer.body))?["resourceType"].string == "OperationOutcome",
                            "\(method) \(path): \(answer.status) \(answer.text)"
                        )
                    }
                }
                for body in [
                    "", "{", "[]", "{}", #"{"act":"dance"}"#, #"{"act":"decline","reason":"tired"}"#, #"{"act":7}"#,
                ] {
                    let answer = try await town.request("POST", "/network/cases/\(caseID)/acts", body)
                    #expect((400..<500).contains(answer.status), "acts \(body): \(answer.status)")
                    #expect((try? JSON(answer.body))?["code"].string != nil, "acts \(body): \(answer.text)")
                }
                let records = try await network.records()
                let accesses = 2  // of reading the case by its number, at most once each
                #expect(records - before <= accesses)
            }
        }

        @Test("Every bad HL7 v2 message is answered with its location, and the connection stays up")
        func hl7() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                _ = try await town.json("GET", "/network/me")
                let before = try await network.records()
                let good = Messages.referral(Messages.Request("B-1"))
                let connection = try await town.connectMLLP()
                let bad: [(what: String, text: String, place: String)] = [
                    ("no HL7 at all", "hello", ""),
                    ("another trigger", good.replacing("REF^I12^REF_I12", with: "ADT^A01"), "MSH"),
                    ("a day that does not exist", good.replacing("|19581103|", with: "|19581345|"), "PID"),
                    ("no request number", good.replacing("|SO||B-1|", with: "|SO|||"), "RF1"),
                    (
                        "no patient",
                        good.split(separator: "\r").filter { !$0.hasPrefix("PID") }.joined(separator: "\r") + "\r",
                        "PID"
                    ),
                    ("a test message", good.replacing("|P|2.5.1|", with: "|T|2.5.1|"), "MSH"),
                ]
                for message in bad {
                    let reply = try await connection.send(Messages.gb18030(message.text))
                    let answer = try #require(HL7v2Acknowledgement(reply), "\(message.what)")
                    #expect(!answer.code.isPositive, "\(message.what)")
                    let text = try Messages.text(gb18030: reply)
                    #expect(text.contains("ERR|"), "\(message.what): \(text)")
                    #expect(message.place.isEmpty || text.contains(message.place), "\(message.what): \(text)")
                }
                let reply = try await connection.send(Messages.gb18030(good))
                #expect(HL7v2Acknowledgement(reply)?.code == .applicationAccept)
                await connection.close()
                #expect(try await network.cases(numbered: "B-1").count == 1)
                let seen = try await eventually("quarantined frames", in: network.hub.changing) {
                    let list = try await network[.townAdministrator].json("GET", "/network/quarantine")
                    return list.items.count >= bad.count ? list : nil
                }
                #expect(seen.items.allSatisfy { $0["site"].string == "TOWN" })
                #expect(try await network.records() > before)
            }
        }

        /// An OperationOutcome with severity, code and, where a place is known, an expression.
        static func expectOutcome(_ answer: HubResponse, _ what: String, status: Int, at expression: String?) throws {
            #expect(answer.status == status, "\(what): \(answer.status) \(answer.text.prefix(300))")
            guard let outcome = try? JSON(answer.body) else {
                Issue.record("\(what): no JSON: \(answer.status) \(answer.text.prefix(200))")
                return
            }
            #expect(outcome["resourceType"].string == "OperationOutcome", "\(what)")
            let issue = outcome["issue"][0]
            #expect(issue["severity"].string == "error", "\(what)")
            #expect(issue["code"].string != nil, "\(what)")
            #expect(
                issue["details"]["coding"][0]["code"].string != nil || issue["details"]["text"].string != nil,
                "\(what)"
            )
            if let expression, !expression.isEmpty {
                let all = issue["expression"].items.compactMap(\.string).joined(separator: " ")
                #expect(all.contains(expression), "\(what): expression \(all)")
            }
        }
    }
}
