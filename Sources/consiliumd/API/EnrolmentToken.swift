import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation

/// A one-time enrolment token: 256 bits, stored hashed, with what a client needs to find and trust the hub.
struct EnrolmentToken {
    private struct Content: Codable {
        /// Host, console port, api port, mllp port.
        var h: String
        var p: Int
        var a: Int
        var m: Int
        /// SHA-256 of the root's certificate.
        var f: String
        /// The secret.
        var s: String
        /// The principal that it is for.
        var n: String
    }

    let text: String
    /// Lower-case hexadecimal SHA-256 of the secret: what the ledger holds.
    let digest: String

    static func make(for principal: Principal, hub: Hub, entropy: inout some Entropy) -> EnrolmentToken {
        make(
            for: principal,
            host: hub.configuration.hosts.first ?? "127.0.0.1",
            ports: hub.ports.value,
            root: hub.certificates.root.fingerprint,
            entropy: &entropy
        )
    }

    static func make(
        for principal: Principal,
        host: String,
        ports: BoundPorts,
        root: String,
        entropy: inout some Entropy
    ) -> EnrolmentToken {
        let secret = ReportSignature.encode(entropy.bytes(32))
        let content = Content(
            h: host,
            p: ports.console,
            a: ports.api,
            m: ports.mllp,
            f: root,
            s: secret,
            n: principal.description
        )
        // Strings and integers only: encoding cannot fail.
        let json = (try? JSONEncoder().encode(content)) ?? Data()
        return EnrolmentToken(text: "consilium1." + ReportSignature.encode(Array(json)), digest: digest(of: secret))
    }

    static func digest(of secret: String) -> String { hexadecimal(sha256(Array(secret.utf8))) }
}

/// The ports that the listeners have.
struct BoundPorts: Sendable, Equatable {
    var api: Int
    var console: Int
    var mllp: Int
    var ops: Int
}
