import ConsiliumAdapters
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Who may do what")
    struct Rights {
        @Test("A case is seen by the sites that take part in it; to everybody else it does not exist")
        func visibility() async throws {
            try await HospitalNetwork.run { network in
                let sent = try await network[.townEngine]
                    .mllp(
                        Messages.gb18030(Messages.referral(Messages.Request("R-1")))
                    )
                #expect(sent.acknowledgement.code == .applicationAccept)
                let caseID = try #require(try await network.cases(numbered: "R-1").first)
                let reads = [
                    "/fhir/ServiceRequest/\(caseID)", "/fhir/Patient/\(caseID)-p", "/fhir/Consent/\(caseID)-c",
                    "/network/cases/\(caseID)", "/network/cases/\(caseID)/access",
                ]
                for seat in [HospitalNetwork.Seat.townEngine, .townDoctor, .nationalEngine, .nationalExpert] {
                    for path in reads {
                        let answer = try await network[seat].request("GET", path)
                        #expect(answer.status == 200, "\(seat) \(path): \(answer.text.prefix(300))")
                    }
                }
                for seat in [HospitalNetwork.Seat.cityEngine, .countyEngine, .auditor, .administrator] {
                    for path in reads {
                        let answer = try await network[seat].request("GET", path)
                        #expect(answer.status == 404, "\(seat) \(path): \(answer.status)")
                        #expect(!answer.text.contains("張珅"))
                    }
                    let found = try await network[seat].request("GET", "/fhir/ServiceRequest?_id=\(caseID)")
                    #expect(!found.text.contains("R-1"), "\(seat) found it by search")
                    for act in ["accept", "start", "cancel", "void", "close"] {
                        let body = #"{"act":"\#(act)","reason":"other","decision":"adopted"}"#
                        let answer = try await network[seat].request("POST", "/network/cases/\(caseID)/acts", body)
                        #expect([403, 404].contains(answer.status), "\(seat) \(act): \(answer.status) \(answer.text)")
                    }
                }
                // Who takes part may still do only what is theirs.
                let mixed: [(HospitalNetwork.Seat, String)] = [
                    (.townEngine, "accept"), (.townDoctor, "start"), (.nationalEngine, "cancel"),
                    (.nationalExpert, "close"),
                ]
                for (seat, act) in mixed {
                    let body = #"{"act":"\#(act)","reason":"other","decision":"adopted"}"#
                    let answer = try await network[seat].request("POST", "/network/cases/\(caseID)/acts", body)
                    #expect((400..<500).contains(answer.status), "\(seat) \(act): \(answer.status) \(answer.text)")
                }
            }
        }

        @Test("Running the network belongs to its administrator, and each site's members to that site's")
        func administration() async throws {
            try await HospitalNetwork.run { network in
                let policy = try await network[.administrator].json("GET", "/network")["policy"].text
                let invitation = #"{"principal":"CITY/op/spy","roles":["coordinator"]}"#
                let routes: [(method: String, path: String, body: String, mayTownBoss: Bool)] = [
                    ("PUT", "/network/sites", Sites.text, false), ("PUT", "/network/policy", policy, false),
                    ("POST", "/network/sites/CITY/status", #"{"status":"suspended"}"#, false),
                    ("POST", "/network/sites/CITY/capacity", #"{"department":"0402","capacity":0}"#, false),
                    ("POST", "/network/invitations", invitation, false),
                    ("POST", "/network/members/CITY/node/his/revoke", "{}", false),
                    ("POST", "/network/members/CITY/node/his/roles", #"{"role":"auditor","grant":true}"#, false),
                    ("POST", "/network/members/TOWN/node/his/acts-for", #"{"site":"CITY","grant":true}"#, false),
                    (
                        "POST", "/network/members/TOWN/op/wang/roles",
                        #"{"role":"network-administrator","grant":true}"#, false
                    ),
                    ("POST", "/network/invitations", #"{"principal":"TOWN/op/neu","roles":["requester"]}"#, true),
                ]
                for route in routes {
                    for seat in [
                        HospitalNetwork.Seat.townEngine, .townDoctor, .nationalExpert, .auditor, .townAdministrator,
                    ] {
                        let answer = try await network[seat].request(route.method, route.path, route.body)
                        if seat == .townAdministrator, route.mayTownBoss {
                            #expect(answer.isSuccess, "\(seat) \(route.path): \(answer.status) \(answer.text)")
                        } else {
                            #expect(answer.status == 403, "\(seat) \(route.path): \(answer.status) \(answer.text)")
                            #expect((try? JSON(answer.body))?["code"].string != nil)
                        }
                    }
                }
                // Who runs the network is no auditor of it.
                let own = try await network[.administrator]
                    .request("POST", "/network/members/OFFICE/op/admin/roles", #"{"role":"auditor","grant":true}"#)
                #expect(own.status == 403, "\(own.status) \(own.text)")
                // Somebody else's deliveries and quarantine are not listed.
                let list = try await network[.cityEngine].json("GET", "/network/deliveries")
                #expect(list.items.isEmpty)
            }
        }

        @Test("A revoked principal's open connections are closed within five seconds, and new ones refused")
        func revocation() async throws {
            try await HospitalNetwork.run { network in
                let boss = try network[.townAdministrator]
                let old = try await network.enrol(network.invite("TOWN/node/old", ["requester"], by: boss))
                _ = try await old.json("GET", "/network/me")
                let open = try await old.connectMLLP()
                #expect(open.isOpen)
                _ = try await boss.json("POST", "/network/members/TOWN/node/old/revoke", "{}")
                let revoked = ContinuousClock.now
                await open.closed()
                #expect(ContinuousClock.now - revoked < .seconds(5))
                let status = try? await old.request("GET", "/network/me").status
                #expect(status == nil || status == 403)
                let again = try old.again()
                let fresh = try? await again.request("GET", "/network/me").status
                #expect(fresh == nil || fresh == 403)
                await #expect(throws: (any Error).self) {
                    let client = try await again.connectMLLP()
                    defer { Task { await client.close() } }
                    _ = try await client.send(Messages.gb18030(Messages.referral(Messages.Request("R-9"))))
                }
                #expect(try await network.cases(numbered: "R-9").isEmpty)
                await again.close()
                await old.close()
                // Its neighbours are not touched.
                _ = try await network[.townEngine].json("GET", "/network/me")
            }
        }

        @Test("One engine submits for the two sites that granted it, and is refused for a third")
        func actsFor() async throws {
            try await HospitalNetwork.run { network in
                for site in ["TOWN2", "TOWN3"] {
                    let boss = try await network.enrol(network.invite("\(site)/op/boss", ["site-administrator"]))
                    _ = try await boss.json(
                        "POST",
                        "/network/members/COUNTY/node/his/acts-for",
                        #"{"site":"\#(site)","grant":true}"#
                    )
                    await boss.close()
                }
                let engine = try network[.countyEngine]
                for (site, isGranted) in [("TOWN2", true), ("TOWN3", true), ("CITY", false)] {
                    var request = Messages.Request("F-\(site)")
                    request.facility = site
                    let sent = try await engine.mllp(Messages.gb18030(Messages.referral(request)))
                    #expect(sent.acknowledgement.code.isPositive == isGranted, "\(site): \(sent.acknowledgement.text)")
                    guard isGranted else { continue }
                    let caseID = try #require(sent.acknowledgement.text.split(separator: " ").last.map(String.init))
                    let queue = try await network[.administrator].json("GET", "/network/queue")
                    let row = try #require(
                        queue.items.first { $0["case"].string == caseID },
                        "\(sent.acknowledgement.text)"
                    )
                    #expect(row["requester"].string == site)
                }
            }
        }

        @Test("HTTP/1.1 and HTTP/2 both work with a client certificate, and nothing without one")
        func protocols() async throws {
            guard let curl = Program.installed("curl") else { return Program.notice("curl is not installed") }
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let folder = try TemporaryFolder("curl")
                defer { folder.remove() }
                let arguments = try town.curlArguments(in: folder)
                let url = "https://127.0.0.1:\(town.endpoints.api)/fhir/metadata"
                for (flag, version) in [("--http1.1", "1.1"), ("--http2", "2")] {
                    let ended = try await Program.run(
                        curl,
                        arguments + [
                            flag, "--output", folder.path("answer"), "--write-out", "%{http_code} %{http_version}", url,
                        ]
                    )
                    #expect(ended.output == "200 \(version)", "\(ended.text)")
                    let answer = try JSON(Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("answer")))))
                    #expect(answer["resourceType"].string == "CapabilityStatement")
                }
                let naked = try await Program.run(
                    curl,
                    ["--silent", "--max-time", "10", "--cacert", folder.path("root.pem"), url]
                )
                #expect(naked.status != 0)
                #expect(naked.output.isEmpty)
                let old = try await Program.run(curl, arguments + ["--tls-max", "1.2", url])
                #expect(old.status != 0)
            }
        }
    }
}
