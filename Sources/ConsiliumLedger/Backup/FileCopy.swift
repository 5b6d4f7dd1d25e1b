import Crypto

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Copies and walks files for backup and restore; memory stays at 1 MiB whatever the size.
enum FileCopy {
    /// Copies to a new file (0600), synced, and tells what was read.
    static func copy(_ source: String, to target: String) throws(FileError) -> (size: Int, sha256: [UInt8]) {
        let input = try OpenFile.open(source, O_RDONLY)
        let output = try OpenFile.open(target, O_WRONLY | O_CREAT | O_EXCL)
        return try read(input) { piece throws(FileError) in
            try output.write(piece)
        } finish: { () throws(FileError) in
            try output.sync()
        }
    }

    static func digest(_ path: String) throws(FileError) -> (size: Int, sha256: [UInt8]) {
        try read(OpenFile.open(path, O_RDONLY)) { _ in
        } finish: {
        }
    }

    private static func read(
        _ input: OpenFile,
        each: ([UInt8]) throws(FileError) -> Void,
        finish: () throws(FileError) -> Void
    ) throws(FileError) -> (size: Int, sha256: [UInt8]) {
        var hash = SHA256()
        var size = 0
        while true {
            let piece = try input.read(upTo: 1 << 20)
            if piece.isEmpty { break }
            hash.update(data: piece)
            size += piece.count
            try each(piece)
        }
        try finish()
        return (size, hash.finalize().withUnsafeBytes { Array($0) })
    }

    /// Paths of all plain files below a folder, relative to it, in byte order; none when the folder is missing.
    static func walk(_ folder: String, below prefix: String = "") throws(FileError) -> [String] {
        var found: [String] = []
        let names: [String]
        do throws(FileError) {
            names = try DurableFile.names(in: prefix.isEmpty ? folder : "\(folder)/\(prefix)")
        } catch {
            guard error.isMissing else { throw error }
            return []
        }
        for name in names {
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            if DurableFile.isFolder("\(folder)/\(path)") {
                found += try walk(folder, below: path)
            } else {
                found.append(path)
            }
        }
        return found
    }
}
