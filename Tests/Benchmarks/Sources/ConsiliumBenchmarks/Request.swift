/// One kind of request that the driver sends over and over: bytes on the wire, and how its answer is recognised.
struct Request: Sendable {
    enum Wire: Sendable {
        /// HTTP/1.1 with keep-alive; every status in 200…299 is a success.
        case http
        /// MLLP release 1; `MSA|AA` is a success.
        case mllp
    }

    var name: String
    var wire: Wire
    var message: Template
    /// False for the no-op.
    var isSubmission: Bool
    /// Size of the body or message alone.
    var payloadSize: Int

    static func submitBundle() -> Request {
        http("FHIR Bundle", "/fhir", isSubmission: true)
    }

    /// Same body, same TLS, router and authorisation, and nothing to do.
    static func heartbeat() -> Request {
        http("no-op", "/exchange/heartbeat", isSubmission: false)
    }

    static func submitReferral() throws -> Request {
        let message = try Messages.referral()
        return Request(
            name: "REF^I12",
            wire: .mllp,
            message: message.framed(before: [0x0B], after: [0x1C, 0x0D]),
            isSubmission: true,
            payloadSize: message.bytes.count
        )
    }

    private static func http(_ name: String, _ path: String, isSubmission: Bool) -> Request {
        let body = Messages.bundle
        let head =
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/fhir+json\r\n"
            + "Content-Length: \(body.bytes.count)\r\n\r\n"
        return Request(
            name: name,
            wire: .http,
            message: body.framed(before: Array(head.utf8), after: []),
            isSubmission: isSubmission,
            payloadSize: body.bytes.count
        )
    }
}
