/// What is asked of the network itself.
package enum NetworkCommand: Sendable, Equatable {
    case found(name: String, coordinationOffice: Site, administrator: Principal, token: String)
    case putSites([Site])
    case setStatus(SiteID, Site.Status)
    case setCapacity(SiteID, DepartmentCode, Int)
    case setPolicy(NetworkPolicy)
    case invite(Principal, roles: [Role], token: String, lifetime: Span)
    /// The certificate was issued for the invitation's principal.
    case enrol(token: String, Network.Certificate)
    case renew(Principal, Network.Certificate)
    case approveRenewal(Principal)
    case revoke(Principal)
    case grant(Principal, Role)
    case removeGrant(Principal, Role)
    case grantActsFor(Principal, SiteID)
    case removeActsFor(Principal, SiteID)
    case channel(SiteID, isLive: Bool)
    case importDoctors(SiteID, [String: Network.DoctorCredential])
}

extension Network {
    /// An expired certificate of an active principal can be renewed for that long.
    package static let renewalGrace = Span.days(90)

    /// The events that `command` leads to, or the reason why not. Pure.
    package func decide(_ command: NetworkCommand, by actor: Actor, at now: Instant) throws(Refusal) -> [NetworkEvent] {
        switch command {
        case .found(let name, let office, let administrator, let token):
            guard version == 0 else { throw Refusal(.wrongState, at: nil, "already founded") }
            return [
                .founded(name: name), .sitePut(office), .policySet(.standard),
                .invited(
                    token: token,
                    administrator,
                    roles: [.networkAdministrator, .siteAdministrator, .coordinator],
                    expires: now + .hours(24)
                ),
            ]
        case .putSites(let list):
            try require(.networkAdministrator, actor)
            return list.filter { sites[$0.id] != $0 }.map { .sitePut($0) }
        case .setStatus(let site, let status):
            try require(.networkAdministrator, actor)
            guard let current = sites[site] else { throw Refusal(.siteUnknown, at: "site", site.description) }
            return current.status == status ? [] : [.siteStatus(site, status)]
        case .setCapacity(let site, let department, let capacity):
            guard let current = sites[site] else { throw Refusal(.siteUnknown, at: "site", site.description) }
            let isOwn = actor.site == site && actor.roles.contains(.siteAdministrator)
            guard isOwn || actor.roles.contains(.networkAdministrator) else {
                throw Refusal(.notPermitted, at: nil, Role.siteAdministrator.rawValue)
            }
            guard capacity >= 0, capacity <= 1_000_000 else { throw Refusal(.invalidValue, at: "capacity") }
            if current.departments[department] == capacity { return [] }
            return [.capacitySet(site, department, capacity: capacity, by: isOwn ? .site : .admin)]
        case .setPolicy(var policy):
            try require(.networkAdministrator, actor)
            guard policy.parallelStatOffers >= 1, policy.parallelStatOffers <= 16 else {
                throw Refusal(.invalidValue, at: "parallelStatOffers", "1 to 16")
            }
            policy.version = self.policy.version + 1
            return [.policySet(policy)]
        case .invite(let principal, let roles, let token, let lifetime):
            return try invite(principal, roles, token, lifetime, actor, now)
        case .enrol(let token, let certificate):
            guard let invitation = invitations[token], invitation.usedAt == nil, invitation.expires > now else {
                throw Refusal(.tokenInvalid)
            }
            return [.enrolled(token: token, invitation.principal, certificate)]
        case .renew(let principal, let certificate):
            guard let member = members[principal] else { throw Refusal(.principalUnknown) }
            guard member.revokedAt == nil else { throw Refusal(.principalRevoked) }
            return [.renewed(principal, certificate)]
        case .approveRenewal(let principal):
            try requireAdministration(of: principal.site, actor)
            guard let member = members[principal] else { throw Refusal(.principalUnknown) }
            guard member.revokedAt == nil else { throw Refusal(.principalRevoked) }
            return [.renewalApproved(principal, until: now + .hours(24))]
        case .revoke(let principal):
            guard let member = members[principal] else { throw Refusal(.principalUnknown) }
            if !actor.roles.contains(.networkAdministrator) { try requireAdministration(of: principal.site, actor) }
            return member.revokedAt == nil ? [.revoked(principal)] : []
        case .grant(let principal, let role):
            try requireGrant(of: role, to: principal, actor)
            return members[principal]?.roles.contains(role) == true ? [] : [.granted(principal, role)]
        case .removeGrant(let principal, let role):
            try requireGrant(of: role, to: principal, actor)
            return members[principal]?.roles.contains(role) == true ? [.grantRemoved(principal, role)] : []
        case .grantActsFor(let principal, let site):
            try requireActsFor(principal, site, actor)
            return members[principal]?.actsFor.contains(site) == true ? [] : [.actsForGranted(principal, site)]
        case .removeActsFor(let principal, let site):
            try requireActsFor(principal, site, actor)
            return members[principal]?.actsFor.contains(site) == true ? [.actsForRemoved(principal, site)] : []
        case .channel(let site, let isLive):
            guard sites[site] != nil else { throw Refusal(.siteUnknown, at: "site", site.description) }
            if channels[site]?.isLive ?? false == isLive { return [] }
            return [isLive ? .channelLive(site) : .channelLost(site)]
        case .importDoctors(let site, let register):
            try requireAdministration(of: site, actor)
            for (_, entry) in register
            where !ApplicationFacts.isDate(entry.validFrom) || !ApplicationFacts.isDate(entry.validTo)
                || entry.validTo < entry.validFrom
            { throw Refusal(.invalidValue, at: "validFrom, validTo") }
            return register.isEmpty ? [] : [.doctorsImported(site, register)]
        }
    }

