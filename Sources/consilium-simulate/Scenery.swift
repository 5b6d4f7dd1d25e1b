import ConsiliumCore

/// The network that every run plays in: a township hospital that asks, and four that ask and answer.
enum Scenery {
    static let start = Instant(milliseconds: 1_772_413_200_000)
    static let cardiology = DepartmentCode("0304")
    static let office = "110000001"

    /// Everything that the run needs, or nil where a code is not one: then the program says so and ends.
    static func sites() -> [Site] {
        let plan: [(code: String, name: String, tier: Tier, format: ExchangeProfile.Format, charset: String, Int?)] = [
            ("421125001", "清泉镇卫生院", .primary, .hl7v2, "GB18030", nil),
            ("421125002", "浠水县人民医院", .county, .hl7v2, "UTF-8", 2),
            ("421100003", "黄冈市中心医院", .municipal, .fhir, "UTF-8", 1),
            (office, "国家医院一", .national, .fhir, "UTF-8", 2),
            ("110000002", "国家医院二", .national, .client, "UTF-8", 2),
        ]
        return plan.compactMap { code, name, tier, format, charset, capacity in
            guard let id = SiteID(code), let cardiology else { return nil }
            var site = Site(id: id, name: name, tier: tier)
            site.region = String(code.prefix(6))
            site.profile = ExchangeProfile(format: format, charset: charset)
            site.profile.application = "HIS"
            site.dutyTelephone = "0713-5550120"
            site.isCoordinationOffice = code == office
            site.mayAttest = true
            if let capacity { site.departments = [cardiology: capacity] }
            return site
        }
    }

    static func node(_ site: SiteID) -> Principal { Principal(site: site, kind: .node, name: "engine") }
    static func doctor(_ site: SiteID) -> Principal { Principal(site: site, kind: .operator, name: "doctor") }
    static func administrator(_ site: SiteID) -> Principal { Principal(site: site, kind: .operator, name: "admin") }

    /// The commands that found the network, with who gives them.
    static func founding(_ sites: [Site]) -> [(NetworkCommand, Principal?)] {
        guard let office = sites.first(where: \.isCoordinationOffice) else { return [] }
        let chief = administrator(office.id)
        var commands: [(NetworkCommand, Principal?)] = []
        func enrol(_ token: String) {
            let certificate = Network.Certificate(fingerprint: token, notAfter: start + .days(3_650))
            commands.append((.enrol(token: token, certificate), nil))
        }
        func invite(_ principal: Principal, _ roles: [Role], by inviter: Principal) {
            let token = "token-\(principal)"
            commands.append((.invite(principal, roles: roles, token: token, lifetime: .hours(24)), inviter))
            enrol(token)
        }
        commands.append(
            (.found(name: "simulated", coordinationOffice: office, administrator: chief, token: "first"), nil)
        )
        enrol("first")
        commands.append((.putSites(sites), chief))
        for site in sites {
            let own = administrator(site.id)
            if site.id != office.id { invite(own, [.siteAdministrator], by: chief) }
            for principal in [node(site.id), doctor(site.id)] { invite(principal, [.requester, .expert], by: own) }
            commands.append((.channel(site.id, isLive: true), nil))
        }
        // The county's engine sends for the township as well.
        commands.append((.grantActsFor(node(sites[1].id), sites[0].id), administrator(sites[0].id)))
        return commands
    }
}
