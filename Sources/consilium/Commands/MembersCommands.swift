import ArgumentParser
import ConsiliumCore
import Foundation

/// The people and engines of one's site.
struct Operators: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The operators and nodes of your site.",
        subcommands: [OperatorsList.self, OperatorsInvite.self, OperatorsSuspend.self]
    )
}

/// The members of the network as a table.
enum MembersTable {
    static func show(_ session: Session, _ printer: Printer) async throws {
        let list = try await session.json("GET", "/network/members")
        printer.show(
            Table(
                [
                    .init("principal", Phrase("PRINCIPAL", "身份")), .init("roles", Phrase("ROLES", "角色")),
                    .init("actsFor", Phrase("ACTS FOR", "代办机构")),
                    .init("notAfter", Phrase("CERTIFICATE UNTIL", "证书有效期至")) { row, _ in
                        LocalTime.text(row["certificates"].array.map { $0["notAfter"].text }.max() ?? "")
                    } csv: { row in
                        row["certificates"].array.map { $0["notAfter"].text }.max() ?? ""
                    },
                    .time("revokedAt", Phrase("REVOKED", "吊销时间")),
                ],
                rows: list.array
            )
        )
    }

    /// `SITE/op/NAME`, with one's own site and `op` where only a name is given.
    static func principal(_ text: String, _ session: Session, node: Bool = false) throws -> String {
        let full = text.contains("/") ? text : "\(try session.site())/\(node ? "node" : "op")/\(text)"
        guard Principal(full) != nil else {
            throw Failure(Refusal(.invalidValue, at: text), language: session.language)
        }
        return full
    }
}

/// Lists the members.
struct OperatorsList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List operators and nodes.")

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws { try await MembersTable.show(session, printer) }
}

/// Invites a colleague or a node.
struct OperatorsInvite: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Invite a colleague of your site; prints the token."
    )

    @Argument(help: "Name: letters, digits, dots, underscores, hyphens; or SITE/op/NAME.") var name: String
    @Option(help: "Roles; may be repeated. Without any: requester.") var role: [Role] = []
    @Flag(help: "Invite without a role, as one who is to be an auditor: the network's administrator grants it.")
    var noRole = false
    @Flag(help: "Invite an interface engine instead of a person.") var node = false
    @Option(help: ArgumentHelp("How long the token holds.", valueName: "hours")) var hours = 24
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func validate() throws {
        if noRole, !role.isEmpty { throw ValidationError("--no-role and --role exclude each other") }
    }

    func run(_ session: Session, _ printer: Printer) async throws {
        let principal = try MembersTable.principal(name, session, node: node)
        let roles = role.isEmpty && !noRole ? [.requester] : role
        try await Invitation.make(principal, roles: roles, hours: hours, session, printer)
    }
}

/// Revokes a member.
struct OperatorsSuspend: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Revoke an operator or node: open connections end within seconds."
    )

    @Argument(help: "Name, or SITE/op/NAME.") var principal: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let full = try MembersTable.principal(principal, session)
        try await session.json("POST", "/network/members/\(full)/revoke", [:])
        printer.note(Phrase("revoked: \(full)", "已吊销：\(full)"))
    }
}

/// What members may do.
struct Grants: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Roles, and for whom a principal may act.",
        subcommands: [GrantsList.self, GrantsAdd.self, GrantsRemove.self]
    )
}

/// Lists what was granted.
struct GrantsList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List roles and acts-for grants.")

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws { try await MembersTable.show(session, printer) }
}

/// A command that gives or takes a grant.
protocol GrantCommand: HubCommand {
    var principal: String { get }
    var role: [Role] { get }
    var actsFor: [String] { get }
    var isGrant: Bool { get }
}

extension GrantCommand {
    func validate() throws {
        if role.isEmpty, actsFor.isEmpty { throw ValidationError("give --role or --acts-for") }
    }

    func run(_ session: Session, _ printer: Printer) async throws {
        let full = try MembersTable.principal(principal, session)
        for role in role {
            let body: Value = ["role": .string(role.rawValue), "grant": .bool(isGrant)]
            try await session.json("POST", "/network/members/\(full)/roles", body)
        }
        for site in actsFor {
            let body: Value = ["site": .string(site), "grant": .bool(isGrant)]
            try await session.json("POST", "/network/members/\(full)/acts-for", body)
        }
        let what = (role.map(\.rawValue) + actsFor.map { "acts-for \($0)" }).joined(separator: ", ")
        printer.note(
            isGrant
                ? Phrase("granted to \(full): \(what)", "已授予 \(full)：\(what)")
                : Phrase("taken from \(full): \(what)", "已收回 \(full)：\(what)")
        )
    }
}

/// Gives roles or acts-for.
struct GrantsAdd: GrantCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Grant a role, or to act for a site.")

    @Argument(help: "Name, or SITE/op/NAME, SITE/node/NAME.") var principal: String
    @Option(help: "A role; may be repeated.") var role: [Role] = []
    @Option(help: ArgumentHelp("A site for which it may send; may be repeated.", valueName: "code")) var actsFor:
        [String] = []
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    var isGrant: Bool { true }
}

/// Takes roles or acts-for away.
struct GrantsRemove: GrantCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take a role or acts-for away.")

    @Argument(help: "Name, or SITE/op/NAME, SITE/node/NAME.") var principal: String
    @Option(help: "A role; may be repeated.") var role: [Role] = []
    @Option(help: ArgumentHelp("A site; may be repeated.", valueName: "code")) var actsFor: [String] = []
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    var isGrant: Bool { false }
}

/// Expired certificates.
struct Renewals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Renewals of expired certificates.",
        subcommands: [RenewalsApprove.self]
    )
}

/// Lets an expired certificate be renewed.
struct RenewalsApprove: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let a member with an expired certificate renew it within 24 hours."
    )

    @Argument(help: "Name, or SITE/op/NAME.") var principal: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let full = try MembersTable.principal(principal, session)
        try await session.json("POST", "/network/members/\(full)/approve-renewal", [:])
        printer.note(Phrase("approved: \(full) may run `consilium renew`", "已批准：\(full) 可运行 consilium renew"))
    }
}
