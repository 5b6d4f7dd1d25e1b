import ConsiliumReports
import Foundation
import Testing

@testable import ConsiliumCore

@Suite("A report as one page")
struct PageTests {
    private static let parts: [ReportPart] = [.scorecard, .measure("AC1"), .profile, .triangle, .sensitivity]

    /// How often `text` stands in `page`.
    private func count(_ text: String, in page: String) -> Int { page.components(separatedBy: text).count - 1 }

    @Test("A page has no script, refers to nothing outside and forbids fetching", arguments: Language.allCases)
    func selfContained(_ language: Language) throws {
        for part in Self.parts {
            let page = try printed(Fixture.full(), part, as: .html, language)
            #expect(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline';"))
            for word in [
                "<script", "<link", "<img", "<iframe", "@import", "url(http", "src=", "onclick", "javascript:",
            ] {
                #expect(!page.contains(word), "\(word)")
            }
            let references = page.components(separatedBy: "href=\"").dropFirst()
            #expect(references.allSatisfy { $0.hasPrefix("#") })
            let addresses = page.components(separatedBy: "http").dropFirst()
            #expect(addresses.allSatisfy { $0.hasPrefix("://www.w3.org/2000/svg") || $0.hasPrefix("-equiv") })
        }
    }

    @Test("A name with combining marks behind its quotes and brackets stays a text, in attributes too")
    func combiningMarks() throws {
        let hostile = "\"\u{301} onmouseover=\"\u{301}x <\u{338}b>\u{338} '\u{301} &\u{301}"
        var report = Fixture.full()
        report.network = hostile
        for index in report.measures.indices { report.measures[index].title = BilingualText(hostile, hostile) }
        for index in report.tables.indices {
            for row in report.tables[index].rows.indices {
                report.tables[index].rows[row].name = BilingualText(hostile, hostile)
            }
        }
        for part in Self.parts {
            let page = try printed(report, part, as: .html)
            let scalars = Array(page.unicodeScalars)
            for (scalar, next) in zip(scalars, scalars.dropFirst()) where [0x301, 0x338].contains(next.value) {
                #expect(!"\"'<>&".unicodeScalars.contains(scalar))
            }
        }
    }

    @Test("A page says its language, period, model version and snapshot, also at the foot of each sheet")
    func header() throws {
        for part in Self.parts {
            let page = try printed(Fixture.full(), part, as: .html)
            #expect(page.contains("<html lang=\"en\">"))
            #expect(page.contains("<dt>Period</dt><dd>2026-Q3 (2026-07-01 until before 2026-10-01)</dd>"))
            #expect(page.contains("<dt>Model version</dt><dd>1</dd>"))
            #expect(page.contains("<dt>Snapshot</dt><dd>\(Fixture.hash)</dd>"))
            let foot = try #require(page.components(separatedBy: "@bottom-left").last?.split(separator: "\n").first)
            #expect(foot.contains(Fixture.hash) && foot.contains("2026-Q3") && foot.contains("model 1"))
            #expect(page.contains("<p class=\"banner\">GENERATED HISTORY"))
            #expect(try printed(Fixture.full(), part, as: .html, .zh).contains("<html lang=\"zh-Hans\">"))
        }
        let real = try printed(Fixture.empty(), .scorecard, as: .html)
        #expect(!real.contains("GENERATED") && !real.contains("class=\"banner\""))
    }

    @Test("Every picture is an image with a title and a description, named once", arguments: Language.allCases)
    func pictures(_ language: Language) throws {
        let page = try printed(Fixture.full(), .scorecard, as: .html, language)
        let pictures = page.components(separatedBy: "<svg ").dropFirst()
        #expect(pictures.count > 30)
        var names: Set<Substring> = []
        for picture in pictures {
            #expect(picture.hasPrefix("role=\"img\" aria-labelledby=\""))
            let name = try #require(picture.split(separator: "\"").dropFirst(3).first?.split(separator: " ").first)
            #expect(names.insert(name).inserted, "\(name)")
            #expect(picture.contains("<title id=\"\(name)\">") && picture.contains("<desc id=\"\(name.dropLast())d\">"))
            #expect(!picture.contains("<desc id=\"\(name.dropLast())d\"></desc>"))
        }
    }

