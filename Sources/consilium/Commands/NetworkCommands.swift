import ArgumentParser
import ConsiliumCore
import ConsiliumReports
import ConsiliumTransport
import Foundation

/// What the hub hands to the sites.
struct Deliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Messages from the hub to the sites.",
        subcommands: [DeliveriesList.self, DeliveriesRedrive.self, DeliveriesDiscard.self]
    )
}

/// Lists deliveries.
struct DeliveriesList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List deliveries.")

    enum State: String, CaseIterable, ExpressibleByArgument {
        case pending
        case dead
        case done
    }

    @Option(help: "Only those in this state.") var state: State?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let query = state.map { "?state=" + $0.rawValue } ?? ""
        let list = try await session.json("GET", "/network/deliveries" + query)
        let rows = list.array.isEmpty ? list["deliveries"].array : list.array
        printer.show(
            Table(
                [
                    .init("id", Phrase("DELIVERY", "投递编号")), .init("case", Phrase("CASE", "会诊编号")),
                    .init("site", Phrase("TO", "收件机构")),
                    .init("kind", Phrase("WHAT", "内容")) { Terms.text($0["kind"].text, $1) },
                    .init("state", Phrase("STATE", "状态")) { Terms.text($0["state"].text, $1) },
                    .init("attempts", Phrase("ATTEMPTS", "次数")) { row, _ in
                        row["attempts"].isNull ? row["attempt"].text : row["attempts"].text
                    },
                    .init("reason", Phrase("REASON", "原因")) { row, _ in
                        row["reason"].isNull ? row["error"].text : row["reason"].text
                    },
                ],
                rows: rows
            )
        )
    }
}

/// Tries a dead delivery again.
struct DeliveriesRedrive: HubCommand {
    static let configuration = CommandConfiguration(commandName: "redrive", abstract: "Try dead deliveries again.")

    @Argument(help: "Deliveries.") var ids: [String]
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        for id in ids {
            try await session.json("POST", "/network/deliveries/\(Session.escaped(id))/redrive", [:])
            printer.note(Phrase("redriven: \(id)", "已重新投递：\(id)"))
        }
    }
}

/// Gives a delivery up.
struct DeliveriesDiscard: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give a delivery up, with a reason."
    )

    @Argument(help: "The delivery.") var id: String
    @Option(help: ArgumentHelp("Why: a short code of your own, such as obsolete.", valueName: "code")) var reason:
        String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await session.json(
            "POST",
            "/network/deliveries/\(Session.escaped(id))/discard",
            ["reason": .string(reason)]
        )
        printer.note(Phrase("discarded: \(id)", "已放弃：\(id)"))
    }
}

/// Frames that were refused.
struct Quarantine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Refused and held messages, for diagnosis.",
        subcommands: [QuarantineList.self, QuarantineShow.self]
    )
}

/// Lists refused frames.
struct QuarantineList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List refused messages.")

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let list = try await session.json("GET", "/network/quarantine")
        let rows = list.array.isEmpty ? list["entries"].array : list.array
        printer.show(
            Table(
                [
                    .init("id", Phrase("NUMBER", "编号")),
                    .time("receivedAt", Phrase("TIME", "时间")),
                    .init("site", Phrase("SITE", "机构")), .init("door", Phrase("DOOR", "入口")),
                    .init("code", Phrase("CODE", "错误")), .init("location", Phrase("PLACE", "位置")),
                    .init("size", Phrase("BYTES", "字节数")),
                ],
                rows: rows
            )
        )
    }
}

/// Shows one refused frame.
struct QuarantineShow: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a refused message: where and why; its bytes with --raw."
    )

    @Argument(help: "The number of the message.") var id: String
    @Flag(help: "Print the bytes as they came.") var raw = false
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let bytes = try await session.send("GET", "/network/quarantine/" + Session.escaped(id)).body
        if raw {
            Terminal.output(bytes)
            return
        }
        let list = try await session.json("GET", "/network/quarantine")
        var fields = list.array.first { $0["id"].string == id }?.object ?? ["id": .string(id)]
        let content = try? OutgoingReader.text(bytes, label: id, language: printer.language)
        var text = CaseText.fields(.object(fields), printer.language)
        if let content {
            // Segments end in carriage returns, which a terminal would use to write over them.
            let lines = content.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            text += "\n\n" + DisplayWidth.harmless(lines, keepingLines: true)
        }
        fields["content"] = content.map { .string($0) }
        fields["data"] = content == nil ? .string(Data(bytes).base64EncodedString()) : nil
        printer.show(.object(fields), text: text)
    }
}

/// The network itself.
struct NetworkCommandGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "The network and its policy.",
        subcommands: [NetworkShow.self, NetworkPolicyCommand.self]
    )
}

/// Shows the network.
struct NetworkShow: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the network, its clock and policy."
    )

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let value = try await session.json("GET", "/network")
        printer.show(value, text: CaseText.fields(value, printer.language))
        if value["isDemonstration"].bool == true || value["policy"]["isDemonstration"].bool == true {
            printer.warn(Phrase("a demonstration: the limits are shortened", "这是演示网络：时限已缩短"))
        }
    }
}

/// The policy of the network.
struct NetworkPolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Limits and rules of the network.",
        subcommands: [NetworkPolicyShow.self, NetworkPolicySet.self]
    )
}

/// Shows the policy.
struct NetworkPolicyShow: HubCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the policy.")

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let policy = try await session.json("GET", "/network")["policy"]
        printer.show(policy, text: policy.yaml)
    }
}

/// Sets the policy.
struct NetworkPolicySet: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set the policy from a file (JSON or YAML, as `policy show -o yaml` prints it)."
    )

    @Argument(help: "The file; `-` is the standard input.") var file: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let policy = try SettingsFile.read(NetworkPolicy.self, from: file, language: printer.language)
        try await session.json("PUT", "/network/policy", try Value(encoding: policy))
        printer.note(Phrase("the policy is set", "策略已生效"))
    }
}
