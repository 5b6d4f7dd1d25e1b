import Foundation

/// What an invitation says: where the hub is, how its root is known, and the secret that is used once.
///
/// Written `consilium1.` and base64url of a JSON object with the keys h, p, a, m, f, s, n.
struct EnrolmentToken: Equatable, Sendable {
    var host: String
    var consolePort: Int
    var apiPort: Int
    var mllpPort: Int?
    /// Hexadecimal SHA-256 of the root certificate.
    var rootFingerprint: String
    var secret: String
    /// `SITE/op/NAME`.
    var principal: String

    /// Nil when `text` is no such token; blanks and line breaks of a pasted one do not matter.
    init?(_ text: String) {
        let bare = text.filter { !$0.isWhitespace }
        let prefix = "consilium1."
        guard bare.hasPrefix(prefix), let data = Base64URL.decode(String(bare.dropFirst(prefix.count))),
            let value = Value(json: [UInt8](data)), let host = value["h"].string, let console = value["p"].int,
            let fingerprint = value["f"].string, let secret = value["s"].string
        else { return nil }
        self.host = host
        consolePort = console
        apiPort = value["a"].int ?? 8443
        mllpPort = value["m"].int
        rootFingerprint = fingerprint
        self.secret = secret
        principal = value["n"].string ?? ""
    }
}

/// Base 64 with the URL alphabet and no padding (RFC 4648, 5), as JOSE writes it.
enum Base64URL {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").filter { $0 != "=" }
    }

    static func decode(_ text: String) -> Data? {
        var plain = text.replacing("-", with: "+").replacing("_", with: "/").filter { $0 != "=" }
        plain += String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: plain)
    }
}
