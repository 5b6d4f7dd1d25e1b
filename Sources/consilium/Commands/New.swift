import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Foundation

/// Writes empty forms.
struct New: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a form to fill in.",
        subcommands: [NewConsultation.self, NewReport.self]
    )
}

/// The form of a consultation application.
struct NewConsultation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consultation",
        abstract: "Write an application form: YAML with a comment above each field."
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to this file (default: the standard output).", valueName: "file")
    )
    var output: String?

    @OptionGroup var identity: IdentityOptions

    func run() throws {
        let folder = try identity.folder()
        var values = [Element.requestNumber.rawValue: Self.number(at: LocalTime.now)]
        if folder.exists, let site = try Profile.load(folder, language: identity.language).site {
            let name = Directory.stored(in: folder).network.sites[site]?.name ?? site.description
            values[Element.requesterInstitution.rawValue] = name
        }
        let text = FormWriter.text(.application, values: values, language: identity.language)
        try FormFile.write(text, to: output, identity.plainPrinter)
    }

    /// A number for those whose own system gives none: the day and five characters by chance.
    static func number(at now: Instant) -> String {
        let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
        let random = (0..<5).map { _ in String(alphabet[Int.random(in: 0..<alphabet.count)]) }.joined()
        return "HZ" + CivilTimeText.day(now).filter { $0 != "-" } + "-" + random
    }
}

/// The form of a report.
struct NewReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a report form for an expert."
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to this file (default: the standard output).", valueName: "file")
    )
    var output: String?

    @OptionGroup var identity: IdentityOptions

    func run() throws {
        let text = try FormFile.emptyReport(in: try identity.folder(), language: identity.language)
        try FormFile.write(text, to: output, identity.plainPrinter)
    }
}

/// Forms as files.
enum FormFile {
    static func emptyReport(in folder: ProfileFolder, language: Language) throws -> String {
        var values: [String: String] = [:]
        if folder.exists, let site = try Profile.load(folder, language: language).site {
            let name = Directory.stored(in: folder).network.sites[site]?.name ?? site.description
            values[ReportElement.institution.rawValue] = name
        }
        return FormWriter.text(.report, values: values, language: language)
    }

    /// Never overwrites: a form may hold an hour's work.
    static func write(_ text: String, to path: String?, _ printer: Printer) throws {
        guard let path else {
            Terminal.output(text)
            return
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Failure(
                .usage,
                "file-exists",
                at: path,
                printer.language == .zh ? "文件已存在" : "the file exists already",
                next: printer.language == .zh ? "请换一个文件名" : "choose another name"
            )
        }
        do {
            try PrivateFile.write(text, to: path)
        } catch {
            throw Failure(.usage, "cannot-write", at: path, "\(error)")
        }
        printer.note(Phrase("written: \(path)", "已写入：\(path)"))
    }

    static func read(_ path: String, language: Language) throws(Failure) -> [UInt8] {
        let data =
            path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        guard let data else {
            throw Failure(
                .usage,
                "cannot-read",
                at: path,
                language == .zh ? "没有该文件，或无权读取" : "no such file, or it may not be read"
            )
        }
        return [UInt8](data)
    }
}

/// Lists the departments of the national catalogue.
struct Departments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the department codes (医疗机构诊疗科目)."
    )

    @Argument(help: ArgumentHelp("Only codes or names that contain this.", valueName: "text"))
    var containing: String?

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run() throws {
        let rows = DepartmentTable.names.sorted { $0.key < $1.key }
            .filter { row in containing.map { row.key.hasPrefix($0) || row.value.contains($0) } ?? true }
            .map { Value.object(["code": .string($0.key), "name": .string($0.value)]) }
        let table = Table([.init("code", Phrase("CODE", "代码")), .init("name", Phrase("NAME", "名称"))], rows: rows)
        Printer(format: form.output, language: identity.language, isQuiet: identity.quiet).show(table)
    }
}
