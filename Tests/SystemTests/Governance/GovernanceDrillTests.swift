import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("From a figure to its events", .serialized)
    struct GovernanceDrills {
        /// scorecard, measure, drill, drill --case: four commands, each fed with what the one before printed.
        @Test("Four commands lead from 'overall' to the events behind one measure, and name no patient")
        func descent() async throws {
            try await HospitalNetwork.run { network in
                let cases = try await CarriedCases(in: network)
                let auditor = try await ClientProfile("OFFICE/op/li", ["auditor"], in: network)
                defer { auditor.remove() }
                let period = Periods().quarter
                func look(_ arguments: String...) async throws -> JSON {
                    let ended = try await auditor.run(["governance"] + arguments + ["--period", period, "-o", "json"])
                    #expect(ended.status == 0, "\(ended.text)")
                    for secret in cases.secrets { #expect(!ended.text.contains(secret), "\(arguments): \(secret)") }
                    let table = try await auditor.run(["governance"] + arguments + ["--period", period])
                    for secret in cases.secrets { #expect(!table.text.contains(secret), "\(arguments): \(secret)") }
                    return try JSON(Array(ended.output.utf8))
                }
                let card = try await look("scorecard")
                let missing = card["performance"]["overall"]["missing"].items.compactMap(\.string)
                let id = try #require(missing.first { $0.contains("AC2") }.map { _ in "AC2" }, "\(missing)")
                let measure = try await look("measure", id)
                let drill = try await look("drill", id)
                #expect(drill["denominator"].int == measure["measure"]["denominator"].int)
                #expect(drill["numerator"].int == measure["measure"]["numerator"].int)
                let row = try #require(drill["cases"].items.first { $0["numerator"].int == 1 }, "\(drill.text)")
                let reference = try #require(row["reference"].string)
                let events = try await look("drill", id, "--case", reference)
                let types = events["steps"].items.compactMap { $0["type"].string }
                #expect(types.first == "submitted" && types.contains("reported") && types.last == "closed", "\(types)")
                #expect(events["month"].string == Periods().month)
                #expect(events["steps"].items.allSatisfy { ($0["hash"].string ?? "").utf8.count == 64 })
                #expect(events["steps"].items.contains { $0["codes"]["decision"].string == "adopted" })

                try await expectStrata(auditor, id, period)
                try await expectOwnerOnly(network, reference, period, cases["HZ-1"])
            }
        }

        /// A stratum lists its part of the cases, and the parts are the whole.
        private func expectStrata(_ auditor: ClientProfile, _ id: String, _ period: String) async throws {
            let all = try await auditor.json("governance", "drill", id, "--period", period)
            let total = all["denominator"].int
            for (option, value) in [("--site", "TOWN"), ("--tier", "primary"), ("--priority", "routine")] {
                let part = try await auditor.json("governance", "drill", id, "--period", period, option, value)
                #expect(part["denominator"].int == total, "\(option): \(part.text)")
            }
            let none = try await auditor.json("governance", "drill", id, "--period", period, "--tier", "national")
            #expect(none["denominator"].int == 0 && none["cases"].items.isEmpty)
            let first = try await auditor.json("governance", "drill", id, "--period", period, "--limit", "1")
            #expect(first["cases"].items.count == 1 && first["denominator"].int == total)
            let rest = try await auditor.json("governance", "drill", id, "--period", period, "--skip", "1")
            #expect((first["cases"].items + rest["cases"].items).map(\.text) == all["cases"].items.map(\.text))
        }

        private func expectOwnerOnly(
            _ network: HospitalNetwork,
            _ reference: String,
            _ period: String,
            _ caseID: String
        ) async throws {
            let own = try await ClientProfile(
                "TOWN/op/cli",
                ["requester"],
                in: network,
                by: network[.townAdministrator]
            )
            defer { own.remove() }
            let found = try await own.json("governance", "sample", "find", reference, "--period", period)
            #expect(found["case"].string == caseID)
            // The auditor's verb names the role that it takes, and not a half-read answer.
            let drilled = try await own("governance", "drill", "AC2", "--period", period, "--case", reference)
            #expect(drilled.status == 1 && drilled.errors.contains("auditor"), "\(drilled.text)")
            let otherPeriod = try await own("governance", "sample", "find", reference, "--period", Periods().month)
            #expect(otherPeriod.status == 1 && otherPeriod.errors.contains("not-found"), "\(otherPeriod.text)")
            for seat in [
                HospitalNetwork.Seat.nationalEngine, .nationalExpert, .countyEngine, .cityEngine, .administrator,
            ] {
                let answer = try await network[seat]
                    .request("GET", "/network/governance/references/\(reference)?period=\(period)")
                #expect(answer.status == 404, "\(seat): \(answer.status) \(answer.text)")
                #expect(!answer.text.contains(caseID))
            }
            let asked = try await network[.auditor]
                .request("GET", "/network/governance/references/\(reference)?period=\(period)")
            #expect(asked.status == 404 && !asked.text.contains(caseID), "\(asked.text)")
            let town = try network[.townDoctor]
            for wrong in [String(repeating: "0", count: 20), "x", String(reference.uppercased()), caseID] {
                let answer = try await town.request("GET", "/network/governance/references/\(wrong)?period=\(period)")
                #expect(answer.status == 404 || wrong == reference, "\(wrong): \(answer.text)")
            }
        }
    }
}
