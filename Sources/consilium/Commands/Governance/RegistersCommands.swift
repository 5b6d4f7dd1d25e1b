import ArgumentParser
import ConsiliumCore
import ConsiliumReports
import ConsiliumTransport
import Foundation

/// What the parties of the network put on record about themselves.
enum RegisterKind: String, CaseIterable, ExpressibleByArgument {
    case partner
    case contract
    case tariff
    case rulePack = "rule-pack"
    case obligation
    case evidence
    case finding
    case incident
    case regions
    case siteReturn = "return"

    /// The verb that the hub knows.
    var verb: String {
        switch self {
        case .finding: "open-finding"
        case .regions: "adopt-regions"
        case .siteReturn: "file-return"
        default: "record-" + rawValue
        }
    }
}

/// The registers.
struct Registers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registers",
        abstract: "Contracts, tariffs, rule packs, obligations, findings, incidents, regions and yearly returns. / 登记册",
        discussion: """
            Each entry is recorded by the party that owns the fact: partners, rule packs and obligations by the network's \
            administrator, contracts by a party, tariffs, evidence, incidents and returns by the site's administrator \
            (a tariff that the network sets for a site by the network's), findings and regions by an auditor.
            """,
        subcommands: [
            RegistersRecord.self, RegistersList.self, RegistersClose.self, RegistersConfirm.self, RegistersReopen.self,
            RegistersResolve.self, RegistersTemplate.self,
        ]
    )
}

/// Records an entry.
struct RegistersRecord: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record an entry from a file: JSON or YAML; regions and returns as CSV. / 登记",
        discussion: "`registers template KIND` prints an example of each."
    )

    @Argument(help: "What it is.") var kind: RegisterKind
    @Argument(help: "The file; `-` is the standard input.") var file: String
    @Option(help: "Of a return or a table of regions: the year.") var year: Int?
    @Option(help: "Of a table of regions: who published it.") var source: String?
    @Option(help: "Of a table of regions that corrects an earlier one of the year: 2, 3 and so on.") var edition = 1
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let fields = try fields(session, printer.language)
        do {
            let done = try await session.govern(kind.verb, fields)
            printer.show(done, text: done["id"].text)
        } catch let failure as Failure {
            throw failure.leadingToTemplate(of: kind, printer.language)
        }
    }

    private func fields(_ session: Session, _ language: Language) throws -> KeyValuePairs<String, Value> {
        switch kind {
        case .regions: return ["entry": try RegionsFile(year, source, edition, language).read(file)]
        case .siteReturn:
            let bytes = try FormFile.read(file, language: language)
            guard let year else {
                throw Failure(Refusal(.invalidValue, at: "--year", "of the return"), language: language)
            }
            return [
                "year": .integer(Int64(year)), "form": .string(Data(bytes).base64EncodedString()),
                "signature": .string(hexadecimal(try session.identity.key.sign(bytes))),
            ]
        default: return ["entry": try SettingsFile.read(Value.self, from: file, language: language)]
        }
    }
}

extension Failure {
    /// Where a value was not taken: which command prints the values that are.
    func leadingToTemplate(of kind: RegisterKind, _ language: Language) -> Failure {
        let template = "`consilium registers template \(kind.rawValue)`"
        return Failure(
            status,
            items: items.map { item in
                guard item.code == Refusal.Code.invalidValue.rawValue else { return item }
                var led = item
                led.next =
                    language == .zh
                    ? "请改正后重新登记；\(template) 列出各项可填的内容"
                    : "correct it and record the file again; \(template) shows what each field takes"
                return led
            }
        )
    }
}

/// Lists a register.
struct RegistersList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a register. / 登记列表")

    @Argument(help: "Which.") var kind: RegisterKind
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let list = try await session.json("GET", "/network/governance/registers/" + kind.rawValue)
        let names = Set(list.array.flatMap { $0.object.keys })
            .sorted { a, b in
                (a == "id" ? 0 : 1, a) < (b == "id" ? 0 : 1, b)
            }
        printer.show(
            Table(
                names.map { name in
                    .init(name, Phrase(name.uppercased(), Terms.label(name, .zh))) { row, language in
                        let cell = row[name]
                        return cell.object.isEmpty && cell.array.isEmpty
                            ? Terms.text(cell.text, language) : cell.json(compact: true)
                    }
                },
                rows: list.array
            )
        )
    }
}

