import Dispatch
import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// What changes in some folders, as Linux tells it (inotify(7)): how a test hears of what a real process has done.
///
/// Every commit of a hub changes its write-ahead log, so its `data` folder speaks of all that can be seen from outside.
final class FolderChanges: Sendable {
    private let descriptor: Int32

    /// Changes count from now on.
    init(in folders: [String]) throws {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw Broken("inotify: \(String(cString: strerror(errno)))") }
        let kinds = UInt32(IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_CLOSE_WRITE)
        for folder in folders where FileManager.default.fileExists(atPath: folder) {
            guard inotify_add_watch(descriptor, folder, kinds) >= 0 else {
                throw Broken("cannot watch \(folder): \(String(cString: strerror(errno)))")
            }
        }
    }

    deinit { close(descriptor) }

    /// Returns at the next change since the last look, or soon: what is written can be read a moment after the last write,
    /// and no change tells of that. False when `end` has come.
    func next(before end: ContinuousClock.Instant) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global()
                .async { [self] in
                    let left = (end - .now) / .milliseconds(1)
                    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    _ = poll(&entry, 1, Int32(max(0, min(left, 500))))
                    var buffer = [UInt8](repeating: 0, count: 65_536)
                    while read(descriptor, &buffer, buffer.count) > 0 {}
                    continuation.resume(returning: ContinuousClock.now < end)
                }
        }
    }
}

/// Asks, and asks again at every change in `folders`, until a process has done what the test waits for.
func eventually<Value>(
    _ what: String,
    in folders: [String],
    seconds: Double = 30,
    _ ask: () async throws -> Value?
) async throws -> Value {
    let changes = try FolderChanges(in: folders)
    let end = ContinuousClock.now + .seconds(seconds)
    repeat {
        if let value = try await ask() { return value }
    } while await changes.next(before: end)
    throw Broken("waited \(seconds) s for \(what)")
}
