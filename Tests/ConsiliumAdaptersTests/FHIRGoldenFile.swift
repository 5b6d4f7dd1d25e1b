import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

/// One golden file of Protocols/FHIR: header lines (`# key: value`), JSON, `----------`, and what decoding it must give.
struct FHIRGoldenFile: Sendable, CustomTestStringConvertible {
    var name: String
    /// Everything above the divider, for writing the file anew.
    var head: String
    var body: String
    /// `POST`, `POST Task`, `PUT Task/ID`, `message`, `assessment`.
    var interaction = "POST"
    var profile = ExchangeProfile(format: .fhir)
    var expected: [String]

    static let divider = "----------"

    var testDescription: String { name }

    init?(name: String, text: String) {
        let parts = text.components(separatedBy: "\n\(Self.divider)\n")
        guard parts.count == 2 else { return nil }
        self.name = name
        head = parts[0]
        expected = parts[1].split(separator: "\n").map(String.init)
        var lines: [Substring] = []
        for line in parts[0].split(separator: "\n", omittingEmptySubsequences: false) {
            guard lines.isEmpty, line.hasPrefix("# ") else {
                lines.append(line)
                continue
            }
            let pair = line.dropFirst(2).split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = String(pair[1].drop { $0 == " " })
            if pair[0] == "interaction" { interaction = value }
            if pair[0] == "profile" {
                guard let read = try? JSONDecoder().decode(ExchangeProfile.self, from: Data(value.utf8)) else {
                    return nil
                }
                profile = read
            }
        }
        body = lines.joined(separator: "\n")
    }

    /// What decoding gives now, in the form of the file.
    func actual() -> [String] {
        do throws(FormatError) {
            if interaction == "assessment" {
                return try FHIRAdapter.decodeAssessment(Array(body.utf8)).map { Self.line($0) }
            }
            return Self.lines(try decode())
        } catch {
            let outcome = FHIRAdapter.outcome(error)
            return ["error: \(error.code.rawValue) at \(error.location)", "status: \(outcome.status)"]
        }
    }

    private func decode() throws(FormatError) -> FHIRInteraction {
        let bytes = Array(body.utf8)
        let words = interaction.split(separator: " ").map(String.init)
        switch (words[0], words.count) {
        case ("message", _): return try FHIRAdapter.decodeMessage(bytes, profile: profile)
        case ("POST", 1): return try FHIRAdapter.decodeBundle(bytes, profile: profile)
        case ("POST", _): return try FHIRAdapter.decodeCreate(type: words[1], bytes, profile: profile)
        default:
            let address = words[1].split(separator: "/").map(String.init)
            return try FHIRAdapter.decodeUpdate(type: address[0], id: address[1], bytes, profile: profile)
        }
    }

    private static func lines(_ interaction: FHIRInteraction) -> [String] {
        var lines: [String] = []
        let submission = interaction.submission
        if let target = interaction.target { lines.append("target: \(target.reference)") }
        if let version = interaction.ifMatch { lines.append("if match: \(version)") }
        if let condition = interaction.ifNoneExist { lines.append("if none exist: \(condition)") }
        switch submission.intent {
        case .application(let application):
            lines.append("intent: application")
            lines.append("message: \(submission.messageID ?? "none") of \(submission.statedSender)")
            lines.append("site: \(submission.statedSite?.description ?? "none")")
            lines.append("priority source: \(submission.prioritySource.rawValue)")
            if submission.departmentUnmapped { lines.append("department: unmapped") }
            lines += elements(application)
        case .act(_, let act):
            lines += self.lines(act)
        }
        lines += submission.lost.map { "lost: \($0.path)" }
        return lines
    }

    private static func lines(_ act: Act) -> [String] {
        switch act {
        case .report(let report, let signature):
            let jws = signature.jws.map { " \($0)" } ?? ""
            return [
                "act: report",
                "signed: \(signature.kind.rawValue) \(signature.doctor) \(signature.licence) v\(signature.caseVersion)\(jws)",
            ] + report.elements.sorted.map { "\($0.key.rawValue): \(escaped($0.value))" }
                + report.attachments.map(attachment)
        case .answer(let application): return ["act: answer"] + elements(application)
        case .recordConsent(let elements, _):
            return ["act: record consent"] + elements.sorted.map { "\($0.key.rawValue): \(escaped($0.value))" }
        case .accept(let appointment): return ["act: accept"] + text("appointment", appointment)
        case .decline(let reason, let note): return ["act: decline", "reason: \(reason.rawValue)"] + text("note", note)
        case .start: return ["act: start"]
        case .fail(let reason, let note): return ["act: fail", "reason: \(reason.rawValue)"] + text("note", note)
        case .close(let decision, let reason, let rating, let note):
            return ["act: close", "decision: \(decision.rawValue)"] + text("reason", reason?.rawValue)
                + text("rating", rating.map(String.init)) + text("note", note)
        case .cancel(let reason, let note): return ["act: cancel", "reason: \(reason.rawValue)"] + text("note", note)
        case .void(let note): return ["act: void"] + text("note", note)
        case .withdrawConsent: return ["act: withdraw consent"]
        case .note(let note): return ["act: note"] + text("note", note)
        case .requeue(let site): return ["act: requeue"] + text("site", site?.description)
        case .recordOutcome, .rateTierAgain, .price, .settle, .dispute: return ["act: \(act)"]
        case .notYetOffered(let step): return ["act: not yet offered", "step: \(step)"]
        }
    }

    private static func line(_ rating: Assessment.Rating) -> String {
        let halves = rating.halves.map { " (\($0.residualClaim) + \($0.decisionPower))" } ?? ""
        let evidence = rating.evidence.map { "\($0.kind.rawValue) \($0.reference)" }.joined(separator: ", ")
        return "\(rating.indicator.rawValue): \(rating.value)\(halves), \(rating.confidence.rawValue); \(evidence)"
    }

    private static func text(_ name: String, _ value: String?) -> [String] {
        value.map { ["\(name): \(escaped($0))"] } ?? []
    }

    private static func elements(_ application: Application) -> [String] {
        application.elements.sorted.map { "\($0.key.rawValue): \(escaped($0.value))" }
            + application.attachments.map(attachment)
    }

    private static func attachment(_ attachment: ConsiliumCore.Attachment) -> String {
        "attachment: \(attachment.title), \(attachment.contentType), \(attachment.bytes.count) bytes"
    }

    private static func escaped(_ text: String) -> String { text.replacing("\n", with: "\\n") }

    // MARK: Files

    static func folder(_ name: String, _ source: String = #filePath) -> URL {
        URL(fileURLWithPath: source).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Protocols/FHIR/\(name)")
    }

    static let all: [FHIRGoldenFile] = {
        let folder = Self.folder("golden")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
            .compactMap { name in
                (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
                    .flatMap { FHIRGoldenFile(name: name, text: $0) }
            }
    }()
}
