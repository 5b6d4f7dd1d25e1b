import ConsiliumCore
import ConsiliumReports

/// The forms in which data is printed.
enum OutputFormat: String, CaseIterable, Sendable {
    case table
    case json
    case yaml
    case csv
}

/// Prints what a command found, in the form and the language that were asked for.
struct Printer: Sendable {
    var format: OutputFormat
    var language: Language
    /// Only data and errors.
    var isQuiet: Bool

    /// A list; `value` is what JSON and YAML show, by default the rows.
    func show(_ table: Table, value: Value? = nil) {
        switch format {
        case .table:
            if table.rows.isEmpty {
                note(Phrase("nothing here", "没有内容"))
            } else {
                Terminal.output(table.aligned(language, bold: Terminal.isColoured))
            }
        case .csv: Terminal.output(table.csv)
        case .json: Terminal.output((value ?? .array(table.rows)).json() + "\n")
        case .yaml: Terminal.output((value ?? .array(table.rows)).yaml)
        }
    }

    /// One thing: as `text` for a person, else its value; CSV gives its fields in two columns.
    func show(_ value: Value, text: @autoclosure () -> String) {
        switch format {
        case .table:
            let lines = text()
            Terminal.output(lines.hasSuffix("\n") ? lines : lines + "\n")
        case .json: Terminal.output(value.json() + "\n")
        case .yaml: Terminal.output(value.yaml)
        case .csv:
            let fields = value.object.sorted { $0.key < $1.key }
            Terminal.output(CSV.line(["field", "value"]) + fields.map { CSV.line([$0.key, $0.value.text]) }.joined())
        }
    }

    /// One line of an endless list, while it is watched: JSON a line, else the table's line without heading.
    func stream(_ table: Table, heading: Bool) {
        switch format {
        case .table:
            let lines = table.aligned(language, bold: Terminal.isColoured).split(separator: "\n")
            Terminal.output(lines.dropFirst(heading ? 0 : 1).map { $0 + "\n" }.joined())
        case .csv:
            let lines = table.csv
            Terminal.output(heading ? lines : String(lines.drop { $0 != "\n" }.dropFirst()))
        case .json: for row in table.rows { Terminal.output(row.json(compact: true) + "\n") }
        case .yaml: for row in table.rows { Terminal.output("---\n" + row.yaml) }
        }
    }

    /// A remark on the error stream.
    func note(_ phrase: Phrase) {
        if !isQuiet { Terminal.say(phrase[language]) }
    }

    /// A remark that also `--quiet` does not silence.
    func warn(_ phrase: Phrase) {
        Terminal.say((language == .zh ? "注意：" : "warning: ") + phrase[language])
    }
}
