import ConsiliumCore
import Foundation
import Testing

@testable import consilium

@Suite("Directory, duty telephones and routing in words")
struct DirectoryTests {
    private static func site(_ id: String, _ tier: Tier, _ departments: [String], _ telephone: String) throws -> Site {
        var site = Site(id: try #require(SiteID(id)), name: "院" + id, tier: tier)
        site.englishName = "Hospital " + id
        for code in departments { site.departments[try #require(DepartmentCode(code))] = 3 }
        site.dutyTelephone = telephone
        return site
    }

    private let directory: Directory
    private let town: SiteID

    init() throws {
        town = try #require(SiteID("T"))
        var office = try Self.site("HUB", .national, [], "010-1")
        office.isCoordinationOffice = true
        var closed = try Self.site("X", .county, ["03"], "000")
        closed.status = .suspended
        directory = Directory(sites: [
            try Self.site("T", .primary, ["02"], "000"), try Self.site("C", .county, ["03"], "0571-1"),
            try Self.site("M", .municipal, ["0304"], "0571-2"), try Self.site("N", .national, ["0304"], "010-2"),
            try Self.site("P", .provincial, ["0304"], "010-3"), closed, office,
        ])
    }

    @Test("Duty telephones are those of the nearest capable sites, then of the coordination office")
    func duty() throws {
        let sites = directory.duty(for: DepartmentCode("0304"), near: town)
        #expect(sites.map(\.id.description) == ["C", "M", "P", "HUB"])
        #expect(directory.duty(for: DepartmentCode("10"), near: town).isEmpty == false)
        #expect(Directory(sites: []).duty(for: nil, near: town).isEmpty)
    }

    @Test("The telephones are printed in both languages, and their absence too")
    func dutyText() throws {
        let text = directory.dutyText(for: DepartmentCode("0304"), near: town, .zh)
        #expect(text.contains("0571-1") && text.contains("院C (C)") && text.contains("心血管"))
        #expect(directory.dutyText(for: nil, near: town, .en).contains("Hospital C (C)"))
        #expect(Directory(sites: []).dutyText(for: nil, near: town, .en).contains("No duty telephone"))
    }

    @Test("The stored directory survives, and a broken one is as good as none")
    func stored() throws {
        let folder = try TemporaryFolder()
        let data = try JSONEncoder().encode(directory.network.directory)
        try data.write(to: URL(fileURLWithPath: folder.profile.directory))
        #expect(Directory.stored(in: folder.profile).network.directory == directory.network.directory)
        try Data("[{".utf8).write(to: URL(fileURLWithPath: folder.profile.directory))
        #expect(Directory.stored(in: folder.profile).isEmpty)
        #expect(directory.name(of: "C", .en) == "Hospital C (C)")
        #expect(directory.name(of: "Z", .en) == "Z")
    }

    @Test("A decision is explained with scores, exclusions and their reasons", arguments: Language.allCases)
    func why(language: Language) throws {
        func ranked(_ site: String) -> Value {
            let score: Value = ["named": 0, "tier": 30_000, "load": 500, "distance": 250, "channel": 300, "region": 0]
            return ["site": .string(site), "score": score, "reserved": 1, "offered": 2]
        }
        let stored: Value = [
            "position": 41, "policyVersion": 3, "decidedAt": "1970-01-01T00:00:00.000Z", "department": "0304",
            "chosen": [ranked("C")], "runnersUp": [ranked("M")], "candidates": 5, "eligible": 2,
            "exclusions": ["capacity": 1, "tier": 2], "fullSites": [ranked("P")],
        ]
        let decision = try stored.decoded(as: RoutingDecision.self)
        let text = RoutingText(directory: directory, language: language).decision(decision)
        for expected in ["41", "3", "0304", "31050", "30000", "[capacity]", "[tier]", "(P) 1+2"] {
            #expect(text.contains(expected), "\(expected)")
        }
        #expect(text.contains(language == .zh ? "院C (C)" : "Hospital C (C)"))
    }

    @Test("Every policy and every outcome of why-not has words in both languages")
    func whyNot() throws {
        for language in Language.allCases {
            let text = RoutingText(directory: directory, language: language)
            for policy in RoutingPolicy.allCases {
                let answer: Value = [
                    "site": "M", "outcome": "excluded", "policy": .string(policy.rawValue), "position": 1,
                ]
                let words = text.whyNot(try answer.decoded(as: WhyNot.self))
                #expect(words.contains("[\(policy.rawValue)]"))
                #expect(words.contains(RoutingText.reason(policy)[language]))
            }
            for outcome in ["offered", "runner-up", "not-a-candidate", "unknown-site", "something-new"] {
                let answer: Value = ["site": "M", "outcome": .string(outcome), "rank": 4, "position": 9]
                let words = text.whyNot(try answer.decoded(as: WhyNot.self))
                #expect(words.contains("9"))
                #expect(words.contains("(M)"))
            }
        }
    }

    @Test("A register of doctors is read from CSV with English or Chinese headings")
    func doctors() throws {
        let text = "姓名,执业证书编号,科室,有效期起,有效期止\n何志远,1431,0301,2020/1/1,20351231\n"
        let doctors = try DoctorsFile.read(text, label: "d.csv", language: .zh)
        #expect(
            doctors == [
                Network.Doctor(
                    name: "何志远",
                    licence: "1431",
                    department: "0301",
                    validFrom: "2020-01-01",
                    validTo: "2035-12-31"
                )
            ]
        )
        #expect {
            _ = try DoctorsFile.read("name,licence\nx,y\n", label: "d.csv", language: .en)
        } throws: { error in (error as? Failure)?.items.map(\.place) == ["d.csv:1 validFrom", "d.csv:1 validTo"] }
        #expect {
            let rows = "name,licence,validFrom,validTo\n,1,2020-01-01,2019-01-01\n"
            _ = try DoctorsFile.read(rows, label: "d.csv", language: .en)
        } throws: { error in (error as? Failure)?.items.map(\.place) == ["d.csv:2 name", "d.csv:2 validTo"] }
    }
}
