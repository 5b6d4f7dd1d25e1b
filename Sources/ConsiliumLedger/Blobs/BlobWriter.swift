import ConsiliumCore

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Writes one blob, piece by piece; at most some chunks of 1 MiB are in memory. Left unfinished, it leaves no file.
package final class BlobWriter {
    private let address: BlobAddress
    private let path: String
    private let temporary: String
    private let file: OpenFile
    private var encoder: BlobEncoder
    private var isOpen = true

    init(_ address: BlobAddress, path: String, key: DataKey, salt: [UInt8]) throws(FileError) {
        self.address = address
        self.path = path
        // A leading point: no part has such a name, so a sweep knows what a crash left.
        temporary = "\(DurableFile.folder(of: path))/.\(address.part).\(hexadecimal(salt.prefix(4)))"
        encoder = BlobEncoder(address, key: key, salt: salt)
        file = try OpenFile.open(temporary, O_WRONLY | O_CREAT | O_EXCL)
    }

    deinit { abandon() }

    package func write(_ bytes: [UInt8]) throws(BlobError) {
        guard isOpen else { throw BlobError(.io, "\(address) is finished already") }
        let sealed = try encoder.add(bytes)
        do { try file.write(sealed) } catch { throw BlobError(error) }
    }

    /// Returns once the file and its name are on disk. An address is written once: `exists` otherwise.
    package func finish() throws(BlobError) -> BlobSummary {
        guard isOpen else { throw BlobError(.io, "\(address) is finished already") }
        let (sealed, summary) = try encoder.finish()
        do {
            try file.write(sealed)
            try file.sync()
            // link refuses to replace a file; rename would not.
            guard link(temporary, path) == 0 else {
                guard errno == EEXIST else { throw FileError("link", path) }
                throw BlobError(.exists, "\(address) is written already")
            }
            abandon()
            try DurableFile.syncFolder(of: path)
        } catch let error as FileError {
            abandon()
            throw BlobError(error)
        } catch let error as BlobError {
            abandon()
            throw error
        } catch {
            abandon()
            throw BlobError(.io, "\(error)")
        }
        return summary
    }

    /// Gives up; nothing stays behind.
    package func abandon() {
        guard isOpen else { return }
        isOpen = false
        unlink(temporary)
    }
}
