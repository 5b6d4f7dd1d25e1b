/// What happened to the network itself. One stream; its version is the position that routing decisions name.
package enum NetworkEvent: Sendable, Equatable {
    case founded(name: String)
    case sitePut(Site)
    case siteStatus(SiteID, Site.Status)
    case capacitySet(SiteID, DepartmentCode, capacity: Int, by: DecidedBy)
    case policySet(NetworkPolicy)
    /// `token` is the lower-case hexadecimal SHA-256 of the one-time token.
    case invited(token: String, Principal, roles: [Role], expires: Instant)
    case enrolled(token: String, Principal, Network.Certificate)
    case renewed(Principal, Network.Certificate)
    case renewalApproved(Principal, until: Instant)
    case revoked(Principal)
    case granted(Principal, Role)
    case grantRemoved(Principal, Role)
    case actsForGranted(Principal, SiteID)
    case actsForRemoved(Principal, SiteID)
    case channelLive(SiteID)
    case channelLost(SiteID)
    /// By keyed digest of licence number and name; names travel in the payload.
    case doctorsImported(SiteID, [String: Network.DoctorCredential])
    /// What this ledger holds was generated; nobody lived it.
    case generated(Generation)

    package var type: String {
        switch self {
        case .founded: "network-founded"
        case .sitePut: "site-put"
        case .siteStatus: "site-status"
        case .capacitySet: "capacity-set"
        case .policySet: "policy-set"
        case .invited: "invited"
        case .enrolled: "enrolled"
        case .renewed: "renewed"
        case .renewalApproved: "renewal-approved"
        case .revoked: "revoked"
        case .granted: "granted"
        case .grantRemoved: "grant-removed"
        case .actsForGranted: "acts-for-granted"
        case .actsForRemoved: "acts-for-removed"
        case .channelLive: "channel-live"
        case .channelLost: "channel-lost"
        case .doctorsImported: "doctors-imported"
        case .generated: "generated"
        }
    }
}

extension Network {
    package mutating func evolve(_ event: NetworkEvent, sequence: Int, at time: Instant) {
        version = sequence
        switch event {
        case .founded(let name): self.name = name
        case .sitePut(let site): put(site)
        case .siteStatus(let id, let status):
            guard var site = sites[id] else { return }
            site.status = status
            put(site)
        case .capacitySet(let id, let department, let capacity, _):
            guard var site = sites[id] else { return }
            site.departments[department] = capacity
            put(site)
        case .policySet(let policy): self.policy = policy
        case .invited(let token, let principal, let roles, let expires):
            invitations[token] = Invitation(principal: principal, roles: roles, expires: expires)
        case .enrolled(let token, let principal, let certificate): enrol(token, principal, certificate, at: time)
        case .renewed(let principal, let certificate):
            guard var member = members[principal] else { return }
            member.certificates = member.certificates.filter { $0.notAfter > time } + [certificate]
            member.graceUntil = nil
            members[principal] = member
        case .renewalApproved(let principal, let until): members[principal]?.graceUntil = until
        case .revoked(let principal):
            guard var member = members[principal] else { return }
            member.revokedAt = time
            revokedFingerprints.formUnion(member.certificates.map(\.fingerprint))
            member.certificates = []
            member.graceUntil = nil
            members[principal] = member
            // An invitation still open would let the revoked principal in again, one that it gave its accomplices.
            let isAdministrator = member.roles.contains(.siteAdministrator)
            let isChief = member.roles.contains(.networkAdministrator)
            for (token, invitation) in invitations where invitation.usedAt == nil {
                let isGiven = isChief || (isAdministrator && invitation.principal.site == principal.site)
                if isGiven || invitation.principal == principal { invitations[token]?.usedAt = time }
            }
        case .granted(let principal, let role): members[principal]?.roles.insert(role)
        case .grantRemoved(let principal, let role): members[principal]?.roles.remove(role)
        case .actsForGranted(let principal, let site): members[principal]?.actsFor.insert(site)
        case .actsForRemoved(let principal, let site): members[principal]?.actsFor.remove(site)
        case .channelLive(let site): channels[site] = Channel(isLive: true, since: time)
        case .channelLost(let site): channels[site] = Channel(isLive: false, since: time)
        case .doctorsImported(let site, let register): doctors[site, default: [:]].merge(register) { _, new in new }
        case .generated(let generation): self.generation = generation
        }
    }

    private mutating func enrol(_ token: String, _ principal: Principal, _ certificate: Certificate, at time: Instant) {
        invitations[token]?.usedAt = time
        // What a revoked principal held does not come back with its name.
        var member =
            members[principal].flatMap { $0.revokedAt == nil ? $0 : nil }
            ?? Member(principal: principal, roles: [], actsFor: [], certificates: [])
        member.roles.formUnion(invitations[token]?.roles ?? [])
        member.certificates = member.certificates.filter { $0.notAfter > time } + [certificate]
        members[principal] = member
    }
}
