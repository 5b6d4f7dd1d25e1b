import ConsiliumCore

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Master keys on disk: `DIR/keys/master-VERSION.key`, 0600, one line of text.
///
/// The line holds the name of the format, the version, 64 hexadecimal digits and 8 of a checksum (SHA-256 of what
/// precedes it), so that a cut or mistyped file is told from another network's key.
package enum MasterKeyFile {
    private static let format = "consilium-master-key-1"
    private static let versions = 1...0xFFFF

    /// Writes a new key, synced; refuses to replace a version that exists.
    package static func create(_ key: MasterKey, in folder: String) throws(KeyError) {
        let path = "\(folder)/master-\(key.version).key"
        guard versions.contains(key.version) else {
            throw KeyError(
                .unknownVersion(key.version),
                "versions of the master key count from 1 to \(versions.upperBound)"
            )
        }
        do {
            try DurableFile.makeFolder(folder)
            try DurableFile.create(path, contents: Array(text(of: key).utf8))
        } catch let error {
            guard error.number == EEXIST else { throw KeyError(.io, error.description) }
            throw KeyError(.duplicateVersion(key.version), "\(path) exists already")
        }
    }

    /// Reads every version in the folder.
    package static func load(from folder: String) throws(KeyError) -> MasterKeys {
        let names: [String]
        do { names = try DurableFile.names(in: folder) } catch { throw missing(folder) }
        var keys: [MasterKey] = []
        for name in names where name.hasPrefix("master-") && name.hasSuffix(".key") {
            keys.append(try read("\(folder)/\(name)", named: name))
        }
        guard !keys.isEmpty else { throw missing(folder) }
        return try MasterKeys(keys)
    }

    private static func missing(_ folder: String) -> KeyError {
        KeyError(.missing, "\(folder) holds no master key: put it back, or restore with two recovery shares")
    }

    private static func text(of key: MasterKey) -> String {
        let body = "\(format) \(key.version) \(hexadecimal(key.key.bytes))"
        return "\(body) \(checksum(body))\n"
    }

    private static func checksum(_ body: String) -> String { hexadecimal(sha256(Array(body.utf8)).prefix(4)) }

    private static func read(_ path: String, named name: String) throws(KeyError) -> MasterKey {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw KeyError(.io, FileError("stat", path).description) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw KeyError(.permissions, "\(path) is not a plain file") }
        guard status.st_mode & 0o077 == 0 else {
            throw KeyError(.permissions, "\(path) can be read by others than its owner: chmod 600 it")
        }
        let bytes: [UInt8]
        do {
            bytes = try DurableFile.read(path)
        } catch let error {
            throw KeyError(error.number == EACCES ? .permissions : .io, error.description)
        }
        let damaged = KeyError(.damaged, "\(path) is cut short or altered")
        let fields = String(decoding: bytes, as: UTF8.self).split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard fields.count == 4, fields[0] == format, let version = Int(fields[1]), versions.contains(version),
            let key = ConsiliumCore.bytes(hexadecimal: String(fields[2])), key.count == 32,
            fields[3] == checksum("\(fields[0]) \(fields[1]) \(fields[2])")
        else { throw damaged }
        guard name == "master-\(version).key" else {
            throw KeyError(.damaged, "\(path) holds version \(version): give the file back its name")
        }
        return MasterKey(version: version, key: DataKey(bytes: key))
    }
}
