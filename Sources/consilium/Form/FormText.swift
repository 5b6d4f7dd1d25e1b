/// Lets people write into a form what YAML alone would trip over.
enum FormText {
    /// `text` with each one-line value in double quotes, so that a colon, a number sign or a dash in it is text.
    ///
    /// Lines stay where they are: what is wrong is said with the number of the line that the person wrote.
    static func forgiving(_ text: String, _ kind: FormKind) -> String {
        let keys = Set(kind.fields.map { String($0.key) })
        let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        var result: [String] = []
        result.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() {
            let next = lines[(index + 1)...].first { !$0.allSatisfy(\.isWhitespace) }
            let continues = next.map { indent(of: $0) > 2 } ?? false
            result.append(quoted(line, keys: keys, continues: continues) ?? String(line))
        }
        return result.joined(separator: "\n")
    }

    /// nil when the line is to stay as it is.
    private static func quoted(_ line: Substring, keys: Set<String>, continues: Bool) -> String? {
        guard indent(of: line) == 2, let colon = line.firstIndex(of: ":") else { return nil }
        let key = line[..<colon].drop { $0 == " " }
        guard keys.contains(String(key)) else { return nil }
        var value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        guard let first = value.first, value != "~", value != "null" else { return nil }
        if first == "|" || first == ">" {
            // Text behind the bar, where only lines below it would count.
            let rest = value.dropFirst().drop { "+-0123456789".contains($0) }
            guard !continues, let text = rest.first(where: { !$0.isWhitespace }), text != "#" else { return nil }
            value = value.dropFirst().drop { $0 == " " }
        } else if continues || "\"'#&*!{[".contains(first) {
            return nil
        }
        return "  \(key): " + FormWriter.quoted(String(value).trimmingBlanks())
    }

    private static func indent(of line: Substring) -> Int { line.prefix { $0 == " " }.count }
}
