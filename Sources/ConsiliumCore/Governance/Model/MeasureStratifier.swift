/// By what a measure is divided (FHIR R4 Measure.group.stratifier), in the order in which tables are printed.
package enum MeasureStratifier: String, CaseIterable, Hashable, Sendable, Codable {
    case site
    case tier
    case region
    case department
    case priority

    package var name: BilingualText {
        switch self {
        case .site: BilingualText("site", "机构")
        case .tier: BilingualText("tier", "层级")
        case .region: BilingualText("region", "地区")
        case .department: BilingualText("department", "科室")
        case .priority: BilingualText("priority", "紧急程度")
        }
    }

    /// nil: the count has no such stratum.
    func code(_ stratum: MeasureStratum) -> String? {
        switch self {
        case .site: stratum.site.description
        case .tier: stratum.tier.rawValue
        case .region: stratum.region
        case .department: stratum.department?.description
        case .priority: stratum.priority?.rawValue
        }
    }

    /// Ladders in their order, codes in theirs.
    func precedes(_ a: String, _ b: String) -> Bool {
        switch self {
        case .tier: Tier(rawValue: a)?.rank ?? 9 < Tier(rawValue: b)?.rank ?? 9
        case .priority: Priority(rawValue: a)?.rank ?? 9 < Priority(rawValue: b)?.rank ?? 9
        default: a.utf8.lexicographicallyPrecedes(b.utf8)
        }
    }

    /// Of one stratum.
    func name(_ code: String, _ source: ReportSource) -> BilingualText {
        switch self {
        case .site: source.siteNames[code] ?? BilingualText(code, code)
        case .tier: Tier(rawValue: code)?.name ?? BilingualText(code, code)
        case .department:
            // The table of departments has no English names.
            DepartmentTable.names[code.filter(\.isNumber)].map { BilingualText("\(code) (\($0))", $0) }
                ?? BilingualText(code, code)
        case .priority: Priority(rawValue: code)?.name ?? BilingualText(code, code)
        case .region: BilingualText(code, code)
        }
    }
}
