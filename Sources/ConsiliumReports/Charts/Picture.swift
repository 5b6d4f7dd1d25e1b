import ConsiliumCore

/// A picture in SVG with what a screen reader says of it. Colours are never the only sign: lines differ by their dashes,
/// points by their shapes, areas by hatching, and everything has a label.
struct Picture {
    /// Unique in the page.
    var id: String
    var title: String
    var description: String
    var width: Double
    var height: Double
    var language: Language
    var body: Markup

    /// Presentation stands in attributes: WeasyPrint applies no style sheet inside a picture.
    var markup: Markup {
        let fonts: Markup =
            language == .zh ? "Noto Sans CJK SC, sans-serif" : "Noto Sans, DejaVu Sans, Helvetica, Arial, sans-serif"
        return """
            <svg role="img" aria-labelledby="\(id)-t \(id)-d" viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" font-family="\(fonts)" font-size="11" fill="\(Ink.dark)" \
            xmlns="http://www.w3.org/2000/svg"><title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(description)</desc>
            \(body)</svg>

            """
    }
}

/// Dark enough on white for letters (WCAG 2.2, 4.5:1), but for the lines of the grid.
enum Ink {
    static let dark: Markup = "#1b1b1b"
    static let grey: Markup = "#595959"
    static let blue: Markup = "#0b4f8a"
    static let rust: Markup = "#9a3d00"
    static let pale: Markup = "#c7dcee"
    static let grid: Markup = "#b9b9b9"
}

/// The elements that pictures are made of.
enum Draw {
    enum Anchor: String {
        case start
        case middle
        case end
    }

    static func text(_ x: Double, _ y: Double, _ text: String, _ anchor: Anchor = .start, size: Double = 11) -> Markup {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor.rawValue)\" font-size=\"\(size)\">\(text)</text>\n"
    }

    static func bold(_ x: Double, _ y: Double, _ text: String, _ anchor: Anchor = .start, size: Double = 11) -> Markup {
        """
        <text x="\(x)" y="\(y)" text-anchor="\(anchor.rawValue)" font-size="\(size)" font-weight="bold">\(text)</text>

        """
    }

    static func line(
        _ x1: Double,
        _ y1: Double,
        _ x2: Double,
        _ y2: Double,
        _ ink: Markup = Ink.dark,
        width: Double = 1,
        dashes: Markup = ""
    ) -> Markup {
        let pattern: Markup = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""
        return """
            <line x1="\(x1)" y1="\(y1)" x2="\(x2)" y2="\(y2)" stroke="\(ink)" stroke-width="\(width)"\(pattern)/>

            """
    }

    static func box(
        _ x: Double,
        _ y: Double,
        _ width: Double,
        _ height: Double,
        fill: Markup,
        stroke: Markup = Ink.dark
    ) -> Markup {
        """
        <rect x="\(x)" y="\(y)" width="\(width)" height="\(height)" fill="\(fill)" stroke="\(stroke)"/>

        """
    }

    /// Through the points in order.
    static func path(
        _ points: [(x: Double, y: Double)],
        closed: Bool = false,
        stroke: Markup = Ink.dark,
        fill: Markup = "none",
        opacity: Double = 1,
        width: Double = 1.5,
        dashes: Markup = ""
    ) -> Markup {
        guard let first = points.first else { return "" }
        let rest = points.dropFirst().map { "L\($0.x) \($0.y)" as Markup }
        let pattern: Markup = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""
        return """
            <path d="M\(first.x) \(first.y)\(rest)\(closed ? "Z" : "")" stroke="\(stroke)" fill="\(fill)" \
            fill-opacity="\(opacity)" stroke-width="\(width)"\(pattern)/>

            """
    }

    static func circle(_ x: Double, _ y: Double, _ radius: Double, fill: Markup, stroke: Markup = Ink.dark) -> Markup {
        "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(radius)\" fill=\"\(fill)\" stroke=\"\(stroke)\"/>\n"
    }

    static func square(_ x: Double, _ y: Double, _ radius: Double, fill: Markup, stroke: Markup = Ink.dark) -> Markup {
        box(x - radius, y - radius, 2 * radius, 2 * radius, fill: fill, stroke: stroke)
    }

    static func diamond(_ x: Double, _ y: Double, _ radius: Double, fill: Markup, stroke: Markup = Ink.dark) -> Markup {
        path(
            [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)],
            closed: true,
            stroke: stroke,
            fill: fill,
            width: 1.2
        )
    }

    /// A horizontal interval with its ends marked.
    static func whisker(_ low: Double, _ high: Double, _ y: Double, _ ink: Markup = Ink.dark, width: Double = 1.6)
        -> Markup
    {
        line(low, y, high, y, ink, width: width) + line(low, y - 3.5, low, y + 3.5, ink, width: width)
            + line(high, y - 3.5, high, y + 3.5, ink, width: width)
    }

    /// `text` in lines of `columns`, centred, the first at `y`.
    static func lines(_ x: Double, _ y: Double, _ text: String, columns: Int, bold isBold: Bool = false) -> Markup {
        let parts = DisplayWidth.wrapped(text, to: columns).enumerated()
        return Markup(
            parts.map { index, part in
                let y = y + 13 * Double(index)
                return isBold ? bold(x, y, part, .middle) : Draw.text(x, y, part, .middle)
            }
        )
    }
}
