import ArgumentParser
import ConsiliumCore

extension Indicator: ExpressibleByArgument {}
extension Assessment.Confidence: ExpressibleByArgument {}

/// Assessments of the eight indicators, blind until all have signed.
struct GovernanceAssess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assess",
        abstract: "Rate the eight indicators, blind to the other auditors until all have signed. / 评估八项治理指标",
        subcommands: [
            AssessOpen.self, AssessQuestions.self, AssessRate.self, AssessSign.self, AssessShow.self, AssessList.self,
            AssessLeave.self, AssessAbandon.self, AssessDeclare.self,
        ]
    )
}

/// Opens an assessment.
struct AssessOpen: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open the assessment of a period that has ended. / 开始评估"
    )

    @Option(help: "A month, quarter or year: 2026-09, 2026-Q3 or 2026.") var period: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let done = try await session.govern("open-assessment", ["period": .string(period)])
        printer.show(done, text: done["id"].text)
    }
}

/// Prints the questionnaire.
struct AssessQuestions: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "The eight items with the anchor of every point. / 评估问卷"
    )

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let value = try await session.json("GET", "/network/governance/model")
        let questionnaire = try value["questionnaire"].decoded(as: Questionnaire.self)
        let language = printer.language
        printer.show(value["questionnaire"], text: Self.text(questionnaire, language))
    }

    static func text(_ questionnaire: Questionnaire, _ language: Language) -> String {
        questionnaire.items
            .map { item in
                "\(item.indicator.rawValue)  \(item.indicator.name.text(language))\n    \(item.question.text(language))\n"
                    + item.anchors.enumerated()
                    .map { "    \($0.offset)  \($0.element.text(language))\n" }.joined()
            }
            .joined(separator: "\n")
    }
}

/// Rates one item.
struct AssessRate: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate",
        abstract: "Rate one item, or correct your rating before you sign. / 评分",
        discussion: """
            OF is rated in two halves, residual claim and decision power, of 0 to 2 each: --halves 2,0. \
            Evidence names what the rating rests on: event:PSEUDONYM/SEQUENCE (both stand in `governance drill --case`), \
            event:network/SEQUENCE, event:governance/SEQUENCE, register:ID or document:SHA256.
            """
    )

    @Argument(help: "The assessment.") var assessment: String
    @Argument(help: "The item: OC, OF, IDR, PMR, FMR, SF, GR or IE.") var item: Indicator
    @Argument(help: "0 to 4, by the anchors of `assess questions`.") var value: Int
    @Option(help: "How sure you are: low, medium or high.") var confidence: Assessment.Confidence
    @Option(help: ArgumentHelp("What it rests on; may be given again.", valueName: "kind:reference"))
    var evidence: [String] = []
    @Option(help: ArgumentHelp("The two halves of OF.", valueName: "claim,power")) var halves: String?
    @Flag(help: "Correct a rating that you gave before.") var correct = false
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let language = printer.language
        let rating = Assessment.Rating(
            item,
            value,
            halves: try halves.map { try Self.halves($0, language) },
            confidence,
            evidence: try evidence.map { try Self.evidence($0, language) }
        )
        try await session.govern(
            correct ? "correct" : "rate",
            ["id": .string(assessment), "rating": try Value(encoding: rating)]
        )
        printer.note(Phrase("rated: \(item.rawValue) \(value)", "已评分：\(item.rawValue) \(value)"))
    }

    private static func halves(_ text: String, _ language: Language) throws(Failure) -> OwnerHalves {
        let parts = text.split(separator: ",").compactMap { Int($0) }
        guard parts.count == 2 else {
            throw Failure(
                .usage,
                "invalid-value",
                at: "--halves",
                language == .zh ? "应为两个数，例如 2,0" : "two numbers are expected, such as 2,0"
            )
        }
        return OwnerHalves(residualClaim: parts[0], decisionPower: parts[1])
    }

    private static func evidence(_ text: String, _ language: Language) throws(Failure) -> Assessment.Evidence {
        let parts = text.split(separator: ":", maxSplits: 1).map { String($0) }
        guard parts.count == 2, let kind = Assessment.Evidence.Kind(rawValue: parts[0]) else {
            let known = Assessment.Evidence.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(
                .usage,
                "invalid-value",
                at: "--evidence",
                language == .zh ? "应为 类别:编号，类别为 \(known)" : "kind:reference is expected; kinds are \(known)"
            )
        }
        return Assessment.Evidence(kind, parts[1])
    }
}

/// Signs.
struct AssessSign: EntryAct {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign your ratings; after that nothing of them changes. / 签名"
    )
    static let verb = "sign"
    static let done = Phrase("signed", "已签名")

    @Argument(help: "The assessment.") var id: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions
}

/// Takes back all of one's ratings.
struct AssessLeave: EntryAct {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Take back all your ratings, before you sign. / 退出评估"
    )
    static let verb = "leave"
    static let done = Phrase("left", "已退出")

    @Argument(help: "The assessment.") var id: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions
}

/// Gives an assessment up.
struct AssessAbandon: EntryAct {
    static let configuration = CommandConfiguration(
        commandName: "abandon",
        abstract: "Give an assessment up, for everybody. / 放弃评估"
    )
    static let verb = "abandon"
    static let done = Phrase("abandoned", "已放弃")

    @Argument(help: "The assessment.") var id: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions
}

/// The network's own word.
struct AssessDeclare: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "declare",
        abstract: "The network's own ratings, labelled self-declared until auditors have signed. / 自评",
        discussion: "The file is JSON or YAML: a list of {indicator, value, confidence, evidence: [{kind, reference}]}."
    )

    @Argument(help: "The assessment.") var assessment: String
    @Argument(help: "The file; `-` is the standard input.") var file: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let ratings = try SettingsFile.read([Assessment.Rating].self, from: file, language: printer.language)
        try await session.govern("declare", ["id": .string(assessment), "ratings": try Value(encoding: ratings)])
        printer.note(Phrase("declared", "已提交自评"))
    }
}

/// One assessment.
struct AssessShow: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "An assessment as far as you may see it. / 查看评估"
    )

    @Argument(help: "The assessment.") var assessment: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let value = try await session.json("GET", "/network/governance/assessments/" + Session.escaped(assessment))
        printer.show(value, text: CaseText.fields(value, printer.language))
    }
}

/// Every assessment.
struct AssessList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Every assessment. / 评估列表")

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let list = try await session.json("GET", "/network/governance/assessments")
        printer.show(Self.table(list.array))
    }

    static func table(_ rows: [Value]) -> Table {
        Table(
            [
                .init("id", Phrase("ASSESSMENT", "评估编号")), .init("from", Phrase("FROM", "起")),
                .init("to", Phrase("TO", "止")),
                .init("state", Phrase("STATE", "状态")) { Terms.text($0["state"].text, $1) },
                .init("signed", Phrase("SIGNED", "已签名")),
            ],
            rows: rows
        )
    }
}
