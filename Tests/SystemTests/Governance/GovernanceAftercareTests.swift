import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("What follows a report", .serialized)
    struct GovernanceAftercare {
        @Test("Outcome, price, settlement and dispute are taken from the site that they belong to, and counted")
        func verbs() async throws {
            try await HospitalNetwork.run { network in
                let cases = try await CarriedCases(in: network)
                let town = try await ClientProfile(
                    "TOWN/op/cli",
                    ["requester"],
                    in: network,
                    by: network[.townAdministrator]
                )
                let expert = try await ClientProfile(
                    "NATIONAL/op/cli",
                    ["expert"],
                    in: network,
                    by: network.boss("NATIONAL")
                )
                let stranger = try await ClientProfile(
                    "COUNTY/op/cli",
                    ["requester", "expert"],
                    in: network,
                    by: network.boss("COUNTY")
                )
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                defer { for profile in [town, expert, stranger, auditor] { profile.remove() } }
                let closed = cases["HZ-1"]
                let price = ["price", closed, "--gross", "30000", "--part", "NATIONAL=20000", "--part", "TOWN=10000"]
                func refuse(_ profile: ClientProfile, _ arguments: [String], _ code: String) async throws {
                    let ended = try await profile.run(arguments)
                    #expect(ended.status == 1, "\(profile.principal) \(arguments): \(ended.text)")
                    #expect(ended.errors.contains("error[\(code)]"), "\(profile.principal) \(arguments): \(ended.text)")
                }

                // Who has nothing to do with the case does not find it; who has, may do only what is theirs.
                for arguments in [
                    ["outcome", closed, "--result", "improved"], price, ["settle", closed],
                    ["dispute", closed, "--lines", "1"],
                ] {
                    try await refuse(stranger, arguments, "not-found")
                    try await refuse(auditor, arguments, "not-found")
                }
                try await refuse(town, price, "not-permitted")
                try await refuse(expert, ["settle", closed], "wrong-state")
                try await refuse(town, ["dispute", closed, "--lines", "1"], "wrong-state")
                try await refuse(
                    expert,
                    ["price", closed, "--gross", "30000", "--part", "NATIONAL=20000"],
                    "invalid-value"
                )
                try await refuse(expert, ["outcome", closed, "--result", "improved"], "not-permitted")
                try await refuse(town, ["outcome", cases["HZ-2"], "--result", "improved"], "wrong-state")
                try await refuse(town, ["outcome", closed, "--result", "improved", "--rating", "9"], "invalid-value")

                _ = try await expert.good(
                    "price",
                    closed,
                    "--gross",
                    "30000",
                    "--part",
                    "NATIONAL=20000",
                    "--part",
                    "TOWN=10000"
                )
                try await refuse(expert, price, "wrong-state")
                try await refuse(expert, ["dispute", closed, "--lines", "1"], "not-permitted")
                try await refuse(town, ["dispute", closed, "--lines", "3"], "invalid-value")
                _ = try await town.good("dispute", closed, "--lines", "2")
                try await refuse(town, ["dispute", closed, "--lines", "2"], "wrong-state")
                try await refuse(town, ["settle", closed], "not-permitted")
                _ = try await expert.good("settle", closed)
                try await refuse(expert, ["settle", closed], "wrong-state")
                _ = try await town.good("outcome", closed, "--result", "improved", "--rating", "4")
                for text in ["x", "0", "1,x", ""] {
                    let ended = try await town("dispute", closed, "--lines", text)
                    #expect(ended.status != 0, "--lines \(text)")
                }
                for part in ["NATIONAL", "NATIONAL=x", "=5", "NATIONAL=1=2"] {
                    try await refuse(expert, ["price", closed, "--gross", "1", "--part", part], "invalid-value")
                }

                let report = try await auditor.json("governance", "scorecard", "--period", Periods().quarter)
                // No tariff of the expert's hospital is on record, so the price is nobody's.
                for (id, numerator, denominator) in [("FMR1", 1, 1), ("FMR2", 0, 1), ("FMR3", 1, 2)] {
                    let line = try #require(report["measures"].items.first { $0["id"].string == id })
                    #expect(line["numerator"].int == numerator, "\(id): \(line.text)")
                    #expect(line["denominator"].int == denominator, "\(id): \(line.text)")
                }
                let kept = try #require(report["measures"].items.first { $0["id"].string == "OF3" })
                #expect(kept["counted"].int == 1, "\(kept.text)")
            }
        }
    }
}
