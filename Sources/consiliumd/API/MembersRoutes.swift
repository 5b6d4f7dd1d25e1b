import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import HTTPTypes
import Hummingbird

/// `/network/members`: who belongs to the network, invitations and renewals.
struct MembersRoutes {
    let hub: Hub

    struct InvitationRequest: Decodable {
        var principal: String
        var roles: [Role]
        var hours: Int?
    }

    struct RoleChange: Decodable {
        var role: Role
        var grant: Bool
    }

    struct ActsForChange: Decodable {
        var site: SiteID
        var grant: Bool
    }

    struct RenewalRequest: Decodable { var csr: String }

    private struct MemberCard: Encodable {
        struct CertificateCard: Encodable {
            var fingerprint: String
            var notAfter: Instant
        }

        var principal: String
        var roles: [Role]
        var actsFor: [SiteID]
        var revokedAt: Instant?
        var certificates: [CertificateCard]
    }

    func add(to network: RouterGroup<HubContext>) {
        network.get("members") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                let all = actor.roles.contains(.networkAdministrator)
                let members = hub.network.members.values
                    .filter { all || $0.principal.site == actor.site }
                    .sorted { $0.principal.description < $1.principal.description }
                return try Reply.json(
                    members.map { member in
                        MemberCard(
                            principal: member.principal.description,
                            roles: member.roles.sorted { $0.rawValue < $1.rawValue },
                            actsFor: member.actsFor.sorted(),
                            revokedAt: member.revokedAt,
                            certificates: member.certificates.map {
                                .init(fingerprint: $0.fingerprint, notAfter: $0.notAfter)
                            }
                        )
                    }
                )
            }
        }
        network.post("invitations") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                let body = try await hub.decode(InvitationRequest.self, from: &request)
                guard let principal = Principal(body.principal) else { throw Refusal(.invalidValue, at: "principal") }
                var entropy = SystemEntropy()
                let token = EnrolmentToken.make(for: principal, hub: hub, entropy: &entropy)
                let (caller, _) = try hub.caller()
                _ = try await hub.execute(
                    .network(
                        .invite(
                            principal,
                            roles: body.roles,
                            token: token.digest,
                            lifetime: .hours(Int64(body.hours ?? 24))
                        ),
                        by: caller,
                        payload: nil
                    )
                )
                return try Reply.json(["token": token.text], status: .created)
            }
        }
        network.post("renewals") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                let (principal, identity) = try hub.caller()
                let body = try await hub.decode(RenewalRequest.self, from: &request)
                let (leaf, chain) = try hub.issue(body.csr, to: principal)
                guard leaf.publicKeyFingerprint != identity.publicKeyFingerprint else {
                    throw Refusal(.invalidValue, at: "csr", "a new key")
                }
                _ = try await hub.execute(
                    .network(
                        .renew(
                            principal,
                            .init(fingerprint: leaf.fingerprint, notAfter: Instant(leaf.notAfter))
                        ),
                        by: principal,
                        payload: nil
                    )
                )
                return try Reply.json(["certificate": chain])
            }
        }
        network.post("members/:site/:kind/:name/:verb") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                let text = try ["site", "kind", "name"].map { try context.parameters.require($0) }
                guard let principal = Principal(text.joined(separator: "/")) else { throw Refusal(.principalUnknown) }
                switch try context.parameters.require("verb") {
                case "revoke": return try await hub.change(.revoke(principal))
                case "approve-renewal": return try await hub.change(.approveRenewal(principal))
                case "roles":
                    let body = try await hub.decode(RoleChange.self, from: &request)
                    return try await hub.change(
                        body.grant ? .grant(principal, body.role) : .removeGrant(principal, body.role)
                    )
                case "acts-for":
                    let body = try await hub.decode(ActsForChange.self, from: &request)
                    return try await hub.change(
                        body.grant ? .grantActsFor(principal, body.site) : .removeActsFor(principal, body.site)
                    )
                default: throw Refusal(.notFound)
                }
            }
        }
    }
}
