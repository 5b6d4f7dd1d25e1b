import ArgumentParser
import ConsiliumAdapters
import ConsiliumCore
import ConsiliumReports
import Foundation

/// The register of one's doctors: whose signature counts, and from when to when.
struct Doctors: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The register of your site's doctors.",
        subcommands: [DoctorsList.self, DoctorsImport.self]
    )
}

/// Lists the register.
struct DoctorsList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the register.")

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let list = try await session.json("GET", "/network/doctors")
        printer.show(
            Table(
                [
                    .init("name", Phrase("NAME", "姓名")), .init("licence", Phrase("LICENCE", "执业证书编号")),
                    .init("department", Phrase("DEPARTMENT", "科室")), .init("validFrom", Phrase("FROM", "有效期起")),
                    .init("validTo", Phrase("TO", "有效期止")),
                ],
                rows: list.array
            )
        )
    }
}

/// Brings the register up to date.
struct DoctorsImport: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Bring the register up to date from a file: CSV (name, licence, department, validFrom, validTo), JSON or YAML.",
        discussion: "A CSV file may have Chinese headings (姓名, 执业证书编号, 科室, 有效期起, 有效期止) and be UTF-8 or GB18030."
    )

    @Argument(help: "The file; `-` is the standard input.") var file: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let language = printer.language
        let doctors: [Network.Doctor]
        if file.lowercased().hasSuffix(".csv") || file == "-" {
            let bytes = try FormFile.read(file, language: language)
            let text = try OutgoingReader.text(bytes, label: file, language: language)
            doctors = try DoctorsFile.read(text, label: file, language: language)
        } else {
            doctors = try SettingsFile.read([Network.Doctor].self, from: file, language: language)
        }
        try await session.json("PUT", "/network/doctors", try Value(encoding: doctors))
        printer.note(Phrase("\(doctors.count) doctors imported", "已导入 \(doctors.count) 名医师"))
    }
}

/// The register as CSV.
enum DoctorsFile {
    private static let headings: [String: [String]] = [
        "name": ["name", "姓名"], "licence": ["licence", "license", "执业证书编号", "执业证书号"],
        "department": ["department", "科室"],
        "validFrom": ["validfrom", "valid from", "有效期起", "生效日期"], "validTo": ["validto", "valid to", "有效期止", "失效日期"],
    ]

    /// Reads `text`; every wrong row is named.
    static func read(_ text: String, label: String, language: Language) throws(Failure) -> [Network.Doctor] {
        let records = CSV.records(text)
        var columns: [String: Int] = [:]
        for (index, heading) in (records.first?.fields ?? []).enumerated() {
            let plain = heading.trimmingBlanks().lowercased()
            for (name, spellings) in headings where spellings.contains(plain) { columns[name] = index }
        }
        var problems: [Failure.Item] = []
        for name in ["name", "licence", "validFrom", "validTo"] where columns[name] == nil {
            problems.append(
                Failure.Item(
                    code: "missing",
                    place: "\(label):1 \(name)",
                    sentence: language == .zh ? "缺少该列" : "this column is missing"
                )
            )
        }
        guard problems.isEmpty else { throw Failure(.refused, items: problems) }
        var doctors: [Network.Doctor] = []
        for record in records.dropFirst() {
            func cell(_ name: String) -> String {
                guard let index = columns[name], index < record.fields.count else { return "" }
                return record.fields[index].trimmingBlanks()
            }
            let doctor = Network.Doctor(
                name: cell("name"),
                licence: cell("licence"),
                department: cell("department"),
                validFrom: day(cell("validFrom")),
                validTo: day(cell("validTo"))
            )
            var wrong: [String] = []
            if doctor.name.isEmpty { wrong.append("name") }
            if doctor.licence.isEmpty { wrong.append("licence") }
            if !ApplicationFacts.isDate(doctor.validFrom) { wrong.append("validFrom") }
            if !ApplicationFacts.isDate(doctor.validTo) || doctor.validTo < doctor.validFrom { wrong.append("validTo") }
            problems += wrong.map {
                Failure.Item(
                    code: "invalid-value",
                    place: "\(label):\(record.line) \($0)",
                    sentence: language == .zh ? "取值不可接受" : "the value is not acceptable"
                )
            }
            doctors.append(doctor)
        }
        guard problems.isEmpty else { throw Failure(.refused, items: problems) }
        return doctors
    }

    /// `2026/3/1` and `20260301`, as spreadsheets write days, become `2026-03-01`.
    static func day(_ text: String) -> String {
        let parts = text.split(whereSeparator: { "/-.".contains($0) })
        if parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]), parts[0].count == 4 {
            return "\(parts[0])-\(padded(month, 2))-\(padded(day, 2))"
        }
        if text.count == 8, Int(text) != nil {
            return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
        }
        return text
    }
}
