/// A member hospital, as the network's directory knows it. Sites own their roster, capacity, tariffs and the right
/// to decline; the hub commands nobody.
package struct Site: Sendable, Equatable, Codable {
    package enum Status: String, Sendable, Codable {
        case active
        case suspended
    }

    /// WGS 84, in millionths of a degree: facts carry no floating point.
    package struct Coordinates: Sendable, Equatable, Codable {
        package var latitudeE6: Int
        package var longitudeE6: Int
        package init(latitudeE6: Int, longitudeE6: Int) {
            self.latitudeE6 = latitudeE6
            self.longitudeE6 = longitudeE6
        }
    }

    package var id: SiteID
    package var name: String
    package var englishName: String
    /// WS 218 style, e.g. `A100`.
    package var institutionClass: String
    package var grade: Grade
    /// The administrative level, and with it the routing ladder.
    package var tier: Tier
    /// GB/T 2260, six digits.
    package var region: String
    package var coordinates: Coordinates?
    /// Department → the number of accepted, unreported cases it takes at a time.
    package var departments: [DepartmentCode: Int]
    package var calendar: WorkingCalendar
    /// Answered round the clock; printed when the network cannot serve.
    package var dutyTelephone: String
    package var profile: ExchangeProfile
    package var status: Status

    /// Slots of a department, at most.
    static let mostSlots = 1_000_000

    /// The site's contract lets it attest consent (`attested`) and sign for a named doctor (`site` signatures).
    package var mayAttest: Bool
    /// The network's coordination office sits here.
    package var isCoordinationOffice: Bool

    package init(id: SiteID, name: String, tier: Tier) {
        self.id = id
        self.name = name
        englishName = name
        institutionClass = "A100"
        grade = .ungraded
        self.tier = tier
        region = "000000"
        departments = [:]
        calendar = .standard
        dutyTelephone = ""
        profile = ExchangeProfile()
        status = .active
        mayAttest = false
        isCoordinationOffice = false
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, englishName, institutionClass, grade, tier, region, coordinates, departments, calendar
        case dutyTelephone, profile, status, mayAttest, isCoordinationOffice
    }

    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        let name = try c.decode(String.self, forKey: .name)
        self.init(
            id: try c.decode(SiteID.self, forKey: .id),
            name: name,
            tier: try c.decode(Tier.self, forKey: .tier)
        )
        englishName = try c.decodeIfPresent(String.self, forKey: .englishName) ?? name
        institutionClass = try c.decodeIfPresent(String.self, forKey: .institutionClass) ?? institutionClass
        grade = try c.decodeIfPresent(Grade.self, forKey: .grade) ?? .ungraded
        region = try c.decodeIfPresent(String.self, forKey: .region) ?? region
        coordinates = try c.decodeIfPresent(Coordinates.self, forKey: .coordinates)
        for (code, capacity) in try c.decodeIfPresent([String: Int].self, forKey: .departments) ?? [:] {
            guard let department = DepartmentCode(code), (0...Self.mostSlots).contains(capacity)
            else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: c.codingPath + [CodingKeys.departments],
                        debugDescription:
                            "department \(code): unknown code, or a capacity beyond 0 to \(Self.mostSlots)"
                    )
                )
            }
            departments[department] = capacity
        }
        calendar = try c.decodeIfPresent(WorkingCalendar.self, forKey: .calendar) ?? .standard
        dutyTelephone = try c.decodeIfPresent(String.self, forKey: .dutyTelephone) ?? ""
        profile = try c.decodeIfPresent(ExchangeProfile.self, forKey: .profile) ?? ExchangeProfile()
        status = try c.decodeIfPresent(Status.self, forKey: .status) ?? .active
        mayAttest = try c.decodeIfPresent(Bool.self, forKey: .mayAttest) ?? false
        isCoordinationOffice = try c.decodeIfPresent(Bool.self, forKey: .isCoordinationOffice) ?? false
    }

    package func encode(to encoder: any Encoder) throws {
        var c = encoder.container(keyedBy: CodingKeys.self)
        try c.encode(id, forKey: .id)
        try c.encode(name, forKey: .name)
        try c.encode(englishName, forKey: .englishName)
        try c.encode(institutionClass, forKey: .institutionClass)
        try c.encode(grade, forKey: .grade)
        try c.encode(tier, forKey: .tier)
        try c.encode(region, forKey: .region)
        try c.encodeIfPresent(coordinates, forKey: .coordinates)
        try c.encode(
            Dictionary(uniqueKeysWithValues: departments.map { ($0.key.description, $0.value) }),
            forKey: .departments
        )
        try c.encode(calendar, forKey: .calendar)
        try c.encode(dutyTelephone, forKey: .dutyTelephone)
        try c.encode(profile, forKey: .profile)
        try c.encode(status, forKey: .status)
        try c.encode(mayAttest, forKey: .mayAttest)
        try c.encode(isCoordinationOffice, forKey: .isCoordinationOffice)
    }

    /// The site as a fact of one moment: code, tier and region at that time.
    package var place: Place { Place(site: id, tier: tier, region: region, format: profile.format) }

    /// The department under which this site takes `wanted`: itself, or the parent that covers it.
    package func department(for wanted: DepartmentCode) -> DepartmentCode? {
        var candidate: DepartmentCode? = wanted
        while let code = candidate {
            if departments[code] != nil { return code }
            candidate = code.parent
        }
        return nil
    }
}

/// A site with its tier, region and format at the time of the event that carries it.
package struct Place: Sendable, Equatable, Codable {
    package var site: SiteID
    package var tier: Tier
    /// GB/T 2260.
    package var region: String
    /// How the site is told: only an HL7 v2 site has messages delivered.
    package var format: ExchangeProfile.Format

    package init(site: SiteID, tier: Tier, region: String, format: ExchangeProfile.Format = .client) {
        self.site = site
        self.tier = tier
        self.region = region
        self.format = format
    }
}
