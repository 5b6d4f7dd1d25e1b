import ConsiliumCore

/// The invented province: its regions, member sites, doctors and how each site is used to work.
struct Province: Sendable {
    struct Doctor: Sendable {
        var name: String
        var licence: String
        var department: DepartmentCode
        /// `YYYY-MM-DD`; the register ends some credentials within the year.
        var validTo: String
    }

    /// What a site does, in thousandths.
    struct Habits: Sendable {
        /// Offers that it leaves unanswered.
        var silent: Int
        var declines: Int
        /// How much slower than others it is.
        var slowness: Int
        /// Closures whose outcome it tells.
        var tells: Int
        /// Requests that lack something.
        var careless: Int
        /// How many requests it writes, against its neighbours.
        var weight: Int
    }

    var regions: [Region]
    var sites: [Site]
    var office: Site
    var doctors: [SiteID: [Doctor]]
    var habits: [SiteID: Habits]
    /// Sites that write requests, each as often as its weight.
    var requesters: [SiteID]
    var weights: [Int]
    let tiers: [SiteID: Tier]
    /// Sites of each tier, by rank.
    let byTier: [[SiteID]]
    /// Who has a department, in the order of the sites' codes.
    let offering: [DepartmentCode: [SiteID]]

    /// Operators of one site who act for it.
    static let operators = 2

    func tier(_ site: SiteID) -> Tier { tiers[site] ?? .primary }

    /// Sites that have the department, of a tier above `tier`.
    func above(_ tier: Tier, with department: DepartmentCode) -> [SiteID] {
        (offering[department] ?? []).filter { self.tier($0) > tier }
    }

    static func node(_ site: SiteID) -> Principal { Principal(site: site, kind: .node, name: "engine") }
    static func doctor(_ site: SiteID, _ number: Int) -> Principal {
        Principal(site: site, kind: .operator, name: "doctor-\(number % operators + 1)")
    }
    static func administrator(_ site: SiteID) -> Principal {
        Principal(site: site, kind: .operator, name: "administrator")
    }
}

extension Province {
    /// Sites by tier: half are township hospitals, one in fifty is of the capital.
    static func counts(sites: Int) -> [(Tier, Int)] {
        let national = max(1, sites / 50)
        let provincial = max(1, sites * 6 / 100)
        let municipal = max(1, sites * 14 / 100)
        let county = max(1, sites * 30 / 100)
        return [
            (.national, national), (.provincial, provincial), (.municipal, municipal), (.county, county),
            (.primary, sites - national - provincial - municipal - county),
        ]
    }

    /// `daily` is how many requests come on a working day; capacities follow from it.
    init(sites count: Int, daily: Int, calendar: WorkingCalendar, seed: UInt64) {
        var chance = Chance(seed: seed, part: "province")
        let regions = Region.all(counties: max(2, count * 30 / 100), &chance)
        var sites: [Site] = []
        for (tier, number) in Self.counts(sites: count) {
            for index in 0..<number {
                guard let site = Self.site(tier, index, regions, calendar, &chance) else { continue }
                sites.append(site)
            }
        }
        sites.sort { $0.id < $1.id }
        Self.open(&sites, daily: daily, &chance)
        self.regions = regions
        self.sites = sites
        tiers = Dictionary(uniqueKeysWithValues: sites.map { ($0.id, $0.tier) })
        byTier = Tier.allCases.map { tier in sites.filter { $0.tier == tier }.map(\.id) }
        offering = sites.reduce(into: [:]) { offering, site in
            for code in site.departments.keys { offering[code, default: []].append(site.id) }
        }
        office = sites.first { $0.isCoordinationOffice } ?? sites[0]
        doctors = [:]
        habits = [:]
        for site in sites {
            doctors[site.id] = Self.doctors(of: site, &chance)
            habits[site.id] = Self.habits(of: site, regions, &chance)
        }
        requesters = sites.filter { $0.tier < .national }.map(\.id)
        let habits = habits
        weights = requesters.map { habits[$0]?.weight ?? 1 }
    }

