import ConsiliumAdapters
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("One request is one case, whatever the door and however often")
    struct Duplicates {
        @Test(
            "An act of the client's that is sent again under its key is done once; under another key it is another act"
        )
        func acts() async throws {
            try await HospitalNetwork.run { network in
                let caseID = try await Book.mllp("K-1", network[.townEngine])
                let path = "/network/cases/\(caseID)/acts"
                func note(_ text: String, _ key: String?, by seat: HospitalNetwork.Seat = .townDoctor) async throws
                    -> HubResponse
                {
                    let field = key.map { ",\"key\":\"\($0)\"" } ?? ""
                    return try await network[seat].request("POST", path, #"{"act":"note","note":"\#(text)"\#(field)}"#)
                }
                let first = UUID().uuidString
                let answers = [try await note("心电图已传", first), try await note("心电图已传", first)]
                #expect(answers.map(\.status) == [200, 200])
                // The repeated act is answered as it was done.
                let versions = try answers.map { try JSON($0.body)["version"].int }
                #expect(versions[0] == versions[1])
                // The same key for another act is refused, and nobody meets the keys of another.
                #expect(try await note("别的话", first).status == 409)
                #expect(try await note("别的话", first, by: .nationalExpert).status == 200)
                #expect(try await note("心电图已传", UUID().uuidString).status == 200)
                #expect(try await note("心电图已传", nil).status == 200)
                for key in ["short", String(repeating: "x", count: 65), "with space and more"] {
                    let refused = try await note("再说一次", key)
                    #expect((400..<500).contains(refused.status), "\(key): \(refused.status)")
                }
                let notes = try await network[.townDoctor].json("GET", "/network/cases/\(caseID)")["notes"].items
                #expect(notes.map { $0["text"].string } == ["心电图已传", "别的话", "心电图已传", "心电图已传"])
            }
        }

        @Test("One REF^I12 sent 200 times at once through three doors is one case, and all 200 replies name it")
        func twoHundred() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let folder = try TemporaryFolder("duplicates")
                defer { folder.remove() }
                let request = Messages.Request("D-1")
                let bytes = try Messages.gb18030(Messages.referral(request))
                let file = folder.path("message.hl7")
                try Data(bytes).write(to: URL(fileURLWithPath: file))
                let client = ["CONSILIUM_HOME": folder.path("profile"), "LANG": "C.UTF-8", "NO_COLOR": "1"]
                let token = try await network.invite("TOWN/node/cli", ["requester"], by: network[.townAdministrator])
                let enrolled = try await Program.run(
                    Program.client,
                    ["enroll", "--no-passphrase", token],
                    environment: client
                )
                #expect(enrolled.status == 0, "\(enrolled.text)")

                let doors = 200
                let byClient = 20
                let connections = 10
                let replies = try await withThrowingTaskGroup(of: [String].self) { group in
                    for _ in 0..<connections {
                        group.addTask {
                            let connection = try await town.connectMLLP()
                            var texts: [String] = []
                            for _ in 0..<9 {
                                let reply = try await connection.send(bytes)
                                let answer = HL7v2Acknowledgement(reply)
                                texts.append((answer?.code.isPositive ?? false) ? answer?.text ?? "" : "negative")
                            }
                            await connection.close()
                            return texts
                        }
                        group.addTask {
                            var texts: [String] = []
                            for _ in 0..<9 {
                                let answer = try await town.request(
                                    "POST",
                                    "/exchange/messages",
                                    bytes: bytes,
                                    type: "x-application/hl7-v2+er7"
                                )
                                let acknowledgement = HL7v2Acknowledgement(answer.body)
                                texts.append(
                                    (acknowledgement?.code.isPositive ?? false)
                                        ? (answer.header("Consilium-Case") ?? "no header") : "negative"
                                )
                            }
                            return texts
                        }
                    }
                    for _ in 0..<4 {
                        group.addTask {
                            var texts: [String] = []
                            for _ in 0..<(byClient / 4) {
                                let ended = try await Program.run(
                                    Program.client,
                                    ["submit", file],
                                    environment: client
                                )
                                texts.append(ended.status == 0 ? ended.text : "exit \(ended.status): \(ended.text)")
                            }
                            return texts
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(replies.count == doors)
                let cases = try await network.cases(numbered: "D-1")
                #expect(cases.count == 1)
                let caseID = try #require(cases.first)
                #expect(
                    replies.filter { $0.contains(caseID) }.count == doors,
                    "\(Set(replies.filter { !$0.contains(caseID) }))"
                )
                let queue = try await network[.administrator].json("GET", "/network/queue")
                #expect(queue.items.count == 1)
            }
        }

        @Test("A rebuilt copy is already received, a copy by another door joins, changed content is an amendment")
        func copies() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let first = Messages.Request("D-2")
                let sent = try await town.mllp(Messages.gb18030(Messages.referral(first)))
                #expect(sent.acknowledgement.code == .applicationAccept)
                let caseID = try #require(try await network.cases(numbered: "D-2").first)

                var rebuilt = first
                rebuilt.control = "ANOTHER-CONTROL"
                rebuilt.time = "20260302111500"
                let second = try await town.mllp(Messages.gb18030(Messages.referral(rebuilt)))
                #expect(second.acknowledgement.text.contains("already received"), "\(second.acknowledgement.text)")
                #expect(second.acknowledgement.text.contains(caseID))

                var bundle = first
                bundle.control = "FHIR-1"
                let third = try await town.request("POST", "/fhir", Messages.bundle(bundle))
                #expect(third.isSuccess, "\(third.text)")
                #expect(third.header("Consilium-Case") == caseID)

                var changed = first
                changed.control = "CHANGED"
                changed.summary = "今晨胸痛加重，请尽快。"
                let fourth = try await town.mllp(Messages.gb18030(Messages.referral(changed)))
                #expect(fourth.acknowledgement.code == .applicationAccept, "\(fourth.acknowledgement.text)")
                #expect(fourth.acknowledgement.text.contains("amended"), "\(fourth.acknowledgement.text)")
                #expect(fourth.acknowledgement.text.contains(caseID))
                let shown = try await network[.townDoctor].json("GET", "/network/cases/\(caseID)")
                #expect(shown["application"]["request.summary"].string == changed.summary)
                #expect(try await network.cases(numbered: "D-2") == [caseID])
            }
        }

        @Test("A sender that starts its control ids anew every midnight loses nothing")
        func midnight() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let connection = try await town.connectMLLP()
                var cases: Set<String> = []
                for day in 1...3 {
                    for number in 1...5 {
                        var request = Messages.Request("M-\(day)-\(number)", control: "0000\(number)")
                        request.time = "2026030\(day)00010\(number)"
                        let reply = try await connection.send(Messages.gb18030(Messages.referral(request)))
                        #expect(HL7v2Acknowledgement(reply)?.code == .applicationAccept)
                        cases.formUnion(try await network.cases(numbered: request.number))
                    }
                }
                await connection.close()
                #expect(cases.count == 15)
            }
        }
    }
}
