import ConsiliumCore
import Foundation
import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The process's own streams: data on the standard output, everything said about it on the error stream.
enum Terminal {
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1
    static let inputIsTerminal = isatty(STDIN_FILENO) == 1

    /// Colours and bold only on a terminal that wants them (no-color.org).
    static let isColoured =
        outputIsTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// `errno` of the first write to the standard output that failed; 0 while none has.
    private static let outputError = Mutex<Int32>(0)

    static func output(_ text: String) { output(Array(text.utf8)) }

    static func output(_ bytes: [UInt8]) {
        let error = write(bytes[...], to: STDOUT_FILENO)
        // A reader that went away, such as `head`, has read what it wanted.
        guard error != 0, error != EPIPE else { return }
        outputError.withLock { if $0 == 0 { $0 = error } }
    }

    /// What is wrong when data could not be written; nil while all of it was.
    static func outputFailure(_ language: Language) -> Failure? {
        let error = outputError.withLock { $0 }
        return error == 0 ? nil : .output(error, language: language)
    }

    /// One line on the error stream; when that fails too, nobody can be told.
    static func say(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    /// Shown while something lasts and overwritten by what follows; nothing when the error stream is no terminal.
    static func progress(_ text: String) {
        guard errorIsTerminal else { return }
        _ = write("\r\u{1B}[K" + text, to: STDERR_FILENO)
    }

    static func endProgress() {
        if errorIsTerminal { _ = write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    /// Rings, on a terminal.
    static func bell() {
        if errorIsTerminal {
            _ = write("\u{07}", to: STDERR_FILENO)
        } else if outputIsTerminal {
            _ = write("\u{07}", to: STDOUT_FILENO)
        }
    }

    /// Empties the screen before a watched list is drawn anew.
    static func clear() {
        if outputIsTerminal { _ = write("\u{1B}[H\u{1B}[2J", to: STDOUT_FILENO) }
    }

    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        write(Array(text.utf8)[...], to: descriptor)
    }

    /// Writes all of it.
    ///
    /// - Returns: 0, or the `errno` that ended the writing.
    static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int32 {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return 0
    }
}

extension Failure {
    /// The standard output could not be written: a full disk, most often.
    static func output(_ error: Int32, language: Language) -> Failure {
        let why = String(cString: strerror(error))
        return Failure(
            .refused,
            "cannot-write",
            at: language == .zh ? "标准输出" : "standard output",
            language == .zh ? "结果未能完整写出：\(why)" : "the result could not be written in full: \(why)"
        )
    }
}
