import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("An auditor pulls the scorecard", .serialized)
    struct GovernancePull {
        private static let parts = [["scorecard"], ["measure", "AC1"], ["profile"], ["triangle"], ["sensitivity"]]

        @Test(
            "Every part in every form from a hub in which cases were carried through, with the counts of what was done"
        )
        func forms() async throws {
            try await HospitalNetwork.run { network in
                let cases = try await CarriedCases(in: network)
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                defer { auditor.remove() }
                let period = Periods().quarter

                let report = try await auditor.json("governance", "scorecard", "--period", period)
                #expect(report["period"]["label"].string == period)
                #expect(report["network"].string == "system.test")
                #expect(report["isSuppressed"] == .bool(false))
                #expect(report["isGenerated"] == .bool(false))
                #expect(report["measures"].items.count >= 30)
                // One report, one decline that was honoured and given a code.
                let counts = [
                    ("GR3", 1, 1), ("PMR2", 1, 1), ("AC3", 1, 1), ("DR1", 1, 1), ("MC1", 0, 5),
                ]
                for (id, numerator, denominator) in counts {
                    let line = try #require(report["measures"].items.first { $0["id"].string == id }, "\(id)")
                    #expect(line["numerator"].int == numerator, "\(id): \(line.text)")
                    #expect(line["denominator"].int == denominator, "\(id): \(line.text)")
                    #expect(line["verdict"].string != "met", "\(id) is met by \(denominator) cases")
                }
                for score in ["efficiency", "fairness", "overall"] {
                    #expect(report["performance"][score]["value"] == .null, "\(score) of five cases")
                    #expect(!report["performance"][score]["missing"].items.isEmpty, "\(score)")
                }
                #expect(report["profile"] == .null)

                for part in Self.parts {
                    for form in ["table", "json", "csv", "html", "xlsx"] {
                        let file = auditor.folder.path("\(part[0]).\(form)")
                        let arguments = ["governance"] + part + ["--period", period, "-o", form, "--file", file]
                        let ended = try await auditor.run(arguments)
                        #expect(ended.status == 0, "\(part) \(form): \(ended.text)")
                        let bytes = contents(file)
                        #expect(!bytes.isEmpty, "\(part) \(form)")
                        let attributes = try FileManager.default.attributesOfItem(atPath: file)
                        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(part) \(form): others may read it")
                        if form == "xlsx" {
                            #expect(bytes.starts(with: Array("PK".utf8)), "\(part) is no workbook")
                        } else {
                            let text = String(decoding: bytes, as: UTF8.self)
                            // A part without a row has a header alone.
                            let isEmpty = form == "csv" && text.split(separator: "\n").count == 1
                            #expect(isEmpty || text.contains(period), "\(part) \(form) does not say its period")
                            for secret in cases.secrets {
                                #expect(!text.contains(secret), "\(part) \(form) shows \(secret)")
                            }
                        }
                    }
                }
                try await expectPDF(auditor, period)
                let chinese = try await auditor.good("governance", "scorecard", "--period", period, "--lang", "zh")
                #expect(chinese.contains("未能证实") || chinese.contains("不可评估"), "\(chinese.prefix(2_000))")
            }
        }

        private func expectPDF(_ auditor: ClientProfile, _ period: String) async throws {
            guard Program.installed("weasyprint") != nil, let reader = Program.installed("pdftotext") else {
                return Program.notice("weasyprint or pdftotext is not installed; PDF is left out")
            }
            let file = auditor.folder.path("triangle.pdf")
            let printed = try await auditor(
                "governance",
                "triangle",
                "--period",
                period,
                "-o",
                "pdf",
                "--file",
                file
            )
            #expect(printed.status == 0, "\(printed.text)")
            let text = try await Program.run(reader, [file, "-"])
            #expect(text.output.contains(period), "\(text.text)")
            // No terminal stands behind a pipe: the bytes go there.
            let piped = auditor.folder.path("piped.pdf")
            let ended = try await Program.run(
                "/bin/sh",
                ["-c", "exec \"$0\" governance triangle --period \(period) -o pdf > \(piped)", Program.client],
                environment: ["CONSILIUM_HOME": auditor.folder.path("profile"), "LANG": "C.UTF-8"]
            )
            #expect(ended.status == 0, "\(ended.text)")
            #expect(contents(piped).starts(with: Array("%PDF".utf8)))
        }

        @Test(
            "Who is no auditor: experts and requesters read nothing, administrators no quarter before it is over"
        )
        func others() async throws {
            try await HospitalNetwork.run { network in
                let cases = try await CarriedCases(in: network)
                let periods = Periods()
                let town = try network[.townAdministrator]
                let requester = try await ClientProfile("TOWN/op/cli", ["requester"], in: network, by: town)
                defer { requester.remove() }
                for part in Self.parts {
                    let refused = try await requester.run(["governance"] + part + ["--period", periods.quarter])
                    #expect(refused.status == 1 && refused.errors.contains("not-permitted"), "\(part): \(refused.text)")
                    #expect(refused.output.isEmpty)
                }
                for seat in [HospitalNetwork.Seat.townEngine, .townDoctor, .nationalExpert, .cityEngine] {
                    for path in [
                        "report?period=\(periods.quarter)", "report?period=\(periods.quarter)&scope=published",
                        "drill?measure=AC1&period=\(periods.quarter)",
                    ] {
                        let answer = try await network[seat].request("GET", "/network/governance/\(path)")
                        #expect(answer.status == 403, "\(seat) \(path): \(answer.status)")
                        #expect(try JSON(answer.body)["code"].string == "not-permitted")
                    }
                }

                let boss = try await ClientProfile("TOWN/op/head", ["site-administrator"], in: network, by: town)
                defer { boss.remove() }
                // Administrators read quarters that are over; this network has none yet.
                let early = try await boss.run(["governance", "scorecard", "--period", periods.quarter])
                #expect(early.status == 1 && early.errors.contains("period-not-ended"), "\(early.text)")
                #expect(early.output.isEmpty)
                for arguments in [
                    ["--period", periods.quarter, "--scope", "audited"], ["--period", periods.month],
                    ["--period", periods.year],
                ] {
                    let refused = try await boss.run(["governance", "scorecard"] + arguments)
                    #expect(refused.status == 1, "\(arguments): \(refused.text)")
                    #expect(refused.errors.contains("not-permitted"), "\(arguments): \(refused.text)")
                }
                let drilled = try await boss("governance", "drill", "AC1", "--period", periods.quarter)
                #expect(drilled.status == 1 && drilled.errors.contains("not-permitted"), "\(drilled.text)")
                let office = try network[.administrator]
                let whole = try await office.request("GET", "/network/governance/report?period=\(periods.quarter)")
                #expect(whole.status == 409 && whole.text.contains("period-not-ended"), "\(whole.text)")
                for path in ["report?period=\(periods.month)", "report?period=\(periods.quarter)&scope=audited"] {
                    let answer = try await office.request("GET", "/network/governance/\(path)")
                    #expect(answer.status == 403, "\(path): \(answer.text)")
                }
                for secret in cases.secrets { #expect(!whole.text.contains(secret), "\(secret)") }
            }
        }
    }
}
