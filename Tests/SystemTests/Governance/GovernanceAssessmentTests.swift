import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Auditors assess, blind to each other", .serialized)
    struct GovernanceAssessments {
        private static let items = ["OC", "OF", "IDR", "PMR", "FMR", "SF", "GR", "IE"]
        private static let commands = "/network/governance/commands"

        @Test(
            "Two rate blind, one of them by a FHIR sheet; two points apart go to a third who sees neither; then it is locked"
        )
        func blind() async throws {
            try await HospitalNetwork.run { network in
                let first = try await ClientProfile.auditor("COUNTY/op/li", in: network)
                let third = try await ClientProfile.auditor("CITY/op/zhao", in: network)
                defer { for profile in [first, third] { profile.remove() } }
                let second = try network[.auditor]
                let month = Periods().month(before: 1)
                let id = try await Self.open(first, month)

                try await Self.rate(first, id, [3, 2, 2, 1, 1, 3, 3, 3])
                // Before anybody has signed, and after one has: each sees the own sheet only.
                try await Self.expectSheets(1, of: id, by: first, "COUNTY/op/li")
                #expect(try await second.json("GET", "/network/governance/assessments/\(id)")["sheets"].items.isEmpty)
                let taken = try await Self.send([3, 2, 2, 3, 1, 3, 3, 3], of: id, by: second)
                #expect(taken.status == 201, "\(taken.status) \(taken.text)")
                #expect(taken.header("Location")?.hasSuffix("/QuestionnaireResponse/\(id)-s2") == true)
                _ = try await first.good("governance", "assess", "sign", id)
                for seat in [HospitalNetwork.Seat.auditor, .administrator, .townDoctor] {
                    let shown = try await network[seat].json("GET", "/network/governance/assessments/\(id)")
                    #expect(!shown.text.contains("COUNTY/op/li"), "\(seat) sees a sheet: \(shown.text)")
                    let read = try await network[seat].request("GET", "/fhir/QuestionnaireResponse/\(id)-s1")
                    #expect(read.status == 404, "\(seat): \(read.status)")
                }
                let own = try await second.json("GET", "/fhir/QuestionnaireResponse/\(id)-s2")
                #expect(own["status"].string == "in-progress")
                try await Self.expectSheets(1, of: id, by: first, "COUNTY/op/li")
                let profile = try await first.good("governance", "profile", "--period", Periods().quarter)
                #expect(!profile.contains("items equal"), "agreement of an open assessment: \(profile)")

                _ = try await second.json("POST", Self.commands, #"{"verb":"sign","id":"\#(id)"}"#)
                let disputed = try await first.json("governance", "assess", "show", id)
                #expect(disputed["state"].string == "arbitration", "\(disputed.text)")
                #expect(disputed["disputed"].items.compactMap(\.string) == ["PMR"])
                #expect(disputed["sheets"].items.count == 2)

                // The third sees neither, before and while rating; the first two do not see the third.
                try await Self.expectSheets(0, of: id, by: third)
                _ = try await third.good(
                    "governance",
                    "assess",
                    "rate",
                    id,
                    "PMR",
                    "0",
                    "--confidence",
                    "high",
                    "--evidence",
                    "event:network/1"
                )
                try await Self.expectSheets(1, of: id, by: third, "CITY/op/zhao")
                try await Self.expectSheets(2, of: id, by: first)
                let wrong = try await third(
                    "governance",
                    "assess",
                    "rate",
                    id,
                    "GR",
                    "3",
                    "--confidence",
                    "low",
                    "--evidence",
                    "event:network/1"
                )
                #expect(wrong.status == 1 && wrong.errors.contains("wrong-state") && wrong.errors.contains("GR"))
                _ = try await third.good("governance", "assess", "sign", id)
                let locked = try await third.json("governance", "assess", "show", id)
                #expect(locked["state"].string == "locked" && locked["standing"].string == "audited", "\(locked.text)")
                #expect(locked["sheets"].items.count == 3)
                let read = try await second.json("GET", "/fhir/QuestionnaireResponse/\(id)-s1")
                #expect(read["status"].string == "completed" && read.text.contains("COUNTY/op/li"))
                for auditor in [first, third] {
                    let late = try await auditor(
                        "governance",
                        "assess",
                        "rate",
                        id,
                        "PMR",
                        "2",
                        "--confidence",
                        "low",
                        "--evidence",
                        "event:network/1",
                        "--correct"
                    )
                    #expect(late.status == 1 && late.errors.contains("wrong-state"), "\(late.text)")
                }
                try await Self.expectAgreement(first, month, "7 within one point")
            }
        }

        @Test(
            "Rating twice, evidence that does not exist, an incomplete sheet, an overlap: each refused with code and place"
        )
        func refusals() async throws {
            try await HospitalNetwork.run { network in
                let first = try await ClientProfile.auditor("COUNTY/op/li", in: network)
                let second = try await ClientProfile.auditor("CITY/op/zhao", in: network)
                defer { for profile in [first, second] { profile.remove() } }
                let periods = Periods()
                let month = periods.month(before: 1)
                func refuse(_ profile: ClientProfile, _ arguments: [String], _ words: String...) async throws {
                    let ended = try await profile.run(["governance", "assess"] + arguments)
                    #expect(ended.status == 1, "\(arguments): \(ended.text)")
                    for word in words { #expect(ended.errors.contains(word), "\(arguments): \(word): \(ended.text)") }
                }
                try await refuse(first, ["open", "--period", periods.month], "invalid-value", "period", "not ended")
                try await refuse(first, ["open", "--period", "2026-Q7"], "invalid-value", "period")
                let id = try await Self.open(first, month)
                try await refuse(second, ["open", "--period", month], "assessment-overlaps", "period", id)
                let year = String(month.prefix(4))
                if year != periods.year {
                    try await refuse(second, ["open", "--period", year], "assessment-overlaps", "period", id)
                }
                func rating(_ item: String, _ value: String, _ evidence: String, _ more: String...) -> [String] {
                    ["rate", id, item, value, "--confidence", "high", "--evidence", evidence] + more
                }
                let known = "event:network/1"
                try await refuse(first, rating("OC", "9", known), "invalid-value", "OC", "0 to 4")
                try await refuse(first, rating("OF", "3", known), "invalid-value", "OF", "halves")
                try await refuse(first, rating("OF", "3", known, "--halves", "1,1"), "invalid-value", "OF")
                try await refuse(first, rating("OC", "3", known, "--halves", "1,2"), "invalid-value", "OC")
                try await refuse(first, ["rate", id, "OC", "3", "--confidence", "low"], "evidence-missing", "OC")
                for evidence in [
                    "event:network/99999", "event:network/01", "event:nothing/1", "register:none",
                    "document:" + String(repeating: "0", count: 64),
                ] { try await refuse(first, rating("OC", "3", evidence), "evidence-unknown", "OC") }
                let kind = try await first.run(["governance", "assess"] + rating("OC", "3", "rumour:1"))
                #expect(kind.status == 2 && kind.errors.contains("register"), "\(kind.text)")
                let item = try await first.run(["governance", "assess"] + rating("XX", "3", known))
                #expect(item.status != 0 && item.errors.contains("XX"), "\(item.text)")
                try await refuse(first, rating("OC", "3", known, "--correct"), "wrong-state", "OC")
                _ = try await first.run(["governance", "assess"] + rating("OC", "3", known))
                try await refuse(first, rating("OC", "2", known), "already-rated", "OC")
                try await refuse(first, ["sign", id], "assessment-incomplete", "OF", "IE")
                try await refuse(first, ["sign", String(repeating: "0", count: 26)], "entry-unknown")
                let colleague = try await ClientProfile.auditor("COUNTY/op/sun", in: network)
                defer { colleague.remove() }
                try await refuse(colleague, rating("OC", "3", known), "not-permitted", "COUNTY")
                let other = try await network[.townDoctor]
                    .request("POST", Self.commands, #"{"verb":"open-assessment","period":"\#(month)"}"#)
                #expect(other.status == 403, "\(other.text)")
                let stranger = try await network[.administrator]
                    .request("POST", Self.commands, #"{"verb":"sign","id":"\#(id)"}"#)
                #expect(stranger.status == 403, "\(stranger.text)")
                try await expectSheetRefusals(network, id)

                // Two who agree lock it by the second signature; the network's own word beside theirs is kept apart.
                try await Self.rate(first, id, [3, 2, 2, 3, 1, 3, 3, 3], skipping: ["OC"])
                try await Self.rate(second, id, [3, 2, 2, 2, 1, 3, 3, 3])
                _ = try await first.good("governance", "assess", "sign", id)
                try await refuse(second, ["abandon", id], "wrong-state", "signed")
                _ = try await second.good("governance", "assess", "sign", id)
                #expect(try await first.json("governance", "assess", "show", id)["state"].string == "locked")
                try await Self.expectAgreement(first, month, "7 of 8 items equal, 8 within one point")
            }
        }

        /// A sheet that is wrong in one place is refused as a whole, and says where.
        private func expectSheetRefusals(_ network: HospitalNetwork, _ id: String) async throws {
            let auditor = try network[.auditor]
            let good = try await Self.sheet([3, 2, 2, 3, 1, 3, 3, 3], auditor)
            let wrong: [(old: String, new: String, place: String)] = [
                ("\"completed\"", "\"in-progress\"", "status"), ("OC.rating", "OC.mood", "linkId"),
                ("urn:consilium:anchor:GR", "urn:consilium:anchor:IE", "GR"), ("network/1", "network/99999", "OC"),
                ("\"QuestionnaireResponse\"", "\"Questionnaire\"", "resourceType"),
            ]
            for one in wrong {
                let body = good.replacing(one.old, with: one.new, maxReplacements: 1)
                let answer = try await auditor.request("POST", "/fhir/QuestionnaireResponse?assessment=\(id)", body)
                #expect((400..<500).contains(answer.status), "\(one.new): \(answer.status)")
                #expect(answer.text.contains("OperationOutcome") && answer.text.contains(one.place), "\(answer.text)")
            }
            // A sheet of which the last item cannot be taken leaves nothing of the others behind.
            let last = good.replacing(
                "\"IE.evidence.reference\",\"answer\":[{\"valueString\":\"network/1\"",
                with: "\"IE.evidence.reference\",\"answer\":[{\"valueString\":\"network/99999\""
            )
            #expect(last != good)
            let answer = try await auditor.request("POST", "/fhir/QuestionnaireResponse?assessment=\(id)", last)
            #expect((400..<500).contains(answer.status) && answer.text.contains("evidence-unknown"), "\(answer.text)")
            let mine = try await auditor.json("GET", "/network/governance/assessments/\(id)")
            #expect(mine["sheets"].items.isEmpty, "half a sheet was taken: \(mine.text)")
            for query in ["", "?assessment=x", "?assessment=" + String(repeating: "0", count: 26)] {
                let answer = try await auditor.request("POST", "/fhir/QuestionnaireResponse\(query)", good)
                #expect((400..<500).contains(answer.status) && answer.text.contains("assessment"), "\(answer.text)")
            }
            let foreign = try await network[.townDoctor]
                .request("POST", "/fhir/QuestionnaireResponse?assessment=\(id)", good)
            #expect(foreign.status == 403, "\(foreign.text)")
        }

        // MARK: Steps

        private static func open(_ auditor: ClientProfile, _ period: String) async throws -> String {
            let text = try await auditor.good("governance", "assess", "open", "--period", period)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        private static func rate(
            _ auditor: ClientProfile,
            _ id: String,
            _ values: [Int],
            skipping done: [String] = []
        ) async throws {
            for (item, value) in zip(items, values) where !done.contains(item) {
                var arguments = ["governance", "assess", "rate", id, item, "\(value)", "--confidence", "medium"]
                arguments += ["--evidence", "event:network/1"]
                if item == "OF" { arguments += ["--halves", "\(value - value / 2),\(value / 2)"] }
                let ended = try await auditor.run(arguments)
                #expect(ended.status == 0, "\(arguments): \(ended.text)")
            }
        }

        private static func expectSheets(
            _ count: Int,
            of id: String,
            by auditor: ClientProfile,
            _ name: String? = nil
        ) async throws {
            let shown = try await auditor.json("governance", "assess", "show", id)
            #expect(shown["sheets"].items.count == count, "\(auditor.principal): \(shown.text)")
            if let name { #expect(shown["sheets"][0]["auditor"].string == name, "\(shown.text)") }
            let listed = try await auditor.json("governance", "assess", "list")
            #expect(!listed.text.contains("rumour") && listed.items.count >= 1)
        }

        /// The sheet as an auditor's own system writes it, by the questionnaire that the hub gives.
        private static func sheet(_ values: [Int], _ auditor: Member) async throws -> String {
            let questionnaire = try await auditor.json("GET", "/fhir/Questionnaire/consilium-assessment")
            let url = questionnaire["url"].string ?? ""
            let version = questionnaire["version"].string ?? ""
            func coded(_ link: String, _ system: String, _ code: String) -> String {
                #"{"linkId":"\#(link)","answer":[{"valueCoding":{"system":"urn:consilium:\#(system)","code":"\#(code)"}}]}"#
            }
            let groups = zip(items, values)
                .map { item, value in
                    var parts = [
                        coded("\(item).rating", "anchor:\(item)", "\(value)"),
                        coded("\(item).confidence", "confidence", "high"),
                    ]
                    if item == "OF" {
                        parts.append(coded("OF.residual-claim", "anchor:OF-half", "\(value - value / 2)"))
                        parts.append(coded("OF.decision-power", "anchor:OF-half", "\(value / 2)"))
                    }
                    parts.append(
                        #"{"linkId":"\#(item).evidence","item":["#
                            + coded("\(item).evidence.kind", "evidence-kind", "event")
                            + #",{"linkId":"\#(item).evidence.reference","answer":[{"valueString":"network/1"}]}]}"#
                    )
                    return #"{"linkId":"\#(item)","item":[\#(parts.joined(separator: ","))]}"#
                }
            return #"{"resourceType":"QuestionnaireResponse","questionnaire":"\#(url)|\#(version)","#
                + #""status":"completed","item":[\#(groups.joined(separator: ","))]}"#
        }

        private static func send(_ values: [Int], of id: String, by auditor: Member) async throws -> HubResponse {
            try await auditor.request(
                "POST",
                "/fhir/QuestionnaireResponse?assessment=\(id)",
                try await sheet(values, auditor)
            )
        }

        /// Printed in the year that holds the assessed month; a month of last year lies before this hub's first event.
        private static func expectAgreement(_ auditor: ClientProfile, _ month: String, _ words: String) async throws {
            let year = Periods().year
            guard month.hasPrefix(year) else {
                return Program.notice("\(month) is of another year: no report to print in")
            }
            let text = try await auditor.good("governance", "profile", "--period", year)
            #expect(text.contains("items equal") && text.contains(words), "\(text)")
        }
    }
}
