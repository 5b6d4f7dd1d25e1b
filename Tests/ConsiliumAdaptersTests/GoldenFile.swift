import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

/// One golden file: header lines (`# key: value`), a message with one segment a line, `----------`, and what decoding it
/// must give. A new quirk of a hospital is a new file and no Swift.
struct GoldenFile: CustomTestStringConvertible {
    var name: String
    var testDescription: String { name }
    var profile = ExchangeProfile(format: .hl7v2, charset: "GB18030")
    var bytes: [UInt8] = []
    var expected: [String] = []
    /// Everything above the divider, for writing the file anew.
    var head = ""

    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    static let divider = "----------"

    init(name: String, text: String) throws {
        self.name = name
        let parts = text.components(separatedBy: "\n\(Self.divider)\n")
        guard parts.count == 2 else { throw Problem(description: "\(name): no divider line") }
        head = parts[0]
        expected = parts[1].split(separator: "\n").map(String.init)
        var charset = Charset.utf8
        var end = "\r"
        var endsWithBreak = true
        var isMixed = false
        var prefix: [UInt8] = []
        var input: [Substring] = []
        for line in parts[0].split(separator: "\n", omittingEmptySubsequences: false) {
            guard input.isEmpty, line.hasPrefix("# ") else {
                input.append(line)
                continue
            }
            let pair = line.dropFirst(2).split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = pair[1].drop { $0 == " " }
            switch pair[0] {
            case "profile":
                profile = try JSONDecoder().decode(ExchangeProfile.self, from: Data(value.utf8))
            case "charset":
                guard let set = Charset(label: value) else { throw Problem(description: "\(name): charset \(value)") }
                charset = set
            case "ends":
                switch value {
                case "LF": end = "\n"
                case "CRLF": end = "\r\n"
                case "none": endsWithBreak = false
                case "mixed": isMixed = true
                default: break
                }
            case "before": prefix = value.split(separator: " ").compactMap { UInt8($0, radix: 16) }
            default: continue
            }
        }
        var message = input.joined(separator: end) + (endsWithBreak ? end : "")
        if isMixed {
            message = input.enumerated().map { $1 + ["\r", "\n", "\r\n"][$0 % 3] }.joined()
        }
        guard let body = charset.bytes(of: message) else { throw Problem(description: "\(name): not in its charset") }
        bytes = prefix + body
    }

    /// What decoding gives now, in the form of the file.
    func actual() -> [String] {
        let now = Instant(milliseconds: 1_768_440_600_000)
        do {
            let message = try HL7v2Adapter.decode(bytes, profile: profile, receivedAt: now)
            return HL7v2Description.lines(message)
        } catch {
            var lines = ["error: \(error.code.rawValue) at \(error.location)"]
            let header = HL7v2Adapter.header(of: bytes, profile: profile)
            if let reply = HL7v2Adapter.refuse(error, to: header, controlID: "R1", at: now) {
                let segments = String(decoding: reply, as: UTF8.self).split(separator: "\r")
                let wanted = segments.filter { $0.hasPrefix("MSA") || $0.hasPrefix("ERR") }
                lines += wanted.map { line in
                    // The text for people is not part of the contract.
                    let fields = line.split(separator: "|", omittingEmptySubsequences: false)
                    return "reply: " + fields.prefix(line.hasPrefix("MSA") ? 3 : 5).joined(separator: "|")
                }
            } else {
                lines.append("reply: none")
            }
            return lines
        }
    }

    /// The folder of the golden files, found from this source file.
    static func folder(_ source: String = #filePath) -> URL {
        URL(fileURLWithPath: source).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Protocols/HL7v2/golden")
    }

    static func all() throws -> [GoldenFile] {
        let folder = Self.folder()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
        return try names.sorted()
            .map {
                try GoldenFile(name: $0, text: String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
            }
    }
}
