import ConsiliumCore

/// What a case brings with it when it is written: its patient, its question and how well its form is filled.
struct CasePlan: Sendable {
    /// How the patient's consent is documented when the request comes in.
    enum Consent: Sendable {
        case written
        case kin
        case guardian
        /// The site vouches under its contract; no page.
        case attested
        /// A basis is stated, and no page or archive number.
        case unproven
        case missing
        /// Nothing, because there was no time.
        case emergency

        func write(to application: inout Application, _ plan: CasePlan) {
            func state(_ basis: ConsentBasis, _ isProven: Bool) {
                application[.consentBasis] = basis.rawValue
                guard isProven else { return }
                application[.consentReference] = plan.canary.map { "GD-\($0.text)" } ?? "GD-\(plan.number)"
                application[.consentDate] = CivilTimeText.day(plan.time)
                application[.consentFeeTold] = "yes"
            }
            switch self {
            case .written: state(.written, true)
            case .kin: state(.kin, true)
            case .guardian: state(.guardian, true)
            case .attested:
                application[.consentState] = ConsentState.attested.rawValue
                application[.consentBasis] = ConsentBasis.written.rawValue
            case .unproven: state(.written, false)
            case .emergency: application[.consentBasis] = ConsentBasis.emergency.rawValue
            case .missing: break
            }
            if let scope = plan.scope {
                application[.consentScope] = scope.map(\.description).joined(separator: ",")
            }
        }
    }

    var number: Int
    var seed: UInt64
    var time: Instant
    var requester: SiteID
    var department: Department
    var priority: Priority
    var prioritySource: PrioritySource
    var departmentUnmapped: Bool
    var wantedSite: SiteID?
    var scope: [SiteID]?
    var sex: Sex
    var birthDate: String
    var medicalAssistance: Bool?
    var consent: Consent
    /// Elements that the form lacks.
    var omitted: Set<Element>
    /// The tier at which the patient can be treated well: what the expert should find out.
    var needed: Tier
    var canary: Canary?

    /// Draws case `number` of the year, written on `day`.
    init(_ number: Int, on day: CivilTime, in province: Province, seed: UInt64, hasCanary: Bool) {
        var chance = Chance(seed: seed, part: "case", number)
        self.number = number
        self.seed = chance.seed()
        requester = province.requesters[chance.weighted(province.weights)]
        department = Department.draw(month: day.month, &chance)
        priority = [.stat, .asap, .urgent, .routine][chance.weighted([45, 85, 230, 640])]
        prioritySource = [.stated, .defaulted, .conflicting, .unknown][chance.weighted([940, 35, 15, 10])]
        time = Rhythm.time(on: day, priority, &chance)
        let tier = province.tier(requester)
        let careless = province.habits[requester]?.careless ?? 0
        let rises = chance.weighted([620, 240, 110, 30])
        needed = Tier.allCases[min(4, max(tier.rank, department.tier.rank - 1) + rises)]
        sex = chance.happens(520) ? .male : .female
        let age = chance.weighted([30, 50, 60, 90, 110, 150, 190, 180, 110, 30]) * 10 + chance.below(10)
        birthDate =
            "\(padded(day.year - age, 4))-\(padded(chance.within(1...12), 2))-\(padded(chance.within(1...28), 2))"
        medicalAssistance = chance.happens(880) ? chance.happens(tier == .primary ? 190 : 110) : nil
        canary = hasCanary ? Canary(case: number) : nil
        consent =
            [.written, .kin, .attested, .unproven, .missing][
                chance.weighted([700, 140, 60, 50, 10 + careless / 3])
            ]
        if age < 18 { consent = .guardian }
        if priority == .stat, chance.happens(550) { consent = .emergency }
        departmentUnmapped = false
        omitted = []
        if chance.happens(careless) { omitted.insert(chance.pick([.purpose, .diagnosisName, .patientBirthDate])) }
        if chance.happens(careless / 4) { omitted.formUnion([.summary, .reason]) }
        if chance.happens(careless / 5) {
            omitted.formUnion([.wantedDepartment])
            departmentUnmapped = chance.happens(400)
        }
        let above = province.above(tier, with: department.code)
        guard !above.isEmpty else { return }
        if chance.happens(330) { wantedSite = chance.skewed(above) }
        if chance.happens(45) { scope = (0..<chance.within(1...2)).map { _ in chance.pick(above) } }
    }
}

/// What an expert makes of a case.
struct Verdict: Sendable {
    var disposition: Disposition?
    var appropriateTier: Tier?

    /// Mostly what the patient needs; experts are wrong in both directions, and some fields stay empty.
    init(_ plan: CasePlan, origin: Tier, gaming: Generation.Gaming) {
        var chance = Chance(seed: plan.seed, part: "verdict")
        let error = [0, 1, -1][chance.weighted([975, 13, 12])]
        let seen = Tier.allCases[min(4, max(0, plan.needed.rank + error))]
        appropriateTier = chance.happens(965) ? seen : nil
        if seen > origin {
            disposition = [.referUp, .manageAtOrigin, .reconsult][chance.weighted([980, 10, 10])]
        } else if origin > .county, chance.happens(350) {
            disposition = .referDown
        } else {
            disposition = [.manageAtOrigin, .followUp, .reconsult][chance.weighted([780, 170, 50])]
        }
        if chance.happens(12) { disposition = nil }
        switch gaming {
        case .none, .accept: break
        case .origin:
            disposition = .manageAtOrigin
            appropriateTier = origin
        case .tier: appropriateTier = .national
        }
    }
}