    private func require(_ role: Role, _ actor: Actor) throws(Refusal) {
        guard actor.roles.contains(role) else { throw Refusal(.notPermitted, at: nil, role.rawValue) }
    }

    /// A site's administrator, within that site only.
    private func requireAdministration(of site: SiteID, _ actor: Actor) throws(Refusal) {
        guard actor.site == site, actor.roles.contains(.siteAdministrator) else {
            throw Refusal(.notPermitted, at: nil, "\(Role.siteAdministrator.rawValue) of \(site)")
        }
    }

    /// The hub enrols no other hospital's doctors: elsewhere the network's administrator invites site administrators
    /// only, and roles that reach across sites are the network administrator's to give.
    private func invite(
        _ principal: Principal,
        _ roles: [Role],
        _ token: String,
        _ lifetime: Span,
        _ actor: Actor,
        _ now: Instant
    ) throws(Refusal) -> [NetworkEvent] {
        guard let site = sites[principal.site] else {
            throw Refusal(.siteUnknown, at: "site", principal.site.description)
        }
        guard site.status == .active else { throw Refusal(.siteSuspended, at: "site", site.id.description) }
        guard Principal.isName(principal.name) else { throw Refusal(.invalidValue, at: "name") }
        guard lifetime > .zero, lifetime <= .hours(24) else { throw Refusal(.invalidValue, at: "lifetime", "24h") }
        let isOwn = actor.site == principal.site && actor.roles.contains(.siteAdministrator)
        let isFirst = actor.roles.contains(.networkAdministrator) && roles == [.siteAdministrator]
        guard isOwn || isFirst else {
            throw Refusal(.notPermitted, at: nil, "\(Role.siteAdministrator.rawValue) of \(site.id)")
        }
        for role in roles where Self.networkRoles.contains(role) {
            guard actor.roles.contains(.networkAdministrator) else {
                throw Refusal(.notPermitted, at: "roles", Role.networkAdministrator.rawValue)
            }
        }
        return [.invited(token: token, principal, roles: roles, expires: now + lifetime)]
    }

    /// Roles that reach beyond one site.
    package static let networkRoles: Set<Role> = [.networkAdministrator, .auditor, .coordinator]

    private func requireGrant(of role: Role, to principal: Principal, _ actor: Actor) throws(Refusal) {
        if Self.networkRoles.contains(role) {
            try require(.networkAdministrator, actor)
        } else {
            try requireAdministration(of: principal.site, actor)
        }
        guard members[principal] != nil else {
            throw Refusal(.principalUnknown, at: "principal", principal.description)
        }
    }

    /// The site that is spoken for decides.
    private func requireActsFor(_ principal: Principal, _ site: SiteID, _ actor: Actor) throws(Refusal) {
        guard sites[site] != nil else { throw Refusal(.siteUnknown, at: "site", site.description) }
        try requireAdministration(of: site, actor)
        guard members[principal] != nil, principal.kind == .node else {
            throw Refusal(.principalUnknown, at: "principal", principal.description)
        }
    }

    /// The actor behind a certificate's principal, speaking for `stated` when it may.
    ///
    /// - Throws: `principal-unknown`, `principal-revoked`, `site-suspended`, `acts-for-denied`.
    package func actor(_ principal: Principal, for stated: SiteID? = nil) throws(Refusal) -> Actor {
        guard let member = members[principal] else { throw Refusal(.principalUnknown) }
        guard member.revokedAt == nil else { throw Refusal(.principalRevoked) }
        guard let own = sites[principal.site], own.status == .active else { throw Refusal(.siteSuspended) }
        var site = principal.site
        if let stated, stated != principal.site {
            if member.actsFor.contains(stated) {
                guard let other = sites[stated], other.status == .active else { throw Refusal(.siteSuspended) }
                site = stated
            } else {
                throw Refusal(.actsForDenied, at: "site", stated.description)
            }
        }
        return Actor(principal: principal, site: site, roles: member.roles)
    }
}
