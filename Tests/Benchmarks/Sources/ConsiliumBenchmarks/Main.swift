import ArgumentParser
import Foundation

@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consilium-benchmarks",
        abstract: "Benchmarks of the hub, beside the limits of the machine it runs on.",
        subcommands: [W1.self, W7.self, Render.self]
    )
}

/// The report of an earlier run.
struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the report of a file that `w1` wrote.")

    @Argument(help: "The file.") var results: String

    func run() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: results))
        print(Report(try JSONDecoder().decode(Results.self, from: data)).text)
    }
}
