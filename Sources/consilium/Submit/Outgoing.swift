import ConsiliumAdapters
import ConsiliumCore
import Foundation

/// One request, ready to be sent.
struct Outgoing: Sendable {
    /// The file's name, `-` for the standard input.
    var label: String
    var kind: MessageKind
    /// `/fhir` or `/exchange/messages`.
    var path: String
    var contentType: String
    var body: [UInt8]
    /// nil: the client cannot tell, so the request is treated as the most urgent.
    var priority: Priority?
    var department: DepartmentCode?
    /// Fields of a form that ought to be filled and are not.
    var unfilled: [FormField] = []

    /// A stat request, or one that might be, never waits in the spool.
    var isSpoolable: Bool { priority != nil && priority != .stat }

    func spooled(at now: Instant) -> SpooledRequest {
        SpooledRequest(
            path: path,
            contentType: contentType,
            body: Data(body),
            label: label,
            keptAt: now.iso8601
        )
    }
}

/// Makes requests out of files.
struct OutgoingReader {
    var site: SiteID
    var directory: Directory
    var language: Language

    /// Reads `bytes`: a form becomes a FHIR Bundle, any other message goes as it is.
    /// Relative paths of a form's attachments begin at `folder`.
    func read(_ bytes: [UInt8], label: String, folder: String, attach: [String]) throws(Failure) -> Outgoing {
        let kind = MessageKind(sniffing: bytes)
        if kind == .form { return try form(bytes, label: label, folder: folder, attach: attach) }
        guard attach.isEmpty else {
            throw Failure(
                .usage,
                "attach-needs-form",
                at: label,
                language == .zh ? "--attach 只用于申请单" : "--attach goes with a form; a message carries its own documents"
            )
        }
        return kind == .hl7v2 ? hl7v2(MessageKind.unframed(bytes), label: label) : fhir(bytes, label: label)
    }

    private func form(
        _ bytes: [UInt8],
        label: String,
        folder: String,
        attach: [String]
    ) throws(Failure) -> Outgoing {
        let text = try Self.text(bytes, label: label, language: language)
        let (form, problems) = FormReader.read(text, as: .application, in: .init(directory: directory))
        guard problems.isEmpty else {
            throw Failure(.refused, items: problems.map { $0.item(in: label, language: language) })
        }
        var attachments: [Attachment] = []
        for file in form.files {
            let place = file.place(in: label)
            attachments.append(
                try AttachmentFile.read(file.path, relativeTo: folder, at: place, language: language)
            )
        }
        for path in attach { attachments.append(try AttachmentFile.read(path, language: language)) }
        let application = FormContent.application(form, attachments: attachments)
        let body = FHIRAdapter.encodeBundle(
            application,
            site: site,
            messageID: FormContent.messageID(application)
        )
        return Outgoing(
            label: label,
            kind: .form,
            path: "/fhir",
            contentType: "application/fhir+json",
            body: body,
            priority: application[.priority].flatMap { Priority(rawValue: $0) } ?? .routine,
            department: application[.wantedDepartment].flatMap { DepartmentCode($0) },
            unfilled: FormReader.expected(form, .application)
        )
    }

    private func hl7v2(_ bytes: [UInt8], label: String) -> Outgoing {
        var outgoing = Outgoing(
            label: label,
            kind: .hl7v2,
            path: "/exchange/messages",
            contentType: "x-application/hl7-v2+er7",
            body: bytes
        )
        let profile = directory.profile(of: site, format: .hl7v2)
        if let message = try? HL7v2Adapter.decode(bytes, profile: profile, receivedAt: LocalTime.now) {
            outgoing.read(message.submission, profile: profile)
        }
        return outgoing
    }

    private func fhir(_ bytes: [UInt8], label: String) -> Outgoing {
        var outgoing = Outgoing(
            label: label,
            kind: .fhir,
            path: "/exchange/messages",
            contentType: "application/fhir+json",
            body: bytes
        )
        let profile = directory.profile(of: site, format: .fhir)
        if let message = try? FHIRAdapter.decodeMessage(bytes, profile: profile) {
            outgoing.read(message.submission, profile: profile)
        }
        return outgoing
    }

    /// A form's text: UTF-8, else GB18030 as Chinese Windows saves it.
    static func text(_ bytes: [UInt8], label: String, language: Language) throws(Failure) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        if let utf8 = Charset.gb18030.utf8(of: bytes), let text = String(validating: utf8, as: UTF8.self) {
            return text
        }
        throw Failure(
            .refused,
            "form-unreadable",
            at: label,
            language == .zh ? "文件既不是 UTF-8 也不是 GB18030 文本" : "the file is text neither in UTF-8 nor in GB18030"
        )
    }
}

extension Outgoing {
    /// Takes priority and department from a decoded message, by the site's own code tables.
    fileprivate mutating func read(_ submission: Submission, profile: ExchangeProfile) {
        switch submission.intent {
        case .application(let application):
            if submission.prioritySource == .unknown {
                priority = nil
            } else {
                priority = application[.priority].flatMap { Priority(rawValue: $0) } ?? profile.defaultPriority
            }
            department = application[.wantedDepartment].flatMap { DepartmentCode($0) }
        case .act:
            // An act on a case may be kept: what it changes waits at the hub in the meantime.
            priority = .routine
        }
    }
}
