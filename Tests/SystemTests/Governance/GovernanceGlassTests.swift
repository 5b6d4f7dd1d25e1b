import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Looking at one case in the open", .serialized)
    struct GovernanceGlasses {
        @Test("Who breaks a glass is shown that case's and no other, also the second time; its site reviews it, once")
        func breaking() async throws {
            try await HospitalNetwork.run { network in
                let cases = try await CarriedCases(in: network)
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                let town = try await ClientProfile("TOWN/op/zhou", ["site-administrator"], in: network)
                defer { for profile in [auditor, town] { profile.remove() } }
                let period = Periods().month
                let accepted = try await auditor.json("governance", "drill", "MC2", "--period", period)
                let references = accepted["cases"].items.compactMap { $0["reference"].string }
                try #require(references.count == 2, "\(accepted.text)")
                func open(_ reference: String) async throws -> JSON {
                    try await auditor.json(
                        "governance",
                        "glass",
                        "break",
                        reference,
                        "--period",
                        period,
                        "--reason",
                        "complaint"
                    )
                }

                let closed = try await auditor("show", cases["HZ-1"])
                #expect(closed.status == 1, "\(closed.text)")
                let first = try await open(references[0])
                let second = try await open(references[1])
                #expect(Set([first, second].map { $0["case"].string }) == [cases["HZ-1"], cases["HZ-2"]])
                #expect(first["operator"].string == auditor.principal && first["state"].string == "unreviewed")
                #expect(try await open(references[0]) == first)
                let caseID = try #require(first["case"].string)
                #expect(try await auditor.good("show", caseID).contains(Messages.Request("").name))

                let id = try #require(first["id"].string)
                let own = try await auditor("governance", "glass", "review", id, "--verdict", "justified")
                #expect(own.status == 1 && own.errors.contains("not-permitted"), "\(own.text)")
                _ = try await town.good("governance", "glass", "review", id, "--verdict", "justified")
                let again = try await town("governance", "glass", "review", id, "--verdict", "unjustified")
                #expect(again.status == 1 && again.errors.contains("entry-closed"), "\(again.text)")
                let listed = try await auditor.json("governance", "glass", "list")
                #expect(listed.items.count == 2, "\(listed.text)")
                let reviewed = listed.items.first { $0["id"].string == id }
                #expect(reviewed?["state"].string == "reviewed" && reviewed?["verdict"].string == "justified")
                let shown = try await town.good("governance", "glass", "list", "--lang", "zh")
                for word in ["投诉", "已复核", "正当", "待复核"] { #expect(shown.contains(word), "\(shown)") }
            }
        }
    }
}
