import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What the kernel says of a process (Linux, proc(5)).
enum ProcessFigures {
    /// User and system time of all threads.
    static func cpuSeconds(of process: Int32) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The second field is the program's name in parentheses and may hold spaces; utime and stime are 14 and 15.
        guard let end = text.lastIndex(of: ")") else { throw BenchmarkError("/proc/\(process)/stat is unreadable") }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw BenchmarkError("/proc/\(process)/stat is unreadable")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    static func residentMiB(of process: Int32) throws -> Double {
        for line in try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
        where line.hasPrefix("VmRSS:") {
            let kiB = line.dropFirst(6).filter(\.isNumber)
            if let value = Double(String(kiB)) { return value / 1_024 }
        }
        throw BenchmarkError("/proc/\(process)/status has no VmRSS")
    }

    /// One, five and fifteen minutes.
    static func loadAverage() -> String {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return text.split(separator: " ").prefix(3).joined(separator: " ")
    }
}
