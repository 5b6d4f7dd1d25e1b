import ArgumentParser
import ConsiliumCore
import ConsiliumReports
import ConsiliumTransport
import Foundation

/// Shows one case.
struct Show: HubCommand {
    static let configuration = CommandConfiguration(abstract: "Show a case: facts, content, documents, events.")

    @Argument(help: "The case, or your own request number.")
    var `case`: String

    @Flag(help: "List who has read the case.")
    var access = false

    @Option(help: ArgumentHelp("Write the case's documents into this folder.", valueName: "folder"))
    var save: String?

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let id = try await session.caseID(`case`)
        if access {
            let list = try await session.json("GET", "/network/cases/\(id)/access")
            printer.show(
                Table(
                    [
                        .time("time", Phrase("TIME", "时间")),
                        .init("principal", Phrase("WHO", "何人")), .init("site", Phrase("SITE", "机构")),
                        .init("what", Phrase("WHAT", "内容")), .init("count", Phrase("TIMES", "次数")),
                    ],
                    rows: list.array
                )
            )
            return
        }
        let record = try await session.record(id)
        if let save { try await Documents.save(record, of: id, into: save, session, printer) }
        printer.show(record, text: CaseText.record(id, record, printer.language))
    }
}

/// Documents of a case as files.
enum Documents {
    static func save(_ record: Value, of id: String, into folder: String, _ session: Session, _ printer: Printer)
        async throws
    {
        try ProfileFolder.makePrivate(folder)
        for document in record["documents"].array {
            guard let name = document["id"].string else { continue }
            let response = try await session.send("GET", "/network/cases/\(id)/documents/\(Session.escaped(name))")
            let title = (document["title"].string ?? name).split(separator: "/").last.map(String.init) ?? name
            let path = folder + "/" + DisplayWidth.harmless(name + "-" + title)
            do {
                try Data(response.body).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            } catch {
                throw Failure(.usage, "cannot-write", at: path, error.localizedDescription)
            }
            printer.note(Phrase("written: \(path)", "已写入：\(path)"))
        }
    }
}

/// Shows the queue.
struct Queue: HubCommand {
    static let configuration = CommandConfiguration(
        abstract: "List open cases: your site's, or all of them for the coordination office."
    )

    @Flag(help: "Draw the list again when it changes.")
    var watch = false

    @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds"))
    var every: Int = 3

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        var last: Value?
        while true {
            let queue = try await session.json("GET", "/network/queue")
            let rows = queue.array.isEmpty ? queue["entries"].array : queue.array
            // Ages change with every look; the list is drawn again when anything else does, or on a terminal.
            let comparable = Value.array(rows.map { row in .object(row.object.filter { $0.key != "age" }) })
            if !watch || last != comparable || Terminal.outputIsTerminal {
                if watch { Terminal.clear() }
                printer.show(Self.table(rows, now: LocalTime.now))
                last = comparable
            }
            // A list that nobody can see is not drawn again; `main` says why.
            guard watch, Terminal.outputFailure(printer.language) == nil else { return }
            try await Task.sleep(for: .seconds(max(1, every)))
        }
    }

    static func table(_ rows: [Value], now: Instant) -> Table {
        Table(
            [
                .init("case", Phrase("CASE", "会诊编号")),
                .init("phase", Phrase("PHASE", "状态")) { Terms.text($0["phase"].text, $1) },
                .init("priority", Phrase("PRIORITY", "紧急程度")) { Terms.text($0["priority"].text, $1) },
                .init("department", Phrase("DEPARTMENT", "科室")) { row, _ in
                    let code = row["department"].text
                    return [code, row["departmentName"].string ?? DepartmentCode(code)?.name ?? ""]
                        .filter { !$0.isEmpty }.joined(separator: " ")
                },
                .init("requester", Phrase("FROM", "申请机构")) { row, _ in InboxTable.place(row["requester"]) },
                .init("deadline", Phrase("DEADLINE", "时限")) { row, language in
                    LocalTime.distance(to: row["deadline"].text, from: now, language)
                } csv: { row in
                    row["deadline"].text
                },
                .init("offers", Phrase("OFFERS", "邀请")) { row, language in
                    row["offers"].array
                        .map { "\($0["site"].text) \(Terms.text($0["state"].text, language))" }
                        .joined(separator: ", ")
                },
                .init("reason", Phrase("REASON", "原因")) { Terms.text($0["reason"].text, $1) },
            ],
            rows: rows
        )
    }
}

/// Explains a case's routing.
struct Why: HubCommand {
    static let configuration = CommandConfiguration(abstract: "Explain why a case went where it went.")

    @Argument(help: "The case, or your own request number.")
    var `case`: String

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let id = try await session.caseID(`case`)
        let value = try await session.json("GET", "/network/cases/\(id)/why")
        let text = RoutingText(directory: Directory.stored(in: session.folder), language: printer.language)
        if let decision = try? value.decoded(as: RoutingDecision.self) {
            printer.show(value, text: text.decision(decision))
        } else {
            printer.show(value, text: CaseText.fields(value, printer.language))
        }
    }
}

/// Explains why a site was not asked.
struct WhyNotCommand: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "why-not",
        abstract: "Explain why a site was not asked about a case."
    )

    @Argument(help: "The case, or your own request number.")
    var `case`: String

    @Argument(help: "The site's organisation code.")
    var site: String

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let id = try await session.caseID(`case`)
        let value = try await session.json("GET", "/network/cases/\(id)/why-not/\(Session.escaped(site))")
        let text = RoutingText(directory: Directory.stored(in: session.folder), language: printer.language)
        let answer = try value.decoded(as: WhyNot.self)
        printer.show(value, text: text.whyNot(answer))
    }
}
