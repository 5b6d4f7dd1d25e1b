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
        // Two processes that keep their first file at the same moment must not make two keys.
        let lock = try FileLock.waiting(for: lockPath(folder))
        let opened = try openLocked(folder, with: key)
        _ = consume lock
        return opened
    }

    /// Lets `new` open the spool too; called before it replaces `old`. A spool that is empty so far gets its key now,
    /// so that a process which still holds `old` makes none that `new` cannot open.
    static func admit(_ new: PrincipalKey, openedBy old: PrincipalKey, in folder: ProfileFolder) throws {
        try ProfileFolder.makePrivate(folder.spool)
        let lock = try FileLock.waiting(for: lockPath(folder))
        let spool = try openLocked(folder, with: old)
        try write([try wrap(spool, for: old), try wrap(spool, for: new)], in: folder)
        _ = consume lock
    }

    /// The spool's lock: who holds it fills or empties the spool.
    static func lockPath(_ folder: ProfileFolder) -> String { folder.spool + "/lock" }

    private static func openLocked(_ folder: ProfileFolder, with key: PrincipalKey) throws -> SymmetricKey {
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
