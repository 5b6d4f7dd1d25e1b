import ArgumentParser
import ConsiliumCore
import Foundation

extension Language: ExpressibleByArgument {}
extension OutputFormat: ExpressibleByArgument {}

/// What every command understands about identity and language.
struct IdentityOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Use the identity of this name.", valueName: "name"))
    var profile: String?

    @Option(help: "Language of texts (default: from LANG).")
    var lang: Language?

    @Option(help: ArgumentHelp("Read the key's passphrase from this file.", valueName: "file"))
    var passphraseFile: String?

    @Flag(name: .shortAndLong, help: "Print data and errors only.")
    var quiet = false

    var environment: [String: String] { ProcessInfo.processInfo.environment }

    var language: Language { Language(option: lang, environment: environment) }

    var passphrase: PassphraseSource { PassphraseSource(file: passphraseFile, environment: environment) }

    func folder() throws -> ProfileFolder {
        try ProfileFolder(named: profile, environment: environment, language: language)
    }

    /// For commands that always print for a person.
    var plainPrinter: Printer { Printer(format: .table, language: language, isQuiet: quiet) }
}

/// The form in which data is printed.
struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Form of the output.")
    var output: OutputFormat = .table
}

/// A command that speaks to the hub under a profile's identity.
protocol HubCommand: AsyncParsableCommand {
    var identity: IdentityOptions { get }
    var form: OutputOptions { get }

    func run(_ session: Session, _ printer: Printer) async throws
}

extension HubCommand {
    var language: Language { identity.language }

    func run() async throws {
        let printer = Printer(format: form.output, language: language, isQuiet: identity.quiet)
        try await Session.using(identity) { session in try await run(session, printer) }
    }
}
