import ArgumentParser
import ConsiliumCore
import ConsiliumLedger
import ConsiliumReports
import ConsiliumTransport
import Foundation

extension ReportFormat: ExpressibleByArgument {}
extension ReportSource.Scope: ExpressibleByArgument {
    package static var allValueStrings: [String] { [Self.audited, .published].map(\.rawValue) }
}

/// What auditors pull, and how they assess and check.
struct GovernanceCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "governance",
        abstract: "The network's scorecard, measures, assessments and samples. / 治理评分卡、指标、评估与抽样",
        discussion: """
            Measures are this project's own, computed from the ledger; none is a Preker-Harding score. Those eight \
            indicators are assessed by auditors (`assess`). With --ledger DIR the figures are computed from a copy of a \
            ledger, with no hub and no keys. / 各项指标由账本计算，并非 Preker-Harding 评分；八项治理指标由审计员评估。
            """,
        subcommands: [
            GovernanceScorecard.self, GovernanceMeasure.self, GovernanceProfile.self, GovernanceTriangle.self,
            GovernanceSensitivity.self, GovernanceDrillCommand.self, GovernanceAssess.self, GovernanceSample.self,
            GovernanceGlass.self, GovernanceAdopt.self,
        ]
    )
}

/// Of which period, from where, in which form.
struct GovernanceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A month, quarter or year: 2026-09, 2026-Q3 or 2026.", valueName: "period"))
    var period: String

    @Option(help: ArgumentHelp("Compute from the copy of a ledger in this folder, without a hub.", valueName: "dir"))
    var ledger: String?

    @Flag(help: "With --ledger: from the events alone instead of the counters kept with them.")
    var recompute = false

    @Option(
        help: "audited: exact counts, for auditors. published: quarters 31 days after they end, counts 1 to 10 hidden."
    )
    var scope: ReportSource.Scope?

    @Option(name: .shortAndLong, help: "Form of the output.")
    var output: ReportFormat = .table

    @Option(help: ArgumentHelp("Write to this file instead of the standard output.", valueName: "file"))
    var file: String?

    func validate() throws {
        if recompute, ledger == nil {
            throw ValidationError("--recompute goes with --ledger DIR / --recompute 须与 --ledger 一起使用")
        }
    }

    /// Said beside figures that rest on counts which nobody compared with the records; nil for all others.
    var remark: Phrase? {
        guard ledger != nil, !recompute else { return nil }
        return Phrase(
            "these figures are the counts that the copy keeps, compared with no record; add --recompute to count anew",
            "以上数值取自副本所存的计数，未与账本记录核对；加上 --recompute 可由记录重新计算"
        )
    }

    func period(_ language: Language) throws -> GovernancePeriod {
        guard let period = GovernancePeriod(period) else {
            throw Failure(
                .usage,
                "invalid-value",
                at: "--period",
                language == .zh ? "不是月份、季度或年份：\(period)" : "not a month, a quarter or a year: \(period)",
                next: language == .zh ? "例如 2026-09、2026-Q3 或 2026" : "for example 2026-09, 2026-Q3 or 2026"
            )
        }
        return period
    }
}

/// A command that prints a part of the report.
protocol ReportCommand: AsyncParsableCommand {
    var identity: IdentityOptions { get }
    var governance: GovernanceOptions { get }
    var part: ReportPart { get }
}

extension ReportCommand {
    func run() async throws {
        let language = identity.language
        let report = try await GovernanceSource(governance, identity).report()
        let bytes: [UInt8]
        do throws(ReportError) {
            bytes = try ReportWriter.write(report, part: part, as: governance.output, language: language)
        } catch {
            throw Failure(error, language: language)
        }
        try ReportFile(governance.file, governance.output)
            .write(bytes, isPrivate: !report.isSuppressed, language: language)
        if let remark = governance.remark { identity.plainPrinter.note(remark) }
    }
}

/// Where the figures come from: a hub, or a ledger's copy on this machine.
struct GovernanceSource {
    let options: GovernanceOptions
    let identity: IdentityOptions

    init(_ options: GovernanceOptions, _ identity: IdentityOptions) {
        self.options = options
        self.identity = identity
    }

    func report() async throws -> GovernanceReport {
        let period = try options.period(identity.language)
        do {
            return try await report(period)
        } catch let failure as Failure {
            throw failure.leadingToQuarters(period, identity.language)
        }
    }

    private func report(_ period: GovernancePeriod) async throws -> GovernanceReport {
        if let folder = options.ledger {
            return try LedgerCopy(folder, language: identity.language)
                .report(period, scope: options.scope ?? .audited, isRecomputed: options.recompute)
        }
        var query = "?period=\(Session.escaped(period.label))"
        if let scope = options.scope { query += "&scope=\(scope.rawValue)" }
        return try await Self.fetch("/network/governance/report" + query, identity)
    }

    static func fetch<Answer: Decodable>(_ path: String, _ identity: IdentityOptions) async throws -> Answer {
        try await Session.using(identity) { session in
            let response = try await session.send("GET", path, headers: [HubHeader("Accept", "application/json")])
            return try JSONDecoder().decode(Answer.self, from: Data(response.body))
        }
    }
}

/// The whole report.
struct GovernanceScorecard: ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "scorecard",
        abstract: "Profile, performance and every measure of a period. / 治理评分卡"
    )

    @OptionGroup var governance: GovernanceOptions
    @OptionGroup var identity: IdentityOptions
    var part: ReportPart { .scorecard }
}

/// One measure.
struct GovernanceMeasure: ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "One measure with its strata, trend and funnel plot. / 单项指标"
    )

    @Argument(help: ArgumentHelp("The measure, such as AC1.", valueName: "measure")) var id: String
    @OptionGroup var governance: GovernanceOptions
    @OptionGroup var identity: IdentityOptions
    var part: ReportPart { .measure(MeasureName.read(id)) }
}

/// Where the network stands.
struct GovernanceProfile: ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "The assessed position on the eight indicators, beside the four reference modes. / 自主权画像"
    )

    @OptionGroup var governance: GovernanceOptions
    @OptionGroup var identity: IdentityOptions
    var part: ReportPart { .profile }
}

/// The triangle index.
struct GovernanceTriangle: ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "triangle",
        abstract: "Where episodes are resolved: the triangle index and its factors. / 三角指数"
    )

    @OptionGroup var governance: GovernanceOptions
    @OptionGroup var identity: IdentityOptions
    var part: ReportPart { .triangle }
}

/// How far choices matter.
struct GovernanceSensitivity: ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensitivity",
        abstract: "How far the results depend on weights, means, mappings and codings. / 敏感性分析"
    )

    @OptionGroup var governance: GovernanceOptions
    @OptionGroup var identity: IdentityOptions
    var part: ReportPart { .sensitivity }
}
