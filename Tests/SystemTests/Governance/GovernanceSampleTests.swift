import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Figures checked against their source", .serialized)
    struct GovernanceSamples {
        @Test(
            "A sample is sealed for a period that has not begun, once; it cannot be drawn before the period has ended"
        )
        func sealing() async throws {
            try await HospitalNetwork.run { network in
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                let other = try await ClientProfile("OFFICE/op/zhao", ["auditor"], in: network)
                defer { for profile in [auditor, other] { profile.remove() } }
                let periods = Periods()
                let next = periods.firstDay(monthsAhead: 1).month
                func refuse(_ profile: ClientProfile, _ arguments: [String], _ words: String...) async throws {
                    let ended = try await profile.run(["governance", "sample"] + arguments)
                    #expect(ended.status == 1, "\(arguments): \(ended.status) \(ended.text)")
                    for word in words { #expect(ended.errors.contains(word), "\(arguments): \(ended.text)") }
                }
                try await refuse(auditor, ["seal", "--period", periods.month, "-n", "5"], "period-begun", "period")
                try await refuse(auditor, ["seal", "--period", periods.quarter, "-n", "5"], "period-begun", "period")
                try await refuse(auditor, ["seal", "--period", next, "-n", "0"], "invalid-value", "size")
                try await refuse(auditor, ["seal", "--period", "soon", "-n", "5"], "invalid-value", "period")
                _ = try await auditor.good("governance", "sample", "seal", "--period", next, "-n", "5")
                try await refuse(auditor, ["seal", "--period", next, "-n", "5"], "entry-exists")
                try await refuse(other, ["seal", "--period", next, "-n", "9"], "entry-exists", "period")
                try await refuse(auditor, ["draw", "--period", next], "period-not-ended", "period")
                let foreign = try await other("governance", "sample", "draw", "--period", next)
                #expect(foreign.status == 2 && foreign.errors.contains("cannot-read"), "\(foreign.text)")
                let check = [
                    "check", String(repeating: "0", count: 20), "--period", next, "--result", "confirmed", "--measures",
                    "AC1", "--site", "TOWN",
                ]
                try await refuse(auditor, check, "entry-closed", "period")
                let listed = try await other.json("governance", "sample", "list")
                #expect(listed.items.count == 1 && listed[0]["references"] == .null, "\(listed.text)")
                #expect((listed[0]["commitment"].string ?? "").utf8.count == 64)
                let secret = String(
                    decoding: contents(auditor.folder.path("profile/sample-\(next)-source.secret")),
                    as: UTF8.self
                )
                .trimmingCharacters(in: .whitespacesAndNewlines)
                #expect(secret.utf8.count == 64 && !listed.text.contains(secret))
                #expect(!network.hub.logText.contains(secret))
                for seat in [HospitalNetwork.Seat.administrator, .townAdministrator] {
                    let answer = try await network[seat]
                        .request(
                            "POST",
                            "/network/governance/commands",
                            #"{"verb":"seal-sample","entry":{"period":"\#(next)","purpose":"source","size":1,"#
                                + #""commitment":"\#(String(repeating: "a", count: 64))"}}"#
                        )
                    #expect(answer.status == 403, "\(seat): \(answer.text)")
                }
            }
        }
    }
}
