import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("What governance refuses", .serialized)
    struct GovernanceRefusals {
        @Test("A wrong measure, period, scope, register or file is named, and nothing is printed in its place")
        func questions() async throws {
            try await HospitalNetwork.run { network in
                _ = try await CarriedCases(in: network)
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                defer { auditor.remove() }
                let periods = Periods()
                let quarter = periods.quarter
                let unwritable = auditor.folder.path("none/report.json")
                let future = periods.firstDay(monthsAhead: 1).month
                let before = periods.month(before: 1)
                let questions: [(arguments: [String], status: Int32, names: [String])] = [
                    (["measure", "XX9", "--period", quarter], 1, ["measure-unknown", "XX9"]),
                    (["drill", "XX9", "--period", quarter], 1, ["measure-unknown", "XX9"]),
                    (["drill", "TI", "--period", quarter], 1, ["not-drilled", "D, L, S, U"]),
                    (
                        ["scorecard", "--period", future], 1,
                        ["period-in-future", "\(periods.firstDay(monthsAhead: 1))"]
                    ),
                    (["drill", "AC1", "--period", future], 1, ["period-in-future"]),
                    (["scorecard", "--period", before], 1, ["period-empty", "\(periods.today)"]),
                    (["drill", "AC1", "--period", before], 1, ["period-empty"]),
                    (["scorecard"], 2, ["--period"]),
                    (["scorecard", "--period", quarter, "--scope", "all"], 2, ["--scope", "audited"]),
                    (["scorecard", "--period", quarter, "-o", "docx"], 2, ["docx", "xlsx"]),
                    (["scorecard", "--period", quarter, "--file", unwritable], 1, ["file-unwritable", unwritable]),
                    (["drill", "AC1", "--period", quarter, "--tier", "x"], 2, ["--tier"]),
                    (["drill", "AC1", "--period", quarter, "--site", "a b"], 1, ["site-unknown", "--site"]),
                    (
                        ["drill", "AC1", "--period", quarter, "--department", "x!"], 1,
                        ["unknown-code", "--department"]
                    ),
                    (
                        ["drill", "AC1", "--period", quarter, "--case", "zz"], 1,
                        ["not-found", "--case", "drill AC1 --period \(quarter)"]
                    ),
                    (
                        ["drill", "AC1", "--period", quarter, "--case", String(repeating: "0", count: 20)], 1,
                        ["not-found", "--case", "drill AC1 --period \(quarter)"]
                    ),
                    (
                        ["scorecard", "--period", periods.month, "--scope", "published"], 1,
                        ["not-permitted", "--period \(quarter)"]
                    ),
                    (["scorecard", "--period", quarter, "--ledger", "/none"], 2, ["cannot-read", "/none"]),
                ]
                for question in questions {
                    let ended = try await auditor.run(["governance"] + question.arguments)
                    let what = question.arguments.joined(separator: " ")
                    if question.status == 2 {
                        #expect(ended.status != 0, "\(what): \(ended.text)")
                    } else {
                        #expect(ended.status == question.status, "\(what): \(ended.status) \(ended.text)")
                    }
                    for name in question.names { #expect(ended.errors.contains(name), "\(what): \(ended.text)") }
                    #expect(ended.output.isEmpty, "\(what): \(ended.output.prefix(300))")
                }
                let typed = try await auditor("governance", "measure", "ac1", "--period", quarter)
                #expect(typed.status == 0 && typed.output.contains("AC1"), "\(typed.text)")
                let listed = try await auditor("governance", "drill", "ac1-start", "--period", quarter)
                #expect(listed.status == 0 && listed.errors.contains("AC1-start"), "\(listed.text)")
                for malformed in [
                    "", "2026-13", "2026-00", "2026-Q5", "2026-Q", "26-09", "2026-9", "2026-+9", "2026-09-01", "q",
                ] {
                    let ended = try await auditor("governance", "scorecard", "--period", malformed)
                    #expect(ended.status == 2, "\(malformed): \(ended.status) \(ended.text)")
                    #expect(
                        ended.errors.contains("invalid-value") && ended.errors.contains("--period"),
                        "\(ended.text)"
                    )
                    let escaped = malformed.replacing("+", with: "%2B")
                    let answer = try await network[.auditor]
                        .request("GET", "/network/governance/report?period=\(escaped)")
                    #expect(answer.status == 422, "\(malformed): \(answer.status)")
                    #expect(try JSON(answer.body)["place"].string == "period")
                }
                let unknown = try await auditor("registers", "list", "cookbook")
                #expect(unknown.status != 0 && unknown.errors.contains("rule-pack"), "\(unknown.text)")
                let route = try await network[.auditor].request("GET", "/network/governance/registers/cookbook")
                #expect(route.status == 404 && route.text.contains("cookbook"), "\(route.text)")
                let verb = try await network[.auditor]
                    .request("POST", "/network/governance/commands", #"{"verb":"bake"}"#)
                #expect(verb.status == 422 && verb.text.contains("bake"), "\(verb.status) \(verb.text)")
            }
        }

        @Test(
            "A register takes nothing of a defective entry: each wrong row and column, share, date and owner is named"
        )
        func registers() async throws {
            try await HospitalNetwork.run { network in
                let boss = try await ClientProfile(
                    "TOWN/op/head",
                    ["site-administrator"],
                    in: network,
                    by: network[.townAdministrator]
                )
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                defer { for profile in [boss, auditor] { profile.remove() } }
                func write(_ name: String, _ text: String) throws -> String {
                    let path = boss.folder.path(name)
                    try text.write(toFile: path, atomically: true, encoding: .utf8)
                    return path
                }
                let year = Periods().year
                let today = Periods().today
                let header = try await boss.good("registers", "template", "return").split(separator: "\n")[0]
                let bad = try write(
                    "return.csv",
                    """
                    \(header)
                    investment,I-1,,,,\(today),site,1200000
                    investment,I-2,,,,\(year)-02-30,site,120.5
                    rule-proposal,R-1,nobody,\(year)-01-10,adopted,\(year)-02-09,,
                    party,P-1,,,,,,

                    """
                )
                let refused = try await boss("registers", "record", "return", bad, "--year", year)
                #expect(refused.status == 1, "\(refused.text)")
                for part in ["return-defective", "row 3", "row 4", "row 5"] {
                    #expect(refused.errors.contains(part), "\(part): \(refused.text)")
                }
                #expect(!refused.errors.contains("row 2"), "\(refused.text)")
                for column in ["decided", "amount", "initiator", "kind"] {
                    #expect(refused.errors.contains(column), "\(column): \(refused.text)")
                }
                #expect(try await boss.json("registers", "list", "return").items.isEmpty)
                let good = try write("good.csv", "\(header)\ninvestment,I-1,,,,\(today),site,1200000\n")
                _ = try await boss.good("registers", "record", "return", good, "--year", year)
                let filed = try await auditor.json("registers", "list", "return")
                #expect(filed.items.count == 1 && filed[0]["investments"].int == 1, "\(filed.text)")
                let foreign = try await auditor("registers", "record", "return", good, "--year", year)
                #expect(foreign.status == 1 && foreign.errors.contains("not-permitted"), "\(foreign.text)")

                let findings = [
                    ("severity: huge\nindicator: GR\ndue: \(today)", "entry.severity", "template finding"),
                    ("severity: major\nindicator: GR", "entry.due", "it is missing"),
                    ("severity: major\nindicator: GR\ndue: soon", "entry.due", "not a day"),
                    ("severity: [major]\nindicator: GR\ndue: \(today)", "entry.severity", "a text is expected"),
                ]
                for (text, place, reason) in findings {
                    let file = try write("finding.yaml", "owner: TOWN\n\(text)\n")
                    let taken = try await auditor("registers", "record", "finding", file)
                    #expect(taken.status == 1, "\(text): \(taken.text)")
                    for part in ["invalid-value", place, reason] {
                        #expect(taken.errors.contains(part), "\(text): \(part): \(taken.text)")
                    }
                }

                let shares = try write(
                    "contract.yaml",
                    """
                    id: HT-1
                    shares:
                      - {party: TOWN, millionths: 700000}
                      - {party: COUNTY, millionths: 200000}
                    days: {from: 2026-01-01}
                    """
                )
                let contract = try await boss("registers", "record", "contract", shares)
                #expect(contract.status == 1, "\(contract.text)")
                for part in ["shares-do-not-add-up", "shares", "900000 of 1000000"] {
                    #expect(contract.errors.contains(part), "\(part): \(contract.text)")
                }
                #expect(try await boss.json("registers", "list", "contract").items.isEmpty)
                let stranger = try write(
                    "stranger.yaml",
                    "id: HT-2\nshares:\n  - {party: TOWN, millionths: 500000}\n  - {party: NOBODY, millionths: 500000}\n"
                        + "days: {from: 2026-01-01}\n"
                )
                let unknown = try await boss("registers", "record", "contract", stranger)
                #expect(unknown.status == 1 && unknown.errors.contains("shares[1].party"), "\(unknown.text)")

                let office = try network[.administrator]
                func pack(_ version: String, _ from: String, _ through: String) -> String {
                    #"{"verb":"record-rule-pack","entry":{"id":"norms","version":"\#(version)","source":"国卫医发〔2018〕50号","#
                        + #""article":"远程会诊服务流程","check":"consent-before-disclosure","#
                        + #""days":{"from":"\#(from)","through":"\#(through)"}}}"#
                }
                let commands = "/network/governance/commands"
                _ = try await office.json("POST", commands, pack("1", "2026-01-01", "2026-06-30"))
                let overlap = try await office.request("POST", commands, pack("2", "2026-06-30", "2026-12-31"))
                #expect(overlap.status >= 400, "\(overlap.text)")
                let problem = try JSON(overlap.body)
                #expect(
                    problem["code"].string == "rule-pack-overlaps" && problem["place"].string == "norms",
                    "\(problem.text)"
                )
                #expect(overlap.text.contains("version 1"), "\(overlap.text)")
                _ = try await office.json("POST", commands, pack("2", "2026-07-01", "2026-12-31"))
                let mine = try await boss("registers", "record", "rule-pack", try write("p.yaml", Self.packYAML))
                #expect(mine.status == 1 && mine.errors.contains("not-permitted"), "\(mine.text)")
                #expect(try await auditor.json("registers", "list", "rule-pack").items.count == 2)
            }
        }

        private static let packYAML =
            "id: other\nversion: \"1\"\nsource: s\narticle: a\ncheck: consent-before-disclosure\ndays: {from: 2026-01-01}\n"
    }
}
