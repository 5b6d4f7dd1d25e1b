import ConsiliumCore
import ConsiliumReports

/// Writes an empty form: YAML with a comment above each field that says what belongs there.
enum FormWriter {
    /// `values` are filled in already, by element name.
    static func text(_ kind: FormKind, values: [String: String] = [:], language: Language) -> String {
        var lines = ["# " + kind.heading[language], "#"]
        lines +=
            language == .zh
            ? [
                "# ＊＊ 必填，缺少时会被拒绝；＊ 应填，缺少时申请会等待补充或计为不完整；",
                "# （＊）姓名或任一标识至少填一项。不需要的项目留空即可。",
                "# 多行文字：写在竖线 | 的下一行，并比项目名多缩进两格。",
            ]
            : [
                "# ** mandatory: refused without it;  * expected: without it the request waits or counts as incomplete;",
                "# (*) at least one of these. Leave empty what you do not need.",
                "# Longer texts go below the bar |, indented by two more blanks.",
            ]
        for section in kind.sections {
            lines += ["", "# ── \(section.title[language]) ──", "\(section.name):"]
            for field in kind.fields where field.section == section.name {
                lines += comment(field, language).map { "  # " + $0 }
                lines += entry(field, values[field.name])
            }
        }
        lines += [
            "",
            language == .zh
                ? "# 附件：文件路径，每行一个，例如  - 心电图.pdf" : "# Attachments: paths of files, one a line, such as  - ecg.pdf",
            "attachments: []",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func comment(_ field: FormField, _ language: Language) -> [String] {
        let isChinese = language == .zh
        let mark =
            switch field.need {
            case .mandatory: isChinese ? "＊＊ " : "** "
            case .expected: isChinese ? "＊ " : "* "
            case .oneOf: isChinese ? "（＊）" : "(*) "
            case .optional: ""
            }
        var lines = [mark + field.label[language]]
        switch field.kind {
        case .code(let choices):
            let list = choices.map { choice in
                let meaning = choice.meaning[language]
                return meaning == choice.code ? choice.code : "\(choice.code) \(meaning)"
            }
            if list.joined(separator: "; ").count <= 90 {
                lines[0] += (isChinese ? "：" : ": ") + list.joined(separator: isChinese ? "；" : "; ")
            } else {
                lines += list.map { "    " + $0 }
            }
        case .date, .pastDate: lines[0] += isChinese ? "（例 2026-03-01）" : " (like 2026-03-01)"
        case .time: lines[0] += isChinese ? "（例 2026-03-01 14:30）" : " (like 2026-03-01 14:30)"
        case .department: lines += departments(isChinese: isChinese)
        default: break
        }
        return lines
    }

    /// The departments of the first level and the commonest of the second; all others by the command that lists them.
    private static func departments(isChinese: Bool) -> [String] {
        let common = [
            "0301", "0302", "0303", "0304", "0306", "0307", "0401", "0402", "0403", "05", "07", "0701", "10", "11",
            "13",
            "15", "16", "19", "20", "28", "31", "32", "50",
        ]
        var lines: [String] = []
        var line = "   "
        for code in common {
            let item = " \(code) \(DepartmentTable.names[code] ?? "")"
            if DisplayWidth.of(line) + DisplayWidth.of(item) > 100 {
                lines.append(line)
                line = "   "
            }
            line += item
        }
        lines.append(line)
        lines.append(isChinese ? "    全部科室：consilium departments" : "    all of them: consilium departments")
        return lines
    }

    private static func entry(_ field: FormField, _ value: String?) -> [String] {
        guard let value, !value.isEmpty else {
            if case .text = field.kind { return ["  \(field.key): |", ""] }
            return ["  \(field.key):"]
        }
        if value.contains(where: \.isNewline) {
            return ["  \(field.key): |"]
                + value.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
        }
        return ["  \(field.key): \(quoted(value))"]
    }

    /// A double-quoted scalar (YAML 1.2, 7.3.1) that stands for exactly `text`.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
