import ArgumentParser
import ConsiliumCore

extension BreakGlass.Reason: ExpressibleByArgument {}
extension BreakGlass.Verdict: ExpressibleByArgument {}

/// Looking at one case in the open, and who watches over it.
struct GovernanceGlass: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "glass",
        abstract: "See one case in the open for four hours; its sites are told and review it within 72 h. / 破窗查看",
        subcommands: [GlassBreak.self, GlassList.self, GlassReview.self]
    )
}

/// Breaks the glass.
struct GlassBreak: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "break",
        abstract: "See the case of a reference, as an auditor by name; both its sites are told at once. / 破窗",
        discussion: "Afterwards `consilium show CASE` works for you for four hours, and every reading is on record."
    )

    @Argument(help: "The reference.") var reference: String
    @Option(help: "The period that the reference belongs to.") var period: String
    @Option(help: "sample-check, complaint, incident or court-order.") var reason: BreakGlass.Reason
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let glass = try await session.govern(
            "break-glass",
            ["reference": .string(reference), "period": .string(period), "reason": .string(reason.rawValue)]
        )
        printer.show(glass, text: CaseText.fields(glass, printer.language))
    }
}

/// Lists broken glasses.
struct GlassList: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Who looked at which case and why, as far as it concerns you. / 破窗记录"
    )

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let list = try await session.json("GET", "/network/governance/glasses")
        printer.show(Self.table(list.array))
    }

    static func table(_ rows: [Value]) -> Table {
        Table(
            [
                .init("id", Phrase("ENTRY", "编号")), .init("case", Phrase("CASE", "会诊编号")),
                .init("operator", Phrase("WHO", "人员")),
                .init("reason", Phrase("REASON", "原因")) { Terms.text($0["reason"].text, $1) },
                .time("openedAt", Phrase("FROM", "起")), .time("ends", Phrase("UNTIL", "止")),
                .time("reviewDue", Phrase("REVIEW DUE", "复核期限")),
                .init("state", Phrase("STATE", "状态")) { Terms.text($0["state"].text, $1) },
                .init("verdict", Phrase("VERDICT", "复核结论")) { Terms.text($0["verdict"].text, $1) },
            ],
            rows: rows
        )
    }
}

/// Reviews a broken glass.
struct GlassReview: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Say, as the administrator of a site that was told, whether it was justified. / 复核",
        discussion: "Not of the auditor's own site, and never the network's administrator."
    )

    @Argument(help: "The entry.") var id: String
    @Option(help: "justified or unjustified.") var verdict: BreakGlass.Verdict
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await session.govern("review-break-glass", ["id": .string(id), "verdict": .string(verdict.rawValue)])
        printer.note(Phrase("reviewed", "已复核"))
    }
}
