import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

extension HubClient {
    /// Fetches the network's root from a hub that is not trusted yet, and believes it only by its fingerprint.
    ///
    /// The fingerprint comes with the enrolment token, out of band. This connection checks nothing and sends nothing
    /// but the request; the root that it brings is compared with the fingerprint, and everything after that (the token
    /// above all) goes over a connection verified with `ClientTLS(roots: [root], credentials: nil)`.
    /// - `fingerprint`: hexadecimal SHA-256 of the root's DER; colons, blanks and case do not matter.
    package static func fetchRoot(
        host: String,
        port: Int,
        path: String = "/enrol/root",
        fingerprint: String,
        limits: HubClientLimits = HubClientLimits()
    ) async throws(HubClientError) -> NetworkCertificate {
        let wanted = fingerprint.lowercased().filter { $0 != ":" && $0 != " " }
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.minimumTLSVersion = .tlsv13
        settings.certificateVerification = .none
        let client = client(settings, limits)
        let text: Result<String, HubClientError>
        do {
            text = .success(try await Self.text(client, url: base(host: host, port: port) + path, limits))
        } catch {
            text = .failure(HubClientError(error))
        }
        do {
            try await client.shutdown()
        } catch {
            throw HubClientError(error)
        }
        let chain: [NetworkCertificate]
        let received = try text.get()
        do throws(CertificateError) {
            chain = try NetworkCertificate.chain(pem: received)
        } catch {
            throw .cannotTrust("what answers there has no root certificate to show")
        }
        guard let root = chain.first(where: { $0.fingerprint == wanted }), root.isAuthority, root.isSigned(by: root)
        else { throw .cannotTrust("the root certificate is not the one that the token names") }
        return root
    }

    private static func text(_ client: HTTPClient, url: String, _ limits: HubClientLimits) async throws -> String {
        let answer = try await client.execute(HTTPClientRequest(url: url), timeout: TimeAmount(limits.request))
        guard answer.status.code == 200 else { throw HubClientError.cannotTrust("no root certificate at \(url)") }
        return String(buffer: try await answer.body.collect(upTo: 64 << 10))
    }
}
