import ArgumentParser
import ConsiliumCore
import Foundation

/// A command that does one thing to one case.
protocol ActCommand: HubCommand {
    var `case`: String { get }
}

extension ActCommand {
    /// Does it and says in what state the case is now.
    func perform(_ act: String, _ fields: KeyValuePairs<String, Value>, _ session: Session, _ printer: Printer)
        async throws
    {
        let id = try await session.caseID(`case`)
        let answer = try await session.act(act, on: id, fields)
        Self.show(answer, id: id, printer)
    }

    static func show(_ answer: Value, id: String, _ printer: Printer) {
        let phase = answer["phase"].text
        let text = phase.isEmpty ? id : "\(id)  \(Terms.text(phase, printer.language))"
        if printer.format != .table || !printer.isQuiet { printer.show(answer, text: text) }
    }
}

/// A code of a closed list, given on the command line.
protocol CodeArgument: ExpressibleByArgument, RawRepresentable, CaseIterable where RawValue == String {}

extension DeclineReason: CodeArgument {}
extension CancelReason: CodeArgument {}
extension FailureReason: CodeArgument {}
extension ClosureDecision: CodeArgument {}
extension NotAdoptedReason: CodeArgument {}

/// Takes a case on.
struct Accept: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Accept an offer.")

    @Argument(help: "The case.") var `case`: String
    @Option(help: ArgumentHelp("When, or in which clinic.", valueName: "text")) var appointment: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("accept", ["appointment": Value(appointment)], session, printer)
    }
}

/// Says no, with a coded reason.
struct Decline: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Decline an offer, with a reason.")

    @Argument(help: "The case.") var `case`: String
    @Option(help: "Why.") var reason: DeclineReason
    @Option(help: ArgumentHelp("In your own words.", valueName: "text")) var note: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("decline", ["reason": .string(reason.rawValue), "note": Value(note)], session, printer)
    }
}

/// Begins the consultation.
struct Start: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Begin the consultation of an accepted case.")

    @Argument(help: "The case.") var `case`: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("start", [:], session, printer)
    }
}

/// Gives an accepted case back.
struct Fail: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Say that an accepted consultation cannot take place.")

    @Argument(help: "The case.") var `case`: String
    @Option(help: "Why.") var reason: FailureReason
    @Option(help: ArgumentHelp("In your own words.", valueName: "text")) var note: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("fail", ["reason": .string(reason.rawValue), "note": Value(note)], session, printer)
    }
}

/// Ends a case after its report was read.
struct Close: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Close a reported case: was the advice adopted?")

    @Argument(help: "The case, or your own request number.") var `case`: String
    @Option(help: "Whether the advice was followed.") var decision: ClosureDecision
    @Option(help: "Why not; needed with `not`.") var reason: NotAdoptedReason?
    @Option(help: ArgumentHelp("How useful the report was, 1 to 5.", valueName: "1-5")) var rating: Int?
    @Option(help: ArgumentHelp("In your own words.", valueName: "text")) var note: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func validate() throws {
        if decision == .not, reason == nil {
            let list = NotAdoptedReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--decision not needs a --reason: \(list)")
        }
        if let rating, !(1...5).contains(rating) { throw ValidationError("--rating is 1 to 5") }
    }

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform(
            "close",
            [
                "decision": .string(decision.rawValue), "reason": Value(reason?.rawValue),
                "rating": rating.map { .integer(Int64($0)) } ?? .null, "note": Value(note),
            ],
            session,
            printer
        )
    }
}

/// Withdraws a request.
struct Cancel: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Cancel a request that has not begun.")

    @Argument(help: "The case, or your own request number.") var `case`: String
    @Option(help: "Why.") var reason: CancelReason
    @Option(help: ArgumentHelp("In your own words.", valueName: "text")) var note: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("cancel", ["reason": .string(reason.rawValue), "note": Value(note)], session, printer)
    }
}

/// Marks a case as entered in error.
struct VoidCase: ActCommand {
    static let configuration = CommandConfiguration(
        commandName: "void",
        abstract: "Mark a case as entered in error."
    )

    @Argument(help: "The case, or your own request number.") var `case`: String
    @Option(help: ArgumentHelp("In your own words.", valueName: "text")) var note: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("void", ["note": Value(note)], session, printer)
    }
}

/// Writes a note to the others of a case.
struct Note: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Write a note to everyone in a case.")

    @Argument(help: "The case, or your own request number.") var `case`: String
    @Argument(help: "The note.") var text: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("note", ["note": .string(text)], session, printer)
    }
}

/// Tries an unroutable case again.
struct Requeue: ActCommand {
    static let configuration = CommandConfiguration(
        abstract: "Coordination office: try an unroutable case again, or send it to one site."
    )

    @Argument(help: "The case.") var `case`: String
    @Option(help: ArgumentHelp("Ask this site only.", valueName: "code")) var site: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("requeue", ["site": Value(site)], session, printer)
    }
}
