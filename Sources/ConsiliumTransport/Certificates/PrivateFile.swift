import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Files that nobody but their owner may read: keys, tokens, certificates kept beside them.
package enum PrivateFile {
    /// Replaces the file at `path` so that a crash leaves either the old or the new content, readable by its owner only.
    ///
    /// Writes a sibling file with mode 0600, syncs it, renames it over `path` and syncs the folder.
    package static func write(_ bytes: [UInt8], to path: String) throws(PrivateFileError) {
        let folder = directory(of: path)
        let temporary = path + ".new-\(getpid())-\(UInt32.random(in: .min ... .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PrivateFileError(.create, path) }
        do throws(PrivateFileError) {
            try writeAll(bytes, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw PrivateFileError(.sync, path) }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let error = PrivateFileError(.rename, path)
            unlink(temporary)
            throw error
        }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw PrivateFileError(.sync, folder) }
        defer { close(parent) }
        guard fsync(parent) == 0 else { throw PrivateFileError(.sync, folder) }
    }

    /// The same for a text in UTF-8.
    package static func write(_ text: String, to path: String) throws(PrivateFileError) {
        try write(Array(text.utf8), to: path)
    }

    /// Reads a private file; refuses one that its group or others may read or write.
    package static func read(_ path: String) throws(PrivateFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PrivateFileError(.open, path) }
        defer { close(descriptor) }
        // Not `fstat`: in an optimised build the members of `stat` belong to a module that cannot be imported.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? Int else { throw PrivateFileError(.open, path) }
        guard mode & 0o077 == 0 else { throw PrivateFileError(.tooOpen, path, number: 0) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = systemRead(descriptor, &buffer)
            if count < 0 { throw PrivateFileError(.read, path) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        while true {
            let count = buffer.withUnsafeMutableBytes { bytes in
                #if canImport(Darwin)
                Darwin.read(descriptor, bytes.baseAddress, bytes.count)
                #else
                Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(PrivateFileError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                #if canImport(Darwin)
                Darwin.write(descriptor, all.baseAddress.map { $0 + offset }, all.count - offset)
                #else
                Glibc.write(descriptor, all.baseAddress.map { $0 + offset }, all.count - offset)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw PrivateFileError(.write, path)
            }
            offset += count
        }
    }
}

/// Which step on a private file failed, and the system's error number.
package struct PrivateFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Step: String, Sendable {
        case create
        case open
        case read
        case write
        case sync
        case rename
        /// Others than the owner may read or write the file.
        case tooOpen = "permissions"
    }

    package let step: Step
    package let path: String
    /// `errno`, or 0 when the system reported none.
    package let number: Int32

    init(_ step: Step, _ path: String, number: Int32 = errno) {
        self.step = step
        self.path = path
        self.number = number
    }

    package var description: String {
        if step == .tooOpen { return "\(path) may be read by others than its owner; `chmod 600` it" }
        return "\(step.rawValue) \(path): \(String(cString: strerror(number)))"
    }
}
