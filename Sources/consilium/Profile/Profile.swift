import ConsiliumCore
import ConsiliumTransport
import Foundation

/// What a client knows about itself and its hub; `profile.json`.
struct Profile: Codable, Equatable, Sendable {
    var network: String
    /// `SITE/op/NAME` or `SITE/node/NAME`.
    var principal: String
    var api: Address
    var mllp: Address?
    var console: Address?

    var site: SiteID? { Principal(principal)?.site }
    var isNode: Bool { Principal(principal)?.kind == .node }

    /// Reads the profile of `folder`.
    static func load(_ folder: ProfileFolder, language: Language) throws(Failure) -> Profile {
        guard folder.exists else {
            throw Failure(
                .usage,
                "not-enrolled",
                at: folder.path,
                language == .zh ? "此处还没有登记" : "nobody is enrolled here",
                next: language == .zh
                    ? "向本机构管理员索取邀请码，然后 consilium enroll 邀请码"
                    : "ask your site's administrator for a token, then `consilium enroll TOKEN`"
            )
        }
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: folder.profile))
            return try JSONDecoder().decode(Profile.self, from: data)
        } catch {
            throw Failure(.usage, "profile-unreadable", at: folder.profile, "\(error)")
        }
    }

    func save(in folder: ProfileFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try PrivateFile.write(Array(try encoder.encode(self)) + [0x0A], to: folder.profile)
    }
}

/// The key and certificates of a profile, opened.
struct Identity: Sendable {
    var key: PrincipalKey
    /// Leaf first.
    var chain: [NetworkCertificate]
    var root: [NetworkCertificate]
    /// What opens the key file again and closes the next one; nil when it is not encrypted.
    var passphrase: String?

    var leaf: NetworkCertificate { chain[0] }

    /// Whether a third of the certificate's life has passed.
    func isDueForRenewal(at now: Date) -> Bool {
        let life = leaf.notAfter.timeIntervalSince(leaf.notBefore)
        return now.timeIntervalSince(leaf.notBefore) > life / 3
    }

    /// Opens the key of `folder`; asks for the passphrase when it is encrypted.
    ///
    /// A renewal writes the new certificate beside the old, then the key, then moves the certificate: whatever moment a
    /// crash chose, the certificate that fits the key is found. Another process may renew between two reads; then both
    /// are read again.
    static func open(_ folder: ProfileFolder, passphrase source: PassphraseSource, language: Language) throws
        -> Identity
    {
        let root = try NetworkCertificate.chain(pem: String(decoding: try read(folder.root), as: UTF8.self))
        var passphrase: String?
        for _ in 0..<3 {
            let key = try openKey(folder, &passphrase, source, language)
            if let chain = try chain(of: key, in: folder) {
                return Identity(key: key, chain: chain, root: root, passphrase: passphrase)
            }
        }
        throw Failure(
            .usage,
            "key-mismatch",
            at: folder.certificate,
            language == .zh ? "证书与密钥不符" : "the certificate does not belong to the key",
            next: language == .zh ? "请用新的邀请码重新登记" : "enrol again with a new token"
        )
    }

    private static func openKey(
        _ folder: ProfileFolder,
        _ passphrase: inout String?,
        _ source: PassphraseSource,
        _ language: Language
    ) throws -> PrincipalKey {
        let text = String(decoding: try read(folder.key), as: UTF8.self)
        guard PrincipalKey.isEncrypted(text) else { return try PrincipalKey(pem: text) }
        let given = try passphrase ?? source.read(language: language)
        passphrase = given
        do {
            return try PrincipalKey.open(text, passphrase: given)
        } catch CertificateError.wrongPassphrase {
            throw Failure(
                .usage,
                "wrong-passphrase",
                at: folder.key,
                language == .zh ? "口令不正确，或密钥文件被改动" : "the passphrase does not open the key, or the file was changed"
            )
        }
    }

    /// The certificates of `key`; nil when those in the folder belong to another.
    private static func chain(of key: PrincipalKey, in folder: ProfileFolder) throws -> [NetworkCertificate]? {
        if let bytes = try? PrivateFile.read(folder.nextCertificate),
            let next = try? NetworkCertificate.chain(pem: String(decoding: bytes, as: UTF8.self)),
            let leaf = next.first, key.matches(leaf)
        {
            try PrivateFile.write(NetworkCertificate.pem(next), to: folder.certificate)
            try? FileManager.default.removeItem(atPath: folder.nextCertificate)
            return next
        }
        let chain = try NetworkCertificate.chain(pem: String(decoding: try read(folder.certificate), as: UTF8.self))
        return chain.first.map { key.matches($0) } ?? false ? chain : nil
    }

    /// Puts a new key and its certificate into `folder`.
    func save(in folder: ProfileFolder) throws {
        try PrivateFile.write(NetworkCertificate.pem(chain), to: folder.nextCertificate)
        let text = try passphrase.map { try key.encrypted(passphrase: $0) } ?? key.pem
        try PrivateFile.write(text, to: folder.key)
        try PrivateFile.write(NetworkCertificate.pem(chain), to: folder.certificate)
        // Another process that opened the key just now may have moved it already.
        try? FileManager.default.removeItem(atPath: folder.nextCertificate)
    }

    private static func read(_ path: String) throws(Failure) -> [UInt8] {
        do {
            return try PrivateFile.read(path)
        } catch {
            throw Failure(.usage, "cannot-read", at: path, "\(error)")
        }
    }
}
