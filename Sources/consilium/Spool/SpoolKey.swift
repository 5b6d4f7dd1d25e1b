import ConsiliumCore
import ConsiliumTransport
import Crypto
import Foundation

/// The key that seals the spool: 256 random bits, wrapped under a key derived from the profile's private key (HKDF,
/// RFC 5869), so that whoever has only the disk reads nothing.
///
/// A renewal brings a new private key. The spool's key is wrapped for it before it replaces the old one; whatever moment
/// a crash chooses, the key that is in place opens the spool.
enum SpoolKey {
    private struct Wrapped: Codable {
        /// Fingerprint of the public key that opens it.
        var key: String
        var sealed: Data
    }

    private static func path(_ folder: ProfileFolder) -> String { folder.spool + "/key.json" }

    /// The spool's key, made when there is none yet.
    static func open(_ folder: ProfileFolder, with key: PrincipalKey) throws -> SymmetricKey {
        try ProfileFolder.makePrivate(folder.spool)
        guard FileManager.default.fileExists(atPath: path(folder)) else {
            let made = SymmetricKey(size: .bits256)
            try write([try wrap(made, for: key)], in: folder)
            return made
        }
        for wrapped in try read(folder) where wrapped.key == key.publicKeyFingerprint {
            return try unwrap(wrapped, with: key)
        }
        throw Failure(
            .usage,
            "spool-sealed",
            at: path(folder),
            "the spool was sealed under another key",
            next: "it opens with the key that was in this profile when the files were kept"
        )
    }

    /// Lets `new` open the spool too; called before it replaces `old`.
    static func admit(_ new: PrincipalKey, openedBy old: PrincipalKey, in folder: ProfileFolder) throws {
        guard FileManager.default.fileExists(atPath: path(folder)) else { return }
        let current = try read(folder).filter { $0.key == old.publicKeyFingerprint }
        guard let wrapped = current.first else { return }
        try write([wrapped, try wrap(unwrap(wrapped, with: old), for: new)], in: folder)
    }

    private static func read(_ folder: ProfileFolder) throws -> [Wrapped] {
        try JSONDecoder().decode([Wrapped].self, from: Data(PrivateFile.read(path(folder))))
    }

    private static func write(_ list: [Wrapped], in folder: ProfileFolder) throws {
        try PrivateFile.write(Array(try JSONEncoder().encode(list)), to: path(folder))
    }

    private static func wrap(_ spool: SymmetricKey, for key: PrincipalKey) throws -> Wrapped {
        let sealed = try AES.GCM.seal(spool.withUnsafeBytes { Data($0) }, using: derived(key))
        guard let combined = sealed.combined else { throw CryptoKitError.incorrectParameterSize }
        return Wrapped(key: key.publicKeyFingerprint, sealed: combined)
    }

    private static func unwrap(_ wrapped: Wrapped, with key: PrincipalKey) throws -> SymmetricKey {
        SymmetricKey(data: try AES.GCM.open(AES.GCM.SealedBox(combined: wrapped.sealed), using: derived(key)))
    }

    private static func derived(_ key: PrincipalKey) -> SymmetricKey {
        HKDF<SHA256>
            .deriveKey(
                inputKeyMaterial: SymmetricKey(data: Data(key.pem.utf8)),
                info: Data("consilium spool 1".utf8),
                outputByteCount: 32
            )
    }
}
