import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Foundation

/// What waits for one's site: offers, reminders, reports, questions.
struct Inbox: HubCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what waits for your site; with --watch, ring and run a command for what comes."
    )

    @Flag(help: "Stay and show what comes, with the terminal's bell.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            """
            With --watch: run this by the shell for each new offer and reminder. It gets CONSILIUM_CASE, \
            CONSILIUM_PRIORITY, CONSILIUM_DEPARTMENT, CONSILIUM_DEADLINE, CONSILIUM_KIND; nothing of the patient.
            """,
            valueName: "command"
        )
    )
    var exec: String?

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func validate() throws {
        if exec != nil, !watch { throw ValidationError("--exec goes with --watch") }
    }

    func run(_ session: Session, _ printer: Printer) async throws {
        guard watch else {
            let page = try await session.json("GET", "/network/inbox")
            printer.show(InboxTable.make(page["entries"].array, now: LocalTime.now))
            return
        }
        try await follow(session, printer)
    }

    private func follow(_ session: Session, _ printer: Printer) async throws {
        var next: Int?
        var seen: Set<Notice> = []
        var isFirst = true
        var pause = 1
        var housekept = Date()
        while true {
            let path = "/network/inbox?wait=25" + (next.map { "&after=\($0)" } ?? "")
            let page: Value
            do {
                page = try await session.json("GET", path)
                pause = 1
            } catch let failure as Failure where failure.status == .unreachable {
                Terminal.say(failure.text(printer.language))
                try await Task.sleep(for: .seconds(pause))
                pause = min(30, pause * 2)
                continue
            }
            // The hub lists everything that waits; what was shown before is not news.
            let all = page["entries"].array
            let entries = all.filter { !seen.contains(Notice($0)) }
            seen = Set(all.map { Notice($0) })
            next = page["next"].int ?? next
            if !entries.isEmpty {
                printer.stream(InboxTable.make(entries, now: LocalTime.now), heading: isFirst)
                isFirst = false
                for entry in entries where Self.isUrging(entry) {
                    Terminal.bell()
                    if let exec { Self.start(exec, entry) }
                }
            }
            if Date().timeIntervalSince(housekept) > 3_600 {
                housekept = Date()
                await session.housekeep()
            }
        }
    }

    /// What makes an entry the same as before: an offer that moved on, or was reminded of, is another.
    struct Notice: Hashable {
        var id: String
        var kind: String
        var leaseDue: String
        var version: String
        var reminders: String

        init(_ entry: Value) {
            id = entry["case"].text
            kind = entry["kind"].text
            leaseDue = entry["leaseDue"].text
            version = entry["version"].text
            reminders = entry["reminders"].text
        }
    }

    /// Offers and reminders, and cases that nobody else will look after.
    static func isUrging(_ entry: Value) -> Bool {
        ["offer", "reminder", "unroutable"].contains(entry["kind"].text)
    }

    /// What the command of `--exec` is told; nothing of the patient.
    static func environment(_ entry: Value) -> [String: String] {
        [
            "CONSILIUM_CASE": entry["case"].text, "CONSILIUM_PRIORITY": entry["priority"].text,
            "CONSILIUM_DEPARTMENT": entry["department"].text, "CONSILIUM_KIND": entry["kind"].text,
            "CONSILIUM_DEADLINE": entry["leaseDue"].string ?? entry["deadline"].text,
        ]
    }

    /// Runs beside; a command that hangs stops no alarm after it.
    private static func start(_ command: String, _ entry: Value) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "CONSILIUM_PASSPHRASE" }
            .merging(environment(entry)) { _, new in new }
        do {
            try process.run()
        } catch {
            Terminal.say("--exec: \(error.localizedDescription)")
        }
    }
}

/// The inbox as a table.
enum InboxTable {
    static func make(_ rows: [Value], now: Instant) -> Table {
        Table(
            [
                .init("kind", Phrase("WHAT", "事项")) { Terms.text($0["kind"].text, $1) },
                .init("case", Phrase("CASE", "会诊编号")),
                .init("priority", Phrase("PRIORITY", "紧急程度")) { Terms.text($0["priority"].text, $1) },
                .init("department", Phrase("DEPARTMENT", "科室")) { row, _ in
                    [row["department"].text, row["departmentName"].text].filter { !$0.isEmpty }.joined(separator: " ")
                },
                .init("requester", Phrase("FROM", "申请机构")) { row, _ in place(row["requester"]) },
                .init("due", Phrase("ANSWER DUE", "答复时限")) { row, language in
                    let due = row["leaseDue"].string ?? row["deadline"].text
                    return due.isEmpty ? "" : LocalTime.distance(to: due, from: now, language)
                } csv: { row in
                    row["leaseDue"].string ?? row["deadline"].text
                },
            ],
            rows: rows
        )
    }

    /// A site given as its code, or as code and name.
    static func place(_ value: Value) -> String {
        if let code = value.string { return code }
        let code = value["site"].string ?? value["code"].text
        return [code, value["name"].text].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
