import ConsiliumCore
import ConsiliumTransport
import Crypto
import Foundation

/// A request that waits for the hub: everything that is needed to send it again, byte for byte.
struct SpooledRequest: Codable, Equatable, Sendable {
    var path: String
    var contentType: String
    var body: Data
    /// What the user called it: a file name.
    var label: String
    /// RFC 3339.
    var keptAt: String
}

/// Files that could not be sent: one folder, sealed, synced, in order.
///
/// A file is removed only after the hub's positive reply. Sending one twice is harmless, because the hub knows a request
/// by its number and content; so a crash between reply and removal loses nothing and doubles nothing.
struct Spool {
    let folder: ProfileFolder
    private let key: SymmetricKey

    init(_ folder: ProfileFolder, key: PrincipalKey) throws {
        self.folder = folder
        self.key = try SpoolKey.open(folder, with: key)
    }

    /// One kept request: its place in the order, and its file.
    struct Entry: Equatable, Sendable {
        var number: Int
        var name: String
    }

    private static let suffix = ".kept"

    /// Whether anything waits, without opening anything.
    static func isEmpty(_ folder: ProfileFolder) -> Bool { entries(in: folder.spool).isEmpty }

    /// The kept requests in the order in which they came.
    static func entries(in path: String) -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap { entry($0) }.sorted { $0.number < $1.number }
    }

    static func entry(_ name: String) -> Entry? {
        guard name.hasSuffix(suffix), let number = Int(name.dropLast(suffix.count)), number > 0 else { return nil }
        return Entry(number: number, name: name)
    }

    static func name(_ number: Int) -> String { padded(number, 12) + suffix }

    var entries: [Entry] { Self.entries(in: folder.spool) }

    /// Waits for its turn: one process at a time fills or empties the spool.
    func lock() throws(Failure) -> FileLock { try FileLock.waiting(for: SpoolKey.lockPath(folder)) }

    /// Keeps a request behind all others; on return it and its folder are synced. The caller holds the lock.
    func keep(_ request: SpooledRequest) throws {
        let name = Self.name((entries.last?.number ?? 0) + 1)
        let sealed = try AES.GCM.seal(JSONEncoder().encode(request), using: key, authenticating: Data(name.utf8))
        guard let combined = sealed.combined else { throw CryptoKitError.incorrectParameterSize }
        try PrivateFile.write(Array(combined), to: folder.spool + "/" + name)
    }

    func open(_ entry: Entry) throws -> SpooledRequest {
        let bytes = Data(try PrivateFile.read(folder.spool + "/" + entry.name))
        let box = try AES.GCM.SealedBox(combined: bytes)
        let plain = try AES.GCM.open(box, using: key, authenticating: Data(entry.name.utf8))
        return try JSONDecoder().decode(SpooledRequest.self, from: plain)
    }

    /// Takes a request out after the hub's positive reply.
    func remove(_ entry: Entry) throws {
        try FileManager.default.removeItem(atPath: folder.spool + "/" + entry.name)
    }

    /// Sets a request aside that the hub will never take, so that those behind it go on. It stays sealed.
    func setAside(_ entry: Entry) throws {
        let refused = folder.spool + "/refused"
        try ProfileFolder.makePrivate(refused)
        let target = refused + "/" + entry.name + "-" + String(UInt32.random(in: .min ... .max), radix: 36)
        try FileManager.default.moveItem(atPath: folder.spool + "/" + entry.name, toPath: target)
    }
}
