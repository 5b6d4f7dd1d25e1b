import ConsiliumCore
import Foundation

/// A file that goes with an application or a report.
enum AttachmentFile {
    /// Larger ones do not fit the hub's message limit once they are written in base 64.
    static let largest = 12 << 20

    /// Reads `path`; relative paths are those of `folder`. What is wrong is said of `place`, by default the path.
    static func read(
        _ path: String,
        relativeTo folder: String = ".",
        at place: String? = nil,
        language: Language
    ) throws(Failure) -> Attachment {
        let full = path.hasPrefix("/") ? path : folder + "/" + path
        guard let data = FileManager.default.contents(atPath: full) else {
            throw Failure(
                .usage,
                "cannot-read",
                at: path,
                language == .zh ? "没有该文件，或无权读取" : "no such file, or it may not be read"
            )
        }
        guard !data.isEmpty else {
            throw Failure(
                .refused,
                "invalid-value",
                at: place ?? path,
                language == .zh ? "附件为空文件（0 字节）：\(path)" : "the attachment is an empty file (0 bytes): \(path)",
                next: language == .zh ? "请重新导出该文件，或从附件中删去" : "export the file again, or take it off the attachments"
            )
        }
        guard data.count <= largest else {
            throw Failure(
                .refused,
                Refusal.Code.tooLarge.rawValue,
                at: place ?? path,
                language == .zh
                    ? "附件 \(path) 有 \(data.count) 字节，上限为 \(largest) 字节"
                    : "the attachment \(path) has \(data.count) bytes; at most \(largest) bytes fit into a message",
                next: Refusal(.tooLarge).nextStep(language)
            )
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return Attachment(title: name, contentType: mediaType(name), bytes: [UInt8](data))
    }

    /// By the name's ending.
    static func mediaType(_ name: String) -> String {
        let ending = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
        return types[ending] ?? "application/octet-stream"
    }

    private static let types = [
        "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
        "tif": "image/tiff", "tiff": "image/tiff", "webp": "image/webp", "heic": "image/heic", "bmp": "image/bmp",
        "dcm": "application/dicom", "txt": "text/plain", "csv": "text/csv", "xml": "application/xml",
        "json": "application/json", "html": "text/html", "zip": "application/zip", "mp4": "video/mp4",
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
}
