import ArgumentParser
import ConsiliumCore
import ConsiliumReports
import Foundation

extension Tier: ExpressibleByArgument {}
extension Priority: ExpressibleByArgument {}

/// From a measure to its cases, and from a case's reference to its events.
struct GovernanceDrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "The cases behind a measure, by references that name nobody, or the events of one. / 下钻",
        discussion: """
            `drill AC1 --period 2026-Q3 --tier county` lists cases; `drill AC1 --period 2026-Q3 --case REFERENCE` lists \
            the events of one: types, sites, codes and minutes since submission, with each record's hash. A measure that \
            rests on registers or on the network's events, such as GR2 or OF1, lists those (OF1 in slot-minutes). L, S, D \
            and U are the parts of the triangle index.
            """
    )

    @Argument(help: ArgumentHelp("The measure, such as AC1.", valueName: "measure")) var measure: String
    @Option(help: "A month, quarter or year: 2026-09, 2026-Q3 or 2026.") var period: String
    @Option(name: .customLong("case"), help: ArgumentHelp("The events of this case.", valueName: "reference"))
    var reference: String?
    @Option(help: "Only of this site.") var site: String?
    @Option(help: "Only of this tier.") var tier: Tier?
    @Option(help: ArgumentHelp("Only of this region: leading digits of its code.", valueName: "digits"))
    var region: String?
    @Option(help: "Only of this department and those below it.") var department: String?
    @Option(help: "Only of this priority.") var priority: Priority?
    @Option(help: "How many cases to leave out before the first.") var skip = 0
    @Option(help: "How many to list, at most 1000.") var limit = 100
    @Option(help: ArgumentHelp("From the copy of a ledger in this folder, without a hub.", valueName: "dir"))
    var ledger: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run() async throws {
        let language = identity.language
        guard let span = GovernancePeriod(period) else {
            throw Failure(Refusal(.invalidValue, at: "--period", "2026-09, 2026-Q3 or 2026"), language: language)
        }
        guard (1...1_000).contains(limit) else {
            throw Failure(Refusal(.invalidValue, at: "--limit", "1 to 1000"), language: language)
        }
        guard skip >= 0 else { throw Failure(Refusal(.invalidValue, at: "--skip", "0 or more"), language: language) }
        let printer = Printer(format: form.output, language: language, isQuiet: identity.quiet)
        if let reference {
            try printer.show(try await events(of: reference, span), language)
        } else {
            try printer.show(try await cases(span), language)
        }
    }

    private var name: String { MeasureName.read(measure) }

    private func selection() throws -> StratumSelection {
        var selection = StratumSelection(tier: tier, region: region, priority: priority)
        if let site {
            guard let id = SiteID(site) else {
                throw Failure(Refusal(.siteUnknown, at: "--site"), language: identity.language)
            }
            selection.site = id
        }
        if let department {
            guard let code = DepartmentCode(department) else {
                throw Failure(Refusal(.unknownCode, at: "--department", department), language: identity.language)
            }
            selection.department = code
        }
        return selection
    }

    private func cases(_ span: GovernancePeriod) async throws -> GovernanceDrill {
        if let ledger {
            return try LedgerCopy(ledger, language: identity.language)
                .drill(name, period: span, stratum: selection(), skip: skip, limit: limit)
        }
        _ = try selection()
        var query = "?measure=\(Session.escaped(name))&period=\(Session.escaped(period))&skip=\(skip)&limit=\(limit)"
        let parts = [
            ("site", site), ("tier", tier?.rawValue), ("region", region), ("department", department),
            ("priority", priority?.rawValue),
        ]
        for case (let name, let value?) in parts { query += "&\(name)=\(Session.escaped(value))" }
        return try await GovernanceSource.fetch("/network/governance/drill" + query, identity)
    }

    private func events(of text: String, _ span: GovernancePeriod) async throws -> GovernanceDrill.History {
        let advice = DrillAdvice(measure: name, period: span, ledger: ledger, language: identity.language)
        guard let reference = AuditReference(text) else { throw advice.malformed(text) }
        do {
            return try await history(of: reference, span)
        } catch let failure as Failure {
            throw advice.answered(failure, to: reference)
        }
    }

    private func history(
        of reference: AuditReference,
        _ span: GovernancePeriod
    ) async throws -> GovernanceDrill.History {
        if let ledger {
            return try LedgerCopy(ledger, language: identity.language).history(of: reference, period: span)
        }
        return try await GovernanceSource.fetch(
            "/network/governance/cases/\(reference)?period=\(Session.escaped(period))",
            identity
        )
    }
}

