import ArgumentParser
import ConsiliumCore
import Foundation
import Yams

/// The member hospitals.
struct Sites: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The member sites of the network.",
        subcommands: [
            SitesList.self, SitesShow.self, SitesImport.self, SitesInvite.self, SitesSuspend.self, SitesActivate.self,
            SitesCapacity.self, SitesApprove.self, SitesConformance.self,
        ]
    )
}

/// Lists the directory.
struct SitesList: HubCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the sites.")

    @Option(help: ArgumentHelp("Only sites that take this department.", valueName: "code")) var department: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await session.refreshDirectory()
        let list = try await session.json("GET", "/network/directory")
        var rows = list.array
        if let department {
            guard let code = DepartmentCode(department) else {
                throw Failure(Refusal(.unknownCode, at: "department", department), language: printer.language)
            }
            let able = Directory.stored(in: session.folder).network.candidates(for: code).map(\.id.description)
            rows = rows.filter { able.contains($0["id"].text) }
        }
        printer.show(
            Table(
                [
                    .init("id", Phrase("CODE", "机构代码")),
                    .init("name", Phrase("NAME", "名称")) { row, language in
                        language == .zh ? row["name"].text : row["englishName"].string ?? row["name"].text
                    },
                    .init("tier", Phrase("TIER", "级别")) { Terms.text($0["tier"].text, $1) },
                    .init("status", Phrase("STATUS", "状态")) { Terms.text($0["status"].text, $1) },
                    .init("dutyTelephone", Phrase("DUTY TELEPHONE", "值班电话")),
                    .init("departments", Phrase("DEPARTMENTS", "科室")) { row, _ in
                        row["departments"].object.keys.sorted().joined(separator: " ")
                    },
                ],
                rows: rows
            )
        )
    }
}

/// Shows one site.
struct SitesShow: HubCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one site.")

    @Argument(help: "The site's organisation code.") var site: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let value = try await session.json("GET", "/network/sites/" + Session.escaped(site))
        printer.show(value, text: CaseText.fields(value, printer.language))
    }
}

/// Puts sites into the directory, from JSON or YAML.
struct SitesImport: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add or change sites from a file (JSON or YAML, a list of sites)."
    )

    @Argument(help: "The file; `-` is the standard input.") var file: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let sites = try SettingsFile.read([Site].self, from: file, language: printer.language)
        try await session.json("PUT", "/network/sites", try Value(encoding: sites))
        printer.note(Phrase("\(sites.count) sites imported", "已导入 \(sites.count) 家机构"))
        try await session.refreshDirectory()
    }
}

/// Files of settings, JSON or YAML.
enum SettingsFile {
    /// Reads `path`; what is wrong is said with its place in the file.
    static func read<T: Decodable>(_ type: T.Type, from path: String, language: Language) throws -> T {
        let bytes = try FormFile.read(path, language: language)
        do {
            let isJSON = MessageKind(sniffing: bytes) == .fhir
            if isJSON { return try JSONDecoder().decode(type, from: Data(bytes)) }
            return try YAMLDecoder().decode(type, from: String(decoding: bytes, as: UTF8.self))
        } catch let error as DecodingError {
            throw Failure(.refused, items: [item(error, in: path)])
        } catch {
            throw Failure(.refused, "file-unreadable", at: path, "\(error)")
        }
    }

    private static func item(_ error: DecodingError, in path: String) -> Failure.Item {
        let (context, what): (DecodingError.Context, String) =
            switch error {
            case .keyNotFound(let key, let context): (context, "missing \(key.stringValue)")
            case .typeMismatch(let type, let context): (context, "not a \(type): \(context.debugDescription)")
            case .valueNotFound(let type, let context): (context, "no \(type) here")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (.init(codingPath: [], debugDescription: ""), "\(error)")
            }
        let place = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? "." + $0.stringValue }.joined()
        return Failure.Item(code: "invalid-value", place: path + (place.isEmpty ? "" : " " + place), sentence: what)
    }
}

/// Invites a site's first principal.
struct SitesInvite: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Invite a site's first administrator, or its gateway with --node; prints the token."
    )

    @Argument(
        help: ArgumentHelp("SITE/op/NAME, SITE/node/NAME, or a site's organisation code.", valueName: "principal")
    )
    var site: String
    @Option(help: ArgumentHelp("Name of the person or node, when only the site is given.", valueName: "name"))
    var name: String?
    @Flag(help: "Invite an interface engine instead of a person.") var node = false
    @Option(help: "Roles; default: site-administrator, for a node requester and expert (your own site only).") var role:
        [Role] = []
    @Option(help: ArgumentHelp("How long the token holds.", valueName: "hours")) var hours = 24
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let bare = "\(site)/\(node ? "node" : "op")/\(name ?? (node ? "gateway" : "admin"))"
        let principal = site.contains("/") ? site : bare
        let isNode = Principal(principal)?.kind == .node
        let defaults: [Role] = isNode ? [.requester, .expert] : [.siteAdministrator]
        try await Invitation.make(principal, roles: role.isEmpty ? defaults : role, hours: hours, session, printer)
    }
}

