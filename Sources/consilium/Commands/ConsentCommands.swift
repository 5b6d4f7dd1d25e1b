import ArgumentParser
import ConsiliumCore
import Foundation

/// The patient's consent to one case.
struct Consent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record or withdraw the patient's consent.",
        subcommands: [ConsentAttach.self, ConsentWithdraw.self]
    )
}

extension ConsentBasis: ExpressibleByArgument {
    /// What a person may state.
    package static var allValueStrings: [String] { FormKind.consentBasis.map(\.code) }
}

/// Records consent with its evidence.
struct ConsentAttach: ActCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Record consent: its basis, and the archive number or the signed page."
    )

    @Argument(help: "The case, or your own request number.") var `case`: String
    @Option(help: "How it was given.") var basis: ConsentBasis
    @Option(help: ArgumentHelp("Archive number of the signed page at your site.", valueName: "number"))
    var reference: String?
    @Option(help: ArgumentHelp("The signed page itself.", valueName: "file")) var file: String?
    @Option(help: ArgumentHelp("Day on which it was given.", valueName: "YYYY-MM-DD")) var date: String?
    @Option(help: ArgumentHelp("Who obtained it.", valueName: "name")) var obtainedBy: String?
    @Option(help: ArgumentHelp("`any` member site, or organisation codes separated by commas.", valueName: "sites"))
    var scope: String?
    @Flag(help: "The patient was told the fee.") var feeTold = false
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func validate() throws {
        if basis != .emergency, reference == nil, file == nil {
            throw ValidationError("give the archive number with --reference, or the page with --file")
        }
        if let date, !ApplicationFacts.isDate(date) { throw ValidationError("--date is YYYY-MM-DD") }
    }

    func run(_ session: Session, _ printer: Printer) async throws {
        var attachments: [Value] = []
        var number = reference
        if let file {
            let page = try AttachmentFile.read(file, language: printer.language)
            attachments.append(page.value)
            // A page without an archive number is known by its digest.
            number = number ?? "sha256:" + FormContent.hexDigest(page.bytes)
        }
        let elements = Value.object(
            [
                Element.consentBasis.rawValue: .string(basis.rawValue),
                Element.consentReference.rawValue: Value(number),
                Element.consentDate.rawValue: Value(date), Element.consentObtainedBy.rawValue: Value(obtainedBy),
                Element.consentScope.rawValue: Value(scope),
                Element.consentFeeTold.rawValue: feeTold ? .string("yes") : .null,
            ]
            .filter { !$0.value.isNull }
        )
        try await perform(
            "consent",
            ["elements": elements, "attachments": attachments.isEmpty ? .null : .array(attachments)],
            session,
            printer
        )
    }
}

/// Takes consent back.
struct ConsentWithdraw: ActCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Record that the patient took consent back: nobody new is asked, documents are closed."
    )

    @Argument(help: "The case, or your own request number.") var `case`: String
    @Option(help: ArgumentHelp("In your own words.", valueName: "text")) var note: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("withdraw-consent", ["note": Value(note)], session, printer)
    }
}

/// Supplies what a case still lacks.
struct Answer: ActCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer what was asked: supply the elements that a case lacks.",
        discussion: "Example: consilium answer CASE --set request.wantedDepartment=0304"
    )

    @Argument(help: "The case, or your own request number.") var `case`: String
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("An element and its value; may be repeated.", valueName: "element=value")
    )
    var values: [String] = []
    @Option(help: ArgumentHelp("A form; every filled field is sent.", valueName: "file")) var file: String?
    @Option(help: ArgumentHelp("A file that goes with it; may be repeated.", valueName: "file")) var attach: [String] =
        []
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func validate() throws {
        if values.isEmpty, file == nil, attach.isEmpty { throw ValidationError("give --set, --file or --attach") }
        for value in values {
            let name = value.prefix { $0 != "=" }
            guard value.contains("="), Element(rawValue: String(name)) != nil else {
                throw ValidationError(
                    "--set \(value): not ELEMENT=VALUE with an element such as request.wantedDepartment"
                )
            }
        }
    }

    func run(_ session: Session, _ printer: Printer) async throws {
        var elements: [String: Value] = [:]
        var files = attach.map { (path: $0, place: $0) }
        if let file {
            let bytes = try FormFile.read(file, language: printer.language)
            let text = try OutgoingReader.text(bytes, label: file, language: printer.language)
            let (filled, problems) = FormReader.read(
                text,
                as: .application,
                in: .init(directory: Directory.stored(in: session.folder))
            )
            // An answer holds only what was missing.
            let wrong = problems.filter { $0.code != .missing && $0.code != .missingIdentity }
            guard wrong.isEmpty else {
                throw Failure(.refused, items: wrong.map { $0.item(in: file, language: printer.language) })
            }
            for (name, entry) in filled.entries { elements[name] = .string(entry.value) }
            files += filled.files.map { (path: $0.path, place: $0.place(in: file)) }
        }
        for value in values {
            let name = String(value.prefix { $0 != "=" })
            elements[name] = .string(String(value.dropFirst(name.count + 1)))
        }
        var attachments: [Value] = []
        for file in files {
            let read = try AttachmentFile.read(file.path, at: file.place, language: printer.language)
            attachments.append(read.value)
        }
        try await perform(
            "answer",
            ["elements": .object(elements), "attachments": attachments.isEmpty ? .null : .array(attachments)],
            session,
            printer
        )
    }
}

extension Attachment {
    /// As the hub's acts take it.
    var value: Value {
        [
            "title": .string(title), "contentType": .string(contentType),
            "data": .string(Data(bytes).base64EncodedString()),
        ]
    }
}
