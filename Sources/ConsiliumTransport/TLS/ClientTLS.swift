import Foundation
import NIOCore
import NIOSSL

/// How a client meets a hub: whom it trusts, and what it shows.
///
/// Trust is the pinned roots and nothing else: the system's authorities cannot vouch for a hub. The server's name is
/// checked against the DNS names of its certificate, an IP address against the IP addresses (RFC 9525).
package struct ClientTLS: Sendable {
    package let roots: [NetworkCertificate]
    package let credentials: Credentials?
    let context: NIOSSLContext
    let configuration: TLSConfiguration
    private let node: (network: String, site: String)?

    /// - `credentials`: nil to connect without a certificate, as for enrolment.
    /// - `node`: where a member's own listener is met: its certificate has no host name, so it must name a node of this
    ///   site of this network instead.
    package init(
        roots: [NetworkCertificate],
        credentials: Credentials?,
        node: (network: String, site: String)? = nil
    ) throws(CertificateError) {
        self.node = node
        guard !roots.isEmpty else { throw .malformed("at least one root") }
        self.roots = roots
        self.credentials = credentials
        do {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.minimumTLSVersion = .tlsv13
            settings.trustRoots = .certificates(try roots.map { try $0.sslCertificate() })
            settings.certificateVerification = node == nil ? .fullVerification : .noHostnameVerification
            // A client that hangs up has nothing to gain from the hub's goodbye.
            settings.shutdownTimeout = .milliseconds(500)
            if let source = try credentials?.source() {
                settings.certificateChain = source.chain
                settings.privateKey = source.key
            }
            configuration = settings
            context = try NIOSSLContext(configuration: settings)
        } catch {
            throw .tls(String(describing: error))
        }
    }

    /// Whether the certificate that the peer showed is the one of whom this connection is meant for; asked once the
    /// handshake is done, and before anything is sent.
    func accepts(_ der: [UInt8]?, now: Date) -> Bool { node == nil || member(der, now: now) != nil }

    /// The node of the site that this connection is meant for, by the certificate that it showed; nil for any other peer,
    /// and where no node is expected.
    func member(_ der: [UInt8]?, now: Date) -> PeerIdentity? {
        guard let node, let der, let identity = try? PeerIdentity(der: der, network: node.network, now: now),
            identity.principal.kind == .node, identity.principal.site == node.site
        else { return nil }
        return identity
    }

    /// The TLS handler for a connection to `host`.
    ///
    /// An IP address may not stand in the SNI extension (RFC 6066, 3); without a name the handler checks the address
    /// that the socket is connected to against the IP addresses in the certificate.
    func handler(host: String) throws -> NIOSSLClientHandler {
        let name = HostName.address(host) == nil ? host : nil
        return try NIOSSLClientHandler(context: context, serverHostname: name)
    }
}
