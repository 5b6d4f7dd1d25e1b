import Foundation

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

    static func output(_ text: String) { write(text, to: STDOUT_FILENO) }

    static func output(_ bytes: [UInt8]) { write(bytes[...], to: STDOUT_FILENO) }

    /// One line on the error stream.
    static func say(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Shown while something lasts and overwritten by what follows; nothing when the error stream is no terminal.
    static func progress(_ text: String) {
        guard errorIsTerminal else { return }
        write("\r\u{1B}[K" + text, to: STDERR_FILENO)
    }

    static func endProgress() {
        if errorIsTerminal { write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    /// Rings, on a terminal.
    static func bell() {
        if errorIsTerminal {
            write("\u{07}", to: STDERR_FILENO)
        } else if outputIsTerminal {
            write("\u{07}", to: STDOUT_FILENO)
        }
    }

    /// Empties the screen before a watched list is drawn anew.
    static func clear() {
        if outputIsTerminal { write("\u{1B}[H\u{1B}[2J", to: STDOUT_FILENO) }
    }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8)[...], to: descriptor) }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) {
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
                // Whoever read the stream has gone; there is nobody left to tell.
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
