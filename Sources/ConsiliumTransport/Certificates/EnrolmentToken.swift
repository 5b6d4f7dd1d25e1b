import Foundation

/// What an invitation says: where the hub is, how its root is known, and the secret that is used once.
///
/// Written `consilium1.` and base64url of a JSON object with the keys h, p, a, m, f, s, n.
package struct EnrolmentToken: Equatable, Sendable {
    package var host: String
    package var consolePort: Int
    package var apiPort: Int
    package var mllpPort: Int?
    /// Hexadecimal SHA-256 of the root certificate.
    package var rootFingerprint: String
    /// The hub keeps only its digest.
    package var secret: String
    /// `SITE/op/NAME`.
    package var principal: String

    private static let prefix = "consilium1."

    private struct Content: Codable {
        var h: String
        var p: Int
        var a: Int?
        var m: Int?
        var f: String
        var s: String
        var n: String?
    }

    package init(
        host: String,
        consolePort: Int,
        apiPort: Int,
        mllpPort: Int?,
        rootFingerprint: String,
        secret: String,
        principal: String
    ) {
        self.host = host
        self.consolePort = consolePort
        self.apiPort = apiPort
        self.mllpPort = mllpPort
        self.rootFingerprint = rootFingerprint
        self.secret = secret
        self.principal = principal
    }

    /// Nil when `text` is no such token; blanks and line breaks of a pasted one do not matter.
    package init?(_ text: String) {
        let bare = text.filter { !$0.isWhitespace }
        guard bare.hasPrefix(Self.prefix), let json = Base64URL.decode(bare.dropFirst(Self.prefix.count)),
            let content = try? JSONDecoder().decode(Content.self, from: Data(json))
        else { return nil }
        self.init(
            host: content.h,
            consolePort: content.p,
            apiPort: content.a ?? 8443,
            mllpPort: content.m,
            rootFingerprint: content.f,
            secret: content.s,
            principal: content.n ?? ""
        )
    }

    package var text: String {
        let content = Content(
            h: host,
            p: consolePort,
            a: apiPort,
            m: mllpPort,
            f: rootFingerprint,
            s: secret,
            n: principal
        )
        // Strings and integers only: encoding cannot fail.
        return Self.prefix + Base64URL.encode((try? JSONEncoder().encode(content)) ?? Data())
    }
}
