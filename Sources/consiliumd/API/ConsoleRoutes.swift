import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import HTTPTypes
import Hummingbird

/// The console listener: server-authenticated TLS. For now a landing page and enrolment.
struct ConsoleRoutes {
    let hub: Hub

    private struct Enrolment: Decodable {
        var secret: String
        var csr: String
    }

    private struct GraceRenewal: Decodable {
        var csr: String
        /// The expired certificate, PEM.
        var certificate: String
        /// ES256 (r || s) by the old key over the signing request's PEM, base64.
        var signature: Data
    }

    private struct Enrolled: Encodable {
        var certificate: String
        var root: String
        var network: String
        var principal: String
        var api: String
        var mllp: String
    }

    /// Whoever can reach the console may send to it: a signing request and a token are small.
    private static let bodyLimit = 64 << 10

    func add(to router: Hummingbird.Router<HubContext>) {
        router.get("/") { request, _ in
            hub.metrics.request("console", status: 200)
            return Reply.bytes(Array(page(request.language).utf8), type: "text/html; charset=utf-8")
        }
        router.get("enrol/root") { _, _ in
            Reply.bytes(Array(hub.certificates.root.pem.utf8), type: "application/x-pem-file")
        }
        router.post("enrol") { request, _ in
            await hub.answerJSON("console", request) {
                var request = request
                let body = try await hub.decode(Enrolment.self, from: &request, limit: Self.bodyLimit)
                return try await enrol(body)
            }
        }
        router.post("enrol/renew") { request, _ in
            await hub.answerJSON("console", request) {
                var request = request
                let body = try await hub.decode(GraceRenewal.self, from: &request, limit: Self.bodyLimit)
                return try await renew(body)
            }
        }
    }

    /// The token is looked at before a certificate is issued, and used up in the ledger before it is handed out.
    private func enrol(_ body: Enrolment) async throws -> Response {
        let digest = EnrolmentToken.digest(of: body.secret)
        guard let invitation = hub.network.invitations[digest], invitation.usedAt == nil,
            invitation.expires > hub.clock.now()
        else { throw Refusal(.tokenInvalid) }
        let (leaf, chain) = try hub.issue(body.csr, to: invitation.principal)
        let certificate = Network.Certificate(fingerprint: leaf.fingerprint, notAfter: Instant(leaf.notAfter))
        _ = try await hub.execute(.network(.enrol(token: digest, certificate), by: nil, payload: nil))
        return try answer(chain, invitation.principal, status: .created)
    }

    /// An expired certificate of an active principal can be renewed for 90 days by proof of the old key and the site
    /// administrator's approval.
    private func renew(_ body: GraceRenewal) async throws -> Response {
        let now = hub.clock.now()
        guard let old = try? NetworkCertificate(pem: body.certificate), old.isSigned(by: hub.certificates.issuing),
            let uri = old.uris.first, let name = try? PrincipalName(uri: uri), let site = SiteID(name.site)
        else { throw Refusal(.principalUnknown) }
        let principal = Principal(site: site, kind: name.kind == .node ? .node : .operator, name: name.name)
        guard let member = hub.network.members[principal],
            member.certificates.contains(where: { $0.fingerprint == old.fingerprint })
        else { throw Refusal(.principalUnknown) }
        guard member.revokedAt == nil else { throw Refusal(.principalRevoked) }
        guard old.isValidSignature(Array(body.signature), over: Array(body.csr.utf8)) else {
            throw Refusal(.signatureInvalid)
        }
        guard now - Instant(old.notAfter) <= Network.renewalGrace, let until = member.graceUntil, until > now else {
            throw Refusal(.notPermitted, at: nil, "approval by the site's administrator")
        }
        let (leaf, chain) = try hub.issue(body.csr, to: principal)
        let certificate = Network.Certificate(fingerprint: leaf.fingerprint, notAfter: Instant(leaf.notAfter))
        _ = try await hub.execute(.network(.renew(principal, certificate), by: nil, payload: nil))
        return try answer(chain, principal, status: .ok)
    }

    private func answer(_ chain: String, _ principal: Principal, status: HTTPResponse.Status) throws -> Response {
        let host = hub.configuration.hosts.first ?? "127.0.0.1"
        let ports = hub.ports.value
        return try Reply.json(
            Enrolled(
                certificate: chain,
                root: hub.certificates.root.pem,
                network: hub.certificates.network,
                principal: principal.description,
                api: "\(host):\(ports.api)",
                mllp: "\(host):\(ports.mllp)"
            ),
            status: status
        )
    }

    private func page(_ language: Language) -> String {
        let network = hub.network.name
        let text =
            language == .zh
            ? (
                "协作网 \(network)", "这里是会诊协作网的中心。",
                "请用 <code>consilium enroll 邀请码</code> 登记，之后用 <code>consilium</code> 命令或本院系统提交会诊。"
            )
            : (
                "Network \(network)", "This is the hub of a network for consultations between hospitals.",
                "Enrol with <code>consilium enroll TOKEN</code>, then submit with the <code>consilium</code> command or from your own system."
            )
        return """
            <!doctype html><html lang="\(language == .zh ? "zh-CN" : "en")"><meta charset="utf-8">\
            <meta name="viewport" content="width=device-width"><title>Consilium</title>\
            <body><main><h1>\(text.0)</h1><p>\(text.1)</p><p>\(text.2)</p></main></body></html>
            """
    }
}

extension Hub {
    /// Issues a certificate; a bad signing request is the sender's fault.
    func issue(_ csr: String, to principal: Principal) throws -> (leaf: NetworkCertificate, chain: String) {
        do {
            return try certificates.issue(csr: csr, to: principal, now: clock.now())
        } catch let error as CertificateError {
            throw Refusal(.invalidValue, at: "csr", "\(error)")
        }
    }
}
