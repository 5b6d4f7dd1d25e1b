import ArgumentParser
import ConsiliumCore

extension Outcome.Result: CodeArgument {}

/// How the patient fared.
struct OutcomeCommand: ActCommand {
    static let configuration = CommandConfiguration(
        commandName: "outcome",
        abstract: "Say how the patient fared after the case was closed. / 反馈结局"
    )

    @Argument(help: "The case.") var `case`: String
    @Option(help: "How.") var result: Outcome.Result
    @Option(help: "How useful the consultation was, 1 to 5.") var rating: Int?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform(
            "outcome",
            ["result": .string(result.rawValue), "rating": rating.map { .integer(Int64($0)) } ?? .null],
            session,
            printer
        )
    }
}

/// Prices a consultation.
struct Price: ActCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put the price of a reported consultation on record, and who gets which part. / 登记费用",
        discussion: """
            Amounts are fen; the parts add up to the gross: --gross 30000 --part QS-COUNTY=30000. Whose tariff that is says \
            the register of tariffs on that day: the site's, the network's for the site, or nobody's. Parties are those of \
            the contracts in force.
            """
    )

    @Argument(help: "The case.") var `case`: String
    @Option(help: "What it costs in all, in fen; 0 for free of charge.") var gross: Int
    @Option(help: ArgumentHelp("What one party gets, in fen; may be given again.", valueName: "party=fen"))
    var part: [String] = []
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let lines = try part.map { text in
            let sides = text.split(separator: "=")
            guard sides.count == 2, let party = SiteID(sides[0]), let amount = Int(sides[1]) else {
                throw Failure(Refusal(.invalidValue, at: "--part", text), language: printer.language)
            }
            return Value.fields(["party": .string(party.description), "amount": .integer(Int64(amount))])
        }
        try await perform("price", ["gross": .integer(Int64(gross)), "lines": .array(lines)], session, printer)
    }
}

/// Says that every party has its part.
struct Settle: ActCommand {
    static let configuration = CommandConfiguration(abstract: "Say that a priced consultation is settled. / 结清")

    @Argument(help: "The case.") var `case`: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws { try await perform("settle", [:], session, printer) }
}

/// Rates the appropriate tier of a drawn case again.
struct RateTier: ActCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate-tier",
        abstract: "Rate the appropriate tier of a case that was drawn and assigned to your site, blind. / 适宜层级盲法复评",
        discussion: """
            The inbox lists what your site is to rate, for 30 days; `show` tells what the rating rests on, without the first \
            rating, the outcome and who took part. The lowest tier that could have treated the patient is the one to name.
            """
    )

    @Argument(help: "The case.") var `case`: String
    @Option(help: "primary, county, municipal, provincial or national.") var tier: Tier
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await perform("rate-tier", ["tier": .string(tier.rawValue)], session, printer)
    }
}

/// Disputes lines of a settlement.
struct Dispute: ActCommand {
    static let configuration = CommandConfiguration(
        abstract: "Dispute lines of a consultation's price, as the requesting site. / 对结算提出异议"
    )

    @Argument(help: "The case.") var `case`: String
    @Option(help: "Numbers of the lines, from 1, with commas.") var lines: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let numbers = lines.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, !numbers.contains(nil) else {
            throw Failure(Refusal(.invalidValue, at: "--lines", lines), language: printer.language)
        }
        try await perform(
            "dispute",
            ["lines": .array(numbers.compactMap { $0 }.map { .integer(Int64($0)) })],
            session,
            printer
        )
    }
}
