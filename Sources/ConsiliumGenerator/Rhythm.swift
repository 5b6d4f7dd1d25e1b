import ConsiliumCore

/// When requests come: by season, week, holiday and hour of the day, in the province's civil time (UTC+8).
struct Rhythm {
    static let offsetMinutes = WorkingCalendar.standard.offsetMinutes
    /// January to December, in thousandths; the new year's month is quiet, spring and autumn are busy.
    private static let months = [980, 760, 1_080, 1_060, 1_000, 1_010, 1_020, 980, 1_040, 940, 1_090, 1_060]
    /// Sunday to Saturday.
    private static let weekdays = [240, 1_280, 1_190, 1_100, 1_080, 1_020, 360]
    /// By hour: what can wait comes while clinics are open.
    private static let clinicHours = [
        2, 1, 1, 1, 1, 2, 6, 30, 110, 160, 150, 80, 25, 25, 90, 120, 105, 60, 20, 14, 12, 10, 6, 3,
    ]
    private static let emergencyHours = [
        30, 26, 24, 22, 22, 24, 30, 40, 50, 54, 52, 48, 44, 44, 48, 50, 52, 54, 54, 52, 50, 46, 40, 34,
    ]

    /// Days on which the province is closed, `YYYY-MM-DD`; of an invented calendar, alike every year.
    static func holidays(_ years: ClosedRange<Int>) -> [String] {
        years.flatMap { year in holidays.map { "\(year)-\($0)" } }
    }

    private static let holidays =
        ["01-01"] + (15...21).map { "02-\($0)" } + ["04-05"] + (1...5).map { "05-0\($0)" }
        + (1...7).map { "10-0\($0)" }

    /// How busy a day is, against a thousand for a middling one.
    static func weight(of day: CivilTime) -> Int {
        let text = "\(padded(day.month, 2))-\(padded(day.day, 2))"
        let base = months[day.month - 1] * weekdays[day.weekday] / 1_000
        return holidays.contains(text) ? base / 4 : base
    }

    /// A time of that day for a request of that priority.
    static func time(on day: CivilTime, _ priority: Priority, _ chance: inout Chance) -> Instant {
        let hour = chance.weighted(priority == .stat ? emergencyHours : clinicHours)
        var time = day
        (time.hour, time.minute, time.second) = (hour, chance.below(60), chance.below(60))
        time.millisecond = chance.below(1_000)
        return time.instant(offsetMinutes: offsetMinutes)
    }
}
