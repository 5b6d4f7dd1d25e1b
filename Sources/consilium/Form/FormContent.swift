import ConsiliumCore
import Crypto

/// What a filled form says, as the domain knows it.
enum FormContent {
    /// The application of a form, with the files that it and the command line name.
    static func application(_ form: FilledForm, attachments: [Attachment]) -> Application {
        var application = Application()
        for (name, entry) in form.entries {
            if let element = Element(rawValue: name) { application[element] = entry.value }
        }
        application.attachments = attachments
        return application
    }

    /// The report of a form; its time is `now` unless the form states one.
    static func report(_ form: FilledForm, attachments: [Attachment], at now: Instant) -> Report {
        var report = Report()
        for (name, entry) in form.entries {
            if let element = ReportElement(rawValue: name) { report[element] = entry.value }
        }
        if report[.time] == nil { report[.time] = now.iso8601 }
        report.attachments = attachments
        return report
    }

    /// An identity for the message that follows from its content: the same form sent again is the same message.
    static func messageID(_ application: Application) -> String {
        let payload = Payload(application: application, digest: hexDigest)
        return "form-" + hexDigest(payload.canonical).prefix(32)
    }

    /// Lower-case hexadecimal SHA-256.
    static func hexDigest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes)
            .map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }
            .joined()
    }
}
