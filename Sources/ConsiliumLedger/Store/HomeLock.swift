#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A hub's home that cannot be used.
package struct HomeError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// Another process serves this home; its number when it could be read.
        case inUse(Int?)
        case io
    }

    package var code: Code
    package var message: String

    package static func == (a: HomeError, b: HomeError) -> Bool { a.code == b.code }
    package var description: String { message }
}

/// Keeps a second hub away from a home while this object lives: a lock on `DIR/run/lock`.
///
/// The system drops the lock when the process ends in whatever way, so nothing needs cleaning up.
package final class HomeLock: Sendable {
    private let descriptor: Int32

    package init(home: String) throws(HomeError) {
        let path = home + "/run/lock"
        do {
            try DurableFile.makeFolder(home + "/run")
        } catch {
            throw HomeError(code: .io, message: error.description)
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw HomeError(code: .io, message: FileError("open", path).description) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            let owner = Self.owner(descriptor)
            close(descriptor)
            guard number == EWOULDBLOCK else {
                throw HomeError(code: .io, message: "lock \(path): \(String(cString: strerror(number)))")
            }
            let who = owner.map { "process \($0)" } ?? "another process"
            throw HomeError(code: .inUse(owner), message: "\(who) already serves \(home)")
        }
        self.descriptor = descriptor
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, text, text.count, 0) == text.count else {
            throw HomeError(code: .io, message: FileError("write", path).description)
        }
    }

    deinit { close(descriptor) }

    private static func owner(_ descriptor: Int32) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: buffer.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
    }
}
