/// By what a count is drilled down: a site as it stood at that time, the department and the priority.
package struct MeasureStratum: Hashable, Sendable {
    package var site: SiteID
    package var tier: Tier
    /// GB/T 2260, six digits.
    package var region: String
    /// The wanted department; none where a request names none.
    package var department: DepartmentCode?
    /// `stat` for a request that was stat at any time, else as it stands; none where no request stands behind the count.
    package var priority: Priority?

    package init(_ place: Place, department: DepartmentCode?, priority: Priority?) {
        site = place.site
        tier = place.tier
        region = place.region
        self.department = department
        self.priority = priority
    }

    init(site: SiteID, tier: Tier, region: String, department: DepartmentCode?, priority: Priority?) {
        self.init(Place(site: site, tier: tier, region: region), department: department, priority: priority)
    }
}

/// Which strata a figure is asked for; what is not named is not asked about.
package struct StratumSelection: Hashable, Sendable {
    package var site: SiteID?
    package var tier: Tier?
    /// The leading digits of GB/T 2260: two for a province, four for a prefecture, six for a county.
    package var region: String?
    /// With the departments below it.
    package var department: DepartmentCode?
    package var priority: Priority?

    package init(
        site: SiteID? = nil,
        tier: Tier? = nil,
        region: String? = nil,
        department: DepartmentCode? = nil,
        priority: Priority? = nil
    ) {
        self.site = site
        self.tier = tier
        self.region = region
        self.department = department
        self.priority = priority
    }

    /// The network as a whole.
    package static let all = StratumSelection()

    package func contains(_ stratum: MeasureStratum) -> Bool {
        (site == nil || stratum.site == site) && (tier == nil || stratum.tier == tier)
            && (priority == nil || stratum.priority == priority)
            && (region.map { stratum.region.utf8.starts(with: $0.utf8) } ?? true)
            && (department.map { stratum.department?.description.utf8.starts(with: $0.description.utf8) ?? false }
                ?? true)
    }
}
