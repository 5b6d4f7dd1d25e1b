import Foundation
import Testing

@testable import ConsiliumCore

/// The yearly return: taken whole or not at all.
@Suite struct SiteReturnTests {
    typealias Stage = GovernanceStage

    private static let header = "kind,reference,initiator,proposed,decision,decided,decider,amount"
    private static let good = """
        \(header)
        rule-proposal,R-1,site,2026-01-10,adopted,2026-02-09,,
        rule-proposal,R-2,site,2026-01-10,rejected,2026-02-10,,
        rule-proposal,R-3,site,2026-02-01,,,,
        investment,I-1,,,,2026-02-03,site,1200000
        investment,I-2,,,,2026-02-03,government,0
        """

    private static func read(
        _ text: String,
        year: Int = 2026,
        isCoordinationOffice: Bool = false,
        digest: String = Stage.digest
    ) throws(SiteReturnDefects) -> SiteReturn {
        try SiteReturn(
            csv: Array(text.utf8),
            site: Scenery.county,
            year: year,
            digest: digest,
            signature: "a0b1",
            isCoordinationOffice: isCoordinationOffice,
            at: CivilDay(2026, 3, 2)
        )
    }

    private static func defects(_ text: String, year: Int = 2026) -> [FormatError] {
        do throws(SiteReturnDefects) {
            _ = try read(text, year: year)
            return []
        } catch {
            return error.all
        }
    }

    @Test("A form is read in its order, with quotes, CRLF, a byte order mark or Chinese names alike")
    func reading() throws {
        let form = try Self.read(Self.good)
        #expect(form.proposals.map(\.reference) == ["R-1", "R-2", "R-3"])
        #expect(form.proposals[0].decision == .adopted && form.proposals[0].decidedOn == CivilDay(2026, 2, 9))
        #expect(form.proposals[2].decision == nil && form.proposals[2].decidedOn == nil)
        #expect(form.investments.map(\.amount) == [1_200_000, 0])
        #expect(form.investments.map(\.decider) == [.site, .government])
        #expect(try Self.read(Self.good.replacing("\n", with: "\r\n")) == form)
        #expect(try Self.read("\u{FEFF}" + Self.good + "\n\n") == form)
        #expect(try Self.read(Self.good.replacing("R-2", with: "\"R-2\"")) == form)
        let chinese = Self.good.replacing(Self.header, with: "类别,编号,发起方,提出日期,决定,决定日期,决定方,金额分")
            .replacing("rule-proposal", with: "规则提案").replacing("investment,", with: "投资项目,")
        #expect(try Self.read(chinese) == form)
        let turned =
            "reference,kind,initiator,proposed,decision,decided,decider,amount\nR-9,rule-proposal,site,2026-01-01,,,,"
        #expect(try Self.read(turned).proposals.map(\.reference) == ["R-9"])
        #expect(try Self.read(Self.header).proposals.isEmpty)
    }

    @Test(
        "Every bad cell is named by row and column",
        arguments: [
            ("R-1,site", "R-1,cat", FormatError.Code.unknownCode, "row 2, column initiator"),
            ("R-1,site", "R-1,", .missing, "row 2, column initiator"),
            ("R-1,site", "R-1,network", .invalidValue, "row 2, column initiator"),
            ("2026-01-10,adopted", "2026-02-30,adopted", .invalidValue, "row 2, column proposed"),
            ("2026-01-10,adopted", "2025-12-31,adopted", .invalidValue, "row 2, column proposed"),
            ("2026-01-10,adopted", "10.1.2026,adopted", .invalidValue, "row 2, column proposed"),
            ("2026-01-10,adopted", ",adopted", .missing, "row 2, column proposed"),
            ("adopted,2026-02-09", "adopted,", .missing, "row 2, column decided"),
            ("adopted,2026-02-09", ",2026-02-09", .missing, "row 2, column decision"),
            ("adopted,2026-02-09", "hailed,2026-02-09", .unknownCode, "row 2, column decision"),
            ("adopted,2026-02-09", "adopted,2026-01-09", .invalidValue, "row 2, column decided"),
            ("adopted,2026-02-09", "adopted,2026-03-03", .invalidValue, "row 2, column decided"),
            ("2026-02-09,,", "2026-02-09,site,", .invalidValue, "row 2, column decider"),
            ("2026-02-09,,", "2026-02-09,,7", .invalidValue, "row 2, column amount"),
            ("R-2", "R-1", .duplicateKey, "row 3, column reference"),
            ("R-2", "R 2", .invalidValue, "row 3, column reference"),
            ("R-2", "", .missing, "row 3, column reference"),
            ("rule-proposal,R-3", "wish,R-3", .unknownCode, "row 4, column kind"),
            ("rule-proposal,R-3", ",R-3", .missing, "row 4, column kind"),
            ("rule-proposal,R-3", "rule-proposal,x,R-3", .unparsable, "row 4"),
            ("1200000", "12000.00", .invalidValue, "row 5, column amount"),
            ("1200000", "-1", .invalidValue, "row 5, column amount"),
            ("1200000", "99999999999999999999", .invalidValue, "row 5, column amount"),
            ("1200000", "", .missing, "row 5, column amount"),
            ("2026-02-03,site", "2025-02-03,site", .invalidValue, "row 5, column decided"),
            ("2026-02-03,site", ",site", .missing, "row 5, column decided"),
            ("2026-02-03,site", "2026-02-03,cat", .unknownCode, "row 5, column decider"),
            ("I-2,,,", "I-2,site,,", .invalidValue, "row 6, column initiator"),
            ("decider,amount", "decider,total", .unknownCode, "row 1, column 8"),
            ("decider,amount", "decider,decider", .duplicateKey, "row 1, column decider"),
            (",amount", "", .missing, "row 1, column amount"),
            ("R-2", "\"R-2", .unparsable, "row 3, column 2"),
            ("R-2", "R\"2", .unparsable, "row 3, column 2"),
            ("R-2", "\"R\"2", .unparsable, "row 3, column 2"),
        ]
    )
    func badCells(_ old: String, _ new: String, _ code: FormatError.Code, _ place: String) throws {
        let range = try #require(Self.good.firstRange(of: old))
        let defects = Self.defects(Self.good.replacingCharacters(in: range, with: new))
        #expect(defects.contains(FormatError(code, at: place, "")), "\(defects)")
        #expect(defects.allSatisfy { !$0.message.isEmpty })
    }

