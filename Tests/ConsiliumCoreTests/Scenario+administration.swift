import Testing

@testable import ConsiliumCore

extension Scenery {
    static let networkAdministrator = person(capital, .networkAdministrator, .siteAdministrator, name: "root")
    static func administrator(_ site: SiteID) -> Actor { person(site, .siteAdministrator, name: "admin") }
    static let doctor = Principal(site: county, kind: .operator, name: "zhao")
    static let engine = Principal(site: county, kind: .node, name: "engine")

    static func certificate(_ name: String, days: Int64 = 7, from: Instant = monday) -> Network.Certificate {
        Network.Certificate(fingerprint: name, notAfter: from + .days(days))
    }
}

extension Stage {
    /// Invites and enrols a principal through its own site's administrator.
    mutating func enrol(_ principal: Principal, _ roles: Role..., token: String = "t") throws {
        let token = "\(token)-\(principal)-\(network.version)"
        try govern(
            .invite(principal, roles: roles, token: token, lifetime: .hours(1)),
            by: Scenery.administrator(principal.site)
        )
        try govern(.enrol(token: token, Scenery.certificate("cert-\(token)", from: now)), by: .hub)
    }
}

extension Scenario {
    /// The network's own stream: directory, policy, channels, registers.
    static let administration: [Scenario] = [
        Scenario(
            "A network is founded once, with its office, its policy and one invitation",
            .event("network-founded"),
            .event("site-put"),
            .event("policy-set"),
            .event("invited")
        ) { stage in
            stage.network = Network(name: "")
            let office = Scenery.sites[4]
            let root = Principal(site: office.id, kind: .operator, name: "root")
            let command = NetworkCommand.found(
                name: "cjfh",
                coordinationOffice: office,
                administrator: root,
                token: "t0"
            )
            stage.refuse(
                .invalidValue,
                .found(name: "x", coordinationOffice: Scenery.sites[1], administrator: root, token: "t"),
                by: .hub
            )
            stage.refuse(
                .invalidValue,
                .found(name: "x", coordinationOffice: office, administrator: Scenery.doctor, token: "t"),
                by: .hub
            )
            let events = try stage.govern(command, by: .hub)
            #expect(events.map(\.type) == ["network-founded", "site-put", "policy-set", "invited"])
            #expect(stage.network.name == "cjfh")
            #expect(stage.network.policy == .standard)
            #expect(stage.network.coordinationOffice?.id == office.id)
            #expect(stage.network.invitations["t0"]?.expires == stage.now + .hours(24))
            stage.refuse(.wrongState, command, by: .hub)
        },
        Scenario("The directory is the network administrator's, and only changes are recorded") { stage in
            var site = Scenery.sites[1]
            stage.refuse(.notPermitted, .putSites([site]), by: Scenery.administrator(site.id))
            #expect(try stage.govern(.putSites(Scenery.sites), by: Scenery.networkAdministrator).isEmpty)
            site.dutyTelephone = "0713-1"
            let events = try stage.govern(
                .putSites([Scenery.sites[0], site]),
                by: Scenery.networkAdministrator
            )
            #expect(events == [.sitePut(site)])
            #expect(stage.network.sites[site.id]?.dutyTelephone == "0713-1")
        },
        Scenario("A directory entry that nothing can stand on is refused", .refusal(.invalidValue)) { stage in
            let faults: [(String, (inout Site) -> Void)] = [
                ("name", { $0.name = "" }), ("region", { $0.region = "4211" }), ("region", { $0.region = "42112x" }),
                ("departments", { $0.departments[Scenery.cardiology] = -1 }),
                ("calendar", { $0.calendar.shifts = [.init(from: 840, to: 1_050), .init(from: 480, to: 720)] }),
                ("calendar", { $0.calendar.weekdays = [7] }), ("calendar", { $0.calendar.holidays = ["2026-02-30"] }),
                ("calendar", { $0.calendar.offsetMinutes = 900 }),
                ("coordinates", { $0.coordinates = .init(latitudeE6: 91_000_000, longitudeE6: 0) }),
            ]
            for (field, fault) in faults {
                var site = Scenery.sites[1]
                fault(&site)
                stage.refuse(
                    .invalidValue,
                    at: "\(site.id).\(field)",
                    .putSites([site]),
                    by: Scenery.networkAdministrator
                )
            }
        },
        Scenario("Suspending and restoring a site", .event("site-status"), .refusal(.siteUnknown)) { stage in
            let root = Scenery.networkAdministrator
            stage.refuse(.notPermitted, .setStatus(Scenery.county, .suspended), by: Scenery.coordinator)
            stage.refuse(.siteUnknown, .setStatus(SiteID("NOWHERE")!, .suspended), by: root)
            try stage.govern(.setStatus(Scenery.county, .suspended), by: root)
            #expect(stage.network.sites[Scenery.county]?.status == .suspended)
            #expect(try stage.govern(.setStatus(Scenery.county, .suspended), by: root).isEmpty)
            try stage.govern(.setStatus(Scenery.county, .active), by: root)
        },
        Scenario("Capacity is the site's own to set; the network's override says so", .event("capacity-set")) { stage in
            let own = Scenery.administrator(Scenery.county)
            let events = try stage.govern(.setCapacity(Scenery.county, Scenery.cardiology, 9), by: own)
            #expect(events == [.capacitySet(Scenery.county, Scenery.cardiology, capacity: 9, by: .site)])
            #expect(try stage.govern(.setCapacity(Scenery.county, Scenery.cardiology, 9), by: own).isEmpty)
            let override = try stage.govern(
                .setCapacity(Scenery.county, Scenery.medicine, 1),
                by: Scenery.networkAdministrator
            )
            #expect(override == [.capacitySet(Scenery.county, Scenery.medicine, capacity: 1, by: .admin)])
            #expect(stage.network.candidates(for: Scenery.medicine).map(\.id) == [Scenery.county])
            stage.refuse(
                .notPermitted,
                .setCapacity(Scenery.county, Scenery.cardiology, 1),
                by: Scenery.administrator(Scenery.city)
            )
            stage.refuse(.invalidValue, .setCapacity(Scenery.county, Scenery.cardiology, -1), by: own)
            stage.refuse(.siteUnknown, .setCapacity(SiteID("X")!, Scenery.cardiology, 1), by: own)
        },
        Scenario("Every policy is a version of its own; gates not built yet cannot be switched on") { stage in
            let root = Scenery.networkAdministrator
            var policy = NetworkPolicy.standard
            policy.asap.lease = .wall(.seconds(20))
            policy.isDemonstration = true
            policy.version = 77
            try stage.govern(.setPolicy(policy), by: root)
            #expect(stage.network.policy.version == 2)
            #expect(stage.network.policy.asap.lease == .wall(.seconds(20)))
            stage.refuse(.notPermitted, .setPolicy(policy), by: Scenery.administrator(Scenery.capital))
            for offers in [0, 17] {
                policy.parallelStatOffers = offers
                stage.refuse(.invalidValue, at: "parallelStatOffers", .setPolicy(policy), by: root)
            }
            policy = .standard
            policy.channelSilence = .zero
            stage.refuse(.invalidValue, at: "channelSilence", .setPolicy(policy), by: root)
            policy = .standard
            policy.calendar.shifts = [.init(from: 10, to: 5)]
            stage.refuse(.invalidValue, at: "calendar", .setPolicy(policy), by: root)
            policy = .standard
            policy.triage = true
            stage.refuse(.notYetOffered, at: "triage", .setPolicy(policy), by: root)
            policy = .standard
            policy.qualityControl = true
            stage.refuse(.notYetOffered, at: "qualityControl", .setPolicy(policy), by: root)
        },
        Scenario("Channels come and go, each change once", .event("channel-live"), .event("channel-lost")) { stage in
            #expect(try stage.govern(.channel(Scenery.county, isLive: true), by: .hub).isEmpty)
            stage.wait(.minutes(6))
            try stage.govern(.channel(Scenery.county, isLive: false), by: .hub)
            #expect(stage.network.channels[Scenery.county]?.since == stage.now)
            #expect(!stage.network.hasLiveChannel(Scenery.county, at: stage.now))
            #expect(try stage.govern(.channel(Scenery.county, isLive: false), by: .hub).isEmpty)
            try stage.govern(.channel(Scenery.county, isLive: true), by: .hub)
            #expect(stage.network.hasLiveChannel(Scenery.county, at: stage.now))
            stage.refuse(.siteUnknown, .channel(SiteID("X")!, isLive: true), by: .hub)
        },
        Scenario("A site keeps the register of its own doctors", .event("doctors-imported")) { stage in
            let own = Scenery.administrator(Scenery.county)
            let entry = Network.DoctorCredential(validFrom: "2024-01-01", validTo: "2026-12-31")
            try stage.govern(.importDoctors(Scenery.county, ["b": entry, "a": entry]), by: own)
            #expect(stage.network.credentialIsValid(licence: "a", site: Scenery.county, at: stage.now) == true)
            #expect(stage.network.credentialIsValid(licence: "c", site: Scenery.county, at: stage.now) == false)
            #expect(stage.network.credentialIsValid(licence: "a", site: Scenery.city, at: stage.now) == nil)
            #expect(
                stage.network.credentialIsValid(
                    licence: "a",
                    site: Scenery.county,
                    at: Scenery.time("2026-12-31T16:00:00Z")
                ) == false,
                "it is 1 January in Shanghai"
            )
            #expect(try stage.govern(.importDoctors(Scenery.county, [:]), by: own).isEmpty)
            // What stands as it was is no change: the event holds what was altered alone.
            #expect(try stage.govern(.importDoctors(Scenery.county, ["b": entry, "a": entry]), by: own).isEmpty)
            let longer = Network.DoctorCredential(validFrom: "2024-01-01", validTo: "2027-12-31")
            let altered = try stage.govern(.importDoctors(Scenery.county, ["b": entry, "a": longer]), by: own)
            #expect(altered == [.doctorsImported(Scenery.county, ["a": longer])])
            #expect(stage.network.doctors[Scenery.county] == ["b": entry, "a": longer])
            stage.refuse(
                .notPermitted,
                .importDoctors(Scenery.county, ["a": entry]),
                by: Scenery.networkAdministrator
            )
            for (from, to) in [("2026", "2027-01-01"), ("2026-13-01", "2027-01-01"), ("2027-01-01", "2026-01-01")] {
                stage.refuse(
                    .invalidValue,
                    .importDoctors(Scenery.county, ["a": .init(validFrom: from, validTo: to)]),
                    by: own
                )
            }
        },
    ]
}
