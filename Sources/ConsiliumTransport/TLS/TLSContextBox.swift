import NIOConcurrencyHelpers
import NIOCore
import NIOSSL

/// What a listener demands of those who connect.
package enum ServerPurpose: Sendable, Hashable {
    /// The API: TLS 1.3, client certificate required, HTTP/2 or HTTP/1.1 by ALPN.
    case mutual
    /// The console and enrolment: TLS 1.3, client certificate asked for and, if shown, checked; none is needed.
    case console
    /// MLLP: TLS 1.3, client certificate required, no ALPN.
    case mllp
}

/// The TLS settings of one listener, replaceable while it runs: every new connection reads the newest.
///
/// Peers are checked by BoringSSL itself (signature, chain to `roots`, lifetime, key usage, name constraints); open
/// connections keep what they were opened with and are closed through `ConnectionRegistry`.
package final class TLSContextBox: Sendable {
    package let purpose: ServerPurpose
    private let box: NIOLockedValueBox<NIOSSLContext>

    /// - `credentials`: the hub's certificate with the issuing authority's after it.
    /// - `roots`: whom a client certificate must lead to; all that are trusted.
    package init(
        _ purpose: ServerPurpose,
        credentials: Credentials,
        roots: [NetworkCertificate]
    ) throws(CertificateError) {
        self.purpose = purpose
        box = NIOLockedValueBox(try Self.context(purpose, credentials: credentials, roots: roots))
    }

    /// Uses these from the next connection on; on an error the former settings stay.
    package func reload(credentials: Credentials, roots: [NetworkCertificate]) throws(CertificateError) {
        let context = try Self.context(purpose, credentials: credentials, roots: roots)
        box.withLockedValue { $0 = context }
    }

    var context: NIOSSLContext { box.withLockedValue { $0 } }

    private static func context(
        _ purpose: ServerPurpose,
        credentials: Credentials,
        roots: [NetworkCertificate]
    ) throws(CertificateError) -> NIOSSLContext {
        guard !roots.isEmpty else { throw .malformed("at least one root") }
        do {
            let source = try credentials.source()
            var settings = TLSConfiguration.makeServerConfiguration(
                certificateChain: source.chain,
                privateKey: source.key
            )
            settings.minimumTLSVersion = .tlsv13
            settings.trustRoots = .certificates(try roots.map { try $0.sslCertificate() })
            // No hostname is checked in a client's certificate; everything else is, and a certificate is demanded.
            settings.certificateVerification = purpose == .console ? .optionalVerification : .noHostnameVerification
            settings.sendCANameList = true
            // How long a closing connection waits for the peer's goodbye.
            settings.shutdownTimeout = .seconds(1)
            settings.applicationProtocols = purpose == .mllp ? [] : ["h2", "http/1.1"]
            return try NIOSSLContext(configuration: settings)
        } catch {
            throw .tls(String(describing: error))
        }
    }
}