/// Closes a finding.
struct RegistersClose: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close a finding of your site, with the document that shows it. / 关闭审计发现"
    )

    @Argument(help: "The finding.") var finding: String
    @Option(help: ArgumentHelp("SHA-256 of the document.", valueName: "sha256")) var document: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await session.govern("close-finding", ["id": .string(finding), "document": .string(document)])
        printer.note(Phrase("closed", "已关闭"))
    }
}

/// Confirms a closed finding.
struct RegistersConfirm: EntryAct {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Confirm, as an auditor, that a closed finding is mended. / 确认整改"
    )
    static let verb = "confirm-finding"
    static let done = Phrase("confirmed", "已确认")

    @Argument(help: "The finding.") var id: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions
}

/// Reopens a closed finding.
struct RegistersReopen: EntryAct {
    static let configuration = CommandConfiguration(
        commandName: "reopen",
        abstract: "Reopen, as an auditor, a finding that was closed and is not mended. / 重新打开"
    )
    static let verb = "reopen-finding"
    static let done = Phrase("reopened", "已重新打开")

    @Argument(help: "The finding.") var id: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions
}

/// Resolves an incident.
struct RegistersResolve: EntryAct {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say that an incident is over. / 事件已解决"
    )
    static let verb = "resolve-incident"
    static let done = Phrase("resolved", "已解决")

    @Argument(help: "The incident.") var id: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions
}

/// Prints an example.
struct RegistersTemplate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Print an example of an entry, to fill in. / 登记样例"
    )

    @Argument(help: "What it is.") var kind: RegisterKind

    func run() { Terminal.output(RegisterTemplates.text(kind)) }
}

/// Examples of every entry; a field that takes nothing but certain values names them.
enum RegisterTemplates {
    private static func values<Code: CaseIterable & RawRepresentable<String>>(_: Code.Type) -> String {
        Code.allCases.map(\.rawValue).joined(separator: ", ")
    }

    static func text(_ kind: RegisterKind) -> String {
        switch kind {
        case .partner:
            "id: capital-one\nkind: investor   # or operator\ndays: {from: 2026-01-01, through: 2028-12-31}   # YYYY-MM-DD\n"
        case .contract:
            """
            id: HT-2026-001
            shares:            # millionths, 1000000 in all
              - {party: QS-COUNTY, millionths: 700000}
              - {party: capital-one, millionths: 300000}
            days: {from: 2026-01-01, through: 2028-12-31}
            document: 0000000000000000000000000000000000000000000000000000000000000000   # SHA-256 of the signed text

            """
        case .tariff:
            """
            site: QS-COUNTY
            service: consultation   # \(values(ServiceKind.self))
            department: A03.04   # leave out for all departments
            fee: 30000           # fen
            setBy: site          # or admin: set for the site by the network's administrator
            shares:
              - {party: QS-COUNTY, millionths: 1000000}
            from: 2026-01-01

            """
        case .rulePack:
            """
            id: telemedicine-norms
            version: "2018-50"
            source: 国卫医发〔2018〕50号
            article: 远程会诊服务流程
            check: consent-before-disclosure   # \(values(RulePack.Check.self))
            days: {from: 2018-07-17}

            """
        case .obligation:
            """
            id: yearly-protection-check
            source: GB/T 22239-2019
            article: "8"
            owner: QS-COUNTY   # leave out for the network's own
            days: {from: 2026-01-01, through: 2026-12-31}

            """
        case .evidence:
            """
            obligation: yearly-protection-check
            document: 0000000000000000000000000000000000000000000000000000000000000000   # SHA-256 of the document
            days: {from: 2026-03-01, through: 2027-02-28}

            """
        case .finding:
            """
            owner: QS-COUNTY
            severity: major   # \(values(AuditFinding.Severity.self))
            indicator: GR     # \(values(Indicator.self))
            due: 2026-12-31   # YYYY-MM-DD

            """
        case .incident:
            """
            site: QS-COUNTY    # leave out for the network's own
            category: outage   # \(values(Incident.Category.self))
            severity: medium   # \(values(Incident.Severity.self))
            day: 2026-11-01    # YYYY-MM-DD

            """
        case .regions:
            "code,population,incomeRank,remote,listed,assisted\n360101,412000,2,no,no,9000\n360102,180000,1,yes,yes,21000\n"
        case .siteReturn:
            CSV.line(SiteReturn.header(.en))
                + "rule-proposal,R-2026-01,site,2026-01-10,adopted,2026-02-09,,\n"
                + "investment,I-2026-01,,,,2026-05-06,site,1200000\n"
        }
    }
}

