import ConsiliumCore
import ConsiliumReports

/// A list of things with their columns: one description for the table, CSV, JSON and YAML.
struct Table {
    struct Column {
        /// The name in CSV.
        var name: String
        var title: Phrase
        var text: (Value, Language) -> String
        /// The cell in CSV, where it is another than the table's.
        var csv: (Value) -> String

        /// A column whose cell is the field `name`.
        init(
            _ name: String,
            _ title: Phrase,
            text: ((Value, Language) -> String)? = nil,
            csv: ((Value) -> String)? = nil
        ) {
            self.name = name
            self.title = title
            let shown = text ?? { row, _ in row[name].text }
            self.text = shown
            self.csv = csv ?? { row in shown(row, .en) }
        }

        /// A time: this machine's for a person, as the hub sent it (RFC 3339) in CSV.
        static func time(_ name: String, _ title: Phrase) -> Column {
            Column(name, title) { row, _ in
                LocalTime.text(row[name].text)
            } csv: { row in
                row[name].text
            }
        }
    }

    var columns: [Column]
    var rows: [Value]

    init(_ columns: [Column], rows: [Value]) {
        self.columns = columns
        self.rows = rows
    }

    /// Aligned columns, two blanks apart, a heading above; a cell is cut at `widest` columns of the terminal.
    func aligned(_ language: Language, bold: Bool = false, widest: Int = 60) -> String {
        let heading = columns.map { $0.title[language] }
        let cells = rows.map { row in
            columns.map { DisplayWidth.truncated(DisplayWidth.harmless($0.text(row, language)), to: widest) }
        }
        var widths = heading.map { DisplayWidth.of($0) }
        for line in cells {
            for (index, cell) in line.enumerated() { widths[index] = max(widths[index], DisplayWidth.of(cell)) }
        }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (index, cell) in cells.enumerated() {
                text += index == cells.count - 1 ? cell : DisplayWidth.padded(cell, to: widths[index] + 2)
            }
            while text.last == " " { text.removeLast() }
            return text
        }
        let top = line(heading)
        return ([bold ? "\u{1B}[1m\(top)\u{1B}[0m" : top] + cells.map(line)).joined(separator: "\n") + "\n"
    }

    /// Codes, not their translations: CSV is for other programs.
    var csv: String {
        CSV.line(columns.map(\.name)) + rows.map { row in CSV.line(columns.map { $0.csv(row) }) }.joined()
    }
}
