import ConsiliumCore
import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where one identity lives: its key, certificates, hub address, last directory and spool.
struct ProfileFolder: Hashable, Sendable {
    let path: String

    init(path: String) { self.path = path }

    /// `$CONSILIUM_HOME`, else `$XDG_CONFIG_HOME/consilium`, else `~/.config/consilium`; a named profile is a folder
    /// in it. Without `--profile`, `$CONSILIUM_PROFILE` names it.
    init(named option: String?, environment: [String: String], language: Language) throws(Failure) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        var base =
            value("CONSILIUM_HOME")
            ?? (value("XDG_CONFIG_HOME") ?? (value("HOME") ?? NSHomeDirectory()) + "/.config") + "/consilium"
        while base.count > 1, base.last == "/" { base.removeLast() }
        guard let name = option ?? value("CONSILIUM_PROFILE") else {
            self.init(path: base)
            return
        }
        guard Principal.isName(name), !name.hasPrefix("."), !Self.reserved.contains(name) else {
            throw Failure(
                .usage,
                "profile-name",
                at: name,
                language == .zh ? "不能用作配置名称" : "this cannot name a profile",
                next: language == .zh
                    ? "请使用字母、数字、点、下划线、连字符" : "use letters, digits, dots, underscores and hyphens"
            )
        }
        self.init(path: base + "/" + name)
    }

    private static let reserved: Set<String> = ["spool", "drafts"]

    var profile: String { path + "/profile.json" }
    var key: String { path + "/key.pem" }
    var certificate: String { path + "/certificate.pem" }
    /// The certificate of a key that was written before it, until both are in place.
    var nextCertificate: String { path + "/certificate.next.pem" }
    var root: String { path + "/root.pem" }
    var directory: String { path + "/directory.json" }
    var spool: String { path + "/spool" }
    var drafts: String { path + "/drafts" }
    var renewalLock: String { path + "/renew.lock" }

    var exists: Bool { FileManager.default.fileExists(atPath: profile) }

    /// Makes the folder, closed to everybody else.
    func make() throws(Failure) { try Self.makePrivate(path) }

    static func makePrivate(_ path: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure(.usage, "cannot-write", at: path, "\(error.localizedDescription)")
        }
    }
}

/// A lock on a file, held until it is let go or the process ends.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Waits until the lock is free.
    static func waiting(for path: String) throws(Failure) -> FileLock {
        let lock = FileLock(descriptor: try open(path))
        while flock(lock.descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure(path, errno) }
        }
        return lock
    }

    /// Nil when somebody else holds the lock.
    static func trying(for path: String) throws(Failure) -> FileLock? {
        let lock = FileLock(descriptor: try open(path))
        guard flock(lock.descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        return lock
    }

    deinit { close(descriptor) }

    private static func open(_ path: String) throws(Failure) -> Int32 {
        #if canImport(Darwin)
        let descriptor = Darwin.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        #else
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        #endif
        guard descriptor >= 0 else { throw failure(path, errno) }
        return descriptor
    }

    private static func failure(_ path: String, _ number: Int32) -> Failure {
        Failure(.usage, "cannot-lock", at: path, String(cString: strerror(number)))
    }
}
