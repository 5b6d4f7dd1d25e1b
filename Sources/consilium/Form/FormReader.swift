import ConsiliumCore
import Foundation
import Yams

/// A form that a person filled in: values by element name, each with the line on which it stands.
struct FilledForm: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var value: String
        /// From 1.
        var line: Int
    }

    /// A file that the form names.
    struct File: Equatable, Sendable {
        /// As written.
        var path: String
        /// From 1.
        var line: Int

        /// Where a form that is called `form` names it.
        func place(in form: String) -> String { "\(form):\(line) attachments" }
    }

    var entries: [String: Entry] = [:]
    var files: [File] = []
    /// Paths of files, as written.
    var attachments: [String] { files.map(\.path) }

    subscript(name: String) -> String? { entries[name]?.value }
}

/// Reads a YAML form and says everything that is wrong with it at once.
enum FormReader {
    /// What is wrong with a form, and where.
    struct Problem: Equatable, Sendable {
        enum Code: String, Sendable {
            case unreadable = "form-unreadable"
            case unknownField = "unknown-field"
            case unknownCode = "unknown-code"
            case invalidValue = "invalid-value"
            case duplicate = "duplicate-key"
            case missingIdentity = "missing-identity"
            case missing
        }

        var code: Code
        /// Line in the file, from 1; 0 when the whole form is meant.
        var line: Int
        var field: String
        var sentence: Phrase
        /// What the person can do about it.
        var next: Phrase?
    }

    /// What a value is held against.
    struct Context: Sendable {
        /// The sites of the network; where it is empty, organisation codes are not looked up.
        var directory = Directory(sites: [])
        /// `YYYY-MM-DD`.
        var today = CivilTimeText.day(LocalTime.now)
    }

    /// Reads `text` as a form of `kind`.
    static func read(
        _ text: String,
        as kind: FormKind,
        in context: Context = Context()
    ) -> (form: FilledForm, problems: [Problem]) {
        var form = FilledForm()
        var problems: [Problem] = []
        let root: Node?
        do {
            root = try Yams.compose(yaml: FormText.forgiving(text, kind))
        } catch {
            return (form, [unreadable(error)])
        }
        guard let mapping = root?.mapping else {
            let sentence = Phrase("this is no form", "这不是申请单")
            return (form, [Problem(code: .unreadable, line: 1, field: "", sentence: sentence)])
        }
        for (key, node) in mapping {
            let section = key.string ?? ""
            let line = key.mark?.line ?? 0
            if section == "attachments" {
                form.files = files(node)
            } else if kind.sections.contains(where: { $0.name == section }) {
                read(node, section: section, kind: kind, in: context, into: &form, &problems)
            } else {
                problems.append(unknown(section, line: line))
            }
        }
        problems += gaps(form, kind)
        return (form, problems.sorted { ($0.line, $0.field) < ($1.line, $1.field) })
    }

    private static func read(
        _ node: Node,
        section: String,
        kind: FormKind,
        in context: Context,
        into form: inout FilledForm,
        _ problems: inout [Problem]
    ) {
        guard let mapping = node.mapping else { return }
        for (key, value) in mapping {
            let name = "\(section).\(key.string ?? "")"
            let line = key.mark?.line ?? 0
            guard let field = kind.field(name) else {
                problems.append(unknown(name, line: line))
                continue
            }
            guard let scalar = value.scalar else {
                problems.append(
                    Problem(
                        code: .invalidValue,
                        line: line,
                        field: name,
                        sentence: Phrase("a single text belongs here", "此处应为一段文字")
                    )
                )
                continue
            }
            let text = scalar.string.trimmingBlanks()
            if text.isEmpty || (scalar.style == .plain && (text == "~" || text == "null")) { continue }
            switch normalised(text, field, in: context) {
            case .success(let value): form.entries[name] = FilledForm.Entry(value: value, line: line)
            case .failure(let wrong):
                problems.append(
                    Problem(code: wrong.code, line: line, field: name, sentence: wrong.why, next: wrong.next)
                )
            }
        }
    }

    private struct Wrong: Error {
        var code: Problem.Code
        var why: Phrase
        var next: Phrase?
    }

