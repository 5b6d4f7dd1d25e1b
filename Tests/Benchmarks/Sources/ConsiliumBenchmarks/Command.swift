import Foundation

/// Programs run to their end.
enum Command {
    /// Standard output; an error with both outputs when the status is not 0.
    static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both are far smaller than a pipe's buffer.
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let line = ([path] + arguments).joined(separator: " ")
            throw BenchmarkError("\(line): exit \(process.terminationStatus): \(text)\(complaint)")
        }
        return text
    }

    /// The enrolment token in a program's output.
    static func token(in output: String) throws -> String {
        for word in output.split(whereSeparator: \.isWhitespace) where word.hasPrefix("consilium1.") {
            return String(word)
        }
        throw BenchmarkError("no enrolment token in: \(output)")
    }
}
