import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The conditions of a run.
struct Machine: Codable {
    var date: String
    var processor: String
    var cores: Int
    var memoryGiB: Int
    var kernel: String
    var fileSystem: String
    var swift: String
    var sqlite: String
    /// Of the hub that was driven.
    var commit: String
    var loadBefore: String
    var loadAfter = ""

    init(home: String) {
        let format = ISO8601DateFormatter()
        date = format.string(from: Date())
        processor = Self.field("model name", in: "/proc/cpuinfo")
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryGiB = Int((Double(ProcessInfo.processInfo.physicalMemory) / 1_073_741_824).rounded())
        kernel = Self.line("/usr/bin/env", ["uname", "-sr"])
        fileSystem = Self.line("/usr/bin/env", ["stat", "-f", "-c", "%T", home])
        swift = Self.line("/usr/bin/env", ["swift", "--version"])
        sqlite = Database.version
        commit = Self.line("/usr/bin/env", ["git", "-C", home, "rev-parse", "--short", "HEAD"])
        loadBefore = ProcessFigures.loadAverage()
    }

    private static func line(_ path: String, _ arguments: [String]) -> String {
        let text = (try? Command.run(path, arguments)) ?? ""
        return text.split(separator: "\n").first.map(String.init) ?? "unknown"
    }

    private static func field(_ name: String, in path: String) -> String {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            return line.split(separator: ":").dropFirst().joined(separator: ":").trimmingCharacters(in: .whitespaces)
        }
        return "unknown"
    }
}
