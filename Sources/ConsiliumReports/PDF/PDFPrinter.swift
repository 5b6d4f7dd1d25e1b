import ConsiliumCore
import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Sets the page on paper with WeasyPrint, which is looked for when a PDF is asked for: nothing else needs it.
///
/// The child reads the page from its standard input and writes to its standard output. Both are files without a name, so
/// that nothing stays behind however either process ends, and a child that stops reading ends no writer.
struct PDFPrinter {
    /// Where programs are looked for, as in PATH.
    var path: String
    /// A child that takes longer is ended.
    var seconds: Int
    /// Where the files without a name are.
    var folder: String

    static func standard() -> PDFPrinter {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return PDFPrinter(path: path, seconds: 300, folder: NSTemporaryDirectory())
    }

    func pdf(_ page: [UInt8]) throws(ReportError) -> [UInt8] {
        guard let program = program("weasyprint") else { throw .weasyPrintMissing }
        let input = try namelessFile()
        let output = try namelessFile()
        let messages = try namelessFile()
        do {
            try input.write(contentsOf: Data(page))
            try input.seek(toOffset: 0)
        } catch { throw .file(Self.reason(error)) }
        let status = try run(program, input, output, messages)
        guard status == 0 else {
            let said = String(decoding: try Self.content(messages), as: UTF8.self)
            throw .weasyPrintFailed(status: status, String(said.suffix(500)))
        }
        let pdf = try Self.content(output)
        guard pdf.starts(with: Array("%PDF-".utf8)) else { throw .weasyPrintFailed(status: status, "no PDF came out") }
        return pdf
    }

    private func program(_ name: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// - Returns: the status with which the child ended.
    private func run(
        _ program: String,
        _ input: FileHandle,
        _ output: FileHandle,
        _ messages: FileHandle
    ) throws(ReportError) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        // Nothing in the page refers outside; a proxy that is not there keeps it so whatever comes.
        process.arguments = ["--quiet", "--encoding", "utf-8", "-", "-"]
        process.environment = [
            "PATH": path, "LC_ALL": "C.UTF-8", "HOME": folder, "http_proxy": Self.nowhere,
            "https_proxy": Self.nowhere, "ftp_proxy": Self.nowhere,
        ]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = messages
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do { try process.run() } catch { throw .weasyPrintFailed(status: -1, Self.reason(error)) }
        guard ended.wait(timeout: .now() + .seconds(seconds)) == .success else {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
            throw .weasyPrintTooSlow(seconds: seconds)
        }
        return process.terminationStatus
    }

    private static let nowhere = "http://127.0.0.1:9"

    /// Open for reading and writing, and already without a name in its folder.
    private func namelessFile() throws(ReportError) -> FileHandle {
        var template = Array((folder + "/consilium-report-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .file(String(cString: strerror(errno))) }
        unlink(template)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func content(_ file: FileHandle) throws(ReportError) -> [UInt8] {
        do {
            try file.seek(toOffset: 0)
            return Array(try file.readToEnd() ?? Data())
        } catch { throw .file(reason(error)) }
    }

    private static func reason(_ error: any Error) -> String { String(describing: error) }
}