    @Test("Every figure holds the table of what it shows")
    func tables() throws {
        let page = try printed(Fixture.full(), .scorecard, as: .html)
        let figures = page.components(separatedBy: "<figure").dropFirst()
            .map { $0.components(separatedBy: "</figure>")[0] }
        #expect(figures.count == 13)
        for figure in figures { #expect(figure.contains("<table") && figure.contains("<svg")) }
    }

    @Test("Verdicts and standings are words; a measure without a value shows none")
    func words() throws {
        let page = try printed(Fixture.full(), .scorecard, as: .html)
        func row(_ id: String) throws -> String {
            let rows = page.components(separatedBy: "<tr>").filter { $0.contains(">\(id) v1</a>") }
            return try #require(rows.first)
        }
        #expect(try row("AC1").contains("<span class=\"verdict not-shown\">not shown, n≥73</span>"))
        #expect(try row("AC1").contains(">411/430</td>") && row("AC1").contains(">93.2–97.2 %</td>"))
        #expect(try row("OF2").contains("<span class=\"verdict not-met\">not met</span>"))
        #expect(try row("SF1").contains("<span class=\"verdict met\">met</span>"))
        #expect(try row("IDR1").contains("hidden (1-10)") && !row("IDR1").contains("%</td>"))
        #expect(try row("FMR3").contains("no value (n = 0)") && !row("FMR3").contains("0 %"))
        #expect(try row("SF3").contains("not assessable: no such events yet ("))
        #expect(try row("OF2").contains("not source-verified"))
        #expect(try row("AC1").contains("3/60 = 5.0 %"))
    }

    @Test("Position, controls and exchange quality stand in a section of their own, without a column for scores")
    func apart() throws {
        let page = try printed(Fixture.full(), .scorecard, as: .html)
        let sections = page.components(separatedBy: "<section id=\"")
        let apart = try #require(sections.first { $0.hasPrefix("apart\"") })
        #expect(count("never scored", in: apart) == 3)
        #expect(!apart.contains(">score</th>"))
        let performance = try #require(sections.first { $0.hasPrefix("performance\"") })
        #expect(performance.contains(">score</th>"))
        for line in Fixture.full().measures {
            let isThere = apart.contains(">\(line.id) v1</a>")
            #expect(isThere == (line.scoredIn == nil), "\(line.id)")
            #expect(page.contains("<span id=\"") && performance.contains(">\(line.id) v1</a>") != isThere)
        }
    }

    @Test("The page of a network without an event holds no picture of nothing and no number but counts")
    func empty() throws {
        let page = try printed(Fixture.empty(), .scorecard, as: .html)
        #expect(page.contains("no assessment of this period"))
        #expect(page.contains("TI withheld (0 episodes, 0 origin sites)"))
        #expect(count("<svg ", in: page) == 1)
        #expect(!page.contains("0 %</td>") && !page.contains("0.00</td>"))
    }

    @Test("A name is text wherever it stands, also at the foot of a sheet")
    func escaping() throws {
        var report = Fixture.full()
        let attack = "</style><script>alert(1)</script>\"'&\u{1B}"
        report.network = attack
        report.notices = [BilingualText(attack, attack)]
        report.tables[0].rows[0].name = BilingualText(attack, attack)
        report.funnels[0].points[0].site = attack
        for language in Language.allCases {
            let page = try printed(report, .scorecard, as: .html, language)
            #expect(!page.contains("<script") && count("</style>", in: page) == 1)
            #expect(page.contains("&lt;script&gt;alert(1)"))
            #expect(!page.unicodeScalars.contains { $0.value == 0x1B })
        }
    }

    @Test("The table of the second reading has a column of what differs from the first")
    func differences() throws {
        let page = try printed(Fixture.full(), .profile, as: .html)
        #expect(count("difference from the first", in: page) == 1)
        for difference in ["+0.50</td>", "-0.50</td>", "-1.00</td>", "-0.25</td>"] {
            #expect(page.contains(difference), "\(difference)")
        }
    }

    @Test("A self-declared profile is compared with no mode")
    func selfDeclared() throws {
        var report = Fixture.full()
        report.profile?.standing = "self-declared"
        report.profile?.distances = []
        report.profile?.nearest = []
        for index in report.profile?.indicators.indices ?? 0..<0 { report.profile?.indicators[index].codings = [] }
        let page = try printed(report, .profile, as: .html)
        #expect(page.contains("<p class=\"banner\">SELF-DECLARED"))
        #expect(!page.contains("Luohu"))
    }

    @Test("The same report is the same page, and an unknown measure is named")
    func stable() throws {
        let page = try printed(Fixture.full(), .scorecard, as: .html)
        #expect(try printed(Fixture.full(), .scorecard, as: .html) == page)
        #expect(throws: ReportError.unknownMeasure("XX9")) {
            try ReportWriter.write(Fixture.full(), part: .measure("XX9"), as: .html, language: .zh)
        }
    }
}
