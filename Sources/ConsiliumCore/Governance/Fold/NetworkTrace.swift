/// What the measures need of a network: its capacities and who set them, as the events of its stream leave them.
package struct NetworkTrace: Sendable, Equatable {
    private var sites: [SiteID: CapacityTrace] = [:]

    package init() {}

    /// Takes an event of the network and says how it changes the counts: OF1 by how many slots from then on and by the
    /// slot-minutes to the end of that day, PMR1 by the entries of a register.
    ///
    /// A capacity that comes with a directory entry was set by an administrator, unless the actor is of that site.
    package mutating func take(_ header: RecordHeader, _ event: NetworkEvent, offsetMinutes: Int) -> [MeasureCell] {
        let site: SiteID
        switch event {
        case .sitePut(let entry): site = entry.id
        case .siteStatus(let id, _), .capacitySet(let id, _, _, _): site = id
        case .doctorsImported(let id, let register):
            return roster(of: id, register.count, header, offsetMinutes: offsetMinutes).map { [$0] } ?? []
        default: return []
        }
        let old = sites[site]
        var new = old
        switch event {
        case .sitePut(let entry):
            let setter: DecidedBy = header.actor.map { $0.site == site ? .site : .admin } ?? .hub
            new = CapacityTrace(entry, by: setter, after: old)
        case .siteStatus(_, let status): new?.isActive = status == .active
        case .capacitySet(_, let department, let capacity, let setter):
            new?.slots[department] = CapacityTrace.Slots(count: capacity, setter: setter)
        default: break
        }
        sites[site] = new
        guard old != new else { return [] }
        let clock = CivilTime(header.time, offsetMinutes: offsetMinutes)
        let minutesLeft = 1_440 - clock.hour * 60 - clock.minute
        let day = CivilDay(header.time, offsetMinutes: offsetMinutes)
        return [(old, -1), (new, 1)]
            .flatMap { capacity, factor in
                capacity.map { $0.cells(on: day, minutesLeft: minutesLeft, times: factor) } ?? []
            }
    }
}

extension NetworkTrace {
    /// PMR1. Each entry is a change, made by the employing site when the actor is one of its own. A register of a site that
    /// the directory does not know counts nothing.
    private func roster(
        of site: SiteID,
        _ entries: Int,
        _ header: RecordHeader,
        offsetMinutes: Int
    ) -> MeasureCell? {
        guard let place = sites[site]?.place else { return nil }
        let stratum = MeasureStratum(place, department: nil, priority: nil)
        let key = MeasureTally.Key(.rosterChanges, stratum, CivilDay(header.time, offsetMinutes: offsetMinutes))
        return (key, MeasureTally.Counts(header.actor?.site == site ? entries : 0, of: entries))
    }
}

/// A site's capacity and who set it, department by department.
struct CapacityTrace: Sendable, Equatable {
    struct Slots: Sendable, Equatable {
        var count: Int
        var setter: DecidedBy
    }

    var place: Place
    var isActive: Bool
    var slots: [DepartmentCode: Slots]

    /// A directory entry; a capacity that it leaves as it was keeps who set it.
    init(_ site: Site, by setter: DecidedBy, after old: CapacityTrace?) {
        place = site.place
        isActive = site.status == .active
        slots = [:]
        for (department, count) in site.departments {
            let known = old?.slots[department]
            slots[department] = known?.count == count ? known : Slots(count: count, setter: setter)
        }
    }

    /// For as long as nothing changes; a suspended site offers no slots.
    func cells(on day: CivilDay, minutesLeft: Int, times factor: Int) -> [MeasureCell] {
        guard isActive else { return [] }
        return slots.sorted { $0.key < $1.key }
            .flatMap { department, slots in
                let stratum = MeasureStratum(place, department: department, priority: nil)
                let own = slots.setter == .site ? slots.count : 0
                return [(MeasureFigure.slots, factor), (.slotMinutes, factor * minutesLeft)]
                    .map { figure, times in
                        (
                            MeasureTally.Key(figure, stratum, day),
                            MeasureTally.Counts(own * times, of: slots.count * times)
                        )
                    }
            }
    }
}
