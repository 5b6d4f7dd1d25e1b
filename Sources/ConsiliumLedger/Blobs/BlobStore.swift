package import ConsiliumCore

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Large blobs as files: `DIRECTORY/CASE/PART`, sealed, written once, on disk before the command that names them.
package struct BlobStore: Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    private func folder(_ id: CaseID) -> String { "\(directory)/\(id)" }
    private func path(_ address: BlobAddress) -> String { "\(folder(address.caseID))/\(address.part)" }

    /// Begins a file under a temporary name; it exists for readers once `finish` returns.
    package func writer(
        _ address: BlobAddress,
        key: DataKey,
        entropy: inout some Entropy
    ) throws(BlobError) -> BlobWriter {
        do {
            try DurableFile.makeFolder(folder(address.caseID))
            return try BlobWriter(address, path: path(address), key: key, salt: entropy.bytes(16))
        } catch {
            throw BlobError(error)
        }
    }

    @discardableResult
    package func put(
        _ plain: [UInt8],
        at address: BlobAddress,
        key: DataKey,
        entropy: inout some Entropy
    ) throws(BlobError) -> BlobSummary {
        let writer = try writer(address, key: key, entropy: &entropy)
        for start in stride(from: 0, to: plain.count, by: ChunkCipher.chunkSize) {
            try writer.write(Array(plain[start..<min(start + ChunkCipher.chunkSize, plain.count)]))
        }
        return try writer.finish()
    }

    package func reader(_ address: BlobAddress, key: DataKey, limit: Int) throws(BlobError) -> BlobReader {
        let file: OpenFile
        do {
            file = try OpenFile.open(path(address), O_RDONLY)
        } catch {
            throw BlobError(error)
        }
        return try BlobReader(address, key: key, limit: limit) { count throws(BlobError) in
            do throws(FileError) { return try file.read(upTo: count) } catch { throw BlobError(error) }
        }
    }

    package func get(_ address: BlobAddress, key: DataKey, limit: Int) throws(BlobError) -> [UInt8] {
        try reader(address, key: key, limit: limit).rest()
    }

    package func exists(_ address: BlobAddress) -> Bool { access(path(address), F_OK) == 0 }

    /// Removes one blob; one that is not there is no error.
    package func remove(_ address: BlobAddress) throws(BlobError) {
        let path = path(address)
        guard unlink(path) == 0 || errno == ENOENT else { throw BlobError(FileError("remove", path)) }
        try syncIfThere(folder(address.caseID))
    }

    /// Removes all of a case's blobs, for an erasure; may be repeated.
    package func erase(case id: CaseID) throws(BlobError) {
        let folder = folder(id)
        do throws(FileError) {
            for name in try DurableFile.names(in: folder) {
                guard unlink("\(folder)/\(name)") == 0 else { throw FileError("remove", "\(folder)/\(name)") }
            }
            guard rmdir(folder) == 0 else { throw FileError("remove", folder) }
        } catch {
            guard !error.isMissing else { return }
            throw BlobError(error)
        }
        try syncIfThere(directory)
    }

    /// Removes files that no committed command names: a crash came between the file and its transaction.
    ///
    /// Run it at start, before serving: a file that is being written belongs to nobody yet.
    @discardableResult
    package func sweep(isKnown: (BlobAddress) throws -> Bool) throws -> BlobSweep {
        var sweep = BlobSweep(kept: 0, removed: 0)
        guard DurableFile.isFolder(directory) else { return sweep }
        for caseName in try DurableFile.names(in: directory) {
            guard let id = CaseID(caseName), DurableFile.isFolder(folder(id)) else { continue }
            for part in try DurableFile.names(in: folder(id)) {
                if let address = try? BlobAddress(case: id, part: part), try isKnown(address) {
                    sweep.kept += 1
                } else {
                    guard unlink("\(folder(id))/\(part)") == 0 else {
                        throw BlobError(FileError("remove", "\(folder(id))/\(part)"))
                    }
                    sweep.removed += 1
                }
            }
            rmdir(folder(id))
        }
        try syncIfThere(directory)
        return sweep
    }

    private func syncIfThere(_ path: String) throws(BlobError) {
        do {
            try DurableFile.sync(path)
        } catch {
            guard error.isMissing else { throw BlobError(error) }
        }
    }
}

/// What a sweep found.
package struct BlobSweep: Sendable, Equatable {
    package var kept: Int
    package var removed: Int
}
