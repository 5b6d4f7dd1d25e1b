import ArgumentParser
import ConsiliumCore
import Foundation

/// The command-line client of a member hospital: submits, answers, looks, administers; `gateway run` is the site's side
/// of the transport.
struct Consilium: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consilium",
        abstract: "Consultations across a network of hospitals.",
        discussion: """
            Exit codes: 0 ok, 1 refused by the network, 2 usage, 3 cannot reach or trust the hub, \
            4 partly done, 5 kept here and not sent.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Requester",
                subcommands: [
                    New.self, Submit.self, Consent.self, Answer.self, Close.self, Cancel.self, VoidCase.self,
                    OutcomeCommand.self, Dispute.self,
                ]
            ),
            CommandGroup(
                name: "Expert",
                subcommands: [
                    Inbox.self, Accept.self, Decline.self, Start.self, ReportCase.self, Fail.self, Price.self,
                    Settle.self, RateTier.self,
                ]
            ),
            CommandGroup(
                name: "Looking",
                subcommands: [
                    Show.self, Queue.self, Why.self, WhyNotCommand.self, Note.self, Departments.self,
                ]
            ),
            CommandGroup(name: "Governance", subcommands: [GovernanceCommands.self, Registers.self, Simulate.self]),
            CommandGroup(name: "Identity", subcommands: [Enroll.self, Renew.self, WhoAmI.self]),
            CommandGroup(
                name: "Administration",
                subcommands: [
                    Requeue.self, Sites.self, Operators.self, Grants.self, Renewals.self, Doctors.self, Deliveries.self,
                    Quarantine.self, NetworkCommandGroup.self, GatewayCommand.self,
                ]
            ),
        ]
    )
}

@main
enum Entry {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let status = await run(arguments)
        let language = language(of: arguments)
        let output = Terminal.outputFailure(language)
        if let output { Terminal.say(output.text(language)) }
        exit(ended(status, output).rawValue)
    }

    /// The status of the whole when the data that a command found may not have been written: a command that did what it
    /// was asked, and could not say so, has not ended well; any other status says more than that.
    static func ended(_ status: ExitStatus, _ output: Failure?) -> ExitStatus {
        guard let output else { return status }
        return status == .ok ? output.status : status
    }

    /// Runs one command and says what went wrong; ArgumentParser's own status for usage (64) becomes 2.
    static func run(_ arguments: [String]) async -> ExitStatus {
        do {
            var command = try Consilium.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .ok
        } catch let failure as Failure {
            Terminal.endProgress()
            Terminal.say(failure.text(language(of: arguments)))
            return failure.status
        } catch let code as ExitCode {
            return ExitStatus(rawValue: code.rawValue) ?? .usage
        } catch {
            let text = Consilium.fullMessage(for: error)
            if Consilium.exitCode(for: error) == .success {
                Terminal.output(text + "\n")
                return .ok
            }
            Terminal.say(text)
            return .usage
        }
    }

    /// The language of the last word, also when the arguments themselves could not be read.
    private static func language(of arguments: [String]) -> Language {
        var option: Language?
        for (index, argument) in arguments.enumerated() {
            if argument == "--lang", index + 1 < arguments.count { option = Language(rawValue: arguments[index + 1]) }
            if argument.hasPrefix("--lang=") { option = Language(rawValue: String(argument.dropFirst(7))) }
        }
        return Language(option: option, environment: ProcessInfo.processInfo.environment)
    }
}

extension ExitStatus {
    /// What a command throws to end with this status after it has said everything.
    var code: ExitCode { ExitCode(rawValue) }
}
