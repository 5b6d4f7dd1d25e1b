extension NetworkEvent {
    /// Every type of version 1.
    package static let types = [
        "network-founded", "site-put", "site-status", "capacity-set", "policy-set", "invited", "enrolled", "renewed",
        "renewal-approved", "revoked", "granted", "grant-removed", "acts-for-granted", "acts-for-removed",
        "channel-live", "channel-lost", "doctors-imported", "generated",
    ]

    package func write(to w: inout CanonicalWriter) {
        switch self {
        case .founded(let name): w.field("name", name)
        case .sitePut(let site): w.field("site", document: site)
        case .siteStatus(let site, let status):
            w.field("site", site.description)
            w.field("status", status)
        case .capacitySet(let site, let department, let capacity, let by):
            w.field("by", by)
            w.field("capacity", capacity)
            w.field("department", department.description)
            w.field("site", site.description)
        case .policySet(let policy): w.field("policy", document: policy)
        case .invited(let token, let principal, let roles, let expires):
            w.field("expires", expires)
            w.field("principal", principal.description)
            w.field("roles", strings: roles.map(\.rawValue))
            w.field("token", token)
        case .enrolled(let token, let principal, let certificate):
            w.field("fingerprint", certificate.fingerprint)
            w.field("notAfter", certificate.notAfter)
            w.field("principal", principal.description)
            w.field("token", token)
        case .renewed(let principal, let certificate):
            w.field("fingerprint", certificate.fingerprint)
            w.field("notAfter", certificate.notAfter)
            w.field("principal", principal.description)
        case .renewalApproved(let principal, let until):
            w.field("principal", principal.description)
            w.field("until", until)
        case .revoked(let principal): w.field("principal", principal.description)
        case .granted(let principal, let role), .grantRemoved(let principal, let role):
            w.field("principal", principal.description)
            w.field("role", role)
        case .actsForGranted(let principal, let site), .actsForRemoved(let principal, let site):
            w.field("principal", principal.description)
            w.field("site", site.description)
        case .channelLive(let site), .channelLost(let site): w.field("site", site.description)
        case .doctorsImported(let site, let register):
            w.field("doctors", register.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) { w, entry in
                w.object { w in
                    w.field("licence", entry.key)
                    w.field("validFrom", entry.value.validFrom)
                    w.field("validTo", entry.value.validTo)
                }
            }
            w.field("site", site.description)
        case .generated(let generation): generation.write(to: &w)
        }
    }

    package init(type: String, facts o: CanonicalObject) throws(RecordError) {
        switch type {
        case "network-founded": self = .founded(name: try o.string("name"))
        case "site-put": self = .sitePut(try o.document("site", as: Site.self))
        case "site-status": self = .siteStatus(try o.site("site"), try o.coded("status"))
        case "capacity-set":
            self = .capacitySet(
                try o.site("site"),
                try o.department("department"),
                capacity: try o.int("capacity", in: 0...Site.mostSlots),
                by: try o.coded("by")
            )
        case "policy-set": self = .policySet(try o.document("policy", as: NetworkPolicy.self))
        case "invited":
            var roles: [Role] = []
            for text in try o.strings("roles") {
                guard let role = Role(rawValue: text) else { throw RecordError("unknown role \(text)") }
                roles.append(role)
            }
            self = .invited(
                token: try o.string("token"),
                try o.principal(),
                roles: roles,
                expires: try o.instant("expires")
            )
        case "enrolled": self = .enrolled(token: try o.string("token"), try o.principal(), try o.certificate())
        case "renewed": self = .renewed(try o.principal(), try o.certificate())
        case "renewal-approved": self = .renewalApproved(try o.principal(), until: try o.instant("until"))
        case "revoked": self = .revoked(try o.principal())
        case "granted": self = .granted(try o.principal(), try o.coded("role"))
        case "grant-removed": self = .grantRemoved(try o.principal(), try o.coded("role"))
        case "acts-for-granted": self = .actsForGranted(try o.principal(), try o.site("site"))
        case "acts-for-removed": self = .actsForRemoved(try o.principal(), try o.site("site"))
        case "channel-live": self = .channelLive(try o.site("site"))
        case "channel-lost": self = .channelLost(try o.site("site"))
        case "doctors-imported":
            var register: [String: Network.DoctorCredential] = [:]
            for item in try o.objects("doctors") {
                register[try item.string("licence")] = Network.DoctorCredential(
                    validFrom: try item.string("validFrom"),
                    validTo: try item.string("validTo")
                )
            }
            self = .doctorsImported(try o.site("site"), register)
        case "generated": self = .generated(try Generation(o))
        default: throw RecordError("unknown event \(type)")
        }
    }
}

extension CanonicalObject {
    fileprivate func principal() throws(RecordError) -> Principal {
        guard let principal = Principal(try string("principal")) else { throw RecordError("not a principal") }
        return principal
    }

    fileprivate func certificate() throws(RecordError) -> Network.Certificate {
        Network.Certificate(fingerprint: try string("fingerprint"), notAfter: try instant("notAfter"))
    }
}