extension Printer {
    fileprivate func show(_ drill: GovernanceDrill, _ language: Language) throws {
        let value = try Value(encoding: drill)
        if !drill.entries.isEmpty {
            show(Self.entries(value["entries"].array), value: value)
            sum(drill, language)
            return
        }
        let table = Table(
            [
                .init("reference", Phrase("CASE", "会诊代号")), .init("month", Phrase("MONTH", "月份")),
                .init("site", Phrase("SITE", "机构")),
                .init("tier", Phrase("TIER", "层级")) { Terms.text($0["tier"].text, $1) },
                .init("region", Phrase("REGION", "地区")), .init("department", Phrase("DEPARTMENT", "科室")),
                .init("priority", Phrase("PRIORITY", "紧急程度")) { Terms.text($0["priority"].text, $1) },
                .init("numerator", Phrase("COUNTS", "计入")), .init("denominator", Phrase("OF", "总数")),
            ],
            rows: value["cases"].array
        )
        show(table, value: value)
        sum(drill, language)
    }

    /// Register events behind a figure.
    private static func entries(_ rows: [Value]) -> Table {
        Table(
            [
                .init("reference", Phrase("RECORD", "记录")),
                .init("type", Phrase("EVENT", "事件")) { Terms.text($0["type"].text, $1) },
                .init("month", Phrase("MONTH", "月份")), .init("site", Phrase("SITE", "机构")),
                .init("codes", Phrase("CODES", "代码")) { row, language in
                    row["codes"].object.sorted { $0.key < $1.key }
                        .map { "\($0.key)=\(Terms.text($0.value.text, language))" }.joined(separator: " ")
                },
                .init("numerator", Phrase("COUNTS", "计入")), .init("denominator", Phrase("OF", "总数")),
                .init("hash", Phrase("HASH", "记录散列")) { row, _ in
                    String(row["hash"].text.prefix(16))
                } csv: {
                    $0["hash"].text
                },
            ],
            rows: rows
        )
    }

    private func sum(_ drill: GovernanceDrill, _ language: Language) {
        let more = drill.next.map { language == .zh ? "；其余请加 --skip \($0)" : "; for the rest add --skip \($0)" } ?? ""
        note(
            Phrase(
                "\(drill.measure) version \(drill.version), \(drill.period): \(drill.numerator) of \(drill.denominator)\(more)",
                "\(drill.measure) 第\(drill.version)版，\(drill.period)：\(drill.denominator) 中 \(drill.numerator)\(more)"
            )
        )
    }

    fileprivate func show(_ history: GovernanceDrill.History, _ language: Language) throws {
        let value = try Value(encoding: history)
        let table = Table(
            [
                .init("sequence", Phrase("NO", "序号")),
                .init("minutes", Phrase("MINUTES", "分钟")),
                .init("type", Phrase("EVENT", "事件")) { Terms.text($0["type"].text, $1) },
                .init("site", Phrase("BY", "机构")),
                .init("codes", Phrase("CODES", "代码")) { row, language in
                    row["codes"].object.sorted { $0.key < $1.key }
                        .map { "\($0.key)=\(Terms.text($0.value.text, language))" }.joined(separator: " ")
                },
                .init("hash", Phrase("RECORD", "记录散列")) { row, _ in
                    String(row["hash"].text.prefix(16))
                } csv: {
                    $0["hash"].text
                },
            ],
            rows: value["steps"].array
        )
        show(table, value: value)
        let cited = history.pseudonym
        note(
            Phrase(
                "\(history.month), age \(history.ageBand), \(history.sex.names.en)"
                    + (cited.map { "; cite as event:\($0)/NO" } ?? ""),
                "\(history.month)，年龄段 \(history.ageBand)，\(history.sex.names.zh)"
                    + (cited.map { "；引用为 event:\($0)/序号" } ?? "")
            )
        )
    }
}

extension Sex {
    /// GB/T 2261.1
    fileprivate var names: (en: String, zh: String) {
        switch self {
        case .unknown: ("sex unknown", "未知的性别")
        case .male: ("male", "男")
        case .female: ("female", "女")
        case .notStated: ("sex not stated", "未说明的性别")
        }
    }
}
