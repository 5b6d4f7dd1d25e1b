import NIOSSL

@testable import ConsiliumTransport

enum TLSVersionLimit: Sendable {
    case any
    case oneTwo
}

extension RawClient {
    /// What a server answers to `request`; nil when there is no connection or it ends without an answer.
    ///
    /// In TLS 1.3 a client has finished its handshake before the server judges the client's certificate, so both ways
    /// of failing count.
    static func answer(_ port: Int, _ tls: ClientTLS, _ limit: TLSVersionLimit, _ request: String) async -> String? {
        do {
            let client = try await connect(to: port, tls: tls, maximum: limit == .oneTwo ? .tlsv12 : nil)
            return try await client.exchange(request)
        } catch {
            return nil
        }
    }
}

extension Credentials {
    /// The same leaf and key under a certificate that did not sign it; only TLS can notice.
    func replacingIssuer(with issuer: NetworkCertificate) -> Credentials {
        Credentials(unchecked: [leaf, issuer], key: key)
    }
}
