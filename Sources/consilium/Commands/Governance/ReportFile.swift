import ConsiliumCore
import ConsiliumReports
import ConsiliumTransport
import Foundation

/// Where a report goes. A terminal gets no bytes that it cannot show.
struct ReportFile {
    let path: String?
    let format: ReportFormat

    init(_ path: String?, _ format: ReportFormat) {
        self.path = path
        self.format = format
    }

    /// - Parameter isPrivate: exact counts are for the eyes of who pulled them: the file is readable by its owner only.
    func write(_ bytes: [UInt8], isPrivate: Bool, language: Language) throws(Failure) {
        guard let path else {
            if [.pdf, .xlsx].contains(format), Terminal.outputIsTerminal {
                throw Failure(
                    .usage,
                    "binary-output",
                    at: "--output \(format.rawValue)",
                    language == .zh ? "该格式不能显示在终端上" : "a terminal cannot show this form",
                    next: language == .zh
                        ? "请加上 --file report.\(format.rawValue)" : "add --file report.\(format.rawValue)"
                )
            }
            Terminal.output(bytes)
            return
        }
        do {
            if isPrivate {
                try PrivateFile.write(bytes, to: path)
            } else {
                try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            }
        } catch {
            let cause = (error as? PrivateFileError)?.description ?? error.localizedDescription
            throw Failure(
                .refused,
                "file-unwritable",
                at: path,
                language == .zh ? "无法写入该文件：\(cause)" : "the file cannot be written: \(cause)"
            )
        }
    }
}

extension Failure {
    init(_ error: ReportError, language: Language) {
        if case .unknownMeasure(let id) = error {
            self.init(Refusal(.measureUnknown, at: DisplayWidth.harmless(id)), language: language)
        } else {
            self.init(.refused, "report-not-written", error.sentence(language))
        }
    }
}