    /// The value as the network wants it: a code for its synonym, digits for a department.
    private static func normalised(_ text: String, _ field: FormField, in context: Context) -> Result<String, Wrong> {
        switch field.kind {
        case .line, .text: return .success(text)
        case .number:
            guard let number = Int(text), (0...130).contains(number) else {
                return .failure(
                    Wrong(code: .invalidValue, why: Phrase("not a number of years: \(text)", "不是年龄：\(text)"))
                )
            }
            return .success(String(number))
        case .citizenID:
            if let number = CitizenID.normalised(text) { return .success(number) }
            let why = Phrase(
                "not a citizen identity number of 18 characters with its check digit: \(text)",
                "不是 18 位且校验码正确的身份证号：\(text)"
            )
            let next = Phrase(
                "compare it with the card; without one leave it empty and fill in another identifier",
                "请与证件核对；没有身份证号时留空，填写其他标识"
            )
            return .failure(Wrong(code: .invalidValue, why: why, next: next))
        case .date, .pastDate:
            guard ApplicationFacts.isDate(text) else {
                let why = Phrase("not a day such as 2026-03-01: \(text)", "不是日期（例 2026-03-01）：\(text)")
                return .failure(Wrong(code: .invalidValue, why: why))
            }
            // A shorter prefix, a month or a year, is not after today when today's own prefix is not before it.
            if case .pastDate = field.kind, text > context.today.prefix(text.count) {
                return .failure(
                    Wrong(
                        code: .invalidValue,
                        why: Phrase("\(text) is after today, \(context.today)", "\(text) 晚于今天（\(context.today)）"),
                        next: Phrase("write the day on which it was given", "请填写实际取得同意的日期")
                    )
                )
            }
            return .success(text)
        case .time:
            guard let time = time(text) else {
                let why = Phrase("not a time such as 2026-03-01 14:30: \(text)", "不是时间（例 2026-03-01 14:30）：\(text)")
                return .failure(Wrong(code: .invalidValue, why: why))
            }
            return .success(time)
        case .code(let choices):
            let plain = text.lowercased()
            let match = choices.first { choice in
                choice.code.lowercased() == plain || choice.synonyms.contains { $0.lowercased() == plain }
            }
            if let match { return .success(match.code) }
            let list = choices.map(\.code).joined(separator: ", ")
            let why = Phrase("\(text) is not one of \(list)", "\(text) 不在可选值之内：\(list)")
            return .failure(Wrong(code: .unknownCode, why: why))
        case .department:
            return department(text)
        case .site:
            if SiteID(text) != nil { return known([text], in: context).map { text } }
            return .failure(
                Wrong(code: .invalidValue, why: Phrase("not an organisation code: \(text)", "不是机构代码：\(text)"))
            )
        case .sites:
            let parts = text.split(whereSeparator: { ",，、 ".contains($0) })
            if text == "any" { return .success(text) }
            if parts.allSatisfy({ SiteID($0) != nil }) {
                return known(parts.map(String.init), in: context).map { parts.joined(separator: ",") }
            }
            let why = Phrase("neither `any` nor organisation codes: \(text)", "既不是 any 也不是机构代码：\(text)")
            return .failure(Wrong(code: .invalidValue, why: why))
        }
    }

    /// Whether the network has each of these organisations, as far as its directory is at hand.
    private static func known(_ sites: [String], in context: Context) -> Result<Void, Wrong> {
        guard !context.directory.isEmpty else { return .success(()) }
        let strange = sites.filter { text in SiteID(text).map { context.directory.network.sites[$0] == nil } ?? true }
        guard !strange.isEmpty else { return .success(()) }
        let list = strange.joined(separator: ", ")
        let why = Phrase("the network has no such organisation: \(list)", "协作网中没有该机构：\(list)")
        let next = Phrase(
            "write a code of `consilium sites list`, which also fetches the newest list",
            "请填写 consilium sites list 列出的代码；该命令同时更新本机名录"
        )
        return .failure(Wrong(code: .unknownCode, why: why, next: next))
    }

    /// The digits of a department that is written as its code (`0304`, `03.04`, `A03.04`), as its name, or as the code
    /// with its own name. Anything else is an error: what follows a code is never dropped, for it may be what was meant.
    private static func department(_ text: String) -> Result<String, Wrong> {
        let written = text.prefix { $0.isASCII && !$0.isWhitespace }
        let name = String(text.dropFirst(written.count)).trimmingBlanks()
        let code = departmentDigits(written)
        if let code, name.isEmpty || DepartmentTable.names[code] == name { return .success(code) }
        let named = DepartmentTable.names.filter { $0.value == text }.map(\.key).sorted()
        if named.count == 1 { return .success(named[0]) }
        let why: Phrase
        if named.count > 1 {
            let list = named.joined(separator: ", ")
            why = Phrase("several departments are called \(text): \(list)", "有多个科室名为 \(text)：\(list)")
        } else if let code, let own = DepartmentTable.names[code] {
            why = Phrase("\(code) is \(own), not \(name)", "\(code) 是\(own)，不是\(name)")
        } else {
            why = Phrase("no such department: \(text)", "没有该科室：\(text)")
        }
        let next = Phrase("write a code of `consilium departments`", "请填写 consilium departments 列出的代码")
        return .failure(Wrong(code: .unknownCode, why: why, next: next))
    }

