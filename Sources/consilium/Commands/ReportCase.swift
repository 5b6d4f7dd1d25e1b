import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Foundation

/// Writes, signs and sends the expert's report.
struct ReportCase: ActCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report on an accepted case: opens a form in $EDITOR, or takes one with --file, and signs it.",
        discussion: "`consilium new report -o FILE` writes an empty form."
    )

    @Argument(help: "The case.") var `case`: String
    @Option(help: ArgumentHelp("The filled form; `-` is the standard input.", valueName: "file")) var file: String?
    @Option(help: ArgumentHelp("A file that goes with the report; may be repeated.", valueName: "file")) var attach:
        [String] = []
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let language = printer.language
        let id = try await session.caseID(`case`)
        // What the expert signs is an answer to the case as it stands now.
        let facts = try await session.record(id)["facts"]
        let draft = session.folder.drafts + "/report-\(id).yaml"
        let path =
            try file
            ?? Editor.edit(
                draft,
                empty: {
                    try FormFile.emptyReport(in: session.folder, language: language)
                },
                language: language
            )
        let text = try OutgoingReader.text(try FormFile.read(path, language: language), label: path, language: language)
        let (filled, problems) = FormReader.read(text, as: .report)
        guard problems.isEmpty else {
            throw Failure(.refused, items: problems.map { $0.item(in: path, language: language) })
        }
        var attachments: [Attachment] = []
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        for file in filled.files {
            let place = file.place(in: path)
            attachments.append(
                try AttachmentFile.read(file.path, relativeTo: folder, at: place, language: language)
            )
        }
        for name in attach { attachments.append(try AttachmentFile.read(name, language: language)) }
        let now = LocalTime.now
        let report = FormContent.report(filled, attachments: attachments, at: now)
        let answer = try await session.act(
            "report",
            on: id,
            try signed(report, case: id, facts: facts, session, at: now)
        )
        if file == nil { try FileManager.default.removeItem(atPath: draft) }
        Self.show(answer, id: id, printer)
    }

    private func signed(
        _ report: Report,
        case id: String,
        facts: Value,
        _ session: Session,
        at now: Instant
    ) throws -> KeyValuePairs<String, Value> {
        let version = facts["version"].int ?? 0
        let licence = report[.expertLicence] ?? ""
        // Attachments are numbered as those of a first report: what is signed cannot depend on how many came before.
        let payload = Payload(report: report, number: 1, digest: FormContent.hexDigest)
        let jws = try DetachedSignature.sign(
            payload.signedBytes,
            header: DetachedSignature.Header(
                caseID: id,
                version: version,
                licence: licence,
                time: now.iso8601,
                certificate: session.identity.leaf
            ),
            key: session.identity.key
        )
        let elements = Dictionary(
            uniqueKeysWithValues: report.elements.sorted.map { ($0.key.rawValue, Value($0.value)) }
        )
        return [
            "elements": .object(elements), "attachments": .array(report.attachments.map(\.value)),
            "signature": [
                "kind": .string(SignatureKind.operator.rawValue), "doctor": Value(report[.expert]),
                "licence": .string(licence), "jws": .string(jws), "caseVersion": .integer(Int64(version)),
            ],
        ]
    }
}

/// The person's own editor.
enum Editor {
    /// Opens `path` in it, made with `empty` when it is not there yet: a draft that was refused is edited again.
    static func edit(_ path: String, empty: () throws -> String, language: Language) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        guard let editor = ["VISUAL", "EDITOR"].lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty })
        else {
            throw Failure(
                .usage,
                "no-editor",
                language == .zh ? "没有给出 --file，也没有设置 $EDITOR" : "there is no --file and $EDITOR is not set",
                next: language == .zh
                    ? "运行 consilium new report -o 文件，填写后用 --file 提交"
                    : "`consilium new report -o FILE`, fill it in, then give it with --file"
            )
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try ProfileFolder.makePrivate(folder)
        if !FileManager.default.fileExists(atPath: path) {
            let text = try empty()
            guard
                FileManager.default.createFile(
                    atPath: path,
                    contents: Data(text.utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw Failure(.usage, "cannot-write", at: path, "the draft cannot be written") }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", editor + " \"$1\"", "sh", path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                .usage,
                "editor-failed",
                at: path,
                language == .zh ? "编辑器异常退出，草稿已保留" : "the editor ended with an error; the draft is kept"
            )
        }
        return path
    }
}
