import ConsiliumAdapters
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("When the hub has no room")
    struct Limits {
        @Test("A full intake says busy with Retry-After, and stores what it acknowledges and nothing else")
        func busy() async throws {
            try await HospitalNetwork.run(environment: ["CONSILIUM_LIMITS_INTAKE": "2"]) { network in
                let city = try network[.cityEngine]
                _ = try await city.json("GET", "/network/me")
                // Each commit takes 200 ms, so that the two places of the intake stay taken.
                guard
                    let tracer = try await Tracer.attach(
                        to: network.hub,
                        ["-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_exit=200000"]
                    )
                else { return }
                let answers = try await withThrowingTaskGroup(of: (String, HubResponse).self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            var request = Messages.Request("BUSY-\(number)")
                            request.facility = "CITY"
                            let answer = try await city.request("POST", "/fhir", Messages.bundle(request))
                            return (request.number, answer)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                _ = try await tracer.detach()
                let refused = answers.filter { !$0.1.isSuccess }
                #expect(!refused.isEmpty)
                #expect(refused.count < answers.count)
                for (number, answer) in refused {
                    #expect(answer.status == 503, "\(number): \(answer.status)")
                    #expect(answer.header("Retry-After").flatMap { Int($0) } != nil)
                    #expect(try JSON(answer.body)["issue"][0]["details"]["coding"][0]["code"].string == "busy")
                    #expect(try await network.cases(numbered: number, for: .cityEngine).isEmpty, "\(number) was stored")
                }
                for (number, answer) in answers where answer.isSuccess {
                    let found = try await network.cases(numbered: number, for: .cityEngine)
                    #expect(found == [answer.header("Consilium-Case")])
                }
            }
        }

        @Test("An intake that stays full for the sender's patience is AR 207, busy; with room again all is well")
        func busyByMLLP() async throws {
            try await HospitalNetwork.run { network in
                await network.hub.stop()
                try await network.serveAgain(
                    environment: ["CONSILIUM_LIMITS_INTAKE": "0", "CONSILIUM_LIMITS_PATIENCE": "1"]
                )
                let message = try Messages.gb18030(Messages.referral(Messages.Request("AR-1")))
                let began = ContinuousClock.now
                let refused = try await network[.townEngine].mllp(message)
                #expect(refused.acknowledgement.code == .applicationReject)
                let text = String(decoding: refused.bytes, as: UTF8.self)
                #expect(text.contains("|207^"), "\(text)")
                #expect(ContinuousClock.now - began >= .seconds(1))
                await network.hub.stop()
                try await network.serveAgain()
                #expect(try await network.cases(numbered: "AR-1").isEmpty)
                let taken = try await network[.townEngine].mllp(message)
                #expect(taken.acknowledgement.code == .applicationAccept)
            }
        }

        @Test("A body that comes too slowly, or breaks off, is its sender's fault: cut off, and no error of the hub")
        func slowBody() async throws {
            guard let curl = Program.installed("curl") else { return Program.notice("curl is not installed") }
            try await HospitalNetwork.run(
                environment: ["CONSILIUM_LIMITS_BODY_SECONDS": "1", "CONSILIUM_LIMITS_BODY_RATE": "1000000"]
            ) { network in
                let town = try network[.townEngine]
                let folder = try TemporaryFolder("slow")
                defer { folder.remove() }
                try Data(count: 2 << 20).write(to: URL(fileURLWithPath: folder.path("body")))
                let arguments = try town.curlArguments(in: folder)
                for (flag, seconds) in [
                    ("--http1.1", "20"), ("--http2", "20"), ("--http1.1", "0.5"), ("--http2", "0.5"),
                ] {
                    let ended = try await Program.run(
                        curl,
                        arguments
                            + [
                                flag, "--max-time", seconds, "--limit-rate", "1000", "--data-binary", "@body",
                                "https://127.0.0.1:\(town.endpoints.api)/exchange/messages",
                            ]
                            .map { $0 == "@body" ? "@" + folder.path("body") : $0 }
                    )
                    // 28: curl's own time was over; anything else: the hub ended it before.
                    #expect(
                        (ended.status == 28) == (seconds == "0.5"),
                        "\(flag) \(seconds): \(ended.status) \(ended.text)"
                    )
                }
                _ = try await eventually("what the hub says of it", in: network.hub.changing) {
                    network.hub.logText.components(separatedBy: "request body aborted").count > 4 ? true : nil
                }
                let errors = network.hub.logText.split(separator: "\n").filter { $0.contains(" error ") }
                #expect(errors.isEmpty, "\(errors)")
                _ = try await town.json("GET", "/network/me")
            }
        }

        @Test(
            "With less than a tenth of the disk free, writes are refused and reads go on; with room again all is well"
        )
        func disk() async throws {
            guard let mount = Program.installed("mount"), let unmount = Program.installed("umount"), getuid() == 0
            else {
                return Program.notice("a small volume needs root; the full disk is left out")
            }
            let volume = try TemporaryFolder("volume")
            defer { volume.remove() }
            let mounted = try await Program.run(mount, ["-t", "tmpfs", "-o", "size=64m", "tmpfs", volume.url.path])
            guard mounted.status == 0 else {
                return Program.notice("no tmpfs can be mounted; the full disk is left out")
            }
            var failure: (any Error)?
            do {
                try await HospitalNetwork.run(parent: volume.url.path) { network in
                    let town = try network[.townEngine]
                    let caseID = try await Book.mllp("V-1", town)
                    let filler = volume.path("filler")
                    try fill(volume.url.path, filler)

                    let sent = try await town.mllp(Messages.gb18030(Messages.referral(Messages.Request("V-2"))))
                    #expect(!sent.acknowledgement.code.isPositive)
                    var request = Messages.Request("V-3")
                    request.facility = "CITY"
                    let answer = try await network[.cityEngine].request("POST", "/fhir", Messages.bundle(request))
                    #expect([503, 507].contains(answer.status), "\(answer.status)")
                    #expect(try JSON(answer.body)["resourceType"].string == "OperationOutcome")
                    #expect(try await network.cases(numbered: "V-1") == [caseID])
                    #expect(try await network.cases(numbered: "V-2").isEmpty)
                    #expect(try await town.json("GET", "/fhir/Patient/\(caseID)-p").text.contains("張珅"))
                    let doctor = try await network.hub.command("doctor")
                    #expect(doctor.status == 1)
                    #expect(doctor.output.contains("LOOK disk"), "\(doctor.output)")

                    try FileManager.default.removeItem(atPath: filler)
                    _ = try await Book.mllp("V-2", town)
                    #expect(try await network.cases(numbered: "V-2").count == 1)
                }
            } catch {
                failure = error
            }
            _ = try await Program.run(unmount, [volume.url.path])
            if let failure { throw failure }
        }

        /// Leaves a twentieth of the volume free.
        private func fill(_ volume: String, _ file: String) throws {
            let space = try VolumeSpace().space(at: volume)
            let size = Int(space.available) - Int(space.total / 20)
            try Data(count: size).write(to: URL(fileURLWithPath: file))
        }

        @Test("A renewed certificate works at once, by a new key, and for nobody else")
        func renewal() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let key = PrincipalKey()
                let csr = try key.certificateSigningRequest(commonName: "OFFICE/op/admin")
                let answer = try await town.json("POST", "/network/renewals", "{\"csr\":\(JSON.quoted(csr))}")
                let chain = try NetworkCertificate.chain(pem: try #require(answer["certificate"].string))
                // The name comes from the certificate that asks, never from the request.
                #expect(chain.first?.uris == ["spiffe://system.test/site/TOWN/node/his"])
                let renewed = try Member(
                    town.principal,
                    Credentials(chain: chain, key: key),
                    root: network.root,
                    endpoints: town.endpoints
                )
                #expect(try await renewed.json("GET", "/network/me")["principal"].string == "TOWN/node/his")
                let sent = try await renewed.mllp(Messages.gb18030(Messages.referral(Messages.Request("RN-1"))))
                #expect(sent.acknowledgement.code == .applicationAccept)
                await renewed.close()
                for body in ["{}", #"{"csr":"nonsense"}"#, #"{"csr":7}"#] {
                    let refused = try await town.request("POST", "/network/renewals", body)
                    #expect((400..<500).contains(refused.status), "\(body): \(refused.status)")
                }
            }
        }

        @Test("An enrolment token works once, and a guessed one never")
        func tokens() async throws {
            try await HospitalNetwork.run { network in
                let boss = try network[.townAdministrator]
                let token = try await network.invite("TOWN/op/li", ["requester"], by: boss)
                let first = try await network.enrol(token)
                _ = try await first.json("GET", "/network/me")
                await first.close()
                await #expect(throws: Broken.self) { _ = try await network.enrol(token) }
                let content = try HospitalNetwork.read(token).with("s", .string(String(repeating: "A", count: 43)))
                let guessed = "consilium1." + Data(content.text.utf8).base64EncodedString()
                await #expect(throws: Broken.self) { _ = try await network.enrol(guessed) }
            }
        }
    }
}
