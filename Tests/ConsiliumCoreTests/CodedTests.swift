import Foundation
import Testing

@testable import ConsiliumCore

@Suite struct CodedTests {
    @Test(
        "An age falls into its band",
        arguments: [
            (0, "0"), (1, "1-4"), (4, "1-4"), (5, "5-9"), (9, "5-9"), (64, "60-64"), (89, "85-89"), (90, "90+"),
            (130, "90+"), (-1, "unknown"),
        ]
    )
    func bands(_ years: Int, _ band: String) {
        #expect(AgeBand(years: years).rawValue == band)
        #expect(AgeBand.all.contains(AgeBand(years: years)))
    }

    @Test("The band comes from the birth date, else from the stated age, else is unknown")
    func sources() {
        let now = Scenery.time("2026-03-02T00:30:00+08:00")
        func band(_ date: String?, _ age: String? = nil) -> String {
            AgeBand(birthDate: date, age: age, at: now).rawValue
        }
        #expect(band("1956-03-02") == "70-74", "a birthday is a birthday from midnight in Shanghai")
        #expect(band("1956-03-03") == "65-69")
        #expect(band("1956") == "70-74")
        #expect(band("1956-12") == "70-74")
        #expect(band("2026-03-01") == "0")
        #expect(band("2027-01-01", "40") == "unknown", "a birth to come is not believed")
        #expect(band("1800-01-01") == "unknown")
        #expect(band(nil, "40") == "40-44")
        #expect(band("", "131") == "unknown")
        #expect(band("abcd", "7") == "5-9")
        #expect(band(nil, "seven") == "unknown")
        #expect(AgeBand.all.count == 21 && Set(AgeBand.all).count == 21)
    }

    @Test(
        "Dates are real days, months or years",
        arguments: [
            ("2026", true), ("2026-02", true), ("2026-02-28", true), ("2024-02-29", true), ("2026-02-29", false),
            ("2026-13", false), ("2026-00", false), ("2026-1-1", false), ("26-01-01", false), ("+026-01-01", false),
            ("2026-+1-01", false), ("20260101", false), ("", false), ("2026-01-01-01", false), ("2026-", false),
            ("0999", false), ("0999-01-01", false), ("-2026", false), ("２０２６", false),
        ]
    )
    func dates(_ text: String, _ isDate: Bool) { #expect(ApplicationFacts.isDate(text) == isDate) }

    @Test("Urgency orders priorities, the ladder orders tiers")
    func orders() {
        #expect(Priority.allCases.sorted() == [.stat, .asap, .urgent, .routine])
        #expect(Priority.allCases.map(\.rank) == [0, 1, 2, 3])
        #expect(Tier.allCases.sorted() == [.primary, .county, .municipal, .provincial, .national])
        #expect(Tier.allCases.map(\.rank) == [0, 1, 2, 3, 4])
    }

    @Test("A department code is in the table, with or without its prefix and dots")
    func departments() {
        #expect(DepartmentCode("0304")?.description == "0304")
        #expect(DepartmentCode("A03.04") == DepartmentCode("0304"))
        #expect(DepartmentCode("03.04") == DepartmentCode("0304"))
        #expect(DepartmentCode("040601")?.parent == DepartmentCode("0406"))
        #expect(DepartmentCode("0406")?.parent == DepartmentCode("04"))
        #expect(DepartmentCode("04")?.parent == nil)
        #expect(DepartmentCode("0304")?.name == "心血管内科专业")
        #expect(DepartmentCode("03")! < DepartmentCode("0301")! && DepartmentCode("0304")! < DepartmentCode("04")!)
        for text in ["", "A", "3", "29", "0399", "B03.04", "心内科", "0304x"] {
            #expect(DepartmentCode(text) == nil, "\(text)")
        }
        for code in DepartmentTable.names.keys where code.utf8.count > 2 {
            #expect(DepartmentCode(code)?.parent != nil, "\(code) has no parent in the table")
        }
    }

    @Test("An organisation code is letters, digits and hyphens")
    func sites() {
        #expect(SiteID("42112501X") != nil && SiteID("A-1") != nil && SiteID(String(repeating: "a", count: 32)) != nil)
        for text in ["", "a b", "é", "a/b", "a_b", String(repeating: "a", count: 33)] {
            #expect(SiteID(text) == nil, "\(text)")
        }
        #expect(SiteID("B")! < SiteID("a")!)
    }

    @Test("A principal is site, kind and name")
    func principals() throws {
        let node = try #require(Principal("42112501X/node/engine-1"))
        #expect(node.kind == .node && node.name == "engine-1" && node.description == "42112501X/node/engine-1")
        for text in [
            "", "a/op", "a/op/", "a/op/b/c", "/op/b", "a/person/b", "a/op/b c", "a/op/医生",
            "a/op/" + String(repeating: "x", count: 65),
        ] { #expect(Principal(text) == nil, "\(text)") }
    }

    @Test("Codes go through JSON as their text, and others are refused")
    func codable() throws {
        struct All: Codable, Equatable {
            var site = Scenery.county
            var department = Scenery.cardiology
            var limit = TimeLimit.workingDays(1)
        }
        let data = try JSONEncoder().encode(All())
        #expect(try JSONDecoder().decode(All.self, from: data) == All())
        let faults = [
            #"{"site":"a b","department":"0304","limit":"1m"}"#, #"{"site":"a","department":"99","limit":"1m"}"#,
            #"{"site":"a","department":"0304","limit":"soon"}"#,
        ]
        for text in faults {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(All.self, from: Data(text.utf8)) }
        }
    }

    @Test("Phases know whether the case was accepted, begun or ended")
    func phases() {
        #expect(Phase.allCases.filter(\.isEnded) == [.closed, .cancelled, .enteredInError])
        #expect(
            Phase.allCases.filter(\.isBeforeAcceptance) == [.submitted, .infoNeeded, .queued, .offered, .unroutable]
        )
        #expect(Phase.allCases.filter { $0.isBeforeSession && !$0.isBeforeAcceptance } == [.accepted, .failed])
    }

    @Test("Only given, attested and emergency consent permit disclosure")
    func consent() {
        for basis in [ConsentBasis.written, .guardian, .kin, .emergency, .unknown] {
            #expect(ConsentFacts(state: .given, basis: basis).permitsDisclosure)
            #expect(ConsentFacts(state: .attested, basis: basis).permitsDisclosure)
            #expect(ConsentFacts(state: .missing, basis: basis).permitsDisclosure == (basis == .emergency))
            #expect(!ConsentFacts(state: .withdrawn, basis: basis, hasEvidence: true).permitsDisclosure)
        }
    }
}
