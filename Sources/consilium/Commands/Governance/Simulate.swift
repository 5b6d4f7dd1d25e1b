import ArgumentParser
import ConsiliumCore
import ConsiliumGenerator
import Foundation

extension Generation.Gaming: ExpressibleByArgument {}

/// Generates the history of an invented province: something to measure before there is one.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Generate the ledger of an invented province, marked as generated wherever it is printed. / 生成模拟省份账本",
        discussion: """
            Patients, doctors, hospitals and regions are invented. The same options give the same bytes. Afterwards: \
            `consilium governance scorecard --period 2025 --ledger DIR`.
            """
    )

    @Option(help: "How many sites, 5 to 5000.") var sites = 40
    @Option(help: "How many months, 1 to 120.") var months = 12
    @Option(help: "Everything is drawn from this number.") var seed: UInt64
    @Option(help: ArgumentHelp("The new folder.", valueName: "dir")) var ledger: String
    @Option(help: ArgumentHelp("The first month.", valueName: "yyyy-mm")) var start = "2025-01"
    @Option(help: "Requests of a middling site in a month.") var cases = 30
    @Option(help: ArgumentHelp("About so many records instead, for benchmarks.", valueName: "n")) var records: Int?
    @Option(help: "Forms filled to look good: none, origin, tier or accept.") var gaming: Generation.Gaming = .none
    @Flag(help: "Mark every case in name, numbers and free text, so that a leak can be searched for.") var canary =
        false
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run() throws {
        let language = identity.language
        guard start.utf8.count == 7, let first = GovernancePeriod(start)?.days.lowerBound else {
            throw Failure(Refusal(.invalidValue, at: "--start", "2025-01"), language: language)
        }
        let day = first.description
        var configuration = ProvinceGenerator.Configuration(
            sites: sites,
            months: months,
            seed: seed,
            firstYear: Int(day.prefix(4)) ?? 2025,
            firstMonth: Int(day.dropFirst(5).prefix(2)) ?? 1,
            amount: records.map { .records($0) } ?? .perSiteAndMonth(cases),
            hasCanary: canary
        )
        configuration.gaming = gaming
        let began = ContinuousClock.now
        let summary: ProvinceGenerator.Summary
        do {
            summary = try ProvinceGenerator(configuration)
                .write(to: ledger) { records, now in
                    Terminal.progress("\(records)  \(now.iso8601.prefix(10))")
                }
        } catch let error as GeneratorError {
            throw Failure(.refused, "invalid-value", at: ledger, error.description)
        }
        Terminal.endProgress()
        let seconds = Double((ContinuousClock.now - began).components.seconds) + 0.001
        let printer = Printer(format: form.output, language: language, isQuiet: identity.quiet)
        printer.show(
            Value.fields([
                "ledger": .string(ledger), "cases": .integer(Int64(summary.cases)),
                "records": .integer(Int64(summary.records)), "generated": .bool(true),
                "recordsPerSecond": .integer(Int64(Double(summary.records) / seconds)),
            ]),
            text: language == .zh
                ? "已生成 \(summary.cases) 份会诊，\(summary.records) 条记录：\(ledger)（模拟历史）"
                : "generated \(summary.cases) cases, \(summary.records) records in \(ledger) (an invented history)"
        )
    }
}
