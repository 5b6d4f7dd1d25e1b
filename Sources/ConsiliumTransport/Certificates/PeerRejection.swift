/// Why a peer is not let in although its TLS handshake succeeded, or would not have been.
///
/// The code is stable: it stands in logs, metrics and the body of the reply. Equality is on the code alone.
package struct PeerRejection: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Nothing that can be read as an X.509 certificate.
        case malformedCertificate = "malformed-certificate"
        /// A certificate of an authority, shown as if it were a principal's.
        case authorityCertificate = "authority-certificate"
        /// No URI among the subject's alternative names.
        case noURI = "no-uri-san"
        /// More than one URI among the subject's alternative names.
        case severalURIs = "several-uri-sans"
        /// The URI does not name a principal (see `PrincipalName`).
        case notPrincipalName = "not-a-principal-name"
        /// The principal belongs to another network.
        case otherNetwork = "other-network"
        /// The certificate is not meant for authenticating a client.
        case wrongKeyUsage = "wrong-key-usage"
        case notYetValid = "not-yet-valid"
        case expired = "certificate-expired"
        /// No such principal is enrolled.
        case principalUnknown = "principal-unknown"
        /// The principal, its certificate or its key was revoked.
        case principalRevoked = "principal-revoked"
        case siteSuspended = "site-suspended"
        /// The site has as many connections open as it may.
        case tooManyConnections = "too-many-connections"
    }

    package let code: Code
    /// What was found, for the log; never secret, never sent.
    package let detail: String?

    package init(_ code: Code, _ detail: String? = nil) {
        self.code = code
        self.detail = detail
    }

    package static func == (a: PeerRejection, b: PeerRejection) -> Bool { a.code == b.code }
    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
