import ConsiliumCore

/// A report as one page that needs nothing else: style and pictures are in it, it has no script, and it refers to nothing
/// outside. Every picture has a title, a description and a table with the same figures.
struct HTMLReport {
    let report: GovernanceReport
    let language: Language

    static func text(_ report: GovernanceReport, part: ReportPart, _ language: Language) throws(ReportError) -> String {
        let page = HTMLReport(report: report, language: language)
        let sections: [Section]
        switch part {
        case .scorecard:
            sections = [
                page.result, page.performance, page.apart, page.triangle, page.flow, page.profile, page.trends(of: nil),
                page.funnels(of: nil), page.sensitivity, page.strata(of: nil), page.definitions(report.measures),
            ]
            .compactMap(\.self)
        case .measure(let id):
            guard let line = report.measures.first(where: { $0.id == id }) else { throw .unknownMeasure(id) }
            sections = [
                page.one(line), page.definitions([line]), page.trends(of: id), page.funnels(of: id),
                page.strata(of: id),
            ]
            .compactMap(\.self)
        case .profile: sections = [page.profile]
        case .triangle: sections = [page.triangle, page.flow].compactMap(\.self)
        case .sensitivity: sections = [page.sensitivity ?? page.noSensitivity]
        }
        return page.document(title: ReportHeader.title(part, language), sections).text
    }

    struct Section {
        /// Of the element, and of the link to it.
        var id: String
        var heading: String
        var content: Markup
    }

    func say(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }
    func word(_ text: BilingualText) -> String { text.text(language) }

    private func document(title: String, _ sections: [Section]) -> Markup {
        let foot = ([report.network, report.period.label] + ReportHeader.origin(report, language))
            .joined(separator: " · ")
        let head = report.isGenerated ? word(GovernanceReport.Notice.generated) : ""
        let content = sections.map { section -> Markup in
            let open: Markup = "<section id=\"\(section.id)\" aria-labelledby=\"\(section.id)-h\">\n"
            let heading: Markup = "<h2 id=\"\(section.id)-h\">\(section.heading)</h2>\n"
            return open + heading + section.content + "</section>\n"
        }
        let notices = ReportHeader.notices(report).map { "<li>\(word($0))</li>\n" as Markup }
        return """
            <!DOCTYPE html>
            <html lang="\(language == .zh ? "zh-Hans" : "en")">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) \(report.period.label) · \(report.network)</title>
            <style>
            \(HTMLStyle.sheet(foot: foot, head: head, language))
            </style>
            </head>
            <body>
            <a class="skip" href="#main">\(say("To the figures", "跳到数据"))</a>
            <header>
            \(header(title: title))</header>
            \(sections.count > 1 ? navigation(sections) : "")<main id="main">
            \(content)</main>
            <footer>
            <h2 id="notices">\(word(Words.notices))</h2>
            <ul>
            \(notices)</ul>
            </footer>
            </body>
            </html>

            """
    }

    /// Nothing may be fetched or run; the style stands in the page.
    private static let policy: Markup =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    private func header(title: String) -> Markup {
        var text: Markup = "<h1>\(title) · \(report.period.label)</h1>\n"
        if report.isGenerated { text += "<p class=\"banner\">\(word(GovernanceReport.Notice.generated))</p>\n" }
        if report.isRetrospective { text += "<p class=\"banner\">\(word(GovernanceReport.Notice.retrospective))</p>\n" }
        let records = report.snapshot.records.map { [(say("Records", "记录"), "\($0)")] } ?? []
        let facts =
            [
                (say("Network", "协作网"), report.network), (say("Period", "时期"), ReportHeader.period(report, language)),
                (say("Model version", "模型版本"), report.modelVersion),
            ] + records + [(say("Snapshot", "快照"), report.snapshot.hash)]
        text +=
            "<dl class=\"facts\">\n\(facts.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" as Markup })</dl>\n"
        return text
    }

    private func navigation(_ sections: [Section]) -> Markup {
        let links = sections.map { "<li><a href=\"#\($0.id)\">\($0.heading)</a></li>\n" as Markup }
        return "<nav aria-label=\"\(say("Sections", "章节"))\">\n<ul>\n\(links)</ul>\n</nav>\n"
    }

    /// A table of figures; the first cell of each row is its heading.
    func table(_ caption: String?, _ head: [String], _ rows: [[Markup]], numbers: Set<Int> = [], isWhole: Bool = false)
        -> Markup
    {
        func kind(_ column: Int) -> Markup { numbers.contains(column) ? " class=\"n\"" : "" }
        let heading = head.enumerated().map { "<th scope=\"col\"\(kind($0.offset))>\($0.element)</th>" as Markup }
        let lines = rows.map { row in
            let cells = row.enumerated()
                .map { column, cell -> Markup in
                    column == 0 ? "<th scope=\"row\">\(cell)</th>" : "<td\(kind(column))>\(cell)</td>"
                }
            return "<tr>\(cells)</tr>\n" as Markup
        }
        let title = caption.map { "<caption>\($0)</caption>\n" as Markup } ?? ""
        return """
            <table\(isWhole ? " class=\"whole\"" as Markup : "")>
            \(title)<thead><tr>\(heading)</tr></thead>
            <tbody>
            \(lines)</tbody>
            </table>

            """
    }

    /// A picture and, beside it, the table of what it shows; both on one sheet of paper while the table has at most 30
    /// `rows`, and under each other where it has more.
    func figure(_ caption: String, _ picture: Markup, beside table: Markup, rows: Int = 0) -> Markup {
        let isLong = rows > 30
        let (figure, pair): (Markup, Markup) = isLong ? ("", "pair under") : (" class=\"keep\"", "pair")
        return """
            <figure\(figure)>
            <figcaption>\(caption)</figcaption>
            <div class="\(pair)"><div>\(picture)</div><div>
            \(table)</div></div>
            </figure>

            """
    }

    func paragraph(_ text: String, _ kind: Markup = "note") -> Markup { "<p class=\"\(kind)\">\(text)</p>\n" }
}