    @Test("Reading stops at ten thousand rows, at 64 cells in a row, and at fifty defects")
    func bounds() throws {
        let row = "\nrule-proposal,R-1,site,2026-01-10,,,,"
        let most = Self.header + String(repeating: row, count: SiteReturn.mostRows)
        #expect(Self.defects(most).allSatisfy { $0.code == .duplicateKey })
        #expect(Self.defects(most).count == 50)
        // What comes after the last row that is taken is not looked at, or the stray quote would be named.
        let beyond = Self.defects(most + row + "\n\"x\"y")
        #expect(beyond == [FormatError(.tooLong, at: "form", "")])
        let wide = Self.defects(Self.header + "\n" + String(repeating: ",", count: 1_000_000) + "\"x\"y")
        #expect(wide == [FormatError(.tooLong, at: "row 2", "")])
        let bad = Self.header + String(repeating: "\nwish,R-1,site,2026-01-10,,,,", count: 200)
        #expect(Self.defects(bad).count == 50)
        let header = String(repeating: "x,", count: 60) + "x"
        #expect(Self.defects(header).count == 50)
    }

    @Test("The published example is a good form, under either header")
    func example() throws {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Protocols/Governance/site-return.csv")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let headers = Language.allCases.map { SiteReturn.header($0).joined(separator: ",") }
        #expect(text.hasPrefix(headers[0] + "\n"))
        for header in headers {
            let form = try SiteReturn(
                csv: Array(text.replacing(headers[0], with: header).utf8),
                site: Scenery.county,
                year: 2026,
                digest: Stage.digest,
                signature: "a0b1",
                isCoordinationOffice: false,
                at: CivilDay(2027, 1, 15)
            )
            #expect(form.proposals.count == 2 && form.investments.count == 2)
        }
    }

    @Test("A form with bytes put in, taken out or changed is read or refused by place, and never breaks the reader")
    func mutated() {
        var random = SplitMix64(seed: 3)
        let alphabet = Array("\",\n\r;-0159aé\u{0}".utf8)
        var refused = 0
        for _ in 0..<2_000 {
            var bytes = Array(Self.good.utf8)
            for _ in 0...random.index(below: 3) {
                let place = random.index(below: bytes.count)
                switch random.index(below: 3) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(alphabet[random.index(below: alphabet.count)], at: place)
                default: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            do throws(SiteReturnDefects) {
                let form = try SiteReturn(
                    csv: bytes,
                    site: Scenery.county,
                    year: 2026,
                    digest: Stage.digest,
                    signature: "a0b1",
                    isCoordinationOffice: true,
                    at: CivilDay(2026, 3, 2)
                )
                #expect(form.defects(isCoordinationOffice: true, at: CivilDay(2026, 3, 2)).isEmpty)
            } catch {
                refused += 1
                #expect(!error.all.isEmpty && error.all.allSatisfy { !$0.location.isEmpty })
            }
        }
        #expect(refused > 500)
    }

    @Test("All bad rows are named at once, and nothing is taken")
    func allAtOnce() {
        let text = Self.good.replacing("R-1,site", with: "R-1,cat").replacing("1200000", with: "dear")
        #expect(
            Self.defects(text) == [
                FormatError(.unknownCode, at: "row 2, column initiator", ""),
                FormatError(.invalidValue, at: "row 5, column amount", ""),
            ]
        )
    }

