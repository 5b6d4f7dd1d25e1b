import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Foundation

/// Turns an invitation into an identity: the key is made here and never leaves.
struct Enroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enrol with the token of an invitation.",
        aliases: ["enrol"]
    )

    @Argument(help: "The token, `consilium1.…`; `-` reads it from the standard input.")
    var token: String

    @Option(help: ArgumentHelp("Enrol at this address instead of the token's.", valueName: "host:port"))
    var console: String?

    @Flag(help: "Keep an operator's key unencrypted (demonstrations, automation).")
    var noPassphrase = false

    @Flag(help: "Replace the identity that is here.")
    var replace = false

    @OptionGroup var identity: IdentityOptions

    func run() async throws {
        let language = identity.language
        let printer = identity.plainPrinter
        let given = token == "-" ? readLine(strippingNewline: true) ?? "" : token
        guard let invitation = EnrolmentToken(given) else {
            throw Failure(
                .usage,
                "token-unreadable",
                language == .zh ? "这不是邀请码" : "this is no enrolment token",
                next: language == .zh
                    ? "请完整粘贴以 consilium1. 开头的邀请码" : "paste the whole token; it begins with consilium1."
            )
        }
        let folder = try identity.folder()
        if folder.exists, !replace {
            throw Failure(
                .usage,
                "already-enrolled",
                at: folder.path,
                language == .zh ? "此处已有身份" : "there is an identity here already",
                next: language == .zh
                    ? "用 --profile 名称 另建，或用 --replace 替换" : "use --profile NAME for another, or --replace"
            )
        }
        let isNode = Principal(invitation.principal)?.kind == .node
        let passphrase = isNode || noPassphrase ? nil : try identity.passphrase.choose(language: language)
        try await enrol(invitation, in: folder, passphrase: passphrase, language: language, printer)
        if noPassphrase, !isNode {
            printer.warn(Phrase("the key is not encrypted; whoever reads it can sign", "密钥未加密；能读取该文件的人即可签名"))
        }
    }

    private func enrol(
        _ invitation: EnrolmentToken,
        in folder: ProfileFolder,
        passphrase: String?,
        language: Language,
        _ printer: Printer
    ) async throws {
        var console = Address(host: invitation.host, port: invitation.consolePort)
        if let text = self.console {
            guard let address = Address(text) else { throw ValidationError("--console is HOST:PORT") }
            console = address
        }
        let root: NetworkCertificate
        do throws(HubClientError) {
            root = try await HubClient.fetchRoot(
                host: console.host,
                port: console.port,
                fingerprint: invitation.rootFingerprint
            )
        } catch {
            throw Failure(error, hub: console.description, language: language)
        }
        let key = PrincipalKey()
        let answer = try await Console.post(
            "/enrol",
            [
                "secret": .string(invitation.secret),
                "csr": .string(try key.certificateSigningRequest(commonName: invitation.principal)),
            ],
            to: console,
            roots: [root],
            language: language
        )
        guard let pem = answer["certificate"].string, let network = answer["network"].string else {
            throw Failure(.unreachable, "answer-unreadable", at: "certificate", "the hub sent no certificate")
        }
        let chain = try NetworkCertificate.chain(pem: pem)
        _ = try Credentials(chain: chain, key: key)
        let api = answer["api"].string.flatMap { Address($0) } ?? Address(host: console.host, port: invitation.apiPort)
        let profile = Profile(
            network: network,
            principal: answer["principal"].string ?? invitation.principal,
            api: api,
            mllp: answer["mllp"].string.flatMap { Address($0) }
                ?? invitation.mllpPort.map { Address(host: console.host, port: $0) },
            console: console
        )
        try folder.make()
        try PrivateFile.write(root.pem, to: folder.root)
        let opened = Identity(key: key, chain: chain, root: [root], passphrase: passphrase)
        try opened.save(in: folder)
        try profile.save(in: folder)
        printer.note(
            Phrase(
                "enrolled as \(profile.principal) in network \(network); hub \(api); profile \(folder.path)",
                "已登记为 \(profile.principal)，协作网 \(network)，中心 \(api)，配置 \(folder.path)"
            )
        )
        let session = Session(
            folder: folder,
            profile: profile,
            identity: opened,
            hub: try Session.client(profile: profile, identity: opened, limits: HubClientLimits()),
            language: language
        )
        await session.housekeep()
        await session.close()
    }
}

/// Gets a new certificate now.
struct Renew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Renew the certificate now; every command does so by itself in time."
    )

    @OptionGroup var identity: IdentityOptions

    func run() async throws {
        let language = identity.language
        let folder = try identity.folder()
        let profile = try Profile.load(folder, language: language)
        let opened = try Identity.open(folder, passphrase: identity.passphrase, language: language)
        let renewed: Identity?
        if opened.leaf.notAfter < Date() {
            renewed = try await Renewal.renewExpired(
                profile: profile,
                folder: folder,
                identity: opened,
                language: language
            )
        } else {
            let session = Session(
                folder: folder,
                profile: profile,
                identity: opened,
                hub: try Session.client(profile: profile, identity: opened, limits: HubClientLimits()),
                language: language
            )
            do {
                renewed = try await Renewal.renew(session)
            } catch {
                await session.close()
                throw error
            }
            await session.close()
        }
        let printer = identity.plainPrinter
        guard let renewed else {
            printer.note(Phrase("another command renews it just now", "另一命令正在更新证书"))
            return
        }
        let until = Instant(milliseconds: Int64(renewed.leaf.notAfter.timeIntervalSince1970 * 1_000)).iso8601
        printer.note(
            Phrase("renewed; valid until \(LocalTime.text(until))", "已更新证书，有效期至 \(LocalTime.text(until))")
        )
    }
}

/// Says who one is to the hub.
struct WhoAmI: HubCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Show this identity, its roles and its certificate."
    )

    @OptionGroup var identity: IdentityOptions
    @OptionGroup var form: OutputOptions

    func run(_ session: Session, _ printer: Printer) async throws {
        let me = try await session.json("GET", "/network/me")
        printer.show(me, text: CaseText.fields(me, printer.language))
    }
}