/// A table of regions as CSV.
struct RegionsFile {
    let year: Int?
    let source: String?
    let edition: Int
    let language: Language

    init(_ year: Int?, _ source: String?, _ edition: Int, _ language: Language) {
        self.year = year
        self.source = source
        self.edition = edition
        self.language = language
    }

    /// Every wrong row is named; nothing is taken from a table with one.
    func read(_ path: String) throws -> Value {
        guard let year else {
            throw Failure(Refusal(.invalidValue, at: "--year", "of the table"), language: language)
        }
        guard let source else {
            throw Failure(Refusal(.invalidValue, at: "--source", "who published the table"), language: language)
        }
        let text = try OutgoingReader.text(try FormFile.read(path, language: language), label: path, language: language)
        let records = CSV.records(text)
        let columns = ["code", "population", "incomeRank", "remote", "listed"]
        let heading = records.first?.fields.map { $0.trimmingBlanks() } ?? []
        var problems: [Failure.Item] = columns.filter { !heading.contains($0) }
            .map { item("\(path):1 \($0)", "missing", language == .zh ? "缺少该列" : "this column is missing") }
        var regions: [RegionTable.Region] = []
        for record in problems.isEmpty ? Array(records.dropFirst()) : [] {
            func cell(_ name: String) -> String {
                heading.firstIndex(of: name).flatMap { $0 < record.fields.count ? record.fields[$0] : nil }?
                    .trimmingBlanks() ?? ""
            }
            func flag(_ name: String) -> Bool? {
                switch cell(name).lowercased() {
                case "yes", "true", "1", "是": true
                case "no", "false", "0", "否", "": false
                default: nil
                }
            }
            var wrong: [(column: String, expected: Phrase)] = []
            for name in ["population", "incomeRank"] where Int(cell(name)) == nil { wrong.append((name, Self.number)) }
            for name in ["remote", "listed"] where flag(name) == nil { wrong.append((name, Self.choice)) }
            if !cell("assisted").isEmpty, Int(cell("assisted")) == nil { wrong.append(("assisted", Self.numberOrNone)) }
            problems += wrong.map { column, expected in
                item("\(path):\(record.line) \(column)", "invalid-value", expected[language])
            }
            regions.append(
                RegionTable.Region(
                    code: cell("code"),
                    population: Int(cell("population")) ?? 0,
                    incomeRank: Int(cell("incomeRank")) ?? 0,
                    isRemote: flag("remote") ?? false,
                    isListed: flag("listed") ?? false,
                    assisted: Int(cell("assisted"))
                )
            )
        }
        guard problems.isEmpty else { throw Failure(.refused, items: problems) }
        return try Value(
            encoding: RegionTable(year: year, version: "\(year)-\(edition)", source: source, regions: regions)
        )
    }

    private static let number = Phrase("a whole number is expected", "应为整数")
    private static let numberOrNone = Phrase("a whole number or nothing is expected", "应为整数或留空")
    private static let choice = Phrase("yes or no is expected", "应为“是”或“否”")

    private func item(_ place: String, _ code: String, _ sentence: String) -> Failure.Item {
        Failure.Item(
            code: code,
            place: place,
            sentence: sentence,
            next: language == .zh
                ? "请对照 `consilium registers template regions` 改正后重新登记整份表格"
                : "compare with `consilium registers template regions` and record the whole table again"
        )
    }
}
