/// The network as facts: the fold of its one stream. Its version is the position that decisions name.
package struct Network: Sendable {
    package struct Invitation: Sendable, Equatable {
        package var principal: Principal
        package var roles: [Role]
        package var expires: Instant
        package var usedAt: Instant?
    }

    package struct Certificate: Sendable, Equatable {
        /// Lower-case hexadecimal SHA-256 of the DER.
        package var fingerprint: String
        package var notAfter: Instant

        package init(fingerprint: String, notAfter: Instant) {
            self.fingerprint = fingerprint
            self.notAfter = notAfter
        }
    }

    package struct Member: Sendable, Equatable {
        package var principal: Principal
        package var roles: Set<Role>
        package var actsFor: Set<SiteID>
        /// The current one, last, and those before it that have not expired.
        package var certificates: [Certificate]
        package var revokedAt: Instant?
        /// Granted renewal after expiry until then.
        package var graceUntil: Instant?
    }

    package struct Doctor: Sendable, Equatable, Codable {
        package var name: String
        package var licence: String
        package var department: String
        /// `YYYY-MM-DD`.
        package var validFrom: String
        package var validTo: String

        package init(name: String, licence: String, department: String, validFrom: String, validTo: String) {
            self.name = name
            self.licence = licence
            self.department = department
            self.validFrom = validFrom
            self.validTo = validTo
        }
    }

    package var name: String
    package var version: Int
    package var policy: NetworkPolicy
    /// Set where the history was generated; printed on everything that is computed from it.
    package var generation: Generation?
    package private(set) var sites: [SiteID: Site]
    /// By lower-case hexadecimal SHA-256 of the token.
    package var invitations: [String: Invitation]
    package var members: [Principal: Member]
    package var revokedFingerprints: Set<String>
    /// When each site's channel was last known to come or go.
    package var channels: [SiteID: Channel]
    /// Register of doctors: keyed digests of licence number and name by site, with the days of validity.
    package var doctors: [SiteID: [String: DoctorCredential]]
    private var byDepartment: [DepartmentCode: [SiteID]]

    package struct Channel: Sendable, Equatable {
        package var isLive: Bool
        package var since: Instant
    }

    package struct DoctorCredential: Sendable, Equatable {
        package var validFrom: String
        package var validTo: String

        package init(validFrom: String, validTo: String) {
            self.validFrom = validFrom
            self.validTo = validTo
        }
    }

    package init(name: String) {
        self.name = name
        version = 0
        policy = .standard
        sites = [:]
        invitations = [:]
        members = [:]
        revokedFingerprints = []
        channels = [:]
        doctors = [:]
        byDepartment = [:]
    }

    package mutating func put(_ site: Site) {
        if let old = sites[site.id] {
            for code in old.departments.keys { byDepartment[code]?.removeAll { $0 == site.id } }
        }
        sites[site.id] = site
        for code in site.departments.keys {
            var list = byDepartment[code] ?? []
            let index = list.firstIndex { site.id < $0 } ?? list.count
            list.insert(site.id, at: index)
            byDepartment[code] = list
        }
    }

    /// Sites that offer the department, or the parent that covers it, in the order of their codes.
    package func candidates(for department: DepartmentCode) -> [Site] {
        var ids = byDepartment[department] ?? []
        var parent = department.parent
        while let code = parent {
            for id in byDepartment[code] ?? [] where !ids.contains(id) { ids.append(id) }
            parent = code.parent
        }
        return ids.sorted().compactMap { sites[$0] }
    }

    /// Channel changes are events: a site whose channel was reported live and not lost since has one.
    package func hasLiveChannel(_ site: SiteID, at now: Instant) -> Bool {
        channels[site]?.isLive ?? false
    }

    package var coordinationOffice: Site? {
        sites.values.filter { $0.isCoordinationOffice && $0.status == .active }.min { $0.id < $1.id }
    }

    /// Whether somebody acts as a coordinator of the network's coordination office.
    package func coordinates(_ actor: Actor) -> Bool {
        guard actor.roles.contains(.coordinator), let site = actor.site else { return false }
        return coordinationOffice?.id == site
    }

    /// The network's sites in the order of their codes.
    package var directory: [Site] { sites.values.sorted { $0.id < $1.id } }

    /// Up to `count` capable sites nearest to `site` in the ladder, for their duty telephones.
    package func dutySites(for department: DepartmentCode?, near site: SiteID, count: Int) -> [Site] {
        let origin = sites[site]
        let capable = directory.filter { other in
            other.id != site && other.status == .active && other.tier >= (origin?.tier ?? .primary)
                && (department.map { other.department(for: $0) != nil } ?? true)
        }
        return Array(capable.sorted { ($0.tier, $0.id) < ($1.tier, $1.id) }.prefix(count))
    }
}

extension Network {
    /// Whether the register of the site shows a valid credential that day; nil when the site keeps no register here.
    package func credentialIsValid(licence: String, site: SiteID, at now: Instant) -> Bool? {
        guard let register = doctors[site], !register.isEmpty else { return nil }
        guard let credential = register[licence] else { return false }
        let day = String(CivilTimeText.day(now))
        return credential.validFrom <= day && day <= credential.validTo
    }
}

/// Days as text, in the network's time zone.
package enum CivilTimeText {
    /// `YYYY-MM-DD` in UTC+8.
    package static func day(_ now: Instant) -> String {
        let t = CivilTime(now, offsetMinutes: 480)
        return "\(padded(t.year, 4))-\(padded(t.month, 2))-\(padded(t.day, 2))"
    }
}
