#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A file operation that failed: which, where, and the system's error number.
package struct FileError: Error, Equatable, CustomStringConvertible {
    package var operation: String
    package var path: String
    package var number: Int32

    init(_ operation: String, _ path: String) {
        self.operation = operation
        self.path = path
        number = errno
    }

    package var isFull: Bool { number == ENOSPC || number == EDQUOT }
    package var isMissing: Bool { number == ENOENT }
    package var description: String { "\(operation) \(path): \(String(cString: strerror(number)))" }
}

/// Files that are on disk when a call returns: written, synced, and their folder synced.
package enum DurableFile {
    /// Writes a new file, refusing to replace one. On error nothing stays behind.
    package static func create(_ path: String, contents: [UInt8], mode: UInt32 = 0o600) throws(FileError) {
        let file = try OpenFile.open(path, O_WRONLY | O_CREAT | O_EXCL, mode)
        do {
            try file.write(contents)
            try file.sync()
        } catch {
            unlink(path)
            throw error
        }
        try syncFolder(of: path)
    }

    /// Writes beside the target and renames over it, so that a reader sees the old bytes or the new ones.
    package static func replace(_ path: String, contents: [UInt8], mode: UInt32 = 0o600) throws(FileError) {
        let temporary = path + ".new"
        unlink(temporary)
        try create(temporary, contents: contents, mode: mode)
        guard rename(temporary, path) == 0 else { throw FileError("rename", path) }
        try syncFolder(of: path)
    }

    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        let file = try OpenFile.open(path, O_RDONLY)
        var bytes: [UInt8] = []
        while true {
            let part = try file.read(upTo: 1 << 20)
            if part.isEmpty { return bytes }
            bytes.append(contentsOf: part)
        }
    }

    package static func sync(_ path: String) throws(FileError) {
        try OpenFile.open(path, O_RDONLY).sync()
    }

    package static func syncFolder(of path: String) throws(FileError) {
        try sync(folder(of: path))
    }

    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a folder (0700) and the folders above it; one that exists stays as it is.
    package static func makeFolder(_ path: String) throws(FileError) {
        if mkdir(path, 0o700) == 0 {
            try syncFolder(of: path)
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT where folder(of: path) != path:
            try makeFolder(folder(of: path))
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileError("mkdir", path) }
            try syncFolder(of: path)
        default: throw FileError("mkdir", path)
        }
    }

    /// Names in a folder, in byte order, without `.` and `..`.
    package static func names(in path: String) throws(FileError) -> [String] {
        guard let folder = opendir(path) else { throw FileError("open", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}

/// An open file descriptor, closed when the last reference goes.
package final class OpenFile {
    let descriptor: Int32
    let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    package static func open(_ path: String, _ flags: Int32, _ mode: UInt32 = 0o600) throws(FileError) -> OpenFile {
        while true {
            #if canImport(Darwin)
            let descriptor = Darwin.open(path, flags | O_CLOEXEC, mode_t(mode))
            #else
            let descriptor = Glibc.open(path, flags | O_CLOEXEC, mode_t(mode))
            #endif
            if descriptor >= 0 { return OpenFile(descriptor: descriptor, path: path) }
            guard errno == EINTR else { throw FileError("open", path) }
        }
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: buffer[offset...]))
            }
            if written < 0 {
                guard errno == EINTR else { throw FileError("write", path) }
            } else {
                offset += written
            }
        }
    }

    /// Fewer bytes only at the end of the file.
    package func read(upTo count: Int) throws(FileError) -> [UInt8] {
        var failed: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = systemRead(descriptor, UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
                if got == 0 { return }
                if got < 0 {
                    if errno == EINTR { continue }
                    failed = FileError("read", path)
                    return
                }
                filled += got
            }
        }
        if let failed { throw failed }
        return bytes
    }

    package func sync() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError("sync", path) }
    }
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    write(descriptor, buffer.baseAddress, buffer.count)
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
