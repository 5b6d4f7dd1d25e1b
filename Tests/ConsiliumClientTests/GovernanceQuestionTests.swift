import ArgumentParser
import ConsiliumCore
import Foundation
import Testing

@testable import consilium

@Suite("Questions about governance, and what is said beside their answers")
struct GovernanceQuestionTests {
    private static let quarter = GovernancePeriod("2025-Q2")

    @Test("Figures from the counts of a copy come with a remark that names --recompute; no others do")
    func remark() throws {
        let asked = ["--period", "2025-Q2"]
        let kept = try #require(try GovernanceOptions.parse(asked + ["--ledger", "copy"]).remark)
        for language in Language.allCases {
            #expect(kept[language].contains("--recompute"))
            #expect(!kept[language].contains("\n"))
        }
        #expect(try GovernanceOptions.parse(asked).remark == nil)
        #expect(try GovernanceOptions.parse(asked + ["--ledger", "copy", "--recompute"]).remark == nil)
    }

    @Test("A measure is known by its name in any case, and no two names differ in case alone")
    func names() {
        #expect(MeasureName.read("ac1") == "AC1")
        #expect(MeasureName.read("Ac1-START") == "AC1-start")
        #expect(MeasureName.read("AC1") == "AC1")
        #expect(MeasureName.read("l") == "L")
        #expect(MeasureName.read("xx9") == "XX9")
        for figure in MeasureFigure.allCases { #expect(MeasureName.read(figure.rawValue) == figure.rawValue) }
    }

    @Test("What names no case is told what a reference is, and which command lists them", arguments: Language.allCases)
    func malformed(_ language: Language) throws {
        let advice = DrillAdvice(
            measure: "AC1",
            period: try #require(Self.quarter),
            ledger: "copy",
            language: language
        )
        for text in ["HT-2026-001", "zz", "01JH9DFH90TJ76SVWVF4JWDW5A", "governance/228", "network/12"] {
            let item = try #require(advice.malformed(text).items.first)
            #expect(item.code == "not-found" && item.place == "--case")
            #expect(item.sentence.contains(text))
            #expect(item.next?.contains("consilium governance drill AC1 --period 2025-Q2 --ledger copy") == true)
        }
        #expect(advice.malformed("HT-2026-001").items.first?.next?.contains("registers list") == true)
        #expect(advice.malformed("\u{1B}]0;x").items.first?.sentence.contains("\u{1B}") == false)
    }

    @Test("A reference that no case has in the period leads to that period's list; other refusals stay as they are")
    func unknown() throws {
        let advice = DrillAdvice(measure: "AC1", period: try #require(Self.quarter), ledger: nil, language: .en)
        let reference = try #require(AuditReference("cf386ac88e648d70ddfa"))
        let missing = Failure(Refusal(.notFound, at: "reference", reference.description), language: .en)
        let item = try #require(advice.answered(missing, to: reference).items.first)
        #expect(item.place == "--case" && item.sentence.contains("2025-Q2"))
        #expect(item.next?.contains("`consilium governance drill AC1 --period 2025-Q2`") == true)
        let role = Failure(Refusal(.notPermitted, at: nil, "auditor"), language: .en)
        #expect(advice.answered(role, to: reference) == role)
    }

    @Test("A month of what is published leads to its quarter, and a missing role to who grants it")
    func quarters() throws {
        let refused = Failure(Refusal(.notPermitted, at: "period", "a quarter"), language: .en)
        for (label, quarter) in [("2025-05", "2025-Q2"), ("2025-12", "2025-Q4"), ("2025", "2025-Q1")] {
            let period = try #require(GovernancePeriod(label))
            let item = try #require(refused.leadingToQuarters(period, .en).items.first)
            #expect(item.code == "not-permitted" && item.next?.contains("--period \(quarter)") == true)
            #expect(refused.leadingToQuarters(period, .zh).items.first?.next?.contains(quarter) == true)
            let role = Failure(Refusal(.notPermitted, at: nil, "auditor"), language: .en)
            #expect(role.leadingToQuarters(period, .en) == role)
        }
    }

    @Test("The example of an entry names every value that its fields take, and a refused value leads to it")
    func templates() {
        let values: [(RegisterKind, [String])] = [
            (.partner, Partner.Kind.allCases.map(\.rawValue)),
            (.tariff, ServiceKind.allCases.map(\.rawValue)),
            (.rulePack, RulePack.Check.allCases.map(\.rawValue)),
            (.finding, AuditFinding.Severity.allCases.map(\.rawValue) + Indicator.allCases.map(\.rawValue)),
            (.incident, Incident.Category.allCases.map(\.rawValue) + Incident.Severity.allCases.map(\.rawValue)),
        ]
        for (kind, names) in values {
            let text = RegisterTemplates.text(kind)
            for name in names { #expect(text.contains(name), "\(kind): \(name)") }
            let refused = Failure(Refusal(.invalidValue, at: "entry.kind"), language: .en)
            let next = refused.leadingToTemplate(of: kind, .en).items.first?.next
            #expect(next?.contains("consilium registers template \(kind.rawValue)") == true)
        }
    }

    @Test("Each wrong cell of a table of regions says what belongs there")
    func regions() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/regions.csv"
        let text = "code,population,incomeRank,remote,listed,assisted\n360101,many,2,perhaps,no,few\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let failure = #expect(throws: Failure.self) { try RegionsFile(2026, "statistics", 1, .en).read(path) }
        let items = try #require(failure).items
        #expect(items.compactMap(\.place) == ["population", "remote", "assisted"].map { "\(path):2 \($0)" })
        #expect(
            items.map(\.sentence) == [
                "a whole number is expected", "yes or no is expected", "a whole number or nothing is expected",
            ]
        )
        #expect(items.allSatisfy { $0.next?.contains("registers template regions") == true })
    }
}
