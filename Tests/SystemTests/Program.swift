import Foundation
import Synchronization

/// A program that a test runs: one of this package, found beside the test bundle, or one of the system.
enum Program {
    /// The folder with `consiliumd` and `consilium`: that of the running test bundle.
    static let folder: URL = {
        let own = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [own, executable, package.appendingPathComponent(".build/debug")].compactMap { $0 }
        return candidates.first { isExecutable($0.appendingPathComponent("consiliumd").path) } ?? own
    }()

    static var hub: String { folder.appendingPathComponent("consiliumd").path }
    static var client: String { folder.appendingPathComponent("consilium").path }

    /// The path of a system program, or nil when it is not installed.
    static func installed(_ name: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].map { $0 + name }.first(where: isExecutable)
    }

    private static func isExecutable(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Says on the terminal that a test was left out, and why.
    static func notice(_ text: String) { FileHandle.standardError.write(Data("notice: \(text)\n".utf8)) }

    /// How a finished program ended, and what it printed.
    struct Ended: Sendable {
        var status: Int32
        var output: String
        var errors: String
        var text: String { output + errors }
    }

    /// Runs a program to its end, at most `seconds`.
    static func run(
        _ path: String,
        _ arguments: [String],
        input: [UInt8]? = nil,
        environment: [String: String] = [:],
        seconds: Int = 60
    ) async throws -> Ended {
        let folder = try TemporaryFolder("run")
        defer { folder.remove() }
        let child = try Child(
            installed("timeout") ?? "/usr/bin/timeout",
            ["--kill-after=1", "\(seconds)", path] + arguments,
            input: input,
            environment: environment,
            output: folder.path("out"),
            errors: folder.path("err")
        )
        let status = await child.ended()
        return Ended(
            status: status,
            output: String(decoding: FileManager.default.contents(atPath: folder.path("out")) ?? Data(), as: UTF8.self),
            errors: String(decoding: FileManager.default.contents(atPath: folder.path("err")) ?? Data(), as: UTF8.self)
        )
    }
}

/// A process that a test started, and ends by its own id.
final class Child: Sendable {
    private enum Ending {
        case running([CheckedContinuation<Int32, Never>])
        case ended(Int32)
    }

    private let ending: Ended
    let pid: Int32

    /// Holds what the termination handler writes and the test reads.
    private final class Ended: Sendable {
        let value = Mutex<Ending>(.running([]))

        func end(_ status: Int32) {
            let waiting = value.withLock { value -> [CheckedContinuation<Int32, Never>] in
                guard case .running(let waiting) = value else { return [] }
                value = .ended(status)
                return waiting
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }
    }

    init(
        _ path: String,
        _ arguments: [String],
        input: [UInt8]? = nil,
        environment: [String: String] = [:],
        output: String,
        errors: String? = nil
    ) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardOutput = try Self.append(to: output)
        process.standardError = try Self.append(to: errors ?? output)
        if let input {
            let source = output + ".in"
            try Data(input).write(to: URL(fileURLWithPath: source))
            process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: source))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        let ending = Ended()
        process.terminationHandler = { process in
            ending.end(process.terminationStatus)
            // Who watches the folder of the output hears of the end.
            try? Data().write(to: URL(fileURLWithPath: output + ".ended"))
        }
        try process.run()
        self.ending = ending
        pid = process.processIdentifier
    }

    private static func append(to path: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        return handle
    }

    var isRunning: Bool {
        ending.value.withLock { if case .running = $0 { true } else { false } }
    }

    func signal(_ number: Int32) { if isRunning { kill(pid, number) } }

    /// The exit status, when it has ended.
    func ended() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = ending.value.withLock { value -> Int32? in
                switch value {
                case .running(let waiting):
                    value = .running(waiting + [continuation])
                    return nil
                case .ended(let status): return status
                }
            }
            if let status { continuation.resume(returning: status) }
        }
    }
}

/// A folder of one test, removed when it ends.
struct TemporaryFolder: Sendable {
    let url: URL

    init(_ name: String) throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("consilium-\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    func remove() { try? FileManager.default.removeItem(at: url) }
}

/// What a test could not go on without.
struct Broken: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
