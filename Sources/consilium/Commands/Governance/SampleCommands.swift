import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Crypto
import Foundation

extension Sample.Purpose: ExpressibleByArgument {}
extension Sample.Outcome: ExpressibleByArgument {}

/// Checking figures against their source, by a sample that nobody could choose.
struct GovernanceSample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract:
            "Draw cases by a secret that was sealed before the period, and check them against their source. / 抽样核查",
        discussion: """
            Before the period: `sample seal` makes a secret, keeps it here and puts its digest on record. After it: \
            `sample draw` reveals the secret and lists the references. The owning site finds its case with \
            `sample find`, shows the originals on its premises, and the auditor enters the result with `sample check`.
            """,
        subcommands: [SampleSeal.self, SampleDraw.self, SampleFind.self, SampleCheck.self, SampleList.self]
    )
}

/// The secret of a sample, kept with the auditor's profile.
struct SampleSecret {
    let path: String

    init(_ folder: ProfileFolder, _ period: String, _ purpose: Sample.Purpose, _ language: Language) throws(Failure) {
        guard GovernancePeriod(period) != nil else {
            throw Failure(Refusal(.invalidValue, at: "--period", period), language: language)
        }
        path = folder.path + "/sample-\(period)-\(purpose.rawValue).secret"
    }

    func read(_ language: Language) throws(Failure) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .usage,
                "cannot-read",
                at: path,
                language == .zh ? "本机没有该样本的密值" : "the secret of this sample is not kept here",
                next: language == .zh ? "请在封存时所用的计算机与身份下运行" : "run this where, and as whom, it was sealed"
            )
        }
        return String(decoding: data, as: UTF8.self).trimmingBlanks()
    }
}

/// Seals a sample.
struct SampleSeal: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Before a period begins: seal what will draw its sample. / 封存抽样密值"
    )

    @Option(help: "A period that has not begun: 2026-09, 2026-Q3 or 2026.") var period: String
    @Option(name: .shortAndLong, help: "How many cases will be drawn.") var n: Int
    @Option(help: "source: against the originals. second-rating: the appropriate tier, again.")
    var purpose: Sample.Purpose = .source
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let file = try SampleSecret(session.folder, period, purpose, printer.language)
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw Failure(Refusal(.entryExists, at: file.path), language: printer.language)
        }
        let secret = (0..<32).map { _ in UInt8.random(in: 0...255) }
        // Kept before it is sealed: a digest without its secret draws nothing.
        try PrivateFile.write(Array((hexadecimal(secret) + "\n").utf8), to: file.path)
        let seal = Sample.Seal(
            period: period,
            purpose: purpose,
            size: n,
            commitment: hexadecimal(SHA256.hash(data: secret))
        )
        do {
            try await session.govern("seal-sample", ["entry": try Value(encoding: seal)])
        } catch let failure as Failure where failure.status == .refused {
            try? FileManager.default.removeItem(atPath: file.path)
            throw failure
        }
        printer.note(Phrase("sealed; the secret is kept in \(file.path)", "已封存；密值保存在 \(file.path)"))
    }
}

/// Draws a sample.
struct SampleDraw: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw",
        abstract: "After the period: reveal the secret and draw the sample. / 抽取样本"
    )

    @Option(help: "The period.") var period: String
    @Option(help: "source or second-rating.") var purpose: Sample.Purpose = .source
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let secret = try SampleSecret(session.folder, period, purpose, printer.language).read(printer.language)
        let drawn = try await session.json(
            "POST",
            "/network/governance/samples/draw",
            ["period": .string(period), "purpose": .string(purpose.rawValue), "secret": .string(secret)]
        )
        printer.show(
            Table(
                [.init("reference", Phrase("CASE", "会诊代号"))],
                rows: drawn["references"].array.map { .fields(["reference": $0]) }
            ),
            value: drawn
        )
    }
}

/// Finds one's own case.
struct SampleFind: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Which of your site's own cases a reference names. / 查找本院会诊"
    )

    @Argument(help: "The reference.") var reference: String
    @Option(help: "The sample's period.") var period: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let found = try await session.json(
            "GET",
            "/network/governance/references/\(Session.escaped(reference))?period=\(Session.escaped(period))"
        )
        printer.show(found, text: found["case"].text)
    }
}

/// Enters a result.
struct SampleCheck: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Enter what the original of a drawn case showed. / 录入核查结果"
    )

    @Argument(help: "The reference.") var reference: String
    @Option(help: "The sample's period.") var period: String
    @Option(help: "confirmed, discrepant or missing.") var result: Sample.Outcome
    @Option(help: "The measures it was checked for, with commas.") var measures: String
    @Option(help: "The site that showed the originals.") var site: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        guard let site = SiteID(site) else {
            throw Failure(Refusal(.siteUnknown, at: "--site"), language: printer.language)
        }
        let check = Sample.Check(
            period: period,
            reference: reference,
            measures: measures.split(separator: ",").map { MeasureName.read(String($0).trimmingBlanks()) },
            outcome: result,
            site: site
        )
        try await session.govern("check-sample", ["entry": try Value(encoding: check)])
        printer.note(Phrase("entered", "已录入"))
    }
}

/// Lists samples.
struct SampleList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Samples and their checks. / 样本列表")

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let list = try await session.json("GET", "/network/governance/samples")
        printer.show(Self.table(list.array))
    }

    static func table(_ rows: [Value]) -> Table {
        Table(
            [
                .init("period", Phrase("PERIOD", "时段")),
                .init("purpose", Phrase("PURPOSE", "用途")) { Terms.text($0["purpose"].text, $1) },
                .init("size", Phrase("SIZE", "样本量")),
                .init("references", Phrase("DRAWN", "已抽")) { row, _ in "\(row["references"].array.count)" },
                .init("checks", Phrase("CHECKED", "已核")) { row, _ in "\(row["checks"].array.count)" },
                .init("commitment", Phrase("SEALED", "摘要")) { row, _ in String(row["commitment"].text.prefix(16)) },
            ],
            rows: rows
        )
    }
}

/// Adopts a version of the model.
struct GovernanceAdopt: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Adopt, as an auditor, a version of the measures, for periods that begin afterwards. / 采纳指标体系",
        discussion:
            "Without --measures the program's own version; with it, measures of the network's own by the same form."
    )

    @Argument(help: "The version.") var version: String
    @Option(help: ArgumentHelp("Measures to add: JSON or YAML.", valueName: "file")) var measures: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let added =
            try measures.map { try SettingsFile.read([Measure].self, from: $0, language: printer.language) } ?? []
        try await session.govern("adopt", ["version": .string(version), "measures": try Value(encoding: added)])
        printer.note(Phrase("adopted: \(version)", "已采纳：\(version)"))
    }
}