    @Test("A form that is no text, too large, empty, or of no year is refused")
    func unreadable() {
        #expect(throws: SiteReturnDefects(all: [FormatError(.undecodable, at: "form", "")])) {
            try SiteReturn(
                csv: [0xFF, 0xFE, 0x2C],
                site: Scenery.county,
                year: 2026,
                digest: Stage.digest,
                signature: "a0",
                isCoordinationOffice: false,
                at: CivilDay(2026, 3, 2)
            )
        }
        #expect(Self.defects(String(repeating: "x", count: 5 << 20)) == [FormatError(.tooLong, at: "form", "")])
        #expect(!Self.defects("").isEmpty)
        for year in [0, -1, Int.max, Int.min] {
            #expect(Self.defects(Self.good, year: year) == [FormatError(.invalidValue, at: "year", "")])
        }
    }

    @Test("A filed return is declared; a second one of the same year restates it and counts alone (OC1, OC2, IDR1)")
    func filing() throws {
        var stage = Stage()
        let first = try Self.read(Self.good)
        #expect(try stage.act(.fileReturn(first), by: Stage.ofCounty) == [.returnFiled(first, version: 1)])
        #expect(try stage.act(.fileReturn(first), by: Stage.ofCounty).isEmpty)
        // Thirty days are in time, thirty-one are not, and what is undecided stays in the denominator.
        #expect(stage.proportion("OC1", "2026") == Proportion(1, of: 3))
        #expect(stage.proportion("OC1", "2026-02") == Proportion(0, of: 1))
        #expect(stage.proportion("OC2", "2026") == Proportion(1, of: 1))
        #expect(stage.proportion("IDR1", "2026") == Proportion(1, of: 2))
        #expect(stage.observation("OC1", "2025") == nil)
        #expect(stage.governance.recorded == [.ruleProposal, .investmentItem])
        let text = Self.good.replacing("rejected,2026-02-10", with: "adopted,2026-02-08")
        let second = try Self.read(text, digest: String(repeating: "a", count: 64))
        #expect(try stage.act(.fileReturn(second), by: Stage.ofCounty) == [.returnFiled(second, version: 2)])
        #expect(stage.proportion("OC1", "2026") == Proportion(2, of: 3))
        let filed = try #require(stage.governance.returns[Governance.ReturnKey(Scenery.county, 2026)])
        #expect(filed.map(\.version) == [1, 2])
    }

    @Test("A proposal that was withdrawn was decided by nobody, in time or not, and stays in the denominator (OC1)")
    func withdrawn() throws {
        var stage = Stage()
        let text = Self.good.replacing("rejected,2026-02-10", with: "withdrawn,2026-01-20")
        try stage.act(.fileReturn(try Self.read(text)), by: Stage.ofCounty)
        #expect(stage.proportion("OC1", "2026") == Proportion(1, of: 3))
    }

    @Test("What the network's offices proposed is declared by the coordination office's site alone (OC2)")
    func office() throws {
        var stage = Stage()
        var form = try Self.read(Self.good)
        form.site = Scenery.capital
        form.proposals[0].initiator = .network
        try stage.act(.fileReturn(form), by: Stage.siteAdministrator(Scenery.capital))
        #expect(stage.proportion("OC2", "2026") == Proportion(0, of: 1))
        form.site = Scenery.county
        stage.refuse(
            .returnDefective,
            at: "row 1, column initiator",
            .fileReturn(form),
            by: Stage.ofCounty
        )
    }

    @Test("A return is refused from anybody but the site, unsigned, without its digest, or with bad rows")
    func filingRefusals() throws {
        let stage = Stage()
        let good = try Self.read(Self.good)
        for actor in [Stage.administrator, Stage.ofTown, Stage.auditor, Stage.expert, .hub] {
            stage.refuse(.notPermitted, .fileReturn(good), by: actor)
        }
        for signature in ["", "a", "xyz"] {
            var form = good
            form.signature = signature
            stage.refuse(.signatureInvalid, at: "signature", .fileReturn(form), by: Stage.ofCounty)
        }
        var form = good
        form.form = "none"
        stage.refuse(.invalidValue, at: "form", .fileReturn(form), by: Stage.ofCounty)
        form = good
        form.proposals[1].reference = "R-1"
        form.investments[1].amount = -1
        do {
            _ = try stage.decide(.fileReturn(form), by: Stage.ofCounty)
            Issue.record("taken")
        } catch {
            #expect(error == Refusal(.returnDefective, at: "row 2, column reference"))
            #expect(error.detail?.contains("row 5, column amount") == true)
        }
        form = good
        form.proposals = Array(repeating: good.proposals[0], count: SiteReturn.mostRows)
        stage.refuse(.returnDefective, at: "return", .fileReturn(form), by: Stage.ofCounty)
    }
}
