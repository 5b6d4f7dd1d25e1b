import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Deliveries")
    struct Deliveries {
        @Test("A refused delivery keeps its bytes and its place, and is offered again after a pause")
        func retry() async throws {
            try await HospitalNetwork.run { network in
                let county = try network[.countyEngine]
                try await submit(["T-1", "T-2"], to: "0301", network)
                let list = try await Settled.list(county)
                #expect(list.count == 2)
                let first = try #require(list.first)
                let bytes = try await county.request("GET", "/exchange/deliveries/\(first.id)").body
                let control = HL7v2Adapter.header(of: bytes, profile: ExchangeProfile(format: .hl7v2)).controlID
                let refused = try await county.request(
                    "POST",
                    "/exchange/deliveries/\(first.id)/ack",
                    bytes: Messages.acknowledgement(of: control, code: "AE")
                )
                #expect(refused.isSuccess, "\(refused.text)")
                // The outbox is ordered: the second is not offered while the first waits.
                #expect(try await Settled.list(county).isEmpty)
                let pending = try await county.json("GET", "/network/deliveries?state=pending")
                let row = try #require(pending.items.first { $0["id"].string == first.id })
                #expect(row["attempts"].int == 1)
                // The first pause between two attempts is shorter than the hub waits for.
                let again = try await Settled.list(county, wait: 3)
                #expect(again.map(\.id) == list.map(\.id))
                #expect(try await county.request("GET", "/exchange/deliveries/\(first.id)").body == bytes)
                let settled = try await county.request(
                    "POST",
                    "/exchange/deliveries/\(first.id)/ack",
                    bytes: Messages.acknowledgement(of: control)
                )
                #expect(settled.status == 204)
                #expect(try await Settled.list(county).map(\.id) == [list[1].id])

                // Another site's deliveries are not there.
                let stranger = try await network[.cityEngine].request("GET", "/exchange/deliveries/\(list[1].id)")
                #expect(stranger.status == 404)

                // A person discards the second, with a coded reason; an engine may not.
                let path = "/network/deliveries/\(list[1].id)/discard"
                let engine = try await county.request("POST", path, #"{"reason":"duplicate"}"#)
                #expect(engine.status == 403)
                let bare = try await network.boss("COUNTY").request("POST", path, #"{"reason":"two words"}"#)
                #expect((400..<500).contains(bare.status))
                let discarded = try await network.boss("COUNTY").request("POST", path, #"{"reason":"duplicate"}"#)
                #expect(discarded.status == 204, "\(discarded.text)")
                #expect(try await Settled.list(county).isEmpty)
            }
        }

        @Test("An answer that acknowledges nothing, or another message, is a failed attempt and says why")
        func nonsense() async throws {
            try await HospitalNetwork.run { network in
                let county = try network[.countyEngine]
                try await submit(["N-1"], to: "0301", network)
                let first = try #require(try await Settled.list(county).first)
                _ = try await county.request("GET", "/exchange/deliveries/\(first.id)")
                let answers: [(bytes: [UInt8], reason: String)] = [
                    (Array("HTTP/1.1 500 Server Error".utf8), "no-acknowledgement"),
                    ([], "no-acknowledgement"),
                    (Messages.acknowledgement(of: "SOMETHING-ELSE"), "other-acknowledgement"),
                ]
                for (index, answer) in answers.enumerated() {
                    let path = "/exchange/deliveries/\(first.id)/ack"
                    let reply = try await county.request("POST", path, bytes: answer.bytes)
                    #expect((400..<500).contains(reply.status), "\(reply.text)")
                    let pending = try await county.json("GET", "/network/deliveries?state=pending")
                    let row = try #require(pending.items.first { $0["id"].string == first.id })
                    #expect(row["attempts"].int == index + 1)
                    #expect(row["reason"].string == answer.reason)
                }
                // It waits for its next attempt as after any other failure.
                #expect(try await Settled.list(county).isEmpty)
            }
        }

        @Test("After twelve failed attempts a delivery is a dead letter, and waits for a person who drives it again")
        func deadLetter() async throws {
            try await HospitalNetwork.run { network in
                let county = try network[.countyEngine]
                try await submit(["DL-1", "DL-2"], to: "0301", network)
                let list = try await Settled.list(county)
                let first = try #require(list.first)
                let bytes = try await county.request("GET", "/exchange/deliveries/\(first.id)").body
                let control = HL7v2Adapter.header(of: bytes, profile: ExchangeProfile(format: .hl7v2)).controlID
                let path = "/exchange/deliveries/\(first.id)/ack"
                for attempt in 1...12 {
                    let refused = Messages.acknowledgement(of: control, code: "AE")
                    let answer = try await county.request("POST", path, bytes: refused)
                    #expect(answer.status == 204, "\(answer.text)")
                    let dead = try await county.json("GET", "/network/deliveries?state=dead")
                    #expect(dead.items.count == (attempt < 12 ? 0 : 1), "after \(attempt) attempts")
                }
                let dead = try await county.json("GET", "/network/deliveries?state=dead")
                #expect(dead.items.first?["id"].string == first.id)
                #expect(dead.items.first?["reason"].string == "refused-AE")
                // What comes after it is held up no longer.
                #expect(try await Settled.list(county).map(\.id) == [list[1].id])
                // A late failure does not count, a late acknowledgement does not revive it.
                for code in ["AE", "AA"] {
                    _ = try await county.request("POST", path, bytes: Messages.acknowledgement(of: control, code: code))
                }
                #expect(try await county.json("GET", "/network/deliveries?state=dead").items.count == 1)

                let redrive = "/network/deliveries/\(first.id)/redrive"
                #expect(try await county.request("POST", redrive, "{}").status == 403)
                #expect(try await network.boss("COUNTY").request("POST", redrive, "{}").status == 204)
                #expect(try await Settled.list(county).map(\.id) == list.map(\.id))
                let again = try await county.request("GET", "/exchange/deliveries/\(first.id)").body
                #expect(again == bytes)
                let settled = try await county.request("POST", path, bytes: Messages.acknowledgement(of: control))
                #expect(settled.status == 204)
                #expect(try await Settled.list(county).map(\.id) == [list[1].id])
            }
        }

        @Test("A site that can be reached has its messages pushed over mutual TLS, once each and in order")
        func push() async throws {
            guard let python = Program.installed("python3") else { return Program.notice("python3 is not installed") }
            try await HospitalNetwork.run { network in
                let county = try network[.countyEngine]
                let folder = try TemporaryFolder("receiver")
                defer { folder.remove() }
                _ = try county.curlArguments(in: folder)
                let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                    .appendingPathComponent("Acceptance/tls_receiver.py")
                let receiver = try Child(
                    python,
                    [script.path] + ["COUNTY-node-his.pem", "COUNTY-node-his.key", "root.pem"].map(folder.path)
                        + [folder.url.path],
                    output: folder.path("log")
                )
                defer { receiver.signal(SIGKILL) }
                let port = try await eventually("the receiver", in: [folder.url.path]) { () -> Int? in
                    guard receiver.isRunning else {
                        throw Broken(
                            "the receiver ended: \(try String(contentsOfFile: folder.path("log"), encoding: .utf8))"
                        )
                    }
                    return FileManager.default.contents(atPath: folder.path("port"))
                        .flatMap { Int(String(decoding: $0, as: UTF8.self)) }
                }
                let sites = try JSON(Array(Sites.text.utf8)).items
                    .map { site in
                        guard site["id"].string == "COUNTY" else { return site.text }
                        let endpoint = JSON.object(["host": .string("127.0.0.1"), "port": .number(Double(port))])
                        return site.with("profile", site["profile"].with("mllp", endpoint)).text
                    }
                let text = "[" + sites.joined(separator: ",") + "]"
                _ = try await network[.administrator].json("PUT", "/network/sites", text)
                try await submit(["P-1", "P-2", "P-3"], to: "0301", network)
                let names = try await eventually("three messages", in: [folder.url.path], seconds: 20) {
                    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
                        .filter { $0.hasSuffix(".hl7") }.sorted()
                    return names.count >= 3 ? names : nil
                }
                let received = try names.map {
                    String(decoding: try Data(contentsOf: folder.url.appendingPathComponent($0)), as: UTF8.self)
                }
                #expect(names.count == 3)
                for (number, message) in zip(["P-1", "P-2", "P-3"], received) {
                    #expect(message.contains("REF^I12"))
                    #expect(message.contains(number))
                    #expect(message.contains("張珅"))
                }
                _ = try await eventually("acknowledged deliveries", in: network.hub.changing) {
                    let done = try await county.json("GET", "/network/deliveries?state=done")
                    return done.items.count == 3 ? true : nil
                }
                // What was pushed was disclosed: to the node that showed its certificate.
                for number in ["P-1", "P-2", "P-3"] {
                    let caseID = try #require(try await network.cases(numbered: number).first)
                    let entry = try await eventually("an access record", in: network.hub.changing) {
                        try await network[.townEngine].json("GET", "/network/cases/\(caseID)/access").items
                            .first { $0["what"].string == "delivery" }
                    }
                    #expect(entry["principal"].string == "COUNTY/node/his")
                    #expect(entry["site"].string == "COUNTY")
                }
            }
        }

        private func submit(_ numbers: [String], to department: String, _ network: HospitalNetwork) async throws {
            for number in numbers {
                var request = Messages.Request(number)
                request.department = department
                let sent = try await network[.townEngine].mllp(Messages.gb18030(Messages.referral(request)))
                guard sent.acknowledgement.code == .applicationAccept else { throw Broken(sent.acknowledgement.text) }
            }
        }
    }
}
