import ConsiliumCore
import ConsiliumLedger

/// What administrators and the hub do through the year.
enum Administration {
    case capacity(SiteID, DepartmentCode, Int, by: Principal)
    case channel(SiteID, isLive: Bool)
    case suspend(SiteID)
    case resume(SiteID)
    case renew(Principal)
    case revoke(Principal)
    case readmit(Principal, roles: [Role])
    case grant(Principal, Role)
    case removeGrant(Principal, Role)
    case actsFor(Principal, SiteID)
    case endActsFor(Principal, SiteID)
    case approveRenewal(Principal)
    case policy(NetworkPolicy)
    /// The hub was down for that long.
    case outage(Span)
}

extension Life {
    /// Founds the network: sites, people, registers.
    func found() throws {
        let office = province.office
        let chief = Province.administrator(office.id)
        let start = writer.now
        func change(_ command: NetworkCommand, _ principal: Principal? = nil) throws {
            try writer.carryOut(.network(command, by: principal, payload: nil))
        }
        func enrol(_ token: String) throws {
            let certificate = Network.Certificate(
                fingerprint: hexadecimal(sha256(Array("certificate \(token)".utf8))),
                notAfter: start + .days(3_650)
            )
            try change(.enrol(token: token, certificate))
        }
        func admit(_ principal: Principal, _ roles: [Role], by inviter: Principal) throws {
            let token = Self.token(principal, 1)
            try change(.invite(principal, roles: roles, token: token, lifetime: .hours(24)), inviter)
            try enrol(token)
        }
        let first = Self.token(chief, 1)
        try change(
            .found(name: Self.networkName, coordinationOffice: office, administrator: chief, token: first)
        )
        try writer.mark(generation)
        try enrol(first)
        var policy = NetworkPolicy.standard
        policy.calendar = calendar
        try change(.setPolicy(policy), chief)
        try change(.putSites(province.sites), chief)
        for site in province.sites {
            let administrator = Province.administrator(site.id)
            if site.id != office.id { try admit(administrator, [.siteAdministrator], by: chief) }
            try admit(Province.node(site.id), [.requester, .expert], by: administrator)
            for number in 0..<Province.operators {
                try admit(Province.doctor(site.id, number), [.requester, .expert], by: administrator)
            }
            try change(.channel(site.id, isLive: true))
            let register = credentials(of: site.id)
            // Some sites keep no register here.
            if !register.isEmpty, site.id != province.byTier[1].last {
                try change(.importDoctors(site.id, register), administrator)
            }
        }
        for auditor in auditors {
            try admit(auditor, [], by: Province.administrator(auditor.site))
            // A role that reaches across sites is the network administrator's to give.
            try change(.grant(auditor, .auditor), chief)
        }
    }

    /// Enters what administrators do through the year, and when the hub is down.
    func planAdministration(from start: Instant) {
        var chance = Chance(seed: generation.seed, part: "administration")
        let days = Int((end - start).milliseconds / 86_400_000)
        func time(_ share: Int) -> Instant {
            let day = Int64(days * share / 100)
            return start + .days(day) + .minutes(Int64(120 + chance.below(600)))
        }
        let chief = Province.administrator(province.office.id)
        let hosts = province.sites.filter { !$0.departments.isEmpty }
        for _ in 0..<max(6, hosts.count * days / 60) {
            let site = chance.pick(hosts)
            let codes = site.departments.keys.sorted()
            let code = chance.pick(codes)
            let capacity = (site.departments[code] ?? 1) + chance.within(0...3)
            let principal = chance.happens(820) ? Province.administrator(site.id) : chief
            agenda.add(.administer(.capacity(site.id, code, capacity, by: principal)), at: time(chance.below(100)))
        }
        for site in province.sites where chance.happens(400) {
            let lost = time(chance.below(96))
            agenda.add(.administer(.channel(site.id, isLive: false)), at: lost)
            agenda.add(.administer(.channel(site.id, isLive: true)), at: lost + chance.span(.minutes(3), .hours(30)))
        }
        var policy = NetworkPolicy.standard
        policy.calendar = calendar
        policy.parallelStatOffers = 4
        agenda.add(.administer(.policy(policy)), at: time(50))
        agenda.add(.administer(.outage(.minutes(25))), at: time(30) + .hours(2))
        agenda.add(.administer(.outage(.minutes(4))), at: time(70) + .hours(1))
        planMembership(chief, time)
    }

