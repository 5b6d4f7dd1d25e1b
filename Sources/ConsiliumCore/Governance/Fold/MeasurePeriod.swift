/// The days that are asked about, and what they need of the days before them.
package struct MeasurePeriod: Hashable, Sendable {
    package var days: Range<CivilDay>
    /// The days whose totals over all strata are asked about too.
    package var trend: Range<CivilDay>

    /// - Parameters:
    ///   - trend: nil: of the same days.
    package init(_ days: Range<CivilDay>, trend: Range<CivilDay>? = nil) {
        self.days = days
        self.trend = trend ?? days
    }

    /// The day before the first: what had lasted until then stands there.
    package var eve: CivilDay { CivilDay(number: days.lowerBound.number - 1) }

    /// Where the period has a cell: a cell of its days as it is, slots of an earlier day on the eve, because a capacity
    /// lasts until it is changed; nil for any other.
    package func place(_ key: MeasureTally.Key) -> MeasureTally.Key? {
        if days.contains(key.day) { return key }
        guard key.figure == .slots, key.day < days.lowerBound else { return nil }
        return MeasureTally.Key(key.figure, key.stratum, eve)
    }
}

extension MeasureTally {
    /// What `period` needs of it; see `MeasurePeriod.place`.
    package func part(_ period: MeasurePeriod) -> MeasureTally {
        var part = MeasureTally()
        for (key, counts) in cells {
            if let place = period.place(key) { part.add(counts, to: place) }
        }
        return part
    }
}
