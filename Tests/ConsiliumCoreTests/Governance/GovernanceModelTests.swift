import Foundation
import Testing

@testable import ConsiliumCore

@Suite struct GovernanceModelTests {
    private let model = GovernanceModel.standard

    @Test("Both mappings put each indicator under exactly one dimension")
    func mappings() {
        #expect(model.mappings.map(\.id) == ["R1-yang2020-printed-order", "R2-ph-semantic"])
        #expect(model.mappings.allSatisfy { $0.isPartition })
        var hole = IndicatorMapping.printedOrder
        hole.indicators[.socialFunctions] = []
        #expect(!hole.isPartition)
        hole.indicators[.socialFunctions] = [.organizationalChanges]
        #expect(!hole.isPartition)
    }

    @Test("Efficiency has three dimensions and fairness two")
    func groups() {
        #expect(GovernanceDimension.Group.efficiency.dimensions.map(\.rawValue) == ["DR", "MC", "RC"])
        #expect(GovernanceDimension.Group.fairness.dimensions.map(\.rawValue) == ["ACC", "SOC"])
    }

    @Test("Each coding lies within its range, on the scale, with the words that justify it")
    func codings() {
        #expect(model.modes.map(\.id) == ["luohu", "tianchang", "bch", "cjfh"])
        for mode in model.modes {
            #expect(mode.codings.count == Indicator.allCases.count)
            for coding in mode.codings.values {
                #expect(coding.low <= coding.point && coding.point <= coding.high)
                #expect(Questionnaire.scale.contains(coding.low) && Questionnaire.scale.contains(coding.high))
                #expect(!coding.phrase.isEmpty)
            }
            #expect(mode.ownerHalves.isValid)
            #expect(mode.ownerHalves.rating == mode.codings[.ownerFunctions]?.point)
        }
    }

    @Test("The codings are those of the machine-readable file beside the reference")
    func profilesFile() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../..")
        let file = root.appendingPathComponent("shared/domain/profiles.json").standardizedFileURL
        guard let data = try? Data(contentsOf: file) else {
            return print(
                "notice: no shared/domain/profiles.json beside the package; the codings are not compared with it"
            )
        }
        struct Profiles: Decodable {
            struct Profile: Decodable {
                var point: [Int]
                var low: [Int]
                var high: [Int]
                var OF_sub: [Int]
            }
            var indicators: [Indicator]
            var mappings: [String: [String: [Indicator]]]
            var groups: [String: [GovernanceDimension]]
            var profiles: [String: Profile]
        }
        let profiles = try JSONDecoder().decode(Profiles.self, from: data)
        #expect(profiles.indicators == Indicator.allCases)
        #expect(profiles.profiles.count == model.modes.count)
        for mode in model.modes {
            let expected = try #require(profiles.profiles[mode.id])
            let codings = try Indicator.allCases.map { try #require(mode.codings[$0]) }
            #expect(codings.map(\.point) == expected.point)
            #expect(codings.map(\.low) == expected.low)
            #expect(codings.map(\.high) == expected.high)
            #expect([mode.ownerHalves.residualClaim, mode.ownerHalves.decisionPower] == expected.OF_sub)
        }
        #expect(profiles.mappings.count == model.mappings.count)
        for mapping in model.mappings {
            let expected = try #require(profiles.mappings[mapping.id])
            for dimension in GovernanceDimension.allCases {
                #expect(mapping.indicators[dimension] == expected[dimension.rawValue])
            }
        }
        for group in GovernanceDimension.Group.allCases { #expect(profiles.groups[group.rawValue] == group.dimensions) }
    }

    @Test("The questionnaire has eight items, each with five anchors in both languages")
    func questionnaire() throws {
        let questionnaire = model.questionnaire
        #expect(questionnaire.items.map(\.indicator) == Indicator.allCases)
        for item in questionnaire.items {
            #expect(item.anchors.count == Questionnaire.scale.count)
            #expect(([item.question] + item.anchors).allSatisfy { $0.isComplete })
            #expect(Set(item.anchors).count == item.anchors.count)
            #expect(([item.question] + item.anchors).allSatisfy { $0.en != $0.zh })
        }
        let owner = try #require(questionnaire.item(.ownerFunctions))
        #expect(owner.question.text(.en).contains("two halves"))
        #expect(owner.question.text(.zh).contains("两部分"))
    }

    @Test("Every name is there in both languages")
    func names() {
        let names: [BilingualText] =
            Indicator.allCases.map(\.name) + GovernanceDimension.allCases.map(\.name)
            + GovernanceDimension.Group.allCases.map(\.name)
            + FactType.allCases.map(\.name) + model.modes.flatMap { [$0.name, $0.kind] } + model.mappings.map(\.name)
        #expect(names.allSatisfy { $0.isComplete && $0.en != $0.zh })
        #expect(Set(FactType.allCases.map(\.name)).count == FactType.allCases.count)
    }

    @Test("The model goes through JSON unchanged")
    func coding() throws {
        let data = try JSONEncoder().encode(model)
        #expect(try JSONDecoder().decode(GovernanceModel.self, from: data) == model)
        // Readable by hand: an object by code, no list of keys and values in turn.
        let mapping = try JSONEncoder().encode(IndicatorMapping.printedOrder)
        #expect(String(decoding: mapping, as: UTF8.self).contains("\"RC\":[\"FMR\"]"))
    }

    @Test("A version takes effect only for periods that begin after its adoption")
    func adoption() throws {
        var adoptions = Adoptions()
        #expect(adoptions.inForce(forPeriodFrom: Instant(milliseconds: 5_000)) == nil)
        for (version, time) in [("1", 1_000), ("2", 2_000)] as [(String, Int64)] {
            adoptions.evolve(try adoptions.adopt(version, by: Self.auditor, at: Instant(milliseconds: time)))
        }
        func version(_ start: Int64) -> String? {
            adoptions.inForce(forPeriodFrom: Instant(milliseconds: start))?.modelVersion
        }
        #expect(version(1_000) == nil)
        #expect(version(1_001) == "1")
        #expect(version(2_000) == "1")
        #expect(version(2_001) == "2")
        #expect(adoptions.all[1].isRetrospective(forPeriodFrom: Instant(milliseconds: 1_500)))
        #expect(!adoptions.all[0].isRetrospective(forPeriodFrom: Instant(milliseconds: 1_500)))
    }

    @Test("Only an auditor adopts a version, and each version once")
    func adoptionRefused() throws {
        var adoptions = Adoptions()
        let now = Instant(milliseconds: 1_000)
        let operators = Actor(
            principal: Self.auditor.principal,
            site: Self.auditor.site,
            roles: [.networkAdministrator, .siteAdministrator]
        )
        for actor in [operators, .hub] {
            #expect(throws: Refusal(.notPermitted)) { try adoptions.adopt("1", by: actor, at: now) }
        }
        #expect(throws: Refusal(.invalidValue, at: "modelVersion")) {
            try adoptions.adopt("", by: Self.auditor, at: now)
        }
        adoptions.evolve(try adoptions.adopt("1", by: Self.auditor, at: now))
        #expect(throws: Refusal(.wrongState, at: "modelVersion")) {
            try adoptions.adopt("1", by: Self.auditor, at: now)
        }
    }

    private static let auditor = Actor(
        principal: Principal(site: Scenery.county, kind: .operator, name: "auditor"),
        site: Scenery.county,
        roles: [.auditor]
    )
}
