import ConsiliumCore
import ConsiliumTransport
import Foundation

/// One command's connection to the hub under one identity.
struct Session: Sendable {
    let folder: ProfileFolder
    let profile: Profile
    let identity: Identity
    let hub: HubClient
    let language: Language

    /// Opens the identity; nothing is sent yet.
    static func open(_ options: IdentityOptions, limits: HubClientLimits = HubClientLimits()) throws -> Session {
        let language = options.language
        let folder = try options.folder()
        let profile = try Profile.load(folder, language: language)
        let identity = try Identity.open(folder, passphrase: options.passphrase, language: language)
        if identity.leaf.notAfter < Date() {
            throw Failure(
                .unreachable,
                "certificate-expired",
                at: folder.certificate,
                language == .zh ? "证书已过期" : "the certificate has expired",
                next: language == .zh
                    ? "请运行 consilium renew；须由本机构管理员先批准"
                    : "run `consilium renew`; your site's administrator must approve it first"
            )
        }
        return Session(
            folder: folder,
            profile: profile,
            identity: identity,
            hub: try client(profile: profile, identity: identity, limits: limits),
            language: language
        )
    }

    /// Runs `body` in a session that is closed afterwards, whatever comes of it.
    static func using<Answer>(
        _ options: IdentityOptions,
        _ body: (Session) async throws -> Answer
    ) async throws -> Answer {
        let session = try open(options)
        let answer: Answer
        do {
            answer = try await body(session)
        } catch {
            await session.close()
            throw error
        }
        await session.housekeep()
        await session.close()
        return answer
    }

    static func client(profile: Profile, identity: Identity, limits: HubClientLimits) throws -> HubClient {
        let credentials = try Credentials(chain: identity.chain, key: identity.key)
        let tls = try ClientTLS(roots: identity.root, credentials: credentials)
        return HubClient(host: profile.api.host, port: profile.api.port, tls: tls, limits: limits)
    }

    func close() async { await hub.shutdown() }

    /// The site that this identity belongs to.
    func site() throws -> SiteID {
        guard let site = profile.site else {
            throw Failure(.usage, "profile-unreadable", at: folder.profile, "no principal")
        }
        return site
    }

    /// Sends a request and gives back the answer when it is a success; otherwise throws what it says.
    func send(
        _ method: String,
        _ path: String,
        headers: [HubHeader] = [],
        body: [UInt8]? = nil
    ) async throws -> HubResponse {
        let response: HubResponse
        do throws(HubClientError) {
            response = try await hub.request(
                method,
                path,
                headers: headers + [HubHeader("Accept-Language", language.rawValue)],
                body: body
            )
        } catch {
            throw Failure(error, hub: profile.api.description, language: language)
        }
        guard (200..<300).contains(response.status) else {
            throw HubRefusal.failure(response, language: language)
        }
        return response
    }

    /// Plain JSON in and out, as `/network` speaks it; an empty answer is null.
    @discardableResult
    func json(_ method: String, _ path: String, _ body: Value? = nil) async throws -> Value {
        var headers = [HubHeader("Accept", "application/json")]
        if body != nil { headers.append(HubHeader("Content-Type", "application/json")) }
        let response = try await send(method, path, headers: headers, body: body?.jsonBytes)
        if response.body.isEmpty { return .null }
        guard let value = Value(json: response.body) else {
            throw Failure(
                .unreachable,
                "answer-unreadable",
                at: path,
                language == .zh ? "中心的答复无法读取" : "the hub's answer cannot be read"
            )
        }
        return value
    }

    /// A resource of the FHIR door.
    func fhir(_ path: String) async throws -> Value {
        let response = try await send("GET", path, headers: [HubHeader("Accept", "application/fhir+json")])
        return Value(json: response.body) ?? .null
    }

    /// `text` as one segment of a path or one value of a query (RFC 3986, unreserved characters only).
    static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}

extension Session {
    /// The identifier of a case that is named by it or by the requesting site's own number.
    func caseID(_ text: String) async throws -> String {
        if let id = CaseID(text) { return id.description }
        let found = try await fhir("/fhir/ServiceRequest?identifier=" + Self.escaped(text))
        let matches = found["entry"].array.map { $0["resource"] }.filter { $0["resourceType"] == "ServiceRequest" }
        guard let id = matches.first?["id"].string else {
            throw Failure(Refusal(.notFound, at: text), language: language)
        }
        if matches.count > 1 {
            throw Failure(
                .usage,
                "ambiguous",
                at: text,
                language == .zh ? "有多个会诊使用该编号" : "several cases have this number",
                next: matches.compactMap { $0["id"].string }.joined(separator: ", ")
            )
        }
        return id
    }

    /// What the hub shows of a case: facts, and where they are disclosed application, report, documents, events.
    func record(_ id: String) async throws -> Value { try await json("GET", "/network/cases/\(id)") }

    /// Does something to a case, once: where the answer is lost it is asked for again, under the same key.
    func act(_ act: String, on id: String, _ fields: KeyValuePairs<String, Value> = [:]) async throws -> Value {
        var body = Value.fields(fields).object
        body["act"] = .string(act)
        body["key"] = .string(UUID().uuidString.lowercased())
        let sent = body
        return try await Self.repeating {
            try await json("POST", "/network/cases/\(id)/acts", .object(sent))
        }
    }

    /// Runs `body`, and once more when its answer was lost: the hub may have taken it or not.
    static func repeating<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as Failure where failure.isLostAnswer {
            return try await body()
        }
    }
}
