import ConsiliumCore

/// What a province asks about: shares as telemedicine centres report them, roughly, and where each department begins to
/// exist.
struct Department: Sendable {
    var code: DepartmentCode
    /// Of ten thousand requests.
    var weight: Int
    /// The lowest tier that has it.
    var tier: Tier
    var service: ServiceKind
    /// By how much it is busier in winter, in thousandths.
    var winter: Int

    static let all: [Department] = [
        ("0304", 1_250, .county, .consultation, 150), ("0303", 1_050, .county, .consultation, 100),
        ("0301", 850, .county, .consultation, 450), ("19", 900, .municipal, .caseDiscussion, 0),
        ("0403", 700, .county, .consultation, 0), ("0401", 600, .county, .consultation, 0),
        ("0302", 500, .county, .consultation, 0), ("0307", 480, .county, .outpatient, 0),
        ("07", 520, .county, .consultation, 350), ("0306", 360, .municipal, .consultation, 0),
        ("0402", 420, .municipal, .consultation, 100), ("05", 400, .county, .consultation, 0),
        ("3202", 560, .county, .diagnosisImaging, 0), ("3206", 420, .county, .diagnosisECG, 100),
        ("31", 260, .municipal, .diagnosisPathology, 0), ("28", 240, .municipal, .consultation, 200),
        ("0701", 150, .municipal, .consultation, 0), ("16", 120, .municipal, .consultation, 200),
        ("13", 110, .county, .outpatient, 0), ("0305", 90, .municipal, .consultation, 0),
        ("0406", 80, .provincial, .caseDiscussion, 0), ("15", 70, .county, .outpatient, 0),
        ("21", 60, .county, .outpatient, 0), ("0407", 30, .provincial, .consultation, 100),
    ]
    .compactMap { code, weight, tier, service, winter in
        DepartmentCode(code)
            .map {
                Department(code: $0, weight: weight, tier: tier, service: service, winter: winter)
            }
    }

    private static let weights = all.map(\.weight)
    private static let winterWeights = all.map { $0.weight * (1_000 + $0.winter) / 1_000 }

    static func draw(month: Int, _ chance: inout Chance) -> Department {
        all[chance.weighted([11, 12, 1, 2].contains(month) ? winterWeights : weights)]
    }
}