extension Role: ExpressibleByArgument {}

/// One-time tokens.
enum Invitation {
    static func make(_ principal: String, roles: [Role], hours: Int, _ session: Session, _ printer: Printer)
        async throws
    {
        guard Principal(principal) != nil else {
            throw Failure(Refusal(.invalidValue, at: "principal", principal), language: printer.language)
        }
        let answer = try await session.json(
            "POST",
            "/network/invitations",
            [
                "principal": .string(principal), "roles": .array(roles.map { .string($0.rawValue) }),
                "hours": .integer(Int64(hours)),
            ]
        )
        printer.note(
            Phrase(
                "token for \(principal), good for \(hours) h, once; then: consilium enroll TOKEN",
                "\(principal) 的邀请码，\(hours) 小时内有效，仅可使用一次；对方运行 consilium enroll 邀请码"
            )
        )
        printer.show(answer, text: answer["token"].text)
    }
}

/// Takes a site out of routing.
struct SitesSuspend: HubCommand {
    static let configuration = CommandConfiguration(commandName: "suspend", abstract: "Suspend a site.")

    @Argument(help: "The site's organisation code.") var site: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await SiteStatus.set("suspended", site, session, printer)
    }
}

/// Takes a site in again.
struct SitesActivate: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Make a suspended site active again."
    )

    @Argument(help: "The site's organisation code.") var site: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await SiteStatus.set("active", site, session, printer)
    }
}

private enum SiteStatus {
    static func set(_ status: String, _ site: String, _ session: Session, _ printer: Printer) async throws {
        try await session.json("POST", "/network/sites/\(Session.escaped(site))/status", ["status": .string(status)])
        printer.note(Phrase("\(site): \(status)", "\(site)：\(Terms.text(status, .zh))"))
    }
}

/// Sets how many cases a department takes at a time.
struct SitesCapacity: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Set how many cases a department takes at a time."
    )

    @Argument(help: "Department code.") var department: String
    @Argument(help: "Accepted, unreported cases at a time.") var capacity: Int
    @Option(help: ArgumentHelp("The site (default: your own).", valueName: "code")) var site: String?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        guard let code = DepartmentCode(department) else {
            throw Failure(Refusal(.unknownCode, at: "department", department), language: printer.language)
        }
        let target = try site ?? session.site().description
        try await session.json(
            "POST",
            "/network/sites/\(Session.escaped(target))/capacity",
            ["department": .string(code.description), "capacity": .integer(Int64(capacity))]
        )
        printer.note(
            Phrase("\(target) \(code) \(code.name): \(capacity)", "\(target) \(code) \(code.name)：\(capacity)")
        )
    }
}

/// Approves a site.
struct SitesApprove: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract:
            "Put on record, as the network's administrator, that a site is approved; its way to conformance begins. / 批准接入"
    )

    @Argument(help: "The site's organisation code.") var site: String
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        try await session.govern("approve-site", ["site": .string(site)])
        printer.note(Phrase("\(site): approved", "\(site)：已批准接入"))
    }
}

/// Says that a site has passed conformance.
struct SitesConformance: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Put on record, as the network's administrator, that an approved site passed conformance. / 一致性测试通过",
        discussion: "The hub records it by itself at the first message that it takes whole from an approved site."
    )

    @Argument(help: "The site's organisation code.") var site: String
    @Option(help: "The format that was tested (default: the one of the site's profile).") var format:
        ExchangeProfile.Format?
    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        var tested = format
        if tested == nil {
            let profile = try await session.json("GET", "/network/sites/" + Session.escaped(site))["profile"]
            tested = profile["format"].string.flatMap { ExchangeProfile.Format(rawValue: $0) }
        }
        guard let tested else { throw Failure(Refusal(.unknownCode, at: "--format"), language: printer.language) }
        try await session.govern(
            "pass-conformance",
            ["site": .string(site), "format": .string(tested.rawValue)]
        )
        printer.note(
            Phrase("\(site): passed conformance (\(tested.rawValue))", "\(site)：一致性测试通过（\(tested.rawValue)）")
        )
    }
}

extension ExchangeProfile.Format: ExpressibleByArgument {}
