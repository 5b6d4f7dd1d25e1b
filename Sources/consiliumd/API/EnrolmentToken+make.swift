import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport

extension EnrolmentToken {
    /// A token of 256 random bits for `principal`, with what a client needs to find and trust the hub.
    static func make(
        for principal: Principal,
        host: String,
        ports: BoundPorts,
        root: String,
        entropy: inout some Entropy
    ) -> EnrolmentToken {
        EnrolmentToken(
            host: host,
            consolePort: ports.console,
            apiPort: ports.api,
            mllpPort: ports.mllp,
            rootFingerprint: root,
            secret: Base64URL.encode(entropy.bytes(32)),
            principal: principal.description
        )
    }

    static func make(for principal: Principal, hub: Hub, entropy: inout some Entropy) -> EnrolmentToken {
        make(
            for: principal,
            host: hub.configuration.hosts.first ?? "127.0.0.1",
            ports: hub.ports.value,
            root: hub.certificates.root.fingerprint,
            entropy: &entropy
        )
    }

    /// What the ledger holds of it: the lower-case hexadecimal SHA-256 of the secret.
    var digest: String { Self.digest(of: secret) }

    static func digest(of secret: String) -> String { hexadecimal(sha256(Array(secret.utf8))) }
}
