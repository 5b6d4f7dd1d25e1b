import ConsiliumCore

/// The one style sheet of a page: for the screen, for paper, and for WeasyPrint, which knows no grid.
enum HTMLStyle {
    /// What stands at the foot of each printed page comes from the report, so it is a parameter.
    static func sheet(foot: String, head: String, _ language: Language) -> Markup {
        let fonts: Markup =
            language == .zh
            ? "\"Noto Sans CJK SC\", \"Noto Sans SC\", \"PingFang SC\", \"Microsoft YaHei\", sans-serif"
            : "\"Noto Sans\", \"DejaVu Sans\", \"Helvetica Neue\", Arial, \"Noto Sans CJK SC\", sans-serif"
        return """
            @page { size: A4; margin: 16mm 12mm 17mm;
              @top-center { content: "\(Markup.cssString(head))"; font: bold 8pt \(fonts); color: #8a1f11; }
              @bottom-left { content: "\(Markup.cssString(foot))"; font: 6.2pt \(fonts); color: #4a4a4a; }
              @bottom-right { content: counter(page) " / " counter(pages); font: 7pt \(fonts); color: #4a4a4a; } }
            body { margin: 0 auto; max-width: 68rem; padding: 0 1.2rem 3rem; background: #fff; color: #1b1b1b;
              font: 15px/1.45 \(fonts); }
            \(rules)
            """
    }

    private static let rules: Markup = """
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 1.2rem 0 .3rem; }
        h2 { font-size: 1.3rem; margin: 2.4rem 0 .6rem; padding-top: .5rem; border-top: 2px solid #1b1b1b; }
        h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
        p { margin: .4rem 0; }
        a { color: #0b4f8a; }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .4rem; }
        .banner { border: 3px double #8a1f11; color: #8a1f11; font-weight: 700; padding: .5rem .8rem; margin: .8rem 0; }
        .facts { margin: .2rem 0; color: #3d3d3d; font-size: .88rem; overflow-wrap: anywhere; }
        .facts div { display: inline-block; margin-right: .9rem; }
        .facts dt { display: inline; font-weight: 700; }
        .facts dd { display: inline; margin: 0 0 0 .25rem; }
        nav ul { list-style: none; padding: 0; margin: .8rem 0; }
        nav li { display: inline-block; margin: 0 1rem .2rem 0; }
        .tiles { display: table; width: 100%; border-spacing: .5rem 0; }
        .tile { display: table-cell; width: 33%; border: 1px solid #767676; border-radius: 4px; padding: .6rem .8rem; }
        .tile p { margin: 0; }
        .tile .big { font-size: 2rem; font-weight: 700; line-height: 1.2; }
        .tile .words { font-size: 1rem; font-weight: 700; }
        .pair { display: table; width: 100%; }
        .pair > div { display: table-cell; vertical-align: top; }
        .pair > div:first-child { width: 27.5rem; }
        .pair > div + div { padding-left: 1.2rem; }
        .under, .under > div { display: block; }
        .under > div + div { padding-left: 0; }
        figure { margin: 1rem 0; }
        figcaption { font-weight: 700; margin-bottom: .3rem; }
        svg { max-width: 100%; height: auto; }
        table { border-collapse: collapse; font-size: .86rem; line-height: 1.3; }
        table.whole { width: 100%; }
        caption { text-align: left; font-weight: 700; padding: .2rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .22rem .5rem .22rem 0; border-bottom: 1px solid #c9c9c9; }
        thead th { border-bottom: 2px solid #1b1b1b; vertical-align: bottom; }
        tbody th { font-weight: 600; }
        .n { text-align: right; font-variant-numeric: tabular-nums; }
        td.n { white-space: nowrap; }
        .small { font-size: .8rem; font-weight: 400; color: #3d3d3d; }
        .verdict { display: inline-block; padding: 0 .35rem; border: 1px solid #1b1b1b; border-radius: 3px; }
        .met { background: #e3f1e6; border-color: #1d6b35; color: #14502a; }
        .not-met { background: #fbe6e3; border: 2px solid #8a1f11; color: #8a1f11; font-weight: 700; }
        .not-shown { background: #fff; border-style: dashed; }
        .failures { background: #fff3da; border-style: solid; border-color: #6b4a00; color: #5c3f00; }
        .clean { background: #e3f1e6; border-color: #1d6b35; color: #14502a; }
        .withheld { font-style: italic; color: #3d3d3d; }
        .note { color: #3d3d3d; font-size: .88rem; }
        footer { margin-top: 2.5rem; }
        .scroll { margin-bottom: .8rem; }
        @media screen {
          :root { color-scheme: light; }
          .scroll { overflow-x: auto; }
        }
        @media screen and (max-width: 44rem) {
          .pair, .pair > div, .tiles, .tile { display: block; width: auto; }
          .pair > div:first-child { width: auto; }
          .pair > div + div { padding-left: 0; }
        }
        @media print {
          html { font-size: 10pt; }
          body { max-width: none; padding: 0; font-size: 9pt; }
          .pair > div:first-child { width: 86mm; }
          .pair > div:first-child svg { width: 86mm; }
          .pair > div + div { padding-left: .8rem; }
          nav, .skip { display: none; }
          h2 { break-after: avoid; margin-top: 1.4rem; }
          h3, figcaption, caption, .note { break-after: avoid; }
          tr, svg, .tile, .keep { break-inside: avoid; }
          thead { display: table-header-group; }
          table { font-size: 7.6pt; }
          .small { font-size: 7pt; }
          th, td { padding-right: .3rem; }
          a { color: inherit; text-decoration: none; }
        }
        """
}
