/// A verb about one entry of the registers or one assessment, which needs nothing but its number.
protocol EntryAct: HubCommand {
    var id: String { get }
    static var verb: String { get }
    static var done: Phrase { get }
}

extension EntryAct {
    func run(_ session: Session, _ printer: Printer) async throws {
        try await session.govern(Self.verb, ["id": .string(id)])
        printer.note(Self.done)
    }
}

extension Session {
    /// Carries out a verb of the registers, samples or assessments.
    @discardableResult
    func govern(_ verb: String, _ fields: KeyValuePairs<String, Value> = [:]) async throws -> Value {
        var body = Value.fields(fields).object
        body["verb"] = .string(verb)
        return try await json("POST", "/network/governance/commands", .object(body))
    }
}
