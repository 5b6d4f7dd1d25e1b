import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Foundation

/// Sends applications: forms of this client, HL7 v2 messages, FHIR resources.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit forms and messages; without the hub they are kept and sent later, stat requests never.",
        discussion: "Without a file, what was kept earlier is sent."
    )

    @Argument(help: ArgumentHelp("Files: a form, HL7 v2 or FHIR; `-` is the standard input.", valueName: "file"))
    var files: [String] = []

    @Option(help: ArgumentHelp("A file that goes with the form; may be repeated.", valueName: "file"))
    var attach: [String] = []

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func validate() throws {
        if !attach.isEmpty, files.count != 1 { throw ValidationError("--attach goes with exactly one form") }
    }

    func run() async throws {
        let printer = Printer(format: form.output, language: identity.language, isQuiet: identity.quiet)
        var limits = HubClientLimits()
        limits.connect = .seconds(3)
        limits.request = .seconds(30)
        let session = try Session.open(identity, limits: limits)
        var quick = limits
        quick.request = .seconds(8)
        let stat = try Session.client(profile: session.profile, identity: session.identity, limits: quick)
        let result: Submitter.Result
        do {
            result = try await submit(session, stat: stat, printer)
        } catch {
            await stat.shutdown()
            await session.close()
            throw error
        }
        await stat.shutdown()
        let status = result.status
        if status == .ok || status == .partly { await session.housekeep() }
        await session.close()
        if status != .ok { throw status.code }
    }

    private func submit(_ session: Session, stat: HubClient, _ printer: Printer) async throws -> Submitter.Result {
        let language = session.language
        let directory = Directory.stored(in: session.folder)
        let reader = OutgoingReader(site: try session.site(), directory: directory, language: language)
        var outgoing: [Outgoing] = []
        var unread: [Submitter.Line] = []
        for file in files {
            do throws(Failure) {
                let bytes = try FormFile.read(file, language: language)
                outgoing.append(try reader.read(bytes, label: file, folder: Self.folder(of: file), attach: attach))
            } catch {
                // One file that cannot be sent is the command's failure; of many, it is one line.
                if files.count == 1 { throw error }
                unread.append(Submitter.Line(label: file, outcome: "refused", failure: error))
            }
        }
        for item in outgoing where !item.unfilled.isEmpty {
            let fields = item.unfilled.map(\.name).joined(separator: ", ")
            printer.note(Phrase("\(item.label): not filled in: \(fields)", "\(item.label)：未填写：\(fields)"))
        }
        let isMany = outgoing.count > 1 && !identity.quiet
        let hub = session.profile.api.description
        let sender = HubSender(hub: session.hub, name: hub, language: language, patience: .seconds(20))
        let quick = HubSender(hub: stat, name: hub, language: language, patience: .seconds(8))
        let submitter = Submitter(
            folder: session.folder,
            key: session.identity.key,
            now: { LocalTime.now },
            send: { await sender.send(path: $0, contentType: $1, body: $2) },
            sendStat: { await quick.send(path: $0, contentType: $1, body: $2) },
            progress: { if isMany { Terminal.progress("\($0)/\($1)") } }
        )
        var result = try await submitter.submit(outgoing)
        result.lines = unread + result.lines
        await result.askStates { try await session.record($0)["facts"] }
        Terminal.endProgress()
        report(result, printer)
        try warn(result, outgoing, directory, session, printer)
        return result
    }

    private static func folder(of file: String) -> String {
        guard file != "-", let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    private func report(_ result: Submitter.Result, _ printer: Printer) {
        let rows = result.lines.map { line in
            Value.fields([
                "file": .string(line.label), "outcome": .string(line.outcome), "case": Value(line.caseID),
                "phase": Value(line.state?.phase),
                "gaps": line.state.map { .array($0.gaps.map { .string($0) }) } ?? .null,
                "unroutableReason": Value(line.state?.unroutableReason),
                "detail": Value(line.detail.isEmpty ? nil : line.detail),
                "code": Value(line.failure?.items.first?.code),
            ])
        }
        let table = Table(
            [
                .init("file", Phrase("FILE", "文件")),
                .init("outcome", Phrase("OUTCOME", "结果")) { Terms.text($0["outcome"].text, $1) },
                .init("case", Phrase("CASE", "会诊编号")),
                .init("phase", Phrase("STATE", "状态")) { row, language in
                    CaseState(facts: row)?.text(language) ?? ""
                } csv: { row in
                    row["phase"].text
                }, .init("detail", Phrase("DETAIL", "说明")),
            ],
            rows: rows
        )
        if !rows.isEmpty {
            printer.show(table)
        } else if result.waiting == 0 {
            printer.note(Phrase("nothing waits to be sent", "没有待发送的文件"))
        }
    }

    /// How many files wait, whichever command kept them.
    static func waiting(_ count: Int) -> Phrase {
        Phrase(
            "\(count) kept here, not sent; the next `consilium submit` sends them first, in order",
            "\(count) 个文件留在本机，未发送；下次 consilium submit 会先按顺序发送"
        )
    }

    /// Says why, and when a stat request could not be sent, whom to telephone.
    private func warn(
        _ result: Submitter.Result,
        _ outgoing: [Outgoing],
        _ directory: Directory,
        _ session: Session,
        _ printer: Printer
    ) throws {
        let language = printer.language
        var said: [Failure] = []
        for line in result.lines {
            guard let failure = line.failure, !said.contains(failure) else { continue }
            said.append(failure)
            let prefix = failure.status == .unreachable ? "" : "\(line.label): "
            Terminal.say(prefix + failure.text(language))
        }
        for remark in result.lines.compactMap({ $0.remark(language) }) { printer.note(Phrase(remark, remark)) }
        if let failure = result.unreachable, !said.contains(failure) { Terminal.say(failure.text(language)) }
        if result.waiting > 0 { printer.warn(Self.waiting(result.waiting)) }
        guard result.lines.contains(where: { $0.outcome == "not-sent" }) else { return }
        let urgent = outgoing.first { !$0.isSpoolable }
        let isKnown = urgent?.priority == .stat
        Terminal.say(
            language == .zh
                ? (isKnown ? "急会诊未发送，也不会留待以后发送。" : "无法判断紧急程度，按急会诊处理：未发送，也不会留待以后发送。")
                : (isKnown
                    ? "The stat request was NOT sent, and is not kept for later."
                    : "The urgency cannot be told, so it counts as stat: NOT sent, and not kept for later.")
        )
        Terminal.say(directory.dutyText(for: urgent?.department, near: try session.site(), language))
    }
}
