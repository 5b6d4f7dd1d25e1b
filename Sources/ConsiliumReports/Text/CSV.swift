/// Comma-separated values (RFC 4180).
package enum CSV {
    /// One record, ending in a line feed.
    package static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\n"
    }

    private static func field(_ text: String) -> String {
        let safe = defused(text)
        // Where a spreadsheet separates by semicolons, a field that holds one stays one field; tabs are blanks by now.
        guard safe.unicodeScalars.contains(where: { ",;\"\n\r".unicodeScalars.contains($0) }) else { return safe }
        // Scalars, not characters: a combining mark hides the quote before it.
        var quoted = "\"".unicodeScalars
        for scalar in safe.unicodeScalars { quoted.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar]) }
        return String(quoted) + "\""
    }

    /// `text` as a spreadsheet will only show it: without control characters, and with an apostrophe before what it would
    /// run.
    package static func defused(_ text: String) -> String {
        // Judged as it came: what a replacement character stands for may have been skipped by a spreadsheet.
        let plain = DisplayWidth.harmless(text, keepingLines: true)
        return beginsFormula(text) ? "'" + plain : plain
    }

    /// Whether a spreadsheet would run a cell that begins so: scalars, because a combining mark hides the character
    /// before it; full-width forms and control characters, because they are read as the plain ones or skipped.
    private static func beginsFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, Double(text) == nil else { return false }
        return first.value < 32 || "=+-@＝＋－＠".unicodeScalars.contains(first)
    }

    /// The records of `text`; quoted fields may hold commas, quotes and line breaks. Empty lines are left out.
    ///
    /// - Returns: each record with the number of the line on which it begins, from 1.
    package static func records(_ text: String) -> [(line: Int, fields: [String])] {
        var records: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = String.UnicodeScalarView()
        var line = 1
        var start = 1
        var quoted = false
        var wasQuoted = false
        // Scalars, not characters: CR LF is one character.
        var scalars = text.unicodeScalars[...]
        if scalars.first?.value == 0xFEFF { scalars.removeFirst() }

        func endRecord() {
            fields.append(String(field))
            if fields.count > 1 || !fields[0].isEmpty || wasQuoted { records.append((start, fields)) }
            fields = []
            field = .init()
            wasQuoted = false
        }
        while let scalar = scalars.popFirst() {
            switch (scalar, quoted) {
            case ("\"", true):
                if scalars.first == "\"" {
                    field.append("\"")
                    scalars.removeFirst()
                } else {
                    quoted = false
                }
            case ("\"", false) where field.isEmpty:
                quoted = true
                wasQuoted = true
            case (",", false):
                fields.append(String(field))
                field = .init()
            case ("\r", false) where scalars.first == "\n": continue
            case ("\n", false), ("\r", false):
                line += 1
                endRecord()
                start = line
            default:
                if scalar == "\n" { line += 1 }
                field.append(scalar)
            }
        }
        if !field.isEmpty || !fields.isEmpty { endRecord() }
        return records
    }
}
