import Testing

@testable import ConsiliumCore

extension Scenario {
    /// Invitations, certificates, grants.
    static let membership: [Scenario] = [
        Scenario(
            "An invitation is used once, in time",
            .event("invited"),
            .event("enrolled"),
            .refusal(.tokenInvalid)
        ) { stage in
            let own = Scenery.administrator(Scenery.county)
            try stage.govern(.invite(Scenery.doctor, roles: [.expert], token: "t1", lifetime: .hours(2)), by: own)
            stage.refuse(.tokenInvalid, .enrol(token: "t2", Scenery.certificate("c1")), by: .hub)
            try stage.govern(.enrol(token: "t1", Scenery.certificate("c1")), by: .hub)
            #expect(stage.network.members[Scenery.doctor]?.roles == [.expert])
            #expect(stage.network.invitations["t1"]?.usedAt == stage.now)
            stage.refuse(.tokenInvalid, .enrol(token: "t1", Scenery.certificate("c2")), by: .hub)
            try stage.govern(.invite(Scenery.engine, roles: [.requester], token: "t3", lifetime: .hours(2)), by: own)
            stage.wait(.hours(2))
            stage.refuse(.tokenInvalid, .enrol(token: "t3", Scenery.certificate("c3")), by: .hub)
        },
        Scenario("Each site invites its own; the network invites only a site's first administrator") { stage in
            let root = Scenery.networkAdministrator
            func invite(_ principal: Principal, _ roles: [Role], _ lifetime: Span = .hours(24)) -> NetworkCommand {
                .invite(principal, roles: roles, token: "t", lifetime: lifetime)
            }
            stage.refuse(.notPermitted, invite(Scenery.doctor, [.expert]), by: root)
            stage.refuse(.notPermitted, invite(Scenery.doctor, [.siteAdministrator, .expert]), by: root)
            stage.refuse(.notPermitted, invite(Scenery.doctor, [.expert]), by: Scenery.administrator(Scenery.city))
            stage.refuse(.notPermitted, invite(Scenery.doctor, [.expert]), by: Scenery.expert(Scenery.county))
            let own = Scenery.administrator(Scenery.county)
            for role in [Role.networkAdministrator, .auditor, .coordinator] {
                stage.refuse(.notPermitted, at: "roles", invite(Scenery.doctor, [role]), by: own)
            }
            stage.refuse(.invalidValue, at: "lifetime", invite(Scenery.doctor, [.expert], .hours(25)), by: own)
            stage.refuse(.invalidValue, at: "lifetime", invite(Scenery.doctor, [.expert], .zero), by: own)
            let odd = Principal(site: Scenery.county, kind: .operator, name: "a/b")
            stage.refuse(.invalidValue, at: "name", invite(odd, [.expert]), by: own)
            let nowhere = Principal(site: SiteID("X")!, kind: .operator, name: "a")
            stage.refuse(.siteUnknown, invite(nowhere, [.expert]), by: root)
            try stage.govern(invite(Scenery.doctor, [.siteAdministrator]), by: root)
            try stage.govern(
                invite(Principal(site: Scenery.capital, kind: .operator, name: "audit"), [.auditor]),
                by: root
            )
        },
        Scenario("An invitation over a principal cannot take over roles that the inviter may not give") { stage in
            try stage.enrol(Scenery.doctor, .expert)
            stage.refuse(
                .notPermitted,
                .invite(Scenery.doctor, roles: [.siteAdministrator], token: "x", lifetime: .hours(1)),
                by: Scenery.networkAdministrator
            )
            try stage.govern(.grant(Scenery.doctor, .auditor), by: Scenery.networkAdministrator)
            stage.refuse(
                .notPermitted,
                .invite(Scenery.doctor, roles: [.expert], token: "y", lifetime: .hours(1)),
                by: Scenery.administrator(Scenery.county)
            )
        },
        Scenario("Who runs anything is no auditor, nobody makes themself one, and no engine is one") { stage in
            let chief = Scenery.networkAdministrator
            let root = try #require(chief.principal)
            let own = Scenery.administrator(Scenery.county)
            try stage.enrol(root, .siteAdministrator)
            stage.refuse(.notPermitted, at: "roles", .grant(root, .auditor), by: chief)
            try stage.enrol(Scenery.doctor, .siteAdministrator)
            stage.refuse(.notPermitted, at: "roles", .grant(Scenery.doctor, .auditor), by: chief)
            try stage.enrol(Scenery.engine)
            stage.refuse(.notPermitted, at: "roles", .grant(Scenery.engine, .auditor), by: chief)
            let auditor = Principal(site: Scenery.county, kind: .operator, name: "audit")
            try stage.enrol(auditor)
            try stage.govern(.grant(auditor, .auditor), by: chief)
            for role in [Role.networkAdministrator, .coordinator] {
                stage.refuse(.notPermitted, at: "roles", .grant(auditor, role), by: chief)
            }
            stage.refuse(.notPermitted, at: "roles", .grant(auditor, .siteAdministrator), by: own)
            try stage.govern(.removeGrant(auditor, .auditor), by: chief)
            try stage.govern(.grant(auditor, .siteAdministrator), by: own)
        },
        Scenario("No invitation makes an auditor of who runs anything, however many are open") { stage in
            let chief = Scenery.networkAdministrator
            func invite(_ name: String, _ roles: [Role], kind: Principal.Kind = .operator) -> NetworkCommand {
                let principal = Principal(site: Scenery.capital, kind: kind, name: name)
                return .invite(principal, roles: roles, token: "\(name) \(roles.count)", lifetime: .hours(1))
            }
            for role in [Role.networkAdministrator, .siteAdministrator, .coordinator] {
                stage.refuse(.notPermitted, at: "roles", invite("a", [.auditor, role]), by: chief)
            }
            stage.refuse(.notPermitted, at: "roles", invite("engine", [.auditor], kind: .node), by: chief)
            try stage.govern(invite("b", [.auditor]), by: chief)
            try stage.govern(invite("b", [.coordinator, .expert]), by: chief)
            try stage.govern(.enrol(token: "b 1", Scenery.certificate("b1")), by: .hub)
            stage.refuse(.notPermitted, at: "roles", .enrol(token: "b 2", Scenery.certificate("b2")), by: .hub)
            stage.refuse(.notPermitted, at: "roles", invite("b", [.siteAdministrator]), by: chief)
            let kept = Principal(site: Scenery.capital, kind: .operator, name: "b")
            #expect(stage.network.members[kept]?.roles == [.auditor])
        },
        Scenario("A suspended site invites and enrols nobody", .refusal(.siteSuspended)) { stage in
            let own = Scenery.administrator(Scenery.county)
            let invitation = NetworkCommand.invite(
                Scenery.doctor,
                roles: [.expert],
                token: "t",
                lifetime: .hours(1)
            )
            try stage.govern(invitation, by: own)
            try stage.govern(.setStatus(Scenery.county, .suspended), by: Scenery.networkAdministrator)
            stage.refuse(.siteSuspended, invitation, by: own)
            stage.refuse(.siteSuspended, .enrol(token: "t", Scenery.certificate("c")), by: .hub)
        },
        Scenario("A certificate is renewed by its holder; all that have not expired stay known", .event("renewed")) {
            stage in
            try stage.enrol(Scenery.doctor, .expert)
            let holder = try stage.network.actor(Scenery.doctor)
            stage.refuse(.notPermitted, .renew(Scenery.doctor, Scenery.certificate("r")), by: Scenery.requester)
            stage.refuse(.principalUnknown, .renew(Scenery.engine, Scenery.certificate("r")), by: .hub)
            for day in 1...5 {
                stage.now = Scenery.monday + .days(Int64(day) * 2)
                try stage.govern(.renew(Scenery.doctor, Scenery.certificate("r\(day)", from: stage.now)), by: holder)
            }
            let known = stage.network.members[Scenery.doctor]?.certificates.map(\.fingerprint)
            #expect(known == ["r2", "r3", "r4", "r5"])
            try stage.govern(.revoke(Scenery.doctor), by: Scenery.administrator(Scenery.county))
            #expect(stage.network.revokedFingerprints == ["r2", "r3", "r4", "r5"])
        },
        Scenario("A principal has sixteen certificates at once and no more") { stage in
            try stage.enrol(Scenery.doctor, .expert)
            let holder = try stage.network.actor(Scenery.doctor)
            for number in 1..<Network.liveCertificates {
                try stage.govern(.renew(Scenery.doctor, Scenery.certificate("r\(number)", from: stage.now)), by: holder)
            }
            let more = NetworkCommand.renew(Scenery.doctor, Scenery.certificate("r", from: stage.now))
            stage.refuse(.wrongState, more, by: holder)
        },
        Scenario("An expired certificate is renewed within 90 days, by approval", .event("renewal-approved")) { stage in
            try stage.enrol(Scenery.doctor, .expert)
            stage.wait(.days(8))
            let renewal = NetworkCommand.renew(Scenery.doctor, Scenery.certificate("n", from: stage.now))
            stage.refuse(.notPermitted, renewal, by: .hub)
            stage.refuse(.notPermitted, .approveRenewal(Scenery.doctor), by: Scenery.administrator(Scenery.city))
            stage.refuse(.notPermitted, .approveRenewal(Scenery.doctor), by: Scenery.networkAdministrator)
            try stage.govern(.approveRenewal(Scenery.doctor), by: Scenery.administrator(Scenery.county))
            try stage.govern(renewal, by: .hub)
            #expect(stage.network.members[Scenery.doctor]?.graceUntil == nil)
            stage.wait(.days(7 + 90))
            try stage.govern(.approveRenewal(Scenery.doctor), by: Scenery.administrator(Scenery.county))
            stage.refuse(.notPermitted, .renew(Scenery.doctor, Scenery.certificate("o")), by: .hub)
            stage.refuse(.principalUnknown, .approveRenewal(Scenery.engine), by: Scenery.administrator(Scenery.county))
        },
        Scenario("A site whose only administrator has expired is helped by the network's") { stage in
            try stage.enrol(Scenery.doctor, .siteAdministrator)
            try stage.govern(.approveRenewal(Scenery.doctor), by: Scenery.networkAdministrator)
            #expect(stage.network.members[Scenery.doctor]?.graceUntil == stage.now + .hours(24))
        },
        Scenario(
            "A revoked principal is out, and comes back with nothing of what it held",
            .event("revoked"),
            .refusal(.principalRevoked),
            .refusal(.principalUnknown)
        ) { stage in
            try stage.enrol(Scenery.engine, .requester)
            try stage.govern(.grant(Scenery.engine, .coordinator), by: Scenery.networkAdministrator)
            try stage.govern(.grantActsFor(Scenery.engine, Scenery.town), by: Scenery.administrator(Scenery.town))
            let own = Scenery.administrator(Scenery.county)
            stage.refuse(.notPermitted, .revoke(Scenery.engine), by: Scenery.administrator(Scenery.city))
            stage.refuse(.notPermitted, .revoke(Scenery.doctor), by: Scenery.administrator(Scenery.city))
            stage.refuse(.principalUnknown, .revoke(Scenery.doctor), by: own)
            try stage.govern(.revoke(Scenery.engine), by: own)
            #expect(try stage.govern(.revoke(Scenery.engine), by: Scenery.networkAdministrator).isEmpty)
            stage.expect(.principalRevoked) { [stage] in _ = try stage.network.actor(Scenery.engine) }
            stage.refuse(.principalRevoked, .renew(Scenery.engine, Scenery.certificate("c")), by: .hub)
            stage.refuse(.principalRevoked, .approveRenewal(Scenery.engine), by: own)
            stage.refuse(.principalRevoked, .grant(Scenery.engine, .expert), by: own)
            stage.refuse(
                .principalRevoked,
                .grantActsFor(Scenery.engine, Scenery.town),
                by: Scenery.administrator(Scenery.town)
            )
            try stage.enrol(Scenery.engine, .expert)
            let member = stage.network.members[Scenery.engine]
            #expect(member?.roles == [.expert])
            #expect(member?.actsFor == [])
            #expect(member?.revokedAt == nil)
        },
        Scenario("A revocation closes the invitations that are still open") { stage in
            try stage.enrol(Scenery.doctor, .expert)
            let own = Scenery.administrator(Scenery.county)
            try stage.govern(.invite(Scenery.doctor, roles: [.expert], token: "open", lifetime: .hours(24)), by: own)
            try stage.govern(.revoke(Scenery.doctor), by: own)
            stage.refuse(.tokenInvalid, .enrol(token: "open", Scenery.certificate("c")), by: .hub)
        },
        Scenario("An administrator's open invitations fall with its revocation") { stage in
            let boss = Scenery.doctor
            try stage.enrol(boss, .siteAdministrator)
            let chief = Scenery.networkAdministrator
            let accomplice = Principal(site: Scenery.county, kind: .operator, name: "back.door")
            let actor = try stage.network.actor(boss)
            try stage.govern(
                .invite(accomplice, roles: [.siteAdministrator], token: "t1", lifetime: .hours(24)),
                by: actor
            )
            let elsewhere = Principal(site: Scenery.city, kind: .operator, name: "boss")
            try stage.govern(
                .invite(elsewhere, roles: [.siteAdministrator], token: "t2", lifetime: .hours(24)),
                by: chief
            )
            try stage.govern(.revoke(boss), by: chief)
            stage.refuse(.tokenInvalid, .enrol(token: "t1", Scenery.certificate("c")), by: .hub)
            try stage.govern(.enrol(token: "t2", Scenery.certificate("d")), by: .hub)
        },
        Scenario("Roles are granted and taken, each by who may", .event("granted"), .event("grant-removed")) { stage in
            try stage.enrol(Scenery.doctor, .expert)
            let own = Scenery.administrator(Scenery.county)
            let root = Scenery.networkAdministrator
            try stage.govern(.grant(Scenery.doctor, .requester), by: own)
            #expect(try stage.govern(.grant(Scenery.doctor, .requester), by: own).isEmpty)
            #expect(stage.network.members[Scenery.doctor]?.roles == [.expert, .requester])
            stage.refuse(.notPermitted, .grant(Scenery.doctor, .coordinator), by: own)
            stage.refuse(.notPermitted, .grant(Scenery.doctor, .siteAdministrator), by: root)
            stage.refuse(.principalUnknown, .grant(Scenery.engine, .requester), by: own)
            try stage.govern(.grant(Scenery.doctor, .coordinator), by: root)
            stage.refuse(.notPermitted, .removeGrant(Scenery.doctor, .coordinator), by: own)
            try stage.govern(.removeGrant(Scenery.doctor, .requester), by: own)
            #expect(try stage.govern(.removeGrant(Scenery.doctor, .requester), by: own).isEmpty)
            #expect(stage.network.members[Scenery.doctor]?.roles == [.expert, .coordinator])
        },
        Scenario(
            "A node speaks for a site by that site's grant, and only as sender",
            .event("acts-for-granted"),
            .event("acts-for-removed"),
            .refusal(.actsForDenied)
        ) { stage in
            try stage.enrol(Scenery.engine, .requester, .siteAdministrator)
            let town = Scenery.administrator(Scenery.town)
            let grant = NetworkCommand.grantActsFor(Scenery.engine, Scenery.town)
            stage.refuse(.notPermitted, grant, by: Scenery.administrator(Scenery.county))
            stage.refuse(.notPermitted, grant, by: Scenery.networkAdministrator)
            stage.refuse(.siteUnknown, .grantActsFor(Scenery.engine, SiteID("X")!), by: town)
            stage.refuse(.principalUnknown, .grantActsFor(Scenery.doctor, Scenery.town), by: town)
            try stage.enrol(Scenery.doctor, .requester)
            stage.refuse(.principalUnknown, .grantActsFor(Scenery.doctor, Scenery.town), by: town)
            stage.expect(.actsForDenied, at: "site") { [stage] in
                _ = try stage.network.actor(Scenery.engine, for: Scenery.town)
            }
            try stage.govern(grant, by: town)
            #expect(try stage.govern(grant, by: town).isEmpty)
            let actor = try stage.network.actor(Scenery.engine, for: Scenery.town)
            #expect(actor.site == Scenery.town)
            #expect(actor.principal == Scenery.engine)
            #expect(actor.roles == [.requester], "administration does not travel")
            #expect(try stage.network.actor(Scenery.engine).site == Scenery.county)
            #expect(try stage.network.actor(Scenery.engine, for: Scenery.county).roles.contains(.siteAdministrator))
            stage.expect(.actsForDenied) { [stage] in _ = try stage.network.actor(Scenery.engine, for: Scenery.city) }
            try stage.govern(.setStatus(Scenery.town, .suspended), by: Scenery.networkAdministrator)
            stage.expect(.siteSuspended) { [stage] in _ = try stage.network.actor(Scenery.engine, for: Scenery.town) }
            try stage.govern(.removeActsFor(Scenery.engine, Scenery.town), by: town)
            #expect(try stage.govern(.removeActsFor(Scenery.engine, Scenery.town), by: town).isEmpty)
            stage.expect(.actsForDenied) { [stage] in _ = try stage.network.actor(Scenery.engine, for: Scenery.town) }
        },
        Scenario("A certificate that nobody enrolled, or of a suspended site, is nobody") { stage in
            stage.expect(.principalUnknown) { [stage] in _ = try stage.network.actor(Scenery.doctor) }
            try stage.enrol(Scenery.doctor, .expert)
            try stage.govern(.setStatus(Scenery.county, .suspended), by: Scenery.networkAdministrator)
            stage.expect(.siteSuspended) { [stage] in _ = try stage.network.actor(Scenery.doctor) }
            stage.refuse(.siteSuspended, .renew(Scenery.doctor, Scenery.certificate("c")), by: .hub)
        },
    ]
}
