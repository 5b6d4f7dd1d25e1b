import ConsiliumReports
import Foundation

/// What stands in an export, as bytes that can be searched: a workbook unpacked, a PDF's words.
enum ExportText {
    static func bytes(of export: [UInt8], _ format: ReportFormat, below folder: String) throws -> [UInt8] {
        let reader: (program: String, arguments: [String])
        let file = "\(folder)/export"
        switch format {
        case .xlsx:
            let script =
                "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nprint([z.read(n) for n in z.namelist()])"
            reader = ("/usr/bin/env", ["python3", "-c", script, file])
        case .pdf: reader = ("/usr/bin/env", ["pdftotext", file, "-"])
        case .table, .json, .csv, .html: return export
        }
        try Data(export).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        return Array(try Program.output(reader.program, reader.arguments).utf8)
    }
}

/// Looks for a word in bytes.
struct MarkSearch {
    private let word: Data

    init(_ word: String) { self.word = Data(word.utf8) }

    func finds(_ bytes: Data) -> Bool { bytes.range(of: word) != nil }
}

/// Another program, run to its end.
enum Program {
    static func output(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Fault("\(path) \(arguments.prefix(2)) ended with status \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