    /// `0304` for `0304`, `03.04` and `A03.04`; nil for what the table does not have and for any other spelling.
    private static func departmentDigits(_ written: Substring) -> String? {
        guard let code = DepartmentCode(written)?.description else { return nil }
        var dotted = ""
        for (index, digit) in code.enumerated() { dotted += index > 0 && index % 2 == 0 ? ".\(digit)" : "\(digit)" }
        return [code, dotted, "A" + dotted].contains(String(written)) ? code : nil
    }

    /// A day as it is; day and time as RFC 3339, at this machine's offset from UTC when none is written.
    private static func time(_ text: String) -> String? {
        if ApplicationFacts.isDate(text) { return text }
        let joined = text.replacing(" ", with: "T")
        if Instant(iso8601: joined) != nil { return joined }
        guard let utc = Instant(iso8601: joined + "Z") else { return nil }
        let date = Date(timeIntervalSince1970: Double(utc.milliseconds) / 1_000)
        let offset = TimeZone.current.secondsFromGMT(for: date) / 60
        let zone = "\(offset < 0 ? "-" : "+")\(padded(abs(offset) / 60, 2)):\(padded(abs(offset) % 60, 2))"
        return joined + (joined.utf8.count == 16 ? ":00" : "") + zone
    }

    /// What the network would refuse for being absent.
    private static func gaps(_ form: FilledForm, _ kind: FormKind) -> [Problem] {
        var problems = kind.fields.filter { $0.need == .mandatory && form[$0.name] == nil }
            .map { field in
                Problem(
                    code: .missing,
                    line: 0,
                    field: field.name,
                    sentence: Phrase("fill in: \(field.label.en)", "请填写：\(field.label.zh)")
                )
            }
        let group = kind.fields.filter { $0.need == .oneOf }
        if !group.isEmpty, group.allSatisfy({ form[$0.name] == nil }) {
            let refusal = Refusal(.missingIdentity)
            problems.append(
                Problem(
                    code: .missingIdentity,
                    line: 0,
                    field: group[0].name,
                    sentence: Phrase(refusal.sentence(.en), refusal.sentence(.zh))
                )
            )
        }
        return problems
    }

    /// Fields that ought to be filled and are not.
    static func expected(_ form: FilledForm, _ kind: FormKind) -> [FormField] {
        kind.fields.filter { field in
            guard field.need == .expected, form[field.name] == nil else { return false }
            // A birth date is not missed where the age is known.
            return !(field.name == Element.patientBirthDate.rawValue && form[Element.patientAge.rawValue] != nil)
        }
    }

    private static func files(_ node: Node) -> [FilledForm.File] {
        (node.sequence.map(Array.init) ?? [node])
            .compactMap { node in
                guard let text = node.scalar?.string.trimmingBlanks(), !text.isEmpty else { return nil }
                return FilledForm.File(path: text, line: node.mark?.line ?? 0)
            }
            .filter { node.sequence != nil || !["null", "~"].contains($0.path) }
    }

    private static func unknown(_ name: String, line: Int) -> Problem {
        Problem(
            code: .unknownField,
            line: line,
            field: name,
            sentence: Phrase("this form has no such field", "申请单没有这一项")
        )
    }

    private static func unreadable(_ error: any Error) -> Problem {
        var line = 1
        var what = "\(error)"
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            line = mark.line
            what = problem
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "\($0)" }.joined(separator: ", ")
            return Problem(
                code: .duplicate,
                line: context.mark.line,
                field: keys,
                sentence: Phrase("the field stands here twice", "该项出现了两次")
            )
        default: break
        }
        return Problem(
            code: .unreadable,
            line: line,
            field: "",
            sentence: Phrase("cannot be read as YAML: \(what)", "不能按 YAML 读取：\(what)")
        )
    }
}

extension String {
    /// Without blanks and line breaks at both ends, and with line feeds only.
    func trimmingBlanks() -> String {
        let lines = replacing("\r\n", with: "\n")
        guard let first = lines.firstIndex(where: { !$0.isWhitespace }),
            let last = lines.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(lines[first...last])
    }
}

extension FormReader.Problem {
    /// The problem as a refusal of the file `path`.
    func item(in path: String, language: Language) -> Failure.Item {
        let place = [path, line > 0 ? "\(line)" : nil].compactMap { $0 }.joined(separator: ":")
        return Failure.Item(
            code: code.rawValue,
            place: field.isEmpty ? place : "\(place) \(field)",
            sentence: sentence[language],
            next: next?[language]
        )
    }
}
