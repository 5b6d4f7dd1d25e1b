import ConsiliumCore
import ConsiliumReports

/// A case, or any object of the hub, as lines for a person.
enum CaseText {
    /// Every field on a line of its own, nested ones indented; known fields in the order in which one asks for them.
    static func fields(_ value: Value, _ language: Language, indent: Int = 0) -> String {
        lines(value, language, indent: indent).joined(separator: "\n")
    }

    private static let order = [
        "case", "id", "phase", "state", "priority", "department", "departmentName", "name", "requester", "performer",
        "site", "principal", "submittedAt", "deadline", "unroutableReason", "gaps", "missing", "consent", "offers",
    ]

    private static func lines(_ value: Value, _ language: Language, indent: Int) -> [String] {
        let fields = value.object.filter { !isEmpty($0.value) }
        let keys = fields.keys.sorted { a, b in
            (order.firstIndex(of: a) ?? order.count, a) < (order.firstIndex(of: b) ?? order.count, b)
        }
        let labels = keys.map { Terms.label($0, language) }
        let width = min(28, labels.map { DisplayWidth.of($0) }.max() ?? 0)
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        for (key, label) in zip(keys, labels) {
            let head = margin + DisplayWidth.padded(label, to: width) + "  "
            switch fields[key] ?? .null {
            case .object(let inner) where card(.object(inner)) == nil:
                lines.append(margin + label)
                lines += Self.lines(.object(inner), language, indent: indent + 2)
            case .array(let items) where items.contains(where: { !$0.object.isEmpty }):
                lines.append(margin + label)
                for item in items {
                    lines.append(margin + "  - " + inline(item, language))
                }
            case .array(let items):
                lines.append(head + items.map { scalar($0, language) }.joined(separator: ", "))
            case let other: lines.append(head + block(scalar(other, language), indent: indent + width + 2))
            }
        }
        return lines
    }

    private static func isEmpty(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let fields): fields.isEmpty
        default: false
        }
    }

    /// `state declined, site H2, reason …` on one line.
    private static func inline(_ value: Value, _ language: Language) -> String {
        guard case .object(let fields) = value else { return scalar(value, language) }
        return fields.filter { !isEmpty($0.value) }
            .sorted { a, b in
                (order.firstIndex(of: a.key) ?? order.count, a.key) < (
                    order.firstIndex(of: b.key) ?? order.count, b.key
                )
            }
            .map { field in
                let nested = !field.value.object.isEmpty && card(field.value) == nil
                let text = nested ? "(\(inline(field.value, language)))" : scalar(field.value, language)
                return "\(Terms.label(field.key, language)) \(text)"
            }
            .joined(separator: language == .zh ? "，" : ", ")
    }

    private static func scalar(_ value: Value, _ language: Language) -> String {
        switch value {
        case .string(let text): Terms.text(time(text), language)
        case .bool(let flag): language == .zh ? (flag ? "是" : "否") : (flag ? "yes" : "no")
        case .array(let items): items.map { scalar($0, language) }.joined(separator: ", ")
        default: card(value) ?? value.text
        }
    }

    /// A site as the hub cards it, `{code, name}`: its name and code.
    private static func card(_ value: Value) -> String? {
        guard value.object.count == 2, let code = value["code"].string, let name = value["name"].string else {
            return nil
        }
        return name.isEmpty ? code : "\(DisplayWidth.harmless(name)) (\(code))"
    }

    /// A time as this machine's, anything else without what could steer a terminal.
    private static func time(_ text: String) -> String {
        let isTime = text.utf8.count >= 17 && text.utf8.count <= 35 && text.contains("T")
        return isTime ? LocalTime.text(text) : DisplayWidth.harmless(text, keepingLines: true)
    }

    private static func block(_ text: String, indent: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\n" + String(repeating: " ", count: indent))
    }

    /// The elements of an application or a report, under the names that its form gives them.
    static func elements(_ value: Value, kind: FormKind, _ language: Language) -> String {
        var lines: [String] = []
        var known: Set<String> = []
        for field in kind.fields {
            known.insert(field.name)
            guard let text = value[field.name].string, !text.isEmpty else { continue }
            let code = field.choices?.first { $0.code == text }
            let department = field.name == Element.wantedDepartment.rawValue ? DepartmentCode(text)?.name : nil
            let meaning = (code?.meaning[language] ?? department).map { " \($0)" } ?? ""
            lines += element(field.label[language], text + meaning)
        }
        for (name, other) in value.object.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
            if !other.text.isEmpty { lines += element(name, time(other.text)) }
        }
        return lines.joined(separator: "\n")
    }

    private static func element(_ label: String, _ text: String) -> [String] {
        let clean = DisplayWidth.harmless(text, keepingLines: true)
        // A long label's explanation belongs to the form; its first words are name enough.
        let short = label.split(whereSeparator: { ",;；，（".contains($0) }).first.map(String.init) ?? label
        if clean.contains("\n") || DisplayWidth.of(clean) > 60 {
            return ["  \(short):"] + clean.split(separator: "\n").map { "      " + $0 }
        }
        return ["  \(DisplayWidth.padded(short, to: 24)) \(clean)"]
    }

    /// A whole record as `show` prints it.
    static func record(_ id: String, _ value: Value, _ language: Language) -> String {
        let isChinese = language == .zh
        var parts = ["\(isChinese ? "会诊" : "Case") \(id)", fields(value["facts"], language, indent: 2)]
        func add(_ en: String, _ zh: String, _ text: String) {
            if !text.isEmpty { parts += ["", isChinese ? zh : en, text] }
        }
        add("Offers", "邀请", list(value["offers"], language))
        let application = value["application"]
        if application.isNull {
            parts += ["", isChinese ? "申请内容未向本机构披露。" : "The application is not disclosed to you."]
        } else {
            add("Application", "申请内容", elements(application, kind: .application, language))
        }
        add("Report", "会诊意见", elements(value["report"], kind: .report, language))
        add("Documents", "文件", list(value["documents"], language))
        add("Notes", "留言", list(value["notes"], language))
        add("Events", "经过", events(value["events"], language))
        return parts.joined(separator: "\n")
    }

    private static func list(_ value: Value, _ language: Language) -> String {
        value.array.map { "  - " + inline($0, language) }.joined(separator: "\n")
    }

    private static func events(_ value: Value, _ language: Language) -> String {
        guard !value.array.isEmpty else { return "" }
        let table = Table(
            [
                .init("sequence", Phrase("NO", "序号")),
                .time("time", Phrase("TIME", "时间")),
                .init("type", Phrase("EVENT", "事件")) { Terms.text($0["type"].text, $1) },
                .init("site", Phrase("SITE", "机构")), .init("actor", Phrase("BY", "操作人")),
            ],
            rows: value.array
        )
        return table.aligned(language).split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    }
}