    private static func site(
        _ tier: Tier,
        _ index: Int,
        _ regions: [Region],
        _ calendar: WorkingCalendar,
        _ chance: inout Chance
    ) -> Site? {
        let region = regions[index % regions.count]
        let place: (code: String, name: String, kind: String) =
            switch tier {
            case .national: (Region.capital, "首都示例医院\(index + 1)", "A100")
            case .provincial: (Region.province, "示例省第\(index + 1)人民医院", "A100")
            case .municipal:
                (regions[index * 5 % regions.count].prefecture, "示例市第\(index + 1)人民医院", "A100")
            case .county: (region.code, "\(region.name)人民医院", "A100")
            case .primary: (region.code, "\(region.name)第\(index / regions.count + 1)卫生院", "C220")
            }
        guard let id = SiteID("\(place.code)\(tier.rank)\(padded(index + 1, 3))") else { return nil }
        var site = Site(id: id, name: place.name, tier: tier)
        site.englishName = "Invented \(tier.rawValue) hospital \(index + 1)"
        site.institutionClass = place.kind
        site.region = place.code
        site.grade =
            switch tier {
            case .national: .tertiarySpecial
            case .provincial: .tertiaryA
            case .municipal: .tertiaryB
            case .county: .secondaryA
            case .primary: .primaryA
            }
        site.coordinates = Site.Coordinates(
            latitudeE6: region.latitudeE6 + chance.below(90_000),
            longitudeE6: region.longitudeE6 + chance.below(90_000)
        )
        site.calendar = calendar
        site.dutyTelephone = "0990-555\(padded(chance.below(10_000), 4))"
        let format: ExchangeProfile.Format = [.hl7v2, .fhir, .client][chance.weighted([350, 350, 300])]
        site.profile = ExchangeProfile(format: format, charset: format == .hl7v2 ? "GB18030" : "UTF-8")
        site.mayAttest = chance.happens(700)
        site.isCoordinationOffice = tier == .national && index == 0
        return site
    }

    /// Gives sites their departments, with room for what comes.
    private static func open(_ sites: inout [Site], daily: Int, _ chance: inout Chance) {
        for department in Department.all {
            var offering: [Int] = []
            for index in sites.indices where sites[index].tier >= department.tier {
                let share = [0, 650, 850, 960, 1_000][sites[index].tier.rank]
                if chance.happens(share) { offering.append(index) }
            }
            // A department stays on the air while one site of a tier sleeps.
            let needed = daily * department.weight / 10_000 * 4 / max(1, offering.count) + 2
            for index in offering {
                sites[index].departments[department.code] = needed + chance.below(needed + 1)
            }
        }
    }

    private static func doctors(of site: Site, _ chance: inout Chance) -> [Doctor] {
        var doctors: [Doctor] = []
        for code in site.departments.keys.sorted() {
            for _ in 0..<chance.within(2...4) {
                let number = doctors.count + 1
                doctors.append(
                    Doctor(
                        name: Invention.name(&chance),
                        licence: "99\(site.id)\(padded(number, 3))",
                        department: code,
                        validTo: "2099-12-31"
                    )
                )
            }
        }
        return doctors
    }

    private static func habits(of site: Site, _ regions: [Region], _ chance: inout Chance) -> Habits {
        // Poor counties write fewer requests.
        let rank = regions.first { $0.code == site.region }?.incomeRank ?? regions.count
        let wealth = 550 + 700 * rank / regions.count
        let weight: ClosedRange<Int> =
            switch site.tier {
            case .primary: 20...110
            case .county: 60...260
            case .municipal: 30...120
            case .provincial: 10...40
            case .national: 1...2
            }
        return Habits(
            silent: chance.within(10...90),
            declines: chance.within(30...160),
            slowness: chance.within(700...1_900),
            tells: chance.within(620...960),
            careless: chance.within(20...140),
            weight: max(1, chance.within(weight) * wealth / 1_000)
        )
    }
}
