import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import HTTPTypes
import Hummingbird

/// `/network`: running the network, in plain JSON.
struct NetworkRoutes {
    let hub: Hub

    func add(to router: Hummingbird.Router<HubContext>) {
        let network = router.group("network")
        addDirectory(to: network)
        addMembers(to: network)
        addDeliveries(to: network)
        CaseRoutes(hub: hub).add(to: network)
    }

    private struct Overview: Encodable {
        var name: String
        var version: Int
        var hubTime: Instant
        var policy: NetworkPolicy
        var isDemonstration: Bool
        var software: String
    }

    private struct Me: Encodable {
        var principal: String
        var site: SiteID
        var roles: [Role]
        var actsFor: [SiteID]
        var certificateNotAfter: Instant
    }

    struct StatusChange: Decodable { var status: Site.Status }
    struct CapacityChange: Decodable {
        var department: DepartmentCode
        var capacity: Int
    }

    private func addDirectory(to network: RouterGroup<HubContext>) {
        network.get { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                let now = hub.network
                return try Reply.json(
                    Overview(
                        name: now.name,
                        version: now.version,
                        hubTime: hub.clock.now(),
                        policy: now.policy,
                        isDemonstration: now.policy.isDemonstration,
                        software: Hub.version
                    )
                )
            }
        }
        network.get("me") { request, _ in
            await hub.answerJSON("network", request) {
                let (principal, identity) = try hub.caller()
                let actor = try await hub.actor()
                return try Reply.json(
                    Me(
                        principal: principal.description,
                        site: principal.site,
                        roles: actor.roles.sorted { $0.rawValue < $1.rawValue },
                        actsFor: (hub.network.members[principal]?.actsFor ?? []).sorted(),
                        certificateNotAfter: Instant(identity.notAfter)
                    )
                )
            }
        }
        network.get("directory") { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                return try Reply.json(hub.network.directory)
            }
        }
        network.put("sites") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                let sites = try await hub.decode([Site].self, from: &request)
                return try await change(.putSites(sites))
            }
        }
        network.get("sites/:site") { request, context in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                guard let site = hub.network.sites[try site(context)] else { throw Refusal(.siteUnknown) }
                return try Reply.json(site)
            }
        }
        network.post("sites/:site/status") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                let body = try await hub.decode(StatusChange.self, from: &request)
                return try await change(.setStatus(try site(context), body.status))
            }
        }
        network.post("sites/:site/capacity") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                let body = try await hub.decode(CapacityChange.self, from: &request)
                return try await change(.setCapacity(try site(context), body.department, body.capacity))
            }
        }
        network.put("policy") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                return try await change(.setPolicy(try await hub.decode(NetworkPolicy.self, from: &request)))
            }
        }
        network.get("journal/head") { request, _ in
            await hub.answerJSON("network", request) {
                _ = try await hub.actor()
                return try Reply.json(["position": hub.network.version, "records": try hub.flow.recordCount()])
            }
        }
    }

    private func site(_ context: HubContext) throws -> SiteID {
        guard let site = SiteID(try context.parameters.require("site")) else { throw Refusal(.siteUnknown) }
        return site
    }

    /// Carries out a command by the caller and tells the network's new version.
    private func change(_ command: NetworkCommand, payload: [UInt8]? = nil) async throws -> Response {
        let (principal, _) = try hub.caller()
        let receipt = try await hub.execute(.network(command, by: principal, payload: payload))
        return try Reply.json(["version": receipt.version])
    }

    // MARK: Members

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

    private func addMembers(to network: RouterGroup<HubContext>) {
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
                case "revoke": return try await change(.revoke(principal))
                case "approve-renewal": return try await change(.approveRenewal(principal))
                case "roles":
                    let body = try await hub.decode(RoleChange.self, from: &request)
                    return try await change(
                        body.grant ? .grant(principal, body.role) : .removeGrant(principal, body.role)
                    )
                case "acts-for":
                    let body = try await hub.decode(ActsForChange.self, from: &request)
                    return try await change(
                        body.grant ? .grantActsFor(principal, body.site) : .removeActsFor(principal, body.site)
                    )
                default: throw Refusal(.notFound)
                }
            }
        }
        network.put("doctors") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                let doctors = try await hub.decode([Network.Doctor].self, from: &request)
                let (principal, _) = try hub.caller()
                var register: [String: Network.DoctorCredential] = [:]
                for doctor in doctors {
                    register[hub.intake.licence(doctor.licence)] = .init(
                        validFrom: doctor.validFrom,
                        validTo: doctor.validTo
                    )
                }
                return try await change(
                    .importDoctors(principal.site, register),
                    payload: Array(try JSONEncoder().encode(doctors))
                )
            }
        }
        network.get("doctors") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                guard let site = actor.site else { throw Refusal(.notFound) }
                return try Reply.json(try DoctorRegister(hub: hub).doctors(of: site))
            }
        }
    }

    // MARK: Deliveries and quarantine

    private struct DeliveryCard: Encodable {
        var id: DeliveryID
        var `case`: CaseID
        var site: SiteID
        var kind: String
        var state: String
        var reason: String?
        var attempts: Int
        var nextAt: Instant?
        var createdAt: Instant
    }

    private struct QuarantineCard: Encodable {
        var id: TimeOrderedID
        var site: SiteID
        var principal: String
        var receivedAt: Instant
        var door: String
        var code: String
        var location: String
        var size: Int
    }

    struct Discard: Decodable { var reason: String }

    private func addDeliveries(to network: RouterGroup<HubContext>) {
        network.get("deliveries") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                let all = actor.roles.contains(.networkAdministrator)
                let wanted = request.uri.queryParameters["state"].map(String.init) ?? "pending"
                let state = wanted == "pending" ? nil : wanted == "done" ? "acknowledged" : wanted
                let rows = try hub.flow.deliveries(state: state, limit: 1_000)
                    .filter { all || $0.site == actor.site }
                return try Reply.json(
                    rows.map {
                        DeliveryCard(
                            id: $0.id,
                            case: $0.caseID,
                            site: $0.site,
                            kind: $0.kind.rawValue,
                            state: $0.state ?? "pending",
                            reason: $0.reason ?? $0.problem,
                            attempts: $0.attempts,
                            nextAt: $0.nextAt,
                            createdAt: $0.createdAt
                        )
                    }
                )
            }
        }
        network.post("deliveries/:id/:verb") { request, context in
            await hub.answerJSON("network", request) {
                var request = request
                let actor = try await hub.actor()
                guard actor.roles.contains(.siteAdministrator) || actor.roles.contains(.networkAdministrator) else {
                    throw Refusal(.notPermitted, at: nil, Role.siteAdministrator.rawValue)
                }
                guard let id = DeliveryID(try context.parameters.require("id")) else { throw Refusal(.notFound) }
                let outcome: DeliveryOutcome
                switch try context.parameters.require("verb") {
                case "redrive": outcome = .redriven
                case "discard":
                    let reason = try await hub.decode(Discard.self, from: &request).reason
                    guard Principal.isName(reason) else { throw Refusal(.reasonRequired, at: "reason", "a code") }
                    outcome = .discarded(reason)
                default: throw Refusal(.notFound)
                }
                _ = try await hub.execute(.deliveryOutcome(id, outcome, by: actor.principal))
                return Response(status: .noContent)
            }
        }
        network.get("quarantine") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                let all = actor.roles.contains(.networkAdministrator)
                return try Reply.json(
                    try hub.flow.quarantine(of: all ? nil : actor.site)
                        .map {
                            QuarantineCard(
                                id: $0.id,
                                site: $0.site,
                                principal: $0.principal,
                                receivedAt: $0.receivedAt,
                                door: $0.door,
                                code: $0.code,
                                location: $0.location,
                                size: $0.size
                            )
                        }
                )
            }
        }
        network.get("quarantine/:id") { request, context in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                // A refused frame may hold a whole patient.
                guard actor.roles.mayReadClinicalContent else {
                    throw Refusal(.notPermitted, at: nil, Role.requester.rawValue)
                }
                guard let id = TimeOrderedID(try context.parameters.require("id")), let site = actor.site,
                    let bytes = try hub.flow.quarantined(id, site: site)
                else { throw Refusal(.notFound) }
                return Reply.bytes(bytes, type: "application/octet-stream")
            }
        }
    }
}

/// The names of a site's doctors, which travel sealed in the events of the register.
struct DoctorRegister {
    let hub: Hub

    func doctors(of site: SiteID) throws -> [Network.Doctor] {
        var doctors: [String: Network.Doctor] = [:]
        for payload in try hub.cases.networkPayloads(of: site) {
            for doctor in try JSONDecoder().decode([Network.Doctor].self, from: Data(payload)) {
                doctors[doctor.licence] = doctor
            }
        }
        return doctors.values.sorted { $0.licence < $1.licence }
    }
}
