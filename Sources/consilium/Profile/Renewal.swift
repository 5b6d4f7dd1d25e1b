import ConsiliumCore
import ConsiliumTransport
import Foundation

/// Getting a new certificate, always with a new key.
enum Renewal {
    /// Renews over the current certificate and puts the new identity into the folder; nil when somebody else does so
    /// just now.
    static func renew(_ session: Session) async throws -> Identity? {
        try session.folder.make()
        guard let lock = try FileLock.trying(for: session.folder.renewalLock) else { return nil }
        let key = PrincipalKey()
        let csr = try key.certificateSigningRequest(commonName: session.profile.principal)
        let answer = try await session.json("POST", "/network/renewals", ["csr": .string(csr)])
        let identity = try accept(answer, key: key, in: session.folder, old: session.identity)
        _ = consume lock
        return identity
    }

    /// Renews an expired certificate by proof of the old key; the site's administrator must have approved it.
    static func renewExpired(
        profile: Profile,
        folder: ProfileFolder,
        identity: Identity,
        language: Language
    ) async throws -> Identity {
        guard let console = profile.console else {
            throw Failure(
                .usage,
                "no-console",
                at: folder.profile,
                language == .zh ? "配置中没有中心的登记地址" : "the profile does not say where the hub enrols"
            )
        }
        let lock = try FileLock.waiting(for: folder.renewalLock)
        let key = PrincipalKey()
        let csr = try key.certificateSigningRequest(commonName: profile.principal)
        let signature = try identity.key.sign(Array(csr.utf8))
        let body: Value = [
            "csr": .string(csr), "certificate": .string(identity.leaf.pem),
            "signature": .string(Data(signature).base64EncodedString()),
        ]
        let answer = try await Console.post(
            "/enrol/renew",
            body,
            to: console,
            roots: identity.root,
            language: language
        )
        let renewed = try accept(answer, key: key, in: folder, old: identity)
        _ = consume lock
        return renewed
    }

    private static func accept(
        _ answer: Value,
        key: PrincipalKey,
        in folder: ProfileFolder,
        old: Identity
    ) throws -> Identity {
        guard let pem = answer["certificate"].string else {
            throw Failure(.unreachable, "answer-unreadable", at: "certificate", "the hub sent no certificate")
        }
        let chain = try NetworkCertificate.chain(pem: pem)
        let identity = Identity(key: key, chain: chain, root: old.root, passphrase: old.passphrase)
        // Refuses a certificate that is not this key's before anything is replaced.
        _ = try Credentials(chain: chain, key: key)
        try SpoolKey.admit(key, openedBy: old.key, in: folder)
        try identity.save(in: folder)
        return identity
    }
}

/// The listener for those who have no valid certificate: the hub proves itself, the client does not.
enum Console {
    static func post(
        _ path: String,
        _ body: Value,
        to address: Address,
        roots: [NetworkCertificate],
        language: Language
    ) async throws -> Value {
        let tls = try ClientTLS(roots: roots, credentials: nil)
        let client = HubClient(host: address.host, port: address.port, tls: tls)
        let result: Result<HubResponse, HubClientError>
        do throws(HubClientError) {
            result = .success(
                try await client.request(
                    "POST",
                    path,
                    headers: [
                        HubHeader("Content-Type", "application/json"), HubHeader("Accept-Language", language.rawValue),
                    ],
                    body: body.jsonBytes
                )
            )
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        let response: HubResponse
        do {
            response = try result.get()
        } catch {
            throw Failure(error, hub: address.description, language: language)
        }
        guard (200..<300).contains(response.status), let value = Value(json: response.body) else {
            throw HubRefusal.failure(response, language: language)
        }
        return value
    }
}
