/// Which sites of the directory were active at any time, from the events of the network.
package struct SiteActivity: Sendable {
    /// In the order of the events.
    private var changes: [(time: Instant, site: SiteID, isActive: Bool)] = []

    package init() {}

    package mutating func take(_ event: NetworkEvent, at time: Instant) {
        switch event {
        case .sitePut(let site): changes.append((time, site.id, site.status == .active))
        case .siteStatus(let site, let status): changes.append((time, site, status == .active))
        default: return
        }
    }

    /// Those that were active when `end` came.
    package func active(before end: Instant) -> Set<SiteID> {
        var active: Set<SiteID> = []
        for change in changes where change.time < end {
            if change.isActive { active.insert(change.site) } else { active.remove(change.site) }
        }
        return active
    }
}