    private func planMembership(_ chief: Principal, _ time: (Int) -> Instant) {
        let asking = province.byTier[0][0]
        let county = province.byTier[1][0]
        let suspended = province.byTier[1].last ?? county
        agenda.add(.administer(.suspend(suspended)), at: time(40))
        agenda.add(.administer(.resume(suspended)), at: time(45))
        agenda.add(.administer(.actsFor(Province.node(county), asking)), at: time(5))
        agenda.add(.administer(.endActsFor(Province.node(county), asking)), at: time(80))
        agenda.add(.administer(.renew(Province.node(county))), at: time(55))
        agenda.add(.administer(.approveRenewal(Province.administrator(county))), at: time(56))
        let spare = Province.doctor(asking, Province.operators - 1)
        agenda.add(.administer(.removeGrant(spare, .expert)), at: time(20))
        agenda.add(.administer(.grant(spare, .expert)), at: time(25))
        agenda.add(.administer(.revoke(spare)), at: time(60))
        agenda.add(.administer(.readmit(spare, roles: [.requester, .expert])), at: time(61))
    }

    func administer(_ administration: Administration) throws {
        let chief = Province.administrator(province.office.id)
        func change(_ command: NetworkCommand, _ principal: Principal? = nil) throws {
            try writer.carryOut(.network(command, by: principal, payload: nil))
        }
        func certificate(_ principal: Principal, _ number: Int) -> Network.Certificate {
            Network.Certificate(
                fingerprint: hexadecimal(sha256(Array("certificate \(principal) \(number)".utf8))),
                notAfter: writer.now + .days(3_650)
            )
        }
        switch administration {
        case .capacity(let site, let department, let capacity, let principal):
            // The administrator of a suspended site changes nothing.
            do { try change(.setCapacity(site, department, capacity), principal) } catch is Refusal {}
        case .channel(let site, let isLive): try change(.channel(site, isLive: isLive))
        case .suspend(let site): try change(.setStatus(site, .suspended), chief)
        case .resume(let site): try change(.setStatus(site, .active), chief)
        case .renew(let principal): try change(.renew(principal, certificate(principal, 2)))
        case .approveRenewal(let principal): try change(.approveRenewal(principal), chief)
        case .revoke(let principal): try change(.revoke(principal), Province.administrator(principal.site))
        case .readmit(let principal, let roles):
            let token = Self.token(principal, 2)
            let administrator = Province.administrator(principal.site)
            try change(.invite(principal, roles: roles, token: token, lifetime: .hours(24)), administrator)
            try change(.enrol(token: token, certificate(principal, 3)))
        case .grant(let principal, let role):
            try change(.grant(principal, role), Province.administrator(principal.site))
        case .removeGrant(let principal, let role):
            try change(.removeGrant(principal, role), Province.administrator(principal.site))
        case .actsFor(let principal, let site):
            try change(.grantActsFor(principal, site), Province.administrator(site))
        case .endActsFor(let principal, let site):
            try change(.removeActsFor(principal, site), Province.administrator(site))
        case .policy(let policy): try change(.setPolicy(policy), chief)
        case .outage(let span): try writer.recover(from: span)
        }
    }

    static let networkName = "generated-province"

    static func token(_ principal: Principal, _ number: Int) -> String {
        hexadecimal(sha256(Array("token \(principal) \(number)".utf8)))
    }

    private func credentials(of site: SiteID) -> [String: Network.DoctorCredential] {
        var register: [String: Network.DoctorCredential] = [:]
        for doctor in province.doctors[site] ?? [] {
            register[intake.licence(doctor.licence, of: doctor.name)] = Network.DoctorCredential(
                validFrom: "2000-01-01",
                validTo: doctor.validTo
            )
        }
        return register
    }
}
