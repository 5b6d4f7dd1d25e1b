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
    /// Certificates of one principal that may be valid at once; renewal in good order needs three.
    package static let liveCertificates = 16

    /// The events that `command` leads to, or the reason why not. Pure.
    package func decide(_ command: NetworkCommand, by actor: Actor, at now: Instant) throws(Refusal) -> [NetworkEvent] {
        switch command {
        case .found(let name, let office, let administrator, let token):
            guard version == 0 else { throw Refusal(.wrongState, at: nil, "already founded") }
            try Self.requireValid(office)
            guard office.isCoordinationOffice, administrator.site == office.id else {
                throw Refusal(.invalidValue, at: "coordinationOffice")
            }
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
            for site in list { try Self.requireValid(site) }
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
            guard (0...Site.mostSlots).contains(capacity) else { throw Refusal(.invalidValue, at: "capacity") }
            if current.departments[department] == capacity { return [] }
            return [.capacitySet(site, department, capacity: capacity, by: isOwn ? .site : .admin)]
        case .setPolicy(var policy):
            try require(.networkAdministrator, actor)
            guard policy.parallelStatOffers >= 1, policy.parallelStatOffers <= 16 else {
                throw Refusal(.invalidValue, at: "parallelStatOffers", "1 to 16")
            }
            guard policy.channelSilence > .zero else { throw Refusal(.invalidValue, at: "channelSilence") }
            guard policy.calendar.isValid else { throw Refusal(.invalidValue, at: "calendar") }
            // A gate that is switched on but not kept would let cases pass as if they had been examined.
            if policy.triage { throw Refusal(.notYetOffered, at: "triage") }
            if policy.qualityControl { throw Refusal(.notYetOffered, at: "qualityControl") }
            policy.version = self.policy.version + 1
            return [.policySet(policy)]
        case .invite(let principal, let roles, let token, let lifetime):
            return try invite(principal, roles, token, lifetime, actor, now)
        case .enrol(let token, let certificate):
            guard let invitation = invitations[token], invitation.usedAt == nil, invitation.expires > now else {
                throw Refusal(.tokenInvalid)
            }
            guard sites[invitation.principal.site]?.status == .active else { throw Refusal(.siteSuspended) }
            // What was granted since the invitation counts, too.
            try requireAuditable(held(by: invitation.principal).union(invitation.roles), of: invitation.principal)
            return [.enrolled(token: token, invitation.principal, certificate)]
        case .renew(let principal, let certificate): return try renew(principal, certificate, actor, now)
        case .approveRenewal(let principal):
            // A site whose only administrator has expired is helped by the network's.
            if !(actor.roles.contains(.networkAdministrator)
                && members[principal]?.roles.contains(.siteAdministrator) == true)
            {
                try requireAdministration(of: principal.site, actor)
            }
            guard let member = members[principal] else { throw Refusal(.principalUnknown) }
            guard member.revokedAt == nil else { throw Refusal(.principalRevoked) }
            return [.renewalApproved(principal, until: now + .hours(24))]
        case .revoke(let principal):
            if !actor.roles.contains(.networkAdministrator) { try requireAdministration(of: principal.site, actor) }
            guard let member = members[principal] else { throw Refusal(.principalUnknown) }
            return member.revokedAt == nil ? [.revoked(principal)] : []
        case .grant(let principal, let role):
            try requireGrant(of: role, to: principal, actor)
            try requireAuditable(held(by: principal).union([role]), of: principal)
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
            where entry.validFrom.utf8.count != 10 || entry.validTo.utf8.count != 10
                || !ApplicationFacts.isDate(entry.validFrom) || !ApplicationFacts.isDate(entry.validTo)
                || entry.validTo < entry.validFrom
            { throw Refusal(.invalidValue, at: "validFrom, validTo") }
            // What stands as it was is no change.
            let changed = register.filter { doctors[site]?[$0.key] != $0.value }
            return changed.isEmpty ? [] : [.doctorsImported(site, changed)]
        }
    }

    /// A directory entry that routing and deadlines can stand on.
    private static func requireValid(_ site: Site) throws(Refusal) {
        func refuse(_ field: String) -> Refusal {
            Refusal(.invalidValue, at: "\(site.id).\(field)")
        }
        guard !site.name.isEmpty else { throw refuse("name") }
        guard site.region.utf8.count == 6, site.region.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
            throw refuse("region")
        }
        guard site.calendar.isValid else { throw refuse("calendar") }
        guard site.departments.values.allSatisfy({ (0...Site.mostSlots).contains($0) }) else {
            throw refuse("departments")
        }
        if let point = site.coordinates {
            guard abs(point.latitudeE6) <= 90_000_000, abs(point.longitudeE6) <= 180_000_000 else {
                throw refuse("coordinates")
            }
        }
    }

    /// A new certificate for the holder of the current one, or within the grace period for who was approved.
    private func renew(
        _ principal: Principal,
        _ certificate: Certificate,
        _ actor: Actor,
        _ now: Instant
    ) throws(Refusal) -> [NetworkEvent] {
        guard actor.principal == nil || actor.principal == principal else {
            throw Refusal(.notPermitted, at: "principal", principal.description)
        }
        guard let member = members[principal] else { throw Refusal(.principalUnknown) }
        guard member.revokedAt == nil else { throw Refusal(.principalRevoked) }
        guard sites[principal.site]?.status == .active else { throw Refusal(.siteSuspended) }
        if let last = member.certificates.map(\.notAfter).max(), last <= now {
            guard last + Self.renewalGrace > now, let until = member.graceUntil, until > now else {
                throw Refusal(.notPermitted, at: "principal", "the certificate has expired")
            }
        }
        // A key in wrong hands must not fill the network's stream.
        guard member.certificates.count(where: { $0.notAfter > now }) < Self.liveCertificates else {
            throw Refusal(.wrongState, at: "principal", "\(Self.liveCertificates) certificates are valid")
        }
        return [.renewed(principal, certificate)]
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
        let held = held(by: principal)
        try requireAuditable(held.union(roles), of: principal)
        // A new certificate speaks with all the roles that its principal holds already.
        let isFirst =
            actor.roles.contains(.networkAdministrator) && roles == [.siteAdministrator]
            && held.isSubset(of: [.siteAdministrator])
        guard isOwn || isFirst else {
            throw Refusal(.notPermitted, at: nil, "\(Role.siteAdministrator.rawValue) of \(site.id)")
        }
        for role in held.union(roles) where Self.networkRoles.contains(role) {
            guard actor.roles.contains(.networkAdministrator) else {
                throw Refusal(.notPermitted, at: "roles", Role.networkAdministrator.rawValue)
            }
        }
        return [.invited(token: token, principal, roles: roles, expires: now + lifetime)]
    }

    /// Roles that reach beyond one site.
    package static let networkRoles: Set<Role> = [.networkAdministrator, .auditor, .coordinator]

    /// Roles whose holders do what auditors look at.
    static let auditedRoles: Set<Role> = [.networkAdministrator, .siteAdministrator, .coordinator]

    private func held(by principal: Principal) -> Set<Role> {
        guard let member = members[principal], member.revokedAt == nil else { return [] }
        return member.roles
    }

    /// An auditor is a person, and runs nothing that is audited. Who gives the role is an administrator, so nobody gives
    /// it to themself.
    private func requireAuditable(_ roles: Set<Role>, of principal: Principal) throws(Refusal) {
        guard roles.contains(.auditor) else { return }
        guard principal.kind == .operator else {
            throw Refusal(.notPermitted, at: "roles", "\(Role.auditor.rawValue): a named operator")
        }
        let others = roles.intersection(Self.auditedRoles).map(\.rawValue).sorted()
        guard others.isEmpty else {
            let held = others.joined(separator: ", ")
            throw Refusal(.notPermitted, at: "roles", "\(Role.auditor.rawValue) beside \(held)")
        }
    }

    private func requireGrant(of role: Role, to principal: Principal, _ actor: Actor) throws(Refusal) {
        if Self.networkRoles.contains(role) {
            try require(.networkAdministrator, actor)
        } else {
            try requireAdministration(of: principal.site, actor)
        }
        guard let member = members[principal] else {
            throw Refusal(.principalUnknown, at: "principal", principal.description)
        }
        guard member.revokedAt == nil else { throw Refusal(.principalRevoked, at: "principal", principal.description) }
    }

    /// The site that is spoken for decides.
    private func requireActsFor(_ principal: Principal, _ site: SiteID, _ actor: Actor) throws(Refusal) {
        guard sites[site] != nil else { throw Refusal(.siteUnknown, at: "site", site.description) }
        try requireAdministration(of: site, actor)
        guard let member = members[principal], principal.kind == .node else {
            throw Refusal(.principalUnknown, at: "principal", principal.description)
        }
        guard member.revokedAt == nil else { throw Refusal(.principalRevoked, at: "principal", principal.description) }
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
        // Speaking for another site carries its messages, never its administration or coordination.
        let roles = site == principal.site ? member.roles : member.roles.intersection([.requester, .expert])
        return Actor(principal: principal, site: site, roles: roles)
    }
}
